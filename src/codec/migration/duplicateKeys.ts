/**
 * Keys of twins: of two objects that a store held apart and that are one identity now, the second keeps its row under its key with a
 * mark. A put never makes such a key, because text with control characters is no key value (`instance-put` 2). So nothing replaces or
 * deletes a twin by path; listings, dumps and deletes of the whole class reach it.
 *
 * @internal
 */
import type { RowKey } from "../../engine/state/namespaceTables.ts"

const mark = "\u0001"

/** The n-th object of an identity; the first has the key itself. */
export const duplicateKey = (key: RowKey, n: number): RowKey => n === 1 ? key : `${key}${mark}${n}`

/** Whether a key is a twin's. */
export const isDuplicateKey = (key: RowKey): boolean => typeof key === "string" && /\u0001\d+$/.test(key)

/** Which object of its identity a key belongs to; 1 for the one that has it. */
export const duplicateNumber = (key: RowKey): number =>
  typeof key === "string" && isDuplicateKey(key) ? Number(key.slice(key.lastIndexOf(mark) + 1)) : 1

/** The key of an identity: of a twin that of the object which it is a twin of. */
export const originalKey = (key: RowKey): RowKey =>
  typeof key === "string" && isDuplicateKey(key) ? key.slice(0, key.lastIndexOf(mark)) : key
