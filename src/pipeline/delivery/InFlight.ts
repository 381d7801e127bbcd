/**
 * Accepted calls that have not ended: one call, or the calls of a batch. Each ends once, and its sink and its caller get the
 * same ending (PA-23). The ending is decided when its event is delivered (`SinkDelivery`), so that a cancel before that moment
 * still counts.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import { escapeControl } from "../../model/escapeControl.ts"
import type { PutReport } from "../../protocol/PutReport.ts"
import { className } from "../../model/WbemObject.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import * as SinkEvent from "../../protocol/SinkEvent.ts"
import { CallCancelled, Failed, isWbemError, type PutError } from "../../protocol/WbemError.ts"
import type { PutSink } from "../PutSink.ts"
import { type CallHandle, type OnProgress, type PutResult, resultOf } from "../Repository.ts"
import {
  deliverNext,
  type EventSource,
  handlerOnStack,
  inHandler,
  isInside,
  longWait,
  make,
  type Owner,
  type SinkDelivery,
  zipRight
} from "./SinkDelivery.ts"

/** The relative path of an object to put, `undefined` if none can be formed (`Repository.relPath`). */
export type RelPath = (put: DecodedPut) => Effect.Effect<string | undefined>

/**
 * The last events of a call. An error whose event cannot be made, because reading its facts throws, ends the call as `Failed`.
 */
const endingOf = (
  put: DecodedPut,
  result: PutResult,
  info: string | undefined
): ReadonlyArray<SinkEvent.SinkEvent> => {
  try {
    return SinkEvent.ending(put, result, info)
  } catch (cause) {
    return SinkEvent.ending(put, new Failed({ detail: "the answer cannot be told", cause }), info)
  }
}

/**
 * Whether the path of the object has to be read for the error object, because the error itself does not contain it (`errors`
 * 5.1).
 */
const needsPath = (result: PutResult, put: DecodedPut): boolean =>
  isWbemError(result) && result.parameterInfo === undefined && put.object._tag === "Instance"

/**
 * n calls of one sink; a single put is n = 1. The calls end in their order.
 *
 * @since 0.1.0
 * @category models
 */
export class InFlight implements EventSource, Owner, CallHandle {
  readonly puts: ReadonlyArray<DecodedPut>
  /** Whether a cancel of the sink ended the calls that had not ended (PA-40). */
  cancelled = false
  /** The number of calls whose ending is decided: its events are delivered or being delivered. */
  settled = 0
  /** Opens when the caller has its handle. No event is delivered before that (PA-29). */
  accepted: Effect.Latch | undefined
  noWait = false
  waiting: Set<EventSource> | undefined
  endWait: ((granted: boolean) => void) | undefined
  /** Waits until the events of a cancel of the sink are delivered. */
  cancelDelivered: Effect.Effect<void> = Effect.void
  /** Opens when every ending is decided, for callers that do not wait for the sink. */
  decided: Effect.Latch | undefined
  readonly delivery: SinkDelivery
  private readonly calls: Set<InFlight>
  readonly relPath: RelPath
  private exit: Exit.Exit<PutReport, PutError> | undefined
  /** The result of each call, once the repository has given it. */
  results: ReadonlyArray<PutResult> = []
  /** For each call the path that its error object names, if it has to be read. */
  paths: ReadonlyArray<string | undefined> | undefined
  /** The call whose ending is delivered next. */
  private index = 0
  /** The number of calls that end here: fewer than there are puts after a cancel. */
  count: number
  /** Progress whose caller continues before it is delivered: delivered in order, before the ending of its call. */
  deferred: Array<() => SinkEvent.SinkEvent | undefined> | undefined
  /** The `Completed` that follows the `ObjectPut` which was delivered last. */
  private completed: SinkEvent.SinkEvent | undefined
  /** Ends the wait of `unlessCancelled`. */
  stopWaiting: (() => void) | undefined

