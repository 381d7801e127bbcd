/** Details that scripts can read: orders, flavours, spellings, names of namespaces, connection texts. */
import { assert, describe, it } from "vitest"
import type { Members, SWbemObject as Plain } from "../../src/scripting/objects/SWbemObject.ts"
import type { SWbemQualifierSet } from "../../src/scripting/objects/SWbemQualifierSet.ts"
import type { SWbemServicesEx } from "../../src/scripting/connection/SWbemServicesEx.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import type * as HResult from "../../src/protocol/HResult.ts"
import { err, script } from "./scripts.ts"

const Base = ClassDefinition.make("Shape_Base", {
  Id: Property.key("string"),
  Label: Property.make("String", {
    value: "none",
    qualifiers: { MaxLen: 5, Units: { value: "x", flavor: 0x02 }, read: { value: true, flavor: 0x01 } }
  }),
  Size: Property.make("uint32", { value: 5 })
}, {
  qualifiers: { UUID: "u", Description: { value: "d", flavor: 0x02 } },
  methods: {
    Start: Method.make("uint32", [
      { name: "When", type: "Datetime", value: "20240101000000.000000+000" },
      { name: "How", type: "uint32", value: 2147483650, qualifiers: { In: { value: true, flavor: 0x03 } } }
    ]),
    Stop: Method.make("Boolean", [
      { name: "Log", type: "string[]", direction: "inout", value: Object.freeze(["a"]) },
      { name: "Lines", type: "uint32", direction: "out", qualifiers: { ID: { value: 1, flavor: 0x02 } } }
    ])
  }
})

const Derived = ClassDefinition.make("Shape_Derived", { Note: Property.make("string") }, {
  superclass: "Shape_Base",
  qualifiers: { CIMKind: 1, CIM_Kind: 1, Provider: "p", aggregate: true },
  methods: {
    Add: Method.make("uint32"),
    Stop: Method.make("Boolean", [
      { name: "Log", type: "string[]", direction: "inout" },
      { name: "Lines", type: "uint32", direction: "out" }
    ]),
    Abort: Method.make("void")
  }
})

const Served = ClassDefinition.make("Shape_Served", { Id: Property.key("string") }, {
  qualifiers: { dynamic: true, provider: "P" }
})

const world = Snapshot.of(Base, Derived, Served, Instance.make("Shape_Base", { Id: "a" }))

const connected = (
  body: (services: SWbemServicesEx) => Promise<void>,
  namespace: string = "root\\cimv2"
): () => Promise<void> => script(async (wmi) => body(await wmi.connectServer(".", namespace)), world)

const names = (set: Iterable<{ readonly name: string }>): ReadonlyArray<string> => Array.from(set, ({ name }) => name)

/** The bits of a qualifier's flavour, with the origin bit 0x20. */
const bits = (set: SWbemQualifierSet, name: string): number => {
  const q = set.item(name)
  return (q.propagatesToInstance ? 0x01 : 0) + (q.propagatesToSubclass ? 0x02 : 0) + (q.isOverridable ? 0 : 0x10)
    + (q.isLocal ? 0 : 0x20)
}

/** An object whose properties are read by their names. */
type SWbemObject = Plain & Members

const open = (object: Plain | null): SWbemObject => object as SWbemObject

const derivedFrom = (object: SWbemObject): SWbemObject => open(object.spawnDerivedClass_())

const ofProperty = (object: SWbemObject, name: string): SWbemQualifierSet => object.properties_.item(name).qualifiers_

describe("orders", () => {
  it(
    "qualifiers are listed by name without case, local and inherited ones together",
    connected(async (services) => {
      const derived = await services.get("Shape_Derived")
      assert.deepStrictEqual(names(derived.qualifiers_), [
        "aggregate",
        "CIM_Kind",
        "CIMKind",
        "Description",
        "provider"
      ])
      assert.deepStrictEqual(names(ofProperty(await services.get("Shape_Base"), "Label")), [
        "CIMTYPE",
        "MaxLen",
        "read",
        "Units"
      ])
      assert.deepStrictEqual(names(ofProperty(derived, "Label")), ["CIMTYPE", "Units"])
      const instance = derived.spawnInstance_()
      ofProperty(instance, "Label").add("Alpha", 1)
      assert.deepStrictEqual(names(ofProperty(instance, "Label")), ["Alpha", "CIMTYPE"])
    })
  )

  it(
    "methods are listed as declared, inherited ones first; a redeclared one keeps its position; properties are listed by name",
    connected(async (services) => {
      const derived = await services.get("Shape_Derived")
      assert.deepStrictEqual(names(derived.methods_), ["Start", "Stop", "Add", "Abort"])
      assert.deepStrictEqual(names(derived.spawnInstance_().methods_), ["Start", "Stop", "Add", "Abort"])
      assert.deepStrictEqual(names(derived.properties_), ["Id", "Label", "Note", "Size"])
    })
  )
})

