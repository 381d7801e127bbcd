/** Corner cases of the rules, found by generated sequences. */
import * as Either from "effect/Either"
import { assert, describe, it } from "vitest"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as Change from "../../src/protocol/Change.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as any from "../arbitraries.ts"

const decide = (snapshot: Snapshot.Snapshot, object: WbemObject, options?: PutRequest.Options) =>
  PutEngine.decide(snapshot, any.validated([PutRequest.make(object, options)])[0]!)

const status = (snapshot: Snapshot.Snapshot, object: WbemObject, options?: PutRequest.Options): string =>
  Either.match(decide(snapshot, object, options), {
    onLeft: (error) => error.status,
    onRight: ({ report }) => `${report.disposition} ${ObjectPath.relPath(report.path)}`
  })

const after = (snapshot: Snapshot.Snapshot, object: WbemObject, options?: PutRequest.Options): Snapshot.Snapshot =>
  Snapshot.apply(snapshot, Either.getOrThrow(decide(snapshot, object, options)).changes)

const dump = (snapshot: Snapshot.Snapshot): string =>
  JSON.stringify([Snapshot.namespaces(snapshot), Snapshot.entries(snapshot)])

const cls = ClassDefinition.make
const key = Property.key

describe("corner cases of class puts", () => {
  it("object-model 1: a default is stored in the form of its type, and another spelling of it is no difference (U-0)", () => {
    const big = (value: string | number) => cls("A", { Id: key("uint32"), Big: Property.make("uint64", { value }) })
    const snapshot = after(Snapshot.empty(), big("1"))
    const [stored] = Snapshot.classes(snapshot, Snapshot.defaultNamespace)
    assert.strictEqual(stored!.properties[1]!.value, 1n)
    const used = after(snapshot, Instance.make("A", { Id: 1 }))
    assert.strictEqual(status(used, big(1)), "Unchanged A")
    assert.strictEqual(status(used, big(2)), "ClassHasInstances")
  })

  it("CS-8, IV-10: the default of an embedded object fits its class", () => {
    const inner = cls("Inner", { N: Property.make("uint8") })
    const holding = (type: string, value: Instance.Instance) =>
      status(Snapshot.of(inner, cls("Other")), cls("A", { In: Property.make(type, { value }) }))
    assert.strictEqual(holding("object:Inner", Instance.make("Inner", { N: 1 })), "Created A")
    assert.strictEqual(holding("object:Inner", Instance.make("Other", {})), "TypeMismatch")
    assert.strictEqual(holding("object", Instance.make("Nowhere", {})), "TypeMismatch")
    assert.strictEqual(holding("object", Instance.make("Inner", { N: 256 })), "ValueOutOfRange")
    assert.strictEqual(holding("object", Instance.make("Inner", { Z: 1 })), "InvalidProperty")
    assert.strictEqual(holding("object", Instance.make("A", {})), "Created A")
    assert.strictEqual(holding("object", Instance.make("A", { In: 1 })), "TypeMismatch")
  })

  it("CS-8: an embedded object of a subclass of the put class is read with the members that it will inherit", () => {
    const snapshot = Snapshot.of(cls("A"), cls("B", {}, { superclass: "A" }))
    const value = Instance.make("B", { N: 1 })
    const now = cls("A", { In: Property.make("object", { value }), N: Property.make("uint8") })
    assert.strictEqual(status(snapshot, now, { update: "Safe" }), "Updated A")
  })

  it("CS-10: a redeclared key is a key without the qualifier", () => {
    const snapshot = Snapshot.of(cls("A", { Id: key("uint32") }))
    const below = (type: string) => status(snapshot, cls("B", { Id: Property.make(type) }, { superclass: "A" }))
    assert.deepStrictEqual(["uint8[]", "real64", "string"].map(below), [
      "CannotBeKey",
      "CannotBeKey",
      "UpdateTypeMismatch"
    ])
  })

  it("CS-20: the in half and the out half of one parameter need not be adjacent if they agree", () => {
    const go = (out: Partial<Method.ParameterInput>) =>
      status(
        Snapshot.empty(),
        cls("A", {}, {
          methods: {
            Go: Method.make("void", [
              { name: "p", type: "string", id: 0 },
              { name: "P", type: "string", direction: "out", id: 0, ...out },
              { name: "q", type: "string", id: 1 }
            ])
          }
        })
      )
    assert.strictEqual(go({}), "Created A")
    for (const other of [{ type: "uint8" }, { id: 2 }, { qualifiers: { Units: "m" } }]) {
      assert.strictEqual(go(other), "InvalidDuplicateParameter")
    }
  })

  it("section 6: an embedded type that is narrower only below the old superclass is a conflict of the superclass' change", () => {
    const snapshot = Snapshot.of(
      cls("Top", { Next: Property.make("object:Top") }),
      cls("Mid", {}, { superclass: "Top" }),
      cls("Low", { Next: Property.make("object:Low") }, { superclass: "Mid" }),
      cls("New", { Next: Property.make("object:Top") })
    )
    const moved = after(snapshot, cls("Mid", {}, { superclass: "New" }), { update: "Force" })
    const low = Snapshot.classes(moved, Snapshot.defaultNamespace).find(({ name }) => name === "Low")
    assert.deepStrictEqual(low!.properties, [])
  })

  it("CX-11: a default of a descendant that no longer fits is a conflict that no mode resolves", () => {
    const value = Instance.make("A", { N: 1 })
    const snapshot = Snapshot.of(
      cls("A", { N: Property.make("uint8") }),
      cls("B", { In: Property.make("object", { value }) }, { superclass: "A" })
    )
    for (const update of ["Safe", "Force"] as const) {
      assert.strictEqual(status(snapshot, cls("A"), { update }), "InvalidProperty")
    }
  })

  it("DL-9: a force update that deletes namespaces deletes their contents, and can be inverted", () => {
    const below = cls("Space", {}, { superclass: "__NAMESPACE" })
    const made = after(Snapshot.of(below), Instance.make("Space", { Name: "sub" }))
    const filled = after(made, cls("A"), { namespace: "root\\cimv2\\sub" })
    const before = dump(filled)
    const { changes, events } = Either.getOrThrow(
      decide(filled, cls("Space", { X: Property.make("string") }, { superclass: "__NAMESPACE" }), { update: "Force" })
    )
    assert.deepStrictEqual(events.map((event) => event._tag), [
      "ClassDeletion",
      "InstanceDeletion",
      "ClassModification"
    ])
    const emptied = Snapshot.apply(filled, changes)
    assert.notInclude(Snapshot.namespaces(emptied), "root\\cimv2\\sub")
    assert.strictEqual(dump(Snapshot.apply(emptied, Change.invert(changes))), before)
  })
})

