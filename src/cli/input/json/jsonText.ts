/**
 * Reads JSON text: one value, several one after another (JSON lines are that too), or arrays of them. Every value has its position, and
 * integers that a number cannot hold are `bigint`s.
 *
 * `JSON.parse` rounds such integers and reads one value of a text. The scanner of `jsonc-parser` splits the text into tokens.
 *
 * @internal
 */
import { createScanner, type JSONScanner } from "jsonc-parser"

/** A value. */
export type JsonValue = null | boolean | number | bigint | string | ReadonlyArray<JsonValue> | JsonObject

/** The members of an object. */
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** Whether a value is an object and no array. */
export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The names of members and the numbers of elements that lead to a value. */
export type JsonPath = ReadonlyArray<string | number>

/** A value of the text, or of an array that the text holds. */
export interface JsonElement {
  readonly value: JsonValue
  readonly offset: number
  /** Whether there is a `bigint` in the value. */
  readonly isWide: boolean
}

/** Text that is no JSON. */
export class JsonFault {
  readonly offset: number
  readonly message: string

  constructor(offset: number, message: string) {
    this.offset = offset
    this.message = message
  }
}

/** More levels than a value of an object has (128), and less than the stack holds. */
const deepest = 500

/** More digits than a finite number has. */
const mostDigits = 310

/** Kinds of tokens of the scanner (`SyntaxKind`), and its errors by number (`ScanError`). */
const lineBreak = 14
const space = 15
const text = 10
const numeric = 11
const scanErrors = [
  "",
  "the comment has no end",
  "the text has no closing quote on its line",
  "the number ends too early",
  "\\u needs four hexadecimal digits",
  "this escape does not exist in JSON",
  "control characters in a text must be escaped"
]

const integer = /^-?\d+$/

/** Reads values from the tokens of a text. The scanner is at the first token of what is read next. */
class Reader {
  private readonly text: string
  private readonly scanner: JSONScanner
  isWide = false
  /** The offset of the current token; the length of the text at its end. */
  offset = 0

  constructor(text: string) {
    this.text = text
    this.scanner = createScanner(text)
    this.next()
  }

  /** Whether the current token begins with a character, which identifies its kind. */
  is(first: string): boolean {
    return this.text[this.offset] === first
  }

  get isEnd(): boolean {
    return this.offset >= this.text.length
  }

  /** Goes to the next token. */
  next(): void {
    let kind: number
    do kind = this.scanner.scan()
    while (kind === lineBreak || kind === space)
    this.offset = this.scanner.getTokenOffset()
    if (this.is("/")) throw new JsonFault(this.offset, "JSON has no comments")
    const error = this.scanner.getTokenError()
    if (error !== 0) throw new JsonFault(this.offset, scanErrors[error]!)
  }

  /** Goes to the first token from an offset on. */
  moveTo(offset: number): void {
    this.scanner.setPosition(offset)
    this.next()
  }

  fault(expected: string): JsonFault {
    const found = this.isEnd ? "the end of the text" : this.text.slice(this.offset, this.scanner.getPosition())
    return new JsonFault(
      this.offset,
      `found ${found.length > 40 ? `${found.slice(0, 40)}…` : found}, expected ${expected}`
    )
  }

  private number(): number | bigint {
    const written = this.scanner.getTokenValue()
    const value = Number(written)
    if (Number.isSafeInteger(value) || !integer.test(written)) return value
    if (written.length > mostDigits) throw new JsonFault(this.offset, "the number is larger than every CIM type")
    this.isWide = true
    return BigInt(written)
  }

  private word(): JsonValue {
    const written = this.scanner.getTokenValue()
    if (written === "true") return true
    if (written === "false") return false
    if (written === "null") return null
    throw this.fault("a value")
  }

  /** A value without members. */
  private scalar(): JsonValue {
    const kind: number = this.scanner.getToken()
    const value = kind === text ? this.scanner.getTokenValue() : kind === numeric ? this.number() : this.word()
    this.next()
    return value
  }

  /** Goes behind the comma after a member or an element, or behind the closing bracket. Returns whether one more follows. */
  hasMore(close: string, what: string): boolean {
    if (this.is(",")) {
      this.next()
      if (this.is(close)) throw this.fault(what)
      return true
    }
    if (!this.is(close)) throw this.fault(`a comma or ${close}`)
    this.next()
    return false
  }

