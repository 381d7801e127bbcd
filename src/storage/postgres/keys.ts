/**
 * Texts that are too long for an index of PostgreSQL, whose entries hold about 2,700 bytes. The index column of such a text holds a
 * digest. The full text of a key is in a column of its own, that of a namespace is its name.
 *
 * A class name has at most 255 characters and so always fits.
 *
 * @internal
 */
import { sha256 } from "../digest.ts"
import type { TableDialect } from "../sql/dialect.ts"
import type { RowId } from "../../codec/storedObject.ts"
import type { InstanceWrite, SchemaWrite, WriteSet } from "../rowDatabase.ts"

/** The most bytes that an index column holds of a key and of a namespace; with 765 of a class name they fit an entry. */
const maxBytes = { key: 1_000, namespace: 700 }

const encoder = /* @__PURE__ */ new TextEncoder()

/** A code unit takes at most three bytes, so most texts need not be encoded. */
const isLonger = (text: string, bytes: number): boolean =>
  text.length * 3 > bytes && (text.length > bytes || encoder.encode(text).length > bytes)

export const isLongKey = (key: string): boolean => isLonger(key, maxBytes.key)
export const isLongNamespace = (namespace: string): boolean => isLonger(namespace, maxBytes.namespace)

/** A digest begins with a character that neither the text of a key nor a name begins with. */
const mark = "#"
const digest = (text: string): string => mark + sha256(text)

export const isDigest = (text: string): boolean => text.startsWith(mark)

/** The text in the index column of a key. */
export const keyColumn = (key: string): string => isLongKey(key) ? digest(key) : key
/** The text in the index columns of a folded namespace. */
export const namespaceColumn = (folded: string): string => isLongNamespace(folded) ? digest(folded) : folded

/** The text in the column of long keys; none for a short key. */
export const longColumn = (key: string): string | undefined => isLongKey(key) ? key : undefined

/** The index columns of the dialect. */
export const index: NonNullable<TableDialect["index"]> = {
  namespace: namespaceColumn,
  key: keyColumn,
  long: longColumn
}

/** A row with the texts of its index columns. */
export interface Indexed {
  readonly long?: string | undefined
}

const isShort = ({ key, namespace }: RowId): boolean => !isLongKey(key) && !isLongNamespace(namespace)

/** A row with the texts of its index columns; most rows stay unchanged. */
export const indexed = <A extends RowId>(row: A): A & Indexed =>
  isShort(row) ? row : {
    ...row,
    namespace: namespaceColumn(row.namespace),
    key: keyColumn(row.key),
    long: longColumn(row.key)
  }

/** A write set with the texts of the index columns. */
export interface IndexedWriteSet extends WriteSet {
  readonly instances: ReadonlyArray<InstanceWrite & Indexed>
  readonly schema: ReadonlyArray<SchemaWrite & Indexed>
}

const areShort = (pairs: WriteSet["preconditions"]): boolean => {
  for (let i = 0; i < pairs.length; i++) if (isLongNamespace(pairs[i]![0])) return false
  return true
}

const shortened = (pairs: WriteSet["preconditions"]): WriteSet["preconditions"] =>
  areShort(pairs) ? pairs : pairs.map(([namespace, token]) => [namespaceColumn(namespace), token])

/** A write set with the texts of the index columns. */
export const indexedWriteSet = (set: WriteSet): IndexedWriteSet => {
  const { instances, namespaces, preconditions, schema, validatedReads } = set
  if (
    schema.length === 0 && namespaces.length === 0 && areShort(preconditions) && instances.every(isShort)
    && validatedReads.every(isShort)
  ) return set
  return {
    ...set,
    preconditions: shortened(preconditions),
    versionIncrements: shortened(set.versionIncrements),
    validatedReads: validatedReads.map(indexed),
    instances: instances.map(indexed),
    schema: schema.map(indexed),
    namespaces: namespaces.map((one) => ({ ...one, namespace: namespaceColumn(one.namespace) }))
  }
}
