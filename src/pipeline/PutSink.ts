/**
 * Stage 4 of 4: the events of a call. It sees outcomes only.
 *
 * A sink is one function from event to Effect that cannot fail: a broken listener must not undo a committed put (PA-50). One handler
 * of a sink runs at a time, and the pipeline calls it (`SinkDelivery`), so a bare `{ emit }` keeps every promise of this page. Sinks
 * are values and combine.
 *
 * A handler may start calls: put, submit, a batch or a cancel, for its own sink or for another one, awaited, forked, raced or timed.
 * They end, and their events follow right after the handler that started them. A call that is made inside a handler of its own sink
 * is answered before the sink is told; every other caller is answered after it.
 *
 * The same holds of a promise that a handler makes (`runtime.runPromise`), where the handler makes the call itself
 * (`runtime.runPromise(PutAsync.put(...))`) and has awaited no other promise before.
 *
 * Two things must not be done. A handler must not wait for a call to its own sink that a fiber outside of the handler makes, such as a
 * promise that is made after an `await`, or the answer of another fiber. Such a fiber cannot be told apart from any other caller, so
 * the call waits for the handler and the handler for the call. Run the call as an Effect in the handler instead, or do not await it.
 * After 10 seconds the log names the call that waits; it goes on when the call is cancelled (`PutAsync.cancel`), when the handler ends
 * its wait (`Effect.timeout`), or when the put whose event is being handled is interrupted. And a handler must not wait for what
 * another handler of the same sink does: that one runs after it.
 *
 * A handler runs in a fiber of its own. Interrupting the put whose event it handles does not interrupt the handler, unless the sink is
 * `interruptible` or another call has waited for the handler for 10 seconds.
 *
 * What a sink may trust: each event is of a call that was accepted and has not ended, in the order of PA-28, with the
 * `asyncContext` that this call was given, and the ending is the one that the caller gets. What a provider, host or store says
 * of a call that is unknown, has ended or was cancelled, or says a second time, is dropped before it comes here (`InFlight`). What it
 * may not trust: the words in it. `message`, `Description`, the values of an error object and a provider's path are whatever the other
 * side wrote. And `CallCancelled` does not say that nothing was written (PA-43). Whoever holds the sink itself can call `emit` with
 * anything; hand others a `PutAsync` and keep the sink.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import { escapeControl } from "../model/escapeControl.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import { hex } from "../protocol/HResult.ts"
import type { Completed, ObjectPut, Progress, SinkEvent } from "../protocol/SinkEvent.ts"

/**
 * The service of stage 4.
 *
 * @since 0.1.0
 * @category services
 */
export interface PutSink {
  /** Handles each event, in order. */
  readonly emit: (event: SinkEvent) => Effect.Effect<void>
  /** The same as a plain function, which costs a tenth: the pipeline prefers it. It may throw. */
  readonly emitSync?: ((event: SinkEvent) => void) | undefined
  /** Whether an interruption of the put that delivers an event interrupts the handler too. By default it does not. */
  readonly interruptible?: boolean | undefined
}

/**
 * The service of stage 4.
 *
 * @since 0.1.0
 * @category services
 */
export const PutSink: Context.Tag<PutSink, PutSink> = /* @__PURE__ */ Context.GenericTag<PutSink>("effect-wmi/PutSink")

/**
 * A sink from a function.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (emit: PutSink["emit"]): PutSink => ({ emit })

const plain = (tell: (event: SinkEvent) => void): PutSink => ({
  emit: (event) => Effect.sync(() => tell(event)),
  emitSync: tell
})

/**
 * A sink of plain functions, each optional.
 *
 * @since 0.1.0
 * @category constructors
 */
export const callback = (handlers: {
  readonly onObjectPut?: ((event: ObjectPut) => void) | undefined
  readonly onProgress?: ((event: Progress) => void) | undefined
  readonly onCompleted?: ((event: Completed) => void) | undefined
}): PutSink =>
  plain((event) => {
    switch (event._tag) {
      case "ObjectPut":
        return handlers.onObjectPut?.(event)
      case "Progress":
        return handlers.onProgress?.(event)
      case "Completed":
        return handlers.onCompleted?.(event)
    }
  })

/**
 * A sink that nobody listens to. A new one each time, because `cancel` is per sink.
 *
 * @since 0.1.0
 * @category constructors
 */
export const silent = (): PutSink => plain(() => {})

