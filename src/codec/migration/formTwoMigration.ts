/**
 * Migrates the rows of a store from form 1 to form 2. It is pure: the databases load and write the rows.
 *
 * | | form 1 | form 2 |
 * |---|---|---|
 * | folded names and keys | lower case | `CimName.fold` (`object-model` 13) |
 * | a redeclaration without a default | inherits the default | sets NULL; those of form 1 are marked as inheriting (CX-5) |
 * | flavours of `key`, `singleton`, `association`, `dynamic`, `In`, `Out` | as they were written | as the server keeps them (`qualifiers` 2) |
 * | instances of `__ProviderRegistration` | one key root | each leaf is a key root (`object-model` 12) |
 *
 * Rows of form 2 stay as they are, so an interrupted migration is run again from the start.
 *
 * No object is lost. Two objects with different identities in form 1 may have one identity in form 2. Both are kept:
 * the second one under the key of a duplicate (`duplicateKeys`), or, for a class or a namespace, under its name with a
 * number appended. Both are reported.
 *
 * @internal
 */
import * as Identity from "../../engine/identity.ts"
import { findProperty, type ResolvedClass } from "../../engine/classes/ResolvedClass.ts"
import { withServerFlavors } from "../../engine/classes/serverFlavors.ts"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import { isSchemaRow, isSystemRoot, namespaceRoot, NamespaceTables } from "../../engine/state/namespaceTables.ts"
import * as CimName from "../../model/CimName.ts"
import { classWith, instanceWith } from "../../model/effectValue.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import * as Property from "../../model/Property.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type { ClassDefinition, Instance, PropertyDefinition } from "../../model/WbemObject.ts"
import type { RowId } from "../storedObject.ts"
import * as StoredObject from "../storedObject.ts"
import { duplicateKey, isDuplicateKey, originalKey } from "./duplicateKeys.ts"

/** A row of the store. */
export interface StoredRow extends RowId {
  readonly body: string
}

/** A row of form 2, with the row of form 1 that it replaces; without `from` it is new. */
export interface MigratedRow {
  readonly from: RowId | undefined
  readonly to: RowId
  /** Folded; empty for a class. */
  readonly className: string
  readonly body: string
  /** Whether the text of the object changes. */
  readonly isRewritten: boolean
}

/** Two objects that have one identity in form 2. */
export interface DuplicateIdentity {
  readonly namespace: string
  /** The path or the name of the object that has the identity. */
  readonly first: string
  /** The path or the name of the other object, and the key or name that it is kept under. */
  readonly second: string
  readonly keptAs: string
}

/** A namespace, by the folded name of form 1 and by that of form 2. */
export interface MigratedNamespace {
  readonly from: string
  readonly to: string
  /** The name in its stored spelling. */
  readonly name: string
}

const lowerUnit = (unit: string): string => {
  const lower = unit.toLowerCase()
  return lower.length === 1 ? lower : unit
}

/** The fold of form 1. */
export const foldOfFormOne = (text: string): string => {
  let folded = ""
  for (let i = 0; i < text.length; i++) folded += lowerUnit(text.charAt(i))
  return folded
}

const beyondAscii = /[^\x00-\x7f]/

const isFoldedDifferently = (text: string): boolean =>
  beyondAscii.test(text) && foldOfFormOne(text) !== CimName.fold(text)

/**
 * Whether the identity of an instance row may change in form 2, by its text alone. Its class may change its key root
 * all the same.
 */
export const isAffected = ({ body, key, namespace, root }: StoredRow): boolean =>
  isFoldedDifferently(body) || isFoldedDifferently(key) || isFoldedDifferently(root) || isFoldedDifferently(namespace)

const lastSegment = (name: string): string => name.slice(name.lastIndexOf("\\") + 1)
const parentOf = (name: string): string | undefined => {
  const at = name.lastIndexOf("\\")
  return at < 0 ? undefined : name.slice(0, at)
}

