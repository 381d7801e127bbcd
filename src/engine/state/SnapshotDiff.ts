/**
 * What lies between two snapshots: the changes that lead from one to the other, whatever the way was that led there.
 *
 * The two need not be of one line: one may come from a dump, the other from a database. Two objects are the same when they hold
 * the same; the order of their members counts, as it does when they are read.
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import type { ObjectPath } from "../../model/ObjectPath.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import type { Change, Row } from "../../protocol/Change.ts"
import * as Identity from "../identity.ts"
import * as Snapshot from "./Snapshot.ts"

type Entry = ReturnType<typeof Snapshot.entries>[number]

const idOf = ([namespace, root, key]: Entry): string =>
  `${namespace}\0${root}\0${typeof key === "number" ? "#" : ""}${key}`

const rowOf = ([namespace, root, key]: Entry): Row => ({ namespace, root, key })

/** Names of a record; one that is there without a value counts as missing. */
const namesOf = (record: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  Object.keys(record).filter((name) => record[name] !== undefined)

/** Whether two pieces of plain data are the same. */
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
  const path = {
    server: undefined,
    namespace: Snapshot.namespaceName(snapshot, namespace) ?? namespace,
    keys: [],
    singleton: false
  }
  if (object._tag === "Class") return { ...path, className: object.name }
  const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, object.className)
  if (resolvedClass === undefined) return { ...path, className: object.className }
  const keys = Identity.keysOf(resolvedClass, object.values)
  return { ...path, className: object.className, keys, singleton: resolvedClass.isSingleton }
}

/**
 * The changes that lead from one snapshot to another: first what goes, the inside of a namespace before the namespace, then what
 * comes or is different, a namespace before its inside. `Snapshot.apply(before, changes(before, after))` holds what `after` holds.
 *
 * @since 0.1.0
 * @category combinators
 */
export const changes = (before: Snapshot.Snapshot, after: Snapshot.Snapshot): ReadonlyArray<Change> => {
  // One side at a time: two snapshots of one line share their tables, and going to and fro would move them each time.
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
}

/**
 * Whether two snapshots hold the same.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isEmpty = (before: Snapshot.Snapshot, after: Snapshot.Snapshot): boolean =>
  before === after || changes(before, after).length === 0

/**
 * What became of one object.
 *
 * @since 0.1.0
 * @category models
 */
export type ChangeKind = "created" | "changed" | "removed"

/**
 * The word for a change.
 *
 * @since 0.1.0
 * @category combinators
 */
export const kind = (change: Change): ChangeKind =>
  change._tag === "Delete" ? "removed" : change.before === undefined ? "created" : "changed"

/**
 * The same changes by the text of their paths, as a person would look for them.
 *
 * @since 0.1.0
 * @category combinators
 */
export const byPath = (
  list: ReadonlyArray<Change>,
  format: (path: ObjectPath) => string
): ReadonlyArray<readonly [path: string, change: Change]> =>
  list.map((change) => [format(change.path), change] as const).sort(([a], [b]) => CimName.compare(a, b))
