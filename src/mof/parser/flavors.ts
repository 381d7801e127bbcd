/**
 * Flavours: what a qualifier does for subclasses and instances, written behind a use or in a declaration (`qualifiers`
 * 2).
 *
 * @internal
 */
import * as Qualifier from "../../model/Qualifier.ts"
import { type CodeName, CompileFailure } from "../errors.ts"
import { suggest } from "../hints.ts"
import type { Parser } from "./parser.ts"

/** The bits of each flavour, by its word in lower case. */
const flavorWords: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ["toinstance", Qualifier.Flavor.ToInstance],
  ["tosubclass", Qualifier.Flavor.ToSubclass],
  ["nottoinstance", 0],
  ["nottosubclass", 0],
  ["enableoverride", 0],
  ["disableoverride", Qualifier.Flavor.DisableOverride],
  ["restricted", 0],
  ["amended", Qualifier.Flavor.Amended],
  ["translatable", Qualifier.Flavor.Amended]
])

/** Flavours as a message spells them. */
export const flavorSpellings: ReadonlyArray<string> = [
  "ToInstance",
  "ToSubclass",
  "NotToInstance",
  "NotToSubclass",
  "EnableOverride",
  "DisableOverride",
  "Restricted",
  "Amended"
]

/** What is expected in the place of a flavour, for a message. */
export const flavorList: string = `a flavour: ${flavorSpellings.slice(0, -1).join(", ")} or Amended`

/** Flavours that exclude each other (`qualifiers` 2). */
const flavorConflicts: ReadonlyArray<
  { readonly one: string; readonly others: ReadonlyArray<string>; readonly code: CodeName; readonly expected: string }
> = [
  {
    one: "enableoverride",
    others: ["disableoverride"],
    code: "IncompatibleFlavors",
    expected: "either EnableOverride or DisableOverride"
  },
  {
    one: "restricted",
    others: ["toinstance", "tosubclass"],
    code: "IncompatibleFlavors2",
    expected: "Restricted without ToInstance and ToSubclass"
  }
]

/** Whether a word in lower case is a flavour. */
export const isFlavor = (word: string): boolean => flavorWords.has(word)

/** Flavours after a colon, or in a declaration; at least one. */
export const readFlavors = (parser: Parser, separator?: string): number => {
  let bits = 0
  const words = new Set<string>()
  do {
    const offset = parser.lexer.start
    const written = parser.name("FlavorExpected", flavorList)
    const word = written.toLowerCase()
    const bit = flavorWords.get(word)
    if (bit === undefined) {
      const hint = suggest(written, flavorSpellings)
      const failure = new CompileFailure(offset, "FlavorExpected", `'${written}'`, flavorList, { hint })
      // The name of the next qualifier, without a comma before it.
      if (parser.is("(") || parser.is("{")) throw failure
      parser.report(failure)
      continue
    }
    words.add(word)
    bits |= bit
    const clash = flavorConflicts.find(({ one, others }) =>
      words.has(one) && others.some((other) => words.has(other)) && (one === word || others.includes(word))
    )
    if (clash !== undefined) parser.fault(clash.code, clash.expected, offset, `'${written}'`)
  } while (separator === undefined ? parser.lexer.kind === "name" : parser.take(separator))
  // A word that clears a bit does so at any position.
  if (words.has("nottoinstance")) bits &= ~Qualifier.Flavor.ToInstance
  if (words.has("nottosubclass")) bits &= ~Qualifier.Flavor.ToSubclass
  else if (separator !== undefined && !words.has("restricted")) bits |= Qualifier.Flavor.ToSubclass
  return bits
}
