/**
 * The classes of one namespace with what they inherit, and what their objects are by them: paths, and values without inherited NULLs.
 *
 * @internal
 */
import type { ResolvedClass } from "../../engine/classes/ResolvedClass.ts"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import { effective } from "../../engine/values.ts"
import * as CimName from "../../model/CimName.ts"
import { instanceWith } from "../../model/effectValue.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { CimValue, ClassDefinition, Instance, WbemObject } from "../../model/WbemObject.ts"
import * as Identity from "../../engine/identity.ts"

/** Classes of one namespace. */
export interface Schema {
  readonly namespace: string
  /** A class with everything it inherits. */
  readonly resolved: (name: string) => ResolvedClass | undefined
  /** A class with its own members. */
  readonly classOf: (name: string) => ClassDefinition | undefined
}

const schemaIn = (snapshot: Snapshot.Snapshot, namespace: string): Schema => {
  const resolved = (name: string) => Snapshot.resolvedClass(snapshot, namespace, name)
  return { namespace, resolved, classOf: (name) => resolved(name)?.definition }
}

/** The classes, parents first, beside the system classes. */
export const schemaOf = (namespace: string, classes: Iterable<ClassDefinition>): Schema =>
  schemaIn(Snapshot.withObjects(Snapshot.empty({ namespaces: [namespace] }), namespace, classes), namespace)

const isNull = (value: CimValue | undefined): boolean => value === undefined || value === null

const shownValue = (value: CimValue, schema: Schema): CimValue => {
  if (Array.isArray(value)) return value.map((element: CimValue) => shownValue(element, schema)) as CimValue
  return typeof value === "object" && value !== null && (value as WbemObject)._tag === "Instance"
    ? shown(value as Instance, schema)
    : value
}

/**
 * The instance with every value but the NULLs that its class supplies. An instance that was read has every property of its class, and
 * Windows does not say which of them were set.
 */
export const shown = (instance: Instance, schema: Schema): Instance => {
  const resolved = schema.resolved(instance.className)
  if (resolved === undefined) return instance
  const values: Record<string, CimValue> = {}
  for (const property of resolved.properties) {
    const value = effective(instance.values, property)
    if (isNull(value) && isNull(property.value)) continue
    Object.defineProperty(values, property.name, {
      value: shownValue(value, schema),
      configurable: true,
      enumerable: true,
      writable: true
    })
  }
  return instanceWith(instance, { values })
}

/** The path of an instance or class, without a server. */
export const pathIn = (schema: Schema, object: WbemObject): ObjectPath.ObjectPath => {
  const { namespace } = schema
  if (object._tag === "Class") return ObjectPath.make({ namespace, className: object.name })
  const resolved = schema.resolved(object.className)
  return resolved === undefined
    ? ObjectPath.make({ namespace, className: object.className })
    : Identity.pathOf(undefined, namespace, resolved, object.values)
}

const compareKey = (a: ObjectPath.KeyValue, b: ObjectPath.KeyValue): number =>
  typeof a === "string" && typeof b === "string" ? CimName.compare(a, b) : a < b ? -1 : a > b ? 1 : 0

/** The order of paths of one namespace in lists: by class, then by key, numbers by value. */
export const comparePaths = (a: ObjectPath.ObjectPath, b: ObjectPath.ObjectPath): number => {
  const byClass = CimName.compare(a.className ?? "", b.className ?? "")
  if (byClass !== 0) return byClass
  for (const [i, key] of a.keys.entries()) {
    const other = b.keys[i]
    const byKey = other === undefined ? 1 : compareKey(key.value, other.value)
    if (byKey !== 0) return byKey
  }
  return a.keys.length - b.keys.length
}
