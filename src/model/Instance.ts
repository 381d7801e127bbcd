/**
 * Instances: build one, read a value without minding case.
 *
 * @since 0.1.0
 */
import type * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { freezeObject, freezeValues, markFrozen } from "./immutable.ts"
import * as CimName from "./CimName.ts"
import * as Qualifier from "./Qualifier.ts"
import type { CimValue, Instance as Model } from "./WbemObject.ts"

/**
 * An instance of a class; see `WbemObject`.
 *
 * @since 0.1.0
 * @category models
 */
export type Instance = Model

/**
 * What people have at hand for a value. A safe integer or decimal text will do for a 64-bit property, a `Date` or an Effect
 * `DateTime` for a datetime; `undefined` leaves the property unset.
 *
 * @since 0.1.0
 * @category models
 */
export type Input = CimValue | Date | DateTime.DateTime | ReadonlyArray<Date | DateTime.DateTime | CimValue> | undefined

/**
 * What an instance can be given besides its values.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly qualifiers?: Qualifier.Input | undefined
  readonly propertyQualifiers?: Readonly<Record<string, Qualifier.Input>> | undefined
  readonly amended?: boolean | undefined
}

/**
 * An instance of `className` with the given values, taken as they are now.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (className: string, values: Readonly<Record<string, Input>>, options?: Options): Model => {
  const base: Model = {
    _tag: "Instance",
    className,
    values: freezeValues(values),
    qualifiers: Qualifier.list(options?.qualifiers)
  }
  if (options === undefined || (options.propertyQualifiers === undefined && options.amended === undefined)) {
    return markFrozen(base)
  }
  return markFrozen({
    ...base,
    ...(options.propertyQualifiers === undefined ? {} : {
      propertyQualifiers: Object.freeze(Object.fromEntries(
        Object.entries(options.propertyQualifiers).map(([name, input]) => [name, Qualifier.list(input)])
      ))
    }),
    ...(options.amended === true ? { amended: true } : {})
  })
}

/**
 * The value of a property, its name compared without case. None when it is unset; `Option.some(null)` when it is NULL.
 *
 * @since 0.1.0
 * @category combinators
 */
export const get = (instance: Model, property: string): Option.Option<CimValue> => {
  if (Object.hasOwn(instance.values, property)) return Option.some(instance.values[property]!)
  for (const name of Object.keys(instance.values)) {
    if (CimName.equals(name, property)) return Option.some(instance.values[name]!)
  }
  return Option.none()
}

/**
 * The instance with some values replaced. Names are compared without case and keep the spelling they had.
 *
 * @since 0.1.0
 * @category combinators
 */
export const set = (instance: Model, values: Readonly<Record<string, Input>>): Model => {
  const next = new Map<string, Input>(Object.entries(instance.values))
  const spellings = new Map(Array.from(next.keys(), (name) => [CimName.fold(name), name]))
  for (const [name, value] of Object.entries(values)) {
    const folded = CimName.fold(name)
    const known = spellings.get(folded) ?? name
    spellings.set(folded, known)
    next.set(known, value)
  }
  return freezeObject({ ...instance, values: Object.fromEntries(next) as Model["values"] })
}
