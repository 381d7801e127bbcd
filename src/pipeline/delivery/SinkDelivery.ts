/**
 * Delivery of events to one sink. At most one handler of a sink runs at a time (PA-30).
 *
 *     call made outside ── sink is free ──> holds it, runs the handlers, hands it on
 *                       └─ sink is busy ──> waits in `queue` for its turn
 *     call made inside a handler of it ───> `followUps`: the holder delivers them right after that handler
 *
 * A handler may start calls of its own, and such a call must not wait for the handler that waits for it. Each handler that runs is
 * a `RunningHandler`, and a `FiberRef` passes it on to every fiber that is started inside it. The scheduler of a handler says which one
 * is on the JavaScript stack, for fibers without a parent that are started there: promises of a runtime.
 *
 * A call inside a handler waits for its turn at another sink unless that would close a cycle of handlers that wait for each other.
 * Where a call does not wait, its ending is decided and answered at once, and its events are follow-ups.
 *
 * A handler that is an Effect runs in a fiber of its own, so that races and time-outs in it work as anywhere. An interruption of the
 * put that delivers does not reach it, unless the sink is `interruptible` or a call has waited long for it.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as FiberRefs from "effect/FiberRefs"
import * as Runtime from "effect/Runtime"
import * as RuntimeFlags from "effect/RuntimeFlags"
import type { Scheduler, Task } from "effect/Scheduler"
import type { SinkEvent } from "../../protocol/SinkEvent.ts"
import type { PutSink } from "../PutSink.ts"

/** `Effect.zipRight` without its options, which cost more bytes than this file uses of it. */
export const zipRight = <A, E, R, B, E2, R2>(
  first: Effect.Effect<A, E, R>,
  next: Effect.Effect<B, E2, R2>
): Effect.Effect<B, E | E2, R | R2> => Effect.flatMap(first, () => next)

/** Ends a wait. `true` hands the sink over. */
type EndWait = (granted: boolean) => void

/** The call, or the calls of a batch, that events belong to. */
export interface Owner {
  /** Whether they do not wait for a sink: a caller inside a handler waits for them, or they have waited too long. */
  early: boolean
  /** Its sources that wait for their turn. */
  waiting: Set<Source> | undefined
  /** Names the call in a log line. */
  readonly name: Effect.Effect<string>
}

/** Events to deliver. */
export interface Source {
  readonly owner: Owner
  /** Whether `next` may return another event. */
  readonly more: boolean
  /** Whether the next event is not the first one of its call. */
  readonly midway: boolean
  /** Returns the next event. It is decided at this moment: a cancel before it still counts (PA-41). */
  next(): SinkEvent | undefined | void
  /** Decides every event now, because the caller is answered before they are delivered. */
  settle(): void
  /** Runs once while the sink is held, before the first `next`. */
  prepare?: Effect.Effect<void> | undefined
  end?: EndWait | undefined
}

/** A handler that runs, and what the fibers inside it wait for. */
export interface RunningHandler {
  /** The handler inside which this one was started. */
  outer: RunningHandler | undefined
  active: boolean
  /** For each fiber inside it that waits for a sink: gives the handler that runs there. */
  readonly waits: Array<() => RunningHandler | undefined>
}

/** The handler inside which a fiber was started. A fiber that joins another one keeps its own. */
const within: FiberRef.FiberRef<RunningHandler | undefined> = /* @__PURE__ */ FiberRef.unsafeMake<
  RunningHandler | undefined
>(undefined, { join: (own) => own })

/** The innermost of nested handlers that still runs. */
const innermost = (handler: RunningHandler | undefined): RunningHandler | undefined =>
  handler === undefined || handler.active ? handler : innermost(handler.outer)

/** The handler whose code is on the JavaScript stack. A fiber without a parent that starts meanwhile starts inside it. */
let onStack: RunningHandler | undefined

const handlerOf = (fiber: Fiber.RuntimeFiber<unknown, unknown>): RunningHandler | undefined =>
  innermost(fiber.getFiberRef(within) ?? onStack)

const runOnStack = <A>(handler: RunningHandler | undefined, run: () => A): A => {
  const before = onStack
  onStack = handler
  try {
    return run()
  } finally {
    onStack = before
  }
}

