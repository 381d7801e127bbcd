/**
 * Recovery after an error: finds the place where the text can be read again. The end of a member, of a list of
 * qualifiers, or what looks like the next declaration.
 *
 * @internal
 */
import { CompileFailure } from "./errors.ts"
import { Lexer } from "./lexer.ts"
import { directiveEnd } from "./preprocessed.ts"

/** What stands open at a token. A `body` is the braces of a class or an instance, a `list` those of values. */
type Opener = "[" | "(" | "list" | "body"

const name = "[^\\s{}()\\[\\];:,=\"'#$]+"
const declaration = new RegExp(
  `class(?:\\s+${name})?\\s*(?:\\{|:(?!:))|class\\s+${name}\\s+as\\b|instance\\s+of\\s+${name}\\s*(?:\\{|\\bas\\b)|qualifier\\s+${name}\\s*:`,
  "iy"
)

/** Whether the declaration of a class, an instance or a qualifier begins at an offset. */
export const declarationAt = (text: string, offset: number): boolean => {
  declaration.lastIndex = offset
  return declaration.test(text)
}

const lineEnd = /[\r\n]/

/** Whether a line ends between two offsets. */
export const hasLineEnd = (text: string, from: number, to: number): boolean => lineEnd.test(text.slice(from, to))

/** The offset of the end of the line that holds an offset. */
const endOfLine = (text: string, offset: number): number => {
  let end = offset
  while (end < text.length && !lineEnd.test(text.charAt(end))) end++
  return end
}

