/**
 * The state of all namespaces at one moment. A snapshot is immutable for its readers and costs about as much as a
 * `Map`.
 *
 * The newest snapshot owns the mutable tables. An older one holds the changes that lead to its successor and a pointer
 * to it (rerooting, after Baker):
 *
 * ```text
 * oldest ──changes──▶ older ──changes──▶ newest ──▶ tables
 * ```
 *
 * So `apply` on the newest snapshot is a few `Map.set`s. Keeping an old snapshot is free; one that is not referenced is
 * garbage together with its changes. Reading an older snapshot moves the tables there, at the cost of the changes in
 * between. Each move is counted: when the moves have cost as much as a copy, the older snapshot gets tables of its own.
 *
 * @example
 * ```ts
 * import { ClassDefinition, Instance, Property, Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
 * const snapshot = Snapshot.of(Disk, Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n }))
 * const [disk] = Snapshot.instances(snapshot, "root\\cimv2", "Demo_Disk")
 * assert.equal(disk?.values["FreeSpace"], 42n)
 * assert.equal(Snapshot.getClass(Snapshot.empty(), "root\\cimv2", "Demo_Disk")._tag, "None")
 * ```
 *
 * @since 0.1.0
 * @module
 */
import { constUndefined, dual } from "effect/Function"
import * as Option from "effect/Option"
import { hasProperty } from "effect/Predicate"
import * as ObjectPath from "../../model/ObjectPath.ts"
import { instanceWith } from "../../model/effectValue.ts"
import { defaultNamespace } from "../../model/limits.ts"
import { freezeObject } from "../../model/immutable.ts"
import * as CimName from "../../model/CimName.ts"
import { make as makeInstance } from "../../model/Instance.ts"
import type { ClassDefinition, Instance, PlainObject, WbemObject } from "../../model/WbemObject.ts"
import * as Change from "../../protocol/Change.ts"
import { InvalidClass, InvalidNamespace, InvalidObject } from "../../protocol/WbemError.ts"
import { readOr, type Unreadable } from "./unreadableRows.ts"
import * as Identity from "../identity.ts"
import { isOrDerivesFrom, type ResolvedClass } from "../classes/ResolvedClass.ts"
import { withServerFlavors } from "../classes/serverFlavors.ts"
import { initialInstance, isInitial } from "./systemClasses.ts"
import { isSystemRoot, namespaceRoot, NamespaceTables, type RowKey, securityRoot, Tables } from "./namespaceTables.ts"
import { resolved, valuesOf } from "../values.ts"

export { defaultNamespace } from "../../model/limits.ts"

/**
 * Marks snapshots.
 *
 * @since 0.1.0
 * @category symbols
 */
export const TypeId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/Snapshot")

/**
 * The state of all namespaces at one moment.
 *
 * @since 0.1.0
 * @category models
 */
export interface Snapshot {
  /** Marks snapshots. The content is read with the functions of this module. */
  readonly [TypeId]: typeof TypeId
}

/**
 * Whether a value is a snapshot.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Snapshot } from "effect-wmi"
 *
 * assert.equal(Snapshot.isSnapshot(Snapshot.empty()), true)
 * assert.equal(Snapshot.isSnapshot({}), false)
 * ```
 *
 * @since 0.1.0
 * @category guards
 */
export const isSnapshot = (u: unknown): u is Snapshot => hasProperty(u, TypeId)

/** For functions whose last argument is optional. */
const isDataFirst = (args: IArguments): boolean => isSnapshot(args[0])

class Impl implements Snapshot {
  readonly [TypeId]: typeof TypeId = TypeId
  tables: Tables | undefined
  /** The changes from this snapshot to `next`. */
  changes: ReadonlyArray<Change.Change> | undefined
  next: Impl | undefined

  constructor(tables: Tables) {
    this.tables = tables
    this.changes = undefined
    this.next = undefined
  }
}

/** A move shorter than this is never worth a copy. */
const shortMove = 64

/**
 * The tables of a snapshot, which becomes the newest of its line. A change of the tables changes the snapshot.
 *
 * @internal
 */
export const tablesOf = (self: Snapshot): Tables => ownTables(impl(self))

/**
 * A snapshot that owns the given tables.
 *
 * @internal
 */
export const ofTables = (tables: Tables): Snapshot => new Impl(tables)

