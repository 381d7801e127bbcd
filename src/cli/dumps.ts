/**
 * `effect-wmi snapshot`, `restore` and `diff`: a store to a dump and back, and what lies between two of either.
 *
 * @internal
 */
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync
} from "node:fs"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGunzip, createGzip } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as SnapshotDiff from "../engine/state/SnapshotDiff.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import * as NamespaceDump from "../emulator/NamespaceDump.ts"
import * as Wmi from "../Wmi.ts"
import { escapeControlJson } from "../model/escapeControl.ts"
import { BadInput, print, printJson } from "./output.ts"
import { run, snapshotOf, stages } from "./storeFile.ts"

const reason = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** The first bytes of a file; fewer if it is shorter. */
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
    throw new BadInput(`${file}: cannot be read: ${reason(error)}`)
  }
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/** What every file of SQLite begins with. */
const isSqlite = (bytes: Buffer): boolean => bytes.toString("latin1") === "SQLite format 3\0"

const textOf = (file: string): AsyncIterable<string> => {
  if (file === "-") return process.stdin.setEncoding("utf8")
  const packed = isGzip(firstBytes(file)) // what cannot be read is said here
  const bytes = createReadStream(file)
  if (!packed) return bytes.setEncoding("utf8")
  const unpacked = createGunzip()
  pipeline(bytes, unpacked).catch((error: unknown) => unpacked.destroy(error as Error))
  return unpacked.setEncoding("utf8")
}

const readDump = async (file: string): Promise<Snapshot.Snapshot> => {
  const name = file === "-" ? "(standard input)" : file
  const text = Stream.fromAsyncIterable(textOf(file), (error) => ({ message: `cannot be read: ${reason(error)}` }))
  return await run(Effect.mapError(NamespaceDump.read(text), ({ message }) => ({ message: `${name}: ${message}` })))
}

/** Lines that go to a file together. */
const linesPerChunk = 512

const chunksOf = function* (lines: Iterable<string>): Generator<string> {
  let some: Array<string> = []
  for (const line of lines) {
    some.push(line)
    if (some.length < linesPerChunk) continue
    yield `${some.join("\n")}\n`
    some = []
  }
  if (some.length > 0) yield `${some.join("\n")}\n`
}

const escaped = function* (lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield escapeControlJson(line)
}

const summary = (snapshot: Snapshot.Snapshot): string => {
  const spaces = Snapshot.namespaces(snapshot).length
  return `${Snapshot.entries(snapshot).length} objects of ${spaces} namespaces`
}

/** Writes a dump beside its place first, so that no half of one ever stands there. */
const writeDump = async (file: string, snapshot: Snapshot.Snapshot): Promise<void> => {
  const text = Readable.from(chunksOf(NamespaceDump.lines(snapshot)))
  const beside = `${file}.${process.pid}.part`
  const to = createWriteStream(beside, { flush: true })
  try {
    if (file.endsWith(".gz")) await pipeline(text, createGzip(), to)
    else await pipeline(text, to)
    renameSync(beside, file)
  } catch (error) {
    rmSync(beside, { force: true })
    throw new BadInput(`${file}: cannot be written: ${reason(error)}`)
  }
}

interface StoreOption {
  readonly store: string
}

/** Names the rows that the store could not read; answers how many there are. */
const reportUnreadable = (state: Snapshot.Snapshot): number => {
  const unreadable = Snapshot.unreadable(state)
  for (const { error } of unreadable) process.stderr.write(`left out: ${error.message}\n`)
  return unreadable.length
}

/** A dump of a store. What cannot be read is left out, and then it answers 1. */
export const snapshot = async (file: string, { store }: StoreOption): Promise<number> => {
  const state = await snapshotOf(store)
  if (file === "-") {
    // A terminal gets the same JSON with every character escaped that it might act on.
    const lines = NamespaceDump.lines(state)
    const text = chunksOf(process.stdout.isTTY ? escaped(lines) : lines)
    await pipeline(Readable.from(text), process.stdout, { end: false })
    return reportUnreadable(state) === 0 ? 0 : 1
  }
  await writeDump(file, state)
  const unreadable = reportUnreadable(state)
  print(
    `${summary(state)} written to ${file}${unreadable === 0 ? "" : `, ${unreadable} rows that cannot be read left out`}`
  )
  return unreadable === 0 ? 0 : 1
}

/** Puts a store back to a dump, or makes one of it. */
export const restore = async (file: string, { store }: StoreOption): Promise<number> => {
  const state = await readDump(file)
  await run(Effect.provide(Wmi.restore(state), await stages(store)))
  print(`${store} holds ${summary(state)}`)
  return 0
}

const readState = (file: string): Promise<Snapshot.Snapshot> => {
  if (file !== "-" && existsSync(file) && isSqlite(firstBytes(file))) return snapshotOf(file)
  return readDump(file)
}

/** What became of each object between two states; answers 1 when there is something to tell. */
export const diff = async (
  [first, second]: readonly [string, string],
  { json }: { readonly json?: boolean }
): Promise<number> => {
  const [before, after] = [await readState(first), await readState(second)]
  const counts: Record<SnapshotDiff.Word, number> = { created: 0, changed: 0, removed: 0 }
  for (const [path, change] of SnapshotDiff.byPath(SnapshotDiff.changes(before, after), ObjectPath.format)) {
    const word = SnapshotDiff.word(change)
    counts[word]++
    if (json === true) printJson({ change: word, path })
    else print(`${word} ${path}`)
  }
  if (json === true) printJson(counts)
  else print(`${counts.created} created, ${counts.changed} changed, ${counts.removed} removed`)
  return counts.created + counts.changed + counts.removed === 0 ? 0 : 1
}
