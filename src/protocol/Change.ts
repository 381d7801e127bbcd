/**
 * Changes of a namespace: what a decision writes and a store keeps. Every change carries what was there before, so a list of
 * changes can be inverted.
 *
 * @since 0.1.0
 */
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { WbemObject } from "../model/WbemObject.ts"

/**
 * Where an object is stored: a namespace, and in it a class by its folded name, or an instance by key root and key.
 *
 * @since 0.1.0
 * @category models
 */
export interface Row {
  /** Folded. */
  readonly namespace: string
  /** The folded name of the key root for an instance (ID-1); `""` for a class. */
  readonly root: string
  /** The folded class name, or the identity within the root (ID-2). */
  readonly key: string | number
}

/**
 * An object written: new when `before` is `undefined`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Write {
  readonly _tag: "Write"
  readonly path: ObjectPath
  readonly row: Row
  readonly before: WbemObject | undefined
  readonly after: WbemObject
}

/**
 * An object removed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Delete {
  readonly _tag: "Delete"
  readonly path: ObjectPath
  readonly row: Row
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
 * The changes that lead back, last one first.
 *
 * @since 0.1.0
 * @category combinators
 */
export const invert = (changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const back: Array<Change> = []
  for (let i = changes.length - 1; i >= 0; i--) {
    const { before, path, row, ...rest } = changes[i]!
    const after = rest._tag === "Write" ? rest.after : undefined
    if (before === undefined) back.push({ _tag: "Delete", path, row, before: after! })
    else back.push({ _tag: "Write", path, row, before: after, after: before })
  }
  return back
}

/**
 * How many objects a list creates, overwrites and removes.
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
