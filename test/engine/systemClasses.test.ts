/** System classes, and the instances of them that exist from the start (`object-model` 12). */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as NamespaceDump from "../../src/emulator/NamespaceDump.ts"
import * as Wmi from "../../src/Wmi.ts"

const snapshot = Snapshot.empty()
const names = (namespace: string): ReadonlyArray<string> =>
  Snapshot.classes(snapshot, namespace, { system: true }).map(({ name }) => name)

const of = (name: string, namespace = "root\\cimv2"): string => {
  const { definition, keys, qualifiers } = Snapshot.resolvedClass(snapshot, namespace, name)!
  return [
    qualifiers.map((q) => `[${q.name}:${q.flavor.toString(16)}]`).join(""),
    `${definition.name}(${keys.map((key) => key.name).join()})`,
    definition.properties.map((p) =>
      p.qualifiers.map((q) => `[${q.name}${q.value === true ? "" : JSON.stringify(q.value)}:${q.flavor.toString(16)}]`)
        .join("")
      + p.name + (p.value === undefined ? "" : `=${JSON.stringify(p.value)}`)
      + (p.inheritsDefault === true ? "=inherited" : "")
    ).join()
  ].join(" ")
}

describe("system classes", () => {
  it("are the same in every namespace; root and root\\default have additional ones", () => {
    const everywhere = names("root\\cimv2")
    assert.lengthOf(everywhere, 53)
    assert.deepStrictEqual(names("root\\default").filter((name) => !everywhere.includes(name)), [
      "__CIMOMIdentification"
    ])
    assert.deepStrictEqual(names("root").filter((name) => !everywhere.includes(name)), [
      "__CIMOMIdentification",
      "__ArbitratorConfiguration",
      "__CacheControl",
      "__EventConsumerProviderCacheControl",
      "__EventProviderCacheControl",
      "__EventSinkCacheControl",
      "__ObjectProviderCacheControl",
      "__PropertyProviderCacheControl",
      "__ListOfEventActiveNamespaces",
      "__ProviderHostQuotaConfiguration"
    ])
    assert.isUndefined(Snapshot.resolvedClass(snapshot, "root\\cimv2", "__CacheControl"))
    assert.deepStrictEqual(
      Snapshot.descendants(snapshot, "root\\cimv2", "__SystemClass").filter(({ name }) => /Cache|CIMOM/.test(name)),
      []
    )
  })

  const rows: ReadonlyArray<readonly [name: string, wanted: string]> = [
    ["__ProviderRegistration", "[abstract:0] __ProviderRegistration() provider"],
    ["__InstanceProviderRegistration", " __InstanceProviderRegistration(provider) [key:13]provider=inherited"],
    ["__Event", "[abstract:13] __Event() TIME_CREATED,SECURITY_DESCRIPTOR"],
    ["__ExtrinsicEvent", "[abstract:33] __ExtrinsicEvent() "],
    ["__AbsoluteTimerInstruction", " __AbsoluteTimerInstruction(TimerId) [not_null:13]EventDateTime"],
    [
      "__IntervalTimerInstruction",
      ' __IntervalTimerInstruction(TimerId) [not_null:13][units"milliseconds":13]IntervalBetweenEvents'
    ],
    [
      "__FilterToConsumerBinding",
      "[Association:13] __FilterToConsumerBinding(Consumer,Filter) [key:13]Filter,[key:13]Consumer,DeliveryQoS,"
      + "[not_null:13]DeliverSynchronously=false,MaintainSecurityContext=false,SlowDownProviders=false,"
      + "[read:13]CreatorSID=[1,1,0,0,0,0,0,5,18,0,0,0]"
    ],
    ["__NTLMUser9X", ' __NTLMUser9X() Name,Authority=".",Flags,Mask,Type'],
    ["__SystemSecurity", "[singleton:13] __SystemSecurity() "]
  ]
  for (const [name, wanted] of rows) {
    it(`${name} as a real computer prints it`, () => assert.strictEqual(of(name), wanted))
  }

  it("an empty list and an interval are qualifiers of members", () => {
    const provider = of("__Win32Provider")
    assert.include(provider, "[Values[]:2]HostingModel")
    assert.include(provider, '[SUBTYPE"interval":3]UnloadTimeout')
    assert.include(of("__EventSinkCacheControl", "root"), '[SUBTYPE"interval":3]ClearAfter')
  })

  it("registrations of one provider, one of each kind, have different identities (ID-3)", () => {
    const provider = '__Win32Provider.Name="P"'
    const kinds = ["Instance", "Class", "Method", "Property", "Event", "EventConsumer"]
    const full = Snapshot.withObjects(
      snapshot,
      "root\\cimv2",
      kinds.map((kind) => Instance.make(`__${kind}ProviderRegistration`, { provider }))
    )
    assert.lengthOf(Snapshot.instances(full, "root\\cimv2", "__ProviderRegistration", { deep: true }), kinds.length)
  })
})

