/**
 * What single and bulk puts share: the services of the four stages together, the decoding of a request, and the start of a call.
 *
 * @internal
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Fiber from "effect/Fiber"
import * as RuntimeFlags from "effect/RuntimeFlags"
import * as Eager from "../internal/eager.ts"
import { tryFreezeObject, UncopyableObject } from "../model/immutable.ts"
import * as NamedValueSet from "../model/NamedValueSet.ts"
import { namespaceText } from "../model/ObjectPath.ts"
import { isWbemObject } from "../model/WbemObject.ts"
import * as PutContext from "../protocol/PutContext.ts"
import type { Call, DecodedPut, PutRequest } from "../protocol/PutRequest.ts"
import { InvalidParameter, isWbemError, type StartError } from "../protocol/WbemError.ts"
import * as CallContext from "./CallContext.ts"
import { inHandler, type RunningHandler } from "./delivery/SinkDelivery.ts"
import { FlagDecoder } from "./FlagDecoder.ts"
import type { SpanName } from "./observation/names.ts"
import { isOn } from "./observation/recording.ts"
import * as Spans from "./observation/spans.ts"
import { PutSink } from "./PutSink.ts"
import { PutValidator } from "./PutValidator.ts"
import { Repository } from "./Repository.ts"

/**
 * The services that a program which puts requires: one for each stage.
 *
 * @since 0.1.0
 * @category models
 */
export type Stages = FlagDecoder | PutValidator | Repository | PutSink

/** The services of the four stages. */
export interface StageServices {
  readonly decoder: FlagDecoder
  readonly validator: PutValidator
  readonly repository: Repository
  readonly sink: PutSink
  /** The name of the span of a call; that of a put unless given. */
  readonly span?: SpanName
}

/** Reads the services once, for many puts. */
export const servicesOf = (context: Context.Context<Stages>): StageServices => ({
  decoder: Context.get(context, FlagDecoder),
  validator: Context.get(context, PutValidator),
  repository: Context.get(context, Repository),
  sink: Context.get(context, PutSink)
})

const invalid = (parameter: string, rule: string, detail: string): InvalidParameter =>
  new InvalidParameter({ parameter, rule, detail })

/**
 * Rows 1 to 5 of the start phase (`put-async` 3), in their order: the errors that the call alone shows. Plain code that returns
 * the put or the error without a wrapper, because it runs for every put. `position` is the position of the put in its batch.
 */
export const decode = (
  decoder: FlagDecoder,
  sink: PutSink,
  request: PutRequest,
  namespace: string,
  call: Call,
  position: number
): DecodedPut | StartError => {
  if (typeof sink?.emit !== "function") return invalid("sink", "put-async 3.1", "there is no sink")
  const object = tryFreezeObject(request.object) // a request need not come from `PutRequest.make`
  if (object instanceof UncopyableObject) return invalid("object", "put-async 3.2", object.detail)
  if (!isWbemObject(object)) return invalid("object", "put-async 3.2", "it is no class and no instance")
  const options = decoder.decode(request.flags, object._tag)
  if (Either.isLeft(options)) return options.left
  const given = request.context
  if (given !== undefined && !NamedValueSet.isNamedValueSet(given)) {
    return invalid("context", "put-async 3.4", "it is no named value set")
  }
  const context = given === undefined ? undefined : NamedValueSet.make(given)
  if (typeof request.asyncContext !== "object" || Array.isArray(request.asyncContext)) {
    return invalid("asyncContext", "put-async 3.4", "it is no object")
  }
  const target = request.namespace ?? namespace
  if (typeof target !== "string") return invalid("namespace", "PA-2", "it is no text")
  const extensions = PutContext.decode(context, options.right, object._tag)
  if (Either.isLeft(extensions)) return extensions.left
  return {
    object,
    namespace: namespaceText(target, call.server),
    flags: request.flags,
    context,
    asyncContext: request.asyncContext,
    options: options.right,
    extensions: extensions.right,
    call,
    position
  }
}

/** Makes an effect interruptible again, where the program that puts is. */
export type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/**
 * The start phase of one call. It begins in the current step of the fiber, and continues with `accepted` in the same step if the
 * repository admits the call synchronously. A call that is refused here has no effect on the sink.
 */
export const start = <A, E, R>(
  stages: StageServices,
  request: PutRequest,
  { call, namespace }: CallContext.CallContext,
  accepted: (put: DecodedPut) => Effect.Effect<A, E, R>,
  restore: Restore
): Effect.Effect<A, E | StartError, R> => {
  const put = decode(stages.decoder, stages.sink, request, namespace, call, 0)
  if (isWbemError(put)) return Either.left(put)
  const admitted = Eager.start(stages.repository.admit(put))
  return Eager.isSuccess(admitted) ? accepted(put) : Effect.flatMap(restore(admitted), () => accepted(put))
}

/**
 * Starts one call: uninterruptible, with the ambient values of the fiber, inside the handler that made it. One access to the
 * fiber in place of `Effect.uninterruptibleMask` and its steps.
 */
export const startCall = <A, E, R>(
  stages: StageServices,
  request: PutRequest,
  handler: RunningHandler | undefined,
  accepted: (put: DecodedPut, restore: Restore) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | StartError, R> =>
  Effect.withFiberRuntime((fiber, { runtimeFlags }) => {
    const restore: Restore = RuntimeFlags.interruption(runtimeFlags) ? Effect.interruptible : Effect.uninterruptible
    const begin = (): Effect.Effect<A, E | StartError, R> =>
      CallContext.readBy(fiber, (ambient) => start(stages, request, ambient, (put) => accepted(put, restore), restore))
    return Effect.uninterruptible(
      isOn(fiber) ? observed(fiber, stages, request, begin, handler) : inHandler(fiber, begin, handler)
    )
  })

/**
 * The same inside a span, which ends as the call does, also where the program is interrupted meanwhile. A function of its own, so that a
 * call without telemetry has no closure for it.
 */
const observed = <A, E, R>(
  fiber: Fiber.RuntimeFiber<unknown, unknown>,
  { span = "wmi.put" }: StageServices,
  request: PutRequest,
  begin: () => Effect.Effect<A, E, R>,
  handler: RunningHandler | undefined
): Effect.Effect<A, E, R> => Spans.put(fiber, span, request, Effect.suspend(() => inHandler(fiber, begin, handler)))
