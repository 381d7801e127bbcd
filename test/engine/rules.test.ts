/** Rules that no public case covers: one row each, with the id of the rule. */
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

const decide = (snapshot: Snapshot.Snapshot, object: WbemObject, options?: PutRequest.Options) =>
  PutEngine.decide(snapshot, any.validated([PutRequest.make(object, options)])[0]!)

const status = (snapshot: Snapshot.Snapshot, object: WbemObject, options?: PutRequest.Options): string =>
  Either.match(decide(snapshot, object, options), {
    onLeft: (error) => error.status,
    onRight: ({ report }) => report.disposition
  })

const cls = ClassDefinition.make
const key = Property.key
const of = (name: string, value: Qualifier.QualifierValue, type: Qualifier.QualifierType): Qualifier.Qualifier =>
  Qualifier.make(name, value, { type })
const fixed = { flavor: Qualifier.Flavor.ToSubclass | Qualifier.Flavor.DisableOverride }
const wide = "w".repeat(256)
const parameters = (...list: ReadonlyArray<Method.ParameterInput>) => ({ methods: { M: Method.make("void", list) } })

describe("structure of a class", () => {
  const empty = Snapshot.empty()
  const rows: ReadonlyArray<readonly [rule: string, object: ClassDefinition.ClassDefinition, status: string]> = [
    ["CS-1 length", cls("A", {}, { qualifiers: { [`q${"x".repeat(255)}`]: true } }), "QualifierNameTooWide"],
    [
      "CS-1 on a parameter",
      cls("A", {}, parameters({ name: "p", type: "string", qualifiers: { _q: true } })),
      "InvalidParameter"
    ],
    [
      "CX-7 qualifier twice",
      cls("A", {}, { qualifiers: [Qualifier.make("Q"), Qualifier.make("q")] }),
      "InvalidParameter"
    ],
    ["CS-2 mixed array", cls("A", {}, { qualifiers: { Q: [1, "a"] as never } }), "InvalidQualifierType"],
    ["CS-2 text as a number", cls("A", {}, { qualifiers: [of("Q", "a", "sint32")] }), "InvalidQualifierType"],
    ["CS-2 beyond 32 bits", cls("A", {}, { qualifiers: [of("Q", 2 ** 31, "sint32")] }), "InvalidQualifierType"],
    [
      "CS-2 an integer beyond 32 bits without a type",
      cls("A", {}, { qualifiers: { Q: 2 ** 31 } }),
      "InvalidQualifierType"
    ],
    ["CS-2 the same in a list", cls("A", {}, { qualifiers: { Q: [1, -(2 ** 31) - 1] } }), "InvalidQualifierType"],
    ["CS-2 a real beyond 32 bits", cls("A", {}, { qualifiers: [of("Q", 2 ** 31, "real64")] }), "Created"],
    ["CS-2 in a list", cls("A", {}, { qualifiers: [of("Q", [true], "string")] }), "InvalidQualifierType"],
    ["CS-2 no type", cls("A", {}, { qualifiers: [of("Q", 1, "uint8" as never)] }), "InvalidQualifierType"],
    ["CS-2 an empty array", cls("A", {}, { qualifiers: { ValueMap: [] } }), "Created"],
    ["CS-6 letters beyond ASCII", cls("\u00c9t\u00e9", { "\ue001x": Property.make("string") }), "Created"],
    ["CS-6 half of a surrogate pair", cls("A", { "p\ud800": Property.make("string") }), "InvalidParameter"],
    [
      "CS-6 a parameter with an underscore in front",
      cls("A", {}, parameters({ name: "_p", type: "string" })),
      "InvalidParameter"
    ],
    ["CS-6 length", cls("A", { [`p${"x".repeat(255)}`]: Property.make("string") }), "PropertyNameTooWide"],
    [
      "CS-6 method length",
      cls("A", {}, { methods: { [`m${"x".repeat(255)}`]: Method.make("void") } }),
      "MethodNameTooWide"
    ],
    ["CX-7 property twice", cls("A", { p: Property.make("string"), P: Property.make("string") }), "InvalidParameter"],
    [
      "CX-7 parameter twice",
      cls("A", {}, parameters({ name: "p", type: "string" }, { name: "P", type: "string" })),
      "InvalidParameter"
    ],
    [
      "CS-20 in and out halves that differ",
      cls("A", {}, parameters({ name: "p", type: "string" }, { name: "p", type: "string", direction: "out" })),
      "InvalidDuplicateParameter"
    ],
    ["CS-20 gap", cls("A", {}, parameters({ name: "p", type: "string", id: 1 })), "NonConsecutiveParameterIds"],
    [
      "CS-20 an ID that is text",
      cls("A", {}, parameters({ name: "p", type: "string", id: 0, qualifiers: { ID: "x" } })),
      "InvalidParameterId"
    ],
    [
      "CS-20 an ID without a value",
      cls("A", {}, parameters({ name: "p", type: "string", id: 0, qualifiers: { ID: true } })),
      "InvalidParameterId"
    ],
    ["CS-20 negative", cls("A", {}, parameters({ name: "p", type: "string", id: -1 })), "InvalidParameterId"],
    [
      "CS-20 ID on the return value",
      cls("A", {}, { methods: { M: Method.make("uint32", [], { qualifiers: { ID: 0 } }) } }),
      "ParameterIdOnRetval"
    ],
    [
      "CS-20 an out parameter that is the return value, and has a place",
      cls("A", {}, parameters({ name: "returnvalue", type: "uint32", direction: "out" })),
      "ParameterIdOnRetval"
    ],
    [
      "CS-20 an in parameter of that name",
      cls("A", {}, parameters({ name: "ReturnValue", type: "uint32" })),
      "Created"
    ],
    [
      "CX-9 a doubled property before a long name",
      cls("A", { p: Property.make("string"), P: Property.make("string"), [wide]: Property.make("string") }),
      "InvalidParameter"
    ],
    [
      "CX-9 a long name before a doubled property",
      cls("A", { p: Property.make("string"), [wide]: Property.make("string"), P: Property.make("string") }),
      "PropertyNameTooWide"
    ],
    [
      "CX-9 a doubled method before a long name",
      cls("A", {}, { methods: { M: Method.make("void"), m: Method.make("void"), [wide]: Method.make("void") } }),
      "InvalidParameter"
    ],
    [
      "CX-9 a doubled parameter before the long name of the next method",
      cls("A", {}, {
        methods: {
          M: Method.make("void", [{ name: "p", type: "string" }, { name: "P", type: "string" }]),
          [wide]: Method.make("void")
        }
      }),
      "InvalidParameter"
    ],
    [
      "CX-9 a doubled qualifier before a long name",
      cls("A", {}, { qualifiers: [Qualifier.make("Q"), Qualifier.make("q"), Qualifier.make(wide)] }),
      "InvalidParameter"
    ],
    [
      "CX-1 a name of CS-1 on a property before a value of CS-2 on the class",
      cls("A", { p: Property.make("string", { qualifiers: { "1a": true } }) }, {
        qualifiers: { B: [1, "a"] as never }
      }),
      "InvalidParameter"
    ],
    [
      "CS-6 of a method before CS-7 of a property",
      cls("A", { p: Property.make("moon") }, { methods: { [wide]: Method.make("void") } }),
      "MethodNameTooWide"
    ],
    ["not there and its own superclass (rows 11, 12)", cls("New", {}, { superclass: "nEW" }), "CircularReference"],
    ["CS-20 unknown type", cls("A", {}, parameters({ name: "p", type: "int128" })), "InvalidCimType"],
    ["name of 4,097", cls("a".repeat(4097)), "QuotaViolation"],
    ["blank name", cls("  "), "IncompleteClass"],
    ["its own superclass", cls("A", {}, { superclass: "a" }), "CircularReference"],
    ["below a system class", cls("A", {}, { superclass: "__ExtrinsicEvent" }), "Created"],
    ["IX-7 a system class", cls("__NAMESPACE"), "InvalidOperation"]
  ]
  for (const [rule, object, wanted] of rows) {
    it(`${rule}: ${wanted}`, () => assert.strictEqual(status(empty, object), wanted))
  }

  it("CreateOnly is checked before the superclass and the structure (rows 9 to 13)", () => {
    const broken = cls("a", { _p: Property.make("string") }, { superclass: "Nowhere" })
    assert.strictEqual(status(Snapshot.of(cls("A")), broken, { mode: "CreateOnly" }), "AlreadyExists")
    assert.strictEqual(status(Snapshot.of(cls("A")), broken), "NotFound")
  })

  it("CX-6: another spelling is no difference and the stored spelling is kept", () => {
    const snapshot = Snapshot.of(cls("Disk", { Id: key("uint32") }))
    const decision = Either.getOrThrow(decide(snapshot, cls("DISK", { ID: key("uint32") })))
    assert.deepStrictEqual([decision.report.disposition, decision.report.path.className], ["Unchanged", "Disk"])
  })
})

