/**
 * Changes of a namespace: a decision makes them and a store writes them. Every change has the object before it, so a list of changes can
 * be inverted.
 *
 * @since 0.1.0
 * @module
 */
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { WbemObject } from "../model/WbemObject.ts"

/**
 * The address of a stored object: a namespace, and in it a class by its folded name, or an instance by key root and key.
 *
 * @since 0.1.0
 * @category models
 */
export interface Row {
  /** The folded name of the namespace. */
  readonly namespace: string
  /** The folded name of the key root for an instance (ID-1); `""` for a class. */
  readonly root: string
  /** The folded class name, or the identity within the root (ID-2). */
  readonly key: string | number
}

/**
 * An object is written; it is new when `before` is `undefined`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Write {
  /** The tag of a write. */
  readonly _tag: "Write"
  /** The path of the object. */
  readonly path: ObjectPath
  /** The address of the object. */
  readonly row: Row
  /** The object before the change; `undefined` when it is new. */
  readonly before: WbemObject | undefined
  /** The object after the change. */
  readonly after: WbemObject
}

/**
 * An object is removed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Delete {
  /** The tag of a delete. */
  readonly _tag: "Delete"
  /** The path of the object. */
  readonly path: ObjectPath
  /** The address of the object. */
  readonly row: Row
  /** The object before the change. */
  readonly before: WbemObject
}

/**
 * One change.
 *
 * @since 0.1.0
 * @category models
 */
export type Change = Write | Delete

/**
 * The object that a change leaves in its row; `undefined` for a delete.
 *
 * @since 0.1.0
 * @category getters
 */
export const afterOf = (change: Change): WbemObject | undefined => change._tag === "Write" ? change.after : undefined

/**
 * The changes that undo a list of changes, in reverse order.
 *
 * @since 0.1.0
 * @category combinators
 */
export const invert = (changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const inverse: Array<Change> = []
  for (let i = changes.length - 1; i >= 0; i--) {
    const { before, path, row } = changes[i]!
    const after = afterOf(changes[i]!)
    if (before === undefined) inverse.push({ _tag: "Delete", path, row, before: after! })
    else inverse.push({ _tag: "Write", path, row, before: after, after: before })
  }
  return inverse
}

/**
 * The numbers of objects that a list of changes creates, overwrites and removes.
 *
 * @since 0.1.0
 * @category combinators
 */
export const summary = (
  changes: ReadonlyArray<Change>
): { readonly created: number; readonly updated: number; readonly deleted: number } => {
  let created = 0, updated = 0, deleted = 0
  for (const change of changes) {
    if (change._tag === "Delete") deleted++
    else if (change.before === undefined) created++
    else updated++
  }
  return { created, updated, deleted }
}
