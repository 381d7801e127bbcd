/**
 * An error, a warning or a note of the command, as text and as JSON.
 *
 * ```
 * bad.mof:6:23: error: found '300', expected a value of N, which is uint8
 *   instance of A { N = 300; };
 *                       ^~~
 * hint: uint8 holds 0 to 255
 * ```
 *
 * @internal
 */
import { escapeControl } from "../../model/escapeControl.ts"
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

/** Characters that take two columns of a terminal. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

/** The columns of a terminal that a text takes. */
const widthOf = (text: string): number => escapeControl(text).replace(wide, "  ").length

/** The most units of a source line that are shown. */
const shownUnits = 76

const roleOf = (severity: Diagnostic["severity"] = "error"): Role => severity === "note" ? "hint" : severity

/** The source line and the line with the caret. A long line is cut around the caret. */
const sourceOf = (
  { column, endColumn, severity, sourceLine }: Diagnostic
): ReadonlyArray<ReadonlyArray<Part>> => {
  if (sourceLine === undefined || column === undefined) return []
  const line = sourceLine.replace(/[\r\n]+$/, "").replaceAll("\t", " ")
  const at = Math.min(column - 1, line.length)
  const start = line.length <= shownUnits || at < shownUnits - 16 ? 0 : at - Math.floor(shownUnits / 2)
  const end = Math.min(line.length, start + shownUnits)
  const before = `${start > 0 ? "..." : ""}${line.slice(start, at)}`
  const behind = Math.min(Math.max(endColumn === undefined ? at + 1 : endColumn - 1, at + 1), Math.max(end, at + 1))
  const shown = `${before}${line.slice(at, end)}${end < line.length ? "..." : ""}`
  const marks = Math.max(widthOf(line.slice(at, behind)), 1)
  return [
    ["  ", shown],
    ["  ", " ".repeat(widthOf(before)), paint(roleOf(severity), `^${"~".repeat(marks - 1)}`)]
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

/** The diagnostic of an error or a warning of MOF text. */
export const fromMof = (fault: Mof.MofError | Mof.MofWarning): Diagnostic => {
  const { column, endColumn, file, hint, line, sourceLine }: Diagnostic & Mof.Position = fault
  const common = { file, line, column, endColumn, hint, sourceLine }
  if (fault._tag === "MofWarning") return { severity: "warning", message: fault.message, ...common }
  const prefix = `${file}:${line}:${column}: `
  const { code, message, name } = fault
  return { message: message.startsWith(prefix) ? message.slice(prefix.length) : message, name, code, ...common }
}