/** The first unused name: the name itself, or with a number appended. */
const freeName = (name: string, isTaken: (folded: string) => boolean): string => {
  if (!isTaken(CimName.fold(name))) return name
  for (let n = 2;; n++) if (!isTaken(CimName.fold(`${name}_${n}`))) return `${name}_${n}`
}

/** Names whose fold does not change come first. So of two names that fold alike, the plain one is kept. */
const unchangedFoldFirst = <A>(list: ReadonlyArray<A>, stored: (one: A) => string): ReadonlyArray<A> =>
  [...list].sort((a, b) => Number(isFoldedDifferently(stored(a))) - Number(isFoldedDifferently(stored(b))))

const migratedNamespaces = (
  namespaces: ReadonlyArray<{ readonly folded: string; readonly name: string }>,
  duplicates: Array<DuplicateIdentity>
): ReadonlyMap<string, MigratedNamespace> => {
  const targets = new Map<string, MigratedNamespace>()
  const taken = new Map<string, string>()
  const depth = ({ folded }: { readonly folded: string }): number => folded.split("\\").length
  const ordered = [...unchangedFoldFirst(namespaces, ({ folded }) => folded)].sort((a, b) => depth(a) - depth(b))
  for (const { folded, name } of ordered) {
    const above = parentOf(folded)
    const parent = above === undefined ? undefined : targets.get(above)?.name ?? parentOf(name)
    const spelled = parent === undefined ? name : `${parent}\\${lastSegment(name)}`
    const unusedName = freeName(spelled, (one) => taken.has(one))
    if (unusedName !== spelled) {
      duplicates.push({
        namespace: parent ?? "",
        first: taken.get(CimName.fold(spelled))!,
        second: name,
        keptAs: unusedName
      })
    }
    taken.set(CimName.fold(unusedName), unusedName)
    targets.set(folded, { from: folded, to: CimName.fold(unusedName), name: unusedName })
  }
  return targets
}

/** Classes whose key was that of `__ProviderRegistration`, which has no key in form 2. */
const withoutKey: ReadonlySet<string> = new Set(["__providerregistration", "__objectproviderregistration"])

/** A user class that inherited the key `provider` declares it itself, as the leaves of the system classes do. */
const withOwnKey = (definition: ClassDefinition): ClassDefinition => {
  if (definition.superclass === undefined || !withoutKey.has(CimName.fold(definition.superclass))) return definition
  const key = Qualifier.make("key", true)
  const declared = CimName.find(definition.properties, "provider")
  if (declared !== undefined && Qualifier.has(declared.qualifiers, "key")) return definition
  const provider: PropertyDefinition = declared === undefined
    ? { name: "provider", ...Property.key("ref:__Provider"), value: undefined }
    : { ...declared, qualifiers: [key, ...declared.qualifiers] }
  return classWith(definition, { properties: [...definition.properties.filter((one) => one !== declared), provider] })
}

const withStandardSpelling = (qualifiers: ReadonlyArray<Qualifier.Qualifier>): ReadonlyArray<Qualifier.Qualifier> =>
  qualifiers.map((one) => ({ ...one, name: Qualifier.spelling(one.name) }))

const migratedClass = (given: ClassDefinition, parent: ResolvedClass | undefined): ClassDefinition => {
  const definition = withOwnKey(given)
  return withServerFlavors(classWith(definition, {
    qualifiers: withStandardSpelling(definition.qualifiers),
    properties: definition.properties.map((one): PropertyDefinition => {
      const isInherited = parent !== undefined && findProperty(parent, one.name) !== undefined
      const qualifiers = withStandardSpelling(one.qualifiers)
      return isInherited && one.value === undefined
        ? { ...one, qualifiers, inheritsDefault: true }
        : { ...one, qualifiers }
    }),
    methods: definition.methods.map((one) => ({
      ...one,
      qualifiers: withStandardSpelling(one.qualifiers),
      parameters: one.parameters.map((parameter) => ({
        ...parameter,
        qualifiers: withStandardSpelling(parameter.qualifiers)
      }))
    }))
  }))
}

/** The path of an instance within its namespace, for messages. */
const pathText = (resolvedClass: ResolvedClass | undefined, instance: Instance): string =>
  resolvedClass?.root === undefined
    ? instance.className
    : ObjectPath.relPath(Identity.pathOf(undefined, undefined, resolvedClass, instance.values))

