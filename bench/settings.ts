/** How much is measured, from the environment. */
import type { Group, Runtime, Settings } from "./Bench.ts"
import type { Pace } from "./worker.ts"

type Environment = Readonly<Record<string, string | undefined>>

const positive = (env: Environment, name: string): number | undefined => {
  const text = env[name]
  if (text === undefined || text === "") return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} is ${text} and not a whole number above 0`)
  return value
}

/** The settings that bench files get. */
export const settings = (env: Environment, runtime: Runtime): Settings => ({
  runtime,
  count: positive(env, "BENCH_COUNT"),
  short: isShort(env)
})

const isShort = (env: Environment): boolean => env["BENCH_SHORT"] !== undefined && env["BENCH_SHORT"] !== ""

/** Warm-up and length of a round. */
export const pace = (env: Environment): Pace => isShort(env) ? { warm: 150, round: 50 } : { warm: 300, round: 80 }

/** How many rounds count, and over how many processes of each case they are spread. */
export interface Plan {
  readonly rounds: number
  readonly processes: number
}

/** A plan from `BENCH_ROUNDS` and `BENCH_PROCESSES`. There are never more processes than rounds. */
export const plan = (env: Environment, usual: Plan): Plan => {
  const rounds = positive(env, "BENCH_ROUNDS") ?? usual.rounds
  return { rounds, processes: Math.min(rounds, positive(env, "BENCH_PROCESSES") ?? usual.processes) }
}

/** The plan of a group. */
export const planOf = ({ runs }: Pick<Group, "runs">, plan: Plan): Plan =>
  runs === "one"
    ? { rounds: 1, processes: 1 }
    : runs === "fresh"
    ? { rounds: plan.rounds, processes: plan.rounds }
    : plan

/** Rounds of each process: as equal as they can be. */
export const shares = ({ processes, rounds }: Plan): ReadonlyArray<number> =>
  Array.from({ length: processes }, (_, i) => Math.floor(rounds / processes) + (i < rounds % processes ? 1 : 0))
