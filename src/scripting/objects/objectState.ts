/**
 * What a script's object holds: an immutable object of the library, replaced whenever the script changes something, and the classes
 * it is read with. Inherited members, defaults and qualifiers come from the engine's `ResolvedClass`, so nothing is said twice.
 *
 * @internal
 */
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
import { refusal } from "./refusal.ts"
import type { MethodNow } from "./SWbemMethodSet.ts"
import type { Owner, PropertyNow } from "./propertyOwner.ts"
import type { Carrier } from "./SWbemQualifierSet.ts"

/** A body, to those who look at both kinds alike. */
export interface Body extends Pick<Owner, "names" | "find" | "add" | "remove"> {
  readonly object: WbemObject
  readonly carrier: Carrier
  readonly methods: () => ReadonlyArray<MethodNow>
  /** The class of an instance, or the class above a class. */
  readonly above: ResolvedClass.ResolvedClass | undefined
}

/** Told what has become of an object whenever it is changed: an embedded one has another around it. */
export type Changed = (object: WbemObject) => void

const unheard: Changed = () => {}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => CimName.compare(a.name, b.name)

/**
 * `CIMTYPE` is on every property; the server makes it from the type. Its flavour is 0x03 on a property that the class declares, and 0x23
 * on an inherited one and on an instance (`qualifiers` 2 and 4).
 */
const cimtype = (ref: CimType.TypeRef, isLocal: boolean): Qualifier.Qualifier =>
  Qualifier.make("CIMTYPE", CimType.cimtype(ref), {
    flavor: Qualifier.Flavor.ToInstance | Qualifier.Flavor.ToSubclass | (isLocal ? 0 : Qualifier.propagated)
  })

/** What of a class's qualifiers an instance shows (`qualifiers` 3). */
const onInstances = (above: ReadonlyArray<Qualifier.Qualifier>): ReadonlyArray<Qualifier.Qualifier> =>
  above.filter(({ flavor }) => (flavor & Qualifier.Flavor.ToInstance) !== 0)
    .map((q) => ({ ...q, flavor: q.flavor | Qualifier.propagated }))

/** Inherited ones and the instance's own on top. */
const merged = (
  inherited: ReadonlyArray<Qualifier.Qualifier>,
  own: ReadonlyArray<Qualifier.Qualifier>
): ReadonlyArray<Qualifier.Qualifier> => [
  ...inherited.filter(({ name }) => !Qualifier.has(own, name)),
  ...own
]

/** The member of that name replaced, or put at the end. */
const withMember = <A extends { readonly name: string }>(members: ReadonlyArray<A>, member: A): ReadonlyArray<A> => {
  const at = members.findIndex(({ name }) => CimName.equals(name, member.name))
  const frozen = Object.freeze(member)
  return Object.freeze(at < 0 ? [...members, frozen] : members.map((other, i) => i === at ? frozen : other))
}

const without = <A extends { readonly name: string }>(members: ReadonlyArray<A>, name: string): ReadonlyArray<A> =>
  Object.freeze(members.filter((member) => !CimName.equals(member.name, name)))

const reset = (name: string): Error =>
  refusal("ResetToDefault", "SWbemPropertySet", `${name} has the default again`, "object-model 7")

const keyTypes = (ref: CimType.TypeRef): boolean =>
  !ref.isArray && ref.type !== "object" && ref.type !== "real32" && ref.type !== "real64"

/** A class that a script looks at or makes. */
export class ClassBody implements Body {
  private definition: ClassDefinition
  readonly above: ResolvedClass.ResolvedClass | undefined
  private readonly changed: Changed
  private seen: ResolvedClass.ResolvedClass | undefined

  constructor(definition: ClassDefinition, above: ResolvedClass.ResolvedClass | undefined, changed: Changed = unheard) {
    this.definition = definition
    this.above = above
    this.changed = changed
  }

  get object(): ClassDefinition {
    return this.definition
  }

  /** The class as it is now with all it inherits. */
  get resolvedClass(): ResolvedClass.ResolvedClass {
    return this.seen ??= ResolvedClass.make(this.definition, this.above)
  }

  edit(change: Partial<ClassDefinition>): void {
    this.definition = Object.freeze({ ...this.definition, ...change })
    this.seen = undefined
    this.changed(this.definition)
  }

  readonly carrier: Carrier = {
    inForce: () => this.resolvedClass.qualifiers,
    own: () => this.definition.qualifiers,
    write: (qualifiers) => this.edit({ qualifiers })
  }

  names(): ReadonlyArray<string> {
    return [...this.resolvedClass.properties].sort(byName).map(({ name }) => name)
  }

