/**
 * Memory: bulk and single puts beside a raw `Map.set` with a ready key, growth, heap per instance, restore points.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as PutEngine from "../src/engine/PutEngine.ts"
import * as PutRules from "../src/engine/PutRules.ts"
import * as Snapshot from "../src/engine/Snapshot.ts"
import type { Instance } from "../src/model/Instance.ts"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import { decode } from "../src/pipeline/PutAsync.ts"
import * as PutSink from "../src/pipeline/PutSink.ts"
import * as PutFlags from "../src/protocol/PutFlags.ts"
import { isWbemError } from "../src/protocol/WbemError.ts"
import type { PutRequest } from "../src/protocol/PutRequest.ts"
import * as Wmi from "../src/Wmi.ts"
import { goal, measure, print } from "./measure.ts"
import { bulk, runtimeOf, single } from "./memoryWorld.ts"
import { refused, requests, Thing, things } from "./world.ts"

const count = Number(process.env["BENCH_COUNT"] ?? 100_000)
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 7)

const raw = (list: ReadonlyArray<Instance>) => {
  const keys = list.map((instance) => `Demo_Thing.Id=${String(instance.values["Id"])}`)
  return () => {
    const map = new Map<string, Instance>()
    return () => {
      for (let i = 0; i < list.length; i++) map.set(keys[i]!, list[i]!)
      if (map.size !== list.length) throw new Error("lost some")
    }
  }
}

/** The decision and its application alone, in batches, without Effect. */
const engine = (list: ReadonlyArray<PutRequest>) => {
  const call = {
    caller: { name: "bench", remote: false, rights: 0x3d },
    locale: "ms_409",
    server: ".",
    time: 0,
    seed: 1
  }
  const puts = list.map((request, i) => {
    const put = decode({ decode: PutFlags.decode }, PutSink.silent(), request, "root\\cimv2", call, i)
    if (isWbemError(put)) throw put
    return { put, rules: PutRules.standard }
  })
  return () => {
    let at = Snapshot.of(Thing)
    return () => {
      for (let i = 0; i < puts.length; i += 256) {
        const { decisions, snapshot } = PutEngine.decideAll(at, puts.slice(i, i + 256))
        at = snapshot
        if (decisions.some(isWbemError)) throw new Error("refused some")
      }
    }
  }
}

const list = requests(count)
const instances = things(count)

const measured = await measure([
  { name: "raw Map.set", operations: count, prepare: raw(instances) },
  { name: "engine: decide and apply", operations: count, prepare: engine(list) },
  { name: "BulkPut, batches of 256", operations: count, prepare: bulk(list, 256) },
  { name: "PutAsync.put, one at a time", operations: count, prepare: single(list) },
  { name: "BulkPut, every put refused", operations: count, prepare: bulk(refused(count), 256, 1) }
], rounds)
print(`Memory, ${count.toLocaleString("en")} instances of six properties, rules and sink events on`, measured)
const [base, , bulked, singled, turnedDown] = measured
goal("bulk, of raw Map.set", base!.median / bulked!.median, ">= 0.25", base!.median / bulked!.median >= 0.25)
goal("single, of raw Map.set", base!.median / singled!.median, ">= 0.04", base!.median / singled!.median >= 0.04)
goal(
  "refused puts in bulk, of accepted ones",
  bulked!.median / turnedDown!.median,
  ">= 0.5",
  bulked!.median / turnedDown!.median >= 0.5
)
goal("single puts a second", 1e9 / singled!.median, ">= 70000", 1e9 / singled!.median >= 70_000)

if (process.env["BENCH_SHORT"] === undefined) {
  const sizes = [1, 4, 16, 64, 256, 1024, 4096]
  const part = list.slice(0, Math.min(count, 20_000))
  const bySize = await measure([
    { name: "raw Map.set", operations: part.length, prepare: raw(instances.slice(0, part.length)) },
    ...sizes.map((size) => ({
      name: `BulkPut, batches of ${size}`,
      operations: part.length,
      prepare: bulk(part, size)
    }))
  ], rounds)
  print("BulkPut by batch size", bySize)

  const small = requests(10_000)
  const large = requests(1_000_000)
  const growth = await measure([
    { name: "BulkPut of 10^4", operations: small.length, prepare: bulk(small, 1024) },
    { name: "BulkPut of 10^6", operations: large.length, prepare: bulk(large, 1024) }
  ], 3)
  print("Growth", growth)
  goal(
    "cost per put at 10^6, of that at 10^4",
    growth[1]!.median / growth[0]!.median,
    "<= 1.5",
    growth[1]!.median / growth[0]!.median <= 1.5
  )
}

/** Heap that the stored instances take, their values included; the requests are garbage by then. */
const heap = async (): Promise<void> => {
  const collect = (globalThis as { readonly gc?: () => void }).gc
  if (collect === undefined) {
    console.log("\nHeap per instance: not measured, start with --expose-gc")
    return
  }
  const runtime = runtimeOf(PutSink.silent())
  await runtime.runPromise(Effect.void)
  collect()
  const before = process.memoryUsage().heapUsed
  const lazily = Stream.map(Stream.range(0, count - 1), (i) => requests1(i))
  await runtime.runPromise(Stream.runDrain(BulkPut.run(lazily, { batchSize: 1024 })))
  collect()
  const each = (process.memoryUsage().heapUsed - before) / count
  console.log("\nHeap")
  goal("bytes of heap an instance", each, "<= 400", each <= 400)
  const restore = await runtime.runPromise(Effect.gen(function* () {
    const point = yield* Wmi.snapshot
    let spent = 0
    const times = 1000
    for (let i = 0; i < times; i++) {
      yield* PutAsync.put(requests1(count + i))
      const from = performance.now()
      yield* Wmi.restore(point)
      yield* Wmi.snapshot
      spent += performance.now() - from
    }
    return spent * 1000 / times
  }))
  goal(`restore point with ${count.toLocaleString("en")} instances, microseconds`, restore, "<= 100", restore <= 100)
  await runtime.dispose()
}
const requests1 = (i: number): PutRequest => one(i)
import { thing } from "./world.ts"
import * as Request from "../src/protocol/PutRequest.ts"
const one = (i: number): PutRequest => Request.make(thing(i))
await heap()
