/** Each kind of fault over memory, SQLite and PostgreSQL, single and bulk; the kit's reset, restore points and forks over each. */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import { CallLog, Fault, WmiTest } from "../../src/entry/testing.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Asset, asset, bulk, ids, namespace, single } from "../testing/corp.ts"
import { kinds } from "./stores.ts"

const assets = ids(5).map((id) => asset(id))
const names = ["memory", "SQLite in memory", "PostgreSQL"]

/** What a run is: puts one after another, or a bulk run. A failed put is its status in both. */
const runs: ReadonlyArray<{
  readonly run: string
  readonly putAll: (objects?: typeof assets) => Effect.Effect<ReadonlyArray<string>, never, Stages>
  /** The outcome of a put that a fault hit, by the outcome in a bulk run. */
  readonly outcome: (tag: string, status: string) => string
}> = [
  { run: "single", putAll: (objects = assets) => single(objects), outcome: (_, status) => status },
  { run: "bulk", putAll: (objects = assets) => bulk(objects), outcome: (tag, status) => `${tag} ${status}` }
]

const stored = Effect.map(
  WmiTest.unobserved(Wmi.instancesOf("Corp_Asset")),
  (all) => all.map(({ values }) => values["Id"] as string).sort()
)

for (const { name, open } of kinds.filter((kind) => names.includes(kind.name))) {
  const kit: Layer.Layer<WmiTest.Services, unknown> = WmiTest.layerOver(
    Layer.provide(EmulatedRepository.layer, Layer.scoped(NamespaceStore, open)),
    { objects: [Asset], defaultNamespace: namespace }
  )
  /** The kit is built over the live clock, because opening a database takes time; the test runs over `TestClock`. */
  const withKit = <A, E>(test: Effect.Effect<A, E, WmiTest.Services | Scope.Scope>) =>
    Effect.flatMap(Layer.build(kit), (context) => Effect.provide(test, context))

  describe(name, () => {
    for (const { outcome, putAll, run } of runs) {
      const third = { verb: "put", class: "Corp_Asset", nth: 3 } as const
      const made = (third: string): ReadonlyArray<string> => ["Created", "Created", third, "Created", "Created"]
      const without3 = ["A1", "A2", "A4", "A5"]

      it.scopedLive(`${run}: a status at the third put; the others are stored`, () =>
        withKit(Effect.gen(function* () {
          yield* WmiTest.addFault(Fault.make({ ...third, fault: "AccessDenied" }))
          assert.deepStrictEqual(yield* putAll(), made(outcome("Rejected", "AccessDenied")))
          assert.deepStrictEqual(yield* stored, without3)
          yield* WmiTest.assertFaultsUsed()
        })))

      it.scopedLive(`${run}: a lost request is not stored`, () =>
        withKit(Effect.gen(function* () {
          yield* WmiTest.addFault(Fault.make({ ...third, fault: Fault.loseRequest }))
          assert.deepStrictEqual(yield* putAll(), made(outcome("NotStarted", "TransportFailure")))
          assert.deepStrictEqual(yield* stored, without3)
        })))

      it.scopedLive(`${run}: a lost answer is Unknown, and a second run settles it`, () =>
        withKit(Effect.gen(function* () {
          yield* WmiTest.addFault(Fault.make({ ...third, fault: Fault.loseAnswer }))
          assert.deepStrictEqual(yield* putAll(), made(outcome("Unknown", "TransportFailure")))
          assert.deepStrictEqual(yield* stored, ids(5))
          const lost = CallLog.puts(yield* WmiTest.calls)[2]
          assert.strictEqual(lost?.error?._tag === "WbemTransportFailure" && lost.error.sent, true)
          assert.strictEqual((lost?.lostAnswer as { readonly disposition: string }).disposition, "Created")
          assert.deepStrictEqual(yield* putAll(), Array(5).fill("Unchanged"))
        })))

      it.scopedLive(`${run}: a defect`, () =>
        withKit(Effect.gen(function* () {
          yield* WmiTest.addFault(Fault.make({ ...third, fault: Fault.die(new Error("boom")) }))
          if (run === "single") {
            const exit = yield* Effect.exit(putAll())
            assert.match(String(Exit.isFailure(exit) && Cause.squash(exit.cause)), /boom/)
            assert.deepStrictEqual(yield* stored, ["A1", "A2"])
          } else {
            assert.deepStrictEqual(yield* putAll(), made("Rejected Failed"))
            assert.deepStrictEqual(yield* stored, without3)
          }
        })))

      it.scopedLive(`${run}: a delay that the test clock ends`, () =>
        withKit(Effect.gen(function* () {
          yield* WmiTest.addFault(Fault.make({ ...third, fault: Fault.delay("1 hour") }))
          yield* Effect.gen(function* () {
            const fiber = yield* Effect.fork(putAll())
            // A database answers in its own time; the test clock has a sleeper when the third put waits.
            while ((yield* TestClock.sleeps()).length === 0) yield* Effect.yieldNow()
            yield* TestClock.adjust("1 hour")
            assert.deepStrictEqual(yield* Fiber.join(fiber), Array(5).fill("Created"))
          }).pipe(Effect.provide(TestContext.TestContext))
          assert.deepStrictEqual(yield* stored, ids(5))
        })))

      it.scopedLive(`${run}: reset, a restore point and a fork`, () =>
        withKit(Effect.gen(function* () {
          yield* putAll(assets.slice(0, 2))
          const point = yield* WmiTest.restorePoint
          yield* putAll(assets.slice(2))
          const there = yield* Effect.provide(Effect.zipRight(putAll([asset("B1")]), stored), yield* WmiTest.fork)
          assert.deepStrictEqual(there, [...ids(5), "B1"])
          assert.deepStrictEqual(yield* stored, ids(5))
          yield* point.restore
          assert.deepStrictEqual(yield* stored, ids(2))
          yield* WmiTest.reset
          assert.deepStrictEqual(yield* stored, [])
          assert.deepStrictEqual(yield* WmiTest.calls, [])
        })))
    }

    it.scopedLive("a storage that fails takes a whole batch, before or after the write", () =>
      withKit(Effect.gen(function* () {
        yield* WmiTest.addFault(Fault.make({ verb: "batch", nth: 1, fault: "Timeout" }))
        yield* WmiTest.addFault(Fault.make({ verb: "batch", nth: 3, fault: Fault.loseAnswer }))
        assert.deepStrictEqual(yield* bulk(assets, 2), [
          "NotStarted Timeout",
          "NotStarted Timeout",
          "Created",
          "Created",
          "Unknown TransportFailure"
        ])
        assert.deepStrictEqual(yield* stored, ["A3", "A4", "A5"])
      })))

    it.scopedLive("gets, lists and deletes: a status, a lost request, a lost answer", () =>
      withKit(Effect.gen(function* () {
        yield* single(assets)
        const statuses = Effect.all([
          Wmi.get('Corp_Asset.Id="A1"'),
          Wmi.instancesOf("Corp_Asset"),
          Wmi.classes(),
          Wmi.namespaces,
          Wmi.delete('Corp_Asset.Id="A1"')
        ].map((call: Effect.Effect<unknown, { readonly status: string }, WmiTest.Services>) =>
          Effect.match(call, { onFailure: ({ status }) => status, onSuccess: () => "ok" })
        ))
        for (const fault of ["AccessDenied", Fault.loseRequest] as const) {
          const status = fault === "AccessDenied" ? fault : "TransportFailure"
          const rule = Fault.make({ verb: ["get", "list", "delete"], fault })
          assert.deepStrictEqual(yield* WmiTest.withFault(rule)(statuses), Array(5).fill(status))
        }
        assert.deepStrictEqual(yield* stored, ids(5))
        const lost = Fault.make({ verb: "delete", fault: Fault.loseAnswer })
        assert.strictEqual((yield* WmiTest.withFault(lost)(statuses))[4], "TransportFailure")
        assert.deepStrictEqual(yield* stored, ids(5).slice(1))
      })))
  })
}
