/**
 * The text form in which a store keeps an object: JSON, with a tag where JSON cannot tell what a value is. What is read back is
 * equal to what was written. It is ASCII where a database might mind: lone surrogates and control characters are escapes.
 *
 * Not for people or wires: `schema/WmiSchema` is.
 *
 * @internal
 */
import type { ClassDefinition, Instance, WbemObject } from "../model/WbemObject.ts"
import { MalformedObject, read, readText } from "./storedObjectReader.ts"

/** Where a row is; namespace and root folded, the key in its text form (`storedForm.writeKey`). */
export interface RowId {
  readonly namespace: string
  readonly root: string
  readonly key: string
}

export { MalformedObject, read, readJson } from "./storedObjectReader.ts"

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

const encoded = (value: unknown): Json => {
  switch (typeof value) {
    case "bigint":
      return { n: String(value) }
    case "undefined":
      return { u: 0 }
    case "number":
      return Object.is(value, -0) ? { z: 0 } : Number.isFinite(value) ? value : { r: String(value) }
    case "object":
      if (value === null) return null
      return Array.isArray(value)
        ? value.map(encoded)
        : { o: encodedRecord(value as Readonly<Record<string, unknown>>) }
    default:
      return value as string | boolean
  }
}

/** The numbers that stay as they are: zero may be the negative one, and of infinities and NaN nothing is left. */
const isPlainNumber = (value: unknown): boolean => typeof value === "number" && value !== 0 && value - value === 0

/** Most values are text, small numbers or booleans and stay as they are: the copy is made at once, and what needs a tag put in. */
const encodedRecord = (values: Readonly<Record<string, unknown>>): Record<string, Json> => {
  const record = { ...values } as Record<string, Json>
  for (const name in record) {
    const value: unknown = record[name]
    if (typeof value !== "string" && typeof value !== "boolean" && !isPlainNumber(value)) record[name] = encoded(value)
  }
  return record
}

/** What an instance mostly is: a class name and values. */
interface PlainInstance {
  readonly c: string
  readonly v: { readonly [name: string]: Json }
}

/**
 * The text of an object.
 */
export const write = (object: WbemObject): string => {
  if (object._tag === "Instance" && isPlain(object)) {
    return JSON.stringify({ c: object.className, v: encodedRecord(object.values) } satisfies PlainInstance)
  }
  return JSON.stringify(encoded(object))
}

const isPlain = (instance: Instance): boolean =>
  instance.qualifiers.length === 0 && instance.propertyQualifiers === undefined && instance.amended === undefined

/** The class of a text. Throws {@link MalformedObject}, also for an instance. */
export const readClass = (text: string): ClassDefinition => {
  const object = read(text)
  if (object._tag !== "Class") throw new MalformedObject("it is an instance where a class belongs")
  return object
}

/** The instance of a text. Throws {@link MalformedObject}, also for a class. */
export const readInstance = (text: string): Instance => {
  const object = read(text)
  if (object._tag !== "Instance") throw new MalformedObject("it is a class where an instance belongs")
  return object
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

/** The key of a text that {@link writeKey} made. Throws {@link MalformedObject} for any other text. */
export const readKey = (text: string): string | number => {
  const first = text.charCodeAt(0)
  if (first === 34) return readText(text)
  const digits = first > firstLetter && first < firstLetter + 27 ? text.slice(1) : text
  const number = Number(digits)
  if (writeKey(number) !== text) throw new MalformedObject("the key is no text and no number")
  return number
}
