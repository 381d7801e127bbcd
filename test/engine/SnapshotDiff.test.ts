/** The difference between two snapshots. */
import * as FastCheck from "effect/FastCheck"
import * as Either from "effect/Either"
import { assert, describe, it } from "vitest"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as SnapshotDiff from "../../src/engine/state/SnapshotDiff.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Property from "../../src/model/Property.ts"
import * as any from "../arbitraries.ts"
import { scaled } from "../scale.ts"

const after = (list: Parameters<typeof any.validated>[0], start: Snapshot.Snapshot): Snapshot.Snapshot => {
  let at = start
  for (const put of any.validated(list)) {
    const decided = PutEngine.decide(at, put)
    if (Either.isRight(decided)) at = Snapshot.apply(at, decided.right.changes)
  }
  return at
}

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const disk = (id: string, free: bigint): Instance.Instance => Instance.make("Demo_Disk", { Id: id, FreeSpace: free })

const lines = (before: Snapshot.Snapshot, now: Snapshot.Snapshot): ReadonlyArray<string> =>
  SnapshotDiff.byPath(SnapshotDiff.changes(before, now), ObjectPath.format).map(([path, change]) =>
    `${SnapshotDiff.kind(change)} ${path}`
  )

describe("changes", () => {
  it("lead from one state to another, also between unrelated states", () => {
    FastCheck.assert(
      FastCheck.property(any.requests(8), any.requests(8), FastCheck.boolean(), (one, two, oneLine) => {
        const before = after(one, any.world())
        const now = after(two, oneLine ? before : any.world())
        const changes = SnapshotDiff.changes(before, now)
        const there = Snapshot.entries(Snapshot.apply(before, changes))
        assert.deepStrictEqual(there, Snapshot.entries(now))
        assert.isTrue(SnapshotDiff.isEmpty(now, Snapshot.apply(before, changes)))
        assert.strictEqual(changes.length, SnapshotDiff.changes(now, before).length)
      }),
      { numRuns: scaled(1000) }
    )
  })

  it("give created, changed and removed objects by path", () => {
    const before = Snapshot.of(Disk, disk("C:", 1n), disk("D:", 1n))
    const now = Snapshot.of(Disk, disk("c:", 1n), disk("E:", 1n), ClassDefinition.make("Demo_Service", {}))
    const cimv2 = "\\\\.\\root\\cimv2:"
    assert.deepStrictEqual(lines(before, now), [
      `changed ${cimv2}Demo_Disk.Id="c:"`,
      `removed ${cimv2}Demo_Disk.Id="D:"`,
      `created ${cimv2}Demo_Disk.Id="E:"`,
      `created ${cimv2}Demo_Service`
    ])
  })

  it("create a namespace before its contents, and delete it after them", () => {
    const some = (namespaces: ReadonlyArray<string>, at: string): Snapshot.Snapshot =>
      Snapshot.withObjects(Snapshot.empty({ namespaces }), at, [Disk, disk("C:", 1n)])
    const before = some(["root\\a\\b"], "root\\a\\b")
    const now = some(["root\\x\\y"], "root\\x\\y")
    const there = Snapshot.apply(before, SnapshotDiff.changes(before, now))
    assert.deepStrictEqual(Snapshot.entries(there), Snapshot.entries(now))
    assert.deepStrictEqual(Snapshot.namespaces(there), Snapshot.namespaces(now))
  })

  it("reverse a hierarchy, in the middle of which a class is below itself", () => {
    const hierarchy = (top: string, below: string): Snapshot.Snapshot =>
      Snapshot.of(
        ClassDefinition.make(top, { Id: Property.key("string") }),
        ClassDefinition.make(below, {}, { superclass: top }),
        Disk
      )
    for (const [one, other] of [["Aa", "Bb"], ["Bb", "Aa"]] as const) {
      const before = hierarchy(one, other)
      const now = hierarchy(other, one)
      assert.lengthOf(Snapshot.classes(before, "root\\cimv2"), 3) // cached classes are invalidated together with the classes above them
      const there = Snapshot.apply(before, SnapshotDiff.changes(before, now))
      assert.deepStrictEqual(Snapshot.entries(there), Snapshot.entries(now))
      assert.deepStrictEqual(Snapshot.classes(there, "root\\cimv2").map(({ name }) => name), [other, "Demo_Disk", one])
    }
  })

  it("are empty between a state and itself or an equal state", () => {
    const one = Snapshot.of(Disk, disk("C:", 1n))
    assert.deepStrictEqual(SnapshotDiff.changes(one, one), [])
    assert.isTrue(SnapshotDiff.isEmpty(one, Snapshot.of(Disk, disk("C:", 1n))))
    assert.isFalse(SnapshotDiff.isEmpty(one, Snapshot.of(Disk, disk("C:", 2n))))
  })
})
