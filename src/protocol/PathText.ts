/**
 * The functions of `ObjectPath` that can fail, with the error of WMI: `InvalidObjectPath`, which has the position.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { dual } from "effect/Function"
import * as ObjectPath from "../model/ObjectPath.ts"
import { InvalidObjectPath } from "./WbemError.ts"

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
