/**
 * Parses the pages of `docs/spec`: rules by id, numbered rows and steps, sections. Pure: callers read the files.
 *
 * A rule is a row of a table whose first cell holds an anchor and an id (`CS-15`). A numbered row or step has an anchor made of the page,
 * the section and the number (`class-update-2.12`); a section has one of the page and its number (`qualifiers-3`).
 *
 * @internal
 */

import { distance } from "../../model/text/nearestName.ts"

/** The names of the pages, in the order of the list. */
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
export interface SpecEntry {
  readonly _tag: "Entry"
  readonly page: PageName
  /** The section that holds it; absent on a page without sections. */
  readonly section: Section | undefined
  readonly anchor: string
  /** The id of a rule, such as `CS-15`, or the citation of a numbered row, such as `class-update 2.12`. */
  readonly label: string
  readonly isRule: boolean
  /** The cells with the names of their columns, without the first column. A step of a list is one cell without a name. */
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
  readonly entries: ReadonlyArray<SpecEntry>
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

/** The citation of a numbered row or step: `class-update 2.12` for the anchor `class-update-2.12`. */
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

/** Parses the text of a page. */
export const parsePage = (name: PageName, text: string): Page => {
  const lines = text.split(/\r?\n/)
  const sections = sectionsOf(name, lines)
  const entries: Array<SpecEntry> = []
  let section: Section | undefined
  let header: ReadonlyArray<string> | undefined
  lines.forEach((line, at) => {
    section = sections.find((entry) => entry.at === at) ?? section
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

/** The location of an entry or a section. */
export const placeOf = ({ anchor, page }: SpecEntry | Section): string => `docs/spec/${page}.md#${anchor}`

/** The target of a reference: a rule, a row, a section or a page. Some ids (of contradictions) are on several pages. */
type ReferenceTarget = SpecEntry | Section | Page

const reference = new RegExp(
  `^(?:(${
    pageNames.join("|")
  })(?:\\.md)?)?(?: ?([a-z]{1,2})-?(\\d+)| (\\d[\\d.]*(?:\\.?b\\d+|[a-z])?)(?: (?:row|step) (\\w+))?)?$`
)

/** A reference in normal form: lower case, one blank between words, without quotes, commas and "section". */
const normalized = (text: string): string =>
  text.toLowerCase().replace(/[`'",]/g, " ").replace(/\bsection\b/g, " ").replace(/\s+/g, " ").trim()

/** A row of the first table of a section, counted from 1. */
const countedRow = (section: Section, number: string): SpecEntry | undefined => {
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
 * Finds the targets of a reference such as `CS-15`, `errors K-2`, `qualifiers 3`, `class-update 2.12`, `put-async 3, row 8` or `mof`.
 * Returns an empty list when there are none, and `undefined` when the text is no reference.
 */
export const find = (pages: ReadonlyArray<Page>, text: string): ReadonlyArray<ReferenceTarget> | undefined => {
  const [whole, name, prefix, digits, number, row] = reference.exec(normalized(text)) ?? []
  if (whole === undefined || whole === "") return undefined
  const among = name === undefined ? pages : pages.filter((page) => page.name === name)
  if (prefix !== undefined && digits !== undefined) {
    const id = `${prefix}-${Number(digits)}`.toUpperCase()
    return among.flatMap(({ entries }) => entries.filter(({ isRule, label }) => isRule && label === id))
  }
  if (number === undefined) return name === undefined ? undefined : among
  if (name === undefined) return undefined
  return among.flatMap((page): ReadonlyArray<ReferenceTarget> => {
    const anchor = `${page.name}-${row === undefined ? number : `${number}.${row}`}`
    const section = page.sections.find((entry) => entry.number === (row === undefined ? number : undefined))
    const entry = page.entries.find((entry) => entry.anchor === anchor)
    const above = page.sections.find((entry) => entry.number === number)
    const counted = row === undefined || above === undefined ? undefined : countedRow(above, row)
    const found = section ?? entry ?? counted
    return found === undefined ? [] : [found]
  })
}

/** The existing ids that are closest to an unknown one: by the distance of the letters, then by the number. */
export const closest = (pages: ReadonlyArray<Page>, text: string, count = 4): ReadonlyArray<string> => {
  const [, letters = "", digits = ""] = /([a-z]+)-?(\d+)$/i.exec(text.trim()) ?? []
  const wanted = letters.toUpperCase()
  const ids = [
    ...new Set(pages.flatMap(({ entries }) => entries.flatMap((entry) => entry.isRule ? [entry.label] : [])))
  ]
  const distanceTo = (id: string): number => {
    const [prefix = "", number = ""] = id.split("-")
    return 1000 * distance(wanted, prefix) + Math.abs(Number(number) - Number(digits))
  }
  return ids.map((id) => [distanceTo(id), id] as const).sort(([a], [b]) => a - b).slice(0, count).map(([, id]) => id)
}