/** Whether only blanks stand before an offset in its line. */
const beginsLine = (text: string, offset: number): boolean => {
  let at = offset - 1
  while (at >= 0 && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at--
  return at < 0 || lineEnd.test(text.charAt(at))
}

/** Moves a lexer to the next token, readable or not. */
const step = (lexer: Lexer): void => {
  try {
    lexer.next()
  } catch (failure) {
    if (!(failure instanceof CompileFailure)) throw failure
    if (lexer.end <= lexer.start) lexer.end = lexer.start + 1
  }
}

/** A token of a walk: what stands open before it, and the token before it. */
interface Step {
  readonly token: Lexer
  readonly stack: ReadonlyArray<Opener>
  /** The punctuation before the token, or the kind of the token before. */
  readonly before: string
  /** Whether the token stands behind the `};` of a body with nothing around it. */
  readonly isAfterEnd: boolean
}

const popTo = (stack: Array<Opener>, ...openers: ReadonlyArray<Opener>): void => {
  for (let i = stack.length - 1; i >= 0; i--) {
    if (openers.includes(stack[i]!)) {
      stack.length = i
      return
    }
  }
}

/**
 * Walks over the tokens from `from`, and returns the offset that `stop` gives for a token that is not before `at`. The
 * end of the text ends the walk too.
 */
const walk = (text: string, from: number, at: number, stop: (step: Step) => number | undefined): number => {
  const token = new Lexer(text, () => {})
  token.end = from
  const stack: Array<Opener> = []
  let before = ""
  let hasEnded = false
  let isAfterEnd = false
  for (;;) {
    step(token)
    if (token.kind === "end") {
      stop({ token, stack, before, isAfterEnd })
      return token.start
    }
    const value = token.kind === "punctuation" ? token.value : ""
    // A semicolon stands only in the body of an instance or a class: other braces and brackets lack their end.
    if (value === ";") { while (stack.length > 0 && stack.at(-1) !== "body") stack.pop() }
    if (token.start >= at) {
      const place = stop({ token, stack, before, isAfterEnd })
      if (place !== undefined) return place
    }
    isAfterEnd = value === ";" && hasEnded
    hasEnded = value === "}" && stack.at(-1) === "body" && stack.length === 1
    switch (value) {
      case "[":
      case "(":
        stack.push(value)
        break
      case "{":
        stack.push(stack.at(-1) === "[" || /^[=,{(]$/.test(before) ? "list" : "body")
        break
      case "]":
        popTo(stack, "[")
        break
      case ")":
        popTo(stack, "(")
        break
      case "}":
        popTo(stack, "body", "list")
    }
    before = token.kind === "punctuation" ? token.value : token.kind
  }
}

const is = (token: Lexer, punctuation: string): boolean => token.kind === "punctuation" && token.value === punctuation

const hasBrace = (stack: ReadonlyArray<Opener>): boolean => stack.includes("body") || stack.includes("list")

/** Whether a token begins a declaration, and is no embedded instance. */
const beginsDeclaration = ({ before, token }: Step): boolean =>
  token.kind === "name" && before !== "=" && before !== "," && before !== "{" && before !== "("
  && /^[ciq]/i.test(token.value) && declarationAt(token.text, token.start)

/** Whether a closing brace belongs to a member of the body that is open from `open` on, and not to the body. */
export const isOfMember = (
  text: string,
  open: number,
  { end, start }: { readonly end: number; readonly start: number }
): boolean => text.charAt(end) === ";" && hasLineEnd(text, open, start) && !beginsLine(text, start)

/**
 * The end of the member at `from`: after its semicolon, or before the brace that ends the body around it. `open` is the
 * offset of the brace that opens the body. In a body of several lines a brace that does not begin its line, with a
 * semicolon behind it, belongs to the member: `string Names[] = "a", "b"};`.
 */
export const endOfMember = (text: string, from: number, at: number, open: number): number =>
  walk(text, from, at, (step) => {
    const { stack, token } = step
    if (is(token, ";") && stack.length === 0) return token.end
    if (is(token, "}") && !hasBrace(stack)) return isOfMember(text, open, token) ? token.end + 1 : token.start
    return beginsLine(text, token.start) && (beginsDeclaration(step) || is(token, "#")) ? token.start : undefined
  })

/** The offset after the list of qualifiers at `from`; `undefined` when it has no end. */
export const endOfQualifiers = (text: string, from: number, at: number): number | undefined => {
  let isClosed = false
  const end = walk(text, from, at, (step) => {
    const { stack, token } = step
    if (is(token, "]") && stack.lastIndexOf("[") === 0) {
      isClosed = true
      return token.end
    }
    const isOutside = is(token, ";") || (is(token, "}") && !hasBrace(stack)) || (is(token, ")") && !stack.includes("("))
    return isOutside || beginsDeclaration(step) ? token.start : undefined
  })
  return isClosed ? end : undefined
}

/** The offset of the brace that opens the body after a faulty head; `undefined` when the declaration has none. */
export const bodyAfter = (text: string, at: number): number | undefined => {
  let isOpen = false
  const found = walk(text, at, at, ({ before, stack, token }) => {
    if (stack.length > 0) return undefined
    isOpen = is(token, "{") && before !== "="
    return isOpen || is(token, ";") || is(token, "}") || is(token, "=") || is(token, "#") ? token.start : undefined
  })
  return isOpen ? found : undefined
}

/**
 * The next declaration after a fault: the text after the `};` that ends the faulty one, or what begins a declaration.
 * `from` is the offset of the faulty declaration, `at` the place up to which it was read.
 */
export const nextDeclaration = (text: string, from: number, at: number): number => {
  let list = -1
  return walk(text, from, at, (step) => {
    const { before, isAfterEnd, stack, token } = step
    if (token.start <= from) return undefined
    if (is(token, "#") && beginsLine(text, token.start)) return token.start
    if (isAfterEnd) return token.start
    if (is(token, "[") && stack.length === 0) list = token.start
    if (!beginsDeclaration(step)) return undefined
    if (before === "]" && list >= 0 && stack.length === 0) return list
    return stack.length === 0 || before === ";" || before === "}" || beginsLine(text, token.start)
      ? token.start
      : undefined
  })
}

/** What one walk over a declaration found: the place up to which it read, and the braces that had no end there. */
interface OpenBraces {
  readonly from: number
  readonly to: number
  readonly open: ReadonlySet<number>
}

/** Reads the declaration at an offset up to the `}` that ends its body, or to the end of the text. */
const openBraces = (text: string, from: number): OpenBraces => {
  const starts: Array<number> = []
  let last = from
  let open: ReadonlyArray<number> = []
  const to = walk(text, from, from, ({ stack, token }) => {
    while (starts.length > stack.length) starts.pop()
    if (starts.length < stack.length) starts.push(last)
    last = token.start
    if (token.kind === "end") open = starts.filter((_, i) => stack[i] === "body")
    return is(token, "}") && isLastBody(stack) ? token.end : undefined
  })
  return { from, to, open: new Set(open) }
}

/** Whether a closing brace ends the only body that is open. */
const isLastBody = (stack: ReadonlyArray<Opener>): boolean => {
  let top = stack.length - 1
  while (stack[top] === "[" || stack[top] === "(") top--
  return stack[top] === "body" && stack.indexOf("body") === top
}

/**
 * Which bodies of a text lack their end. Each part of the text is read once: a declaration inside the body of another
 * one that is open at the end of the text was read with it.
 */
export class OpenBodies {
  private readonly text: string
  private last: OpenBraces | undefined

  constructor(text: string) {
    this.text = text
  }

  /** Whether the body of the declaration at an offset has no end. `brace` is the offset of its opening brace. */
  has(from: number, brace: number): boolean {
    const { last } = this
    const isRead = last !== undefined && last.from <= from && brace < last.to
    const { open } = isRead ? last : this.last = openBraces(this.text, from)
    return open.has(brace)
  }
}

/** Whether a token begins its line, no farther to the right than the line of another offset begins. */
export const isAtMargin = (text: string, offset: number, of: number): boolean => {
  const indent = (at: number): number => {
    let start = at
    while (start > 0 && !lineEnd.test(text.charAt(start - 1))) start--
    return /^[ \t]*/.exec(text.slice(start, at))![0].length
  }
  return beginsLine(text, offset) && indent(offset) <= indent(of)
}

/** The offset after a directive: the end of its line, or `at` when more was read. */
export const endOfDirective = (text: string, from: number, at: number): number => Math.max(directiveEnd(text, from), at)

/** A string that runs over a line end although it was meant to end before: code stands at its ends. */
const runsOn = (literal: string): boolean =>
  lineEnd.test(literal)
  && (/[=(,{]\s*"$/.test(literal) || /[;\]][ \t]*(?:\/\/[^\r\n]*)?[\r\n]/.test(literal))

/**
 * The string without its closing quote that is the reason of an error at `at`: one that never ends, or one right before
 * the error that swallowed a line end and code. `undefined` when there is none.
 */
export const unclosedStringBefore = (
  text: string,
  from: number,
  at: number
): { readonly start: number; readonly resume: number } | undefined => {
  const token = new Lexer(text, () => {})
  token.end = from
  let last = -1
  const found = (start: number) => ({ start, resume: endOfLine(text, start) })
  for (;;) {
    try {
      token.next()
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      if (failure.found === "a string that never ends") return found(failure.offset)
      if (token.end <= token.start) token.end = token.start + 1
    }
    if (token.kind === "end") break
    if (token.start >= at) {
      if (token.kind === "string" && runsOn(text.slice(token.start, token.end))) return found(token.start)
      break
    }
    last = token.kind === "string" ? token.start : -1
  }
  return last >= 0 && runsOn(text.slice(last, token.previousEnd)) ? found(last) : undefined
}
