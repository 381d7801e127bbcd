/**
 * An error or a warning of MOF text as a compiler prints it: the position and the message, the line of the text, a mark
 * below the faulty part, and a hint.
 *
 * ```
 * disk.mof:3:3: warning: strng is no type and no class of this text
 *  3 |   strng Name;
 *    |   ^~~~~
 *    = did you mean "string"?
 * ```
 *
 * @since 0.1.0
 */
import { escapeControl } from "../model/escapeControl.ts"
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
  /** The most cells of the line of the text; of a longer line the part around the fault is shown. Default: 100. */
  readonly width?: number | undefined
  /** The distance of tab stops. Tabs are written as blanks. Default: 4. */
  readonly tabWidth?: number | undefined
}

/** Characters that take no cell: combining marks and format characters. */
const zeroWidth = /* @__PURE__ */ new RegExp("^[\\p{Mn}\\p{Me}\\u{1f3fb}-\\u{1f3ff}\\ufe00-\\ufe0f]$", "u")
/** Characters that take two cells: those of East Asian scripts, full-width forms and emoji. */
const twoCells = /* @__PURE__ */ new RegExp(
  "^[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\ua960-\\ua97f\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f"
    + "\\uff01-\\uff60\\uffe0-\\uffe6\\u{1b000}-\\u{1b2ff}\\u{20000}-\\u{3fffd}\\p{Emoji_Presentation}]$",
  "u"
)

/** The cells that a character takes on a terminal. */
const cellsOf = (character: string): number =>
  character >= " " && character <= "~" ? 1 : zeroWidth.test(character) ? 0 : twoCells.test(character) ? 2 : 1

/** A piece of the line: what is printed for one character, and its cells. */
interface Piece {
  readonly text: string
  readonly cells: number
  /** The offset of the character in the line. */
  readonly at: number
}

const pieces = (line: string, tabWidth: number): ReadonlyArray<Piece> => {
  const list: Array<Piece> = []
  let at = 0
  let column = 0
  for (const character of line) {
    const text = character === "\t" ? " ".repeat(tabWidth - column % tabWidth) : escapeControl(character)
    const cells = text === character ? cellsOf(character) : text.length
    list.push({ text, cells, at })
    column += cells
    at += character.length
  }
  return list
}

const sum = (list: ReadonlyArray<Piece>): number => list.reduce((cells, piece) => cells + piece.cells, 0)

/** The line and the mark below it, cut to the width. */
export const excerptOf = (
  line: string,
  from: number,
  to: number,
  { tabWidth = 4, width = 100 }: FormatOptions
): readonly [text: string, mark: string] => {
  // A line may have millions of characters. Only those around the fault are looked at.
  const start = Math.max(0, from - 4 * width)
  const list = pieces(line.slice(start, Math.min(line.length, from + 4 * width)), Math.max(1, tabWidth))
  const first = list.findIndex(({ at }) => start + at >= from)
  const index = first < 0 ? list.length : first
  let begin = 0
  let before = sum(list.slice(0, index))
  // A third of the width is kept for what stands before the fault, as far as the line is too long.
  const isLong = start > 0 || sum(list) > width || from + 4 * width < line.length
  if (isLong) {
    const room = Math.max(width - Math.min(sum(list.slice(index)), Math.ceil(2 * width / 3)), 0)
    while (begin < index && before > room) before -= list[begin++]!.cells
  }
  let end = begin
  let cells = 0
  while (end < list.length && (!isLong || cells + list[end]!.cells <= width || end <= index)) {
    cells += list[end++]!.cells
  }
  const shown = list.slice(begin, end)
  const isCutBefore = start > 0 || begin > 0
  const isCutAfter = end < list.length || from + 4 * width < line.length
  const marked = sum(shown.filter(({ at }) => start + at >= from && start + at < to))
  return [
    (isCutBefore ? "..." : "") + shown.map(({ text }) => text).join("") + (isCutAfter ? "..." : ""),
    " ".repeat(before + (isCutBefore ? 3 : 0)) + "^" + "~".repeat(Math.max(0, marked - 1))
  ]
}

const sequences = { bold: "1", error: "1;31", warning: "1;35", gutter: "34", hint: "36" } as const

/** What a compiler says about a place of a text. */
export interface Finding {
  readonly severity: "error" | "warning"
  /** One line, without the position. */
  readonly message: string
  /** `file:line:column`, or as much of it as is known. */
  readonly position: string | undefined
  /** From 1. */
  readonly line?: number | undefined
  /** From 1, in UTF-16 units. */
  readonly column?: number | undefined
  readonly endColumn?: number | undefined
  readonly sourceLine?: string | undefined
  readonly hint?: string | undefined
}

/** A finding as text of several lines. */
export const render = (finding: Finding, options: FormatOptions = {}): string => {
  const { column = 1, endColumn = column, hint, line, position, severity, sourceLine } = finding
  const paint = (how: keyof typeof sequences, text: string): string =>
    options.color === true && text !== "" ? `\u001b[${sequences[how]}m${text}\u001b[0m` : text
  // The suggestion of a warning is in its message too, for programs that print only that.
  const message = hint?.startsWith("did you mean ") === true
    ? finding.message.replace(/; did you mean [^;?]*\?$/, "")
    : finding.message
  const first = [
    ...(position === undefined ? [] : [paint("bold", `${escapeControl(position)}:`)]),
    paint(severity, `${severity}:`),
    paint("bold", escapeControl(message))
  ]
  const lines = [first.join(" ")]
  const number = String(line ?? "")
  const margin = " ".repeat(number.length + 2)
  if (sourceLine !== undefined) {
    const [shown, mark] = excerptOf(sourceLine, column - 1, endColumn - 1, options)
    lines.push(
      `${paint("gutter", ` ${number} |`)} ${shown}`.trimEnd(),
      `${paint("gutter", `${margin}|`)} ${paint(severity, mark)}`
    )
  }
  if (hint !== undefined) lines.push(`${paint("gutter", `${margin}=`)} ${paint("hint", escapeControl(hint))}`)
  return lines.join("\n")
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
 * const { errors } = Mof.parse("class Demo_Disk {\n  [key] string Id\n};", { file: "disk.mof" })
 * assert.equal(
 *   errors.map((error) => Mof.format(error)).join("\n"),
 *   [
 *     "disk.mof:2:18: error: found the end of the line, expected ';', '=', '[' or '(' (SemicolonExpected)",
 *     " 2 |   [key] string Id",
 *     "   |                  ^"
 *   ].join("\n")
 * )
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = (diagnostic: MofError | MofWarning, options: FormatOptions = {}): string => {
  const { column, file, line, message } = diagnostic
  const isError = diagnostic._tag === "MofError"
  const position = `${file}:${line}:${column}`
  const prefix = `${escapeControl(position)}: `
  return render({
    ...diagnostic,
    severity: isError ? "error" : "warning",
    position,
    message: isError && message.startsWith(prefix) ? message.slice(prefix.length) : message
  }, options)
}