  constructor(sink: PutSink, puts: ReadonlyArray<DecodedPut>, relPath: RelPath) {
    const { calls, delivery } = callsOf(sink)
    this.delivery = delivery
    this.calls = calls
    this.puts = puts
    this.relPath = relPath
    this.count = puts.length
    calls.add(this)
  }

  get owner(): Owner {
    return this
  }

  get name(): Effect.Effect<string> {
    const put = this.puts[Math.min(this.settled, this.puts.length - 1)]!
    return Effect.map(this.pathOf(put), (path) => `The put of ${escapeControl(path ?? className(put.object))}`)
  }

  /** The path that the error object of a put names; `undefined` if the repository fails or dies. */
  pathOf(put: DecodedPut): Effect.Effect<string | undefined> {
    return put.object._tag === "Class" ? Effect.succeed(undefined) : Effect.map(
      Effect.exit(Effect.suspend(() => this.relPath(put))),
      (exit) => Exit.isSuccess(exit) ? exit.value : undefined
    )
  }

  get more(): boolean {
    return this.index < this.count || this.completed !== undefined
  }

  get midway(): boolean {
    return this.completed !== undefined
  }

  next(): SinkEvent.SinkEvent | undefined {
    const { completed, deferred } = this
    if (deferred !== undefined && deferred.length > 0) return deferred.shift()!() ?? this.next()
    if (completed !== undefined) {
      this.completed = undefined
      return completed
    }
    if (this.index >= this.count) return undefined
    const i = this.index++
    if (this.settled < this.index) {
      this.settled = this.index
      if (this.index === this.puts.length) this.ended()
    }
    const events = endingOf(this.puts[i]!, this.results[i]!, this.paths?.[i])
    this.completed = events[1]
    return events[0]
  }

  settle(): void {
    this.settled = this.count
    this.ended()
  }

  ended(): void {
    this.calls.delete(this)
    this.decided?.unsafeOpen()
  }

  /**
   * Runs an effect that waits, and fails with `CallCancelled` if the sink cancels the call meanwhile. It takes a function, so
   * that an exception of the function is a defect of the call. An `Either` or `Exit` costs no fiber step.
   */
  unlessCancelled<A, R>(check: () => Effect.Effect<A, PutError, R>): Effect.Effect<A, PutError, R> {
    return Effect.suspend(() => {
      const effect = check()
      if (Either.isEither(effect) || Exit.isExit(effect)) return effect
      // Interruptible also where the put is not: the loser of the race is interrupted.
      return Effect.raceFirst(
        Effect.interruptible(effect),
        Effect.interruptible(Effect.async<never, CallCancelled>((resume) => {
          this.stopWaiting = () => resume(Effect.fail(new CallCancelled({})))
          if (this.cancelled) this.stopWaiting()
        }))
      )
    })
  }

  /** Reports progress of a single put. */
  get progress(): OnProgress {
    return (report) => this.progressOf(0, report)
  }

  /** Delivers progress of one put, if that put exists, requested progress and has not ended (PA-25, PA-28). */
  progressOf(i: number, report: SinkEvent.ProgressReport): Effect.Effect<void> {
    return this.hasEnded(i) || this.puts[i]?.options.status !== true ? Effect.void : Effect.uninterruptible(
      Effect.suspend(() => this.deliver(progressSource(this, i, SinkEvent.progress(this.puts[i]!, report))))
    )
  }

  hasEnded(i: number): boolean {
    return this.cancelled || i < this.settled
  }

  /** Ends a single call: delivers its ending to the sink and returns the same to the caller. */
  finish(exit: Exit.Exit<PutReport, PutError>): Effect.Effect<PutReport, PutError> {
    this.exit = exit
    const result = resultOf(exit, "a stage of the pipeline died")
    this.results = [result]
    const [put] = this.puts
    const rest = !needsPath(result, put!) ? this.deliver(this) : Effect.flatMap(this.pathOf(put!), (path) => {
      this.paths = [path]
      return this.deliver(this)
    })
    return rest === Effect.void && Exit.isSuccess(exit) ? exit : Effect.flatMap(rest, () => this.outcome())
  }

