/**
 * `effect-wmi snapshot`, `restore` and `diff`: writes a store to a dump, restores it, and compares two stores or dumps.
 *
 * @internal
 */
import type { Register } from "../register.ts"
import { createWriteStream, renameSync, rmSync } from "node:fs"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as SnapshotDiff from "../../engine/state/SnapshotDiff.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import * as NamespaceDump from "../../emulator/NamespaceDump.ts"
import * as Wmi from "../../Wmi.ts"
import { readDump, readState } from "../input/dump.ts"
import { BadInput, print, printDiagnostics, printJson, reasonOf } from "../terminal/output.ts"
import { run, snapshotOf, stages } from "../target/storeFile.ts"

/** The number of lines that are written together. */
const linesPerChunk = 512

const chunksOf = function* (lines: Iterable<string>): Generator<string> {
  let chunk: Array<string> = []
  for (const line of lines) {
    chunk.push(line)
    if (chunk.length < linesPerChunk) continue
    yield `${chunk.join("\n")}\n`
    chunk = []
  }
  if (chunk.length > 0) yield `${chunk.join("\n")}\n`
}

/**
 * Lines of JSON with characters of ASCII alone, and without control characters. Standard output may end in a shell that decodes it by a
 * code page and writes it again, as Windows PowerShell does for `>`: such a dump stays whole. Text outside ASCII takes two to three times
 * the bytes of UTF-8.
 */
const ascii = function* (lines: Iterable<string>): Generator<string> {
  for (const line of lines) {
    yield line.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
  }
}

const summary = (snapshot: Snapshot.Snapshot): string => {
  const spaces = Snapshot.namespaces(snapshot).length
  return `${Snapshot.entries(snapshot).length} objects of ${spaces} namespaces`
}

/** Writes a dump to a temporary file and renames it, so that the file is never incomplete. */
const writeDump = async (file: string, snapshot: Snapshot.Snapshot): Promise<void> => {
  const text = Readable.from(chunksOf(NamespaceDump.lines(snapshot)))
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

interface StoreOption {
  readonly store: string
}

/** Prints the rows that the store could not read and returns their number. */
const reportUnreadable = (contents: Snapshot.Snapshot): number => {
  const unreadable = Snapshot.unreadable(contents)
  for (const { error } of unreadable) printDiagnostics([{ severity: "warning", message: `left out: ${error.message}` }])
  return unreadable.length
}

/** Writes a dump of a store. Returns 1 if rows could not be read and were left out, otherwise 0. */
export const snapshot = async (file: string, { store }: StoreOption): Promise<number> => {
  const contents = await snapshotOf(store)
  if (file === "-") {
    await pipeline(Readable.from(chunksOf(ascii(NamespaceDump.lines(contents)))), process.stdout, { end: false })
    return reportUnreadable(contents) === 0 ? 0 : 1
  }
  await writeDump(file, contents)
  const unreadable = reportUnreadable(contents)
  print(
    `${summary(contents)} written to ${file}${
      unreadable === 0 ? "" : `, ${unreadable} rows that cannot be read left out`
    }`
  )
  return unreadable === 0 ? 0 : 1
}

/** Replaces the content of a store by a dump; makes the store if it does not exist. */
export const restore = async (file: string, { store }: StoreOption): Promise<number> => {
  const contents = await readDump(file)
  await run(Effect.provide(Wmi.restore(contents), await stages(store)))
  print(`${store} holds ${summary(contents)}`)
  return 0
}

/** Prints the objects that differ between two states. Returns 1 if there are any, otherwise 0. */
export const diff = async (
  [first, second]: readonly [string, string],
  { json }: { readonly json?: boolean }
): Promise<number> => {
  const [before, after] = [await readState(first), await readState(second)]
  const counts: Record<SnapshotDiff.ChangeKind, number> = { created: 0, changed: 0, removed: 0 }
  for (const [path, change] of SnapshotDiff.byPath(SnapshotDiff.changes(before, after), ObjectPath.format)) {
    const word = SnapshotDiff.kind(change)
    counts[word]++
    if (json === true) printJson({ change: word, path })
    else print(`${word} ${path}`)
  }
  if (json === true) printJson(counts)
  else print(`${counts.created} created, ${counts.changed} changed, ${counts.removed} removed`)
  return counts.created + counts.changed + counts.removed === 0 ? 0 : 1
}

/** Adds the commands to the program. */
export const register: Register = (program, withStatus) => {
  program.command("snapshot")
    .description("write everything that a store holds to a dump; - is standard output, a name with .gz is packed")
    .argument("<file>")
    .requiredOption("--store <file>", "the SQLite file")
    .action(withStatus((file: string, options: { readonly store: string }) => snapshot(file, options)))
  program.command("restore")
    .description("put everything in a store back to what a dump holds; - is standard input")
    .argument("<file>")
    .requiredOption("--store <file>", "the SQLite file; made if missing")
    .action(withStatus((file: string, options: { readonly store: string }) => restore(file, options)))
  program.command("diff")
    .description("what was created, changed and removed between two stores or dumps; status 1 if anything was")
    .argument("<before>")
    .argument("<after>")
    .option("--json", "one line of JSON for each object and one for the summary")
    .action(
      withStatus((before: string, after: string, options: { readonly json?: boolean }) =>
        diff([before, after], options)
      )
    )
}
