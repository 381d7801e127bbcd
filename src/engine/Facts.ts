/**
 * What the rules of one put look at, looked up once and when first asked for: the class and its resolved class, the values, the
 * identity and who holds it, what would result; for a class what is stored, what it would be, who stands below.
 *
 * @since 0.1.0
 */
import { copyOf } from "../model/immutable.ts"
import * as CimName from "../model/CimName.ts"
import * as Locale from "../model/Locale.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"
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
  readonly snapshot: Snapshot.Snapshot
  readonly put: DecodedPut
  readonly instance: Instance
  /** The target namespace; the call was not let in without it. */
  readonly namespace: Snapshot.Namespace | undefined
  /** The class with what it inherits; `undefined` when the target namespace has no such class. */
  readonly resolvedClass: ResolvedClass.ResolvedClass | undefined
  #valuesRead: Values | undefined
  #keyedRead: Readonly<Record<string, CimValue>> | undefined
  #rowKeyRead: RowKey | undefined | typeof unread = unread
  #occupantRead: Instance | undefined | typeof unread = unread
  #resultRead: Readonly<Record<string, CimValue>> | undefined

  constructor(snapshot: Snapshot.Snapshot, put: DecodedPut, instance: Instance) {
    this.snapshot = snapshot
    this.put = put
    this.instance = instance
    this.namespace = Snapshot.getNamespace(snapshot, put.namespace)
    this.resolvedClass = instance.className === ""
      ? undefined
      : Snapshot.resolvedClass(snapshot, put.namespace, instance.className)
  }

  readonly resolvedClassOf = (className: string): ResolvedClass.ResolvedClass | undefined =>
    Snapshot.resolvedClass(this.snapshot, this.put.namespace, className)

  readonly derivesFrom = (className: string, ancestor: string): boolean =>
    Snapshot.derivesFrom(this.snapshot, this.put.namespace, className, ancestor)

  /** What the object carries, read against its class: all of it, or what a partial update lists, keys always (IX-8). */
  get values(): Values {
    return this.#valuesRead ??= this.#readValues()
  }

  /** What a partial update lists. Without a list it is a full update, whatever else the context says (IP-7). */
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

  /** The values with generated keys filled in (IK-3, IK-5). Asked for only after row 10 found nothing wrong. */
  get keyed(): Readonly<Record<string, CimValue>> {
    return this.#keyedRead ??= generatedKeys(this.resolvedClass!, this.values.values, this.put)
  }

  /** The identity within the key root. */
  get rowKey(): RowKey | undefined {
    if (this.#rowKeyRead === unread) this.#rowKeyRead = Identity.rowKey(this.resolvedClass!, this.keyed)
    return this.#rowKeyRead
  }

  /** Whoever holds the identity, of whatever class of the tree (ID-3, ID-4). */
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

  /** Whether the object is a namespace: one that is there stays as it is, whatever is put (`instance-put` 5). */
  get isNamespace(): boolean {
    return this.resolvedClass?.root === namespaceRoot
  }

  /** The holder if it is of exactly the class that is put. */
  get stored(): Instance | undefined {
    const occupant = this.occupant
    return occupant !== undefined && occupant.className === this.resolvedClass!.name ? occupant : undefined
  }

  /** The values that would be stored: those of the object, or the stored ones with the listed ones replaced (IP-10, IP-11). */
  get result(): Readonly<Record<string, CimValue>> {
    return this.#resultRead ??= this.listed !== undefined
      ? this.#partial(this.listed, this.put.extensions!.strictNulls)
      : this.isNamespace
      ? this.#named()
      : this.keyed
  }

  /** A namespace is called by its stored name, also when that is the default of its class. */
  #named(): Readonly<Record<string, CimValue>> {
    const [name] = this.resolvedClass!.keys
    return Object.hasOwn(this.keyed, name!.name)
      ? this.keyed
      : Object.assign(copyOf(this.keyed), { [name!.name]: effective(this.keyed, name!) })
  }

  #partial(listed: ReadonlyArray<string>, strictNulls: boolean): Readonly<Record<string, CimValue>> {
    const names = new Set(listed.map(CimName.fold))
    const next = copyOf(this.stored?.values ?? {})
    for (const property of this.resolvedClass!.properties) {
      if (property.isKey || !names.has(property.folded)) continue
      const value = effective(this.keyed, property)
      if (value !== null || strictNulls) next[property.name] = value
    }
    return next
  }

  /** The path of the object as it is stored; a partial update keeps the text of the keys that are there (IX-5). */
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
  readonly snapshot: Snapshot.Snapshot
  readonly put: DecodedPut
  /** The definition as it would be stored: in the stored spelling, with the flavours that the server adds, without amended qualifiers under the flag. */
  readonly definition: ClassDefinition
  /** The definition as it was given. */
  readonly given: ClassDefinition
  readonly folded: string
  /** The definition that is there; `undefined` for a new class. */
  readonly stored: ClassDefinition | undefined
  #parentRead: ResolvedClass.ResolvedClass | undefined | typeof unread = unread
  #resolvedClassRead: ResolvedClass.ResolvedClass | undefined
  #descendantsRead: ReadonlyArray<ResolvedClass.ResolvedClass> | undefined
  #differenceRead: Difference | undefined
  #subclassConflictsRead: ReadonlyArray<SubclassConflict> | undefined

  constructor(snapshot: Snapshot.Snapshot, put: DecodedPut, given: ClassDefinition) {
    this.snapshot = snapshot
    this.put = put
    this.folded = CimName.fold(given.name)
    this.stored = Snapshot.resolvedClass(snapshot, put.namespace, given.name)?.definition
    this.given = given
    // What is put into the namespace of a locale is stored as sent (`qualifiers` 7.3 row 6).
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

  /** The class as it would be. */
  get resolvedClass(): ResolvedClass.ResolvedClass {
    return this.#resolvedClassRead ??= ResolvedClass.make(this.definition, this.parent)
  }

  /** The class as it is. */
  get storedResolvedClass(): ResolvedClass.ResolvedClass | undefined {
    return this.stored === undefined
      ? undefined
      : Snapshot.resolvedClass(this.snapshot, this.put.namespace, this.stored.name)
  }

  /** Every class below, nearest first, then by name. */
  get descendants(): ReadonlyArray<ResolvedClass.ResolvedClass> {
    return this.#descendantsRead ??= this.stored === undefined
      ? []
      : Snapshot.descendants(this.snapshot, this.put.namespace, this.stored.name)
  }

  get ownInstances(): number {
    return Snapshot.count(this.snapshot, this.put.namespace, this.definition.name)
  }

  get subInstances(): number {
    let n = 0
    for (const child of this.descendants) n += Snapshot.count(this.snapshot, this.put.namespace, child.name)
    return n
  }

  /** What an update would change. */
  get difference(): Difference {
    return this.#differenceRead ??= difference(this.stored!, this.definition, this.parent)
  }

  /** What an update would break in the classes below (`class-update` 6). */
  get subclassConflicts(): ReadonlyArray<SubclassConflict> {
    return this.#subclassConflictsRead ??= this.descendants.length === 0
      ? []
      : subclassConflicts(this.descendants, [this.storedResolvedClass!, this.classesBefore], [this.resolvedClass, this])
  }

  /** A class with what it inherits, as it would be after this put. */
  readonly resolvedClassOf = (className: string): ResolvedClass.ResolvedClass | undefined => {
    if (CimName.equals(className, this.definition.name)) return this.resolvedClass
    const stored = Snapshot.resolvedClass(this.snapshot, this.put.namespace, className)
    return stored?.parent === undefined || !ResolvedClass.isOrDerivesFrom(stored, this.definition.name)
      ? stored
      : ResolvedClass.make(stored.definition, this.resolvedClassOf(stored.parent.name))
  }

  /** Whether a class would derive from another; the class being put counts as below its new superclass (CX-10). */
  readonly derivesFrom = (className: string, ancestor: string): boolean => {
    if (CimName.equals(className, ancestor)) return true
    const resolvedClass = this.resolvedClassOf(className)
    return resolvedClass !== undefined && ResolvedClass.isOrDerivesFrom(resolvedClass, ancestor)
  }

  /** The same as long as this put is not done. */
  private readonly classesBefore: Classes = {
    resolvedClassOf: (className) => Snapshot.resolvedClass(this.snapshot, this.put.namespace, className),
    derivesFrom: (className, ancestor) => Snapshot.derivesFrom(this.snapshot, this.put.namespace, className, ancestor)
  }

  /** Where amended text of this put goes; `undefined` when nothing is split off. Asked for after the locale was found good. */
  get localeNamespace(): string | undefined {
    const { call, namespace, options } = this.put
    if (!options.amended || call.amendmentWrites === false || Locale.isLocaleNamespace(namespace)) return undefined
    return Locale.namespaceOf(namespace, call.locale)
  }

  /** The class in the namespace of the locale that is there. */
  get storedAmendment(): ClassDefinition | undefined {
    const namespace = this.localeNamespace
    return namespace === undefined
      ? undefined
      : Snapshot.resolvedClass(this.snapshot, namespace, this.given.name)?.definition
  }

  /** The amended text of this put, over what is there already. */
  get amendment(): ClassDefinition | undefined {
    const lcid = Locale.lcid(this.put.call.locale)
    if (typeof lcid !== "number") return undefined
    const given = { ...withServerFlavors(this.given), superclass: this.definition.superclass }
    return amendment(given, lcid, this.storedAmendment)
  }

  /** The path of the class as it is stored. */
  get path(): ObjectPath {
    return {
      server: this.put.call.server,
      namespace: Snapshot.namespaceName(this.snapshot, this.put.namespace),
      className: this.definition.name,
      keys: [],
      singleton: false
    }
  }
}

/**
 * The facts of any put.
 *
 * @since 0.1.0
 * @category models
 */
export type Facts = InstanceFacts | ClassFacts
