/**
 * Accepted calls that have not ended: one call, or the calls of a batch. Each ends once, and its sink and its caller are given the
 * same ending (PA-23), which is decided when the sink gets to it (`SinkDelivery`).
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
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import * as SinkEvent from "../../protocol/SinkEvent.ts"
import { CallCancelled, Failed, isWbemError, type WbemError } from "../../protocol/WbemError.ts"
import type { PutSink } from "../PutSink.ts"
import { type CallHandle, type OnProgress, type PutResult, resultOf } from "../Repository.ts"
import {
  deliverNext,
  handlerOnStack,
  inHandler,
  isInside,
  longWait,
  make,
  type Owner,
  type SinkDelivery,
  type Source,
  zipRight
} from "./SinkDelivery.ts"

/** Gives the relative path of what is put, as far as it is known. */
export type RelPath = (put: DecodedPut) => Effect.Effect<string | undefined>

/** How a call ends. An error whose event cannot be made (its facts throw) ends the call as `Failed`. */
const endingOf = (
  put: DecodedPut,
  outcome: PutResult,
  info: string | undefined
): ReadonlyArray<SinkEvent.SinkEvent> => {
  try {
    return SinkEvent.ending(put, outcome, info)
  } catch (cause) {
    return SinkEvent.ending(put, new Failed({ detail: "the answer cannot be told", cause }), info)
  }
}

const nameOf = (object: DecodedPut["object"]): string => object._tag === "Class" ? object.name : object.className

/** Whether the error object needs the path of what is put: the error does not say it (`errors` 5.1). */
const needsPath = (answer: PutResult, put: DecodedPut): boolean =>
  isWbemError(answer) && answer.parameterInfo === undefined && put.object._tag === "Instance"

/**
 * n calls of one sink, a single put being one. They end in their order.
 *
 * @since 0.1.0
 * @category models
 */
export class InFlight implements Source, Owner, CallHandle {
  readonly puts: ReadonlyArray<DecodedPut>
  /** Whether a sink-wide cancel ended the calls that had not ended (PA-40). */
  cancelled = false
  /** How many calls have an ending that counts: it is delivered, or on its way to the sink. */
  settled = 0
  /** Opens when the caller holds the acceptance; before that nothing is delivered (PA-29). */
  accepted: Effect.Latch | undefined
  early = false
  waiting: Set<Source> | undefined
  end: ((granted: boolean) => void) | undefined
  /** Waits until the sink has been told of a sink-wide cancel. */
  told: Effect.Effect<void> = Effect.void
  /** Opens once every ending is decided, for callers that do not wait for the sink. */
  decided: Effect.Latch | undefined
  readonly delivery: SinkDelivery
  private readonly calls: Set<InFlight>
  readonly relPath: RelPath
  private exit: Exit.Exit<PutReport, WbemError> | undefined
  answers: ReadonlyArray<PutResult> = []
  paths: ReadonlyArray<string | undefined> | undefined
  private at = 0
  last: number
  /** Progress that is delivered later, though its caller goes on: in its order, and before the ending of its call. */
  deferred: Array<() => SinkEvent.SinkEvent | undefined> | undefined
  /** The `Completed` that comes after the `ObjectPut` that was delivered. */
  private completed: SinkEvent.SinkEvent | undefined
  stop: (() => void) | undefined

  constructor(sink: PutSink, puts: ReadonlyArray<DecodedPut>, relPath: RelPath) {
    const { calls, delivery } = callsOf(sink)
    this.delivery = delivery
    this.calls = calls
    this.puts = puts
    this.relPath = relPath
    this.last = puts.length
    calls.add(this)
  }

  get owner(): Owner {
    return this
  }

  get name(): Effect.Effect<string> {
    const put = this.puts[Math.min(this.settled, this.puts.length - 1)]!
    return Effect.map(this.pathOf(put), (path) => `The put of ${escapeControl(path ?? nameOf(put.object))}`)
  }

  /** The path that the error object of a put names. A repository that dies here changes nothing. */
  pathOf(put: DecodedPut): Effect.Effect<string | undefined> {
    return put.object._tag === "Class" ? Effect.succeed(undefined) : Effect.map(
      Effect.exit(Effect.suspend(() => this.relPath(put))),
      (exit) => Exit.isSuccess(exit) ? exit.value : undefined
    )
  }

  get more(): boolean {
    return this.at < this.last || this.completed !== undefined
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
    if (this.at >= this.last) return undefined
    const at = this.at++
    if (this.settled < this.at) {
      this.settled = this.at
      if (this.at === this.puts.length) this.ended()
    }
    const events = endingOf(this.puts[at]!, this.answers[at]!, this.paths?.[at])
    this.completed = events[1]
    return events[0]
  }

  settle(): void {
    this.settled = this.last
    this.ended()
  }

  ended(): void {
    this.calls.delete(this)
    this.decided?.unsafeOpen()
  }

