/**
 * Reads dumps for `restore` and `diff`: a file or standard input, plain or gzip, UTF-8 or UTF-16, in pieces.
 *
 * @internal
 */
import { closeSync, openSync, readSync, statSync } from "node:fs"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import * as NamespaceDump from "../../emulator/NamespaceDump.ts"
import type * as Snapshot from "../../engine/state/Snapshot.ts"
import { snapshotOf } from "../place/storeFile.ts"
import { eitherInterruptible } from "../terminal/interrupt.ts"
import { BadInput, reasonOf } from "../terminal/output.ts"
import { chunksOf, nameOf } from "./bytes.ts"
import { textOfChunks } from "./decoder.ts"

/** The state of a dump. Throws `BadInput` with the line of the first fault. */
export const readDump = async (file: string): Promise<Snapshot.Snapshot> => {
  const name = nameOf(file)
  const text = Stream.fromAsyncIterable(
    textOfChunks(name, chunksOf(file)),
    (error) => error instanceof BadInput ? error : new BadInput({ file: name, message: reasonOf(error) })
  )
  const read = await eitherInterruptible(NamespaceDump.read(text))
  if (Either.isRight(read)) return read.right
  const error = read.left
  throw error instanceof BadInput ? error : new BadInput({ file: name, line: error.line, message: error.reason })
}

/** Whether a file begins as every SQLite file does. A pipe is no SQLite file, and is not read here. */
const isSqlite = (file: string): boolean => {
  if (file === "-" || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false
  const descriptor = openSync(file, "r")
  try {
    const bytes = Buffer.alloc(16)
    return bytes.toString("latin1", 0, readSync(descriptor, bytes, 0, bytes.length, 0)) === "SQLite format 3\0"
  } finally {
    closeSync(descriptor)
  }
}

/** The state of a store or of a dump: a SQLite file is a store, everything else is a dump. */
export const readState = async (file: string): Promise<Snapshot.Snapshot> => {
  try {
    if (isSqlite(file)) return await snapshotOf(file)
  } catch (error) {
    throw error instanceof BadInput ? error : new BadInput({ file, message: `cannot be read: ${reasonOf(error)}` })
  }
  return readDump(file)
}
