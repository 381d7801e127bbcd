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
export const twinKey = (key: RowKey, n: number): RowKey => n === 1 ? key : `${key}${mark}${n}`

/** Whether a key is a twin's. */
export const isTwin = (key: RowKey): boolean => typeof key === "string" && /\u0001\d+$/.test(key)

/** Which object of its identity a key belongs to; 1 for the one that has it. */
export const twinNumber = (key: RowKey): number =>
  typeof key === "string" && isTwin(key) ? Number(key.slice(key.lastIndexOf(mark) + 1)) : 1

/** The key of an identity: of a twin that of the object which it is a twin of. */
export const identityOf = (key: RowKey): RowKey =>
  typeof key === "string" && isTwin(key) ? key.slice(0, key.lastIndexOf(mark)) : key
