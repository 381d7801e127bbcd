/**
 * The system properties of a class or an instance. They are computed when they are read and never stored
 * (`object-model` 10).
 *
 * @since 0.1.0
 * @module
 */
import * as CimName from "../../model/CimName.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import * as WbemObjects from "../../model/WbemObject.ts"
import * as Identity from "../identity.ts"
import type { ResolvedClass } from "./ResolvedClass.ts"
import * as Snapshot from "../state/Snapshot.ts"
import { effective, valuesOf } from "../values.ts"

/**
 * The system properties, in the order of Microsoft's samples; `null` is NULL.
 *
 * @since 0.1.0
 * @category models
 */
export interface SystemProperties {
  /** 1 for a class, 2 for an instance. */
  readonly __GENUS: 1 | 2
  /** The name of the class. */
  readonly __CLASS: string | null
  /** The direct superclass; NULL for a root class. */
  readonly __SUPERCLASS: string | null
  /** The topmost ancestor; a root class is its own. */
  readonly __DYNASTY: string | null
  /** The path without server and namespace; NULL without a class name, or while a key is NULL. */
  readonly __RELPATH: string | null
  /** Inherited ones included. */
  readonly __PROPERTY_COUNT: number
  /** Parent first. */
  readonly __DERIVATION: ReadonlyArray<string>
  /** The name of the server, `.` for the local one. */
  readonly __SERVER: string
  /** The namespace; its first element is `ROOT` when the object was read from a repository. */
  readonly __NAMESPACE: string
  /** The full path; NULL when `__RELPATH` is. */
  readonly __PATH: string | null
}

/**
 * The server and the namespace that an object was read from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Binding {
  /** The name of the server, `.` for the local one. */
  readonly server: string
  /** The full name of the namespace. */
  readonly namespace: string
}

/**
 * The namespace in the system properties of an object that was read from a repository: the first element is `ROOT`, the
 * rest is spelled as the connection spells it (`object-model` 10). The path in the report of a put is not changed
 * (PA-75).
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceAsRead = (namespace: string): string =>
  /^root(?=\\|$)/i.test(namespace) ? `ROOT${namespace.slice(4)}` : namespace

const ancestors = (resolvedClass: ResolvedClass | undefined): ReadonlyArray<string> => {
  const names: Array<string> = []
  for (let at = resolvedClass; at !== undefined; at = at.parent) names.push(at.name)
  return names
}

/** The number of own members of an object that is not stored, without those that an ancestor declares. */
const addedPropertyCount = (object: WbemObject, parent: ResolvedClass | undefined): number => {
  const own = object._tag === "Class" ? object.properties.map(({ name }) => name) : Object.keys(object.values)
  return own.filter((name) => parent?.properties.every((property) => !CimName.equals(property.name, name)) ?? true)
    .length
}

const relPath = (object: WbemObject, resolvedClass: ResolvedClass | undefined): string | null => {
  if (object._tag === "Class") return object.name === "" ? null : object.name
  if (resolvedClass === undefined || resolvedClass.root === undefined) return null
  const { values } = valuesOf(resolvedClass, object)
  if (!resolvedClass.isSingleton && resolvedClass.keys.some((key) => effective(values, key) === null)) return null
  return ObjectPath.relPath({
    server: undefined,
    namespace: undefined,
    className: resolvedClass.name,
    keys: Identity.keysOf(resolvedClass, values),
    singleton: resolvedClass.isSingleton
  })
}

/**
 * The classes that the system properties of an object are computed from.
 *
 * @since 0.1.0
 * @category models
 */
export interface RelatedClasses {
  /** The stored class of that name; for an instance its class. */
  readonly stored: ResolvedClass | undefined
  /** The superclass. */
  readonly parent: ResolvedClass | undefined
}

/** A missing or empty name of a superclass means that there is none. */
const nonEmptyName = (name: string | undefined): string | undefined => name === "" ? undefined : name

/**
 * The system properties of an object, computed from its classes.
 *
 * @since 0.1.0
 * @category combinators
 */
export const fromClasses = (
  object: WbemObject,
  { parent, stored }: RelatedClasses,
  { namespace, server }: Binding
): SystemProperties => {
  const name = WbemObjects.className(object)
  const isClass = object._tag === "Class"
  const superclass = nonEmptyName(isClass ? object.superclass : stored?.parent?.name)
  const above = ancestors(parent)
  const derivation = above.length === 0 && superclass !== undefined ? [superclass] : above
  const own = isClass ? (name === "" ? null : name) : stored?.name ?? (name === "" ? null : name)
  const path = relPath(object, stored)
  return {
    __GENUS: isClass ? 1 : 2,
    __CLASS: own,
    __SUPERCLASS: derivation[0] ?? null,
    __DYNASTY: derivation[derivation.length - 1] ?? own,
    __RELPATH: path,
    __PROPERTY_COUNT: isClass || stored === undefined
      ? (parent?.properties.length ?? 0) + addedPropertyCount(object, parent)
      : stored.properties.length,
    __DERIVATION: derivation,
    __SERVER: server,
    __NAMESPACE: namespace,
    __PATH: path === null ? null : `\\\\${server}\\${namespace}:${path}`
  }
}

/**
 * The system properties of an object in a namespace. The object need not be stored: a class names its own superclass;
 * an instance of an unknown class has no ancestors and no path. {@link namespaceAsRead} gives the spelling of the
 * namespace, except for an instance of a provider, whose namespace stays as it was given.
 *
 * @since 0.1.0
 * @category combinators
 */
export const of = (
  snapshot: Snapshot.Snapshot,
  object: WbemObject,
  { namespace, server }: Binding
): SystemProperties => {
  const name = WbemObjects.className(object)
  const stored = name === "" ? undefined : Snapshot.resolvedClass(snapshot, namespace, name)
  const superclass = nonEmptyName(object._tag === "Class" ? object.superclass : stored?.parent?.name)
  const parent = superclass === undefined ? undefined : Snapshot.resolvedClass(snapshot, namespace, superclass)
  const isProvided = object._tag === "Instance" && stored?.isDynamic === true
  return fromClasses(object, { stored, parent }, {
    server,
    namespace: isProvided ? namespace : namespaceAsRead(namespace)
  })
}
