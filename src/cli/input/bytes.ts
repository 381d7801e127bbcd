/**
 * Reads the bytes of a file or of standard input (`-`), plain or gzip: as a whole for MOF and JSON, in pieces for dumps.
 *
 * @internal
 */
import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync } from "node:fs"
import { Readable } from "node:stream"
import { createGunzip, gunzipSync } from "node:zlib"
import { longestText } from "../../mof/encoding.ts"
import { BadInput, reasonOf } from "../terminal/output.ts"
import { isGzip } from "./gzip.ts"

/** The most bytes of a file: the longest text in UTF-16, two bytes a unit. */
const maxFileBytes = 2 * longestText

/** A gzip file of at most this size cannot unpack to more than the longest text: deflate packs at most 1,032 bytes into one. */
const maxSafePackedBytes = Math.floor(longestText / 1032)

/** The name of a file in messages. */
export const nameOf = (file: string): string => file === "-" ? "(standard input)" : file

const tooLong = (file: string): BadInput =>
  new BadInput({ file: nameOf(file), message: `it is larger than a text can be, which is ${longestText} characters` })

const failure = (file: string, what: string, error: unknown): BadInput =>
  error instanceof BadInput ? error : new BadInput({ file: nameOf(file), message: `${what}: ${reasonOf(error)}` })

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
    throw failure(file, "cannot be read", error)
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
    throw failure(file, "cannot be unpacked", error)
  }
}

/** Reads and unpacks a file. */
export const bytesOf = (file: string): Promise<Uint8Array> => unpacked(file, read(file))

/** The chunks of `first`, then those of `rest`. */
async function* rejoined(
  first: ReadonlyArray<Uint8Array>,
  rest: AsyncIterator<Uint8Array>
): AsyncGenerator<Uint8Array, void> {
  yield* first
  for (;;) {
    const next = await rest.next()
    if (next.done === true) return
    yield next.value
  }
}

/** Reads and unpacks a file in pieces. A pipe is read once, from its beginning. */
export async function* chunksOf(file: string): AsyncGenerator<Uint8Array, void> {
  const source: Readable = file === "-" ? process.stdin : createReadStream(file)
  let what = "cannot be read"
  try {
    const chunks = (source as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
    const first: Array<Uint8Array> = []
    let length = 0
    // The magic number of gzip may come in two pieces.
    while (length < 2) {
      const next = await chunks.next()
      if (next.done === true) break
      first.push(next.value)
      length += next.value.length
    }
    if (!isGzip(Buffer.concat(first))) yield* rejoined(first, chunks)
    else {
      what = "cannot be unpacked"
      const packed = Readable.from(rejoined(first, chunks))
      const unpacking = createGunzip()
      packed.on("error", (error) => unpacking.destroy(error))
      yield* packed.pipe(unpacking) as AsyncIterable<Uint8Array>
    }
  } catch (error) {
    throw failure(file, what, error)
  } finally {
    source.destroy() // standard input too: an open pipe would keep the process alive after an error
  }
}
