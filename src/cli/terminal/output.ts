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

/** Prints the result of a command: a line of text, with `--json` the same facts as a line of JSON. */
export const printResult = (text: string, facts: unknown): void => settings().json ? printJson(facts) : print(text)

/** What the errors of the file system mean. */
const systemErrors: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is a file and no folder",
  EISDIR: "it is a folder",
  EEXIST: "it exists already",
  EACCES: "this user has no right to it",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EMFILE: "too many files are open"
}

/** The message of an error. An error of the file system is a sentence with the code behind it. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  const meaning = code === undefined ? undefined : systemErrors[code]
  return meaning === undefined ? error.message : `${meaning} (${code})`
}

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
