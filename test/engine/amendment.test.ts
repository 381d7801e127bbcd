/** Localised text of classes: `qualifiers` 7 and `put-async` 11, over a memory store. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Locale from "../../src/model/Locale.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { PlainObject, WbemObject } from "../../src/model/WbemObject.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"

const amendedFlavor = Qualifier.Flavor.Amended | Qualifier.Flavor.ToSubclass
const text = (value: string) => ({ Description: { value, flavor: amendedFlavor } })

/** Text on the class, a property, a method and a parameter; two members have none. */
const disk = (word: string): ClassDefinition.ClassDefinition =>
  ClassDefinition.make("Demo_Disk", {
    Id: Property.key("string"),
    Size: Property.make("uint64", { qualifiers: { ...text(`${word} size`), Units: "Bytes" } })
  }, {
    qualifiers: { ...text(`${word} disk`), Version: "1" },
    methods: {
      Format: Method.make("uint32", [{ name: "Quick", type: "boolean", qualifiers: text(`${word} quick`) }, {
        name: "Label",
        type: "string"
      }], { qualifiers: text(`${word} format`) }),
      Check: Method.make("uint32")
    }
  })

const put = (object: PlainObject, options: PutRequest.Options = { amended: true }) =>
  PutAsync.put(PutRequest.make(object, options))

const inLocale = (locale: string) => Effect.provideService(CallContext.Locale, locale)

/** Every description of an object, by its carrier. */
const descriptions = (object: WbemObject): Readonly<Record<string, unknown>> => {
  if (object._tag === "Instance") return {}
  const carriers = [
    ["class", object],
    ...object.properties.map((p) => [p.name, p] as const),
    ...object.methods.flatMap((m) => [[m.name, m], ...m.parameters.map((p) => [`${m.name}.${p.name}`, p])] as const)
  ] as ReadonlyArray<readonly [string, { readonly qualifiers: ReadonlyArray<Qualifier.Qualifier> }]>
  return Object.fromEntries(
    carriers.flatMap(([name, { qualifiers }]) => {
      const found = Qualifier.find(qualifiers, "description")
      return found === undefined ? [] : [[name, found.value]]
    })
  )
}

const all = (word: string) => ({
  class: `${word} disk`,
  Size: `${word} size`,
  Format: `${word} format`,
  "Format.Quick": `${word} quick`
})

