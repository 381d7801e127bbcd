/**
 * Types of properties, parameters and return values, with the name behind the type and the size of an array (`mof` 6).
 *
 * @internal
 */
import { isCimType, type TypeRef } from "../../model/CimType.ts"
import { markFrozen } from "../../model/immutable.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import { beginsName } from "../lexer.ts"
import type { Parser } from "./parser.ts"

/** A type and the name after it. */
export interface Typed extends TypeRef {
  readonly name: string
  /** The offset of the name. */
  readonly offset: number
  /** The offset of the type. */
  readonly typeOffset: number
  readonly size: number | undefined
}

/** The spelling of a type word, kept when it is not lower case (`qualifiers` 4). */
export const typeSpelling = (word: string): { readonly word?: string } => word === word.toLowerCase() ? {} : { word }

/** A type and the name after it. A word is a type by its position. */
export const readTypedName = (parser: Parser, what: string): Typed => {
  const { lexer } = parser
  const offset = lexer.start
  const written = parser.name("TypeExpected", "a type")
  const word = written.toLowerCase()
  const type = isCimType(word) && word !== "reference" ? word : undefined
  if (type !== undefined && type !== "object") {
    return readNameAndSize(parser, what, offset, { type, ...typeSpelling(written) })
  }
  const className = type === "object" ? undefined : written
  if (parser.word("ref") && !/[;=[(,)]/.test(lexer.peek())) {
    lexer.next()
    return readNameAndSize(parser, what, offset, { type: "reference", className })
  }
  if (lexer.kind !== "name") {
    parser.fail("UnrecognizedType", "a type and a name", offset, `'${written}'`, {
      hint: parser.is("[")
        ? "the brackets of an array stand behind the name: 'type Name[];'"
        : "a property is 'type Name;', a reference 'Class ref Name;'"
    })
  }
  if (word === "ref" && beginsName(lexer.peek())) {
    parser.fail("UnrecognizedType", "the class of a reference before 'ref'", offset, `'${written}'`)
  }
  return readNameAndSize(parser, what, offset, {
    type: "object",
    className,
    ...(type === "object" ? typeSpelling(written) : {})
  })
}

/** The name behind a type, with the brackets of an array. */
const readNameAndSize = (
  parser: Parser,
  what: string,
  typeOffset: number,
  type: Pick<TypeRef, "type" | "className" | "word">
): Typed => {
  const offset = parser.lexer.start
  const name = parser.name("NameExpected", parser.is("[") ? `${what}; the brackets of an array stand behind it` : what)
  if (!parser.take("[")) {
    return { className: undefined, ...type, name, offset, typeOffset, isArray: false, size: undefined }
  }
  const size = readSize(parser)
  parser.expect("]", "CloseBracketExpected")
  return { className: undefined, ...type, name, offset, typeOffset, isArray: true, size }
}

/** Notes the class that a type names. */
export const noteType = (parser: Parser, { className, type, typeOffset }: Typed): void => {
  if (className !== undefined) parser.context.use(type === "reference" ? "reference" : "type", className, typeOffset)
}

/** The size of an array; `undefined` when none is written. */
export const readSize = (parser: Parser): number | undefined => {
  const { lexer } = parser
  if (lexer.kind !== "integer") return undefined
  const size = lexer.integer
  // The size is stored as a qualifier, whose type is sint32.
  if (size < 0n || size > 2147483647n) {
    parser.fault("OutOfRange", "a size from 0 to 2147483647", lexer.start, lexer.describe())
    lexer.next()
    return undefined
  }
  lexer.next()
  return Number(size)
}

/** The qualifiers, with the size of an array added to them (`object-model` 3). */
export const withSize = (
  qualifiers: ReadonlyArray<Qualifier.Qualifier>,
  size: number | undefined
): ReadonlyArray<Qualifier.Qualifier> =>
  size === undefined || Qualifier.has(qualifiers, "max")
    ? qualifiers
    : [...qualifiers, markFrozen(Qualifier.make("Max", size))]
