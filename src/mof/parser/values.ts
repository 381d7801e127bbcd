/**
 * Values, lists of qualifiers and instances (`mof` 4 to 6). The three stand in one file because each may contain the
 * others: a value may be an embedded instance, an instance has qualifiers, and a qualifier has a value.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import { markFrozen } from "../../model/immutable.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import { type Alias, type Assignment, type Constant, deepest, type InstanceDraft } from "../drafts.ts"
import { CompileFailure } from "../errors.ts"
import { suggest } from "../hints.ts"
import { beginsName } from "../lexer.ts"
import { endOfQualifiers, unclosedStringBefore } from "../recover.ts"
import {
  aliasInHead,
  declareOnce,
  isNextDeclaration,
  moveToBody,
  readAlias,
  readBody,
  readEndOfMember
} from "./bodies.ts"
import { readFlavors } from "./flavors.ts"
import { failNoValue, readLiteral } from "./literals.ts"
import type { Parser } from "./parser.ts"
import { qualifierValue } from "./qualifierValues.ts"

/**
 * Freezes a list of qualifiers made here. The objects of the parser are frozen and marked as such, so that no caller
 * copies them.
 */
export const frozenQualifiers = (qualifiers: ReadonlyArray<Qualifier.Qualifier>): ReadonlyArray<Qualifier.Qualifier> =>
  qualifiers.length === 0 ? Qualifier.none : Object.freeze(qualifiers)

/** A value: a constant, an alias, an embedded instance, or a list of these in one level of braces. */
export const readValue = (parser: Parser, depth: number): Constant => {
  const { lexer } = parser
  if (!parser.take("{")) return readElement(parser, depth)
  const elements: Array<Constant> = []
  const offsets: Array<number> = []
  if (parser.take("}")) return { _tag: "Array", elements, offsets }
  for (;;) {
    if (parser.is("{")) parser.fail("UnexpectedArray", "an element that is no array: arrays have one dimension")
    const offset = lexer.start
    const element = readElement(parser, depth)
    if (element._tag === "Null") {
      parser.fault("NullArrayElement", "an element that is not NULL", offset, parser.describeAt(offset))
      if (parser.take("}")) return { _tag: "Array", elements, offsets }
      if (!parser.take(",")) parser.missing("CloseBraceExpected", "',' or '}'")
      continue
    }
    elements.push(element)
    offsets.push(offset)
    if (parser.take("}")) return { _tag: "Array", elements, offsets }
    if (!parser.take(",")) parser.missing("CloseBraceExpected", "',' or '}'")
  }
}

/** A value without braces. */
const readElement = (parser: Parser, depth: number): Constant => {
  const { lexer } = parser
  if (lexer.kind === "alias") {
    if (depth > 0 && !parser.context.isDsc) {
      parser.fail("AliasInEmbedded", "a value; an embedded object takes no alias")
    }
    const alias: Constant = { _tag: "Alias", name: lexer.value, offset: lexer.start }
    lexer.next()
    return alias
  }
  const offset = lexer.start
  if (parser.is("[") && !beginsName(lexer.peek())) {
    parser.fail("IllegalConstant", "a value; the values of an array stand in braces")
  }
  const qualifiers = parser.is("[") ? readQualifiers(parser) : []
  if (parser.word("instance")) {
    if (depth >= deepest) parser.fail("QuotaViolation", `embedded instances at most ${deepest} deep`)
    return { _tag: "Object", draft: readEmbedded(parser, qualifiers, depth + 1) }
  }
  const constant = readLiteral(parser)
  if (constant === undefined) failNoValue(parser, "a value")
  if (qualifiers.length > 0) {
    parser.fail("IllegalConstant", "a value; only 'instance of' takes qualifiers", offset, "'['")
  }
  return constant
}

/** An embedded instance. */
const readEmbedded = (parser: Parser, qualifiers: ReadonlyArray<Qualifier.Qualifier>, depth: number): InstanceDraft => {
  const draft = readInstance(parser, qualifiers, depth)!
  if (draft.alias !== undefined) {
    parser.fault(
      "AliasInEmbedded",
      "'{'; an embedded object takes no alias",
      draft.alias.offset,
      `'$${draft.alias.name}'`
    )
  }
  return draft
}

/**
 * A qualifier list, including the brackets. After a fault it goes on behind the list, or, when the list has no end, at
 * the fault.
 */
export const readQualifiers = (parser: Parser): ReadonlyArray<Qualifier.Qualifier> => {
  const { lexer } = parser
  const from = lexer.start
  const found: Array<Qualifier.Qualifier> = []
  const seen = new Set<string>()
  try {
    parser.expect("[", "QualifierNameExpected")
    for (;;) {
      const offset = lexer.start
      const name = parser.name("QualifierNameExpected", "the name of a qualifier")
      const folded = CimName.fold(name)
      if (folded === "cimtype") {
        parser.fault("CimtypeNotAllowed", "another qualifier; CIMTYPE is made by the server", offset, `'${name}'`)
      }
      if (seen.has(folded)) parser.fault("DuplicateQualifier", "each qualifier once", offset, `'${name}' again`)
      seen.add(folded)
      const qualifier = readQualifier(parser, name, folded, offset)
      if (qualifier !== undefined) found.push(qualifier)
      parser.context.counts.qualifierUses++
      if (parser.take("]")) return found
      if (!parser.take(",")) parser.missing("CloseBracketExpected", "',' or ']'")
    }
  } catch (failure) {
    if (!(failure instanceof CompileFailure)) throw failure
    if (unclosedStringBefore(lexer.text, from, lexer.start) !== undefined) throw failure
    parser.hasFaultyList = true
    parser.report(failure)
    const end = endOfQualifiers(lexer.text, from, lexer.start)
    if (end !== undefined) parser.moveTo(end)
    return found
  }
}