const ownTables = (self: Impl): Tables => self.tables ?? reroot(self)

/** Moves the tables to `self`, or copies them when the moves have cost as much as a copy. */
const reroot = (self: Impl): Tables => {
  const path: Array<Impl> = []
  let at = self
  let cost = 0
  while (at.tables === undefined) {
    path.push(at)
    cost += at.changes!.length
    at = at.next!
  }
  const shared = at.tables
  shared.debt += cost
  if (cost > shortMove && shared.debt > shared.size) {
    const copy = new Tables(shared)
    shared.debt = 0
    for (let i = path.length - 1; i >= 0; i--) copy.revert(path[i]!.changes!)
    self.changes = undefined
    self.next = undefined
    return self.tables = copy
  }
  for (let i = path.length - 1; i >= 0; i--) {
    const older = path[i]!
    const newer = older.next!
    shared.revert(older.changes!)
    newer.changes = Change.invert(older.changes!)
    newer.next = older
    newer.tables = undefined
    older.changes = undefined
    older.next = undefined
    older.tables = shared
  }
  return shared
}

/** Moves the tables of the newest snapshot to a new one. `changes` are, or will be, the changes between the two. */
const successor = (newest: Impl, tables: Tables, changes: ReadonlyArray<Change.Change>): Impl => {
  const next = new Impl(tables)
  newest.tables = undefined
  newest.changes = changes
  newest.next = next
  return next
}

/** The public type hides the implementation. Every snapshot is an `Impl`. */
const impl = (self: Snapshot): Impl => self as Impl

const namespaceTables = (self: Snapshot, namespace: string): NamespaceTables | undefined =>
  ownTables(impl(self)).namespace(namespace)

/**
 * Options of an empty snapshot.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Namespaces to create besides `root`, `root\\cimv2` and `root\\default`. Missing parents are created too. */
  readonly namespaces?: ReadonlyArray<string> | undefined
}

/**
 * The change that creates a namespace below `parent`: it writes an instance of `__NAMESPACE` (`object-model` 11).
 *
 * @internal
 */
export const namespaceCreation = (
  server: string | undefined,
  parent: string,
  name: string
): Change.Write & { readonly after: Instance } => ({
  _tag: "Write",
  path: ObjectPath.make({
    server,
    namespace: parent,
    className: "__NAMESPACE",
    keys: [{ name: "Name", value: name }]
  }),
  row: { namespace: CimName.fold(parent), root: namespaceRoot, key: CimName.fold(name) },
  before: undefined,
  after: makeInstance("__NAMESPACE", { Name: name })
})

const addNamespace = (tables: Tables, namespace: string): void => {
  let parent: string | undefined
  for (const name of namespace.split("\\")) {
    const path: string = parent === undefined ? name : `${parent}\\${name}`
    const folded = CimName.fold(path)
    if (!tables.namespaces.has(folded)) {
      if (parent === undefined) tables.namespaces.set(folded, new NamespaceTables(path))
      else tables.apply([namespaceCreation(undefined, parent, name)])
    }
    parent = tables.namespaces.get(folded)!.name
  }
}

/**
 * A snapshot with the namespaces `root`, `root\\cimv2`, `root\\default` and those of the options, without user objects.
 *
 * @example
 * ```ts
 * import { Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const snapshot = Snapshot.empty({ namespaces: ["root\\demo\\disks"] })
 * assert.equal(Snapshot.namespaceName(snapshot, "ROOT\\demo"), "root\\demo")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const empty = (options?: Options): Snapshot => {
  const tables = new Tables()
  for (const namespace of ["root", defaultNamespace, "root\\default", ...options?.namespaces ?? []]) {
    addNamespace(tables, namespace)
  }
  return new Impl(tables)
}

/**
 * A snapshot with these objects in `root\\cimv2`. A class must come before its subclasses and instances. The objects
 * are stored without the rules of a put; see {@link withObjects}.
 *
 * @example
 * ```ts
 * import { ClassDefinition, Instance, Property, Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const snapshot = Snapshot.of(Disk, Instance.make("Demo_Disk", { Id: "C:" }))
 * assert.equal(Snapshot.count(snapshot, "root\\cimv2", "Demo_Disk"), 1)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (...objects: ReadonlyArray<WbemObject>): Snapshot => withObjects(empty(), defaultNamespace, objects)

/**
 * A snapshot with more objects, stored without the rules of a put: a definition may be one that a put would refuse.
 * Classes get the flavours that the server adds (`qualifiers` 2).
 *
 * Throws `InvalidNamespace`, `InvalidClass` (an instance of an unknown class) or `InvalidObject` (an instance without
 * an identity).
 *
 * @example
 * ```ts
 * import { ClassDefinition, Property, Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const snapshot = Snapshot.withObjects(Snapshot.empty(), "root\\default", [Disk])
 * assert.equal(Snapshot.classes(snapshot, "root\\default").length, 1)
 * assert.equal(Snapshot.classes(snapshot, "root\\cimv2").length, 0)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const withObjects: {
  (namespace: string, objects: Iterable<PlainObject>): (self: Snapshot) => Snapshot
  (self: Snapshot, namespace: string, objects: Iterable<PlainObject>): Snapshot
} = /* @__PURE__ */ dual(3, (self: Snapshot, namespace: string, objects: Iterable<PlainObject>): Snapshot => {
  let current = self
  for (const object of objects) current = apply(current, [uncheckedWrite(current, namespace, freezeObject(object))])
  return current
})

