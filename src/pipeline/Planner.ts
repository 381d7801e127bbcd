/**
 * The dry run: the decision on a put without its commit. Only an emulated repository provides it, so a program that plans a put
 * does not compile over a Windows host.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Decision } from "../engine/Decision.ts"
import type { ValidatedPut } from "../engine/PutRules.ts"
import type { PutError } from "../protocol/WbemError.ts"

/**
 * The service of dry runs.
 *
 * @since 0.1.0
 * @category services
 */
export interface Planner {
  /** The changes, events and report that a put would have, or its error. Nothing is written. */
  readonly plan: (put: ValidatedPut) => Effect.Effect<Decision, PutError>
}

/**
 * The service of dry runs.
 *
 * @since 0.1.0
 * @category services
 */
export const Planner: Context.Tag<Planner, Planner> = /* @__PURE__ */ Context.GenericTag<Planner>("effect-wmi/Planner")
