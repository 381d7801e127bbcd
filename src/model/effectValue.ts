/**
 * The prototypes of instances and class definitions, and the base of all values of the library that are values of Effect: equal by content
 * (`Equal`, `Hash`), printable (`Inspectable`) and pipeable.
 *
 * Everything stands on prototypes: a value has no member more than the plain object of the same shape, a structured clone of it is that
 * plain object, and nothing is computed when it is made. Plain objects of the same shape are accepted wherever a value is; the copy that a
 * put makes is a value.
 *
 * Equality follows the rules of WMI. Names compare without case (`object-model` 13). Values compare as `CimValue.equals` compares them.
 * The spelling of a definition and the order of its members are no difference (CX-6).
 *
 * @internal
 */
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Inspectable from "effect/Inspectable"
import * as Pipeable from "effect/Pipeable"
import * as CimName from "./CimName.ts"
import { equals as sameValue } from "./CimValue.ts"
import * as Qualifier from "./Qualifier.ts"
import {
  type CimValue,
  type ClassDefinition,
  ClassDefinitionTypeId,
  type Instance,
  InstanceTypeId,
  type MethodDefinition,
  type ParameterDefinition,
  type PlainClass,
  type PropertyDefinition,
  type WbemObject
} from "./WbemObject.ts"

/** The base of the values. A subclass says what is equal, the hash of it, and the JSON form. */
export abstract class Value implements Equal.Equal, Inspectable.Inspectable, Pipeable.Pipeable {
  abstract [Equal.symbol](that: Equal.Equal): boolean
  abstract [Hash.symbol](): number
  abstract toJSON(): unknown
  toString(): string {
    return Inspectable.format(this.toJSON())
  }
  [Inspectable.NodeInspectSymbol](): unknown {
    return this.toJSON()
  }
  // The overloads are those of the interface.
  pipe(): never {
    return Pipeable.pipeArguments(this, arguments) as never
  }
}

const text = (name: string | undefined): number => Hash.string(CimName.fold(name ?? ""))

/** Combines hashes in any order: two objects whose members differ in order alone have one hash. */
const unordered = <A>(members: Iterable<A>, hash: (member: A) => number): number => {
  let sum = 0
  for (const member of members) sum ^= hash(member)
  return sum
}

/** The hash of a value. Embedded objects count with what `CimValue.equals` compares. */
const ofValue = (value: CimValue): number => {
  if (typeof value !== "object" || value === null) return Hash.hash(value)
  if (Array.isArray(value)) return value.reduce((sum: number, one: CimValue) => Hash.combine(ofValue(one))(sum), 1)
  const object = value as WbemObject
  return object._tag === "Instance" ? ofValues(object) : text(object.name)
}

const ofValues = ({ className, values }: Instance): number =>
  Hash.combine(text(className))(
    unordered(Object.keys(values), (name) => Hash.combine(ofValue(values[name]!))(text(name)))
  )

const sameName = (a: string | undefined, b: string | undefined): boolean => CimName.equals(a ?? "", b ?? "")

/**
 * Whether two lists have equal members in any order. Lists with two names that differ only in case, which a put refuses, are compared in
 * their order.
 */
const sameMembers = <A extends { readonly name: string }>(
  a: ReadonlyArray<A>,
  b: ReadonlyArray<A>,
  same: (x: A, y: A) => boolean
): boolean => {
  if (a.length !== b.length) return false
  const inOrder = (): boolean => a.every((member, i) => sameName(member.name, b[i]!.name) && same(member, b[i]!))
  const folded = new Map(b.map((member) => [CimName.fold(member.name), member]))
  return folded.size < b.length ? inOrder() : a.every((member) => {
    const key = CimName.fold(member.name)
    const other = folded.get(key)
    folded.delete(key)
    return other !== undefined && same(member, other)
  })
}

const sameQualifiers = (a: ReadonlyArray<Qualifier.Qualifier>, b: ReadonlyArray<Qualifier.Qualifier>): boolean =>
  a === b || sameMembers(a, b, Qualifier.equals)

const ofQualifiers = (qualifiers: ReadonlyArray<Qualifier.Qualifier>): number =>
  unordered(qualifiers, ({ flavor, name }) => Hash.combine(flavor)(text(name)))

type Defaulted = PropertyDefinition | ParameterDefinition

const inherits = (member: Defaulted): boolean =>
  "inheritsDefault" in member && member.inheritsDefault === true && member.value === undefined

/** No default and a default of NULL are the same (CX-5). */
const sameTyped = (a: Defaulted, b: Defaulted): boolean =>
  a.type === b.type && a.isArray === b.isArray && sameName(a.className, b.className) && inherits(a) === inherits(b)
  && sameValue(a.value ?? null, b.value ?? null) && sameQualifiers(a.qualifiers, b.qualifiers)

/** Parameters have an order. */
const sameMethod = (a: MethodDefinition, b: MethodDefinition): boolean =>
  a.returns === b.returns && sameQualifiers(a.qualifiers, b.qualifiers) && a.parameters.length === b.parameters.length
  && a.parameters.every((x, i) => {
    const y = b.parameters[i]!
    return sameName(x.name, y.name) && x.direction === y.direction && x.id === y.id && sameTyped(x, y)
  })