  /**
   * What may wait before the transaction. It ends with `CallCancelled` when the sink cancels meanwhile. It takes a function, so that
   * what that throws is a defect of the call. An `Either` or `Exit` costs no step.
   */
  unlessCancelled<A, R>(check: () => Effect.Effect<A, WbemError, R>): Effect.Effect<A, WbemError, R> {
    return Effect.suspend(() => {
      const effect = check()
      if (Either.isEither(effect) || Exit.isExit(effect)) return effect
      // Interruptible also where the put is not: the one that comes later is left.
      return Effect.raceFirst(
        Effect.interruptible(effect),
        Effect.interruptible(Effect.async<never, CallCancelled>((resume) => {
          this.stop = () => resume(Effect.fail(new CallCancelled({})))
          if (this.cancelled) this.stop()
        }))
      )
    })
  }

  /** Reports progress of a single put. */
  get progress(): OnProgress {
    return (report) => this.progressOf(0, report)
  }

  /** Delivers progress of one put, if it exists, asked for it and has not ended (PA-25, PA-28). */
  progressOf(at: number, report: SinkEvent.ProgressReport): Effect.Effect<void> {
    return this.hasEnded(at) || this.puts[at]?.options.status !== true ? Effect.void : Effect.uninterruptible(
      Effect.suspend(() => this.deliver(progressSource(this, at, SinkEvent.progress(this.puts[at]!, report))))
    )
  }

  hasEnded(at: number): boolean {
    return this.cancelled || at < this.settled
  }

  /** Ends a single call: tells the sink, and answers the same to the caller. */
  finish(exit: Exit.Exit<PutReport, WbemError>): Effect.Effect<PutReport, WbemError> {
    this.exit = exit
    const answer = resultOf(exit, "a stage of the pipeline died")
    this.answers = [answer]
    const [put] = this.puts
    const rest = !needsPath(answer, put!) ? this.deliver(this) : Effect.flatMap(this.pathOf(put!), (path) => {
      this.paths = [path]
      return this.deliver(this)
    })
    return rest === Effect.void && Exit.isSuccess(exit) ? exit : Effect.flatMap(rest, () => this.answer())
  }

  /** What the caller of a single call is answered, once its ending is decided. */
  answer(): Effect.Effect<PutReport, WbemError> {
    const { exit } = this
    const cancelled = Either.left(new CallCancelled({}))
    if (this.cancelled) return zipRight(this.told, cancelled)
    return exit === undefined || (Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause)) ? cancelled : exit
  }

  deliver(source: Source): Effect.Effect<void> {
    return this.accepted === undefined
      ? this.delivery.deliver(source)
      : Effect.flatMap(this.accepted.await, () => this.delivery.deliver(source))
  }
}

/**
 * Ends the calls of a batch with these answers, each with its own ending. A cancel in between ends the rest: `settled` says how many
 * count.
 *
 * The path that an error object names is read from the repository where the error does not say it. Where many puts share one error,
 * because the storage failed, it is read no further than the first that has no answer.
 *
 * @since 0.1.0
 * @category combinators
 */
export const finishAll = (calls: InFlight, answers: ReadonlyArray<PutResult>): Effect.Effect<void> => {
  const { puts } = calls
  const paths: Array<string | undefined> = []
  const unanswered = new Set<PutResult>()
  calls.answers = answers
  calls.paths = paths
  const unnamed: Array<number> = []
  for (let at = 0; at < answers.length; at++) if (needsPath(answers[at]!, puts[at]!)) unnamed.push(at)
  const read = (at: number): Effect.Effect<void> => {
    const error = answers[at]!
    return unanswered.has(error) ? Effect.void : Effect.map(calls.pathOf(puts[at]!), (path) => {
      paths[at] = path
      if (path === undefined) unanswered.add(error)
    })
  }
  return Effect.forEach(unnamed, read, { discard: true }).pipe(
    Effect.flatMap(() => calls.deliver(calls)),
    Effect.flatMap(() => calls.told)
  )
}

/** One report of progress. It is dropped if its call ends before its turn. */
const progressSource = (call: InFlight, at: number, event: SinkEvent.SinkEvent): Source => {
  let next = (): SinkEvent.SinkEvent | undefined => call.hasEnded(at) ? undefined : event
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
      deferred.push(() => call.cancelled && at >= call.settled ? undefined : event)
      // Of several that are deferred, whichever has its turn first delivers the oldest one.
      next = () => deferred.shift()?.()
    }
  }
  return source
}

/** What belongs to a sink: its delivery, and its calls that have not ended (PA-40). */
interface SinkCalls {
  readonly delivery: SinkDelivery
  readonly calls: Set<InFlight>
}

const sinks: WeakMap<PutSink, SinkCalls> = /* @__PURE__ */ new WeakMap()

const callsOf = (sink: PutSink): SinkCalls => {
  let known = sinks.get(sink)
  if (known === undefined) sinks.set(sink, known = { delivery: make(sink), calls: new Set() })
  return known
}

