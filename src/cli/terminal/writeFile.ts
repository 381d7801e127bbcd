/**
 * Writes the files of a command: those of `-o`, the halves of `amend`, and dumps.
 *
 * @internal
 */
import { createWriteStream, realpathSync, renameSync, rmSync, statSync } from "node:fs"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import { BadInput, reasonOf } from "./output.ts"

/** Whether a name is a device or a pipe, such as `/dev/stdout`. A rename would replace it by a file. */
const isDevice = (file: string): boolean => {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat !== undefined && !stat.isFile() && !stat.isDirectory()
}

/** The file behind a link. A rename would replace the link. */
const linkedFile = (file: string): string => {
  try {
    return realpathSync(file)
  } catch {
    return file // there is no such file yet
  }
}

const write = async (text: Readable, to: string, isPacked: boolean, flush: boolean): Promise<void> => {
  const stream = createWriteStream(to, { flush })
  if (isPacked) await pipeline(text, createGzip(), stream)
  else await pipeline(text, stream)
}

/**
 * Writes text to a temporary file and renames it, so that the file is never incomplete. A device or a pipe is written directly. A name
 * that ends in `.gz` is packed. Throws `BadInput` if the file cannot be written.
 */
export const writeFile = async (file: string, chunks: Iterable<string>): Promise<void> => {
  const text = Readable.from(chunks)
  const isPacked = file.endsWith(".gz")
  let temporaryFile: string | undefined
  try {
    if (isDevice(file)) return await write(text, file, isPacked, false)
    const target = linkedFile(file)
    temporaryFile = `${target}.${process.pid}.part`
    await write(text, temporaryFile, isPacked, true)
    renameSync(temporaryFile, target)
  } catch (error) {
    if (temporaryFile !== undefined) rmSync(temporaryFile, { force: true })
    throw new BadInput({ file, message: `cannot be written: ${reasonOf(error)}` })
  }
}
