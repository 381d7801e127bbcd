/**
 * The outcome of one put of many. `Unknown` is an outcome of its own: the answer was lost after the put was sent, so the object may have
 * been stored.
 *
 * @since 0.1.0
 * @module
 */
import { dual } from "effect/Function"
import type { PutReport } from "./PutReport.ts"
import type { PutRequest } from "./PutRequest.ts"
import type { PutError } from "./WbemError.ts"

/**
 * The outcome of one put.
 *
 * @since 0.1.0
 * @category models
 */
export type PutOutcome =
  | { readonly _tag: "Committed"; readonly request: PutRequest; readonly report: PutReport }
  | { readonly _tag: "Rejected"; readonly request: PutRequest; readonly error: PutError }
  | { readonly _tag: "NotStarted"; readonly request: PutRequest; readonly error: PutError }
  | { readonly _tag: "Unknown"; readonly request: PutRequest; readonly error: PutError }

/**
 * Counts over outcomes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Tally {
  /** Every outcome. */
  readonly total: number
  /** Committed: the object is new. */
  readonly created: number
  /** Committed: the object existed and was changed. */
  readonly updated: number
  /** Committed: the object existed with this content. */
  readonly unchanged: number
  /** Committed by a repository that does not report whether the object existed before. */
  readonly stored: number
  /** Stored objects that the puts deleted (PA-83): the sum of `PutReport.deleted`. */
  readonly removed: number
  /** Refused by a rule, a check or the store. Nothing was written. */
  readonly rejected: number
  /** Not sent: the storage or the host could not be reached. Nothing was written. */
  readonly notStarted: number
  /** Sent without an answer. The object may have been stored. */
  readonly unknown: number
}

/**
 * The tally of no outcomes.
 *
 * @since 0.1.0
 * @category models
 */
export const emptyTally: Tally = {
  total: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  stored: 0,
  removed: 0,
  rejected: 0,
  notStarted: 0,
  unknown: 0
}

/**
 * Adds an outcome to a tally, for `Stream.scan` or `Array.reduce`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const tally: {
  (outcome: PutOutcome): (self: Tally) => Tally
  (self: Tally, outcome: PutOutcome): Tally
} = /* @__PURE__ */ dual(2, (self: Tally, outcome: PutOutcome): Tally => {
  const next = { ...self, total: self.total + 1 }
  switch (outcome._tag) {
    case "Committed": {
      const counted = outcome.report.disposition.toLowerCase() as "created" | "updated" | "unchanged" | "stored"
      next[counted]++
      next.removed += outcome.report.deleted ?? 0
      return next
    }
    case "Rejected":
      return { ...next, rejected: self.rejected + 1 }
    case "NotStarted":
      return { ...next, notStarted: self.notStarted + 1 }
    case "Unknown":
      return { ...next, unknown: self.unknown + 1 }
  }
})