const uncheckedWrite = (self: Snapshot, namespace: string, object: WbemObject): Change.Change => {
  const tables = namespaceTables(self, namespace)
  if (tables === undefined) throw new InvalidNamespace({ namespace })
  const namespaceName = tables.name
  const folded = CimName.fold(tables.name)
  if (object._tag === "Class") {
    const key = CimName.fold(object.name)
    const row: Change.Row = { namespace: folded, root: "", key }
    return {
      _tag: "Write",
      path: ObjectPath.make({ namespace: namespaceName, className: object.name }),
      row,
      before: tables.classes.get(key),
      after: withServerFlavors(object)
    }
  }
  const resolvedClass = tables.resolvedClass(object.className)
  if (resolvedClass === undefined) throw new InvalidClass({ className: object.className })
  const { values } = valuesOf(resolvedClass, object)
  const key = Identity.rowKey(resolvedClass, values)
  if (resolvedClass.root === undefined || key === undefined) {
    throw new InvalidObject({ detail: `an instance of ${object.className} needs its keys to be stored` })
  }
  const row: Change.Row = { namespace: folded, root: resolvedClass.root, key }
  const after: Instance = Object.freeze(
    instanceWith(object, { className: resolvedClass.name, values: Object.freeze(values) })
  )
  return {
    _tag: "Write",
    path: ObjectPath.make({
      namespace: namespaceName,
      className: resolvedClass.name,
      keys: Identity.keysOf(resolvedClass, values),
      singleton: resolvedClass.isSingleton
    }),
    row,
    before: tables.rows.get(resolvedClass.root)?.get(key),
    after
  }
}

/**
 * The snapshot after some changes. The original snapshot does not change.
 *
 * @example
 * ```ts
 * import { ClassDefinition, Property, Snapshot, SnapshotDiff } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const before = Snapshot.empty()
 * const changes = SnapshotDiff.changes(before, Snapshot.of(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 * const after = Snapshot.apply(before, changes)
 * assert.equal(Snapshot.classes(after, "root\\cimv2").length, 1)
 * assert.equal(Snapshot.classes(before, "root\\cimv2").length, 0)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const apply: {
  (changes: ReadonlyArray<Change.Change>): (self: Snapshot) => Snapshot
  (self: Snapshot, changes: ReadonlyArray<Change.Change>): Snapshot
} = /* @__PURE__ */ dual(2, (self: Snapshot, changes: ReadonlyArray<Change.Change>): Snapshot => {
  if (changes.length === 0) return self
  const current = impl(self)
  const tables = ownTables(current)
  tables.apply(changes)
  return successor(current, tables, changes)
})

/**
 * A sequence of changes that becomes one step. The snapshot that it started from does not change; states in between
 * cannot be kept.
 *
 * @since 0.1.0
 * @category models
 */
export interface Edit {
  /** The state so far. Keep it only after the last `apply`. */
  readonly snapshot: Snapshot
  /** The changes so far, in order. */
  readonly changes: ReadonlyArray<Change.Change>
  /** Applies changes to the state. */
  readonly apply: (changes: ReadonlyArray<Change.Change>) => void
}

