/** Every rule, section and row that code, cases, tests and pages cite exists in `docs/spec`, and every link leads to its target. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { closest, find, pageNames, parsePage } from "../../src/cli/spec/specPages.ts"
import { citations, dangling, links } from "./citations.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const text = (file: string): string => readFileSync(join(root, file), "utf8")
const pages = pageNames.map((name) => parsePage(name, text(`docs/spec/${name}.md`)))

const below = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`
    return entry.isDirectory() ? below(file) : /\.(ts|json|md|mjs|ps1)$/.test(file) ? [file] : []
  })

const files = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "mod.ts",
  ...["src", "docs", "test", "examples", "scripts"].flatMap(below)
]
  // This file has wrong citations on purpose.
  .filter((file) => file !== "test/spec/citations.test.ts")

describe("citations of the rules", () => {
  const found = new Map(files.map((file) => {
    const own = pageNames.find((name) => file === `docs/spec/${name}.md`)
    return [file, citations(pages, text(file), own)]
  }))

  it("match a rule, a section or a row of the pages", () => {
    const lost = [...found].flatMap(([file, all]) =>
      dangling(pages, all).map(({ cites, line }) => `${file}:${line}: ${cites}`)
    )
    assert.deepStrictEqual(lost, [])
  })

  it("are found in code, cases, tables and pages", () => {
    const least: ReadonlyArray<readonly [string, number]> = [
      ["src/engine/rules/classShape.ts", 20],
      ["src/mof/aliases.ts", 4],
      ["test/conformance/rule-cases.json", 100],
      ["test/spec/rules.json", 100],
      ["docs/spec/class-update.md", 100],
      ["docs/faithful.md", 5]
    ]
    for (const [file, count] of least) assert.isAtLeast(found.get(file)?.length ?? 0, count, file)
  })
})

describe("the reader of citations", () => {
  const forms: ReadonlyArray<readonly [text: string, cites: ReadonlyArray<string>]> = [
    ["(CS-15, U-0 to U-2)", ["CS-15", "U-0", "U-2"]],
    ["as `errors` K-2 says", ["errors K-2"]],
    ['rule: "instance-put K-8"', ["instance-put K-8"]],
    ["`object-model` 12 and 13", ["object-model 12", "object-model 13"]],
    ['"IX-7, mof 11"', ["IX-7", "mof 11"]],
    ['"errors 5.1; qualifiers 7.3"', ["errors 5.1", "qualifiers 7.3"]],
    ["class-update 2.12", ["class-update 2.12"]],
    ["(`put-async` 3, rows 6 to 8)", ["put-async 3 row 6", "put-async 3 row 8"]],
    ["[`mof.md` section 6](mof.md#mof-6)", ["mof 6"]],
    ["row 2a of `instance-put` 1", ["instance-put 1", "instance-put 1 row 2a"]],
    ["instance-put.md row 4", ["instance-put row 4"]],
    ["instanceBody(qualifiers, 0), U+0020, with errors 5 times, KB-1 and SHA-1", []]
  ]
  for (const [given, expected] of forms) {
    it(
      given,
      () => assert.deepStrictEqual(citations(pages, given).map(({ cites }) => cites).sort(), [...expected].sort())
    )
  }

  const missing: ReadonlyArray<readonly [text: string, cites: string]> = [
    ["a rule that does not exist: CS-99", "CS-99"],
    ["a rule of another page: `errors` CS-15", "errors CS-15"],
    ["`qualifiers` 12", "qualifiers 12"],
    ["`errors` 5.9", "errors 5.9"],
    ["class-update 2.40", "class-update 2.40"],
    ["`class-update` 2, row 40", "class-update 2 row 40"],
    ["row 40 of `class-update` 2", "class-update 2 row 40"],
    ["`class-update` 6 row 30", "class-update 6 row 30"],
    ["instance-put row 4", "instance-put row 4"]
  ]
  for (const [given, cites] of missing) {
    it(`${given} is reported`, () =>
      assert.deepStrictEqual(dangling(pages, citations(pages, `1\n${given}`)), [{ cites, line: 2 }]))
  }

  it("a contradiction without a page belongs to the page that cites it", () => {
    assert.deepStrictEqual(dangling(pages, citations(pages, "K-10")), [])
    assert.deepStrictEqual(dangling(pages, citations(pages, "K-10", "put-async")), [{
      cites: "put-async K-10",
      line: 1
    }])
  })
})

describe("links", () => {
  it("of README, CONTRIBUTING, CHANGELOG and docs lead to a file, and to an anchor of a page of the rules", () => {
    const anchors = new Map(pages.map((page) => [`docs/spec/${page.name}.md`, page.anchors]))
    const lost = files.filter((file) => /^([A-Z]+|docs\/.*)\.md$/.test(file)).flatMap((file) =>
      links(text(file)).flatMap(([target, anchor]) => {
        const path = target === "" ? file : join(dirname(file), target)
        const isThere = existsSync(join(root, path))
          && (anchor === undefined || (anchors.get(path)?.has(anchor) ?? true))
        return isThere ? [] : [`${file}: ${target}#${anchor ?? ""}`]
      })
    )
    assert.deepStrictEqual(lost, [])
  })

  it("are read with their anchors, except in code blocks", () => {
    const markdown = "[a](spec/mof.md#mof-5) [b](#c) [d](https://e.f/g#h)\n```\n[i](j.md)\n```\n[k](l.md)"
    assert.deepStrictEqual(links(markdown), [["spec/mof.md", "mof-5"], ["", "c"], ["l.md", undefined]])
  })

  it("anchors are unique on a page, and every section and rule has one", () => {
    for (const page of pages) {
      const all = [...text(`docs/spec/${page.name}.md`).matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id)
      assert.deepStrictEqual(all.length, new Set(all).size, page.name)
      for (const line of text(`docs/spec/${page.name}.md`).split("\n")) {
        assert.notMatch(line, /^#{2,3} \d/, `${page.name} has a section without an anchor`)
        assert.notMatch(line, /^\| [A-Z]{1,2}-\d+ \|/, `${page.name} has a rule without an anchor`)
      }
    }
  })

  it("the pages link to no file outside of docs/spec", () => {
    for (const name of [...pageNames, "README"]) assert.notMatch(text(`docs/spec/${name}.md`), /\.\.\//)
  })
})

describe("references", () => {
  const found: ReadonlyArray<readonly [reference: string, anchors: ReadonlyArray<string>]> = [
    ["cs-15", ["cs-15"]],
    ["CS15", ["cs-15"]],
    ["errors K-2", ["k-2"]],
    ["`put-async` 3, row 8", ["put-async-3.8"]],
    ["put-async 3.8", ["put-async-3.8"]],
    ["instance-put 1.2A", ["instance-put-1.2a"]],
    ["object-path 8.B1", ["object-path-8.b1"]],
    ["mof.md section 9.5", ["mof-9.5"]],
    ["errors 5.1", ["errors-5.1"]],
    ["class-update 6 row 2", ["class-update-6"]],
    ["class-update 6 row 0", []],
    ["qualifiers 70", []],
    ["CS-0", []],
    ["CZ-1", []]
  ]
  for (const [reference, anchors] of found) {
    it(`${reference}: ${anchors.join(", ") || "nothing"}`, () =>
      assert.deepStrictEqual(
        find(pages, reference)?.map((one) => one._tag === "Page" ? one.name : one.anchor),
        [...anchors]
      ))
  }

  it("the id of a contradiction may be on several pages", () => assert.lengthOf(find(pages, "K-2") ?? [], 5))
  it("other words are not references", () => {
    for (const other of ["", "ClassHasInstances", "0x80041026", "15", "row 3", "mof abc"]) {
      assert.isUndefined(find(pages, other), other)
    }
  })
  it("suggestions have the same letters first, then similar letters", () => {
    assert.isTrue(closest(pages, ["CS", 99].join("-"), 4).every((id) => id.startsWith("CS-")))
    assert.deepStrictEqual(closest(pages, "CZ-15", 2), ["CS-15", "CX-15"])
  })
  it("a section includes its subsections and ends before the next section", () => {
    const [section] = find(pages, "qualifiers 7") ?? []
    assert.isTrue(section?._tag === "Section" && section.lines.some((line) => line.includes("7.3 Writing")))
    const [first] = find(pages, "qualifiers 7.1") ?? []
    assert.isTrue(first?._tag === "Section" && !first.lines.some((line) => line.includes("7.2 Reading")))
  })
})
