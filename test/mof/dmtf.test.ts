/** The DMTF CIM schema as real input: put through the pipeline and read back completely. */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"
import { withServerFlavors } from "../../src/engine/classes/serverFlavors.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import { classWith } from "../../src/model/effectValue.ts"
import type { ClassDefinition } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { PutOutcome } from "../../src/protocol/PutOutcome.ts"
import * as Wmi from "../../src/Wmi.ts"

const data = (file: string): Uint8Array => readFileSync(new URL(`../../bench/data/${file}`, import.meta.url))
const namespace = "root\\cimv2"
const schema = Mof.parse(gunzipSync(data("cim_schema_2.49.0.mof.gz")), { file: "cim.mof", namespace })
const definitions = schema.items.flatMap((item) => item._tag === "Class" ? [item.definition] : [])
const byName = new Map(definitions.map((one) => [one.name, one]))
const instances = Mof.parse(data("demo-instances.mof"), {
  file: "demo.mof",
  namespace,
  classOf: (name) => byName.get(name)
})

/** Without defaults of NULL: a put stores NULL for a redeclaration that writes no default (CX-5). */
const plain = (one: ClassDefinition): ClassDefinition =>
  classWith(one, {
    properties: one.properties.map((property) => ({ ...property, value: property.value ?? undefined }))
  })

const sum = <A>(list: ReadonlyArray<A>, of: (a: A) => number): number => list.reduce((n, one) => n + of(one), 0)

const qualifierUses = (one: ClassDefinition): number =>
  one.qualifiers.length
  + sum(one.properties, (p) => p.qualifiers.length)
  + sum(one.methods, (m) => m.qualifiers.length + sum(m.parameters, (p) => p.qualifiers.length))

const load = Effect.gen(function* () {
  const operations = [...Mof.operations(schema), ...Mof.operations(instances)]
  const requests = operations.flatMap((operation) => operation._tag === "Put" ? [operation.request] : [])
  const outcomes = [...yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))]
  const again = [...yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))]
  return { outcomes, again, classes: yield* Wmi.classes(), snapshot: yield* Wmi.snapshot }
})
const { again, classes, outcomes, snapshot } = Effect.runSync(Effect.provide(load, Wmi.layerMemory))

describe("the DMTF CIM schema 2.49.0", () => {
  it("is read without an error, with the published counts", () => {
    assert.deepStrictEqual(schema.errors, [])
    assert.deepStrictEqual(schema.warnings, [])
    assert.deepStrictEqual(schema.counts, {
      classes: 1631,
      instances: 0,
      associations: 643,
      properties: 7154,
      references: 1257,
      methods: 428,
      parameters: 1693,
      qualifierDeclarations: 70,
      qualifierUses: 31402
    })
  })

  it("1,624 classes are stored, 7 refused: one by a rule, six because that one is missing", () => {
    const refused = outcomes.flatMap((one: PutOutcome) =>
      one._tag === "Rejected" && one.request.object._tag === "Class"
        ? [[one.request.object.name, one.error.status, one.error.rule]]
        : []
    )
    assert.deepStrictEqual(refused[0], ["CIM_PolicyInSystem", "CannotBeAbstract", "CS-15"])
    assert.strictEqual(refused.length, 7)
    assert.isTrue(refused.slice(1).every(([, status]) => status === "NotFound"))
    assert.strictEqual(classes.length, 1624)
  })

  it("stored classes keep associations, properties, methods and qualifiers as written", () => {
    assert.strictEqual(classes.filter((one) => Qualifier.isTrue(one, "association")).length, 636)
    assert.strictEqual(sum(classes, (one) => one.properties.length), 7139)
    assert.strictEqual(sum(classes, (one) => one.methods.length), 428)
    assert.strictEqual(sum(classes, qualifierUses), 31325)
  })

  it("every stored class equals the parsed class", () => {
    for (const one of classes) {
      assert.deepStrictEqual(plain(one), plain(withServerFlavors(byName.get(one.name)!)), one.name)
    }
  })

  it("inherited members are computed", () => {
    const resolvedClass = (name: string) => Snapshot.resolvedClass(snapshot, namespace, name)!
    assert.strictEqual(resolvedClass("CIM_LLDPEthernetPort").properties.length, 124)
    assert.strictEqual(resolvedClass("CIM_ReplicationService").methods.length, 34)
    assert.strictEqual(resolvedClass("CIM_MappingProtocolControllerView").keys.length, 9)
    assert.strictEqual(resolvedClass("CIM_PCIeSwitch").depth + 1, 10)
    assert.strictEqual(Snapshot.descendants(snapshot, namespace, "CIM_ManagedElement").length, 962)
    assert.isAtMost(Math.max(...classes.map((one) => resolvedClass(one.name).properties.length)), 124)
  })

  it("instances are stored, their references resolved to paths", () => {
    assert.strictEqual(Snapshot.count(snapshot, namespace, "CIM_SystemDevice"), 10)
    const found = Snapshot.instances(snapshot, namespace, "CIM_LogicalElement", { deep: true })
    assert.strictEqual(found.length, 14)
    for (const link of Snapshot.instances(snapshot, namespace, "CIM_SystemDevice")) {
      for (const end of ["GroupComponent", "PartComponent"]) {
        const path = ObjectPath.parse(String(link.values[end]))
        assert.strictEqual(path._tag, "Right")
      }
    }
  })

  it("a second put is Unchanged, and the seven are refused again", () => {
    const answers = again.map((one) => one._tag === "Committed" ? one.report.disposition : one._tag)
    assert.strictEqual(answers.filter((one) => one === "Unchanged").length, 1624 + 24)
    assert.strictEqual(answers.filter((one) => one === "Rejected").length, 7)
  })
})

