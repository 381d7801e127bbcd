/**
 * Qualifiers: a name, a value and flavours, on a class, instance, property, method or parameter (`qualifiers` 1 and 2).
 *
 * @since 0.1.0
 * @module
 */
import { dual } from "effect/Function"
import * as CimName from "./CimName.ts"

/**
 * A qualifier's value: boolean, sint32, real64, string, or an array of one of them.
 *
 * @since 0.1.0
 * @category models
 */
export type QualifierValue =
  | boolean
  | number
  | string
  | ReadonlyArray<boolean>
  | ReadonlyArray<number>
  | ReadonlyArray<string>

/**
 * The type of a qualifier's value. It distinguishes the integer `1` from the real `1.0`, which JavaScript does not.
 *
 * @since 0.1.0
 * @category models
 */
export type QualifierType = "boolean" | "sint32" | "real64" | "string"

/**
 * A qualifier of a class, an instance or a member.
 *
 * @since 0.1.0
 * @category models
 */
export interface Qualifier {
  /** The name; it compares without case. */
  readonly name: string
  /** The value. */
  readonly value: QualifierValue
  /** The type of the value. */
  readonly type: QualifierType
  /** The bits of {@link Flavor}, added up. */
  readonly flavor: number
}

/**
 * The flavour bits that a put accepts (`qualifiers` 2).
 *
 * @since 0.1.0
 * @category models
 */
export const Flavor: {
  readonly ToInstance: 0x01
  readonly ToSubclass: 0x02
  readonly DisableOverride: 0x10
  readonly Amended: 0x80
} = { ToInstance: 0x01, ToSubclass: 0x02, DisableOverride: 0x10, Amended: 0x80 }

/**
 * The flavour bit of an inherited qualifier, its origin (`qualifiers` 2). A put does not accept it.
 *
 * @since 0.1.0
 * @category models
 */
export const propagated: number = 0x20

/**
 * The flavour with which `Key` and `CIMTYPE` are reported: to instances, to subclasses, not overridable.
 *
 * @since 0.1.0
 * @category models
 */
export const keyFlavor: number = 0x13

const typeOf = (value: unknown): QualifierType => {
  switch (typeof value) {
    case "boolean":
      return "boolean"
    case "number":
      // An integer beyond sint32 is no value of a qualifier (`qualifiers` 1); the put refuses it.
      return Number.isInteger(value) ? "sint32" : "real64"
    default:
      return "string"
  }
}

const typeOfAll = (value: unknown): QualifierType => {
  if (!Array.isArray(value)) return typeOf(value)
  const types = value.map(typeOf)
  return types.includes("real64") ? "real64" : types[0] ?? "string"
}

/** The names of the wire dictionary. A qualifier of such a name is spelled as here, however it was written (`qualifiers` 1). */
const dictionary: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ ["key", "read", "write", "volatile", "provider", "dynamic", "CIMTYPE"].map((
    name
  ) => [name.toLowerCase(), name])
)

/** The length of `provider` and `volatile`. Most names of a schema are longer, and need no folding. */
const longestWord = 8

/**
 * The spelling under which a qualifier is stored, listed and printed: that of the wire dictionary for `key`, `read`, `write`,
 * `volatile`, `provider`, `dynamic` and `CIMTYPE`, else as written (`qualifiers` 1).
 *
 * @since 0.1.0
 * @category combinators
 */
export const spelling = (name: string): string =>
  name.length > longestWord ? name : dictionary.get(CimName.fold(name)) ?? name

/**
 * A qualifier. The name gets its {@link spelling}. The default flavour 0 is that of COM's `Put` with flavour 0 and of MOF without a
 * flavour: the qualifier propagates nowhere and may be overridden. The default flavour of `Key` is {@link keyFlavor}.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { ClassDefinition, Qualifier } from "effect-wmi"
 *
 * const toSubclass = Qualifier.Flavor.ToSubclass
 * const Disk = ClassDefinition.make("Demo_Disk", {}, {
 *   qualifiers: [Qualifier.make("Description", "a disk", { flavor: toSubclass })]
 * })
 *
 * assert.equal(Qualifier.find(Disk.qualifiers, "description")?.flavor, toSubclass)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  name: string,
  value: QualifierValue = true,
  options?: { readonly flavor?: number | undefined; readonly type?: QualifierType | undefined }
): Qualifier => {
  const type = options?.type ?? typeOfAll(value)
  // An integer has one zero. The -0 of JavaScript is replaced, because MOF text has no form for it.
  const zero = <A>(one: A): A | 0 => type === "sint32" && one === 0 ? 0 : one
  return Object.freeze({
    name: spelling(name),
    value: Array.isArray(value) ? Object.freeze(value.map(zero)) as QualifierValue : zero(value),
    type,
    flavor: options?.flavor ?? (CimName.equals(name, "key") ? keyFlavor : 0)
  })
}

/**
 * Qualifiers, as builders accept them: a list, or a record of name to value or to `{ value, flavor, type }`.
 *
 * @since 0.1.0
 * @category models
 */
export type Input =
  | ReadonlyArray<Qualifier>
  | Readonly<
    Record<
      string,
      QualifierValue | { readonly value: QualifierValue; readonly flavor?: number; readonly type?: QualifierType }
    >
  >

