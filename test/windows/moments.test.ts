/**
 * Hosts that break, hang, go deaf or talk nonsense at a random moment, and hosts that are killed or cut off from outside: every
 * put ends as one of four, what is said to be stored is stored, what is said not to have begun is not, and no process is left.
 * 50 moments; `HOST_MOMENTS=500` for more.
 */
import { assert, describe, it } from "vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Instance from "../../src/model/Instance.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import type * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { PutOutcome } from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import { type Folder, withFake } from "./fake.ts"

const moments = Number(process.env["HOST_MOMENTS"] ?? 50)
const workers = 4
const puts = 40
/** Steps of the fake in which a fault may happen: received, started, before and after each store, a message of answers. */
const steps = 110

const kinds = ["crash", "kill", "half", "hang", "deaf", "garbage"] as const

/** A sequence of numbers that is the same in every run. */
const random = (seed: number) => (below: number): number => {
  seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0
  return ((seed ^ (seed >>> 13)) >>> 0) % below
}

const request = (id: number): PutRequest.PutRequest =>
  PutRequest.make(Instance.make("Demo_Disk", { Id: `${id}`, N: id }))

const timeouts: PowerShellRepository.Timeouts = {
  request: 250,
  ping: 120,
  pong: 120,
  grace: 100,
  exit: 150,
  close: 150
}

const check = (outcomes: ReadonlyArray<PutOutcome>, folder: Folder): Readonly<Record<string, number>> => {
  const stored = new Set(folder.lines("log"))
  const count: Record<string, number> = { Committed: 0, Rejected: 0, NotStarted: 0, Unknown: 0 }
  assert.strictEqual(outcomes.length, puts)
  outcomes.forEach((one, i) => {
    count[one._tag] = (count[one._tag] ?? 0) + 1
    const there = stored.has(`Demo_Disk.Id="${i}"`)
    if (one._tag === "Committed") assert.isTrue(there, `${i} is said to be stored and is not`)
    if (one._tag === "NotStarted" || one._tag === "Rejected") {
      assert.isFalse(there, `${i} is said not to be stored and is`)
    }
  })
  return count
}

interface Moment {
  readonly name: string
  readonly kind: (typeof kinds)[number] | "outside"
  readonly at: number
  readonly again: boolean
  readonly single: boolean
  /** Whether every host has the fault, and not the first alone. */
  readonly each: boolean
}

const moment = (n: number): Moment => {
  const next = random(n * 7919 + 17)
  const kind = n % 5 === 4 ? "outside" as const : kinds[next(kinds.length)]!
  const at = 1 + next(steps)
  return { name: `${n}: ${kind} at ${at}`, kind, at, again: next(2) === 0, single: next(4) === 0, each: next(3) === 0 }
}

const run = ({ again, at, each, kind, single }: Moment): Promise<Readonly<Record<string, number>>> => {
  let frames = 0
  let killed = false
  let folder: Folder
  return withFake(
    (made) => {
      folder = made
      const list = Array.from({ length: puts }, (_, i) => request(i))
      const all: Effect.Effect<ReadonlyArray<PutOutcome>, never, PutAsync.Stages> = single
        ? Effect.forEach(list, (one) =>
          // A bulk run of one is a put alone: outcomes say what the statuses would.
          Effect.map(Stream.runCollect(BulkPut.run(Stream.make(one))), (found) => Chunk.unsafeHead(found)), {
          concurrency: 8
        })
        : Effect.map(
          Stream.runCollect(BulkPut.run(Stream.fromIterable(list), { batchSize: puts })),
          (found) => Chunk.toReadonlyArray(found)
        )
      return Effect.map(all, (outcomes) => check(outcomes, made))
    },
    (made) => ({
      chunk: 3,
      ...(each ? {} : { once: made.file("once") }),
      ...(kind === "outside" ? {} : { fault: { kind, at } })
    }),
    {
      timeouts,
      limits: { batchItems: 8 },
      retryUnknown: again ? "idempotent" : "never",
      ...(kind === "outside"
        ? {
          record: () => {
            // Killed between two frames, wherever it is then.
            if (killed || ++frames < 1 + at % 40) return
            killed = true
            process.kill(Number(folder.lines("pids")[0]), "SIGKILL")
          }
        }
        : {})
    }
  )
}

describe("random moments", () => {
  it(`${moments} of them: nothing false is said, nobody is left`, { timeout: 120_000 + moments * 4000 }, async () => {
    const total: Record<string, number> = {}
    const work = Array.from({ length: moments }, (_, n) => moment(n))
    const worker = async (): Promise<void> => {
      for (let one = work.shift(); one !== undefined; one = work.shift()) {
        const counted = await run(one).catch((error: unknown) => {
          throw new Error(`moment ${one!.name}: ${String(error)}`, { cause: error })
        })
        for (const [tag, n] of Object.entries(counted)) total[tag] = (total[tag] ?? 0) + n
      }
    }
    await Promise.all(Array.from({ length: workers }, worker))
    assert.strictEqual(Object.values(total).reduce((a, b) => a + b, 0), moments * puts)
    assert.isAbove(total["Committed"]!, 0)
    assert.isAbove(total["NotStarted"]!, 0, JSON.stringify(total))
    assert.isAbove(total["Unknown"]!, 0, JSON.stringify(total))
    console.log(`${moments} moments: ${JSON.stringify(total)}`)
  })
})