describe("CIMTYPE", () => {
  it(
    "is 0x03 on a property that the class declares or redeclares, 0x23 on an inherited one and on an instance",
    connected(async (services) => {
      const derived = await services.get("Shape_Derived")
      assert.strictEqual(bits(ofProperty(derived, "Note"), "cimtype"), 0x03)
      assert.strictEqual(bits(ofProperty(derived, "Size"), "cimtype"), 0x23)
      assert.strictEqual(bits(ofProperty(derived.spawnInstance_(), "Note"), "cimtype"), 0x23)
      ofProperty(derived, "Size").add("Units", "bytes")
      assert.strictEqual(bits(ofProperty(derived, "Size"), "cimtype"), 0x03)
      await derived.put_()
      assert.strictEqual(bits(ofProperty(await services.get("Shape_Derived"), "Size"), "cimtype"), 0x03)
    })
  )

  it(
    "its flavours cannot be written and it cannot be removed",
    connected(async (services) => {
      const made = await services.get()
      const set = made.properties_.add("P", 8).qualifiers_
      set.item("CIMTYPE").propagatesToInstance = false
      set.add("cimtype", "string", false, false, false)
      assert.strictEqual(bits(set, "CIMTYPE"), 0x03)
      assert.strictEqual(set.count, 1)
      await err("ReadOnly", () => set.remove("CIMTYPE"))
      const derived = await services.get("Shape_Derived")
      await err("PropagatedQualifier", () => ofProperty(derived, "Label").remove("CIMTYPE"))
      const instance = ofProperty(derived.spawnInstance_(), "Label")
      await err("ReadOnly", () => instance.item("CIMTYPE").isOverridable = false)
    })
  )

  it(
    "has the type word as written, and accepts another spelling of it",
    connected(async (services) => {
      const base = await services.get("Shape_Base")
      assert.strictEqual(ofProperty(base, "Label").item("CIMTYPE").value, "String")
      const set = (await services.get()).properties_.add("P", 8).qualifiers_
      assert.strictEqual(set.item("CIMTYPE").value, "string")
      set.item("CIMTYPE").value = "STRING"
      assert.strictEqual(set.item("CIMTYPE").value, "STRING")
      await err("TypeMismatch", () => set.item("CIMTYPE").value = "uint32")
    })
  )
})

describe("names of qualifiers", () => {
  for (const name of ["key", "read", "write", "volatile", "provider", "dynamic"]) {
    it(
      `${name} has the spelling of the wire dictionary, whatever is written`,
      connected(async (services) => {
        const made = await services.get()
        made.path_.class = "Shape_New"
        const id = made.properties_.add("Id", 8).qualifiers_
        id.add("key", true)
        const added = id.add(name.toUpperCase(), true)
        assert.strictEqual(added.name, name)
        await made.put_()
        assert.include(names(ofProperty(await services.get("Shape_New"), "Id")), name)
      })
    )
  }

  it(
    "every other name keeps its spelling",
    connected(async (services) => {
      const made = await services.get()
      assert.strictEqual(made.qualifiers_.add("DESCRIPTION", "x").name, "DESCRIPTION")
    })
  )

  it(
    "key always has its flavour",
    connected(async (services) => {
      const set = (await services.get()).properties_.add("Id", 8).qualifiers_
      const key = set.add("KEY", true, false, false, true)
      key.isOverridable = true
      key.propagatesToSubclass = false
      assert.strictEqual(bits(set, "key"), 0x13)
    })
  )
})

