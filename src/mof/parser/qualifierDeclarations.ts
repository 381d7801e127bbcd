/**
 * Declarations of qualifiers: the type, default, scope and flavours of a name (`mof` 6). They hold for the text behind
 * them.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import { isCimType, table as typeTable } from "../../model/CimType.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type { CimValue } from "../../model/WbemObject.ts"
import type { Constant } from "../drafts.ts"
import { suggest } from "../hints.ts"
import { flavorList, flavorSpellings, isFlavor, readFlavors } from "./flavors.ts"
import { convertLiteral } from "./literals.ts"
import type { Parser } from "./parser.ts"
import { readSize } from "./types.ts"
import { readValue } from "./values.ts"

/** The scopes of a qualifier declaration (`mof` 6). */
const scopes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "any",
  "association",
  "class",
  "indication",
  "instance",
  "method",
  "parameter",
  "property",
  "reference",
  "schema"
])

const scopeList = `a scope: ${[...scopes].join(", ")}`

/** The simple types, as a text writes them. */
const typeNames: ReadonlyArray<string> = typeTable.flatMap(({ form, name }) => form === "reference" ? [] : [name])

/** The scopes in parentheses; at least one. */
const readScopes = (parser: Parser): void => {
  do {
    if (parser.lexer.kind !== "name" || !scopes.has(parser.lexer.value.toLowerCase())) {
      if (parser.lexer.kind !== "name") parser.expected("InvalidScope", scopeList)
      if (parser.lexer.peek() === "(") parser.fail("InvalidScope", scopeList)
      const { describe, hint } = { describe: parser.lexer.describe(), hint: suggest(parser.lexer.value, scopes) }
      parser.fault("InvalidScope", scopeList, parser.lexer.start, describe, { hint })
    }
    parser.lexer.next()
  } while (parser.take(","))
}

/** `Qualifier X : …;`, after the first word. */
export const readQualifierDeclaration = (parser: Parser): void => {
  const { lexer } = parser
  const name = parser.name("InvalidQualifierDeclaration", "the name of a qualifier")
  const folded = CimName.fold(name)
  if (!parser.take(":")) parser.missing("InvalidQualifierDeclaration", "':'")
  const type = lexer.kind === "name" ? lexer.value.toLowerCase() : ""
  if (!isCimType(type)) {
    if (!isFlavor(type)) {
      const hint = suggest(lexer.value, [...typeNames, ...flavorSpellings])
      if (lexer.kind !== "name") parser.expected("FlavorExpected", `a type or ${flavorList}`)
      parser.fail("FlavorExpected", `a type or ${flavorList}`, undefined, undefined, { hint })
    }
    parser.context.qualifiers.set(folded, {
      flavor: readFlavors(parser),
      type: undefined,
      isArray: undefined,
      value: undefined
    })
    parser.expect(";", "SemicolonExpected")
    return
  }
  if (type === "reference" || type === "object") parser.fail("UnrecognizedType", "a type that a qualifier can have")
  lexer.next()
  const isArray = parser.take("[")
  if (isArray) {
    readSize(parser)
    parser.expect("]", "CloseBracketExpected")
  }
  let value: CimValue | undefined
  if (parser.take("=")) {
    const at = lexer.start
    const constant = readValue(parser, 0)
    // The default of a list may be written as a single value, as in a use.
    const list: Constant = isArray && constant._tag !== "Array" && constant._tag !== "Null"
      ? { _tag: "Array", elements: [constant], offsets: [at] }
      : constant
    value = convertLiteral(parser, list, { type, isArray }, name, at)
  }
  let flavor: number = Qualifier.Flavor.ToSubclass
  while (parser.take(",")) {
    const part = parser.word("flavor") ? "flavor" : parser.word("scope") ? "scope" : undefined
    if (part === undefined) parser.fail("InvalidQualifierDeclaration", "Scope or Flavor")
    lexer.next()
    parser.expect("(", "OpenParenExpected")
    if (part === "flavor") flavor = readFlavors(parser, ",")
    else readScopes(parser)
    parser.expect(")", "CloseParenExpected")
  }
  parser.expect(";", "SemicolonExpected")
  parser.context.qualifiers.set(folded, { flavor, type, isArray, value })
}
