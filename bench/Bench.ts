/** What a bench file declares: groups of cases, and the goals of their figures. Nothing is measured by importing one. */
import type { Spread } from "./statistics.ts"

/** One timed run. It may return a function that runs after the clock has stopped. */
export type Body = () => unknown

/** A case after its setup. */
export interface Ready {
  /** Operations of one run; a figure is given for one operation. */
  readonly operations: number
  /** Prepares one run outside the clock. */
  readonly prepare: () => Body | Promise<Body>
  /** Frees what the setup took. */
  readonly close?: () => unknown
}

/**
 * What the figure of a case is. `time`: wall clock and CPU time of the run, taken by the harness. `own time`: the body returns
 * nanoseconds, because another process keeps the clock or only a part of the run counts. `bytes`: the body returns bytes.
 */
export type Figure = "time" | "own time" | "bytes"

/** A row of a table. Each case runs in a process of its own. */
export interface Case {
  readonly name: string
  /** `time` when absent. */
  readonly figure?: Figure
  /** Uses nothing of `src`: a comparison with another build leaves it out. */
  readonly foreign?: true
  /**
   * The case of the same group that this one is compared with where the other checkout has no case of this name. It does the same
   * work in another way.
   */
  readonly comparedWith?: string
  /** Builds what every run needs, in the process of the case. */
  readonly setup: () => Ready | Promise<Ready>
}

/** The clock that ratios and goals use. CPU time does not see waiting for a disk, a server or another process. */
export type Clock = "cpu" | "wall"

/** The results of a group, by the names of its cases. */
export interface Results {
  /** Nanoseconds or bytes of one operation. */
  readonly value: (name: string) => Spread
  /** Value of the first, divided by the value of the second, round by round. */
  readonly ratio: (name: string, of: string) => Spread
}

/** A figure that has a goal. */
export interface Goal {
  readonly name: string
  readonly reached: (results: Results) => Spread
  readonly atLeast?: number
  readonly atMost?: number
}

/** Cases that are measured in turn and printed as one table. */
export interface Group {
  readonly title: string
  readonly clock: Clock
  /** The first one is the baseline. */
  readonly cases: ReadonlyArray<Case>
  /** The cases have no common baseline. */
  readonly apart?: true
  /** `fresh`: each round is the first run of a new process. `one`: a single run, because the figure never varies. */
  readonly runs?: "fresh" | "one"
  readonly goals?: ReadonlyArray<Goal>
  /** The cases that the chart shows beside the baseline; a group without it is not drawn. */
  readonly charted?: ReadonlyArray<string>
  /** Lines under the table. */
  readonly notes?: (results: Results) => ReadonlyArray<string>
}

/** The runtime that runs the cases. */
export interface Runtime {
  readonly kind: "node" | "deno" | "bun"
  /** `22.23.5` */
  readonly version: string
}

/** How much is measured. */
export interface Settings {
  readonly runtime: Runtime
  /** `BENCH_COUNT`: the number of instances, where a bench has no smaller limit. */
  readonly count: number | undefined
  /** `BENCH_SHORT`: the long groups are left out. */
  readonly short: boolean
}

/** What the cases of a bench share, such as a server: started once, before the first case. */
export interface Shared {
  /** Variables for the processes of the cases. */
  readonly env: Readonly<Record<string, string>>
  /** Printed above the first table. */
  readonly about?: string
  readonly stop: () => void | Promise<void>
}

/** Why a bench cannot run on this machine. */
export interface Skipped {
  readonly skipped: string
}

/** A bench. */
export interface Bench {
  readonly groups: ReadonlyArray<Group>
  readonly share?: () => Shared | Skipped | Promise<Shared | Skipped>
}

/** The default export of a bench file. */
export type Declaration = (settings: Settings) => Bench

/** Nanoseconds in a millisecond, a microsecond. */
export const millisecond = 1e6
export const microsecond = 1e3

/** A spread in another unit. */
export const scaled = ({ lower, median, upper }: Spread, by: number): Spread => ({
  median: median * by,
  lower: lower * by,
  upper: upper * by
})

/** Operations a second, from nanoseconds of one. */
export const perSecond = ({ lower, median, upper }: Spread): Spread => ({
  median: 1e9 / median,
  lower: 1e9 / upper,
  upper: 1e9 / lower
})
