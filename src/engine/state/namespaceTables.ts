/**
 * The mutable tables behind snapshots. Exactly one snapshot owns a set of tables at a time; `Snapshot` describes the
 * rules of writing.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import { none } from "../../model/immutable.ts"
import type { ClassDefinition, Instance } from "../../model/WbemObject.ts"
import { afterOf, type Change, type Row } from "../../protocol/Change.ts"
import type { Unreadable, UnreadableRows } from "./unreadableRows.ts"
import * as ResolvedClass from "../classes/ResolvedClass.ts"
import { systemChildren, type SystemClasses, systemClasses } from "./systemClasses.ts"

/** A key within a key root: a single integer key is a number, every other key is text. */
export type RowKey = string | number

/** The folded name of the class whose instances are the namespaces. */
export const namespaceRoot = "__namespace"

/** The folded name of the class whose one instance is the descriptor of its namespace. */
export const securityRoot = "__thisnamespace"

/** Whether a row belongs to the schema of its namespace: a class, or an instance of a system class. */
export const isSchemaRow = (row: Row): boolean => row.root === "" || isSystemRoot(row.root)

/**
 * Whether the instances of a key root are instances of a system class. They belong to the schema of a namespace,
 * because there are few of them.
 */
export const isSystemRoot = (root: string): boolean => root.startsWith("__")

/** Is called for each read that a partly loaded namespace cannot answer, so that a store can load what is missing (`PartialSnapshot`). */
export interface ReadObserver {
  readonly row: (root: string, key: RowKey) => void
  readonly count: (resolvedClass: ResolvedClass.ResolvedClass) => void
  readonly instances: (resolvedClass: ResolvedClass.ResolvedClass) => void
}

/** The tables of one namespace. */
export class NamespaceTables {
  readonly name: string
  readonly folded: string
  /** System classes by folded name. */
  readonly system: SystemClasses
  /** User classes by folded name. */
  readonly classes: Map<string, ClassDefinition>
  /** Folded names of the user classes directly below a class, by folded parent. */
  readonly children: Map<string, Set<string>>
  /** Instances by key root and key. */
  readonly rows: Map<string, Map<RowKey, Instance>>
  /** The number of instances of exactly one class, by its stored spelling. */
  readonly counts: Map<string, { n: number }>
  /** Resolved classes by folded name, and by spellings that occurred. */
  readonly resolvedClasses: Map<string, ResolvedClass.ResolvedClass> = new Map()
  /** Set where the namespace is only partly loaded. */
  observer: ReadObserver | undefined = undefined
  /** The rows that a store could not read; `undefined` when all were readable. */
  unreadable: UnreadableRows | undefined = undefined

  constructor(name: string, from?: NamespaceTables) {
    this.name = name
    this.folded = CimName.fold(name)
    this.system = systemClasses(this.folded)
    this.classes = new Map(from?.classes)
    this.children = copyOf(from?.children, (names) => new Set(names))
    this.rows = copyOf(from?.rows, (rows) => new Map(rows))
    this.counts = copyOf(from?.counts, ({ n }) => ({ n }))
    this.unreadable = from?.unreadable?.copy()
  }

  /** A class, user or system, with what it inherits; `undefined` when there is no such class. */
  resolvedClass(name: string): ResolvedClass.ResolvedClass | undefined {
    return this.resolvedClasses.get(name) ?? this.#resolve(name)
  }

