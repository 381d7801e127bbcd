/** Comparison with another checkout: which cases are paired, whose sources run, which losses are allowed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { allowedLoss, allowedLosses } from "../../bench/allowedLosses.ts"
import type { Case, Group } from "../../bench/Bench.ts"
import { pairedGroups, unpaired } from "../../bench/pairing.ts"

const setup = () => ({ operations: 1, prepare: () => () => {} })
const one = (name: string, more: Partial<Case> = {}): Case => ({ name, setup, ...more })
const group = (title: string, ...cases: ReadonlyArray<Case>): Group => ({ title, clock: "cpu", cases })

/** Each case of this checkout with its counterpart, or the reason why it has none. */
const pairs = (here: ReadonlyArray<Group>, there: ReadonlyArray<Group>) =>
  pairedGroups(here, there).map(({ cases, group, onlyThere }) => ({
    title: group.title,
    cases: cases.map(({ at, one, ...there }) => [one.name, at, "reason" in there ? there.reason : there.atThere]),
    onlyThere
  }))

describe("cases of two checkouts", () => {
  it("are paired by the title of the group and the name of the case, in any order", () => {
    const here = [group("Single", one("a"), one("b")), group("Bulk", one("a"))]
    const there = [group("Bulk", one("a")), group("Single", one("b"), one("raw", { foreign: true }), one("a"))]
    assert.deepStrictEqual(pairs(here, there), [
      { title: "Single", cases: [["a", "0/0", "1/2"], ["b", "0/1", "1/0"]], onlyThere: [] },
      { title: "Bulk", cases: [["a", "1/0", "0/0"]], onlyThere: [] }
    ])
  })

  it("have a reason where one checkout lacks them, or has another kind of figure", () => {
    const here = [group("Single", one("new"), one("size")), group("New", one("a"))]
    const there = [group("Single", one("old"), one("size", { figure: "bytes" })), group("Old", one("b"))]
    assert.deepStrictEqual(pairs(here, there), [
      {
        title: "Single",
        cases: [
          ["new", "0/0", "it is not in the other checkout"],
          ["size", "0/1", "its figure is of another kind in the other checkout"]
        ],
        onlyThere: ["old"]
      },
      { title: "New", cases: [["a", "1/0", "its group is not in the other checkout"]], onlyThere: [] },
      { title: "Old", cases: [], onlyThere: ["b"] }
    ])
  })

  it("leave out what uses nothing of src", () => {
    const raw = one("raw", { foreign: true })
    assert.deepStrictEqual(pairs([group("Single", raw, one("a"))], [group("Single", one("a"), raw)]), [
      { title: "Single", cases: [["a", "0/1", "0/0"]], onlyThere: [] }
    ])
    assert.deepStrictEqual(
      unpaired([group("Single", raw, one("a"))], "no bench").map(({ cases }) => cases.map(({ one }) => one.name)),
      [["a"]]
    )
  })

  it("may name another case that does the same work, for a checkout without them", () => {
    const here = [group("Single", one("new rows", { comparedWith: "puts" }))]
    assert.deepStrictEqual(pairs(here, [group("Single", one("puts"))])[0]!.cases, [["new rows", "0/0", "0/0"]])
    assert.deepStrictEqual(
      pairs(here, [group("Single", one("puts"), one("new rows"))])[0]!.cases,
      [["new rows", "0/0", "0/1"]]
    )
  })
})

describe("an allowed loss", () => {
  const [loss] = allowedLosses
  const named = [loss!.bench, `${loss!.group} 1,000`, loss!.cases[0]!] as const

  it("belongs to a case of a bench beside a checkout that still has the deleted file", () => {
    assert.strictEqual(allowedLoss(...named, (file) => file === loss!.deleted), loss)
  })

  it("belongs to no other case and no other checkout", () => {
    assert.isUndefined(allowedLoss(...named, () => false))
    assert.isUndefined(allowedLoss(named[0], named[1], "another case", () => true))
    assert.isUndefined(allowedLoss("another", named[1], named[2], () => true))
  })
})

interface Script {
  readonly bundledText: (contents: string, options: Readonly<Record<string, string>>) => Promise<string>
}

// The bundler esbuild starts a process of its own, which proves nothing more under Deno and Bun.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("a bench of another checkout", () => {
  let home: string

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "effect-wmi-bench-test-"))
    mkdirSync(join(home, "src/moved"), { recursive: true })
    mkdirSync(join(home, "bench"))
    writeFileSync(join(home, "src/moved/Renamed.ts"), `export const make = () => "made there"\n`)
    writeFileSync(
      join(home, "bench/one.bench.ts"),
      `import { make } from "../src/moved/Renamed.ts"\nexport default () => make()\n`
    )
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))

  it("runs over its own sources, whatever their names and folders are", async () => {
    // The script has no types of its own.
    const { bundledText }: Script = await import(new URL("../../scripts/bundled.mjs", import.meta.url).href)
    const file = await bundledText(
      `import declare from ${JSON.stringify(join(home, "bench/one.bench.ts"))}; export default declare`,
      { name: "bench-of-another-checkout", folder: join(home, "out") }
    )
    const { default: declare }: { readonly default: () => unknown } = await import(pathToFileURL(file).href)
    assert.strictEqual(declare(), "made there")
  })
})
