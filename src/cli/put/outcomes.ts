/**
 * The counts of a run of `effect-wmi put`, and the lines that it prints: refusals, removed objects, the summary, the sentence of an
 * interruption.
 *
 * @internal
 */
import type { WbemError } from "../../protocol/WbemError.ts"
import * as HResult from "../../protocol/HResult.ts"
import type * as Mof from "../../mof/Mof.ts"
import { counted } from "../terminal/counts.ts"
import { print, printJson } from "../terminal/output.ts"

/** The counts of a run. */
export interface OutcomeCounts {
  classes: number
  instances: number
  created: number
  /** Objects that existed. A Windows computer does not say which of them changed. */
  updated: number
  unchanged: number
  refused: number
  /** Delete directives that were carried out. */
  deleted: number
  /** Objects that puts removed (PA-83). A Windows computer does not report them. */
  removed: number
  /** Namespaces that `--create-namespaces` made. */
  namespaces: number
  /** Puts and deletions whose answer was lost. */
  unknown: number
}

/** The counts before the first put. */
export const noOutcomes = (): OutcomeCounts => ({
  classes: 0,
  instances: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  refused: 0,
  deleted: 0,
  removed: 0,
  namespaces: 0,
  unknown: 0
})

/** A refused operation, as it is printed. */
export interface Refusal {
  readonly position: Mof.Position
  readonly object: string
  readonly status: string
  readonly hresult: number
  readonly rule: string | undefined
  readonly message: string
}

/** The refusal of an error. */
export const refusalOf = (position: Mof.Position, object: string, error: WbemError): Refusal => ({
  position,
  object,
  status: error.status,
  hresult: error.hresult,
  rule: error.rule,
  message: error.message
})

const positionText = ({ column, file, line }: Mof.Position): string => `${file}:${line}:${column}`

/** Prints a refusal. */
export const printRefusal = ({ hresult, message, object, position, rule, status }: Refusal, json: boolean): void => {
  if (!json) {
    print(`refused ${object} at ${positionText(position)}: ${message}${rule === undefined ? "" : ` [${rule}]`}`)
    return
  }
  const { column, file, line } = position
  printJson({ refused: object, status, hresult: HResult.hex(hresult), rule: rule ?? null, message, file, line, column })
}

/** Prints an object that a put removed. */
export const printRemoved = (path: string, object: string, position: Mof.Position, json: boolean): void => {
  const { column, file, line } = position
  if (json) printJson({ removed: path, by: object, file, line, column })
  else print(`removed ${path} by ${object} at ${positionText(position)}`)
}

/** The options of the command that the summary depends on. */
interface SummaryOptions {
  readonly expectRefused: number
  readonly createNamespaces?: boolean | undefined
  readonly dryRun?: boolean | undefined
  readonly json?: boolean | undefined
  /** The target is a Windows computer. */
  readonly isWindows: boolean
}

/** `3 created, 1 updated, 0 unchanged`. */
const dispositions = ({ created, unchanged, updated }: OutcomeCounts, hasOneCount: boolean): string =>
  hasOneCount && updated > 0
    ? `${created} created, ${updated} updated or unchanged (Windows does not say which)`
    : `${created} created, ${updated} updated, ${unchanged} unchanged`

/** Prints the summary. */
export const printSummary = (counts: OutcomeCounts, seconds: number, options: SummaryOptions): void => {
  const { classes, created, deleted, instances, namespaces, refused, removed, unchanged, unknown, updated } = counts
  // The copy of a dry run tells them apart.
  const hasOneCount = options.isWindows && options.dryRun !== true
  if (options.json === true) {
    printJson({
      classes,
      instances,
      created,
      updated,
      unchanged: hasOneCount && updated > 0 ? null : unchanged,
      refused,
      deleted,
      removed,
      ...(options.createNamespaces === true ? { namespaces } : {}),
      ...(unknown > 0 ? { unknown } : {}),
      ...(options.dryRun === true ? { dryRun: true } : {}),
      seconds: Number(seconds.toFixed(3))
    })
    return
  }
  const parts = [
    `${counted(classes, "class", "classes")}, ${counted(instances, "instance", "instances")}: ${
      dispositions(counts, hasOneCount)
    }`,
    `${refused} refused${options.expectRefused > 0 ? ` (${options.expectRefused} expected)` : ""}`,
    ...(deleted > 0 ? [`${deleted} deleted`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(namespaces > 0 ? [`${counted(namespaces, "namespace", "namespaces")} made`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    `${seconds.toFixed(2)} s`
  ]
  const decidedBy = options.isWindows ? "; the rules of this program decided, not those of the computer" : ""
  print(`${parts.join(", ")}${options.dryRun === true ? `; nothing was kept (dry run)${decidedBy}` : ""}`)
}

/** Where the puts of an interrupted run are. */
interface InterruptedRun {
  readonly counts: OutcomeCounts
  /** The puts of the input. */
  readonly puts: number
  /** The target in a sentence: `h.db`, `the computer win01`. */
  readonly label: string
  readonly isKept: boolean
  /** A second run needs another option: the store exists now, so it takes no `--world`. */
  readonly withoutWorld: boolean
  readonly isWindows: boolean
}

/** The sentence of an interruption. */
export const interruptionText = (run: InterruptedRun): string => {
  const { counts, isKept, isWindows, label, puts, withoutWorld } = run
  const stored = counts.classes + counts.instances
  if (!isKept) return `interrupted after ${stored} of ${counted(puts, "put", "puts")}: nothing is kept`
  const refused = counts.refused > 0 ? `, ${counts.refused} refused` : ""
  const sentences = [
    `interrupted: ${stored} of ${counted(puts, "put is", "puts are")} stored ${isWindows ? "on" : "in"} ${label} (${
      dispositions(counts, isWindows)
    }${refused})`,
    ...(counts.unknown === 0 ? [] : [
      `whether ${counted(counts.unknown, "more is stored", "more are stored")} is not known, because no answer came`
    ]),
    `the same command${withoutWorld ? " without --world" : ""} goes on`
  ]
  return sentences.join("; ")
}

/** The facts of an interruption for `--json`. */
export const interruptionFacts = (run: InterruptedRun): Readonly<Record<string, unknown>> => {
  const { classes, created, instances, refused, unchanged, unknown, updated } = run.counts
  return {
    puts: run.puts,
    stored: run.isKept ? classes + instances : 0,
    created,
    updated,
    unchanged: run.isWindows && updated > 0 ? null : unchanged,
    refused,
    unknown
  }
}
