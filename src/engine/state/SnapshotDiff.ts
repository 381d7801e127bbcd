/**
 * The difference between two snapshots: the changes that lead from one to the other, independent of the changes that
 * really led there.
 *
 * The two snapshots need not be of one line: one may come from a dump, the other from a database. Two objects are equal
 * when they have the same content. The order of their members counts, as it does when they are read.
 *
 * @since 0.1.0
 * @module
 */
import { dual } from "effect/Function"
import * as CimName from "../../model/CimName.ts"
import { make as makePath, type ObjectPath } from "../../model/ObjectPath.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import type { Change, Row } from "../../protocol/Change.ts"
import * as Identity from "../identity.ts"
import * as Snapshot from "./Snapshot.ts"

type Entry = ReturnType<typeof Snapshot.entries>[number]

const idOf = ([namespace, root, key]: Entry): string =>
  `${namespace}\0${root}\0${typeof key === "number" ? "#" : ""}${key}`

const rowOf = ([namespace, root, key]: Entry): Row => ({ namespace, root, key })

/** The names of a record that have a value. */
const namesOf = (record: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  Object.keys(record).filter((name) => record[name] !== undefined)

/** Whether two pieces of plain data are equal. */
const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => same(one, b[i]))
  }
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
  const names = namesOf(left)
  return names.length === namesOf(right).length && names.every((name) => same(left[name], right[name]))
}

const pathOf = (snapshot: Snapshot.Snapshot, namespace: string, object: WbemObject): ObjectPath => {
  const name = Snapshot.namespaceName(snapshot, namespace) ?? namespace
  if (object._tag === "Class") return makePath({ namespace: name, className: object.name })
  const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, object.className)
  if (resolvedClass === undefined) return makePath({ namespace: name, className: object.className })
  const keys = Identity.keysOf(resolvedClass, object.values)
  return makePath({ namespace: name, className: object.className, keys, singleton: resolvedClass.isSingleton })
}

/**
 * The changes that lead from one snapshot to another: first the deletions, the contents of a namespace before the
 * namespace, then the creations and modifications, a namespace before its contents. `Snapshot.apply(before,
 * changes(before, after))` has the same contents as `after`.
 *
 * @example
 * ```ts
 * import { ClassDefinition, Instance, Property, Snapshot, SnapshotDiff } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const before = Snapshot.of(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }))
 * const after = Snapshot.withObjects(before, "root\\cimv2", [Instance.make("Demo_Disk", { Id: "C:" })])
 * const changes = SnapshotDiff.changes(before, after)
 * assert.deepEqual(changes.map(SnapshotDiff.kind), ["created"])
 * assert.ok(SnapshotDiff.isEmpty(Snapshot.apply(before, changes), after))
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const changes: {
  (after: Snapshot.Snapshot): (before: Snapshot.Snapshot) => ReadonlyArray<Change>
  (before: Snapshot.Snapshot, after: Snapshot.Snapshot): ReadonlyArray<Change>
} = /* @__PURE__ */ dual(2, (before: Snapshot.Snapshot, after: Snapshot.Snapshot): ReadonlyArray<Change> => {
  // One side at a time: two snapshots of one line share their tables, and alternating reads would move them each time.
  const entriesBefore = Snapshot.entries(before)
  const entriesAfter = Snapshot.entries(after)
  const remaining = new Map(entriesBefore.map((entry) => [idOf(entry), entry]))
  const writes: Array<Change> = []
  for (const entry of entriesAfter) {
    const id = idOf(entry)
    const previous = remaining.get(id)?.[3]
    remaining.delete(id)
    const object = entry[3]
    if (previous !== undefined && same(previous, object)) continue
    const path = pathOf(after, entry[0], object)
    writes.push({ _tag: "Write", path, row: rowOf(entry), before: previous, after: object })
  }
  const deletes: Array<Change> = []
  for (const entry of [...remaining.values()].reverse()) {
    deletes.push({ _tag: "Delete", path: pathOf(before, entry[0], entry[3]), row: rowOf(entry), before: entry[3] })
  }
  return [...deletes, ...writes]
})

/**
 * Whether two snapshots have the same contents.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isEmpty: {
  (after: Snapshot.Snapshot): (before: Snapshot.Snapshot) => boolean
  (before: Snapshot.Snapshot, after: Snapshot.Snapshot): boolean
} = /* @__PURE__ */ dual(
  2,
  (before: Snapshot.Snapshot, after: Snapshot.Snapshot): boolean =>
    before === after || changes(before, after).length === 0
)

/**
 * What happened to one object.
 *
 * @since 0.1.0
 * @category models
 */
export type ChangeKind = "created" | "changed" | "removed"

/**
 * The kind of a change.
 *
 * @since 0.1.0
 * @category combinators
 */
export const kind = (change: Change): ChangeKind =>
  change._tag === "Delete" ? "removed" : change.before === undefined ? "created" : "changed"

/**
 * The changes with the text of their paths, sorted by it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const byPath: {
  (format: (path: ObjectPath) => string): (
    list: ReadonlyArray<Change>
  ) => ReadonlyArray<readonly [path: string, change: Change]>
  (
    list: ReadonlyArray<Change>,
    format: (path: ObjectPath) => string
  ): ReadonlyArray<readonly [path: string, change: Change]>
} = /* @__PURE__ */ dual(
  2,
  (
    list: ReadonlyArray<Change>,
    format: (path: ObjectPath) => string
  ): ReadonlyArray<readonly [path: string, change: Change]> =>
    list.map((change) => [format(change.path), change] as const).sort(([a], [b]) => CimName.compare(a, b))
)
