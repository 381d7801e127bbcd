/**
 * Named value sets: ordered names with values, such as the context of a call. Names compare without case; setting an existing name
 * replaces its value (PA-60). The `context` and the `asyncContext` of a put may be named value sets.
 *
 * @since 0.1.0
 * @module
 */
import type * as Equal from "effect/Equal"
import { dual } from "effect/Function"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import type * as Pipeable from "effect/Pipeable"
import { freezeCopy, isFrozenCopy, markFrozen } from "./immutable.ts"
import * as CimName from "./CimName.ts"
import { content, Value, valueContent } from "./effectValue.ts"
import type { CimValue, OnPrototype } from "./WbemObject.ts"

/**
 * Marks named value sets.
 *
 * @since 0.1.0
 * @category symbols
 */
export const TypeId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/NamedValueSet")

/**
 * An immutable named value set. It is a value of Effect: two sets are equal if their names, compared without case, have equal values in the
 * same order.
 *
 * @since 0.1.0
 * @category models
 */
export interface NamedValueSet extends OnPrototype, Equal.Equal, Inspectable.Inspectable, Pipeable.Pipeable {
  /** Marks named value sets that the library made. */
  readonly [TypeId]: typeof TypeId
  /** The names with their values, in the order in which they were set. */
  readonly entries: ReadonlyArray<readonly [name: string, value: CimValue]>
}

/**
 * A named value set, as builders accept it.
 *
 * @since 0.1.0
 * @category models
 */
export type Input = NamedValueSet | Readonly<Record<string, CimValue>> | Iterable<readonly [string, CimValue]>

/**
 * Whether a value is a named value set.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { NamedValueSet } from "effect-wmi"
 *
 * assert.equal(NamedValueSet.isNamedValueSet(NamedValueSet.make({ Hint: 1 })), true)
 * assert.equal(NamedValueSet.isNamedValueSet({ Hint: 1 }), false)
 * ```
 *
 * @since 0.1.0
 * @category predicates
 */
export const isNamedValueSet = (u: unknown): u is NamedValueSet => typeof u === "object" && u !== null && TypeId in u

/**
 * A set of names and values, which are copied and frozen. Of names that differ only in case the last value is kept, with the position and
 * spelling of the first name.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as Option from "effect/Option"
 * import { NamedValueSet } from "effect-wmi"
 *
 * const context = NamedValueSet.set(NamedValueSet.make({ Hint: 1 }), "hint", 2)
 *
 * assert.deepEqual(NamedValueSet.get(context, "HINT"), Option.some(2))
 * assert.deepEqual(context.entries, [["Hint", 2]])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (input: Input = {}): NamedValueSet => {
  if (isNamedValueSet(input)) return isFrozenCopy(input) ? input : make(input.entries)
  const entries = Symbol.iterator in input ? [...input as Iterable<readonly [string, CimValue]>] : Object.entries(input)
  const byName = new Map<string, readonly [string, CimValue]>()
  for (const [name, value] of entries) {
    const folded = CimName.fold(name)
    byName.set(folded, Object.freeze([byName.get(folded)?.[0] ?? name, freezeCopy(value)] as const))
  }
  return markFrozen(new SetValue(Object.freeze([...byName.values()])))
}

class SetValue extends Value implements NamedValueSet {
  readonly [TypeId]: typeof TypeId = TypeId
  declare readonly entries: NamedValueSet["entries"]

  constructor(entries: NamedValueSet["entries"]) {
    super()
    this.entries = entries
  }

  override [content](): string {
    return JSON.stringify([
      "NamedValueSet",
      this.entries.map(([name, value]) => [CimName.fold(name), valueContent(value)])
    ])
  }
  override [Inspectable.NodeInspectSymbol](): unknown {
    return { _id: "NamedValueSet", entries: this.entries }
  }
}

/**
 * The value of a name; `None` without the name.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Option } from "effect"
 * import { NamedValueSet } from "effect-wmi"
 *
 * const context = NamedValueSet.make({ Hint: 1 })
 * assert.deepEqual(NamedValueSet.get(context, "hint"), Option.some(1))
 * assert.deepEqual(NamedValueSet.get(context, "Other"), Option.none())
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const get: {
  (name: string): (self: NamedValueSet) => Option.Option<CimValue>
  (self: NamedValueSet, name: string): Option.Option<CimValue>
} = /* @__PURE__ */ dual(2, (self: NamedValueSet, name: string): Option.Option<CimValue> => {
  const entry = self.entries.find(([candidate]) => CimName.equals(candidate, name))
  return entry === undefined ? Option.none() : Option.some(entry[1])
})

/**
 * A copy of the set with a value added or replaced. An existing name keeps its position and spelling.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { NamedValueSet } from "effect-wmi"
 *
 * const context = NamedValueSet.set(NamedValueSet.make({ Hint: 1 }), "Other", "text")
 * assert.deepEqual(context.entries, [["Hint", 1], ["Other", "text"]])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const set: {
  (name: string, value: CimValue): (self: NamedValueSet) => NamedValueSet
  (self: NamedValueSet, name: string, value: CimValue): NamedValueSet
} = /* @__PURE__ */ dual(
  3,
  (self: NamedValueSet, name: string, value: CimValue): NamedValueSet => make([...self.entries, [name, value]])
)

/**
 * A copy of the set without a name.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { NamedValueSet } from "effect-wmi"
 *
 * const context = NamedValueSet.remove(NamedValueSet.make({ Hint: 1, Other: "text" }), "HINT")
 * assert.deepEqual(context.entries, [["Other", "text"]])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const remove: {
  (name: string): (self: NamedValueSet) => NamedValueSet
  (self: NamedValueSet, name: string): NamedValueSet
} = /* @__PURE__ */ dual(
  2,
  (self: NamedValueSet, name: string): NamedValueSet =>
    make(self.entries.filter(([candidate]) => !CimName.equals(candidate, name)))
)
