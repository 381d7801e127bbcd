/**
 * What to do about an error of MOF text: a hint for each kind of error that its message alone does not explain, and
 * suggestions for misspelt words.
 *
 * @internal
 */
import { nearest } from "../model/text/nearestName.ts"
import type { CodeName } from "./errors.ts"

/** The hint of an error that has none of its own. */
export const hints: Readonly<Partial<Record<CodeName, string>>> = {
  QualifierNameExpected: "a list of qualifiers is [Name, Name(value), Name{value, value}]",
  OpenBraceExpected: "the body stands in braces: { ... };",
  CloseBracketExpected: "a list of qualifiers and the size of an array end with ']'",
  CloseParenExpected: "close the parenthesis with ')'",
  TypeExpected: "a property is 'type Name;', a method is 'type Name(...);'",
  OpenParenExpected: "a method is 'void Name(...);'",
  TypedefNotSupported: "use the simple type itself; list the values in the qualifiers Values and ValueMap",
  UnexpectedArray: "an array is declared 'type Name[];'",
  AliasNameExpected: "an alias is $Name, without a blank",
  DollarExpected: "an alias is $Name",
  InvalidClassDeclaration: "a class is 'class Name : Superclass { ... };'",
  InvalidInstanceDeclaration: "an instance is 'instance of Class { ... };'",
  ClassNameExpected: "the name of a class begins with a letter",
  CimtypeNotAllowed: "take CIMTYPE off; the type stands before the name",
  DuplicateQualifier: "remove one of the two",
  DuplicateAlias: "rename one of the two",
  NullArrayElement: "leave the element out",
  InOutRequired: "write [In], [Out] or [In, Out] before the type",
  ArrayReturn: "use an [Out] parameter for the array",
  AliasInEmbedded: "write the object in place, or its path in quotes",
  BraceOrTypeExpected: "a member of a class begins with its qualifiers or its type",
  InvalidNamespaceSpecification: "put into another computer with a connection to it, not with a pragma",
  InvalidFile: "decompile it first"
}

/** The question after a misspelt word. */
export const didYouMean = (word: string): string => `did you mean "${word}"?`

/** More words are not searched: an error must not cost more than the text. */
const mostWords = 20_000

const letters = (word: string): string => [...word.toLowerCase()].sort().join("")

/**
 * The word that a misspelt one may stand for. Of words that are equally near, one with the same letters is preferred:
 * `unit32` stands for `uint32`.
 */
export const nearestWord = (misspelt: string, words: Iterable<string>): string | undefined => {
  const all = [...words]
  if (all.length > mostWords || misspelt.length > 64) return undefined
  // `nearest` takes words that are at most two letters away.
  const list = all.filter(({ length }) => Math.abs(length - misspelt.length) <= 2)
  const exchanged = letters(misspelt)
  const isSame = (word: string): boolean => word.length === misspelt.length && letters(word) === exchanged
  let rest = [...list.filter(isSame), ...list].map((name) => ({ name }))
  // `nearest` looks at 200 names at most: the best of each group come into the next round.
  while (rest.length > 200) {
    const best: Array<{ readonly name: string }> = []
    for (let i = 0; i < rest.length; i += 200) {
      const name = nearest(rest.slice(i, i + 200), misspelt)
      if (name !== undefined) best.push({ name })
    }
    rest = best
  }
  const near = nearest(rest, misspelt)
  return near === misspelt ? undefined : near
}

/**
 * The searches of one compilation among the names of its text. A text may have thousands of misspelt names and of names
 * to compare them with, so that the number of comparisons is limited: the names that are misspelt after that have no
 * suggestion.
 */
export class NameSearch {
  private left = 100_000

  /** The name that a misspelt one may stand for. */
  nearest(misspelt: string, names: ReadonlyArray<string>): string | undefined {
    if (names.length > this.left) return undefined
    this.left -= names.length
    return nearestWord(misspelt, names)
  }
}

/** The suggestion for a misspelt word; `undefined` when no word is near. */
export const suggest = (misspelt: string, words: Iterable<string>): string | undefined => {
  const near = nearestWord(misspelt, words)
  return near === undefined ? undefined : didYouMean(near)
}
