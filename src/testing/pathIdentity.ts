/**
 * Comparison of the path of a call with the path that a rule or a pattern names: the spelling of names, the order of keys and the name
 * of a single key do not matter.
 *
 * @internal
 */
import * as Either from "effect/Either"
import * as CimName from "../model/CimName.ts"
import * as ObjectPath from "../model/ObjectPath.ts"

/** A path of a class or of an instance, or what is wrong with the value. */
export const objectPathOf = (given: unknown): Either.Either<ObjectPath.ObjectPath & { className: string }, string> => {
  if (typeof given === "object" && given !== null && Array.isArray((given as ObjectPath.ObjectPath).keys)) {
    const { className } = given as ObjectPath.ObjectPath
    return typeof className === "string" && CimName.isIdentifier(className)
      ? Either.right(given as ObjectPath.ObjectPath & { className: string })
      : Either.left(
        `${className === undefined ? "the path" : JSON.stringify(className)} names no class and no instance`
      )
  }
  if (typeof given !== "string") return Either.left(`${String(given)} is no path`)
  const parsed = ObjectPath.parse(given)
  if (Either.isLeft(parsed)) {
    return Either.left(`${JSON.stringify(given)}: ${parsed.left.reason} at position ${parsed.left.position}`)
  }
  return parsed.right.className === undefined
    ? Either.left(`${JSON.stringify(given)} names no class and no instance`)
    : Either.right(parsed.right as ObjectPath.ObjectPath & { className: string })
}

/** The identity of a path within its namespace. A single key without a name equals the same value with a name. */
export const identityOf = (path: ObjectPath.ObjectPath): string => {
  const [only, ...more] = path.keys
  const keys = only !== undefined && more.length === 0 ? [{ name: undefined, value: only.value }] : path.keys
  return ObjectPath.key(ObjectPath.make({ className: path.className, singleton: path.singleton, keys }))
}

/** Whether the relative path of a call, as text, has an identity. */
export const hasIdentity = (path: string | undefined, identity: string): boolean => {
  if (path === undefined) return false
  const parsed = ObjectPath.parse(path)
  return Either.isRight(parsed) && identityOf(parsed.right) === identity
}

export const isInstancePath = ({ keys, singleton }: ObjectPath.ObjectPath): boolean => keys.length > 0 || singleton
