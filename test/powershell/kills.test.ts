/**
 * Hosts on PowerShell's own engine, killed at a random moment of a bulk put: every put ends as one of four, what is said to be
 * stored is in the namespace behind the loop, what is said not to have begun is not, and no process is left.
 * 50 moments or a minute, whichever ends first; `KILL_MOMENTS=500` runs so many to the end.
 */
import { assert, it } from "vitest"
import * as Chunk from "effect/Chunk"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import * as Snapshot from "../../src/engine/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { PutOutcome } from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as PowerShellRepository from "../../src/repository/PowerShellRepository.ts"
import * as Wmi from "../../src/Wmi.ts"
import { executor } from "./fake.ts"
import { farComputer } from "./farComputer.ts"
import type { World } from "./loopServer.ts"
import { withEngine } from "./shared.ts"

const asked = process.env["KILL_MOMENTS"]
const moments = Number(asked ?? 50)
const longest = asked === undefined ? 60_000 : Infinity
const puts = 24

/** A sequence of numbers that is the same in every run. */
const random = (seed: number) => (below: number): number => {
  seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0
  return ((seed ^ (seed >>> 13)) >>> 0) % below
}

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), N: Property.make("uint32") })

/** When to kill: before or behind a put over there, or between two frames here. */
interface Moment {
  readonly at: "before the put" | "behind the put" | "between frames"
  readonly left: number
}

const moment = (n: number): Moment => {
  const next = random(n * 7919 + 17)
  const at = (["before the put", "behind the put", "between frames"] as const)[next(3)]!
  return { at, left: next(at === "between frames" ? 12 : puts) }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

withEngine("T4: kills", (engine) => {
  it(`${moments} moments: nothing false is said, nobody is left`, { timeout: 120_000 + moments * 5000 }, async () => {
    const far = await farComputer(engine)
    const pids: Array<number> = []
    let due: Moment | undefined
    /** Counts down to the moment, then kills whoever is at work. */
    const pass = (at: Moment["at"]): void => {
      if (due === undefined || due.at !== at) return
      const { left } = due
      due = left === 0 ? undefined : { at, left: left - 1 }
      const pid = pids.at(-1)
      if (left === 0 && pid !== undefined) process.kill(pid, "SIGKILL")
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
        started: ({ pid }) => void pids.push(pid),
        record: ({ d }) => d === "<" ? pass("between frames") : undefined
      }),
      executor
    )))
    const total: Record<string, number> = { Committed: 0, Rejected: 0, NotStarted: 0, Unknown: 0 }
    const from = Date.now()
    let done = 0
    try {
      await runtime.runPromise(PutAsync.put(PutRequest.make(Disk)))
      far.server.use(world)
      for (; done < moments && Date.now() - from < longest; done++) {
        const ids = Array.from({ length: puts }, (_, i) => `${done}-${i}`)
        // Every eighth is an update of what is not there: never stored, killed or not.
        const requests = ids.map((Id, i) =>
          PutRequest.make(
            Instance.make("Demo_Disk", { Id, N: i }),
            i % 8 === 7 ? { mode: "UpdateOnly" } : {}
          )
        )
        due = moment(done)
        const outcomes: ReadonlyArray<PutOutcome> = Chunk.toReadonlyArray(
          await runtime.runPromise(
            Stream.runCollect(BulkPut.run(Stream.fromIterable(requests), { batchSize: puts }))
          )
        )
        const state = await far.world.runPromise(Wmi.snapshot)
        const stored = new Set(
          Snapshot.instances(state, Snapshot.defaultNamespace, "Demo_Disk").map(({ values }) => values["Id"])
        )
        assert.strictEqual(outcomes.length, puts)
        outcomes.forEach((one, i) => {
          const what = `moment ${done}, put ${i}: ${one._tag}`
          total[one._tag]!++
          if (one._tag === "Committed") assert.isTrue(stored.has(ids[i]!), `${what}, and it is not there`)
          else if (one._tag !== "Unknown") assert.isFalse(stored.has(ids[i]!), `${what}, and it is there`)
          if (i % 8 === 7) assert.notStrictEqual(one._tag, "Committed", what)
        })
      }
    } finally {
      await runtime.dispose()
      await far.close()
    }
    assert.deepStrictEqual(pids.filter(isRunning), [])
    assert.deepStrictEqual(Object.keys(total), ["Committed", "Rejected", "NotStarted", "Unknown"])
    assert.isAbove(total["Committed"]!, 0)
    assert.isAbove(total["Unknown"]!, 0, JSON.stringify(total))
    assert.isAbove(pids.length, done / 2, "hosts were killed")
    console.log(`${done} moments, ${pids.length} hosts: ${JSON.stringify(total)}`)
  })
})
