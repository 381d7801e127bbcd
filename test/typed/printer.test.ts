/** The module of the classes of a MOF file: its text, its types by the compiler, and its classes at run time. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import type { ClassDefinition } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as WmiClass from "../../src/typed/WmiClass.ts"
import { isWhole } from "../scale.ts"
import { compile, load, type Module, remove, root, write } from "./modules.ts"

const definitions = (mof: string | Uint8Array): ReadonlyArray<ClassDefinition> => {
  const { errors, items } = Mof.parse(mof)
  assert.deepStrictEqual(errors, [])
  return items.flatMap((item) => item._tag === "Class" ? [item.definition] : [])
}

const mof = `
[Description("A * thing */ with @tags,\\nin two lines")]
class Demo_Thing {
  [Key, Description("the id")] string Id;
  [Units("Bytes")] uint64 Size = 5;
  string class;
  [ValueMap{"0", "1"}, Values{"Off", "On"}] uint16 State = 1;
  boolean Flags[] = {TRUE, FALSE};
  datetime At;
  [not_null: ToInstance ToSubclass DisableOverride] sint8 Small = -1;
};
class Demo_Box : Demo_Thing {
  demo_thing ref Other;
  Demo_Box Inner;
  [Deprecated{"Demo_Box.Other"}] real32 R = 1.5;
  [Description("opens")] uint32 Open([In] string How, [Out] uint8 Left);
};
class Demo_Alarm : __ExtrinsicEvent { string Text; };
[singleton] class Demo_Settings { char16 Letter; };
class interface { [Key] string Id; };
class Größe { [Key] uint32 Höhe; };
class Demo×Two { [Key] uint32 A×B; };
class Demo_Far : Demo_Missing { string X; };
`

/**
 * The parts of a definition as text. A module writes `key` and `abstract` first, `key` also on a redeclaration that is a key without
 * it, and the names of classes in the spelling of the class. So qualifiers are in order here, `key` is left out of redeclarations, and
 * names are in lower case.
 */
const plain = ({ methods, name, properties, qualifiers, superclass }: ClassDefinition): string =>
  JSON.stringify({ name, superclass, qualifiers, properties, methods }, (key, value: unknown) => {
    if (key === "qualifiers") {
      const list = value as ClassDefinition["qualifiers"]
      return list.map((one) => ({ ...one, name: one.name.toLowerCase() })).sort((a, b) => a.name < b.name ? -1 : 1)
        .filter((one) => one.name !== "key" || !list.some((other) => other.name === "Override"))
    }
    if (typeof value === "bigint") return `${value}n`
    return key === "className" && typeof value === "string" ? value.toLowerCase() : value
  })

/** The names of the classes whose definitions are not those of the file. */
const others = (
  module: Module,
  { names }: WmiClass.Printed,
  all: ReadonlyArray<ClassDefinition>
): ReadonlyArray<string> =>
  all.filter((one) => plain(module[names.get(one.name.toLowerCase())!].definition) !== plain(one))
    .map(({ name }) => name)

describe("the module of the classes of a MOF file", () => {
  const { names, notes, text } = WmiClass.print(definitions(mof))

  it("has the fields with their documentation", () => {
    assert.include(
      text,
      `/**
 * A * thing *\\/ with \\@tags,
 * in two lines
 */
