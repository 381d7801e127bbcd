/**
 * The state of a script object: an immutable object of the library, which is replaced at every change, and the class with which it is
 * read. Inherited members, defaults and qualifiers come from the engine's `ResolvedClass`.
 *
 * @internal
 */
import { classWith, instanceWith } from "../../model/effectValue.ts"
import * as ResolvedClass from "../../engine/classes/ResolvedClass.ts"
import { valuesAsSet } from "../../engine/values.ts"
import * as CimName from "../../model/CimName.ts"
import * as CimType from "../../model/CimType.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type {
  CimValue,
  ClassDefinition,
  Instance,
  MethodDefinition,
  PropertyDefinition,
  WbemObject
} from "../../model/WbemObject.ts"
import type * as HResult from "../../protocol/HResult.ts"
import { refusal } from "./refusal.ts"
import type { SWbemError } from "./SWbemError.ts"
import type { MethodState } from "./SWbemMethodSet.ts"
import type { PropertyOwner, PropertyState } from "./propertyOwner.ts"
import type { QualifierOwner } from "./SWbemQualifierSet.ts"

/** The common interface of the state of a class and of an instance. */
export interface ObjectState extends Pick<PropertyOwner, "names" | "find" | "add" | "remove"> {
  readonly object: WbemObject
  readonly qualifierOwner: QualifierOwner
  readonly methods: () => ReadonlyArray<MethodState>
  /** The class of an instance, or the parent of a class. */
  readonly baseClass: ResolvedClass.ResolvedClass | undefined
}

/** Receives the new object after each change. The owner of an embedded object listens. */
export type ChangeListener = (object: WbemObject) => void

const noListener: ChangeListener = () => {}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => CimName.compare(a.name, b.name)

/**
 * The qualifier `CIMTYPE`, which the server adds to every property from its type. Its flavour is 0x03 on a property that the class
 * declares, and 0x23 on an inherited one and on an instance (`qualifiers` 2 and 4).
 */
const cimtype = (ref: CimType.TypeRef, isLocal: boolean): Qualifier.Qualifier =>
  Qualifier.make("CIMTYPE", CimType.cimtype(ref), {
    flavor: Qualifier.Flavor.ToInstance | Qualifier.Flavor.ToSubclass | (isLocal ? 0 : Qualifier.propagated)
  })

/** The qualifiers of a class that propagate to its instances, with the origin bit set (`qualifiers` 3). */
const onInstance = (baseClass: ReadonlyArray<Qualifier.Qualifier>): ReadonlyArray<Qualifier.Qualifier> =>
  baseClass.filter(({ flavor }) => (flavor & Qualifier.Flavor.ToInstance) !== 0)
    .map((q) => ({ ...q, flavor: q.flavor | Qualifier.propagated }))

/** The inherited qualifiers, with local ones in place of those of the same name. */
const merged = (
  inherited: ReadonlyArray<Qualifier.Qualifier>,
  own: ReadonlyArray<Qualifier.Qualifier>
): ReadonlyArray<Qualifier.Qualifier> => [...inherited.filter(({ name }) => !Qualifier.has(own, name)), ...own]

/** Replaces the member of the same name, or appends the member. */
const withReplaced = <A extends { readonly name: string }>(members: ReadonlyArray<A>, member: A): ReadonlyArray<A> => {
  const at = members.findIndex(({ name }) => CimName.equals(name, member.name))
  const frozen = Object.freeze(member)
  return Object.freeze(at < 0 ? [...members, frozen] : members.map((other, i) => i === at ? frozen : other))
}

const without = <A extends { readonly name: string }>(members: ReadonlyArray<A>, name: string): ReadonlyArray<A> =>
  Object.freeze(members.filter((member) => !CimName.equals(member.name, name)))

const propertyRefusal = (status: HResult.Status, detail: string): SWbemError =>
  refusal(status, "SWbemPropertySet", detail, "object-model 7")

const qualifierRefusal = (status: HResult.Status, detail: string): SWbemError =>
  refusal(status, "SWbemQualifierSet", detail, "qualifiers 4")

const reset = (name: string): Error => propertyRefusal("ResetToDefault", `${name} has the default again`)

