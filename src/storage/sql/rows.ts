/**
 * Rows of the tables as drivers return them, decoded, and the parts of statements that all dialects share.
 *
 * @internal
 */
import type { ClassOf } from "../../engine/ReadSet.ts"
import * as CimName from "../../model/CimName.ts"
import type { InstanceRow, Loaded, NamespaceRow, SchemaChanges, SchemaRow } from "../rowDatabase.ts"
import type { Row } from "./driver.ts"

/** The columns of `effect_wmi_namespace` that a store reads. */
export const namespaceColumns: ReadonlyArray<string> = ["folded", "name", "token"]
/** The columns of a schema row joined with its namespace. */
export const schemaColumns: ReadonlyArray<string> = ["name", "counter", "token", "root", "key", "body"]
/** The columns of `effect_wmi_instance`, and of `effect_wmi_schema`, that a store reads. */
export const rowColumns: ReadonlyArray<string> = ["namespace", "root", "key", "version", "body"]

/** Drivers that keep 64 bits return numbers as text. A damaged value may be empty, or bytes: that is `NaN`. */
const integer = (row: Row, name: string): number => {
  const value = row[name]
  return typeof value === "object" || value === "" ? Number.NaN : Number(value)
}

/** A column that should be text, for a message. */
export const shown = (value: unknown): string =>
  typeof value === "string"
    ? value
    : value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? new TextDecoder("latin1").decode(value)
    : String(value)

/** The damage of the first column that is not what a store writes; `undefined` when there is none. */
const damageOf = (row: Row, texts: ReadonlyArray<string>, number?: string): string | undefined => {
  for (const name of texts) {
    const value = row[name]
    if (typeof value !== "string") {
      return typeof value === "object" && value !== null ? `its ${name} is not UTF-8` : `its ${name} is not text`
    }
  }
  return number === undefined || Number.isSafeInteger(integer(row, number)) ? undefined : `its ${number} is no number`
}

/** Whether a namespace of that name has this text in its index column. A digest begins with a character that no name begins with. */
const isNameOf = (name: string, column: string): boolean => column.startsWith("#") || CimName.equals(name, column)

/** The namespaces of some rows, by folded name. */
export const namespacesOf = (rows: ReadonlyArray<Row>): Pick<Loaded, "damaged" | "namespaces"> => {
  const namespaces = new Map<string, NamespaceRow>()
  let damaged: Map<string, string> | undefined
  for (const row of rows) {
    const { folded, name } = row
    const token = integer(row, "token")
    if (
      typeof folded === "string" && typeof name === "string" && isNameOf(name, folded) && Number.isSafeInteger(token)
    ) {
      namespaces.set(folded, { name, token })
    } else {
      damaged ??= new Map()
      damaged.set(shown(folded), damageOf(row, namespaceTexts, "token") ?? "its name is not that of its key")
    }
  }
  return damaged === undefined ? { namespaces } : { namespaces, damaged }
}

const namespaceTexts = ["folded", "name"]
const instanceTexts = ["namespace", "root", "key", "body"]
const schemaTexts = ["root", "key", "body"]
const deletedTexts = ["root", "key"]

export const instanceOf = (row: Row): InstanceRow => {
  const { body, key, namespace, root } = row
  const version = integer(row, "version")
  if (
    typeof namespace === "string" && typeof root === "string" && typeof key === "string" && typeof body === "string"
    && Number.isSafeInteger(version)
  ) return { namespace, root, key, version, body }
  const damage = damageOf(row, instanceTexts, "version")
  return { namespace: shown(namespace), root: shown(root), key: shown(key), version, body: shown(body), damage }
}

const schemaOf = (row: Row): SchemaRow => {
  const body = row["body"] ?? undefined
  return {
    root: shown(row["root"]),
    key: shown(row["key"]),
    body: body === undefined ? undefined : shown(body),
    damage: damageOf(row, body === undefined ? deletedTexts : schemaTexts)
  }
}

/** Each row is joined with its namespace; a namespace without schema rows is a row by itself. */
export const schemaChangesOf = (rows: ReadonlyArray<Row>, isComplete: boolean): SchemaChanges | undefined => {
  const first = rows[0]
  if (first === undefined) return undefined
  const counter = integer(first, "counter")
  return {
    name: shown(first["name"]),
    // Without a counter every change is new.
    version: { counter: Number.isSafeInteger(counter) ? counter : 0, token: integer(first, "token") },
    isComplete,
    rows: rows.filter((row) => row["key"] !== null).map(schemaOf)
  }
}

/** The `like` pattern of a token in the history of a namespace. */
export const inHistory = (token: number): string => `%,${token},%`

/** The most characters of a history besides its newest token: about 32 tokens. */
const historyLength = 544

/**
 * The assignments that count a change of a namespace's schema. The history lists the tokens of the last changes, newest first, each
 * between commas. A token that is cut off at the end lacks its comma, so it is not found.
 */
export const schemaChange = (token: number, before = ""): string =>
  `counter = ${before}counter + 1, token = ${token}, history = ',${token}' || substr(${before}history, 1, ${historyLength})`

export const countOf = (row: Row): ClassOf & { readonly n: number } => ({
  namespace: shown(row["namespace"]),
  className: shown(row["class"]),
  n: integer(row, "n")
})

/**
 * Deletes everything. Schema rows stay without a body and with a newer version, so that processes that cached them see the
 * deletion.
 */
export const deleteEverything = (token: number): ReadonlyArray<string> => [
  "delete from effect_wmi_instance",
  `update effect_wmi_namespace set ${schemaChange(token)}, alive = false`,
  `update effect_wmi_schema set body = null,
    version = (select counter from effect_wmi_namespace where folded = effect_wmi_schema.namespace)`
]
