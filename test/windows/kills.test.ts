/**
 * Hosts on PowerShell's own engine, killed at a random moment of a bulk put: every put ends as one of four, what is said to be
 * stored is in the namespace behind the loop, what is said not to have begun is not, and no process is left.
 * Of two moments one kills the next host as well, which was to do what the first had not begun with.
 * A dozen moments, and 50 where `CI` says that time is there: about two seconds each on two cores that have other tests to run.
 * `KILL_MOMENTS=500` for more.
 */
import { assert, it } from "vitest"
import * as Chunk from "effect/Chunk"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { PutOutcome } from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import * as Wmi from "../../src/Wmi.ts"
import { executor } from "./fake.ts"
import { farComputer } from "./farComputer.ts"
import type { World } from "./loopServer.ts"
import type { Engine } from "./engine.ts"
import { withEngine } from "./shared.ts"

const moments = Number(process.env["KILL_MOMENTS"] ?? (process.env["CI"] === undefined ? 12 : 50))
/** So many at a time, each with a computer of its own: starts of hosts are most of the time, and one core does one. */
const lanes = 2
const puts = 24

/** A sequence of numbers that is the same in every run. */
const random = (seed: number) => (below: number): number => {
  seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0
  return ((seed ^ (seed >>> 13)) >>> 0) % below
}

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), N: Property.make("uint32") })

/** Where a host is killed: before or behind a put over there, at a frame that was heard here, at a line that is being written. */
const places = ["before the put", "behind the put", "heard", "written"] as const
type At = (typeof places)[number]

/** When to kill: how often the place is passed before. */
interface Moment {
  readonly at: At
  readonly left: number
}

/** How often a place is passed by a host that does everything. */
const most: Readonly<Record<At, number>> = { "before the put": puts, "behind the put": puts, heard: 12, written: 6 }

/** The moments of one bulk put: one host, or one and the next, which has less to do. */
const momentsOf = (n: number): ReadonlyArray<Moment> => {
  const next = random(n * 7919 + 17)
  const one = (share: number): Moment => {
    const at = places[next(places.length)]!
    return { at, left: next(Math.ceil(most[at] * share)) }
  }
  const first = one(1)
  return next(2) === 0 ? [first] : [first, one(0.5)]
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A far computer and the layer over its hosts, where the moments of one bulk put after another come. */
const lane = async (engine: Engine, pids: Array<number>) => {
  const far = await farComputer(engine)
  let pid: number | undefined
  let due: ReadonlyArray<Moment> = []
  /** Counts down to the moment, then kills whoever is at work. */
  const pass = (at: At): void => {
    const [first, ...rest] = due
    if (first === undefined || first.at !== at || pid === undefined) return
    due = first.left === 0 ? rest : [{ at, left: first.left - 1 }, ...rest]
    if (first.left > 0) return
    process.kill(pid, "SIGKILL")
    pid = undefined
  }
  const world: World = {
    runPromiseExit: async (effect) => {
      const isPut = far.server.calls.at(-1)?.op === "put"
      if (isPut) pass("before the put")
      const exit = await far.world.runPromiseExit(effect)
      if (isPut) pass("behind the put")
      return exit
    }
  }
  const runtime = ManagedRuntime.make(Wmi.layer(Layer.provide(
    PowerShellRepository.layer({
      powershell: engine.command,
      prelude: far.prelude,
      limits: { batchItems: 8 },
      started: (host) => {
        pid = host.pid
        pids.push(host.pid)
      },
      record: ({ d }) => pass(d === "<" ? "heard" : "written")
    }),
    executor
  )))
  await runtime.runPromise(PutAsync.put(PutRequest.make(Disk)))
  far.server.use(world)
  return {
    run: async (n: number, requests: ReadonlyArray<PutRequest.PutRequest>) => {
      due = momentsOf(n)
      const outcomes: ReadonlyArray<PutOutcome> = Chunk.toReadonlyArray(
        await runtime.runPromise(
          Stream.runCollect(BulkPut.run(Stream.fromIterable(requests), { batchSize: puts }))
        )
      )
      due = []
      const state = await far.world.runPromise(Wmi.snapshot)
      const stored = Snapshot.instances(state, Snapshot.defaultNamespace, "Demo_Disk").map(({ values }) => values["Id"])
      return { outcomes, stored: new Set(stored) }
    },
    close: async () => {
      await runtime.dispose()
      await far.close()
    }
  }
}

withEngine("T4: kills", (engine) => {
  it(`${moments} moments: nothing false is said, nobody is left`, { timeout: 120_000 + moments * 5000 }, async () => {
    const pids: Array<number> = []
    const total: Record<string, number> = { Committed: 0, Rejected: 0, NotStarted: 0, Unknown: 0 }
    const work = Array.from({ length: moments }, (_, n) => n)
    const worker = async (): Promise<void> => {
      const { close, run } = await lane(engine, pids)
      try {
        for (let n = work.shift(); n !== undefined; n = work.shift()) {
          const ids = Array.from({ length: puts }, (_, i) => `${n}-${i}`)
          // Every eighth is an update of what is not there: never stored, killed or not.
          const requests = ids.map((Id, i) =>
            PutRequest.make(
              Instance.make("Demo_Disk", { Id, N: i }),
              i % 8 === 7 ? { mode: "UpdateOnly" } : {}
            )
          )
          const { outcomes, stored } = await run(n, requests)
          assert.strictEqual(outcomes.length, puts)
          outcomes.forEach((one, i) => {
            const what = `moment ${n}, put ${i}: ${one._tag}`
            total[one._tag]!++
            if (one._tag === "Committed") assert.isTrue(stored.has(ids[i]!), `${what}, and it is not there`)
            else if (one._tag !== "Unknown") assert.isFalse(stored.has(ids[i]!), `${what}, and it is there`)
            if (i % 8 === 7) assert.notStrictEqual(one._tag, "Committed", what)
          })
        }
      } finally {
        await close()
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: lanes }, worker))
    for (const end of ends) if (end.status === "rejected") throw end.reason
    assert.deepStrictEqual(pids.filter(isRunning), [])
    assert.deepStrictEqual(Object.keys(total), ["Committed", "Rejected", "NotStarted", "Unknown"])
    for (const [tag, n] of Object.entries(total)) assert.isAbove(n, 0, `${tag}: ${JSON.stringify(total)}`)
    assert.isAbove(pids.length, moments, "hosts were killed")
    console.log(`${moments} moments, ${pids.length} hosts: ${JSON.stringify(total)}`)
  })
})
