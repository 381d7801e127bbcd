/**
 * Refuses an output that would overwrite what a command reads, or a store. The check comes before anything is written.
 *
 * @internal
 */
import { closeSync, openSync, readSync, statSync } from "node:fs"
import { BadInput } from "./output.ts"
import { identityOf, isStandardOutput, realFile } from "./writeFile.ts"

/** What a command reads. */
export interface Sources {
  /** The SQLite file of `--store`. */
  readonly store?: string | undefined
  /** The files that the command reads; `-` is standard input. */
  readonly inputs?: Iterable<string>
}

/** The first bytes of every SQLite file. */
const sqliteHeader = "SQLite format 3\0"

/** What SQLite adds to the name of a file for its logs. */
const logs = ["-wal", "-shm", "-journal"]

/** What a name is now; `undefined` if nothing has this name, or if the file system does not say. */
const statOf = (file: string) => {
  try {
    return statSync(file, { throwIfNoEntry: false })
  } catch {
    return undefined // the write reports the reason
  }
}

const isSqlite = (file: string): boolean => {
  try {
    const descriptor = openSync(file, "r")
    try {
      const head = Buffer.alloc(sqliteHeader.length)
      return readSync(descriptor, head, 0, head.length, 0) === head.length && head.toString("latin1") === sqliteHeader
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return false // the write reports why the file cannot be opened
  }
}

/** Whether two names are one file: by device and inode, or by real path. */
const isSame = (file: string, other: string): boolean => {
  const identity = identityOf(file)
  if (other === "-") return identity !== undefined && identity === identityOf(0)
  return (identity !== undefined && identity === identityOf(other)) || realFile(file) === realFile(other)
}

/** The reason why a file cannot be an output; `undefined` if it can. */
const refusalOf = (file: string, exists: boolean, { inputs = [], store }: Sources): string | undefined => {
  if (store !== undefined) {
    const isLog = logs.some((log) => realFile(file) === `${realFile(store)}${log}`)
    if (isSame(file, store) || isLog) return "the output would overwrite the store that the command reads"
  }
  for (const input of inputs) if (isSame(file, input)) return "the output would overwrite a file that the command reads"
  return exists && isSqlite(file) ? "the output would overwrite a SQLite file" : undefined
}

/**
 * Throws `BadInput` if one of the outputs is a folder, the store or a file that the command reads, a SQLite file, or another output. A device,
 * a pipe and standard output are not checked.
 */
export const checkOutputs = (files: ReadonlyArray<string>, sources: Sources): void => {
  const checked: Array<string> = []
  for (const file of files) {
    if (isStandardOutput(file)) continue
    const stat = statOf(file)
    if (stat?.isDirectory() === true) {
      throw new BadInput({ file, message: "cannot be written: it is a folder", hint: "name a file in it" })
    }
    if (stat !== undefined && !stat.isFile()) continue
    const message = checked.some((other) => isSame(file, other))
      ? "two outputs of the command are this file"
      : refusalOf(file, stat !== undefined, sources)
    if (message !== undefined) {
      throw new BadInput({ file, message, hint: "name another file for the output" })
    }
    checked.push(file)
  }
}
