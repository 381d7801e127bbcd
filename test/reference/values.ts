/** Which value fits which type, and in which form it is kept (`object-model` 1 to 6, `instance-put` 4, IX-2 to IX-4). */
import type * as CimType from "../../src/model/CimType.ts"
import { instanceWith } from "../../src/model/effectValue.ts"
import type { CimValue, WbemObject } from "../../src/model/WbemObject.ts"
import { derives, isAbstract, propertiesOf } from "./lineage.ts"
import { find, same } from "./names.ts"
import { marked } from "./tally.ts"
import { classNamed, type Space } from "./world.ts"
import type { Instance } from "./objects.ts"

/** Why a value does not fit. */
export interface CoercionError {
  readonly status: "TypeMismatch" | "ValueOutOfRange" | "QuotaViolation" | "InvalidProperty" | "InvalidParameter"
}

export const isCoercionError = (u: unknown): u is CoercionError => typeof u === "object" && u !== null && "status" in u

const wrong: CoercionError = { status: "TypeMismatch" }
const range: CoercionError = { status: "ValueOutOfRange" }

const integers: Readonly<Record<string, readonly [bigint, bigint]>> = {
  sint8: [-128n, 127n],
  uint8: [0n, 255n],
  sint16: [-32768n, 32767n],
  uint16: [0n, 65535n],
  char16: [0n, 65535n],
  sint32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  sint64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n]
}

const within = (type: string, value: bigint): boolean => value >= integers[type]![0] && value <= integers[type]![1]

const small = (type: string, value: unknown): CimValue | CoercionError =>
  typeof value !== "number" || !Number.isInteger(value) ? wrong : within(type, BigInt(value)) ? value : range

/** IV-6, IX-2: bigint, a safe integer, decimal text. */
const wide = (type: string, value: unknown): CimValue | CoercionError => {
  const integer = typeof value === "bigint"
    ? value
    : typeof value === "number" && Number.isSafeInteger(value)
    ? BigInt(value)
    : typeof value === "string" && /^-?(0|[1-9][0-9]*)$/.test(value)
    ? BigInt(value)
    : undefined
  return integer === undefined ? wrong : within(type, integer) ? integer : range
}

/** IX-2: not finite, or beyond single precision. */
const real = (type: string, value: unknown): CimValue | CoercionError => {
  if (typeof value !== "number") return wrong
  const kept = type === "real32" ? Math.fround(value) : value
  return Number.isFinite(kept) ? kept : range
}

const text = (value: unknown): CimValue | CoercionError =>
  typeof value === "string" && !value.includes("\u0000") ? value : wrong

/** `object-model` 4: a field, all digits in its range or all stars. */
const field = (value: string, low: number, high: number): boolean =>
  /^\*+$/.test(value) || (/^\d+$/.test(value) && Number(value) >= low && Number(value) <= high)

const isDatetime = (value: string): boolean => {
  if (value.length !== 25 || value[14] !== ".") return false
  const [hh, mm, ss] = [value.slice(8, 10), value.slice(10, 12), value.slice(12, 14)]
  const clock = field(hh, 0, 23) && field(mm, 0, 59) && field(ss, 0, 59)
  if (value[21] === ":") return /^\d+\.\d{6}:000$/.test(value) && clock
  return field(value.slice(0, 4), 0, 9999) && field(value.slice(4, 6), 0, 12) && field(value.slice(6, 8), 0, 31)
    && clock
    && /^\d*\**$/.test(value.slice(15, 21)) && /^[+-](\d{3}|\*{3})$/.test(value.slice(21))
}

/** 64 by default, the outermost instance being depth 0 (K-8, IX-4). */
const deepest = 64

/** IV-10, IX-4. */
const embedded = (
  space: Space,
  className: string | undefined,
  value: unknown,
  depth: number
): CimValue | CoercionError => {
  if (typeof value !== "object" || value === null || !("_tag" in value)) return wrong
  if (depth > deepest) return { status: "QuotaViolation" }
  const object = value as WbemObject
  const name = object._tag === "Class" ? object.name : object.className
  const isBelow = (one: string): boolean => className === undefined || derives(space, one, className)
  if (object._tag === "Class") {
    return isBelow(name) || (object.superclass !== undefined && isBelow(object.superclass)) ? object : wrong
  }
  const definition = classNamed(space, name)
  if (!isBelow(name) || definition === undefined) return wrong
  marked("IV-10: a value of an abstract class", isAbstract(space, definition))
  const kept = fittingValues(space, object, propertiesOf(space, definition), depth)
  return isCoercionError(kept) ? kept : instanceWith(object, { className: definition.name, values: kept })
}

const fittingValues = (
  space: Space,
  object: Instance,
  properties: ReturnType<typeof propertiesOf>,
  depth: number
): Readonly<Record<string, CimValue>> | CoercionError => {
  const kept: Record<string, CimValue> = {}
  const names = Object.keys(object.values)
  for (const [i, name] of names.entries()) {
    if (find(properties, name) === undefined) return { status: "InvalidProperty" }
    if (names.findIndex((n) => same(n, name)) < i) return { status: "InvalidParameter" }
  }
  for (const name of names) {
    const property = find(properties, name)!
    const value = fitted(space, object.values[name], property, depth)
    if (isCoercionError(value)) return value
    kept[property.name] = value
  }
  return kept
}

const scalar = (space: Space, value: unknown, ref: CimType.TypeRef, depth: number): CimValue | CoercionError => {
  switch (ref.type) {
    case "sint64":
    case "uint64":
      return wide(ref.type, value)
    case "real32":
    case "real64":
      return real(ref.type, value)
    case "boolean":
      return typeof value === "boolean" ? value : wrong
    case "string":
    case "reference":
      return text(value)
    case "datetime":
      return typeof value === "string" && isDatetime(value) ? value : wrong
    case "object":
      return embedded(space, ref.className, value, depth + 1)
    default:
      return small(ref.type, value)
  }
}

/** The value as it is kept, or why it does not fit. NULL fits every type; an array holds no NULL (IV-8). */
export const fitted = (space: Space, value: unknown, ref: CimType.TypeRef, depth = 0): CimValue | CoercionError => {
  if (value === null) return null
  if (!ref.isArray) return Array.isArray(value) ? wrong : scalar(space, value, ref, depth)
  if (!Array.isArray(value)) return wrong
  const kept: Array<CimValue> = []
  for (const element of value) {
    const one = element === null ? wrong : scalar(space, element, ref, depth)
    if (isCoercionError(one)) return one
    kept.push(one)
  }
  return kept as CimValue
}

/** A value as text, the same text for the same value (case kept). */
export const textOf = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, v: unknown) =>
      typeof v === "bigint"
        ? `${v}n`
        : typeof v === "object" && v !== null && "_tag" in v && v._tag === "Instance"
        ? instanceText(v as Instance)
        : v
  ) ?? "unset"

const instanceText = (i: Instance): ReadonlyArray<unknown> => [
  `instance of ${i.className}`,
  ...Object.keys(i.values).sort().map((name) => [name, i.values[name]])
]