/** Text for US English (LCID 0x409): every `Description`, and what the schema itself declares as translatable. */
const isText = (q: Qualifier.Qualifier): boolean => (q.flavor & Qualifier.Flavor.Amended) !== 0
const lists = (one: ClassDefinition, each: (list: Qualifiers) => Qualifiers): ClassDefinition =>
  classWith(one, {
    qualifiers: each(one.qualifiers),
    properties: one.properties.map((p) => ({ ...p, qualifiers: each(p.qualifiers) })),
    methods: one.methods.map((m) => ({
      ...m,
      qualifiers: each(m.qualifiers),
      parameters: m.parameters.map((p) => ({ ...p, qualifiers: each(p.qualifiers) }))
    }))
  })
type Qualifiers = ReadonlyArray<Qualifier.Qualifier>
const byQualifierName = (list: Qualifiers): Qualifiers => [...list].sort((a, b) => a.name < b.name ? -1 : 1)
const sorted = (one: ClassDefinition): ClassDefinition => lists(one, byQualifierName)

describe("the DMTF CIM schema 2.49.0, put with amendment", () => {
  const marked = definitions.map((one) =>
    lists(
      one,
      (list) =>
        list.map((q) =>
          q.name.toLowerCase() === "description" ? { ...q, flavor: q.flavor | Qualifier.Flavor.Amended } : q
        )
    )
  )
  const stored = new Set(classes.map(({ name }) => name))
  const requests = marked.filter(({ name }) => stored.has(name)).map((one) => PutRequest.make(one, { amended: true }))
  const read = Effect.runSync(
    Effect.gen(function* () {
      const outcomes = [...yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))]
      const second = [...yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))]
      return {
        outcomes,
        second,
        neutral: yield* Wmi.classes(),
        localized: yield* Wmi.classes({ amended: "ms_409" }),
        elsewhere: yield* Wmi.classes({ amended: "de-DE" }),
        texts: yield* Wmi.classes({ namespace: `${namespace}\\ms_409` })
      }
    }).pipe(Effect.provide(Wmi.layerMemory))
  )
  const given = new Map(requests.map(({ object }) => object as ClassDefinition).map((one) => [one.name, one]))

  it("every class is stored, and a second put is Unchanged", () => {
    assert.strictEqual(read.outcomes.length, 1624)
    assert.deepStrictEqual(read.outcomes.filter(({ _tag }) => _tag !== "Committed"), [])
    assert.deepStrictEqual(
      new Set(read.second.map((one) => one._tag === "Committed" ? one.report.disposition : one.error.message)),
      new Set(["Unchanged"])
    )
  })

  it("read without the flag, classes equal the given ones without text", () => {
    assert.strictEqual(read.neutral.length, 1624)
    for (const one of read.neutral) {
      const expected = lists(withServerFlavors(given.get(one.name)!), (list) => list.filter((q) => !isText(q)))
      assert.deepStrictEqual(sorted(plain(one)), sorted(plain(expected)))
    }
  })

  it("read with the flag, classes equal the given ones and are marked as amended", () => {
    for (const one of read.localized) {
      assert.strictEqual(one.amended, true, one.name)
      const neutral = classWith(one, { amended: undefined })
      assert.deepStrictEqual(sorted(plain(neutral)), sorted(plain(withServerFlavors(given.get(one.name)!))))
    }
    assert.deepStrictEqual(read.elsewhere, read.localized)
  })

  it("each amendment class holds text, its marks, keys of its properties and nothing else", () => {
    assert.strictEqual(read.texts.length, 1624)
    const isKey = (q: Qualifier.Qualifier): boolean => q.name === "key"
    const uses = sum(
      read.texts,
      (one) => qualifierUses(one) - 2 - sum(one.properties, (p) => p.qualifiers.filter(isKey).length)
    )
    assert.strictEqual(
      uses,
      sum([...given.values()], (one) => qualifierUses(lists(one, (list) => list.filter(isText))))
    )
  })
})
