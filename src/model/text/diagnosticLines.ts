/**
 * The lines of an error, a warning or a note as a compiler prints them: the position and the message, the line of the source, a caret
 * below the faulty text, and a hint. `Mof.format` and the command print these lines.
 *
 * ```
 * disk.mof:3:3: warning: strng is no type and no class of this text
 *  3 |   strng Name;
 *    |   ^~~~~
 * hint: did you mean "string"?
 * ```
 *
 * @internal
 */
import { escapeControl } from "../escapeControl.ts"
import { cellsOf, clustersOf } from "./cells.ts"

/** How the line of the source is shown. */
export interface ExcerptOptions {
  /** The most cells of the line; of a longer line the part around the fault is shown. Default: 70. */
  readonly width?: number | undefined
  /** The distance of tab stops. Tabs are written as blanks. Default: 4. */
  readonly tabWidth?: number | undefined
}

/** The severity of a diagnostic. */
export type Severity = "error" | "warning" | "note"

/** The facts of a diagnostic that are printed. */
export interface DiagnosticFacts {
  /** Default: `"error"`. */
  readonly severity?: Severity | undefined
  /** What is wrong, in one line, without the position. */
  readonly message: string
  /** From 1. */
  readonly line?: number | undefined
  /** From 1, in UTF-16 units. */
  readonly column?: number | undefined
  /** The column after the faulty text. Default: `column`, which makes a caret alone. */
  readonly endColumn?: number | undefined
  /** The line of the source. It is shown where the column is known. */
  readonly sourceLine?: string | undefined
  /** What to do. */
  readonly hint?: string | undefined
}

/** A part of a line: a text, or a text with the role that gives it a colour. Control characters are not escaped yet. */
export type DiagnosticPart = string | {
  readonly role: "error" | "warning" | "hint" | "quiet"
  readonly text: string
}

/** What stands for the rest of a line that is cut. */
const ellipsis = "..."

/** A piece of the line: what is printed for a cluster, and its cells. */
interface Piece {
  readonly text: string
  readonly cells: number
  /** The offsets of the cluster in the line. */
  readonly at: number
  readonly end: number
}

const piecesOf = (text: string, offset: number, tabWidth: number): ReadonlyArray<Piece> => {
  const pieces: Array<Piece> = []
  let at = offset
  let column = 0
  for (const cluster of clustersOf(text)) {
    const written = escapeControl(cluster.text.replace("\t", " ".repeat(tabWidth - column % tabWidth)))
    const cells = written === cluster.text ? cluster.cells : cellsOf(written)
    pieces.push({ text: written, cells, at, end: at + cluster.text.length })
    column += cells
    at += cluster.text.length
  }
  return pieces
}

const sum = (pieces: ReadonlyArray<Piece>): number => pieces.reduce((cells, piece) => cells + piece.cells, 0)

/** Whether an offset is between the halves of a surrogate pair. */
const isInPair = (text: string, offset: number): boolean => (text.charCodeAt(offset) & 0xfc00) === 0xdc00

/** A line and the marks below it, cut to the width. The offsets are those of the faulty text in the line. */
const excerptOf = (
  line: string,
  from: number,
  to: number,
  { tabWidth = 4, width = 70 }: ExcerptOptions
): readonly [shown: string, before: string, marks: string] => {
  // A line may have millions of characters. Only those around the fault are read.
  const first = Math.max(0, from - 4 * width)
  const last = Math.min(line.length, from + 4 * width)
  const start = isInPair(line, first) ? first - 1 : first
  const stop = isInPair(line, last) ? last + 1 : last
  const pieces = piecesOf(line.slice(start, stop), start, Math.max(1, tabWidth))
  const found = pieces.findIndex(({ end }) => end > from)
  const index = found < 0 ? pieces.length : found
  const isLong = start > 0 || stop < line.length || sum(pieces) > width
  const room = isLong ? Math.max(1, width - 2 * ellipsis.length) : Infinity
  let begin = 0
  let before = sum(pieces.slice(0, index))
  if (isLong) {
    // A third of the room is kept for the text before the fault.
    const roomBefore = Math.max(room - Math.min(sum(pieces.slice(index)), Math.ceil(2 * room / 3)), 0)
    while (begin < index && before > roomBefore) before -= pieces[begin++]!.cells
  }
  let end = begin
  let cells = 0
  while (end < pieces.length && (cells + pieces[end]!.cells <= room || end <= index)) cells += pieces[end++]!.cells
  const shown = pieces.slice(begin, end)
  const head = start > 0 || begin > 0 ? ellipsis : ""
  const tail = stop < line.length || end < pieces.length ? ellipsis : ""
  const marked = sum(shown.filter((piece) => piece.end > from && piece.at < to))
  return [
    head + shown.map(({ text }) => text).join("") + tail,
    " ".repeat(before + head.length),
    "^" + "~".repeat(Math.max(0, marked - 1))
  ]
}

/** The lines of a diagnostic, as parts. `position` is `file:line:column`, or as much of it as is known. */
export const diagnosticLines = (
  position: string,
  { column, endColumn = column, hint, line, message, severity = "error", sourceLine }: DiagnosticFacts,
  options: ExcerptOptions = {}
): ReadonlyArray<ReadonlyArray<DiagnosticPart>> => {
  const role = severity === "note" ? "hint" : severity
  const lines: Array<ReadonlyArray<DiagnosticPart>> = [
    [`${position}: `, { role, text: `${severity}:` }, ` ${message}`]
  ]
  if (sourceLine !== undefined && column !== undefined) {
    const [shown, before, marks] = excerptOf(sourceLine, column - 1, (endColumn ?? column) - 1, options)
    const margin = line === undefined ? "" : ` ${line} |`
    lines.push(
      [{ role: "quiet", text: margin }, ` ${shown}`.trimEnd()],
      [{ role: "quiet", text: margin.replace(/\d/g, " ") }, ` ${before}`, { role, text: marks }]
    )
  }
  if (hint !== undefined) lines.push([{ role: "hint", text: "hint:" }, ` ${hint}`])
  return lines
}