export class Demo_Thing extends WmiClass.Class<Demo_Thing>()("Demo_Thing", {
  /** the id */
  Id: WmiClass.key(WmiClass.string),
  /** Unit: Bytes. */
  Size: WmiClass.withDefault(WmiClass.uint64, 5n),
  class: WmiClass.string,
  /**
   * - 0: Off
   * - 1: On
   */
  State: WmiClass.withDefault(WmiClass.uint16, 1),
  Flags: WmiClass.withDefault(WmiClass.array(WmiClass.boolean), [true, false]),
  At: WmiClass.datetimeText,
  Small: WmiClass.withDefault(WmiClass.notNull(WmiClass.sint8), -1),
}) {}
`
    )
  })

  it("has subclasses, references in the spelling of the class, embedded objects", () => {
    assert.include(
      text,
      `export class Demo_Box extends Demo_Thing.extend<Demo_Box>()("Demo_Box", {
  Other: WmiClass.reference("Demo_Thing"),
  Inner: WmiClass.embedded("Demo_Box", (): WmiClass.Of<Demo_Box> => Demo_Box),
  /** @deprecated Demo_Box.Other */
  R: WmiClass.withDefault(WmiClass.real32, 1.5),
}) {}
`
    )
  })

  it("has the system classes above, and names that are identifiers and no words of the language", () => {
    assert.deepStrictEqual([...names.values()], [
      "__SystemClass",
      "__IndicationRelated",
      "__Event",
      "__ExtrinsicEvent",
      "Demo_Thing",
      "Demo_Box",
      "Demo_Alarm",
      "Demo_Settings",
      "interface_",
      "Größe",
      "Demoud7Two",
      "Demo_Far"
    ])
    assert.include(text, 'export class interface_ extends WmiClass.Class<interface_>()("interface", {')
    assert.include(text, '  "A×B": WmiClass.key(WmiClass.uint32),')
    assert.include(text, 'export class Demo_Far extends WmiClass.Class<Demo_Far>()("Demo_Far", {')
    assert.deepStrictEqual(notes, [
      "Demo_Far: the properties of its superclass Demo_Missing are not typed, because Demo_Missing is not among the classes"
    ])
  })

  it("has a namespace on the topmost classes, and the module of WmiClass", () => {
    const printed = WmiClass.print(definitions(mof), { namespace: "root\\demo", from: "npm:effect-wmi/WmiClass" })
    assert.match(printed.text, /^import \* as WmiClass from "npm:effect-wmi\/WmiClass"$/m)
    assert.match(
      printed.text,
      /"Demo_Settings", \{\n {2}Letter: WmiClass.char16,\n\}, \{ namespace: "root\\\\demo", singleton: true \}/
    )
  })

  it("superclasses come first, whatever the order of the definitions", () => {
    const reversed = WmiClass.print([...definitions(mof)].reverse()).text
    assert.isBelow(reversed.indexOf("class Demo_Thing "), reversed.indexOf("class Demo_Box "))
  })

  it("only: the named classes and those above", () => {
    const { names } = WmiClass.print(definitions(mof), { only: ["demo_box"] })
    assert.deepStrictEqual([...names.values()], ["Demo_Thing", "Demo_Box"])
    assert.throws(
      () => WmiClass.print(definitions(mof), { only: ["Demo_Bx"] }),
      RangeError,
      "no class is named Demo_Bx"
    )
  })

  it("a class that WMI refuses is written with checked: false, and a note says why", () => {
    const { notes, text } = WmiClass.print(definitions("class A { [Key] string Id; }; [abstract] class B : A { };"))
    assert.include(text, "checked: false")
    assert.match(notes[0]!, /^B: a put refuses the class: CannotBeAbstract .*\[CS-15\]$/)
  })

  it("a text of the file does not become the tag @deprecated", () => {
    const { text } = WmiClass.print(definitions('[Description("see @deprecated ones")] class A { [Key] string Id; };'))
    assert.include(text, "/** see \\@deprecated ones */")
  })

  it("classes that are their own superclasses, and an empty module name, are refused", () => {
    const circle = definitions("class A : B { }; class B : C { }; class C : A { };")
    assert.throws(() => WmiClass.print(circle), RangeError, "the superclasses of A lead back to A")
    assert.throws(() => WmiClass.print([], { from: "" }), RangeError, "the module of WmiClass has an empty name")
  })

  it("a control character of the file does not reach the text", () => {
    const { text } = WmiClass.print(definitions('[Description("a\\x1bb")] class A { [Key] string Id = "c\\x1b"; };'))
    assert.notInclude(text, "\x1b")
  })
})

// The compiler and esbuild give the same result whichever runtime starts them, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("the module, compiled", () => {
  afterAll(() => ["some", "dmtf", "full"].forEach(remove))

  describe("of some classes", () => {
    let at: string
    let module: Module
    const all = definitions(mof)
    const printed = WmiClass.print(all, { full: true })
    beforeAll(async () => {
      at = write("some", {
        "classes.mts": printed.text,
        "use.mts": `
