/** Instances, class definitions, paths, requests, reports and named value sets as values of Effect. */
import { inspect } from "node:util"
import { deepEqual as strictDeepEqual } from "node:assert/strict"
import { it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Equal from "effect/Equal"
import * as FastCheck from "effect/FastCheck"
import { pipe } from "effect/Function"
import * as Hash from "effect/Hash"
import * as HashMap from "effect/HashMap"
import * as HashSet from "effect/HashSet"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { assert, describe } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as SnapshotDiff from "../../src/engine/state/SnapshotDiff.ts"
import * as CimType from "../../src/model/CimType.ts"
import * as CimValue from "../../src/model/CimValue.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import { instanceOf } from "../../src/model/effectValue.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as NamedValueSet from "../../src/model/NamedValueSet.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { PlainObject } from "../../src/model/WbemObject.ts"
import * as InstanceProvider from "../../src/emulator/providers/InstanceProvider.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PathText from "../../src/protocol/PathText.ts"
import * as PutReport from "../../src/protocol/PutReport.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"
import { scaled } from "../scale.ts"

const { array, constantFrom, record, tuple } = FastCheck

const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  FreeSpace: Property.make("uint64"),
  Part: Property.make("object")
})
const disk = (id: string, free: bigint | number = 42n) => Instance.make("Demo_Disk", { Id: id, FreeSpace: free })
const path = (text: string) => Either.getOrThrow(ObjectPath.parse(text))

const same = (a: unknown, b: unknown): void => {
  assert.isTrue(Equal.equals(a, b), `${String(a)} equals ${String(b)}`)
  assert.isTrue(Equal.equals(b, a), `${String(b)} equals ${String(a)}`)
  assert.strictEqual(Hash.hash(a), Hash.hash(b))
}
const different = (a: unknown, b: unknown): void => {
  assert.isFalse(Equal.equals(a, b), `${String(a)} differs from ${String(b)}`)
  assert.isFalse(Equal.equals(b, a), `${String(b)} differs from ${String(a)}`)
}

describe("two paths are equal if they denote the same object (object-path 4.5)", () => {
  it("without case, with keys in any order and `.` for a missing server", () => {
    same(path('\\\\.\\root\\cimv2:A.X="a",Y=2'), path('root/CIMV2:a.y=2,x="A"'))
  })
  it("a number and text, another key, another namespace, a class and an instance differ", () => {
    different(path('A.X="2"'), path("A.X=2"))
    different(path('A.X="2"'), path('A.X="3"'))
    different(path("root\\a:A"), path("root\\b:A"))
    different(path("A"), path("A=@"))
  })
  it("a path is a key of a HashMap", () => {
    const map = HashMap.make([path('A.X="a"'), 1])
    assert.deepStrictEqual(HashMap.unsafeGet(map, path('a.x="A"')), 1)
  })
})

