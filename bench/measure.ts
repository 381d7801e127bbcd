/**
 * Timing for the benches: cases are run in turn, round after round, so that a drift of the machine hits all of them; the median
 * of a case is printed beside the baseline of the same run. Only ratios mean anything.
 */

import { writeFileSync } from "node:fs"

export interface Case {
  readonly name: string
  /** Operations of one run. */
  readonly operations: number
  /** Prepares one run outside the clock and returns what is timed; that may return what is to be done after the clock stopped. */
  readonly prepare: () => (() => unknown) | Promise<() => unknown>
  /** What is timed happens in another process, which has a clock of its own: it returns the nanoseconds of the run. */
  readonly ownClock?: true
}

export interface Measured {
  readonly name: string
  readonly operations: number
  /** Nanoseconds per operation, median and range over the rounds. */
  readonly median: number
  readonly min: number
  readonly max: number
}

const middle = (sorted: ReadonlyArray<number>): number => sorted[Math.floor(sorted.length / 2)]!

/** Runs every case once per round, after a round that does not count. */
export const measure = async (cases: ReadonlyArray<Case>, rounds: number): Promise<ReadonlyArray<Measured>> => {
  const times = cases.map((): Array<number> => [])
  for (let round = -1; round < rounds; round++) {
    for (const [i, { name, operations, ownClock, prepare }] of cases.entries()) {
      const body = await prepare()
      // No forced collection here: it would throw away optimised code together with the shapes of objects that just died.
      const from = performance.now()
      const after = await body()
      const passed = (performance.now() - from) * 1e6
      if (typeof after === "function") await after()
      const nanoseconds = ownClock === true ? Number(after) : passed
      if (!Number.isFinite(nanoseconds)) throw new Error(`${name} has no clock of its own`)
      if (round >= 0) times[i]!.push(nanoseconds / operations)
    }
  }
  return cases.map(({ name, operations }, i) => {
    const sorted = times[i]!.sort((a, b) => a - b)
    return { name, operations, median: middle(sorted), min: sorted[0]!, max: sorted.at(-1)! }
  })
}

const time = (nanoseconds: number): string =>
  nanoseconds < 1000
    ? `${nanoseconds.toFixed(0)} ns`
    : nanoseconds < 1e6
    ? `${(nanoseconds / 1000).toFixed(2)} us`
    : `${(nanoseconds / 1e6).toFixed(2)} ms`

/** What was measured and printed, for the machine: `BENCH_JSON` names the file. */
interface Report {
  readonly title: string
  readonly baseline: string | undefined
  readonly cases: ReadonlyArray<Measured & { readonly ratio: number | undefined }>
}

interface Goal {
  readonly name: string
  readonly reached: number
  readonly wanted: string
  readonly met: boolean
}

const reports: Array<Report> = []
const goals: Array<Goal> = []

const write = (): void => {
  const file = process.env["BENCH_JSON"]
  if (file !== undefined) writeFileSync(file, JSON.stringify({ reports, goals }))
}

/** A line per case: median, range, operations a second, and the speed beside the baseline (1.00 = as fast). */
export const print = (
  title: string,
  measured: ReadonlyArray<Measured>,
  baseline: Measured | undefined = measured[0]
): void => {
  const ratioOf = (m: Measured): number | undefined => baseline === undefined ? undefined : baseline.median / m.median
  reports.push({ title, baseline: baseline?.name, cases: measured.map((m) => ({ ...m, ratio: ratioOf(m) })) })
  write()
  console.log(`\n${title}`)
  for (const m of measured) {
    const ratio = baseline === undefined ? "" : `${ratioOf(m)!.toFixed(3)} x ${baseline.name}`
    console.log(
      `  ${m.name.padEnd(44)} ${time(m.median).padStart(10)}  (${time(m.min)} - ${time(m.max)})  `
        + `${Math.round(1e9 / m.median).toLocaleString("en").padStart(12)}/s  ${ratio}`
    )
  }
}

/** A figure that has a goal. */
export const goal = (name: string, reached: number, wanted: string, met: boolean): void => {
  goals.push({ name, reached, wanted, met })
  write()
  console.log(`  ${met ? "reached" : "MISSED "}  ${name}: ${reached.toFixed(3)} (goal ${wanted})`)
}
