/**
 * Splits MOF text into tokens, one at a time, in one walk (`mof` 2).
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import { CompileFailure, excerpt, type Remark } from "./errors.ts"

export type TokenKind = "name" | "alias" | "string" | "char" | "integer" | "real" | "punctuation" | "end"

const quote = 34,
  apostrophe = 39,
  slash = 47,
  star = 42,
  dollar = 36,
  backslash = 92,
  lineFeed = 10,
  carriageReturn = 13

/** 1: white space, 2: letter or underscore, 3: digit, 4: punctuation, 0: begins no token. */
const classes: Uint8Array = /* @__PURE__ */ (() => {
  const table = new Uint8Array(128)
  for (const c of [9, 10, 11, 12, 13, 32]) table[c] = 1
  for (let c = 65; c <= 90; c++) table[c] = table[c + 32] = 2
  table[95] = 2
  for (let c = 48; c <= 57; c++) table[c] = 3
  for (const c of "{}()[];:,=#") table[c.charCodeAt(0)] = 4
  return table
})()

/** U+FEFF and the no-break space, which copied web pages contain, separate tokens, though names could hold them. */
const isWideBlank = (c: number): boolean => c === 0xfeff || c === 0xa0

/**
 * The number of units of a letter or digit at an offset; 0 where there is none. Letters beyond ASCII are U+0080 to
 * U+FFEF. A surrogate pair counts as two letters, half a pair as none (`object-model` 13).
 */
const letterAt = (text: string, at: number): 0 | 1 | 2 => {
  const c = text.charCodeAt(at)
  if (c < 128) return classes[c] === 2 || classes[c] === 3 ? 1 : 0
  // At the end of the text `next` is `NaN`, which fails every comparison.
  if (c >= 0xd800 && c <= 0xdfff) {
    const next = text.charCodeAt(at + 1)
    return c < 0xdc00 && next >= 0xdc00 && next <= 0xdfff ? 2 : 0
  }
  return c <= 0xffef && !isWideBlank(c) ? 1 : 0
}

/** The offset after the letters and digits that begin at an offset. */
const nameEnd = (text: string, from: number): number => {
  let end = from
  for (;;) {
    const c = text.charCodeAt(end)
    if (c < 128) {
      const of = classes[c]
      if (of !== 2 && of !== 3) return end
      end++
      continue
    }
    const units = letterAt(text, end)
    if (units === 0) return end
    end += units
  }
}

/** Whether a text is one name in MOF, so that a printer may write it. */
export const isName = (text: string): boolean => CimName.isIdentifier(text) && !/[\u00a0\ufeff]/.test(text)

/** Whether a text begins with the first character of a name. */
export const beginsName = (text: string): boolean =>
  text !== "" && (text.charCodeAt(0) < 128 ? classes[text.charCodeAt(0)] === 2 : !isWideBlank(text.charCodeAt(0)))

const isHex = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102)

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r"
}

const isLineEnd = (c: number): boolean => c === lineFeed || c === carriageReturn

/** The character of a backslash sequence in a file name, and the offset after it. */
const fileNameEscape = (text: string, at: number): readonly [string, number] => {
  const next = text.charAt(at + 1)
  return next === "\\" || next === '"' ? [next, at + 2] : ["\\", at + 1]
}

/** The error of a string without its closing quote. */
export const unclosedString = (start: number): CompileFailure =>
  new CompileFailure(start, "IllegalConstant", "a string that never ends", "'\"' at the end of the string", {
    end: start + 1,
    hint: "close the string with '\"'; a quote inside a string is '\\\"'"
  })

/** The lexer holds one token; `next` moves to the next one. */
export class Lexer {
  readonly text: string
  kind: TokenKind = "end"
  /** The offsets of the first character of the token and of the character after it. */
  start = 0
  end = 0
  /** The offset after the token before. */
  previousEnd = 0
  /** The name, the alias without its `$`, the punctuation, or the value of a string. */
  value = ""
  /** The value of an integer or a character. */
  integer = 0n
  /** Whether the integer was written in hexadecimal. */
  isHex = false
  real = 0
  /** The offsets of the next quote and the next backslash. They are kept, so that each is searched once. */
  private quoteAt = -1
  private backslashAt = -1
  private readonly warn: (remark: Remark) => void
  /**
   * Set while a file name is read: only `\\` and `\"` are escapes there, any other backslash is a separator (`mof` 7).
   */
  isFileName = false

