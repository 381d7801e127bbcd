/**
 * Stage 2 of 4: `DecodedPut` → `ValidatedPut`. Says what a valid put is.
 *
 * Checks look at the request alone and run here. Whatever needs the namespace (does the class exist, is a key missing) is a
 * rule: it travels with the put and is asked inside the transaction, because between a look and a write the namespace may
 * change. The standard rules live in `engine/rules`.
 *
 * Replace it with `PutValidator.layerWith(...)` to add checks or rules, or provide your own `PutValidator` to start over.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as PutRules from "../engine/PutRules.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import type { WbemError } from "../protocol/WbemError.ts"

/**
 * A look at the request before the transaction. It may be any Effect; its failure ends the put and is told to the sink.
 *
 * @since 0.1.0
 * @category models
 */
export type Check = (put: DecodedPut) => Effect.Effect<void, WbemError>

/**
 * The service of stage 2.
 *
 * @since 0.1.0
 * @category services
 */
export interface PutValidator {
  readonly validate: (put: DecodedPut) => Effect.Effect<PutRules.ValidatedPut, WbemError>
  /** Set by a validator that checks nothing before the transaction: every put gets these rules, and a bulk run need not ask. */
  readonly always?: PutRules.PutRules | undefined
}

/**
 * The service of stage 2.
 *
 * @since 0.1.0
 * @category services
 */
export const PutValidator: Context.Tag<PutValidator, PutValidator> = /* @__PURE__ */ Context.GenericTag<PutValidator>(
  "effect-wmi/PutValidator"
)

/**
 * What a validator can be made of; what is left out is the specification's.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Before the transaction, in order. */
  readonly checks?: ReadonlyArray<Check> | undefined
  /** Inside it, in place of the standard lists. */
  readonly rules?: Partial<PutRules.PutRules> | undefined
}

/**
 * A validator. Without checks it is no Effect to run but a value, and costs a put nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): PutValidator => {
  const rules: PutRules.PutRules = { ...PutRules.standard, ...options.rules }
  const checks = options.checks ?? []
  if (checks.length === 0) return { validate: (put) => Either.right({ put, rules }), always: rules }
  return {
    validate: (put) => Effect.as(Effect.forEach(checks, (check) => check(put), { discard: true }), { put, rules })
  }
}

/**
 * The rules of the specification, no checks.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<PutValidator> = /* @__PURE__ */ Layer.sync(PutValidator, () => make())

/**
 * A validator with your own checks or rules.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerWith = (options: Options): Layer.Layer<PutValidator> => Layer.succeed(PutValidator, make(options))
