/** Qualifiers in the repository (`qualifiers` 1 to 6): a test for each statement that has no case of its own. */
import * as Either from "effect/Either"
import { assert, describe, it } from "vitest"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as any from "../arbitraries.ts"

const cls = ClassDefinition.make
const { DisableOverride, ToInstance, ToSubclass } = Qualifier.Flavor
const q = (name: string, flavor: number, value: boolean | string = true): Qualifier.Qualifier =>
  Qualifier.make(name, value, { flavor })

const status = (snapshot: Snapshot.Snapshot, object: WbemObject, options?: PutRequest.Options): string =>
  Either.match(PutEngine.decide(snapshot, any.validated([PutRequest.make(object, options)])[0]!), {
    onLeft: (error) => error.status,
    onRight: ({ report }) => report.disposition
  })

const resolvedClass = (name: string, ...classes: ReadonlyArray<ClassDefinition.ClassDefinition>) =>
  Snapshot.resolvedClass(Snapshot.of(...classes), Snapshot.defaultNamespace, name)!

const shown = (list: ReadonlyArray<Qualifier.Qualifier>): ReadonlyArray<readonly [string, unknown, number]> =>
  list.map(({ flavor, name, value }) => [name, value, flavor])

describe("flavours (qualifiers 2)", () => {
  it("without flavours a qualifier is overridable and not propagated to instances or subclasses; Key has 0x13", () =>
    assert.deepStrictEqual(shown(Qualifier.list({ Plain: "a", key: true })), [["Plain", "a", 0], ["key", true, 0x13]]))
})

