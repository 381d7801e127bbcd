/** `object-model` 10, row by row. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as SystemProperties from "../../src/engine/classes/SystemProperties.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as Wmi from "../../src/Wmi.ts"

const five = Object.fromEntries(["A", "B", "C", "D"].map((name) => [name, Property.make("string")]))
const Root = ClassDefinition.make("Demo_Root", { Id: Property.key("string"), ...five })
const Middle = ClassDefinition.make("Demo_Middle", { Own: Property.make("uint32") }, { superclass: "Demo_Root" })
const Leaf = ClassDefinition.make("Demo_Leaf", { a: Property.make("string") }, { superclass: "demo_middle" })
const Only = ClassDefinition.make("Demo_Only", { N: Property.make("uint32") }, { qualifiers: { singleton: true } })
const Bare = ClassDefinition.make("Demo_Bare", { N: Property.make("uint32") })
const snapshot = Snapshot.of(Root, Middle, Leaf, Only, Bare)

interface Row {
  readonly name: string
  readonly object: WbemObject
  readonly says: Partial<SystemProperties.SystemProperties>
}

const rows: ReadonlyArray<Row> = [
  {
    name: "a root class",
    object: Root,
    says: {
      __GENUS: 1,
      __CLASS: "Demo_Root",
      __SUPERCLASS: null,
      __DYNASTY: "Demo_Root",
      __DERIVATION: [],
      __PROPERTY_COUNT: 5,
      __RELPATH: "Demo_Root",
      __NAMESPACE: "ROOT\\CIMv2",
      __SERVER: "HOST",
      __PATH: "\\\\HOST\\ROOT\\CIMv2:Demo_Root"
    }
  },
  {
    name: "a derived class: 5 inherited properties and 1 of its own",
    object: Middle,
    says: { __SUPERCLASS: "Demo_Root", __DYNASTY: "Demo_Root", __DERIVATION: ["Demo_Root"], __PROPERTY_COUNT: 6 }
  },
  {
    name: "a redeclared property counts once; the parent comes first",
    object: Leaf,
    says: { __SUPERCLASS: "Demo_Middle", __DERIVATION: ["Demo_Middle", "Demo_Root"], __PROPERTY_COUNT: 6 }
  },
  {
    name: "a class that is not stored",
    object: ClassDefinition.make("Demo_New", { X: Property.make("uint8") }, { superclass: "Demo_Leaf" }),
    says: { __CLASS: "Demo_New", __DYNASTY: "Demo_Root", __PROPERTY_COUNT: 7, __RELPATH: "Demo_New" }
  },
  {
    name: "a class without a name",
    object: ClassDefinition.make("", {}),
    says: { __CLASS: null, __DYNASTY: null, __RELPATH: null, __PATH: null, __PROPERTY_COUNT: 0 }
  },
  {
    name: "an instance, in the spelling of its class",
    object: Instance.make("demo_leaf", { id: 'a"b' }),
    says: {
      __GENUS: 2,
      __CLASS: "Demo_Leaf",
      __SUPERCLASS: "Demo_Middle",
      __DYNASTY: "Demo_Root",
      __DERIVATION: ["Demo_Middle", "Demo_Root"],
      __PROPERTY_COUNT: 6,
      __RELPATH: 'Demo_Leaf.Id="a\\"b"',
      __PATH: '\\\\HOST\\ROOT\\CIMv2:Demo_Leaf.Id="a\\"b"'
    }
  },
  {
    name: "an instance whose key is NULL",
    object: Instance.make("Demo_Root", { A: "x" }),
    says: { __RELPATH: null, __PATH: null, __PROPERTY_COUNT: 5 }
  },
  {
    name: "a singleton",
    object: Instance.make("Demo_Only", {}),
    says: { __RELPATH: "Demo_Only=@", __PATH: "\\\\HOST\\ROOT\\CIMv2:Demo_Only=@" }
  },
  {
    name: "an instance of a class without a key",
    object: Instance.make("Demo_Bare", { N: 1 }),
    says: { __RELPATH: null }
  },
  {
    name: "an instance of a class that is not there",
    object: Instance.make("Demo_Missing", { N: 1 }),
    says: { __CLASS: "Demo_Missing", __SUPERCLASS: null, __DERIVATION: [], __PATH: null, __PROPERTY_COUNT: 1 }
  },
  {
    name: "a namespace",
    object: Instance.make("__namespace", { Name: "test" }),
    says: { __CLASS: "__NAMESPACE", __RELPATH: '__NAMESPACE.Name="test"' }
  }
]

describe("system properties of", () => {
  for (const { name, object, says } of rows) {
    it(name, () => {
      const got = SystemProperties.of(snapshot, object, { server: "HOST", namespace: "root\\CIMv2" })
      const of = (property: string): unknown => Object.entries(got).find(([other]) => other === property)?.[1]
      assert.deepStrictEqual(Object.fromEntries(Object.keys(says).map((property) => [property, of(property)])), says)
    })
  }
})

it.effect("Wmi.systemProperties uses the server and the namespace of the call", () =>
  Effect.gen(function* () {
    const found = yield* Wmi.systemProperties(yield* Wmi.get("Demo_Middle"))
    assert.strictEqual(found.__PATH, "\\\\HERE\\ROOT\\cimv2:Demo_Middle")
    assert.deepStrictEqual(Object.keys(found), [
      "__GENUS",
      "__CLASS",
      "__SUPERCLASS",
      "__DYNASTY",
      "__RELPATH",
      "__PROPERTY_COUNT",
      "__DERIVATION",
      "__SERVER",
      "__NAMESPACE",
      "__PATH"
    ])
  }).pipe(Effect.provideService(CallContext.Server, "HERE"), Effect.provide(Wmi.layerMemoryFrom(snapshot))))
