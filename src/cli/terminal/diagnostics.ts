/**
 * An error, a warning or a note of the command, as text and as JSON.
 *
 * ```
 * bad.mof:6:23: error: found '300', expected a value of N, which is uint8
 *  6 |   instance of A { N = 300; };
 *    |                       ^~~
 * hint: uint8 holds 0 to 255
 * ```
 *
 * @internal
 */
import { excerptOf } from "../../mof/format.ts"
import type * as Mof from "../../mof/Mof.ts"
import * as HResult from "../../protocol/HResult.ts"
import { paint, type Part, type Role } from "./colour.ts"

/** One error, warning or note of the command. */
export interface Diagnostic {
  readonly severity?: "error" | "warning" | "note" | undefined
  /** What is wrong, in one line, without the position. */
  readonly message: string
  /** The file as the user named it. Without it the diagnostic has no position. */
  readonly file?: string | undefined
  /** From 1. */
  readonly line?: number | undefined
  /** From 1, in UTF-16 units. */
  readonly column?: number | undefined
  /** The column behind the faulty text. */
  readonly endColumn?: number | undefined
  /** The line of the file, for the source line and the caret below it. */
  readonly sourceLine?: string | undefined
  /** The name of the error, such as `SemicolonExpected` or `InvalidNamespace`. */
  readonly name?: string | undefined
  /** The number of the error. */
  readonly code?: number | undefined
  /** The rule of docs/spec, such as `CS-15`. */
  readonly rule?: string | undefined
  /** What to do. */
  readonly hint?: string | undefined
}

/** Input that cannot be used; the command ends with status 2. */
export class BadInput extends Error {
  readonly diagnostics: ReadonlyArray<Diagnostic>

  constructor(input: string | Diagnostic | ReadonlyArray<string | Diagnostic>) {
    const list = (Array.isArray(input) ? input : [input]) as ReadonlyArray<string | Diagnostic>
    const diagnostics = list.map((one) => typeof one === "string" ? { message: one } : one)
    super(diagnostics.map(({ message }) => message).join("\n"))
    this.diagnostics = diagnostics
  }
}

const roleOf = (severity: Diagnostic["severity"] = "error"): Role => severity === "note" ? "hint" : severity

/** The source line with its number and the line with the caret, as `Mof.format` prints them. A long line is cut around the caret. */
const sourceOf = (
  { column, endColumn, line: number, severity, sourceLine }: Diagnostic
): ReadonlyArray<ReadonlyArray<Part>> => {
  if (sourceLine === undefined || column === undefined) return []
  const [line, marks] = excerptOf(sourceLine, column - 1, (endColumn ?? column) - 1, { width: 72 })
  const margin = number === undefined ? "" : ` ${number} |`
  const at = marks.indexOf("^")
  return [
    [paint("quiet", margin), ` ${line}`.trimEnd()],
    [
      paint("quiet", margin.replace(/\d/g, " ")),
      ` ${marks.slice(0, at)}`,
      paint(roleOf(severity), marks.slice(at))
    ]
  ]
}

/** `FILE:LINE:COLUMN`, or the name of the command where there is no file. */
const positionOf = ({ column, file, line }: Diagnostic): string =>
  file === undefined ? "effect-wmi" : [file, line, column].filter((part) => part !== undefined).join(":")

/** The lines of a diagnostic. */
export const linesOf = (diagnostic: Diagnostic): ReadonlyArray<ReadonlyArray<Part>> => {
  const { code, hint, message, name, rule, severity = "error" } = diagnostic
  const named = code === undefined || name === undefined || message.includes(name) ? "" : ` (${name})`
  const cited = rule === undefined || message.includes(`[${rule}]`) ? "" : ` [${rule}]`
  return [
    [
      `${positionOf(diagnostic)}: `,
      paint(roleOf(severity), `${severity}:`),
      ` ${message}${named}${cited}`
    ],
    ...sourceOf(diagnostic),
    ...(hint === undefined ? [] : [[paint("hint", "hint:"), ` ${hint}`]])
  ]
}

/** A diagnostic as JSON: the message under its severity, then the facts that it has. */
export const jsonOf = (diagnostic: Diagnostic): Readonly<Record<string, unknown>> => {
  const { code, column, endColumn, file, hint, line, message, name, rule, severity = "error" } = diagnostic
  const status = code === undefined ? undefined : HResult.fromNumber(code)?.status
  return {
    [severity]: message,
    ...(name === undefined ? {} : { name }),
    ...(code === undefined ? {} : { code: HResult.hex(code) }),
    ...(status === undefined ? {} : { status }),
    ...(rule === undefined ? {} : { rule }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(endColumn === undefined ? {} : { endColumn }),
    ...(hint === undefined ? {} : { hint })
  }
}

/** The diagnostic of an error or a warning of MOF text. A suggestion that the message repeats is in the hint only. */
export const fromMof = (fault: Mof.MofError | Mof.MofWarning): Diagnostic => {
  const { column, endColumn, file, hint, line, name, sourceLine }: Diagnostic & Mof.Position = fault
  const prefix = `${file}:${line}:${column}: `
  const own = fault.message.startsWith(prefix) ? fault.message.slice(prefix.length) : fault.message
  const message = hint?.startsWith("did you mean ") === true ? own.replace(/; did you mean [^;?]*\?$/, "") : own
  const facts = { message, file, line, column, endColumn, hint, sourceLine, name }
  return fault._tag === "MofWarning" ? { severity: "warning", ...facts } : { ...facts, code: fault.code }
}
