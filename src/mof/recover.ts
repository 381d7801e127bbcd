/**
 * Where reading goes on after an error: at what looks like the next declaration.
 *
 * @internal
 */
import { Fault } from "./faults.ts"
import type { Parser } from "./parser.ts"

const begins = (parser: Parser): boolean => parser.word("class") || parser.word("instance") || parser.word("qualifier")

/**
 * Moves on to the next declaration: a directive, what follows `};`, or a keyword behind a `;` or a brace. `from` is where the
 * declaration began that failed; the parser always gets past it.
 */
export const recover = (parser: Parser, from: number): void => {
  const { lexer } = parser
  if (lexer.start > from && (parser.is("#") || begins(parser))) return
  let before = ""
  let last = lexer.kind === "punctuation" ? lexer.value : ""
  for (;;) {
    try {
      lexer.next()
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      // One complaint about a stretch of rubbish is enough.
      if (lexer.end <= lexer.start) lexer.end = lexer.start + 1
    }
    if (lexer.kind === "end" || parser.is("#")) return
    if (last === ";" && before === "}") return
    if ((last === ";" || last === "}") && begins(parser)) return
    before = last
    last = lexer.kind === "punctuation" ? lexer.value : ""
  }
}
