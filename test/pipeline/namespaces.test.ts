/** Namespaces through the public operations (`object-model` 11, `instance-put` 5, `delete` DL-9): created, nested, filled, listed, deleted. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as NamespaceEvents from "../../src/pipeline/NamespaceEvents.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"

const named = (name: string): Instance.Instance => Instance.make("__Namespace", { Name: name })
const Thing = ClassDefinition.make("Demo_Thing", { Id: Property.key("uint32") })
const thing = Instance.make("Demo_Thing", { Id: 1 })
/** A class of namespaces with a property besides the name. */
const Site = (more: Readonly<Record<string, Property.PropertySpec>> = {}): ClassDefinition.ClassDefinition =>
  ClassDefinition.make("Demo_Site", { Where: Property.make("string"), ...more }, { superclass: "__NAMESPACE" })
const site = (name: string): Instance.Instance => Instance.make("Demo_Site", { Name: name, Where: "here" })

/** The disposition of a put, or its status. */
const put = (object: WbemObject, options?: PutRequest.Options) =>
  Effect.match(PutAsync.put(PutRequest.make(object, options)), {
    onFailure: ({ status }): string => status,
    onSuccess: ({ disposition }) => disposition
  })

/** The namespaces that did not exist at the start. */
const added = Effect.map(
  Wmi.namespaces,
  (all) => all.filter((name) => !["root", "root\\cimv2", "root\\default"].includes(name))
)

