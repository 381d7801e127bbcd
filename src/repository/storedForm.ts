/**
 * The text form in which a store keeps an object: JSON, with a tag where JSON cannot tell what a value is. What is read back is
 * equal to what was written. It is ASCII where a database might mind: lone surrogates and control characters are escapes.
 *
 * Not for people or wires: `schema/WmiSchema` is.
 *
 * @internal
 */
import * as Qualifier from "../model/Qualifier.ts"
import type { CimValue, ClassDefinition, Instance, WbemObject } from "../model/WbemObject.ts"

/**
 * Every object stands in a tag, so no name of a user's can be one: `o` is a plain object, `n` a 64-bit integer, `z` a negative
 * zero, `r` a real that JSON has no number for (a qualifier may be one), `u` an absent value whose name is there.
 */
type Json =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<Json>
  | { readonly o: { readonly [name: string]: Json } }
  | { readonly n: string }
  | { readonly z: 0 }
  | { readonly r: string }
  | { readonly u: 0 }

const out = (value: unknown): Json => {
  switch (typeof value) {
    case "bigint":
      return { n: String(value) }
    case "undefined":
      return { u: 0 }
    case "number":
      return Object.is(value, -0) ? { z: 0 } : Number.isFinite(value) ? value : { r: String(value) }
    case "object":
      if (value === null) return null
      return Array.isArray(value) ? value.map(out) : { o: recordOut(value as Readonly<Record<string, unknown>>) }
    default:
      return value as string | boolean
  }
}

/** The numbers that stay as they are: zero may be the negative one, and of infinities and NaN nothing is left. */
const isPlainNumber = (value: unknown): boolean => typeof value === "number" && value !== 0 && value - value === 0

/** Most values are text, small numbers or booleans and stay as they are: the copy is made at once, and what needs a tag put in. */
const recordOut = (values: Readonly<Record<string, unknown>>): Record<string, Json> => {
  const record = { ...values } as Record<string, Json>
  for (const name in record) {
    const value: unknown = record[name]
    if (typeof value !== "string" && typeof value !== "boolean" && !isPlainNumber(value)) record[name] = out(value)
  }
  return record
}

const recordIn = (json: { readonly [name: string]: Json }): Record<string, unknown> => {
  // The parsed record is ours: only what is tagged is replaced.
  const record = json as Record<string, unknown>
  for (const name of Object.keys(record)) {
    const value = record[name]
    if (typeof value === "object" && value !== null) record[name] = valueIn(value as Json)
  }
  return record
}

const valueIn = (json: Json): unknown => {
  if (typeof json !== "object" || json === null) return json
  if (Array.isArray(json)) return json.length === 0 ? Qualifier.none : Object.freeze(json.map(valueIn))
  if ("o" in json) return objectIn(recordIn(json.o))
  if ("n" in json) return BigInt(json.n)
  if ("r" in json) return Number(json.r)
  return "z" in json ? -0 : undefined
}

/** Objects are frozen, as builders make them; records of values are not, because V8 keeps a frozen one as a hash table. */
const objectIn = (record: Record<string, unknown>): object =>
  "_tag" in record || "flavor" in record || "qualifiers" in record ? Object.freeze(record) : record

/** What an instance mostly is: a class name and values. */
interface Short {
  readonly c: string
  readonly v: { readonly [name: string]: Json }
}

/**
 * The text of an object.
 */
export const write = (object: WbemObject): string => {
  if (object._tag === "Instance" && isShort(object)) {
    return JSON.stringify({ c: object.className, v: recordOut(object.values) } satisfies Short)
  }
  return JSON.stringify(out(object))
}

const isShort = (instance: Instance): boolean =>
  instance.qualifiers.length === 0 && instance.propertyQualifiers === undefined && instance.amended === undefined

/**
 * The object of a text that {@link write} made. Throws on any other text: a store holds no other.
 */
export const read = (text: string): WbemObject => readJson(JSON.parse(text) as StoredJson)

/** What the text of an object parses to. */
export type StoredJson = Short | { readonly o: { readonly [name: string]: Json } }

/** The object of a parsed text; the parsed value is taken over and is nobody else's afterwards. */
export const readJson = (json: StoredJson): WbemObject => {
  if ("o" in json) return valueIn(json) as WbemObject
  return Object.freeze({
    _tag: "Instance",
    className: json.c,
    values: recordIn(json.v) as Readonly<Record<string, CimValue>>,
    qualifiers: Qualifier.none
  })
}

/** The letter before a whole number says how many digits follow: so texts stand in the order of their numbers. */
const firstLetter = 96

/**
 * The text of a row's key. The number of a single integer key stays apart from the same digits as text; numbers that follow each
 * other have texts that do, so a database that keeps rows by key appends.
 */
export const writeKey = (key: string | number): string => {
  if (typeof key === "string") return JSON.stringify(key)
  const digits = String(key)
  return Number.isInteger(key) && key >= 0 && digits.length < 26
    ? String.fromCharCode(firstLetter + digits.length) + digits
    : digits
}

/** The key of a text that {@link writeKey} made. */
export const readKey = (text: string): string | number => {
  const first = text.charCodeAt(0)
  return first === 34
    ? JSON.parse(text) as string
    : Number(first > firstLetter && first < firstLetter + 27 ? text.slice(1) : text)
}

/** A class or an instance, by what its row says. */
export const readClass = (text: string): ClassDefinition => read(text) as ClassDefinition
/** See {@link readClass}. */
export const readInstance = (text: string): Instance => read(text) as Instance
