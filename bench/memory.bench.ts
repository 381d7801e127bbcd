/**
 * Memory: bulk and single puts beside a raw `Map.set` with a ready key, batch sizes, growth, heap per instance, restore points.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as PutEngine from "../src/engine/PutEngine.ts"
import * as PutRules from "../src/engine/PutRules.ts"
import * as Snapshot from "../src/engine/state/Snapshot.ts"
import type { Instance } from "../src/model/Instance.ts"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import { decode } from "../src/pipeline/stages.ts"
import * as PutSink from "../src/pipeline/PutSink.ts"
import * as PutFlags from "../src/protocol/PutFlags.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import * as WbemError from "../src/protocol/WbemError.ts"
import * as Wmi from "../src/Wmi.ts"
import { type Case, type Declaration, type Group, microsecond, perSecond, type Ready, scaled } from "./Bench.ts"
import { bulk, runtimeOf, single, suspendedRuntimeOf } from "./memoryWorld.ts"
import { refused, requests, Thing, thing, things } from "./world.ts"

const setRaw = (list: ReadonlyArray<Instance>) => {
  const keys = list.map((instance) => `Demo_Thing.Id=${String(instance.values["Id"])}`)
  return () => {
    const map = new Map<string, Instance>()
    return () => {
      for (let i = 0; i < list.length; i++) map.set(keys[i]!, list[i]!)
      if (map.size !== list.length) throw new Error("lost some")
    }
  }
}

const raw = (count: number): Case => ({
  name: "raw Map.set",
  foreign: true,
  setup: () => ({ operations: count, prepare: setRaw(things(count)) })
})

/** The decision and its application alone, in batches, without Effect. */
const engine = (list: ReadonlyArray<PutRequest.PutRequest>) => {
  const call = {
    caller: { name: "bench", remote: false, rights: 0x3d },
    locale: "ms_409",
    server: ".",
    time: 0,
    seed: 1
  }
  const puts = list.map((request, i) => {
    const put = decode({ decode: PutFlags.decode }, PutSink.silent(), request, "root\\cimv2", call, i)
    if (WbemError.isWbemError(put)) throw put
    return { put, rules: PutRules.standard }
  })
  return () => {
    let at = Snapshot.of(Thing)
    return () => {
      for (let i = 0; i < puts.length; i += 256) {
        const { decisions, snapshot } = PutEngine.decideAll(at, puts.slice(i, i + 256))
        at = snapshot
        if (decisions.some(WbemError.isWbemError)) throw new Error("refused some")
      }
    }
  }
}

const inBulk = (count: number, size: number, name: string = `BulkPut, batches of ${size}`): Case => ({
  name,
  setup: () => ({ operations: count, prepare: bulk(requests(count), size) })
})

const puts = (count: number): Group => {
  const bulked = "BulkPut, batches of 256"
  const singled = "PutAsync.put, one at a time"
  const refusedPuts = "BulkPut, every put refused"
  return {
    title: `Memory, ${count.toLocaleString("en")} instances of six properties, rules and sink events on`,
    clock: "cpu",
    cases: [
      raw(count),
      { name: "engine: decide and apply", setup: () => ({ operations: count, prepare: engine(requests(count)) }) },
      inBulk(count, 256, bulked),
      { name: singled, setup: () => ({ operations: count, prepare: single(requests(count)) }) },
      { name: refusedPuts, setup: () => ({ operations: count, prepare: bulk(refused(count), 256, 1) }) }
    ],
    charted: [bulked, singled],
    goals: [
      { name: "bulk, of raw Map.set", reached: ({ ratio }) => ratio("raw Map.set", bulked), atLeast: 0.25 },
      { name: "single, of raw Map.set", reached: ({ ratio }) => ratio("raw Map.set", singled), atLeast: 0.04 },
      {
        name: "refused puts in bulk, of accepted ones",
        reached: ({ ratio }) => ratio(bulked, refusedPuts),
        atLeast: 0.5
      },
      { name: "single puts a second", reached: ({ value }) => perSecond(value(singled)), atLeast: 70_000 }
    ]
  }
}

