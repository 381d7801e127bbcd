/**
 * A partial snapshot: the schema of some namespaces and the instances that a store has loaded. It records every read of
 * something that was not loaded. When there is such a missing read, the decision is discarded and made again after the
 * missing rows were loaded. So a decision is correct whatever it reads; a good read set only saves the second round.
 *
 * Stores with external rows use it. The memory store decides over whole snapshots.
 *
 * @since 0.1.0
 * @module
 */
import * as CimName from "../../model/CimName.ts"
import type { ClassDefinition, Instance } from "../../model/WbemObject.ts"
import type { Row } from "../../protocol/Change.ts"
import { type Unreadable, UnreadableRows } from "./unreadableRows.ts"
import * as ReadSet from "../ReadSet.ts"
import type { ResolvedClass } from "../classes/ResolvedClass.ts"
import * as Snapshot from "./Snapshot.ts"
import {
  isSchemaRow,
  isSystemRoot,
  NamespaceTables,
  type ReadObserver,
  type RowKey,
  Tables
} from "./namespaceTables.ts"

/**
 * Reads of something that was not loaded. Names are folded.
 *
 * @since 0.1.0
 * @category models
 */
export interface MissingReads {
  /** Whether anything was missing; an assumed row does not count. */
  readonly any: boolean
  /** Namespaces whose schema was read. */
  readonly namespaces: ReadonlySet<string>
  /** Rows that were read: namespace, key root (ID-1), identity within the root (ID-2). */
  readonly rows: ReadonlyArray<{ readonly namespace: string; readonly root: string; readonly key: RowKey }>
  /** Classes whose number of instances was read. */
  readonly counts: ReadonlyArray<ReadSet.ClassOf>
  /** Classes whose instances were read. */
  readonly classes: ReadonlyArray<ReadSet.ClassOf>
  /** Rows that were read and assumed to be absent, each once. They count as loaded, not as missing. */
  readonly assumedAbsent: ReadonlyArray<{ readonly namespace: string; readonly root: string; readonly key: RowKey }>
}

/**
 * A partial snapshot: the state to decide over, and the reads that were missing so far.
 *
 * @since 0.1.0
 * @category models
 */
export interface PartialSnapshot {
  /** The state to decide over. */
  readonly snapshot: Snapshot.Snapshot
  /** The reads so far of something that was not loaded. It grows while the snapshot is read. */
  readonly missing: MissingReads
}

/**
 * The instances that a store has loaded. Names are folded.
 *
 * @since 0.1.0
 * @category models
 */
export interface Loaded {
  /** Rows that were queried. `instance` is `undefined` when the row does not exist. */
  readonly rows: Iterable<{
    readonly namespace: string
    readonly root: string
    readonly key: RowKey
    readonly instance: Instance | undefined
  }>
  /** How many instances of exactly these classes there are. */
  readonly counts: Iterable<ReadSet.ClassOf & { readonly n: number }>
  /** Classes all of whose instances are among the rows. */
  readonly classes: Iterable<ReadSet.ClassOf>
  /** Rows and namespaces that exist and are unreadable. A decision that reads one fails with its `error`. */
  readonly unreadable?: Iterable<Unreadable & { readonly row: RowKey | undefined }> | undefined
}

class MissingReadLog implements MissingReads {
  readonly namespaces: Set<string> = new Set()
  readonly rows: Array<MissingReads["rows"][number]> = []
  readonly counts: Array<ReadSet.ClassOf> = []
  readonly classes: Array<ReadSet.ClassOf> = []
  readonly assumedAbsent: Array<MissingReads["assumedAbsent"][number]> = []

  get any(): boolean {
    return this.namespaces.size > 0 || this.rows.length > 0 || this.counts.length > 0 || this.classes.length > 0
  }
}

/** Whether instances of a class are loaded row by row. */
const hasRows = ({ root }: ResolvedClass): boolean => root !== undefined && !isSystemRoot(root)

/** The reads of one namespace that the loaded rows can serve. */
class LoadedReads implements ReadObserver {
  private readonly namespace: string
  private readonly missing: MissingReadLog
  /** Set for a namespace that a change created: the store holds nothing of it, so nothing is missing. */
  private readonly isComplete: boolean
  private readonly assumeAbsent: boolean
  readonly rows: Map<string, Set<RowKey>> = new Map()
  readonly counts: Set<string> = new Set()
  readonly classes: Set<string> = new Set()

  constructor(namespace: string, missing: MissingReadLog, { assumeAbsent = false, isComplete = false } = {}) {
    this.namespace = namespace
    this.missing = missing
    this.isComplete = isComplete
    this.assumeAbsent = assumeAbsent
  }

