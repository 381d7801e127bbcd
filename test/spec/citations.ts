/** Finds citations of rules in code, cases and pages: `CS-15`, `errors K-2`, `qualifiers 3`, `class-update 2.12`, `put-async 3, row 8`. */
import { find, type Page, type PageName, pageNames } from "../../src/cli/spec/specPages.ts"

export interface Citation {
  /** In the form that `explain` takes. */
  readonly cites: string
  /** The line of the text, counted from 1. */
  readonly line: number
}

const page = `(?:${pageNames.join("|")})`
/** `mof`, `errors` and `delete` are ordinary words too: they name a page only beside a quotation mark, a bracket or `.md`. */
const named =
  `(?:(?<![\\w./-])(?=\\w+-\\w)(${page})|(?<=[\`"'(;] ?|", |, )(${page})|(?<![\\w-])(${page})(?=\\.md))(?:\\.md)?\`?`
const number = "\\d+(?:\\.\\d+[a-z]?)*(?![\\w-])"
const more = "(?:(?:, (?!row)| and | to |-)\\d+[a-z]?(?![\\w.-]))*"

/** Every number of a list such as `5, 6 and 8`. */
const numbersOf = (list: string): ReadonlyArray<string> => list.match(/\d+(?:\.\d+)*[a-z]?/g) ?? []

interface Pattern {
  readonly form: RegExp
  readonly cites: (groups: ReadonlyArray<string | undefined>) => ReadonlyArray<string>
}

const patterns = (prefixes: ReadonlyArray<string>): ReadonlyArray<Pattern> => {
  const id = `(?:${prefixes.join("|")})-\\d+`
  const pageOf = (groups: ReadonlyArray<string | undefined>): string => groups.find((one) => one !== undefined)!
  return [
    // A rule, with or without the name of its page.
    {
      form: new RegExp(`(?:${named} )?(?<![\\w-])(${id})(?![\\w-])`, "g"),
      cites: ([a, b, c, rule = ""]) => [[a ?? b ?? c, rule].filter((one) => one !== undefined).join(" ")]
    },
    // A section, further sections after it, or rows of it.
    {
      form: new RegExp(`${named} (?:section )?(${number})(?:,? (?:rows?|steps?) (\\d+[a-z]?${more})|(${more}))`, "g"),
      cites: ([a, b, c, section = "", rows, others = ""]) => {
        const name = pageOf([a, b, c])
        if (rows !== undefined) return numbersOf(rows).map((row) => `${name} ${section} row ${row}`)
        return [section, ...numbersOf(others)].map((one) => `${name} ${one}`)
      }
    },
    // Rows of a section, named before it.
    {
      form: new RegExp(`(?<=\\b[Rr]ows? )(\\d+[a-z]?${more}) of \`?${named} (${number})`, "g"),
      cites: ([rows = "", a, b, c, section = ""]) =>
        numbersOf(rows).map((row) => `${pageOf([a, b, c])} ${section} row ${row}`)
    },
    // A row without its section: never valid.
    {
      form: new RegExp(`${named},? rows? (\\d+[a-z]?)`, "g"),
      cites: ([a, b, c, row]) => [`${pageOf([a, b, c])} row ${row}`]
    }
  ]
}

/** The citations of a text, in no particular order. A contradiction (`K-2`) without a page belongs to the page `own`, if that is given. */
export const citations = (pages: ReadonlyArray<Page>, text: string, own?: PageName): ReadonlyArray<Citation> => {
  const labels = pages.flatMap(({ entries }) => entries.flatMap((one) => one.isRule ? [one.label.split("-")[0]!] : []))
  return patterns([...new Set(labels)]).flatMap(({ cites, form }) =>
    [...text.matchAll(form)].flatMap(({ index, ...groups }) => {
      const line = text.slice(0, index).split("\n").length
      const parts = Object.keys(groups).filter((key) => /^[1-9]\d*$/.test(key)).map((key) => groups[Number(key)])
      return cites(parts).map((one) => ({ cites: own !== undefined && /^K-/.test(one) ? `${own} ${one}` : one, line }))
    })
  )
}

/** The citations that match no rule, section or row. */
export const dangling = (pages: ReadonlyArray<Page>, all: ReadonlyArray<Citation>): ReadonlyArray<Citation> =>
  all.filter(({ cites }) => (find(pages, cites) ?? []).length === 0)

/** Relative links of Markdown: the file and the anchor. */
export const links = (text: string): ReadonlyArray<readonly [file: string, anchor: string | undefined]> =>
  [...text.replace(/^```[^]*?^```/gm, "").matchAll(/\]\((?!\w+:)([^()\s#]*)(?:#([^()\s]+))?\)/g)].map((
    [, file = "", anchor]
  ) => [file, anchor])