describe("the report of a put", () => {
  it("PA-75: the report has the namespace in the spelling of the call, changes have the stored spelling", () => {
    const snapshot = Snapshot.of(cls("Disk", { Id: key("uint32") }))
    for (const object of [cls("New"), cls("disk", { Id: key("uint32") }), Instance.make("Disk", { Id: 1 })]) {
      const { changes, report } = Either.getOrThrow(decide(snapshot, object, { namespace: "ROOT/CimV2" }))
      assert.strictEqual(report.path.namespace, "ROOT\\CimV2")
      for (const { path } of changes) assert.strictEqual(path.namespace, "root\\cimv2")
    }
    const made = Either.getOrThrow(decide(snapshot, Instance.make("__NAMESPACE", { Name: "x" }), { namespace: "ROOT" }))
    assert.deepInclude(Snapshot.namespaces(Snapshot.apply(snapshot, made.changes)), "root\\x")
  })

  it("PA-83: the objects that a force update or an identity of another class deletes, in the spelling of the call", () => {
    const D = (more: Readonly<Record<string, Property.PropertySpec>>) => cls("D", { Id: key("uint32"), ...more })
    const two = Snapshot.of(D({}), Instance.make("D", { Id: 1 }), Instance.make("D", { Id: 2 }))
    const force = { update: "Force", namespace: "ROOT\\cimv2" } as const
    const taken = Either.getOrThrow(decide(two, D({ M: Property.make("uint32") }), force)).report
    assert.strictEqual(taken.deleted, 2)
    assert.deepStrictEqual(taken.removed?.map(({ namespace }) => namespace), ["ROOT\\cimv2", "ROOT\\cimv2"])
    const tree = Snapshot.of(
      D({}),
      cls("E", {}, { superclass: "D" }),
      cls("F", {}, { superclass: "D" }),
      Instance.make("E", { Id: 1 })
    )
    const moved = Either.getOrThrow(decide(tree, Instance.make("F", { Id: 1 }), { namespace: "ROOT\\cimv2" })).report
    assert.deepStrictEqual([moved.deleted, moved.removed?.map(({ className, namespace }) => [className, namespace])], [
      1,
      [["E", "ROOT\\cimv2"]]
    ])
    for (const object of [D({}), Instance.make("D", { Id: 1 })]) {
      const { deleted, removed } = Either.getOrThrow(decide(two, object)).report
      assert.deepStrictEqual([deleted, removed], [0, undefined])
    }
  })
})

