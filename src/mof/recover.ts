/**
 * Recovery after an error: finds what looks like the next declaration.
 *
 * @internal
 */
import { CompileFailure } from "./errors.ts"
import { Lexer } from "./lexer.ts"
import type { Parser } from "./parser.ts"

const isDeclarationKeyword = (parser: Parser): boolean =>
  parser.word("class") || parser.word("instance") || parser.word("qualifier")

/** The number of open braces at the position of the parser, counted from the start of the declaration. */
const openBraces = ({ lexer }: Parser, from: number): number => {
  const lexed = new Lexer(lexer.text, () => {})
  lexed.end = from
  let open = 0
  for (;;) {
    try {
      lexed.next()
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
    }
    if (lexed.kind === "end" || lexed.start >= lexer.start) return open
    if (lexed.kind !== "punctuation") continue
    if (lexed.value === "{") open++
    else if (lexed.value === "}") open--
  }
}

/**
 * Moves the parser to the next declaration: a directive, the text after the `};` that ends this one, or a keyword after
 * a `;` or a brace. `from` is the offset of the declaration that failed; the parser always moves past it.
 */
export const recover = (parser: Parser, from: number): void => {
  const { lexer } = parser
  if (lexer.start > from && (parser.is("#") || isDeclarationKeyword(parser))) return
  let open = openBraces(parser, from)
  let before = ""
  let last = ""
  const note = (): void => {
    before = last
    last = lexer.kind === "punctuation" ? lexer.value : ""
    if (last === "{") open++
    else if (last === "}") open--
  }
  note()
  for (;;) {
    try {
      lexer.next()
    } catch (failure) {
      if (!(failure instanceof CompileFailure)) throw failure
      // An unreadable stretch of text is reported once.
      if (lexer.end <= lexer.start) lexer.end = lexer.start + 1
    }
    if (lexer.kind === "end" || parser.is("#")) return
    if (last === ";" && before === "}" && open <= 0) return
    if ((last === ";" || last === "}") && isDeclarationKeyword(parser)) return
    note()
  }
}