describe("two instances are equal if class, values and qualifiers are", () => {
  it("names compare without case, in any order; text with its case", () => {
    same(Instance.make("A", { Id: 1, Name: "x" }), Instance.make("a", { NAME: "x", id: 1 }))
    different(Instance.make("A", { Name: "x" }), Instance.make("A", { Name: "X" }))
  })
  it("an unset property is not NULL, and a number is not a bigint", () => {
    different(Instance.make("A", { Id: 1 }), Instance.make("A", { Id: 1, Name: null }))
    different(Instance.make("A", { Id: 1 }), Instance.make("A", { Id: 1n }))
    different(Instance.make("A", { Id: 1n }), Instance.make("A", { Id: "1" }))
    different(Instance.make("A", { Id: NaN }), Instance.make("A", { Id: null }))
    different(Instance.make("A", { Id: [1, 2] }), Instance.make("A", { Id: [2, 1] }))
    same(Instance.make("A", { Id: NaN, Zero: -0 }), Instance.make("A", { Id: NaN, Zero: 0 }))
  })
  it("embedded objects compare as objects", () => {
    const holding = (name: string, value: number) =>
      Instance.make("A", { Part: Instance.make("P", { [name]: value }), Parts: [Disk] })
    same(holding("N", 1), holding("n", 1))
    different(holding("N", 1), holding("N", 2))
  })
  it("qualifiers in any order, with value, type and flavour; those of properties; the mark of amended text", () => {
    const one = (qualifiers: Qualifier.Input, options?: Instance.Options) =>
      Instance.make("A", { Id: 1 }, { qualifiers, ...options })
    same(one({ Read: true, Note: "x" }), one({ note: "x", read: true }))
    different(one({ Note: "x" }), one({ Note: { value: "x", flavor: 2 } }))
    different(one({ Note: 1 }), one([Qualifier.make("Note", 1, { type: "real64" })]))
    same(one({}, { propertyQualifiers: { Id: {} } }), one({}))
    different(one({}, { propertyQualifiers: { Id: { Read: true } } }), one({}))
    different(one({}, { amended: true }), one({}))
  })
  it("an instance is no class, no path and no plain object", () => {
    different(Instance.make("A", {}), ClassDefinition.make("A"))
    different(Instance.make("A", {}), path("A"))
    different(Instance.make("A", {}), { ...Instance.make("A", {}) })
  })
})

describe("two class definitions are equal if nothing but spelling and order differs (CX-5, CX-6)", () => {
  const make = (name: string, properties: Record<string, Property.PropertySpec>, options?: ClassDefinition.Options) =>
    ClassDefinition.make(name, properties, options)
  it("spelling and order", () =>
    same(
      make("A", { Id: Property.key("string"), N: Property.make("uint8") }, {
        superclass: "B",
        qualifiers: { X: 1, Y: 2 }
      }),
      make("a", { n: Property.make("uint8", { value: null }), ID: Property.key("string") }, {
        superclass: "b",
        qualifiers: { y: 2, x: 1 }
      })
    ))
  it("type, default, inherited default, superclass, methods and the order of parameters", () => {
    const of = (spec: Property.PropertySpec) => make("A", { N: spec })
    different(of(Property.make("uint8")), of(Property.make("uint16")))
    different(of(Property.make("uint8")), of(Property.make("uint8[]")))
    different(of(Property.make("uint8")), of(Property.make("uint8", { value: 1 })))
    different(of(Property.make("uint8")), of(Property.make("uint8", { inheritsDefault: true })))
    different(of(Property.make("ref:A")), of(Property.make("ref:B")))
    different(make("A", {}), make("A", {}, { superclass: "B" }))
    const calling = (...names: ReadonlyArray<string>) =>
      make("A", {}, { methods: { M: Method.make("uint32", names.map((name) => ({ name, type: "string" }))) } })
    same(calling("x", "y"), calling("X", "Y"))
    different(calling("x", "y"), calling("y", "x"))
    different(calling(), make("A", {}, { methods: { M: Method.make("void") } }))
  })
})