  /** Goes behind the opening bracket. Returns whether anything is in the brackets; if not, goes behind the closing one. */
  hasAny(close: string): boolean {
    this.next()
    if (!this.is(close)) return true
    this.next()
    return false
  }

  /** The name of a member. Goes to its value. */
  memberName(): string {
    if (!this.is('"')) throw this.fault("the name of a member in double quotes")
    const name = this.scanner.getTokenValue()
    this.next()
    if (!this.is(":")) throw this.fault("a colon")
    this.next()
    return name
  }

  value(depth = 0): JsonValue {
    const isArray = this.is("[")
    if (!isArray && !this.is("{")) return this.scalar()
    if (depth > deepest) throw new JsonFault(this.offset, `the value is nested more than ${deepest} deep`)
    if (isArray) {
      const elements: Array<JsonValue> = []
      if (!this.hasAny("]")) return elements
      do elements.push(this.value(depth + 1))
      while (this.hasMore("]", "a value"))
      return elements
    }
    const members: Record<string, JsonValue> = {}
    if (!this.hasAny("}")) return members
    do {
      const { offset } = this
      const name = this.memberName()
      if (Object.hasOwn(members, name)) throw new JsonFault(offset, `the member ${name} is there twice`)
      const value = this.value(depth + 1)
      if (name !== "__proto__") members[name] = value
      else Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true })
    } while (this.hasMore("}", "the name of a member"))
    return members
  }
}

/** Where reading goes on after a fault: the next line that begins with an object. There is none inside an array. */
const nextObject = /\n(?=\{)/g

const element = (reader: Reader): JsonElement => {
  const { offset } = reader
  reader.isWide = false
  const value = reader.value()
  return { value, offset, isWide: reader.isWide }
}

/**
 * The values of a text. An array stands for its elements. Text that is no JSON is a fault; behind it, reading goes on at the next line that
 * begins with `{`, so that every faulty line of JSON lines is found.
 */
export function* elements(text: string): Generator<JsonElement | JsonFault, void> {
  let reader: Reader
  try {
    reader = new Reader(text)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    yield error
    return
  }
  while (!reader.isEnd) {
    const isArray = reader.is("[")
    const start = reader.offset
    try {
      if (!isArray) yield element(reader)
      else if (reader.hasAny("]")) {
        do yield element(reader)
        while (reader.hasMore("]", "a value"))
      }
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error
      nextObject.lastIndex = start
      const next = isArray ? null : nextObject.exec(text)
      yield next === null || next.index > error.offset
        ? error
        : new JsonFault(next.index, "the line ends in the middle of an object, and the next line begins another one")
      if (next === null) return
      reader.moveTo(next.index + 1)
    }
  }
}

/** The offset of a value inside of a value that was read, or of the innermost value on the path that exists. */
export const offsetOf = (text: string, offset: number, path: JsonPath): number => {
  const reader = new Reader(text.slice(offset))
  walk: for (const step of path) {
    const before = reader.offset
    const isArray = reader.is("[")
    if (!isArray && !reader.is("{")) break
    const close = isArray ? "]" : "}"
    if (!reader.hasAny(close)) return offset + before
    let index = 0
    do {
      const name = isArray ? index++ : reader.memberName()
      if (String(name) === String(step)) continue walk
      reader.value()
    } while (reader.hasMore(close, ""))
    return offset + before
  }
  return offset + reader.offset
}

/** The lines of a text. Offsets are usually asked in ascending order. */
export class Lines {
  private readonly text: string
  private line = 1
  private start = 0

  constructor(text: string) {
    this.text = text
  }

  /** The line and the column of an offset, from 1. */
  at(offset: number): { readonly line: number; readonly column: number } {
    if (offset < this.start) {
      this.line = 1
      this.start = 0
    }
    for (
      let end = this.text.indexOf("\n", this.start);
      end >= 0 && end < offset;
      end = this.text.indexOf("\n", end + 1)
    ) {
      this.line++
      this.start = end + 1
    }
    return { line: this.line, column: offset - this.start + 1 }
  }

  /** The text of the line of an offset, without its end. */
  source(offset: number): string {
    this.at(offset)
    const end = this.text.indexOf("\n", this.start)
    const line = this.text.slice(this.start, end < 0 ? undefined : end)
    return line.endsWith("\r") ? line.slice(0, -1) : line
  }
}
