/** The system classes and the instances that exist from the start, against the table of the model (`object-model` 12). */
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { assert, describe, it } from "vitest"
import { readingOf } from "./driver.ts"
import { classText, effective, effectiveText } from "./dump.ts"
import { startSingletonsOf, systemClassesOf } from "./systemTable.ts"
import type { Space } from "./world.ts"

const snapshot = Snapshot.empty({ namespaces: ["root\\test\\deep"] })

for (const name of ["root", "root\\default", "root\\cimv2", "root\\test", "root\\test\\deep"]) {
  describe(name, () => {
    const table = systemClassesOf(name)
    const stored = Snapshot.classes(snapshot, name, { system: true })

    it("has the classes of the table, with their members, qualifiers and flavours", () => {
      const texts = (classes: typeof table): ReadonlyArray<string> => classes.map(classText).sort()
      assert.deepStrictEqual(texts(stored), texts(table))
    })

    it("reads what they inherit as the model does", () => {
      const space: Space = { name, classes: table, instances: [] }
      assert.deepStrictEqual(
        readingOf(snapshot)(space).map(effectiveText).sort(),
        table.map((c) => effectiveText(effective(space, c))).sort()
      )
    })

    it("has an instance of each singleton, and of no other system class", () => {
      const there = table.filter((c) => Snapshot.instances(snapshot, name, c.name).length > 0).map((c) => c.name)
      const namespaces = Snapshot.namespaces(snapshot)
      const isParent = namespaces.some((other) => other.slice(0, other.lastIndexOf("\\")) === name)
      assert.deepStrictEqual(
        there.filter((one) => one !== "__NAMESPACE").sort(),
        [...startSingletonsOf(name)].sort()
      )
      assert.strictEqual(there.includes("__NAMESPACE"), isParent)
    })
  })
}