describe("requests, reports and named value sets", () => {
  it("two requests are equal if they ask for the same put", () => {
    const context = {}
    const make = (options?: PutRequest.Options) => PutRequest.make(disk("a"), options)
    same(make(), PutRequest.make(disk("a")))
    same(
      make({ namespace: "root/cimv2", context: { Hint: 1 } }),
      make({ namespace: "ROOT\\cimv2", context: { hint: 1 } })
    )
    same(make({ flags: -1 }), make({ flags: 0xffffffff }))
    same(make({ asyncContext: context }), make({ asyncContext: context }))
    different(make(), PutRequest.make(disk("b")))
    different(make(), make({ flags: 1 }))
    different(make({ flags: 0.5 }), make({ flags: 0 }))
    different(make(), make({ namespace: "root" }))
    different(make({ context: { Hint: 1 } }), make({ context: { Hint: 2 } }))
    different(make({ asyncContext: {} }), make({ asyncContext: {} }))
  })
  it("two requests with different uncopyable objects differ", () => {
    const cyclic = (): PlainObject => {
      const values: Record<string, never> = {}
      const object = { _tag: "Instance" as const, className: "A", values, qualifiers: [] }
      return Object.assign(values, { Self: object }) && object
    }
    const request = PutRequest.make(cyclic())
    same(request, request)
    different(request, PutRequest.make(cyclic()))
    assert.doesNotThrow(() => JSON.stringify(request) + String(request) + inspect(request))
  })
  it("two reports", () => {
    const [a, b] = [path('A.X="a"'), path('a.x="A"')]
    same(PutReport.make(a, "Created", { deleted: 0 }), PutReport.make(b, "Created", { deleted: 0 }))
    different(PutReport.make(a, "Created"), PutReport.make(b, "Created", { deleted: 0 }))
    different(PutReport.make(a, "Created"), PutReport.make(b, "Updated"))
    different(PutReport.make(a, "Created"), PutReport.make(b, "Created", { hresult: 1 }))
    same(PutReport.make(a, "Updated", { removed: [a] }), PutReport.make(b, "Updated", { removed: [b] }))
    assert.strictEqual(PutReport.make(a, "Updated", { removed: [a] }).deleted, 1)
  })
  it("named value sets have an order", () => {
    same(NamedValueSet.make({ A: 1n, B: "x" }), NamedValueSet.make({ a: 1n, b: "x" }))
    different(NamedValueSet.make({ A: 1, B: 2 }), NamedValueSet.make({ B: 2, A: 1 }))
    different(NamedValueSet.make({ A: 1n }), NamedValueSet.make({ A: "1" }))
  })
})

