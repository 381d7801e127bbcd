/**
 * What a list of changes comes to: each row once, as it was seen and as it is to be.
 *
 * @internal
 */
import { isSchemaRow, namespaceRoot } from "../engine/tables.ts"
import * as CimName from "../model/CimName.ts"
import type { Change, Row } from "../protocol/Change.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { InstanceRow, InstanceWrite, NamespaceWrite, RowId, SchemaWrite } from "./storeBackend.ts"
import * as StoredForm from "./storedForm.ts"

export interface Net {
  readonly instances: ReadonlyArray<InstanceWrite>
  readonly schema: ReadonlyArray<SchemaWrite>
  readonly namespaces: ReadonlyArray<NamespaceWrite>
  /** The changes of schema rows, as they were decided. */
  readonly schemaChanges: ReadonlyArray<Change>
}

/** Nothing in it can be in a namespace, a root or the text of a key. */
const separator = "\0"

/** One text for the place of a row. */
export const idOf = ({ key, namespace, root }: RowId): string => namespace + separator + root + separator + key

interface Rewritten {
  readonly row: Row
  readonly namespaceName: string
  readonly before: WbemObject | undefined
  after: WbemObject | undefined
  /** Whether it was gone in between. */
  gone: boolean
}

const textId = ({ key, namespace, root }: Row): RowId => ({ namespace, root, key: StoredForm.writeKey(key) })

const namespaceWrite = ({ after, before, namespaceName, row }: Rewritten): NamespaceWrite => {
  const instance = after ?? before
  const last = instance?._tag === "Instance" ? String(instance.values["Name"]) : String(row.key)
  return { namespace: `${row.namespace}\\${row.key}`, name: `${namespaceName}\\${last}`, alive: after !== undefined }
}

/**
 * The net of some changes, in the order in which their rows were first changed.
 */
export const of = (changes: ReadonlyArray<Change>, seen: ReadonlyArray<InstanceRow>): Net => {
  const rows = new Map<string, Rewritten>()
  for (const change of changes) {
    const after = change._tag === "Write" ? change.after : undefined
    const { key, namespace, root } = change.row
    const id = typeof key === "number" ? `${namespace}\0${root}\0#${key}` : `${namespace}\0${root}\0"${key}`
    const known = rows.get(id)
    if (known === undefined) {
      rows.set(id, {
        row: change.row,
        namespaceName: change.path.namespace ?? "",
        before: change.before,
        after,
        gone: false
      })
    } else {
      known.gone ||= known.after === undefined
      known.after = after
    }
  }
  const versions = new Map(seen.map((one) => [idOf(one), one.version]))
  const instances: Array<InstanceWrite> = []
  const schema: Array<SchemaWrite> = []
  const namespaces: Array<NamespaceWrite> = []
  for (const one of rows.values()) {
    const { after, before, row } = one
    if (before === undefined && after === undefined) continue
    const id = textId(row)
    const body = after === undefined ? undefined : StoredForm.write(after)
    if (isSchemaRow(row)) {
      schema.push({ ...id, body })
      // An instance that is only written again leaves the namespace, and how it is spelled, as it is.
      const stays = before !== undefined && after !== undefined && !one.gone
      if (row.root === namespaceRoot && !stays) namespaces.push(namespaceWrite(one))
      continue
    }
    const instance = after ?? before!
    instances.push({
      namespace: id.namespace,
      root: id.root,
      key: id.key,
      className: CimName.fold(instance._tag === "Instance" ? instance.className : ""),
      seen: versions.size === 0 ? undefined : versions.get(idOf(id)),
      body
    })
  }
  return { instances, schema, namespaces, schemaChanges: changes.filter(({ row }) => isSchemaRow(row)) }
}

/** Whether there is nothing to write. */
export const isEmpty = ({ instances, schema }: Net): boolean => instances.length === 0 && schema.length === 0
