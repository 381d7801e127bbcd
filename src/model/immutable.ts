/**
 * Deeply frozen copies of the objects that a caller passes: a request, a put in flight and a store never share a mutable object with the
 * caller (PA-4).
 *
 * {@link freezeObject} copies an object once and marks the copy. A marked object is not copied again. The mark is a private class member:
 * no other code can set it, and a spread copy does not have it. `Object.isFrozen` would not do as a mark, because a frozen object may
 * hold mutable arrays, records and accessors.
 *
 * @internal
 */
import * as Option from "effect/Option"
import * as CimDateTime from "./CimDateTime.ts"
import type { TypeRef } from "./CimType.ts"
import { classOf, instanceOf } from "./effectValue.ts"
import * as Qualifier from "./Qualifier.ts"
import {
  type CimValue,
  type ClassDefinition,
  type Instance,
  isWbemObject,
  type MethodDefinition,
  type ParameterDefinition,
  type PlainClass,
  type PlainInstance,
  type PlainObject,
  type PropertyDefinition,
  type WbemObject
} from "./WbemObject.ts"

/** A constructor that returns its argument, so that a subclass can add a private member to an existing object. */
class ReturnsArgument {
  constructor(object: object) {
    return object
  }
}

class FrozenMark extends ReturnsArgument {
  readonly #mark = true
  static has(object: object): boolean {
    return #mark in object
  }
}

/** Marks and freezes an object whose members are deeply frozen already. */
export const markFrozen = <A extends object>(object: A): A => {
  new FrozenMark(object)
  return Object.freeze(object)
}

/** Whether the object has the mark of {@link markFrozen}: it is deeply frozen, and its members never change. */
export const isFrozenCopy = (object: object): boolean => FrozenMark.has(object)

/** Stands for a `Date` that no datetime can hold. No value contains U+0000, so the put refuses it, whatever the type. */
const noDate = "\0no date that a datetime can hold"

const dateTime = (value: object): string | undefined => {
  if (value instanceof Date) return Option.getOrUndefined(CimDateTime.fromDate(value)) ?? noDate
  const tag: unknown = (value as { readonly _tag?: unknown })._tag
  // A value with this tag and an `epochMillis` is a `DateTime` of Effect; importing its guard would add the module to every bundle.
  return (tag === "Utc" || tag === "Zoned") && "epochMillis" in value
    ? Option.getOrUndefined(CimDateTime.fromDateTime(value as never)) ?? noDate
    : undefined
}

/** The empty list. */
export const none: ReadonlyArray<never> = /* @__PURE__ */ Object.freeze([])

/** A frozen copy of a list. A hole becomes `undefined`, which no type accepts. */
const listOf = <A, B>(list: ReadonlyArray<A>, each: (element: A) => B): ReadonlyArray<B> =>
  list.length === 0 ? none : Object.freeze(Array.from(list, (element) => each(element)))

/** Stands for an object that is no WMI object: no type accepts it, and it cannot become a WMI object by a later change. */
const noObject = Object.freeze({}) as CimValue

/** A frozen copy of a value: arrays and embedded objects are copied, a `Date` or `DateTime` becomes CIM text. */
export const freezeCopy = (value: unknown): CimValue => {
  if (typeof value !== "object" || value === null) return value as CimValue
  if (Array.isArray(value)) return listOf(value, freezeCopy) as CimValue
  if (isFrozenCopy(value)) return value as WbemObject
  return dateTime(value) ?? (isWbemObject(value) ? freezeObject(value) : noObject)
}

/** Sets a member of a record, also one named `__proto__`. */
export const set = (record: Record<string, unknown>, name: string, value: unknown): void => {
  if (name === "__proto__") {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true })
  } else record[name] = value
}

/**
 * A mutable copy of a record of values. The members are assigned one by one: V8 then gives all copies of one shape the same hidden
 * class, also when they are frozen. A frozen spread copy has a hidden class of its own, which is four times the size and slow.
 */
