/**
 * Rows of a store that cannot be read, kept beside the rows that can: what asks for such a row fails, and everything else goes on.
 *
 * @internal
 */
import * as Either from "effect/Either"
import { isWbemError, type WbemError } from "../../protocol/WbemError.ts"
import type { Row } from "../../protocol/Change.ts"

type RowKey = Row["key"]

/** A stored row that cannot be read. Names are folded, as they are stored. */
export interface Unreadable {
  readonly namespace: string
  /** The key root; empty for a class, `undefined` where the row is the namespace itself. */
  readonly root: string | undefined
  /** The text of the key as it is stored; `undefined` where the row is the namespace itself. */
  readonly key: string | undefined
  /** What is wrong with it. */
  readonly problem: string
  /** What is stored, where that is text. */
  readonly text: string | undefined
  /** What a call that needs the row fails with. */
  readonly error: WbemError
}

/** The unreadable rows of one namespace. */
export class UnreadableRows {
  /** By folded class name. */
  readonly classes: Map<string, Unreadable>
  /** By key root and key. */
  readonly rows: Map<string, Map<RowKey, Unreadable>>
  /** Those whose key cannot be read either, by key root. */
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

  /** Forgets a row that can be read again, or is gone; answers whether it was one of these. */
  delete(root: string, key: RowKey): boolean {
    return root === "" ? this.classes.delete(String(key)) : this.rows.get(root)?.delete(key) === true
  }

  has(root: string, key: RowKey): boolean {
    return root === "" ? this.classes.has(String(key)) : this.rows.get(root)?.has(key) === true
  }

  copy(): UnreadableRows {
    return new UnreadableRows(this)
  }

  /** Throws when a row cannot be read. */
  assertRow(root: string, key: RowKey): void {
    const unreadable = this.rows.get(root)?.get(key)
    if (unreadable !== undefined) throw unreadable.error
  }

  /** Throws when a class cannot be read. */
  assertClass(folded: string): void {
    const unreadable = this.classes.get(folded)
    if (unreadable !== undefined) throw unreadable.error
  }

  /** Throws when any class cannot be read: which classes it stands below is not known. */
  assertHierarchy(): void {
    for (const row of this.classes.values()) throw row.error
    for (const row of this.keyless.get("") ?? []) throw row.error
  }

  /** Throws when any row of a key root cannot be read. */
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

/** What `look` answers, or the status that it threw because a row cannot be read. */
export const catchUnreadable = <A>(read: () => A): Either.Either<A, WbemError> => {
  try {
    return Either.right(read())
  } catch (error) {
    if (isWbemError(error)) return Either.left(error)
    throw error
  }
}
