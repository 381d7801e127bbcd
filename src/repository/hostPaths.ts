/**
 * Whether the path of an instance is too long: `PutAsync` refuses such a call before anything begins (`put-async` 3.8), so it is
 * found out on this side. Most instances are too small to ask; of the others the class and those above it are read.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as PutEngine from "../engine/PutEngine.ts"
import * as Snapshot from "../engine/Snapshot.ts"
import type { ClassDefinition, WbemObject } from "../model/WbemObject.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import { QuotaViolation } from "../protocol/WbemError.ts"

/** Most characters of a relative path (WBEM_MAX_PATH). */
const longest = 8192
/** More than a number, a name's quotes and signs take. */
const perValue = 32

/** Whether a path could be too long, were every value a key and every character escaped. */
export const mayBeLong = (object: WbemObject): boolean => {
  if (object._tag !== "Instance") return false
  let length = object.className.length
  for (const name in object.values) {
    const value = object.values[name]
    length += name.length + perValue + (typeof value === "string" ? 2 * value.length : 0)
  }
  return length > longest
}

/** Refuses a path that is too long; `classes` are the one of the instance and those above it. */
const tooLong = (put: DecodedPut, classes: ReadonlyArray<ClassDefinition>): QuotaViolation | undefined => {
  const { namespace } = put
  const path = PutEngine.relPath(
    Snapshot.withObjects(Snapshot.empty({ namespaces: [namespace] }), namespace, classes),
    put
  )
  return path !== undefined && path.length > longest
    ? new QuotaViolation({ limit: "relative path", maximum: longest, rule: "put-async 3.8", parameterInfo: path })
    : undefined
}

/** Lets a put in whose path is not too long. `read` reads one class; if one cannot be read, it is for the put to say why. */
export const admitted = <E>(
  put: DecodedPut,
  read: (className: string) => Effect.Effect<ClassDefinition | undefined, E>
): Effect.Effect<QuotaViolation | undefined, E> => {
  const from = (
    className: string,
    below: ReadonlyArray<ClassDefinition>
  ): Effect.Effect<QuotaViolation | undefined, E> =>
    Effect.flatMap(read(className), (found) => {
      if (found === undefined) return Effect.succeed(undefined)
      const classes = [found, ...below]
      return found.superclass === undefined ? Effect.succeed(tooLong(put, classes)) : from(found.superclass, classes)
    })
  return put.object._tag === "Instance" && mayBeLong(put.object)
    ? from(put.object.className, [])
    : Effect.succeed(undefined)
}
