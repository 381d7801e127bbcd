/**
 * Names of classes, properties, methods, qualifiers, namespaces and servers: they compare without case and keep their
 * spelling (`object-model` 13).
 *
 * One fold for the whole library: each UTF-16 code unit is lower-cased on its own, by the invariant table, and kept as it
 * is where that would change its length. So the fold never depends on a locale or on neighbouring letters (no final sigma,
 * no dotted I), a folded text has the length of the original, and folding twice is folding once. Whatever a store keeps as
 * a key is this fold.
 *
 * @since 0.1.0
 */
import type * as Order from "effect/Order"

const beyondAscii = /[^\x00-\x7f]/

const foldUnit = (unit: string): string => {
  const lower = unit.toLowerCase()
  return lower.length === 1 ? lower : unit
}

/**
 * The form in which names are compared and stored as keys.
 *
 * @since 0.1.0
 * @category combinators
 */
export const fold = (name: string): string => {
  if (!beyondAscii.test(name)) return name.toLowerCase()
  let folded = ""
  for (let i = 0; i < name.length; i++) folded += foldUnit(name.charAt(i))
  return folded
}

/**
 * Whether two names are the same name.
 *
 * @since 0.1.0
 * @category predicates
 */
export const equals = (a: string, b: string): boolean => a === b || (a.length === b.length && fold(a) === fold(b))

/**
 * Sorts by folded code units, so `_` comes before letters. This is the order of keys in a `__RELPATH`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const compare = (a: string, b: string): -1 | 0 | 1 => {
  const x = fold(a), y = fold(b)
  return x < y ? -1 : x > y ? 1 : 0
}

/**
 * {@link compare} as an `Order`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const order: Order.Order<string> = compare

const identifier = /^[A-Za-z_\u0080-\uffef][A-Za-z0-9_\u0080-\uffef]*$/

/**
 * Whether a text is an identifier: first `_`, a letter or U+0080 to U+FFEF, then digits too (`object-model` 13).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isIdentifier = (text: string): boolean => identifier.test(text)

const userName = /^[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?$/

/**
 * Whether users may give this name to a class, property, method or qualifier: ASCII letter first, then letters, digits and
 * underscores, no underscore at the end (`class-update` 2, rows 4 to 6).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isUserName = (text: string): boolean => userName.test(text)

const namespaceName = /^[A-Za-z][A-Za-z0-9_]*$/

/**
 * Whether a namespace may be made under this name: ASCII letter first, then letters, digits and underscores, also at the end
 * (`object-model` 11).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isNamespaceName = (text: string): boolean => namespaceName.test(text)

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
 * Tells of one name after another whether it has been there before, compared without case.
 *
 * @since 0.1.0
 * @category predicates
 */
export const repetition = (): (name: string) => boolean => {
  const seen = new Set<string>()
  return (name) => seen.size === seen.add(fold(name)).size
}
