/**
 * What a look is to load, growing while a decision asks for more.
 *
 * @internal
 */
import type { ClassOf, ReadKeys } from "../engine/ReadSet.ts"
import type { MissingReads } from "../engine/state/PartialSnapshot.ts"
import type { RowKey } from "../engine/state/namespaceTables.ts"
import type { Row } from "../protocol/Change.ts"
import type { RowId } from "../codec/storedObject.ts"
import type { Wanted } from "./rowDatabase.ts"
import * as StoredForm from "../codec/storedObject.ts"

/** A row with its key as a value and as text. */
export interface WantedRow extends RowId {
  readonly value: RowKey
}

const classId = ({ className, namespace }: ClassOf): string => `${namespace}:${className}`

export class WantedRows {
  private readonly spaces: Set<string>
  private readonly byPlace: Map<string, Map<RowKey, WantedRow>> = new Map()
  private readonly whole: Map<string, ClassOf> = new Map()
  private readonly counted: Map<string, ClassOf> = new Map()

  /** Folded namespaces. */
  constructor(namespaces: Iterable<string>) {
    this.spaces = new Set(namespaces)
  }

  private row(namespace: string, root: string, value: RowKey): void {
    const place = `${namespace}:${root}`
    let rows = this.byPlace.get(place)
    if (rows === undefined) this.byPlace.set(place, rows = new Map())
    if (!rows.has(value)) rows.set(value, { namespace, root, key: StoredForm.writeKey(value), value })
  }

  private classes(whole: Iterable<ClassOf>, counted: Iterable<ClassOf>): void {
    for (const one of whole) this.whole.set(classId(one), one)
    for (const one of counted) this.counted.set(classId(one), one)
  }

  add({ classes, counts, rows }: ReadKeys): void {
    for (const { key, namespace, root } of rows) this.row(namespace, root, key)
    this.classes(classes, counts)
  }

  addMissed(misses: MissingReads): void {
    for (const namespace of misses.namespaces) this.spaces.add(namespace)
    for (const { key, namespace, root } of misses.rows) this.row(namespace, root, key)
    this.classes(misses.classes, misses.counts)
  }

  get namespaces(): ReadonlyArray<string> {
    return [...this.spaces]
  }

  /** Whether a single row is wanted. */
  has({ key, namespace, root }: Row): boolean {
    return this.byPlace.get(`${namespace}:${root}`)?.has(key) === true
  }

  /** How many single rows. */
  get size(): number {
    let n = 0
    for (const place of this.byPlace.values()) n += place.size
    return n
  }

  /** Whether it asks for what has no version: who is in a class, or how many. */
  get populations(): boolean {
    return this.whole.size > 0 || this.counted.size > 0
  }

  /** As it stands now. */
  get now(): Omit<Wanted, "rows"> & { readonly rows: ReadonlyArray<WantedRow> } {
    const rows: Array<WantedRow> = []
    for (const place of this.byPlace.values()) for (const row of place.values()) rows.push(row)
    return { namespaces: this.namespaces, rows, classes: [...this.whole.values()], counts: [...this.counted.values()] }
  }
}
