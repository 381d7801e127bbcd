/**
 * The gate of an accepted call: one ending, told to the sink and answered to the caller alike (PA-23); sink-wide cancel
 * (PA-40 to PA-46); one handler of a sink at a time (PA-30).
 *
 * The calls of one sink share a line. Whoever has something to tell takes the line if it is free, else waits for its turn; what
 * a handler itself causes follows right after that handler, so that nothing waits for the handler it runs in (PA-42). An ending
 * is settled when the turn comes and not when the transaction ends: a cancel in between still wins (PA-41, PA-43).
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import type { PutReport } from "../protocol/PutReport.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import * as SinkEvent from "../protocol/SinkEvent.ts"
import { CallCancelled, Failed, isWbemError, type WbemError } from "../protocol/WbemError.ts"
import type { PutSink } from "./PutSink.ts"
import { type Answer, outcomeOf } from "./Repository.ts"

/** Asks the repository for the relative path of what is put. */
type RelPath = (put: DecodedPut) => Effect.Effect<string | undefined>

/** `Effect.zipRight` less its options, which weigh more than all that is done with it here. */
const afterwards = <A, E, R, B, E2, R2>(
  first: Effect.Effect<A, E, R>,
  next: Effect.Effect<B, E2, R2>
): Effect.Effect<B, E | E2, R | R2> => Effect.flatMap(first, () => next)

/** What a sink-wide cancel ends: one call, or the calls of a batch. */
abstract class Outstanding {
  /** Whether the sink cancelled before it was told of the ending. */
  cancelled = false
  /** Waits until the caller has its answer; `undefined` once it has (PA-29). */
  held: Effect.Effect<void> | undefined
  readonly relPath: RelPath
  private stop: (() => void) | undefined

  constructor(relPath: RelPath) {
    this.relPath = relPath
  }

  /** Ends it, and answers the puts whose ending the sink was not told yet. */
  abstract cancel(): ReadonlyArray<DecodedPut>

  protected halt(): void {
    this.cancelled = true
    this.stop?.()
  }

  /**
   * What may wait before the transaction; ends with `CallCancelled` when the sink cancels meanwhile. It takes a function, so
   * that one that throws is heard of too; one that is a value already costs nothing.
   */
  unlessCancelled<A, R>(check: () => Effect.Effect<A, WbemError, R>): Effect.Effect<A, WbemError, R> {
    return Effect.suspend(() => {
      const effect = check()
      if (Either.isEither(effect) || Exit.isExit(effect)) return effect
      return Effect.raceFirst(
        effect,
        Effect.async<never, CallCancelled>((resume) => {
          this.stop = () => resume(Effect.fail(new CallCancelled({})))
          if (this.cancelled) this.stop()
        })
      )
    })
  }
}

/** One sink: who is outstanding, who waits for a turn, what follows the handler that runs now. */
interface Line {
  readonly sink: PutSink
  readonly calls: Set<Outstanding>
  readonly waiting: Array<() => void>
  readonly after: Array<Effect.Effect<void>>
  busy: boolean
}

const lines: WeakMap<PutSink, Line> = /* @__PURE__ */ new WeakMap()

const lineOf = (sink: PutSink): Line => {
  let line = lines.get(sink)
  if (line === undefined) lines.set(sink, line = { sink, calls: new Set(), waiting: [], after: [], busy: false })
  return line
}

/** The handlers that this fiber runs inside of. A fiber id would not survive a `timeout` in the handler. */
interface Inside {
  readonly line: Line
  readonly outer: Inside | undefined
}

const inside: FiberRef.FiberRef<Inside | undefined> = /* @__PURE__ */ FiberRef.unsafeMake<Inside | undefined>(undefined)

const isInside = (at: Inside | undefined, line: Line): boolean => {
  for (let here = at; here !== undefined; here = here.outer) if (here.line === line) return true
  return false
}

/** A handler's failure is reported out of band and changes nothing (PA-50). */
const logged = (cause: Cause.Cause<never>): Effect.Effect<void> =>
  Cause.isInterruptedOnly(cause) ? Effect.void : Effect.logWarning("a sink handler failed", cause)

