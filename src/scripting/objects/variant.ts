/**
 * Values as scripts have them, and the library's: what reading shows, what assigning takes (`object-model` 1 and 1.1).
 *
 * Read, a value has the form of its automation variant as far as JavaScript has one: 64-bit integers are decimal text, datetimes
 * and references are text, embedded objects are script objects. Two forms of VBScript are not copied: an unsigned integer is read
 * unsigned and not as the bit pattern of a signed one, and TRUE is `true` and not -1.
 *
 * Assigned, it is coerced as automation does it: text to a number and back, a real rounded to the even neighbour, a number to a
 * boolean, and the bit pattern of a negative number to uint32 and char16. What cannot be coerced is `TypeMismatch`, a number
 * outside the type `ValueOutOfRange`; nothing is changed then.
 *
 * @internal
 */
import { freezeCopy } from "../../model/immutable.ts"
import type { Form, TypeRef, TypeRow } from "../../model/CimType.ts"
import { row as rowOf } from "../../model/CimType.ts"
import { coerce, type CoercionError, mismatch, outOfRange } from "../../model/CimValue.ts"
import type { QualifierValue } from "../../model/Qualifier.ts"
import type { CimValue, WbemObject } from "../../model/WbemObject.ts"
import { isWbemObject } from "../../model/WbemObject.ts"
import { refusal } from "./refusal.ts"

/** An object of a script that holds an object of the library. */
export interface Scripted {
  /** The object as it is now. */
  toWbemObject_(): WbemObject
}

/** A value as a script reads it. */
export type Variant = null | boolean | number | string | Scripted | ReadonlyArray<boolean | number | string | Scripted>

/** An object with a default member, which stands for it where a value is asked for: a path, a date, a property, a qualifier, a named value. */
export interface Defaulting {
  readonly defaultMember_: unknown
}

type Single = boolean | number | bigint | string | Date | Scripted | WbemObject | Defaulting

/** What a script may assign. */
export type VariantInput = null | Single | ReadonlyArray<Single>

const isScripted = (u: unknown): u is Scripted =>
  typeof u === "object" && u !== null && typeof (u as Partial<Scripted>).toWbemObject_ === "function"

/** What is meant by something given as a value: itself, or its default member. */
export const meant = (given: unknown): unknown =>
  typeof given !== "object" || given === null
    ? given
    : "defaultMember_" in given
    ? meant(given.defaultMember_)
    : Array.isArray(given)
    ? given.map(meant)
    : given

/** The object in something a script calls an object. What is none passes through: whoever takes it refuses it. */
export const objectOf = <A>(u: A | Scripted): A | WbemObject => isScripted(u) ? u.toWbemObject_() : u

/** A value as a script reads it; arrays are copies. */
export const toVariant = (value: CimValue, wrap: (object: WbemObject) => Scripted): Variant => {
  if (typeof value === "bigint") return String(value)
  if (typeof value !== "object" || value === null) return value
  return Array.isArray(value)
    ? (value as ReadonlyArray<CimValue>).map((element) =>
      toVariant(element, wrap) as boolean | number | string | Scripted
    )
    : wrap(value as WbemObject)
}

const numeric = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i

/** Half to even, and one zero. */
const rounded = (n: number): number => {
  const floor = Math.floor(n)
  return (n - floor === 0.5 ? (floor % 2 === 0 ? floor : floor + 1) : Math.round(n)) + 0
}

const numberOf = (value: unknown): number | undefined => {
  switch (typeof value) {
    case "number":
      return value
    case "bigint":
      return Number(value)
    case "boolean":
      return value ? -1 : 0
    case "string":
      return numeric.test(value) ? Number(value) : undefined
    default:
      return undefined
  }
}

/** The types whose variant is a signed integer of their own width: a negative number is its bit pattern. */
const patterns: ReadonlyMap<string, number> = new Map([["uint32", 2 ** 32], ["char16", 2 ** 16]])

