/**
 * Writes the files of a command: those of `-o`, the halves of `amend`, and dumps.
 *
 * @internal
 */
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  createWriteStream,
  fstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync
} from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { eitherInterruptible } from "./interrupt.ts"
import { BadInput, reasonOf } from "./output.ts"

/** The name of standard output in place of a file. */
export const standardOutput = "-"

/** The device and inode of a file; `undefined` if there is none, or if the file system numbers no files. */
export const identityOf = (file: string | number): string | undefined => {
  try {
    const { dev, ino } = typeof file === "number" ? fstatSync(file, { bigint: true }) : statSync(file, { bigint: true })
    return ino === 0n ? undefined : `${dev}:${ino}`
  } catch {
    return undefined
  }
}

/** Whether a name is standard output: `-`, or a file such as `/dev/stdout` that standard output already writes to. */
export const isStandardOutput = (file: string): boolean => {
  if (file === standardOutput) return true
  const identity = identityOf(file)
  return identity !== undefined && identity === identityOf(1)
}

/** The most links that are followed from a name whose file does not exist. */
const maxLinks = 40

/** The real path of a file behind links. The file need not exist, so a link to a file that is missing is followed too. */
export const realFile = (file: string, links = maxLinks): string => {
  try {
    return realpathSync.native(file)
  } catch {
    const folder = ((name) => {
      try {
        return realpathSync.native(name)
      } catch {
        return resolve(name)
      }
    })(dirname(file))
    const path = join(folder, basename(file))
    try {
      return links === 0 ? path : realFile(resolve(folder, readlinkSync(path)), links - 1)
    } catch {
      return path // it is no link
    }
  }
}

interface WriteOptions {
  readonly isPacked: boolean
  /** Whether to end the stream. */
  readonly end: boolean
  readonly signal?: AbortSignal
}

const write = async (
  text: Readable,
  to: NodeJS.WritableStream,
  { isPacked, ...options }: WriteOptions
): Promise<void> => {
  if (isPacked) await pipeline(text, createGzip(), to, options)
  else await pipeline(text, to, options)
}

/** Gives a file the owner and the mode of the file that it will replace. The mode alone if this user may not give files away. */
const takeAttributes = (file: string, { gid, mode, uid }: Stats): void => {
  const made = statSync(file)
  if (made.uid !== uid || made.gid !== gid) {
    try {
      chownSync(file, uid, gid)
    } catch {
      // Only root gives files away.
    }
  }
  chmodSync(file, mode & 0o777)
}

/** Writes a regular file beside itself and renames it. If `signal` ends the write, the file is as it was. */
const replace = async (
  text: Readable,
  target: string,
  isPacked: boolean,
  old: Stats | undefined,
  signal: AbortSignal
): Promise<void> => {
  if (old !== undefined) accessSync(target, constants.W_OK) // a rename would replace a read-only file too
  const temporaryFile = `${target}.${crypto.randomUUID().slice(0, 8)}.part`
  try {
    const mode = old === undefined ? 0o666 : old.mode & 0o777
    // Opened here, because a stream that is destroyed while it opens its file makes the file after it was removed.
    const to = createWriteStream(temporaryFile, { fd: openSync(temporaryFile, "wx", mode), flush: true })
    await write(text, to, { isPacked, end: true, signal })
    if (old !== undefined) takeAttributes(temporaryFile, old)
    renameSync(temporaryFile, target)
  } catch (error) {
    rmSync(temporaryFile, { force: true })
    throw error
  }
}

/**
 * Writes text to a file, which is never incomplete: a temporary file beside it replaces it. The mode of an existing file is kept, and a
 * link is followed. A device or a pipe is opened and written; `-` is standard output. A name that ends in `.gz` is packed. Throws
 * `BadInput` if the file cannot be written, and `Interrupted` if a signal ends the write.
 */
export const writeFile = async (file: string, chunks: Iterable<string>): Promise<void> => {
  const text = Readable.from(chunks)
  if (isStandardOutput(file)) return await write(text, process.stdout, { isPacked: false, end: false })
  const isPacked = file.endsWith(".gz")
  const writing = Effect.tryPromise({
    try: async (signal) => {
      const old = statSync(file, { throwIfNoEntry: false })
      if (old === undefined || old.isFile()) await replace(text, realFile(file), isPacked, old, signal)
      else await write(text, createWriteStream(file), { isPacked, end: true, signal })
    },
    catch: (error) => new BadInput({ file, message: `cannot be written: ${reasonOf(error)}` })
  })
  const answer = await eitherInterruptible(writing)
  if (Either.isLeft(answer)) throw answer.left
}
