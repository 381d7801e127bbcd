/**
 * Reads classes of a target with every class that they need: the classes above them, and those of the objects in their default values.
 * `put` reads the classes that its files use, its dry run over a Windows computer copies them, and the printers of objects look up types.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as CimName from "../../model/CimName.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { CimValue, ClassDefinition, WbemObject } from "../../model/WbemObject.ts"
import type { Repository } from "../../pipeline/Repository.ts"
import type { GetError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import type { ClassName } from "../input/knownClasses.ts"
import { type Schema, schemaOf } from "./schema.ts"

/** Classes that were read, by folded namespace and name; `undefined` for a class that does not exist. */
export type ReadClasses = Map<string, ClassDefinition | undefined>

/** The key of a class in {@link ReadClasses}. */
export const keyOf = ({ name, namespace }: ClassName): string => `${CimName.fold(namespace)}\0${CimName.fold(name)}`

/** The statuses of a class or an instance that does not exist. */
export const absent: ReadonlySet<string> = new Set(["NotFound", "InvalidClass", "InvalidNamespace"])

/** The most requests at a time. */
export const concurrency = 4

/** The objects that a value embeds. */
const embeddedIn = (value: CimValue): ReadonlyArray<WbemObject> =>
  Array.isArray(value)
    ? value.flatMap((element: CimValue) => embeddedIn(element))
    : typeof value === "object" && value !== null
    ? [value as WbemObject]
    : []

/** The names of the classes that an object needs beside itself. */
export const neededClasses = (object: WbemObject): ReadonlyArray<string> =>
  object._tag === "Class"
    ? [
      ...object.superclass === undefined ? [] : [object.superclass],
      ...object.properties.flatMap(({ value }) => embeddedIn(value ?? null).flatMap(neededClasses))
    ]
    : [object.className, ...Object.values(object.values).flatMap((value) => embeddedIn(value).flatMap(neededClasses))]

/** A class with its own members, `undefined` if it or its namespace does not exist. */
const classOf = ({ name, namespace }: ClassName): Effect.Effect<ClassDefinition | undefined, GetError, Repository> =>
  Wmi.get(ObjectPath.make({ className: name }), { namespace }).pipe(
    Effect.map((object) => object._tag === "Class" ? object : undefined),
    Effect.catchIf((error) => absent.has(error.status), () => Effect.succeed(undefined))
  )

/** Reads classes and every class that they need into `read`. A class in it is not read again, and a system class is not read. */
export const readClasses = (
  names: ReadonlyArray<ClassName>,
  read: ReadClasses
): Effect.Effect<void, GetError, Repository> => {
  const missing = new Map(names.map((one) => [keyOf(one), one] as const).filter(([key]) => !read.has(key)))
  const system = new Map<string, Schema>()
  for (const [key, { name, namespace }] of missing) {
    if (!CimName.isSystemName(name)) continue
    const known = system.get(namespace) ?? schemaOf(namespace, [])
    system.set(namespace, known)
    if (known.resolved(name) !== undefined) missing.delete(key)
  }
  if (missing.size === 0) return Effect.void
  return Effect.flatMap(
    Effect.forEach(
      missing,
      ([key, one]) => Effect.map(classOf(one), (definition) => ({ key, definition, namespace: one.namespace })),
      { concurrency }
    ),
    (found) => {
      for (const { definition, key } of found) read.set(key, definition)
      const needed = found.flatMap(({ definition, namespace }) =>
        definition === undefined ? [] : neededClasses(definition).map((name) => ({ namespace, name }))
      )
      return readClasses(needed, read)
    }
  )
}

/** The classes of a namespace that were read, each behind the classes above it. */
export const classesIn = (read: ReadClasses, namespace: string): ReadonlyArray<ClassDefinition> => {
  const ordered = new Map<string, ClassDefinition>()
  const add = (name: string): void => {
    const key = keyOf({ namespace, name })
    const definition = read.get(key)
    if (definition === undefined || ordered.has(key)) return
    if (definition.superclass !== undefined) add(definition.superclass)
    ordered.set(key, definition)
  }
  for (const [key, definition] of read) {
    if (definition !== undefined && key.startsWith(`${CimName.fold(namespace)}\0`)) add(definition.name)
  }
  return [...ordered.values()]
}

/** Reads the classes that some objects of a namespace need. A class that does not exist is left out. */
export const loadSchema = (
  namespace: string,
  objects: ReadonlyArray<WbemObject>
): Effect.Effect<Schema, GetError, Repository> =>
  Effect.suspend(() => {
    const read: ReadClasses = new Map()
    const names = [...new Set(objects.flatMap(neededClasses))].map((name) => ({ namespace, name }))
    return Effect.map(readClasses(names, read), () => schemaOf(namespace, classesIn(read, namespace)))
  })
