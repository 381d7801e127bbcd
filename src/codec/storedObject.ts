/**
 * The text form of an object in a store: JSON, with a tag where JSON does not distinguish two values. Reading returns
 * an object that equals the written one. Lone surrogates and control characters are escaped, because some databases
 * refuse them.
 *
 * It is an internal format; `WmiSchema` is the public JSON form.
 *
 * @internal
 */
import type { ClassDefinition, Instance, WbemObject } from "../model/WbemObject.ts"
import { MalformedObject, read, readText } from "./storedObjectReader.ts"

/** The identifier of a row: namespace and root are folded, the key is in its text form ({@link writeKey}). */
export interface RowId {
  readonly namespace: string
  readonly root: string
  readonly key: string
}

export { MalformedObject, read, readJson } from "./storedObjectReader.ts"

/**
 * Every object stands in a tag, so that no user-defined name can be mistaken for one: `o` is a plain object, `n` a
 * 64-bit integer, `z` a negative zero, `r` a real without a JSON number (a qualifier may have one), `u` an absent value
 * of a present name.
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

/** Numbers that need no tag: not zero, which may be negative, and finite. */
const isPlainNumber = (value: unknown): boolean => typeof value === "number" && value !== 0 && value - value === 0

/**
 * Most values are text, numbers or booleans and need no tag. So the record is copied at once and only the other values
 * are replaced.
 */
const encodedRecord = (values: Readonly<Record<string, unknown>>): Record<string, Json> => {
  const record = { ...values } as Record<string, Json>
  for (const name in record) {
    const value: unknown = record[name]
    if (typeof value !== "string" && typeof value !== "boolean" && !isPlainNumber(value)) record[name] = encoded(value)
  }
  return record
}

/** The short form of most instances: a class name and values. */
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

/** Parses the text of a class. Throws {@link MalformedObject}, also for an instance. */
export const readClass = (text: string): ClassDefinition => {
  const object = read(text)
  if (object._tag !== "Class") throw new MalformedObject("it is an instance where a class belongs")
  return object
}

/** Parses the text of an instance. Throws {@link MalformedObject}, also for a class. */
export const readInstance = (text: string): Instance => {
  const object = read(text)
  if (object._tag !== "Instance") throw new MalformedObject("it is a class where an instance belongs")
  return object
}

/** The letter before a whole number encodes the number of its digits, so that the texts sort like the numbers. */
const firstLetter = 96

/**
 * The text of the key of a row. The number of a single integer key differs from the same digits as text. Consecutive
 * numbers have consecutive texts, so a database that orders rows by key appends.
 */
export const writeKey = (key: string | number): string => {
  if (typeof key === "string") return JSON.stringify(key)
  const digits = String(key)
  return Number.isInteger(key) && key >= 0 && digits.length < 26
    ? String.fromCharCode(firstLetter + digits.length) + digits
    : digits
}

/** Parses a text that {@link writeKey} made. Throws {@link MalformedObject} for any other text. */
export const readKey = (text: string): string | number => {
  const first = text.charCodeAt(0)
  if (first === 34) return readText(text)
  const digits = first > firstLetter && first < firstLetter + 27 ? text.slice(1) : text
  const number = Number(digits)
  if (writeKey(number) !== text) throw new MalformedObject("the key is no text and no number")
  return number
}
