/**
 * Runs cases in turn, round after round, each in a process of its own that waits while the others run. A process that lives for
 * several rounds pays its start, its setup and its warm-up once, and a drift of the machine hits all cases alike; separate
 * processes keep garbage, compiled code and object shapes of one case from another one. Two processes of the same program
 * differ by a few per cent all their life, so the comparison of two builds starts new ones several times.
 */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { type Plan, shares } from "./settings.ts"
import { type Answer, mark, type Sample } from "./worker.ts"

/** How a case is started. */
export interface Start {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

interface Worker {
  readonly round: () => Promise<Sample>
  readonly stop: () => Promise<void>
}

/** Milliseconds that a setup or a round may take. */
const longest = 240_000

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const isAnswer = (value: unknown): value is Answer =>
  isRecord(value) && ("ready" in value || typeof value["failed"] === "string" || isRecord(value["sample"]))

/** Starts the process of a case and waits until it is ready. */
export const start = async ({ args, command, cwd, env }: Start): Promise<Worker> => {
  const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "inherit"] })
  child.stdin.on("error", () => {}) // the end of the process is reported by its answer
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message))
    child.on("close", (code, signal) => resolve(`the process ended with ${signal ?? code}`))
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let late = false

  const answer = async (): Promise<Answer> => {
    const timer = setTimeout(() => {
      late = true
      child.kill("SIGKILL")
    }, longest)
    try {
      for (;;) {
        const line = await lines.next()
        if (line.done === true) return { failed: late ? `no answer in ${longest / 1000} s` : await ended }
        if (!line.value.startsWith(mark)) {
          process.stderr.write(`${line.value}\n`)
          continue
        }
        const parsed: unknown = JSON.parse(line.value.slice(mark.length))
        if (!isAnswer(parsed)) throw new Error(`odd answer of a case: ${line.value}`)
        return parsed
      }
    } finally {
      clearTimeout(timer)
    }
  }
  const stop = async (): Promise<void> => {
    child.stdin.end()
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000)
    await ended
    clearTimeout(timer)
  }
  const first = await answer()
  if ("failed" in first) {
    await stop()
    throw new Error(first.failed)
  }
  return {
    round: async () => {
      child.stdin.write("round\n")
      const one = await answer()
      if ("failed" in one) throw new Error(one.failed)
      if (!("sample" in one)) throw new Error("a case answered no sample")
      return one.sample
    },
    stop
  }
}

/** A case that failed: which one of the list, and why. */
export class CaseFailed extends Error {
  readonly index: number

  constructor(index: number, reason: string) {
    super(reason)
    this.index = index
  }
}

/** The samples of each case, a list for each process of it. */
export type Samples = ReadonlyArray<ReadonlyArray<ReadonlyArray<Sample>>>

/**
 * Measures cases in turn. Every other round runs in the opposite order, and processes start in the opposite order every other time,
 * so that no case always follows the same one or always waits the longest.
 */
export const measure = async (starts: ReadonlyArray<Start>, plan: Plan): Promise<Samples> => {
  const samples = starts.map((): Array<Array<Sample>> => [])
  const forwards = starts.map((_, i) => i)
  const backwards = [...forwards].reverse()
  const failed = (index: number) => (error: Error) => Promise.reject(new CaseFailed(index, error.message))
  for (const [turn, rounds] of shares(plan).entries()) {
    const workers = new Map<number, Worker>()
    try {
      for (const i of turn % 2 === 0 ? forwards : backwards) {
        workers.set(i, await start(starts[i]!).catch(failed(i)))
        samples[i]!.push([])
      }
      for (let round = 0; round < rounds; round++) {
        for (const i of (turn + round) % 2 === 0 ? forwards : backwards) {
          samples[i]!.at(-1)!.push(await workers.get(i)!.round().catch(failed(i)))
        }
      }
    } finally {
      await Promise.all([...workers.values()].map((worker) => worker.stop()))
    }
  }
  return samples
}
