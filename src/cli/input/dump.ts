/**
 * Reads dumps for `restore` and `diff`: a file or standard input, plain or packed.
 *
 * @internal
 */
import { closeSync, createReadStream, existsSync, openSync, readSync } from "node:fs"
import { pipeline } from "node:stream/promises"
import { createGunzip } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as Snapshot from "../../engine/state/Snapshot.ts"
import * as NamespaceDump from "../../emulator/NamespaceDump.ts"
import { isGzip } from "./gzip.ts"
import { BadInput, type Diagnostic, reasonOf } from "../terminal/output.ts"
import { run, snapshotOf } from "../target/storeFile.ts"

/** The first 16 bytes of a file; fewer if it is shorter. */
const firstBytes = (file: string): Buffer => {
  try {
    const descriptor = openSync(file, "r")
    try {
      const bytes = Buffer.alloc(16)
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0))
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw new BadInput({ file, message: `cannot be read: ${reasonOf(error)}` })
  }
}

/** Whether a file begins as every SQLite file does. */
const isSqlite = (bytes: Buffer): boolean => bytes.toString("latin1") === "SQLite format 3\0"

const textOf = (file: string): AsyncIterable<string> => {
  if (file === "-") return process.stdin.setEncoding("utf8")
  const isPacked = isGzip(firstBytes(file)) // fails here if the file cannot be read
  const bytes = createReadStream(file)
  if (!isPacked) return bytes.setEncoding("utf8")
  const unpacked = createGunzip()
  pipeline(bytes, unpacked).catch((error: unknown) => unpacked.destroy(error as Error))
  return unpacked.setEncoding("utf8")
}

/** Reads a dump, plain or packed; `-` is standard input. Throws `BadInput` with the line of the first fault. */
export const readDump = async (file: string): Promise<Snapshot.Snapshot> => {
  const name = file === "-" ? "(standard input)" : file
  const text = Stream.fromAsyncIterable(textOf(file), (error) => ({ message: `cannot be read: ${reasonOf(error)}` }))
  return await run(
    Effect.mapError(
      NamespaceDump.read(text),
      (error): Diagnostic =>
        "line" in error
          ? { file: name, line: error.line, message: error.reason, name: "DumpError" }
          : { file: name, message: error.message }
    )
  )
}

/** The state of a store or of a dump: a SQLite file is a store, everything else is a dump. */
export const readState = async (file: string): Promise<Snapshot.Snapshot> =>
  file !== "-" && existsSync(file) && isSqlite(firstBytes(file)) ? await snapshotOf(file) : await readDump(file)
