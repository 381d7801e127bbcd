/**
 * Constants as values of declared types, with an error at the place of what does not fit (`mof` 4).
 *
 * @internal
 */
import type { TypeRef } from "../model/CimType.ts"
import type { CimValue } from "../model/WbemObject.ts"
import { type Embedded, scalar } from "./constants.ts"
import type { Constant } from "./drafts.ts"
import { CompileFailure } from "./errors.ts"
import { Lexer } from "./lexer.ts"

/** What stands at an offset that was read already, for a message. */
export const tokenAt = (text: string, offset: number): string => {
  const lexer = new Lexer(text, () => {})
  lexer.end = offset
  lexer.next()
  return lexer.describe()
}

/** Whether a constant is or holds something that only the whole text makes a value of: an alias, an embedded object. */
export const isDeferred = (constant: Constant): boolean =>
  constant._tag === "Array"
    ? constant.elements.some(isDeferred)
    : constant._tag === "Object" || constant._tag === "Alias"

/** A constant as a value of a type. Throws a `Fault`. */
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
