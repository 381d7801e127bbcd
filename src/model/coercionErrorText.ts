/**
 * The message for a value that does not fit its type: the given value, shortened, and what the type accepts.
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

const longestText = 40
const mostElements = 3

/** The start of a text, without half of a surrogate pair, and the length of one that is longer. */
const shortened = (text: string, quote: string): string =>
  text.length <= longestText
    ? quote + text + quote
    : `${quote}${text.slice(0, longestText).replace(/[\ud800-\udbff]$/, "")}...${quote} (${text.length} characters)`

const shownObject = (value: object, depth: number): string => {
  if (Array.isArray(value)) {
    if (depth > 0) return `array of ${value.length}`
    const elements = value.slice(0, mostElements).map((element) => shown(element, 1))
    return value.length > mostElements
      ? `[${elements.join(", ")}, ...] (${value.length} elements)`
      : `[${elements.join(", ")}]`
  }
  const { _tag, className, name } = value as { readonly [name in "_tag" | "className" | "name"]?: unknown }
  if (_tag === "Instance" && typeof className === "string") return `instance of ${shortened(className, "")}`
  if (_tag === "Class" && typeof name === "string") return `class ${shortened(name, "")}`
  return value instanceof Date ? "Date" : "object"
}

/**
 * A given value in a message: text in quotes and shortened, the first elements of an array, an object by its class. A value whose
 * accessors throw is shown by its type.
 */
export const shown = (value: unknown, depth = 0): string => {
  if (typeof value === "string") return shortened(value, '"')
  if (typeof value === "bigint" || typeof value === "number") return shortened(String(value), "")
  if (typeof value === "boolean") return String(value)
  if (typeof value !== "object") return typeof value
  if (value === null) return "null"
  try {
    return shownObject(value, depth)
  } catch {
    return "object"
  }
}

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
