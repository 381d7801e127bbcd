/**
 * Texts that are too long for an index of PostgreSQL, whose entries hold about 2,700 bytes. The index column of such a text holds a
 * digest. The full text of a key stands in a column of its own, that of a namespace is its name.
 *
 * A class name has at most 255 characters and so fits as it is.
 *
 * @internal
 */
import { sha256 } from "../digest.ts"
import type { Dialect } from "../sql/tableStatements.ts"
import type { RowId } from "../../codec/storedObject.ts"
import type { Commit, Contents, InstanceWrite, SchemaWrite } from "../rowDatabase.ts"

/** The most bytes that an index column holds of a key and of a namespace; with 765 of a class name they fit an entry. */
const most = { key: 1_000, namespace: 700 }

const encoder = /* @__PURE__ */ new TextEncoder()

/** A code unit takes at most three bytes, so most texts need not be encoded. */
const isLonger = (text: string, bytes: number): boolean =>
  text.length * 3 > bytes && (text.length > bytes || encoder.encode(text).length > bytes)

export const isLongKey = (key: string): boolean => isLonger(key, most.key)
export const isLongNamespace = (namespace: string): boolean => isLonger(namespace, most.namespace)

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

export const postgres: Dialect = {
  integer: "bigint",
  table: "",
  index: { namespace: namespaceColumn, key: keyColumn, long: longColumn }
}

/** A row as its index columns have it. */
export interface Indexed {
  readonly long?: string | undefined
}

const isShort = ({ key, namespace }: RowId): boolean => !isLongKey(key) && !isLongNamespace(namespace)

/** A row with the texts of its index columns; most rows stay as they are. */
export const indexed = <A extends RowId>(row: A): A & Indexed =>
  isShort(row) ? row : {
    ...row,
    namespace: namespaceColumn(row.namespace),
    key: keyColumn(row.key),
    long: longColumn(row.key)
  }

/** A commit as index columns have it. */
export interface IndexedCommit extends Commit {
  readonly instances: ReadonlyArray<InstanceWrite & Indexed>
  readonly schema: ReadonlyArray<SchemaWrite & Indexed>
}

const areShort = (pairs: Commit["guards"]): boolean => {
  for (let i = 0; i < pairs.length; i++) if (isLongNamespace(pairs[i]![0])) return false
  return true
}

const shortened = (pairs: Commit["guards"]): Commit["guards"] =>
  areShort(pairs) ? pairs : pairs.map(([namespace, token]) => [namespaceColumn(namespace), token])

/** The writes of a commit, or of other contents, with the texts of their index columns. */
export const indexedCommit = (commit: Commit): IndexedCommit => {
  const { guards, instances, kept, namespaces, schema } = commit
  if (
    schema.length === 0 && namespaces.length === 0 && areShort(guards) && instances.every(isShort)
    && kept.every(isShort)
  ) return commit
  return {
    ...commit,
    guards: shortened(guards),
    bumps: shortened(commit.bumps),
    kept: kept.map(indexed),
    instances: instances.map(indexed),
    schema: schema.map(indexed),
    namespaces: namespaces.map((one) => ({ ...one, namespace: namespaceColumn(one.namespace) }))
  }
}

/** See {@link indexedCommit}. */
export const indexedContents = (
  { instances, schema }: Contents
): {
  readonly instances: ReadonlyArray<Contents["instances"][number] & Indexed>
  readonly schema: ReadonlyArray<SchemaWrite & Indexed>
} => ({ instances: instances.map(indexed), schema: schema.map(indexed) })
