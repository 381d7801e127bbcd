/**
 * Values: whether one fits a type, in which form it is stored, whether two are equal (`object-model` 1 to 6, IV-5 to IV-8, IX-2).
 *
 * A value is converted in two cases only: a put accepts a safe integer or decimal text for a 64-bit integer, and it rounds a real32. The
 * values inside an embedded object are checked by the engine, because they need the classes of a namespace.
 *
 * @since 0.1.0
 * @module
 */
import { dual } from "effect/Function"
import * as CimDateTime from "./CimDateTime.ts"
import * as CimName from "./CimName.ts"
import { jsonOf } from "./effectValue.ts"
import { row as rowOf, type TypeRef, type TypeRow } from "./CimType.ts"
import type { CimValue as Value, ClassDefinition, Instance } from "./WbemObject.ts"

/**
 * A value of a property; see `WbemObject`.
 *
 * @since 0.1.0
 * @category models
 */
export type CimValue = Value

/**
 * Why a value does not fit its type: it is of another kind, or it is a number outside the range.
 *
 * @since 0.1.0
 * @category models
 */
export type CoercionError = typeof mismatch | typeof outOfRange

/**
 * The value is of a kind that the type does not accept.
 *
 * @since 0.1.0
 * @category models
 */
export const mismatch: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/TypeMismatch")

/**
 * The value is a number outside the range of the type.
 *
 * @since 0.1.0
 * @category models
 */
export const outOfRange: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/ValueOutOfRange")

/**
 * Whether a result of {@link coerce} is an error.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isCoercionError = (u: unknown): u is CoercionError => u === mismatch || u === outOfRange

const decimal = /^-?(?:0|[1-9]\d*)$/

// 20 digits hold every 64-bit integer. Longer text is out of range and is not converted, because converting long text is slow.
const bigintOf = (text: string): bigint | undefined =>
  decimal.test(text) ? (text.length > 21 ? (text.startsWith("-") ? -1n << 64n : 1n << 65n) : BigInt(text)) : undefined

const scalar = (value: unknown, row: TypeRow): Value | CoercionError => {
  switch (row.form) {
    case "integer":
    case "char16":
      if (typeof value !== "number" || !Number.isInteger(value)) return mismatch
      return value >= row.min! && value <= row.max! ? value : outOfRange
    case "bigint": {
      const wide = typeof value === "bigint"
        ? value
        : typeof value === "number"
        ? (Number.isSafeInteger(value) ? BigInt(value) : undefined)
        : typeof value === "string"
        ? bigintOf(value)
        : undefined
      if (wide === undefined) return mismatch
      return wide >= row.min! && wide <= row.max! ? wide : outOfRange
    }
    case "real": {
      if (typeof value !== "number") return mismatch
      const real = row.name === "real32" ? Math.fround(value) : value
      return Number.isFinite(real) ? real : outOfRange
    }
    case "boolean":
      return typeof value === "boolean" ? value : mismatch
    case "string":
    case "reference":
      return typeof value === "string" && !value.includes("\0") ? value : mismatch
    case "datetime":
      return typeof value === "string" && CimDateTime.isCimDateTime(value) ? value : mismatch
    case "object":
      return typeof value === "object" && value !== null && "_tag" in value ? value as Value : mismatch
  }
}

/**
 * The form in which a value of that type is stored, or the reason why it does not fit. NULL fits every type; arrays hold no NULL.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { CimType, CimValue } from "effect-wmi"
 *
 * assert.equal(CimValue.coerce("42", CimType.parse("uint64")), 42n)
 * assert.equal(CimValue.coerce(300, CimType.parse("uint8")), CimValue.outOfRange)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const coerce: {
  (ref: TypeRef): (value: unknown) => Value | CoercionError
  (value: unknown, ref: TypeRef): Value | CoercionError
} = /* @__PURE__ */ dual(2, (value: unknown, ref: TypeRef): Value | CoercionError => coerceTo(value, ref))

