/**
 * Names of classes, properties, methods, qualifiers, namespaces and servers: they compare without case and keep their
 * spelling (`object-model` 13).
 *
 * There are two folds, and in ASCII they never differ:
 *
 * - *Identity* ({@link fold}, {@link equals}) decides whether two texts are the same name or the same key. It compares by simple
 *   one-to-one upper-casing of each UTF-16 code unit. The folded text is written in lower case wherever that keeps it unambiguous.
 *   Stores keep names and keys in this form.
 * - *Order* ({@link compare}) sorts lists. It compares lower-cased code units, so `_` comes before letters.
 *
 * A code unit whose mapping is longer than one unit, and half of a surrogate pair, stays as it is. So a fold depends neither on a
 * locale nor on neighbouring letters, a folded text has the length of the original, and folding twice is folding once.
 *
 * @since 0.1.0
 * @module
 */
import type * as Order from "effect/Order"

const beyondAscii = /[^\x00-\x7f]/

const upperUnit = (unit: string): string => {
  const upper = unit.toUpperCase()
  return upper.length === 1 ? upper : unit
}

const lowerUnit = (unit: string): string => {
  const lower = unit.toLowerCase()
  return lower.length === 1 ? lower : unit
}

/** The lower-case letter of an upper-case one, unless another letter (U+212A beside `K`) has the same lower-case letter. */
const identityUnit = (unit: string): string => {
  const upper = upperUnit(unit)
  const lower = lowerUnit(upper)
  return upperUnit(lower) === upper ? lower : upper
}

const mapUnits = (text: string, unit: (unit: string) => string): string => {
  let mapped = ""
  for (let i = 0; i < text.length; i++) mapped += unit(text.charAt(i))
  return mapped
}

/**
 * The form in which names and key texts are compared and stored: equal for two texts exactly when they are the same identity.
 *
 * @since 0.1.0
 * @category combinators
 */
export const fold = (name: string): string => beyondAscii.test(name) ? mapUnits(name, identityUnit) : name.toLowerCase()

/**
 * Whether two names are the same name.
 *
 * @since 0.1.0
 * @category predicates
 */
export const equals = (a: string, b: string): boolean => a === b || (a.length === b.length && fold(a) === fold(b))

const orderFold = (name: string): string => beyondAscii.test(name) ? mapUnits(name, lowerUnit) : name.toLowerCase()

/**
 * Sorts by lower-cased code units, so `_` comes before letters; where these are equal, by the code units as they stand. This is the
 * order of lists of properties, qualifiers and descendants, and of the keys in a `__RELPATH`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const compare = (a: string, b: string): -1 | 0 | 1 => {
  if (a === b) return 0
  const x = orderFold(a), y = orderFold(b)
  return x < y ? -1 : x > y ? 1 : a < b ? -1 : 1
}

/**
 * {@link compare} as an `Order`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const order: Order.Order<string> = compare

/** Characters that are no letters although they lie in the range of letters: half of a surrogate pair, and U+FEFF, white space in MOF. */
const noLetter = /\ufeff|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

const matches = (grammar: RegExp, text: string): boolean => grammar.test(text) && !noLetter.test(text)

const identifier = /^[A-Za-z_\u0080-\uffef][A-Za-z0-9_\u0080-\uffef]*$/

/**
 * Whether a text is an identifier: first `_`, a letter or U+0080 to U+FFEF, then digits too (`object-model` 13).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isIdentifier = (text: string): boolean => matches(identifier, text)

const userName = /^[A-Za-z\u0080-\uffef](?:[A-Za-z0-9_\u0080-\uffef]*[A-Za-z0-9\u0080-\uffef])?$/

/**
 * Whether users may give this name to a class, property, method, parameter or qualifier: a letter first, then letters, digits and
 * underscores, no underscore at the end (`class-update` 2, rows 4 to 6). Letters are A-Z, a-z and U+0080 to U+FFEF
 * (`object-model` 13).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isUserName = (text: string): boolean => matches(userName, text)

const namespaceName = /^[A-Za-z\u0080-\uffef][A-Za-z0-9_\u0080-\uffef]*$/

/**
 * Whether a namespace may be made under this name: a letter first, then letters, digits and underscores, also at the end
 * (`object-model` 11). Letters are those of {@link isUserName}.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isNamespaceName = (text: string): boolean => matches(namespaceName, text)

/**
 * Whether a name belongs to the system: it begins with two underscores.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isSystemName = (text: string): boolean => text.startsWith("__")

/**
 * The first member whose name is `name`, compared without case.
 *
 * @since 0.1.0
 * @category combinators
 */
export const find = <A extends { readonly name: string }>(members: ReadonlyArray<A>, name: string): A | undefined => {
  for (const member of members) if (member.name === name) return member
  for (const member of members) if (equals(member.name, name)) return member
  return undefined
}

/**
 * Makes a predicate that is true for a name with which it was called before, compared without case.
 *
 * @since 0.1.0
 * @category predicates
 */
export const repetition = (): (name: string) => boolean => {
  const seen = new Set<string>()
  return (name) => seen.size === seen.add(fold(name)).size
}
