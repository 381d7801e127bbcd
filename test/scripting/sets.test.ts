/** The collections of a class or an instance: properties, qualifiers, methods. */
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import type { SWbemObject } from "../../src/scripting/objects/SWbemObject.ts"
import type { SWbemQualifier } from "../../src/scripting/objects/SWbemQualifierSet.ts"
import type { SWbemServicesEx } from "../../src/scripting/connection/SWbemServicesEx.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import type * as HResult from "../../src/protocol/HResult.ts"
import { err, script } from "./scripts.ts"

const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  Label: Property.make("string", { value: "none", qualifiers: { Description: { value: "the label", flavor: 3 } } }),
  Codes: Property.make("uint32[]")
}, {
  qualifiers: { Description: { value: "disks", flavor: 2 }, Fixed: { value: true, flavor: 0x13 } },
  methods: {
    Format: Method.make("uint32", [
      { name: "Force", type: "boolean" },
      { name: "Log", type: "string[]", direction: "inout" },
      { name: "Blocks", type: "uint64", direction: "out" }
    ], { qualifiers: { Implemented: { value: true, flavor: 1 } } }),
    Eject: Method.make("void")
  }
})
const Volume = ClassDefinition.make("Demo_Volume", { Label: Property.make("string", { value: "volume" }) }, {
  superclass: "Demo_Disk"
})
const world = Snapshot.of(Disk, Volume, Instance.make("Demo_Disk", { Id: "C:", Label: "system" }))

const connected = (body: (services: SWbemServicesEx) => Promise<void>): () => Promise<void> =>
  script(async (wmi) => body(await wmi.connectServer()), world)

type Case = readonly [what: string, status: HResult.Status, path: string, line: (object: SWbemObject) => unknown]

const refusals = (cases: ReadonlyArray<Case>): void => {
  for (const [what, status, path, line] of cases) {
    it(
      `${what}: ${status}, and the object stays as it is`,
      connected(async (services) => {
        const object = await services.get(path)
        const before = object.toWbemObject_()
        await err(status, () => line(object))
        assert.strictEqual(object.toWbemObject_(), before)
      })
    )
  }
}

const c = 'Demo_Disk="C:"'

describe("SWbemPropertySet", () => {
  refusals([
    ["a number that is no type", "InvalidPropertyType", "Demo_Disk", (o) => o.properties_.add("P", 9)],
    ["no name", "InvalidParameter", "Demo_Disk", (o) => o.properties_.add("_P", 8)],
    ["reserved flags", "InvalidParameter", "Demo_Disk", (o) => o.properties_.add("P", 8, false, 1)],
    ["another type for an inherited property", "TypeMismatch", "Demo_Volume", (o) => o.properties_.add("codes", 19)],
    ["a new property of an instance", "NotFound", c, (o) => o.properties_.add("P", 8)],
    ["another type in an instance", "TypeMismatch", c, (o) => o.properties_.add("Label", 19)],
    ["a missing item", "NotFound", "Demo_Disk", (o) => o.properties_.item("Nothing")],
    ["flags of an item", "InvalidParameter", "Demo_Disk", (o) => o.properties_.item("Label", 1)],
    ["removing a missing element", "NotFound", "Demo_Disk", (o) => o.properties_.remove("Nothing")],
    ["removing an inherited element", "PropagatedProperty", "Demo_Volume", (o) => o.properties_.remove("Codes")],
    ["adding a system property", "InvalidParameter", "Demo_Disk", (o) => o.properties_.add("__PATH", 8)],
    ["writing a system property", "ReadOnly", "Demo_Disk", (o) => o.systemProperties_.item("__CLASS").value = "X"],
    ["adding a system property to the set", "ReadOnly", "Demo_Disk", (o) => o.systemProperties_.add("Mine", 8)]
  ])

  it(
    "adding an existing name replaces the definition and sets the value to NULL",
    connected(async (services) => {
      const disk = await services.get("Demo_Disk")
      const label = disk.properties_.add("LABEL", 19, true)
      assert.deepStrictEqual([label.cimType, label.isArray, label.value, label.qualifiers_.count], [19, true, null, 1])
      assert.strictEqual(disk.properties_.count, 3)
      const child = await services.get("Demo_Volume")
      assert.isNull(child.properties_.add("label", 8).value)
      assert.strictEqual(child.properties_.item("label").name, "Label")
      const instance = await services.get(c)
      assert.isNull(instance.properties_.add("label", 8).value)
    })
  )

  it(
    "removing a local default restores the inherited one",
    connected(async (services) => {
      const volume = await services.get("Demo_Volume")
      await err("ResetToDefault", () => volume.properties_.remove("label"))
      const label = volume.properties_.item("Label")
      assert.deepStrictEqual([label.value, label.isLocal, label.origin], ["none", false, "Demo_Disk"])
    })
  )

  it(
    "a removed property no longer exists",
    connected(async (services) => {
      const disk = await services.get("Demo_Disk")
      const codes = disk.properties_.item("Codes")
      disk.properties_.remove("Codes")
      await err("NotFound", () => codes.value)
      await err("NotFound", () => codes.value = [1])
    })
  )
})