const orLogged = (told: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.flatMap(Effect.exit(told), (exit) => Exit.isFailure(exit) ? logged(exit.cause) : exit)

/** How a call ends. An error that cannot be written (it came with facts that throw) is told as `Failed`: it has to be told. */
const endingOf = (
  put: DecodedPut,
  outcome: Answer,
  info?: string | undefined
): ReadonlyArray<SinkEvent.SinkEvent> => {
  try {
    return SinkEvent.ending(put, outcome, info)
  } catch (cause) {
    return SinkEvent.ending(put, new Failed({ detail: "the answer cannot be told", cause }), info)
  }
}

/** What follows a handler. It is of other calls, so what dies of it is not heard by whoever drains. */
const drain = (line: Line): Effect.Effect<void> =>
  Effect.suspend(() => {
    const next = line.after.shift()
    return next === undefined ? Effect.void : afterwards(orLogged(next), drain(line))
  })

/** Tells one event, then what its handler caused. */
const emit = (line: Line, event: SinkEvent.SinkEvent): Effect.Effect<void> =>
  afterwards(orLogged(Effect.suspend(() => line.sink.emit(event))), drain(line))

const emitAll = (line: Line, events: ReadonlyArray<SinkEvent.SinkEvent>, from = 0): Effect.Effect<void> =>
  from === events.length
    ? Effect.void
    : Effect.flatMap(emit(line, events[from]!), () => emitAll(line, events, from + 1))

/**
 * Tells events by plain calls as far as that goes. What is left (a handler threw, or caused something) is an Effect.
 */
const emitPlainly = (line: Line, events: ReadonlyArray<SinkEvent.SinkEvent>): Effect.Effect<void> | undefined => {
  const tell = line.sink.unsafeEmit
  if (tell === undefined) return emitAll(line, events)
  for (let i = 0; i < events.length; i++) {
    try {
      tell(events[i]!)
    } catch (defect) {
      return afterwards(logged(Cause.die(defect)), afterwards(drain(line), emitAll(line, events, i + 1)))
    }
    if (line.after.length > 0) return afterwards(drain(line), emitAll(line, events, i + 1))
  }
  return undefined
}

const release = (line: Line): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (line.after.length > 0) return afterwards(drain(line), release(line))
    const next = line.waiting.shift()
    if (next === undefined) line.busy = false
    else next()
    return Effect.void
  })