/**
 * Begins a sequence of changes. Until the last `apply`, no older snapshot of the same line may be read: that would move the
 * tables away from the edit.
 *
 * @example
 * ```ts
 * import { ClassDefinition, Property, Snapshot, SnapshotDiff } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const before = Snapshot.empty()
 * const changes = SnapshotDiff.changes(before, Snapshot.of(Disk))
 * const edit = Snapshot.edit(before)
 * edit.apply(changes)
 * assert.equal(Snapshot.classes(edit.snapshot, "root\\cimv2").length, 1)
 * assert.equal(Snapshot.classes(before, "root\\cimv2").length, 0)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const edit = (self: Snapshot): Edit => {
  const current = impl(self)
  const tables = ownTables(current)
  const changes: Array<Change.Change> = []
  const after = successor(current, tables, changes)
  return {
    snapshot: after,
    changes,
    apply: (more) => {
      tables.apply(more)
      for (let i = 0; i < more.length; i++) changes.push(more[i]!)
    }
  }
}

/** Up to this many objects a copy costs less than recording the way back. */
const smallFork = 10_000

/**
 * The same state as an independent value, for a writer that makes many changes while a reader keeps this snapshot. A
 * small state is copied, so that no way back is recorded; a large one is shared.
 *
 * @example
 * ```ts
 * import { ClassDefinition, Property, Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const kept = Snapshot.fork(Snapshot.empty())
 * const written = Snapshot.withObjects(kept, "root\\cimv2", [Disk])
 * assert.equal(Snapshot.entries(written).length, Snapshot.entries(kept).length + 1)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const fork = (self: Snapshot): Snapshot => {
  const tables = ownTables(impl(self))
  return tables.size <= smallFork ? new Impl(new Tables(tables)) : self
}

/**
 * The stored spelling of a namespace; `undefined` when it does not exist.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceName: {
  (namespace: string): (self: Snapshot) => string | undefined
  (self: Snapshot, namespace: string): string | undefined
} = /* @__PURE__ */ dual(
  2,
  (self: Snapshot, namespace: string): string | undefined => namespaceTables(self, namespace)?.name
)

/**
 * A namespace: its name as stored and folded.
 *
 * @since 0.1.0
 * @category models
 */
export interface Namespace {
  /** The full name as it is stored, such as `root\cimv2`. */
  readonly name: string
  /** The full name folded for comparison. */
  readonly folded: string
}

/**
 * The namespace of a name; `undefined` when it does not exist.
 *
 * @since 0.1.0
 * @category combinators
 */
export const getNamespace = (self: Snapshot, namespace: string): Namespace | undefined =>
  namespaceTables(self, namespace)

/**
 * The names of all namespaces, parents before children.
 *
 * @example
 * ```ts
 * import { Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const names = Snapshot.namespaces(Snapshot.empty({ namespaces: ["root\\demo"] }))
 * assert.deepEqual(names, ["root", "root\\cimv2", "root\\default", "root\\demo"])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaces = (self: Snapshot): ReadonlyArray<string> =>
  Array.from(ownTables(impl(self)).namespaces.values(), (tables) => tables.name).sort(CimName.compare)

/**
 * A class with everything it inherits; `undefined` when it does not exist. The engine uses this form, which allocates
 * no `Option`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const resolvedClass = (self: Snapshot, namespace: string, className: string): ResolvedClass | undefined =>
  namespaceTables(self, namespace)?.resolvedClass(className)

/**
 * The definition of a class, user or system, with its own members only.
 *
 * @example
 * ```ts
 * import { Option } from "effect"
 * import { ClassDefinition, Property, Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const stored = Option.getOrThrow(Snapshot.getClass(Snapshot.of(Disk), "root\\cimv2", "DEMO_DISK"))
 * assert.equal(stored.name, "Demo_Disk")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const getClass: {
  (namespace: string, className: string): (self: Snapshot) => Option.Option<ClassDefinition>
  (self: Snapshot, namespace: string, className: string): Option.Option<ClassDefinition>
} = /* @__PURE__ */ dual(
  3,
  (self: Snapshot, namespace: string, className: string): Option.Option<ClassDefinition> =>
    Option.fromNullable(resolvedClass(self, namespace, className)?.definition)
)

