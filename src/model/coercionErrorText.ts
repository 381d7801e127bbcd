/**
 * The message for a value that does not fit its type: the given value and what the type accepts. Given text is not part of it.
 *
 * @internal
 */
import { type Form, row as rowOf, type TypeRef } from "./CimType.ts"
import { coerce, isCoercionError } from "./CimValue.ts"

/** The accepted values of the forms whose type names do not explain them. */
const takes: { readonly [form in Form]?: string } = {
  bigint: "a bigint, safe integer or decimal text",
  char16: "the number of a UTF-16 unit",
  datetime: "a Date or yyyymmddHHMMSS.mmmmmm+UUU"
}

const shown = (value: unknown): string =>
  typeof value === "number" || typeof value === "bigint"
    ? String(value).slice(0, 40)
    : value === null
    ? "null"
    : Array.isArray(value)
    ? "array"
    : typeof value

/** A hint for an object that is given instead of its path. */
const advice = (value: unknown, { type }: TypeRef): string =>
  type === "reference" && typeof value === "object" && value !== null && !Array.isArray(value) ? "; give its path" : ""

export const coercionErrorText = (value: unknown, ref: TypeRef): string => {
  const row = rowOf(ref.type)
  if (row === undefined) return ""
  const one = `${takes[row.form] ?? row.name}${row.min === undefined ? "" : `, ${row.min} to ${row.max}`}`
  if (!ref.isArray) return `${shown(value)} given, takes ${one}${advice(value, ref)}`
  if (!Array.isArray(value)) return `${shown(value)} given, takes an array`
  const at = value.findIndex((element) =>
    element === null || isCoercionError(coerce(element, { ...ref, isArray: false }))
  )
  return `${shown(value[at])} given at ${at}, takes ${one}${advice(value[at], ref)}`
}
