/**
 * `effect-wmi explain` for rules: prints an id, a section or a page of `docs/spec`, or lists all of them.
 *
 * The pages are part of the package and are read at run time: `docs/spec` is two folders above this file and above
 * `dist/bin/effect-wmi.js`. There is one copy of the text, and the printed location can be opened.
 *
 * @internal
 */
import { readFileSync } from "node:fs"
import { BadInput, print, printJson, reasonOf } from "../terminal/output.ts"
import { closest, find, type Page, pageNames, parsePage, placeOf, type Section, type SpecEntry } from "./specPages.ts"
import { legendOf, sourcesIn } from "./legend.ts"
import { plain, sectionLines, wrap } from "./specText.ts"

const folder = new URL("../../docs/spec/", import.meta.url)

const read = (): ReadonlyArray<Page> =>
  pageNames.map((name) => {
    const file = new URL(`${name}.md`, folder)
    let text: string
    try {
      text = readFileSync(file, "utf8")
    } catch (error) {
      throw new BadInput({
        message: `the pages of the rules are not beside the command: ${reasonOf(error)}`,
        hint: "the package has them in docs/spec; install it whole"
      })
    }
    return parsePage(name, text)
  })

const futureWork = "for work to come: the library runs no queries yet"

/** The text of a match as it is printed. */
const textOf = (match: SpecEntry | Section): string =>
  match._tag === "Entry" ? match.cells.map(([, text]) => text).join("\n") : match.lines.join("\n")

const printLines = (lines: ReadonlyArray<string>): void => lines.forEach((line) => print(line))

const printLocation = (match: SpecEntry | Section): void => {
  if (match.page === "wql") print(`  ${futureWork}`)
  print(`  ${placeOf(match)}`)
}

const sectionName = ({ number, title }: Section): string => `${number}. ${plain(title)}`

const printEntry = (entry: SpecEntry, page: Page): void => {
  const { cells, label, section } = entry
  print(`${label}  ${[page.title, ...(section === undefined ? [] : [sectionName(section)])].map(plain).join(", ")}`)
  for (const [i, [column, text]] of cells.entries()) {
    if (text === "") continue
    // The first column holds the rule itself and is printed without its name.
    printLines(wrap(plain(text), i === 0 ? "  " : `  ${column}: `, i === 0 ? "  " : "    "))
  }
  printLocation(entry)
}

const printSection = (section: Section, page: Page): void => {
  print(`${page.name} ${section.number}  ${plain(page.title)}, ${sectionName(section)}`)
  printLines(sectionLines(section.lines))
  printLocation(section)
}

/** The first words of a text, at most `maxLength` characters. */
const firstWords = (text: string, maxLength: number): string => {
  const [line = "", ...more] = wrap(text, "", "")
  if (more.length === 0 && line.length <= maxLength) return line
  return `${line.slice(0, maxLength).replace(/\s+\S*$/, "")} ...`
}

const printContents = (page: Page): void => {
  print(`${page.name}  ${plain(page.title)}  docs/spec/${page.name}.md`)
  if (page.name === "wql") print(`  ${futureWork}`)
  const rules = (inSection: Section | undefined): void => {
    for (const { cells, isRule, label, section } of page.entries) {
      if (isRule && section === inSection) print(`    ${label.padEnd(7)} ${firstWords(plain(cells[0]?.[1] ?? ""), 80)}`)
    }
  }
  rules(undefined)
  for (const section of page.sections) {
    print(`  ${page.name} ${section.number}  ${plain(section.title)}`)
    rules(section)
  }
}

const jsonEntry = (entry: SpecEntry) => ({
  [entry.isRule ? "rule" : "row"]: entry.label,
  page: entry.page,
  ...(entry.section === undefined ? {} : { section: entry.section.number, title: plain(entry.section.title) }),
  cells: entry.cells.flatMap(([column, text]) => text === "" ? [] : [{ column, text: plain(text) }]),
  place: placeOf(entry)
})

const jsonSection = (section: Section, lines: boolean) => ({
  page: section.page,
  section: section.number,
  title: plain(section.title),
  ...(lines ? { text: sectionLines(section.lines) } : {}),
  place: placeOf(section)
})

/** Prints a line of JSON for each section and each rule of a page. */
const printJsonContents = (page: Page): void => {
  for (const section of page.sections) printJson(jsonSection(section, false))
  for (const entry of page.entries) if (entry.isRule) printJson(jsonEntry(entry))
}

/** Prints the ids of all rules and the titles of all sections. */
export const listRules = (json: boolean): void => read().forEach(json ? printJsonContents : printContents)

const howToList = "'effect-wmi explain --rules' lists all"

/** Whether a text has the form of a rule id or begins with the name of a page. */
export const isRuleReference = (text: string): boolean => {
  const first = text.trim().split(/[\s,]/)[0]!.replace(/^[`'"]|[`'"]$/g, "").replace(/\.md$/i, "").toLowerCase()
  return /^[a-z]{1,2}-?\d+$/.test(first) || pageNames.some((name) => name === first)
}

/** Prints the rules, sections or pages that a reference names. Throws `BadInput` if there are none. */
export const explainRule = (text: string, json: boolean): void => {
  const pages = read()
  const found = find(pages, text)
  if (found === undefined || found.length === 0) {
    const page = pages.find(({ name }) => text.toLowerCase().startsWith(name))
    if (page !== undefined) {
      const numbers = page.sections.map(({ number }) => number)
      const has = numbers.length === 0 ? "it has no sections" : `its sections are ${numbers.join(", ")}`
      throw new BadInput({ message: `${text} is not in docs/spec/${page.name}.md: ${has}`, hint: howToList })
    }
    throw new BadInput({
      message: `there is no rule ${text}`,
      hint: `the closest are ${closest(pages, text).join(", ")}; ${howToList}`
    })
  }
  if (json) {
    for (const match of found) {
      if (match._tag === "Page") printJsonContents(match)
      else printJson(match._tag === "Entry" ? jsonEntry(match) : jsonSection(match, true))
    }
    return
  }
  found.forEach((match, i) => {
    if (i > 0) print("")
    if (match._tag === "Page") return printContents(match)
    const page = pages.find(({ name }) => name === match.page)!
    return match._tag === "Entry" ? printEntry(match, page) : printSection(match, page)
  })
  const marked = found.flatMap((match) => match._tag === "Page" ? [] : [match])
  for (const text of new Set(marked.map(({ page }) => legendOf(page)))) print(`  marks: ${text} (docs/spec/README.md)`)
  const named = sourcesIn(marked.map(textOf).join("\n"))
  if (named.length > 0) printLines(wrap(named.join("; "), "  sources: ", "    "))
}
