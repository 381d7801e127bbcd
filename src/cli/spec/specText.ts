/**
 * Converts the Markdown of `docs/spec` to lines for a terminal. Pure.
 *
 * @internal
 */
import { cellsOf, isRuler, isTableLine } from "./specPages.ts"

const width = 100

/** Removes anchors, link targets and emphasis. Text in backquotes is unchanged. */
export const plain = (markdown: string): string =>
  markdown
    .replace(/<a id="[^"]+"><\/a>/g, "")
    .replace(/\[([^[\]]+)\]\([\w.#/-]+\)/g, "$1")
    .replace(/\\\|/g, "|")
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith("`")
        ? part
        : part.replace(/\*\*([^*]+)\*\*/g, "$1").replace(/(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])/g, "$1")
    )
    .join("")

/** Wraps a text at 100 characters. The first line begins with `first`, the others with `rest`. */
export const wrap = (text: string, first: string, rest: string): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = first
  let isEmpty = true
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = rest
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return isEmpty ? lines : [...lines, line]
}

/** The lines of a table row: the first cell, then each other cell that is not empty, with the name of its column. */
const rowLines = (columns: ReadonlyArray<string>, cells: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [first = "", ...rest] = cells.map(plain)
  if (rest.length === 1) return wrap(`${first}: ${rest[0]!}`, "  ", "      ")
  return [
    ...wrap(first, "  ", "    "),
    ...rest.flatMap((cell, i) => cell === "" ? [] : wrap(`${plain(columns[i + 1] ?? "")}: ${cell}`, "    ", "      "))
  ]
}

const listItem = /^(\s*)(- |\d+\. )(.*)$/

/** The lines of a section. */
export const sectionLines = (markdown: ReadonlyArray<string>): ReadonlyArray<string> => {
  const out: Array<string> = []
  let block: { first: string; rest: string; text: string } | undefined
  let columns: ReadonlyArray<string> | undefined
  let isCode = false
  const flush = (): void => {
    if (block !== undefined) out.push(...wrap(plain(block.text), block.first, block.rest))
    block = undefined
  }
  for (const line of markdown) {
    const isFence = line.trimStart().startsWith("```")
    if (isFence || isCode) {
      flush()
      if (isFence) isCode = !isCode
      else out.push(`    ${line}`)
      continue
    }
    if (isTableLine(line)) {
      flush()
      const cells = cellsOf(line)
      if (columns === undefined) columns = cells
      else if (!isRuler(line)) out.push(...rowLines(columns, cells))
      continue
    }
    columns = undefined
    const [, indent, mark, text] = listItem.exec(line) ?? []
    if (line.trim() === "") {
      flush()
      if (out.length > 0 && out.at(-1) !== "") out.push("")
    } else if (line.startsWith("#")) {
      flush()
      out.push(plain(line).replace(/^#+ /, ""))
    } else if (indent !== undefined && mark !== undefined && text !== undefined) {
      flush()
      const first = `  ${indent}${mark}`
      block = { first, rest: " ".repeat(first.length), text }
    } else if (block === undefined) block = { first: "  ", rest: "  ", text: line }
    else block.text += ` ${line}`
  }
  flush()
  while (out.at(-1) === "") out.pop()
  return out
}