describe("laws of equality", () => {
  // Few names and values, so that equal objects occur.
  const name = constantFrom("a", "A", "b", "\u017f", "s", "__proto__")
  const scalar = constantFrom<CimValue.CimValue>(null, true, 0, -0, 1, 1n, "1", "x", "X", NaN)
  const values = array(tuple(name, scalar), { maxLength: 2 }).map((list) => Object.fromEntries(list))
  const qualifiers = array(
    tuple(name, constantFrom<Qualifier.QualifierValue>(true, 1, [], ["x"]), constantFrom(0, 2)),
    { maxLength: 2 }
  ).map((list) => list.map(([one, value, flavor]) => Qualifier.make(one, value, { flavor })))
  const className = constantFrom("a", "A")
  const amended = constantFrom(false, false, false, true)
  const leaf = record({ className, values, qualifiers, amended })
    .map(({ amended, className, qualifiers, values }) => Instance.make(className, values, { qualifiers, amended }))
  const instance = tuple(leaf, leaf, constantFrom(0, 0, 0, 1, 2, 3))
    .map(([one, two, shape]) => [one, two, Instance.set(one, { b: two }), Instance.set(one, { b: [two] })][shape]!)
  const definition = record({
    name,
    qualifiers,
    members: array(tuple(name, constantFrom<CimType.TypeText>("string", "uint8"), scalar), { maxLength: 2 })
  }).map(({ members, name, qualifiers }) =>
    ClassDefinition.make(
      name,
      members.map(([one, type, value]) => Property.named(one, Property.make(type, { value, qualifiers }))),
      { qualifiers }
    )
  )
  const paths = record({
    className: name,
    keys: array(record({ name, value: constantFrom<ObjectPath.KeyValue>("x", "X", 1, 1n, true) }), { maxLength: 2 }),
    namespace: constantFrom(undefined, "root", "ROOT")
  }).map(ObjectPath.make)
  const sets = values.map((record) => NamedValueSet.make(record))
  const requests = tuple(
    FastCheck.oneof(leaf.map((one) => Instance.make(one.className, one.values)), definition),
    constantFrom(0, 1),
    constantFrom(undefined, "root", "Root")
  )
    .map(([object, flags, namespace]) => PutRequest.make(object, { flags, namespace }))
  const reports = tuple(paths, constantFrom<PutReport.Disposition>("Created", "Stored"))
    .map(([one, disposition]) => PutReport.make(one, disposition))
  const all = { instance, definition, paths, sets, requests, reports }

  for (const [title, arbitrary] of Object.entries<FastCheck.Arbitrary<Equal.Equal>>(all)) {
    it(`${title}: reflexive, symmetric, transitive, and equal values have one hash`, () => {
      let equal = 0
      const triples = FastCheck.oneof(tuple(arbitrary, arbitrary, arbitrary), FastCheck.clone(arbitrary, 3))
      FastCheck.assert(
        FastCheck.property(triples, ([a, b, c]) => {
          assert.isTrue(a[Equal.symbol](a))
          assert.isTrue(Equal.equals(a, a))
          assert.strictEqual(a[Equal.symbol](b), b[Equal.symbol](a))
          if (a[Equal.symbol](b)) {
            equal++
            assert.strictEqual(Hash.hash(a), Hash.hash(b))
            assert.strictEqual(a[Equal.symbol](c), b[Equal.symbol](c))
          }
        }),
        { numRuns: scaled(5000) }
      )
      assert.isAbove(equal, 0, "equal values occur")
    })
  }

  it("another spelling of the names, in another order, is equal", () => {
    const respelled = (one: Instance.Instance): Instance.Instance =>
      instanceOf(
        one.className.toUpperCase(),
        Object.fromEntries(
          Object.entries(one.values).reverse().map(([name, value]) => [
            name === "__proto__" ? name : name.toUpperCase(),
            Instance.isInstance(value) ? respelled(value) : value
          ])
        ),
        [...one.qualifiers].reverse().map((q) => ({
          ...q,
          name: q.name === "__proto__" ? q.name : q.name.toUpperCase()
        })),
        undefined,
        one.amended
      )
    const isDistinct = (one: Instance.Instance): boolean =>
      [Object.keys(one.values), one.qualifiers.map(({ name }) => name)].every((names) =>
        new Set(names.map((name) => name.toUpperCase())).size === names.length
      ) && Object.values(one.values).every((value) => !Instance.isInstance(value) || isDistinct(value))
    const distinct = instance.filter(isDistinct)
    FastCheck.assert(FastCheck.property(distinct, (one) => same(one, respelled(one))), { numRuns: scaled(3000) })
  })

  it("instances that are equal have equal values in the sense of CimValue", () => {
    const plain = record({
      className: name,
      values: FastCheck.uniqueArray(tuple(name, scalar), {
        maxLength: 2,
        selector: ([one]) => one.toUpperCase()
      })
    }).map(({ className, values }) => Instance.make(className, Object.fromEntries(values)))
    FastCheck.assert(
      FastCheck.property(plain, plain, (a, b) => {
        const isReal = [...Object.values(a.values), ...Object.values(b.values)].some(Number.isNaN) === false
        if (isReal) assert.strictEqual(Equal.equals(a, b), CimValue.equals(a, b))
      }),
      { numRuns: scaled(3000) }
    )
  })
})

