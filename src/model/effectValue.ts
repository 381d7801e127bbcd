/**
 * The prototypes of instances and class definitions, and the base of all values of the library that are values of Effect: equal by content
 * (`Equal`, `Hash`), printable (`Inspectable`) and pipeable.
 *
 * Everything stands on prototypes: a value has no member more than the plain object of the same shape, a structured clone of it is that
 * plain object, and nothing is computed when it is made. Plain objects of the same shape are accepted wherever a value is; the copy that a
 * put makes is a value.
 *
 * Equality follows the rules of WMI. Names compare without case (`object-model` 13). The spelling of a definition and the order of its
 * members are no difference (CX-6). Text compares with its case, numbers by value, and a `bigint` is never equal to a number.
 *
 * @internal
 */
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Inspectable from "effect/Inspectable"
import * as Pipeable from "effect/Pipeable"
import * as CimName from "./CimName.ts"
import type { Qualifier } from "./Qualifier.ts"
import {
  type CimValue,
  type ClassDefinition,
  ClassDefinitionTypeId,
  type Instance,
  InstanceTypeId,
  type ParameterDefinition,
  type PlainClass,
  type PropertyDefinition
} from "./WbemObject.ts"

/** The method of a value that returns its content as text: two values are equal if their contents are. */
export const content: unique symbol = /* @__PURE__ */ Symbol("content")

/** The members that every value has besides its own. */
export interface Value extends Equal.Equal, Inspectable.Inspectable, Pipeable.Pipeable {
  [content](): string
}

/**
 * The base of the values. A comparison by one text makes equality an equivalence relation with a consistent hash. The text begins with the
 * kind of the value. It is made for each comparison, and nothing keeps it: a frozen object has no room for it.
 */
abstract class Base implements Value {
  abstract [content](): string
  [Equal.symbol](that: Equal.Equal): boolean {
    return that instanceof Base && this[content]() === that[content]()
  }
  [Hash.symbol](): number {
    return Hash.string(this[content]())
  }
  /** The members, with each 64-bit integer as decimal text. A put accepts that of an object. */
  toJSON(): unknown {
    return jsonOf(this)
  }
  toString(): string {
    return Inspectable.format(this.toJSON())
  }
  [Inspectable.NodeInspectSymbol](): unknown {
    return { ...this }
  }
  // The overloads are those of the interface.
  pipe(): never {
    return Pipeable.pipeArguments(this, arguments) as never
  }
}

/** {@link Base} with a written type. */
export const Value: abstract new () => Value = Base

const byName = <A>(members: Array<readonly [string, A]>): ReadonlyArray<readonly [string, A]> =>
  members.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0)

/** The members of a list in the order of their folded names. */
const membersContent = <A extends { readonly name: string }>(
  members: ReadonlyArray<A>,
  contentOf: (member: A) => unknown
): unknown => byName(members.map((member) => [CimName.fold(member.name), contentOf(member)]))

/** What JSON does not distinguish stands in a record. Numbers are equal by value, so -0 is 0. */
export const valueContent = (value: CimValue | undefined): unknown => {
  if (Array.isArray(value)) return value.map((element: CimValue) => valueContent(element))
  const object = value as Exclude<typeof value, ReadonlyArray<unknown>>
  if (typeof object === "object" && object !== null) {
    return { o: object._tag === "Instance" ? instanceContent(object) : object._tag === "Class" && classContent(object) }
  }
  return object === null || typeof object === "string" || typeof object === "boolean" || Number.isFinite(object)
    ? object
    : { [typeof object]: String(object) }
}

/** As `Qualifier.equals` compares: an empty array has no type, and -0.0 is not 0.0. */
const qualifiersContent = (qualifiers: ReadonlyArray<Qualifier>): unknown =>
  membersContent(qualifiers, ({ flavor, type, value }) => [
    flavor,
    Array.isArray(value) && value.length === 0 ? "" : type,
    Object.is(value, -0)
      ? "-0"
      : Array.isArray(value) && value.some((one) => Object.is(one, -0))
      ? value.map((one: unknown) => Object.is(one, -0) ? "-0" : one)
      : valueContent(value)
  ])