describe("classes of parameters", () => {
  const parameters = async (services: SWbemServicesEx, method: string): Promise<ReadonlyArray<SWbemObject>> => {
    const { inParameters, outParameters } = (await services.get("Shape_Derived")).methods_.item(method)
    return [open(inParameters), open(outParameters)]
  }

  it(
    "ID has flavour 0x11, and 0x31 on an instance; In, Out and the out of ReturnValue have none",
    connected(async (services) => {
      const [given, returned] = await parameters(services, "Stop") as [SWbemObject, SWbemObject]
      for (const object of [given, returned]) {
        const log = ofProperty(object, "Log")
        assert.deepStrictEqual(["ID", "In", "Out"].map((name) => bits(log, name)), [0x11, 0, 0])
        const instance = ofProperty(object.spawnInstance_(), "Log")
        assert.deepStrictEqual(names(instance), ["CIMTYPE", "ID"])
        assert.strictEqual(bits(instance, "ID"), 0x31)
      }
      assert.strictEqual(bits(ofProperty(returned, "Lines"), "id"), 0x11)
      const value = ofProperty(returned, "ReturnValue")
      assert.deepStrictEqual(names(value), ["CIMTYPE", "out"])
      assert.strictEqual(bits(value, "out"), 0)
      const [start] = await parameters(services, "Start") as [SWbemObject, SWbemObject]
      assert.strictEqual(bits(ofProperty(start, "How"), "in"), 0)
    })
  )

  it(
    "type words are as written, also of the return value",
    connected(async (services) => {
      const type = (object: SWbemObject, name: string): unknown => ofProperty(object, name).item("CIMTYPE").value
      const [start] = await parameters(services, "Start") as [SWbemObject, SWbemObject]
      const [, stop] = await parameters(services, "Stop") as [SWbemObject, SWbemObject]
      assert.deepStrictEqual([type(start, "When"), type(start, "How"), type(stop, "ReturnValue")], [
        "Datetime",
        "uint32",
        "Boolean"
      ])
      assert.strictEqual(stop.properties_.item("ReturnValue").cimType, 11)
    })
  )

  it(
    "the default of a parameter is the value of its property, also in an instance",
    connected(async (services) => {
      const [start] = await parameters(services, "Start") as [SWbemObject, SWbemObject]
      for (const object of [start, start.spawnInstance_()]) {
        assert.deepStrictEqual([object["When"], object["How"]], ["20240101000000.000000+000", 2147483650])
      }
      const base = (await services.get("Shape_Base")).methods_.item("Stop")
      const logs = [base.inParameters, base.outParameters].map((object) => open(object)["Log"])
      assert.deepStrictEqual(logs, [["a"], ["a"]])
    })
  )

  it(
    "they belong to no namespace",
    connected(async (services) => {
      const [given] = await parameters(services, "Stop") as [SWbemObject, SWbemObject]
      for (const object of [given, given.spawnInstance_()]) {
        const read = (name: string): unknown => object.systemProperties_.item(name).value
        assert.deepStrictEqual(["__CLASS", "__DYNASTY", "__PATH", "__SERVER", "__NAMESPACE"].map(read), [
          "__PARAMETERS",
          "__PARAMETERS",
          null,
          null,
          null
        ])
      }
    })
  )
})

describe("the name of a class", () => {
  const ways: ReadonlyArray<readonly [string, (object: SWbemObject, name: string) => void]> = [
    ["__CLASS", (object, name) => object["__CLASS"] = name],
    ["__class of Properties_", (object, name) => object.properties_.item("__class").value = name],
    ["SystemProperties_", (object, name) => object.systemProperties_.item("__CLASS").value = name],
    ["Path_.Class", (object, name) => object.path_.class = name]
  ]
  for (const [way, write] of ways) {
    it(
      `${way} names a new class and renames a derived one, until it is stored`,
      connected(async (services) => {
        const made = await services.get()
        write(made, "Shape_New")
        assert.deepStrictEqual([made["__CLASS"], made.path_.class], ["Shape_New", "Shape_New"])
        made.properties_.add("Id", 8).qualifiers_.add("key", true)
        assert.strictEqual((await made.put_()).class, "Shape_New")
        const child = derivedFrom(await services.get("Shape_Base"))
        write(child, "Shape_First")
        write(child, "Shape_Child")
        await child.put_()
        const stored = await services.get("Shape_Child")
        assert.strictEqual(stored["__SUPERCLASS"], "Shape_Base")
        await err("ReadOnly", () => write(stored, "Shape_Other"))
        await err("ReadOnly", () => write(stored.spawnInstance_(), "Shape_Other"))
      })
    )
  }

  it(
    "must be text, and no other system property can be written",
    connected(async (services) => {
      const made = await services.get()
      await err("InvalidParameter", () => made["__CLASS"] = "")
      await err("InvalidParameter", () => made["__CLASS"] = null)
      await err("ReadOnly", () => made["__SUPERCLASS"] = "Shape_Base")
      await err("ReadOnly", () => made.systemProperties_.item("__PATH").value = "x")
      await err("SystemProperty", () => made.systemProperties_.item("__CLASS").qualifiers_)
    })
  )
})

