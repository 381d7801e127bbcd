/**
 * Unreadable rows of a store, kept beside the readable ones. An operation that needs an unreadable row fails;
 * everything else works.
 *
 * @internal
 */
import * as Either from "effect/Either"
import { isWbemError, type StoreError } from "../../protocol/WbemError.ts"
import type { Row } from "../../protocol/Change.ts"

type RowKey = Row["key"]

/**
 * A stored row that is unreadable. Names are folded, as they are stored.
 *
 * @since 0.1.0
 * @category models
 */
export interface Unreadable {
  /** The folded name of the namespace. */
  readonly namespace: string
  /** The key root; empty for a class, `undefined` where the row is the namespace itself. */
  readonly root: string | undefined
  /** The text of the key as it is stored; `undefined` where the row is the namespace itself. */
  readonly key: string | undefined
  /** The reason why it is unreadable. */
  readonly problem: string
  /** The stored content, where it is text. */
  readonly text: string | undefined
  /** The error of an operation that needs the row. */
  readonly error: StoreError
}

/** The unreadable rows of one namespace. */
export class UnreadableRows {
  /** By folded class name. */
  readonly classes: Map<string, Unreadable>
  /** By key root and key. */
  readonly rows: Map<string, Map<RowKey, Unreadable>>
  /** Rows whose key is unreadable too, by key root. */
  readonly keyless: Map<string, ReadonlyArray<Unreadable>>

  constructor(from?: UnreadableRows) {
    this.classes = new Map(from?.classes)
    this.rows = new Map(from === undefined ? [] : Array.from(from.rows, ([root, rows]) => [root, new Map(rows)]))
    this.keyless = new Map(from?.keyless)
  }

  add(root: string, key: RowKey | undefined, row: Unreadable): void {
    if (key === undefined) this.keyless.set(root, [...this.keyless.get(root) ?? [], row])
    else if (root === "") this.classes.set(String(key), row)
    else {
      const rows = this.rows.get(root)
      if (rows === undefined) this.rows.set(root, new Map([[key, row]]))
      else rows.set(key, row)
    }
  }

  /** Removes a row that is readable again or was deleted. Returns whether it was present. */
  delete(root: string, key: RowKey): boolean {
    return root === "" ? this.classes.delete(String(key)) : this.rows.get(root)?.delete(key) === true
  }

  has(root: string, key: RowKey): boolean {
    return root === "" ? this.classes.has(String(key)) : this.rows.get(root)?.has(key) === true
  }

  copy(): UnreadableRows {
    return new UnreadableRows(this)
  }

  /** Throws when the row is unreadable. */
  assertRow(root: string, key: RowKey): void {
    const unreadable = this.rows.get(root)?.get(key)
    if (unreadable !== undefined) throw unreadable.error
  }

  /** Throws when the class is unreadable. */
  assertClass(folded: string): void {
    const unreadable = this.classes.get(folded)
    if (unreadable !== undefined) throw unreadable.error
  }

  /** Throws when any class is unreadable, because its superclass is unknown. */
  assertHierarchy(): void {
    for (const row of this.classes.values()) throw row.error
    for (const row of this.keyless.get("") ?? []) throw row.error
  }

  /** Throws when any row of the key root is unreadable. */
  assertRoot(root: string): void {
    for (const row of this.rows.get(root)?.values() ?? []) throw row.error
    for (const row of this.keyless.get(root) ?? []) throw row.error
  }

  *all(): Iterable<Unreadable> {
    yield* this.classes.values()
    for (const rows of this.rows.values()) yield* rows.values()
    for (const some of this.keyless.values()) yield* some
  }
}

/** Whether a reader threw the error of an unreadable row, or a database that of a row that it cannot write. Readers throw no others. */
export const isThrown = (u: unknown): u is StoreError => isWbemError(u)

/** The result of `read`. If a row that it needs is unreadable, the result of `onError` for the status that it threw. */
export const readOr = <A, B>(read: () => A, onError: (error: StoreError) => B): A | B => {
  try {
    return read()
  } catch (error) {
    if (isThrown(error)) return onError(error)
    throw error
  }
}

/** The result of `read`, or the status that it threw because a row is unreadable. */
export const catchUnreadable = <A>(read: () => A): Either.Either<A, StoreError> =>
  readOr((): Either.Either<A, StoreError> => Either.right(read()), Either.left)
