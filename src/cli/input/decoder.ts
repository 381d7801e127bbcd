/**
 * Decodes a dump in pieces: UTF-16 with or without a byte order mark, or UTF-8 with or without one, as the decoder of MOF does for whole
 * files. Windows PowerShell writes UTF-16 for `>`.
 *
 * A dump has no other encodings. Bytes that are no UTF-8 are an error with their line, because every replacement would change an object.
 *
 * @internal
 */
import { utf16, utf16Form } from "../../mof/encoding.ts"
import { BadInput } from "../terminal/output.ts"

const lineFeed = 10

const joined = (parts: ReadonlyArray<Uint8Array>): Uint8Array => parts.length === 1 ? parts[0]! : Buffer.concat(parts)

/** Decodes pieces of UTF-16. A unit may be cut by the end of a piece. */
async function* utf16Text(chunks: AsyncIterable<Uint8Array>, little: boolean): AsyncGenerator<string, void> {
  let rest: Uint8Array = new Uint8Array()
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : joined([rest, chunk])
    const whole = bytes.length & ~1
    rest = bytes.subarray(whole)
    if (whole > 0) yield utf16(bytes.subarray(0, whole), little)
  }
  if (rest.length > 0) yield utf16(rest, little)
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The number of the first line, from 0, that is no UTF-8. */
const badLine = (bytes: Uint8Array): number => {
  for (let line = 0, from = 0;; line++) {
    const end = bytes.indexOf(lineFeed, from)
    try {
      utf8.decode(bytes.subarray(from, end < 0 ? undefined : end))
    } catch {
      return line
    }
    if (end < 0) return line
    from = end + 1
  }
}

/** Decodes pieces of UTF-8, whole lines at a time. */
async function* utf8Text(file: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let parts: Array<Uint8Array> = []
  let line = 1
  const decoded = (bytes: Uint8Array): string => {
    try {
      const text = utf8.decode(bytes)
      for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) line++
      return text
    } catch {
      throw new BadInput({
        file,
        line: line + badLine(bytes),
        message: "these bytes are neither UTF-8 nor UTF-16",
        hint:
          "a dump that a program converted to a code page is damaged; write the dump to a file with 'effect-wmi snapshot FILE'"
      })
    }
  }
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(lineFeed) + 1
    if (end === 0) {
      parts.push(chunk)
      continue
    }
    yield decoded(joined([...parts, chunk.subarray(0, end)]))
    parts = end < chunk.length ? [chunk.subarray(end)] : []
  }
  if (parts.length > 0) yield decoded(joined(parts))
}

/** More bytes than a mark has. */
const headLength = 4

/** The text of the pieces of a file, without its mark. `file` is its name in messages. */
export async function* textOfChunks(file: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const iterator = chunks[Symbol.asyncIterator]()
  const rest = async function* (): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const next = await iterator.next()
      if (next.done === true) return
      yield next.value
    }
  }
  try {
    let head: Uint8Array = new Uint8Array()
    while (head.length < headLength) {
      const next = await iterator.next()
      if (next.done === true) break
      head = head.length === 0 ? next.value : joined([head, next.value])
    }
    const wide = utf16Form(head)
    const marked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
    const mark = wide === undefined ? marked ? 3 : 0 : wide.mark
    const all = async function* (): AsyncGenerator<Uint8Array, void> {
      if (head.length > mark) yield head.subarray(mark)
      yield* rest()
    }
    yield* wide === undefined ? utf8Text(file, all()) : utf16Text(all(), wide.encoding === "utf-16le")
  } finally {
    await iterator.return?.() // closes the file after an error
  }
}
