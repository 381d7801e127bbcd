/**
 * The events that the sink of a put receives: any number of `Progress`, then one `ObjectPut` if the put succeeds, then one `Completed`
 * (PA-20 to PA-28).
 *
 * @since 0.1.0
 * @module
 */
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import { ofPut } from "./ExtendedStatus.ts"
import type { PutReport } from "./PutReport.ts"
import { isWbemError, type PutError } from "./WbemError.ts"
import type { ExtendedStatus } from "./wbemErrorBase.ts"

/**
 * The object was stored.
 *
 * @since 0.1.0
 * @category models
 */
export interface ObjectPut {
  /** The tag of the event. */
  readonly _tag: "ObjectPut"
  /** The path of the stored object, with server and namespace. */
  readonly path: ObjectPath
  /** The `asyncContext` of the request, unchanged (PA-6). */
  readonly asyncContext: object | null
}

/**
 * A provider or host reports on one put (PA-25, PA-26).
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  /** The tag of the event. */
  readonly _tag: "Progress"
  /** 0 to 65535. */
  readonly upperBound: number
  /** 0 to 65535. */
  readonly current: number
  /** The text of the provider or host. */
  readonly message: string
  /** The `asyncContext` of the request, unchanged (PA-6). */
  readonly asyncContext: object | null
}

/**
 * The call has ended.
 *
 * @since 0.1.0
 * @category models
 */
export interface Completed {
  /** The tag of the event. */
  readonly _tag: "Completed"
  /** The final status, unsigned: 0, a provider's success code, or the number of `error`. */
  readonly hresult: number
  /** `null` when the put succeeded (PA-24). */
  readonly error: PutError | null
  /** The error object: an `__ExtendedStatus` for every failure, `null` when the put succeeded (`errors` 5). */
  readonly errorObject: ExtendedStatus | null
  /** The `asyncContext` of the request, unchanged (PA-6). */
  readonly asyncContext: object | null
}

/**
 * An event of one call.
 *
 * @since 0.1.0
 * @category models
 */
export type SinkEvent = ObjectPut | Progress | Completed

/**
 * A report of a provider or host on one put.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProgressReport {
  /** The number that `current` has at the end. Its low 16 bits count. */
  readonly upperBound: number
  /** How far the put is. The low 16 bits count. */
  readonly current: number
  /** A text for the user; may be empty. */
  readonly message: string
}

/** The members of a put that its events need. */
interface Subject {
  readonly object: WbemObject
  readonly asyncContext: object | null
}

/**
 * A progress event. The two numbers are cut to 16 bits (PA-26).
 *
 * @since 0.1.0
 * @category constructors
 */
export const progress = (put: Subject, report: ProgressReport): Progress => ({
  _tag: "Progress",
  upperBound: report.upperBound & 0xffff,
  current: report.current & 0xffff,
  message: report.message,
  asyncContext: put.asyncContext
})

/**
 * The event of success.
 *
 * @since 0.1.0
 * @category constructors
 */
export const objectPut = (put: Subject, report: PutReport): ObjectPut => ({
  _tag: "ObjectPut",
  path: report.path,
  asyncContext: put.asyncContext
})

/**
 * The final event, of a report or of an error. `relPath` is the `ParameterInfo` of the error object if the error has none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const completed = (
  { asyncContext, object }: Subject,
  outcome: PutReport | PutError,
  relPath?: string | undefined
): Completed => {
  const error = isWbemError(outcome) ? outcome : null
  return {
    _tag: "Completed",
    hresult: outcome.hresult,
    error,
    errorObject: error && ofPut(object, error, relPath),
    asyncContext
  }
}

/**
 * The events with which a call ends.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ending = (
  put: Subject,
  outcome: PutReport | PutError,
  relPath?: string | undefined
): ReadonlyArray<SinkEvent> =>
  isWbemError(outcome) ? [completed(put, outcome, relPath)] : [objectPut(put, outcome), completed(put, outcome)]
