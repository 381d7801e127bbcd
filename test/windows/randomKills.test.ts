/**
 * Hosts on PowerShell's own engine, killed at a random step of a bulk put: every put has one of four outcomes, a put reported as
 * stored is in the namespace behind the loop, one reported as not started is not, and no process is left.
 * Every second run kills the next host too, which continues with the puts that the first did not start.
 * A dozen kills, or 50 with `CI`: about two seconds each on two cores that run other tests too.
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
import { executor } from "./fakeHostFixture.ts"
import { isRunning } from "./processes.ts"
import { remoteComputer } from "./remoteComputer.ts"
import { seededNumbers } from "./seededNumbers.ts"
import type { World } from "./loopServer.ts"
import type { Engine } from "./engine.ts"
import { withEngine } from "./sharedHost.ts"

const runs = Number(process.env["KILL_MOMENTS"] ?? (process.env["CI"] === undefined ? 12 : 50))
/** The number of runs at a time, each with its own computer. Most of the time is host starts, one per core. */
const lanes = 2
const puts = 24

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), N: Property.make("uint32") })

/** Where a host is killed: before or after a put in the namespace, at a received frame, or at a line that is being written. */
const places = ["before the put", "behind the put", "heard", "written"] as const
type Place = (typeof places)[number]

/** When a host is killed: the place, and how often it is passed before. */
interface Kill {
  readonly at: Place
  readonly left: number
}

/** How often a host that does the whole bulk put passes a place. */
const passes: Readonly<Record<Place, number>> = {
  "before the put": puts,
  "behind the put": puts,
  heard: 12,
  written: 6
}

/** The kills of one bulk put: of one host, or of one and the next, which has less to do. */
const killsOf = (n: number): ReadonlyArray<Kill> => {
  const next = seededNumbers(n * 7919 + 17)
  const randomKill = (share: number): Kill => {
    const at = places[next(places.length)]!
    return { at, left: next(Math.ceil(passes[at] * share)) }
  }
  const first = randomKill(1)
  return next(2) === 0 ? [first] : [first, randomKill(0.5)]
}

/** A remote computer and the layer over its hosts, for one bulk put with kills after another. */
const lane = async (engine: Engine, pids: Array<number>) => {
  const remote = await remoteComputer(engine)
  let pid: number | undefined
  let pending: ReadonlyArray<Kill> = []
  /** Counts down to the kill, then kills the host that is at work. */
  const pass = (at: Place): void => {
    const [first, ...rest] = pending
    if (first === undefined || first.at !== at || pid === undefined) return
    pending = first.left === 0 ? rest : [{ at, left: first.left - 1 }, ...rest]
    if (first.left > 0) return
    process.kill(pid, "SIGKILL")
    pid = undefined
  }
  const world: World = {
    runPromiseExit: async (effect) => {
      const isPut = remote.server.calls.at(-1)?.op === "put"
      if (isPut) pass("before the put")
      const exit = await remote.world.runPromiseExit(effect)
      if (isPut) pass("behind the put")
      return exit
    }
  }
  const runtime = ManagedRuntime.make(Wmi.layer(Layer.provide(
    PowerShellRepository.layer({
      powershell: engine.command,
      prelude: remote.prelude,
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
  remote.server.use(world)
  return {
    run: async (n: number, requests: ReadonlyArray<PutRequest.PutRequest>) => {
      pending = killsOf(n)
      const outcomes: ReadonlyArray<PutOutcome> = Chunk.toReadonlyArray(
        await runtime.runPromise(
          Stream.runCollect(BulkPut.run(Stream.fromIterable(requests), { batchSize: puts }))
        )
      )
      pending = []
      const state = await remote.world.runPromise(Wmi.snapshot)
      const stored = Snapshot.instances(state, Snapshot.defaultNamespace, "Demo_Disk").map(({ values }) => values["Id"])
      return { outcomes, stored: new Set(stored) }
    },
    close: async () => {
      await runtime.dispose()
      await remote.close()
    }
  }
}

withEngine("T4: kills", (engine) => {
  it(`${runs} kills: every outcome is true, no process is left`, { timeout: 120_000 + runs * 5000 }, async () => {
    const pids: Array<number> = []
    const total: Record<string, number> = { Committed: 0, Rejected: 0, NotStarted: 0, Unknown: 0 }
    const work = Array.from({ length: runs }, (_, n) => n)
    const worker = async (): Promise<void> => {
      const { close, run } = await lane(engine, pids)
      try {
        for (let n = work.shift(); n !== undefined; n = work.shift()) {
          const ids = Array.from({ length: puts }, (_, i) => `${n}-${i}`)
          // Every eighth is an update of a missing instance: never stored, with or without a kill.
          const requests = ids.map((Id, i) =>
            PutRequest.make(
              Instance.make("Demo_Disk", { Id, N: i }),
              i % 8 === 7 ? { mode: "UpdateOnly" } : {}
            )
          )
          const { outcomes, stored } = await run(n, requests)
          assert.strictEqual(outcomes.length, puts)
          outcomes.forEach((outcome, i) => {
            const what = `run ${n}, put ${i}: ${outcome._tag}`
            total[outcome._tag]!++
            if (outcome._tag === "Committed") assert.isTrue(stored.has(ids[i]!), `${what}, and it is not there`)
            else if (outcome._tag !== "Unknown") assert.isFalse(stored.has(ids[i]!), `${what}, and it is there`)
            if (i % 8 === 7) assert.notStrictEqual(outcome._tag, "Committed", what)
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
    assert.isAbove(pids.length, runs, "hosts were killed")
    console.log(`${runs} runs, ${pids.length} hosts: ${JSON.stringify(total)}`)
  })
})
