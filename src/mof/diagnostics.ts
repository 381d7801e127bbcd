/**
 * The errors and warnings of one compilation: one for each cause, in the order of the text, at most 100 of each.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import { escapeControl } from "../model/escapeControl.ts"
import { codes, CompileFailure, type MofError, type MofWarning, type Remark, type Source } from "./errors.ts"
import { hints } from "./hints.ts"
import { Lexer } from "./lexer.ts"
import { isCDirective, Preprocessed } from "./preprocessed.ts"

/** At most this many errors, and this many warnings, are listed. */
const most = 100
/** A longer line, in UTF-16 units, is not quoted: a text of one line would be repeated in each of its errors. */
const longestLine = 10_000
/** Of errors over one word that is none of the language, this many are listed. */
const mostOfOneWord = 3

/** Thrown to end the compilation: there are as many errors as are listed. */
export class AbortCompilation {}

/** The offset after the token at an offset. */
const tokenEnd = (text: string, offset: number): number => {
  const lexer = new Lexer(text, () => {})
  lexer.end = offset
  try {
    lexer.next()
  } catch (failure) {
    if (!(failure instanceof CompileFailure)) throw failure
    if (failure.offset === offset) return lexer.end
  }
  return lexer.start === offset ? lexer.end : offset
}

/** The columns and the line of a piece of text, as far as the text may be quoted. */
const quotation = (
  source: Source,
  offset: number,
  end: number | undefined
): Pick<MofError, "file" | "line" | "column" | "endColumn" | "sourceLine"> => {
  const position = source.position(offset)
  if (!source.isQuotable || source.text === "") return { ...position, endColumn: position.column }
  const lineEnd = source.lineEnd(offset)
  const last = Math.min(end ?? tokenEnd(source.text, offset), lineEnd)
  const lineStart = offset - position.column + 1
  return {
    ...position,
    endColumn: position.column + Math.max(0, last - offset),
    ...(lineEnd - lineStart > longestLine ? {} : { sourceLine: source.text.slice(lineStart, lineEnd) })
  }
}

/** The error for a failure. For a text that must not be quoted it has only the position and the code. */
export const toError = (source: Source, failure: CompileFailure): MofError => {
  const { end, hint: given = hints[failure.name] } = failure.details
  const hint = !source.isQuotable ? undefined : typeof given === "function" ? given() : given
  const quoted = quotation(source, failure.offset, end)
  const found = source.isQuotable ? failure.found : "text that is not shown"
  const expected = source.isQuotable ? failure.expected : "MOF"
  return {
    _tag: "MofError",
    ...quoted,
    ...(hint === undefined ? {} : { hint: escapeControl(hint) }),
    code: codes[failure.name],
    name: failure.name,
    found,
    expected,
    message: `${escapeControl(quoted.file)}:${quoted.line}:${quoted.column}: found ${escapeControl(found)}, expected ${
      escapeControl(expected)
    } (${failure.name})`
  }
}

const toWarning = (source: Source, { end, hint, message, name, offset }: Remark): MofWarning => ({
  _tag: "MofWarning",
  ...quotation(source, offset, end),
  ...(hint !== undefined && source.isQuotable ? { hint: escapeControl(hint) } : {}),
  name,
  message: source.isQuotable ? escapeControl(message) : "what is odd here is not shown"
})

interface Listed<A> {
  /** The offsets of the enclosing includes, then the offset. */
  readonly at: ReadonlyArray<number>
  readonly source: Source
  readonly of: A
  /** The number of further errors with the same cause. */
  more: number
  /** A hint that is known when the whole text was read. */
  hint?: string | undefined
}

/** Compares two positions. Each is a list of offsets: those of the enclosing includes, then its own. */
const compareOffsets = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

const inOrder = <A>(list: ReadonlyArray<Listed<A>>): ReadonlyArray<Listed<A>> =>
  [...list].sort((a, b) => compareOffsets(a.at, b.at))

export class Diagnostics {
  private readonly reported: Array<Listed<CompileFailure>> = []
  private readonly remarks: Array<Listed<Remark>> = []
  /** The offsets of the errors of a text: a second error at a place is a consequence of the first. */
  private readonly places = new Map<Source, Set<number>>()
  private readonly words = new Map<string, Array<Listed<CompileFailure>>>()
  readonly preprocessed: Preprocessed = new Preprocessed()
  private preprocessing: Listed<CompileFailure> | undefined
  /** Whether a part of the text was not read: an include that is missing, or a comment that never ends. */
  isIncomplete = false
  /** The names and aliases, folded, in heads of declarations that could not be read. */
  private readonly lost = new Set<string>()
  /** Whether the list of errors is full. */
  isFull = false

  /** The number of errors. */
  get count(): number {
    return this.reported.length
  }