/** Runs each step of a fiber inside a handler with that handler as {@link onStack}. */
class HandlerScheduler implements Scheduler {
  readonly base: Scheduler
  constructor(base: Scheduler) {
    this.base = base
  }
  shouldYield(fiber: Fiber.RuntimeFiber<unknown, unknown>): number | false {
    return this.base.shouldYield(fiber)
  }
  scheduleTask(task: Task, priority: number, fiber?: Fiber.RuntimeFiber<unknown, unknown>): void {
    const step = fiber === undefined ? task : () => runOnStack(innermost(fiber.getFiberRef(within)), task)
    this.base.scheduleTask(step, priority, fiber)
  }
}

/** The handler inside which the running code was called, also where no fiber says so: by a promise that a handler makes. */
export const handlerOnStack = (): RunningHandler | undefined => onStack

/**
 * Goes on with `next`, and remembers in a fiber that no handler started that it belongs to one: to the handler on whose stack the fiber
 * takes its first step, else to the one on whose stack the effect was made (`made`), which may run in a fiber that starts later.
 */
export const inHandler = <A, E, R>(
  fiber: Fiber.RuntimeFiber<unknown, unknown>,
  next: () => Effect.Effect<A, E, R>,
  made: RunningHandler | undefined
): Effect.Effect<A, E, R> => {
  const handler = innermost(onStack ?? made)
  return handler === undefined || fiber.getFiberRef(within) !== undefined
    ? next()
    : Effect.flatMap(FiberRef.set(within, handler), next)
}

/**
 * The fiber refs of a handler: those of the fiber that delivers, without the history of the refs that change with every handler. In a
 * chain of fibers that handlers start, the history grows with every link.
 */
const refsOf = (delivering: Fiber.RuntimeFiber<unknown, unknown>, own: RunningHandler): FiberRefs.FiberRefs => {
  const refs = new Map(delivering.getFiberRefs().locals)
  const fresh = <A>(ref: FiberRef.FiberRef<A>, value: A): void => void refs.set(ref, [[delivering.id(), value]])
  const scheduler = delivering.getFiberRef(FiberRef.currentScheduler)
  fresh(within, own)
  fresh(FiberRef.currentScheduler, scheduler instanceof HandlerScheduler ? scheduler : new HandlerScheduler(scheduler))
  refs.delete(FiberRef.currentContext)
  refs.delete(FiberRef.currentRuntimeFlags)
  return FiberRefs.unsafeMake(refs)
}

/** Whether a fiber inside `handler` that waits for the end of `running` would wait for itself. */
const closesCycle = (
  handler: RunningHandler | undefined,
  running: RunningHandler | undefined,
  seen: Set<RunningHandler> = new Set()
): boolean => {
  if (running === undefined || seen.has(running)) return false
  for (let at = handler; at !== undefined; at = innermost(at.outer)) if (at === running) return true
  seen.add(running)
  return running.waits.some((next) => closesCycle(handler, next(), seen))
}

/** How many plain handlers are on the JavaScript stack. What starts meanwhile starts inside them, in whichever fiber. */
let plainHandlers = 0

/** Whether a fiber runs inside a handler of any sink. */
export const isInside = (fiber: Fiber.RuntimeFiber<unknown, unknown>): boolean =>
  plainHandlers > 0 || handlerOf(fiber) !== undefined

/** A handler's failure is reported out of band and changes nothing (PA-50). */
const logFailure = (cause: Cause.Cause<never>): Effect.Effect<unknown> =>
  Cause.isInterruptedOnly(cause) ? Effect.void : Effect.exit(Effect.logWarning("a sink handler failed", cause))

/** After this time a wait is logged, because the handler that it waits for may wait for the call. */
export const longWait = "10 seconds"

/**
 * The delivery of one sink.
 *
 * @since 0.1.0
 * @category models
 */
export interface SinkDelivery {
  /**
   * Delivers the events of a source at its turn. Called in a step of an uninterruptible fiber. The answer is `Effect.void` itself
   * when all is delivered by then: the sink was free and its handlers are plain functions.
   */
  readonly deliver: (source: Source) => Effect.Effect<void>
  /** Events that follow the handler that runs now. Empty while the sink is free. */
  readonly followUps: Array<Source>
  /** Whether a handler or its consequences are being delivered. */
  readonly isBusy: () => boolean
  readonly wait: (
    source: Source,
    handler: RunningHandler | undefined,
    begin: (end: EndWait) => () => void
  ) => Effect.Effect<boolean>
  /** Whether a call inside `handler` must not wait for this sink. */
  readonly mustNotWait: (source: Source, handler: RunningHandler | undefined) => boolean
  /** Decides the events of a source and makes them follow-ups. A fiber that waits with them goes on. */
  readonly deferEvents: (source: Source) => void
}