  constructor(text: string, warn: (remark: Remark) => void) {
    this.text = text
    this.warn = warn
  }

  /** The first character after the token, white space and comments. */
  peek(): string {
    return this.text.charAt(this.skip(this.end))
  }

  /** The token as text for a message. */
  describe(): string {
    if (this.kind === "end") return "the end of the file"
    return excerpt(this.text.slice(this.start, this.end))
  }

  /** The offset after white space and comments. A backslash directly before a line end is white space too (`mof` 1). */
  private skip(from: number): number {
    const text = this.text
    let at = from
    for (;;) {
      const c = text.charCodeAt(at)
      if (c < 128 ? classes[c] === 1 : isWideBlank(c)) at++
      else if (c === slash && text.charCodeAt(at + 1) === slash) {
        at += 2
        while (at < text.length && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at++
      } else if (c === slash && text.charCodeAt(at + 1) === star) {
        const end = text.indexOf("*/", at + 2)
        if (end < 0) {
          this.start = at
          this.end = text.length
          throw new CompileFailure(at, "UnrecognizedToken", "a comment that never ends", "'*/' at its end", {
            end: at + 2,
            hint: "close the comment with '*/'; everything behind it is part of the comment"
          })
        }
        at = end + 2
      } else if (c === backslash && isLineEnd(text.charCodeAt(at + 1))) at += 2
      else return at
    }
  }

  next(): void {
    const text = this.text
    // A token that fails below stays a punctuation without a value, which no rule of the grammar accepts.
    this.kind = "punctuation"
    this.value = ""
    this.previousEnd = this.end
    const at = this.skip(this.end)
    this.start = at
    if (at >= text.length) {
      this.end = at
      this.kind = "end"
      return
    }
    const c = text.charCodeAt(at)
    const what = c < 128 ? classes[c]! : letterAt(text, at) > 0 ? 2 : 0
    if (what === 2) {
      const end = nameEnd(text, at)
      this.end = end
      this.kind = "name"
      this.value = text.slice(at, end)
    } else if (what === 4) {
      this.end = at + 1
      this.kind = "punctuation"
      this.value = text.charAt(at)
    } else if (c === quote) this.string(at)
    else if (what === 3 || c === 43 || c === 45 || (c === 46 && classes[text.charCodeAt(at + 1)] === 3)) this.number(at)
    else if (c === dollar) {
      const end = nameEnd(text, at + 1)
      this.end = end
      this.kind = "alias"
      this.value = text.slice(at + 1, end)
      if (!CimName.isIdentifier(this.value)) {
        throw new CompileFailure(at, "AliasNameExpected", this.describe(), "a name right behind '$'")
      }
    } else if (c === apostrophe) this.char(at)
    else {
      this.end = at + 1
      const unit = text.charCodeAt(at)
      const found = unit < 32 || unit > 126
        ? `U+${unit.toString(16).toUpperCase().padStart(4, "0")}`
        : excerpt(text.charAt(at))
      throw new CompileFailure(at, "UnrecognizedToken", found, "a name, a number, a string or punctuation")
    }
  }

  /**
   * The offset of the next occurrence of a character, or the length of the text. `known` is the result of the last
   * search.
   */
  private indexFrom(character: string, known: number, from: number): number {
    if (known >= from) return known
    const found = this.text.indexOf(character, from)
    return found < 0 ? this.text.length : found
  }

  private string(start: number): void {
    const text = this.text
    let at = start + 1
    let from = at
    let value = ""
    for (;;) {
      const end = this.quoteAt = this.indexFrom('"', this.quoteAt, at)
      if (end === text.length) {
        this.end = text.length
        throw unclosedString(start)
      }
      const escaped = this.backslashAt = this.indexFrom("\\", this.backslashAt, at)
      if (escaped > end) {
        this.value = value + text.slice(from, end)
        this.end = end + 1
        this.kind = "string"
        if (this.value.includes("\0")) {
          throw new CompileFailure(start, "IllegalConstant", "a string with U+0000", "one without it")
        }
        return
      }
      value += text.slice(from, escaped)
      const [unit, after] = this.isFileName ? fileNameEscape(text, escaped) : this.escape(escaped, '"')
      value += unit
      at = from = after
    }
  }

  /** The offset after the closing quote of a literal with an error: the rest of the literal is skipped. */
  private endOfLiteral(quote: string, from: number): number {
    const text = this.text
    for (let at = from; at < text.length; at++) {
      const c = text.charAt(at)
      if (c === quote) return at + 1
      if (c === "\\") at++
    }
    return text.length
  }

  /** The character of an escape sequence, and the offset after it. */
  private escape(at: number, quote: string): readonly [string, number] {
    const c = this.text.charAt(at + 1)
    if (c === "x" || c === "X") {
      let end = at + 2
      while (end < at + 6 && isHex(this.text.charCodeAt(end))) end++
      const unit = parseInt(this.text.slice(at + 2, end), 16)
      // A string must not hold U+0000; in a char16 the value 0 is valid (`mof` 2).
      if (Number.isNaN(unit) || (unit === 0 && quote === '"')) {
        this.end = this.endOfLiteral(quote, end)
        throw new CompileFailure(
          at,
          "IllegalConstant",
          excerpt(this.text.slice(at, end)),
          `\\x with 1 to 4 hexadecimal digits${quote === '"' ? ", not 0" : ""}; a backslash itself is \\\\`
        )
      }
      return [String.fromCharCode(unit), end]
    }
    const known = escapes[c]
    if (known === undefined) {
      this.warn({ offset: at, end: at + 2, name: "UnknownEscape", message: `unknown escape \\${c}, read as ${c}` })
    }
    return [known ?? c, at + 2]
  }

  private char(start: number): void {
    const text = this.text
    const c = text.charAt(start + 1)
    const [unit, after] = c === "\\" ? this.escape(start + 1, "'") : [c, start + 2]
    if (unit === "" || c === "'" || text.charAt(after) !== "'") {
      // A lone apostrophe does not begin a literal that spans what follows it.
      const [line = ""] = /^'[^'\r\n]*'?/.exec(text.slice(start, start + 80)) ?? []
      this.end = start + (line.length > 1 && line.endsWith("'") ? line.length : 1)
      throw new CompileFailure(
        start,
        "IllegalConstant",
        this.describe(),
        "one character, a UTF-16 unit, between apostrophes; text stands in straight quotes"
      )
    }
    this.end = after + 1
    this.kind = "char"
    this.integer = BigInt(unit.charCodeAt(0))
  }

