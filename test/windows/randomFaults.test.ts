/**
 * Hosts that break, hang, stop reading or send nonsense at a random step, and hosts that are killed or cut off from outside: every
 * put has one of four outcomes, a put reported as stored is stored, one reported as not started is not, and no process is left.
 * 50 faults; `HOST_MOMENTS=500` for more.
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
import { type Folder, withFake } from "./fakeHostFixture.ts"
import { seededNumbers } from "./seededNumbers.ts"

const runs = Number(process.env["HOST_MOMENTS"] ?? 50)
const workers = 4
const puts = 40
/** Steps of the fake in which a fault may happen: received, started, before and after each store, a message of answers. */
const steps = 110

const kinds = ["crash", "kill", "half", "hang", "deaf", "garbage"] as const

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
  outcomes.forEach((item, i) => {
    count[item._tag] = (count[item._tag] ?? 0) + 1
    const there = stored.has(`Demo_Disk.Id="${i}"`)
    if (item._tag === "Committed") assert.isTrue(there, `${i} is reported as stored and is not`)
    if (item._tag === "NotStarted" || item._tag === "Rejected") {
      assert.isFalse(there, `${i} is reported as not stored and is`)
    }
  })
  return count
}

interface FaultPlan {
  readonly name: string
  readonly kind: (typeof kinds)[number] | "outside"
  readonly at: number
  readonly again: boolean
  readonly single: boolean
  /** Whether every host has the fault, or the first alone. */
  readonly each: boolean
}

const faultPlan = (n: number): FaultPlan => {
  const next = seededNumbers(n * 7919 + 17)
  const kind = n % 5 === 4 ? "outside" as const : kinds[next(kinds.length)]!
  const at = 1 + next(steps)
  return { name: `${n}: ${kind} at ${at}`, kind, at, again: next(2) === 0, single: next(4) === 0, each: next(3) === 0 }
}

const run = ({ again, at, each, kind, single }: FaultPlan): Promise<Readonly<Record<string, number>>> => {
  let frames = 0
  let killed = false
  let folder: Folder
  return withFake(
    (made) => {
      folder = made
      const list = Array.from({ length: puts }, (_, i) => request(i))
      const outcomesOf: Effect.Effect<ReadonlyArray<PutOutcome>, never, PutAsync.Stages> = single
        ? Effect.forEach(list, (item) =>
          // A bulk run of one put, because its outcome has the information that is tested.
          Effect.map(Stream.runCollect(BulkPut.run(Stream.make(item))), (outcomes) => Chunk.unsafeHead(outcomes)), {
          concurrency: 8
        })
        : Effect.map(
          Stream.runCollect(BulkPut.run(Stream.fromIterable(list), { batchSize: puts })),
          (outcomes) => Chunk.toReadonlyArray(outcomes)
        )
      return Effect.map(outcomesOf, (outcomes) => check(outcomes, made))
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
            // Killed between two frames, at whatever step it is.
            if (killed || ++frames < 1 + at % 40) return
            killed = true
            process.kill(Number(folder.lines("pids")[0]), "SIGKILL")
          }
        }
        : {})
    }
  )
}

describe("faults at random steps", () => {
  it(`${runs} faults: every outcome is true, no process is left`, { timeout: 120_000 + runs * 4000 }, async () => {
    const total: Record<string, number> = {}
    const work = Array.from({ length: runs }, (_, n) => faultPlan(n))
    const worker = async (): Promise<void> => {
      for (let item = work.shift(); item !== undefined; item = work.shift()) {
        const counted = await run(item).catch((error: unknown) => {
          throw new Error(`fault ${item!.name}: ${String(error)}`, { cause: error })
        })
        for (const [tag, n] of Object.entries(counted)) total[tag] = (total[tag] ?? 0) + n
      }
    }
    await Promise.all(Array.from({ length: workers }, worker))
    assert.strictEqual(Object.values(total).reduce((a, b) => a + b, 0), runs * puts)
    assert.isAbove(total["Committed"]!, 0)
    assert.isAbove(total["NotStarted"]!, 0, JSON.stringify(total))
    assert.isAbove(total["Unknown"]!, 0, JSON.stringify(total))
    console.log(`${runs} faults: ${JSON.stringify(total)}`)
  })
})
