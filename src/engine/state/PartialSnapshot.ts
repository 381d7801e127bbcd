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
import { UnreadableRows, type Unreadable } from "./unreadableRows.ts"
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
  readonly damaged?: Iterable<Unreadable & { readonly row: RowKey | undefined }> | undefined
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
  private readonly missed: MissingReadLog
  /** Nothing is stored of a namespace that a change of the slice has made. */
  private readonly whole: boolean
  private readonly presume: boolean
  readonly rows: Map<string, Set<RowKey>> = new Map()
  readonly counts: Set<string> = new Set()
  readonly classes: Set<string> = new Set()

  constructor(namespace: string, missed: MissingReadLog, { presume = false, whole = false } = {}) {
    this.namespace = namespace
    this.missed = missed
    this.whole = whole
    this.presume = presume
  }

  row(root: string, key: RowKey): void {
    if (this.whole || isSystemRoot(root) || this.rows.get(root)?.has(key) === true) return
    if (this.presume) {
      this.loaded(root, key)
      this.missed.assumedAbsent.push({ namespace: this.namespace, root, key })
    } else this.missed.rows.push({ namespace: this.namespace, root, key })
  }

  count(resolvedClass: ResolvedClass): void {
    const className = resolvedClass.folded
    if (this.whole || !hasRows(resolvedClass) || this.counts.has(className) || this.classes.has(className)) return
    this.missed.counts.push({ namespace: this.namespace, className })
  }

  instances(resolvedClass: ResolvedClass): void {
    const className = resolvedClass.folded
    if (this.whole || !hasRows(resolvedClass) || this.classes.has(className)) return
    this.missed.classes.push({ namespace: this.namespace, className })
  }

  loaded(root: string, key: RowKey): void {
    const known = this.rows.get(root)
    if (known === undefined) this.rows.set(root, new Set([key]))
    else known.add(key)
  }
}

/** The classes and system instances of a namespace, shared until they are to be changed; no other instances yet. */
const shared = (schema: NamespaceTables, coverage: LoadedReads): NamespaceTables =>
  Object.assign(new NamespaceTables(schema.name), schema, {
    rows: new Map(schema.rows),
    counts: new Map(schema.counts),
    watch: coverage
  })

class PartialTables extends Tables {
  readonly missed: MissingReadLog = new MissingReadLog()
  /** Folded namespaces that were asked of the store, whether there or not, and those made since. */
  private readonly covered: Set<string>
  /** Those whose classes are still the ones of the schema. */
  private readonly borrowed: Set<string> = new Set()
  /** Those that were not asked of the store and are still the schema's own, all of them. */
  private readonly foreign: Set<string> = new Set()
  readonly coverage: Map<string, LoadedReads> = new Map()
  /** Namespaces that could not be read. */
  private broken: Map<string, Unreadable> | undefined = undefined

  constructor(schema: Tables, namespaces: Iterable<string>, presume: boolean) {
    super()
    this.covered = new Set(namespaces)
    this.descriptorCount = 1 // descriptors may be anywhere, so they are looked for
    for (const [folded, space] of schema.namespaces) {
      if (!this.covered.has(folded)) {
        this.foreign.add(folded)
        this.namespaces.set(folded, space)
      } else {
        const coverage = new LoadedReads(folded, this.missed, { presume })
        this.coverage.set(folded, coverage)
        this.borrowed.add(folded)
        this.namespaces.set(folded, shared(space, coverage))
      }
    }
  }

  override namespace(namespace: string): NamespaceTables | undefined {
    if (this.broken !== undefined) {
      const found = this.broken.get(CimName.fold(namespace))
      if (found !== undefined) throw found.error
    }
    const space = super.namespace(namespace)
    if (space?.observer === undefined) {
      const folded = CimName.fold(namespace)
      if (!this.covered.has(folded)) this.missed.namespaces.add(folded)
    }
    return space
  }

  protected override write(
    namespace: string,
    row: Row,
    before: ClassDefinition | Instance | undefined,
    after: ClassDefinition | Instance | undefined
  ): void {
    // A decision that has seen too little may have decided to write to a namespace that was never asked for.
    if (this.foreign.delete(row.namespace) || (isSchemaRow(row) && this.borrowed.delete(row.namespace))) {
      const space = this.namespaces.get(row.namespace)
      if (space !== undefined) this.own(space)
    }
    super.write(namespace, row, before, after)
  }

