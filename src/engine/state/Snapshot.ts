/**
 * The state of all namespaces at one moment. To its readers it is immutable; it costs what a `Map` costs.
 *
 * The newest snapshot owns the mutable tables. An older one holds only the changes that lead on from it and a pointer to its
 * successor (rerooting, after Baker). So `apply` on the newest is a few `Map.set`s, keeping an old value is free, a value that
 * nobody keeps is garbage together with its changes, and going back to one costs the changes in between. Snapshots that are
 * used in turn would move the tables to and fro: each move is counted, and once the moves have cost as much as a copy, the
 * older one gets tables of its own.
 *
 * @since 0.1.0
 */
import { dual } from "effect/Function"
import * as Option from "effect/Option"
import { freezeObject } from "../../model/immutable.ts"
import * as CimName from "../../model/CimName.ts"
import { none as noQualifiers } from "../../model/Qualifier.ts"
import type { ClassDefinition, Instance, WbemObject } from "../../model/WbemObject.ts"
import * as Change from "../../protocol/Change.ts"
import { InvalidClass, InvalidNamespace, InvalidObject, isWbemError } from "../../protocol/WbemError.ts"
import type { Unreadable } from "./unreadableRows.ts"
import * as Identity from "../identity.ts"
import { isOrDerivesFrom, type ResolvedClass } from "../classes/ResolvedClass.ts"
import { withServerFlavors } from "../classes/serverFlavors.ts"
import { initialInstance, isInitial } from "./systemClasses.ts"
import { isSystemRoot, namespaceRoot, NamespaceTables, type RowKey, securityRoot, Tables } from "./namespaceTables.ts"
import { resolved, valuesOf } from "../values.ts"

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
  readonly [TypeId]: typeof TypeId
}

/**
 * Where objects go that are given without a namespace.
 *
 * @since 0.1.0
 * @category models
 */
export const defaultNamespace: string = "root\\cimv2"

class Impl implements Snapshot {
  readonly [TypeId]: typeof TypeId = TypeId
  tables: Tables | undefined
  /** What leads from here to `next`. */
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
 * The tables of a snapshot, which becomes the newest of its line; who changes them changes the snapshot.
 *
 * @internal
 */
export const tablesOf = (self: Snapshot): Tables => own(impl(self))

/**
 * A snapshot over tables of its own.
 *
 * @internal
 */
export const ofTables = (tables: Tables): Snapshot => new Impl(tables)

const own = (self: Impl): Tables => self.tables ?? reroot(self)

/** Moves the tables to `self`, or copies them when moving to and fro has cost a copy already. */
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

/** The type says nothing of the inside, on purpose. Every snapshot is made here. */
const impl = (self: Snapshot): Impl => self as Impl

const namespaceTables = (self: Snapshot, namespace: string): NamespaceTables | undefined => own(impl(self)).namespace(namespace)

/**
 * What a snapshot can start from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Namespaces to have besides `root`, `root\\cimv2` and `root\\default`; what stands above them is there too. */
  readonly namespaces?: ReadonlyArray<string> | undefined
}

const namespaceInstance = (name: string): Instance =>
  Object.freeze({
    _tag: "Instance",
    className: "__NAMESPACE",
    values: Object.freeze({ Name: name }),
    qualifiers: noQualifiers
  })

const addNamespace = (tables: Tables, namespace: string): void => {
  let above: string | undefined
  for (const name of namespace.split("\\")) {
    const here: string = above === undefined ? name : `${above}\\${name}`
    const folded = CimName.fold(here)
    if (!tables.namespaces.has(folded)) {
      if (above === undefined) tables.namespaces.set(folded, new NamespaceTables(here))
      else {
        const row = { namespace: CimName.fold(above), root: namespaceRoot, key: CimName.fold(name) }
        const path = {
          server: undefined,
          namespace: above,
          className: "__NAMESPACE",
          keys: [{ name: "Name", value: name }],
          singleton: false
        }
        tables.apply([{ _tag: "Write", path, row, before: undefined, after: namespaceInstance(name) }])
      }
    }
    above = tables.namespaces.get(folded)!.name
  }
}

