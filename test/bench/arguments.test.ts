/** Arguments and environment of the bench command, and the order of runtimes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { parse } from "../../bench/arguments.ts"
import { checkout } from "../../bench/main.ts"
import { inOrder, program } from "../../bench/runtimes.ts"
import { pace, plan, planOf, settings, shares } from "../../bench/settings.ts"

const known = ["memory", "sqlite"]
const misuse = (...args: ReadonlyArray<string>): string => {
  const read = parse(args, known)
  return "misuse" in read ? read.misuse : assert.fail(JSON.stringify(read))
}

describe("arguments", () => {
  it("are names and options in any order", () => {
    assert.deepStrictEqual(
      parse(["--node", "22", "sqlite", "--node=24", "--json", "a.json", "memory", "sqlite"], known),
      {
        names: ["sqlite", "memory"],
        json: "a.json",
        chart: undefined,
        help: false,
        against: undefined,
        runtimes: [],
        nodes: ["22", "24"]
      }
    )
  })

  it("that say nothing mean all of it", () => {
    assert.deepInclude(parse([], known), { names: [], against: undefined, json: undefined })
  })

  it("--chart has a file, or the usual one", () => {
    const chartOf = (...args: ReadonlyArray<string>): unknown => parse(args, known)
    assert.deepInclude(chartOf("--chart", "a.svg", "memory"), { chart: "a.svg", names: ["memory"] })
    assert.deepInclude(chartOf("--chart=a.svg"), { chart: "a.svg" })
    assert.deepInclude(chartOf("--chart", "memory"), { chart: "docs/images/bench.svg", names: ["memory"] })
    assert.deepInclude(chartOf("memory", "--chart"), { chart: "docs/images/bench.svg" })
  })

  it("that are wrong are answered with the reason", () => {
    assert.strictEqual(misuse("memroy"), "no bench named memroy; there are memory, sqlite")
    assert.match(misuse("--agianst", "x"), /Unknown option '--agianst'/)
    assert.match(misuse("--against"), /--against/)
    assert.strictEqual(misuse("--against="), "--against needs a value")
    assert.match(misuse("--node", "latest"), /no version of Node/)
    assert.match(misuse("--node", "22; rm"), /no version of Node/)
    assert.match(misuse("--chart", "--against", "x"), /use one of the two/)
    assert.match(misuse("--chart=a.png"), /--chart a\.png: the chart is SVG/)
  })
})

describe("the other checkout", () => {
  it("is a folder with the package, its sources and its benches; anything else is an error that names the folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "effect-wmi-bench-test-"))
    const why = (): string => {
      const read = checkout(folder, "/here")
      return "misuse" in read ? read.misuse : assert.fail("it is a checkout")
    }
    try {
      assert.match(why(), /no checkout/)
      writeFileSync(join(folder, "package.json"), `{ "name": "something-else" }`)
      mkdirSync(join(folder, "src"))
      writeFileSync(join(folder, "src/Wmi.ts"), "")
      assert.match(why(), /no checkout/)
      writeFileSync(join(folder, "package.json"), `{ "name": "effect-wmi" }`)
      assert.match(why(), /no checkout/)
      mkdirSync(join(folder, "bench"))
      assert.deepStrictEqual(checkout(folder, "/here"), { folder, packages: "/here" })
      mkdirSync(join(folder, "node_modules/effect"), { recursive: true })
      assert.deepStrictEqual(checkout(folder, "/here"), { folder, packages: folder })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    assert.match(why(), /no such folder/)
  })
})

describe("environment", () => {
  it("says how much is measured", () => {
    const node = { kind: "node", version: "22.1.0" } as const
    assert.deepStrictEqual(settings({}, node), { runtime: node, count: undefined, short: false })
    assert.deepInclude(settings({ BENCH_COUNT: "20000", BENCH_SHORT: "1" }, node), { count: 20_000, short: true })
    assert.isBelow(pace({ BENCH_SHORT: "1" }).warm, pace({}).warm)
  })

  it("that is no number of anything is an error that names the variable", () => {
    for (const odd of ["0", "-1", "many", "1.5"]) {
      assert.throws(() => plan({ BENCH_ROUNDS: odd }, { rounds: 7, processes: 1 }), RangeError, "BENCH_ROUNDS")
    }
  })

  it("spreads rounds over processes", () => {
    const usual = { rounds: 7, processes: 3 }
    assert.deepStrictEqual(shares(plan({}, usual)), [3, 2, 2])
    assert.deepStrictEqual(shares(plan({ BENCH_ROUNDS: "2" }, usual)), [1, 1])
    assert.deepStrictEqual(shares(plan({ BENCH_PROCESSES: "1" }, usual)), [7])
    assert.deepStrictEqual(shares(planOf({ runs: "fresh" }, usual)), [1, 1, 1, 1, 1, 1, 1])
    assert.deepStrictEqual(shares(planOf({ runs: "one" }, usual)), [1])
    assert.deepStrictEqual(planOf({}, usual), usual)
  })
})

describe("runtimes", () => {
  it("Node 20 comes last", () => {
    const of = (kind: "node" | "bun" | "deno", version: string) => ({ kind, version })
    const list = [of("node", "20.19.0"), of("bun", "1.2.0"), of("node", "24.1.0"), of("deno", "2.0.0")]
    assert.deepStrictEqual(inOrder(list).map(({ version }) => version), ["1.2.0", "24.1.0", "2.0.0", "20.19.0"])
  })

  it("a command that is no runtime is an error that names it", () => {
    assert.throws(() => program("/no/such/runtime"), /\/no\/such\/runtime cannot be run/)
  })

  it("a runtime is recognised by its version text", () => {
    const { kind, version } = program(process.execPath)
    const expected = "Bun" in globalThis ? "bun" : "Deno" in globalThis ? "deno" : "node"
    assert.strictEqual(kind, expected)
    assert.match(version, /^\d+\./)
  })
})