describe("namespaces", () => {
  it.effect("are created by a put, one in another, each with the system classes and nothing else in it", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* put(named("a")), "Created")
      assert.strictEqual(yield* put(named("B_"), { namespace: "root/cimv2/A" }), "Created")
      assert.strictEqual(yield* put(named("c"), { namespace: "ROOT\\CIMV2\\a\\b_" }), "Created")
      assert.deepStrictEqual(yield* added, ["root\\cimv2\\a", "root\\cimv2\\a\\B_", "root\\cimv2\\a\\B_\\c"])
      const deep = { namespace: "root/cimv2/a/b_/c" }
      assert.deepStrictEqual(yield* Wmi.classes(deep), [])
      const systemClasses = (options?: Wmi.Options) =>
        Effect.map(Wmi.classes({ ...options, system: true }), (all) => all.map(({ name }) => name))
      assert.deepStrictEqual(yield* systemClasses(deep), yield* systemClasses({ namespace: "root\\cimv2" }))
      const inA = yield* Wmi.instancesOf("__namespace", { namespace: "root\\cimv2\\a" })
      assert.deepStrictEqual(inA.map(({ values }) => values), [{ Name: "B_" }])
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("hold only the objects that are put into them (PA-2)", () =>
    Effect.gen(function* () {
      yield* put(named("a"))
      const inside = { namespace: "root\\cimv2\\a" }
      assert.strictEqual(yield* put(Thing, inside), "Created")
      assert.strictEqual(yield* put(thing), "InvalidClass")
      const report = yield* PutAsync.put(PutRequest.make(thing, { namespace: "Root/CIMv2/A" }))
      assert.strictEqual(ObjectPath.format(report.path), "\\\\.\\Root\\CIMv2\\A:Demo_Thing.Id=1") // PA-75
      assert.strictEqual((yield* Effect.flip(Wmi.get("Demo_Thing"))).status, "NotFound")
      assert.strictEqual((yield* Wmi.get("root/cimv2/a:demo_thing=1"))._tag, "Instance")
      assert.strictEqual((yield* Wmi.get("demo_thing=1", { namespace: "root/cimv2/a" }))._tag, "Instance")
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("are unique without regard to case; a put of an existing namespace changes nothing", () =>
    Effect.gen(function* () {
      yield* put(named("a"))
      yield* put(Thing, { namespace: "root\\cimv2\\a" })
      assert.strictEqual(yield* put(named("A")), "Unchanged")
      assert.strictEqual(yield* put(named("A"), { mode: "CreateOnly" }), "AlreadyExists")
      assert.strictEqual(yield* put(named("A"), { mode: "UpdateOnly" }), "Unchanged")
      assert.strictEqual(yield* put(named("b"), { mode: "UpdateOnly" }), "NotFound")
      yield* put(Site())
      assert.strictEqual(yield* put(site("A")), "Unchanged")
      assert.deepStrictEqual(yield* added, ["root\\cimv2\\a"])
      assert.lengthOf(yield* Wmi.classes({ namespace: "root\\cimv2\\a" }), 1)
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("are deleted with their content and everything below, deepest first (DL-9, DL-10), and are empty when created again", () =>
    Effect.gen(function* () {
      yield* put(named("a"))
      yield* put(named("b"), { namespace: "root\\cimv2\\a" })
      const deep = { namespace: "root\\cimv2\\a\\b" }
      yield* put(Thing, deep)
      yield* put(thing, deep)
      const events: Array<string> = []
      const watched = yield* NamespaceEvents.NamespaceEvents
      yield* watched.listen((event) => void events.push(`${event._tag} ${ObjectPath.format(event.path)}`))
      assert.strictEqual(ObjectPath.relPath(yield* Wmi.delete("__namespace='A'")), '__NAMESPACE.Name="a"')
      assert.deepStrictEqual(events, [
        "InstanceDeletion \\\\.\\root\\cimv2\\a\\b:Demo_Thing.Id=1",
        "ClassDeletion \\\\.\\root\\cimv2\\a\\b:Demo_Thing",
        'InstanceDeletion \\\\.\\root\\cimv2\\a:__NAMESPACE.Name="b"',
        'InstanceDeletion \\\\.\\root\\cimv2:__NAMESPACE.Name="a"'
      ])
      assert.deepStrictEqual(yield* added, [])
      const sink = PutSink.recording()
      assert.strictEqual(yield* PutAsync.withSink(sink.sink)(put(Thing, deep)), "InvalidNamespace")
      assert.deepStrictEqual(sink.events(), [], "refused at the start, so the sink gets no event")
      assert.strictEqual((yield* Effect.flip(Wmi.delete("Demo_Thing", deep))).status, "InvalidNamespace")
      yield* put(named("a"))
      assert.deepStrictEqual(yield* added, ["root\\cimv2\\a"])
      assert.deepStrictEqual(yield* Wmi.classes({ namespace: "root\\cimv2\\a" }), [])
    }).pipe(Effect.scoped, Effect.provide(Wmi.layerMemory)))

  for (const way of ["its class is deleted", "a forced update deletes the instances of its class"] as const) {
    it.effect(`of a derived class are deleted when ${way}`, () =>
      Effect.gen(function* () {
        yield* put(Site())
        assert.strictEqual(yield* put(site("a")), "Created")
        yield* put(named("b"), { namespace: "root\\cimv2\\a" })
        yield* put(Thing, { namespace: "root\\cimv2\\a\\b" })
        const wider = Site({ More: Property.make("string") })
        assert.strictEqual(yield* put(wider), "ClassHasInstances")
        assert.lengthOf(yield* added, 2)
        if (way === "its class is deleted") yield* Wmi.delete("Demo_Site")
        else assert.strictEqual(yield* put(wider, { update: "Force" }), "Updated")
        assert.deepStrictEqual(yield* added, [])
        assert.strictEqual(yield* put(Thing, { namespace: "root\\cimv2\\a\\b" }), "InvalidNamespace")
      }).pipe(Effect.provide(Wmi.layerMemory)))
  }

  it.effect("created in a batch hold the objects that follow in it", () =>
    Effect.gen(function* () {
      const inside = { namespace: "root/cimv2/new" }
      const requests = [
        PutRequest.make(named("new")),
        PutRequest.make(Thing, inside),
        PutRequest.make(thing, inside),
        PutRequest.make(Thing, { namespace: "root\\cimv2\\nowhere" })
      ]
      const outcomes = yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))
      assert.deepStrictEqual(
        Array.from(outcomes, (one) => one._tag === "Committed" ? one._tag : one.error.status),
        ["Committed", "Committed", "Committed", "InvalidNamespace"]
      )
    }).pipe(Effect.provide(Wmi.layerMemory)))
})
