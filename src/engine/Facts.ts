/**
 * The facts that the rules of one put read. Each fact is computed on first use and then kept.
 *
 * - Instance put: the class with what it inherits, the values, the identity and its occupant, the values after the put.
 * - Class put: the stored definition, the definition after the put, the classes below, the differences and conflicts.
 *
 * @since 0.1.0
 * @module
 */
import { classWith } from "../model/effectValue.ts"
import { mutableCopy } from "../model/immutable.ts"
import * as CimName from "../model/CimName.ts"
import * as Locale from "../model/Locale.ts"
import { make as makePath, type ObjectPath } from "../model/ObjectPath.ts"
import type { CimValue, ClassDefinition, Instance } from "../model/WbemObject.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import { amendment } from "../model/amendmentClass.ts"
import { type SubclassConflict, subclassConflicts } from "./classes/subclassConflicts.ts"
import { type Difference, difference } from "./classes/classDifference.ts"
import type { Classes } from "./rules/embeddedObjects.ts"
import { generatedKeys } from "./generatedKeys.ts"
import * as Identity from "./identity.ts"
import { normalized } from "./classes/normalizedDefinition.ts"
import * as ResolvedClass from "./classes/ResolvedClass.ts"
import { withServerFlavors } from "./classes/serverFlavors.ts"
import * as Snapshot from "./state/Snapshot.ts"
import { namespaceRoot, type RowKey } from "./state/namespaceTables.ts"
import { effective, type Values, valuesOf } from "./values.ts"
import { withoutAmended } from "../model/withoutAmended.ts"

const unread = Symbol()

/**
 * The facts of an instance put.
 *
 * @since 0.1.0
 * @category models
 */
export class InstanceFacts {
  /** The state before the put. */
  readonly snapshot: Snapshot.Snapshot
  /** The put whose facts these are. */
  readonly put: DecodedPut
  /** The instance of the request. */
  readonly instance: Instance
  /** The target namespace. Admission has already checked that it exists. */
  readonly namespace: Snapshot.Namespace | undefined
  /** The class with what it inherits; `undefined` when the target namespace has no such class. */
  readonly resolvedClass: ResolvedClass.ResolvedClass | undefined
  #valuesRead: Values | undefined
  #keyedRead: Readonly<Record<string, CimValue>> | undefined
  #rowKeyRead: RowKey | undefined | typeof unread = unread
  #occupantRead: Instance | undefined | typeof unread = unread
  #resultRead: Readonly<Record<string, CimValue>> | undefined

  /** Looks up the namespace and the class of the put; the other facts are computed when they are first read. */
  constructor(snapshot: Snapshot.Snapshot, put: DecodedPut, instance: Instance) {
    this.snapshot = snapshot
    this.put = put
    this.instance = instance
    this.namespace = Snapshot.getNamespace(snapshot, put.namespace)
    this.resolvedClass = instance.className === ""
      ? undefined
      : Snapshot.resolvedClass(snapshot, put.namespace, instance.className)
  }

  /** A class of the target namespace, with what it inherits; `undefined` when it does not exist. */
  readonly resolvedClassOf = (className: string): ResolvedClass.ResolvedClass | undefined =>
    Snapshot.resolvedClass(this.snapshot, this.put.namespace, className)

  /** Whether a class is the ancestor or lies below it, in the target namespace. */
  readonly derivesFrom = (className: string, ancestor: string): boolean =>
    Snapshot.derivesFrom(this.snapshot, this.put.namespace, className, ancestor)

  /**
   * The values of the object, read against its class. A partial update reads the listed properties and the keys (IX-8).
   */
  get values(): Values {
    return this.#valuesRead ??= this.#readValues()
  }

  /**
   * The property names of a partial update; `undefined` for a full update. Without a list the update is full, whatever
   * else the context holds (IP-7).
   */
  get listed(): ReadonlyArray<string> | undefined {
    return this.put.extensions?.properties
  }

