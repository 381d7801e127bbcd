/**
 * Delivery of events to one sink. At most one handler of a sink runs at a time (PA-30).
 *
 *     call outside a handler ── sink is free ──> `deliver`: takes the sink, runs the handlers, releases the sink
 *                            └─ sink is busy ──> waits in `queue` for its turn
 *     call inside a handler of this sink ──────> `followUps`: delivered right after that handler, by the call that has the sink
 *
 * A handler may start calls of its own, and such a call must not wait for the handler, which waits for the call. Each handler
 * that runs is a `RunningHandler`. A `FiberRef` passes it on to every fiber that is started inside it. The scheduler of a
 * handler records which one is on the JavaScript stack, for fibers without a parent that are started there: promises of a
 * runtime.
 *
 * A call inside a handler waits for its turn at another sink, unless that would close a cycle of handlers that wait for each
 * other. A call that does not wait is decided and returns at once, and its events become follow-ups.
 *
 * A handler that is an Effect runs in a fiber of its own, so that races and timeouts in it work as elsewhere. An interruption
 * of the put that delivers the event does not interrupt the handler, unless the sink is `interruptible` or a call has waited
 * for it for `longWait`.
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

/** `Effect.zipRight` without its options, which would make the bundle larger. */
export const zipRight = <A, E, R, B, E2, R2>(
  first: Effect.Effect<A, E, R>,
  next: Effect.Effect<B, E2, R2>
): Effect.Effect<B, E | E2, R | R2> => Effect.flatMap(first, () => next)

/** Ends a wait for a sink. `true` passes the sink to the call that waits. */
type EndWait = (granted: boolean) => void

/** The call, or the calls of a batch, to which events belong. */
export interface Owner {
  /** Whether it does not wait for a sink: a caller inside a handler waits for it, or it has waited for `longWait`. */
  noWait: boolean
  /** Its sources that wait for a sink. */
  waiting: Set<EventSource> | undefined
  /** The name of the call in a log line. */
  readonly name: Effect.Effect<string>
}

/** Events to deliver. */
export interface EventSource {
  readonly owner: Owner
  /** Whether `next` may return another event. */
  readonly more: boolean
  /** Whether the next event is not the first one of its call. */
  readonly midway: boolean
  /** Returns the next event. The event is decided at this moment: a cancel before it still counts (PA-41). */
  next(): SinkEvent | undefined | void
  /** Decides every event now, because the caller continues before they are delivered. */
  settle(): void
  /** Runs once, while this source has the sink, before the first `next`. */
  prepare?: Effect.Effect<void> | undefined
  /** Ends the wait of this source for its turn. */
  endWait?: EndWait | undefined
}

/** A running handler, and the handlers that the fibers inside it wait for. */
export interface RunningHandler {
  /** The handler inside which this one was started. */
  outer: RunningHandler | undefined
  active: boolean
  /** For each fiber inside it that waits for a sink: returns the handler that runs at that sink. */
  readonly waits: Array<() => RunningHandler | undefined>
}

/** The handler inside which a fiber was started. A fiber that joins another fiber keeps its own value. */
const within: FiberRef.FiberRef<RunningHandler | undefined> = /* @__PURE__ */ FiberRef.unsafeMake<
  RunningHandler | undefined
>(undefined, { join: (own) => own })

/** The innermost handler that still runs. */
const innermost = (handler: RunningHandler | undefined): RunningHandler | undefined =>
  handler === undefined || handler.active ? handler : innermost(handler.outer)

/**
 * The handler whose code is on the JavaScript stack. A fiber without a parent that is started meanwhile is started inside this
 * handler.
 */
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

/** The handler inside which the running code was called, also if no fiber records it: for a promise that a handler makes. */
export const handlerOnStack = (): RunningHandler | undefined => onStack

/**
 * Continues with `next`. If the fiber has no handler, it first records one in the fiber: the handler on whose stack the fiber
 * takes its first step, else the handler on whose stack the effect was created (`created`), because the effect may run in a
 * fiber that starts later.
 */
