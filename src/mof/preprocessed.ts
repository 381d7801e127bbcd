/**
 * Texts that a C preprocessor has to read first, as driver kits have them. Their `#define` lines and macros are one
 * fault of the text, not hundreds (`mof` 3).
 *
 * @internal
 */
import type { CompileFailure, Source } from "./errors.ts"

const directive = /#[ \t]*(?:define|undef|if|ifdef|ifndef|elif|else|endif|error|warning|line)(?![A-Za-z0-9_])/y

/** Whether a directive of the C preprocessor stands at an offset. */
export const isCDirective = (text: string, offset: number): boolean => {
  if (text.charCodeAt(offset) !== 35) return false
  directive.lastIndex = offset
  return directive.test(text)
}

/** The offset after the line of a directive, with the lines that a backslash at the end continues. */
export const directiveEnd = (text: string, offset: number): number => {
  for (let at = offset; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === 92 && text.charCodeAt(at + 1) === 13 && text.charCodeAt(at + 2) === 10) at += 2
    else if (c === 92) at++
    else if (c === 10 || c === 13) return at
  }
  return text.length
}

/** A word in the usual spelling of macros, at the token of an error or right before its parenthesis. */
const capitals = /^(?!(?:TRUE|FALSE|NULL)\b)[A-Z_][A-Z0-9_]{2,}\b/
const call = /\b[A-Z_][A-Z0-9_]{2,}[ \t]*$/

export class Preprocessed {
  private readonly macros = new Set<string>()
  /** Whether branches of `#if` were read, of which a preprocessor keeps one. */
  private hasBranches = false

  /** Notes a directive: the name that it defines, or that it has branches. */
  note(text: string, offset: number): void {
    const line = text.slice(offset, directiveEnd(text, offset))
    const name = /^#[ \t]*define[ \t]+([A-Za-z_]\w*)/.exec(line)?.[1]
    if (name !== undefined) this.macros.add(name)
    if (/^#[ \t]*(?:if|el)/.test(line)) this.hasBranches = true
  }

  isMacro(name: string): boolean {
    return this.macros.has(name)
  }

  /** Whether a message of a missing include names a header of C. */
  isHeader(found: string): boolean {
    return /\.(?:h|hpp|inc)'/i.test(found)
  }

  /**
   * Whether an error comes of a macro: its token is a word in capitals or the parenthesis behind one, or a macro of the
   * text stands between the start of its declaration or member and the end of its line. The second branch of an `#if`
   * repeats names.
   */
  explains(source: Source, { name, offset }: CompileFailure, from: number): boolean {
    if (
      this.hasBranches && (name === "DuplicateProperty" || name === "DuplicateQualifier" || name === "DuplicateAlias")
    ) {
      return true
    }
    if (name === "IncludeMissing" || name === "TypeMismatch" || name === "OutOfRange") return false
    const { text } = source
    if (capitals.test(text.slice(offset, offset + 100))) return true
    if (text.charAt(offset) === "(" && call.test(text.slice(Math.max(from, offset - 100), offset))) return true
    const written = text.slice(Math.max(from, offset - 20_000), Math.min(source.lineEnd(offset), offset + 20_000))
      .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    for (const word of written.match(/[A-Za-z_]\w*/g) ?? []) if (this.macros.has(word)) return true
    return false
  }
}
