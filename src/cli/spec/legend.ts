/**
 * The legend of a rule: the meaning of the marks on a page of `docs/spec`, and of the sources that the marks name.
 *
 * @internal
 */
import type { PageName } from "./specPages.ts"

/** The meaning of the marks on a page. */
export const legendOf = (page: PageName): string =>
  ["object-model", "qualifiers", "object-path", "mof"].includes(page)
    ? "[W], [S], [O], [D] documented, [Obs] printed output, [E] observed on Windows, [C] our choice"
    : "D documented, E observed on Windows, I our choice"

/** The sources that a mark may name, with their meaning in a few words: `docs/spec/README.md` has the long form. */
export const sources: ReadonlyArray<readonly [name: string, meaning: string]> = [
  ["DUMP", "the classes of a real computer with Windows XP"],
  ["SUITE", "test suites of other projects that run on Windows"],
  ["OUT", "printed output of real computers"],
  ["RAW", "records of a real repository"],
  ["INDEX", "the index of a real repository"],
  ["SHIP", "MOF files that ship with Windows"],
  ["PAIR", "a MOF file of Windows beside the classes that the server returns"],
  ["MS-WMI", "Microsoft's open protocol document"],
  ["E1", "one report only"],
  ["fair", "few or indirect observations"]
]

/** The marks of a text: what stands in brackets behind a letter of a mark. A mark may hold brackets itself. */
const marksIn = (text: string): string =>
  [...text.matchAll(/\b(?:D|E|I)\((?:[^()]|\([^()]*\))*\)|\[[A-Z][^\]]*\]/g)].map(([mark]) => mark).join(" ")

/** The sources that the marks of a text name, in the order of the table. */
export const sourcesIn = (text: string): ReadonlyArray<string> => {
  const words = new Set(marksIn(text).match(/[\w-]+/g))
  return sources.flatMap(([name, meaning]) => words.has(name) ? [`${name}: ${meaning}`] : [])
}