describe("printing", () => {
  it("the text of a path", () => {
    const one = path('root\\cimv2:A.X="a"')
    assert.strictEqual(`${one}`, '\\\\.\\root\\cimv2:A.X="a"')
    assert.strictEqual(String(one), ObjectPath.format(one))
    assert.strictEqual(JSON.stringify({ one }), JSON.stringify({ one: { _id: "ObjectPath", path: `${one}` } }))
  })
  it("a report shows its keys", () => {
    const report = PutReport.make(path('root\\cimv2:A.X="a",Y=2'), "Created", { deleted: 0 })
    for (const text of [inspect(report), inspect([[[report]]], { depth: 6 }), String(report)]) {
      assert.include(text, "A.X=")
    }
    assert.deepStrictEqual(JSON.parse(JSON.stringify(report)), {
      _id: "PutReport",
      path: '\\\\.\\root\\cimv2:A.X="a",Y=2',
      disposition: "Created",
      hresult: 0,
      deleted: 0
    })
  })
  it("an object has a JSON form with decimal text for 64-bit integers, which a put accepts", () => {
    const one = Instance.make("Demo_Disk", { Id: "a", FreeSpace: 2n ** 60n, Part: disk("b") })
    const json = JSON.parse(JSON.stringify(one)) as PlainObject
    assert.deepStrictEqual<unknown>(json, {
      _tag: "Instance",
      className: "Demo_Disk",
      values: {
        Id: "a",
        FreeSpace: "1152921504606846976",
        Part: { _tag: "Instance", className: "Demo_Disk", values: { Id: "b", FreeSpace: "42" }, qualifiers: [] }
      },
      qualifiers: []
    })
    const state = Snapshot.withObjects(Snapshot.of(Disk), "root\\cimv2", [json])
    assert.strictEqual(Snapshot.instances(state, "root\\cimv2", "Demo_Disk")[0]!.values["FreeSpace"], 2n ** 60n)
    assert.include(inspect(one), "1152921504606846976n")
    assert.include(JSON.stringify(PutRequest.make(one, { context: { A: 1n } })), '["A","1"]')
  })
})

describe("plain objects and values", () => {
  it("a value has the members of the plain object alone, so a structured clone is that object", () => {
    strictDeepEqual(Object.keys(disk("a")), ["_tag", "className", "values", "qualifiers"])
    strictDeepEqual(structuredClone(disk("a")), {
      _tag: "Instance",
      className: "Demo_Disk",
      values: { Id: "a", FreeSpace: 42n },
      qualifiers: []
    })
    strictDeepEqual(Object.keys(Disk), ["_tag", "name", "superclass", "qualifiers", "properties", "methods"])
    strictDeepEqual(structuredClone(path("A")), {
      server: undefined,
      namespace: undefined,
      className: "A",
      keys: [],
      singleton: false
    })
  })
  it("node:assert compares two values, the values of an instance and the keys of a path", () => {
    strictDeepEqual(disk("a"), disk("a"))
    strictDeepEqual(disk("a").values, { Id: "a", FreeSpace: 42n })
    strictDeepEqual({ ...disk("a") }, {
      _tag: "Instance",
      className: "Demo_Disk",
      values: disk("a").values,
      qualifiers: []
    })
    strictDeepEqual(path('A.X="a"').keys, [{ name: "X", value: "a" }])
  })
  it("the guards accept values alone", () => {
    assert.isTrue(Instance.isInstance(disk("a")))
    assert.isTrue(ClassDefinition.isClassDefinition(Disk))
    assert.isTrue(ObjectPath.isObjectPath(path("A")))
    assert.isTrue(PutRequest.isPutRequest(PutRequest.make(Disk)))
    assert.isTrue(PutReport.isPutReport(PutReport.make(path("A"), "Created")))
    assert.isTrue(Snapshot.isSnapshot(Snapshot.empty()))
    for (const u of [undefined, null, 1, "A", {}, { ...disk("a") }, { ...Disk }, { ...path("A") }]) {
      assert.isFalse(
        Instance.isInstance(u) || ClassDefinition.isClassDefinition(u) || ObjectPath.isObjectPath(u)
          || PutRequest.isPutRequest(u) || PutReport.isPutReport(u) || Snapshot.isSnapshot(u)
      )
    }
    assert.isFalse(Instance.isInstance(Disk) || ClassDefinition.isClassDefinition(disk("a")))
  })
  it("a spread copy and a parsed JSON text become values by a put", () => {
    const plain = { ...disk("a") }
    assert.isTrue(Instance.isInstance(PutRequest.make(plain).object))
    same(PutRequest.make(plain), PutRequest.make(disk("a")))
  })
  it("a value that is frozen has a hash", () => {
    const frozen = Object.freeze(instanceOf("A", Object.freeze({ Id: 1 }), []))
    assert.strictEqual(Hash.hash(frozen), Hash.hash(Instance.make("a", { id: 1 })))
    assert.strictEqual(HashSet.size(HashSet.make(frozen, Instance.make("a", { id: 1 }))), 1)
  })
})

