/**
 * The gate of an accepted call: one ending, told to the sink and answered to the caller alike (PA-23), when the turn of the call comes
 * (`sinkLine`).
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import type { PutReport } from "../protocol/PutReport.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import * as SinkEvent from "../protocol/SinkEvent.ts"
import { CallCancelled, isWbemError, type WbemError } from "../protocol/WbemError.ts"
import type { PutSink } from "./PutSink.ts"
import { outcomeOf } from "./Repository.ts"
import {
  afterwards,
  endingOf,
  infoFor,
  inside,
  type Line,
  lineOf,
  nothing,
  Outstanding,
  type RelPath,
  turn,
  turnNow
} from "./sinkLine.ts"

/**
 * One accepted call.
 *
 * @since 0.1.0
 * @category models
 */
export class CallGate extends Outstanding {
  readonly put: DecodedPut
  readonly #line: Line
  #ended = false

  constructor(line: Line, put: DecodedPut, relPath: RelPath) {
    super(relPath)
    this.put = put
    this.#line = line
  }

  /** Tells the sink of progress, if it asked for it and the call has not ended (PA-25, PA-28). */
  readonly progress = (report: SinkEvent.ProgressReport): Effect.Effect<void> =>
    this.#ended || !this.put.options.status ? Effect.void : Effect.uninterruptible(
      Effect.suspend(() => this.tell(() => this.#ended ? nothing : [SinkEvent.progress(this.put, report)]))
    )

  /** Tells the sink how the call ended, once, and answers the same to the caller. */
  readonly finish = (exit: Exit.Exit<PutReport, WbemError>): Effect.Effect<PutReport, WbemError> => {
    if (this.#ended) return this.answer(exit)
    const outcome = outcomeOf(exit, "a stage of the pipeline died")
    if (isWbemError(outcome)) {
      const told = Effect.flatMap(
        infoFor(outcome, this.put, this.relPath),
        (info) => this.tell(() => this.settle(outcome, info))
      )
      return afterwards(told, this.answer(exit))
    }
    const rest = this.tell(() => this.settle(outcome))
    return rest === Effect.void && !this.cancelled ? exit : afterwards(rest, this.answer(exit))
  }

  private answer(exit: Exit.Exit<PutReport, WbemError>): Effect.Effect<PutReport, WbemError> {
    return Effect.suspend(() =>
      this.cancelled || (Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause))
        ? Either.left(new CallCancelled({}))
        : exit
    )
  }

  private settle(outcome: PutReport | WbemError, info?: string | undefined): ReadonlyArray<SinkEvent.SinkEvent> {
    if (this.#ended) return nothing
    this.#ended = true
    this.#line.calls.delete(this)
    return endingOf(this.put, outcome, info)
  }

  /** Nothing is told before the caller holds the acceptance (PA-29). */
  private tell(events: () => ReadonlyArray<SinkEvent.SinkEvent>): Effect.Effect<void> {
    return this.held === undefined ? turnNow(this.#line, events) : afterwards(this.held, turn(this.#line, events))
  }

  override cancel(): ReadonlyArray<DecodedPut> {
    this.#ended = true
    this.halt()
    return [this.put]
  }
}

/** A call made from inside a handler is not inside it. */
const outside = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.withFiberRuntime((fiber) =>
    fiber.getFiberRef(inside) === undefined ? effect : Effect.locally(effect, inside, undefined)
  )

/** The caller is being answered. Once its promise has settled events may flow: a microtask would be too early. */
const hold = (gate: CallGate): void => {
  const waiting: Array<() => void> = []
  gate.held = Effect.async<void>((resume) => {
    const go = (): void => resume(Effect.void)
    if (gate.held === undefined) go()
    else waiting.push(go)
  })
  setTimeout(() => {
    gate.held = undefined
    for (const go of waiting) go()
  }, 0)
}

/**
 * Runs the operation of a call on its own: at once up to its first wait, so that a later put cannot overtake it (PA-32), in a fiber
 * of the scope. A program that only waits for its puts does not ship this.
 *
 * @since 0.1.0
 * @category combinators
 */
export const detach = <A, E, R>(
  gate: CallGate,
  operation: Effect.Effect<A, E, R>
): Effect.Effect<Fiber.RuntimeFiber<A, E>, never, R | Scope.Scope> =>
  Effect.map(Effect.runtime<R | Scope.Scope>(), (runtime) => {
    hold(gate)
    return Runtime.runFork(runtime, outside(operation), { scope: Context.get(runtime.context, Scope.Scope) })
  })

/**
 * An accepted call begins.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (sink: PutSink, put: DecodedPut, relPath: RelPath): CallGate => {
  const line = lineOf(sink)
  const gate = new CallGate(line, put, relPath)
  line.calls.add(gate)
  return gate
}
