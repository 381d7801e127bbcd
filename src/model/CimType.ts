/**
 * The CIM types as one table: wire number, range, JavaScript form (`object-model` 1).
 *
 * @since 0.1.0
 * @module
 */

/**
 * The JavaScript form of the values of a type. Integers up to 32 bits and reals are `number`, 64-bit integers are `bigint`.
 *
 * @since 0.1.0
 * @category models
 */
export type Form = "integer" | "bigint" | "real" | "boolean" | "string" | "datetime" | "reference" | "char16" | "object"

/**
 * One row of the table.
 *
 * @since 0.1.0
 * @category models
 */
export interface TypeRow {
  /** The name of the type, in lower case. */
  readonly name: CimType
  /** The number that COM and the wire use for the type. */
  readonly number: number
  /** The JavaScript form of its values. */
  readonly form: Form
  /** Inclusive bounds of integers. */
  readonly min?: number | bigint
  /** The largest value of an integer type. */
  readonly max?: number | bigint
}

/**
 * Every CIM type, in the order of the specification.
 *
 * @since 0.1.0
 * @category models
 */
export const table: ReadonlyArray<TypeRow> = [
  { name: "sint8", number: 16, form: "integer", min: -128, max: 127 },
  { name: "uint8", number: 17, form: "integer", min: 0, max: 255 },
  { name: "sint16", number: 2, form: "integer", min: -32768, max: 32767 },
  { name: "uint16", number: 18, form: "integer", min: 0, max: 65535 },
  { name: "sint32", number: 3, form: "integer", min: -2147483648, max: 2147483647 },
  { name: "uint32", number: 19, form: "integer", min: 0, max: 4294967295 },
  { name: "sint64", number: 20, form: "bigint", min: -9223372036854775808n, max: 9223372036854775807n },
  { name: "uint64", number: 21, form: "bigint", min: 0n, max: 18446744073709551615n },
  { name: "real32", number: 4, form: "real" },
  { name: "real64", number: 5, form: "real" },
  { name: "boolean", number: 11, form: "boolean" },
  { name: "string", number: 8, form: "string" },
  { name: "datetime", number: 101, form: "datetime" },
  { name: "reference", number: 102, form: "reference" },
  { name: "char16", number: 103, form: "char16", min: 0, max: 65535 },
  { name: "object", number: 13, form: "object" }
]

/**
 * The name of a CIM type, in the MOF spelling.
 *
 * @since 0.1.0
 * @category models
 */
export type CimType =
  | "sint8"
  | "uint8"
  | "sint16"
  | "uint16"
  | "sint32"
  | "uint32"
  | "sint64"
  | "uint64"
  | "real32"
  | "real64"
  | "boolean"
  | "string"
  | "datetime"
  | "reference"
  | "char16"
  | "object"

const rows: ReadonlyMap<string, TypeRow> = /* @__PURE__ */ new Map(/* @__PURE__ */ table.map((row) => [row.name, row]))

/**
 * The row of a type; `undefined` for a name that is no CIM type.
 *
 * @since 0.1.0
 * @category combinators
 */
export const row = (type: string): TypeRow | undefined => rows.get(type)

/**
 * Whether a text names a CIM type, in the MOF spelling.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isCimType = (text: string): text is CimType => rows.has(text)

/**
 * The type of a wire number. The array bit 0x2000 is ignored. It is `undefined` for another number.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromNumber = (number: number): CimType | undefined =>
  table.find((candidate) => candidate.number === (number & ~0x2000))?.name

/**
 * A type as a class declares it: its name, whether it is an array, and the class of a reference or an embedded object.
 *
 * @since 0.1.0
 * @category models
 */
export interface TypeRef {
  /** The type of a value, or of an element of an array. */
  readonly type: CimType
  /** Whether the value is an array. */
  readonly isArray: boolean
  /** The class that a `reference` or `object` names; `undefined` when it accepts every class. */
  readonly className?: string | undefined
  /** The type word as it was written, if that is not lower case (`qualifiers` 4). It is no part of the identity of a type. */
  readonly word?: string | undefined
}

/**
 * The text of a type, as builders accept it: `"uint32"`, `"string[]"`, `"reference:CIM_Disk"`, `"ref:CIM_Disk"`, `"object:CIM_Disk[]"`.
 *
 * @since 0.1.0
 * @category models
 */
export type TypeText =
  | CimType
  | `${CimType}[]`
  | `${"reference" | "ref" | "object"}:${string}`
  | "ref"
  | "ref[]"
  | (string & Record<never, never>)

/**
 * Reads a {@link TypeText}, without case. A spelling that is not lower case is kept as `word`. A name that is no CIM type is kept as
 * it is: the put fails with `InvalidCimType` (CS-7).
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: TypeText): TypeRef => {
  const isArray = text.endsWith("[]")
  const base = isArray ? text.slice(0, -2) : text
  const colon = base.indexOf(":")
  const name = colon < 0 ? base : base.slice(0, colon)
  const lower = name.toLowerCase()
  const known = lower === "ref" ? "reference" : rows.has(lower) ? lower : undefined
  const type = (known ?? name) as CimType
  const ref: TypeRef = colon < 0 ? { type, isArray } : { type, isArray, className: base.slice(colon + 1) }
  return known === undefined || lower === name || type === "reference" ? ref : { ...ref, word: name }
}

/**
 * The text of a type, as {@link parse} reads it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = (ref: TypeRef): string =>
  `${ref.word ?? ref.type}${ref.className === undefined ? "" : `:${ref.className}`}${ref.isArray ? "[]" : ""}`

/**
 * The text of the `CIMTYPE` qualifier: `ref:Class`, `object:Class` or the type word as it was written; arrays have the text of their
 * element (`qualifiers` 4).
 *
 * @since 0.1.0
 * @category combinators
 */
export const cimtype = (ref: TypeRef): string => {
  const base = ref.type === "reference" ? "ref" : ref.word ?? ref.type
  return ref.className === undefined ? base : `${base}:${ref.className}`
}
