/**
 * Converts constants to values of declared types, and reports a constant that does not fit at its position (`mof` 4).
 *
 * @internal
 */
import type { TypeRef } from "../model/CimType.ts"
import type { CimValue } from "../model/WbemObject.ts"
import { type Embedded, scalar } from "./constants.ts"
import type { Constant } from "./drafts.ts"
import { CompileFailure } from "./errors.ts"
import { Lexer } from "./lexer.ts"

/** The token at an offset, for a message. */
export const tokenAt = (text: string, offset: number): string => {
  const lexer = new Lexer(text, () => {})
  lexer.end = offset
  lexer.next()
  return lexer.describe()
}

/**
 * Whether a constant is or contains an alias or an embedded object. It becomes a value only when the whole text was
 * read.
 */
export const isDeferred = (constant: Constant): boolean =>
  constant._tag === "Array"
    ? constant.elements.some(isDeferred)
    : constant._tag === "Object" || constant._tag === "Alias"

/** Converts a constant to a value of a type. Throws a {@link CompileFailure}. */
export const convert = (
  text: string,
  constant: Constant,
  type: TypeRef,
  property: string,
  offset: number,
  embedded: Embedded
): CimValue => {
  const kind = type.type === "object" && type.className !== undefined
    ? `an instance of the class ${type.className}`
    : type.type
  const what = `a value of ${property}, which is ${kind}${type.isArray ? "[]" : ""}`
  const one = (element: Constant, at: number): CimValue => {
    const kept = scalar(element, type.type, embedded)
    if ("wrong" in kept) throw new CompileFailure(at, kept.wrong, tokenAt(text, at), what)
    return kept.value
  }
  if (constant._tag === "Null") return null
  if (!type.isArray) return one(constant, offset)
  if (constant._tag !== "Array") {
    throw new CompileFailure(offset, "TypeMismatch", tokenAt(text, offset), `${what}: values in braces`)
  }
  return constant.elements.map((element, i) => one(element, constant.offsets[i]!)) as CimValue
}
