/**
 * Reads the input of the command: files or standard input (`-`), plain or gzip, MOF or JSON lines.
 *
 * @internal
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs"
import { Readable } from "node:stream"
import { createGunzip, gunzipSync } from "node:zlib"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as ParseResult from "effect/ParseResult"
import * as CimName from "../../model/CimName.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import { longestText } from "../../mof/encoding.ts"
import * as Mof from "../../mof/Mof.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import * as PutRequest from "../../protocol/PutRequest.ts"
import * as WmiSchema from "../../codec/WmiSchema.ts"
import { type IncludeOptions, includeReader } from "./includes.ts"
import { isGzip } from "./gzip.ts"
import { BadInput, reasonOf } from "../terminal/output.ts"

/** The most bytes of a file: the longest text in UTF-16, two bytes a unit. */
const maxFileBytes = 2 * longestText

/** A gzip file of at most this size cannot unpack to more than the longest text: deflate packs at most 1,032 bytes into one. */
const maxSafePackedBytes = Math.floor(longestText / 1032)

const tooLong = (file: string): BadInput =>
  new BadInput(`${file}: it is larger than a text can be, which is ${longestText} characters`)

/** Reads a pipe or a device to its end, at most `maxFileBytes`. */
const readStream = (file: string, descriptor: number): Uint8Array => {
  const parts: Array<Buffer> = []
  let total = 0
  for (;;) {
    const part = Buffer.allocUnsafe(1 << 16)
    const count = readSync(descriptor, part, 0, part.length, null)
    if (count === 0) return Buffer.concat(parts)
    total += count
    if (total > maxFileBytes) throw tooLong(file)
    parts.push(part.subarray(0, count))
  }
}

const read = (file: string): Uint8Array => {
  try {
    if (file === "-") return readFileSync(0)
    const descriptor = openSync(file, "r")
    try {
      const stat = fstatSync(descriptor)
      if (!stat.isFile()) return readStream(file, descriptor)
      if (stat.size > maxFileBytes) throw tooLong(file)
      return readFileSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw error instanceof BadInput ? error : new BadInput(`${file}: cannot be read: ${reasonOf(error)}`)
  }
}

/** Whether packed bytes unpack to more than the longest text. Unpacks piece by piece and keeps nothing. */
const unpacksTooLarge = async (bytes: Uint8Array): Promise<boolean> => {
  let total = 0
  for await (const part of Readable.from([bytes]).pipe(createGunzip()) as AsyncIterable<Uint8Array>) {
    total += part.length
    if (total > longestText) return true
  }
  return false
}

const unpacked = async (file: string, bytes: Uint8Array): Promise<Uint8Array> => {
  if (!isGzip(bytes)) return bytes
  try {
    if (bytes.length > maxSafePackedBytes && await unpacksTooLarge(bytes)) throw tooLong(file)
    return gunzipSync(bytes, { maxOutputLength: longestText })
  } catch (error) {
    throw error instanceof BadInput ? error : new BadInput(`${file}: cannot be unpacked: ${reasonOf(error)}`)
  }
}

/** Reads and unpacks a file. */
export const bytesOf = (file: string): Promise<Uint8Array> => unpacked(file, read(file))

/** The classes of namespaces in a store, by folded namespace and class name. */
export type StoredClasses = ReadonlyMap<string, ReadonlyMap<string, ClassDefinition>>

/**
 * The classes of the files that were read and of the target namespaces. They give the values of instances in later files their types.
 */
export class KnownClasses {
  private readonly byName = new Map<string, ClassDefinition>()
  private readonly stored: StoredClasses
  private readonly missing = new Map<string, string>()

  constructor(stored: StoredClasses = new Map()) {
    this.stored = stored
  }

  readonly of = (name: string, namespace: string): ClassDefinition | undefined => {
    const folded = CimName.fold(name)
    const within = CimName.fold(namespace)
    const known = this.byName.get(`${within}:${folded}`) ?? this.stored.get(within)?.get(folded)
    if (known !== undefined) return known
    if (!CimName.isSystemName(name)) this.missing.set(within, namespace)
    return this.byName.get(folded)
  }

  /** The names of all these classes. */
  get names(): ReadonlySet<string> {
    const names = new Set<string>()
    for (const { name } of this.byName.values()) names.add(name)
    for (const classes of this.stored.values()) for (const { name } of classes.values()) names.add(name)
    return names
  }

  /** The namespaces in which a class was looked up that no file declares. */
  get missingNamespaces(): ReadonlyArray<string> {
    return [...this.missing.values()]
  }

  add(operations: ReadonlyArray<Mof.MofOperation>): void {
    for (const operation of operations) {
      if (operation._tag !== "Put" || operation.request.object._tag !== "Class") continue
      const { namespace, object } = operation.request
      const folded = CimName.fold(object.name)
      this.byName.set(folded, object)
      if (namespace !== undefined) this.byName.set(`${CimName.fold(namespace)}:${folded}`, object)
    }
  }
}

/** The defaults from the command line. A file overrides them. */
export interface RequestDefaults {
  readonly namespace: string
  readonly classFlags: number
  readonly instanceFlags: number
}

/** The options for reading MOF. */
export interface MofReadOptions extends IncludeOptions {
  readonly maxIncludes?: number | undefined
  readonly maxIncludeBytes?: number | undefined
  readonly dialect?: "mof" | "dsc" | undefined
}

/** The options of the MOF parser for a file: its name in messages, its dialect and its includes. */
export const reader = (
  file: string,
  options: MofReadOptions
): Pick<Mof.MofOptions, "file" | "include" | "maxIncludes" | "maxIncludeBytes" | "dialect"> => ({
  file: file === "-" ? "(standard input)" : file,
  include: includeReader(file, options),
  maxIncludes: options.maxIncludes,
  maxIncludeBytes: options.maxIncludeBytes,
  dialect: options.dialect
})

/** Parses a MOF file. */
export const mof = (
  file: string,
  bytes: Uint8Array,
  options: MofReadOptions,
  known: KnownClasses,
  defaults?: RequestDefaults & Pick<Mof.MofOptions, "knownClasses" | "strict">
): Mof.MofResult => Mof.parse(bytes, { ...reader(file, options), classOf: known.of, ...defaults })

/** Whether a text begins with `{`, as a JSON object does and MOF does not. */
const isJson = (bytes: Uint8Array): boolean => {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === 10 || bytes[at] === 13) at++
  return bytes[at] === 0x7b
}

