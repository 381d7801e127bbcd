/**
 * What a list of changes comes to: each row once, as it was seen and as it is to be.
 *
 * @internal
 */
import { isSchemaRow, namespaceRoot, type RowKey } from "../engine/state/namespaceTables.ts"
import * as CimName from "../model/CimName.ts"
import type { Change, Row } from "../protocol/Change.ts"
import type { Instance, WbemObject } from "../model/WbemObject.ts"
import type { InstanceRow, InstanceWrite, NamespaceWrite, SchemaWrite } from "./rowDatabase.ts"
import { naming } from "./refusedRows.ts"
import { failureOf, wbemError } from "./sql/failures.ts"
import * as StoredForm from "../codec/storedObject.ts"

export interface Net {
  readonly instances: ReadonlyArray<InstanceWrite>
  /** Where those instances are, in the same order. */
  readonly rows: ReadonlyArray<Row>
  readonly schema: ReadonlyArray<SchemaWrite>
  readonly namespaces: ReadonlyArray<NamespaceWrite>
  /** The changes of schema rows, as they were decided. */
  readonly schemaChanges: ReadonlyArray<Change>
}

interface Rewritten {
  readonly row: Row
  readonly namespaceName: string
  readonly before: WbemObject | undefined
  after: WbemObject | undefined
  /** Whether it was gone in between. */
  gone: boolean
}

const namespaceWrite = ({ after, before, namespaceName, row }: Rewritten): NamespaceWrite => {
  const instance = after ?? before
  const last = instance?._tag === "Instance" ? String(instance.values["Name"]) : String(row.key)
  return { namespace: `${row.namespace}\\${row.key}`, name: `${namespaceName}\\${last}`, alive: after !== undefined }
}

/** Rows of one place by key. */
type Place<A> = Map<RowKey, A>

const placeOf = <A>(places: Map<string, Place<A>>, { namespace, root }: Pick<Row, "namespace" | "root">): Place<A> => {
  const name = `${namespace}:${root}`
  let place = places.get(name)
  if (place === undefined) places.set(name, place = new Map())
  return place
}

/** Each row once, in the order in which they were first changed. */
const rewritten = (changes: ReadonlyArray<Change>): ReadonlyArray<Rewritten> => {
  const places = new Map<string, Place<Rewritten>>()
  const rows: Array<Rewritten> = []
  let last: Row | undefined
  let place: Place<Rewritten> | undefined
  for (const change of changes) {
    const { before, path, row } = change
    const after = change._tag === "Write" ? change.after : undefined
    // Changes of one place mostly follow each other.
    if (place === undefined || last === undefined || last.root !== row.root || last.namespace !== row.namespace) {
      place = placeOf(places, row)
      last = row
    }
    const known = place.get(row.key)
    if (known !== undefined) {
      known.gone ||= known.after === undefined
      known.after = after
    } else {
      const one: Rewritten = { row, namespaceName: path.namespace ?? "", before, after, gone: false }
      place.set(row.key, one)
      rows.push(one)
    }
  }
  return rows
}

/** The text of an object; one that is longer than JavaScript's longest text is refused, and the refusal names its row. */
const bodyOf = (row: Row, object: WbemObject): string => {
  try {
    return StoredForm.write(object)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw naming(wbemError(failureOf(error), false), [row])
  }
}

/**
 * The net of some changes, over the instances that were seen.
 */
export const of = (changes: ReadonlyArray<Change>, seen: ReadonlyArray<InstanceRow>): Net => {
  const versions = new Map<string, Place<number>>()
  for (const one of seen) placeOf(versions, one).set(StoredForm.readKey(one.key), one.version)
  const instances: Array<InstanceWrite> = []
  const rows: Array<Row> = []
  const schema: Array<SchemaWrite> = []
  const namespaces: Array<NamespaceWrite> = []
  for (const one of rewritten(changes)) {
    const { after, before, row } = one
    if (before === undefined && after === undefined) continue
    const { namespace, root } = row
    const key = StoredForm.writeKey(row.key)
    const body = after === undefined ? undefined : bodyOf(row, after)
    if (isSchemaRow(row)) {
      schema.push({ namespace, root, key, body })
      // An instance that is only written again leaves the namespace, and how it is spelled, as it is.
      const stays = before !== undefined && after !== undefined && !one.gone
      if (root === namespaceRoot && !stays) namespaces.push(namespaceWrite(one))
      continue
    }
    const instance = (after ?? before!) as Instance // what is no schema row is an instance
    rows.push(row)
    instances.push({
      namespace,
      root,
      key,
      className: CimName.fold(instance.className),
      seen: versions.size === 0 ? undefined : placeOf(versions, row).get(row.key),
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

/** Whether there is nothing to write. */
export const isEmpty = ({ instances, schema }: Net): boolean => instances.length === 0 && schema.length === 0
