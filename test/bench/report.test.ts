/** The tables of the benches: figures, goals, and the comparison of two builds. */
import { assert, describe, it } from "vitest"
import type { Group } from "../../bench/Bench.ts"
import { compared, comparison, confirmedCase, isWorse, report, summary, table, time } from "../../bench/report.ts"
import type { Sample } from "../../bench/worker.ts"

const setup = () => ({ operations: 1, prepare: () => () => {} })
const sample = (wall: number, cpu?: number): Sample => ({ wall, cpu })

const group: Group = {
  title: "Two ways",
  clock: "cpu",
  cases: [{ name: "raw", setup }, { name: "ours", setup }],
  goals: [
    { name: "of raw", reached: ({ ratio }) => ratio("raw", "ours"), atLeast: 0.25 },
    { name: "nanoseconds", reached: ({ value }) => value("ours"), atMost: 100 }
  ],
  notes: ({ value }) => [`${value("raw").median} and ${value("ours").median}`]
}

/** The CPU time of a round drifts, its ratio does not; the wall clock differs. */
const samples = [
  [[sample(900, 50), sample(100, 100)], [sample(100, 200)]],
  [[sample(300, 100), sample(300, 200)], [sample(300, 400)]]
]

describe("report", () => {
  it("uses the clock of the group, and the ratio of each round", () => {
    const { cases, goals, notes, rounds } = report(group, samples)
    assert.strictEqual(rounds, 3)
    assert.deepStrictEqual(cases[1]!.ratio, { median: 0.5, lower: 0.5, upper: 0.5 })
    assert.strictEqual(cases[0]!.cpu?.median, 100)
    assert.strictEqual(cases[1]!.wall.median, 300)
    assert.deepStrictEqual(goals.map(({ met, wanted }) => [met, wanted]), [[true, ">= 0.25"], [false, "<= 100"]])
    assert.deepStrictEqual(notes, ["100 and 200"])
  })

  it("has no ratios where the cases have no common baseline", () => {
    const { baseline, cases } = report({ ...group, apart: true }, samples)
    assert.isUndefined(baseline)
    assert.isUndefined(cases[0]!.ratio)
  })

  it("falls back on a case's own figure, which has no CPU time", () => {
    const own: Group = { title: "Size", clock: "cpu", cases: [{ name: "a", figure: "bytes", setup }] }
    const { cases } = report(own, [[[sample(10), sample(30)]]])
    assert.deepStrictEqual(cases[0]!.wall, { median: 20, lower: 15, upper: 25 })
    assert.isUndefined(cases[0]!.cpu)
  })

  it("prints a table, and goals as reached or MISSED", () => {
    assert.deepStrictEqual(table(report(group, samples)), [
      "",
      "Two ways",
      "  median (quartiles) of 3                      wall                       CPU      speed by CPU time",
      "  raw                      100 ns (100 ns - 500 ns)   100 ns (75 ns - 150 ns)  1.000 (1.000 - 1.000)",
      "  ours                     300 ns (300 ns - 300 ns)  200 ns (150 ns - 300 ns)  0.500 (0.500 - 0.500)",
      "  reached  of raw: 0.500 (0.500 - 0.500) (goal >= 0.25)",
      "  MISSED   nanoseconds: 200.000 (150.000 - 300.000) (goal <= 100)",
      "  100 and 200"
    ])
  })

  it("prints times in the unit that fits", () => {
    assert.deepStrictEqual([time(12.4), time(2_013), time(7_500_000)], ["12 ns", "2.01 us", "7.50 ms"])
  })
})

describe("two builds", () => {
  const one = { name: "a case" }

  it("are compared round by round by the clock of the group, and by the wall clock beside it", () => {
    const { ratio, verdict, wallRatio } = compared(one, "cpu", [
      [[sample(100, 12), sample(100, 24)]],
      [[sample(100, 10), sample(50, 20)]]
    ])
    assert.closeTo(ratio.median, 1.2, 1e-9)
    assert.strictEqual(verdict, "worse")
    assert.deepStrictEqual(wallRatio, { median: 1.5, lower: 1.25, upper: 1.75 })
  })

  it("count each pair of processes once where there are four or more", () => {
    const pair = (...ratios: ReadonlyArray<number>) => ratios.map((ratio) => sample(ratio, ratio))
    const here = [pair(2, 2, 2, 2, 2), pair(1), pair(1), pair(1)]
    const there = [pair(1, 1, 1, 1, 1), pair(1), pair(1), pair(1)]
    assert.strictEqual(compared(one, "wall", [here, there]).ratio.median, 1)
    assert.strictEqual(compared(one, "wall", [here.slice(0, 3), there.slice(0, 3)]).ratio.median, 2)
  })

  it("have the figures of both measurements where the first one came out worse", () => {
    const first = [[[sample(120)]], [[sample(100)]]]
    const second = [[[sample(100)]], [[sample(100)]]]
    const { ratio, verdict } = confirmedCase(one, "wall", first, second)
    assert.closeTo(ratio.median, 1.1, 1e-9)
    assert.strictEqual(verdict, "unclear")
    assert.strictEqual(confirmedCase(one, "wall", first, first).verdict, "worse")
  })

  it("are printed with the reason where a case could not be compared", () => {
    const cases = [
      compared(one, "wall", [[[sample(120)]], [[sample(100)]]]),
      { name: "new", reason: "it is not in the other checkout" }
    ]
    assert.deepStrictEqual(comparison("Title", "wall", cases), [
      "",
      "Title",
      "  by wall clock    this   other           this / other                                     verdict",
      "  a case         120 ns  100 ns  1.200 (1.200 - 1.200)  WORSE by more than 5 %, outside the spread",
      "  NOT COMPARED  new: it is not in the other checkout"
    ])
    assert.deepStrictEqual(summary(cases), [
      "",
      "1 worse, 0 better, 0 within 5 %, 0 unclear, 1 not compared",
      "  worse: a case: 1.200 (1.200 - 1.200)"
    ])
  })

  it("may be slower by an allowed loss and no more", () => {
    const loss = {
      bench: "sqlite",
      group: "Title",
      cases: ["a case"],
      atMost: 1.18,
      deleted: "src/gone.ts",
      reason: "less code"
    }
    const within = compared(one, "wall", [[[sample(115)]], [[sample(100)]]], loss)
    const beyond = compared(one, "wall", [[[sample(120)]], [[sample(100)]]], loss)
    assert.deepStrictEqual([within.verdict, isWorse(within)], ["worse", false])
    assert.deepStrictEqual([beyond.verdict, isWorse(beyond)], ["worse", true])
    assert.deepStrictEqual(comparison("Title", "wall", [within]), [
      "",
      "Title",
      "  by wall clock    this   other           this / other  allowed                                   verdict",
      "  a case         115 ns  100 ns  1.150 (1.150 - 1.150)  <= 1.18  worse by more than 5 %, which is allowed",
      "  allowed: <= 1.18: less code"
    ])
    assert.deepStrictEqual(summary([within, beyond]), [
      "",
      "1 worse, 1 worse as allowed, 0 better, 0 within 5 %, 0 unclear, 0 not compared",
      "  worse: a case: 1.200 (1.200 - 1.200)",
      "  worse as allowed: a case: 1.150 (1.150 - 1.150), <= 1.18"
    ])
  })
})
