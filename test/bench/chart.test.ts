/** The chart of a run: what is drawn, how long the bars are, and what stands below them. */
import { assert, describe, it } from "vitest"
import { aboutRun, charted, type Picture } from "../../bench/main.ts"
import type { Report } from "../../bench/report.ts"

const { chart } = await import(new URL("../../scripts/chart.mjs", import.meta.url).href) as {
  readonly chart: (picture: Picture) => string
}

const spread = (median: number) => ({ lower: median * 0.9, median, upper: median * 1.1 })
const report: Report = {
  title: "A store",
  clock: "wall",
  baseline: "raw",
  rounds: 7,
  cases: [
    { name: "raw", figure: "time", wall: spread(100), ratio: spread(1) },
    { name: "put", figure: "time", wall: spread(200), ratio: spread(0.5) },
    { name: "other", figure: "time", wall: spread(50), ratio: spread(2) }
  ],
  goals: [],
  notes: [],
  charted: ["put"]
}
const run = (...groups: ReadonlyArray<Report>) => ({ runtime: "Node 20.0.0", results: [{ bench: "store", groups }] })

describe("the groups of a chart", () => {
  it("are those that name cases for it, with these cases", () => {
    assert.deepStrictEqual(charted([run(report, { ...report, charted: [] }, { ...report, baseline: undefined })]), [
      { title: "A store (wall clock)", baseline: "raw", cases: [{ name: "put", ratio: spread(0.5) }] }
    ])
  })

  it("name the runtime where there are several", () => {
    assert.deepStrictEqual(charted([run(report), run(report)]).map(({ title }) => title), [
      "A store (wall clock, Node 20.0.0)",
      "A store (wall clock, Node 20.0.0)"
    ])
  })
})

describe("the lines below a chart", () => {
  const about = (load: number, cores: number): ReadonlyArray<string> =>
    aboutRun({
      load,
      machine: { model: "A CPU", cores },
      now: new Date("2026-12-01T12:00:00Z"),
      plan: { rounds: 7, processes: 1 },
      runtimes: ["Node 20.0.0", "Bun 1.0.0"]
    })

  it("have the machine, the runtimes, the date and the rounds", () => {
    assert.include(about(0.5, 2).join("\n"), "A CPU, 2 cores; Node 20.0.0, Bun 1.0.0; 2026-12-01.")
    assert.include(about(0.5, 1).join("\n"), "A CPU, 1 core;")
    assert.include(about(0.5, 2).join("\n"), "quartiles of 7 rounds")
  })

  it("say that other programs used the machine, if more processes were runnable than it has cores", () => {
    assert.notInclude(about(2, 2).join("\n"), "Other programs")
    assert.include(about(17.6, 2).join("\n"), "Other programs used the machine: 18 processes wanted its cores.")
  })
})

describe("the picture", () => {
  const groups = charted([run({ ...report, charted: ["put", "other"] })])
  const svg = chart({ title: "Puts & <stores>", groups, about: ["A CPU, 2 cores."] })

  it("has bars of one scale: the baseline twice as long as a case of half its speed", () => {
    const widths = [...svg.matchAll(/<rect x="400" [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width))
    assert.lengthOf(widths, 3)
    assert.closeTo(widths[0]! / widths[1]!, 2, 0.01)
    assert.closeTo(widths[2]! / widths[0]!, 2, 0.01)
  })

  it("fits its width, has colours for light and dark, and nothing from elsewhere", () => {
    const [, width] = /viewBox="0 0 (\d+) \d+"/.exec(svg)!
    for (const [, x] of svg.matchAll(/ x2?="([\d.]+)"/g)) assert.isAtMost(Number(x), Number(width))
    assert.include(svg, "prefers-color-scheme: dark")
    assert.notMatch(svg.replace("http://www.w3.org/2000/svg", ""), /https?:|url\(|@import|<script|<image/)
  })

  it("escapes its texts, and shows the figures and the lines below", () => {
    assert.include(svg, "Puts &amp; &lt;stores&gt;")
    assert.include(svg, ">0.50 (0.45 - 0.55)<")
    assert.include(svg, ">A CPU, 2 cores.<")
    assert.notInclude(svg, "<stores>")
  })

  it("needs a group", () => {
    assert.throws(() => chart({ title: "Nothing", groups: [], about: [] }), /no group to draw/)
  })
})
