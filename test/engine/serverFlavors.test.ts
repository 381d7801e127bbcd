/** Flavours that the server adds to a class definition (`qualifiers` 2). */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import { withServerFlavors } from "../../src/engine/classes/serverFlavors.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as any from "../arbitraries.ts"

const q = (name: string, flavor: number, value: Qualifier.QualifierValue = true): Qualifier.Qualifier =>
  Qualifier.make(name, value, { flavor })

const flavors = (list: ReadonlyArray<Qualifier.Qualifier>): Record<string, number> =>
  Object.fromEntries(list.map(({ flavor, name }) => [name, flavor]))

describe("flavours that the server adds", () => {
  const written = ClassDefinition.make("A", {
    Id: Property.make("string", { qualifiers: [q("Key", 0), q("Read", 0)] }),
    N: Property.make("string", { qualifiers: [q("dynamic", 0), q("not_null", 0)] })
  }, {
    qualifiers: [q("SINGLETON", 0x01, false), q("association", 0x02), q("dynamic", 0x10), q("abstract", 0)],
    methods: {
      M: Method.make("void", [{ name: "p", type: "string", qualifiers: [q("IN", 0x13), q("Out", 3), q("Note", 3)] }], {
        qualifiers: [q("in", 3)]
      })
    }
  })
  const added = withServerFlavors(written)

  it("on a class: singleton and association have all three whatever their value, dynamic gains ToInstance", () =>
    assert.deepStrictEqual(flavors(added.qualifiers), {
      SINGLETON: 0x13,
      association: 0x13,
      dynamic: 0x11,
      abstract: 0
    }))

  it("on a property: only key", () =>
    assert.deepStrictEqual(added.properties.map(({ qualifiers }) => flavors(qualifiers)), [
      { key: 0x13, read: 0 },
      { dynamic: 0, not_null: 0 }
    ]))

  it("on a parameter: In and Out have none", () => {
    const [method] = added.methods
    assert.deepStrictEqual(flavors(method!.parameters[0]!.qualifiers), { IN: 0, Out: 0, Note: 3 })
    assert.deepStrictEqual(flavors(method!.qualifiers), { in: 3 })
  })

  it("are part of the stored class, and a repeated put is no change", () => {
    const put = (snapshot: Snapshot.Snapshot) =>
      Either.getOrThrow(
        PutEngine.decide(
          snapshot,
          any.validated([PutRequest.make(ClassDefinition.make("S", {}, { qualifiers: { singleton: true } }))])[0]!
        )
      )
    const first = put(Snapshot.empty())
    const after = Snapshot.apply(Snapshot.empty(), first.changes)
    const stored = Snapshot.resolvedClass(after, Snapshot.defaultNamespace, "S")!
    assert.deepStrictEqual(flavors(stored.definition.qualifiers), { singleton: 0x13 })
    assert.strictEqual(put(after).report.disposition, "Unchanged")
  })

  it("a definition that has them is returned as the same object", () =>
    FastCheck.assert(FastCheck.property(any.classDefinition, (definition) => {
      const once = withServerFlavors(definition)
      assert.strictEqual(withServerFlavors(once), once)
    })))
})
