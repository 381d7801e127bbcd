/** The test kit over a namespace with the DMTF schema: a thousand tests, each with a restore point, a put, and a reset. */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import { Fault, WmiTest } from "../src/entry/testing.ts"
import * as Snapshot from "../src/engine/state/Snapshot.ts"
import * as Mof from "../src/mof/Mof.ts"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import * as Wmi from "../src/Wmi.ts"
import { type Declaration, millisecond, type Ready, scaled } from "./Bench.ts"
import { Thing, thing } from "./world.ts"

const tests = 1_000

/** The state of `root\cimv2` after a put of the schema; seven classes are refused. */
const schema = Effect.gen(function* () {
  const bytes = gunzipSync(readFileSync("bench/data/cim_schema_2.49.0.mof.gz"))
  const requests = [...Mof.operations(Mof.parse(bytes, { namespace: "root\\cimv2" }))].flatMap((operation) =>
    operation._tag === "Put" ? [operation.request] : []
  )
  yield* Stream.runDrain(BulkPut.run(Stream.fromIterable(requests)))
  return yield* Wmi.snapshot
}).pipe(Effect.provide(Wmi.layerMemory))

/** Only restore points, their use and resets count; the puts between them do not. */
const thousand = async (faults: boolean): Promise<Ready> => {
  const runtime = ManagedRuntime.make(WmiTest.layer({
    world: schema,
    objects: [Thing],
    faults: faults ? [Fault.make({ verb: "put", nth: 2, fault: "Failed" })] : []
  }))
  await runtime.runPromise(Effect.void)
  const list = Array.from({ length: tests }, (_, i) => PutRequest.make(thing(i)))
  return {
    operations: tests,
    prepare: () => () =>
      runtime.runPromise(Effect.gen(function* () {
        let spent = 0
        for (const request of list) {
          let from = performance.now()
          const point = yield* WmiTest.restorePoint
          spent += performance.now() - from
          yield* PutAsync.put(request)
          from = performance.now()
          yield* point.restore
          spent += performance.now() - from
          yield* PutAsync.put(request)
          from = performance.now()
          yield* WmiTest.reset
          spent += performance.now() - from
        }
        const state = yield* Wmi.snapshot
        const left = Snapshot.count(state, "root\\cimv2", "Demo_Thing")
        const classes = Snapshot.classes(state, "root\\cimv2").length
        if (left !== 0 || classes !== 1625) throw new Error(`${left} instances and ${classes} classes are left`)
        return spent * millisecond
      })),
    close: () => runtime.dispose()
  }
}

const plain = "restore point, restore and reset"

const declare: Declaration = () => ({
  groups: [{
    title: `Test kit over the DMTF schema, ${tests.toLocaleString("en")} tests`,
    clock: "wall",
    apart: true,
    cases: [
      { name: plain, figure: "own time", setup: () => thousand(false) },
      { name: "the same with a fault rule", figure: "own time", setup: () => thousand(true) }
    ],
    goals: [{
      name: "milliseconds a test",
      reached: ({ value }) => scaled(value(plain), 1 / millisecond),
      atMost: 1
    }]
  }]
})

export default declare