  /**
   * The class's own declaration of a property. An inherited one gets a redeclaration that changes nothing: it goes on taking the
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
    this.edit({ properties: withMember(this.definition.properties, property) })
  }

  find(name: string): PropertyNow | undefined {
    const found = ResolvedClass.findProperty(this.resolvedClass, name)
    if (found === undefined) return undefined
    const current = (): ResolvedClass.EffectiveProperty => ResolvedClass.findProperty(this.resolvedClass, name) ?? found
    return {
      name: found.name,
      type: found.type,
      isArray: found.isArray,
      className: found.className,
      value: found.value ?? null,
      origin: found.origin,
      isLocal: CimName.find(this.definition.properties, name) !== undefined,
      write: (value) => {
        const { inheritsDefault: _, ...declared } = this.declared(current())
        this.declare({ ...declared, value })
      },
      carrier: {
        inForce: () => [
          ...current().qualifiers,
          cimtype(current(), CimName.find(this.definition.properties, name) !== undefined)
        ],
        own: () => CimName.find(this.definition.properties, name)?.qualifiers ?? Qualifier.none,
        write: (qualifiers) => this.declare({ ...this.declared(current()), qualifiers }),
        takes: (qualifier, value) => this.takes(current(), qualifier, value)
      }
    }
  }

  /** `CIMTYPE` says which class a reference or embedded object is of; a key must be of a type that keys have. */
  private takes(property: ResolvedClass.EffectiveProperty, name: string, value: Qualifier.QualifierValue): boolean {
    if (CimName.equals(name, "key") && !keyTypes(property)) {
      throw refusal("CannotBeKey", "SWbemQualifierSet", `${property.name} is of a type that no key has`, "qualifiers 4")
    }
    if (!CimName.equals(name, "cimtype")) return false
    const said = CimType.parse(String(value))
    if (typeof value !== "string" || said.isArray || said.type !== property.type) {
      throw refusal(
        "TypeMismatch",
        "SWbemQualifierSet",
        `${property.name} is ${CimType.cimtype(property)}`,
        "qualifiers 4"
      )
    }
    const { word: _, ...declared } = this.declared(property)
    this.declare({
      ...declared,
      ...(said.word === undefined ? {} : { word: said.word }),
      className: said.className ?? declared.className
    })
    return true
  }

  add(name: string, ref: CimType.TypeRef): void {
    const inherited = this.above === undefined ? undefined : ResolvedClass.findProperty(this.above, name)
    if (inherited !== undefined && (inherited.type !== ref.type || inherited.isArray !== ref.isArray)) {
      throw refusal(
        "TypeMismatch",
        "SWbemPropertySet",
        `${inherited.name} is inherited as ${inherited.type}`,
        "object-model 7"
      )
    }
    const value = inherited === undefined ? undefined : null // NULL in place of an inherited default
    const className = inherited?.className
    this.declare({ name: inherited?.name ?? name, ...ref, className, value, qualifiers: Qualifier.none })
  }

  remove(name: string): void {
    const inherited = this.above !== undefined && ResolvedClass.findProperty(this.above, name) !== undefined
    if (CimName.find(this.definition.properties, name) === undefined) {
      throw refusal("PropagatedProperty", "SWbemPropertySet", `${name} is inherited`, "object-model 7")
    }
    this.edit({ properties: without(this.definition.properties, name) })
    if (inherited) throw reset(name)
  }

  methods(): ReadonlyArray<MethodNow> {
    return this.resolvedClass.methods.map((method) => ({
      ...method,
      carrier: {
        inForce: () => CimName.find(this.resolvedClass.methods, method.name)?.qualifiers ?? Qualifier.none,
        own: () => CimName.find(this.definition.methods, method.name)?.qualifiers ?? Qualifier.none,
        write: (qualifiers) => {
          const own: MethodDefinition = CimName.find(this.definition.methods, method.name)
            ?? ResolvedClass.redeclared(method)
          this.edit({ methods: withMember(this.definition.methods, { ...own, qualifiers }) })
        }
      }
    }))
  }
}

/** The type of a value that no class declares: as far as JavaScript can tell. */
const typeOf = (value: CimValue): CimType.TypeRef => {
  const isArray = Array.isArray(value)
  const one: unknown = isArray ? value[0] : value
  switch (typeof one) {
    case "boolean":
      return { type: "boolean", isArray }
    case "bigint":
      return { type: one < 0n ? "sint64" : "uint64", isArray }
    case "number":
      return { type: Number.isInteger(one) ? "sint32" : "real64", isArray }
    case "object":
      return { type: one === null ? "string" : "object", isArray }
    default:
      return { type: "string", isArray }
  }
}

/**
 * An instance that was read, with the values that were set on it: what the class supplies is read from the class, is not local, and is
 * not printed (`object-model` 2 and 7, `mof` 11). Where it is not known what was set, NULLs that the class supplies too count as not set.
 */
export const asSet = (instance: Instance, above: ResolvedClass.ResolvedClass): Instance => {
  const isSet = ([name, value]: readonly [string, CimValue]): boolean =>
    value !== null || (ResolvedClass.findProperty(above, name)?.value ?? null) !== null
  const values = valuesAsSet(instance) ?? Object.fromEntries(Object.entries(instance.values).filter(isSet))
  return Object.freeze({ ...instance, values })
}