  /** The outcome for the caller of a single call, once its ending is decided. */
  outcome(): Effect.Effect<PutReport, PutError> {
    const { exit } = this
    const cancelled = Either.left(new CallCancelled({}))
    if (this.cancelled) return zipRight(this.cancelDelivered, cancelled)
    return exit === undefined || (Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause)) ? cancelled : exit
  }

  deliver(source: EventSource): Effect.Effect<void> {
    return this.accepted === undefined
      ? this.delivery.deliver(source)
      : Effect.flatMap(this.accepted.await, () => this.delivery.deliver(source))
  }
}

/**
 * Ends the calls of a batch, each with its own result. A cancel meanwhile ends the remaining calls: `settled` is the number of
 * calls whose result counts.
 *
 * The path that an error object names is read from the repository if the error does not contain it. If many puts share one
 * error, because the storage failed, no path is read after the first one that the repository does not return.
 *
 * @since 0.1.0
 * @category combinators
 */
export const finishAll = (calls: InFlight, results: ReadonlyArray<PutResult>): Effect.Effect<void> => {
  const { puts } = calls
  const paths: Array<string | undefined> = []
  const withoutPath = new Set<PutResult>()
  calls.results = results
  calls.paths = paths
  const unnamed: Array<number> = []
  for (let i = 0; i < puts.length; i++) if (needsPath(results[i]!, puts[i]!)) unnamed.push(i)
  const readPath = (i: number): Effect.Effect<void> => {
    const error = results[i]!
    return withoutPath.has(error) ? Effect.void : Effect.map(calls.pathOf(puts[i]!), (path) => {
      paths[i] = path
      if (path === undefined) withoutPath.add(error)
    })
  }
  return Effect.forEach(unnamed, readPath, { discard: true }).pipe(
    Effect.flatMap(() => calls.deliver(calls)),
    Effect.flatMap(() => calls.cancelDelivered)
  )
}

/** One report of progress. It is dropped if its call ends before it is delivered. */
const progressSource = (call: InFlight, i: number, event: SinkEvent.SinkEvent): EventSource => {
  let next = (): SinkEvent.SinkEvent | undefined => call.hasEnded(i) ? undefined : event
  const source = {
    owner: call,
    more: true,
    midway: false,
    next: () => {
      source.more = false
      return next()
    },
    settle: () => {
      const deferred = call.deferred ??= []
      deferred.push(() => call.cancelled && i >= call.settled ? undefined : event)
      // The first of several deferred sources that is delivered delivers the oldest report.
      next = () => deferred.shift()?.()
    }
  }
  return source
}

/** The state of a sink: its delivery, and its calls that have not ended (PA-40). */
interface SinkCalls {
  readonly delivery: SinkDelivery
  readonly calls: Set<InFlight>
}

const sinks: WeakMap<PutSink, SinkCalls> = /* @__PURE__ */ new WeakMap()

const callsOf = (sink: PutSink): SinkCalls => {
  let state = sinks.get(sink)
  if (state === undefined) sinks.set(sink, state = { delivery: make(sink), calls: new Set() })
  return state
}

/**
 * Ends every call that has not ended, and returns their puts. A function, so that a program that never cancels does not ship
 * it.
 */
const cancelCalls = (calls: InFlight): ReadonlyArray<DecodedPut> => {
  calls.cancelled = true
  calls.count = calls.settled
  calls.stopWaiting?.()
  calls.waiting?.forEach(({ endWait }) => endWait?.(false))
  calls.ended()
  return calls.puts.slice(calls.settled)
}