/**
 * The empty list that objects without qualifiers share.
 *
 * @since 0.1.0
 * @category constructors
 */
export const none: ReadonlyArray<Qualifier> = /* @__PURE__ */ Object.freeze([])

/**
 * A frozen list of qualifiers.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Qualifier } from "effect-wmi"
 *
 * const qualifiers = Qualifier.list({
 *   read: true,
 *   Description: { value: "a disk", flavor: Qualifier.Flavor.ToSubclass }
 * })
 *
 * assert.deepEqual(qualifiers.map(({ flavor, name, type }) => [name, type, flavor]), [
 *   ["read", "boolean", 0],
 *   ["Description", "string", 2]
 * ])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const list = (input?: Input | undefined): ReadonlyArray<Qualifier> => {
  if (input === undefined) return none
  if (Array.isArray(input)) {
    return Object.freeze((input as ReadonlyArray<Qualifier>).map((q) => make(q.name, q.value, q)))
  }
  return Object.freeze(
    Object.entries(input).map(([name, value]) =>
      typeof value === "object" && !Array.isArray(value) && value !== null
        ? make(name, (value as { value: QualifierValue }).value, value as { flavor?: number; type?: QualifierType })
        : make(name, value as QualifierValue)
    )
  )
}

/**
 * The qualifier of that name, compared without case.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Qualifier } from "effect-wmi"
 *
 * const qualifiers = Qualifier.list({ Description: "a disk" })
 * assert.equal(Qualifier.find(qualifiers, "description")?.value, "a disk")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const find: {
  (name: string): (qualifiers: ReadonlyArray<Qualifier>) => Qualifier | undefined
  (qualifiers: ReadonlyArray<Qualifier>, name: string): Qualifier | undefined
} = /* @__PURE__ */ dual(
  2,
  (qualifiers: ReadonlyArray<Qualifier>, name: string): Qualifier | undefined => CimName.find(qualifiers, name)
)

/**
 * Whether the list has a qualifier of that name, with any value.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Qualifier } from "effect-wmi"
 *
 * assert.equal(Qualifier.has(Qualifier.list({ read: false }), "Read"), true)
 * ```
 *
 * @since 0.1.0
 * @category predicates
 */
export const has: {
  (name: string): (qualifiers: ReadonlyArray<Qualifier>) => boolean
  (qualifiers: ReadonlyArray<Qualifier>, name: string): boolean
} = /* @__PURE__ */ dual(
  2,
  (qualifiers: ReadonlyArray<Qualifier>, name: string): boolean => CimName.find(qualifiers, name) !== undefined
)

/**
 * Whether an object or member has the qualifier with the value TRUE.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Property, Qualifier } from "effect-wmi"
 *
 * const size = Property.make("uint64", { qualifiers: { read: true, write: false } })
 * assert.equal(Qualifier.isTrue(size, "read"), true)
 * assert.equal(Qualifier.isTrue(size, "write"), false)
 * ```
 *
 * @since 0.1.0
 * @category predicates
 */
export const isTrue: {
  (name: string): (carrier: { readonly qualifiers: ReadonlyArray<Qualifier> } | undefined) => boolean
  (carrier: { readonly qualifiers: ReadonlyArray<Qualifier> } | undefined, name: string): boolean
} = /* @__PURE__ */ dual(
  2,
  (carrier: { readonly qualifiers: ReadonlyArray<Qualifier> } | undefined, name: string): boolean =>
    carrier !== undefined && CimName.find(carrier.qualifiers, name)?.value === true
)

/**
 * Whether two qualifier values are the same value of the same type. Two empty arrays are the same value, whatever their types.
 *
 * @since 0.1.0
 * @category predicates
 */
export const sameValue: {
  (b: Qualifier): (a: Qualifier) => boolean
  (a: Qualifier, b: Qualifier): boolean
} = /* @__PURE__ */ dual(2, (a: Qualifier, b: Qualifier): boolean => {
  if (!Array.isArray(a.value) || !Array.isArray(b.value)) return a.type === b.type && Object.is(a.value, b.value)
  const x: ReadonlyArray<unknown> = a.value, y: ReadonlyArray<unknown> = b.value
  if (x.length === 0 && y.length === 0) return true
  return a.type === b.type && x.length === y.length && x.every((element, i) => Object.is(element, y[i]))
})

/**
 * Whether two qualifiers are equal: name without case, value and flavour.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Qualifier } from "effect-wmi"
 *
 * const read = Qualifier.make("read")
 * assert.equal(Qualifier.equals(read, Qualifier.make("Read", true)), true)
 * assert.equal(Qualifier.equals(read, Qualifier.make("read", true, { flavor: 2 })), false)
 * ```
 *
 * @since 0.1.0
 * @category predicates
 */
export const equals: {
  (b: Qualifier): (a: Qualifier) => boolean
  (a: Qualifier, b: Qualifier): boolean
} = /* @__PURE__ */ dual(
  2,
  (a: Qualifier, b: Qualifier): boolean => a.flavor === b.flavor && CimName.equals(a.name, b.name) && sameValue(a, b)
)
