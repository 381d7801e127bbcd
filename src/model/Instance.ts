/**
 * Builds instances and reads their values.
 *
 * @since 0.1.0
 * @module
 */
import type * as DateTime from "effect/DateTime"
import { dual } from "effect/Function"
import * as Option from "effect/Option"
import { hasProperty } from "effect/Predicate"
import { freezeObject, freezeValues, markFrozen } from "./immutable.ts"
import * as CimName from "./CimName.ts"
import { instanceOf, instanceWith } from "./effectValue.ts"
import * as Qualifier from "./Qualifier.ts"
import { type CimValue, type Instance as Model, InstanceTypeId, type PlainValue } from "./WbemObject.ts"

/**
 * Marks instances that the library made.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Instance } from "effect-wmi"
 *
 * assert.ok(Instance.TypeId in Instance.make("Demo_Disk", { Id: "C:" }))
 * ```
 *
 * @since 0.1.0
 * @category symbols
 */
export const TypeId: typeof InstanceTypeId = InstanceTypeId

/**
 * An instance of a class; see `WbemObject`.
 *
 * @since 0.1.0
 * @category models
 */
export type Instance = Model

/**
 * A value, as builders accept it. A 64-bit property accepts a safe integer or decimal text too, a datetime accepts a `Date` or an Effect
 * `DateTime`; `undefined` leaves the property unset.
 *
 * @since 0.1.0
 * @category models
 */
export type Input =
  | PlainValue
  | Date
  | DateTime.DateTime
  | ReadonlyArray<Date | DateTime.DateTime | PlainValue>
  | undefined

/**
 * The parts of an instance besides its class and values.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The qualifiers of the instance itself. */
  readonly qualifiers?: Qualifier.Input | undefined
  /** Qualifiers that are set on single properties of this instance, by property name. */
  readonly propertyQualifiers?: Readonly<Record<string, Qualifier.Input>> | undefined
  /** Whether the instance was read with amended qualifiers merged in (PA-91). */
  readonly amended?: boolean | undefined
}

/**
 * An instance of `className`. The values are copied and frozen: a later change of the given objects does not change the instance.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Instance } from "effect-wmi"
 *
 * const disk = Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n, Label: null })
 *
 * assert.deepEqual(Object.keys(disk.values), ["Id", "FreeSpace", "Label"])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (className: string, values: Readonly<Record<string, Input>>, options?: Options): Model =>
  markFrozen(instanceOf(
    className,
    freezeValues(values),
    Qualifier.list(options?.qualifiers),
    options?.propertyQualifiers === undefined ? undefined : Object.freeze(Object.fromEntries(
      Object.entries(options.propertyQualifiers).map(([name, input]) => [name, Qualifier.list(input)])
    )),
    options?.amended === true ? true : undefined
  ))

/**
 * Whether a value is an instance that the library made. A plain object of the same shape is none, although a put accepts it: see
 * `WbemObject.isWbemObject`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Instance } from "effect-wmi"
 *
 * const disk = Instance.make("Demo_Disk", { Id: "C:" })
 * assert.equal(Instance.isInstance(disk), true)
 * assert.equal(Instance.isInstance({ ...disk }), false)
 * ```
 *
 * @since 0.1.0
 * @category guards
 */
export const isInstance = (u: unknown): u is Model => hasProperty(u, TypeId)

/**
 * The value of a property, its name compared without case. It is `None` when the property is unset, and `Option.some(null)` when it is
 * NULL.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as Option from "effect/Option"
 * import { Instance } from "effect-wmi"
 *
 * const disk = Instance.make("Demo_Disk", { Id: "C:", Label: null })
 *
 * assert.deepEqual(Instance.get(disk, "ID"), Option.some("C:"))
 * assert.deepEqual(Instance.get(disk, "Label"), Option.some(null))
 * assert.deepEqual(Instance.get(disk, "FreeSpace"), Option.none())
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const get: {
  (property: string): (instance: Model) => Option.Option<CimValue>
  (instance: Model, property: string): Option.Option<CimValue>
} = /* @__PURE__ */ dual(2, (instance: Model, property: string): Option.Option<CimValue> => {
  if (Object.hasOwn(instance.values, property)) return Option.some(instance.values[property]!)
  for (const name of Object.keys(instance.values)) {
    if (CimName.equals(name, property)) return Option.some(instance.values[name]!)
  }
  return Option.none()
})

/**
 * A copy of the instance with some values replaced or added. Names are compared without case; a name that is there keeps its spelling.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Instance } from "effect-wmi"
 *
 * const disk = Instance.set(Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 1 }), { freespace: 2 })
 *
 * assert.deepEqual({ ...disk.values }, { Id: "C:", FreeSpace: 2 })
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const set: {
  (values: Readonly<Record<string, Input>>): (instance: Model) => Model
  (instance: Model, values: Readonly<Record<string, Input>>): Model
} = /* @__PURE__ */ dual(2, (instance: Model, values: Readonly<Record<string, Input>>): Model => {
  const next = new Map<string, Input>(Object.entries(instance.values))
  const spellings = new Map(Array.from(next.keys(), (name) => [CimName.fold(name), name]))
  for (const [name, value] of Object.entries(values)) {
    const folded = CimName.fold(name)
    const known = spellings.get(folded) ?? name
    spellings.set(folded, known)
    next.set(known, value)
  }
  return freezeObject(instanceWith(instance, { values: Object.fromEntries(next) as Model["values"] }))
})
