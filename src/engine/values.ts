/**
 * The values of an instance read against its class: property names in the spelling of the class, values in the form of
 * their types, and the first errors (`instance-put` 1, rows 6 and 7). It is one walk, because this is most of the cost
 * of a put.
 *
 * @internal
 */
import { instanceWith } from "../model/effectValue.ts"
import { mutableCopy, set } from "../model/immutable.ts"
import * as CimName from "../model/CimName.ts"
import { type CoercionError, mismatch, outOfRange } from "../model/CimValue.ts"
import type { CimValue, ClassDefinition, Instance } from "../model/WbemObject.ts"
import { type EffectiveProperty, findProperty, type ResolvedClass } from "./classes/ResolvedClass.ts"

/** The result of the walk. */
export interface Values {
  /** The values as they are stored, without those that do not fit. */
  readonly values: Readonly<Record<string, CimValue>>
  /** The first name that the class does not have. */
  readonly unknown: string | undefined
  /** The first name that occurs twice, compared without case. */
  readonly repeated: string | undefined
  /** The first value that does not fit. */
  readonly coercionError: {
    readonly property: EffectiveProperty
    readonly why: CoercionError
    readonly given: CimValue
  } | undefined
}

/** The part of a property that its value in force depends on. */
type Valued = Pick<EffectiveProperty, "name" | "shadowed" | "value">

/** The value of a property; `undefined` when it is unset. Members that a plain object inherits are not values. */
export const own = (values: Readonly<Record<string, CimValue>>, property: Valued): CimValue | undefined =>
  property.shadowed && !Object.hasOwn(values, property.name) ? undefined : values[property.name]

/** The values before `until`, the first one that is stored in another form. */
const copyUntil = (from: Readonly<Record<string, CimValue>>, until: string): Record<string, CimValue> => {
  const copy: Record<string, CimValue> = {}
  for (const name in from) {
    if (name === until) break
    set(copy, name, from[name]!)
  }
  return copy
}

const always = (): boolean => true

/** Reads an instance against its class. `only` limits the walk to some properties (a partial update, IP-8). */
export const valuesOf = (
  resolvedClass: ResolvedClass,
  instance: Instance,
  only: (property: EffectiveProperty) => boolean = always
): Values => {
  const given = instance.values
  let stored: Record<string, CimValue> | undefined
  let unknown: string | undefined
  let repeated: string | undefined
  let coercionError: Values["coercionError"]
  let respelled = false
  // Most instances list their properties in the order of the class, so the property at the same position is tried
  // before the index.
  const declared = resolvedClass.properties
  let position = 0
  for (const name in given) {
    const candidate = declared[position++]
    const property = candidate !== undefined && candidate.name === name ? candidate : findProperty(resolvedClass, name)
    if (property === undefined) {
      stored ??= copyUntil(given, name)
      if (only === always && unknown === undefined && repeated === undefined) unknown = name
      continue
    }
    if (only !== always && !only(property)) {
      stored ??= copyUntil(given, name)
      continue
    }
    if (name !== property.name) {
      respelled = true
      stored ??= copyUntil(given, name)
    }
    const value = given[name]!
    const coerced = property.coerce(value)
    if (coerced === mismatch || coerced === outOfRange) {
      if (coercionError === undefined) coercionError = { property, why: coerced as CoercionError, given: value }
      stored ??= copyUntil(given, name)
      continue
    }
    if (coerced !== value && stored === undefined) stored = copyUntil(given, name)
    if (stored !== undefined) set(stored, property.name, coerced as CimValue)
  }
  if (respelled) {
    repeated = Object.keys(given).filter((name) => only === always || isIncluded(resolvedClass, name, only)).find(
      CimName.repetition()
    )
  }
  return { values: stored ?? given, unknown: firstOf(given, unknown, repeated), repeated, coercionError }
}

const isIncluded = (
  resolvedClass: ResolvedClass,
  name: string,
  only: (property: EffectiveProperty) => boolean
): boolean => {
  const property = findProperty(resolvedClass, name)
  return property !== undefined && only(property)
}

/** An unknown name counts only if it comes before the repeated one (IX-1). */
const firstOf = (
  given: Readonly<Record<string, CimValue>>,
  unknown: string | undefined,
  repeated: string | undefined
): string | undefined => {
  if (unknown === undefined || repeated === undefined) return unknown
  for (const name in given) {
    if (name === unknown) return unknown
    if (name === repeated) return undefined
  }
  return unknown
}

/** The value in force: the value that was set, otherwise the default, otherwise NULL (IV-1). */
export const effective = (values: Readonly<Record<string, CimValue>>, property: Valued): CimValue => {
  const value = own(values, property)
  return value === undefined ? property.value ?? null : value
}

/** The stored values, by the values that a read returned. */
const storedValues = /* @__PURE__ */ new WeakMap<Instance["values"], Instance["values"]>()

/** An instance as it is read: every property of its class, in the order of the class. */
export const resolved = (resolvedClass: ResolvedClass, instance: Instance): Instance => {
  const values: Record<string, CimValue> = {}
  for (const property of resolvedClass.properties) set(values, property.name, effective(instance.values, property))
  storedValues.set(values, instance.values)
  return instanceWith(instance, { values })
}

/**
 * The values that were set on an instance that was read, without those that the class supplies; `undefined` when they
 * are unknown, as for an instance that did not come from an emulated repository.
 */
export const valuesAsSet = (instance: Instance): Instance["values"] | undefined => storedValues.get(instance.values)

type ResolvedClassOf = (className: string) => ResolvedClass | undefined

const embeddedForm = (value: CimValue, resolvedClassOf: ResolvedClassOf): CimValue => {
  if (Array.isArray(value)) {
    return Object.freeze(value.map((element: CimValue) => embeddedForm(element, resolvedClassOf))) as CimValue
  }
  const object = value as Instance | ClassDefinition | null
  const resolvedClass = object?._tag === "Instance" ? resolvedClassOf(object.className) : undefined
  if (object?._tag !== "Instance" || resolvedClass === undefined) return value
  const values = withEmbedded(resolvedClass, valuesOf(resolvedClass, object).values, resolvedClassOf)
  return Object.freeze(instanceWith(object, { className: resolvedClass.name, values: Object.freeze(values) }))
}

/** The values with embedded instances in the form of their own classes, at every depth. */
export const withEmbedded = (
  resolvedClass: ResolvedClass,
  values: Readonly<Record<string, CimValue>>,
  resolvedClassOf: ResolvedClassOf
): Readonly<Record<string, CimValue>> => {
  let stored: Record<string, CimValue> | undefined
  for (const property of resolvedClass.embedded) {
    const value = own(values, property)
    if (typeof value !== "object" || value === null) continue
    stored ??= mutableCopy(values)
    set(stored, property.name, embeddedForm(value, resolvedClassOf))
  }
  return stored ?? values
}
