/**
 * Reads the classes of a target that the input uses and does not declare. They give the values of instances their types.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as CimName from "../../model/CimName.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import type { Repository } from "../../pipeline/Repository.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import * as Wmi from "../../Wmi.ts"
import type { ClassName, StoredClasses } from "../input/input.ts"

/** Classes that were read, by folded namespace and name; `undefined` for a class that does not exist. */
export type ReadClasses = Map<string, ClassDefinition | undefined>

/** The key of a class in {@link ReadClasses}. */
export const keyOf = ({ name, namespace }: ClassName): string => `${CimName.fold(namespace)}\0${CimName.fold(name)}`

const absent: ReadonlySet<string> = new Set(["NotFound", "InvalidClass", "InvalidNamespace"])

/** The most requests at a time. */
const concurrency = 4

/** A class with its own members, `undefined` if it or its namespace does not exist. */
const classOf = ({ name, namespace }: ClassName): Effect.Effect<ClassDefinition | undefined, WbemError, Repository> =>
  Wmi.get(ObjectPath.make({ className: name }), { namespace }).pipe(
    Effect.map((object) => object._tag === "Class" ? object : undefined),
    Effect.catchIf((error) => absent.has(error.status), () => Effect.succeed(undefined))
  )

/** Reads classes and every class that they derive from into `read`; a class in it is not read again. */
export const readClasses = (
  names: ReadonlyArray<ClassName>,
  read: ReadClasses
): Effect.Effect<void, WbemError, Repository> => {
  const missing = new Map(
    names.filter(({ name }) => !CimName.isSystemName(name)).map((one) => [keyOf(one), one] as const)
      .filter(([key]) => !read.has(key))
  )
  if (missing.size === 0) return Effect.void
  return Effect.flatMap(
    Effect.forEach(
      missing,
      ([key, one]) => Effect.map(classOf(one), (definition) => ({ key, definition, namespace: one.namespace })),
      { concurrency }
    ),
    (found) => {
      for (const { definition, key } of found) read.set(key, definition)
      const above = found.flatMap(({ definition, namespace }) =>
        definition?.superclass === undefined ? [] : [{ namespace, name: definition.superclass }]
      )
      return readClasses(above, read)
    }
  )
}

/** The classes by namespace and name, for the parser. */
export const storedClasses = (read: ReadClasses): StoredClasses => {
  const result = new Map<string, Map<string, ClassDefinition>>()
  for (const [key, definition] of read) {
    if (definition === undefined) continue
    const [namespace, name] = key.split("\0") as [string, string]
    const classes = result.get(namespace) ?? new Map<string, ClassDefinition>()
    result.set(namespace, classes.set(name, definition))
  }
  return result
}
