/** Results as text and as data. */
import type { AllowedLoss } from "./allowedLosses.ts"
import type { Clock, Figure, Goal, Group, Results } from "./Bench.ts"
import { confirmed, ratios, type Spread, spread, type Verdict, verdict } from "./statistics.ts"
import type { Sample } from "./worker.ts"
import type { Samples } from "./conductor.ts"

/** Nanoseconds with three digits or more. */
export const time = (nanoseconds: number): string =>
  nanoseconds < 1000
    ? `${nanoseconds.toFixed(0)} ns`
    : nanoseconds < 1e6
    ? `${(nanoseconds / 1000).toFixed(2)} us`
    : `${(nanoseconds / 1e6).toFixed(2)} ms`

const bytes = (value: number): string => value < 10_240 ? `${value.toFixed(0)} B` : `${(value / 1024).toFixed(1)} KiB`

const number = (value: number): string => value >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(3)

/** A median with its quartiles. */
export const around = ({ lower, median, upper }: Spread, text: (value: number) => string = number): string =>
  `${text(median)} (${text(lower)} - ${text(upper)})`

/** The measured figures of a case. */
export interface Measured {
  readonly name: string
  readonly figure: Figure
  /** Nanoseconds or bytes of an operation. */
  readonly wall: Spread
  /** Nanoseconds of CPU time of the process; absent where the case has its own figure. */
  readonly cpu?: Spread
  /** How fast it is beside the baseline, by the clock of the group: 2 is twice as fast. Absent without a baseline. */
  readonly ratio?: Spread
}

/** A goal and the figure that was reached. */
export interface Reached {
  readonly name: string
  readonly reached: Spread
  readonly wanted: string
  readonly met: boolean
}

/** A group and its figures. */
export interface Report {
  readonly title: string
  readonly clock: Clock
  readonly baseline: string | undefined
  readonly rounds: number
  readonly cases: ReadonlyArray<Measured>
  readonly goals: ReadonlyArray<Reached>
  readonly notes: ReadonlyArray<string>
  /** The cases that the chart shows. */
  readonly charted: ReadonlyArray<string>
}

/** CPU times, where the harness kept the clock. */
const cpuOf = (samples: ReadonlyArray<Sample>): ReadonlyArray<number> | undefined => {
  const times = samples.flatMap(({ cpu }) => cpu === undefined ? [] : [cpu])
  return times.length === samples.length ? times : undefined
}

/** The values of a case by the clock of its group; cases with a figure of their own have no other one. */
const values = (samples: ReadonlyArray<Sample>, clock: Clock): ReadonlyArray<number> =>
  (clock === "cpu" ? cpuOf(samples) : undefined) ?? samples.map(({ wall }) => wall)

const reached = (goal: Goal, results: Results): Reached => {
  const spread = goal.reached(results)
  const { atLeast, atMost } = goal
  return {
    name: goal.name,
    reached: spread,
    wanted: [...(atLeast === undefined ? [] : [`>= ${atLeast}`]), ...(atMost === undefined ? [] : [`<= ${atMost}`])]
      .join(", "),
    met: (atLeast === undefined || spread.median >= atLeast) && (atMost === undefined || spread.median <= atMost)
  }
}

/** The report of a group from its samples. */
export const report = (group: Group, samples: Samples): Report => {
  const { cases, clock } = group
  const flat = samples.map((processes) => processes.flat())
  const of = (name: string): ReadonlyArray<number> => {
    const at = cases.findIndex((one) => one.name === name)
    if (at < 0) throw new Error(`${group.title} has no case ${name}`)
    return values(flat[at]!, clock)
  }
  const results: Results = {
    value: (name) => spread(of(name)),
    ratio: (name, other) => spread(ratios(of(name), of(other)))
  }
  const baseline = group.apart === true ? undefined : cases[0]!.name
  return {
    title: group.title,
    clock,
    baseline,
    rounds: flat[0]!.length,
    cases: cases.map(({ figure = "time", name }, i) => {
      const all = flat[i]!
      const cpu = cpuOf(all)
      return {
        name,
        figure,
        wall: spread(all.map(({ wall }) => wall)),
        ...(cpu === undefined ? {} : { cpu: spread(cpu) }),
        ...(baseline === undefined ? {} : { ratio: results.ratio(baseline, name) })
      }
    }),
    goals: (group.goals ?? []).map((goal) => reached(goal, results)),
    notes: group.notes?.(results) ?? [],
    charted: group.charted ?? []
  }
}

/** Columns of equal width, the first one set to the left; a column that is empty in every row is left out. */
const columns = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<string> => {
  const used = head.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== ""))
  const all = [head, ...rows].map((row) => used.map((i) => row[i]!))
  const widths = used.map((_, i) => Math.max(...all.map((row) => row[i]!.length)))
  return all.map((row) =>
    `  ${row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ")}`
  )
}

/** The clocks in words. */
export const clockName = { cpu: "CPU time", wall: "wall clock" } as const

/** A table: wall clock and CPU time of an operation and the speed beside the baseline, each as a median with its quartiles. */
export const table = ({ baseline, cases, clock, goals, notes, rounds, title }: Report): ReadonlyArray<string> => {
  const rows = cases.map(({ cpu, figure, name, ratio, wall }) => [
    name,
    around(wall, figure === "bytes" ? bytes : time),
    cpu === undefined ? "" : around(cpu, time),
    ratio === undefined ? "" : around(ratio)
  ])
  const head = [
    `median (quartiles) of ${rounds}`,
    "wall",
    "CPU",
    baseline === undefined ? "" : `speed by ${clockName[clock]}`
  ]
  return [
    "",
    title,
    ...columns(head, rows),
    ...goals.map(({ met, name, reached, wanted }) =>
      `  ${met ? "reached" : "MISSED "}  ${name}: ${around(reached)} (goal ${wanted})`
    ),
    ...notes.map((note) => `  ${note}`)
  ]
}

