/**
 * What the command line reads: files, `-` for standard input, gzip or not, MOF or JSON lines.
 *
 * @internal
 */
import { readFileSync } from "node:fs"
import { dirname, isAbsolute, join } from "node:path"
import { gunzipSync } from "node:zlib"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as ParseResult from "effect/ParseResult"
import * as CimName from "../model/CimName.ts"
import type { ClassDefinition } from "../model/WbemObject.ts"
import * as Mof from "../mof/Mof.ts"
import type * as PutRequest from "../protocol/PutRequest.ts"
import * as WmiSchema from "../schema/WmiSchema.ts"

/** Input that cannot be used; the command ends with status 2. */
export class BadInput extends Error {}

/** Largest text that a compressed file may unpack to. */
const largest = 1 << 30

const reason = (error: unknown): string => error instanceof Error ? error.message : String(error)

const read = (file: string): Uint8Array => {
  try {
    return readFileSync(file === "-" ? 0 : file)
  } catch (error) {
    throw new BadInput(`${file}: cannot be read: ${reason(error)}`)
  }
}

const unpacked = (file: string, bytes: Uint8Array): Uint8Array => {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: largest })
  } catch (error) {
    throw new BadInput(`${file}: cannot be unpacked: ${reason(error)}`)
  }
}

/** The bytes of a file, unpacked. */
export const bytesOf = (file: string): Uint8Array => unpacked(file, read(file))

/** Includes are looked for beside the file that includes them. */
const include = (name: string, from: string): string | undefined => {
  try {
    const path = isAbsolute(name) || from === "-" ? name : join(dirname(from), name)
    return Mof.decode(unpacked(path, readFileSync(path))).text
  } catch {
    return undefined
  }
}

/** The classes that namespaces hold already, by folded names. */
export type Stored = ReadonlyMap<string, ReadonlyMap<string, ClassDefinition>>

/**
 * Classes of the files read so far, and of the namespaces that they are put into: instances of a later file get the types that
 * those declare.
 */
export class KnownClasses {
  private readonly byName = new Map<string, ClassDefinition>()
  private readonly stored: Stored
  private readonly asked = new Map<string, string>()

  constructor(stored: Stored = new Map()) {
    this.stored = stored
  }

  readonly of = (name: string, namespace: string): ClassDefinition | undefined => {
    const folded = CimName.fold(name)
    const within = CimName.fold(namespace)
    const known = this.byName.get(`${within}:${folded}`) ?? this.stored.get(within)?.get(folded)
    if (known !== undefined) return known
    if (!CimName.isSystemName(name)) this.asked.set(within, namespace)
    return this.byName.get(folded)
  }

  /** Namespaces whose classes were asked for and are in no file. */
  get missing(): ReadonlyArray<string> {
    return [...this.asked.values()]
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

/** Where options stand against what a file says: a file's own words win. */
export interface Defaults {
  readonly namespace: string
  readonly classFlags: number
  readonly instanceFlags: number
}

/** How a MOF file is read: its name in messages, and what it includes. */
export const reader = (file: string): Pick<Mof.MofOptions, "file" | "include"> => ({
  file: file === "-" ? "(standard input)" : file,
  include
})

/** A MOF file, read. */
export const mof = (file: string, bytes: Uint8Array, defaults?: Defaults, known?: KnownClasses): Mof.MofResult =>
  Mof.parse(bytes, { ...reader(file), classOf: known?.of, ...defaults })

/** Whether the text begins like a JSON object, which no MOF does. */
const isJson = (bytes: Uint8Array): boolean => {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === 10 || bytes[at] === 13) at++
  return bytes[at] === 0x7b
}

const decodeLine = Schema.decodeUnknownEither(WmiSchema.PutRequest, { onExcessProperty: "error" })

const jsonLine = (text: string, position: Mof.Position, defaults: Defaults): PutRequest.PutRequest => {
  const at = `${position.file}:${position.line}`
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new BadInput(`${at}: ${reason(error)}`)
  }
  const decoded = decodeLine(parsed)
  if (Either.isLeft(decoded)) {
    const issues = ParseResult.ArrayFormatter.formatErrorSync(decoded.left)
    throw new BadInput(issues.map(({ message, path }) => `${at}: ${path.map(String).join(".")}: ${message}`).join("\n"))
  }
  const request = decoded.right
  const given = parsed as { readonly flags?: unknown }
  return {
    ...request,
    namespace: request.namespace ?? defaults.namespace,
    flags: given.flags === undefined
      ? request.object._tag === "Class" ? defaults.classFlags : defaults.instanceFlags
      : request.flags
  }
}

function* jsonLines(file: string, bytes: Uint8Array, defaults: Defaults): Generator<Mof.MofOperation> {
  const lines = Mof.decode(bytes).text.split("\n")
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue
    const position = { file: file === "-" ? "(standard input)" : file, line: i + 1, column: 1 }
    yield { _tag: "Put", position, request: jsonLine(line, position, defaults) }
  }
}

/** What a file asks for, all of it read before anything is put; or the sentences that say what is wrong. */
export const operations = (
  file: string,
  bytes: Uint8Array,
  defaults: Defaults,
  known: KnownClasses
): Either.Either<ReadonlyArray<Mof.MofOperation>, ReadonlyArray<string>> => {
  if (isJson(bytes)) return Either.right([...jsonLines(file, bytes, defaults)])
  const result = mof(file, bytes, defaults, known)
  if (result.errors.length === 0 && result.amendment !== undefined) {
    return Either.left([
      `${file}: its #pragma amendment asks for two files and stores nothing; 'effect-wmi amend' makes them`
    ])
  }
  return result.errors.length > 0
    ? Either.left(result.errors.map((error) => error.message))
    : Either.right([...Mof.operations(result)])
}
