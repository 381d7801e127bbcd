/**
 * Keys of duplicates. Form 1 may hold two objects that have one identity in form 2. The second one keeps a row of its
 * own, under the key of the identity with a mark and a number. A put never makes such a key, because key text has no
 * control characters (`instance-put` 2). So no put or delete by path reaches a duplicate; listings, dumps and deletes
 * of the whole class do.
 *
 * @internal
 */
import type { RowKey } from "../../engine/state/namespaceTables.ts"

const mark = "\u0001"

/** The key of the n-th object of an identity; the first one has the key itself. */
export const duplicateKey = (key: RowKey, n: number): RowKey => n === 1 ? key : `${key}${mark}${n}`

/** Whether a key is that of a duplicate. */
export const isDuplicateKey = (key: RowKey): boolean => typeof key === "string" && /\u0001\d+$/.test(key)

/** The number of an object within its identity; 1 for the object that has the key itself. */
export const duplicateNumber = (key: RowKey): number =>
  typeof key === "string" && isDuplicateKey(key) ? Number(key.slice(key.lastIndexOf(mark) + 1)) : 1

/** The key without the mark of a duplicate. */
export const originalKey = (key: RowKey): RowKey =>
  typeof key === "string" && isDuplicateKey(key) ? key.slice(0, key.lastIndexOf(mark)) : key
