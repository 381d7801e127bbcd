/**
 * Objects of the caller are neither the state of a store nor part of a pending put: a put copies its object, and changes of a returned
 * object do not reach the store. Tested with objects that are mutable at every depth.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import { NamespaceEvents } from "../../src/pipeline/NamespaceEvents.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Wmi from "../../src/Wmi.ts"
import { kinds } from "./stores.ts"

const Part = ClassDefinition.make("Demo_Part", { N: Property.make("string") })
const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  V: Property.make("string"),
  List: Property.make("string[]"),
  Part: Property.make("object:Demo_Part"),
  Parts: Property.make("object:Demo_Part[]")
})

/** An instance as a JavaScript caller builds it: mutable at every depth. */
const raw = (): WbemObject =>
  ({
    _tag: "Instance",
    className: "Demo_Disk",
    values: {
      Id: "1",
      V: "as handed over",
      List: ["a", "b"],
      Part: { _tag: "Instance", className: "Demo_Part", values: { N: "one" }, qualifiers: [] },
      Parts: [{ _tag: "Instance", className: "Demo_Part", values: { N: "two" }, qualifiers: [] }]
    },
    qualifiers: [{ name: "Note", value: ["q"], type: "string", flavor: 0 }]
  }) as unknown as WbemObject

/** A request as a JavaScript caller builds it. */
const plainRequest = (object: WbemObject): PutRequest.PutRequest =>
  ({
    object,
    namespace: undefined,
    flags: 0,
    context: undefined,
    asyncContext: null
  }) as unknown as PutRequest.PutRequest

/** A class as a JavaScript caller builds it. */
const rawClass = (): WbemObject =>
  ({
    _tag: "Class",
    name: "Demo_Raw",
    superclass: undefined,
    qualifiers: [{ name: "Note", value: ["q"], type: "string", flavor: 0 }],
    properties: [
      {
        name: "Id",
        type: "string",
        isArray: false,
        qualifiers: [{ name: "key", value: true, type: "boolean", flavor: 0 }]
      },
      { name: "L", type: "string", isArray: true, value: ["x"], qualifiers: [] }
    ],
    methods: [{
      name: "M",
      returns: "void",
      parameters: [{
        name: "P",
        type: "string",
        isArray: true,
        direction: "in",
        id: 0,
        value: ["d"],
        qualifiers: []
      }],
      qualifiers: []
    }]
  }) as unknown as WbemObject

/** Every object that can be reached from a value. */
const reachable = (from: unknown, found: Set<object> = new Set()): ReadonlySet<object> => {
  if (typeof from !== "object" || from === null || found.has(from)) return found
  found.add(from)
  for (const key of Reflect.ownKeys(from)) reachable((from as Record<PropertyKey, unknown>)[key], found)
  return found
}

/** Tries to change every member of every reachable object. A frozen object stays unchanged. */
const spoil = (from: unknown): void => {
  for (const object of reachable(from)) {
    for (const key of Reflect.ownKeys(object)) {
      const value: unknown = Reflect.get(object, key)
      Reflect.set(
        object,
        key,
        typeof value === "string" ? `${value} spoiled` : typeof value === "object" ? value : null
      )
    }
    if (Array.isArray(object)) Reflect.set(object, object.length, "one more")
    else Reflect.set(object, "extra", "spoiled")
  }
}

/** How much of an object is frozen before it is handed over. Half of it is drawn by the seed. */
const frozen = (object: WbemObject, drawn: ReadonlyArray<boolean>): WbemObject => {
  let i = 0
  for (const one of reachable(object)) if (drawn[i++ % drawn.length] === true) Object.freeze(one)
  return object
}

const namespace = "root\\cimv2"

