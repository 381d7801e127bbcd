/**
 * Conversion between values of scripts and values of the library (`object-model` 1 and 1.1).
 *
 * Reading returns the form of the automation variant as far as JavaScript has one: 64-bit integers are decimal text, datetimes and
 * references are text, embedded objects are script objects. Two forms of VBScript are not copied: an unsigned integer is read unsigned
 * and not as the bit pattern of a signed one, and TRUE is `true` and not -1.
 *
 * Assigning coerces as OLE automation does: text to a number and back, a real rounded half to even, a number to a boolean, and the bit
 * pattern of a negative number to uint32 and char16. A value that cannot be coerced fails with `TypeMismatch`, a number outside the
 * type with `ValueOutOfRange`; the object is not changed.
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

/**
 * A script object, which holds an object of the library.
 *
 * @since 0.1.0
 * @category models
 */
export interface ScriptObject {
  /** The current object of the library. */
  toWbemObject_(): WbemObject
}

/**
 * A value as a script reads it.
 *
 * @since 0.1.0
 * @category models
 */
export type Variant =
  | null
  | boolean
  | number
  | string
  | ScriptObject
  | ReadonlyArray<boolean | number | string | ScriptObject>

/** An object whose default member is used where a value is expected: a path, a date, a property, a qualifier, a named value. */
export interface HasDefaultMember {
  readonly defaultMember_: unknown
}

type Single = boolean | number | bigint | string | Date | ScriptObject | WbemObject | HasDefaultMember

/**
 * A value that a script may assign.
 *
 * @since 0.1.0
 * @category models
 */
export type VariantInput = null | Single | ReadonlyArray<Single>

const isScriptObject = (u: unknown): u is ScriptObject =>
  typeof u === "object" && u !== null && typeof (u as Partial<ScriptObject>).toWbemObject_ === "function"

/** A value with every object that has a default member replaced by that member. Arrays are copied. */
export const defaultValueOf = (given: unknown): unknown =>
  typeof given !== "object" || given === null
    ? given
    : "defaultMember_" in given
    ? defaultValueOf(given.defaultMember_)
    : Array.isArray(given)
    ? given.map(defaultValueOf)
    : given

/** The library's object in a script object. Any other value is returned as it is; the callee refuses it. */
export const unwrapObject = <A>(u: A | ScriptObject): A | WbemObject => isScriptObject(u) ? u.toWbemObject_() : u

/** A value as a script reads it; arrays are copies. */
export const toVariant = (value: CimValue, wrap: (object: WbemObject) => ScriptObject): Variant => {
  if (typeof value === "bigint") return String(value)
  if (typeof value !== "object" || value === null) return value
  return Array.isArray(value)
    ? (value as ReadonlyArray<CimValue>).map((element) =>
      toVariant(element, wrap) as boolean | number | string | ScriptObject
    )
    : wrap(value as WbemObject)
}

const numeric = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i

/** Rounds half to even; the result is never -0. */
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

/** The unsigned types whose variant is a signed integer of the same width, where a negative number is a bit pattern; with 2^width. */
const signedWidths: ReadonlyMap<string, number> = new Map([["uint32", 2 ** 32], ["char16", 2 ** 16]])

const integer = (value: unknown, row: TypeRow): unknown => {
  const number = numberOf(value)
  if (number === undefined || !Number.isFinite(number)) return mismatch
  const whole = rounded(number)
  const span = signedWidths.get(row.name)
  return span !== undefined && whole < 0 && whole >= -span / 2 ? whole + span : whole
}

const bigInteger = (value: unknown): unknown => {
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

const boolean = (value: unknown): unknown => {
  if (typeof value === "string" && /^\s*(?:true|false)\s*$/i.test(value)) return /true/i.test(value)
  const number = typeof value === "boolean" ? undefined : numberOf(value)
  return number === undefined ? value : number !== 0
}

const same = (value: unknown): unknown => value

/** The coercion of OLE automation for each form of type, before the check against the type. */
const coercions: Readonly<Record<Form, (value: unknown, row: TypeRow) => unknown>> = {
  integer,
  char16: integer,
  bigint: bigInteger,
  real: (value) => numberOf(value) ?? value,
  boolean: boolean,
  string: text,
  datetime: (value) => value instanceof Date ? freezeCopy(value) : value,
  reference: same,
  object: (value) => freezeCopy(unwrapObject(value))
}

/** The value that is stored when a script assigns `given` to a property of a type, or the reason for the refusal. */
export const coerceVariant = (given: unknown, ref: TypeRef): CimValue | CoercionError => {
  const value = defaultValueOf(given)
  if (value === null) return null
  const row = rowOf(ref.type)
  if (row === undefined || Array.isArray(value) !== ref.isArray) return mismatch
  const coerceElement = (single: unknown): unknown => coercions[row.form](single, row)
  const coerced = Array.isArray(value) ? value.map(coerceElement) : coerceElement(value)
  const result = coerce(coerced, ref)
  return Array.isArray(result) ? Object.freeze(result) as CimValue : result
}

/** As {@link coerceVariant}, but throws `TypeMismatch` or `ValueOutOfRange`. */
export const assignableValue = (value: unknown, ref: TypeRef, name: string, source: string): CimValue => {
  const stored = coerceVariant(value, ref)
  if (stored === mismatch || stored === outOfRange) {
    throw refusal(
      stored === mismatch ? "TypeMismatch" : "ValueOutOfRange",
      source,
      `${name} is ${ref.type}${ref.isArray ? "[]" : ""}`,
      "object-model 1.1"
    )
  }
  return stored as CimValue
}

/** A value without a declared type, such as an element of a named value set, in the form of the library. */
export const untypedValue = (given: unknown): CimValue => {
  const value = defaultValueOf(given)
  return freezeCopy(Array.isArray(value) ? value.map((element) => unwrapObject<unknown>(element)) : unwrapObject(value))
}

const kinds: ReadonlySet<string> = new Set(["boolean", "number", "string"])

/** Whether numbers are finite and, if all are integers, fit in 32 bits: no qualifier holds a longer integer (`qualifiers` 1). */
const areQualifierNumbers = (numbers: ReadonlyArray<number>): boolean =>
  numbers.every(Number.isFinite) && (numbers.some((n) => !Number.isInteger(n)) || numbers.every((n) => (n | 0) === n))

/** Converts the value of a qualifier. Throws `InvalidQualifierType` (`qualifiers` 1). */
export const qualifierValue = (given: unknown, name: string, source: string): QualifierValue => {
  const value = defaultValueOf(given)
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

/** Whether a value is an object of the library or a script object. */
export const isObject = (u: unknown): u is WbemObject | ScriptObject => isScriptObject(u) || isWbemObject(u)