/**
 * Namespaces without anything of a user's in them: `root`, `root\\cimv2`, `root\\default` and those asked for.
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
 * A snapshot with these objects in `root\\cimv2`, classes before their subclasses and instances. They are stored without the
 * rules of a put; see {@link withObjects}.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (...objects: ReadonlyArray<WbemObject>): Snapshot => withObjects(empty(), defaultNamespace, objects)

/**
 * A snapshot with more objects in it, stored without the rules of a put: a definition may be one that no put would accept. Classes
 * get the flavours that the server adds (`qualifiers` 2).
 *
 * Throws `InvalidNamespace`, `InvalidClass` (an instance of an unknown class) or `InvalidObject` (an instance without an
 * identity), because such an object has no place to be.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withObjects = (self: Snapshot, namespace: string, objects: Iterable<WbemObject>): Snapshot => {
  let at = self
  for (const object of objects) at = apply(at, [uncheckedWrite(at, namespace, freezeObject(object))])
  return at
}

const uncheckedWrite = (self: Snapshot, namespace: string, object: WbemObject): Change.Change => {
  const space = namespaceTables(self, namespace)
  if (space === undefined) throw new InvalidNamespace({ namespace })
  const path = { server: undefined, namespace: space.name, className: undefined, keys: [], singleton: false }
  const folded = CimName.fold(space.name)
  if (object._tag === "Class") {
    const key = CimName.fold(object.name)
    const row: Change.Row = { namespace: folded, root: "", key }
    return {
      _tag: "Write",
      path: { ...path, className: object.name },
      row,
      before: space.classes.get(key),
      after: withServerFlavors(object)
    }
  }
  const resolvedClass = space.resolvedClass(object.className)
  if (resolvedClass === undefined) throw new InvalidClass({ className: object.className })
  const { values } = valuesOf(resolvedClass, object)
  const key = Identity.rowKey(resolvedClass, values)
  if (resolvedClass.root === undefined || key === undefined) {
    throw new InvalidObject({ detail: `an instance of ${object.className} needs its keys to be stored` })
  }
  const row: Change.Row = { namespace: folded, root: resolvedClass.root, key }
  const after: Instance = Object.freeze({ ...object, className: resolvedClass.name, values: Object.freeze(values) })
  return {
    _tag: "Write",
    path: {
      ...path,
      className: resolvedClass.name,
      keys: Identity.keysOf(resolvedClass, values),
      singleton: resolvedClass.isSingleton
    },
    row,
    before: space.rows.get(resolvedClass.root)?.get(key),
    after
  }
}

/**
 * The snapshot after some changes. The one it was made from is as it was.
 *
 * @since 0.1.0
 * @category combinators
 */
export const apply: {
  (changes: ReadonlyArray<Change.Change>): (self: Snapshot) => Snapshot
  (self: Snapshot, changes: ReadonlyArray<Change.Change>): Snapshot
} = dual(2, (self: Snapshot, changes: ReadonlyArray<Change.Change>): Snapshot => {
  if (changes.length === 0) return self
  const here = impl(self)
  const tables = own(here)
  tables.apply(changes)
  const after = new Impl(tables)
  here.tables = undefined
  here.changes = changes
  here.next = after
  return after
})

/**
 * A run of changes that becomes one step: the snapshot it started from is as it was, the one in between is nobody's to keep.
 *
 * @since 0.1.0
 * @category models
 */
export interface Edit {
  /** The state so far. Keep it only after the last `apply`. */
  readonly snapshot: Snapshot
  readonly changes: ReadonlyArray<Change.Change>
  readonly apply: (changes: ReadonlyArray<Change.Change>) => void
}

/**
 * Begins a run of changes.
 *
 * @since 0.1.0
 * @category combinators
 */
