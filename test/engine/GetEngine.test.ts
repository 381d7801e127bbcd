/** The decision on a read: resolution of paths, refusals, providers, localised text, lists (`object-path` 4, DL-2, DL-5, DL-6). */
import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as GetEngine from "../../src/engine/GetEngine.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as Rights from "../../src/model/Rights.ts"
import * as PathText from "../../src/protocol/PathText.ts"
import type { Call } from "../../src/protocol/PutRequest.ts"

const namespace = Snapshot.defaultNamespace
const call: Call = {
  caller: { name: "a caller", remote: false, rights: Rights.all },
  locale: "ms_409",
  server: "HOST",
  time: 0,
  seed: 1
}
const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  Size: Property.make("uint64"),
  Label: Property.make("string", { value: "none" })
})
const Fast = ClassDefinition.make("Demo_FastDisk", { Speed: Property.make("uint32") }, { superclass: "Demo_Disk" })
const Slow = ClassDefinition.make("Demo_SlowDisk", {}, { superclass: "Demo_Disk" })
const Keyless = ClassDefinition.make("Demo_Keyless", { Text: Property.make("string") }, {
  qualifiers: { Abstract: true }
})
const Live = ClassDefinition.make("Demo_Live", { Id: Property.key("string") }, {
  qualifiers: { Dynamic: true, Provider: "P1" }
})
const state = Snapshot.of(
  Disk,
  Fast,
  Slow,
  Keyless,
  Live,
  Instance.make("Demo_Disk", { Id: "C:", Size: 1n }),
  Instance.make("Demo_FastDisk", { Id: "F:", Speed: 3 })
)
const path = (text: string): ObjectPath.ObjectPath => Either.getOrThrow(PathText.parse(text))
const decide = (text: string, options: { readonly namespace?: string; readonly call?: Call } = {}) =>
  GetEngine.decide(state, { path: path(text), namespace, call, ...options })
const statusOf = (result: Either.Either<unknown, { readonly status: string }>): string =>
  Either.isLeft(result) ? result.left.status : "ok"

describe("GetEngine.decide", () => {
  it("reads a class with its own members", () => {
    const found = Either.getOrThrow(decide("demo_FASTDISK"))
    assert.isTrue(!GetEngine.isProvided(found) && found._tag === "Class")
    assert.deepStrictEqual((found as ClassDefinition.ClassDefinition).properties.map(({ name }) => name), ["Speed"])
  })

  it("reads an instance with every property of its class, defaults included", () => {
    const found = Either.getOrThrow(decide('Demo_Disk.Id="c:"')) as Instance.Instance
    assert.deepStrictEqual([found.className, found.values], ["Demo_Disk", { Id: "C:", Size: 1n, Label: "none" }])
  })

  it("DL-6: a path through a base class reads the instance of the subclass, one through a sibling does not", () => {
    const found = Either.getOrThrow(decide('Demo_Disk.Id="F:"')) as Instance.Instance
    assert.strictEqual(found.className, "Demo_FastDisk")
    assert.strictEqual(statusOf(decide('Demo_SlowDisk.Id="F:"')), "NotFound")
  })

  it("returns the provider of a dynamic class, and the complete path in the spelling of the class", () => {
    const found = Either.getOrThrow(decide('demo_live.id="a"'))
    if (!GetEngine.isProvided(found)) return assert.fail("a provider has it")
    assert.deepStrictEqual([found.provider, found.className, found.isAmended], ["P1", "Demo_Live", false])
    assert.strictEqual(ObjectPath.format(found.path), '\\\\HOST\\root\\cimv2:Demo_Live.Id="a"')
  })

  const withoutRights: Call = { ...call, caller: { ...call.caller, rights: Rights.of() } }
  for (
    const [text, status, options] of [
      ["Demo_None", "NotFound"],
      ['Demo_None.Id="C:"', "InvalidClass"],
      ['Demo_Disk.Id="X:"', "NotFound"],
      ['Demo_Disk.Name="C:"', "InvalidObjectPath"],
      ['Demo_Keyless.Text="a"', "InvalidObjectPath"],
      ["\\\\OTHER\\root\\cimv2:Demo_Disk", "InvalidParameter"],
      ["root\\default:Demo_Disk", "InvalidParameter"],
      ["root\\cimv2", "InvalidObjectPath"],
      ["Demo_Disk", "InvalidNamespace", { namespace: "root\\none" }],
      ["Demo_Disk", "AccessDenied", { call: withoutRights }]
    ] as const
  ) {
    it(`${text}${options === undefined ? "" : ` (${Object.keys(options).join()})`}: ${status}`, () => {
      assert.strictEqual(statusOf(decide(text, options)), status)
    })
  }
})