const integer = (value: unknown, row: TypeRow): unknown => {
  const number = numberOf(value)
  if (number === undefined || !Number.isFinite(number)) return mismatch
  const whole = rounded(number)
  const span = patterns.get(row.name)
  return span !== undefined && whole < 0 && whole >= -span / 2 ? whole + span : whole
}

const wide = (value: unknown): unknown => {
  if (typeof value === "boolean") return value ? -1n : 0n
  if (typeof value !== "number" || Number.isInteger(value)) return value
  return Number.isFinite(value) ? rounded(value) : mismatch
}

const text = (value: unknown): unknown => {
  switch (typeof value) {
    case "number":
    case "bigint":
      return String(value)
    case "boolean":
      return value ? "True" : "False"
    default:
      return value
  }
}

const truth = (value: unknown): unknown => {
  if (typeof value === "string" && /^\s*(?:true|false)\s*$/i.test(value)) return /true/i.test(value)
  const number = typeof value === "boolean" ? undefined : numberOf(value)
  return number === undefined ? value : number !== 0
}

const same = (value: unknown): unknown => value

/** What automation makes of a value before the type is asked whether it takes it. */
const coercions: Readonly<Record<Form, (value: unknown, row: TypeRow) => unknown>> = {
  integer,
  char16: integer,
  bigint: wide,
  real: (value) => numberOf(value) ?? value,
  boolean: truth,
  string: text,
  datetime: (value) => value instanceof Date ? freezeCopy(value) : value,
  reference: same,
  object: (value) => freezeCopy(objectOf(value))
}

/** The value that is kept when a script assigns another one to a property of that type, or why it is refused. */
export const coerced = (given: unknown, ref: TypeRef): CimValue | CoercionError => {
  const value = meant(given)
  if (value === null) return null
  const row = rowOf(ref.type)
  if (row === undefined || Array.isArray(value) !== ref.isArray) return mismatch
  const one = (single: unknown): unknown => coercions[row.form](single, row)
  const kept = Array.isArray(value) ? value.map(one) : one(value)
  const fitting = coerce(kept, ref)
  return Array.isArray(fitting) ? Object.freeze(fitting) as CimValue : fitting
}

/** The same, refused as a script sees it. */
export const assigned = (value: unknown, ref: TypeRef, name: string, source: string): CimValue => {
  const kept = coerced(value, ref)
  if (kept === mismatch || kept === outOfRange) {
    throw refusal(
      kept === mismatch ? "TypeMismatch" : "ValueOutOfRange",
      source,
      `${name} is ${ref.type}${ref.isArray ? "[]" : ""}`,
      "object-model 1.1"
    )
  }
  return kept as CimValue
}

/** A value that has no declared type, in the library's form: an element of a named value set. */
export const untyped = (given: unknown): CimValue => {
  const value = meant(given)
  return freezeCopy(Array.isArray(value) ? value.map((element) => objectOf<unknown>(element)) : objectOf(value))
}

const kinds: ReadonlySet<string> = new Set(["boolean", "number", "string"])

/** Finite numbers, and integers of 32 bits when all are integers: no qualifier holds a longer one (`qualifiers` 1). */
const areQualifierNumbers = (numbers: ReadonlyArray<number>): boolean =>
  numbers.every(Number.isFinite) && (numbers.some((n) => !Number.isInteger(n)) || numbers.every((n) => (n | 0) === n))

/** The value of a qualifier, or `InvalidQualifierType` (`qualifiers` 1). */
export const qualifierValue = (given: unknown, name: string, source: string): QualifierValue => {
  const value = meant(given)
  const elements: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
  const kind = typeof elements[0]
  if (
    (elements.length > 0 && !kinds.has(kind)) || elements.some((element) => typeof element !== kind)
    || !areQualifierNumbers(elements.filter((element) => typeof element === "number"))
  ) {
    throw refusal(
      "InvalidQualifierType",
      source,
      `${name} takes a boolean, a 32-bit integer, a real number, text, or a list of one of them`,
      "qualifiers 1"
    )
  }
  return value as QualifierValue
}

/** Whether something is an object of the library or of a script. */
export const isObject = (u: unknown): u is WbemObject | Scripted => isScripted(u) || isWbemObject(u)