const fastPath = (count: number): Group => ({
  title: `Memory, ${count.toLocaleString("en")} single puts with and without the synchronous fast path`,
  clock: "cpu",
  cases: [
    {
      name: "store effects that have completed when they are returned",
      setup: () => ({ operations: count, prepare: single(requests(count)) })
    },
    {
      name: "store effects that are suspended",
      setup: () => ({ operations: count, prepare: single(requests(count), suspendedRuntimeOf) })
    }
  ]
})

const bySize = (count: number): Group => ({
  title: `BulkPut by batch size, ${count.toLocaleString("en")} instances`,
  clock: "cpu",
  cases: [raw(count), ...[1, 4, 16, 64, 256, 1024, 4096].map((size) => inBulk(count, size))]
})

const growth: Group = {
  title: "Growth, batches of 1024",
  clock: "cpu",
  cases: [inBulk(10_000, 1024, "BulkPut of 10^4"), inBulk(400_000, 1024, "BulkPut of 4 * 10^5")],
  goals: [{
    name: "cost per put at 4 * 10^5, of that at 10^4",
    reached: ({ ratio }) => ratio("BulkPut of 4 * 10^5", "BulkPut of 10^4"),
    atMost: 1.5
  }]
}

const collect = (): void => {
  const { gc } = globalThis as { readonly gc?: () => void }
  if (gc === undefined) throw new Error("the collector cannot be called: start with --expose-gc")
  gc()
}

const filled = async (count: number) => {
  const runtime = runtimeOf(PutSink.silent())
  await runtime.runPromise(Effect.void)
  collect()
  const before = process.memoryUsage().heapUsed
  const lazily = Stream.map(Stream.range(0, count - 1), (i) => PutRequest.make(thing(i)))
  await runtime.runPromise(Stream.runDrain(BulkPut.run(lazily, { batchSize: 1024 })))
  collect()
  return { runtime, taken: process.memoryUsage().heapUsed - before }
}

/** Heap that the stored instances take, their values included; the requests are garbage by then. */
const heap = (count: number): Group => ({
  title: `Heap with ${count.toLocaleString("en")} instances`,
  clock: "wall",
  apart: true,
  runs: "fresh",
  cases: [{
    name: "an instance",
    figure: "bytes",
    setup: async () => {
      // Code and caches that exist once are no part of an instance.
      const { runtime } = await filled(2_000)
      await runtime.dispose()
      return {
        operations: count,
        prepare: () => async () => {
          const { runtime, taken } = await filled(count)
          await runtime.dispose()
          return taken
        }
      }
    }
  }],
  goals: [{ name: "bytes of heap an instance", reached: ({ value }) => value("an instance"), atMost: 400 }]
})

const times = 1_000

/** Each time a snapshot is restored after a put; the time of the put does not count. */
const restored = async (count: number): Promise<Ready> => {
  const { runtime } = await filled(count)
  const list = Array.from({ length: times }, (_, i) => PutRequest.make(thing(count + i)))
  const point = await runtime.runPromise(Wmi.snapshot)
  return {
    operations: times,
    prepare: () => () =>
      runtime.runPromise(Effect.gen(function* () {
        let spent = 0
        for (const request of list) {
          yield* PutAsync.put(request)
          const from = performance.now()
          yield* Wmi.restore(point)
          yield* Wmi.snapshot
          spent += performance.now() - from
        }
        return spent * 1e6
      })),
    close: () => runtime.dispose()
  }
}

const restore = (count: number): Group => ({
  title: `Restore point with ${count.toLocaleString("en")} instances`,
  clock: "wall",
  apart: true,
  cases: [{ name: "restore and take a snapshot", figure: "own time", setup: () => restored(count) }],
  goals: [{
    name: "microseconds",
    reached: ({ value }) => scaled(value("restore and take a snapshot"), 1 / microsecond),
    atMost: 100
  }]
})

const declare: Declaration = ({ count = 100_000, short }) => ({
  groups: [
    puts(count),
    fastPath(Math.min(count, 20_000)),
    ...(short ? [] : [bySize(Math.min(count, 20_000)), growth]),
    heap(count),
    restore(count)
  ]
})

export default declare
