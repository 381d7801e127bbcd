/**
 * PutAsync itself: the four stages in a row, in the two phases of `put-async` 3.
 *
 * The start phase may refuse the call, and then the sink hears nothing. From the acceptance on every ending is told to the sink,
 * exactly once, whatever happens; `exit` covers success, failure, interruption and defects in one place.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as RuntimeFlags from "effect/RuntimeFlags"
import type * as Scope from "effect/Scope"
import type { Decision } from "../engine/Decision.ts"
import { tryFreezeObject, UncopyableObject } from "../model/immutable.ts"
import * as NamedValueSet from "../model/NamedValueSet.ts"
import { namespaceText } from "../model/ObjectPath.ts"
import { isWbemObject } from "../model/WbemObject.ts"
import * as PutContext from "../protocol/PutContext.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { Call, DecodedPut, PutRequest } from "../protocol/PutRequest.ts"
import { CallCancelled, InvalidParameter, isWbemError, type StartError, type WbemError } from "../protocol/WbemError.ts"
import * as CallContext from "./CallContext.ts"
import * as InFlight from "./delivery/InFlight.ts"
import { handlerOnStack, inHandler } from "./delivery/SinkDelivery.ts"
import { FlagDecoder } from "./FlagDecoder.ts"
import { Planner } from "./Planner.ts"
import * as Eager from "../internal/eager.ts"
import { PutSink } from "./PutSink.ts"
import { PutValidator } from "./PutValidator.ts"
import { Repository } from "./Repository.ts"

/**
 * The stages that a program which puts still needs.
 *
 * @since 0.1.0
 * @category models
 */
export type Stages = FlagDecoder | PutValidator | Repository | PutSink

/**
 * An accepted call.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutHandle {
  readonly request: PutRequest
  /** The outcome, the same that the sink is told. Inside a handler it does not wait for the sink. */
  readonly await: Effect.Effect<PutReport, WbemError>
  /**
   * Ends this call alone, as far as its transaction has not begun (PA-49). It waits until the sink has been told, but not inside a
   * handler.
   */
  readonly cancel: Effect.Effect<void>
}

/**
 * The three verbs over stages that are at hand.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutAsync {
  readonly put: (request: PutRequest) => Effect.Effect<PutReport, WbemError>
  readonly submit: (request: PutRequest) => Effect.Effect<PutHandle, StartError, Scope.Scope>
  /** Cancels every outstanding call of the sink these verbs tell. */
  readonly cancel: Effect.Effect<void>
}

/** The stages themselves. */
interface Parts {
  readonly decoder: FlagDecoder
  readonly validator: PutValidator
  readonly repository: Repository
  readonly sink: PutSink
}

const partsOf = (context: Context.Context<Stages>): Parts => ({
  decoder: Context.get(context, FlagDecoder),
  validator: Context.get(context, PutValidator),
  repository: Context.get(context, Repository),
  sink: Context.get(context, PutSink)
})

const missing = (parameter: string, rule: string, detail: string): InvalidParameter =>
  new InvalidParameter({ parameter, rule, detail })

/**
 * Rows 1 to 5 of the start phase: what can be told from the call alone, in their order. Plain code without a wrapper around its
 * answer, used by single and bulk puts.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decode = (
  decoder: FlagDecoder,
  sink: PutSink,
  request: PutRequest,
  namespace: string,
  call: Call,
  position: number
): DecodedPut | StartError => {
  if (typeof sink?.emit !== "function") return missing("sink", "put-async 3.1", "there is no sink")
  const object = tryFreezeObject(request.object) // a request need not come from `PutRequest.make`
  if (object instanceof UncopyableObject) return missing("object", "put-async 3.2", object.detail)
  if (!isWbemObject(object)) return missing("object", "put-async 3.2", "it is no class and no instance")
  const options = decoder.decode(request.flags, object._tag)
  if (Either.isLeft(options)) return options.left
  const given = request.context
  if (given !== undefined && !NamedValueSet.isNamedValueSet(given)) {
    return missing("context", "put-async 3.4", "it is no named value set")
  }
  const context = given === undefined ? undefined : NamedValueSet.make(given)
  if (typeof request.asyncContext !== "object" || Array.isArray(request.asyncContext)) {
    return missing("asyncContext", "put-async 3.4", "it is no object")
  }
  const target = request.namespace ?? namespace
  if (typeof target !== "string") return missing("namespace", "PA-2", "it is no text")
  const extensions = PutContext.decode(context, options.right, object._tag)
  if (Either.isLeft(extensions)) return extensions.left
  return {
    object,
    namespace: namespaceText(target),
    flags: request.flags,
    context,
    asyncContext: request.asyncContext,
    options: options.right,
    extensions: extensions.right,
    call,
    position
  }
}

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Start phase, begun in the step of the fiber that it is called in: may refuse the call itself, and then the sink hears nothing. */
const start = <A, E, R>(
  parts: Parts,
  request: PutRequest,
  { call, namespace }: CallContext.CallContext,
  accepted: (put: DecodedPut) => Effect.Effect<A, E, R>,
  restore: Restore
): Effect.Effect<A, E | StartError, R> => {
  const put = decode(parts.decoder, parts.sink, request, namespace, call, 0)
  if (isWbemError(put)) return Either.left(put)
  const admitted = Eager.start(parts.repository.admit(put))
  return Eager.isSuccess(admitted) ? accepted(put) : Effect.flatMap(restore(admitted), () => accepted(put))
}