/** The migration of one namespace. */
class NamespaceMigration {
  readonly to: MigratedNamespace
  /** The tables with the migrated classes. */
  readonly tables: NamespaceTables
  /** New names of classes whose name another class has, by the folded name of form 1. */
  private readonly renamed: Map<string, string> = new Map()
  readonly classes: Array<MigratedRow> = []

  constructor(to: MigratedNamespace, rows: ReadonlyArray<StoredRow>, duplicates: Array<DuplicateIdentity>) {
    this.to = to
    this.tables = new NamespaceTables(to.name)
    const given = rows.flatMap((row) => {
      const definition = unlessMalformed(() => StoredObject.readClass(row.body))
      return definition === undefined ? [] : [{ row, definition }]
    })
    for (const { definition, row } of unchangedFoldFirst(given, ({ row }) => row.key)) {
      const { name } = definition
      const unusedName = freeName(name, (folded) => this.tables.classes.has(folded))
      if (unusedName !== name) {
        const first = this.tables.classes.get(CimName.fold(name))!.name
        this.renamed.set(foldOfFormOne(name), unusedName)
        duplicates.push({ namespace: to.name, first, second: name, keptAs: unusedName })
      }
      this.tables.writeClass(
        CimName.fold(unusedName),
        undefined,
        unusedName === name ? definition : classWith(definition, { name: unusedName })
      )
      this.classes.push({
        from: { namespace: row.namespace, root: "", key: row.key },
        to: { namespace: to.to, root: "", key: StoredObject.writeKey(CimName.fold(unusedName)) },
        className: "",
        body: row.body,
        isRewritten: false
      })
    }
    for (const [folded, definition] of [...this.tables.classes]) {
      const superclass = definition.superclass === undefined ? undefined : this.className(definition.superclass)
      if (superclass !== definition.superclass) {
        this.tables.writeClass(folded, definition, classWith(definition, { superclass }))
      }
    }
    // Inheritance by name is the same before and after, so the order does not matter.
    for (const [folded, definition] of [...this.tables.classes]) {
      const parent = definition.superclass === undefined ? undefined : this.tables.resolvedClass(definition.superclass)
      this.tables.writeClass(folded, definition, migratedClass(definition, parent))
    }
    for (const [i, target] of this.classes.entries()) {
      const body = StoredObject.write(this.tables.classes.get(StoredObject.readKey(target.to.key) as string)!)
      this.classes[i] = { ...target, body, isRewritten: body !== target.body }
    }
  }

  /** The name of a class after the migration. */
  className(name: string): string {
    return this.renamed.size === 0 ? name : this.renamed.get(foldOfFormOne(name)) ?? name
  }

  /** The migrated row of an instance. */
  instance(row: StoredRow): MigratedRow {
    const stored = StoredObject.readInstance(row.body)
    const className = this.className(stored.className)
    const resolvedClass = this.tables.resolvedClass(className)
    const key = resolvedClass === undefined ? undefined : Identity.rowKey(resolvedClass, stored.values)
    const before = StoredObject.readKey(row.key)
    // A row without an identity (only a snapshot made without rules has one) keeps its key.
    const root = resolvedClass?.root === undefined || key === undefined ? row.root : resolvedClass.root
    const identity = resolvedClass?.root === undefined || key === undefined ? before : key
    const stays = isDuplicateKey(before) && originalKey(before) === identity
    return {
      from: { namespace: row.namespace, root: row.root, key: row.key },
      to: { namespace: this.to.to, root, key: StoredObject.writeKey(stays ? before : identity) },
      className: CimName.fold(resolvedClass?.name ?? className),
      body: className === stored.className ? row.body : StoredObject.write(instanceWith(stored, { className })),
      isRewritten: className !== stored.className
    }
  }

