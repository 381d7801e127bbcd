/**
 * The parser of one text: the token, the faults, and the state of the declaration that is being read. The rules of the
 * grammar (`mof` 3 to 7) are functions over a parser:
 *
 * ```
 * compile.ts                  directives, and which declaration begins
 *   classes.ts                classes: properties, methods, parameters
 *   qualifierDeclarations.ts  Qualifier X : …;
 *     values.ts               values, lists of qualifiers, instances: each may contain the others
 *       bodies.ts             heads and bodies, and how to go on after a faulty member
 *       types.ts              a type, a name and the size of an array
 *       flavors.ts            flavours of qualifiers
 *       qualifierValues.ts    from constants to the value of a qualifier
 *       literals.ts           constants without braces
 *         parser.ts           this file
 *           context.ts        the state of the compilation
 * ```
 *
 * A file uses those below it. Only embedded instances are parsed by recursion, and their depth is bounded. So neither a
 * hostile nor a broken file can exhaust the stack.
 *
 * @internal
 */
import type { Qualifier } from "../../model/Qualifier.ts"
import { tokenAt } from "../convert.ts"
import { type CodeName, CompileFailure, type FailureDetails } from "../errors.ts"
import { Lexer, unclosedString } from "../lexer.ts"
import { isCDirective } from "../preprocessed.ts"
import { hasLineEnd, OpenBodies, unclosedStringBefore } from "../recover.ts"
import type { ParserContext } from "./context.ts"

/** The position in a text, with the state that the rules of the grammar share. */
export class Parser {
  readonly lexer: Lexer
  /** Whether the last declaration failed, so that its end may still follow. */
  isRecovering = false
  /** Whether the declaration that is being read has a fault, so that it is not put. */
  isFaulty = false
  /** Whether a part of the declaration was skipped. What seems to be missing in the rest is no second error. */
  isBroken = false
  /** Whether the end of the declaration was not found. */
  isLost = false
  /** The offset of the declaration or member that is being read. */
  from = 0
  /** Whether a part of the last list of qualifiers was skipped. */
  hasFaultyList = false
  /** The offset of the last member or declaration with a fault. */
  faultAt = -1
  /** The offset of the declaration that is being read. */
  declared = 0
  /** The offset of the opening brace of the body that is being read. */
  opened = 0
  /** The offset of the opening brace of the declaration; -1 when it has none. */
  declaredBody = -1
  readonly openBodies: OpenBodies
  /** The depth of the embedded instance that is being read; 0 outside of embedded ones. */
  depth = 0
  /** Qualifiers that were read inside a body without an end, and belong to the next declaration. */
  waiting:
    | { readonly offset: number; readonly before: number; readonly list: ReadonlyArray<Qualifier> }
    | undefined
  readonly context: ParserContext

  constructor(text: string, around: ParserContext) {
    this.context = around
    this.lexer = new Lexer(text, around.warn)
    this.openBodies = new OpenBodies(text)
  }

  /** Fails at an offset, by default at the token. */
  fail(
    code: CodeName,
    expected: string,
    offset: number = this.lexer.start,
    found: string = this.lexer.describe(),
    details?: FailureDetails
  ): never {
    throw new CompileFailure(offset, code, found, expected, details)
  }

  /**
   * The error of something that is missing before the token. When the token is on a later line, the place is the end of
   * the token before it.
   */
  absent(code: CodeName, expected: string, details?: FailureDetails): CompileFailure {
    const { lexer } = this
    if (
      (this.is("#") && isCDirective(lexer.text, lexer.start)) || !hasLineEnd(lexer.text, lexer.previousEnd, lexer.start)
    ) {
      return new CompileFailure(lexer.start, code, lexer.describe(), expected, details)
    }
    const found = lexer.kind === "end" ? lexer.describe() : "the end of the line"
    return new CompileFailure(lexer.previousEnd, code, found, expected, { ...details, end: lexer.previousEnd })
  }