export const inHandler = <A, E, R>(
  fiber: Fiber.RuntimeFiber<unknown, unknown>,
  next: () => Effect.Effect<A, E, R>,
  created: RunningHandler | undefined
): Effect.Effect<A, E, R> => {
  const handler = innermost(onStack ?? created)
  return handler === undefined || fiber.getFiberRef(within) !== undefined
    ? next()
    : Effect.flatMap(FiberRef.set(within, handler), next)
}

/**
 * The fiber refs of a handler: those of the fiber that delivers, without the history of the refs that change with every
 * handler. The history would grow with every fiber of a chain in which each handler starts the next put.
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
  visited: Set<RunningHandler> = new Set()
): boolean => {
  if (running === undefined || visited.has(running)) return false
  for (let at = handler; at !== undefined; at = innermost(at.outer)) if (at === running) return true
  visited.add(running)
  return running.waits.some((next) => closesCycle(handler, next(), visited))
}

/**
 * The number of plain handlers on the JavaScript stack. A call that is started meanwhile is started inside them, in whichever
 * fiber.
 */
let plainHandlers = 0

/** Whether a fiber runs inside a handler of any sink. */
export const isInside = (fiber: Fiber.RuntimeFiber<unknown, unknown>): boolean =>
  plainHandlers > 0 || handlerOf(fiber) !== undefined

/** Logs the failure of a handler, which has no other effect (PA-50). */
const logFailure = (cause: Cause.Cause<never>): Effect.Effect<unknown> =>
  Cause.isInterruptedOnly(cause) ? Effect.void : Effect.exit(Effect.logWarning("a sink handler failed", cause))

/** A wait for a handler that takes longer is logged, because that handler may wait for the call. */
export const longWait = "10 seconds"

/**
 * The delivery of one sink.
 *
 * @since 0.1.0
 * @category models
 */
export interface SinkDelivery {
  /**
   * Delivers the events of a source at its turn. Called in a step of an uninterruptible fiber. Returns `Effect.void` itself if
   * every event is delivered synchronously: the sink was free and its handlers are plain functions.
   */
  readonly deliver: (source: EventSource) => Effect.Effect<void>
  /** The events that follow the running handler. Empty while the sink is free. */
  readonly followUps: Array<EventSource>
  /** Whether a call has the sink. */
  readonly isBusy: () => boolean
  /** Waits for the sink, see `wait` below. */
  readonly wait: (
    source: EventSource,
    handler: RunningHandler | undefined,
    begin: (end: EndWait) => () => void
  ) => Effect.Effect<boolean>
  /** Whether a call inside `handler` must not wait for this sink. */
  readonly mustNotWait: (source: EventSource, handler: RunningHandler | undefined) => boolean
  /** Decides the events of a source and makes them follow-ups. The fiber that waits for their delivery continues. */
  readonly deferEvents: (source: EventSource) => void
}

