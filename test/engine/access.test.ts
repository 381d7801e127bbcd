/** Descriptors of namespaces: admission, writing, inheritance, and who may change a descriptor (`put-async` 10). */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as ReadSet from "../../src/engine/ReadSet.ts"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as PutRules from "../../src/engine/PutRules.ts"
import * as PartialSnapshot from "../../src/engine/state/PartialSnapshot.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as Rights from "../../src/model/Rights.ts"
import * as SecurityDescriptor from "../../src/model/SecurityDescriptor.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as NamespaceEvents from "../../src/pipeline/NamespaceEvents.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import type * as SinkEvent from "../../src/protocol/SinkEvent.ts"
import type * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as Wmi from "../../src/Wmi.ts"

const { allow, deny, make } = SecurityDescriptor
const disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
const served = ClassDefinition.make("Demo_Served", { Id: Property.key("string") }, {
  qualifiers: { dynamic: true, provider: "Demo" }
})
const c = Instance.make("Demo_Disk", { Id: "C:" })
const wing = Instance.make("__NAMESPACE", { Name: "wing" })
const text = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }, {
  qualifiers: { Description: { value: "A disk", flavor: Qualifier.Flavor.Amended } }
})

/** Everyone has every right, except where a descriptor in one of these namespaces limits it. */
const world = (descriptors: Readonly<Record<string, SecurityDescriptor.SecurityDescriptor>>) => {
  let at = Snapshot.empty({ namespaces: ["root\\cimv2\\wing", "root\\cimv2\\ms_409"] })
  for (const namespace of ["root\\cimv2", "root\\cimv2\\wing"]) at = Snapshot.withObjects(at, namespace, [disk, served])
  for (const [namespace, descriptor] of Object.entries(descriptors)) {
    at = Snapshot.withObjects(at, namespace, [SecurityDescriptor.toInstance(descriptor)])
  }
  return at
}

const alice = { name: "CORP\\Alice", groups: ["CORP\\Staff"], remote: false, rights: Rights.all }

type CallOptions = {
  readonly caller?: Partial<typeof alice>
  readonly namespace?: string
  readonly amended?: boolean
}

/**
 * The right that the caller of a put lacks, where the error names it, or `undefined`. A refused put changes nothing.
 */
const refusal = (start: Snapshot.Snapshot, object: WbemObject, call: CallOptions = {}) =>
  Effect.gen(function* () {
    const events: Array<SinkEvent.SinkEvent> = []
    const sink = PutSink.make((event) => Effect.sync(() => events.push(event)))
    const request = PutRequest.make(object, { namespace: call.namespace, amended: call.amended === true })
    const answer = yield* Effect.either(PutAsync.withSink(sink)(PutAsync.put(request)))
    if (answer._tag === "Right") return undefined
    assert.deepStrictEqual(Snapshot.entries(yield* Wmi.snapshot), Snapshot.entries(start))
    const error: WbemError = answer.left
    return error._tag === "WbemAccessDenied"
      ? [error.right, error.namespace, events.length === 0 ? "raised" : "delivered"]
      : error.status
  }).pipe(
    Effect.provideService(CallContext.Caller, { ...alice, ...call.caller }),
    Effect.provide(Wmi.layerMemoryFrom(start))
  )

const everything = Rights.all
const here = "root\\cimv2"
const raised = (right: string, namespace = here) => [right, namespace, "raised"]
const delivered = (right: string, namespace = here) => [right, namespace, "delivered"]