const canBeKey = (ref: CimType.TypeRef): boolean =>
  !ref.isArray && ref.type !== "object" && ref.type !== "real32" && ref.type !== "real64"

/** The state of a class. */
export class ClassState implements ObjectState {
  private definition: ClassDefinition
  readonly baseClass: ResolvedClass.ResolvedClass | undefined
  private readonly onChange: ChangeListener
  private cachedClass: ResolvedClass.ResolvedClass | undefined

  constructor(
    definition: ClassDefinition,
    baseClass: ResolvedClass.ResolvedClass | undefined,
    onChange: ChangeListener = noListener
  ) {
    this.definition = definition
    this.baseClass = baseClass
    this.onChange = onChange
  }

  get object(): ClassDefinition {
    return this.definition
  }

  /** The current class with its inherited members. */
  get resolvedClass(): ResolvedClass.ResolvedClass {
    return this.cachedClass ??= ResolvedClass.make(this.definition, this.baseClass)
  }

  edit(change: Parameters<typeof classWith>[1]): void {
    this.definition = Object.freeze(classWith(this.definition, change))
    this.cachedClass = undefined
    this.onChange(this.definition)
  }

  readonly qualifierOwner: QualifierOwner = {
    effective: () => this.resolvedClass.qualifiers,
    local: () => this.definition.qualifiers,
    write: (qualifiers) => this.edit({ qualifiers })
  }

  names(): ReadonlyArray<string> {
    return [...this.resolvedClass.properties].sort(byName).map(({ name }) => name)
  }

  /**
   * The class's own declaration of a property. For an inherited property this is a redeclaration that changes nothing: it keeps the
   * inherited default until a value is written (CX-5).
   */
  private declared(property: ResolvedClass.EffectiveProperty): PropertyDefinition {
    const { className, isArray, name, type, word } = property
    return CimName.find(this.definition.properties, name) ?? {
      name,
      type,
      isArray,
      className,
      ...(word === undefined ? {} : { word }),
      value: undefined,
      inheritsDefault: true,
      qualifiers: Qualifier.none
    }
  }

  private declare(property: PropertyDefinition): void {
    this.edit({ properties: withReplaced(this.definition.properties, property) })
  }

  find(name: string): PropertyState | undefined {
    const property = ResolvedClass.findProperty(this.resolvedClass, name)
    if (property === undefined) return undefined
    const current = (): ResolvedClass.EffectiveProperty =>
      ResolvedClass.findProperty(this.resolvedClass, name) ?? property
    return {
      name: property.name,
      type: property.type,
      isArray: property.isArray,
      className: property.className,
      value: property.value ?? null,
      origin: property.origin,
      isLocal: CimName.find(this.definition.properties, name) !== undefined,
      write: (value) => {
        const { inheritsDefault: _, ...declared } = this.declared(current())
        this.declare({ ...declared, value })
      },
      qualifierOwner: {
        effective: () => [
          ...current().qualifiers,
          cimtype(current(), CimName.find(this.definition.properties, name) !== undefined)
        ],
        local: () => CimName.find(this.definition.properties, name)?.qualifiers ?? Qualifier.none,
        write: (qualifiers) => this.declare({ ...this.declared(current()), qualifiers }),
        intercept: (qualifier, value) => this.intercept(current(), qualifier, value)
      }
    }
  }

  /** Handles `CIMTYPE`, which sets the class of a reference or embedded object, and refuses `key` on types that cannot be keys. */
  private intercept(property: ResolvedClass.EffectiveProperty, name: string, value: Qualifier.QualifierValue): boolean {
    if (CimName.equals(name, "key") && !canBeKey(property)) {
      throw qualifierRefusal("CannotBeKey", `${property.name} is of a type that no key has`)
    }
    if (!CimName.equals(name, "cimtype")) return false
    const declaredType = CimType.parse(String(value))
    if (typeof value !== "string" || declaredType.isArray || declaredType.type !== property.type) {
      throw qualifierRefusal("TypeMismatch", `${property.name} is ${CimType.cimtype(property)}`)
    }
    const { word: _, ...declared } = this.declared(property)
    this.declare({
      ...declared,
      ...(declaredType.word === undefined ? {} : { word: declaredType.word }),
      className: declaredType.className ?? declared.className
    })
    return true
  }

