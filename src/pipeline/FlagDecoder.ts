/**
 * Stage 1 of 4: decodes a flag word into options. It is given the number and the kind of object, and nothing else.
 *
 * To accept another set of flags, provide a service with your own `decode`.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import type * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type { ObjectKind } from "../model/WbemObject.ts"
import * as PutFlags from "../protocol/PutFlags.ts"
import type { InvalidParameter } from "../protocol/WbemError.ts"

/**
 * The service that decodes and checks the flags of a put, the first of the four stages.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Either } from "effect"
 * import { ClassDefinition, FlagDecoder, Property, PutAsync, PutFlags, PutRequest, WbemError, Wmi } from "effect-wmi"
 *
 * // Accepts no flags at all.
 * const strict: FlagDecoder.FlagDecoder = {
 *   decode: (flags, kind) =>
 *     flags === 0 ? PutFlags.decode(flags, kind) : Either.left(new WbemError.InvalidParameter({ parameter: "flags" }))
 * }
 * const request = PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }), { mode: "CreateOnly" })
 * const program = Effect.flip(PutAsync.put(request)).pipe(Effect.provideService(FlagDecoder.FlagDecoder, strict))
 * const error = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.equal(error.status, "InvalidParameter")
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export interface FlagDecoder {
  /** The options of a flag word, or `InvalidParameter` with the bits that are not allowed for this kind of object. */
  readonly decode: (flags: number, kind: ObjectKind) => Either.Either<PutFlags.PutOptions, InvalidParameter>
}

/**
 * The service of stage 1.
 *
 * @since 0.1.0
 * @category services
 */
export const FlagDecoder: Context.Tag<FlagDecoder, FlagDecoder> = /* @__PURE__ */ Context.GenericTag<FlagDecoder>(
  "effect-wmi/FlagDecoder"
)

/**
 * The flags of the specification (`put-async` 2).
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<FlagDecoder> = /* @__PURE__ */ Layer.succeed(FlagDecoder, { decode: PutFlags.decode })