  /** Fails because a separator or a closing bracket is missing before the token. */
  missing(code: CodeName, expected: string, details?: FailureDetails): never {
    throw this.absent(code, expected, details)
  }

  /**
   * Fails because there is no name, type or value. The token is the fault when it stands in its place, or at the start
   * of a member; else something is missing before it.
   */
  expected(code: CodeName, expected: string, details?: FailureDetails): never {
    const { lexer } = this
    const isAttempt = lexer.kind !== "end"
      && (lexer.kind !== "punctuation" || /[;{}]/.test(lexer.text.charAt(lexer.previousEnd - 1)))
    if (!isAttempt) throw this.absent(code, expected, details)
    this.fail(code, expected, undefined, undefined, details)
  }

  /** Reports a fault and goes on. */
  report(failure: CompileFailure): void {
    this.isFaulty = true
    this.faultAt = this.from
    this.context.report(failure, this.from)
  }

  /** Reports a fault after which the text is read on as if it were not there. */
  fault(code: CodeName, expected: string, offset: number, found: string, details?: FailureDetails): void {
    this.report(new CompileFailure(offset, code, found, expected, details))
  }

  /** Whether the token cannot be read. */
  private get isUnreadable(): boolean {
    return this.lexer.kind === "punctuation" && this.lexer.value === ""
  }

  /** Begins a declaration. */
  begin(): void {
    this.from = this.declared = this.lexer.start
    this.declaredBody = -1
    this.isFaulty = this.isBroken = this.isLost = false
  }

  /** Moves to the next token. A token that cannot be read is reported, and fits no rule of the grammar. */
  advance(): void {
    try {
      this.lexer.next()
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      this.isBroken = true
      this.report(failure)
    }
  }

  /** Moves to the token at or after an offset. One that cannot be read is reported where the grammar meets it. */
  moveTo(offset: number): void {
    const { lexer } = this
    lexer.end = offset
    try {
      lexer.next()
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      if (lexer.end <= lexer.start) lexer.end = lexer.start + 1
    }
  }

  /**
   * Reports a failure. When a string without its closing quote is the reason, that is the error, and the text is read
   * on at the next line. Returns whether it was so.
   */
  reportUnclosed(failure: CompileFailure, from: number): boolean {
    const { lexer } = this
    this.isBroken = true
    const open = unclosedStringBefore(lexer.text, from, lexer.start)
    if (open === undefined) {
      // A token that cannot be read was reported as such.
      if (this.isUnreadable && this.faultAt === this.from) this.isFaulty = true
      else this.report(failure)
      return false
    }
    this.report(unclosedString(open.start))
    this.moveTo(open.resume)
    return true
  }

  /** Whether the token is a punctuation mark. */
  is(punctuation: string): boolean {
    return this.lexer.kind === "punctuation" && this.lexer.value === punctuation
  }

  /** Whether the token is a word, which is given in lower case. */
  word(name: string): boolean {
    return this.lexer.kind === "name" && this.lexer.value.length === name.length
      && this.lexer.value.toLowerCase() === name
  }

  /** Moves behind a punctuation mark. Returns whether the token was that mark. */
  take(punctuation: string): boolean {
    if (!this.is(punctuation)) return false
    this.lexer.next()
    return true
  }

  /** Moves behind a punctuation mark, which must be there. */
  expect(punctuation: string, code: CodeName): void {
    if (!this.take(punctuation)) this.missing(code, `'${punctuation}'`)
  }

  /** The name at the token, which must be one; moves behind it. */
  name(code: CodeName, expected: string): string {
    if (this.lexer.kind !== "name") this.expected(code, expected)
    const name = this.lexer.value
    this.advance()
    return name
  }

  /** The token at an offset, for a message. */
  describeAt(offset: number): string {
    return tokenAt(this.lexer.text, offset)
  }
}
