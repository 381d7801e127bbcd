/**
 * An error or a warning of MOF text as a compiler prints it: the position and the message, the line of the text, a mark
 * below the faulty part, and a hint. `effect-wmi check` prints the same text.
 *
 * @since 0.1.0
 */
import { escapeControl } from "../model/escapeControl.ts"
import { diagnosticLines, type DiagnosticPart } from "../model/text/diagnosticLines.ts"
import type { MofError, MofWarning } from "./errors.ts"

/**
 * Options of {@link format}.
 *
 * @since 0.1.0
 * @category models
 */
export interface FormatOptions {
  /** Whether to colour the parts with the escape sequences of terminals. Default: `false`. */
  readonly color?: boolean | undefined
  /** The most cells of the line of the text; of a longer line the part around the fault is shown. Default: 70. */
  readonly width?: number | undefined
  /** The distance of tab stops. Tabs are written as blanks. Default: 4. */
  readonly tabWidth?: number | undefined
}

/** The parameters of the sequence that colours a role. */
const sequences = { error: "1;31", warning: "1;33", hint: "36", quiet: "90" } as const

/** The message of an error or a warning, without the position with which the message of an error begins. */
export const messageOf = ({ column, file, line, message }: MofError | MofWarning): string => {
  const prefix = `${escapeControl(file)}:${line}:${column}: `
  return message.startsWith(prefix) ? message.slice(prefix.length) : message
}

/**
 * An error or a warning as text of several lines, without a line break at the end: the position, `error` or `warning`
 * and the message; the line of the text; a caret below the place, with tildes up to the end of the faulty text; the
 * hint. Tabs become blanks, the cells of wide characters are counted, and control characters are escaped. A diagnostic
 * of a file that must not be quoted has its first line only.
 *
 * @example
 * ```ts
 * import { Mof } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const { warnings } = Mof.parse("class Demo_Disk {\n  [key] strng Id;\n};", { file: "disk.mof" })
 * assert.equal(
 *   warnings.map((warning) => Mof.format(warning)).join("\n"),
 *   [
 *     "disk.mof:2:9: warning: strng is no type and no class of this text",
 *     " 2 |   [key] strng Id;",
 *     "   |         ^~~~~",
 *     "hint: did you mean \"string\"?"
 *   ].join("\n")
 * )
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = (diagnostic: MofError | MofWarning, options: FormatOptions = {}): string => {
  const written = (part: DiagnosticPart): string => {
    if (typeof part === "string") return escapeControl(part)
    const text = escapeControl(part.text)
    return options.color === true && text !== "" ? `\u001b[${sequences[part.role]}m${text}\u001b[0m` : text
  }
  const { _tag, column, file, line } = diagnostic
  const severity = _tag === "MofError" ? "error" : "warning"
  return diagnosticLines(
    `${file}:${line}:${column}`,
    { ...diagnostic, severity, message: messageOf(diagnostic) },
    options
  ).map((parts) => parts.map(written).join("")).join("\n")
}