const sameClass = (a: ClassDefinition, b: ClassDefinition): boolean =>
  sameName(a.name, b.name) && sameName(a.superclass, b.superclass) && (a.amended === true) === (b.amended === true)
  && sameQualifiers(a.qualifiers, b.qualifiers) && sameMembers(a.properties, b.properties, sameTyped)
  && sameMembers(a.methods, b.methods, sameMethod)

/** The properties that carry qualifiers. An empty list counts as none. */
const qualified = (instance: Instance) =>
  Object.entries(instance.propertyQualifiers ?? {}).flatMap(([name, qualifiers]) =>
    qualifiers.length === 0 ? [] : [{ name, qualifiers }]
  )

const sameInstance = (a: Instance, b: Instance): boolean =>
  sameValue(a, b) && (a.amended === true) === (b.amended === true) && sameQualifiers(a.qualifiers, b.qualifiers)
  && sameMembers(qualified(a), qualified(b), (x, y) => sameQualifiers(x.qualifiers, y.qualifiers))

/** A value with each `bigint` as decimal text, which a put accepts for a 64-bit property, and without the prototypes of objects. */
export const jsonOf = (value: unknown): unknown => {
  if (typeof value === "bigint") return String(value)
  if (Array.isArray(value)) return value.map(jsonOf)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, jsonOf(one)]))
}

/** The prototype of instances. An absent member is no member: a store writes the members that there are. */
class InstanceValue extends Value implements Instance {
  readonly _tag = "Instance"
  readonly className: string
  readonly values: Instance["values"]
  readonly qualifiers: Instance["qualifiers"]
  declare readonly propertyQualifiers?: Instance["propertyQualifiers"]
  declare readonly amended?: boolean | undefined

  constructor(className: string, values: Instance["values"], qualifiers: Instance["qualifiers"]) {
    super()
    this.className = className
    this.values = values
    this.qualifiers = qualifiers
  }

  get [InstanceTypeId](): typeof InstanceTypeId {
    return InstanceTypeId
  }
  [Equal.symbol](that: Equal.Equal): boolean {
    return that instanceof InstanceValue && sameInstance(this, that)
  }
  [Hash.symbol](): number {
    return Hash.optimize(Hash.combine(ofQualifiers(this.qualifiers))(ofValues(this)))
  }
  toJSON(): unknown {
    return jsonOf(this)
  }
  override [Inspectable.NodeInspectSymbol](): unknown {
    return { ...this }
  }
}

/** The prototype of class definitions. */
class ClassValue extends Value implements ClassDefinition {
  readonly _tag = "Class"
  readonly name: string
  readonly superclass: string | undefined
  readonly qualifiers: ClassDefinition["qualifiers"]
  readonly properties: ClassDefinition["properties"]
  readonly methods: ClassDefinition["methods"]
  declare readonly amended?: boolean | undefined

  constructor({ methods, name, properties, qualifiers, superclass }: Omit<PlainClass, "_tag">) {
    super()
    this.name = name
    this.superclass = superclass
    this.qualifiers = qualifiers
    this.properties = properties
    this.methods = methods
  }

  get [ClassDefinitionTypeId](): typeof ClassDefinitionTypeId {
    return ClassDefinitionTypeId
  }
  [Equal.symbol](that: Equal.Equal): boolean {
    return that instanceof ClassValue && sameClass(this, that)
  }
  [Hash.symbol](): number {
    const { methods, name, properties, qualifiers, superclass } = this
    const members = unordered(properties, (one) => text(one.name)) ^ unordered(methods, (one) => text(one.name))
    return Hash.optimize([text(superclass), ofQualifiers(qualifiers), members].reduce(
      (sum, one) => Hash.combine(one)(sum),
      text(name)
    ))
  }
  toJSON(): unknown {
    return jsonOf(this)
  }
  override [Inspectable.NodeInspectSymbol](): unknown {
    return { ...this }
  }
}

/** An instance of the given parts, which are not copied. */
export const instanceOf = (
  className: string,
  values: Instance["values"],
  qualifiers: Instance["qualifiers"],
  propertyQualifiers?: Instance["propertyQualifiers"],
  amended?: boolean | undefined
): Instance => {
  const instance: { -readonly [K in keyof InstanceValue]: InstanceValue[K] } = new InstanceValue(
    className,
    values,
    qualifiers
  )
  if (propertyQualifiers !== undefined) instance.propertyQualifiers = propertyQualifiers
  if (amended !== undefined) instance.amended = amended
  return instance
}

/** The parts of an instance that another instance may have differently. An `undefined` that is given removes an optional part. */
type InstanceParts = Partial<Pick<Instance, "amended" | "className" | "propertyQualifiers" | "qualifiers" | "values">>

/** A copy of the instance with some parts replaced. A spread copy would not be a value. */
export const instanceWith = (instance: Instance, parts: InstanceParts): Instance => {
  const { amended, className, propertyQualifiers, qualifiers, values } = { ...instance, ...parts }
  return instanceOf(className, values, qualifiers, propertyQualifiers, amended)
}

/** A class definition of the given parts, which are not copied. */
export const classOf = (parts: Omit<PlainClass, "_tag">): ClassDefinition => {
  const definition: { -readonly [K in keyof ClassValue]: ClassValue[K] } = new ClassValue(parts)
  if (parts.amended !== undefined) definition.amended = parts.amended
  return definition
}

/** A copy of the definition with some parts replaced. A spread copy would not be a value. */
export const classWith = (definition: ClassDefinition, parts: Partial<Omit<PlainClass, "_tag">>): ClassDefinition =>
  classOf({ ...definition, ...parts })
