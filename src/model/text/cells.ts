/**
 * The cells that a text takes on a terminal, and a text cut to a number of cells. Control characters have no width of their own: escape
 * them first ({@link escapeControl}).
 *
 * ```
 * character            cells
 * A                    1
 * combining mark       0    belongs to the character before it
 * kanji, emoji         2
 * ```
 *
 * @internal
 */

/** Characters that belong to the one before them: combining marks, variation selectors and skin tones. */
const attached = /* @__PURE__ */ new RegExp("^[\\p{M}\\u{1f3fb}-\\u{1f3ff}]$", "u")
/** Characters that take no cell. */
const zeroWidth = /* @__PURE__ */ new RegExp("^[\\p{Mn}\\p{Me}\\u{1f3fb}-\\u{1f3ff}]$", "u")
/** Characters that take two cells: those of East Asian scripts, full-width forms and emoji. */
const twoCells = /* @__PURE__ */ new RegExp(
  "^[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\ua960-\\ua97f\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f"
    + "\\uff01-\\uff60\\uffe0-\\uffe6\\u{1b000}-\\u{1b2ff}\\u{20000}-\\u{3fffd}\\p{Emoji_Presentation}]$",
  "u"
)

const isAscii = (text: string): boolean => !/[^ -~]/.test(text)

/** The cells of one character. */
const cellsOfCharacter = (character: string): number =>
  isAscii(character) ? 1 : zeroWidth.test(character) ? 0 : twoCells.test(character) ? 2 : 1

/** A character with the marks that belong to it. A text is cut between clusters only. */
export interface Cluster {
  readonly text: string
  readonly cells: number
}

/** The clusters of a text, in order. */
export function* clustersOf(text: string): Generator<Cluster> {
  let cluster: Cluster | undefined
  for (const character of text) {
    const cells = cellsOfCharacter(character)
    if (cluster !== undefined && !isAscii(character) && attached.test(character)) {
      cluster = { text: cluster.text + character, cells: cluster.cells + cells }
      continue
    }
    if (cluster !== undefined) yield cluster
    cluster = { text: character, cells }
  }
  if (cluster !== undefined) yield cluster
}

/** The cells of a text. */
export const cellsOf = (text: string): number => {
  if (isAscii(text)) return text.length
  let cells = 0
  for (const character of text) cells += cellsOfCharacter(character)
  return cells
}

/** The first of the clusters that have at most so many cells together. */
const fitting = (clusters: Iterable<Cluster>, cells: number): Array<string> => {
  const list: Array<string> = []
  let room = cells
  for (const cluster of clusters) {
    room -= cluster.cells
    if (room < 0) break
    list.push(cluster.text)
  }
  return list
}

/** The ellipsis, as far as there is room for it. */
const ellipsisIn = (cells: number, ellipsis: string): string => cellsOf(ellipsis) <= cells ? ellipsis : ""

/** A text of at most so many cells: the text, or its start with an ellipsis behind it. */
export const cutEnd = (text: string, cells: number, ellipsis: string): string => {
  if (cellsOf(text) <= cells) return text
  const mark = ellipsisIn(cells, ellipsis)
  return fitting(clustersOf(text), cells - cellsOf(mark)).join("") + mark
}

/** A text of at most so many cells: the text, or its end with an ellipsis before it. */
export const cutStart = (text: string, cells: number, ellipsis: string): string => {
  if (cellsOf(text) <= cells) return text
  const mark = ellipsisIn(cells, ellipsis)
  return mark + fitting([...clustersOf(text)].reverse(), cells - cellsOf(mark)).reverse().join("")
}
