/** Classes and instances as script objects. */
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import type { SWbemLocator } from "../../src/scripting/connection/SWbemLocator.ts"
import type { SWbemObject } from "../../src/scripting/objects/SWbemObject.ts"
import type { SWbemServicesEx } from "../../src/scripting/connection/SWbemServicesEx.ts"
import { wbemCimType, wbemComparisonFlag } from "../../src/scripting/objects/WbemConstants.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as Mof from "../../src/mof/Mof.ts"
import { err, script, sinkOf } from "./scripts.ts"

const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  Label: Property.make("string", { value: "none" }),
  FreeSpace: Property.make("uint64"),
  Codes: Property.make("uint32[]")
})
const Volume = ClassDefinition.make("Demo_Volume", { Mounted: Property.make("boolean") }, { superclass: "Demo_Disk" })
const Box = ClassDefinition.make("Demo_Box", {
  Id: Property.key("uint32"),
  Disk: Property.make("object:Demo_Disk"),
  Disks: Property.make("object[]")
})
const c = Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 2n ** 63n, Codes: [1, 2] })
const world = Snapshot.of(Disk, Volume, Box, c)
const own = 'Demo_Disk.Id="C:"'

interface DiskMembers {
  Id: string
  Label: string | null
  FreeSpace: string | number | bigint
  Codes: ReadonlyArray<number> | null
}

const connected = (body: (services: SWbemServicesEx, wmi: SWbemLocator) => Promise<void>): () => Promise<void> =>
  script(async (wmi) => body(await wmi.connectServer(), wmi), world)

const names = (set: Iterable<{ readonly name: string }>): ReadonlyArray<string> => Array.from(set, ({ name }) => name)

