/**
 * A part of the state to decide over: the classes of some namespaces with what was loaded of their instances. It says what a
 * decision asked for that was not loaded; with any, the decision has seen too little and is made again over more. So a decision
 * is right whatever it reads, and a read set only saves the second time.
 *
 * Stores that keep their rows elsewhere use it; memory hands over everything and does not carry this.
 *
 * @since 0.1.0
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
 * What a slice was asked for and does not hold. Names are folded.
 *
 * @since 0.1.0
 * @category models
 */
export interface MissingReads {
  readonly any: boolean
  readonly namespaces: ReadonlySet<string>
  readonly rows: ReadonlyArray<{ readonly namespace: string; readonly root: string; readonly key: RowKey }>
  /** Classes of which it was asked how many instances there are. */
  readonly counts: ReadonlyArray<ReadSet.ClassOf>
  /** Classes whose instances were asked for. */
  readonly classes: ReadonlyArray<ReadSet.ClassOf>
  /** Rows that were asked for and presumed absent, each once; they are held and not missed. */
  readonly assumedAbsent: ReadonlyArray<{ readonly namespace: string; readonly root: string; readonly key: RowKey }>
}

/**
 * A slice: the state to decide over, and what was missed of it so far.
 *
 * @since 0.1.0
 * @category models
 */
export interface PartialSnapshot {
  readonly snapshot: Snapshot.Snapshot
  readonly missing: MissingReads
}

/**
 * What a store has loaded of instances. Names are folded.
 *
 * @since 0.1.0
 * @category models
 */
export interface Loaded {
  /** Rows that were looked for; without an instance there is none. */
  readonly rows: Iterable<{
    readonly namespace: string
    readonly root: string
    readonly key: RowKey
    readonly instance: Instance | undefined
  }>
  /** How many instances of exactly these classes there are. */
  readonly counts: Iterable<ReadSet.ClassOf & { readonly n: number }>
  /** Classes of which every instance is among the rows. */
  readonly classes: Iterable<ReadSet.ClassOf>
  /** Rows and namespaces that are there and could not be read: what asks for one fails with its `error`. */
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

/** What of the instances of a namespace a slice holds. */
class LoadedReads implements ReadObserver {
  private readonly namespace: string
  private readonly missing: MissingReadLog
  /** Nothing is stored of a namespace that a change of the slice has made. */
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

/** The classes and system instances of a namespace, shared until they are to be changed; no other instances yet. */
const shared = (schema: NamespaceTables, loadedReads: LoadedReads): NamespaceTables =>
  Object.assign(new NamespaceTables(schema.name), schema, {
    rows: new Map(schema.rows),
    counts: new Map(schema.counts),
    watch: loadedReads
  })

class PartialTables extends Tables {
  readonly missing: MissingReadLog = new MissingReadLog()
  /** Folded namespaces that were asked of the store, whether there or not, and those made since. */
  private readonly requested: Set<string>
  /** Those whose classes are still the ones of the schema. */
  private readonly sharingSchema: Set<string> = new Set()
  /** Those that were not asked of the store and are still the schema's own, all of them. */
  private readonly unrequested: Set<string> = new Set()
  readonly loadedReads: Map<string, LoadedReads> = new Map()
  /** Namespaces that could not be read. */
  private unreadableNamespaces: Map<string, Unreadable> | undefined = undefined

  constructor(schema: Tables, namespaces: Iterable<string>, assumeAbsent: boolean) {
    super()
    this.requested = new Set(namespaces)
    this.descriptorCount = 1 // descriptors may be anywhere, so they are looked for
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
    // A decision that has seen too little may have decided to write to a namespace that was never asked for.
    if (this.unrequested.delete(row.namespace) || (isSchemaRow(row) && this.sharingSchema.delete(row.namespace))) {
      const tables = this.namespaces.get(row.namespace)
      if (tables !== undefined) this.detach(tables)
    }
    super.write(namespace, row, before, after)
  }

  /** From now on the classes are the slice's own; what is known of them still holds. */
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

  /** Takes in what is there and could not be read. */
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
      // What is known of the schema is shared with other slices.
      if (!copied.has(tables)) {
        tables.unreadable = tables.unreadable?.copy() ?? new UnreadableRows()
        copied.add(tables)
      }
      tables.unreadable!.add(one.root, one.row, one)
      if (one.row !== undefined) this.loadedReads.get(one.namespace)?.loaded(one.root, one.row)
    }
  }

  /** Takes in what was loaded. */
  load({ classes, counts, unreadable, rows }: Loaded): void {
    if (unreadable !== undefined) this.addUnreadable(unreadable)
    // A class that is not there yet has no instances; a change of the slice may make it, and then they are asked for.
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
 * A slice of some folded namespaces, over a snapshot that holds their schema. That snapshot must stay the newest of its line while
 * the slice is used, and stays as it is. With `presume` every single row that was not loaded is taken to be absent, and counted.
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
 * The same namespaces with their classes and the instances of system classes, and no others: what a store keeps at hand.
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
 * The slice of a whole state that a read set names: what a store would load of it.
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