  #readValues(): Values {
    const resolvedClass = this.resolvedClass!
    const listed = this.listed
    if (listed === undefined) return valuesOf(resolvedClass, this.instance)
    const names = new Set(listed.map(CimName.fold))
    const only = ({ folded, isKey }: ResolvedClass.EffectiveProperty): boolean => isKey || names.has(folded)
    const read = valuesOf(resolvedClass, this.instance, only)
    const unknown = listed.find((name) => ResolvedClass.findProperty(resolvedClass, name) === undefined)
    return unknown === undefined ? read : { ...read, unknown }
  }

  /** The values with generated keys filled in (IK-3, IK-5). Row 10 of `instance-put` 1 must have passed. */
  get keyed(): Readonly<Record<string, CimValue>> {
    return this.#keyedRead ??= generatedKeys(this.resolvedClass!, this.values.values, this.put)
  }

  /** The identity within the key root. */
  get rowKey(): RowKey | undefined {
    if (this.#rowKeyRead === unread) this.#rowKeyRead = Identity.rowKey(this.resolvedClass!, this.keyed)
    return this.#rowKeyRead
  }

  /** The instance that has the identity, of any class of the class tree (ID-3, ID-4). */
  get occupant(): Instance | undefined {
    if (this.#occupantRead === unread) {
      const key = this.rowKey
      const root = this.resolvedClass!.root
      this.#occupantRead = key === undefined || root === undefined
        ? undefined
        : Snapshot.occupant(this.snapshot, this.put.namespace, root, key)
    }
    return this.#occupantRead
  }

  /** Whether the object is a namespace. A put never changes a namespace that exists (`instance-put` 5). */
  get isNamespace(): boolean {
    return this.resolvedClass?.root === namespaceRoot
  }

  /** The occupant if its class is exactly the class of the put. */
  get stored(): Instance | undefined {
    const occupant = this.occupant
    return occupant !== undefined && occupant.className === this.resolvedClass!.name ? occupant : undefined
  }

  /**
   * The values after the put: the values of the object, or the stored values with the listed ones replaced (IP-10,
   * IP-11).
   */
  get result(): Readonly<Record<string, CimValue>> {
    return this.#resultRead ??= this.listed !== undefined
      ? this.#partial(this.listed, this.put.extensions!.strictNulls)
      : this.isNamespace
      ? this.#named()
      : this.keyed
  }

  /** The name of a namespace is always stored, also when it is the default of its class. */
  #named(): Readonly<Record<string, CimValue>> {
    const [name] = this.resolvedClass!.keys
    return Object.hasOwn(this.keyed, name!.name)
      ? this.keyed
      : Object.assign(mutableCopy(this.keyed), { [name!.name]: effective(this.keyed, name!) })
  }

  #partial(listed: ReadonlyArray<string>, strictNulls: boolean): Readonly<Record<string, CimValue>> {
    const names = new Set(listed.map(CimName.fold))
    const next = mutableCopy(this.stored?.values ?? {})
    for (const property of this.resolvedClass!.properties) {
      if (property.isKey || !names.has(property.folded)) continue
      const value = effective(this.keyed, property)
      if (value !== null || strictNulls) next[property.name] = value
    }
    return next
  }

  /** The path of the stored object. A partial update keeps the text of the stored keys (IX-5). */
  get path(): ObjectPath {
    const values = this.listed === undefined || this.stored === undefined ? this.keyed : this.result
    return Identity.pathOf(this.put.call.server, this.namespace?.name, this.resolvedClass!, values)
  }
}

/**
 * The facts of a class put.
 *
 * @since 0.1.0
 * @category models
 */
export class ClassFacts {
  /** The state before the put. */
  readonly snapshot: Snapshot.Snapshot
  /** The put whose facts these are. */
  readonly put: DecodedPut
  /**
   * The definition after the put: in the stored spelling, with the flavours that the server adds, without amended
   * qualifiers under the flag.
   */
  readonly definition: ClassDefinition
  /** The definition as it was given. */
  readonly given: ClassDefinition
  /** The folded name of the class. */
  readonly folded: string
  /** The stored definition; `undefined` for a new class. */
  readonly stored: ClassDefinition | undefined
  #parentRead: ResolvedClass.ResolvedClass | undefined | typeof unread = unread
  #resolvedClassRead: ResolvedClass.ResolvedClass | undefined
  #descendantsRead: ReadonlyArray<ResolvedClass.ResolvedClass> | undefined
  #differenceRead: Difference | undefined
  #subclassConflictsRead: ReadonlyArray<SubclassConflict> | undefined

  /** Looks up the stored definition; the other facts are computed when they are first read. */
  constructor(snapshot: Snapshot.Snapshot, put: DecodedPut, given: ClassDefinition) {
    this.snapshot = snapshot
    this.put = put
    this.folded = CimName.fold(given.name)
    this.stored = Snapshot.resolvedClass(snapshot, put.namespace, given.name)?.definition
    this.given = given
    // A class in the namespace of a locale is stored as it was sent (`qualifiers` 7.3 row 6).
    const definition = put.options.amended && !Locale.isLocaleNamespace(put.namespace) ? withoutAmended(given) : given
    const above = definition.superclass === undefined || definition.superclass === ""
      ? undefined
      : Snapshot.resolvedClass(snapshot, put.namespace, definition.superclass)
    this.definition = normalized(definition, this.stored, above)
  }

