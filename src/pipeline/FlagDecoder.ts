/**
 * Stage 1 of 4: a flag word → what it asks for. Sees the number and the kind of object, nothing else.
 *
 * Replace it to accept another set of flags: provide your own `decode`.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type { Kind } from "../model/WbemObject.ts"
import * as PutFlags from "../protocol/PutFlags.ts"
import type { InvalidParameter } from "../protocol/WbemError.ts"

/**
 * The service of stage 1.
 *
 * @since 0.1.0
 * @category services
 */
export interface FlagDecoder {
  readonly decode: (flags: number, kind: Kind) => Either.Either<PutFlags.PutOptions, InvalidParameter>
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
 * The table of the specification (`put-async` 2).
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<FlagDecoder> = /* @__PURE__ */ Layer.succeed(FlagDecoder, { decode: PutFlags.decode })
