/**
 * What the calls of one sink share (PA-30, PA-42): who is outstanding, whose turn it is to tell, sink-wide cancel (PA-40 to PA-46).
 *
 * Whoever has something to tell takes the line if it is free, else waits for its turn; what a handler itself causes follows right
 * after that handler, so that nothing waits for the handler it runs in. An ending is settled when the turn comes and not when the
 * transaction ends: a cancel in between still wins (PA-41, PA-43).
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FiberRef from "effect/FiberRef"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import * as SinkEvent from "../protocol/SinkEvent.ts"
import { CallCancelled, Failed, type WbemError } from "../protocol/WbemError.ts"
import type { PutSink } from "./PutSink.ts"
import type { Answer } from "./Repository.ts"

/** Asks the repository for the relative path of what is put. */
export type RelPath = (put: DecodedPut) => Effect.Effect<string | undefined>

/** `Effect.zipRight` less its options, which weigh more than all that is done with it here. */
export const afterwards = <A, E, R, B, E2, R2>(
  first: Effect.Effect<A, E, R>,
  next: Effect.Effect<B, E2, R2>
): Effect.Effect<B, E | E2, R | R2> => Effect.flatMap(first, () => next)

/** What a sink-wide cancel ends: one call, or the calls of a batch. */
export abstract class Outstanding {
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
export interface Line {
  readonly sink: PutSink
  readonly calls: Set<Outstanding>
  readonly waiting: Array<() => void>
  readonly after: Array<Effect.Effect<void>>
  busy: boolean
}

const lines: WeakMap<PutSink, Line> = /* @__PURE__ */ new WeakMap()

export const lineOf = (sink: PutSink): Line => {
  let line = lines.get(sink)
  if (line === undefined) lines.set(sink, line = { sink, calls: new Set(), waiting: [], after: [], busy: false })
  return line
}

/** The handlers that this fiber runs inside of. A fiber id would not survive a `timeout` in the handler. */
interface Inside {
  readonly line: Line
  readonly outer: Inside | undefined
}

export const inside: FiberRef.FiberRef<Inside | undefined> = /* @__PURE__ */ FiberRef.unsafeMake<Inside | undefined>(
  undefined
)

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
export const endingOf = (
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
export const emitPlainly = (
  line: Line,
  events: ReadonlyArray<SinkEvent.SinkEvent>
): Effect.Effect<void> | undefined => {
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

export const release = (line: Line): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (line.after.length > 0) return afterwards(drain(line), release(line))
    const next = line.waiting.shift()
    if (next === undefined) line.busy = false
    else next()
    return Effect.void
  })

/** `body` tells; whatever it runs knows that it runs inside a handler of this sink. The line is free again, also if it dies. */
export const telling = (line: Line, body: Effect.Effect<void>): Effect.Effect<void> =>
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
export const turn = (line: Line, events: () => ReadonlyArray<SinkEvent.SinkEvent>): Effect.Effect<void> =>
  Effect.suspend(() => turnNow(line, events))

/** The same, begun at once: for callers that run inside the fiber anyway. Plain handlers need no further step. */
export const turnNow = (line: Line, events: () => ReadonlyArray<SinkEvent.SinkEvent>): Effect.Effect<void> => {
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
export const infoFor = (error: WbemError, put: DecodedPut, relPath: RelPath): Effect.Effect<string | undefined> =>
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

export const nothing: ReadonlyArray<SinkEvent.SinkEvent> = /* @__PURE__ */ Object.freeze([])

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