/**
 * One line for an event, with control and bidirectional characters as escapes: `ObjectPut Demo_Disk.Id="C:"`, `Progress 1/10 copying`, `Completed NotFound`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const describe = (event: SinkEvent): string => {
  switch (event._tag) {
    case "ObjectPut":
      return `ObjectPut ${escapeControl(ObjectPath.relPath(event.path))}`
    case "Progress":
      return `Progress ${event.current}/${event.upperBound} ${escapeControl(event.message)}`
    case "Completed":
      return event.error !== null
        ? `Completed ${event.error.status === "Unlisted" ? hex(event.error.hresult) : event.error.status}`
        : event.hresult === 0
        ? "Completed"
        : `Completed ${hex(event.hresult)}`
  }
}

/**
 * A sink that writes a line of each event to the log.
 *
 * @since 0.1.0
 * @category constructors
 */
export const log = (): PutSink => make((event) => Effect.log(describe(event)))

/**
 * A sink that remembers, for tests: `events()` gives a line each, `all()` the events themselves.
 *
 * @since 0.1.0
 * @category constructors
 */
export const recording = (): {
  readonly sink: PutSink
  readonly events: () => ReadonlyArray<string>
  readonly all: () => ReadonlyArray<SinkEvent>
} => {
  const heard: Array<SinkEvent> = []
  return {
    sink: plain((event) => {
      heard.push(event)
    }),
    events: () => heard.map(describe),
    all: () => heard.slice()
  }
}

/**
 * A sink that fills a queue. `full` says what happens when it is full: `wait` (the default; the put waits, until it is interrupted),
 * `dropNewest` or `dropOldest`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toQueue = (
  queue: Queue.Queue<SinkEvent>,
  options?: { readonly full?: "wait" | "dropNewest" | "dropOldest" | undefined }
): PutSink => {
  if (options?.full === "dropNewest") return plain((event) => void Queue.unsafeOffer(queue, event))
  if (options?.full === "dropOldest") {
    return make((event) =>
      Effect.suspend(() => {
        if (Queue.unsafeOffer(queue, event)) return Effect.void
        return Effect.asVoid(Effect.zipRight(Queue.poll(queue), Queue.offer(queue, event)))
      })
    )
  }
  return { emit: (event) => Effect.asVoid(Queue.offer(queue, event)), interruptible: true }
}

/**
 * A sink that publishes to a hub. A full one holds up the put that tells, until there is room or the put is interrupted.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toPubSub = (hub: PubSub.PubSub<SinkEvent>): PutSink => ({
  emit: (event) => Effect.asVoid(PubSub.publish(hub, event)),
  interruptible: true
})

/**
 * Gives each event to two sinks, the first one first. One that fails does not keep it from the other. Two plain ones are a plain one.
 * If only one is `interruptible`, an interruption reaches that one alone.
 *
 * @since 0.1.0
 * @category combinators
 */
export const both = (first: PutSink, second: PutSink): PutSink => {
  const [one, other] = [first.emitSync, second.emitSync]
  if (one !== undefined && other !== undefined) {
    return plain((event) => {
      try {
        one(event)
      } finally {
        other(event)
      }
    })
  }
  const interruptible = first.interruptible === true || second.interruptible === true
  const part = (sink: PutSink, event: SinkEvent): Effect.Effect<void> => {
    const handler = Effect.suspend(() => sink.emit(event))
    return interruptible && sink.interruptible !== true ? Effect.uninterruptible(handler) : handler
  }
  return {
    emit: (event) =>
      Effect.flatMap(Effect.exit(part(first, event)), (exit) => Effect.zipRight(part(second, event), exit)),
    interruptible
  }
}

/**
 * Tells a sink only of the events that a predicate lets through.
 *
 * @since 0.1.0
 * @category combinators
 */
export const filter = (sink: PutSink, predicate: (event: SinkEvent) => boolean): PutSink => {
  const tell = sink.emitSync
  return {
    emit: (event) => predicate(event) ? sink.emit(event) : Effect.void,
    interruptible: sink.interruptible,
    ...(tell === undefined ? {} : { emitSync: (event: SinkEvent) => predicate(event) ? tell(event) : undefined })
  }
}

/**
 * The program's own sink.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (sink: PutSink): Layer.Layer<PutSink> => Layer.succeed(PutSink, sink)

/**
 * Nobody listens.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerSilent: Layer.Layer<PutSink> = /* @__PURE__ */ Layer.sync(PutSink, silent)

/**
 * Events go to the log.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerLog: Layer.Layer<PutSink> = /* @__PURE__ */ Layer.sync(PutSink, log)
