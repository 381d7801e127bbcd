/**
 * What the command writes. Names, keys, files and messages come from others, so every line goes through {@link escapeControl}: none of
 * them moves the cursor, starts a sequence of the terminal or begins a line of its own.
 *
 * @internal
 */
import { escapeControl, escapeControlJson } from "../model/escapeControl.ts"

/** Input that cannot be used; the command ends with status 2. */
export class BadInput extends Error {
  /** What is wrong, a line each. */
  readonly lines: ReadonlyArray<string>

  constructor(lines: string | ReadonlyArray<string>) {
    const list = typeof lines === "string" ? [lines] : lines
    super(list.join("\n"))
    this.lines = list
  }
}

/** A line on standard output. */
export const print = (line: string): void => void process.stdout.write(`${escapeControl(line)}\n`)

/** A value as a line of JSON on standard output. */
export const printJson = (value: unknown): void =>
  void process.stdout.write(`${escapeControlJson(JSON.stringify(value))}\n`)

/** Lines on standard error. */
export const printErrors = (lines: ReadonlyArray<string>): void =>
  void process.stderr.write(lines.map((line) => `${escapeControl(line)}\n`).join(""))
