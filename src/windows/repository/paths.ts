/**
 * The path of an instance that is not put yet, or was refused. It takes the keys of its class, so the class and those above it
 * are read: when the path may be too long, which `PutAsync` refuses before anything begins (`put-async` 3.8), and when an error
 * has to name what is there already. Most puts ask for neither.
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
import type { PutResult } from "../../pipeline/Repository.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import { type AlreadyExists, isWbemError, type NotFound, QuotaViolation } from "../../protocol/WbemError.ts"
import { pathOf } from "./batch.ts"

/** Reads one class; `undefined` if it is not to be had. */
export type Reader<E> = (className: string) => Effect.Effect<ClassDefinition | undefined, E>

/** More than a number, a name's quotes and signs take. */
const perValue = 32
/** No class has so many above it; a computer that says so goes round in a circle. */
const mostAbove = 256

/** Whether a path could be too long, were every value a key and every character escaped. */
export const mayBeLong = (object: WbemObject): boolean => {
  if (object._tag !== "Instance") return false
  let length = object.className.length
  for (const name in object.values) {
    const value = object.values[name]
    length += name.length + perValue + (typeof value === "string" ? 2 * value.length : 0)
  }
  return length > longestPath
}

/** A class and those above it, topmost first; `undefined` if one of them cannot be read. */
const upwards = <E>(
  className: string,
  read: Reader<E>
): Effect.Effect<ReadonlyArray<ClassDefinition> | undefined, E> => {
  const from = (
    name: string,
    below: ReadonlyArray<ClassDefinition>
  ): Effect.Effect<ReadonlyArray<ClassDefinition> | undefined, E> =>
    Effect.flatMap(read(name), (found) => {
      if (found === undefined || below.length === mostAbove) return Effect.succeed(undefined)
      const classes = [found, ...below]
      return found.superclass === undefined ? Effect.succeed(classes) : from(found.superclass, classes)
    })
  return from(className, [])
}

/** The relative path of an instance that is put, as far as the classes that are read tell one. */
const relPath = <E>(put: DecodedPut, read: Reader<E>): Effect.Effect<string | undefined, E> => {
  const { namespace, object } = put
  return object._tag === "Class" ? Effect.succeed(undefined) : Effect.map(
    upwards(object.className, read),
    (classes) =>
      classes === undefined ? undefined : PutEngine.relPath(
        Snapshot.withObjects(Snapshot.empty({ namespaces: [namespace] }), namespace, classes),
        put
      )
  )
}

/** Refuses a path that is too long. If a class cannot be read, it is for the put to say why. */
export const admitted = <E>(put: DecodedPut, read: Reader<E>): Effect.Effect<QuotaViolation | undefined, E> =>
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

/** Whether an error names a path that a number does not tell. */
export const lacksPath = (answer: PutResult): answer is AlreadyExists | NotFound =>
  isWbemError(answer) && (answer.status === "AlreadyExists" || answer.status === "NotFound")
  && (answer.path as ObjectPath.ObjectPath | undefined) === undefined // made of a number

/** The path of what is put: of an instance whose classes cannot be read, the one of its class. */
export const pathFor = <E>(put: DecodedPut, read: Reader<E>): Effect.Effect<ObjectPath.ObjectPath, E> =>
  Effect.map(relPath(put, read), (text) => {
    const { namespace, object } = put
    const found = text === undefined ? undefined : Either.getOrUndefined(pathOf(text))
    return ObjectPath.make({
      ...found ?? { className: object._tag === "Class" ? object.name : object.className },
      namespace
    })
  })