/** The resolved class of a class; `undefined` when a class above it is unreadable. */
const readableClass = (tables: NamespaceTables, folded: string): ResolvedClass | undefined =>
  readOr(() => tables.resolvedClass(folded), constUndefined)

/**
 * The user classes of a namespace, parents before children; with `{ system: true }` the system classes come first.
 *
 * @example
 * ```ts
 * import { ClassDefinition, Property, Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const LocalDisk = ClassDefinition.make("Demo_LocalDisk", {}, { superclass: "Demo_Disk" })
 * const names = Snapshot.classes(Snapshot.of(Disk, LocalDisk), "root\\cimv2").map(({ name }) => name)
 * assert.deepEqual(names, ["Demo_Disk", "Demo_LocalDisk"])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const classes: {
  (
    namespace: string,
    options?: { readonly system?: boolean | undefined }
  ): (self: Snapshot) => ReadonlyArray<ClassDefinition>
  (
    self: Snapshot,
    namespace: string,
    options?: { readonly system?: boolean | undefined }
  ): ReadonlyArray<ClassDefinition>
} = /* @__PURE__ */ dual(isDataFirst, (
  self: Snapshot,
  namespace: string,
  options?: { readonly system?: boolean | undefined }
): ReadonlyArray<ClassDefinition> => {
  const tables = namespaceTables(self, namespace)
  if (tables === undefined) return []
  const ownTables: Array<ResolvedClass> = []
  for (const folded of tables.classes.keys()) {
    const at = readableClass(tables, folded)
    if (at !== undefined) ownTables.push(at)
  }
  ownTables.sort((a, b) => a.depth - b.depth || CimName.compare(a.name, b.name))
  const system = options?.system === true ? Array.from(tables.system.values()) : []
  return [...system, ...ownTables].map((at) => at.definition)
})

/**
 * The classes below a class at any depth, nearest first, then by name.
 *
 * @since 0.1.0
 * @category combinators
 */
export const descendants: {
  (namespace: string, className: string): (self: Snapshot) => ReadonlyArray<ResolvedClass>
  (self: Snapshot, namespace: string, className: string): ReadonlyArray<ResolvedClass>
} = /* @__PURE__ */ dual(3, (self: Snapshot, namespace: string, className: string): ReadonlyArray<ResolvedClass> => {
  const tables = namespaceTables(self, namespace)
  if (tables === undefined) return []
  const folded = CimName.fold(className)
  // An unreadable class may be below any class of the namespace.
  if (tables.unreadable !== undefined && tables.classes.has(folded)) tables.unreadable.assertHierarchy()
  return tables.descendants(folded).map((below) => tables.resolvedClass(below)!)
})

/**
 * How many instances of exactly this class are stored.
 *
 * @since 0.1.0
 * @category combinators
 */
export const count: {
  (namespace: string, className: string): (self: Snapshot) => number
  (self: Snapshot, namespace: string, className: string): number
} = /* @__PURE__ */ dual(3, (self: Snapshot, namespace: string, className: string): number => {
  const tables = namespaceTables(self, namespace)
  const at = tables?.resolvedClass(className)
  if (tables === undefined || at === undefined) return 0
  tables.observer?.count(at)
  return tables.counts.get(at.name)?.n ?? 0
})

/**
 * The instance that is stored at a row key, with the values that were set and without the defaults of its class. `undefined` if the row
 * does not exist.
 *
 * @since 0.1.0
 * @category combinators
 */
export const row = (self: Snapshot, namespace: string, root: string, key: RowKey): Instance | undefined => {
  const tables = namespaceTables(self, namespace)
  if (tables?.unreadable !== undefined) tables.unreadable.assertRow(root, key)
  const found = tables?.rows.get(root)?.get(key)
  if (found === undefined) tables?.observer?.row(root, key)
  return found
}

/**
 * The occupant of an identity: the instance stored at a key root and key, or the instance that exists there from the
 * start (`object-model` 12).
 *
 * @since 0.1.0
 * @category combinators
 */
export const occupant = (self: Snapshot, namespace: string, root: string, key: RowKey): Instance | undefined =>
  row(self, namespace, root, key) ?? (isSystemRoot(root) ? initialInstanceOf(self, namespace, root) : undefined)

const initialInstanceOf = (self: Snapshot, namespace: string, root: string): Instance | undefined => {
  const tables = namespaceTables(self, namespace)
  return tables === undefined ? undefined : initialInstance(tables.system, root)
}

