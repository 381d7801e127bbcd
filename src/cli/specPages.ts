/**
 * The pages of `docs/spec` as data: rules by id, numbered rows and steps, sections. Pure: `explain` reads the files, tests too.
 *
 * A rule is a row of a table whose first cell holds an anchor and an id (`CS-15`). A numbered row or step has an anchor made of the page,
 * the section and the number (`class-update-2.12`); a section has one of the page and its number (`qualifiers-3`).
 *
 * @internal
 */

/** The pages, in the order in which they are listed. */
export const pageNames = [
  "put-async",
  "class-update",
  "instance-put",
  "delete",
  "errors",
  "object-model",
  "qualifiers",
  "object-path",
  "mof",
  "wql"
] as const

export type PageName = typeof pageNames[number]

/** A rule, or a numbered row or step of a section. */
export interface Entry {
  readonly _tag: "Entry"
  readonly page: PageName
  /** The section that holds it; absent on a page without sections. */
  readonly section: Section | undefined
  readonly anchor: string
  /** `CS-15`, or how a numbered row is cited: `class-update 2.12`. */
  readonly label: string
  readonly isRule: boolean
  /** Names of the columns and their cells, without the first column; one cell without a name where it is a step of a list. */
  readonly cells: ReadonlyArray<readonly [column: string, text: string]>
}

export interface Section {
  readonly _tag: "Section"
  readonly page: PageName
  readonly anchor: string
  readonly number: string
  readonly title: string
  /** The text below the heading, subsections included. */
  readonly lines: ReadonlyArray<string>
}

export interface Page {
  readonly _tag: "Page"
  readonly name: PageName
  readonly title: string
  readonly sections: ReadonlyArray<Section>
  readonly entries: ReadonlyArray<Entry>
  readonly anchors: ReadonlySet<string>
}

const anchored = /^<a id="([^"]+)"><\/a>\s*(.*)$/s
const heading = /^(#{2,3}) <a id="([^"]+)"><\/a>(\d+(?:\.\d+)*)\.? (.+)$/
const step = /^\d+\. <a id="([^"]+)"><\/a>(.*)$/
const ruleId = /^[A-Z]{1,2}-\d+$/

/** The cells of a row of a table. */
export const cellsOf = (line: string): ReadonlyArray<string> =>
  line.trim().replace(/^\|/, "").replace(/\|$/, "").split(/(?<!\\)\|/).map((cell) => cell.trim())

export const isTableLine = (line: string): boolean => line.trimStart().startsWith("|")

/** Whether a line separates the header of a table from its rows. */
export const isRuler = (line: string): boolean => /^\s*\|[\s:|-]+\|\s*$/.test(line)

/** How a numbered row or step is cited: the anchor `class-update-2.12` is `class-update 2.12`. */
const citation = (page: PageName, anchor: string): string => `${page} ${anchor.slice(page.length + 1)}`

const sectionsOf = (name: PageName, lines: ReadonlyArray<string>): ReadonlyArray<Section & { readonly at: number }> => {
  const found = lines.flatMap((line, at) => {
    const [, , anchor, number, title] = heading.exec(line) ?? []
    return anchor === undefined || number === undefined || title === undefined ? [] : [{ at, anchor, number, title }]
  })
  return found.map(({ anchor, at, number, title }, i) => {
    const next = found.slice(i + 1).find((other) => !other.number.startsWith(`${number}.`))
    return { _tag: "Section", page: name, at, anchor, number, title, lines: lines.slice(at + 1, next?.at) }
  })
}

/** Reads the text of a page. */
export const parsePage = (name: PageName, text: string): Page => {
  const lines = text.split(/\r?\n/)
  const sections = sectionsOf(name, lines)
  const entries: Array<Entry> = []
  let section: Section | undefined
  let header: ReadonlyArray<string> | undefined
  lines.forEach((line, at) => {
    section = sections.find((one) => one.at === at) ?? section
    if (!isTableLine(line)) {
      header = undefined
      const [, anchor, start] = step.exec(line) ?? []
      if (anchor === undefined || start === undefined) return
      const rest = lines.slice(at + 1)
      const end = rest.findIndex((next) => !/^\s+\S/.test(next))
      const whole = [start, ...rest.slice(0, end < 0 ? undefined : end).map((next) => next.trim())].join(" ")
      const label = citation(name, anchor)
      entries.push({ _tag: "Entry", page: name, section, anchor, label, isRule: false, cells: [["", whole]] })
      return
    }
    const [first = "", ...rest] = cellsOf(line)
    if (header === undefined) {
      header = rest
      return
    }
    const [, anchor, id] = anchored.exec(first) ?? []
    if (anchor === undefined || id === undefined) return
    const columns = header
    const isRule = ruleId.test(id)
    const label = isRule ? id : citation(name, anchor)
    const cells = rest.map((cell, i) => [columns[i] ?? "", cell] as const)
    entries.push({ _tag: "Entry", page: name, section, anchor, label, isRule, cells })
  })
  return {
    _tag: "Page",
    name,
    title: lines.find((line) => line.startsWith("# "))?.slice(2) ?? name,
    sections,
    entries,
    anchors: new Set([...text.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id = ""]) => id))
  }
}