  private number(start: number): void {
    const text = this.text
    let end = start + 1
    for (; end < text.length; end++) {
      const c = text.charCodeAt(end)
      const units = letterAt(text, end)
      if (units === 2) end++
      if (units > 0 || c === 46) continue
      const before = text.charCodeAt(end - 1) | 32
      // A sign is part of the number only in the exponent of a decimal.
      if ((c === 43 || c === 45) && before === 101 && !/^[+-]?0[xX]/.test(text.slice(start, end))) continue
      break
    }
    this.end = end
    const written = text.slice(start, end)
    const negative = written.startsWith("-")
    const digits = written.replace(/^[+-]/, "")
    this.kind = "integer"
    const signed = (value: bigint): void => {
      this.integer = negative ? -value : value
    }
    const bounded = digits.length <= 80
    this.isHex = bounded && /^0[xX][0-9a-fA-F]+$/.test(digits)
    if (this.isHex) signed(BigInt(digits))
    else if (bounded && /^[01]+[bB]$/.test(digits)) signed(BigInt(`0b${digits.slice(0, -1)}`))
    else if (bounded && /^0[0-7]+$/.test(digits)) signed(BigInt(`0o${digits.slice(1)}`))
    else if (bounded && /^(?:0|[1-9]\d*)$/.test(digits)) signed(BigInt(digits))
    else if (/^(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?$/.test(digits)) {
      this.kind = "real"
      this.real = Number(written)
      if (!Number.isFinite(this.real)) {
        throw new CompileFailure(start, "OutOfRange", excerpt(written), "a number that a real64 holds")
      }
    } else if (!bounded && /^(?:\d+|0[xX][0-9a-fA-F]+|[01]+[bB])$/.test(digits)) {
      throw new CompileFailure(start, "OutOfRange", excerpt(written), "a number that some type holds")
    } else {
      const hint = /^0\d+$/.test(digits)
        ? "; behind a leading 0 the digits 0 to 7"
        : `, such as 31, 0x1F, 037, 11111b or 3.1e1${
          /^\d+[A-Za-z_]/.test(digits) ? "; a name begins with a letter" : ""
        }`
      throw new CompileFailure(
        start,
        "IllegalConstant",
        excerpt(written),
        `a number${hint}`
      )
    }
  }
}
