/**
 * Where reading goes on after an error: at what looks like the next declaration.
 *
 * @internal
 */
import { Fault } from "./faults.ts"
import { Lexer } from "./lexer.ts"
import type { Parser } from "./parser.ts"

const begins = (parser: Parser): boolean => parser.word("class") || parser.word("instance") || parser.word("qualifier")

/** The braces that are open where the parser stands, of those that a declaration has opened. */
const openBraces = ({ lexer }: Parser, from: number): number => {
  const behind = new Lexer(lexer.text, () => {})
  behind.end = from
  let open = 0
  for (;;) {
    try {
      behind.next()
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
    }
    if (behind.kind === "end" || behind.start >= lexer.start) return open
    if (behind.kind !== "punctuation") continue
    if (behind.value === "{") open++
    else if (behind.value === "}") open--
  }
}

/**
 * Moves on to the next declaration: a directive, what follows the `};` that ends this one, or a keyword behind a `;` or a brace.
 * `from` is where the declaration began that failed; the parser always gets past it.
 */
export const recover = (parser: Parser, from: number): void => {
  const { lexer } = parser
  if (lexer.start > from && (parser.is("#") || begins(parser))) return
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
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      // One complaint about a stretch of rubbish is enough.
      if (lexer.end <= lexer.start) lexer.end = lexer.start + 1
    }
    if (lexer.kind === "end" || parser.is("#")) return
    if (last === ";" && before === "}" && open <= 0) return
    if ((last === ";" || last === "}") && begins(parser)) return
    note()
  }
}
