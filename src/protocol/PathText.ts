/**
 * The functions of `ObjectPath` that can fail, with the error of WMI: `InvalidObjectPath`, which has the position, or `InvalidNamespace`.
 *
 * @since 0.1.0
 * @module
 */
import * as Either from "effect/Either"
import { dual } from "effect/Function"
import { otherServer } from "../model/limits.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import { InvalidNamespace, InvalidObjectPath } from "./WbemError.ts"

/**
 * The error of a path fault.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromFault = ({ input, position, reason }: ObjectPath.PathFault): InvalidObjectPath =>
  new InvalidObjectPath({ input, position, detail: reason })

/**
 * {@link ObjectPath.parse}, failing with `InvalidObjectPath`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (
  text: string,
  options?: ObjectPath.ParseOptions
): Either.Either<ObjectPath.ObjectPath, InvalidObjectPath> => Either.mapLeft(ObjectPath.parse(text, options), fromFault)

/**
 * {@link ObjectPath.bind}, failing with `InvalidObjectPath` (`object-path` 4).
 *
 * @since 0.1.0
 * @category combinators
 */
export const bind: {
  (target: ObjectPath.ClassKeys): (path: ObjectPath.Parts) => Either.Either<ObjectPath.ObjectPath, InvalidObjectPath>
  (
    path: ObjectPath.Parts,
    target: ObjectPath.ClassKeys
  ): Either.Either<ObjectPath.ObjectPath, InvalidObjectPath>
} = /* @__PURE__ */ dual(
  2,
  (path: ObjectPath.Parts, target: ObjectPath.ClassKeys): Either.Either<ObjectPath.ObjectPath, InvalidObjectPath> =>
    Either.mapLeft(ObjectPath.bind(path, target), fromFault)
)

/**
 * The namespace in a text such as `root\\cimv2`, `root/cimv2` or `\\\\.\\root\\cimv2` (`object-path` 1). Fails with `InvalidNamespace` for a
 * text that is no namespace, and for a server that is not the own one: `.`, `localhost` or `server`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as Either from "effect/Either"
 * import { PathText } from "effect-wmi"
 *
 * assert.equal(Either.getOrThrow(PathText.parseNamespace("//win01/root/corp", "WIN01")), "root\\corp")
 * const refused = Either.flip(PathText.parseNamespace("\\\\win01\\root\\corp"))
 * assert.match(Either.getOrThrow(refused).message, /it is on another computer/)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const parseNamespace = (text: string, server = "."): Either.Either<string, InvalidNamespace> => {
  const refused = (detail: string) =>
    Either.left(new InvalidNamespace({ namespace: text, rule: "object-path 1", detail }))
  const parsed = ObjectPath.parse(text, { singleIdentAsNamespace: true })
  if (Either.isLeft(parsed)) return refused(`${parsed.left.reason} at position ${parsed.left.position}`)
  const { namespace, server: named } = parsed.right
  if (namespace === undefined || ObjectPath.kind(parsed.right) !== "namespace") return refused("it names no namespace")
  return ObjectPath.isOwnServer(named, server) ? Either.right(namespace) : refused(otherServer)
}
