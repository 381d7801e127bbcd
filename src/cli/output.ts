/**
 * The output of the command. Names, keys, file names and messages are foreign text, so every line goes through {@link escapeControl}:
 * none of them can move the cursor, start an escape sequence or begin a new line.
 *
 * @internal
 */
import { escapeControl, escapeControlJson } from "../model/escapeControl.ts"

/** Input that cannot be used; the command ends with status 2. */
export class BadInput extends Error {
  /** The error messages, one a line. */
  readonly lines: ReadonlyArray<string>

  constructor(lines: string | ReadonlyArray<string>) {
    const list = typeof lines === "string" ? [lines] : lines
    super(list.join("\n"))
    this.lines = list
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