export const edit = (self: Snapshot): Edit => {
  const here = impl(self)
  const tables = own(here)
  const changes: Array<Change.Change> = []
  const after = new Impl(tables)
  here.tables = undefined
  here.changes = changes
  here.next = after
  return {
    snapshot: after,
    changes,
    apply: (more) => {
      tables.apply(more)
      for (let i = 0; i < more.length; i++) changes.push(more[i]!)
    }
  }
}

/** Up to this many objects a copy is cheaper than to remember what leads back. */
const smallFork = 10_000

/**
 * The same state as a value of its own, for a writer that will make many changes while somebody keeps this one: a small one is
 * copied, so that it need not remember the way back; a large one is shared as ever.
 *
 * @since 0.1.0
 * @category combinators
 */
export const fork = (self: Snapshot): Snapshot => {
  const tables = own(impl(self))
  return tables.size <= smallFork ? new Impl(new Tables(tables)) : self
}

/**
 * The spelling of a namespace; `undefined` when there is none of that name.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceName = (self: Snapshot, namespace: string): string | undefined => namespaceTables(self, namespace)?.name

/**
 * A namespace: its name as stored and folded.
 *
 * @since 0.1.0
 * @category models
 */
export interface Namespace {
  readonly name: string
  readonly folded: string
}

/**
 * The namespace of that name, or `undefined`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const getNamespace = (self: Snapshot, namespace: string): Namespace | undefined => namespaceTables(self, namespace)

/**
 * Every namespace, parents before children.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaces = (self: Snapshot): ReadonlyArray<string> =>
  Array.from(own(impl(self)).namespaces.values(), (space) => space.name).sort(CimName.compare)

/**
 * A class with everything it inherits, or `undefined`: the form without an `Option` that the engine uses.
 *
 * @since 0.1.0
 * @category combinators
 */
export const resolvedClass = (self: Snapshot, namespace: string, className: string): ResolvedClass | undefined =>
  namespaceTables(self, namespace)?.resolvedClass(className)

/**
 * A class, user or system, with its own members.
 *
 * @since 0.1.0
 * @category combinators
 */
export const getClass = (self: Snapshot, namespace: string, className: string): Option.Option<ClassDefinition> =>
  Option.fromNullable(resolvedClass(self, namespace, className)?.definition)

/** The resolved class of a class; `undefined` for one that stands below a class that cannot be read. */
const readableClass = (space: NamespaceTables, folded: string): ResolvedClass | undefined => {
  if (space.unreadable === undefined) return space.resolvedClass(folded)
  try {
    return space.resolvedClass(folded)
  } catch (error) {
    if (isWbemError(error)) return undefined
    throw error
  }
}

/**
 * The user classes of a namespace, parents before children; `{ system: true }` puts the system classes in front.
 *
 * @since 0.1.0
 * @category combinators
 */
export const classes = (
  self: Snapshot,
  namespace: string,
  options?: { readonly system?: boolean | undefined }
): ReadonlyArray<ClassDefinition> => {
  const space = namespaceTables(self, namespace)
  if (space === undefined) return []
  const own: Array<ResolvedClass> = []
  for (const folded of space.classes.keys()) {
    const at = readableClass(space, folded)
    if (at !== undefined) own.push(at)
  }
  own.sort((a, b) => a.depth - b.depth || CimName.compare(a.name, b.name))
  const system = options?.system === true ? Array.from(space.system.values()) : []
  return [...system, ...own].map((at) => at.definition)
}

/**
 * The classes below a class at any depth, nearest first, then by name.
 *
 * @since 0.1.0
 * @category combinators
 */
export const descendants = (self: Snapshot, namespace: string, className: string): ReadonlyArray<ResolvedClass> => {
  const space = namespaceTables(self, namespace)
  if (space === undefined) return []
  const folded = CimName.fold(className)
  // A class that cannot be read may stand below any class that is there.
  if (space.unreadable !== undefined && space.classes.has(folded)) space.unreadable.assertHierarchy()
  return space.descendants(folded).map((below) => space.resolvedClass(below)!)
}

