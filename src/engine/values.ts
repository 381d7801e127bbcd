/**
 * The values of an instance against its class: spelled as the class spells, kept in the form of their type, or the first
 * thing that is wrong (`instance-put` 1, rows 6 and 7). One walk, because it is most of what a put costs.
 *
 * @internal
 */
import { copyOf } from "../model/immutable.ts"
import * as CimName from "../model/CimName.ts"
import { type CoercionError, mismatch, outOfRange } from "../model/CimValue.ts"
import type { CimValue, ClassDefinition, Instance } from "../model/WbemObject.ts"
import { type EffectiveProperty, findProperty, type ResolvedClass } from "./classes/ResolvedClass.ts"

/** What one walk finds. */
export interface Values {
  /** The values as they are stored; what did not fit is left out. */
  readonly values: Readonly<Record<string, CimValue>>
  /** The first name that the class does not have. */
  readonly unknown: string | undefined
  /** The first name that stands there twice, without case. */
  readonly repeated: string | undefined
  /** The first value that does not fit. */
  readonly coercionError: {
    readonly property: EffectiveProperty
    readonly why: CoercionError
    readonly given: CimValue
  } | undefined
}

/** The value under a property's name; a plain object's own inherited members are no values. */
export const own = (values: Readonly<Record<string, CimValue>>, property: EffectiveProperty): CimValue | undefined =>
  property.shadowed && !Object.hasOwn(values, property.name) ? undefined : values[property.name]

const put = (values: Record<string, CimValue>, name: string, value: CimValue): void => {
  if (name === "__proto__") {
    Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true })
  } else values[name] = value
}

/** The values up to `until`, where the first of them differs from what is stored. */
const copyUntil = (from: Readonly<Record<string, CimValue>>, until: string): Record<string, CimValue> => {
  const copy: Record<string, CimValue> = {}
  for (const name in from) {
    if (name === until) break
    put(copy, name, from[name]!)
  }
  return copy
}

const always = (): boolean => true

/** Reads an instance. `only` limits the walk to some properties (a partial update, IP-8). */
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
  // Most instances list their properties as the class does: the one at the same position is tried before the index.
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
    if (stored !== undefined) put(stored, property.name, coerced as CimValue)
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

/** An unknown name counts only if it stands before the one that is there repeated (IX-1). */
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

/** The value that is in force: what was set, else the default, else NULL (IV-1). */
export const effective = (values: Readonly<Record<string, CimValue>>, property: EffectiveProperty): CimValue => {
  const value = own(values, property)
  return value === undefined ? property.value ?? null : value
}

/** The values as they are stored, by the values that a read hands out. */
const storedValues = /* @__PURE__ */ new WeakMap<Instance["values"], Instance["values"]>()

/** An instance as it is read: every property of its class, in the order of the class. */
export const resolved = (resolvedClass: ResolvedClass, instance: Instance): Instance => {
  const values: Record<string, CimValue> = {}
  for (const property of resolvedClass.properties) put(values, property.name, effective(instance.values, property))
  storedValues.set(values, instance.values)
  return { ...instance, values }
}

/**
 * The values that were set on an instance that was read, without those that the class supplies; `undefined` when that is not known, as
 * of an instance that no emulator read.
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
  return Object.freeze({ ...object, className: resolvedClass.name, values: Object.freeze(values) })
}

/** The values with embedded instances in the form of their own classes, all the way down. */
export const withEmbedded = (
  resolvedClass: ResolvedClass,
  values: Readonly<Record<string, CimValue>>,
  resolvedClassOf: ResolvedClassOf
): Readonly<Record<string, CimValue>> => {
  let stored: Record<string, CimValue> | undefined
  for (const property of resolvedClass.embedded) {
    const value = own(values, property)
    if (typeof value !== "object" || value === null) continue
    stored ??= copyOf(values)
    put(stored, property.name, embeddedForm(value, resolvedClassOf))
  }
  return stored ?? values
}