export {
  /**
   * Whether an instance is one that exists from the start and was never put. Such an instance is visible, but no store
   * holds it.
   *
   * @since 0.1.0
   * @category predicates
   */
  isInitial
}

/**
 * The instances of a class as they are stored; with `deep` also those of its subclasses. Throws the status of an
 * unreadable row among them. With `readable` unreadable rows, and classes below an unreadable class, are left out.
 *
 * @since 0.1.0
 * @category combinators
 */
export const stored = (
  self: Snapshot,
  namespace: string,
  className: string,
  options?: { readonly deep?: boolean | undefined; readonly readable?: boolean | undefined }
): ReadonlyArray<{ readonly root: string; readonly key: RowKey; readonly instance: Instance }> => {
  const tables = namespaceTables(self, namespace)
  const top = tables?.resolvedClass(className)
  if (tables === undefined || top === undefined) return []
  const selected = new Map<string, ResolvedClass>([[top.name, top]])
  const unreadableRows = options?.readable === true ? undefined : tables.unreadable
  if (options?.deep === true) {
    if (unreadableRows !== undefined && tables.classes.has(top.folded)) unreadableRows.assertHierarchy()
    for (const folded of tables.descendants(top.folded)) {
      const below = readableClass(tables, folded)
      if (below !== undefined) selected.set(below.name, below)
    }
  }
  const roots = new Set<string>()
  for (const at of selected.values()) {
    tables.observer?.instances(at)
    if (unreadableRows !== undefined && at.root !== undefined) unreadableRows.assertRoot(at.root)
    if (at.root !== undefined && (tables.counts.get(at.name)?.n ?? 0) > 0) roots.add(at.root)
  }
  const found: Array<{ readonly root: string; readonly key: RowKey; readonly instance: Instance }> = []
  for (const root of roots) {
    for (const [key, instance] of tables.rows.get(root) ?? []) {
      if (selected.has(instance.className)) found.push({ root, key, instance })
    }
  }
  return found
}

/**
 * The instances of a class; with `deep` also those of its subclasses. Each has every property of its own class: the
 * value that was set, otherwise the default, otherwise NULL. The list is empty when the namespace or the class does not
 * exist. Unreadable rows are left out; see {@link unreadable}.
 *
 * @example
 * ```ts
 * import { ClassDefinition, Instance, Property, Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const LocalDisk = ClassDefinition.make("Demo_LocalDisk", {}, { superclass: "Demo_Disk" })
 * const snapshot = Snapshot.of(Disk, LocalDisk, Instance.make("Demo_LocalDisk", { Id: "C:" }))
 * assert.equal(Snapshot.instances(snapshot, "root\\cimv2", "Demo_Disk").length, 0)
 * assert.equal(Snapshot.instances(snapshot, "root\\cimv2", "Demo_Disk", { deep: true }).length, 1)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const instances: {
  (
    namespace: string,
    className: string,
    options?: { readonly deep?: boolean | undefined }
  ): (self: Snapshot) => ReadonlyArray<Instance>
  (
    self: Snapshot,
    namespace: string,
    className: string,
    options?: { readonly deep?: boolean | undefined }
  ): ReadonlyArray<Instance>
} = /* @__PURE__ */ dual(isDataFirst, (
  self: Snapshot,
  namespace: string,
  className: string,
  options?: { readonly deep?: boolean | undefined }
): ReadonlyArray<Instance> => {
  const found = stored(self, namespace, className, { deep: options?.deep, readable: true }).map(({ instance }) =>
    resolved(resolvedClass(self, namespace, instance.className)!, instance)
  )
  const unput = CimName.isSystemName(className)
    ? initialInstancesOf(self, namespace, className, options?.deep === true)
    : []
  return unput.length === 0 ? found : [...found, ...unput]
})

/** The instances of system classes that exist from the start and were never put. */
const initialInstancesOf = (
  self: Snapshot,
  namespace: string,
  className: string,
  isDeep: boolean
): ReadonlyArray<Instance> => {
  const tables = namespaceTables(self, namespace)
  const found: Array<Instance> = []
  for (const at of tables?.system.values() ?? []) {
    const isMeant = isDeep ? isOrDerivesFrom(at, className) : CimName.equals(at.name, className)
    // An unreadable instance was put.
    if (!isMeant || at.root !== at.folded || tables?.unreadable?.has(at.folded, "@") === true) continue
    if (row(self, namespace, at.folded, "@") !== undefined) continue
    const instance = initialInstanceOf(self, namespace, at.folded)
    if (instance !== undefined) found.push(resolved(at, instance))
  }
  return found
}