describe("corner cases of instance puts", () => {
  it("instance-put 5: a put does not change an existing namespace, neither its spelling nor its contents", () => {
    const below = cls("Space", {}, { superclass: "__NAMESPACE" })
    const made = after(Snapshot.of(below), Instance.make("__NAMESPACE", { Name: "sub" }))
    const filled = after(made, cls("A"), { namespace: "root\\cimv2\\sub" })
    const before = dump(filled)
    for (const className of ["__NAMESPACE", "Space"]) {
      const again = Instance.make(className, { Name: "SUB" })
      assert.strictEqual(status(filled, again), 'Unchanged __NAMESPACE.Name="sub"')
      assert.strictEqual(dump(after(filled, again)), before)
    }
  })

  it("IK-2: a namespace may get its name from the default of its class", () => {
    const below = cls("Space", { Name: Property.make("string", { value: "sub" }) }, { superclass: "__NAMESPACE" })
    const made = after(Snapshot.of(below), Instance.make("Space", {}))
    assert.include(Snapshot.namespaces(made), "root\\cimv2\\sub")
    assert.strictEqual(status(made, cls("A"), { namespace: "root\\cimv2\\sub" }), "Created A")
  })

  it("IP-8: a name that a partial update does not list is ignored, even when it occurs twice", () => {
    const snapshot = Snapshot.of(
      cls("M", { Id: key("uint32"), N: Property.make("uint8") }),
      Instance.make("M", { Id: 1 })
    )
    const partly = (values: Readonly<Record<string, Instance.Input>>): string =>
      status(snapshot, Instance.make("M", values), {
        mode: "UpdateOnly",
        context: { __PUT_EXTENSIONS: true, __PUT_EXT_PROPERTIES: ["id"] }
      })
    assert.strictEqual(partly({ ID: 1, n: 1, N: 2, Z: 1, z: 1 }), "Unchanged M.Id=1")
    assert.strictEqual(partly({ ID: 1, Id: 1 }), "InvalidParameter")
  })

  it("IV-13: a property of an instance does not override a fixed qualifier of the class", () => {
    const snapshot = Snapshot.of(
      cls("M", { Id: key("uint32", { qualifiers: [Qualifier.make("Mark", "a", { flavor: 0x11 })] }) })
    )
    const made = (value: string, name = "Id") =>
      status(snapshot, Instance.make("M", { Id: 1 }, { propertyQualifiers: { [name]: { Mark: value } } }))
    assert.deepStrictEqual([made("b"), made("b", "ID"), made("a")], [
      "OverrideNotAllowed",
      "OverrideNotAllowed",
      "Created M.Id=1"
    ])
  })

  it("no qualifiers on a property equal an empty list of them", () => {
    const snapshot = Snapshot.of(cls("M", { Id: key("uint32") }), Instance.make("M", { Id: 1 }))
    const again = (propertyQualifiers: Readonly<Record<string, Qualifier.Input>>): string =>
      status(snapshot, Instance.make("M", { Id: 1 }, { propertyQualifiers }))
    assert.deepStrictEqual([again({}), again({ Id: [] }), again({ Id: { Units: "m" } })], [
      "Unchanged M.Id=1",
      "Unchanged M.Id=1",
      "Updated M.Id=1"
    ])
  })

  it("qualifiers 7.3: amended text on a property of an instance is dropped under the flag", () => {
    const snapshot = Snapshot.of(cls("M", { Id: key("uint32") }))
    const object = Instance.make("M", { Id: 1 }, {
      propertyQualifiers: {
        Id: [Qualifier.make("Text", "a", { flavor: Qualifier.Flavor.Amended }), Qualifier.make("Units", "m")]
      }
    })
    const kept = (amended: boolean): ReadonlyArray<string> =>
      Snapshot.instances(after(snapshot, object, { amended }), Snapshot.defaultNamespace, "M")
        .flatMap(({ propertyQualifiers }) => propertyQualifiers!["Id"]!.map(({ name }) => name))
    assert.deepStrictEqual([kept(true), kept(false)], [["Units"], ["Text", "Units"]])
  })
})