describe("inheritance (qualifiers 3)", () => {
  const parent = cls("Parent", {
    Id: Property.key("string"),
    P: Property.make("string", { qualifiers: [q("Read", ToSubclass)] })
  }, {
    qualifiers: [q("Passes", ToSubclass, "a"), q("Stays", 0, "a"), q("ToInstances", ToInstance, "a")],
    methods: { M: Method.make("void", [{ name: "p", type: "string", qualifiers: [q("Note", ToSubclass)] }]) }
  })

  it("a qualifier with ToSubclass is inherited and marked as inherited, any other is not", () =>
    assert.deepStrictEqual(shown(resolvedClass("Kid", parent, cls("Kid", {}, { superclass: "Parent" })).qualifiers), [
      ["Passes", "a", ToSubclass | 0x20]
    ]))

  it("an own qualifier replaces the inherited one, with its own flavours", () => {
    const kid = cls("Kid", {}, { superclass: "Parent", qualifiers: [q("passes", 0, "b")] })
    const grandkid = cls("Grandkid", {}, { superclass: "Kid" })
    assert.deepStrictEqual(shown(resolvedClass("Kid", parent, kid).qualifiers), [["passes", "b", 0]])
    assert.deepStrictEqual(shown(resolvedClass("Grandkid", parent, kid, grandkid).qualifiers), [])
  })

  it("a fixed qualifier may be repeated with the same value, not with another", () => {
    const fixed = cls("Fixed", { Id: Property.key("string") }, {
      qualifiers: [q("Q", ToSubclass | DisableOverride, "a")]
    })
    const below = (value: string) =>
      cls("Kid", {}, { superclass: "Fixed", qualifiers: [q("Q", ToSubclass | DisableOverride, value)] })
    assert.deepStrictEqual([status(Snapshot.of(fixed), below("a")), status(Snapshot.of(fixed), below("b"))], [
      "Created",
      "UpdateOverrideNotAllowed"
    ])
  })

  it("inherited properties, keys and parameters keep their qualifiers; redeclared ones follow the same rules", () => {
    const kid = cls("Kid", { P: Property.make("string", { qualifiers: [q("Mine", 0)] }) }, { superclass: "Parent" })
    const of = (name: string, ...below: ReadonlyArray<ClassDefinition.ClassDefinition>) => {
      const at = resolvedClass(name, parent, ...below)
      return Object.fromEntries(at.properties.map((p) => [p.name, shown(p.qualifiers)]))
    }
    const inherited: readonly [string, unknown, number] = ["read", true, ToSubclass | 0x20]
    assert.deepStrictEqual(of("Other", cls("Other", {}, { superclass: "Parent" })), {
      Id: [["key", true, 0x13 | 0x20]],
      P: [inherited]
    })
    assert.deepStrictEqual(of("Kid", kid)["P"], [inherited, ["Mine", true, 0]])
    assert.deepStrictEqual(
      shown(resolvedClass("Kid", parent, kid).methods[0]!.parameters[0]!.qualifiers),
      [["Note", true, ToSubclass | 0x20]]
    )
  })

  it("a parameter inherits qualifiers with ToSubclass at every level; In, Out and ID stay as written", () => {
    const m = (...qualifiers: ReadonlyArray<Qualifier.Qualifier>) => ({
      methods: { M: Method.make("void", [{ name: "p", type: "string", qualifiers }]) }
    })
    const top = cls("Top", {}, m(q("IN", 0), q("ID", 0x11), q("Far", ToSubclass), q("Near", 0)))
    const mid = cls("Mid", {}, { superclass: "Top", ...m(q("Own", ToSubclass), q("Stays", 0)) })
    const low = cls("Low", {}, { superclass: "Mid" })
    const of = (name: string) => shown(resolvedClass(name, top, mid, low).methods[0]!.parameters[0]!.qualifiers)
    assert.deepStrictEqual(of("Mid"), [
      ["IN", true, 0],
      ["ID", true, 0x11],
      ["Far", true, ToSubclass | 0x20],
      ["Own", true, ToSubclass],
      ["Stays", true, 0]
    ])
    assert.deepStrictEqual(of("Low"), [
      ["IN", true, 0],
      ["ID", true, 0x11],
      ["Far", true, ToSubclass | 0x20],
      ["Own", true, ToSubclass | 0x20]
    ])
  })

  it("a fixed qualifier of a parameter is fixed two levels down", () => {
    const m = (value: string) => ({
      methods: {
        M: Method.make("void", [{
          name: "p",
          type: "string",
          qualifiers: [q("Unit", ToSubclass | DisableOverride, value)]
        }])
      }
    })
    const snapshot = Snapshot.of(cls("Top", {}, m("a")), cls("Mid", {}, { superclass: "Top" }))
    const below = (value: string) => status(snapshot, cls("Low", {}, { superclass: "Mid", ...m(value) }))
    assert.deepStrictEqual([below("a"), below("b")], ["Created", "UpdateOverrideNotAllowed"])
  })

  it("an own qualifier that repeats a fixed one stays in the definition and is in force again when the inherited one is removed (CX-2)", () => {
    const top = (qualifiers: ReadonlyArray<Qualifier.Qualifier>) =>
      cls("Top", { V: Property.make("string") }, { qualifiers })
    const kid = cls("Kid", {}, { superclass: "Top", qualifiers: [q("Q", 0, "a")] })
    const fixed = [q("Q", ToSubclass | DisableOverride, "a")]
    assert.deepStrictEqual(shown(resolvedClass("Kid", top(fixed), kid).qualifiers), [["Q", "a", 0x12 | 0x20]])
    assert.deepStrictEqual(shown(resolvedClass("Kid", top([]), kid).qualifiers), [["Q", "a", 0]])
  })

  it("qualifiers of a class do not apply to its properties", () => {
    const one = cls("One", { P: Property.make("string") }, { qualifiers: [q("Q", ToInstance | ToSubclass)] })
    assert.deepStrictEqual(resolvedClass("One", one).properties[0]!.qualifiers, [])
  })
})

