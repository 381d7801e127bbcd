/** Names and key texts (`object-model` 13). Written anew from the specification: the folds of the library are under test. */

/** One-to-one: a mapping that is longer than one UTF-16 unit does not count. */
const oneToOne = (text: string, map: (unit: string) => string): string =>
  text.split("").map((unit) => map(unit).length === 1 ? map(unit) : unit).join("")

const cached = (fold: (text: string) => string): (text: string) => string => {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const folded = fold(text)
    if (text.length < 100) known.set(text, folded)
    return folded
  }
}

/** Whether two names are the same: their upper case is equal. */
export const identityFold: (text: string) => string = cached((text) => oneToOne(text, (unit) => unit.toUpperCase()))

/** What lists are sorted by: lower-casing. */
export const orderFold: (text: string) => string = cached((text) => oneToOne(text, (unit) => unit.toLowerCase()))

/** Case never matters for names. */
export const same = (a: string, b: string): boolean => a === b || identityFold(a) === identityFold(b)

/** Where two names are equal in order, by their code units. */
export const compare = (a: string, b: string): number => {
  const x = orderFold(a), y = orderFold(b)
  return x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0
}

export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => compare(a.name, b.name)

export const find = <A extends { readonly name: string }>(list: ReadonlyArray<A>, name: string): A | undefined =>
  list.find((one) => same(one.name, name))

/** A-Z, a-z, U+0080 to U+FFEF; U+FEFF and half of a surrogate pair are no letters. */
const isLetter = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  if (unit < 0x80) return /[A-Za-z]/.test(text[at]!)
  if (unit > 0xffef || unit === 0xfeff) return false
  if (unit >= 0xd800 && unit <= 0xdbff) return /[\udc00-\udfff]/.test(text.charAt(at + 1))
  return unit < 0xdc00 || unit > 0xdfff || /[\ud800-\udbff]/.test(text.charAt(at - 1))
}

/** A letter, then letters, digits and underscores. A namespace may end in an underscore (`object-model` 11). */
export const isGrammatical = (name: string): boolean =>
  name !== "" && isLetter(name, 0)
  && name.split("").every((unit, at) => /[0-9_]/.test(unit) || isLetter(name, at))

/** The same without an underscore at the end: classes, members, parameters, qualifiers. */
export const isLegal = (name: string): boolean => isGrammatical(name) && !name.endsWith("_")
