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
import { type DiagnosticFacts, diagnosticLines } from "../../model/text/diagnosticLines.ts"
import { messageOf } from "../../mof/format.ts"
import type * as Mof from "../../mof/Mof.ts"
import * as HResult from "../../protocol/HResult.ts"
import type { Part } from "./colour.ts"

/** One error, warning or note of the command. */
export interface Diagnostic extends DiagnosticFacts {
  /** The file as the user named it. Without it the diagnostic has no position. */
  readonly file?: string | undefined
  /** The name of the error, such as `SemicolonExpected` or `InvalidNamespace`. */
  readonly name?: string | undefined
  /** The number of the error. */
  readonly code?: number | undefined
  /** The rule of docs/spec, such as `CS-15`. */
  readonly rule?: string | undefined
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

/** `FILE:LINE:COLUMN`, or the name of the command where there is no file. */
const positionOf = ({ column, file, line }: Diagnostic): string =>
  file === undefined ? "effect-wmi" : [file, line, column].filter((part) => part !== undefined).join(":")

/** The lines of a diagnostic. The first has the name of the error and the rule, if the message has not. */
export const linesOf = (diagnostic: Diagnostic): ReadonlyArray<ReadonlyArray<Part>> => {
  const { code, message, name, rule } = diagnostic
  const named = code === undefined || name === undefined || message.includes(name) ? "" : ` (${name})`
  const cited = rule === undefined || message.includes(`[${rule}]`) ? "" : ` [${rule}]`
  return diagnosticLines(positionOf(diagnostic), { ...diagnostic, message: `${message}${named}${cited}` })
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
  const { column, endColumn, file, hint, line, name, sourceLine } = fault
  const facts = { message: messageOf(fault), file, line, column, endColumn, hint, sourceLine, name }
  return fault._tag === "MofWarning" ? { severity: "warning", ...facts } : { ...facts, code: fault.code }
}