describe("the stored form of a class", () => {
  const stored = (
    snapshot: Snapshot.Snapshot,
    object: ClassDefinition.ClassDefinition,
    options?: PutRequest.Options
  ) => {
    const { changes } = Either.getOrThrow(decide(snapshot, object, options))
    return Snapshot.resolvedClass(Snapshot.apply(snapshot, changes), "root\\cimv2", object.name)!
  }

  it("CX-5: a redeclaration without a default has NULL, a new property has no default", () => {
    const base = Snapshot.of(cls("Base", { Id: key("uint32"), A: Property.make("string", { value: "x" }) }))
    const below = (spec: Property.PropertySpec) => {
      const { definition, properties } = stored(base, cls("Kid", { A: spec }, { superclass: "Base" }))
      return [definition.properties[0]!.value, definition.properties[0]!.inheritsDefault, properties[1]!.value]
    }
    assert.deepStrictEqual(below(Property.make("string")), [null, undefined, null])
    assert.deepStrictEqual(below(Property.make("string", { value: null })), [null, undefined, null])
    assert.deepStrictEqual(below(Property.make("string", { inheritsDefault: true })), [undefined, true, "x"])
    for (const spec of [{ value: null }, { inheritsDefault: true }] as const) {
      const [, own] =
        stored(base, cls("New", { Id: key("uint32"), N: Property.make("string", spec) })).definition.properties
      assert.deepStrictEqual([own!.value, own!.inheritsDefault], [undefined, undefined])
    }
  })

  it("CX-5: a redeclaration that inherits its default has NULL after the inherited property was removed", () => {
    const snapshot = Snapshot.of(
      cls("Base", { Id: key("uint32"), A: Property.make("string", { value: "x" }) }),
      cls("Kid", { A: Property.make("string", { inheritsDefault: true }) }, { superclass: "Base" })
    )
    const { changes } = Either.getOrThrow(decide(snapshot, cls("Base", { Id: key("uint32") }), { update: "Safe" }))
    const kid = Snapshot.resolvedClass(Snapshot.apply(snapshot, changes), "root\\cimv2", "Kid")!
    assert.deepStrictEqual(kid.properties.map(({ name, value }) => [name, value ?? null]), [["Id", null], ["A", null]])
  })

  it("CX-6: the spelling of type words alone is no difference; with another difference the new spelling is stored", () => {
    const words = (type: string, more: Readonly<Record<string, Property.PropertySpec>> = {}) =>
      cls("W", { Id: key(type), ...more }, { methods: { M: Method.make(type, [{ name: "p", type }]) } })
    const snapshot = Snapshot.of(words("String"))
    assert.strictEqual(status(snapshot, words("STRING")), "Unchanged")
    const { definition } = stored(snapshot, words("STRING", { V: Property.make("uint8") }))
    const [method] = definition.methods
    assert.deepStrictEqual([definition.properties[0]!.word, method!.returnsWord, method!.parameters[0]!.word], [
      "STRING",
      "STRING",
      "STRING"
    ])
  })

  it("CX-17: defaults of parameters are stored in the form of their types", () => {
    const m = { M: Method.make("void", [{ name: "p", type: "uint64", value: "5" }]) }
    assert.strictEqual(stored(Snapshot.empty(), cls("A", {}, { methods: m })).methods[0]!.parameters[0]!.value, 5n)
  })
})