  add(name: string, ref: CimType.TypeRef): void {
    const inherited = this.baseClass === undefined ? undefined : ResolvedClass.findProperty(this.baseClass, name)
    if (inherited !== undefined && (inherited.type !== ref.type || inherited.isArray !== ref.isArray)) {
      throw propertyRefusal("TypeMismatch", `${inherited.name} is inherited as ${inherited.type}`)
    }
    const value = inherited === undefined ? undefined : null // NULL replaces an inherited default
    const className = inherited?.className
    this.declare({ name: inherited?.name ?? name, ...ref, className, value, qualifiers: Qualifier.none })
  }

  remove(name: string): void {
    const inherited = this.baseClass !== undefined && ResolvedClass.findProperty(this.baseClass, name) !== undefined
    if (CimName.find(this.definition.properties, name) === undefined) {
      throw propertyRefusal("PropagatedProperty", `${name} is inherited`)
    }
    this.edit({ properties: without(this.definition.properties, name) })
    if (inherited) throw reset(name)
  }

  methods(): ReadonlyArray<MethodState> {
    return this.resolvedClass.methods.map((method) => ({
      ...method,
      qualifierOwner: {
        effective: () => CimName.find(this.resolvedClass.methods, method.name)?.qualifiers ?? Qualifier.none,
        local: () => CimName.find(this.definition.methods, method.name)?.qualifiers ?? Qualifier.none,
        write: (qualifiers) => {
          const own: MethodDefinition = CimName.find(this.definition.methods, method.name)
            ?? ResolvedClass.redeclared(method)
          this.edit({ methods: withReplaced(this.definition.methods, { ...own, qualifiers }) })
        }
      }
    }))
  }
}

/** The type of a value without a class, inferred from the JavaScript value. */
const inferredType = (value: CimValue): CimType.TypeRef => {
  const isArray = Array.isArray(value)
  const element: unknown = isArray ? value[0] : value
  switch (typeof element) {
    case "boolean":
      return { type: "boolean", isArray }
    case "bigint":
      return { type: element < 0n ? "sint64" : "uint64", isArray }
    case "number":
      return { type: Number.isInteger(element) ? "sint32" : "real64", isArray }
    case "object":
      return { type: element === null ? "string" : "object", isArray }
    default:
      return { type: "string", isArray }
  }
}

/**
 * An instance that was read, reduced to the values that were set on it. Values that the class supplies are not local and are not
 * printed (`object-model` 2 and 7, `mof` 11). If the set values are not recorded, a NULL counts as not set when it is the class default.
 */
export const withExplicitValues = (instance: Instance, baseClass: ResolvedClass.ResolvedClass): Instance => {
  const isSet = ([name, value]: readonly [string, CimValue]): boolean =>
    value !== null || (ResolvedClass.findProperty(baseClass, name)?.value ?? null) !== null
  const values = valuesAsSet(instance) ?? Object.fromEntries(Object.entries(instance.values).filter(isSet))
  return Object.freeze(instanceWith(instance, { values }))
}

/** The state of an instance. */
export class InstanceState implements ObjectState {
  private instance: Instance
  readonly baseClass: ResolvedClass.ResolvedClass | undefined
  private readonly onChange: ChangeListener

  constructor(
    instance: Instance,
    baseClass: ResolvedClass.ResolvedClass | undefined,
    onChange: ChangeListener = noListener
  ) {
    this.instance = instance
    this.baseClass = baseClass
    this.onChange = onChange
  }

  get object(): Instance {
    return this.instance
  }

  private edit(change: Parameters<typeof instanceWith>[1]): void {
    this.instance = Object.freeze(instanceWith(this.instance, change))
    this.onChange(this.instance)
  }

  readonly qualifierOwner: QualifierOwner = {
    effective: () => merged(onInstance(this.baseClass?.qualifiers ?? Qualifier.none), this.instance.qualifiers),
    local: () => this.instance.qualifiers,
    write: (qualifiers) => this.edit({ qualifiers })
  }