export const mutableCopy = (values: Readonly<Record<string, CimValue>>): Record<string, CimValue> => {
  const copy: Record<string, CimValue> = {}
  for (const name in values) if (Object.hasOwn(values, name)) set(copy, name, values[name]!)
  return copy
}

/** A frozen copy of a record of values. `undefined` means unset: such a name is left out (IV-1). */
export const freezeValues = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, CimValue>> => {
  const copy: Record<string, unknown> = {}
  for (const name in values) {
    if (!Object.hasOwn(values, name)) continue
    const value = values[name]
    if (value === undefined) continue
    const kept = typeof value === "object" && value !== null ? freezeCopy(value) : value
    if (name === "__proto__") set(copy, name, kept)
    else copy[name] = kept
  }
  return Object.freeze(copy) as Readonly<Record<string, CimValue>>
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** The given member of a list. Throws if it is no object with a name. */
const named = <A extends { readonly name: string }>(what: string, member: A): A => {
  if (!isRecord(member) || typeof member.name !== "string") throw new TypeError(`a ${what} of it has no name`)
  return member
}

/** Throws if a member has a wrong type. A store reads members of the right types only, so a wrong member would make its row unreadable. */
const checkMember = (holds: boolean, what: string, member: string): void => {
  if (!holds) throw new TypeError(`the ${member} of a ${what} of it has a wrong type`)
}
const isText = (value: unknown): boolean => typeof value === "string"
const isFlag = (value: unknown): boolean => typeof value === "boolean"
const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === "string"
const isOptionalInteger = (value: unknown): boolean => value === undefined || Number.isInteger(value)

/** Replaces an object by an empty one: the rules of the put refuse it, so its content is not kept. */
const qualifierScalar = <A>(value: A): A => typeof value === "object" && value !== null ? noObject as A : value

const qualifier = (given: Qualifier.Qualifier): Qualifier.Qualifier => {
  if (isRecord(given) && isFrozenCopy(given)) return given
  const { flavor, name, type, value } = named("qualifier", given)
  // The rules of the put judge the type and the value (CS-2).
  checkMember(isOptionalText(type), "qualifier", "type")
  checkMember(isOptionalInteger(flavor), "qualifier", "flavor")
  const kept = Array.isArray(value) ? value.map(qualifierScalar) as typeof value : qualifierScalar(value)
  return markFrozen(Qualifier.make(name, kept, { flavor, type }))
}

const qualifiers = (list: ReadonlyArray<Qualifier.Qualifier> | undefined): ReadonlyArray<Qualifier.Qualifier> => {
  if (list === undefined || list.length === 0) return Qualifier.none
  if (!Array.isArray(list)) throw new TypeError("its qualifiers are no list")
  return listOf(list, qualifier)
}

/** A copy with the members of a type reference only. */
const typeRef = ({ className, isArray, type, word }: TypeRef, what: string): TypeRef => {
  checkMember(isText(type), what, "type")
  checkMember(isFlag(isArray), what, "isArray")
  checkMember(isOptionalText(className), what, "className")
  checkMember(isOptionalText(word), what, "word")
  return { type, isArray, ...(className === undefined ? {} : { className }), ...(word === undefined ? {} : { word }) }
}

const property = (given: PropertyDefinition): PropertyDefinition => {
  if (isRecord(given) && isFrozenCopy(given)) return given
  const { inheritsDefault, name, qualifiers: own, value } = named("property", given)
  checkMember(inheritsDefault === undefined || inheritsDefault === true, "property", "inheritsDefault")
  return markFrozen({
    name,
    ...typeRef(given, "property"),
    ...(inheritsDefault === undefined ? {} : { inheritsDefault }),
    value: value === undefined ? undefined : freezeCopy(value),
    qualifiers: qualifiers(own)
  })
}

const parameter = (given: ParameterDefinition): ParameterDefinition => {
  if (isRecord(given) && isFrozenCopy(given)) return given
  const { direction, id, name, qualifiers: own, value } = named("parameter", given)
  checkMember(direction === "in" || direction === "out" || direction === "inout", "parameter", "direction")
  checkMember(id === undefined || typeof id === "number", "parameter", "id") // CS-20 judges the number
  return markFrozen({
    name,
    ...typeRef(given, "parameter"),
    direction,
    id,
    ...(value === undefined ? {} : { value: freezeCopy(value) }),
    qualifiers: qualifiers(own)
  })
}

const method = (given: MethodDefinition): MethodDefinition => {
  if (isRecord(given) && isFrozenCopy(given)) return given
  const { name, parameters, qualifiers: own, returns, returnsWord } = named("method", given)
  if (!Array.isArray(parameters)) throw new TypeError(`the parameters of its method ${name} are no list`)
  checkMember(isText(returns), "method", "returns")
  checkMember(isOptionalText(returnsWord), "method", "returnsWord")
  return markFrozen({
    name,
    returns,
    ...(returnsWord === undefined ? {} : { returnsWord }),
    parameters: listOf(parameters, parameter),
    qualifiers: qualifiers(own)
  })
}

const frozenInstance = (instance: PlainInstance): Instance => {
  const { amended, className, propertyQualifiers, qualifiers: own, values } = instance
  checkMember(isText(className), "part", "className")
  checkMember(propertyQualifiers === undefined || isRecord(propertyQualifiers), "part", "propertyQualifiers")
  checkMember(amended === undefined || isFlag(amended), "part", "amended")
  return markFrozen(instanceOf(
    className,
    freezeValues(values),
    qualifiers(own),
    propertyQualifiers === undefined ? undefined : Object.freeze(Object.fromEntries(
      Object.entries(propertyQualifiers).map(([name, list]) => [name, qualifiers(list)])
    )),
    amended
  ))
}

const frozenClass = (definition: PlainClass): ClassDefinition => {
  const { amended, methods, name, properties, qualifiers: own, superclass } = definition
  checkMember(isText(name), "part", "name")
  checkMember(isOptionalText(superclass), "part", "superclass")
  checkMember(amended === undefined || isFlag(amended), "part", "amended")
  return markFrozen(classOf({
    name,
    superclass,
    qualifiers: qualifiers(own),
    properties: listOf(properties, property),
    methods: listOf(methods, method),
    amended
  }))
}

/** The value that a plain object becomes. */
type Value<A extends PlainObject> = A extends WbemObject ? A : A extends PlainClass ? ClassDefinition : Instance

/** The object itself when it is marked, else a marked copy. A value that is no WMI object is returned as it is: the put refuses it at its start. */
export const freezeObject = <A extends PlainObject>(object: A): Value<A> => {
  // What is marked was made here, and what is no WMI object is no value of the type.
  if (typeof object === "object" && object !== null && isFrozenCopy(object)) return object as unknown as Value<A>
  if (!isWbemObject(object)) return object as unknown as Value<A>
  return (object._tag === "Instance" ? frozenInstance(object) : frozenClass(object)) as Value<A>
}

/** Stands in a request for an object that cannot be copied. */
export class UncopyableObject {
  readonly detail: string
  constructor(cause: unknown) {
    this.detail = cause instanceof RangeError
      ? "it contains itself, or it is nested too deeply"
      : `it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}

/**
 * {@link freezeObject} for untrusted input; it never throws. An object that contains itself, whose accessors throw or whose members have
 * wrong types becomes an {@link UncopyableObject}, which the put refuses at its start (`put-async` 3.2).
 */
export const tryFreezeObject = (object: PlainObject): WbemObject | UncopyableObject => {
  try {
    return freezeObject(object)
  } catch (cause) {
    return new UncopyableObject(cause)
  }
}