for (const { name, open } of kinds) {
  describe(`${name}: objects of the caller`, () => {
    const over = <A, E>(
      program: Effect.Effect<A, E, Layer.Layer.Success<ReturnType<typeof Wmi.layerMemoryFrom>>>
    ): Effect.Effect<A, E> =>
      Effect.scoped(Effect.flatMap(open, (store) =>
        Effect.provide(
          program,
          Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))
        )))

    const put = (object: WbemObject) => PutAsync.put(PutRequest.make(object))
    const start = Effect.all([put(Part), put(Disk)], { discard: true })
    const state = Effect.map(
      Wmi.snapshot,
      (snapshot) =>
        Array.from(Snapshot.entries(snapshot)).filter(([at, , , object]) =>
          at === namespace && !("className" in object && object.className.startsWith("__"))
        ).map((entry) => structuredClone(entry))
    )

    const drawn = FastCheck.sample(FastCheck.array(FastCheck.boolean(), { minLength: 1, maxLength: 9 }), {
      numRuns: 20,
      seed: 1
    })

    it.effect("an object that was put can be changed afterwards without an effect on the store", () =>
      over(Effect.gen(function* () {
        yield* start
        for (const frozenness of drawn) {
          const held = [frozen(raw(), frozenness), frozen(rawClass(), frozenness)]
          yield* Effect.forEach(held, put)
          const before = yield* state
          spoil(held)
          assert.deepStrictEqual(yield* state, before)
        }
      })))

    it.effect("a request does not change with the object that it was made of, and cannot be changed itself", () =>
      over(Effect.gen(function* () {
        yield* start
        const expected = structuredClone(raw())
        for (const frozenness of drawn) {
          const held = frozen(raw(), frozenness)
          const request = PutRequest.make(held)
          spoil(held)
          spoil(request.object)
          yield* PutAsync.put(request)
          const read = yield* Wmi.get('Demo_Disk.Id="1"')
          assert.deepStrictEqual(structuredClone(read), expected)
        }
      })))

    it.effect("a pending put does not change with the request of its caller", () =>
      over(Effect.gen(function* () {
        yield* start
        const expected = structuredClone(raw())
        const held = raw()
        const request = plainRequest(held)
        let spoiled = false
        const pending = yield* Effect.fork(Effect.provide(
          PutAsync.put(request),
          PutValidator.layerWith({
            checks: [() =>
              Effect.sync(() => {
                spoil(held)
                spoiled = true
              })]
          })
        ))
        yield* Fiber.join(pending)
        assert.isTrue(spoiled)
        assert.deepStrictEqual(structuredClone(yield* Wmi.get('Demo_Disk.Id="1"')), expected)
      })))

    it.effect("objects that were read, listed, planned, reported or published can be changed without an effect on the store", () =>
      over(
        Effect.gen(function* () {
          yield* start
          const heard: Array<unknown> = []
          yield* Effect.flatMap(NamespaceEvents, (events) => events.listen((event) => heard.push(event)))
          heard.push(yield* put(raw()))
          yield* put(rawClass())
          const before = yield* state
          const snapshot = yield* Wmi.snapshot
          heard.push(
            yield* Wmi.get('Demo_Disk.Id="1"'),
            yield* Wmi.get("Demo_Raw"),
            yield* Wmi.instancesOf("Demo_Disk"),
            yield* Wmi.classes(),
            Array.from(Snapshot.entries(snapshot)),
            Snapshot.instances(snapshot, namespace, "Demo_Disk"),
            Snapshot.classes(snapshot, namespace),
            yield* PutAsync.plan(PutRequest.make(Instance.set(raw() as Instance.Instance, { V: "other" }))),
            yield* PutAsync.plan(PutRequest.make(Instance.make("Demo_Disk", { Id: "1" })))
          )
          heard.forEach(spoil)
          assert.deepStrictEqual(yield* state, before)
        }).pipe(Effect.scoped)
      ))
  })
}