  isSameIdentity({ body }: StoredRow): boolean {
    const stored = unlessMalformed(() => StoredObject.readInstance(body))
    if (stored === undefined) return true
    const { className, values } = stored
    const keys = this.tables.resolvedClass(this.className(className))?.keys ?? []
    return keys.every(({ name }) => {
      const value = values[name]
      return typeof value !== "string" || !isFoldedDifferently(value)
    })
  }

  path(body: string): string {
    const stored = unlessMalformed(() => StoredObject.readInstance(body))
    return stored === undefined ? "" : pathText(this.tables.resolvedClass(stored.className), stored)
  }
}

/** The result of reading a row; `undefined` for a malformed row, which is not migrated. */
const unlessMalformed = <A>(read: () => A): A | undefined => {
  try {
    return read()
  } catch (error) {
    if (error instanceof StoredObject.MalformedObject) return undefined
    throw error
  }
}

const rowText = ({ key, namespace, root }: RowId): string => `${namespace}\0${root}\0${key}`

export const isMoved = ({ from, to }: MigratedRow): boolean =>
  from === undefined || from.key !== to.key || from.root !== to.root || from.namespace !== to.namespace

/** Whether the row must be written. */
export const isChanged = (target: MigratedRow): boolean => target.isRewritten || isMoved(target)

/** The migration of a store, made from all of its schema. */
export interface Migration {
  readonly namespaces: ReadonlyArray<MigratedNamespace>
  /** Every schema row. Some of them become instance rows. */
  readonly schema: ReadonlyArray<MigratedRow>
  /**
   * The migrated row of an instance; `undefined` when its namespace is missing or the row is malformed. Such a row is
   * not changed.
   */
  readonly instance: (row: StoredRow) => MigratedRow | undefined
  /** Whether an instance had the same identity in form 1. */
  readonly isSameIdentity: (row: StoredRow) => boolean
  /** The key root of the instances of a class, by the folded names of form 1; `undefined` when it is unknown. */
  readonly rootOf: (namespace: string, className: string) => string | undefined
  /**
   * Gives each row a key of its own. `occupant` returns the text of a stored row that has an identifier and is not
   * among the targets. Rows that keep their key come before rows that move to it.
   */
  readonly assignKeys: (
    targets: ReadonlyArray<MigratedRow>,
    occupant: (at: RowId) => string | undefined
  ) => ReadonlyArray<MigratedRow>
  /** The duplicates so far. */
  readonly duplicates: ReadonlyArray<DuplicateIdentity>
}