/** The endings of cancelled calls, each with the operation and path of its put (EO-7). */
const cancelledSource = (ended: ReadonlyArray<readonly [InFlight, ReadonlyArray<DecodedPut>]>): EventSource => {
  const endings: Array<SinkEvent.SinkEvent> = []
  let index = 0
  const endingsOf = (call: InFlight, puts: ReadonlyArray<DecodedPut>): Effect.Effect<void> =>
    Effect.forEach(puts, (put) =>
      Effect.map(call.pathOf(put), (path) => {
        endings.push(...endingOf(put, new CallCancelled({}), path))
      }), { discard: true })
  const source: EventSource = {
    owner: { noWait: false, waiting: undefined, name: Effect.succeed("The cancel of a sink") },
    prepare: Effect.forEach(
      ended,
      ([call, puts]) => zipRight(call.accepted?.await ?? Effect.void, endingsOf(call, puts)),
      { discard: true }
    ),
    get more() {
      return source.prepare !== undefined || index < endings.length
    },
    midway: false,
    next: () => endings[index++],
    settle: () => {}
  }
  return source
}

/**
 * Cancels every outstanding call of a sink. Returns when the `Completed` events are delivered, and never waits for a
 * transaction. The callers get their results after that too, except inside a handler and if the delivery takes longer than
 * `longWait`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const cancel = (sink: PutSink): Effect.Effect<void> => {
  const handler = handlerOnStack()
  return Effect.uninterruptible(Effect.withFiberRuntime((fiber) =>
    inHandler(fiber, () => {
      const state = sinks.get(sink)
      if (state === undefined || state.calls.size === 0) return Effect.void
      const delivered = Effect.unsafeMakeLatch()
      const ended = [...state.calls].map((call) => {
        call.cancelDelivered = Effect.withFiberRuntime((fiber) =>
          call.noWait || isInside(fiber)
            ? Effect.void
            : Effect.raceFirst(Effect.interruptible(delivered.await), Effect.interruptible(Effect.sleep(longWait)))
        )
        return [call, cancelCalls(call)] as const
      })
      return deliverNext(state.delivery, cancelledSource(ended), () => void delivered.unsafeOpen())
    }, handler)
  ))
}

/** The handle of a call that runs in a fiber of its own. */
export interface Detached {
  readonly await: Effect.Effect<PutReport, PutError>
  readonly cancel: Effect.Effect<void>
}

/**
 * Runs the operation of a call in a fiber of the scope. The fiber starts at once and runs up to its first wait, so that a later
 * put cannot overtake it (PA-32). A bundle of a program that only uses `put` does not contain this.
 *
 * Inside a handler, `await`, `cancel` and the end of the scope do not wait for the sink.
 *
 * @since 0.1.0
 * @category combinators
 */
export const detach = <R>(
  call: InFlight,
  operation: Effect.Effect<PutReport, PutError, R>
): Effect.Effect<Detached, never, R | Scope.Scope> =>
  Effect.flatMap(Effect.runtime<R | Scope.Scope>(), (runtime) => {
    const decided = call.decided = Effect.unsafeMakeLatch()
    const accepted = call.accepted = Effect.unsafeMakeLatch()
    // The caller gets its handle before any event: a promise of the handle settles before the next macrotask.
    setTimeout(() => {
      call.accepted = undefined
      accepted.unsafeOpen()
    }, 0)
    const { strategy } = Context.get(runtime.context, Scope.Scope)
    return Effect.flatMap(Scope.fork(Context.get(runtime.context, Scope.Scope), strategy), (scope) => {
      const fiber = Runtime.runFork(runtime, Effect.onExit(operation, (exit) => Scope.close(scope, exit)))
      const byPlace = <A, E>(inside: Effect.Effect<A, E>, outside: Effect.Effect<A, E>): Effect.Effect<A, E> =>
        Effect.withFiberRuntime((self) => {
          if (!isInside(self)) return outside
          call.noWait = true
          call.waiting?.forEach(call.delivery.deferEvents)
          return inside
        })
      const end = byPlace(
        Effect.suspend(() => {
          fiber.unsafeInterruptAsFork(fiber.id())
          return decided.await
        }),
        Effect.asVoid(Fiber.interrupt(fiber))
      )
      const closing = Effect.withFiberRuntime<void>((self) => self.id() === fiber.id() ? Effect.void : end)
      return Effect.as(Scope.addFinalizer(scope, closing), {
        await: byPlace(Effect.flatMap(decided.await, () => call.outcome()), Fiber.join(fiber)),
        cancel: end
      })
    })
  })
