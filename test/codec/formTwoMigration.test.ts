/** The migration of rows from form 1 to form 2: no object is lost, and a second migration changes nothing. */
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as FormTwoMigration from "../../src/codec/migration/formTwoMigration.ts"
import * as StoredObject from "../../src/codec/storedObject.ts"

const row = (namespace: string, root: string, key: string, object: WbemObject): FormTwoMigration.StoredRow => ({
  namespace,
  root,
  key: StoredObject.writeKey(key),
  body: StoredObject.write(object)
})

const classRow = (namespace: string, definition: ClassDefinition.ClassDefinition): FormTwoMigration.StoredRow =>
  row(namespace, "", FormTwoMigration.foldOfFormOne(definition.name), definition)

const keyed = (name: string, superclass?: string): ClassDefinition.ClassDefinition =>
  ClassDefinition.make(name, superclass === undefined ? { Id: Property.key("string") } : {}, { superclass })

/** The result of a migration as the rows of a store, from which a migration can begin again. */
const migrated = (
  namespaces: Parameters<typeof FormTwoMigration.make>[0],
  schema: ReadonlyArray<FormTwoMigration.StoredRow>,
  instances: ReadonlyArray<FormTwoMigration.StoredRow>
) => {
  const migration = FormTwoMigration.make(namespaces, schema)
  const targets = [...migration.schema, ...instances.flatMap((one) => migration.instance(one) ?? [])]
  const placed = migration.assignKeys(targets, () => undefined)
  const rows = placed.map(({ body, to }) => ({ ...to, body }))
  return {
    duplicates: migration.duplicates,
    changed: placed.filter(FormTwoMigration.isChanged),
    namespaces: migration.namespaces.map(({ name, to }) => ({ folded: to, name })),
    schema: rows.filter((one) => one.root === "" || one.root.startsWith("__")),
    instances: rows.filter((one) => one.root !== "" && !one.root.startsWith("__"))
  }
}

const root = { folded: "root", name: "root" }
const keys = (rows: ReadonlyArray<FormTwoMigration.StoredRow>) =>
  rows.map(({ key, root }) => `${root}:${StoredObject.readKey(key)}`).sort()

describe("migration of form 1 to form 2", () => {
  it("of two classes whose names fold alike, the second gets a number, and so do its instances and subclasses", () => {
    const found = migrated([root], [
      classRow("root", keyed("Di\u017fk")),
      classRow("root", keyed("Disk")),
      classRow("root", keyed("Demo_Below", "Di\u017fk"))
    ], [
      row("root", "di\u017fk", "a", Instance.make("Di\u017fk", { Id: "a" })),
      row("root", "di\u017fk", "b", Instance.make("Demo_Below", { Id: "b" })),
      row("root", "disk", "a", Instance.make("Disk", { Id: "a" }))
    ])
    assert.deepStrictEqual(keys(found.schema), [":demo_below", ":disk", ":disk_2"])
    assert.deepStrictEqual(keys(found.instances), ["disk:a", "disk_2:a", "disk_2:b"])
    assert.deepStrictEqual(found.duplicates.map(({ first, keptAs, second }) => [first, second, keptAs]), [
      ["Disk", "Di\u017fk", "Di\u017fk_2"]
    ])
    const below = found.schema.find(({ key }) => key === '"demo_below"')!
    assert.strictEqual(StoredObject.readClass(below.body).superclass, "Di\u017fk_2")
  })

  it("of two namespaces whose names fold alike, the second gets a number, and so do the namespaces below it", () => {
    const name = (text: string) => Instance.make("__NAMESPACE", { Name: text })
    const found = migrated(
      [
        root,
        { folded: "root\\s", name: "root\\S" },
        { folded: "root\\\u017f", name: "root\\\u017f" },
        { folded: "root\\\u017f\\in", name: "root\\\u017f\\In" }
      ],
      [
        row("root", "__namespace", "s", name("S")),
        row("root", "__namespace", "\u017f", name("\u017f")),
        row("root\\\u017f", "__namespace", "in", name("In")),
        classRow("root\\\u017f\\in", keyed("Demo_Disk"))
      ],
      [row("root\\\u017f\\in", "demo_disk", "a", Instance.make("Demo_Disk", { Id: "a" }))]
    )
    assert.deepStrictEqual(
      found.namespaces.map((one) => one.name).sort(),
      [
        "root",
        "root\\S",
        "root\\\u017f_2",
        "root\\\u017f_2\\In"
      ].sort()
    )
    assert.deepStrictEqual(found.instances.map(({ namespace }) => namespace), ["root\\s_2\\in"])
    assert.deepStrictEqual(keys(found.schema.filter((one) => one.namespace === "root")), [
      "__namespace:s",
      "__namespace:s_2"
    ])
    assert.lengthOf(found.duplicates, 1)
  })

  it("rows that exchange their keys, and names that look alike in a warning", () => {
    const found = migrated([root], [classRow("root", keyed("Demo_Disk"))], [
      row("root", "demo_disk", "\u03b8", Instance.make("Demo_Disk", { Id: "\u03f4" })),
      row("root", "demo_disk", "\u03d1", Instance.make("Demo_Disk", { Id: "\u03d1" }))
    ])
    assert.deepStrictEqual(keys(found.instances), ["demo_disk:\u03b8", "demo_disk:\u03f4"])
    assert.deepStrictEqual(found.duplicates, [])
    const text = FormTwoMigration.duplicateWarning({
      namespace: "root",
      first: "A.\u00b5\u202e",
      second: "A.\u03bc\u0007",
      keptAs: "x"
    })
    assert.match(text, /\\u00b5\\u202e/)
    assert.match(text, /^[\x20-\x7e]*$/)
  })

  const unit = FastCheck.constantFrom(
    ..."aAkK\u212a\u00b5\u03bc\u039c\u017fsS\u03c2\u03c3\u03a3\u0131iI\u0130\u00df\u1e9e\u03f4\u03d1\u03b8\u212b\u00e5"
  )
  const text = FastCheck.array(unit, { minLength: 1, maxLength: 3 }).map((units) => units.join(""))

  it("property: every object is kept under a key of its own, and a second migration changes nothing", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.array(text, { maxLength: 12 }), (names) => {
        // Form 1 has one object for each identity of its fold.
        const ids = [...new Map(names.map((one) => [FormTwoMigration.foldOfFormOne(one), one])).values()]
        const instances = ids.map((Id) =>
          row("root", "demo_disk", FormTwoMigration.foldOfFormOne(Id), Instance.make("Demo_Disk", { Id }))
        )
        const schema = [classRow("root", keyed("Demo_Disk"))]
        const first = migrated([root], schema, instances)
        assert.deepStrictEqual(first.instances.map(({ body }) => body).sort(), instances.map(({ body }) => body).sort())
        assert.strictEqual(new Set(keys(first.instances)).size, instances.length)
        const second = migrated(first.namespaces, first.schema, first.instances)
        assert.deepStrictEqual([second.changed, second.duplicates], [[], []])
      }),
      { numRuns: 500 }
    )
  })
})