/**
 * One use of a qualifier; `undefined`, with a warning, when its value is NULL, which WMI does not store. The DMTF
 * schema writes `Max(NULL)` in classes that are otherwise valid (`mof` 6).
 */
const readQualifier = (
  parser: Parser,
  name: string,
  folded: string,
  offset: number
): Qualifier.Qualifier | undefined => {
  const declared = parser.context.qualifiers.get(folded)
  let constant: Constant = { _tag: "Boolean", value: true }
  let at = offset
  if (parser.take("(")) {
    at = parser.lexer.start
    if (parser.is("{")) constant = readValue(parser, 0)
    else {
      const written = readLiteral(parser)
      if (written === undefined) failNoValue(parser, `a value of ${name}`)
      constant = written
    }
    parser.expect(")", "CloseParenExpected")
  } else if (parser.is("{")) {
    at = parser.lexer.start
    constant = readValue(parser, 0)
  }
  const flavor = parser.take(":") ? readFlavors(parser) : declared?.flavor
  if (constant._tag === "Null") {
    parser.context.warn({
      offset,
      name: "NullQualifier",
      message: `the qualifier ${name} is left out: its value is NULL, which no qualifier can have`
    })
    return undefined
  }
  let converted: ReturnType<typeof qualifierValue>
  try {
    converted = qualifierValue(parser, name, constant, declared, at)
  } catch (failure) {
    if (!(failure instanceof CompileFailure)) throw failure
    parser.report(failure)
    return undefined
  }
  const { type, value } = converted
  return markFrozen(Qualifier.make(name, value, { type, flavor: folded === "key" ? undefined : flavor }))
}

/** The qualifiers before a declaration, and the offset at which it begins. */
export const readLeadingQualifiers = (
  parser: Parser
): { readonly offset: number; readonly list: ReadonlyArray<Qualifier.Qualifier> } => {
  const { waiting } = parser
  parser.waiting = undefined
  if (waiting !== undefined) return waiting
  const offset = parser.lexer.start
  return { offset, list: parser.is("[") ? readQualifiers(parser) : [] }
}

/**
 * An instance, from the word `instance` to the closing brace; at depth 0 with the semicolon behind it. After a faulty
 * head it reads the body nevertheless; `undefined` when there is none.
 */
export const readInstance = (
  parser: Parser,
  qualifiers: ReadonlyArray<Qualifier.Qualifier>,
  depth: number
): InstanceDraft | undefined => {
  const { lexer } = parser
  let className = ""
  let alias: Alias | undefined
  try {
    lexer.next()
    if (!parser.word("of")) {
      const hint = suggest(lexer.kind === "name" ? lexer.value : "", ["of"])
      parser.expected("InvalidInstanceDeclaration", "'of'", hint === undefined ? undefined : { hint })
    }
    lexer.next()
    const offset = lexer.start
    if (parser.word("as") && lexer.peek() === "$") {
      parser.fail("ClassNameExpected", "the name of a class before 'as' and its alias")
    }
    className = parser.name("ClassNameExpected", "the name of a class")
    alias = readAlias(parser)
    if (!parser.is("{")) parser.missing("OpenBraceExpected", alias === undefined ? "'{', or 'as' and an alias" : "'{'")
    parser.context.use("instance", className, offset)
  } catch (failure) {
    if (!(failure instanceof CompileFailure) || depth > 0) throw failure
    if (!moveToBody(parser, failure)) return undefined
    alias ??= aliasInHead(parser)
  }
  const assignments: Array<Assignment> = []
  const names = new Map<string, number>()
  const outer = parser.depth
  parser.depth = depth
  readBody(parser, false, () => {
    const assignment = readAssignment(parser, depth)
    if (assignment === undefined) return
    declareOnce(parser, names, assignment.name, assignment.offset, "property")
    assignments.push(assignment)
  })
  parser.depth = outer
  return { className, alias, qualifiers: frozenQualifiers(qualifiers), assignments }
}

/**
 * One assignment in the body of an instance; `undefined` for an instance that stands alone in the body, and when the next
 * declaration begins.
 */
const readAssignment = (parser: Parser, depth: number): Assignment | undefined => {
  const { previousEnd, start: from } = parser.lexer
  const qualifiers = parser.is("[") ? readQualifiers(parser) : []
  const offset = parser.lexer.start
  // After a property named `instance` comes `=` or `;`.
  const isNext = offset > from && isNextDeclaration(parser, false, from)
  if (parser.word("instance") && !isNext && !/[=;]/.test(parser.lexer.peek())) {
    if (depth >= deepest) parser.fail("QuotaViolation", `embedded instances at most ${deepest} deep`)
    parser.context.warn({
      offset,
      name: "StandaloneInstance",
      message: "an instance that stands alone inside another one is ignored"
    })
    readInstance(parser, qualifiers, depth + 1)
    parser.take(";")
    return undefined
  }
  if (isNext) {
    parser.waiting = { offset: from, before: previousEnd, list: qualifiers }
    return undefined
  }
  const name = parser.name("NameExpected", "the name of a property or '}'")
  let constant: Constant | undefined
  let constantOffset = offset
  if (parser.take("=")) {
    constantOffset = parser.lexer.start
    constant = readValue(parser, depth)
  }
  readEndOfMember(parser, from, constant === undefined ? "'=' and a value, or ';'" : "';'")
  return { name, offset, constant, constantOffset, qualifiers }
}
