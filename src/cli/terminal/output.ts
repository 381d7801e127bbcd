/**
 * The output of the command: results on standard output, errors on standard error. Names, keys, file names and messages are foreign text,
 * so every line goes through {@link escapeControl}: none of them can move the cursor, start an escape sequence or begin a new line.
 *
 * @internal
 */
import { escapeControl, escapeControlJson } from "../../model/escapeControl.ts"

/** One error or warning of the command. */
export interface Diagnostic {
  readonly severity?: "error" | "warning" | undefined
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

/** Prints a line on standard output. */
export const print = (line: string): void => void process.stdout.write(`${escapeControl(line)}\n`)

/** Prints a value as a line of JSON on standard output. */
export const printJson = (value: unknown): void =>
  void process.stdout.write(`${escapeControlJson(JSON.stringify(value))}\n`)

/** The message of an error. */
export const reasonOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** Prints lines on standard error. */
export const printErrors = (lines: ReadonlyArray<string>): void =>
  void process.stderr.write(lines.map((line) => `${escapeControl(line)}\n`).join(""))

const positionOf = ({ column, file, line }: Diagnostic): string =>
  file === undefined ? "" : [file, line, column].filter((part) => part !== undefined).join(":") + ": "

/** Prints diagnostics on standard error. */
export const printDiagnostics = (diagnostics: ReadonlyArray<Diagnostic>): void =>
  printErrors(diagnostics.map((one, i) => `${i === 0 ? "effect-wmi: " : ""}${positionOf(one)}${one.message}`))
