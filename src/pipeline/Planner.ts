/**
 * The dry run: a decision without its commit. Only a repository that decides itself can offer it; asking a Windows host for a
 * plan does not compile.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Decision } from "../engine/Decision.ts"
import type { ValidatedPut } from "../engine/PutRules.ts"
import type { WbemError } from "../protocol/WbemError.ts"

/**
 * The service of dry runs.
 *
 * @since 0.1.0
 * @category services
 */
export interface Planner {
  readonly plan: (put: ValidatedPut) => Effect.Effect<Decision, WbemError>
}

/**
 * The service of dry runs.
 *
 * @since 0.1.0
 * @category services
 */
export const Planner: Context.Tag<Planner, Planner> = /* @__PURE__ */ Context.GenericTag<Planner>("effect-wmi/Planner")