/** A case of two builds. */
export interface Compared {
  readonly name: string
  readonly figure: Figure
  readonly clock: Clock
  /** By the clock of the group. */
  readonly here: Spread
  readonly there: Spread
  /** Cost here divided by cost there, round by round: below 1 is better. */
  readonly ratio: Spread
  /** By the wall clock, beside CPU time. */
  readonly wallRatio: Spread | undefined
  readonly verdict: Verdict
  /** What this build may cost more than the other one. */
  readonly allowed: AllowedLoss | undefined
}

/** A case that could not be compared, and why. */
export interface NotCompared {
  readonly name: string
  readonly reason: string
}

const median = (list: ReadonlyArray<number>): number => spread(list).median

/**
 * Compares the samples of a case in this build and in the other one. Where there were at least four pairs of processes, a pair
 * counts once, by the median of its rounds: the rounds of one pair share the peculiarities of its processes.
 */
export const compared = (
  { figure = "time", name }: { readonly name: string; readonly figure?: Figure },
  clock: Clock,
  [here, there]: Samples,
  allowed?: AllowedLoss
): Compared => {
  const byClock = (which: Clock): Spread => {
    const pairs = here!.map((one, i) => ratios(values(one, which), values(there![i]!, which)))
    return spread(pairs.length >= 4 ? pairs.map(median) : pairs.flat())
  }
  const all = here!.flat()
  const ratio = byClock(clock)
  return {
    name,
    figure,
    clock,
    here: spread(values(all, clock)),
    there: spread(values(there!.flat(), clock)),
    ratio,
    wallRatio: clock === "cpu" && cpuOf(all) !== undefined ? byClock("wall") : undefined,
    verdict: verdict(ratio),
    allowed
  }
}

/** Whether a case is worse, and more so than it may be. */
export const isWorse = ({ allowed, ratio, verdict }: Compared): boolean =>
  verdict === "worse" && (allowed === undefined || ratio.median > allowed.atMost)

/** A case that came out worse, with the samples of a second measurement: the figures are those of both together. */
export const confirmedCase = (
  named: { readonly name: string; readonly figure?: Figure },
  clock: Clock,
  first: Samples,
  second: Samples,
  allowed?: AllowedLoss
): Compared => {
  const both = compared(named, clock, first.map((processes, i) => [...processes, ...second[i]!]), allowed)
  const [one, two] = [compared(named, clock, first), compared(named, clock, second)]
  return { ...both, verdict: confirmed(one.verdict, two.verdict, both.ratio) }
}

const words: Readonly<Record<Verdict, string>> = {
  worse: "WORSE by more than 5 %, outside the spread",
  better: "better by more than 5 %, outside the spread",
  same: "within 5 %",
  unclear: "unclear: more than 5 %, not outside the spread"
}

const verdictText = (one: Compared): string =>
  one.verdict !== "worse" || isWorse(one) ? words[one.verdict] : "worse by more than 5 %, which is allowed"

/** A table of two builds. */
export const comparison = (
  title: string,
  clock: Clock,
  cases: ReadonlyArray<Compared | NotCompared>
): ReadonlyArray<string> => {
  const text = (figure: Figure) => figure === "bytes" ? bytes : time
  const rows = cases.flatMap((one) =>
    "reason" in one ? [] : [[
      one.name,
      text(one.figure)(one.here.median),
      text(one.figure)(one.there.median),
      around(one.ratio),
      one.wallRatio === undefined ? "" : around(one.wallRatio),
      one.allowed === undefined ? "" : `<= ${one.allowed.atMost}`,
      verdictText(one)
    ]]
  )
  const head = [
    `by ${clockName[clock]}`,
    "this",
    "other",
    "this / other",
    clock === "cpu" ? "by wall clock" : "",
    "allowed",
    "verdict"
  ]
  return [
    "",
    title,
    ...(rows.length === 0 ? [] : columns(head, rows)),
    ...[...new Set(cases.flatMap((one) => "verdict" in one && one.allowed !== undefined ? [one.allowed] : []))]
      .map(({ atMost, reason }) => `  allowed: <= ${atMost}: ${reason}`),
    ...cases.flatMap((one) => "reason" in one ? [`  NOT COMPARED  ${one.name}: ${one.reason}`] : [])
  ]
}

/** The last lines of a comparison. */
export const summary = (cases: ReadonlyArray<Compared | NotCompared>): ReadonlyArray<string> => {
  const results = cases.flatMap((one) => "verdict" in one ? [one] : [])
  const count = (verdict: Verdict): number => results.filter((one) => one.verdict === verdict).length
  const worse = results.filter(isWorse)
  const allowed = results.filter((one) => one.verdict === "worse" && !isWorse(one))
  const left = cases.filter((one) => "reason" in one).length
  return [
    "",
    `${worse.length} worse, ${allowed.length === 0 ? "" : `${allowed.length} worse as allowed, `}${
      count("better")
    } better, ${count("same")} within 5 %, ${count("unclear")} unclear, ${left} not compared`,
    ...worse.map(({ name, ratio }) => `  worse: ${name}: ${around(ratio)}`),
    ...allowed.map(({ allowed, name, ratio }) => `  worse as allowed: ${name}: ${around(ratio)}, <= ${allowed!.atMost}`)
  ]
}
