/**
 * The identity of an instance within its key root (ID-1 to ID-3), and the keys of its path.
 *
 * @since 0.1.0
 */
import * as CimName from "../model/CimName.ts"
import type { CimType } from "../model/CimType.ts"
import { none } from "../model/immutable.ts"
import { type Key, make, type ObjectPath, ofParts } from "../model/ObjectPath.ts"
import type { CimValue } from "../model/WbemObject.ts"
import type { EffectiveProperty, ResolvedClass } from "./classes/ResolvedClass.ts"
import type { RowKey } from "./state/namespaceTables.ts"
import { effective } from "./values.ts"

const isFolded = (type: CimType): boolean => type === "string" || type === "datetime" || type === "reference"

/**
 * The part of a key property that identifies instances.
 *
 * @since 0.1.0
 * @category models
 */
export type KeyProperty = Pick<EffectiveProperty, "name" | "shadowed" | "type" | "value">

/**
 * The part of a class that identifies its instances. The keys are sorted by name.
 *
 * @since 0.1.0
 * @category models
 */
export interface KeyedClass extends Pick<ResolvedClass, "isSingleton"> {
  readonly keys: ReadonlyArray<KeyProperty>
}

/** The part of one key: text without case, numbers by value (ID-2). */
const keyPart = (property: KeyProperty, value: CimValue): RowKey => {
  if (typeof value === "number") return value
  if (typeof value === "string") return isFolded(property.type) ? CimName.fold(value) : value
  return String(value)
}

/**
 * The identity within the key root: the number of a single integer key, otherwise text. `undefined` while a key is NULL
 * or when the class has no key. The parts of a compound key are joined by U+0000, which no value contains.
 *
 * @since 0.1.0
 * @category constructors
 */
export const rowKey = (
  resolvedClass: KeyedClass,
  values: Readonly<Record<string, CimValue>>
): RowKey | undefined => {
  if (resolvedClass.isSingleton) return "@"
  const keys = resolvedClass.keys
  if (keys.length === 0) return undefined
  if (keys.length === 1) {
    const value = effective(values, keys[0]!)
    return value === null ? undefined : keyPart(keys[0]!, value)
  }
  let joined = ""
  for (let i = 0; i < keys.length; i++) {
    const value = effective(values, keys[i]!)
    if (value === null) return undefined
    joined += i === 0 ? keyPart(keys[i]!, value) : "\0" + keyPart(keys[i]!, value)
  }
  return joined
}

/**
 * The frozen keys of the path of an instance, in the order of a `__RELPATH`. Every key must have a value.
 *
 * @since 0.1.0
 * @category constructors
 */
export const keysOf = (
  resolvedClass: KeyedClass,
  values: Readonly<Record<string, CimValue>>
): ReadonlyArray<Key> => {
  if (resolvedClass.isSingleton) return none
  // `map` allocates an array of the right size. One that grows by `push` starts with room for seventeen.
  return Object.freeze(
    resolvedClass.keys.map((property) =>
      Object.freeze({ name: property.name, value: effective(values, property) as Key["value"] })
    )
  )
}

/**
 * The path of an instance; without values the path of its class. It is frozen, because the report, the events and the
 * changes of a put share it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pathOf = (
  server: string | undefined,
  namespace: string | undefined,
  resolvedClass: ResolvedClass,
  values?: Readonly<Record<string, CimValue>>
): ObjectPath =>
  Object.freeze(ofParts(
    server,
    namespace,
    resolvedClass.name,
    values === undefined ? none : keysOf(resolvedClass, values),
    values !== undefined && resolvedClass.isSingleton
  ))

/**
 * A path with the namespace in the spelling of the call, as a put reports it (PA-75). Changes and events keep the stored spelling.
 *
 * @since 0.1.0
 * @category combinators
 */
export const spelledFor = (path: ObjectPath, namespace: string): ObjectPath =>
  path.namespace?.startsWith(namespace) === true
    ? path
    : Object.freeze(make({ ...path, namespace: namespace + (path.namespace ?? "").slice(namespace.length) }))