import { Demo_Box, Demo_Thing } from "./classes.mjs"
export const box = new Demo_Box({ Id: "b", Size: 7n, Other: Demo_Thing.path({ Id: "t" }) })
export const size: bigint | null = box.Size
// @ts-expect-error a misspelt property
void box.Siz
// @ts-expect-error a misspelt property
void new Demo_Box({ Id: "b", Othr: null })
// @ts-expect-error another type
void new Demo_Box({ Id: "b", State: "On" })
`
      })
      module = await load(at, "classes")
    }, 60_000)

    it("has no type error; a misspelt property has one", () => assert.strictEqual(compile(at), ""), 60_000)

    it("full: the definitions are those of the file", () => {
      assert.deepStrictEqual(others(module, printed, all), [])
    })

    it("instances are made with the defaults of the file, and a class holds instances of itself", () => {
      const { Demo_Box } = module
      const { Flags, Size, Small } = new Demo_Box({ Id: "b" })
      assert.deepStrictEqual([Flags, Size, Small], [[true, false], 5n, -1])
      const request = Demo_Box.request(new Demo_Box({ Id: "b", Inner: new Demo_Box({ Id: "c" }) }))
      assert.strictEqual(request.object.values.Inner.values.Id, "c")
    })
  })

  // The compiler takes half a minute for it, so it runs with TEST_SCALE=1, as CI does on Node.
  describe.runIf(isWhole)("of the DMTF schema", () => {
    let at: string
    let all: ReadonlyArray<ClassDefinition>
    let printed: WmiClass.Printed
    beforeAll(() => {
      all = definitions(gunzipSync(readFileSync(join(root, "bench/data/cim_schema_2.49.0.mof.gz"))))
      printed = WmiClass.print(all)
      at = write("dmtf", {
        "classes.mts": printed.text,
        "use.mts": `
import { CIM_ComputerSystem, CIM_System, CIM_SystemComponent, CIM_UnitaryComputerSystem } from "./classes.mjs"
const system = new CIM_ComputerSystem({ CreationClassName: "CIM_ComputerSystem", Name: "a" })
export const name: string = system.Name
export const above: CIM_System = system
export const path = CIM_SystemComponent.path({ GroupComponent: CIM_ComputerSystem.path(system), PartComponent: CIM_ComputerSystem.path(system) })
export const deep: string | null = new CIM_UnitaryComputerSystem({ CreationClassName: "x", Name: "b" }).Caption
// @ts-expect-error a misspelt property
void system.Nme
// @ts-expect-error a misspelt property
void new CIM_ComputerSystem({ CreationClassName: "CIM_ComputerSystem", Nme: "a" })
`
      })
    }, 120_000)

    it("has 1631 types, and no type error; a misspelt property has one", () => {
      assert.strictEqual(printed.names.size, 1631)
      assert.strictEqual(compile(at), "")
    }, 120_000)

    it("a put refuses one class of its own accord, and a note says so", () => {
      assert.lengthOf(printed.notes, 1)
      assert.match(printed.notes[0]!, /^CIM_PolicyInSystem: a put refuses the class: CannotBeAbstract/)
    })

    it("full: its definitions are those of the schema", async () => {
      const full = WmiClass.print(all, { full: true })
      const module = await load(write("full", { "classes.mts": full.text }), "classes")
      assert.lengthOf(Object.keys(module), 1631)
      assert.deepStrictEqual(others(module, full, all), [])
    }, 120_000)
  })
})
