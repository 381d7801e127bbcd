/**
 * The path of an instance that is not stored yet, or whose put failed. It depends on the keys of its class, so the class and its
 * superclasses are read. It is needed in two cases only: when the path may be too long, which fails the put before it starts
 * (`put-async` 3.8), and when an error names the path of the object.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as PutEngine from "../../engine/PutEngine.ts"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import { longestPath } from "../../model/limits.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { ClassDefinition, WbemObject } from "../../model/WbemObject.ts"
import type { HostResult } from "./batch.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import { type AlreadyExists, isWbemError, type NotFound, QuotaViolation } from "../../protocol/WbemError.ts"
import { parseReportedPath } from "./batch.ts"

/** Reads one class; `undefined` if it cannot be read. */
export type ClassReader<E> = (className: string) => Effect.Effect<ClassDefinition | undefined, E>

/** An upper bound of the characters of a number, and of the quotes and signs of one key. */
const valueOverhead = 32
/** The largest number of superclasses that are read. More mean a cycle in the answers of the computer. */
const maxAncestors = 256

/** Whether the path could be too long if every property were a key and every character escaped. */
export const mayExceedPathLimit = (object: WbemObject): boolean => {
  if (object._tag !== "Instance") return false
  let length = object.className.length
  for (const name in object.values) {
    const value = object.values[name]
    length += name.length + valueOverhead + (typeof value === "string" ? 2 * value.length : 0)
  }
  return length > longestPath
}

/** A class and its superclasses, topmost first; `undefined` if one of them cannot be read. */
const readLineage = <E>(
  className: string,
  read: ClassReader<E>
): Effect.Effect<ReadonlyArray<ClassDefinition> | undefined, E> => {
  const from = (
    name: string,
    subclasses: ReadonlyArray<ClassDefinition>
  ): Effect.Effect<ReadonlyArray<ClassDefinition> | undefined, E> =>
    Effect.flatMap(read(name), (definition) => {
      if (definition === undefined || subclasses.length === maxAncestors) return Effect.succeed(undefined)
      const classes = [definition, ...subclasses]
      return definition.superclass === undefined ? Effect.succeed(classes) : from(definition.superclass, classes)
    })
  return from(className, [])
}

/** The relative path of an instance; `undefined` if its classes cannot be read or do not determine it. */
const relPath = <E>(put: DecodedPut, read: ClassReader<E>): Effect.Effect<string | undefined, E> => {
  const { namespace, object } = put
  return object._tag === "Class" ? Effect.succeed(undefined) : Effect.map(
    readLineage(object.className, read),
    (classes) =>
      classes === undefined ? undefined : PutEngine.relPath(
        Snapshot.withObjects(Snapshot.empty({ namespaces: [namespace] }), namespace, classes),
        put
      )
  )
}

/** The error of a path that is too long. If a class cannot be read, the put itself reports why. */
export const pathLimitError = <E>(
  put: DecodedPut,
  read: ClassReader<E>
): Effect.Effect<QuotaViolation | undefined, E> =>
  Effect.map(
    relPath(put, read),
    (path) =>
      path !== undefined && path.length > longestPath
        ? new QuotaViolation({
          limit: "relative path",
          maximum: longestPath,
          rule: "put-async 3.8",
          parameterInfo: path
        })
        : undefined
  )

/** Whether an error has a path field that is not set, because the error was made from an HRESULT. */
export const lacksPath = (answer: HostResult): answer is AlreadyExists | NotFound =>
  isWbemError(answer) && (answer._tag === "WbemAlreadyExists" || answer._tag === "WbemNotFound")
  && (answer.path as ObjectPath.ObjectPath | undefined) === undefined

/** The path of the object of a put. For an instance whose classes cannot be read it is the path of its class. */
export const pathFor = <E>(put: DecodedPut, read: ClassReader<E>): Effect.Effect<ObjectPath.ObjectPath, E> =>
  Effect.map(relPath(put, read), (text) => {
    const { namespace, object } = put
    const definition = text === undefined ? undefined : Either.getOrUndefined(parseReportedPath(text))
    return ObjectPath.make({
      ...definition ?? { className: object._tag === "Class" ? object.name : object.className },
      namespace
    })
  })