describe("SWbemQualifierSet", () => {
  const shape = (q: SWbemQualifier): ReadonlyArray<unknown> => [
    q.value,
    q.isLocal,
    q.propagatesToSubclass,
    q.propagatesToInstance,
    q.isOverridable,
    q.isAmended
  ]

  it(
    "by default a qualifier propagates and can be overridden; Key has its own flavour",
    connected(async (services) => {
      const made = await services.get()
      made.path_.class = "Demo_Made"
      assert.deepStrictEqual(shape(made.qualifiers_.add("Plain", 1)), [1, true, true, true, true, false])
      assert.deepStrictEqual(
        shape(made.qualifiers_.add("Shy", "x", false, false, false)),
        ["x", true, false, false, false, false]
      )
      const key = made.properties_.add("Id", 8).qualifiers_.add("key", true)
      assert.deepStrictEqual(shape(key), [true, true, true, true, false, false])
      await made.put_()
      const child = (await services.get("Demo_Made")).spawnDerivedClass_()
      child.path_.class = "Demo_Below"
      await child.put_()
      const below = await services.get("Demo_Below")
      assert.deepStrictEqual(shape(below.qualifiers_.item("PLAIN")), [1, false, true, true, true, false])
      assert.deepStrictEqual(shape(below.properties_.item("id").qualifiers_.item("Key")), [
        true,
        false,
        true,
        true,
        false,
        false
      ])
      await err("NotFound", () => below.qualifiers_.item("Shy"))
      await err("OverrideNotAllowed", () => below.properties_.item("id").qualifiers_.add("Key", false))
    })
  )

  it(
    "an instance has the propagated qualifiers and local ones",
    connected(async (services) => {
      const disk = await services.get(c)
      assert.deepStrictEqual(Array.from(disk.qualifiers_, ({ name }) => name), ["Fixed"])
      const { qualifiers_ } = disk.properties_.item("Label")
      assert.deepStrictEqual(Array.from(qualifiers_, ({ name }) => name), ["CIMTYPE", "Description"])
      qualifiers_.add("Mine", [1, 2])
      disk.qualifiers_.add("Mine", true)
      assert.isTrue(qualifiers_.item("mine").isLocal)
      await disk.put_()
      const read = await services.get(c)
      assert.deepStrictEqual(read.properties_.item("Label").qualifiers_.item("Mine").value, [1, 2])
      assert.strictEqual(read.qualifiers_.item("Mine").value, true)
    })
  )

  it(
    "removing a local qualifier restores the inherited one; changing a flag of an inherited qualifier makes it local",
    connected(async (services) => {
      const volume = await services.get("Demo_Volume")
      const description = volume.qualifiers_.item("Description")
      description.value = "volumes"
      assert.deepStrictEqual(shape(description), ["volumes", true, true, false, true, false])
      volume.qualifiers_.remove("description")
      assert.deepStrictEqual(shape(description), ["disks", false, true, false, true, false])
      description.propagatesToInstance = true
      description.propagatesToSubclass = false
      description.isOverridable = false
      assert.deepStrictEqual(shape(description), ["disks", true, false, true, false, false])
      await volume.put_()
      assert.deepStrictEqual(shape((await services.get("Demo_Volume")).qualifiers_.item("Description")), [
        "disks",
        true,
        false,
        true,
        false,
        false
      ])
    })
  )

  it(
    "every property has CIMTYPE, which names the class of a reference",
    connected(async (services) => {
      const volume = await services.get("Demo_Volume")
      assert.strictEqual(volume.properties_.item("Codes").qualifiers_.item("CimType").value, "uint32")
      const { qualifiers_ } = volume.properties_.add("Next", 102)
      assert.strictEqual(qualifiers_.item("CIMTYPE").value, "ref")
      qualifiers_.add("CIMTYPE", "ref:Demo_Disk")
      assert.strictEqual(qualifiers_.item("CIMTYPE").value, "ref:Demo_Disk")
      await err("TypeMismatch", () => qualifiers_.item("CIMTYPE").value = "string")
      await volume.put_()
      assert.strictEqual(
        (await services.get("Demo_Volume")).properties_.item("Next").qualifiers_.item("cimtype").value,
        "ref:Demo_Disk"
      )
    })
  )

  it(
    "repeating a fixed value is no override",
    connected(async (services) => {
      const volume = await services.get("Demo_Volume")
      assert.isFalse(volume.qualifiers_.add("fixed", true).isLocal)
    })
  )

  const label = (o: SWbemObject) => o.properties_.item("Label").qualifiers_
  refusals([
    ["NULL", "InvalidQualifierType", "Demo_Disk", (o) => o.qualifiers_.add("Q", null as never)],
    ["a list of two kinds", "InvalidQualifierType", "Demo_Disk", (o) => o.qualifiers_.add("Q", [1, "a"] as never)],
    ["an integer beyond 32 bits", "InvalidQualifierType", "Demo_Disk", (o) => o.qualifiers_.add("Q", 2 ** 31)],
    ["a 64-bit integer", "InvalidQualifierType", "Demo_Disk", (o) => o.qualifiers_.add("Q", 1n as never)],
    ["no name", "InvalidParameter", "Demo_Disk", (o) => o.qualifiers_.add("1Q", 1)],
    ["reserved flags", "InvalidParameter", "Demo_Disk", (o) => o.qualifiers_.add("Q", 1, true, true, true, 4)],
    [
      "another value for a fixed qualifier",
      "OverrideNotAllowed",
      "Demo_Volume",
      (o) => o.qualifiers_.add("Fixed", false)
    ],
    [
      "the same through the item",
      "OverrideNotAllowed",
      "Demo_Volume",
      (o) => o.qualifiers_.item("Fixed").value = false
    ],
    [
      "a key that is a list",
      "CannotBeKey",
      "Demo_Disk",
      (o) => o.properties_.item("Codes").qualifiers_.add("Key", true)
    ],
    ["a key of an instance", "CannotBeKey", c, (o) => label(o).add("key", true)],
    ["the type of an instance's property", "ReadOnly", c, (o) => label(o).add("CIMTYPE", "string")],
    ["a missing item", "NotFound", "Demo_Disk", (o) => o.qualifiers_.item("Nothing")],
    ["flags of an item", "InvalidParameter", "Demo_Disk", (o) => o.qualifiers_.item("Description", 1)],
    ["removing a missing element", "NotFound", "Demo_Disk", (o) => o.qualifiers_.remove("Nothing")],
    ["removing an inherited element", "PropagatedQualifier", "Demo_Volume", (o) => o.qualifiers_.remove("Description")],
    [
      "a method's qualifier on an instance",
      "InvalidOperation",
      c,
      (o) => o.methods_.item("Format").qualifiers_.add("Q", 1)
    ]
  ])
})