  /**
   * Reports an error. `from` is the offset of the declaration or member around it.
   */
  report(source: Source, failure: CompileFailure, from: number = failure.offset): void {
    if (failure.details.isConsequence === true) return
    let places = this.places.get(source)
    if (places === undefined) this.places.set(source, places = new Set())
    if (places.has(failure.offset)) return
    places.add(failure.offset)
    if (failure.name === "IncludeMissing" || failure.found === "a comment that never ends") this.isIncomplete = true
    if (isCDirective(source.text, failure.offset)) return this.reportPreprocessor(source, failure)
    if (this.preprocessing !== undefined && this.preprocessed.explains(source, failure, from)) {
      this.preprocessing.more++
      return
    }
    const listed: Listed<CompileFailure> = { at: [...source.within, failure.offset], source, of: failure, more: 0 }
    if (this.isRepeated(listed)) return
    this.list(listed)
    if (failure.name === "IncludeMissing" && this.preprocessed.isHeader(failure.found)) this.preprocessing ??= listed
  }

  private list(listed: Listed<CompileFailure>): void {
    if (this.reported.length >= most) {
      this.isFull = true
      const { of: { offset }, source } = listed
      this.remarks.push({
        at: [Infinity],
        source,
        more: 0,
        of: { offset, end: offset, name: "TooManyErrors", message: `more than ${most} errors; the rest is not listed` }
      })
      throw new AbortCompilation()
    }
    this.reported.push(listed)
  }

  /** Lines of the C preprocessor are one error, and what follows from them is none. */
  private reportPreprocessor(source: Source, failure: CompileFailure): void {
    if (this.preprocessing !== undefined) {
      this.preprocessing.more++
      return
    }
    const { found, offset } = failure
    this.preprocessing = {
      at: [...source.within, offset],
      source,
      more: 0,
      of: new CompileFailure(offset, "InvalidPragma", found, "#pragma or #include: there is no preprocessor", {
        hint: "run a C preprocessor over the file first, such as 'cpp -P'",
        end: failure.details.end
      })
    }
    this.list(this.preprocessing)
  }

  /** Whether the same word was the fault of several errors before. The further ones are counted. */
  private isRepeated(listed: Listed<CompileFailure>): boolean {
    const { found, name } = listed.of
    if (!/^'[^\s'$]+'$/.test(found) || !/^'[A-Za-z_]/.test(found)) return false
    if (name !== "IllegalConstant" && name !== "UnrecognizedType" && name !== "CloseBracketExpected") return false
    const key = `${name} ${found}`
    const same = this.words.get(key)
    if (same === undefined) this.words.set(key, [listed])
    else if (same.length < mostOfOneWord) same.push(listed)
    else {
      same[0]!.more++
      return true
    }
    return false
  }

  /** Notes the head of a declaration that could not be read. */
  lose(source: Source, from: number, to: number): void {
    const head = source.text.slice(from, Math.min(to, from + 1000))
    for (const word of head.match(/\$?[\w\u0080-\uffff]+/g) ?? []) this.lost.add(CimName.fold(word))
  }

  /** Whether a word, such as the name of a class or an alias with its `$`, stands in a head that could not be read. */
  hasLost(word: string): boolean {
    return this.lost.has(CimName.fold(word))
  }

  /**
   * Adds a hint to the errors of values whose declared type is a class that is not known. Returns whether there are any:
   * the type is their cause then, and no warning of its own.
   */
  explainType(className: string, hint: string): boolean {
    const type = `an instance of the class ${className}`
    let isCause = false
    for (const listed of this.reported) {
      const { expected, name } = listed.of
      if ((name !== "TypeMismatch" && name !== "UnexpectedAlias") || !expected.includes(`, which is ${type}`)) continue
      if (!expected.endsWith(type) && !expected.endsWith(`${type}[]`)) continue
      listed.hint = hint
      isCause = true
    }
    return isCause
  }

  /** Lists a warning. */
  warn(source: Source, remark: Remark): void {
    if (this.remarks.length > most) return
    const isLast = this.remarks.length === most
    this.remarks.push({
      at: isLast ? [Infinity] : [...source.within, remark.offset],
      source,
      more: 0,
      of: isLast
        ? {
          offset: remark.offset,
          end: remark.offset,
          name: "TooManyWarnings",
          message: `more than ${most} warnings; the rest is not listed`
        }
        : remark
    })
  }

  /** Values are checked when the whole text was read, so their errors are found last. */
  get errors(): ReadonlyArray<MofError> {
    return inOrder(this.reported).map((listed) => {
      const { of } = listed
      const failure = listed.hint === undefined
        ? of
        : new CompileFailure(of.offset, of.name, of.found, of.expected, { ...of.details, hint: listed.hint })
      const error = toError(listed.source, failure)
      if (listed.more === 0 || !listed.source.isQuotable) return error
      const more = listed === this.preprocessing
        ? `${listed.more} more ${listed.more === 1 ? "error comes" : "errors come"} of it`
        : `${listed.more} more ${listed.more === 1 ? "place" : "places"} with ${escapeControl(listed.of.found)}`
      return { ...error, hint: error.hint === undefined ? more : `${error.hint}; ${more}` }
    })
  }

  get warnings(): ReadonlyArray<MofWarning> {
    return inOrder(this.remarks).map(({ of, source }) => toWarning(source, of))
  }
}