describe("updates without a difference (U-0)", () => {
  const used = (definition: ClassDefinition.ClassDefinition, ...more: ReadonlyArray<WbemObject>) =>
    Snapshot.of(...more, definition, Instance.make(definition.name, { Id: 1 }))
  const of = (spec: Property.PropertySpec, superclass?: string) =>
    cls(superclass === undefined ? "A" : "B", { Id: key("uint32"), N: spec }, { superclass })

  it("no default and NULL are the same, whatever is inherited (CX-5)", () => {
    const none = Property.make("string")
    const nothing = Property.make("string", { value: null })
    const some = Property.make("string", { value: "x" })
    const same = Property.make("string", { inheritsDefault: true })
    assert.strictEqual(status(used(of(none)), of(nothing)), "Unchanged")
    assert.strictEqual(status(used(of(nothing)), of(none)), "Unchanged")
    assert.strictEqual(status(used(of(none)), of(same)), "Unchanged")
    assert.strictEqual(status(used(of(none, "A"), of(none)), of(nothing, "A")), "Unchanged")
    assert.strictEqual(status(used(of(none, "A"), of(some)), of(nothing, "A")), "Unchanged")
    assert.strictEqual(status(used(of(nothing, "A"), of(some)), of(none, "A")), "Unchanged")
    assert.strictEqual(status(used(of(same, "A"), of(some)), of(same, "A")), "Unchanged")
    assert.strictEqual(status(used(of(same, "A"), of(some)), of(none, "A")), "ClassHasInstances")
    assert.strictEqual(status(used(of(none, "A"), of(some)), of(same, "A")), "ClassHasInstances")
    assert.strictEqual(status(used(of(same, "A"), of(none)), of(nothing, "A")), "ClassHasInstances")
    assert.strictEqual(status(used(of(none)), of(some)), "ClassHasInstances")
  })

  it("the spelling of names in an embedded default (CX-6)", () => {
    const inner = cls("Inner", { X: Property.make("uint8"), Y: Property.make("string") })
    const holding = (values: Readonly<Record<string, number | string>>) =>
      of(Property.make("object:Inner", { value: Instance.make("INNER", values) }))
    const snapshot = used(holding({ X: 1, Y: "a" }), inner)
    assert.strictEqual(status(snapshot, holding({ y: "a", x: 1 })), "Unchanged")
    assert.strictEqual(status(snapshot, holding({ y: "A", x: 1 })), "ClassHasInstances")
    assert.strictEqual(status(snapshot, holding({ x: 1, X: 1 })), "InvalidParameter")
  })
})

