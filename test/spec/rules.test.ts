/**
 * Every rule of `put-async`, `class-update`, `instance-put`, `delete` and `errors`, and every statement of `qualifiers`, is covered: by
 * conformance cases, by a test (named by a part of its title), or by a reason why neither exists. A withdrawn rule is covered by a case of
 * what it refused. The list of ids in this file is independent of the table `rules.json`; both are compared with the pages of `docs/spec`.
 */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { find, type PageName, pageNames, parsePage } from "../../src/cli/spec/specPages.ts"

type Coverage = {
  readonly cases?: ReadonlyArray<string>
  readonly test?: readonly [file: string, title: string]
  readonly none?: string
}

const text = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")
const table = JSON.parse(text("test/spec/rules.json")) as Readonly<Record<string, Coverage>>
const caseIds = new Set(
  ["put-cases", "path-cases", "rule-cases", "emulated-cases"].flatMap((file) =>
    (JSON.parse(text(`test/conformance/${file}.json`)) as { readonly cases: ReadonlyArray<{ readonly id: string }> })
      .cases.map(({ id }) => id)
  )
)

const upTo = (prefix: string, last: number, first = 1): ReadonlyArray<string> =>
  Array.from({ length: last - first + 1 }, (_, i) => `${prefix}-${first + i}`)

/** The page on qualifiers has no ids: its statements are named by section and a word. */
const named = (section: string, ...statements: ReadonlyArray<string>): ReadonlyArray<string> =>
  statements.map((statement) => `qualifiers ${section} ${statement}`)

const rules: ReadonlyArray<string> = [
  ...upTo("PA", 7),
  ...upTo("PA", 15, 10),
  ...upTo("PA", 33, 20),
  ...upTo("PA", 51, 40),
  ...upTo("PA", 63, 60),
  ...upTo("PA", 77, 70),
  ...upTo("PA", 83, 80),
  ...upTo("PA", 92, 90),
  ...["Enable", "Full Write", "Partial Write", "Provider Write", "Remote Enable"].map((right) =>
    `put-async 10 ${right}`
  ),
  ...upTo("CS", 20),
  ...upTo("U", 4, 0),
  ...upTo("CX", 19),
  ...upTo("IK", 10),
  ...upTo("ID", 8),
  ...upTo("IV", 13),
  ...upTo("IP", 15),
  ...upTo("IR", 9),
  ...upTo("IX", 9),
  "instance-put 1.2a",
  "instance-put 5 DeliveryQoS",
  "instance-put 5 not_null",
  ...upTo("DL", 13),
  ...upTo("ER", 6),
  ...upTo("EO", 7),
  ...named(
    "1",
    "values",
    "empty arrays",
    "names",
    "dictionary",
    "length",
    "one of a name",
    "no value",
    "system properties"
  ),
  ...named("2", "bits", "words", "pairs", "defaults", "Key", "singleton, association", "dynamic", "In, Out", "CIMTYPE"),
  ...named(
    "3",
    "inherited",
    "overridden",
    "said again",
    "own flavours",
    "members",
    "parameters",
    "instances",
    "listing",
    "apart"
  ),
  ...named(
    "4",
    "Key",
    "Indexed",
    "Not_Null",
    "Singleton",
    "Abstract",
    "Dynamic",
    "Provider",
    "Association",
    "Indication",
    "In, Out",
    "ID",
    "CIMTYPE",
    "contexts",
    "NamespaceSecuritySDDL",
    "RequiresEncryption"
  ),
  ...named("5", "informational", "CIM_Key", "Read, Write"),
  ...named("6", "important", "unimportant", "compatible", "safe", "force"),
  ...named("7.1", "namespace", "locale", "amendment class", "Locale", "no instances"),
  ...named("7.2", "without the flag", "with the flag", "order", "what the class lacks", "ancestors"),
  ...named("7.3", "row 1", "row 2", "row 3", "row 4", "row 5", "row 6", "path")
]

const pages = pageNames.map((name) => parsePage(name, text(`docs/spec/${name}.md`)))

/** Pages whose rules are not covered: queries are not implemented. */
const notCovered: ReadonlyArray<PageName> = ["wql"]

/** The ids of the pages, without contradictions (`K-2`): a contradiction is a reason, and the rule that follows from it is covered. */
const idsOf = (from: typeof pages): ReadonlyArray<string> =>
  from.filter(({ name }) => !notCovered.includes(name)).flatMap(({ entries }) =>
    entries.flatMap(({ isRule, label }) => isRule && !label.startsWith("K-") ? [label] : [])
  )

describe("the rules of the specification", () => {
  it("the pages and the table have the same ids", () => {
    const ids = Object.keys(table).filter((rule) => /^[A-Z]{1,2}-\d+$/.test(rule))
    assert.deepStrictEqual([...idsOf(pages)].sort(), ids.sort())
  })

  it("a new row of a page without an entry in the table is reported", () => {
    const id = ["DL", 14].join("-")
    const more = parsePage("delete", `${text("docs/spec/delete.md").trimEnd()}\n| <a id="new"></a>${id} | new | I |\n`)
    assert.deepStrictEqual(idsOf([more]).filter((rule) => !(rule in table)), [id])
  })

  it("every other entry of the table begins with a section or a row of the pages", () => {
    const names = Object.keys(table).filter((rule) => !/^[A-Z]{1,2}-\d+$/.test(rule))
    const sections = names.map((rule) => /^[a-z-]+ \d\S*/.exec(rule)?.[0] ?? rule)
    assert.deepStrictEqual(sections.filter((section) => (find(pages, section) ?? []).length === 0), [])
  })

  it("the table has the rules of this file, in this order", () =>
    assert.deepStrictEqual(Object.keys(table), [...rules]))

  for (const [rule, coverage] of Object.entries(table)) {
    it(`${rule} is covered, or has a reason why not`, () => {
      assert.lengthOf(Object.keys(coverage), 1)
      if (coverage.cases !== undefined) {
        assert.isNotEmpty(coverage.cases)
        assert.deepStrictEqual(coverage.cases.filter((id) => !caseIds.has(id)), [])
      } else if (coverage.test !== undefined) {
        const [file, title] = coverage.test
        // The title "CX-1" must not match "CX-11".
        const afterTitle = text(file).split(title).slice(1)
        assert.isTrue(afterTitle.some((rest) => !/^\d/.test(rest)), `${file} has no test ${title}`)
      } else assert.isAbove(coverage.none?.length ?? 0, 40)
    })
  }
})
