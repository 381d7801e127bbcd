/** `Wmi.Wmi` and `Wmi.EmulatedWmi`: the operations as methods of one service. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Stream from "effect/Stream"
import { expectTypeOf } from "vitest"
import {
  CallContext,
  ClassDefinition,
  Instance,
  type NamespaceEvents,
  type NamespaceReader,
  type NamespaceState,
  ObjectPath,
  type Planner,
  Property,
  type PutAsync,
  PutRequest,
  PutSink,
  PutValidator,
  Rights,
  Snapshot,
  Wmi
} from "../../mod.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const disk = (id: string) => PutRequest.make(Instance.make("Demo_Disk", { Id: id }))
const world = Wmi.layerMemoryFrom(Snapshot.of(Disk))
const service = Layer.provide(Wmi.layerEmulated, world)

describe("the service over an emulator", () => {
  it.effect("puts, reads, lists, plans and deletes", () =>
    Effect.gen(function* () {
      const wmi = yield* Wmi.EmulatedWmi
      assert.strictEqual((yield* wmi.plan(disk("C:"))).report.disposition, "Created")
      assert.strictEqual((yield* wmi.put(disk("C:"))).disposition, "Created")
      const handle = yield* Effect.scoped(Effect.flatMap(wmi.submit(disk("D:")), (call) => call.await))
      assert.strictEqual(handle.disposition, "Created")
      assert.strictEqual((yield* wmi.get('Demo_Disk="c:"'))._tag, "Instance")
      assert.deepStrictEqual((yield* wmi.instancesOf("demo_disk")).map(({ values }) => values["Id"]), ["C:", "D:"])
      assert.deepStrictEqual((yield* wmi.classes()).map(({ name }) => name), ["Demo_Disk"])
      assert.deepStrictEqual(yield* wmi.namespaces, ["root", "root\\cimv2", "root\\default"])
      const system = yield* wmi.systemProperties(Instance.make("Demo_Disk", { Id: "C:" }))
      assert.strictEqual(system.__RELPATH, 'Demo_Disk.Id="C:"')
      assert.strictEqual(ObjectPath.relPath(yield* wmi.delete('Demo_Disk="C:"')), 'Demo_Disk.Id="C:"')
      assert.strictEqual((yield* Effect.flip(wmi.get('Demo_Disk="C:"'))).status, "NotFound")
    }).pipe(Effect.provide(service)))

  it.effect("takes, restores and forks states", () =>
    Effect.gen(function* () {
      const wmi = yield* Wmi.EmulatedWmi
      const before = yield* wmi.snapshot
      yield* wmi.put(disk("C:"))
      const fork = Layer.provide(Wmi.layerEmulated, yield* wmi.fork)
      yield* Effect.provide(Effect.flatMap(Wmi.Wmi, (other) => other.put(disk("D:"))), fork)
      assert.strictEqual((yield* wmi.instancesOf("Demo_Disk")).length, 1)
      yield* wmi.restore(before)
      assert.strictEqual((yield* wmi.instancesOf("Demo_Disk")).length, 0)
      yield* wmi.reset
      assert.deepStrictEqual(yield* wmi.classes(), [])
    }).pipe(Effect.provide(service)))

  it.effect("puts a stream in batches: outcomes in order, and no request is read before an outcome is wanted", () =>
    Effect.gen(function* () {
      const wmi = yield* Wmi.Wmi
      const read = yield* Ref.make(0)
      const requests = Stream.range(1, 1000).pipe(
        Stream.rechunk(1),
        Stream.tap(() => Ref.update(read, (n) => n + 1)),
        Stream.map((n) => n === 2 ? PutRequest.make(Instance.make("Nobody", {})) : disk(String(n)))
      )
      const outcomes = wmi.bulkPut(requests, { batchSize: 3 })
      assert.strictEqual(yield* Ref.get(read), 0)
      const first = yield* Stream.runCollect(Stream.take(outcomes, 3))
      assert.deepStrictEqual([...first].map(({ _tag }) => _tag), ["Committed", "Rejected", "Committed"])
      assert.isAtMost(yield* Ref.get(read), 6)
    }).pipe(Effect.provide(service)))

  it.effect("the events are those of the repository, whichever program puts", () =>
    Effect.gen(function* () {
      const wmi = yield* Wmi.EmulatedWmi
      const listens = yield* Deferred.make<void>()
      const first = yield* Effect.fork(Stream.runHead(
        Stream.merge(wmi.events, Stream.drain(Stream.fromEffect(Deferred.succeed(listens, undefined))))
      ))
      yield* Deferred.await(listens)
      yield* Effect.yieldNow()
      yield* wmi.put(disk("C:"))
      const event = yield* Effect.flatten(Fiber.join(first))
      assert.strictEqual(event._tag, "InstanceCreation")
    }).pipe(Effect.provide(service)))

  it.effect("the caller, the namespace and the locale are those of the fiber that calls, not of the one that builds", () =>
    Effect.gen(function* () {
      const wmi = yield* Wmi.EmulatedWmi
      const reader = { name: "CORP\\bob", remote: false, rights: Rights.of("Enable") }
      const refused = yield* wmi.put(disk("C:")).pipe(Effect.flip, Effect.provideService(CallContext.Caller, reader))
      assert.strictEqual(refused.status, "AccessDenied")
      const elsewhere = yield* wmi.get("Demo_Disk").pipe(
        Effect.flip,
        Effect.provideService(CallContext.DefaultNamespace, "root\\default")
      )
      assert.strictEqual(elsewhere.status, "NotFound")
    }).pipe(
      Effect.provide(Layer.provide(service, Layer.succeed(CallContext.DefaultNamespace, "root\\nowhere")))
    ))
})

describe("the sink of the service", () => {
  it.effect("is that of the layer, and that of `withSink` for the calls of its result", () =>
    Effect.gen(function* () {
      const [ofLayer, own] = [PutSink.recording(), PutSink.recording()]
      const stages = Layer.merge(world, Layer.succeed(PutSink.PutSink, ofLayer.sink))
      yield* Effect.gen(function* () {
        const wmi = yield* Wmi.Wmi
        yield* wmi.put(disk("C:"))
        yield* wmi.withSink(own.sink).put(disk("D:"))
        yield* Stream.runDrain(wmi.withSink(own.sink).bulkPut(Stream.make(disk("E:"))))
      }).pipe(Effect.provide(Layer.provide(Wmi.layerWmi, stages)))
      assert.deepStrictEqual(ofLayer.events(), ['ObjectPut Demo_Disk.Id="C:"', "Completed"])
      assert.deepStrictEqual(own.events(), [
        'ObjectPut Demo_Disk.Id="D:"',
        "Completed",
        'ObjectPut Demo_Disk.Id="E:"',
        "Completed"
      ])
    }))

  it.effect("`cancel` ends the calls of that sink", () =>
    Effect.gen(function* () {
      const wmi = (yield* Wmi.Wmi).withSink(PutSink.silent())
      const handle = yield* wmi.submit(disk("C:"))
      yield* wmi.cancel
      assert.strictEqual((yield* Effect.flip(handle.await)).status, "CallCancelled")
    }).pipe(
      Effect.scoped,
      Effect.provide(Layer.provide(
        Wmi.layerWmi,
        Layer.merge(world, PutValidator.layerWith({ checks: [() => Effect.never] }))
      ))
    ))
})

describe("types", () => {
  it("a program over the service needs nothing else; over Windows there is no EmulatedWmi", () => {
    const program: Effect.Effect<unknown, unknown, Wmi.Wmi> = Effect.flatMap(Wmi.Wmi, (wmi) => wmi.put(disk("C:")))
    const lists: Effect.Effect<unknown, unknown, Wmi.EmulatedWmi> = Effect.flatMap(
      Wmi.EmulatedWmi,
      (wmi) => wmi.classes()
    )
    const windows = Wmi.layer(PowerShellRepository.layer())
    const over: Layer.Layer<Wmi.Wmi, unknown, Layer.Layer.Context<typeof windows>> = Layer.provide(
      Wmi.layerWmi,
      windows
    )
    // Windows has no plans, states and events: the layer requires their services.
    const emulated = Layer.provide(Wmi.layerEmulated, windows)
    expectTypeOf<NamespaceState.NamespaceState | Planner.Planner | NamespaceEvents.NamespaceEvents>().toExtend<
      Layer.Layer.Context<typeof emulated>
    >()
    expectTypeOf<NamespaceReader.NamespaceReader>().toExtend<Layer.Layer.Success<typeof windows>>()
    // @ts-expect-error `Wmi` alone has no lists
    const missing = (wmi: Wmi.Wmi) => wmi.classes()
    const narrower: (wmi: Wmi.EmulatedWmi) => PutAsync.PutAsync = (wmi) => wmi
    assert.isDefined([program, lists, over, emulated, missing, narrower])
  })
})
