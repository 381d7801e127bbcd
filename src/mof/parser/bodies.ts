/**
 * What classes and instances have in common: the alias of a head, the body in braces, the end of a member, and how to go
 * on after a faulty head or member. After a fault the next member is read; what seems to be missing then is no second
 * error (`mof` 7).
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import type { Alias } from "../drafts.ts"
import { CompileFailure } from "../errors.ts"
import { directiveEnd, isCDirective } from "../preprocessed.ts"
import {
  bodyAfter,
  declarationAt,
  endOfMember,
  hasLineEnd,
  isAtMargin,
  isOfMember,
  unclosedStringBefore
} from "../recover.ts"
import type { Parser } from "./parser.ts"

/** The line of an offset, for a message. */
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split(/\r\n|\r|\n/).length

const directiveHint = "directives stand between declarations; is the body before it not closed?"

/** The alias of a head: `as $Name`; `undefined` when there is none. */
export const readAlias = (parser: Parser): Alias | undefined => {
  if (!parser.word("as")) return undefined
  parser.lexer.next()
  if (parser.lexer.kind !== "alias") parser.expected("DollarExpected", "'$' and a name")
  const alias = { name: parser.lexer.value, offset: parser.lexer.start }
  parser.lexer.next()
  return alias
}

/** The alias in a faulty head, so that its uses are no second error. */
export const aliasInHead = (parser: Parser): Alias | undefined => {
  const { start, text } = parser.lexer
  const head = text.slice(parser.declared, start)
  const found = /\bas\s+\$([^\s{}()[\];:,="'#$]+)\s*$/i.exec(head)
  return found === null ? undefined : { name: found[1]!, offset: parser.declared + head.lastIndexOf("$") }
}

/** Finds the body after a faulty head. Returns whether there is one. */
export const moveToBody = (parser: Parser, failure: CompileFailure): boolean => {
  const { lexer } = parser
  if (parser.reportUnclosed(failure, parser.from)) return false
  const brace = bodyAfter(lexer.text, lexer.start)
  if (brace !== undefined) parser.moveTo(brace)
  parser.context.lose(parser.declared, lexer.start)
  // A member where the brace should be: only the brace is missing.
  return brace !== undefined || lexer.kind === "name" || parser.is("[")
}

/**
 * Whether an instance that stands alone in the body of another one is the next declaration, because the body lacks its
 * end: it stands at the margin of the text, and the body is faulty or has no end.
 */
const endsInstance = (parser: Parser, offset: number): boolean => {
  const { text } = parser.lexer
  return isAtMargin(text, offset, parser.declared)
    && (parser.isBroken || parser.openBodies.has(parser.declared, parser.declaredBody))
}

/** Whether a declaration begins at the token, so that the body around it has no end. */
export const isNextDeclaration = (parser: Parser, isClass: boolean, offset: number = parser.lexer.start): boolean => {
  const isInstance = parser.word("instance")
  if (!isInstance && !parser.word("class") && !parser.word("qualifier")) return false
  const { start, text } = parser.lexer
  if (!declarationAt(text, start)) return false
  return isClass || !isInstance || endsInstance(parser, offset)
}

/** Records a name; a repeated name is an error. */
export const declareOnce = (
  parser: Parser,
  names: Map<string, number>,
  name: string,
  offset: number,
  what: string
): void => {
  const folded = CimName.fold(name)
  const first = names.get(folded)
  if (first === undefined) names.set(folded, offset)
  else {
    parser.fault("DuplicateProperty", `each ${what} once`, offset, `'${name}' again`, {
      hint: `the first one is in line ${lineOf(parser.lexer.text, first)}; rename or remove one of the two`
    })
  }
}

/** Moves behind a faulty member. `from` is the offset of the member. */
const skipMember = (parser: Parser, from: number): void => {
  const { lexer } = parser
  parser.moveTo(endOfMember(lexer.text, from, lexer.start, parser.opened))
}

/**
 * The semicolon of a member. A missing one is reported; when the next line looks like the next member, that is read,
 * else the rest of the member is skipped.
 */
export const readEndOfMember = (parser: Parser, from: number, expected: string): void => {
  const { lexer } = parser
  if (parser.is(";")) return parser.advance()
  if (unclosedStringBefore(lexer.text, from, lexer.start) !== undefined) parser.missing("SemicolonExpected", expected)
  const failure = parser.absent("SemicolonExpected", expected)
  // Behind a faulty value on the same line it is the rest of the value.
  if (failure.offset !== lexer.start || parser.faultAt !== from) parser.report(failure)
  const isNext = (parser.is("}") && !isOfMember(lexer.text, parser.opened, lexer)) || lexer.kind === "end"
    || ((lexer.kind === "name" || parser.is("[")) && hasLineEnd(lexer.text, lexer.previousEnd, lexer.start))
  if (isNext) return
  parser.isBroken = true
  skipMember(parser, from)
}

/** Reads one member. After a failure it moves to the next one. */
const readMember = (parser: Parser, from: number, member: () => void): void => {
  try {
    member()
  } catch (failure) {
    if (!(failure instanceof CompileFailure)) throw failure
    parser.from = from
    if (!parser.reportUnclosed(failure, from)) skipMember(parser, from)
  }
}

/** A directive inside a body is an error; the body goes on at the next line. */
const skipDirective = (parser: Parser, isClass: boolean): void => {
  const { lexer } = parser
  parser.isBroken = true
  parser.report(
    isClass
      ? new CompileFailure(lexer.start, "TypeExpected", "'#'", "a property, a method or '}'", { hint: directiveHint })
      : new CompileFailure(lexer.start, "NameExpected", "'#'", "the name of a property or '}'", {
        hint: directiveHint
      })
  )
  parser.context.noteDirective(lexer.start)
  parser.moveTo(directiveEnd(lexer.text, lexer.start))
}

/** Reports that the body has no end. `open` is the offset of its opening brace. */
const reportOpenBody = (parser: Parser, open: number | undefined): void => {
  const { lexer, waiting } = parser
  if (parser.isBroken) return
  parser.isBroken = true
  const hint = open === undefined ? undefined : `the '{' of line ${lineOf(lexer.text, open)} is not closed`
  if (waiting === undefined) return parser.report(parser.absent("CloseBraceExpected", "'}'", { hint }))
  const { before, offset } = waiting
  parser.report(
    hasLineEnd(lexer.text, before, offset)
      ? new CompileFailure(before, "CloseBraceExpected", "the end of the line", "'}'", { hint, end: before })
      : new CompileFailure(offset, "CloseBraceExpected", parser.describeAt(offset), "'}'", { hint })
  )
}

/** The semicolon behind the closing brace of a declaration. */
const readEnd = (parser: Parser): void => {
  if (parser.depth > 0) return
  if (parser.is(";")) return parser.advance()
  if (!parser.isBroken) parser.report(parser.absent("SemicolonExpected", "';'"))
  else parser.isFaulty = true
  const isNext = parser.lexer.kind === "end" || parser.is("[") || parser.is("#") || parser.word("class")
    || parser.word("instance") || parser.word("qualifier")
  if (!isNext) parser.isLost = true
}

/**
 * The members of a class or an instance, from the opening brace to the semicolon behind the closing one. After a
 * faulty member it goes on with the next one.
 */
export const readBody = (parser: Parser, isClass: boolean, member: () => void): void => {
  const { lexer } = parser
  const outer = parser.from
  const outerOpened = parser.opened
  const open = parser.opened = lexer.start
  const isOpen = parser.is("{")
  if (isOpen && parser.depth === 0) parser.declaredBody = open
  if (isOpen) parser.advance()
  for (;;) {
    if (parser.is("}")) {
      parser.advance()
      readEnd(parser)
      break
    }
    if (lexer.kind === "end" || isNextDeclaration(parser, isClass, parser.waiting?.offset)) {
      reportOpenBody(parser, isOpen ? open : undefined)
      break
    }
    // The directive after a body whose end was skipped.
    if (
      parser.is("#") && parser.isBroken && !isCDirective(lexer.text, lexer.start)
      && isAtMargin(lexer.text, lexer.start, parser.declared)
    ) break
    const from = parser.from = lexer.start
    if (parser.is("#")) skipDirective(parser, isClass)
    else readMember(parser, from, member)
    if (lexer.start === from && !isNextDeclaration(parser, isClass)) parser.advance()
  }
  parser.from = outer
  parser.opened = outerOpened
}
