/**
 * The names of a context that WMI reads: the `__PUT_EXT*` names of partial updates (`instance-put` 6).
 *
 * @since 0.1.0
 * @module
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { shown } from "../model/coercionErrorText.ts"
import * as NamedValueSet from "../model/NamedValueSet.ts"
import type { CimValue, ObjectKind } from "../model/WbemObject.ts"
import type { PutOptions } from "./PutFlags.ts"
import type { Extensions } from "./PutRequest.ts"
import { InvalidContext } from "./WbemError.ts"

/** TRUE if the context has other names of this family. @since 0.1.0 @category names */
export const EXTENSIONS = "__PUT_EXTENSIONS"
/** Set by clients, against re-entrancy. @since 0.1.0 @category names */
export const CLIENT_REQUEST = "__PUT_EXT_CLIENT_REQUEST"
/** The properties to write. @since 0.1.0 @category names */
export const PROPERTIES = "__PUT_EXT_PROPERTIES"
/** TRUE if NULLs are written too. @since 0.1.0 @category names */
export const STRICT_NULLS = "__PUT_EXT_STRICT_NULLS"
/** TRUE if the update is all or nothing. @since 0.1.0 @category names */
export const ATOMIC = "__PUT_EXT_ATOMIC"

const none: Either.Either<undefined, never> = Either.right(undefined)

const refuse = (contextName: string, detail: string, rule: string): Either.Either<never, InvalidContext> =>
  Either.left(new InvalidContext({ contextName, detail, rule }))

/**
 * The partial update that a context requests; `undefined` for a full put and for the put of a class (IP-15). Fails with `InvalidContext`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const decode = (
  context: NamedValueSet.NamedValueSet | undefined,
  options: PutOptions,
  kind: ObjectKind
): Either.Either<Extensions | undefined, InvalidContext> => {
  if (context === undefined || kind === "Class") return none
  const read = (name: string): CimValue | undefined => Option.getOrUndefined(NamedValueSet.get(context, name))
  for (const name of [EXTENSIONS, CLIENT_REQUEST, STRICT_NULLS, ATOMIC]) {
    const value = read(name)
    if (value !== undefined && typeof value !== "boolean") {
      return refuse(name, `must be a boolean, ${shown(value)} given`, "IX-8")
    }
  }
  const properties = read(PROPERTIES)
  if (
    properties !== undefined
    && !(Array.isArray(properties) && properties.length > 0 && properties.every((p) => typeof p === "string"))
  ) {
    return refuse(PROPERTIES, `must be a non-empty array of strings, ${shown(properties)} given`, "IP-4")
  }
  const family = [PROPERTIES, STRICT_NULLS, ATOMIC].find((name) => read(name) !== undefined)
  if (read(EXTENSIONS) !== true) {
    return family === undefined ? none : refuse(family, `needs ${EXTENSIONS} TRUE beside it`, "IP-3")
  }
  if (options.mode !== "UpdateOnly") return refuse(EXTENSIONS, "a partial update needs UpdateOnly", "IP-1")
  if (family === undefined) {
    return refuse(EXTENSIONS, `needs one of ${PROPERTIES}, ${STRICT_NULLS}, ${ATOMIC} beside it`, "IP-2")
  }
  return Either.right({
    properties: properties as ReadonlyArray<string> | undefined,
    strictNulls: read(STRICT_NULLS) === true,
    atomic: read(ATOMIC) === true
  })
}

/**
 * The context that a provider receives: without {@link CLIENT_REQUEST} (IP-14).
 *
 * @since 0.1.0
 * @category combinators
 */
export const forProvider = (
  context: NamedValueSet.NamedValueSet | undefined
): NamedValueSet.NamedValueSet | undefined =>
  context === undefined ? undefined : NamedValueSet.remove(context, CLIENT_REQUEST)