describe("SWbemMethodSet", () => {
  const parameters = (object: SWbemObject | null): unknown =>
    object === null ? null : Array.from(object.properties_, (p) => [
      p.name,
      p.cimType,
      p.isArray,
      Array.from(p.qualifiers_, (q) => `${q.name}=${String(q.value)}`).join(" ")
    ])

  it(
    "a method has its origin and its in and out parameters",
    connected(async (services) => {
      const volume = await services.get("Demo_Volume")
      assert.deepStrictEqual(Array.from(volume.methods_, ({ name, origin }) => [name, origin]), [
        ["Format", "Demo_Disk"],
        ["Eject", "Demo_Disk"]
      ])
      const format = volume.methods_.item("format")
      assert.deepStrictEqual(parameters(format.inParameters), [
        ["Force", 11, false, "CIMTYPE=boolean ID=0 In=true"],
        ["Log", 8, true, "CIMTYPE=string ID=1 In=true Out=true"]
      ])
      assert.deepStrictEqual(parameters(format.outParameters), [
        ["Blocks", 21, false, "CIMTYPE=uint64 ID=2 Out=true"],
        ["Log", 8, true, "CIMTYPE=string ID=1 In=true Out=true"],
        ["ReturnValue", 19, false, "CIMTYPE=uint32 out=true"]
      ])
      assert.deepStrictEqual(
        [volume.methods_.item("Eject").inParameters, volume.methods_.item("Eject").outParameters],
        [
          null,
          null
        ]
      )
      assert.strictEqual(format.inParameters!.systemProperties_.item("__CLASS").value, "__PARAMETERS")
      assert.isNull(format.inParameters!.spawnInstance_().systemProperties_.item("__PATH").value)
    })
  )

  it(
    "adding a qualifier to an inherited method redeclares it",
    connected(async (services) => {
      const volume = await services.get("Demo_Volume")
      volume.methods_.item("Format").qualifiers_.add("Description", "formats")
      await volume.put_()
      const read = (await services.get("Demo_Volume")).methods_.item("Format")
      assert.deepStrictEqual([read.qualifiers_.item("Description").value, read.origin], ["formats", "Demo_Disk"])
      assert.strictEqual((await services.get(c)).methods_.item("Format").qualifiers_.item("Implemented").value, true)
    })
  )

  refusals([
    ["a missing method", "NotFound", "Demo_Disk", (o) => o.methods_.item("Nothing")],
    ["flags of an item", "InvalidParameter", "Demo_Disk", (o) => o.methods_.item("Format", 1)]
  ])
})