/** An empty list of property qualifiers counts as none. */
const instanceContent = ({ amended, className, propertyQualifiers, qualifiers, values }: Instance): unknown => [
  CimName.fold(className),
  byName(Object.entries(values).map(([name, value]) => [CimName.fold(name), valueContent(value)])),
  qualifiersContent(qualifiers),
  byName(
    Object.entries(propertyQualifiers ?? {}).flatMap(([name, list]) =>
      list.length === 0 ? [] : [[CimName.fold(name), qualifiersContent(list)] as const]
    )
  ),
  amended === true
]

/** No default and a default of NULL are the same, unless the inherited default is kept (CX-5). */
const typedContent = (member: PropertyDefinition | ParameterDefinition): unknown => [
  member.type,
  member.isArray,
  CimName.fold(member.className ?? ""),
  member.value === undefined && "inheritsDefault" in member && member.inheritsDefault === true,
  valueContent(member.value ?? null),
  qualifiersContent(member.qualifiers)
]

const classContent = ({ amended, methods, name, properties, qualifiers, superclass }: ClassDefinition): unknown => [
  CimName.fold(name),
  CimName.fold(superclass ?? ""),
  qualifiersContent(qualifiers),
  membersContent(properties, typedContent),
  membersContent(methods, (method) => [
    method.returns,
    qualifiersContent(method.qualifiers),
    // Parameters have an order.
    method.parameters.map((one) => [CimName.fold(one.name), one.direction, one.id, typedContent(one)])
  ]),
  amended === true
]

/** A value with each `bigint` as decimal text, which a put accepts for a 64-bit property, and without the prototypes of objects. */
export const jsonOf = (value: unknown, text: (wide: bigint) => string = String): unknown =>
  typeof value === "bigint"
    ? text(value)
    : Array.isArray(value)
    ? value.map((one) => jsonOf(one, text))
    : typeof value !== "object" || value === null
    ? value
    : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, jsonOf(one, text)]))

/** The prototype of instances. An absent member is no member: a store writes the members that there are. */
class InstanceValue extends Base implements Instance {
  declare readonly _tag: "Instance"
  declare readonly className: string
  declare readonly values: Instance["values"]
  declare readonly qualifiers: Instance["qualifiers"]
  declare readonly propertyQualifiers?: Instance["propertyQualifiers"]
  declare readonly amended?: boolean | undefined

  constructor(className: string, values: Instance["values"], qualifiers: Instance["qualifiers"]) {
    super()
    this._tag = "Instance"
    this.className = className
    this.values = values
    this.qualifiers = qualifiers
  }

  get [InstanceTypeId](): typeof InstanceTypeId {
    return InstanceTypeId
  }
  [content](): string {
    return JSON.stringify(["Instance", instanceContent(this)])
  }
}

/** The prototype of class definitions. */
class ClassValue extends Base implements ClassDefinition {
  declare readonly _tag: "Class"
  declare readonly name: string
  declare readonly superclass: string | undefined
  declare readonly qualifiers: ClassDefinition["qualifiers"]
  declare readonly properties: ClassDefinition["properties"]
  declare readonly methods: ClassDefinition["methods"]
  declare readonly amended?: boolean | undefined

  constructor({ methods, name, properties, qualifiers, superclass }: Omit<PlainClass, "_tag">) {
    super()
    this._tag = "Class"
    this.name = name
    this.superclass = superclass
    this.qualifiers = qualifiers
    this.properties = properties
    this.methods = methods
  }

  get [ClassDefinitionTypeId](): typeof ClassDefinitionTypeId {
    return ClassDefinitionTypeId
  }
  [content](): string {
    return JSON.stringify(["Class", classContent(this)])
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