describe("everything that the library returns is a value", () => {
  const check = (...values: ReadonlyArray<unknown>) => {
    for (const value of values) {
      const isValue = Instance.isInstance(value) || ClassDefinition.isClassDefinition(value)
        || ObjectPath.isObjectPath(value) || PutReport.isPutReport(value) || PutRequest.isPutRequest(value)
      assert.isTrue(isValue, inspect(value))
      same(value, value)
    }
  }
  it("parsers and builders", () => {
    check(path("A"), Either.getOrThrow(PathText.parse("root:A")), ObjectPath.sorted(path("A.X=1,B=2")))
    check(
      Either.getOrThrow(
        ObjectPath.bind(path("A=1"), { className: "a", keys: [{ name: "X", type: "uint8" }], singleton: false })
      )
    )
    check(Instance.set(disk("a"), { FreeSpace: 1n }))
    const { left, right } = {
      left: "",
      right: Either.getOrThrow(Mof.requests('class A { [key] string Id; }; instance of A { Id = "x"; };'))
    }
    assert.strictEqual(left, "")
    for (const request of right) check(request, request.object)
  })
  it.effect("the paths of events of a sink", () =>
    Effect.gen(function* () {
      const paths: Array<unknown> = []
      const sink = PutSink.callback({ onObjectPut: (event) => void paths.push(event.path) })
      yield* PutAsync.put(PutRequest.make(Disk)).pipe(PutAsync.withSink(sink))
      yield* PutAsync.withSink(PutAsync.put(PutRequest.make(disk("a"))), sink)
      assert.lengthOf(paths, 2)
      check(...paths)
    }).pipe(Effect.provide(Wmi.layerMemory)))
  it.effect("the report of a provider that names a path, and the path of a refused delete", () =>
    Effect.gen(function* () {
      const Served = ClassDefinition.make("Demo_Served", { Id: Property.key("string") }, {
        qualifiers: { dynamic: true, provider: "P" }
      })
      yield* PutAsync.put(PutRequest.make(Served))
      yield* PutAsync.put(PutRequest.make(Disk))
      const report = yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Served", { Id: "a" })))
      check(report, report.path)
      assert.strictEqual(report.hresult, 1)
      assert.include(String(report.path), 'Demo_Served.Id="b"')
      const error = yield* Effect.flip(Wmi.delete('Demo_Disk.Id="none"'))
      check((error as unknown as { readonly path: unknown }).path)
    }).pipe(
      Effect.provide(
        Layer.provide(
          Wmi.layerMemory,
          InstanceProvider.layer({ P: { put: () => Effect.succeed({ path: 'Demo_Served.Id="b"', hresult: 1 }) } })
        )
      )
    ))
  it.effect("reads, lists, plans, reports, bulk reports, snapshots and events", () =>
    Effect.gen(function* () {
      check(yield* PutAsync.put(PutRequest.make(Disk)))
      check(yield* PutAsync.put(PutRequest.make(disk("a"))), yield* PutAsync.put(PutRequest.make(disk("a", 1n))))
      check(yield* PutAsync.put(PutRequest.make(disk("a", 1n))))
      const plan = yield* PutAsync.plan(
        PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }), { update: "Force" })
      )
      check(plan.report, ...plan.report.removed ?? [], ...plan.changes.map((change) => change.path))
      for (const change of plan.changes) {
        check(...[change.before, "after" in change ? change.after : undefined].filter((one) => one !== undefined))
      }
      for (const event of plan.events) check(event.path)
      check(yield* Wmi.get('Demo_Disk.Id="a"'), yield* Wmi.get("Demo_Disk"), yield* Wmi.get("__NAMESPACE"))
      check(...yield* Wmi.instancesOf("Demo_Disk"), ...yield* Wmi.classes())
      const outcomes = yield* Stream.runCollect(BulkPut.run(Stream.make(PutRequest.make(disk("b"))), { batchSize: 2 }))
      for (const outcome of Chunk.toReadonlyArray(outcomes)) {
        check(outcome.request, outcome._tag === "Committed" ? outcome.report : undefined)
      }
      const snapshot = yield* Wmi.snapshot
      for (const [, , , object] of Snapshot.entries(snapshot)) check(object)
      for (const change of SnapshotDiff.changes(Snapshot.empty(), snapshot)) check(change.path)
      check(
        ...Snapshot.instances(snapshot, "root\\cimv2", "Demo_Disk"),
        ...Snapshot.classes(snapshot, "root", { system: true })
      )
      const error = yield* Effect.flip(Wmi.get('Demo_Disk.Id="none"'))
      check((error as unknown as { readonly path: unknown }).path)
    }).pipe(Effect.provide(Wmi.layerMemory)))
})

