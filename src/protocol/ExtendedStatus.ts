/**
 * The error object of a failed call (`errors` 5): an `__ExtendedStatus` with the operation, its object, the provider that failed, the
 * number and a line of text. For scripts it is `SWbemLastError`.
 *
 * The sink of a put receives it with `Completed`. For the error of a program (a put that fails at its start, a delete) the caller makes
 * it with the functions of this module (EO-4).
 *
 * @since 0.1.0
 * @module
 */
import { instanceOf } from "../model/effectValue.ts"
import { none } from "../model/immutable.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import * as WbemObject from "../model/WbemObject.ts"
import type { WbemError } from "./WbemError.ts"
import type { ExtendedStatus } from "./wbemErrorBase.ts"

export type { ExtendedStatus } from "./wbemErrorBase.ts"

/**
 * The error object that a provider or host supplied with an error; `undefined` without one, and for a value that is no instance.
 *
 * @since 0.1.0
 * @category combinators
 */
export const extendedOf = ({ extended }: WbemError): ExtendedStatus | undefined =>
  WbemObject.isWbemObject(extended) && extended._tag === "Instance" ? extended as ExtendedStatus : undefined

/**
 * The error object: the members that a provider or host supplied, completed with those that WMI sets itself. `parameterInfo` is used if the
 * error has none. The operation has the name that error objects of real systems have (K-8): `PutClass`, `DeleteInstance`, `GetObject`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (error: WbemError, operation: string, parameterInfo: string): ExtendedStatus => {
  const given = extendedOf(error)
  return instanceOf(given?.className ?? "__ExtendedStatus", {
    StatusCode: error.hresult,
    Description: error.message,
    ...given?.values,
    Operation: operation,
    ParameterInfo: error.parameterInfo ?? parameterInfo,
    ProviderName: given?.values["ProviderName"] ?? "WinMgmt"
  }, none)
}

/**
 * The error object of a failed put. `relPath` is the relative path of the instance, if it has one; without it the object names the
 * class.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofPut = (object: WbemObject.WbemObject, error: WbemError, relPath?: string | undefined): ExtendedStatus =>
  make(error, object._tag === "Class" ? "PutClass" : "PutInstance", relPath ?? WbemObject.className(object))

/**
 * The error object of a failed delete.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofDelete = (path: ObjectPath.ObjectPath, error: WbemError): ExtendedStatus =>
  make(error, ObjectPath.kind(path) === "class" ? "DeleteClass" : "DeleteInstance", ObjectPath.relPath(path))

/**
 * The error object of a failed read of an object.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofGet = (path: ObjectPath.ObjectPath, error: WbemError): ExtendedStatus =>
  make(error, "GetObject", ObjectPath.relPath(path))