describe("resolution of a path", () => {
  it("DL-2: objectPath completes a path with the namespace, and keeps one that names it", () => {
    const completed = Either.getOrThrow(GetEngine.objectPath(path("Demo_Disk"), namespace, "HOST"))
    assert.strictEqual(completed.namespace, namespace)
    const named = path("\\\\host\\ROOT\\CIMV2:Demo_Disk")
    assert.strictEqual(Either.getOrThrow(GetEngine.objectPath(named, namespace, "HOST")), named)
  })

  it("target gives key root, row key and typed key values; instanceAt the stored instance", () => {
    const target = Either.getOrThrow(GetEngine.target(state, namespace, path('Demo_FastDisk.Id="F:"')))
    assert.deepStrictEqual([target.root, target.key, target.values], ["demo_disk", "f:", { Id: "F:" }])
    const stored = Either.getOrThrow(GetEngine.instanceAt(state, namespace, path('Demo_FastDisk.Id="F:"'), target))
    assert.deepStrictEqual(stored.instance.values, { Id: "F:", Speed: 3 })
  })

  it("isInstancePath: keys or a singleton", () => {
    assert.deepStrictEqual(
      ["Demo_Disk", 'Demo_Disk.Id="C:"', "Demo_Disk=@"].map((text) => GetEngine.isInstancePath(path(text))),
      [false, true, true]
    )
  })
})

describe("lists", () => {
  it("classes: parents first, system classes only on request", () => {
    const names = Either.getOrThrow(GetEngine.classes(state, namespace)).map(({ name }) => name)
    assert.isBelow(names.indexOf("Demo_Disk"), names.indexOf("Demo_FastDisk"))
    assert.notInclude(names, "__SystemClass")
    const all = Either.getOrThrow(GetEngine.classes(state, namespace, { system: true })).map(({ name }) => name)
    assert.include(all, "__SystemClass")
    assert.strictEqual(statusOf(GetEngine.classes(state, "root\\none")), "InvalidNamespace")
  })

  it("instancesOf: with subclasses unless deep is false", () => {
    const ids = (options?: { readonly deep: boolean }) =>
      Either.getOrThrow(GetEngine.instancesOf(state, namespace, "Demo_Disk", options)).map(({ values }) => values["Id"])
    assert.sameMembers(ids(), ["C:", "F:"])
    assert.deepStrictEqual(ids({ deep: false }), ["C:"])
    assert.strictEqual(statusOf(GetEngine.instancesOf(state, namespace, "Demo_None")), "InvalidClass")
    assert.strictEqual(statusOf(GetEngine.instancesOf(state, "root\\none", "Demo_Disk")), "InvalidNamespace")
  })

  it("PA-91: withAmended marks a frozen copy, and returns the instance itself without text", () => {
    const disk = Instance.make("Demo_Disk", { Id: "C:" })
    assert.strictEqual(GetEngine.withAmended(disk, false), disk)
    const amended = GetEngine.withAmended(disk, true)
    assert.isTrue(amended.amended === true && Object.isFrozen(amended))
  })
})