describe("copies of values with other parts", () => {
  it("a spread copy is no value for the compiler", () => {
    const [one, target, report] = [disk("a"), path("A"), PutReport.make(path("A"), "Created")]
    // @ts-expect-error: a spread copy has no prototype
    const instance: Instance.Instance = { ...one, className: "B" }
    // @ts-expect-error: a spread copy has no prototype
    const definition: ClassDefinition.ClassDefinition = { ...Disk, name: "B" }
    // @ts-expect-error: a spread copy has no prototype
    const other: ObjectPath.ObjectPath = { ...target, className: "B" }
    // @ts-expect-error: a spread copy has no prototype
    const copy: PutReport.PutReport = { ...report }
    // @ts-expect-error: a spread copy has no prototype
    const request: PutRequest.PutRequest = { ...PutRequest.make(one) }
    // @ts-expect-error: a spread copy has no prototype
    const set: NamedValueSet.NamedValueSet = { ...NamedValueSet.make() }
    const plain: PlainObject = { ...one, className: "B" }
    for (const copied of [instance, definition, other, copy, request, set, plain]) assert.isFalse(Equal.isEqual(copied))
  })
  it.effect("a class read with its localised text is a value", () =>
    Effect.gen(function* () {
      const text = Qualifier.make("Description", "a disk", { flavor: Qualifier.Flavor.Amended })
      yield* PutAsync.put(
        PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }, { qualifiers: [text] }), {
          amended: true
        })
      )
      const read = yield* Wmi.get("Demo_Disk", { amended: true })
      assert.isTrue(ClassDefinition.isClassDefinition(read))
      assert.isTrue(read.amended)
      const [listed] = yield* Wmi.classes({ amended: true })
      same(read, listed)
    }).pipe(Effect.provide(Wmi.layerMemory)))
  it.effect("subclasses that a forced update changed are values", () =>
    Effect.gen(function* () {
      const parent = (type: CimType.TypeText, qualifiers: Qualifier.Input = {}) =>
        ClassDefinition.make("Demo_A", { Id: Property.key("string"), N: Property.make(type) }, { qualifiers })
      const fixed = Qualifier.make("Fixed", "x", {
        flavor: Qualifier.Flavor.ToSubclass + Qualifier.Flavor.DisableOverride
      })
      const child = (property: string, qualifiers: Qualifier.Input) =>
        ClassDefinition.make("Demo_B", { [property]: Property.make("uint8") }, { superclass: "Demo_A", qualifiers })
      for (
        const [own, update] of [
          [child("N", {}), parent("string")],
          [child("M", { Fixed: "y" }), parent("uint8", [fixed])]
        ] as const
      ) {
        yield* Wmi.restore(Snapshot.of(parent("uint8"), own))
        const { changes } = yield* PutAsync.plan(PutRequest.make(update, { update: "Force" }))
        assert.isAbove(changes.length, 1)
        yield* PutAsync.put(PutRequest.make(update, { update: "Force" }))
        const stored = Snapshot.classes(yield* Wmi.snapshot, "root\\cimv2")
        assert.lengthOf(stored, 2)
        for (const one of stored) assert.isTrue(ClassDefinition.isClassDefinition(one), inspect(one))
        for (const change of changes) assert.isTrue("after" in change && Equal.isEqual(change.after), inspect(change))
      }
    }).pipe(Effect.provide(Wmi.layerMemory)))
  it.effect("the path of a missing superclass, and of a read of a plain path", () =>
    Effect.gen(function* () {
      const missing = ClassDefinition.make("Demo_B", {}, { superclass: "Demo_None" })
      const error = yield* Effect.flip(PutAsync.put(PutRequest.make(missing)))
      assert.strictEqual(error._tag === "WbemNotFound" && `${error.path}`, "\\\\.\\root\\cimv2:Demo_None")
      const read = yield* Effect.flip(Wmi.get({ ...path("Demo_None") }))
      assert.strictEqual(read._tag === "WbemNotFound" && `${read.path}`, "\\\\.\\root\\cimv2:Demo_None")
    }).pipe(Effect.provide(Wmi.layerMemory)))
})