describe("objects that cannot be copied", () => {
  const cyclic = (): unknown => {
    const object = raw() as unknown as { values: Record<string, unknown> }
    object.values["Part"] = object
    return object
  }
  const list = (): unknown => {
    const object = raw() as unknown as { values: Record<string, unknown> }
    const elements: Array<unknown> = []
    elements.push(elements)
    object.values["List"] = elements
    return object
  }
  const objects: Readonly<Record<string, () => unknown>> = {
    "an instance that contains itself": cyclic,
    "a list that contains itself": list,
    "an accessor that throws": () => ({
      _tag: "Instance",
      className: "Demo_Disk",
      qualifiers: [],
      get values() {
        throw new Error("accessor")
      }
    }),
    "a value whose accessor throws": () => ({
      _tag: "Instance",
      className: "Demo_Disk",
      qualifiers: [],
      values: {
        get V() {
          throw new Error("accessor")
        }
      }
    }),
    "a proxy that throws": () =>
      new Proxy({}, {
        get: (_, key) => {
          if (key === "_tag") return "Instance"
          throw new Error(`trap ${String(key)}`)
        }
      }),
    "a qualifier that is null": () => ({ ...raw(), qualifiers: [null] }),
    "a qualifier without a name": () => ({ ...raw(), qualifiers: [{ value: 1 }] }),
    "a property that is null": () => ({ ...rawClass(), properties: [null] }),
    "a property without a name": () => ({ ...rawClass(), properties: [{ type: "string" }] }),
    "a method without parameters": () => ({ ...rawClass(), methods: [{ name: "M", returns: "void", qualifiers: [] }] }),
    "a parameter that is a number": () => ({
      ...rawClass(),
      methods: [{ name: "M", returns: "void", qualifiers: [], parameters: [7] }]
    }),
    "a superclass that is no text": () => ({ ...rawClass(), superclass: ["Demo_Disk"] }),
    "a property whose mark of an array is missing": () => ({
      ...rawClass(),
      properties: [{ name: "P", type: "string", qualifiers: [] }]
    }),
    "a flavour that is no number": () => ({
      ...raw(),
      qualifiers: [{ name: "Q", value: 1, type: "sint32", flavor: Number.NaN }]
    }),
    "a parameter with an unknown direction": () => ({
      ...rawClass(),
      methods: [{
        name: "M",
        returns: "void",
        qualifiers: [],
        parameters: [{ name: "P", type: "string", isArray: false, direction: "up", id: 0, qualifiers: [] }]
      }]
    }),
    "a method whose written type is no text": () => ({
      ...rawClass(),
      methods: [{ name: "M", returns: "void", returnsWord: 1, qualifiers: [], parameters: [] }]
    }),
    "qualifiers of properties that are a number": () => ({ ...raw(), propertyQualifiers: 7 }),
    "qualifiers of a property that are text": () => ({
      ...rawClass(),
      properties: [{ name: "P", type: "string", isArray: false, qualifiers: "abc" }]
    })
  }
  for (const [title, make] of Object.entries(objects)) {
    it.effect(`${title}: InvalidParameter, and nothing is stored`, () =>
      Effect.gen(function* () {
        yield* Effect.all([PutAsync.put(PutRequest.make(Part)), PutAsync.put(PutRequest.make(Disk))])
        const object = make() as WbemObject
        const requests = [
          PutRequest.make(object),
          plainRequest(object)
        ]
        for (const request of requests) {
          const error = yield* Effect.flip(PutAsync.put(request))
          assert.strictEqual(error.status, "InvalidParameter")
          assert.strictEqual((yield* Effect.flip(PutAsync.plan(request))).status, "InvalidParameter")
        }
        assert.deepStrictEqual(yield* Wmi.instancesOf("Demo_Disk"), [])
      }).pipe(Effect.provide(Wmi.layerMemory)))
  }

  it.effect("a value that is no snapshot is not restored: InvalidParameter", () =>
    Effect.gen(function* () {
      yield* PutAsync.put(PutRequest.make(Part))
      for (const wrong of [{}, null, [], "text", 1] as ReadonlyArray<unknown>) {
        assert.strictEqual((yield* Effect.flip(Wmi.restore(wrong as never))).status, "InvalidParameter")
      }
      assert.strictEqual((yield* Wmi.get("Demo_Part"))._tag, "Class")
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("a value that is no WMI object stays refused, although its caller changes it later", () =>
    Effect.gen(function* () {
      yield* Effect.all([PutAsync.put(PutRequest.make(Part)), PutAsync.put(PutRequest.make(Disk))])
      const late: Record<string, unknown> = {}
      const request = PutRequest.make(Instance.make("Demo_Disk", { Id: "1", Part: late as never }))
      Object.assign(late, { _tag: "Instance", className: "Demo_Part", values: { N: "one" }, qualifiers: [] })
      assert.strictEqual((yield* Effect.flip(PutAsync.put(request))).status, "TypeMismatch")
      const unnamed = { ...late, className: 5 }
      const other = PutRequest.make(Instance.make("Demo_Disk", { Id: "1", Part: unnamed as never }))
      assert.strictEqual((yield* Effect.flip(PutAsync.put(other))).status, "TypeMismatch")
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it("a request holds no member that does not belong to a class", () => {
    const extra = { deep: ["mine"] }
    const [property] = [{ name: "P", type: "string", isArray: false, qualifiers: [], extra }]
    const { object } = PutRequest.make({ ...rawClass(), properties: [property] } as unknown as WbemObject)
    assert.isFalse(reachable(object).has(extra))
    for (const one of reachable(object)) assert.isFrozen(one)
  })

  it.effect("a handler cannot change the path that the caller is given", () =>
    Effect.gen(function* () {
      yield* PutAsync.put(PutRequest.make(Disk))
      const sink = PutSink.callback({ onObjectPut: ({ path }) => spoil(path) })
      const report = yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "1" }))).pipe(
        PutAsync.withSink(sink)
      )
      assert.strictEqual(ObjectPath.relPath(report.path), 'Demo_Disk.Id="1"')
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("a context that contains itself: InvalidParameter", () =>
    Effect.gen(function* () {
      const values: Array<unknown> = []
      values.push(values)
      const request = PutRequest.make(Instance.make("Demo_Disk", { Id: "1" }), { context: { A: values as never } })
      assert.strictEqual((yield* Effect.flip(PutAsync.put(request))).status, "InvalidParameter")
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it("an object that was captured is not copied again", () => {
    const instance = Instance.make("Demo_Disk", { Id: "1" })
    assert.strictEqual(PutRequest.make(instance).object, instance)
    const copy = Object.freeze({ ...instance })
    assert.notStrictEqual(PutRequest.make(copy).object as unknown, copy)
  })
})
