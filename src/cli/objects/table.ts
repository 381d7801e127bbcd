/**
 * Rows as a table. On a terminal columns are aligned and fitted to its width; elsewhere cells are separated by tabs and whole.
 *
 * @internal
 */
import { escapeControl } from "../../model/escapeControl.ts"
import { cellsOf, cutEnd } from "../../model/text/cells.ts"

/** The least width to which a column is cut, unless its heading is wider. */
const leastWidth = 12

/** The space between two columns. */
const gap = 2

/** A text cut or padded to the width of its column. */
const fit = (text: string, width: number): string => {
  const shown = cutEnd(text, width, "…")
  return shown + " ".repeat(width - cellsOf(shown))
}

/** Narrows the widest columns until all fit; the columns that do not fit at the least width are left out, from the right. */
const fitted = (
  natural: ReadonlyArray<number>,
  header: ReadonlyArray<string>,
  width: number
): ReadonlyArray<number> => {
  const widths = [...natural]
  const canShrink = (one: number, i: number): boolean => one > Math.max(leastWidth, cellsOf(header[i]!))
  const total = (): number => widths.reduce((sum, one) => sum + one + gap, -gap)
  while (total() > width) {
    const widest = Math.max(0, ...widths.filter(canShrink))
    const at = widths.map((one, i) => one === widest && canShrink(one, i)).lastIndexOf(true)
    if (at >= 0) widths[at]!--
    else if (widths.length > 1) widths.pop()
    else return [width]
  }
  return widths
}

/** The lines of a table, and the names of the columns that have no room. */
interface Table {
  readonly lines: ReadonlyArray<string>
  readonly leftOut: ReadonlyArray<string>
}

/** A table for a terminal of `width` cells; with `undefined` one line for each row, its cells separated by tabs. */
export const table = (
  header: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  width: number | undefined
): Table => {
  const all = [header, ...rows].map((row) => row.map(escapeControl))
  if (width === undefined) return { lines: all.map((row) => row.join("\t")), leftOut: [] }
  const natural = header.map((_, i) => Math.max(...all.map((row) => cellsOf(row[i]!)), 1))
  const widths = fitted(natural, header, width)
  const lines = all.map((row) => widths.map((one, i) => fit(row[i]!, one)).join(" ".repeat(gap)).trimEnd())
  return { lines, leftOut: header.slice(widths.length) }
}
