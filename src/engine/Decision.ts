/**
 * The result of a decision as plain data: a report for the caller, changes for the store, events for subscribers, and
 * the providers to call when a provider serves the instances. It can be printed, logged, inverted or replayed.
 *
 * @since 0.1.0
 * @module
 */
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { Change } from "../protocol/Change.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"

/**
 * A call of a provider: its name and the class that it serves.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProviderCall {
  /** The value of the qualifier `provider`; `""` when the class has none. */
  readonly provider: string
  /** The class that the provider serves. */
  readonly className: string
}

/**
 * The decision on a put.
 *
 * @since 0.1.0
 * @category models
 */
export interface Decision {
  /** The report of the put, if the changes are committed. */
  readonly report: PutReport
  /** The writes, in order. Empty when nothing changes, or when a provider serves the class. */
  readonly changes: ReadonlyArray<Change>
  /** The events to deliver after the commit (PA-82). */
  readonly events: ReadonlyArray<WbemEvent>
  /** The providers to call instead of writing, topmost class first (IR-3). */
  readonly delegate: ReadonlyArray<ProviderCall>
}

/**
 * The decision on a delete.
 *
 * @since 0.1.0
 * @category models
 */
export interface DeleteDecision {
  /** The path of the deleted object. */
  readonly path: ObjectPath
  /** The changes, in order. Empty when a provider serves the class. */
  readonly changes: ReadonlyArray<Change>
  /** The events to deliver after the commit (PA-82). */
  readonly events: ReadonlyArray<WbemEvent>
  /** The providers to call instead of deleting, topmost class first (IR-3). */
  readonly delegate: ReadonlyArray<ProviderCall>
}