describe("Properties_.Add", () => {
  it(
    "accepts the array flag in the type",
    connected(async (services) => {
      const made = await services.get()
      for (const [type, isArray] of [[8, false], [8 | 0x2000, true], [19 | 0x2000, true]] as const) {
        const property = made.properties_.add("P", type)
        assert.deepStrictEqual([property.cimType, property.isArray], [type & ~0x2000, isArray])
      }
      assert.isTrue(made.properties_.add("P", 8 | 0x2000, true).isArray)
      for (const type of [0, 0x2000, 0xfff, 8 | 0x1000, 8 | 0x4000, 8.5, -1]) {
        await err("InvalidPropertyType", () => made.properties_.add("P", type))
      }
    })
  )
})

describe("the namespace of an object", () => {
  const seen = (given: Plain): ReadonlyArray<unknown> => {
    const object = open(given)
    return [object["__NAMESPACE"], String(object["__PATH"]).split(":")[0], object.path_.namespace]
  }

  for (const connection of ["root\\CimV2", "Root/CimV2", "ROOT\\CimV2"]) {
    it(
      `is ROOT\\CimV2 of what was read over ${connection}, and of what is spawned from it`,
      connected(async (services) => {
        const expected = ["ROOT\\CimV2", "\\\\.\\ROOT\\CimV2", "ROOT\\CimV2"]
        const base = await services.get("Shape_Base")
        const instance = await services.get('Shape_Base="a"')
        const spawned = base.spawnInstance_()
        spawned["Id"] = "b"
        const child = derivedFrom(base)
        child.path_.class = "Shape_Child"
        const [listed] = [...await services.instancesOf("Shape_Base")]
        for (const object of [base, instance, spawned, child, listed!, instance.clone_()]) {
          assert.deepStrictEqual(seen(object), expected)
        }
        await instance.refresh_()
        assert.deepStrictEqual(seen(instance), expected)
        const written = await spawned.put_()
        assert.strictEqual(written.namespace, connection.replace("/", "\\")) // of the call, in its spelling (PA-75)
      }, connection)
    )
  }

  it(
    "keeps the spelling of the connection while a class is new; deeper names never change",
    connected(async (services) => {
      const made = await services.get()
      made.path_.class = "Shape_New"
      assert.deepStrictEqual(seen(made), ["Root\\cimv2", "\\\\.\\Root\\cimv2", "Root\\cimv2"])
    }, "Root\\cimv2")
  )
})

describe("connection texts", () => {
  const texts: ReadonlyArray<readonly [text: string, status: HResult.Status | undefined]> = [
    ["root", undefined],
    ["ROOT\\cimv2", undefined],
    ["root/cimv2", undefined],
    ["\\\\.\\root", undefined],
    ["\\\\./root", undefined],
    ["//./root/cimv2", undefined],
    ["\\\\localhost\\root", undefined],
    ["\\\\LOCALHOST\\ROOT\\cimv2", undefined],
    ["\\", "InvalidNamespace"],
    ["/", "InvalidNamespace"],
    ["\\\\", "InvalidNamespace"],
    ["\\\\.", "InvalidNamespace"],
    ["\\\\.\\", "InvalidNamespace"],
    ["\\root", "InvalidNamespace"],
    ["/root/cimv2", "InvalidNamespace"],
    ["root\\\\cimv2", "InvalidNamespace"],
    ["root\\cimv2\\", "InvalidNamespace"],
    ["root/cimv2/", "InvalidNamespace"],
    ["\\\\.\\root\\\\cimv2", "InvalidNamespace"],
    ["\\\\.\\root\\", "InvalidNamespace"],
    ["\\\\.\\root\\nothing", "InvalidNamespace"],
    ["nothing", "InvalidNamespace"],
    ["\\\\\\.\\root", "InvalidParameter"],
    ["///./root", "InvalidParameter"]
  ]
  for (const [text, status] of texts) {
    it(
      `${text} ${status === undefined ? "connects" : `is ${status}`}`,
      script(async (wmi) => {
        const connect = (): Promise<SWbemServicesEx> => wmi.connectServer(".", text)
        if (status === undefined) await connect()
        else await err(status, connect)
      }, world)
    )
  }

  it(
    "the server in the text is used if the connection names none",
    script(async (wmi) => {
      const far = await wmi.connectServer("", "\\\\far\\root\\cimv2")
      assert.deepStrictEqual([far.server, far.namespace], ["far", "root\\cimv2"])
    }, world)
  )
})

