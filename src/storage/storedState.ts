/**
 * The whole state of a store from a dump of its tables. Rows that cannot be read are left out and listed (`Snapshot.unreadable`), and
 * so are the rows that depend on them: the classes below a class that cannot be read, and their instances.
 *
 * @internal
 */
import * as ObjectPath from "../model/ObjectPath.ts"
import { UnreadableRows } from "../engine/state/unreadableRows.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { isSchemaRow, namespaceRoot, type NamespaceTables } from "../engine/state/namespaceTables.ts"
import * as CimName from "../model/CimName.ts"
import * as WbemObject from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import { isWbemError } from "../protocol/WbemError.ts"
import { SchemaCache } from "./schemaCache.ts"
import type { Contents, Dump, SchemaRow } from "./rowDatabase.ts"
import * as StoredObject from "../codec/storedObject.ts"
import { type Broken, broken, brokenNamespaces, instanceRow, isBroken } from "./storedRows.ts"

/** Whether a class and all classes above it can be read. */
const isWhole = (space: NamespaceTables, className: string): boolean => {
  try {
    return space.resolvedClass(className) !== undefined
  } catch (error) {
    if (isWbemError(error)) return false
    throw error
  }
}

const leftOut = (
  space: NamespaceTables,
  root: string,
  key: string | number,
  object: WbemObject.WbemObject,
  problem: string
): Broken =>
  broken(
    { namespace: space.folded, root, key: StoredObject.writeKey(key), text: StoredObject.write(object) },
    problem,
    key
  )

/** Removes the classes below a class that cannot be read, and their instances. */
const leaveOutDependents = (space: NamespaceTables, damage: UnreadableRows): void => {
  const without = Array.from(space.classes).filter(([folded]) => !isWhole(space, folded))
  for (const [folded, definition] of without) {
    space.writeClass(folded, definition, undefined)
    damage.add("", folded, leftOut(space, "", folded, definition, "a class above it cannot be read"))
  }
  for (const [root, rows] of space.rows) {
    if (root === namespaceRoot) continue // the namespace itself exists
    for (const [key, instance] of rows) {
      if (isWhole(space, instance.className)) continue
      space.writeInstance({ namespace: space.folded, root, key }, instance, undefined)
      damage.add(root, key, leftOut(space, root, key, instance, "its class cannot be read"))
    }
  }
}

/** The state of a dump. */
export const stateOf = ({ damaged, instances, namespaces, schema }: Dump): Snapshot.Snapshot => {
  const cache = new SchemaCache()
  const found = new Map(namespaces.map((name) => [CimName.fold(name), name]))
  const unreadable: Array<Broken> = [...brokenNamespaces({ damaged })]
  const addOrphan = (row: Dump["schema"][number]): void => {
    unreadable.push(broken({ ...row, text: row.body }, row.damage ?? "its namespace is not there, or cannot be read"))
  }
  const rows = new Map<string, Array<SchemaRow>>(Array.from(found.keys(), (namespace) => [namespace, []]))
  for (const row of schema) {
    const of = rows.get(row.namespace)
    if (of === undefined) addOrphan(row)
    else of.push(row)
  }
  cache.update(Array.from(rows, ([namespace, rows]) => ({
    namespace,
    readVersion: undefined,
    changes: { name: found.get(namespace)!, version: { counter: 0, token: 0 }, isComplete: true, rows }
  })))
  const tables = Snapshot.tablesOf(cache.snapshot)
  for (const space of tables.namespaces.values()) {
    if (space.unreadable !== undefined) leaveOutDependents(space, space.unreadable)
  }
  const changes: Array<Change> = []
  for (const row of instances) {
    const space = tables.namespaces.get(row.namespace)
    if (space === undefined || !found.has(row.namespace)) {
      addOrphan(row)
      continue
    }
    const read = instanceRow(cache.snapshot, row, { whole: true })
    if (isBroken(read)) {
      space.unreadable ??= new UnreadableRows()
      space.unreadable.add(row.root, read.row, read)
      continue
    }
    const { instance: after, key, namespace, root } = read
    changes.push({
      _tag: "Write",
      path: ObjectPath.make({ namespace, className: after.className }),
      row: { namespace, root, key },
      before: undefined,
      after
    })
  }
  const state = Snapshot.apply(cache.snapshot, changes)
  if (unreadable.length > 0) Snapshot.tablesOf(state).unreadable = unreadable
  return state
}

/** The contents of a store that is to hold a state. */
export const contentsOf = (snapshot: Snapshot.Snapshot, version: number): Contents => {
  const schema: Array<Contents["schema"][number]> = []
  const instances: Array<Contents["instances"][number]> = []
  for (const [namespace, root, key, object] of Snapshot.entries(snapshot)) {
    const row = { namespace, root, key: StoredObject.writeKey(key), body: StoredObject.write(object) }
    if (isSchemaRow({ namespace, root, key })) schema.push(row)
    else instances.push({ ...row, className: CimName.fold(WbemObject.className(object)) })
  }
  return { namespaces: Snapshot.namespaces(snapshot), schema, instances, version }
}