/**
 * The delivery of a sink that is free.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (sink: PutSink): SinkDelivery => {
  let busy = false
  const queue = new Set<EndWait>()
  const followUps: Array<EventSource> = []
  /** The running handler, unless it is a plain function, and the function that interrupts it. */
  let running: RunningHandler | undefined
  let interrupt: (() => void) | undefined
  /** The handler that a call has waited for longer than `longWait`. */
  let slow: RunningHandler | undefined
  /** Whether the put that delivers was interrupted while the handler ran. */
  let interrupted = false

  const deliver = (source: EventSource): Effect.Effect<void> => {
    if (busy || !source.more) return deliverLater(source)
    busy = true
    if (sink.emitSync === undefined || source.prepare !== undefined) return deliverHeld(source)
    while (source.more) {
      const event = source.next()
      const failed = event === undefined ? undefined : emit(event)
      if (failed !== undefined) return zipRight(failed, deliverHeld(source))
      if (followUps.length > 0) return deliverHeld(source)
    }
    if (queue.size > 0) return deliverHeld()
    busy = false
    return Effect.void
  }

  const deliverLater = (source: EventSource): Effect.Effect<void> =>
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
      return Effect.flatMap(turn, (granted) => granted ? deliverHeld(source) : Effect.void)
    })

  const deferEvents = (source: EventSource): void => {
    source.settle()
    followUps.push(source)
    source.endWait?.(false)
  }

  const mustNotWait = ({ owner }: EventSource, handler: RunningHandler | undefined): boolean =>
    plainHandlers > 0 || owner.noWait || closesCycle(handler, running)

  /**
   * Waits until `end` is called; the result is its argument. `begin` registers `end`, and returns the function that lets a call
   * inside a handler continue when it has waited for `longWait`.
   */
  const wait = (
    source: EventSource,
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
    // Registered before the next step of the fiber, in which the sink may become free.
    source.endWait = end
    ;(owner.waiting ??= new Set()).add(source)
    for (const { waits } of inside) waits.push(runningHere)
    const leave = begin(end)
    const watch = zipRight(
      Effect.interruptible(Effect.sleep(longWait)),
      Effect.suspend(() => {
        const warning = warn(owner)
        owner.noWait = true
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

  /** Warns once for each handler. From then on an interruption of the put that delivers interrupts the handler. */
  const warn = ({ name }: Owner): Effect.Effect<void> => {
    if (running !== undefined && slow === running) return Effect.void
    slow = running
    if (interrupted) interrupt?.()
    return Effect.flatMap(name, (call) =>
      Effect.logWarning(
        `${call} has waited ${longWait} for a handler of its sink. A handler that awaits a promise of it waits for itself`
      ))
  }

  /**
   * Delivers a source and the follow-ups of its handlers, then passes the sink to the next call of the queue, or releases it.
   */
  const deliverHeld = (
    source?: EventSource,
    stack: Array<EventSource> = source === undefined ? [] : [source]
  ): Effect.Effect<void> =>
    Effect.flatMap(Effect.exit(flush(stack, source)), (exit) => {
      if (followUps.length > 0) return deliverHeld(source, stack)
      const [next] = queue
      if (next === undefined) busy = false
      else next(true)
      return source?.more === true ? deliverLater(source) : exit
    })

  /**
   * Delivers the sources of a stack. The follow-ups of a handler are pushed onto it, so that they come right after that
   * handler.
   */
  const flush = (stack: Array<EventSource>, source: EventSource | undefined): Effect.Effect<void> => {
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
        // Between two calls of a batch, calls that wait in the queue are delivered.
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

  /** Runs the handler. Returns `undefined` if it has ended synchronously. */
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
      // The fiber starts at once and runs up to its first wait.
      const fiber = runOnStack(own, () => Runtime.runFork(runtime, Effect.exit(handler)))
      const end = (exit: Exit.Exit<Exit.Exit<void>>): Effect.Effect<unknown> => {
        own.active = false
        own.outer = innermost(own.outer) // lets go of ended handlers, for a fiber that outlives this one
        running = undefined
        const failed = Exit.flatten(exit)
        return Exit.isFailure(failed) ? logFailure(failed.cause) : failed
      }
      const exit = fiber.unsafePoll()
      if (exit !== null) return end(exit)
      interrupt = () => fiber.unsafeInterruptAsFork(fiber.id())
      const ended = Effect.async<Exit.Exit<Exit.Exit<void>>>((resume) =>
        fiber.addObserver((exit) => resume(Exit.succeed(exit)))
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
 * Delivers a source right after the running handler, before the calls of the queue. Calls `done` when it is delivered.
 *
 * @since 0.1.0
 * @category combinators
 */
export const deliverNext = (
  { deliver, followUps, isBusy, mustNotWait, wait }: SinkDelivery,
  source: EventSource,
  done: () => void
): Effect.Effect<void> =>
  Effect.withFiberRuntime((fiber) => {
    if (!isBusy()) return Effect.map(deliver(source), done)
    const handler = handlerOf(fiber)
    const isDeferred = mustNotWait(source, handler)
    const after = { owner: source.owner, more: false, midway: false, settle: done, next: done }
    followUps.push(source, after)
    return isDeferred ? Effect.void : Effect.asVoid(wait(source, handler, (end) => {
      after.next = () => {
        done()
        end(false)
      }
      return () => end(false)
    }))
  })