describe("descriptors of namespaces", () => {
  const rows: ReadonlyArray<
    readonly [
      name: string,
      descriptors: Readonly<Record<string, SecurityDescriptor.SecurityDescriptor>>,
      object: WbemObject,
      call: CallOptions,
      wanted: unknown
    ]
  > = [
    ["without a descriptor the caller's own rights apply", {}, c, {}, undefined],
    ["without a descriptor, and the caller has no right to enable", {}, c, { caller: { rights: 0 } }, raised("Enable")],
    ["an empty descriptor refuses everyone", { [here]: make([]) }, c, {}, raised("Enable")],
    [
      "an empty descriptor refuses everyone, whatever the rights in other namespaces",
      { [here]: make([]) },
      disk,
      { caller: { rights: Rights.all } },
      raised("Enable")
    ],
    [
      "a user by name, without case",
      { [here]: make([allow("corp\\alice", everything)]) },
      c,
      {},
      undefined
    ],
    ["a group", { [here]: make([allow("CORP\\Staff", everything)]) }, c, {}, undefined],
    ["another user", { [here]: make([allow("CORP\\Bob", everything)]) }, c, {}, raised("Enable")],
    ["everyone", { [here]: make([allow("Everyone", everything)]) }, c, {}, undefined],
    [
      "the caller's own rights limit the granted ones",
      { [here]: make([allow("Everyone", everything)]) },
      c,
      { caller: { rights: Rights.of("Enable") } },
      delivered("PartialWrite")
    ],
    [
      "a caller with Enable only may write nothing",
      { [here]: make([allow("Everyone", Rights.of("Enable"))]) },
      c,
      {},
      delivered("PartialWrite")
    ],
    [
      "Partial Write does not allow putting classes",
      { [here]: make([allow("Everyone", Rights.of("Enable", "PartialWrite"))]) },
      disk,
      {},
      delivered("FullWrite")
    ],
    [
      "Partial Write does not allow putting namespaces, whose class is a system class",
      { [here]: make([allow("Everyone", Rights.of("Enable", "PartialWrite"))]) },
      Instance.make("__NAMESPACE", { Name: "new" }),
      {},
      delivered("FullWrite")
    ],
    [
      "Full Write implies Partial Write",
      { [here]: make([allow("Everyone", Rights.of("Enable", "FullWrite"))]) },
      c,
      {},
      undefined
    ],
    [
      "Full Write does not imply Provider Write (K-7)",
      { [here]: make([allow("Everyone", Rights.of("Enable", "FullWrite"))]) },
      Instance.make("Demo_Served", { Id: "1" }),
      {},
      delivered("ProviderWrite")
    ],
    [
      "with Provider Write the put reaches the missing provider",
      { [here]: make([allow("Everyone", Rights.of("Enable", "ProviderWrite"))]) },
      Instance.make("Demo_Served", { Id: "1" }),
      {},
      "ProviderNotFound"
    ],
    [
      "a remote caller needs Remote Enable",
      { [here]: make([allow("Everyone", Rights.of("Enable", "FullWrite"))]) },
      c,
      { caller: { remote: true } },
      raised("RemoteEnable")
    ],
    [
      "a remote caller with Remote Enable is admitted",
      { [here]: make([allow("Everyone", Rights.of("Enable", "RemoteEnable", "PartialWrite"))]) },
      c,
      { caller: { remote: true } },
      undefined
    ],
    [
      "a denial precedes a grant of the same namespace, in either order",
      { [here]: make([allow("CORP\\Alice", everything), deny("CORP\\Staff", Rights.of("PartialWrite", "FullWrite"))]) },
      c,
      {},
      delivered("PartialWrite")
    ],
    ["an empty descriptor without inheritable entries does not apply below", { root: make([]) }, c, {}, undefined],
    [
      "an entry is inherited",
      { root: make([allow("Everyone", Rights.of("Enable"))]) },
      c,
      {},
      delivered("PartialWrite")
    ],
    [
      "an entry is inherited over two levels; the error names the namespace",
      { root: make([allow("Everyone", Rights.of("Enable"))]) },
      c,
      { namespace: "root\\cimv2\\wing" },
      delivered("PartialWrite", "root\\cimv2\\wing")
    ],
    [
      "an entry for one namespace alone is not inherited",
      { root: make([allow("CORP\\Bob", everything, { scope: "This" })]) },
      c,
      {},
      undefined
    ],
    [
      "an entry for the namespaces below does not apply to its own namespace",
      { [here]: make([allow("Everyone", everything, { scope: "Below" })]) },
      c,
      {},
      raised("Enable")
    ],
    [
      "an entry for the namespaces below applies to them",
      { [here]: make([allow("Everyone", everything, { scope: "Below" })]) },
      c,
      { namespace: "root\\cimv2\\wing" },
      undefined
    ],
    [
      "the nearer descriptor decides: a grant here precedes a denial above",
      { root: make([deny("CORP\\Staff", everything)]), [here]: make([allow("CORP\\Alice", everything)]) },
      c,
      {},
      undefined
    ],
    [
      "rights that no entry here names are decided above",
      {
        root: make([allow("CORP\\Staff", Rights.of("Enable"))]),
        [here]: make([allow("CORP\\Alice", Rights.of("PartialWrite"))])
      },
      c,
      {},
      undefined
    ],
    [
      "a protected descriptor inherits nothing",
      { root: make([allow("Everyone", everything)]), [here]: make([], { isProtected: true }) },
      c,
      {},
      raised("Enable")
    ],
    [
      "a closed namespace of a locale refuses the text, and the neutral class with it",
      { "root\\cimv2\\ms_409": make([], { isProtected: true }) },
      text,
      { amended: true },
      delivered("FullWrite", "root\\cimv2\\ms_409")
    ],
    [
      "a closed namespace of a locale does not refuse a class without text",
      { "root\\cimv2\\ms_409": make([], { isProtected: true }) },
      ClassDefinition.make("Demo_Plain", { Id: Property.key("string") }),
      { amended: true },
      undefined
    ],
    [
      "putting the descriptor needs a right of its own",
      { [here]: make([allow("Everyone", Rights.of("Enable", "FullWrite"))]) },
      SecurityDescriptor.toInstance(make([allow("Everyone", everything)])),
      {},
      delivered("WriteDac")
    ],
    [
      "NULL removes the descriptor",
      {},
      Instance.make("__thisNAMESPACE", { SECURITY_DESCRIPTOR: null }),
      {},
      undefined
    ],
    [
      "bytes that are no descriptor are refused",
      {},
      Instance.make("__thisNAMESPACE", { SECURITY_DESCRIPTOR: [1, 0, 4, 128] }),
      {},
      "InvalidParameter"
    ],
    [
      "invalid descriptor text of a new namespace is refused",
      {},
      Instance.make("__NAMESPACE", { Name: "new" }, { qualifiers: { NamespaceSecuritySDDL: "D:(X;;GA;;;WD)" } }),
      {},
      "InvalidParameter"
    ]
  ]
  for (const [name, descriptors, object, call, wanted] of rows) {
    it.effect(
      name,
      () => Effect.map(refusal(world(descriptors), object, call), (found) => assert.deepStrictEqual(found, wanted))
    )
  }

  it("are part of the partial snapshot that a store loads: of the namespace, its ancestors and its locale", () => {
    for (const [, descriptors, object, call] of rows) {
      const whole = world(descriptors)
      const put: PutRequest.DecodedPut = {
        ...PutRequest.make(object, { amended: call.amended === true }),
        namespace: call.namespace ?? here,
        options: { mode: "CreateOrUpdate", update: "Compatible", amended: call.amended === true, status: false },
        extensions: undefined,
        call: { caller: { ...alice, ...call.caller }, locale: "ms_409", server: ".", time: 0, seed: 1 },
        position: 0
      }
      const valid = { put, rules: PutRules.standard }
      const { missing, snapshot: part } = PartialSnapshot.of(whole, ReadSet.of(put))
      assert.deepStrictEqual(PutEngine.admit(part, put), PutEngine.admit(whole, put))
      assert.deepStrictEqual(PutEngine.decide(part, valid), PutEngine.decide(whole, valid))
      assert.isFalse(missing.any)
    }
  })
})