  /** From now on the classes are the slice's own; what is known of them still holds. */
  private own(space: NamespaceTables): void {
    const copy = new NamespaceTables(space.name, space)
    for (const [name, resolvedClass] of space.resolvedClasses) copy.resolvedClasses.set(name, resolvedClass)
    copy.observer = space.observer
    this.namespaces.set(space.folded, copy)
  }

  protected override createNamespace(name: string): NamespaceTables {
    const space = super.createNamespace(name)
    space.observer = new LoadedReads(space.folded, this.missed, { whole: true })
    this.covered.add(space.folded)
    return space
  }

  /** Takes in what is there and could not be read. */
  private spoil(damaged: Iterable<Unreadable & { readonly row: RowKey | undefined }>): void {
    const own = new Set<NamespaceTables>()
    for (const one of damaged) {
      if (one.root === undefined) {
        this.broken ??= new Map()
        this.broken.set(one.namespace, one)
        continue
      }
      const space = this.namespaces.get(one.namespace)
      if (space === undefined) continue
      // What is known of the schema is shared with other slices.
      if (!own.has(space)) {
        space.unreadable = space.unreadable?.copy() ?? new UnreadableRows()
        own.add(space)
      }
      space.unreadable!.add(one.root, one.row, one)
      if (one.row !== undefined) this.coverage.get(one.namespace)?.loaded(one.root, one.row)
    }
  }

  /** Takes in what was loaded. */
  load({ classes, counts, damaged, rows }: Loaded): void {
    if (damaged !== undefined) this.spoil(damaged)
    // A class that is not there yet has no instances; a change of the slice may make it, and then they are asked for.
    for (const { className, n, namespace } of counts) {
      const at = this.namespaces.get(namespace)?.resolvedClass(className)
      this.coverage.get(namespace)?.counts.add(className)
      if (at !== undefined) this.namespaces.get(namespace)!.counts.set(at.name, { n })
    }
    for (const { className, namespace } of classes) {
      const at = this.namespaces.get(namespace)?.resolvedClass(className)
      this.coverage.get(namespace)?.classes.add(className)
      if (at !== undefined) this.namespaces.get(namespace)!.counts.set(at.name, { n: 0 })
    }
    for (const { instance, key, namespace, root } of rows) {
      const space = this.namespaces.get(namespace)
      const coverage = this.coverage.get(namespace)
      if (space === undefined || coverage === undefined) continue
      coverage.loaded(root, key)
      if (instance === undefined) continue
      let held = space.rows.get(root)
      if (held === undefined) space.rows.set(root, held = new Map())
      if (held.has(key)) continue
      held.set(key, instance)
      const counter = space.counts.get(instance.className)
      if (counter !== undefined && coverage.classes.has(CimName.fold(instance.className))) counter.n++
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
  { presume = false }: { readonly presume?: boolean } = {}
): PartialSnapshot => {
  const tables = new PartialTables(Snapshot.tablesOf(schema), namespaces, presume)
  tables.load(loaded)
  return { snapshot: Snapshot.ofTables(tables), missing: tables.missed }
}

/**
 * The same namespaces with their classes and the instances of system classes, and no others: what a store keeps at hand.
 *
 * @since 0.1.0
 * @category combinators
 */
export const schemaOf = (whole: Snapshot.Snapshot): Snapshot.Snapshot => {
  const tables = new Tables()
  for (const [folded, space] of Snapshot.tablesOf(whole).namespaces) {
    const copy = new NamespaceTables(space.name, space)
    for (const [root, rows] of space.rows) {
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
  const wanted = ReadSet.keys(schema, readSet)
  const instances = wanted.classes.flatMap(({ className, namespace }) =>
    Snapshot.stored(whole, namespace, className).map((one) => ({ namespace, ...one }))
  )
  return make(schema, readSet.namespaces.map(CimName.fold), {
    rows: [
      ...wanted.rows.map((one) => ({ ...one, instance: Snapshot.row(whole, one.namespace, one.root, one.key) })),
      ...instances
    ],
    classes: wanted.classes,
    counts: wanted.counts.map((one) => ({ ...one, n: Snapshot.count(whole, one.namespace, one.className) }))
  })
}