/** Begins a migration. `schema` has no deleted rows. */
export const make = (
  namespaces: ReadonlyArray<{ readonly folded: string; readonly name: string }>,
  schema: ReadonlyArray<StoredRow>
): Migration => {
  const duplicates: Array<DuplicateIdentity> = []
  const namespaceTargets = migratedNamespaces(namespaces, duplicates)
  const rows = new Map<string, { readonly classes: Array<StoredRow>; readonly instances: Array<StoredRow> }>(
    Array.from(namespaceTargets.keys(), (namespace) => [namespace, { classes: [], instances: [] }])
  )
  for (const row of schema) {
    const of = rows.get(row.namespace)
    if (of !== undefined) (row.root === "" ? of.classes : of.instances).push(row)
  }
  const migrations = new Map(
    Array.from(
      namespaceTargets,
      ([namespace, to]) => [namespace, new NamespaceMigration(to, rows.get(namespace)!.classes, duplicates)]
    )
  )
  const instance = (row: StoredRow): MigratedRow | undefined =>
    unlessMalformed(() => migrations.get(row.namespace)?.instance(row))

  const assignKeys: Migration["assignKeys"] = (targets, occupant) => {
    const assigned = new Map<string, MigratedRow>()
    // Sorted, so that the result does not depend on the order of the database.
    const ordered = [...targets].sort((a, b) => Number(isMoved(a)) - Number(isMoved(b)) || (a.body < b.body ? -1 : 1))
    return ordered.map((target) => {
      const { to } = target
      const identity = originalKey(StoredObject.readKey(to.key))
      const bodyAt = (at: RowId): string | undefined => assigned.get(rowText(at))?.body ?? occupant(at)
      if (!isMoved(target) || bodyAt(to) === undefined) {
        assigned.set(rowText(to), target)
        return target
      }
      const first = bodyAt({ ...to, key: StoredObject.writeKey(identity) }) ?? bodyAt(to)!
      for (let n = 2;; n++) {
        const at = { ...to, key: StoredObject.writeKey(duplicateKey(identity, n)) }
        if (bodyAt(at) !== undefined) continue
        const duplicate = { ...target, to: at }
        assigned.set(rowText(at), duplicate)
        const of = migrations.get(target.from?.namespace ?? "")
        duplicates.push({
          namespace: of?.to.name ?? to.namespace,
          first: of?.path(first) ?? "",
          second: of?.path(target.body) ?? "",
          keptAs: at.key
        })
        return duplicate
      }
    })
  }

  const targets: Array<MigratedRow> = []
  for (const [namespace, { instances }] of rows) {
    const migrationOfNamespace = migrations.get(namespace)!
    targets.push(...migrationOfNamespace.classes)
    for (const row of instances) {
      const target = unlessMalformed(() => migrationOfNamespace.instance(row))
      if (target === undefined) continue
      targets.push(row.root === namespaceRoot ? namespaceRow(target, row, namespaceTargets) : target)
    }
  }
  const presentRows = new Set(targets.map(({ to }) => rowText(to)))
  return {
    namespaces: [...namespaceTargets.values()],
    schema: [...targets, ...initialRows([...namespaceTargets.values()], presentRows)],
    instance,
    isSameIdentity: (row) => migrations.get(row.namespace)?.isSameIdentity(row) !== false,
    rootOf: (namespace, className) => migrations.get(namespace)?.tables.resolvedClass(className)?.root,
    assignKeys,
    get duplicates() {
      return [...duplicates]
    }
  }
}

/** The row of a namespace has the name of the namespace, also when a number was appended to it. */
const namespaceRow = (
  target: MigratedRow,
  row: StoredRow,
  targets: ReadonlyMap<string, MigratedNamespace>
): MigratedRow => {
  const child = targets.get(`${row.namespace}\\${String(StoredObject.readKey(row.key))}`)
  if (child === undefined) return target
  const key = StoredObject.writeKey(lastSegment(child.to))
  if (key === target.to.key) return target
  const stored = StoredObject.readInstance(target.body)
  const body = StoredObject.write(
    instanceWith(stored, { values: { ...stored.values, Name: lastSegment(child.name) } })
  )
  return { ...target, to: { ...target.to, key }, body, isRewritten: true }
}

/** Instances that every namespace has from the start in form 2 and did not have in form 1. */
const initialRows = (
  targets: ReadonlyArray<MigratedNamespace>,
  presentRows: ReadonlySet<string>
): ReadonlyArray<MigratedRow> => {
  const known = new Set(targets.map(({ to }) => to))
  const found: Array<MigratedRow> = []
  for (
    const [namespace, root, key, object] of Snapshot.entries(Snapshot.empty({ namespaces: targets.map((s) => s.name) }))
  ) {
    const to = { namespace, root, key: StoredObject.writeKey(key) }
    if (root === namespaceRoot || !isSystemRoot(root) || object._tag === "Class") continue
    if (!known.has(namespace) || presentRows.has(rowText(to))) continue
    found.push({
      from: undefined,
      to,
      className: CimName.fold(object.className),
      body: StoredObject.write(object),
      isRewritten: true
    })
  }
  return found
}

/** Whether a row of form 2 is a schema row. */
export const isOfSchema = ({ to }: MigratedRow): boolean => isSchemaRow({ ...to, key: StoredObject.readKey(to.key) })

const escapedText = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** The warning about a duplicate. Characters beyond ASCII are escaped, because they may look alike. */
export const duplicateWarning = ({ first, keptAs, namespace, second }: DuplicateIdentity): string =>
  escapedText(
    `Two objects of ${namespace} are one identity now, and both are kept: ${first}, which has the identity, and ${second}, which is `
      + `kept as ${keptAs}. A dump shows both; remove or rename one of them there and load it.`
  )