describe("class updates and subclasses", () => {
  const base = cls("Base", { Id: key("uint32"), A: Property.make("string") }, {
    qualifiers: [Qualifier.make("Units", "m", { flavor: 2 })]
  })

  it("CX-13: a violation that existed before is no conflict of the update", () => {
    const broken = cls("Kid", { A: Property.make("uint32") }, { superclass: "Base" })
    const snapshot = Snapshot.of(base, broken)
    assert.strictEqual(
      status(snapshot, cls("Base", { Id: key("uint32"), A: Property.make("string"), B: Property.make("string") }), {
        update: "Safe"
      }),
      "Updated"
    )
  })

  it("CX-11: conflicts are found down the class tree, force mode resolves them level by level; one class put is one class event", () => {
    const abstract = { qualifiers: { abstract: true } }
    const snapshot = Snapshot.of(
      cls("A", { Id: key("uint32") }, abstract),
      cls("B", {}, { ...abstract, superclass: "A" }),
      cls("C", {}, { ...abstract, superclass: "B" })
    )
    const concrete = cls("A", { Id: key("uint32") })
    assert.strictEqual(status(snapshot, concrete, { update: "Safe" }), "CannotBeAbstract")
    const decision = Either.getOrThrow(decide(snapshot, concrete, { update: "Force" }))
    assert.deepStrictEqual(decision.changes.map(({ path }) => path.className), ["B", "C", "A"])
    assert.deepStrictEqual(decision.events.map(({ _tag, path }) => [_tag, path.className]), [[
      "ClassModification",
      "A"
    ]])
  })

  it("CX-12: force mode never deletes the key of a descendant", () => {
    const snapshot = Snapshot.of(cls("P", { Id: key("uint32") }), cls("Q", { Id: key("uint32") }, { superclass: "P" }))
    const retyped = cls("P", { Id: key("string") })
    assert.strictEqual(status(snapshot, retyped, { update: "Safe" }), "UpdateTypeMismatch")
    assert.strictEqual(status(snapshot, retyped, { update: "Force" }), "CannotBeKey")
  })

  it("CX-2, CX-14: an unimportant qualifier that contradicts a child is a conflict; force also deletes own instances", () => {
    const kid = cls("Kid", {}, { superclass: "Base", qualifiers: { Units: "km" } })
    const snapshot = Snapshot.of(base, kid, Instance.make("Base", { Id: 1 }))
    const now = cls("Base", { Id: key("uint32"), A: Property.make("string") }, {
      qualifiers: [Qualifier.make("Units", "m", fixed)]
    })
    assert.strictEqual(status(Snapshot.of(base, kid), now, { update: "Safe" }), "UpdateOverrideNotAllowed")
    assert.strictEqual(status(Snapshot.of(base, kid), now), "ClassHasChildren")
    const decision = Either.getOrThrow(decide(snapshot, now, { update: "Force" }))
    assert.deepStrictEqual(decision.changes.map(({ _tag, path }) => `${_tag} ${path.className}`), [
      "Delete Base",
      "Write Kid",
      "Write Base"
    ])
  })
})