const decodeLine = Schema.decodeUnknownEither(WmiSchema.PutRequest)

const modeBits = PutFlags.UpdateOnly | PutFlags.CreateOnly
const updateBits = PutFlags.UpdateSafe | PutFlags.UpdateForce

/** The flag word of a line. `flags` takes the place of the default word, `mode` and `update` that of their bits in it. */
const flagsOf = (
  request: PutRequest.PutRequest,
  given: WmiSchema.PutRequestJson,
  defaults: RequestDefaults
): number => {
  if (given.flags !== undefined) return request.flags
  const word = request.object._tag === "Class" ? defaults.classFlags : defaults.instanceFlags
  return request.flags
    | (word & ~(given.mode === undefined ? 0 : modeBits) & ~(given.update === undefined ? 0 : updateBits))
}

const jsonLine = (text: string, position: Mof.Position, defaults: RequestDefaults): PutRequest.PutRequest => {
  const at = `${position.file}:${position.line}`
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new BadInput(`${at}: ${reasonOf(error)}`)
  }
  const decoded = decodeLine(parsed)
  if (Either.isLeft(decoded)) {
    const issues = ParseResult.ArrayFormatter.formatErrorSync(decoded.left)
    throw new BadInput(issues.map(({ message, path }) => `${at}: ${path.map(String).join(".")}: ${message}`))
  }
  const request = decoded.right
  return PutRequest.make(request.object, {
    ...request,
    namespace: request.namespace ?? defaults.namespace,
    flags: flagsOf(request, parsed as WmiSchema.PutRequestJson, defaults)
  })
}

function* jsonLines(file: string, bytes: Uint8Array, defaults: RequestDefaults): Generator<Mof.MofOperation> {
  const lines = Mof.decode(bytes).text.split("\n")
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue
    const position = { file: file === "-" ? "(standard input)" : file, line: i + 1, column: 1 }
    yield { _tag: "Put", position, request: jsonLine(line, position, defaults) }
  }
}

/** The options for reading the files of a put. */
export interface OperationsOptions extends MofReadOptions {
  readonly createNamespaces?: boolean | undefined
}

/** Reads all operations of a file before anything is put; returns the error messages of an invalid MOF file. */
export const operations = (
  file: string,
  bytes: Uint8Array,
  defaults: RequestDefaults,
  known: KnownClasses,
  options: OperationsOptions
): Either.Either<ReadonlyArray<Mof.MofOperation>, ReadonlyArray<string>> => {
  if (isJson(bytes)) return Either.right([...jsonLines(file, bytes, defaults)])
  const result = mof(file, bytes, options, known, defaults)
  if (result.errors.length === 0 && result.amendment !== undefined) {
    return Either.left([
      `${file}: its #pragma amendment asks for two files and stores nothing; 'effect-wmi amend' makes them`
    ])
  }
  return result.errors.length > 0
    ? Either.left(result.errors.map((error) => error.message))
    : Either.right([...Mof.operations(result, { createNamespaces: options.createNamespaces })])
}