describe("reading", () => {
  const { wbemCimtypeBoolean, wbemCimtypeString, wbemCimtypeUint32, wbemCimtypeUint64 } = wbemCimType

  it(
    "properties are listed by name, inherited ones included, with type, origin and isLocal",
    connected(async (services) => {
      const list = (object: SWbemObject): ReadonlyArray<unknown> =>
        Array.from(object.properties_, (p) => [p.name, p.cimType, p.isArray, p.origin, p.isLocal])
      const rows = (local: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<unknown>> =>
        ([
          ["Codes", wbemCimtypeUint32, true, "Demo_Disk"],
          ["FreeSpace", wbemCimtypeUint64, false, "Demo_Disk"],
          ["Id", wbemCimtypeString, false, "Demo_Disk"],
          ["Label", wbemCimtypeString, false, "Demo_Disk"]
        ] as const).map((row) => [...row, local.includes(row[0])])
      assert.deepStrictEqual(list(await services.get("Demo_Disk")), rows(["Codes", "FreeSpace", "Id", "Label"]))
      assert.deepStrictEqual(list(await services.get(own)), rows(["Codes", "FreeSpace", "Id"]))
      assert.deepStrictEqual(list(await services.get("Demo_Volume")), [
        ...rows([]),
        ["Mounted", wbemCimtypeBoolean, false, "Demo_Volume", true]
      ])
    })
  )

  it(
    "a property is a member of the object, compared without case; an unknown name reads as undefined and cannot be assigned",
    connected(async (services) => {
      const disk = await services.get<DiskMembers & { freespace: string; Nothing: string; __CLASS: string }>(own)
      assert.strictEqual(disk.FreeSpace, "9223372036854775808")
      assert.strictEqual(disk.freespace, "9223372036854775808")
      assert.isTrue("FREESPACE" in disk)
      assert.isFalse("Nothing" in disk)
      assert.isUndefined(disk.Nothing)
      await err("NotFound", () => disk.Nothing = "x")
      await err("ReadOnly", () => disk.__CLASS = "Other")
      assert.strictEqual(disk.__CLASS, "Demo_Disk")
      assert.strictEqual(disk.properties_.item("__relpath").value, own)
      await err("SystemProperty", () => disk.properties_.item("__PATH").qualifiers_)
      await err("InvalidOperation", () => disk.properties_.remove("__PATH"))
    })
  )

  it(
    "a property may have the name of a JavaScript member; `then` is reached through the set only",
    connected(async (services) => {
      const made = await services.get<{ constructor: string }>()
      made.path_.class = "Demo_Odd"
      for (const name of ["constructor", "then", "toString", "body"]) made.properties_.add(name, wbemCimtypeString)
      made.constructor = "mine"
      made.properties_.item("then").value = "later"
      await made.put_()
      const read = await services.get<{ constructor: string; body: string }>("Demo_Odd") // the promise settles because `then` is no member
      assert.strictEqual(read.constructor, "mine")
      assert.isNull(read.body)
      assert.strictEqual(read.properties_.item("then").value, "later")
    })
  )

  it(
    "embedded objects are read as script objects and copied when they are assigned",
    connected(async (services) => {
      type Embedded = SWbemObject & DiskMembers
      interface BoxMembers {
        Id: number
        Disk: Embedded
        Disks: ReadonlyArray<Embedded>
      }
      const disk = await services.get<DiskMembers>(own)
      const box = (await services.get("Demo_Box")).spawnInstance_<BoxMembers>()
      box.Id = 1
      box.Disk = disk
      box.Disks = [disk, disk]
      disk.Label = "changed afterwards"
      assert.strictEqual(box.Disk.Label, "none")
      await box.put_()
      const stored = await services.get<BoxMembers>("Demo_Box=1")
      assert.strictEqual(stored.Disk.FreeSpace, "9223372036854775808")
      assert.strictEqual(stored.Disks[1]!.properties_.item("FreeSpace").cimType, wbemCimtypeUint64)
      for (const name of ["__SERVER", "__NAMESPACE", "__PATH"]) {
        assert.isNull(stored.Disk.systemProperties_.item(name).value, name)
      }
      assert.strictEqual(stored.Disk.systemProperties_.item("__RELPATH").value, own)
      await err("NotSupported", () => stored.Disk.put_())
      await err("TypeMismatch", () => box.Disk = 3 as never)
    })
  )

  it(
    "GetObjectText_ returns MOF that can be parsed, with or without flavours",
    connected(async (services) => {
      for (const path of ["Demo_Disk", "Demo_Volume", own]) {
        const object = await services.get(path)
        const { errors, items } = Mof.parse(object.getObjectText_())
        assert.deepStrictEqual([errors.length, items.length, items[0]?._tag], [
          0,
          1,
          path === own ? "Instance" : "Class"
        ])
      }
      const disk = await services.get("Demo_Disk")
      disk.qualifiers_.add("Owner", "me", true, true, true)
      assert.include(disk.getObjectText_(), `Owner("me"): ToInstance ToSubClass`)
      assert.notMatch(disk.getObjectText_(1), /To(Instance|Subclass)/i)
      assert.include(disk.getObjectText_(1), `Owner("me")`)
      await err("InvalidParameter", () => disk.getObjectText_(2))
    })
  )

  it(
    "a spawned instance has the properties that the class has at that time",
    connected(async (services) => {
      const disk = await services.get("Demo_Disk")
      disk.properties_.add("Rack", wbemCimtypeString)
      await disk.put_(0x40) // the instance is deleted with the old definition
      const one = disk.spawnInstance_<{ Id: string; Rack: string }>()
      one.Id = "a"
      one.Rack = "r1"
      await one.put_()
      const below = disk.spawnDerivedClass_()
      assert.strictEqual(below.properties_.item("Rack").origin, "Demo_Disk")

      const other = await services.get("Demo_Disk")
      other.properties_.add("Row", wbemCimtypeUint32)
      await other.put_(0x40)
      await disk.refresh_()
      const two = disk.spawnInstance_<{ Id: string; Row: number }>()
      two.Id = "b"
      two.Row = 7
      await two.put_()
      assert.strictEqual((await services.get<{ Row: number }>("Demo_Disk='b'")).Row, 7)

      const made = await services.get()
      made.path_.class = "Demo_Made"
      await made.put_()
      await err("IncompleteClass", () => made.spawnInstance_())
      await made.refresh_()
      assert.strictEqual(made.spawnInstance_().path_.class, "Demo_Made")
    })
  )

  it(
    "Refresh_ reads the object again and discards changes that were not put",
    connected(async (services) => {
      const disk = await services.get<DiskMembers>(own)
      disk.Label = "not put"
      const other = await services.get<DiskMembers>(own)
      other.FreeSpace = 5
      await other.put_()
      await disk.refresh_()
      assert.deepStrictEqual([disk.Label, disk.FreeSpace], ["none", "5"])
      await services.delete(own)
      await err("NotFound", () => disk.refresh_())
    })
  )
})

describe("values", () => {
  const All = ClassDefinition.make("Demo_All", {
    Id: Property.key("string"),
    ...Object.fromEntries(
      [
        "sint8",
        "uint8",
        "sint32",
        "uint32",
        "sint64",
        "uint64",
        "real32",
        "real64",
        "boolean",
        "datetime",
        "char16",
        "string"
      ]
        .map((type) => [type, Property.make(type)])
    ),
    Ref: Property.make("ref:Demo_All"),
    uint32s: Property.make("uint32[]")
  })
  const taken: ReadonlyArray<readonly [property: string, assigned: unknown, read: unknown]> = [
    ["sint8", "-5", -5],
    ["uint8", 2.5, 2],
    ["uint8", 3.5, 4],
    ["uint8", "2.6", 3],
    ["sint32", true, -1],
    ["uint32", 4294967295, 4294967295],
    ["uint32", -1, 4294967295],
    ["uint32", 7n, 7],
    ["sint64", -5, "-5"],
    ["sint64", "-9223372036854775808", "-9223372036854775808"],
    ["uint64", 18446744073709551615n, "18446744073709551615"],
    ["uint64", 2.5, "2"],
    ["real32", "0.5", 0.5],
    ["real64", 3n, 3],
    ["boolean", 0, false],
    ["boolean", -1, true],
    ["boolean", "TRUE", true],
    ["boolean", "0", false],
    ["datetime", new Date(Date.UTC(2024, 1, 29)), "20240229000000.000000+000"],
    ["char16", -1, 65535],
    ["char16", 65, 65],
    ["string", 23, "23"],
    ["string", false, "False"],
    ["string", 12345678901234567890n, "12345678901234567890"],
    ["Ref", 'Demo_All.Id="a"', 'Demo_All.Id="a"'],
    ["uint32s", ["1", 2, -1], [1, 2, 4294967295]],
    ["uint32s", [], []],
    ["string", null, null]
  ]
  for (const [property, assigned, read] of taken) {
    it(
      `${property} takes ${typeof assigned === "bigint" ? `${assigned}n` : JSON.stringify(assigned)}`,
      script(async (wmi) => {
        const services = await wmi.connectServer()
        const object = (await services.get("Demo_All")).spawnInstance_()
        object["Id"] = "x"
        object.properties_.item(property).value = assigned as never
        assert.deepStrictEqual(object.properties_.item(property).value, read as never)
        await object.put_()
        assert.deepStrictEqual((await services.get("Demo_All='x'")).properties_.item(property).value, read as never)
      }, Snapshot.of(All))
    )
  }

  const refused: ReadonlyArray<readonly [property: string, assigned: unknown, "TypeMismatch" | "ValueOutOfRange"]> = [
    ["uint8", 256, "ValueOutOfRange"],
    ["uint8", -1, "ValueOutOfRange"],
    ["uint32", -2147483649, "ValueOutOfRange"],
    ["uint8", "many", "TypeMismatch"],
    ["uint8", [1], "TypeMismatch"],
    ["uint8", undefined, "TypeMismatch"],
    ["uint8", Infinity, "TypeMismatch"],
    ["uint64", "0x10", "TypeMismatch"],
    ["uint64", "-1", "ValueOutOfRange"],
    ["real32", 1e300, "ValueOutOfRange"],
    ["boolean", "yes", "TypeMismatch"],
    ["datetime", "yesterday", "TypeMismatch"],
    ["string", ["a"], "TypeMismatch"],
    ["string", "\0", "TypeMismatch"],
    ["Ref", 1, "TypeMismatch"],
    ["uint32s", 1, "TypeMismatch"],
    ["uint32s", [1, null], "TypeMismatch"]
  ]
  for (const [property, assigned, status] of refused) {
    it(
      `${property} refuses ${JSON.stringify(assigned)} with ${status} and keeps what it has`,
      script(async (wmi) => {
        const object = (await (await wmi.connectServer()).get("Demo_All")).spawnInstance_()
        await err(status, () => object.properties_.item(property).value = assigned as never)
        assert.isNull(object.properties_.item(property).value)
      }, Snapshot.of(All))
    )
  }
})

describe("spawning", () => {
  it(
    "an instance has the defaults of its class, which are not local until they are set",
    connected(async (services) => {
      const disk = (await services.get("Demo_Disk")).spawnInstance_<DiskMembers>()
      const label = disk.properties_.item("label")
      assert.deepStrictEqual([label.value, label.isLocal], ["none", false])
      disk.Label = "none"
      assert.isTrue(label.isLocal)
      assert.deepStrictEqual(disk.derivation_, [])
      const path = disk.path_
      assert.deepStrictEqual([path.path, path.relPath, path.class, path.isClass], ["", "", "Demo_Disk", false])
      await err("InvalidOperation", () => disk.delete_())
      disk.Id = "D:"
      assert.strictEqual(disk.path_.path, '\\\\.\\ROOT\\cimv2:Demo_Disk.Id="D:"')
      assert.deepStrictEqual(disk.path_.keys.item("ID").value, "D:")
    })
  )

  it(
    "a changed inherited member of a subclass becomes local",
    connected(async (services) => {
      const child = (await services.get("Demo_Disk")).spawnDerivedClass_()
      assert.strictEqual(child.path_.class, "")
      await err("IncompleteClass", () => child.put_())
      child.path_.class = "Demo_Child"
      assert.deepStrictEqual(child.derivation_, ["Demo_Disk"])
      child.properties_.add("NewIntProp", wbemCimType.wbemCimtypeSint32).value = 23
      child.properties_.item("Label").value = "child"
      child.properties_.item("FreeSpace").qualifiers_.add("Units", "bytes")
      assert.deepStrictEqual(
        ["Label", "FreeSpace", "Id"].map((name) => child.properties_.item(name).isLocal),
        [true, true, false]
      )
      assert.strictEqual((await child.put_()).path, "\\\\.\\root\\cimv2:Demo_Child")
      const read = await services.get("Demo_Child")
      assert.deepStrictEqual(names(read.properties_), ["Codes", "FreeSpace", "Id", "Label", "NewIntProp"])
      assert.deepStrictEqual(
        ["Label", "NewIntProp"].map((name) => read.properties_.item(name).value),
        ["child", 23]
      )
      const instance = read.spawnInstance_<DiskMembers>()
      assert.strictEqual(instance.Label, "child")
      assert.strictEqual(instance.properties_.item("FreeSpace").qualifiers_.item("units").value, "bytes")
    })
  )

  it(
    "only a class that was read can spawn; an instance spawns an empty instance and no class",
    connected(async (services) => {
      const made = await services.get()
      await err("IncompleteClass", () => made.spawnInstance_())
      made.path_.class = "Demo_New"
      made.properties_.add("Id", 8).qualifiers_.add("key", true)
      await made.put_()
      await err("IncompleteClass", () => made.spawnInstance_())
      await err("IncompleteClass", () => made.spawnDerivedClass_())
      assert.strictEqual((await services.get("demo_new")).spawnInstance_().path_.class, "Demo_New")
      const disk = await services.get<DiskMembers>(own)
      const another = disk.spawnInstance_<DiskMembers>()
      assert.deepStrictEqual([another.Id, another.Label], [null as never, "none"])
      await err("IllegalOperation", () => disk.spawnDerivedClass_())
      await err("InvalidParameter", () => disk.spawnInstance_(1))
      await err("InvalidParameter", () => made.spawnDerivedClass_(1))
    })
  )

  it(
    "a registered class cannot be renamed, its clone can",
    connected(async (services) => {
      const disk = await services.get("Demo_Disk")
      await err("ReadOnly", () => disk.path_.class = "Demo_Other")
      const other = disk.clone_()
      other.path_.class = "Demo_Other"
      await other.put_()
      assert.deepStrictEqual(names((await services.get("Demo_Other")).properties_), names(disk.properties_))
      await err("ReadOnly", () => services.get(own).then((instance) => instance.path_.class = "Demo_Other"))
      await err("IncompleteClass", () => other.spawnInstance_())
    })
  )

  it(
    "the path of an object is read-only, the path of a clone is writable",
    connected(async (services) => {
      const disk = await services.get<DiskMembers>(own)
      const { path_ } = disk
      assert.strictEqual(path_.locale, "ms_409")
      const writes: ReadonlyArray<() => void> = [
        () => path_.path = "Demo_Disk",
        () => path_.relPath = "Demo_Disk",
        () => path_.server = "s",
        () => path_.namespace = "root",
        () => path_.locale = "ms_407",
        () => path_.authority = "a",
        () => path_.displayName = "winmgmts:",
        () => path_.setAsClass(),
        () => path_.setAsSingleton(),
        () => path_.keys.add("Id", "x"),
        () => path_.keys.remove("Id"),
        () => path_.keys.deleteAll(),
        () => path_.keys.item("Id").value = "x"
      ]
      for (const write of writes) await err("ReadOnly", write)
      assert.strictEqual(path_.relPath, own)
      const copy = disk.clone_<DiskMembers>().path_
      copy.server = "other"
      copy.keys.add("Id", "E:")
      assert.strictEqual(copy.path, '\\\\other\\ROOT\\cimv2:Demo_Disk.Id="E:"')
    })
  )
})

describe("comparing and copying", () => {
  const { wbemComparisonFlagIgnoreCase, wbemComparisonFlagIgnoreClass, wbemComparisonFlagIgnoreDefaultValues } =
    wbemComparisonFlag
  const { wbemComparisonFlagIgnoreFlavor, wbemComparisonFlagIgnoreObjectSource, wbemComparisonFlagIgnoreQualifiers } =
    wbemComparisonFlag

  it(
    "a clone is equal until one of the two changes",
    connected(async (services) => {
      const disk = await services.get<DiskMembers>(own)
      const copy = disk.clone_<DiskMembers>()
      assert.isTrue(disk.compareTo_(copy))
      copy.Label = "NONE"
      assert.isFalse(disk.compareTo_(copy))
      assert.strictEqual(disk.Label, "none")
      assert.isTrue(disk.compareTo_(copy, wbemComparisonFlagIgnoreCase))
      copy.FreeSpace = 1
      assert.isFalse(disk.compareTo_(copy, wbemComparisonFlagIgnoreCase))
      await err("InvalidParameter", () => disk.compareTo_(copy, 0x40))
      await err("InvalidParameter", () => disk.compareTo_({} as SWbemObject))
    })
  )

  it(
    "flags ignore defaults, qualifiers, flavours, source and class",
    connected(async (services, wmi) => {
      const change = async (edit: (copy: SWbemObject) => void): Promise<readonly [SWbemObject, SWbemObject]> => {
        const disk = await services.get("Demo_Disk")
        const copy = disk.clone_()
        edit(copy)
        return [disk, copy]
      }
      const cases: ReadonlyArray<readonly [(copy: SWbemObject) => void, number]> = [
        [(copy) => copy.properties_.item("Label").value = "x", wbemComparisonFlagIgnoreDefaultValues],
        [(copy) => copy.qualifiers_.add("Description", "x"), wbemComparisonFlagIgnoreQualifiers],
        [(copy) => copy.properties_.item("Label").qualifiers_.add("Read", true), wbemComparisonFlagIgnoreQualifiers]
      ]
      for (const [edit, flag] of cases) {
        const [disk, copy] = await change(edit)
        assert.isFalse(disk.compareTo_(copy))
        assert.isTrue(disk.compareTo_(copy, flag))
      }
      const [one, two] = await change((copy) => copy.qualifiers_.add("Description", "x"))
      one.qualifiers_.add("Description", "x", false)
      assert.isFalse(one.compareTo_(two))
      assert.isTrue(one.compareTo_(two, wbemComparisonFlagIgnoreFlavor))
      const elsewhere = await wmi.getServices("winmgmts:root\\default")
      await elsewhere.put(await services.get("Demo_Disk"))
      const there = await elsewhere.get("Demo_Disk")
      assert.isFalse(there.compareTo_(await services.get("Demo_Disk")))
      assert.isTrue(there.compareTo_(await services.get("Demo_Disk"), wbemComparisonFlagIgnoreObjectSource))
      const other = (await services.get("Demo_Disk")).clone_()
      other.path_.class = "Demo_Twin"
      await other.put_()
      const twin = (await services.get("Demo_Twin")).spawnInstance_()
      const plain = (await services.get("Demo_Disk")).spawnInstance_()
      assert.isFalse(plain.compareTo_(twin))
      assert.isTrue(plain.compareTo_(twin, wbemComparisonFlagIgnoreClass))
    })
  )
})

describe("putting", () => {
  it(
    "a put takes the object of the time of the call and does not change the script's object (PA-4)",
    connected(async (services) => {
      const made = (await services.get("Demo_Disk")).spawnInstance_<DiskMembers>()
      const path = made.put_() // the key is generated
      made.Label = "after the call"
      const { keys, relPath } = await path
      assert.isNull(made.Id as string | null)
      assert.match(String(keys.item("Id").value), /^\{.{36}\}$/)
      assert.strictEqual((await services.get<DiskMembers>(relPath)).Label, "none")
    })
  )

  it(
    "PutAsync_ delivers the path of the object to the sink",
    connected(async (services) => {
      const { done, paths, sink, told } = sinkOf()
      const disk = (await services.get("Demo_Disk")).spawnInstance_<DiskMembers>()
      disk.Id = "D:"
      await disk.putAsync_(sink)
      await done
      assert.deepStrictEqual(told, ['put \\\\.\\root\\cimv2:Demo_Disk.Id="D:"', "completed NoError -"])
      assert.deepStrictEqual([paths[0]!.isClass, paths[0]!.keys.count, paths[0]!.class], [false, 1, "Demo_Disk"])
    })
  )

  it(
    "SWbemServicesEx.Put writes to its own namespace, whatever namespace the object is from (PA-2)",
    connected(async (services, wmi) => {
      const other = await wmi.connectServer(".", "root\\default")
      const disk = await services.get<DiskMembers>(own)
      await err("InvalidClass", () => other.put(disk))
      await other.put(await services.get("Demo_Disk"))
      assert.strictEqual((await other.put(disk)).path, '\\\\.\\root\\default:Demo_Disk.Id="C:"')
      assert.strictEqual((await disk.put_()).path, '\\\\.\\root\\cimv2:Demo_Disk.Id="C:"')
    })
  )

  const refused: ReadonlyArray<
    readonly [string, Parameters<typeof err>[0], (disk: SWbemObject & DiskMembers) => unknown]
  > = [
    ["create only", "AlreadyExists", (disk) => disk.put_(2)],
    ["flags that exclude each other", "InvalidParameter", (disk) => disk.put_(3)],
    ["a context that asks for nothing", "InvalidContext", (disk) => disk.put_(1, { __PUT_EXTENSIONS: true })],
    ["a value that is no context", "InvalidParameter", (disk) => disk.put_(0, 5 as never)],
    ["update only of another", "NotFound", (disk) => {
      disk.Id = "Z:"
      return disk.put_(1)
    }]
  ]
  for (const [name, status, put] of refused) {
    it(
      `${name} is refused with ${status}, and nothing is written`,
      connected(async (services) => {
        const disk = await services.get<DiskMembers>(own)
        disk.Label = "refused"
        await err(status, () => put(disk))
        assert.strictEqual((await services.get<DiskMembers>(own)).Label, "none")
        assert.strictEqual((await services.instancesOf("Demo_Disk")).count, 1)
      })
    )
  }

  it(
    "an unsupported member fails with its name",
    connected(async (services) => {
      const disk = await services.get(own)
      const calls = {
        DeleteAsync_: disk.deleteAsync_,
        ExecMethod_: disk.execMethod_,
        ExecMethodAsync_: disk.execMethodAsync_,
        Associators_: disk.associators_,
        AssociatorsAsync_: disk.associatorsAsync_,
        References_: disk.references_,
        ReferencesAsync_: disk.referencesAsync_,
        InstancesAsync_: disk.instancesAsync_,
        SubclassesAsync_: disk.subclassesAsync_
      }
      for (const [name, call] of Object.entries(calls)) {
        assert.include((await err("NotSupported", () => call())).description, name)
      }
      assert.include((await err("NotSupported", () => disk.getText_(1))).description, "GetObjectText_")
      await err("IllegalOperation", () => disk.instances_())
      await err("IllegalOperation", () => disk.subclasses_())
    })
  )

  it(
    "Instances_ and Subclasses_ of a class",
    connected(async (services) => {
      const disk = await services.get("Demo_Disk")
      assert.strictEqual((await disk.instances_()).itemIndex(0).path_.relPath, own)
      assert.deepStrictEqual(Array.from(await disk.subclasses_(), ({ path_ }) => path_.class), ["Demo_Volume"])
    })
  )
})