describe("a class put with UseAmendedQualifiers", () => {
  it.effect("stores the class without text, and the text in the namespace of the locale of the call", () =>
    Effect.gen(function* () {
      const report = yield* put(disk("a"))
      assert.strictEqual(report.disposition, "Created")
      assert.strictEqual(report.path.namespace, "root\\cimv2")
      const neutral = yield* Wmi.get("Demo_Disk")
      assert.deepStrictEqual(descriptions(neutral), {})
      assert.notProperty(neutral, "amended")
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk", { amended: true })), all("a"))
      const amendment = yield* Wmi.get("Demo_Disk", { namespace: "root\\cimv2\\ms_409" })
      assert.strictEqual(amendment._tag, "Class")
      if (amendment._tag !== "Class") return
      assert.deepStrictEqual(amendment.qualifiers.map(({ name, value }) => [name, value]), [
        ["Amendment", true],
        ["Locale", 0x409],
        ["Description", "a disk"]
      ])
      assert.deepStrictEqual(amendment.properties.map(({ name }) => name), ["Size"])
      assert.deepStrictEqual(amendment.properties[0]!.qualifiers.map(({ name }) => name), ["Description"])
      assert.deepStrictEqual(amendment.methods.map(({ name, parameters }) => [name, parameters.length]), [[
        "Format",
        2
      ]])
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("is Unchanged when repeated; other text alone is an update that does not change the neutral class", () =>
    Effect.gen(function* () {
      yield* put(disk("a"))
      const before = yield* Wmi.get("Demo_Disk")
      assert.strictEqual((yield* put(disk("a"))).disposition, "Unchanged")
      assert.strictEqual((yield* put(disk("b"))).disposition, "Updated")
      assert.strictEqual(yield* Wmi.get("Demo_Disk"), before)
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk", { amended: true })), all("b"))
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("keeps other text that is stored already", () =>
    Effect.gen(function* () {
      yield* put(disk("a"))
      const bare = disk("b")
      yield* put({ ...bare, properties: bare.properties.slice(0, 1), methods: [] }, { amended: true })
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk", { amended: true })), { class: "b disk" })
      yield* put({ ...disk("c"), qualifiers: [] })
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk", { amended: true })), {
        ...all("c"),
        class: "b disk"
      })
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("keeps each locale apart; a locale without text falls back to US English", () =>
    Effect.gen(function* () {
      yield* put(disk("english"))
      yield* put(disk("deutsch")).pipe(inLocale("de-DE"))
      const read = (amended: Wmi.ReadOptions["amended"]) =>
        Effect.map(Wmi.get("Demo_Disk", { amended }), (found) => descriptions(found)["class"])
      assert.strictEqual(yield* read("MS_407"), "deutsch disk")
      assert.strictEqual(yield* read(["ms_40c", "ms_407"]), "deutsch disk")
      assert.strictEqual(yield* read(["fr-FR"]), "english disk")
      assert.strictEqual(yield* read(true).pipe(inLocale("ms_407")), "deutsch disk")
      const listed = yield* Wmi.classes({ amended: "de-DE" })
      assert.deepStrictEqual(listed.map((one) => descriptions(one)["class"]), ["deutsch disk"])
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("a class that was read with text needs the flag (PA-91), and is then stored completely", () =>
    Effect.gen(function* () {
      yield* put(disk("a"))
      const read = yield* Wmi.get("Demo_Disk", { amended: true })
      assert.strictEqual((yield* Effect.flip(put(read, {}))).status, "AmendedObject")
      assert.strictEqual((yield* put(read)).disposition, "Unchanged")
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("without the flag a class with amended qualifiers is stored unchanged (PA-92)", () =>
    Effect.gen(function* () {
      yield* put(disk("a"), {})
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk")), all("a"))
      assert.deepStrictEqual(yield* Effect.map(Wmi.snapshot, Snapshot.namespaces), [
        "root",
        "root\\cimv2",
        "root\\default"
      ])
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("with AmendmentWrites false the text is only removed", () =>
    Effect.gen(function* () {
      yield* put(disk("a")).pipe(Effect.provideService(CallContext.AmendmentWrites, false))
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk", { amended: true })), {})
      assert.deepStrictEqual(yield* Effect.map(Wmi.snapshot, Snapshot.namespaces), [
        "root",
        "root\\cimv2",
        "root\\default"
      ])
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("in the namespace of a locale a class is stored as sent; one with its own Amendment has no instances", () =>
    Effect.gen(function* () {
      const namespace = "root\\cimv2\\ms_409"
      yield* put(Instance.make("__NAMESPACE", { Name: "ms_409" }), {})
      yield* put(disk("a"), { amended: true, namespace })
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk", { namespace })), all("a"))
      yield* put(Instance.make("Demo_Disk", { Id: "a" }), { namespace })
      const text = ClassDefinition.make("Demo_Text", { Id: Property.key("string") }, {
        qualifiers: { amendment: true }
      })
      yield* put(text, { namespace })
      yield* put(ClassDefinition.make("Demo_Kid", {}, { superclass: "Demo_Text" }), { namespace })
      yield* put(Instance.make("Demo_Kid", { Id: "a" }), { namespace })
      const refused = yield* Effect.flip(put(Instance.make("Demo_Text", { Id: "b" }), { namespace }))
      assert.strictEqual(refused.status, "InvalidOperation")
      yield* put(text, {})
      yield* put(Instance.make("Demo_Text", { Id: "b" }), {})
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("a refused put writes no text either", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(put({ ...disk("a"), superclass: "Missing" }))
      assert.strictEqual(refused.status, "NotFound")
      assert.deepStrictEqual(yield* Effect.map(Wmi.snapshot, Snapshot.namespaces), [
        "root",
        "root\\cimv2",
        "root\\default"
      ])
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("the Locale qualifier keeps its form, number or text, on both classes", () =>
    Effect.gen(function* () {
      for (const locale of ["MS_409", 1033]) {
        const given = {
          ...disk("a"),
          name: `Demo_${locale}`,
          qualifiers: [...disk("a").qualifiers, Qualifier.make("Locale", locale)]
        }
        yield* put(given)
        const neutral = yield* Wmi.get(given.name)
        assert.strictEqual(Qualifier.find(neutral.qualifiers, "locale")?.value, locale)
        const text = yield* Wmi.get(given.name, { namespace: "root\\cimv2\\ms_409" })
        assert.strictEqual(Qualifier.find(text.qualifiers, "locale")?.value, 0x409)
      }
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("text of members that the class does not have is left out", () =>
    Effect.gen(function* () {
      yield* put(disk("a"))
      const { methods: _, ...bare } = disk("a")
      yield* put({ ...bare, methods: [], properties: bare.properties.slice(0, 1) }, { amended: true })
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk", { amended: true })), { class: "a disk" })
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("each class has its own text: a subclass without text is read as stored, its parent is read with its text", () =>
    Effect.gen(function* () {
      yield* put(disk("a"))
      yield* put(ClassDefinition.make("Demo_Sub", {}, { superclass: "Demo_Disk" }))
      const [parent, sub] = yield* Wmi.classes({ amended: true })
      assert.deepStrictEqual([descriptions(parent!), descriptions(sub!)], [all("a"), {}])
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("amended qualifiers of an instance are removed", () =>
    Effect.gen(function* () {
      yield* put(disk("a"))
      yield* put(Instance.make("Demo_Disk", { Id: "a" }, { qualifiers: { ...text("an instance"), Mine: true } }))
      const { qualifiers } = yield* Wmi.get('Demo_Disk.Id="a"')
      assert.deepStrictEqual(qualifiers.map(({ name }) => name), ["Mine"])
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("an instance that was read with the text of its class or a superclass needs the flag too (PA-91)", () =>
    Effect.gen(function* () {
      yield* put(disk("a"))
      yield* put(ClassDefinition.make("Demo_Sub", {}, { superclass: "Demo_Disk" }))
      yield* put(ClassDefinition.make("Demo_Plain", { Id: Property.key("string") }))
      for (const [className, refused] of [["Demo_Disk", true], ["Demo_Sub", true], ["Demo_Plain", false]] as const) {
        yield* put(Instance.make(className, { Id: className }), {})
        const path = `${className}.Id="${className}"`
        const listed = yield* Wmi.instancesOf(className, { amended: "ms_40c", deep: false })
        for (const read of [yield* Wmi.get(path, { amended: true }), ...listed]) {
          assert.strictEqual(read.amended, refused ? true : undefined)
          const answer = yield* Effect.either(put(read, {}))
          assert.strictEqual(
            answer._tag === "Left" ? answer.left.status : "stored",
            refused ? "AmendedObject" : "stored"
          )
          assert.strictEqual((yield* put(read)).disposition, "Unchanged")
        }
        assert.notProperty(yield* Wmi.get(path), "amended")
        for (const read of yield* Wmi.instancesOf(className)) assert.notProperty(read, "amended")
      }
      assert.strictEqual((yield* Effect.flip(Wmi.instancesOf("Demo_Disk", { amended: "?" }))).status, "InvalidLocale")
    }).pipe(Effect.provide(Wmi.layerMemory)))

  it.effect("deleting a class keeps its text: MOF files delete and redeclare classes, and their MFL file is put once", () =>
    Effect.gen(function* () {
      const namespace = "root\\cimv2\\ms_409"
      yield* put(disk("a"))
      const text = yield* Wmi.get("Demo_Disk", { namespace })
      yield* Wmi.delete("Demo_Disk")
      assert.strictEqual(yield* Wmi.get("Demo_Disk", { namespace }), text)
      yield* put(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }), {})
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk", { amended: true })), { class: "a disk" })
      yield* Wmi.delete("Demo_Disk", { namespace })
      assert.deepStrictEqual(descriptions(yield* Wmi.get("Demo_Disk", { amended: true })), {})
    }).pipe(Effect.provide(Wmi.layerMemory)))

  for (
    const [locale, status] of [
      ["", "InvalidLocale"],
      ["ms_", "InvalidLocale"],
      ["ms_xyz", "InvalidLocale"],
      [
        "ms_0",
        "UnsupportedLocale"
      ],
      ["ms_3ff", "UnsupportedLocale"],
      ["xx-XX", "UnsupportedLocale"],
      ["ms_fffffff9", "UnsupportedLocale"]
    ] as const
  ) {
    it.effect(`an invalid locale: ${JSON.stringify(locale)} is ${status}, and nothing is written`, () =>
      Effect.gen(function* () {
        const before = Snapshot.entries(yield* Wmi.snapshot)
        assert.strictEqual((yield* Effect.flip(put(disk("a")).pipe(inLocale(locale)))).status, status)
        assert.strictEqual((yield* Effect.flip(Wmi.get("Demo_Disk", { amended: locale }))).status, status)
        assert.deepStrictEqual(Snapshot.entries(yield* Wmi.snapshot), before)
      }).pipe(Effect.provide(Wmi.layerMemory)))
  }
})

describe("locales", () => {
  for (
    const [written, lcid] of [["ms_409", 0x409], ["MS_0x409", 0x409], ["en-us", 0x409], ["ms_2c0a", 0x2c0a]] as const
  ) {
    it(`${written} is ${lcid}`, () => assert.strictEqual(Locale.lcid(written), lcid))
  }
})