/**
 * The delivery of a sink.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (sink: PutSink): SinkDelivery => {
  let busy = false
  const queue = new Set<EndWait>()
  const followUps: Array<Source> = []
  /** The handler that runs, if it is no plain one, and what interrupts it. */
  let running: RunningHandler | undefined
  let interrupt: (() => void) | undefined
  /** The handler that a call has waited long for. */
  let slow: RunningHandler | undefined
  /** Whether the put that delivers was interrupted while the handler runs. */
  let interrupted = false

  const deliver = (source: Source): Effect.Effect<void> => {
    if (busy || !source.more) return deliverLater(source)
    busy = true
    if (sink.emitSync === undefined || source.prepare !== undefined) return hold(source)
    while (source.more) {
      const event = source.next()
      const failed = event === undefined ? undefined : emit(event)
      if (failed !== undefined) return zipRight(failed, hold(source))
      if (followUps.length > 0) return hold(source)
    }
    if (queue.size > 0) return hold()
    busy = false
    return Effect.void
  }

  const deliverLater = (source: Source): Effect.Effect<void> =>
    Effect.withFiberRuntime((fiber) => {
      if (!source.more) return Effect.void
      if (!busy) return deliver(source)
      const handler = handlerOf(fiber)
      if (mustNotWait(source, handler)) {
        deferEvents(source)
        return Effect.void
      }
      const turn = wait(source, handler, (end) => {
        queue.add(end)
        return () => deferEvents(source)
      })
      return Effect.flatMap(turn, (granted) => granted ? hold(source) : Effect.void)
    })

  const deferEvents = (source: Source): void => {
    source.settle()
    followUps.push(source)
    source.end?.(false)
  }

  const mustNotWait = ({ owner }: Source, handler: RunningHandler | undefined): boolean =>
    plainHandlers > 0 || owner.early || closesCycle(handler, running)

  /** Waits for `EndWait`. `begin` answers how a call inside a handler goes on when its wait has lasted too long. */
  const wait = (
    source: Source,
    handler: RunningHandler | undefined,
    begin: (end: EndWait) => () => void
  ): Effect.Effect<boolean> => {
    const { owner } = source
    const inside: Array<RunningHandler> = []
    for (let at = handler; at !== undefined; at = innermost(at.outer)) inside.push(at)
    const runningHere = (): RunningHandler | undefined => running
    let ended: Exit.Exit<boolean> | undefined
    let resume: ((exit: Exit.Exit<boolean>) => void) | undefined
    const end: EndWait = (granted) => {
      if (ended !== undefined) return
      ended = Exit.succeed(granted)
      owner.waiting?.delete(source)
      queue.delete(end)
      for (const { waits } of inside) waits.splice(waits.indexOf(runningHere), 1)
      resume?.(ended)
    }
    // Registered before the fiber takes another step: the sink may become free then.
    source.end = end
    ;(owner.waiting ??= new Set()).add(source)
    for (const { waits } of inside) waits.push(runningHere)
    const leave = begin(end)
    const watch = zipRight(
      Effect.interruptible(Effect.sleep(longWait)),
      Effect.suspend(() => {
        const warning = warn(owner)
        owner.early = true
        if (innermost(handler) !== undefined) leave()
        return warning
      })
    )
    return Effect.flatMap(Effect.fork(watch), (watching) =>
      Effect.map(
        Effect.async<boolean>((go) => {
          if (ended === undefined) resume = go
          else go(ended)
        }),
        (granted) => {
          watching.unsafeInterruptAsFork(watching.id())
          return granted
        }
      ))
  }

  /** One warning for each handler that is waited for. From then on an interruption of the put that delivers reaches it. */
  const warn = ({ name }: Owner): Effect.Effect<void> => {
    if (running !== undefined && slow === running) return Effect.void
    slow = running
    if (interrupted) interrupt?.()
    return Effect.flatMap(name, (call) =>
      Effect.logWarning(
        `${call} has waited ${longWait} for a handler of its sink. A handler that awaits a promise of it waits for itself`
      ))
  }

  /** Delivers a source, what its handlers cause and what is left on the stack, then hands the sink on. */
  const hold = (source?: Source, stack: Array<Source> = source === undefined ? [] : [source]): Effect.Effect<void> =>
    Effect.flatMap(Effect.exit(flush(stack, source)), (exit) => {
      if (followUps.length > 0) return hold(source, stack)
      const [next] = queue
      if (next === undefined) busy = false
      else next(true)
      return source?.more === true ? deliverLater(source) : exit
    })

  /** What a handler causes goes on top of the stack, so that it follows right after that handler. */
  const flush = (stack: Array<Source>, source: Source | undefined): Effect.Effect<void> => {
    let begun = false
    const step: Effect.Effect<void> = Effect.suspend(() => {
      for (;;) {
        while (followUps.length > 0) stack.push(followUps.pop()!)
        const top = stack[stack.length - 1]
        if (top === undefined) return Effect.void
        const { prepare } = top
        if (prepare !== undefined) {
          top.prepare = undefined
          return zipRight(prepare, step)
        }
        // Between two calls of a batch the others take their turns.
        if (top === source) {
          if (begun && !top.midway && queue.size > 0) return Effect.void
          begun = true
        }
        const event = top.next()
        if (!top.more) stack.pop()
        const rest = event === undefined ? undefined : emit(event)
        if (rest !== undefined) return zipRight(rest, step)
      }
    })
    return step
  }

  /** Runs the handler. The answer is `undefined` when it has returned. */
  const emit = (event: SinkEvent): Effect.Effect<unknown> | undefined => {
    let handler: Effect.Effect<void> | undefined
    const own: RunningHandler = { outer: undefined, active: true, waits: [] }
    plainHandlers++
    try {
      if (sink.emitSync === undefined) handler = runOnStack(own, () => sink.emit(event))
      else sink.emitSync(event)
    } catch (defect) {
      own.active = false
      return logFailure(Cause.die(defect))
    } finally {
      plainHandlers--
    }
    own.active = handler !== undefined && !(Exit.isExit(handler) && Exit.isSuccess(handler))
    return handler !== undefined && own.active ? run(handler, own) : undefined
  }

  const run = (handler: Effect.Effect<void>, own: RunningHandler): Effect.Effect<unknown> =>
    Effect.withFiberRuntime((delivering, { runtimeFlags }) => {
      own.outer = handlerOf(delivering)
      running = own
      interrupted = false
      const runtime = Runtime.make({
        context: delivering.getFiberRef(FiberRef.currentContext),
        fiberRefs: refsOf(delivering, own),
        runtimeFlags: RuntimeFlags.enable(runtimeFlags, RuntimeFlags.Interruption)
      })
      // It runs at once, up to its first wait.
      const fiber = runOnStack(own, () => Runtime.runFork(runtime, Effect.exit(handler)))
      const end = (exit: Exit.Exit<Exit.Exit<void>>): Effect.Effect<unknown> => {
        own.active = false
        own.outer = innermost(own.outer) // a fiber that outlives the handler keeps no more of them than needed
        running = undefined
        const failed = Exit.flatten(exit)
        return Exit.isFailure(failed) ? logFailure(failed.cause) : failed
      }
      const exit = fiber.unsafePoll()
      if (exit !== null) return end(exit)
      interrupt = () => fiber.unsafeInterruptAsFork(fiber.id())
      const ended = Effect.async<Exit.Exit<Exit.Exit<void>>>((resume) =>
        fiber.addObserver((one) => resume(Exit.succeed(one)))
      )
      return Effect.flatMap(
        Effect.matchCauseEffect(Effect.interruptible(ended), {
          onSuccess: Effect.succeed,
          onFailure: () => {
            interrupted = true
            if (sink.interruptible === true || slow === own) interrupt!()
            return ended
          }
        }),
        end
      )
    })

  return { deliver, deferEvents, followUps, isBusy: () => busy, wait, mustNotWait }
}

/**
 * Delivers a source right after the handler that runs, ahead of the queue. `done` is called when that has happened.
 *
 * @since 0.1.0
 * @category combinators
 */
export const deliverNext = (
  { deliver, followUps, isBusy, mustNotWait, wait }: SinkDelivery,
  source: Source,
  done: () => void
): Effect.Effect<void> =>
  Effect.withFiberRuntime((fiber) => {
    if (!isBusy()) return Effect.map(deliver(source), done)
    const handler = handlerOf(fiber)
    const goesOn = mustNotWait(source, handler)
    const after = { owner: source.owner, more: false, midway: false, settle: done, next: done }
    followUps.push(source, after)
    return goesOn ? Effect.void : Effect.asVoid(wait(source, handler, (end) => {
      after.next = () => {
        done()
        end(false)
      }
      return () => end(false)
    }))
  })
