/** The operations besides the put: get, delete, list, snapshots, dry runs, events; and the errors for invalid arguments. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import {
  CallContext,
  Change,
  ClassDefinition,
  Instance,
  NamespaceEventStream,
  type NamespaceReader,
  type NamespaceState,
  ObjectPath,
  Property,
  PutAsync,
  PutRequest,
  Rights,
  Snapshot,
  type WbemError,
  type WbemEvent,
  Wmi
} from "../../mod.ts"

const Base = ClassDefinition.make("Demo_Base", {
  Id: Property.key("uint32"),
  Note: Property.make("string", { value: "none" })
})
const Kid = ClassDefinition.make("Demo_Kid", { Size: Property.make("uint64") }, { superclass: "Demo_Base" })
const kid = (id: number, more: Record<string, string | number> = {}) => Instance.make("Demo_Kid", { Id: id, ...more })
const start = Snapshot.of(Base, Kid, kid(1, { Size: "5" }), Instance.make("Demo_Base", { Id: 2 }))
const world = Wmi.layerMemoryFrom(start)
const put = (object: ClassDefinition.ClassDefinition | Instance.Instance, options?: PutRequest.Options) =>
  PutAsync.put(PutRequest.make(object, options))

describe("reading", () => {
  it.effect("an instance has every property of its class, through a path of a base class too (DL-6)", () =>
    Effect.gen(function* () {
      const found = yield* Wmi.get("demo_base=1")
      assert.deepStrictEqual(found._tag === "Instance" && [found.className, { ...found.values }], [
        "Demo_Kid",
        { Id: 1, Note: "none", Size: 5n }
      ])
      assert.strictEqual(yield* Wmi.get("Demo_Kid"), Kid)
      assert.deepStrictEqual((yield* Wmi.instancesOf("Demo_Base")).map((i) => i.values["Id"]), [1, 2])
      assert.deepStrictEqual((yield* Wmi.instancesOf("Demo_Base", { deep: false })).map((i) => i.values["Id"]), [2])
      assert.deepStrictEqual((yield* Wmi.classes()).map((c) => c.name), ["Demo_Base", "Demo_Kid"])
      assert.isAbove((yield* Wmi.classes({ system: true })).length, 50)
    }).pipe(Effect.provide(world)))

  it.effect("instances of a system class include those of its system subclasses and of user classes below those", () =>
    Effect.gen(function* () {
      yield* put(ClassDefinition.make("Demo_Provider", {}, { superclass: "__Win32Provider" }))
      yield* put(Instance.make("__Win32Provider", { Name: "a" }))
      yield* put(Instance.make("Demo_Provider", { Name: "b" }))
      const names = (className: string, options?: Parameters<typeof Wmi.instancesOf>[1]) =>
        Effect.map(Wmi.instancesOf(className, options), (all) => all.map((one) => one.values["Name"] ?? one.className))
      assert.deepStrictEqual(yield* names("__Provider"), ["a", "b"])
      assert.deepStrictEqual(yield* names("__SystemClass"), ["a", "b", "__thisNAMESPACE"])
      assert.deepStrictEqual(yield* names("__Win32Provider", { deep: false }), ["a"])
      assert.deepStrictEqual(yield* names("__SystemClass", { namespace: "root" }), [
        "cimv2",
        "default",
        "__thisNAMESPACE",
        "__CIMOMIdentification",
        "__ArbitratorConfiguration",
        "__EventConsumerProviderCacheControl",
        "__EventProviderCacheControl",
        "__EventSinkCacheControl",
        "__ObjectProviderCacheControl",
        "__PropertyProviderCacheControl",
        "__ProviderHostQuotaConfiguration"
      ])
    }).pipe(Effect.provide(world)))

  const wrong: ReadonlyArray<readonly [string, string]> = [
    ["Demo_Kid=3", "NotFound"],
    ["Demo_Kid=2", "NotFound"],
    ["Nobody", "NotFound"],
    ["Nobody=1", "InvalidClass"],
    ['Demo_Kid="x"', "InvalidObjectPath"],
    ["Demo_Kid.Nope=1", "InvalidObjectPath"],
    ["Demo_Kid=", "InvalidObjectPath"],
    ["\\\\.\\root\\nowhere:Demo_Kid=1", "InvalidNamespace"],
    ["\\\\elsewhere\\root\\cimv2:Demo_Kid=1", "InvalidParameter"],
    ["\\\\.\\root\\cimv2", "InvalidObjectPath"]
  ]
  for (const [path, status] of wrong) {
    it.effect(`${path}: ${status}`, () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* Effect.flip(Wmi.get(path))).status, status)
      }).pipe(Effect.provide(world)))
  }
})

describe("deleting (delete)", () => {
  it.effect("DL-3, DL-10: a class is deleted with its subclasses and all instances, deepest first, with an event each", () =>
    Effect.scoped(Effect.gen(function* () {
      const events = yield* NamespaceEventStream.subscribe
      assert.strictEqual(ObjectPath.format(yield* Wmi.delete("Demo_Base")), "\\\\.\\root\\cimv2:Demo_Base")
      assert.deepStrictEqual((yield* Wmi.classes()).length, 0)
      const published = [...yield* Queue.takeAll(events)].map((event) =>
        `${event._tag} ${ObjectPath.relPath(event.path)}`
      )
      assert.deepStrictEqual(published, [
        "InstanceDeletion Demo_Kid.Id=1",
        "ClassDeletion Demo_Kid",
        "InstanceDeletion Demo_Base.Id=2",
        "ClassDeletion Demo_Base"
      ])
    })).pipe(Effect.provide(world)))

  it.effect("DL-6: an instance is deleted through a path of a base class; other objects stay", () =>
    Effect.gen(function* () {
      assert.strictEqual(ObjectPath.relPath(yield* Wmi.delete("Demo_Base.Id=1")), "Demo_Kid.Id=1")
      assert.strictEqual((yield* Wmi.instancesOf("Demo_Base")).length, 1)
      assert.strictEqual((yield* Effect.flip(Wmi.delete("Demo_Base.Id=1"))).status, "NotFound")
    }).pipe(Effect.provide(world)))

  it.effect("DL-9: a namespace is deleted with its content and everything below it", () =>
    Effect.gen(function* () {
      const child = (name: string, namespace: string) =>
        put(Instance.make("__Namespace", { Name: name }), { namespace })
      yield* child("a", "root")
      yield* child("b", "root\\a")
      yield* put(Base, { namespace: "root\\a\\b" })
      yield* put(Instance.make("Demo_Base", { Id: 7 }), { namespace: "root\\a\\b" })
      const before = yield* Wmi.snapshot
      yield* Wmi.delete('\\\\.\\root:__Namespace="A"')
      assert.strictEqual((yield* Effect.flip(put(Base, { namespace: "root\\a" }))).status, "InvalidNamespace")
      yield* Wmi.restore(before)
      assert.strictEqual((yield* Wmi.instancesOf("Demo_Base", { namespace: "ROOT\\A\\B" })).length, 1)
    }).pipe(Effect.provide(world)))

  const refused: ReadonlyArray<readonly [string, string, number]> = [
    ["__SystemClass", "InvalidOperation", 0],
    ["Nobody", "NotFound", 0],
    ["Missing=1", "InvalidClass", 0],
    ["Demo_Kid=9", "NotFound", 0],
    ["Demo_Kid", "InvalidParameter", 1],
    ["Demo_Kid", "InvalidParameter", 0x20000],
    ["Demo_Kid", "InvalidParameter", -2147483648],
    ["Demo_Kid", "InvalidParameter", 2 ** 32],
    ["Demo_Kid", "InvalidParameter", 0.5],
    ["Demo_Kid", "InvalidParameter", NaN],
    ["C.K", "InvalidObjectPath", 0]
  ]
  for (const [path, status, flags] of refused) {
    it.effect(`${path} with flags ${flags}: ${status}, nothing is deleted`, () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* Effect.flip(Wmi.delete(path, { flags }))).status, status)
        assert.deepStrictEqual(Snapshot.entries(yield* Wmi.snapshot), Snapshot.entries(start))
      }).pipe(Effect.provide(world)))
  }

  it.effect("DL-7: the rights that a put needs; DL-12: 0x10 has no effect", () =>
    Effect.gen(function* () {
      const as = (...rights: ReadonlyArray<Rights.RightName>) =>
        Effect.provideService(CallContext.Caller, { name: "a caller", remote: false, rights: Rights.of(...rights) })
      assert.strictEqual(
        (yield* Effect.flip(as("Enable", "PartialWrite")(Wmi.delete("Demo_Base")))).status,
        "AccessDenied"
      )
      assert.strictEqual((yield* Effect.flip(as("Enable")(Wmi.delete("Demo_Kid=1")))).status, "AccessDenied")
      yield* as("Enable", "PartialWrite")(Wmi.delete("Demo_Kid=1", { flags: 0x10 }))
    }).pipe(Effect.provide(world)))
})

describe("dry runs", () => {
  it.effect("a plan lists the changes and makes none; applied, they are those of the put", () =>
    Effect.gen(function* () {
      const narrower = ClassDefinition.make("Demo_Kid", { Size: Property.make("uint32") }, { superclass: "Demo_Base" })
      const request = PutRequest.make(narrower, { update: "Force" })
      const plan = yield* PutAsync.plan(request)
      assert.deepStrictEqual(Change.summary(plan.changes), { created: 0, updated: 1, deleted: 1 })
      const before = yield* Wmi.snapshot
      assert.deepStrictEqual(Snapshot.entries(before), Snapshot.entries(start))
      yield* PutAsync.put(request)
      assert.deepStrictEqual(
        Snapshot.entries(yield* Wmi.snapshot),
        Snapshot.entries(Snapshot.apply(before, plan.changes))
      )
    }).pipe(Effect.provide(world)))

  it.effect("a plan of a put that would be refused fails", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        (yield* Effect.flip(PutAsync.plan(PutRequest.make(kid(1), { mode: "CreateOnly" })))).status,
        "AlreadyExists"
      )
      assert.strictEqual(
        (yield* Effect.flip(PutAsync.plan(PutRequest.make(kid(1), { flags: 4 })))).status,
        "InvalidParameter"
      )
    }).pipe(Effect.provide(world)))
})

describe("events", () => {
  it.effect("as a queue and as a stream: creation, modification (also without a difference), deletion", () =>
    Effect.scoped(Effect.gen(function* () {
      const queue = yield* NamespaceEventStream.subscribe
      const stream = yield* Effect.fork(Stream.runCollect(Stream.take(NamespaceEventStream.events, 5)))
      yield* Effect.yieldNow()
      yield* Effect.yieldNow()
      yield* put(kid(3))
      yield* put(kid(3))
      yield* put(kid(3, { Note: "new" }))
      yield* put(Base)
      yield* Wmi.delete("Demo_Kid=3")
      const line = (event: WbemEvent.WbemEvent) => `${event._tag} ${ObjectPath.relPath(event.path)}`
      const wanted = [
        "InstanceCreation Demo_Kid.Id=3",
        "InstanceModification Demo_Kid.Id=3",
        "InstanceModification Demo_Kid.Id=3",
        "ClassModification Demo_Base",
        "InstanceDeletion Demo_Kid.Id=3"
      ]
      assert.deepStrictEqual([...yield* Queue.takeAll(queue)].map(line), wanted)
      assert.deepStrictEqual([...yield* stream].map(line), wanted)
    })).pipe(Effect.provide(world)))

  it.effect("a refused put publishes no event", () =>
    Effect.scoped(Effect.gen(function* () {
      const queue = yield* NamespaceEventStream.subscribe
      yield* Effect.flip(put(kid(1), { mode: "CreateOnly" }))
      assert.strictEqual(yield* Queue.size(queue), 0)
    })).pipe(Effect.provide(world)))
})

describe("the start of a call (put-async 3)", () => {
  // A script without types passes values that the types forbid.
  const rows: ReadonlyArray<readonly [string, unknown, PutRequest.Options, string]> = [
    ["no object", undefined, {}, "parameter object"],
    ["a value that is not a WMI object", { kind: "other" }, {}, "parameter object"],
    ["a context that is text", kid(1), { context: "text" as never }, "parameter context"],
    ["an async context that is text", kid(1), { asyncContext: "text" as never }, "parameter asyncContext"]
  ]
  for (const [name, object, options, says] of rows) {
    it.effect(`${name}: InvalidParameter`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(put(object as Instance.Instance, options))
        assert.strictEqual(error.status, "InvalidParameter")
        assert.include(error.message, says)
      }).pipe(Effect.provide(world)))
  }

  it.effect("no sink: InvalidParameter", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(put(kid(1)).pipe(PutAsync.withSink(null as never)))
      assert.include(error.message, "parameter sink")
    }).pipe(Effect.provide(world)))
})

describe("bad input has a status", () => {
  const rows: ReadonlyArray<readonly [string, Instance.Instance, string, string]> = [
    [
      "a value of the wrong kind",
      kid(1, { Size: "many" }),
      "TypeMismatch",
      'property Size, type uint64: "many" given, takes a bigint, safe integer or decimal text, 0 to 18446744073709551615'
    ],
    [
      "a value out of range",
      Instance.make("Demo_Kid", { Id: 2 ** 32 }),
      "ValueOutOfRange",
      "property Id, type uint32: 4294967296 given, takes uint32, 0 to 4294967295"
    ],
    ["an undeclared property", kid(1, { Colour: "red" }), "InvalidProperty", "property Colour, className Demo_Kid"],
    ["a missing key", Instance.make("Demo_Kid", {}), "IllegalNull", "property Id, because Key"],
    ["a missing class", Instance.make("Demo_None", {}), "InvalidClass", "className Demo_None"]
  ]
  for (const [name, object, status, says] of rows) {
    it.effect(`${name}: ${status}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(put(object))
        assert.strictEqual(error.status, status)
        assert.include(error.message, says)
        assert.deepStrictEqual(Snapshot.entries(yield* Wmi.snapshot), Snapshot.entries(start))
      }).pipe(Effect.provide(world)))
  }
})

describe("a misspelt argument has a status", () => {
  const rows: ReadonlyArray<
    readonly [
      string,
      Effect.Effect<
        unknown,
        WbemError.WbemError,
        PutAsync.Stages | NamespaceReader.NamespaceReader | NamespaceState.NamespaceState
      >,
      string
    ]
  > = [
    [
      "instances of a class that does not exist",
      Wmi.instancesOf("Demo_Kidd"),
      "InvalidClass (0x80041010): className Demo_Kidd: not in root\\cimv2"
    ],
    [
      "an instance that does not exist: the path names its namespace",
      Wmi.get("Demo_Kid=9"),
      "NotFound (0x80041002): path \\\\.\\root\\cimv2:Demo_Kid=9"
    ],
    [
      "a class that does not exist",
      Wmi.delete("Demo_Kidd"),
      "NotFound (0x80041002): path \\\\.\\root\\cimv2:Demo_Kidd"
    ],
    ...["rootcimv2", "\\root\\cimv2", ""].map((namespace) =>
      [
        `the namespace '${namespace}'`,
        put(kid(1), { namespace }),
        `InvalidNamespace (0x8004100E): namespace ${namespace}: in a program one is written "root\\\\cimv2"`
      ] as const
    ),
    [
      "a namespace that does not exist",
      Wmi.classes({ namespace: "root\\none" }),
      "InvalidNamespace (0x8004100E): namespace root\\none: a put of __NAMESPACE in the namespace above creates it, or start from a snapshot with it"
    ],
    [
      "a namespace that is not a string",
      put(kid(1), { namespace: 5 as never }),
      "InvalidParameter (0x80041008): parameter namespace: it is no text"
    ],
    ...([
      ["get", "path", Wmi.get(5 as never)],
      ["delete", "path", Wmi.delete(undefined as never)],
      ["get of an empty object", "path", Wmi.get({} as never)],
      ["get", "namespace", Wmi.get("Demo_Kid=1", { namespace: 5 as never })],
      ["classes", "namespace", Wmi.classes({ namespace: {} as never })],
      ["instancesOf", "className", Wmi.instancesOf(null as never)],
      ["systemProperties", "namespace", Wmi.systemProperties(kid(1), { namespace: 5 as never })]
    ] as const).map(([verb, parameter, ask]) =>
      [
        `${verb}: a ${parameter} that is no text`,
        ask,
        `InvalidParameter (0x80041008): parameter ${parameter}: it is no text`
      ] as const
    ),
    ...[{ mode: "createOnly" as never }, { update: "force" as never }, { flags: 2, mode: "create" as never }].map((
      options
    ) =>
      [
        `an option: ${JSON.stringify(options)}`,
        put(kid(1), options),
        "InvalidParameter (0x80041008): parameter flags: NaN is no 32-bit integer; is mode or update misspelt?"
      ] as const
    )
  ]
  for (const [name, ask, says] of rows) {
    it.effect(name, () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* Effect.flip(ask)).message, says)
      }).pipe(Effect.provide(world)))
  }
})