  /** The resolved class of the superclass; `undefined` when there is none or it does not exist. */
  get parent(): ResolvedClass.ResolvedClass | undefined {
    if (this.#parentRead === unread) {
      const superclass = this.definition.superclass
      this.#parentRead = superclass === undefined
        ? undefined
        : Snapshot.resolvedClass(this.snapshot, this.put.namespace, superclass)
    }
    return this.#parentRead
  }

  /** The class after the put, with what it inherits. */
  get resolvedClass(): ResolvedClass.ResolvedClass {
    return this.#resolvedClassRead ??= ResolvedClass.make(this.definition, this.parent)
  }

  /** The stored class with what it inherits; `undefined` for a new class. */
  get storedResolvedClass(): ResolvedClass.ResolvedClass | undefined {
    return this.stored === undefined
      ? undefined
      : Snapshot.resolvedClass(this.snapshot, this.put.namespace, this.stored.name)
  }

  /** Every class below the stored class, nearest first, then by name. */
  get descendants(): ReadonlyArray<ResolvedClass.ResolvedClass> {
    return this.#descendantsRead ??= this.stored === undefined
      ? []
      : Snapshot.descendants(this.snapshot, this.put.namespace, this.stored.name)
  }

  /** The number of stored instances of exactly this class. */
  get ownInstances(): number {
    return Snapshot.count(this.snapshot, this.put.namespace, this.definition.name)
  }

  /** The number of stored instances of the classes below. */
  get subInstances(): number {
    let n = 0
    for (const child of this.descendants) n += Snapshot.count(this.snapshot, this.put.namespace, child.name)
    return n
  }

  /** The difference between the stored definition and the definition after the put. */
  get difference(): Difference {
    return this.#differenceRead ??= difference(this.stored!, this.definition, this.parent)
  }

  /** The conflicts of an update with the classes below (`class-update` 6). */
  get subclassConflicts(): ReadonlyArray<SubclassConflict> {
    return this.#subclassConflictsRead ??= this.descendants.length === 0
      ? []
      : subclassConflicts(this.descendants, [this.storedResolvedClass!, this.classesBefore], [this.resolvedClass, this])
  }

  /** A class with what it inherits, after this put. */
  readonly resolvedClassOf = (className: string): ResolvedClass.ResolvedClass | undefined => {
    if (CimName.equals(className, this.definition.name)) return this.resolvedClass
    const stored = Snapshot.resolvedClass(this.snapshot, this.put.namespace, className)
    return stored?.parent === undefined || !ResolvedClass.isOrDerivesFrom(stored, this.definition.name)
      ? stored
      : ResolvedClass.make(stored.definition, this.resolvedClassOf(stored.parent.name))
  }

  /**
   * Whether a class derives from another one after this put. The class of the put is below its new superclass (CX-10).
   */
  readonly derivesFrom = (className: string, ancestor: string): boolean => {
    if (CimName.equals(className, ancestor)) return true
    const resolvedClass = this.resolvedClassOf(className)
    return resolvedClass !== undefined && ResolvedClass.isOrDerivesFrom(resolvedClass, ancestor)
  }

  /** The same two questions before this put. */
  private readonly classesBefore: Classes = {
    resolvedClassOf: (className) => Snapshot.resolvedClass(this.snapshot, this.put.namespace, className),
    derivesFrom: (className, ancestor) => Snapshot.derivesFrom(this.snapshot, this.put.namespace, className, ancestor)
  }

  /**
   * The namespace that the amended text of this put is stored in; `undefined` when no text is split off. The locale
   * must be valid.
   */
  get localeNamespace(): string | undefined {
    const { call, namespace, options } = this.put
    if (!options.amended || call.amendmentWrites === false || Locale.isLocaleNamespace(namespace)) return undefined
    return Locale.namespaceOf(namespace, call.locale)
  }

  /** The stored class in the namespace of the locale. */
  get storedAmendment(): ClassDefinition | undefined {
    const namespace = this.localeNamespace
    return namespace === undefined
      ? undefined
      : Snapshot.resolvedClass(this.snapshot, namespace, this.given.name)?.definition
  }

  /** The amended text of this put, merged over the stored text. */
  get amendment(): ClassDefinition | undefined {
    const lcid = Locale.lcid(this.put.call.locale)
    if (typeof lcid !== "number") return undefined
    const given = classWith(withServerFlavors(this.given), { superclass: this.definition.superclass })
    return amendment(given, lcid, this.storedAmendment)
  }

  /** The path of the stored class. */
  get path(): ObjectPath {
    return makePath({
      server: this.put.call.server,
      namespace: Snapshot.namespaceName(this.snapshot, this.put.namespace),
      className: this.definition.name
    })
  }
}

/**
 * The facts of any put.
 *
 * @since 0.1.0
 * @category models
 */
export type Facts = InstanceFacts | ClassFacts
