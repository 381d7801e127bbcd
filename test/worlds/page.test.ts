/** The page about worlds lists what the world has, and its programs are the examples of the module, which are compiled and run. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { namespaces } from "../../src/worlds/windows/namespaces.ts"
import { objects } from "../../src/worlds/windows/objects.ts"
import * as Worlds from "../../src/worlds/Worlds.ts"
import { links } from "../spec/citations.ts"
import { agreement, type FactsFile, factsOf, fromFile } from "./agreement.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const text = (file: string): string => readFileSync(join(root, file), "utf8")
const page = text("docs/worlds.md")
/** With one blank where the page has a break. */
const sentences = page.replace(/\s+/g, " ")

const section = (heading: string): string => {
  const [, found] = new RegExp(`\n## ${heading}\n([^]*?)(?=\n## |$)`).exec(page) ?? []
  assert(found !== undefined, `no heading ${heading}`)
  return found
}

const listed = objects(false)
const classes = listed.flatMap((one) => Array.from(one.classes.values(), ({ definition }) => definition.name))
const instances = listed.flatMap((one) => one.instances)

describe("docs/worlds.md", () => {
  it("lists every class with the number of its instances", () => {
    const rows = [...section("Classes").matchAll(/`((?!root)\w+)`(?: (\d+))?/g)]
      .filter(([, name]) => !name!.startsWith("__"))
      .map(([, name, count]) => [name, Number(count ?? 0)] as const)
    const expected = classes.map((name) =>
      [name, instances.filter(({ className }) => className === name).length] as const
    )
    // A class may be in two namespaces.
    assert.deepEqual([...rows].sort(), [...expected].sort())
  })

  it("has a heading for each namespace with classes, and lists every namespace", () => {
    const headings = [...section("Classes").matchAll(/^### `(.*)`$/gm)].map(([, name]) => name)
    const own = listed.map(({ namespace }) => namespace).filter((name) => name !== "root\\cimv2")
    assert.deepEqual([...headings].sort(), [...own].sort())
    const names = [...section("Namespaces").split("\n\n")[0]!.matchAll(/`(root[^`]*)`/g)].map(([, name]) => name)
    assert.deepEqual(names, ["root", ...namespaces])
    assert.deepEqual([...Snapshot.namespaces(Worlds.windows())].sort(), [...names].sort())
  })

  it("its numbers are right", () => {
    const [, ...numbers] = /(\d+) namespaces, (\d+) classes and (\d+) instances/.exec(sentences)!
    assert.deepEqual(numbers.map(Number), [namespaces.length + 1, classes.length, instances.length])
    const computer = fromFile(JSON.parse(text("test/worlds/computerFacts.json")) as FactsFile)
    const { compared, differences } = agreement(factsOf(Worlds.windows()), computer)
    const same = compared - new Set(differences.map(({ className }) => className)).size
    const [, ...agreed] = /(\d+) classes are on that computer, and (\d+) of them are the same/.exec(sentences)!
    assert.deepEqual(agreed.map(Number), [compared, same])
  })

  it("its programs are examples of the module", () => {
    const programs = [...page.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code!)
    const comments = text("src/worlds/Worlds.ts").replace(/^ \* ?/gm, "")
    assert.lengthOf(programs, 3)
    for (const program of programs) assert.include(comments, program)
  })

  it("its links lead to headings", () => {
    for (const [file, anchor] of links(page)) {
      const target = file === "" ? page : text(join("docs", file))
      const headings = [...target.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading!.toLowerCase().replace(/[^\w\s-]/g, "").replaceAll(" ", "-")
      )
      const anchors = [...target.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!)
      if (anchor !== undefined) assert.include([...headings, ...anchors], anchor, `${file}#${anchor}`)
    }
  })
})