/**
 * A namespace, then the namespaces above it, nearest first. It may inherit their descriptors.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceAncestors = (namespace: string): ReadonlyArray<string> => {
  const end = namespace.lastIndexOf("\\")
  if (end <= 0) return [namespace]
  // An array literal costs half of an array that grows, and every put makes one.
  const ancestors = [namespace, namespace.slice(0, end)]
  // No recursion: the name comes from outside and may have any number of parts.
  for (let at = end; (at = namespace.lastIndexOf("\\", at - 1)) > 0;) ancestors.push(namespace.slice(0, at))
  return ancestors
}

/**
 * The stored descriptors that may apply to a namespace: its own, then those of the namespaces above; `undefined` when
 * no namespace has one. A namespace that does not exist has those that it would inherit.
 *
 * @since 0.1.0
 * @category combinators
 */
export const descriptors = (self: Snapshot, namespace: string): ReadonlyArray<Instance | undefined> | undefined =>
  ownTables(impl(self)).descriptorCount === 0
    ? undefined
    : namespaceAncestors(namespace).map((at) => row(self, at, securityRoot, "@"))

/**
 * Whether a class is the named class or derives from it. An unknown class derives from no other class.
 *
 * @since 0.1.0
 * @category predicates
 */
export const derivesFrom = (self: Snapshot, namespace: string, className: string, ancestor: string): boolean => {
  if (CimName.equals(className, ancestor)) return true
  const at = resolvedClass(self, namespace, className)
  return at !== undefined && isOrDerivesFrom(at, ancestor)
}

/**
 * A row of a store that is unreadable and so is missing from the state. Names are folded.
 *
 * @since 0.1.0
 * @category models
 */
export type { Unreadable }

/**
 * The rows that were unreadable when the state was loaded from a store; with `namespace` those of one namespace. An
 * operation that needs one of them fails with its `error`, whose cause is a `StoreFailure` with the reason `Corrupt`.
 * Empty for every state that was made in memory.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unreadable = (self: Snapshot, namespace?: string): ReadonlyArray<Unreadable> => {
  const tables = ownTables(impl(self))
  const folded = namespace === undefined ? undefined : CimName.fold(namespace)
  const found = [...tables.unreadable]
  for (const namespace of tables.namespaces.values()) {
    if (namespace.unreadable !== undefined) found.push(...namespace.unreadable.all())
  }
  return folded === undefined ? found : found.filter((one) => one.namespace === folded)
}

/**
 * Throws the status of an unreadable class of a namespace, if there is one.
 *
 * @since 0.1.0
 * @category guards
 */
export const assertClassesReadable = (self: Snapshot, namespace: string): void =>
  namespaceTables(self, namespace)?.unreadable?.assertHierarchy()

/**
 * Every object of every namespace, in an order that depends on the contents only: for comparisons, dumps and tests.
 *
 * @example
 * ```ts
 * import { ClassDefinition, Property, Snapshot } from "effect-wmi"
 * import * as assert from "node:assert/strict"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const before = Snapshot.entries(Snapshot.of(Disk))
 * const after = Snapshot.entries(Snapshot.withObjects(Snapshot.empty(), "root\\cimv2", [Disk]))
 * assert.deepEqual(before, after)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const entries = (
  self: Snapshot
): ReadonlyArray<readonly [namespace: string, root: string, key: RowKey, object: WbemObject]> => {
  const found: Array<readonly [string, string, RowKey, WbemObject]> = []
  for (const [namespace, tables] of ownTables(impl(self)).namespaces) {
    for (const [key, definition] of tables.classes) found.push([namespace, "", key, definition])
    for (const [root, rows] of tables.rows) {
      for (const [key, instance] of rows) found.push([namespace, root, key, instance])
    }
  }
  // The sort text of each entry is made once: making two for every comparison would cost more than everything else.
  return found
    .map((entry) => [`${entry[0]}\u0000${entry[1]}\u0000${entry[2]}`, entry] as const)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([, entry]) => entry)
}
