/**
 * Where reading goes on after an error: at what looks like the next declaration.
 *
 * @internal
 */
import { CompileFailure } from "./errors.ts"
import { Lexer } from "./lexer.ts"
import type { Parser } from "./parser.ts"

const isDeclarationKeyword = (parser: Parser): boolean =>
  parser.word("class") || parser.word("instance") || parser.word("qualifier")

/** The braces that are open where the parser stands, of those that a declaration has opened. */
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
 * Moves on to the next declaration: a directive, what follows the `};` that ends this one, or a keyword behind a `;` or a brace.
 * `from` is where the declaration began that failed; the parser always gets past it.
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
      // One complaint about a stretch of rubbish is enough.
      if (lexer.end <= lexer.start) lexer.end = lexer.start + 1
    }
    if (lexer.kind === "end" || parser.is("#")) return
    if (last === ";" && before === "}" && open <= 0) return
    if ((last === ";" || last === "}") && isDeclarationKeyword(parser)) return
    note()
  }
}