describe("instances that exist from the start", () => {
  const found = (namespace: string): Effect.Effect<ReadonlyArray<string>, WbemError, NamespaceReader> =>
    Effect.map(
      Effect.zip(Wmi.instancesOf("__SystemClass", { namespace }), Wmi.instancesOf("__SystemSecurity", { namespace })),
      (both) => both.flat().map(({ className }) => className).filter((name) => name !== "__NAMESPACE")
    )

  it.effect("exist in every namespace, also a new one; root and root\\default have additional ones", () =>
    Effect.gen(function* () {
      yield* PutAsync.put(PutRequest.make(Instance.make("__NAMESPACE", { Name: "new" })))
      for (const namespace of ["root\\cimv2", "root\\cimv2\\new"]) {
        assert.deepStrictEqual(yield* found(namespace), ["__thisNAMESPACE", "__SystemSecurity"])
      }
      assert.include(yield* found("root\\default"), "__CIMOMIdentification")
      assert.lengthOf(yield* found("root"), 10)
      const identification = yield* Wmi.get("__CIMOMIdentification=@", { namespace: "root\\default" })
      for (const value of Object.values((identification as Instance.Instance).values)) assert.isString(value)
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("cannot be deleted, whether they were put or not (DL-13); a dump holds them only after a put", () =>
    Effect.gen(function* () {
      const path = "__SystemSecurity=@"
      const refused = Effect.map(Effect.flip(Wmi.delete(path)), ({ status }) => status)
      assert.strictEqual(yield* refused, "InvalidOperation")
      const dumped = Effect.map(
        Wmi.snapshot,
        (state) => [...NamespaceDump.lines(state)].filter((line) => line.includes("__SystemSecurity")).length
      )
      assert.strictEqual(yield* dumped, 0)
      assert.strictEqual(
        (yield* PutAsync.put(PutRequest.make(Instance.make("__SystemSecurity", {})))).disposition,
        "Unchanged"
      )
      assert.strictEqual(yield* dumped, 0)
      const marked = Instance.make("__SystemSecurity", {}, { qualifiers: { Note: "mine" } })
      assert.strictEqual((yield* PutAsync.put(PutRequest.make(marked))).disposition, "Updated")
      assert.strictEqual(yield* dumped, 1)
      assert.strictEqual(yield* refused, "InvalidOperation")
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("an instance of a subclass replaces the initial one, deletes nothing that was stored, and may be deleted", () =>
    Effect.gen(function* () {
      yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Sec", {
        Note: Property.make("string")
      }, { superclass: "__SystemSecurity" })))
      assert.strictEqual((yield* Effect.flip(Wmi.get("Demo_Sec=@"))).status, "NotFound")
      const put = PutAsync.put(PutRequest.make(Instance.make("Demo_Sec", { Note: "a" })))
      assert.deepStrictEqual(yield* Effect.map(put, ({ deleted, disposition }) => [disposition, deleted]), [
        "Created",
        0
      ])
      const all = Effect.map(Wmi.instancesOf("__SystemSecurity"), (list) => list.map(({ className }) => className))
      assert.deepStrictEqual(yield* all, ["Demo_Sec"])
      yield* Wmi.delete("Demo_Sec=@")
      assert.deepStrictEqual(yield* all, ["__SystemSecurity"])
      // The initial instance is no instance of the subclass, and is visible again.
      assert.strictEqual((yield* Effect.flip(Wmi.delete("Demo_Sec=@"))).status, "NotFound")
      assert.strictEqual((yield* Effect.flip(Wmi.delete("__SystemSecurity=@"))).status, "InvalidOperation")
      yield* put
      yield* Wmi.delete("__SystemSecurity=@") // DL-6: a path through the base class finds the user's instance.
      assert.deepStrictEqual(yield* all, ["__SystemSecurity"])
      yield* put
      yield* Wmi.delete("Demo_Sec")
      assert.deepStrictEqual(yield* all, ["__SystemSecurity"])
    }).pipe(Effect.provide(Wmi.layerMemory)))
})
