/**
 * Builds the read plan of an attempt, which grows while a decision asks for more rows.
 *
 * @internal
 */
import * as StoredObject from "../codec/storedObject.ts"
import type { RowId } from "../codec/storedObject.ts"
import type { ClassOf, ReadKeys } from "../engine/ReadSet.ts"
import type { MissingReads } from "../engine/state/PartialSnapshot.ts"
import type { RowKey } from "../engine/state/namespaceTables.ts"
import type { Row } from "../protocol/Change.ts"
import type { ReadPlan } from "./rowDatabase.ts"

/** A row with its key as a value (`value`) and as text (`key`). */
interface PlannedRow extends RowId {
  readonly value: RowKey
}

const classId = ({ className, namespace }: ClassOf): string => `${namespace}:${className}`

export class ReadPlanBuilder {
  private readonly folded: Set<string>
  private readonly rows: Map<string, Map<RowKey, PlannedRow>> = new Map()
  private last:
    | { readonly namespace: string; readonly root: string; readonly rows: Map<RowKey, PlannedRow> }
    | undefined
  private readonly classes: Map<string, ClassOf> = new Map()
  private readonly counts: Map<string, ClassOf> = new Map()

  /** Folded namespaces. */
  constructor(namespaces: Iterable<string>) {
    this.folded = new Set(namespaces)
  }

  /** The planned rows of a key root. Successive rows mostly have the same one. */
  private rowsOf(namespace: string, root: string): Map<RowKey, PlannedRow> {
    const { last } = this
    if (last !== undefined && last.root === root && last.namespace === namespace) return last.rows
    const keyRoot = `${namespace}:${root}`
    let rows = this.rows.get(keyRoot)
    if (rows === undefined) this.rows.set(keyRoot, rows = new Map())
    this.last = { namespace, root, rows }
    return rows
  }

  add({ classes, counts, rows }: ReadKeys): void {
    for (const { key: value, namespace, root } of rows) {
      const planned = this.rowsOf(namespace, root)
      if (!planned.has(value)) planned.set(value, { namespace, root, key: StoredObject.writeKey(value), value })
    }
    for (const one of classes) this.classes.set(classId(one), one)
    for (const one of counts) this.counts.set(classId(one), one)
  }

  addMissing(missing: MissingReads): void {
    for (const namespace of missing.namespaces) this.folded.add(namespace)
    this.add(missing)
  }

  get namespaces(): ReadonlyArray<string> {
    return [...this.folded]
  }

  has({ key, namespace, root }: Row): boolean {
    return this.rowsOf(namespace, root).has(key)
  }

  /** The number of single rows. */
  get size(): number {
    let n = 0
    for (const rows of this.rows.values()) n += rows.size
    return n
  }

  /** Whether it reads what has no version: the instances of a class, or their number. */
  get readsPopulations(): boolean {
    return this.classes.size > 0 || this.counts.size > 0
  }

  /** The plan as of this call. */
  get plan(): Omit<ReadPlan, "rows"> & { readonly rows: ReadonlyArray<PlannedRow> } {
    const rows: Array<PlannedRow> = []
    for (const some of this.rows.values()) for (const row of some.values()) rows.push(row)
    return { namespaces: this.namespaces, rows, classes: [...this.classes.values()], counts: [...this.counts.values()] }
  }
}
