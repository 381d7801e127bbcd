/**
 * Constants without braces: strings, numbers, characters, booleans and NULL (`mof` 4), and their conversion to a declared
 * type.
 *
 * @internal
 */
import type { TypeRef } from "../../model/CimType.ts"
import type { CimValue } from "../../model/WbemObject.ts"
import type { Embedded } from "../constants.ts"
import { convert } from "../convert.ts"
import type { Constant } from "../drafts.ts"
import { CompileFailure } from "../errors.ts"
import { suggest } from "../hints.ts"
import type { Parser } from "./parser.ts"

/** Used where no embedded object can occur. */
export const refuseObject: Embedded = () => {
  throw new Error("a constant that holds an object was taken for a plain one")
}

/** Adjacent strings, joined to one string. */
const readStrings = (parser: Parser): string => {
  const first = parser.lexer.value
  parser.lexer.next()
  if (parser.lexer.kind !== "string") return first
  const parts = [first]
  while (parser.lexer.kind === "string") {
    parts.push(parser.lexer.value)
    parser.lexer.next()
  }
  return parts.join("")
}

/** A constant without braces; `undefined` when the token begins none. */
export const readLiteral = (parser: Parser): Constant | undefined => {
  const { lexer } = parser
  switch (lexer.kind) {
    case "string":
      return { _tag: "String", value: readStrings(parser) }
    case "integer": {
      const { integer: value, isHex } = lexer
      lexer.next()
      return { _tag: "Integer", value, isHex }
    }
    case "real": {
      const value = lexer.real
      lexer.next()
      return { _tag: "Real", value }
    }
    case "char": {
      const value = Number(lexer.integer)
      lexer.next()
      return { _tag: "Char", value }
    }
    case "name": {
      const word = lexer.value.toLowerCase()
      const constant: Constant | undefined = word === "true" || word === "false"
        ? { _tag: "Boolean", value: word === "true" }
        : word === "null"
        ? { _tag: "Null" }
        : undefined
      if (constant !== undefined) lexer.next()
      return constant
    }
    default:
      return undefined
  }
}

/** Fails because the token begins no value. `what` is what was expected. */
export const failNoValue: (parser: Parser, what: string) => never = (parser: Parser, what) => {
  const { kind, value } = parser.lexer
  if (kind !== "name") parser.expected("IllegalConstant", what)
  const word = suggest(value, ["TRUE", "FALSE", "NULL"])
  parser.fail("IllegalConstant", `${what}; text stands in straight quotes`, undefined, undefined, { hint: word })
}

/** Converts a plain constant to a value of a type. A constant that does not fit is reported. */
export const convertLiteral = (
  parser: Parser,
  constant: Constant,
  type: TypeRef,
  name: string,
  offset: number
): CimValue => {
  try {
    return convert(parser.lexer.text, constant, type, name, offset, refuseObject)
  } catch (failure) {
    if (!(failure instanceof CompileFailure)) throw failure
    parser.report(failure)
    return null
  }
}
