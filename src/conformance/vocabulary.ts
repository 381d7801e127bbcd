/** Readers for the vocabulary of the case files. Any other field or value fails its case. */

/**
 * JSON with exact integers: an integer that a double cannot hold is a `bigint`.
 *
 * @since 0.1.0
 * @category models
 */
export type Json = null | boolean | number | bigint | string | ReadonlyArray<Json> | { readonly [name: string]: Json }

/**
 * An object of {@link Json}.
 *
 * @since 0.1.0
 * @category models
 */
export type JsonObject = { readonly [name: string]: Json }

/**
 * A case that the runner does not understand, or cannot run.
 *
 * @since 0.1.0
 * @category errors
 */
export class CaseError extends Error {
  /** The tag of the error. */
  readonly _tag: "CaseError" | "NotApplicable" = "CaseError"
}

/** Why a running case turned out not to be applicable to its repository. */
export class NotApplicable extends CaseError {
  override readonly _tag = "NotApplicable"
}

const mark = "\0integer "
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** Parses JSON without rounding integers. `JSON.parse` rounds them, and gives revivers the source text only from Node 21 on. */
export const parseJson = (written: string): Json => {
  const marked = written.replace(
    stringOrNumber,
    (token) => /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? JSON.stringify(mark + token) : token
  )
  return JSON.parse(
    marked,
    (_, value: Json) => typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value
  ) as Json
}

export const show = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => typeof v === "bigint" ? String(v) : v) ?? "undefined"

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const wrong = (where: string, expected: string, got: unknown): never => {
  throw new CaseError(`${where}: ${expected} was expected, not ${show(got)}`)
}

export const object = (value: Json | undefined, where: string): JsonObject =>
  isObject(value) ? value : wrong(where, "an object", value)

/** An object whose field names are all in `known`. */
export const fields = (value: Json | undefined, where: string, known: ReadonlyArray<string>): JsonObject => {
  const read = object(value, where)
  const unknown = Object.keys(read).filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new CaseError(`${where}: the runner does not know ${unknown.join(", ")}`)
  return read
}

/** A list; empty when the field is absent. */
export const list = (value: Json | undefined, where: string): ReadonlyArray<Json> =>
  value === undefined ? [] : Array.isArray(value) ? value : wrong(where, "a list", value)

export const text = (value: Json | undefined, where: string): string =>
  typeof value === "string" ? value : wrong(where, "text", value)

export const textOr = <A>(value: Json | undefined, absent: A, where: string): string | A =>
  value === undefined ? absent : text(value, where)

export const texts = (value: Json | undefined, where: string): ReadonlyArray<string> =>
  list(value, where).map((one) => text(one, where))

export const integer = (value: Json | undefined, where: string): number =>
  Number.isSafeInteger(value) ? value as number : wrong(where, "an integer", value)

/** A boolean; false when the field is absent. */
export const truth = (value: Json | undefined, where: string): boolean =>
  value === undefined || typeof value === "boolean" ? value === true : wrong(where, "a boolean", value)

/** The unsigned number of an HRESULT that is written as text; leading zeros may be omitted. */
export const hresult = (value: Json | undefined, where: string): number =>
  typeof value === "string" && /^0x[0-9a-f]{1,8}$/i.test(value)
    ? Number(value)
    : wrong(where, "an HRESULT as text", value)

/** The label of a call: a number, or the text of one where it is a field name. */
export const label = (value: Json | undefined, where: string): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : wrong(where, "a call", value)

/** Words of a closed list. */
export const words = (value: Json | undefined, where: string, known: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts(value, where).map((word) => known.includes(word) ? word : wrong(where, known.join(", "), word))

/** The fields that describe a case and do not affect it. */
export const commentary: ReadonlyArray<string> = [
  "id",
  "area",
  "title",
  "difficulty",
  "source",
  "certainty",
  "note",
  "why"
]