describe("values of instances", () => {
  it("a default is stored in the form of its type, and an instance that does not set the property has it", () => {
    const snapshot = Snapshot.of(
      cls("A", {
        Id: key("uint32"),
        Big: Property.make("uint64", { value: "5" }),
        R: Property.make("real32", { value: 0.1 })
      })
    )
    const { changes } = Either.getOrThrow(decide(snapshot, Instance.make("A", { Id: 1 })))
    const [stored] = Snapshot.instances(Snapshot.apply(snapshot, changes), "root\\cimv2", "A")
    assert.deepStrictEqual({ ...stored!.values }, { Id: 1, Big: 5n, R: Math.fround(0.1) })
  })

  const inner = cls("Inner", { Id: key("uint32"), Big: Property.make("uint64") })
  const outer = cls("Outer", {
    Id: key("uint32"),
    In: Property.make("object:Inner"),
    N: Property.make("uint8"),
    List: Property.make("object[]")
  })
  const world = Snapshot.of(
    inner,
    outer,
    cls("Other", { Id: key("uint32") }),
    cls("Abs", {}, { qualifiers: { abstract: true } })
  )
  const put = (values: Readonly<Record<string, Instance.Input>>) =>
    status(world, Instance.make("Outer", { Id: 1, ...values }))

  it("IX-1: the first property in the order of the object decides, embedded or not", () => {
    assert.strictEqual(put({ In: Instance.make("Other", {}), N: 300 }), "TypeMismatch")
    assert.strictEqual(put({ N: 300, In: Instance.make("Other", {}) }), "ValueOutOfRange")
  })

  const rows: ReadonlyArray<readonly [string, Readonly<Record<string, Instance.Input>>, string]> = [
    ["an instance of the class", { In: Instance.make("inner", { big: "7" }) }, "Created"],
    ["of another class", { In: Instance.make("Other", {}) }, "TypeMismatch"],
    ["of a class that is not there", { List: [Instance.make("None", {})] }, "TypeMismatch"],
    ["of an abstract class", { List: [Instance.make("Abs", {})] }, "Created"],
    ["with an undeclared property", { In: Instance.make("Inner", { Z: 1 }) }, "InvalidProperty"],
    ["with a value that does not fit", { In: Instance.make("Inner", { Id: -1 }) }, "ValueOutOfRange"],
    ["text", { In: "Inner" }, "TypeMismatch"]
  ]
  for (const [name, values, wanted] of rows) {
    it(`IV-10 embedded: ${name}: ${wanted}`, () => assert.strictEqual(put(values), wanted))
  }

  it("embedded values are stored in the form of their class", () => {
    const { changes } = Either.getOrThrow(
      decide(world, Instance.make("Outer", { Id: 1, In: Instance.make("inner", { big: "7" }) }))
    )
    const [change] = changes
    const stored = change?._tag === "Write" ? change.after : undefined
    const embedded = stored?._tag === "Instance" ? stored.values["In"] as Instance.Instance : undefined
    assert.deepStrictEqual([embedded?.className, { ...embedded?.values }], ["Inner", { Big: 7n }])
  })

  it("K-8: embedded 64 deep is allowed, 65 is not", () => {
    const nest = cls("Nest", { Id: key("uint32"), In: Property.make("object:Nest") })
    const deep = (n: number): Instance.Instance =>
      n === 0 ? Instance.make("Nest", { Id: 1 }) : Instance.make("Nest", { Id: 1, In: deep(n - 1) })
    assert.strictEqual(status(Snapshot.of(nest), deep(64)), "Created")
    assert.strictEqual(status(Snapshot.of(nest), deep(65)), "QuotaViolation")
  })

  it("IV-13: an instance overrides no fixed qualifier of its class", () => {
    const marked = cls("M", { Id: key("uint32") }, {
      qualifiers: [Qualifier.make("Mark", "a", { flavor: 0x11 }), Qualifier.make("Free", "a", { flavor: 0x01 })]
    })
    const made = (qualifiers: Qualifier.Input) =>
      status(Snapshot.of(marked), Instance.make("M", { Id: 1 }, { qualifiers }))
    assert.deepStrictEqual([made({ Mark: "b" }), made({ Mark: "a" }), made({ Free: "b" })], [
      "OverrideNotAllowed",
      "Created",
      "Created"
    ])
  })
})