  #resolve(name: string): ResolvedClass.ResolvedClass | undefined {
    const folded = CimName.fold(name)
    const known = this.resolvedClasses.get(folded) ?? this.system.get(folded)
    if (known !== undefined) return known
    // Walks up to the first ancestor that is resolved, then down again. There is no recursion, however deep the class
    // is.
    const path: Array<ClassDefinition> = []
    let parent: ResolvedClass.ResolvedClass | undefined
    const visited = new Set<string>()
    for (let name: string | undefined = folded; name !== undefined && !visited.has(name);) {
      visited.add(name)
      parent = this.resolvedClasses.get(name) ?? this.system.get(name)
      const definition: ClassDefinition | undefined = parent === undefined ? this.classes.get(name) : undefined
      if (definition === undefined) {
        if (parent === undefined) this.unreadable?.assertClass(name)
        break
      }
      path.push(definition)
      name = definition.superclass === undefined ? undefined : CimName.fold(definition.superclass)
    }
    for (const definition of path.reverse()) {
      parent = ResolvedClass.make(definition, parent)
      this.resolvedClasses.set(parent.folded, parent)
      this.resolvedClasses.set(parent.name, parent)
    }
    return path.length === 0 ? undefined : parent
  }

  /** Folded names of every class below a class, nearest first, then by name; each once. */
  descendants(folded: string): ReadonlyArray<string> {
    return this.#below(folded, true)
  }

  /** While a list of changes that reorders a hierarchy is applied, a class may be below itself. */
  #below(folded: string, isSorted: boolean): ReadonlyArray<string> {
    const found = new Set<string>()
    let level: ReadonlyArray<string> = [folded]
    while (level.length > 0) {
      const next: Array<string> = []
      for (const at of level) {
        for (const child of [...this.children.get(at) ?? [], ...systemChildren(this.system, at)]) {
          if (child !== folded && !found.has(child)) next.push(child)
        }
      }
      if (isSorted) next.sort((a, b) => CimName.compare(this.#spelled(a), this.#spelled(b)))
      for (const child of next) found.add(child)
      level = next
    }
    return [...found]
  }

  /** The stored spelling of a class name. */
  #spelled(folded: string): string {
    return this.classes.get(folded)?.name ?? this.system.get(folded)?.name ?? folded
  }

  #forget(folded: string): void {
    if (this.resolvedClasses.size === 0) return
    for (const at of [folded, ...this.#below(folded, false)]) {
      const resolvedClass = this.resolvedClasses.get(at)
      this.resolvedClasses.delete(at)
      if (resolvedClass !== undefined) this.resolvedClasses.delete(resolvedClass.name)
    }
  }

  #hang(folded: string, superclass: string | undefined, on: boolean): void {
    if (superclass === undefined) return
    const above = CimName.fold(superclass)
    const siblings = this.children.get(above)
    if (!on) siblings?.delete(folded)
    else if (siblings === undefined) this.children.set(above, new Set([folded]))
    else siblings.add(folded)
  }

  writeClass(folded: string, before: ClassDefinition | undefined, after: ClassDefinition | undefined): void {
    this.#forget(folded)
    if (before !== undefined && before.superclass !== after?.superclass) this.#hang(folded, before.superclass, false)
    if (after === undefined) this.classes.delete(folded)
    else {
      this.classes.set(folded, after)
      this.#hang(folded, after.superclass, true)
    }
  }

  #count(className: string, by: number): void {
    const counter = this.counts.get(className)
    if (counter === undefined) this.counts.set(className, { n: by })
    else counter.n += by
  }

  /** Returns the change of the number of rows: -1, 0 or 1. */
  writeInstance(row: Row, before: Instance | undefined, after: Instance | undefined): number {
    let rows = this.rows.get(row.root)
    if (rows === undefined) this.rows.set(row.root, rows = new Map())
    if (after === undefined) rows.delete(row.key)
    else rows.set(row.key, after)
    if (before !== undefined && after !== undefined && before.className === after.className) return 0
    if (before !== undefined) this.#count(before.className, -1)
    if (after !== undefined) this.#count(after.className, 1)
    return (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1)
  }
}

/** A copy of a map with a copy of each value; an empty map without an original. */
const copyOf = <V>(original: ReadonlyMap<string, V> | undefined, copy: (value: V) => V): Map<string, V> =>
  new Map(Array.from(original ?? [], ([name, value]) => [name, copy(value)]))

/** The tables of every namespace. */
export class Tables {
  readonly namespaces: Map<string, NamespaceTables>
  /** The number of classes and instances: what a copy would cost. */
  size: number
  /** The number of namespaces with a descriptor of their own. At 0 no descriptor is looked up. */
  descriptorCount: number
  /** Unreadable rows that belong to no readable namespace. */
  unreadable: ReadonlyArray<Unreadable>
  /** The changes applied to move these tables between snapshots. At `size` a copy is made instead. */
  debt = 0

  constructor(from?: Tables) {
    this.namespaces = copyOf(from?.namespaces, (tables) => new NamespaceTables(tables.name, tables))
    this.size = from?.size ?? 0
    this.descriptorCount = from?.descriptorCount ?? 0
    this.unreadable = from?.unreadable ?? none
  }

  namespace(namespace: string): NamespaceTables | undefined {
    return this.namespaces.get(namespace) ?? this.namespaces.get(CimName.fold(namespace))
  }

  apply(changes: ReadonlyArray<Change>): void {
    for (let i = 0; i < changes.length; i++) {
      const { before, path, row } = changes[i]!
      this.write(path.namespace ?? "", row, before, afterOf(changes[i]!))
    }
  }

  /** Reverts changes, last one first. */
  revert(changes: ReadonlyArray<Change>): void {
    for (let i = changes.length - 1; i >= 0; i--) {
      const { before, path, row } = changes[i]!
      this.write(path.namespace ?? "", row, afterOf(changes[i]!), before)
    }
  }

  protected write(
    namespace: string,
    row: Row,
    before: ClassDefinition | Instance | undefined,
    after: ClassDefinition | Instance | undefined
  ): void {
    const tables = this.namespaces.get(row.namespace)
    if (tables === undefined) return
    if (row.root === "") {
      tables.writeClass(row.key as string, before as ClassDefinition | undefined, after as ClassDefinition | undefined)
      this.size += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1)
      return
    }
    const added = tables.writeInstance(row, before as Instance | undefined, after as Instance | undefined)
    this.size += added
    if (row.root === securityRoot) this.descriptorCount += added
    if (row.root === namespaceRoot) {
      this.#writeNamespace(namespace, row, after)
    }
  }

  /** The tables of a namespace that a change creates. */
  protected createNamespace(name: string): NamespaceTables {
    return new NamespaceTables(name)
  }

  /** An instance of `__NAMESPACE` *is* the child namespace (DL-9, `object-model` 11). */
  #writeNamespace(namespace: string, row: Row, after: ClassDefinition | Instance | undefined): void {
    const folded = `${row.namespace}\\${row.key}`
    if (after === undefined) this.namespaces.delete(folded)
    else if (!this.namespaces.has(folded)) {
      this.namespaces.set(folded, this.createNamespace(`${namespace}\\${String((after as Instance).values["Name"])}`))
    }
  }
}