  row(root: string, key: RowKey): void {
    if (this.isComplete || isSystemRoot(root) || this.rows.get(root)?.has(key) === true) return
    if (this.assumeAbsent) {
      this.loaded(root, key)
      this.missing.assumedAbsent.push({ namespace: this.namespace, root, key })
    } else this.missing.rows.push({ namespace: this.namespace, root, key })
  }

  count(resolvedClass: ResolvedClass): void {
    const className = resolvedClass.folded
    if (this.isComplete || !hasRows(resolvedClass) || this.counts.has(className) || this.classes.has(className)) return
    this.missing.counts.push({ namespace: this.namespace, className })
  }

  instances(resolvedClass: ResolvedClass): void {
    const className = resolvedClass.folded
    if (this.isComplete || !hasRows(resolvedClass) || this.classes.has(className)) return
    this.missing.classes.push({ namespace: this.namespace, className })
  }

  loaded(root: string, key: RowKey): void {
    const known = this.rows.get(root)
    if (known === undefined) this.rows.set(root, new Set([key]))
    else known.add(key)
  }
}

/**
 * Tables that share the classes and system instances of a namespace until they are changed, and hold no other instances
 * yet.
 */
const shared = (schema: NamespaceTables, loadedReads: LoadedReads): NamespaceTables =>
  Object.assign(
    new NamespaceTables(schema.name),
    schema,
    {
      rows: new Map(schema.rows),
      counts: new Map(schema.counts),
      observer: loadedReads
    } satisfies Partial<NamespaceTables>
  )

class PartialTables extends Tables {
  readonly missing: MissingReadLog = new MissingReadLog()
  /** Folded namespaces that the store was asked for, whether they exist or not, and namespaces created since. */
  private readonly requested: Set<string>
  /** Namespaces whose classes are still shared with the schema. */
  private readonly sharingSchema: Set<string> = new Set()
  /** Namespaces that were not asked for. All their tables still belong to the schema. */
  private readonly unrequested: Set<string> = new Set()
  readonly loadedReads: Map<string, LoadedReads> = new Map()
  /** Unreadable namespaces. */
  private unreadableNamespaces: Map<string, Unreadable> | undefined = undefined

  constructor(schema: Tables, namespaces: Iterable<string>, assumeAbsent: boolean) {
    super()
    this.requested = new Set(namespaces)
    this.descriptorCount = 1 // any namespace may have a descriptor, so descriptors are always read
    for (const [folded, tables] of schema.namespaces) {
      if (!this.requested.has(folded)) {
        this.unrequested.add(folded)
        this.namespaces.set(folded, tables)
      } else {
        const loadedReads = new LoadedReads(folded, this.missing, { assumeAbsent })
        this.loadedReads.set(folded, loadedReads)
        this.sharingSchema.add(folded)
        this.namespaces.set(folded, shared(tables, loadedReads))
      }
    }
  }

  override namespace(namespace: string): NamespaceTables | undefined {
    if (this.unreadableNamespaces !== undefined) {
      const found = this.unreadableNamespaces.get(CimName.fold(namespace))
      if (found !== undefined) throw found.error
    }
    const tables = super.namespace(namespace)
    if (tables?.observer === undefined) {
      const folded = CimName.fold(namespace)
      if (!this.requested.has(folded)) this.missing.namespaces.add(folded)
    }
    return tables
  }

  protected override write(
    namespace: string,
    row: Row,
    before: ClassDefinition | Instance | undefined,
    after: ClassDefinition | Instance | undefined
  ): void {
    // A decision with missing reads may write to a namespace that was not asked for.
    if (this.unrequested.delete(row.namespace) || (isSchemaRow(row) && this.sharingSchema.delete(row.namespace))) {
      const tables = this.namespaces.get(row.namespace)
      if (tables !== undefined) this.detach(tables)
    }
    super.write(namespace, row, before, after)
  }

  /** Copies the tables of a namespace before they are changed. Cached resolved classes stay valid. */
  private detach(tables: NamespaceTables): void {
    const copy = new NamespaceTables(tables.name, tables)
    for (const [name, resolvedClass] of tables.resolvedClasses) copy.resolvedClasses.set(name, resolvedClass)
    copy.observer = tables.observer
    this.namespaces.set(tables.folded, copy)
  }

  protected override createNamespace(name: string): NamespaceTables {
    const tables = super.createNamespace(name)
    tables.observer = new LoadedReads(tables.folded, this.missing, { isComplete: true })
    this.requested.add(tables.folded)
    return tables
  }