describe("combinators are data-first and data-last", () => {
  it("of instances, classes, paths, sets, qualifiers, values, snapshots", () => {
    const one = disk("a")
    assert.deepStrictEqual(one.pipe(Instance.get("id")), Instance.get(one, "id"))
    same(one.pipe(Instance.set({ Id: "b" })), Instance.set(one, { Id: "b" }))
    assert.strictEqual(Disk.pipe(ClassDefinition.property("id")), ClassDefinition.property(Disk, "id"))
    assert.strictEqual(Disk.pipe(ClassDefinition.method("none")), undefined)
    assert.isTrue(path("A").pipe(ObjectPath.equals(path("a"))))
    assert.isTrue(path("A").pipe(ObjectPath.equals(path("root:a"), { namespace: "root" })))
    assert.isTrue(ObjectPath.equals(path("A"), path("root:a"), { namespace: "root" }))
    const target = { className: "A", keys: [{ name: "X", type: "uint8" }], singleton: false } as const
    assert.deepStrictEqual(path("A=1").pipe(ObjectPath.bind(target)), ObjectPath.bind(path("A=1"), target))
    assert.deepStrictEqual(path("A=1").pipe(PathText.bind(target)), PathText.bind(path("A=1"), target))
    same(NamedValueSet.make().pipe(NamedValueSet.set("A", 1)), NamedValueSet.make({ A: 1 }))
    same(NamedValueSet.make({ A: 1 }).pipe(NamedValueSet.remove("a")), NamedValueSet.make())
    assert.deepStrictEqual(
      NamedValueSet.make({ A: 1 }).pipe(NamedValueSet.get("a")),
      NamedValueSet.get(NamedValueSet.make({ A: 1 }), "a")
    )
    const list = Qualifier.list({ Read: true })
    assert.isTrue(pipe(list, Qualifier.has("read")) && pipe({ qualifiers: list }, Qualifier.isTrue("READ")))
    assert.strictEqual(pipe(list, Qualifier.find("read")), list[0])
    assert.isTrue(pipe(list[0]!, Qualifier.equals(list[0]!)))
    assert.strictEqual(pipe("42", CimValue.coerce(CimType.parse("uint64"))), 42n)
    const state = pipe(Snapshot.empty(), Snapshot.withObjects("root\\cimv2", [Disk, one]))
    assert.lengthOf(pipe(state, Snapshot.classes("root\\cimv2")), 1)
    assert.lengthOf(pipe(state, Snapshot.instances("root\\cimv2", "Demo_Disk", { deep: true })), 1)
    assert.strictEqual(pipe(state, Snapshot.count("root\\cimv2", "Demo_Disk")), 1)
    assert.isTrue(pipe(Snapshot.empty(), SnapshotDiff.changes(state)).length === 2)
    assert.isFalse(pipe(Snapshot.empty(), SnapshotDiff.isEmpty(state)))
  })
})