describe("levels of security", () => {
  it(
    "an authentication level that was never set fails on a locator and is 6 on services",
    script(async (wmi) => {
      await err("Failed", () => wmi.security_.authenticationLevel)
      const services = await wmi.connectServer()
      assert.strictEqual(services.security_.authenticationLevel, 6)
      assert.strictEqual((await services.get("Shape_Base")).security_.authenticationLevel, 6)
      wmi.security_.authenticationLevel = 4
      assert.strictEqual(wmi.security_.authenticationLevel, 4)
      assert.strictEqual((await wmi.connectServer()).security_.authenticationLevel, 4)
      assert.strictEqual(services.security_.authenticationLevel, 6)
      assert.strictEqual(wmi.security_.impersonationLevel, 3)
    }, world)
  )
})

describe("values that an instance takes from its class", () => {
  it(
    "are not local, not printed, and stay unset when the instance is put back",
    connected(async (services) => {
      const made = (await services.get("Shape_Base")).spawnInstance_()
      made["Id"] = "b"
      made["Label"] = null
      await made.put_()
      const text = '\ninstance of Shape_Base\n{\n\tId = "b";\n\tLabel = NULL;\n};\n'
      for (let time = 0; time < 2; time++) {
        const read = await services.get('Shape_Base="b"')
        assert.deepStrictEqual([read["Size"], read["Label"]], [5, null])
        const local = Array.from(read.properties_, ({ isLocal, name }) => [name, isLocal])
        assert.deepStrictEqual(local, [["Id", true], ["Label", true], ["Size", false]])
        assert.strictEqual(read.getObjectText_(), text)
        await read.refresh_()
        assert.strictEqual(read.getObjectText_(), text)
        await read.put_()
      }
      const [listed] = [...await services.instancesOf("Shape_Base")].filter((one) => open(one)["Id"] === "b")
      assert.strictEqual(listed!.getObjectText_(), text)
    })
  )

  it(
    "are local once they are set, even to the value of the class",
    connected(async (services) => {
      const object = (await services.get("Shape_Base")).spawnInstance_()
      object["Id"] = "c"
      object["Size"] = 5
      await object.put_()
      assert.isTrue((await services.get('Shape_Base="c"')).properties_.item("Size").isLocal)
    })
  )
})

describe("changes of an inherited property", () => {
  const redeclared = (object: SWbemObject): unknown => {
    const definition = object.toWbemObject_()
    assert(definition._tag === "Class")
    return definition.properties.map(({ inheritsDefault, name, value }) => [name, value, inheritsDefault])
  }

  it(
    "new qualifiers keep the inherited default; writing a value ends that (CX-5)",
    connected(async (services) => {
      const child = derivedFrom(await services.get("Shape_Base"))
      child.path_.class = "Shape_Child"
      ofProperty(child, "Size").add("Units", "bytes")
      assert.deepStrictEqual(redeclared(child), [["Size", undefined, true]])
      assert.strictEqual(child["Size"], 5)
      ofProperty(child, "Size").item("Units").value = "kilobytes"
      ofProperty(child, "Size").remove("Units")
      assert.deepStrictEqual(redeclared(child), [["Size", undefined, true]])
      child["Size"] = 7
      assert.deepStrictEqual(redeclared(child), [["Size", 7, undefined]])
      child.properties_.item("Label").value = null
      ofProperty(child, "Label").add("Units", "letters")
      assert.deepStrictEqual(redeclared(child), [["Size", 7, undefined], ["Label", null, undefined]])
    })
  )

  it(
    "Properties_.Add redeclares it with NULL",
    connected(async (services) => {
      const child = derivedFrom(await services.get("Shape_Base"))
      child.properties_.add("Size", 19)
      assert.deepStrictEqual(redeclared(child), [["Size", null, undefined]])
    })
  )

  it(
    "the class stores the changes, and they are read back",
    connected(async (services) => {
      const derived = await services.get("Shape_Derived")
      ofProperty(derived, "Size").add("Units", "bytes")
      await derived.put_()
      const read = await services.get("Shape_Derived")
      assert.strictEqual(read["Size"], 5)
      const base = await services.get("Shape_Base")
      await services.delete('Shape_Base="a"')
      base["Size"] = 9
      await base.put_(0x20)
      assert.strictEqual((await services.get("Shape_Derived"))["Size"], 9)
    })
  )
})
