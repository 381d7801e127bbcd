/**
 * Takes values from a caller: copies what could still change and turns what people have at hand into what WMI keeps.
 *
 * @internal
 */
import * as Option from "effect/Option"
import * as CimDateTime from "./CimDateTime.ts"
import type { Qualifier, QualifierValue } from "./Qualifier.ts"
import { type CimValue, type ClassDefinition, type Instance, isWbemObject, type WbemObject } from "./WbemObject.ts"

/** What a date becomes that has no CIM text. U+0000 is in no value, so every type refuses it where it is put. */
const noDate = "\0no date that a datetime can hold"

const dateTime = (value: object): string | undefined => {
  if (value instanceof Date) return Option.getOrUndefined(CimDateTime.fromDate(value)) ?? noDate
  const tag: unknown = (value as { readonly _tag?: unknown })._tag
  return (tag === "Utc" || tag === "Zoned") && "epochMillis" in value
    ? Option.getOrUndefined(CimDateTime.fromDateTime(value as never)) ?? noDate
    : undefined
}

/** One value: arrays copied and frozen, `Date` and `DateTime` as CIM text, embedded objects taken as they are. */
export const captured = (value: unknown): CimValue => {
  if (typeof value !== "object" || value === null) return value as CimValue
  if (Array.isArray(value)) {
    return (Object.isFrozen(value) ? value : Object.freeze(value.map(captured))) as CimValue
  }
  return dateTime(value) ?? capturedObject(value as WbemObject)
}

/**
 * A record of values; `undefined` means unset, so such a name is left out.
 *
 * The record is ours alone but not frozen: V8 keeps a frozen copy as a hash table, four times the size and as slow.
 */
export const capturedValues = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, CimValue>> => {
  const copy: Record<string, unknown> = { ...values }
  for (const name in copy) {
    const value = copy[name]
    if (typeof value === "object" && value !== null) copy[name] = captured(value)
    else if (value === undefined) delete copy[name]
  }
  return copy as Readonly<Record<string, CimValue>>
}

const frozenAll = <A extends object>(list: ReadonlyArray<A>, each: (a: A) => A): ReadonlyArray<A> =>
  Object.isFrozen(list) ? list : Object.freeze(list.map(each))

/** A qualifier, and the list that its value may be. */
const qualifier = (q: Qualifier): Qualifier =>
  Object.isFrozen(q)
    ? q
    : Object.freeze({ ...q, value: (Array.isArray(q.value) ? Object.freeze([...q.value]) : q.value) as QualifierValue })

const qualifiers = (list: ReadonlyArray<Qualifier>): ReadonlyArray<Qualifier> => frozenAll(list, qualifier)

const capturedInstance = (instance: Instance): Instance =>
  Object.freeze({
    ...instance,
    values: capturedValues(instance.values),
    qualifiers: qualifiers(instance.qualifiers),
    ...(instance.propertyQualifiers === undefined ? {} : {
      propertyQualifiers: Object.freeze(Object.fromEntries(
        Object.entries(instance.propertyQualifiers).map(([name, list]) => [name, qualifiers(list)])
      ))
    })
  })

const capturedClass = (definition: ClassDefinition): ClassDefinition =>
  Object.freeze({
    ...definition,
    qualifiers: qualifiers(definition.qualifiers),
    properties: frozenAll(definition.properties, (p) =>
      Object.freeze({
        ...p,
        value: p.value === undefined ? undefined : captured(p.value),
        qualifiers: qualifiers(p.qualifiers)
      })),
    methods: frozenAll(definition.methods, (m) =>
      Object.freeze({
        ...m,
        parameters: frozenAll(
          m.parameters,
          (p) =>
            Object.freeze({
              ...p,
              ...(p.value === undefined ? {} : { value: captured(p.value) }),
              qualifiers: qualifiers(p.qualifiers)
            })
        ),
        qualifiers: qualifiers(m.qualifiers)
      }))
  })

/**
 * The object itself when a builder made it, else a frozen copy of it. What is no WMI object passes through: the start of the
 * put refuses it.
 */
export const capturedObject = (object: WbemObject): WbemObject => {
  if (!isWbemObject(object) || Object.isFrozen(object)) return object
  return object._tag === "Instance" ? capturedInstance(object) : capturedClass(object)
}