/**
 * How many instances of exactly this class are stored.
 *
 * @since 0.1.0
 * @category combinators
 */
export const count = (self: Snapshot, namespace: string, className: string): number => {
  const space = namespaceTables(self, namespace)
  const at = space?.resolvedClass(className)
  if (space === undefined || at === undefined) return 0
  space.observer?.count(at)
  return space.counts.get(at.name)?.n ?? 0
}

/**
 * The instance in a row as it is stored: what was set on it, defaults not filled in.
 *
 * @since 0.1.0
 * @category combinators
 */
export const row = (self: Snapshot, namespace: string, root: string, key: RowKey): Instance | undefined => {
  const space = namespaceTables(self, namespace)
  if (space?.unreadable !== undefined) space.unreadable.assertRow(root, key)
  const found = space?.rows.get(root)?.get(key)
  if (found === undefined) space?.observer?.row(root, key)
  return found
}

/**
 * Who holds an identity: what is stored at a key root and key, or the instance that exists there from the start (`object-model` 12).
 *
 * @since 0.1.0
 * @category combinators
 */
export const occupant = (self: Snapshot, namespace: string, root: string, key: RowKey): Instance | undefined =>
  row(self, namespace, root, key) ?? (isSystemRoot(root) ? initialInstanceOf(self, namespace, root) : undefined)

const initialInstanceOf = (self: Snapshot, namespace: string, root: string): Instance | undefined => {
  const space = namespaceTables(self, namespace)
  return space === undefined ? undefined : initialInstance(space.system, root)
}

export {
  /**
   * Whether an instance is one that exists from the start and was never put: it counts as stored, and no store holds it.
   *
   * @since 0.1.0
   * @category predicates
   */
  isInitial
}

/**
 * The instances of a class as they are stored, `deep` with those of its subclasses. Throws the status of a row among them that could
 * not be read; with `readable` such rows, and the classes below one that could not be read, are left out.
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
  const space = namespaceTables(self, namespace)
  const top = space?.resolvedClass(className)
  if (space === undefined || top === undefined) return []
  const wanted = new Map<string, ResolvedClass>([[top.name, top]])
  const damage = options?.readable === true ? undefined : space.unreadable
  if (options?.deep === true) {
    if (damage !== undefined && space.classes.has(top.folded)) damage.assertHierarchy()
    for (const folded of space.descendants(top.folded)) {
      const below = readableClass(space, folded)
      if (below !== undefined) wanted.set(below.name, below)
    }
  }
  const roots = new Set<string>()
  for (const at of wanted.values()) {
    space.observer?.instances(at)
    if (damage !== undefined && at.root !== undefined) damage.assertRoot(at.root)
    if (at.root !== undefined && (space.counts.get(at.name)?.n ?? 0) > 0) roots.add(at.root)
  }
  const found: Array<{ readonly root: string; readonly key: RowKey; readonly instance: Instance }> = []
  for (const root of roots) {
    for (const [key, instance] of space.rows.get(root) ?? []) {
      if (wanted.has(instance.className)) found.push({ root, key, instance })
    }
  }
  return found
}

/**
 * The instances of a class, `deep` with those of its subclasses, each with every property of its own class: what was set, else the
 * default, else NULL. Empty when the namespace or the class is not there. Rows that could not be read are left out; see
 * {@link unreadable}.
 *
 * @since 0.1.0
 * @category combinators
 */
export const instances = (
  self: Snapshot,
  namespace: string,
  className: string,
  options?: { readonly deep?: boolean | undefined }
): ReadonlyArray<Instance> => {
  const found = stored(self, namespace, className, { deep: options?.deep, readable: true }).map(({ instance }) =>
    resolved(resolvedClass(self, namespace, instance.className)!, instance)
  )
  const unput = CimName.isSystemName(className) ? initialInstancesOf(self, namespace, className, options?.deep === true) : []
  return unput.length === 0 ? found : [...found, ...unput]
}

