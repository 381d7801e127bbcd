/**
 * Stage 2 of 4: `DecodedPut` → `ValidatedPut`. It decides what a valid put is.
 *
 * A check depends on the request alone and runs here, before the transaction. A condition that depends on the namespace (the
 * class exists, no key is missing) is a rule: it is passed on with the put and runs inside the transaction, because the
 * namespace may change between a read and the write. The standard rules are in `engine/rules`.
 *
 * To add checks or rules use `PutValidator.layerWith(...)`; to replace the stage provide your own `PutValidator`.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as PutRules from "../engine/PutRules.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import type { PutError } from "../protocol/WbemError.ts"

/**
 * A check of the request before the transaction. It may be any Effect. Its failure ends the put, and the sink gets it with
 * `Completed`.
 *
 * @since 0.1.0
 * @category models
 */
export type Check = (put: DecodedPut) => Effect.Effect<void, PutError>

/**
 * The service of stage 2.
 *
 * @since 0.1.0
 * @category services
 */
export interface PutValidator {
  /** The put with its rules, or the error of a failed check. */
  readonly validate: (put: DecodedPut) => Effect.Effect<PutRules.ValidatedPut, PutError>
  /** The rules of every put, for a validator without checks: then `validate` is not called. */
  readonly always?: PutRules.PutRules | undefined
}

/**
 * The service of stage 2.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { PutValidator, Wmi } from "effect-wmi"
 *
 * const program = Effect.map(PutValidator.PutValidator, ({ always }) => always?.forClass.length)
 * assert.ok(await Effect.runPromise(Effect.provide(program, Wmi.layerMemory)))
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export const PutValidator: Context.Tag<PutValidator, PutValidator> = /* @__PURE__ */ Context.GenericTag<PutValidator>(
  "effect-wmi/PutValidator"
)

/**
 * The parts of a validator. The default of each is that of the specification.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Run before the transaction, in this order; none by default. */
  readonly checks?: ReadonlyArray<Check> | undefined
  /** Run inside the transaction, in place of the standard lists (`PutRules.standard`). */
  readonly rules?: Partial<PutRules.PutRules> | undefined
}

/**
 * A validator. Without checks it has a constant result (`always`) and costs a put nothing.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Instance, PutAsync, PutRequest, PutValidator, WbemError, Wmi } from "effect-wmi"
 *
 * const validator = PutValidator.make({
 *   checks: [({ object }) =>
 *     object._tag === "Class" || object.className.startsWith("Demo_")
 *       ? Effect.void
 *       : Effect.fail(new WbemError.InvalidParameter({ parameter: "object", detail: "only Demo_ classes" }))]
 * })
 * const program = Effect.flip(PutAsync.put(PutRequest.make(Instance.make("Other_Disk", { Id: "C:" })))).pipe(
 *   Effect.provideService(PutValidator.PutValidator, validator)
 * )
 * const error = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.equal(error.status, "InvalidParameter")
 * ```
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
 * The validator of the specification: its rules, no checks.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { PutRules, PutValidator } from "effect-wmi"
 *
 * const program = Effect.map(PutValidator.PutValidator, ({ always }) => always?.forInstance)
 * const rules = await Effect.runPromise(Effect.provide(program, PutValidator.layer))
 * assert.equal(rules, PutRules.standard.forInstance)
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<PutValidator> = /* @__PURE__ */ Layer.sync(PutValidator, () => make())

/**
 * A validator with your own checks or rules.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Instance, PutAsync, PutRequest, PutValidator, WbemError, Wmi } from "effect-wmi"
 *
 * const frozen = new WbemError.AccessDenied({ right: "Write", namespace: "root\\cimv2" })
 * const program = Effect.flip(PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" }))))
 * const error = await program.pipe(
 *   Effect.provide(PutValidator.layerWith({ checks: [() => Effect.fail(frozen)] })),
 *   Effect.provide(Wmi.layerMemory),
 *   Effect.runPromise
 * )
 * assert.equal(error.status, "AccessDenied")
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerWith = (options: Options): Layer.Layer<PutValidator> => Layer.succeed(PutValidator, make(options))
