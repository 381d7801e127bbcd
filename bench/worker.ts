/**
 * The process of one case. It sets the case up, warms it up, then runs one round for each line `round` on its standard input and
 * ends with its input. Each answer is one line of JSON behind a mark; other output of a case goes on to the standard error of the
 * parent.
 */
import { createInterface } from "node:readline"
import type { Bench, Body, Case, Figure } from "./Bench.ts"

export const mark = "@bench "

/** A round: nanoseconds (or bytes) of one operation. `cpu` is user and system time of the process, where the harness keeps the clock. */
export interface Sample {
  readonly wall: number
  readonly cpu: number | undefined
}

/** A message of a worker. */
export type Answer = { readonly ready: true } | { readonly sample: Sample } | { readonly failed: string }

/** How long a case is warmed up at least, and how much of the clock a round takes at least, in milliseconds. */
export interface Pace {
  readonly warm: number
  readonly round: number
}

/** A run that took no time at all would be repeated for ever. */
const mostRuns = 200

interface Run {
  /** Nanoseconds, or the case's own figure. */
  readonly wall: number
  readonly cpu: number
  /** Milliseconds that the run took. */
  readonly took: number
}

const run = async (prepare: () => Body | Promise<Body>, figure: Figure): Promise<Run> => {
  const body = await prepare()
  // No forced collection here: it would throw away optimised code together with the shapes of objects that just died.
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  const after = await body()
  const took = performance.now() - before
  const cpu = process.cpuUsage(cpuBefore)
  if (figure !== "time") {
    if (typeof after !== "number" || !Number.isFinite(after)) throw new Error("the case returned no figure")
    return { wall: after, cpu: 0, took }
  }
  if (typeof after === "function") await after()
  return { wall: took * 1e6, cpu: (cpu.user + cpu.system) * 1e3, took }
}

/** Sets a case up and returns the function that measures a round: as many runs as fill it. */
export const rounds = async (
  { figure = "time", setup }: Case,
  pace: Pace | undefined
): Promise<{ readonly round: () => Promise<Sample>; readonly close: () => Promise<void> }> => {
  const { close, operations, prepare } = await setup()
  let runs = 1
  if (pace !== undefined) {
    let spent = 0
    let last = 0
    for (let i = 0; i === 0 || (spent < pace.warm && i < mostRuns); i++) {
      spent += last = (await run(prepare, figure)).took
    }
    if (figure === "time") runs = Math.min(mostRuns, Math.max(1, Math.ceil(pace.round / Math.max(last, 1e-3))))
  }
  return {
    round: async () => {
      let wall = 0
      let cpu = 0
      for (let i = 0; i < runs; i++) {
        const one = await run(prepare, figure)
        wall += one.wall
        cpu += one.cpu
      }
      return { wall: wall / runs / operations, cpu: figure === "time" ? cpu / runs / operations : undefined }
    },
    close: async () => void await close?.()
  }
}

/** The case `group`/`index` of a bench, until the parent closes the input. */
export const serve = async (bench: Bench, group: number, index: number, pace: Pace): Promise<void> => {
  const answer = (one: Answer): void => void process.stdout.write(`${mark}${JSON.stringify(one)}\n`)
  try {
    const { cases, runs } = bench.groups[group]!
    const { close, round } = await rounds(cases[index]!, runs === undefined ? pace : undefined)
    answer({ ready: true })
    for await (const line of createInterface({ input: process.stdin })) {
      if (line === "round") answer({ sample: await round() })
    }
    await close()
  } catch (error) {
    answer({ failed: error instanceof Error ? error.message : String(error) })
    process.exitCode = 1
    process.stdin.destroy()
  }
}
