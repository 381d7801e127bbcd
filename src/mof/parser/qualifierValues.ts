/**
 * The value of a use of a qualifier: from the constants of the text to a boolean, sint32, real64 or string, or a list of
 * one of them (`qualifiers` 1).
 *
 * @internal
 */
import { type CimType, table as typeTable } from "../../model/CimType.ts"
import type * as Qualifier from "../../model/Qualifier.ts"
import type { CimValue } from "../../model/WbemObject.ts"
import { natural, scalar } from "../constants.ts"
import { isDeferred } from "../convert.ts"
import type { Constant } from "../drafts.ts"
import type { QualifierDeclaration } from "./context.ts"
import { refuseObject } from "./literals.ts"
import type { Parser } from "./parser.ts"

const isInteger = (constant: Constant): boolean => constant._tag === "Integer"

const integerTypes: ReadonlySet<CimType> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ typeTable.flatMap(({ form, name }) => form === "integer" || form === "bigint" ? [name] : [])
)

const isSint32 = (value: bigint): boolean => value >= -2147483648n && value <= 2147483647n

/** Whether an integer type of CIM can hold the value. */
const isWide = (value: bigint): boolean => value >= -(2n ** 63n) && value < 2n ** 64n

/** The element type of an empty list: that of the declaration, otherwise string (`qualifiers` 1). */
const emptyType = (declared: CimType | undefined): Qualifier.QualifierType =>
  declared === undefined
    ? "string"
    : declared === "boolean"
    ? "boolean"
    : declared.startsWith("real")
    ? "real64"
    : integerTypes.has(declared)
    ? "sint32"
    : "string"

/** Converts an element to the declared type. An element that does not fit is an error. */
const declaredElement = (parser: Parser, name: string, element: Constant, type: CimType, offset: number): CimValue => {
  const converted = scalar(element, type, refuseObject)
  if ("wrong" in converted) {
    parser.fail(converted.wrong, `a value of ${name}, which is declared ${type}`, offset, parser.describeAt(offset))
  }
  return converted.value
}

/** The value of an element that is not an integer. */
const plainElement = (
  parser: Parser,
  name: string,
  element: Constant,
  type: CimType | undefined,
  offset: number
): boolean | number | string => {
  if (isDeferred(element)) {
    parser.fail("IllegalConstant", `a boolean, sint32, real64 or string for ${name}`, offset, parser.describeAt(offset))
  }
  const converted = type === undefined
    ? natural(element, refuseObject)
    : declaredElement(parser, name, element, type, offset)
  const value = element._tag === "Char" && type === undefined ? String.fromCharCode(element.value) : converted
  if (typeof value === "boolean" || typeof value === "string" || typeof value === "number") return value
  parser.fail("IllegalConstant", `a boolean, sint32, real64 or string for ${name}`, offset, parser.describeAt(offset))
}

/**
 * The value of an element that is an integer by its text or by the declaration, of at most 64 bits; otherwise
 * `undefined`.
 */
const integerElement = (
  parser: Parser,
  name: string,
  element: Constant,
  type: CimType | undefined,
  offset: number
): bigint | undefined => {
  if (type === undefined && !isInteger(element)) return undefined
  if (element._tag === "Integer" && !isWide(element.value)) {
    parser.fail("IllegalConstant", `an integer of at most 64 bits for ${name}`, offset, parser.describeAt(offset))
  }
  if (type === undefined) return element._tag === "Integer" ? element.value : undefined
  const value = declaredElement(parser, name, element, type, offset)
  return typeof value === "number" || typeof value === "bigint" ? BigInt(value) : undefined
}

/**
 * A list with integers. All elements have one type: if one integer exceeds sint32, all become strings
 * (`qualifiers` 1).
 */
const valuesWithIntegers = (
  parser: Parser,
  name: string,
  elements: ReadonlyArray<Constant>,
  type: CimType | undefined,
  offsets: ReadonlyArray<number>
): ReadonlyArray<boolean | number | string> => {
  const whole = elements.map((element, i) => integerElement(parser, name, element, type, offsets[i]!))
  const isText = whole.some((value) => value !== undefined && !isSint32(value))
  return elements.map((element, i) => {
    const integer = whole[i]
    return integer === undefined
      ? plainElement(parser, name, element, type, offsets[i]!)
      : isText
      ? String(integer)
      : Number(integer)
  })
}

/** Converts a constant to the value of a qualifier: of the declared type, otherwise of the type of the constant. */
export const qualifierValue = (
  parser: Parser,
  name: string,
  constant: Constant,
  declared: QualifierDeclaration | undefined,
  offset: number
): { readonly value: Qualifier.QualifierValue; readonly type: Qualifier.QualifierType | undefined } => {
  const isArray = constant._tag === "Array"
  const elements = isArray ? constant.elements : [constant]
  const offsets = isArray ? constant.offsets : [offset]
  if (isArray && declared?.isArray === false) {
    parser.fail(
      "UnexpectedArray",
      `one ${declared.type ?? "value"} for ${name}, which is declared without []`,
      offset,
      "'{'"
    )
  }
  if (elements.length === 0) return { value: [], type: emptyType(declared?.type) }
  const type = declared?.type
  const values = (type === undefined ? elements.some(isInteger) : integerTypes.has(type))
    ? valuesWithIntegers(parser, name, elements, type, offsets)
    : elements.map((element, i) => plainElement(parser, name, element, type, offsets[i]!))
  const odd = values.findIndex((value) => typeof value !== typeof values[0])
  if (odd >= 0) {
    parser.fail("IllegalConstant", `values of one type for ${name}`, offsets[odd]!, parser.describeAt(offsets[odd]!))
  }
  const real = type === undefined ? elements.some((element) => element._tag === "Real") : type.startsWith("real")
  // A value in parentheses is valid for a declared array (`mof` 4).
  const isList = isArray || declared?.isArray === true
  return {
    value: (isList ? values : values[0]) as Qualifier.QualifierValue,
    type: typeof values[0] === "number" && real ? "real64" : undefined
  }
}