/**
 * Operation phase, begun in the step of the fiber that it is called in. `restore` marks the part that may be interrupted: what
 * waits before the transaction.
 */
const operate = (
  parts: Parts,
  put: DecodedPut,
  call: InFlight.InFlight,
  restore: Restore
): Effect.Effect<PutReport, WbemError> => {
  const { always } = parts.validator
  const validated = always === undefined
    ? restore(call.unlessCancelled(() => parts.validator.validate(put)))
    : Effect.succeed({ put, rules: always })
  const stored = Eager.start(Eager.flatMap(
    validated,
    (valid): Effect.Effect<PutReport, WbemError> =>
      call.cancelled // the last moment at which a cancelled call stays unwritten
        ? Either.left(new CallCancelled({}))
        : parts.repository.put(valid, call) // asks the rules inside the transaction
  ))
  return Eager.isSuccess(stored)
    ? call.finish(stored)
    : Effect.flatMap(Effect.exit(stored), (exit) => call.finish(exit))
}

/** An `uninterruptibleMask` that is put on with the first look at the fiber. */
const putWith = (
  parts: Parts,
  request: PutRequest,
  handler = handlerOnStack()
): Effect.Effect<PutReport, WbemError> =>
  Effect.withFiberRuntime((fiber, { runtimeFlags }) => {
    const restore: Restore = RuntimeFlags.interruption(runtimeFlags) ? Effect.interruptible : Effect.uninterruptible
    const put = (): Effect.Effect<PutReport, WbemError> =>
      CallContext.readBy(fiber, (ambient) =>
        start(
          parts,
          request,
          ambient,
          (put) => operate(parts, put, new InFlight.InFlight(parts.sink, [put], parts.repository.relPath), restore),
          restore
        ))
    return Effect.uninterruptible(inHandler(fiber, put, handler))
  })

const submitWith = (
  parts: Parts,
  request: PutRequest,
  handler = handlerOnStack()
): Effect.Effect<PutHandle, StartError, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.withFiberRuntime((fiber) =>
      inHandler(fiber, () =>
        CallContext.readBy(fiber, (ambient) =>
          start(parts, request, ambient, (put) => {
            const call = new InFlight.InFlight(parts.sink, [put], parts.repository.relPath)
            const operation = Effect.suspend(() => operate(parts, put, call, Effect.interruptible))
            return Effect.map(InFlight.detach(call, operation), (detached) => ({ request, ...detached }))
          }, restore)), handler)
    )
  )

/**
 * Reads the stages once and hands back plain functions: for services, and for many puts in a row.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<PutAsync, never, Stages> = /* @__PURE__ */ Effect.map(
  /* @__PURE__ */ Effect.context<Stages>(),
  (context) => {
    const parts = partsOf(context)
    return {
      put: (request) => putWith(parts, request),
      submit: (request) => submitWith(parts, request),
      cancel: InFlight.cancel(parts.sink)
    }
  }
)

/**
 * Puts and waits for the outcome. Everything that `SWbemServicesEx.PutAsync` would tell a sink is told to the sink too.
 *
 * @since 0.1.0
 * @category combinators
 */
export const put = (request: PutRequest): Effect.Effect<PutReport, WbemError, Stages> => {
  const handler = handlerOnStack()
  return Effect.contextWithEffect((context: Context.Context<Stages>) => putWith(partsOf(context), request, handler))
}

/**
 * Puts without waiting: succeeds once the call is accepted and leaves the rest to the sink. The operation belongs to the scope:
 * closing it interrupts what has not begun.
 *
 * @since 0.1.0
 * @category combinators
 */
export const submit = (request: PutRequest): Effect.Effect<PutHandle, StartError, Stages | Scope.Scope> => {
  const handler = handlerOnStack()
  return Effect.contextWithEffect((context: Context.Context<Stages | Scope.Scope>) =>
    submitWith(partsOf(context), request, handler)
  )
}

/**
 * `SWbemSink.Cancel`: ends every outstanding call of that sink with `CallCancelled` (PA-40 to PA-47). What has not begun is not
 * written; what has begun goes on unheard.
 *
 * @since 0.1.0
 * @category combinators
 */
export const cancel: (sink: PutSink) => Effect.Effect<void> = InFlight.cancel

/**
 * The sink for one program, in place of the ambient one.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withSink = (
  sink: PutSink
): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, Exclude<R, PutSink>> =>
  Effect.provideService(PutSink, sink)

/**
 * What a put would change, without changing it: stages 1 and 2 and a decision without its commit. Any sink will do; it hears
 * nothing.
 *
 * @since 0.1.0
 * @category combinators
 */
export const plan = (
  request: PutRequest
): Effect.Effect<Decision, WbemError, FlagDecoder | PutValidator | Repository | Planner> =>
  Effect.flatMap(
    Effect.context<FlagDecoder | PutValidator | Repository | Planner>(),
    (context) =>
      Effect.flatMap(CallContext.read, (ambient) =>
        start(
          partsOf(Context.add(context, PutSink, { emit: () => Effect.void })),
          request,
          ambient,
          (decoded) => Context.get(context, PutValidator).validate(decoded),
          (effect) => effect
        )).pipe(
          Effect.flatMap((valid) => Context.get(context, Planner).plan(valid))
        )
  )