/** An instance that a script looks at or makes. */
export class InstanceBody implements Body {
  private instance: Instance
  readonly above: ResolvedClass.ResolvedClass | undefined
  private readonly changed: Changed

  constructor(instance: Instance, above: ResolvedClass.ResolvedClass | undefined, changed: Changed = unheard) {
    this.instance = instance
    this.above = above
    this.changed = changed
  }

  get object(): Instance {
    return this.instance
  }

  private edit(change: Partial<Instance>): void {
    this.instance = Object.freeze({ ...this.instance, ...change })
    this.changed(this.instance)
  }

  readonly carrier: Carrier = {
    inForce: () => merged(onInstances(this.above?.qualifiers ?? Qualifier.none), this.instance.qualifiers),
    own: () => this.instance.qualifiers,
    write: (qualifiers) => this.edit({ qualifiers })
  }

  /** The spelling under which a value stands. */
  private key(name: string): string | undefined {
    return Object.keys(this.instance.values).find((candidate) => CimName.equals(candidate, name))
  }

  names(): ReadonlyArray<string> {
    const names = this.above?.properties.map(({ name }) => name) ?? Object.keys(this.instance.values)
    return [...names].sort(CimName.compare)
  }

  private own(name: string): ReadonlyArray<Qualifier.Qualifier> {
    const annotated = Object.entries(this.instance.propertyQualifiers ?? {})
    return annotated.find(([candidate]) => CimName.equals(candidate, name))?.[1] ?? Qualifier.none
  }

  private annotate(name: string, qualifiers: ReadonlyArray<Qualifier.Qualifier>): void {
    const others = Object.entries(this.instance.propertyQualifiers ?? {})
      .filter(([candidate]) => !CimName.equals(candidate, name))
    this.edit({ propertyQualifiers: Object.freeze(Object.fromEntries([...others, [name, qualifiers]])) })
  }

  private declaredAs(
    name: string
  ): { readonly ref: CimType.TypeRef; readonly name: string; readonly origin: string } | undefined {
    if (this.above !== undefined) {
      const found = ResolvedClass.findProperty(this.above, name)
      return found === undefined ? undefined : { ref: found, name: found.name, origin: found.origin }
    }
    const key = this.key(name)
    return key === undefined
      ? undefined
      : { ref: typeOf(this.instance.values[key]!), name: key, origin: this.instance.className }
  }

  private value(name: string): CimValue {
    const key = this.key(name)
    if (key !== undefined) return this.instance.values[key]!
    return (this.above === undefined ? undefined : ResolvedClass.findProperty(this.above, name)?.value) ?? null
  }

  find(name: string): PropertyNow | undefined {
    const found = this.declaredAs(name)
    if (found === undefined) return undefined
    const { className, isArray, type } = found.ref
    return {
      name: found.name,
      type,
      isArray,
      className,
      value: this.value(name),
      origin: found.origin,
      isLocal: this.key(name) !== undefined || this.own(name).length > 0,
      write: (value) => this.edit({ values: { ...this.instance.values, [this.key(name) ?? found.name]: value } }),
      carrier: {
        inForce: () => {
          const above = this.above === undefined ? undefined : ResolvedClass.findProperty(this.above, name)
          return merged(
            [...onInstances(above?.qualifiers ?? Qualifier.none), cimtype(found.ref, false)],
            this.own(name)
          )
        },
        own: () => this.own(name),
        write: (qualifiers) => this.annotate(found.name, qualifiers),
        takes: (qualifier) => {
          if (CimName.equals(qualifier, "key")) {
            throw refusal("CannotBeKey", "SWbemQualifierSet", "an instance has the keys of its class", "qualifiers 4")
          }
          if (CimName.equals(qualifier, "cimtype")) {
            throw refusal("ReadOnly", "SWbemQualifierSet", "an instance has the types of its class", "qualifiers 4")
          }
          return false
        }
      }
    }
  }

  /** An instance cannot gain or retype properties; adding one that it has makes its value NULL. */
  add(name: string, ref: CimType.TypeRef): void {
    const found = this.find(name)
    if (found === undefined) {
      throw refusal(
        "NotFound",
        "SWbemPropertySet",
        `${this.instance.className} has no property ${name}`,
        "object-model 7"
      )
    }
    if (found.type !== ref.type || found.isArray !== ref.isArray) {
      throw refusal("TypeMismatch", "SWbemPropertySet", `${found.name} is ${CimType.format(found)}`, "object-model 7")
    }
    found.write(null)
  }

  remove(name: string): void {
    const key = this.key(name)
    if (key !== undefined) {
      const { [key]: _, ...values } = this.instance.values
      this.edit({ values })
    }
    throw reset(name)
  }

  methods(): ReadonlyArray<MethodNow> {
    return (this.above?.methods ?? []).map((method) => ({
      ...method,
      carrier: {
        inForce: () => onInstances(method.qualifiers),
        own: () => Qualifier.none,
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
