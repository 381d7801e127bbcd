/**
 * Reads rows of SQLite whose text may be damaged. SQLite stores any bytes as text. On text that is not UTF-8 one driver (`libsql`)
 * aborts the process, and others silently replace the bytes. So text is read as bytes and decoded here: always where the driver
 * requires it or is not known, and elsewhere as soon as a result looks damaged.
 *
 * - *packed*: all rows of a result as one blob. Control characters, which no stored text contains, separate fields and rows. One blob
 *   costs a driver less than a text for each field.
 * - *bytes*: every field as a blob. It shows which field is damaged, and is used when the packed blob does not decode.
 *
 * @internal
 */
import * as Exit from "effect/Exit"
import * as Eager from "../../internal/eager.ts"
import type { Select } from "../sql/dialect.ts"
import type { Query, QueryError, Row } from "../sql/driver.ts"
import { reasonOf } from "../sql/failures.ts"

/** How text is read: as the driver decodes it, or as bytes because the driver does not survive text that is not UTF-8. */
export type Reads = "Text" | "Bytes"

/** A statement that reads, in its three forms. */
export interface Forms extends Select {
  readonly packed: string
  readonly bytes: string
}

/** Occur in no text of a store: names and keys contain no control characters, bodies are JSON. */
const [absent, fieldEnd, rowEnd] = ["\u001d", "\u001f", "\u001e"]

const packedStart = "select cast(group_concat("

/** Whether a statement is in its packed form, which returns one row. */
export const isPacked = (sql: string): boolean => sql.startsWith(packedStart)

/** The forms of a statement that returns these columns. */
export const select = (columns: ReadonlyArray<string>, text: string): Forms => ({
  columns,
  text,
  packed: `${packedStart}${
    columns.map((column) => `ifnull(${column}, x'1d')`).join(" || x'1f' || ")
  }, x'1e') as blob) as packed from (${text})`,
  bytes: `select ${columns.map((column) => `cast(${column} as blob) as ${column}`).join(", ")} from (${text})`
})

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** A blob as its driver gives it; `undefined` for anything else. */
const bytesOf = (value: unknown): ArrayBuffer | ArrayBufferView | undefined =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? value
    : Array.isArray(value)
    ? Uint8Array.from(value as ReadonlyArray<number>)
    : undefined

/** A substring of a text that is longer is copied, because it keeps all of the text in memory. */
const shortLength = 1_000

/** Names repeat in a result, and some are kept as keys: they are copied once. */
const interned = (names: Map<string, string>, text: string): string => {
  const known = names.get(text)
  if (known !== undefined) return known
  const copy = JSON.parse(JSON.stringify(text)) as string
  names.set(copy, copy)
  return copy
}

/** The rows of a packed result; `undefined` when it does not decode to rows of that many fields. */
const unpacked = ({ columns }: Forms, [row]: ReadonlyArray<Row>): ReadonlyArray<Row> | undefined => {
  const packed = row?.["packed"]
  if (packed === null || packed === undefined) return []
  let text: string
  try {
    text = decoder.decode(bytesOf(packed))
  } catch { // not UTF-8, or longer than a JavaScript string can be
    return undefined
  }
  const rows: Array<Row> = []
  const names = text.length > shortLength ? new Map<string, string>() : undefined
  for (const line of text.split(rowEnd)) {
    const fields = line.split(fieldEnd)
    if (fields.length !== columns.length) return undefined
    const found: Record<string, unknown> = {}
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!
      const column = columns[i]!
      found[column] = field === absent
        ? null
        : names !== undefined && (column === "namespace" || column === "root")
        ? interned(names, field)
        : field
    }
    rows.push(found)
  }
  return rows
}

/** A field as text; a field that is not UTF-8 stays bytes, which its row reports. */
const decoded = (value: unknown): unknown => {
  const bytes = bytesOf(value)
  if (bytes === undefined) return value
  try {
    return decoder.decode(bytes)
  } catch {
    return value
  }
}

const asBytes = (
  query: Query,
  { bytes }: Forms,
  parameters: ReadonlyArray<unknown>
): Eager.Eager<ReadonlyArray<Row>, QueryError> =>
  Eager.map(
    query(bytes, parameters),
    (rows) => rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, decoded(value)])))
  )

/** What a decoder writes in the place of bytes that it cannot decode. */
const replacement = "\ufffd"

/** Whether a field cannot be what a store wrote. Users may have written the replacement character: its row is read once more. */
const isSuspect = (value: unknown): boolean =>
  typeof value === "string" ? value.includes(replacement) : typeof value !== "number" && value !== null

/** An error that does not come from SQLite: the driver has no value for what is stored. */
const isOfDriver = (error: QueryError): boolean => {
  const reason = reasonOf(error)
  return reason === "Other" || reason === "TooBig"
}

/** Rows that were read as text; `undefined` when one looks damaged. */
const undamaged = ({ columns }: Forms, rows: ReadonlyArray<Row>): ReadonlyArray<Row> | undefined => {
  for (const row of rows) {
    for (let i = 0; i < columns.length; i++) if (isSuspect(row[columns[i]!])) return undefined
  }
  return rows
}

/** The rows of a statement. A field that cannot be read as text is no string. */
export const rowsOf = (
  query: Query,
  statement: Forms,
  parameters: ReadonlyArray<unknown>,
  reads: Reads
): Eager.Eager<ReadonlyArray<Row>, QueryError> => {
  const isText = reads === "Text"
  const read = query(isText ? statement.text : statement.packed, parameters)
  return Eager.flatMap(
    Eager.catchAll(read, (error) => isOfDriver(error) ? Exit.succeed(undefined) : Eager.fail(error)),
    (found) => {
      const rows = found && (isText ? undamaged : unpacked)(statement, found)
      return rows === undefined ? asBytes(query, statement, parameters) : Exit.succeed(rows)
    }
  )
}
