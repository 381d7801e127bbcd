/**
 * The net changes of a group of decisions (each changed row once, with the version that was loaded and the new text), and the write
 * set that stores them.
 *
 * @internal
 */
import * as StoredObject from "../codec/storedObject.ts"
import { isSchemaRow, namespaceRoot, type RowKey } from "../engine/state/namespaceTables.ts"
import * as CimName from "../model/CimName.ts"
import type { Instance, WbemObject } from "../model/WbemObject.ts"
import type { Change, Row } from "../protocol/Change.ts"
import { naming } from "./refusedRows.ts"
import type { InstanceRow, InstanceWrite, Loaded, NamespaceWrite, SchemaWrite, WriteSet } from "./rowDatabase.ts"
import { failureOf, wbemError } from "./sql/failures.ts"

export interface NetChanges {
  readonly instances: ReadonlyArray<InstanceWrite>
  /** The addresses of those instances, in the same order. */
  readonly rows: ReadonlyArray<Row>
  readonly schema: ReadonlyArray<SchemaWrite>
  readonly namespaces: ReadonlyArray<NamespaceWrite>
  /** The changes of schema rows, as decided. */
  readonly schemaChanges: ReadonlyArray<Change>
}

interface RowChange {
  readonly row: Row
  readonly namespaceName: string
  readonly before: WbemObject | undefined
  after: WbemObject | undefined
  /** Whether one of the changes deleted it. */
  wasDeleted: boolean
}

const namespaceWrite = ({ after, before, namespaceName, row }: RowChange): NamespaceWrite => {
  const instance = after ?? before
  const last = instance?._tag === "Instance" ? String(instance.values["Name"]) : String(row.key)
  return { namespace: `${row.namespace}\\${row.key}`, name: `${namespaceName}\\${last}`, alive: after !== undefined }
}

/** Values by row: by namespace and key root, then by key. */
type ByRow<A> = Map<string, Map<RowKey, A>>

const keysOf = <A>(byRow: ByRow<A>, { namespace, root }: Pick<Row, "namespace" | "root">): Map<RowKey, A> => {
  const name = `${namespace}:${root}`
  let keys = byRow.get(name)
  if (keys === undefined) byRow.set(name, keys = new Map())
  return keys
}

/** Each row once, in the order in which they were first changed. */
const rowChanges = (changes: ReadonlyArray<Change>): ReadonlyArray<RowChange> => {
  const byRow: ByRow<RowChange> = new Map()
  const rows: Array<RowChange> = []
  let last: Row | undefined
  let keys: Map<RowKey, RowChange> | undefined
  for (const change of changes) {
    const { before, path, row } = change
    const after = change._tag === "Write" ? change.after : undefined
    // Successive changes mostly have the same key root.
    if (keys === undefined || last === undefined || last.root !== row.root || last.namespace !== row.namespace) {
      keys = keysOf(byRow, row)
      last = row
    }
    const known = keys.get(row.key)
    if (known !== undefined) {
      known.wasDeleted ||= known.after === undefined
      known.after = after
    } else {
      const one: RowChange = { row, namespaceName: path.namespace ?? "", before, after, wasDeleted: false }
      keys.set(row.key, one)
      rows.push(one)
    }
  }
  return rows
}

/** The text of an object. Fails with `TooBig`, naming the row, for a text that is longer than a JavaScript string can be. */
const bodyOf = (row: Row, object: WbemObject): string => {
  try {
    return StoredObject.write(object)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw naming(wbemError(failureOf(error), false), [row])
  }
}

/** The net of some changes over the instances that were loaded. */
export const netChanges = (changes: ReadonlyArray<Change>, loaded: ReadonlyArray<InstanceRow>): NetChanges => {
  const versions: ByRow<number> = new Map()
  for (const one of loaded) keysOf(versions, one).set(StoredObject.readKey(one.key), one.version)
  const instances: Array<InstanceWrite> = []
  const rows: Array<Row> = []
  const schema: Array<SchemaWrite> = []
  const namespaces: Array<NamespaceWrite> = []
  for (const one of rowChanges(changes)) {
    const { after, before, row } = one
    if (before === undefined && after === undefined) continue
    const { namespace, root } = row
    const key = StoredObject.writeKey(row.key)
    const body = after === undefined ? undefined : bodyOf(row, after)
    if (isSchemaRow(row)) {
      schema.push({ namespace, root, key, body })
      // An instance that is only overwritten leaves the namespace and its spelling unchanged.
      const isSame = before !== undefined && after !== undefined && !one.wasDeleted
      if (root === namespaceRoot && !isSame) namespaces.push(namespaceWrite(one))
      continue
    }
    const instance = (after ?? before!) as Instance // every row that is not a schema row is an instance
    rows.push(row)
    instances.push({
      namespace,
      root,
      key,
      className: CimName.fold(instance.className),
      readVersion: versions.size === 0 ? undefined : keysOf(versions, row).get(row.key),
      body
    })
  }
  return {
    instances,
    rows,
    schema,
    namespaces,
    schemaChanges: schema.length === 0 ? [] : changes.filter(({ row }) => isSchemaRow(row))
  }
}

export const isEmpty = ({ instances, schema }: NetChanges): boolean => instances.length === 0 && schema.length === 0

/** Versions are drawn from the integers that every database and JavaScript can hold. */
const maxVersion = Number.MAX_SAFE_INTEGER

/**
 * A new version for a write set. Drawn at random, so that it never repeats; not from `Random`, which a program may seed: then two
 * processes would draw the same versions.
 */
export const nextVersion = (): number => 1 + Math.floor(Math.random() * maxVersion)

/** The write set of some changes, over the namespaces as they were loaded. */
export const make = (
  { instances, namespaces, schema }: NetChanges,
  loaded: Loaded["namespaces"],
  preconditions: ReadonlyArray<string>,
  validatedReads: WriteSet["validatedReads"]
): WriteSet => {
  const tokens = (names: Iterable<string>): WriteSet["preconditions"] => {
    const known: Array<readonly [string, number]> = []
    for (const name of names) {
      const row = loaded.get(name)
      if (row !== undefined) known.push([name, row.token])
    }
    return known
  }
  const changed = new Set<string>()
  for (const { namespace } of schema) changed.add(namespace)
  for (const { alive, namespace } of namespaces) if (!alive) changed.add(namespace)
  return {
    validatedReads,
    instances,
    schema,
    namespaces,
    preconditions: tokens(preconditions),
    versionIncrements: tokens(changed),
    version: nextVersion()
  }
}