/** Ends every call that has not ended, and returns their puts. */
const cancelCalls = (calls: InFlight): ReadonlyArray<DecodedPut> => {
  calls.cancelled = true
  calls.last = calls.settled
  calls.stop?.()
  calls.waiting?.forEach(({ end }) => end?.(false))
  calls.ended()
  return calls.puts.slice(calls.settled)
}

/** The endings of cancelled calls, each with the operation and path of its put (EO-7). */
const cancelledSource = (ended: ReadonlyArray<readonly [InFlight, ReadonlyArray<DecodedPut>]>): Source => {
  const endings: Array<SinkEvent.SinkEvent> = []
  let at = 0
  const endingsOf = (call: InFlight, puts: ReadonlyArray<DecodedPut>): Effect.Effect<void> =>
    Effect.forEach(puts, (put) =>
      Effect.map(call.pathOf(put), (path) => {
        endings.push(...endingOf(put, new CallCancelled({}), path))
      }), { discard: true })
  const source: Source = {
    owner: { early: false, waiting: undefined, name: Effect.succeed("The cancel of a sink") },
    prepare: Effect.forEach(
      ended,
      ([call, puts]) => zipRight(call.accepted?.await ?? Effect.void, endingsOf(call, puts)),
      { discard: true }
    ),
    get more() {
      return source.prepare !== undefined || at < endings.length
    },
    midway: false,
    next: () => endings[at++],
    settle: () => {}
  }
  return source
}

/**
 * Cancels every outstanding call of a sink. Returns when the sink has been told, and never waits for a transaction. The callers are
 * answered after the sink too, except inside a handler and when that takes long.
 *
 * @since 0.1.0
 * @category combinators
 */
export const cancel = (sink: PutSink): Effect.Effect<void> => {
  const made = handlerOnStack()
  return Effect.uninterruptible(Effect.withFiberRuntime((fiber) =>
    inHandler(fiber, () => {
      const known = sinks.get(sink)
      if (known === undefined || known.calls.size === 0) return Effect.void
      const done = Effect.unsafeMakeLatch()
      const ended = [...known.calls].map((call) => {
        call.told = Effect.withFiberRuntime((fiber) =>
          call.early || isInside(fiber)
            ? Effect.void
            : Effect.raceFirst(Effect.interruptible(done.await), Effect.interruptible(Effect.sleep(longWait)))
        )
        return [call, cancelCalls(call)] as const
      })
      return deliverNext(known.delivery, cancelledSource(ended), () => void done.unsafeOpen())
    }, made)
  ))
}

/** How the caller of a call that runs on its own waits for it. */
export interface Detached {
  readonly await: Effect.Effect<PutReport, WbemError>
  readonly cancel: Effect.Effect<void>
}

/**
 * Runs the operation of a call in a fiber of the scope: at once up to its first wait, so that a later put cannot overtake it (PA-32).
 * A program that only waits for its puts does not ship this.
 *
 * Inside a handler, waiting for the call or for the end of the scope ends without waiting for the sink.
 *
 * @since 0.1.0
 * @category combinators
 */
export const detach = <R>(
  call: InFlight,
  operation: Effect.Effect<PutReport, WbemError, R>
): Effect.Effect<Detached, never, R | Scope.Scope> =>
  Effect.flatMap(Effect.runtime<R | Scope.Scope>(), (runtime) => {
    const decided = call.decided = Effect.unsafeMakeLatch()
    const accepted = call.accepted = Effect.unsafeMakeLatch()
    // The caller is given its answer before any event: a promise of it settles before the next macrotask.
    setTimeout(() => {
      call.accepted = undefined
      accepted.unsafeOpen()
    }, 0)
    const { strategy } = Context.get(runtime.context, Scope.Scope)
    return Effect.flatMap(Scope.fork(Context.get(runtime.context, Scope.Scope), strategy), (scope) => {
      const fiber = Runtime.runFork(runtime, Effect.onExit(operation, (exit) => Scope.close(scope, exit)))
      const early = <A, E>(inside: Effect.Effect<A, E>, outside: Effect.Effect<A, E>): Effect.Effect<A, E> =>
        Effect.withFiberRuntime((self) => {
          if (!isInside(self)) return outside
          call.early = true
          call.waiting?.forEach(call.delivery.deferEvents)
          return inside
        })
      const end = early(
        Effect.suspend(() => {
          fiber.unsafeInterruptAsFork(fiber.id())
          return decided.await
        }),
        Effect.asVoid(Fiber.interrupt(fiber))
      )
      const closing = Effect.withFiberRuntime<void>((self) => self.id() === fiber.id() ? Effect.void : end)
      return Effect.as(Scope.addFinalizer(scope, closing), {
        await: early(Effect.flatMap(decided.await, () => call.answer()), Fiber.join(fiber)),
        cancel: end
      })
    })
  })