/** The instances of system classes that exist from the start and were never put. */
const initialInstancesOf = (
  self: Snapshot,
  namespace: string,
  className: string,
  isDeep: boolean
): ReadonlyArray<Instance> => {
  const space = namespaceTables(self, namespace)
  const found: Array<Instance> = []
  for (const at of space?.system.values() ?? []) {
    const isMeant = isDeep ? isOrDerivesFrom(at, className) : CimName.equals(at.name, className)
    // One that could not be read was put.
    if (!isMeant || at.root !== at.folded || space?.unreadable?.has(at.folded, "@") === true) continue
    if (row(self, namespace, at.folded, "@") !== undefined) continue
    const instance = initialInstanceOf(self, namespace, at.folded)
    if (instance !== undefined) found.push(resolved(at, instance))
  }
  return found
}

/**
 * A namespace, and those above it: what their descriptors hand down governs it too.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceAncestors = (namespace: string): ReadonlyArray<string> => {
  if (namespace === governed) return governors
  const names = namespace.split("\\")
  governed = namespace
  return governors = Object.freeze(names.map((_, i) => names.slice(0, names.length - i).join("\\")))
}

/** Puts mostly follow each other into one namespace, and each of them asks several times. */
let governed = ""
let governors: ReadonlyArray<string> = [""]

/**
 * The stored descriptors that may govern a namespace: its own, then those of the namespaces above; `undefined` when no namespace
 * has one. A namespace that is not there has what it would inherit.
 *
 * @since 0.1.0
 * @category combinators
 */
export const descriptors = (self: Snapshot, namespace: string): ReadonlyArray<Instance | undefined> | undefined =>
  own(impl(self)).descriptorCount === 0 ? undefined : namespaceAncestors(namespace).map((at) => row(self, at, securityRoot, "@"))

/**
 * Whether a class is another one or derives from it, by name; a class that cannot be seen derives from nothing.
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
 * A row of a store that could not be read, and so is missing from the state. Names are folded.
 *
 * @since 0.1.0
 * @category models
 */
export type { Unreadable }

/**
 * The rows that could not be read when a state was loaded from a store; of one namespace where one is named. What asks for one of them
 * fails with its `error`, whose cause is a `StoreFailure` with the reason `Corrupt`. Empty for every state that was made in memory.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unreadable = (self: Snapshot, namespace?: string): ReadonlyArray<Unreadable> => {
  const tables = own(impl(self))
  const folded = namespace === undefined ? undefined : CimName.fold(namespace)
  const found = [...tables.unreadable]
  for (const space of tables.namespaces.values()) if (space.unreadable !== undefined) found.push(...space.unreadable.all())
  return folded === undefined ? found : found.filter((one) => one.namespace === folded)
}

/** Throws the status of a class of a namespace that could not be read, if there is one. */
export const assertClassesReadable = (self: Snapshot, namespace: string): void => namespaceTables(self, namespace)?.unreadable?.assertHierarchy()

/**
 * Every object of every namespace, in an order that does not depend on how it came about: for comparing, dumping and tests.
 *
 * @since 0.1.0
 * @category combinators
 */
export const entries = (
  self: Snapshot
): ReadonlyArray<readonly [namespace: string, root: string, key: RowKey, object: WbemObject]> => {
  const found: Array<readonly [string, string, RowKey, WbemObject]> = []
  for (const [namespace, space] of own(impl(self)).namespaces) {
    for (const [key, definition] of space.classes) found.push([namespace, "", key, definition])
    for (const [root, rows] of space.rows) {
      for (const [key, instance] of rows) found.push([namespace, root, key, instance])
    }
  }
  // The text of each is made once: a comparison that made two would cost more than all the rest.
  return found
    .map((entry) => [`${entry[0]}\u0000${entry[1]}\u0000${entry[2]}`, entry] as const)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([, entry]) => entry)
}
