/**
 * What the engine answers: a report for the caller, changes for the store, events for whoever watches, and the providers to
 * ask when the instances live elsewhere. Plain data: it can be shown, logged, inverted or replayed.
 *
 * @since 0.1.0
 */
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { Change } from "../protocol/Change.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"

/**
 * A provider to ask, with the class it serves.
 *
 * @since 0.1.0
 * @category models
 */
export interface ProviderCall {
  readonly provider: string
  readonly className: string
}

/**
 * The decision on a put.
 *
 * @since 0.1.0
 * @category models
 */
export interface Decision {
  readonly report: PutReport
  /** What to write, in order. Empty when nothing alters, or when a provider is to be asked. */
  readonly changes: ReadonlyArray<Change>
  /** What to announce once it is committed (PA-82). */
  readonly events: ReadonlyArray<WbemEvent>
  /** Whom to ask instead of writing, topmost class first (IR-3). */
  readonly delegate: ReadonlyArray<ProviderCall>
}

/**
 * The decision on a delete.
 *
 * @since 0.1.0
 * @category models
 */
export interface DeleteDecision {
  readonly path: ObjectPath
  readonly changes: ReadonlyArray<Change>
  readonly events: ReadonlyArray<WbemEvent>
  readonly delegate: ReadonlyArray<ProviderCall>
}
