/**
 * `effect-wmi snapshot` and `restore`: writes a store to a dump, and restores it.
 *
 * @internal
 */
import type { Register } from "../register.ts"
import * as Effect from "effect/Effect"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as NamespaceDump from "../../emulator/NamespaceDump.ts"
import * as Wmi from "../../Wmi.ts"
import { readDump } from "../input/dump.ts"
import { checkOutputs } from "../terminal/checkOutput.ts"
import { counted } from "../terminal/counts.ts"
import { printDiagnostics, printResult } from "../terminal/output.ts"
import { isStandardOutput, writeFile } from "../terminal/writeFile.ts"
import { run, snapshotOf, stages } from "../place/storeFile.ts"

/** The number of lines that are written together. */
const linesPerChunk = 512

const textChunks = function* (lines: Iterable<string>): Generator<string> {
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

interface Counts {
  readonly objects: number
  readonly namespaces: number
}

const countsOf = (snapshot: Snapshot.Snapshot): Counts => ({
  objects: Snapshot.entries(snapshot).length,
  namespaces: Snapshot.namespaces(snapshot).length
})

const summary = ({ namespaces, objects }: Counts): string =>
  `${counted(objects, "object")} of ${counted(namespaces, "namespace")}`

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
const snapshot = async (file: string, { store }: StoreOption): Promise<number> => {
  checkOutputs([file], { store })
  const contents = await snapshotOf(store)
  if (isStandardOutput(file)) {
    await writeFile(file, textChunks(ascii(NamespaceDump.lines(contents))))
    return reportUnreadable(contents) === 0 ? 0 : 1
  }
  await writeFile(file, textChunks(NamespaceDump.lines(contents)))
  const unreadable = reportUnreadable(contents)
  const counts = countsOf(contents)
  printResult(
    `${summary(counts)} written to ${file}${
      unreadable === 0 ? "" : `, ${counted(unreadable, "row")} that cannot be read left out`
    }`,
    { file, ...counts, unreadable }
  )
  return unreadable === 0 ? 0 : 1
}

/** Replaces the content of a store by a dump; makes the store if it does not exist. */
const restore = async (file: string, { store }: StoreOption): Promise<number> => {
  const contents = await readDump(file)
  await run(Effect.provide(Wmi.restore(contents), await stages(store)))
  const counts = countsOf(contents)
  printResult(`${store} holds ${summary(counts)}`, { store, ...counts })
  return 0
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
}