/** Where an entry or a section stands. */
export const placeOf = ({ anchor, page }: Entry | Section): string => `docs/spec/${page}.md#${anchor}`

/** What a reference names: rules (an id of contradictions stands on several pages), a row, a section, a page. */
export type Reference = Entry | Section | Page

const reference = new RegExp(
  `^(?:(${
    pageNames.join("|")
  })(?:\\.md)?)?(?: ?([a-z]{1,2})-?(\\d+)| (\\d[\\d.]*(?:\\.?b\\d+|[a-z])?)(?: (?:row|step) (\\w+))?)?$`
)

/** A reference as it is compared: lower case, one blank between words, no quotes, commas and "section". */
const normalized = (text: string): string =>
  text.toLowerCase().replace(/[`'",]/g, " ").replace(/\bsection\b/g, " ").replace(/\s+/g, " ").trim()

/** A row of the first table of a section, counted from 1. */
const countedRow = (section: Section, number: string): Entry | undefined => {
  const start = section.lines.findIndex(isTableLine)
  if (start < 0) return undefined
  const lines = section.lines.slice(start)
  const end = lines.findIndex((line) => !isTableLine(line))
  const [header, , ...rows] = end < 0 ? lines : lines.slice(0, end)
  const row = rows[Number(number) - 1]
  if (header === undefined || row === undefined) return undefined
  const columns = cellsOf(header)
  const { anchor, page } = section
  const cells = cellsOf(row).map((cell, i) => [columns[i] ?? "", cell] as const)
  return {
    _tag: "Entry",
    page,
    section,
    anchor,
    label: `${page} ${section.number} row ${number}`,
    isRule: false,
    cells
  }
}

/**
 * What a reference names: `CS-15`, `errors K-2`, `qualifiers 3`, `class-update 2.12`, `put-async 3, row 8`, `mof`. Empty when nothing
 * has this name, `undefined` when the text is no reference at all.
 */
export const find = (pages: ReadonlyArray<Page>, text: string): ReadonlyArray<Reference> | undefined => {
  const [whole, name, prefix, digits, number, row] = reference.exec(normalized(text)) ?? []
  if (whole === undefined || whole === "") return undefined
  const among = name === undefined ? pages : pages.filter((page) => page.name === name)
  if (prefix !== undefined && digits !== undefined) {
    const id = `${prefix}-${Number(digits)}`.toUpperCase()
    return among.flatMap(({ entries }) => entries.filter(({ isRule, label }) => isRule && label === id))
  }
  if (number === undefined) return name === undefined ? undefined : among
  if (name === undefined) return undefined
  return among.flatMap((page): ReadonlyArray<Reference> => {
    const anchor = `${page.name}-${row === undefined ? number : `${number}.${row}`}`
    const section = page.sections.find((one) => one.number === (row === undefined ? number : undefined))
    const entry = page.entries.find((one) => one.anchor === anchor)
    const above = page.sections.find((one) => one.number === number)
    const counted = row === undefined || above === undefined ? undefined : countedRow(above, row)
    const found = section ?? entry ?? counted
    return found === undefined ? [] : [found]
  })
}

/** How many letters two words differ in: inserted, left out or another. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1)!
}

/** The ids that are closest to one that does not exist: first those with the same letters, by their number. */
export const closest = (pages: ReadonlyArray<Page>, text: string, count = 4): ReadonlyArray<string> => {
  const [, letters = "", digits = ""] = /([a-z]+)-?(\d+)$/i.exec(text.trim()) ?? []
  const wanted = letters.toUpperCase()
  const ids = [...new Set(pages.flatMap(({ entries }) => entries.flatMap((one) => one.isRule ? [one.label] : [])))]
  const far = (id: string): number => {
    const [prefix = "", number = ""] = id.split("-")
    return 1000 * distance(wanted, prefix) + Math.abs(Number(number) - Number(digits))
  }
  return ids.map((id) => [far(id), id] as const).sort(([a], [b]) => a - b).slice(0, count).map(([, id]) => id)
}