/** {@link coerce}, for the path of a put. */
const coerceTo = (value: unknown, ref: TypeRef): Value | CoercionError => {
  if (value === null) return null
  const row = rowOf(ref.type)
  if (row === undefined) return mismatch
  if (!ref.isArray) return scalar(value, row)
  if (!Array.isArray(value)) return mismatch
  let copy: Array<Value> | undefined
  for (let i = 0; i < value.length; i++) {
    const element: unknown = value[i]
    const kept = element === null ? mismatch : scalar(element, row)
    if (kept === mismatch || kept === outOfRange) return kept
    if (kept !== element) copy ??= value.slice()
    if (copy !== undefined) copy[i] = kept
  }
  return (copy === undefined ? value : Object.freeze(copy)) as Value
}

type Coerce = (value: unknown) => Value | CoercionError

const integers = (min: number, max: number): Coerce => (value) => {
  if (typeof value !== "number") return value === null ? null : mismatch
  if (!Number.isInteger(value)) return mismatch
  return value >= min && value <= max ? value : outOfRange
}

/** Comparing numbers is cheaper than comparing `bigint`s, so only a value near a bound is compared exactly. */
const wideIntegers = (row: TypeRow): Coerce => {
  const low = Number(row.min!) * 0.999
  const high = Number(row.max!) * 0.999
  return (value) => {
    if (typeof value === "bigint") {
      const near = Number(value)
      if (near >= low && near <= high) return value
    }
    return value === null ? null : scalar(value, row)
  }
}

const texts: Coerce = (value) =>
  typeof value === "string" && !value.includes("\0") ? value : value === null ? null : mismatch

const booleans: Coerce = (value) => typeof value === "boolean" || value === null ? value : mismatch

/**
 * {@link coerce} for one declared type, prepared once for a property that is put often. It returns the same results.
 *
 * @since 0.1.0
 * @category constructors
 */
export const coercer = (ref: TypeRef): (value: unknown) => Value | CoercionError => {
  const row = rowOf(ref.type)
  if (row === undefined || ref.isArray) return (value) => coerceTo(value, ref)
  switch (row.form) {
    case "integer":
    case "char16":
      return integers(Number(row.min), Number(row.max))
    case "bigint":
      return wideIntegers(row)
    case "string":
    case "reference":
      return texts
    case "boolean":
      return booleans
    default:
      return (value) => value === null ? null : scalar(value, row)
  }
}

/** Whether two records have the same names, compared without case, with equal values. */
const sameRecord = (
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
  same: (x: never, y: never) => boolean
): boolean => {
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  let folded: Map<string, string> | undefined
  for (const name of names) {
    let otherName: string | undefined = name
    if (!Object.hasOwn(b, name)) {
      folded ??= new Map(Object.keys(b).map((other) => [CimName.fold(other), other]))
      otherName = folded.get(CimName.fold(name))
    }
    // The caller passes the comparison of what its two records hold.
    if (otherName === undefined || !same(a[name] as never, b[otherName] as never)) return false
  }
  return true
}

/**
 * Whether two values are equal: text with its case, numbers by value, arrays and embedded objects by content.
 *
 * @since 0.1.0
 * @category predicates
 */
export const equals = (a: Value | undefined, b: Value | undefined): boolean => {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((element: Value, i) => equals(element, b[i]))
  }
  if (Array.isArray(b)) return false
  const x = a as Instance | ClassDefinition, y = b as Instance | ClassDefinition
  if (x._tag === "Instance") {
    return y._tag === "Instance" && CimName.equals(x.className, y.className) && sameRecord(x.values, y.values, equals)
  }
  return y._tag === "Class" && exactText(x) === exactText(y)
}

/** The text of a class definition with everything in it. */
const exactText = (definition: ClassDefinition): string => JSON.stringify(jsonOf(definition, (wide) => `${wide}n`))