  /** The spelling of a name in the values of the instance. */
  private key(name: string): string | undefined {
    return Object.keys(this.instance.values).find((candidate) => CimName.equals(candidate, name))
  }

  names(): ReadonlyArray<string> {
    const names = this.baseClass?.properties.map(({ name }) => name) ?? Object.keys(this.instance.values)
    return [...names].sort(CimName.compare)
  }

  private localQualifiers(name: string): ReadonlyArray<Qualifier.Qualifier> {
    const all = Object.entries(this.instance.propertyQualifiers ?? {})
    return all.find(([candidate]) => CimName.equals(candidate, name))?.[1] ?? Qualifier.none
  }

  private setPropertyQualifiers(name: string, qualifiers: ReadonlyArray<Qualifier.Qualifier>): void {
    const others = Object.entries(this.instance.propertyQualifiers ?? {})
      .filter(([candidate]) => !CimName.equals(candidate, name))
    this.edit({ propertyQualifiers: Object.freeze(Object.fromEntries([...others, [name, qualifiers]])) })
  }

  private declarationOf(
    name: string
  ): { readonly ref: CimType.TypeRef; readonly name: string; readonly origin: string } | undefined {
    if (this.baseClass !== undefined) {
      const property = ResolvedClass.findProperty(this.baseClass, name)
      return property === undefined ? undefined : { ref: property, name: property.name, origin: property.origin }
    }
    const key = this.key(name)
    return key === undefined
      ? undefined
      : { ref: inferredType(this.instance.values[key]!), name: key, origin: this.instance.className }
  }

  private value(name: string): CimValue {
    const key = this.key(name)
    if (key !== undefined) return this.instance.values[key]!
    return (this.baseClass === undefined ? undefined : ResolvedClass.findProperty(this.baseClass, name)?.value) ?? null
  }

  find(name: string): PropertyState | undefined {
    const property = this.declarationOf(name)
    if (property === undefined) return undefined
    const { className, isArray, type } = property.ref
    return {
      name: property.name,
      type,
      isArray,
      className,
      value: this.value(name),
      origin: property.origin,
      isLocal: this.key(name) !== undefined || this.localQualifiers(name).length > 0,
      write: (value) => this.edit({ values: { ...this.instance.values, [this.key(name) ?? property.name]: value } }),
      qualifierOwner: {
        effective: () => {
          const declared = this.baseClass === undefined ? undefined : ResolvedClass.findProperty(this.baseClass, name)
          return merged(
            [...onInstance(declared?.qualifiers ?? Qualifier.none), cimtype(property.ref, false)],
            this.localQualifiers(name)
          )
        },
        local: () => this.localQualifiers(name),
        write: (qualifiers) => this.setPropertyQualifiers(property.name, qualifiers),
        intercept: (qualifier) => {
          if (CimName.equals(qualifier, "key")) {
            throw qualifierRefusal("CannotBeKey", "an instance has the keys of its class")
          }
          if (CimName.equals(qualifier, "cimtype")) {
            throw qualifierRefusal("ReadOnly", "an instance has the types of its class")
          }
          return false
        }
      }
    }
  }

  /** Sets an existing property to NULL. An instance cannot get new properties or change their types. */
  add(name: string, ref: CimType.TypeRef): void {
    const property = this.find(name)
    if (property === undefined) {
      throw propertyRefusal("NotFound", `${this.instance.className} has no property ${name}`)
    }
    if (property.type !== ref.type || property.isArray !== ref.isArray) {
      throw propertyRefusal("TypeMismatch", `${property.name} is ${CimType.format(property)}`)
    }
    property.write(null)
  }

  remove(name: string): void {
    const key = this.key(name)
    if (key !== undefined) {
      const { [key]: _, ...values } = this.instance.values
      this.edit({ values })
    }
    throw reset(name)
  }

  methods(): ReadonlyArray<MethodState> {
    return (this.baseClass?.methods ?? []).map((method) => ({
      ...method,
      qualifierOwner: {
        effective: () => onInstance(method.qualifiers),
        local: () => Qualifier.none,
        write: () => {
          throw refusal(
            "InvalidOperation",
            "SWbemQualifierSet",
            "the methods of an instance are its class's",
            "object-model 8"
          )
        }
      }
    }))
  }
}
