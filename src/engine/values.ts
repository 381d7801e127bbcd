/**
 * The values of an instance against its class: spelled as the class spells, kept in the form of their type, or the first
 * thing that is wrong (`instance-put` 1, rows 6 and 7). One walk, because it is most of what a put costs.
 *
 * @internal
 */
import { copyOf } from "../model/capture.ts"
import * as CimName from "../model/CimName.ts"
import { type Misfit, mismatch, outOfRange } from "../model/CimValue.ts"
import type { CimValue, ClassDefinition, Instance } from "../model/WbemObject.ts"
import { type EffectiveProperty, findProperty, type Lineage } from "./classes/Lineage.ts"

/** What one walk finds. */
export interface Values {
  /** The values as they are stored; what did not fit is left out. */
  readonly values: Readonly<Record<string, CimValue>>
  /** The first name that the class does not have. */
  readonly unknown: string | undefined
  /** The first name that stands there twice, without case. */
  readonly twice: string | undefined
  /** The first value that does not fit. */
  readonly misfit: { readonly property: EffectiveProperty; readonly why: Misfit; readonly given: CimValue } | undefined
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
  lineage: Lineage,
  instance: Instance,
  only: (property: EffectiveProperty) => boolean = always
): Values => {
  const given = instance.values
  let stored: Record<string, CimValue> | undefined
  let unknown: string | undefined
  let twice: string | undefined
  let misfit: Values["misfit"]
  let misspelled = false
  // Most instances list their properties as the class does: the one at the same place is tried before the index.
  const declared = lineage.properties
  let place = 0
  for (const name in given) {
    const guess = declared[place++]
    const property = guess !== undefined && guess.name === name ? guess : findProperty(lineage, name)
    if (property === undefined) {
      stored ??= copyUntil(given, name)
      if (only === always && unknown === undefined && twice === undefined) unknown = name
      continue
    }
    if (only !== always && !only(property)) {
      stored ??= copyUntil(given, name)
      continue
    }
    if (name !== property.name) {
      misspelled = true
      stored ??= copyUntil(given, name)
    }
    const value = given[name]!
    const kept = property.conform(value)
    if (kept === mismatch || kept === outOfRange) {
      if (misfit === undefined) misfit = { property, why: kept as Misfit, given: value }
      stored ??= copyUntil(given, name)
      continue
    }
    if (kept !== value && stored === undefined) stored = copyUntil(given, name)
    if (stored !== undefined) put(stored, property.name, kept as CimValue)
  }
  if (misspelled) {
    twice = Object.keys(given).filter((name) => only === always || isLooked(lineage, name, only)).find(
      CimName.repetition()
    )
  }
  return { values: stored ?? given, unknown: firstOf(given, unknown, twice), twice, misfit }
}

const isLooked = (lineage: Lineage, name: string, only: (property: EffectiveProperty) => boolean): boolean => {
  const property = findProperty(lineage, name)
  return property !== undefined && only(property)
}

/** An unknown name counts only if it stands before the one that is there twice (IX-1). */
const firstOf = (
  given: Readonly<Record<string, CimValue>>,
  unknown: string | undefined,
  twice: string | undefined
): string | undefined => {
  if (unknown === undefined || twice === undefined) return unknown
  for (const name in given) {
    if (name === unknown) return unknown
    if (name === twice) return undefined
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
export const resolved = (lineage: Lineage, instance: Instance): Instance => {
  const values: Record<string, CimValue> = {}
  for (const property of lineage.properties) put(values, property.name, effective(instance.values, property))
  storedValues.set(values, instance.values)
  return { ...instance, values }
}

/**
 * The values that were set on an instance that was read, without those that the class supplies; `undefined` when that is not known, as
 * of an instance that no emulator read.
 */
export const valuesAsSet = (instance: Instance): Instance["values"] | undefined => storedValues.get(instance.values)

type LineageOf = (className: string) => Lineage | undefined

const embeddedForm = (value: CimValue, lineageOf: LineageOf): CimValue => {
  if (Array.isArray(value)) {
    return Object.freeze(value.map((element: CimValue) => embeddedForm(element, lineageOf))) as CimValue
  }
  const object = value as Instance | ClassDefinition | null
  const lineage = object?._tag === "Instance" ? lineageOf(object.className) : undefined
  if (object?._tag !== "Instance" || lineage === undefined) return value
  const values = withEmbedded(lineage, valuesOf(lineage, object).values, lineageOf)
  return Object.freeze({ ...object, className: lineage.name, values: Object.freeze(values) })
}

/** The values with embedded instances in the form of their own classes, all the way down. */
export const withEmbedded = (
  lineage: Lineage,
  values: Readonly<Record<string, CimValue>>,
  lineageOf: LineageOf
): Readonly<Record<string, CimValue>> => {
  let stored: Record<string, CimValue> | undefined
  for (const property of lineage.embedded) {
    const value = own(values, property)
    if (typeof value !== "object" || value === null) continue
    stored ??= copyOf(values)
    put(stored, property.name, embeddedForm(value, lineageOf))
  }
  return stored ?? values
}
