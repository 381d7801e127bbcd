/**
 * The put of one object: the four stages in a row, in the two phases of `put-async` 3.
 *
 *     start phase:      decode flags ── admit ──────────────────┐ a refused call has no effect on the sink
 *     operation phase:  validate ── repository transaction ─────┤ every accepted call ends with exactly one `Completed`
 *                       deliver the events to the sink <────────┘ success, failure, interruption or defect
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { dual } from "effect/Function"
import type * as Scope from "effect/Scope"
import type { Decision } from "../engine/Decision.ts"
import * as Eager from "../internal/eager.ts"
import { className } from "../model/WbemObject.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { DecodedPut, PutRequest } from "../protocol/PutRequest.ts"
import { CallCancelled, type PutError, type StartError } from "../protocol/WbemError.ts"
import * as CallContext from "./CallContext.ts"
import * as InFlight from "./delivery/InFlight.ts"
import { handlerOnStack } from "./delivery/SinkDelivery.ts"
import type { FlagDecoder } from "./FlagDecoder.ts"
import { calledAt, callSite, isOn } from "./observation/recording.ts"
import * as Spans from "./observation/spans.ts"
import { Planner } from "./Planner.ts"
import { PutSink } from "./PutSink.ts"
import { PutValidator } from "./PutValidator.ts"
import type { Repository } from "./Repository.ts"
import { type Restore, servicesOf, type Stages, type StageServices, start, startCall } from "./stages.ts"

// The types of results, so that the declarations of a program can name them.
export type { Decision } from "../engine/Decision.ts"
export type { PutReport } from "../protocol/PutReport.ts"
export type { Planner } from "./Planner.ts"
export type { Stages } from "./stages.ts"

/**
 * An accepted call.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutHandle {
  /** The request of the call. */
  readonly request: PutRequest
  /** The outcome, the same as that of the `Completed` event. Inside a handler it does not wait for the sink. */
  readonly await: Effect.Effect<PutReport, PutError>
  /**
   * Cancels this call alone, if its transaction has not begun (PA-49). It returns after the sink has handled the `Completed`
   * event, but inside a handler it does not wait for that.
   */
  readonly cancel: Effect.Effect<void>
}

/**
 * `put`, `submit` and `cancel` over services that were read before.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutAsync {
  /** Puts one object and waits for the outcome. */
  readonly put: (request: PutRequest) => Effect.Effect<PutReport, PutError>
  /** Starts a put and gives its handle once the call is accepted. The end of the scope interrupts a put whose transaction has not begun. */
  readonly submit: (request: PutRequest) => Effect.Effect<PutHandle, StartError, Scope.Scope>
  /** Cancels every outstanding call of the sink of these services. */
  readonly cancel: Effect.Effect<void>
}

/**
 * The operation phase. It begins in the current step of the fiber. `restore` marks the part that may be interrupted: the
 * validation, which comes before the transaction.
 */
const operate = (
  { repository, validator }: StageServices,
  put: DecodedPut,
  call: InFlight.InFlight,
  restore: Restore
): Effect.Effect<PutReport, PutError> => {
  const { always } = validator
  const validated = always === undefined
    ? restore(call.unlessCancelled(() => validator.validate(put)))
    : Effect.succeed({ put, rules: always })
  const stored = Eager.start(Eager.flatMap(
    validated,
    (valid): Effect.Effect<PutReport, PutError> =>
      call.cancelled // from here on a cancel does not prevent the write
        ? Either.left(new CallCancelled({}))
        : repository.put(valid, call) // the rules run inside the transaction
  ))
  return Eager.isSuccess(stored)
    ? call.finish(stored)
    : Effect.flatMap(Effect.exit(stored), (exit) => call.finish(exit))
}

const inFlight = ({ repository, sink }: StageServices, put: DecodedPut): InFlight.InFlight =>
  new InFlight.InFlight(sink, [put], repository.relPath)

const putWith = (
  stages: StageServices,
  request: PutRequest,
  handler = handlerOnStack()
): Effect.Effect<PutReport, PutError> =>
  startCall(stages, request, handler, (put, restore) => operate(stages, put, inFlight(stages, put), restore))

const submitWith = (
  stages: StageServices,
  request: PutRequest,
  handler = handlerOnStack()
): Effect.Effect<PutHandle, StartError, Scope.Scope> =>
  startCall({ ...stages, span: "wmi.submit" }, request, handler, (put) => {
    const call = inFlight(stages, put)
    const running = Effect.suspend(() => operate(stages, put, call, Effect.interruptible))
    const operation = Effect.withFiberRuntime<PutReport, PutError>((fiber) =>
      isOn(fiber) ? Spans.put(fiber, "wmi.put", request, running) : running
    )
    return Effect.map(InFlight.detach(call, operation), (detached) => ({ request, ...detached }))
  })

/**
 * `put`, `submit` and `cancel` over the services of a context.
 *
 * @internal
 */
export const over = (context: Context.Context<Stages>): PutAsync => {
  const stages = servicesOf(context)
  return {
    put: (request) => calledAt(callSite(), putWith(stages, request)),
    submit: (request) => calledAt(callSite(), submitWith(stages, request)),
    cancel: InFlight.cancel(stages.sink)
  }
}

