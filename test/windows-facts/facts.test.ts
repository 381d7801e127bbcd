/**
 * The facts about real Windows, a test each. Those that differ are named in `docs/faithful.md` with their reasons, and no others differ.
 */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { ask, own, read } from "./facts.ts"

const text = readFileSync(new URL("../../docs/faithful.md", import.meta.url), "utf8")

/** The identifiers in the first column of the table of differing facts. */
const named = Array.from(text.matchAll(/^\| `([\w-]+)` \|/gm), ([, id]) => id)

const { facts, setups } = own()

describe("the behaviour of real Windows computers", () => {
  for (const fact of facts) {
    const differs = named.includes(fact.id)
    it(`${fact.id} ${differs ? "differs, as docs/faithful.md says: " : ""}${fact.windows}`, async () => {
      const { agrees, answer } = await ask(fact, setups)
      if (differs) assert.isFalse(agrees, "it agrees now: take it out of docs/faithful.md")
      else assert.deepStrictEqual(answer, fact.expected)
    })
  }
})

describe("further observations that the rules name", () => {
  const further = read(new URL("further.json", import.meta.url))
  for (const fact of further.facts) {
    it(`${fact.id} ${fact.windows}`, async () => {
      assert.deepStrictEqual((await ask(fact, further.setups)).answer, fact.expected)
    })
  }
})

describe("docs/faithful.md", () => {
  it("names existing facts, each once, and at most ten", () => {
    assert.deepStrictEqual(named.filter((id) => !facts.some((fact) => fact.id === id)), [])
    assert.strictEqual(new Set(named).size, named.length)
    assert.isAtMost(named.length, 10)
  })

  it("and the README state the number of facts that agree", () => {
    const score = `${facts.length - named.length} of ${facts.length} `
    assert.include(text, `${score}agree`)
    assert.include(readFileSync(new URL("../../README.md", import.meta.url), "utf8"), `${score}facts agree`)
  })

  it("names each file of cases; of the two that state a number it is the right one", () => {
    for (const name of ["rule-cases", "emulated-cases"]) {
      assert.include(text, `| all pass | \`test/conformance/${name}.json\` |`)
    }
    for (const name of ["put-cases", "path-cases"]) {
      const file = readFileSync(new URL(`../conformance/${name}.json`, import.meta.url), "utf8")
      const { cases } = JSON.parse(file) as { readonly cases: ReadonlyArray<unknown> }
      assert.include(text, `| ${cases.length} of ${cases.length} pass | \`test/conformance/${name}.json\` |`)
    }
  })
})