/** `body` tells; whatever it runs knows that it runs inside a handler of this sink. The line is free again, also if it dies. */
const telling = (line: Line, body: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.withFiberRuntime<void>((fiber) => {
    const outer = fiber.getFiberRef(inside)
    return Effect.flatMap(
      FiberRef.set(inside, { line, outer }), // uninterruptible here
      () =>
        Effect.flatMap(
          Effect.exit(body),
          (exit) => Effect.flatMap(FiberRef.set(inside, outer), () => afterwards(release(line), exit))
        )
    )
  })

/** Tells when it is this fiber's turn; from inside a handler of this sink right after that handler. `events` is asked then. */
const turn = (line: Line, events: () => ReadonlyArray<SinkEvent.SinkEvent>): Effect.Effect<void> =>
  Effect.suspend(() => turnNow(line, events))

/** The same, begun at once: for callers that run inside the fiber anyway. Plain handlers need no further step. */
const turnNow = (line: Line, events: () => ReadonlyArray<SinkEvent.SinkEvent>): Effect.Effect<void> => {
  if (line.busy) return waitTurn(line, Effect.suspend(() => emitAll(line, events())))
  line.busy = true
  if (line.sink.unsafeEmit === undefined) return telling(line, Effect.suspend(() => emitAll(line, events())))
  let told: ReadonlyArray<SinkEvent.SinkEvent>
  try {
    told = events()
  } catch (defect) { // whose event it is hears of it, and the line is free again
    return afterwards(release(line), Effect.die(defect))
  }
  const rest = emitPlainly(line, told)
  if (rest !== undefined) return telling(line, rest)
  if (line.waiting.length > 0 || line.after.length > 0) return release(line)
  line.busy = false
  return Effect.void
}

const waitTurn = (line: Line, body: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.withFiberRuntime<void>((fiber) => {
    if (isInside(fiber.getFiberRef(inside), line)) {
      line.after.push(body)
      return Effect.void
    }
    return afterwards(
      Effect.async<void>((resume) => {
        line.waiting.push(() => resume(Effect.void))
      }),
      telling(line, body)
    )
  })

/** What the error object names: nothing to ask for when the error says it already. A repository that dies here is not heard. */
const infoFor = (error: WbemError, put: DecodedPut, relPath: RelPath): Effect.Effect<string | undefined> =>
  error.parameterInfo !== undefined || put.object._tag === "Class" ? Effect.succeed(undefined) : Effect.flatMap(
    Effect.exit(Effect.suspend(() => relPath(put))),
    (exit) => Exit.isSuccess(exit) ? exit : Effect.succeed(undefined)
  )

/** Tells that calls were cancelled, with the operation and path of each (EO-7). */
const tellCancelled = (line: Line, puts: ReadonlyArray<DecodedPut>, relPath: RelPath): Effect.Effect<void> =>
  Effect.forEach(puts, (put) => {
    const error = new CallCancelled({})
    return Effect.flatMap(infoFor(error, put, relPath), (info) => emitAll(line, endingOf(put, error, info)))
  }, { discard: true })

const nothing: ReadonlyArray<SinkEvent.SinkEvent> = /* @__PURE__ */ Object.freeze([])

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

/**
 * The accepted calls of one batch: outstanding together, told one after another, each with its own ending.
 *
 * @since 0.1.0
 * @category models
 */
export class BatchGate extends Outstanding {
  private readonly line: Line
  private readonly puts: ReadonlyArray<DecodedPut>
  /** The put whose ending is told next. */
  private next = 0

  constructor(sink: PutSink, puts: ReadonlyArray<DecodedPut>, relPath: RelPath) {
    super(relPath)
    this.line = lineOf(sink)
    this.puts = puts
    this.line.calls.add(this)
  }

  override cancel(): ReadonlyArray<DecodedPut> {
    this.halt()
    const from = this.next
    this.next = this.puts.length
    return this.puts.slice(from)
  }

  /** Tells the sink of progress of one of the puts, if it is one, asked for it and has not ended (PA-25, PA-28). */
  readonly progress = (at: number, report: SinkEvent.ProgressReport): Effect.Effect<void> =>
    at < this.next || this.puts[at]?.options.status !== true ? Effect.void : Effect.uninterruptible(
      turn(this.line, () => at < this.next ? nothing : [SinkEvent.progress(this.puts[at]!, report)])
    )

  /**
   * Tells every ending in order. Answers how many it told: a cancel in between ends the others with `CallCancelled`.
   *
   * What the error object of an instance names is asked of the repository where the error does not say it; where one error is that of
   * many puts, because nobody could be asked, it is asked no further than the first that is not answered.
   */
  finish(answers: ReadonlyArray<Answer>): Effect.Effect<number> {
    const unnamed: Array<number> = []
    for (let at = 0; at < answers.length; at++) {
      const answer = answers[at]!
      if (isWbemError(answer) && answer.parameterInfo === undefined && this.puts[at]!.object._tag === "Instance") {
        unnamed.push(at)
      }
    }
    if (unnamed.length === 0) return this.tellAll(answers, undefined)
    const infos: Array<string | undefined> = new Array(answers.length)
    const unanswered = new Set<Answer>()
    const ask = (at: number): Effect.Effect<void> => {
      const error = answers[at] as WbemError
      return unanswered.has(error) ? Effect.void : Effect.map(infoFor(error, this.puts[at]!, this.relPath), (info) => {
        infos[at] = info
        if (info === undefined) unanswered.add(error)
      })
    }
    return Effect.flatMap(Effect.forEach(unnamed, ask, { discard: true }), () => this.tellAll(answers, infos))
  }

  private tellAll(
    answers: ReadonlyArray<Answer>,
    infos: ReadonlyArray<string | undefined> | undefined
  ): Effect.Effect<number> {
    let told = 0
    const one = (): ReadonlyArray<SinkEvent.SinkEvent> => {
      const at = this.next++
      told = this.next
      return endingOf(this.puts[at]!, answers[at]!, infos?.[at])
    }
    const loop: Effect.Effect<number> = Effect.suspend(() => {
      const line = this.line
      if (this.next >= this.puts.length) {
        line.calls.delete(this)
        return Effect.succeed(told)
      }
      if (line.busy || line.sink.unsafeEmit === undefined) {
        return afterwards(turn(line, () => this.next < this.puts.length ? one() : nothing), loop)
      }
      // While nobody else is at the sink and its handler is a plain function, the batch is told in one go.
      line.busy = true
      while (this.next < this.puts.length) {
        const rest = emitPlainly(line, one())
        if (rest !== undefined) return afterwards(telling(line, rest), loop)
      }
      return afterwards(release(line), loop)
    })
    return loop
  }
}

/**
 * Cancels every outstanding call of a sink; returns when the sink has been told, never waits for a transaction.
 *
 * @since 0.1.0
 * @category combinators
 */
export const cancel = (sink: PutSink): Effect.Effect<void> =>
  Effect.uninterruptible(Effect.suspend(() => {
    const line = lines.get(sink)
    if (line === undefined || line.calls.size === 0) return Effect.void
    const calls = [...line.calls]
    line.calls.clear()
    for (const call of calls) {
      const told = tellCancelled(line, call.cancel(), call.relPath)
      line.after.push(call.held === undefined ? told : afterwards(call.held, told))
    }
    return turn(line, () => nothing)
  }))