/**
 * Reads the services once and returns `put`, `submit` and `cancel` as plain functions: for the code of a service, and for many
 * puts one after another.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Instance, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   const wmi = yield* PutAsync.make
 *   yield* wmi.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   return yield* wmi.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" })))
 * })
 * const report = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.equal(report.disposition, "Created")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<PutAsync, never, Stages> = /* @__PURE__ */ Effect.map(
  /* @__PURE__ */ Effect.context<Stages>(),
  over
)

/**
 * Puts an object and waits for the outcome. The sink is given every event that `SWbemServicesEx.PutAsync` delivers. Fails with
 * the error of a refused call, or with that of the `Completed` event.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Instance, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(Disk))
 *   yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n })))
 *   return yield* Effect.flip(PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "D:", Size: 1 }))))
 * })
 * const error = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.equal(error.status, "InvalidProperty")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const put = (request: PutRequest): Effect.Effect<PutReport, PutError, Stages> => {
  const handler = handlerOnStack()
  return calledAt(
    callSite(),
    Effect.contextWithEffect((context: Context.Context<Stages>) => putWith(servicesOf(context), request, handler))
  )
}

/**
 * Puts an object without waiting: returns a handle as soon as the call is accepted. The operation belongs to the scope, whose end
 * interrupts it if its transaction has not begun. Fails only with the error of a refused call.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 *   const handle = yield* PutAsync.submit(PutRequest.make(Disk))
 *   // other work
 *   return yield* handle.await
 * })
 * const report = await Effect.runPromise(Effect.provide(Effect.scoped(program), Wmi.layerMemory))
 * assert.equal(report.disposition, "Created")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const submit = (request: PutRequest): Effect.Effect<PutHandle, StartError, Stages | Scope.Scope> => {
  const handler = handlerOnStack()
  return calledAt(
    callSite(),
    Effect.contextWithEffect((context: Context.Context<Stages | Scope.Scope>) =>
      submitWith(servicesOf(context), request, handler)
    )
  )
}

/**
 * `SWbemSink.Cancel`: ends every outstanding call of the sink with `CallCancelled` (PA-40 to PA-47). A call whose transaction
 * has not begun is not written; one whose transaction has begun may be written, and the sink is given no event of that.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, PutValidator, Wmi } from "effect-wmi"
 *
 * const { events, sink } = PutSink.recording()
 * const program = Effect.gen(function*() {
 *   const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 *   const handle = yield* PutAsync.submit(PutRequest.make(Disk))
 *   yield* PutAsync.cancel(sink)
 *   return yield* Effect.flip(handle.await)
 * }).pipe(
 *   Effect.provide(PutValidator.layerWith({ checks: [() => Effect.sleep("1 minute")] })),
 *   PutAsync.withSink(sink)
 * )
 * const error = await Effect.runPromise(Effect.provide(Effect.scoped(program), Wmi.layerMemory))
 * assert.equal(error.status, "CallCancelled")
 * assert.deepEqual(events(), ["Completed CallCancelled"])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const cancel: (sink: PutSink) => Effect.Effect<void> = InFlight.cancel

/**
 * Provides the sink of one program, in place of the sink of the layer.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Instance, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const { events, sink } = PutSink.recording()
 * const program = Effect.gen(function*() {
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:" }))).pipe(PutAsync.withSink(sink))
 * })
 * await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(events(), ['ObjectPut Demo_Disk.Id="C:"', "Completed"])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const withSink: {
  (sink: PutSink): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, Exclude<R, PutSink>>
  <A, E, R>(self: Effect.Effect<A, E, R>, sink: PutSink): Effect.Effect<A, E, Exclude<R, PutSink>>
} = /* @__PURE__ */ dual(
  2,
  <A, E, R>(self: Effect.Effect<A, E, R>, sink: PutSink): Effect.Effect<A, E, Exclude<R, PutSink>> =>
    Effect.provideService(self, PutSink, sink)
)

/**
 * The decision on a put without its commit: stages 1 and 2, then the changes, events and report that the put would have.
 * Nothing is written, and the sink is given no event.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const decision = await Effect.runPromise(Effect.provide(PutAsync.plan(PutRequest.make(Disk)), Wmi.layerMemory))
 * assert.equal(decision.report.disposition, "Created")
 * assert.deepEqual(decision.changes.map((change) => change._tag), ["Write"])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const plan = (
  request: PutRequest
): Effect.Effect<Decision, PutError, FlagDecoder | PutValidator | Repository | Planner> =>
  Spans.verb(
    "wmi.plan",
    callSite(),
    Effect.flatMap(
      Effect.context<FlagDecoder | PutValidator | Repository | Planner>(),
      (context) =>
        Effect.flatMap(CallContext.read, (ambient) =>
          start(
            servicesOf(Context.add(context, PutSink, { emit: () => Effect.void })),
            request,
            ambient,
            (decoded) => Context.get(context, PutValidator).validate(decoded),
            (effect) => effect
          )).pipe(
            Effect.flatMap((valid) => Context.get(context, Planner).plan(valid))
          )
    ),
    (namespace) => ({
      "wmi.namespace": request.namespace ?? namespace,
      "wmi.class": className(request.object)
    })
  )
