/**
 * The error object of a refusal (`errors` 5): an `__ExtendedStatus` with the operation, what it was about, who refused, the number
 * and a line of text. Scripts know it as `SWbemLastError`.
 *
 * The sink of a put gets it with `Completed`. For an error that is the value of a program (one raised at the start, one of a
 * delete) it is made here (EO-4).
 *
 * @since 0.1.0
 */
import * as ObjectPath from "../model/ObjectPath.ts"
import * as WbemObject from "../model/WbemObject.ts"
import type { WbemError } from "./WbemError.ts"
import type { ExtendedStatus } from "./wbemErrorBase.ts"

export type { ExtendedStatus } from "./wbemErrorBase.ts"

/**
 * What a provider or host supplied with an error, if it is an instance at all: it comes from the other side.
 *
 * @since 0.1.0
 * @category combinators
 */
export const extendedOf = ({ extended }: WbemError): ExtendedStatus | undefined =>
  WbemObject.isWbemObject(extended) && WbemObject.isInstance(extended) ? extended : undefined

/**
 * The error object: what a provider or host supplied, completed with what WMI sets itself. `parameterInfo` counts if the error
 * itself does not say better. The operation is named as published error objects of real systems do (K-8): `PutClass`,
 * `DeleteInstance`, `GetObject`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (error: WbemError, operation: string, parameterInfo: string): ExtendedStatus => {
  const given = extendedOf(error)
  return {
    _tag: "Instance",
    className: given?.className ?? "__ExtendedStatus",
    values: {
      StatusCode: error.hresult,
      Description: error.message,
      ...given?.values,
      Operation: operation,
      ParameterInfo: error.parameterInfo ?? parameterInfo,
      ProviderName: given?.values["ProviderName"] ?? "WinMgmt"
    },
    qualifiers: []
  }
}

/**
 * The error object of a refused put. `relPath` is the relative path of the instance, where one could be formed; without it the
 * class is named.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofPut = (object: WbemObject.WbemObject, error: WbemError, relPath?: string | undefined): ExtendedStatus =>
  make(error, object._tag === "Class" ? "PutClass" : "PutInstance", relPath ?? WbemObject.className(object))

/**
 * The error object of a refused delete.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofDelete = (path: ObjectPath.ObjectPath, error: WbemError): ExtendedStatus =>
  make(error, ObjectPath.kind(path) === "class" ? "DeleteClass" : "DeleteInstance", ObjectPath.relPath(path))

/**
 * The error object of a refused look.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofGet = (path: ObjectPath.ObjectPath, error: WbemError): ExtendedStatus =>
  make(error, "GetObject", ObjectPath.relPath(path))