describe("qualifiers that the repository enforces (qualifiers 4)", () => {
  const rows: ReadonlyArray<readonly [statement: string, object: WbemObject, wanted: string]> = [
    ["Key: TRUE whenever it is there, FALSE too", Instance.make("Falsely", { Id: 1 }), "Created"],
    ["Indexed implies not NULL", Instance.make("Indexed", { Id: 1, V: null }), "IllegalNull"],
    ["Not_Null", Instance.make("NotNull", { Id: 1, V: null }), "IllegalNull"],
    ["Indication alone is one", cls("Lamp", {}, { qualifiers: { indication: true } }), "Created"],
    [
      "an association with one reference is not refused: only a strict mode would",
      cls("Link", { One: Property.key("ref") }, { qualifiers: { association: true } }),
      "Created"
    ]
  ]
  const snapshot = Snapshot.of(
    cls("Falsely", { Id: Property.make("uint8", { qualifiers: { key: false } }) }),
    cls("Indexed", { Id: Property.key("uint8"), V: Property.make("string", { qualifiers: { indexed: true } }) }),
    cls("NotNull", { Id: Property.key("uint8"), V: Property.make("string", { qualifiers: { not_null: true } }) })
  )
  for (const [statement, object, wanted] of rows) {
    it(`${statement}: ${wanted}`, () => assert.strictEqual(status(snapshot, object), wanted))
  }

  it("DynProps, InstanceContext, ClassContext and PropertyContext are stored unchanged", () => {
    const context = { DynProps: true, ClassContext: "a", InstanceContext: "b" }
    const instance = Instance.make("NotNull", { Id: 1, V: "v" }, {
      qualifiers: context,
      propertyQualifiers: { V: { PropertyContext: "c" } }
    })
    const decided = PutEngine.decide(snapshot, any.validated([PutRequest.make(instance)])[0]!)
    const [change] = Either.getOrThrow(decided).changes
    assert.deepStrictEqual(change?._tag === "Write" && change.after, instance)
  })
})

describe("qualifiers that the repository does not enforce (qualifiers 5)", () => {
  it("CIM_Key makes no key", () => {
    const cim = cls("Cim", { Id: Property.make("uint8", { qualifiers: { CIM_Key: true } }) })
    assert.strictEqual(status(Snapshot.of(cim), Instance.make("Cim", { Id: 1 })), "NoKey")
  })
  it("Required, MaxLen, MinValue, ValueMap and Terminal refuse nothing", () => {
    const loose = cls("Loose", {
      Id: Property.key("string"),
      A: Property.make("string", { qualifiers: { Required: true, MaxLen: 1, ValueMap: ["x"] } }),
      B: Property.make("uint8", { qualifiers: { MinValue: 5, MaxValue: 6 } })
    }, { qualifiers: { Terminal: true } })
    const snapshot = Snapshot.of(loose)
    assert.strictEqual(status(snapshot, Instance.make("Loose", { Id: "long", A: null, B: 200 })), "Created")
    assert.strictEqual(status(snapshot, Instance.make("Loose", { Id: "long", A: "longer" })), "Created")
    assert.strictEqual(status(snapshot, cls("Below", {}, { superclass: "Loose" })), "Created")
  })
})

describe("changes of qualifiers of a class with subclasses (qualifiers 6)", () => {
  const important =
    "Key Indexed Not_Null Singleton Abstract Dynamic Provider Association Indication CIMTYPE ID In Out DynProps "
    + "ClassContext PropertyContext InstanceContext HasClassRefs ClassRef"
  const base = (qualifiers: ReadonlyArray<Qualifier.Qualifier>) =>
    cls("Base", { Id: Property.key("string"), V: Property.make("string", { qualifiers }) })
  const kid = cls("Kid", {}, { superclass: "Base" })
  const changed = (before: ReadonlyArray<Qualifier.Qualifier>, after: ReadonlyArray<Qualifier.Qualifier>) =>
    status(Snapshot.of(base(before), kid), base(after))

  for (const name of important.split(" ")) {
    it(`${name} is important: adding it, removing it, its value and its flavour`, () => {
      // Some of these are refused on a property; none of them is accepted as unimportant.
      const ways = [
        changed([], [q(name, 0)]),
        changed([q(name, 0)], []),
        changed([q(name, 0)], [q(name, 0, false)]),
        // The server sets the flavour of Key (`qualifiers` 2), so another flavour changes nothing.
        ...(name === "Key" ? [] : [changed([q(name, 0)], [q(name, ToSubclass)])])
      ]
      assert.notInclude(ways, "Updated")
      assert.notInclude(ways, "Unchanged")
    })
  }

  for (const name of ["Description", "Units", "Read", "Write", "MaxLen", "ValueMap", "Override", "Mine"]) {
    it(`${name} is unimportant`, () =>
      assert.deepStrictEqual([
        changed([], [q(name, 0)]),
        changed([q(name, 0)], []),
        changed([q(name, 0)], [q(name, 0, false)]),
        changed([q(name, 0)], [q(name, ToSubclass)])
      ], ["Updated", "Updated", "Updated", "Updated"]))
  }
})