describe("setting the descriptor of a namespace", () => {
  const as = (caller: Partial<typeof alice>) => Effect.provideService(CallContext.Caller, { ...alice, ...caller })
  const path = "__thisNAMESPACE=@"

  it.effect("a put sets it for the next call, reading it needs a right of its own, and a put of NULL removes it", () =>
    Effect.gen(function* () {
      const staff = make([
        allow("CORP\\Staff", Rights.of("Enable", "PartialWrite")),
        allow("CORP\\Admin", Rights.all)
      ])
      yield* PutAsync.put(PutRequest.make(disk))
      const report = yield* PutAsync.put(PutRequest.make(SecurityDescriptor.toInstance(staff)))
      assert.strictEqual(report.disposition, "Updated")
      yield* as({})(PutAsync.put(PutRequest.make(c)))
      assert.strictEqual((yield* Effect.flip(as({})(Wmi.get(path)))).message.includes("ReadControl"), true)
      assert.strictEqual((yield* Effect.flip(as({})(Wmi.delete(path)))).message.includes("WriteDac"), true)
      assert.strictEqual((yield* Effect.flip(as({ groups: [] })(Wmi.get("Demo_Disk")))).status, "AccessDenied")
      const admin = as({ name: "CORP\\admin", groups: [] })
      const read = yield* admin(Wmi.get(path))
      assert.deepStrictEqual(read._tag === "Instance" && SecurityDescriptor.fromInstance(read), staff)
      assert.strictEqual((yield* Effect.flip(admin(Wmi.delete(path)))).status, "InvalidOperation") // DL-13
      yield* admin(PutAsync.put(PutRequest.make(Instance.make("__thisNAMESPACE", { SECURITY_DESCRIPTOR: null }))))
      yield* as({ name: "CORP\\Bob", groups: [] })(PutAsync.put(PutRequest.make(disk)))
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("every namespace has exactly one instance, with or without a descriptor (object-model 11)", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      const watched = yield* NamespaceEvents.NamespaceEvents
      yield* watched.listen((event) => void events.push(`${event._tag} ${ObjectPath.relPath(event.path)}`))
      yield* PutAsync.put(PutRequest.make(wing))
      const target = { namespace: "root\\cimv2\\wing" }
      const before = yield* Wmi.snapshot
      const bytes = Effect.map(Wmi.get(path, target), (object) => (object as Instance.Instance).values)
      assert.deepStrictEqual(yield* bytes, { SECURITY_DESCRIPTOR: null })
      for (const name of ["__thisNamespace", "__SystemClass"]) {
        const found = yield* Wmi.instancesOf(name, target)
        assert.deepStrictEqual(found.map(({ className }) => className), ["__thisNAMESPACE"])
      }
      assert.deepStrictEqual(yield* Wmi.instancesOf("__SystemClass", { ...target, deep: false }), [])
      assert.strictEqual((yield* Effect.flip(Wmi.delete(path, target))).status, "InvalidOperation")
      assert.deepStrictEqual(Snapshot.entries(yield* Wmi.snapshot), Snapshot.entries(before))
      const set = (options: PutRequest.Options) =>
        PutAsync.put(PutRequest.make(SecurityDescriptor.toInstance(make([allow("Everyone", Rights.all)])), options))
      assert.strictEqual((yield* Effect.flip(set({ ...target, mode: "CreateOnly" }))).status, "AlreadyExists")
      assert.strictEqual((yield* set({ ...target, mode: "UpdateOnly" })).disposition, "Updated")
      assert.strictEqual((yield* set(target)).disposition, "Unchanged")
      assert.lengthOf(yield* Wmi.instancesOf("__thisNAMESPACE", target), 1)
      assert.strictEqual((yield* Effect.flip(Wmi.delete(path, target))).status, "InvalidOperation")
      yield* PutAsync.put(PutRequest.make(Instance.make("__thisNAMESPACE", {}), target))
      assert.deepStrictEqual(yield* bytes, { SECURITY_DESCRIPTOR: null })
      assert.deepStrictEqual(events, [
        'InstanceCreation __NAMESPACE.Name="wing"',
        "InstanceModification __thisNAMESPACE=@",
        "InstanceModification __thisNAMESPACE=@",
        "InstanceModification __thisNAMESPACE=@"
      ])
    }).pipe(Effect.scoped, Effect.provide(Wmi.layerMemory)))

  it.effect("Full Write does not allow deleting a class whose instance is the descriptor", () =>
    Effect.gen(function* () {
      const Own = (more: Readonly<Record<string, Property.PropertySpec>>) =>
        ClassDefinition.make("Demo_Own", more, { superclass: "__thisNAMESPACE" })
      const { SECURITY_DESCRIPTOR } = SecurityDescriptor.toInstance(make([
        allow("CORP\\Alice", Rights.of("Enable", "FullWrite")),
        allow("CORP\\Admin", Rights.all)
      ])).values
      yield* PutAsync.put(PutRequest.make(Own({})))
      yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Own", { SECURITY_DESCRIPTOR })))
      const wider = PutRequest.make(Own({ More: Property.make("string") }), { update: "Force" })
      const stays = as({ groups: [] })
      for (const path of ["Demo_Own", "Demo_Own=@"]) {
        assert.include((yield* Effect.flip(stays(Wmi.delete(path)))).message, "WriteDac")
      }
      assert.include((yield* Effect.flip(stays(PutAsync.put(wider)))).message, "WriteDac")
      const admin = as({ name: "CORP\\Admin", groups: [] })
      yield* admin(PutAsync.put(wider))
      yield* Wmi.delete("Demo_Own")
      assert.isUndefined(Snapshot.descriptors(yield* Wmi.snapshot, "root\\cimv2"))
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("the descriptor text of a new namespace takes effect, is not stored, and is deleted with the namespace", () =>
    Effect.gen(function* () {
      const put = (sddl: string) =>
        PutAsync.put(PutRequest.make(Instance.make("__NAMESPACE", { Name: "wing" }, {
          qualifiers: { NamespaceSecuritySDDL: sddl, RequiresEncryption: true, Kept: "yes" }
        })))
      yield* put("O:BAG:BAD:P(A;CI;CCSW;;;CORP\\Alice)(A;CI;0x6003f;;;BA)")
      const stored = yield* Wmi.get(`__NAMESPACE.Name="wing"`)
      assert.deepStrictEqual(stored.qualifiers.map(({ name }) => name), ["Kept"])
      const target = { namespace: "root\\cimv2\\wing" }
      const put409 = as({})(PutAsync.put(PutRequest.make(disk, target)))
      assert.strictEqual((yield* Effect.flip(put409)).message.includes("FullWrite"), true)
      yield* as({ groups: ["BA"] })(PutAsync.put(PutRequest.make(disk, target)))
      assert.strictEqual((yield* put("D:(A;;0x6003f;;;WD)")).disposition, "Unchanged")
      assert.strictEqual((yield* Effect.flip(as({ name: "Bob" })(Wmi.get("Demo_Disk", target)))).status, "AccessDenied")
      yield* as({ groups: ["BA"] })(Wmi.delete(`__NAMESPACE.Name="wing"`))
      yield* PutAsync.put(PutRequest.make(wing))
      yield* as({ name: "Bob" })(PutAsync.put(PutRequest.make(disk, target)))
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it("its changes can be inverted, and an older snapshot does not change", () => {
    const before = world({})
    const after = Snapshot.withObjects(before, here, [SecurityDescriptor.toInstance(make([]))])
    assert.isDefined(Snapshot.descriptors(after, here))
    assert.isUndefined(Snapshot.descriptors(before, here))
    assert.isDefined(Snapshot.descriptors(after, here))
  })
})

describe("deleting a namespace that has a descriptor (DL-7)", () => {
  const Branch = ClassDefinition.make("Demo_Branch", {}, { superclass: "__NAMESPACE" })
  const WiderBranch = ClassDefinition.make("Demo_Branch", { More: Property.make("string") }, {
    superclass: "__NAMESPACE"
  })
  /**
   * Namespaces below `root\\cimv2`, one of them an instance of a subclass of `__NAMESPACE`. `secured` is the one with
   * the descriptor.
   */
  const start = (secured: string): Snapshot.Snapshot =>
    Snapshot.withObjects(
      Snapshot.withObjects(Snapshot.empty({ namespaces: ["root\\cimv2\\wing\\room"] }), "root\\cimv2", [
        Branch,
        Instance.make("Demo_Branch", { Name: "branch" })
      ]),
      `root\\cimv2\\${secured}`,
      [SecurityDescriptor.toInstance(make([allow("CORP\\Owner", Rights.all)]))]
    )
  const removals: ReadonlyArray<
    readonly [title: string, secured: string, removal: "wing" | "branch" | "class" | "force"]
  > = [
    ["the namespace itself", "wing", "wing"],
    ["a namespace below it", "wing\\room", "wing"],
    ["a namespace of a subclass of __NAMESPACE", "branch", "branch"],
    ["the class of a namespace", "branch", "class"],
    ["a forced update of the class of a namespace", "branch", "force"]
  ]
  for (const [title, secured, removal] of removals) {
    it.effect(`${title}: needs Full Write in the namespace that has the descriptor`, () =>
      Effect.gen(function* () {
        const remove: Effect.Effect<unknown, WbemError, PutAsync.Stages | EmulatedRepository.Services> =
          removal === "force"
            ? PutAsync.put(PutRequest.make(WiderBranch, { update: "Force" }))
            : Wmi.delete(removal === "class" ? "Demo_Branch" : `__NAMESPACE.Name="${removal}"`)
        const before = Array.from(Snapshot.entries(yield* Wmi.snapshot))
        const as = (name: string) =>
          Effect.provideService(CallContext.Caller, { name, remote: false, rights: Rights.all })
        const error = yield* Effect.flip(as("CORP\\Stranger")(remove))
        assert.strictEqual(error.status, "AccessDenied")
        assert.include(error.message, "FullWrite")
        assert.deepStrictEqual(Array.from(Snapshot.entries(yield* Wmi.snapshot)), before)
        yield* as("CORP\\Owner")(remove)
        assert.isUndefined(Snapshot.namespaceName(yield* Wmi.snapshot, `root\\cimv2\\${secured}`))
      }).pipe(Effect.provide(Wmi.layerMemoryFrom(start(secured)))))
  }
})

describe("entries that cannot be written into a descriptor", () => {
  const trustees = [
    "",
    "x)(A;CI;0x6003f;;;Everyone",
    "a;b",
    "(a",
    "a)",
    "a\nb",
    "a\u0000",
    "a\u0085",
    "a\u202eb",
    "\ud800",
    7 as never,
    undefined as never
  ]
  for (const trustee of trustees) {
    it(`the trustee ${JSON.stringify(trustee)} is refused`, () => {
      for (const entry of [allow, deny]) {
        assert.throws(() => entry(trustee, Rights.all), SecurityDescriptor.InvalidEntry, "trustee")
      }
      const entries = [{ ...allow("a", 1), trustee }]
      assert.throws(() => SecurityDescriptor.format(make(entries)), SecurityDescriptor.InvalidEntry)
      assert.throws(() => SecurityDescriptor.toInstance(make(entries)), SecurityDescriptor.InvalidEntry)
    })
  }
  for (const rights of [-1, Number.NaN, 1.5, 2 ** 32, Number.POSITIVE_INFINITY, "1" as never]) {
    it(`the rights ${String(rights)} are refused`, () => {
      assert.throws(() => allow("a", rights), SecurityDescriptor.InvalidEntry, "rights")
      const entries = [{ ...allow("a", 1), rights }]
      assert.throws(() => SecurityDescriptor.format(make(entries)), SecurityDescriptor.InvalidEntry)
    })
  }
  it("a scope that does not exist is refused", () => {
    assert.throws(() => allow("a", 1, { scope: "Here" as never }), SecurityDescriptor.InvalidEntry, "scope")
  })

  it("every entry that is accepted reads back as it was", () => {
    const text = FastCheck.string({ unit: "binary", maxLength: 6 })
    const rights = FastCheck.oneof(FastCheck.integer({ min: -2, max: 2 ** 33 }), FastCheck.double())
    const scope = FastCheck.constantFrom<SecurityDescriptor.Entry["scope"]>("This", "Below", "Both")
    FastCheck.assert(
      FastCheck.property(text, rights, scope, FastCheck.boolean(), (trustee, bits, where, isProtected) => {
        let entry: SecurityDescriptor.Entry
        try {
          entry = deny(trustee, bits, { scope: where })
        } catch (error) {
          assert.instanceOf(error, SecurityDescriptor.InvalidEntry)
          return
        }
        const descriptor = make([entry], { isProtected })
        assert.deepStrictEqual(SecurityDescriptor.parse(SecurityDescriptor.format(descriptor)), descriptor)
      })
    )
  })

  it("a mask may begin with 0x or 0X, and has at most 32 bits (qualifiers 4)", () => {
    assert.strictEqual(SecurityDescriptor.parse("D:(A;;0X6003F;;;BA)")?.entries[0]?.rights, 0x6003f)
    assert.isUndefined(SecurityDescriptor.parse("D:(A;;0x100000000;;;BA)"))
  })
})