  /** Adds rows and namespaces that are unreadable. */
  private addUnreadable(unreadable: Iterable<Unreadable & { readonly row: RowKey | undefined }>): void {
    const copied = new Set<NamespaceTables>()
    for (const one of unreadable) {
      if (one.root === undefined) {
        this.unreadableNamespaces ??= new Map()
        this.unreadableNamespaces.set(one.namespace, one)
        continue
      }
      const tables = this.namespaces.get(one.namespace)
      if (tables === undefined) continue
      // The record of unreadable schema rows is shared with other partial snapshots.
      if (!copied.has(tables)) {
        tables.unreadable = tables.unreadable?.copy() ?? new UnreadableRows()
        copied.add(tables)
      }
      tables.unreadable!.add(one.root, one.row, one)
      if (one.row !== undefined) this.loadedReads.get(one.namespace)?.loaded(one.root, one.row)
    }
  }

  /** Adds loaded rows. */
  load({ classes, counts, unreadable, rows }: Loaded): void {
    if (unreadable !== undefined) this.addUnreadable(unreadable)
    // A class that does not exist has no instances. If a change creates it, its instances are read then.
    for (const { className, n, namespace } of counts) {
      const resolvedClass = this.namespaces.get(namespace)?.resolvedClass(className)
      this.loadedReads.get(namespace)?.counts.add(className)
      if (resolvedClass !== undefined) this.namespaces.get(namespace)!.counts.set(resolvedClass.name, { n })
    }
    for (const { className, namespace } of classes) {
      const resolvedClass = this.namespaces.get(namespace)?.resolvedClass(className)
      this.loadedReads.get(namespace)?.classes.add(className)
      if (resolvedClass !== undefined) this.namespaces.get(namespace)!.counts.set(resolvedClass.name, { n: 0 })
    }
    for (const { instance, key, namespace, root } of rows) {
      const tables = this.namespaces.get(namespace)
      const loadedReads = this.loadedReads.get(namespace)
      if (tables === undefined || loadedReads === undefined) continue
      loadedReads.loaded(root, key)
      if (instance === undefined) continue
      let rowsOfRoot = tables.rows.get(root)
      if (rowsOfRoot === undefined) tables.rows.set(root, rowsOfRoot = new Map())
      if (rowsOfRoot.has(key)) continue
      rowsOfRoot.set(key, instance)
      const counter = tables.counts.get(instance.className)
      if (counter !== undefined && loadedReads.classes.has(CimName.fold(instance.className))) counter.n++
    }
  }
}

/**
 * A partial snapshot of some folded namespaces, over a snapshot that holds their schema. That snapshot must stay the
 * newest of its line while the partial snapshot is used, and it is not changed. With `assumeAbsent` every single row
 * that was not loaded is assumed to be absent and is recorded.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  schema: Snapshot.Snapshot,
  namespaces: Iterable<string>,
  loaded: Loaded,
  { assumeAbsent = false }: { readonly assumeAbsent?: boolean } = {}
): PartialSnapshot => {
  const tables = new PartialTables(Snapshot.tablesOf(schema), namespaces, assumeAbsent)
  tables.load(loaded)
  return { snapshot: Snapshot.ofTables(tables), missing: tables.missing }
}

/**
 * The same namespaces with their classes and the instances of system classes only: the part that a store caches.
 *
 * @since 0.1.0
 * @category combinators
 */
export const schemaOf = (whole: Snapshot.Snapshot): Snapshot.Snapshot => {
  const tables = new Tables()
  for (const [folded, namespace] of Snapshot.tablesOf(whole).namespaces) {
    const copy = new NamespaceTables(namespace.name, namespace)
    for (const [root, rows] of namespace.rows) {
      if (isSystemRoot(root)) continue
      copy.rows.delete(root)
      for (const { className } of rows.values()) copy.counts.delete(className)
    }
    tables.namespaces.set(folded, copy)
  }
  return Snapshot.ofTables(tables)
}

/**
 * The partial snapshot of a whole state that a read set selects: what a store would load.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (whole: Snapshot.Snapshot, readSet: ReadSet.ReadSet): PartialSnapshot => {
  const schema = schemaOf(whole)
  const keys = ReadSet.keys(schema, readSet)
  const instances = keys.classes.flatMap(({ className, namespace }) =>
    Snapshot.stored(whole, namespace, className).map((one) => ({ namespace, ...one }))
  )
  return make(schema, readSet.namespaces.map(CimName.fold), {
    rows: [
      ...keys.rows.map((one) => ({ ...one, instance: Snapshot.row(whole, one.namespace, one.root, one.key) })),
      ...instances
    ],
    classes: keys.classes,
    counts: keys.counts.map((one) => ({ ...one, n: Snapshot.count(whole, one.namespace, one.className) }))
  })
}
