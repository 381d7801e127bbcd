/**
 * Writes the files of `-o` and of dumps.
 *
 * @internal
 */
import { createWriteStream, renameSync, rmSync } from "node:fs"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import { BadInput, reasonOf } from "./output.ts"

/**
 * Writes text to a temporary file and renames it, so that the file is never incomplete. A name that ends in `.gz` is packed. Throws
 * `BadInput` if the file cannot be written.
 */
export const writeFile = async (file: string, chunks: Iterable<string>): Promise<void> => {
  const text = Readable.from(chunks)
  const temporaryFile = `${file}.${process.pid}.part`
  const to = createWriteStream(temporaryFile, { flush: true })
  try {
    if (file.endsWith(".gz")) await pipeline(text, createGzip(), to)
    else await pipeline(text, to)
    renameSync(temporaryFile, file)
  } catch (error) {
    rmSync(temporaryFile, { force: true })
    throw new BadInput({ file, message: `cannot be written: ${reasonOf(error)}` })
  }
}
