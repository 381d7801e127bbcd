/**
 * The output of the command: results on standard output, errors on standard error. Names, keys, file names and messages are foreign text,
 * so every line goes through `escapeControl`: none of them can move the cursor, start an escape sequence or begin a new line.
 *
 * @internal
 */
import { escapeControlJson } from "../../model/escapeControl.ts"
import { hasColor, type Part, render } from "./colour.ts"
import { type Diagnostic, jsonOf, linesOf } from "./diagnostics.ts"
import { settings } from "./settings.ts"

export { paint, type Part } from "./colour.ts"
export { BadInput, type Diagnostic } from "./diagnostics.ts"

/** Prints a line on standard output. */
export const print = (...parts: ReadonlyArray<Part>): void =>
  void process.stdout.write(`${render(parts, hasColor("stdout"))}\n`)

/** Prints a value as a line of JSON on standard output. */
export const printJson = (value: unknown): void =>
  void process.stdout.write(`${escapeControlJson(JSON.stringify(value))}\n`)

/** The message of an error. */
export const reasonOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** Prints lines on standard error. */
export const printErrors = (lines: ReadonlyArray<string | ReadonlyArray<Part>>): void => {
  const color = hasColor("stderr")
  process.stderr.write(lines.map((line) => `${render(typeof line === "string" ? [line] : line, color)}\n`).join(""))
}

/** Prints diagnostics on standard error: as text, or one line of JSON for each. Equal ones are printed once. */
export const printDiagnostics = (diagnostics: ReadonlyArray<Diagnostic>): void => {
  const printed = new Set<string>()
  for (const diagnostic of diagnostics) {
    const json = JSON.stringify(jsonOf(diagnostic))
    if (printed.has(json)) continue
    printed.add(json)
    if (settings().json) process.stderr.write(`${escapeControlJson(json)}\n`)
    else printErrors(linesOf(diagnostic))
  }
}
