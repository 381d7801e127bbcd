/**
 * Stage 4 of 4: receives the events of a call. It is given outcomes only.
 *
 * A sink is one function from an event to an Effect that cannot fail, because a broken listener must not undo a committed put
 * (PA-50). The pipeline runs one handler of a sink at a time (`SinkDelivery`), so a bare `{ emit }` keeps every promise of this
 * page. Sinks are values and can be combined.
 *
 * **Calls inside a handler.** A handler may start calls: put, submit, a batch or a cancel, for its own sink or for another one,
 * awaited, forked, raced or with a timeout. They complete, and their events follow right after the handler that started them. A
 * call that is made inside a handler of its own sink returns before the sink is given its events; every other call returns
 * after that. The same holds for a promise that a handler makes (`runtime.runPromise`), if the handler itself makes the call
 * (`runtime.runPromise(PutAsync.put(...))`) and has awaited no other promise before.
 *
 * **Two things a handler must not do.** It must not wait for a call to its own sink that a fiber outside of the handler makes,
 * such as a promise that is made after an `await`, or the answer of another fiber. Such a fiber cannot be distinguished from
 * any other caller, so the call waits for the handler and the handler waits for the call. Run the call as an Effect in the
 * handler instead, or do not await it. After 10 seconds the log names the call that waits. The call continues when it is
 * cancelled (`PutAsync.cancel`), when the handler ends its wait (`Effect.timeout`), or when the put whose event is being
 * handled is interrupted. And a handler must not wait for another handler of the same sink, because that one runs after it.
 *
 * **Interruption.** A handler runs in a fiber of its own. Interrupting the put whose event it handles does not interrupt the
 * handler, unless the sink is `interruptible` or another call has waited for the handler for 10 seconds.
 *
 * **What a sink may rely on.** Each event belongs to a call that was accepted and has not ended. Events come in the order of
 * PA-28, with the `asyncContext` that the call was given, and the ending is the one that the caller gets. Events of a provider,
 * host or store about a call that is unknown, has ended or was cancelled, and repeated endings, are dropped before they reach
 * the sink (`InFlight`).
 *
 * **What it may not rely on.** The texts of an event: `message`, `Description`, the values of an error object and the path of a
 * provider are whatever the other side wrote. `CallCancelled` does not mean that nothing was written (PA-43). And code that
 * holds the sink itself can call `emit` with any event: give other code a `PutAsync` and keep the sink.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
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
  /** Handles an event. Called for one event at a time, in order. */
  readonly emit: (event: SinkEvent) => Effect.Effect<void>
  /** Handles an event as a plain function, at a tenth of the cost. The pipeline calls it in place of `emit`. It may throw. */
  readonly emitSync?: ((event: SinkEvent) => void) | undefined
  /** Whether an interruption of the put that delivers an event interrupts the handler too; `false` by default. */
  readonly interruptible?: boolean | undefined
}

/**
 * The service of stage 4.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const { events, sink } = PutSink.recording()
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = Effect.provideService(PutAsync.put(PutRequest.make(Disk)), PutSink.PutSink, sink)
 * await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(events(), ["ObjectPut Demo_Disk", "Completed"])
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export const PutSink: Context.Tag<PutSink, PutSink> = /* @__PURE__ */ Context.GenericTag<PutSink>("effect-wmi/PutSink")

/**
 * A sink from a function that returns an Effect.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const tags: Array<string> = []
 * const sink = PutSink.make((event) => Effect.sync(() => tags.push(event._tag)))
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = PutAsync.withSink(sink)(PutAsync.put(PutRequest.make(Disk)))
 * await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(tags, ["ObjectPut", "Completed"])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (emit: PutSink["emit"]): PutSink => ({ emit })

const plain = (emitSync: (event: SinkEvent) => void): PutSink => ({
  emit: (event) => Effect.sync(() => emitSync(event)),
  emitSync
})

/**
 * A sink of plain functions, one for each kind of event. Events without a function are ignored.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const statuses: Array<number> = []
 * const sink = PutSink.callback({ onCompleted: ({ hresult }) => statuses.push(hresult) })
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = PutAsync.withSink(sink)(PutAsync.put(PutRequest.make(Disk)))
 * await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(statuses, [0])
 * ```
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
 * A sink that ignores every event. A new one for each call, because `PutAsync.cancel` cancels the calls of one sink.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = PutAsync.withSink(PutSink.silent())(PutAsync.put(PutRequest.make(Disk)))
 * const report = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.equal(report.disposition, "Created")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const silent = (): PutSink => plain(() => {})

/**
 * One line of text for an event: `ObjectPut Demo_Disk.Id="C:"`, `Progress 1/10 copying`, `Completed NotFound`. Control and
 * bidirectional characters are escaped.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Instance, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const lines: Array<string> = []
 * const sink = PutSink.callback({ onCompleted: (event) => lines.push(PutSink.describe(event)) })
 * const program = PutAsync.put(PutRequest.make(Instance.make("Demo_None", { Id: 1 })))
 * await Effect.runPromise(program.pipe(Effect.either, PutAsync.withSink(sink), Effect.provide(Wmi.layerMemory)))
 * assert.deepEqual(lines, ["Completed InvalidClass"])
 * ```
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
 * A sink that logs each event as one line (`describe`).
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Logger } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const lines: Array<unknown> = []
 * const logger = Logger.replace(Logger.defaultLogger, Logger.make(({ message }) => lines.push(message)))
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = PutAsync.withSink(PutSink.log())(PutAsync.put(PutRequest.make(Disk)))
 * await Effect.runPromise(program.pipe(Effect.provide(Wmi.layerMemory), Effect.provide(logger)))
 * assert.deepEqual(lines.flat(), ["ObjectPut Demo_Disk", "Completed"])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const log = (): PutSink => make((event) => Effect.log(describe(event)))

/**
 * A sink that records events, for tests. `events()` returns one line for each (`describe`), `all()` the events themselves.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { Instance, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const { all, events, sink } = PutSink.recording()
 * const program = PutAsync.put(PutRequest.make(Instance.make("Demo_None", { Id: 1 }), { asyncContext: { job: 7 } }))
 * await Effect.runPromise(program.pipe(Effect.either, PutAsync.withSink(sink), Effect.provide(Wmi.layerMemory)))
 * assert.deepEqual(events(), ["Completed InvalidClass"])
 * assert.deepEqual(all()[0]?.asyncContext, { job: 7 })
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const recording = (): {
  readonly sink: PutSink
  readonly events: () => ReadonlyArray<string>
  readonly all: () => ReadonlyArray<SinkEvent>
} => {
  const recorded: Array<SinkEvent> = []
  return {
    sink: plain((event) => {
      recorded.push(event)
    }),
    events: () => recorded.map(describe),
    all: () => recorded.slice()
  }
}

/**
 * A sink that offers each event to a queue. `full` is the behaviour for a full queue: `wait` (the default) makes the put wait
 * for room, until it is interrupted; `dropNewest` drops the event, `dropOldest` the oldest event of the queue.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Chunk, Effect, Queue } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, SinkEvent, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   const queue = yield* Queue.unbounded<SinkEvent.SinkEvent>()
 *   const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 *   yield* PutAsync.withSink(PutSink.toQueue(queue))(PutAsync.put(PutRequest.make(Disk)))
 *   return yield* Queue.takeAll(queue)
 * })
 * const events = await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(Chunk.toReadonlyArray(events).map(PutSink.describe), ["ObjectPut Demo_Disk", "Completed"])
 * ```
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
 * A sink that publishes each event to a `PubSub`. If that is full, the put waits for room until it is interrupted.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Chunk, Effect, PubSub, Queue } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, SinkEvent, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   const hub = yield* PubSub.unbounded<SinkEvent.SinkEvent>()
 *   const subscriber = yield* PubSub.subscribe(hub)
 *   const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 *   yield* PutAsync.withSink(PutSink.toPubSub(hub))(PutAsync.put(PutRequest.make(Disk)))
 *   return yield* Queue.takeAll(subscriber)
 * })
 * const events = await Effect.runPromise(Effect.scoped(Effect.provide(program, Wmi.layerMemory)))
 * assert.deepEqual(Chunk.toReadonlyArray(events).map(PutSink.describe), ["ObjectPut Demo_Disk", "Completed"])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const toPubSub = (hub: PubSub.PubSub<SinkEvent>): PutSink => ({
  emit: (event) => Effect.asVoid(PubSub.publish(hub, event)),
  interruptible: true
})

/**
 * A sink that passes each event to `first`, then to `second`, also if `first` fails. If both sinks have `emitSync`, so has the
 * result. If only one is `interruptible`, an interruption reaches that one alone.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const [first, second] = [PutSink.recording(), PutSink.recording()]
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = PutAsync.withSink(PutSink.both(first.sink, second.sink))(PutAsync.put(PutRequest.make(Disk)))
 * await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(first.events(), ["ObjectPut Demo_Disk", "Completed"])
 * assert.deepEqual(second.events(), first.events())
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const both: {
  (second: PutSink): (first: PutSink) => PutSink
  (first: PutSink, second: PutSink): PutSink
} = /* @__PURE__ */ dual(2, (first: PutSink, second: PutSink): PutSink => {
  const [emitFirst, emitSecond] = [first.emitSync, second.emitSync]
  if (emitFirst !== undefined && emitSecond !== undefined) {
    return plain((event) => {
      try {
        emitFirst(event)
      } finally {
        emitSecond(event)
      }
    })
  }
  const interruptible = first.interruptible === true || second.interruptible === true
  const emit = (sink: PutSink, event: SinkEvent): Effect.Effect<void> => {
    const handler = Effect.suspend(() => sink.emit(event))
    return interruptible && sink.interruptible !== true ? Effect.uninterruptible(handler) : handler
  }
  return {
    emit: (event) =>
      Effect.flatMap(Effect.exit(emit(first, event)), (exit) => Effect.zipRight(emit(second, event), exit)),
    interruptible
  }
})

/**
 * A sink that passes only the events for which the predicate holds.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, pipe } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const { events, sink } = PutSink.recording()
 * const endings = pipe(sink, PutSink.filter((event) => event._tag === "Completed"))
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const program = PutAsync.withSink(endings)(PutAsync.put(PutRequest.make(Disk)))
 * await Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
 * assert.deepEqual(events(), ["Completed"])
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const filter: {
  (predicate: (event: SinkEvent) => boolean): (sink: PutSink) => PutSink
  (sink: PutSink, predicate: (event: SinkEvent) => boolean): PutSink
} = /* @__PURE__ */ dual(2, (sink: PutSink, predicate: (event: SinkEvent) => boolean): PutSink => {
  const { emitSync } = sink
  return {
    emit: (event) => predicate(event) ? sink.emit(event) : Effect.void,
    interruptible: sink.interruptible,
    ...(emitSync === undefined
      ? {}
      : { emitSync: (event: SinkEvent) => predicate(event) ? emitSync(event) : undefined })
  }
})

/**
 * A layer of one sink.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const { events, sink } = PutSink.recording()
 * const stages = Layer.merge(Wmi.layerMemory, PutSink.layer(sink)) // in place of the sink of Wmi.layerMemory
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(Disk)), stages))
 * assert.deepEqual(events(), ["ObjectPut Demo_Disk", "Completed"])
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (sink: PutSink): Layer.Layer<PutSink> => Layer.succeed(PutSink, sink)

/**
 * A layer of a sink that ignores every event.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const stages = Layer.merge(Wmi.layerMemory, PutSink.layerSilent)
 * const report = await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(Disk)), stages))
 * assert.equal(report.disposition, "Created")
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerSilent: Layer.Layer<PutSink> = /* @__PURE__ */ Layer.sync(PutSink, silent)

/**
 * A layer of a sink that logs every event.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer, Logger } from "effect"
 * import { ClassDefinition, Property, PutAsync, PutRequest, PutSink, Wmi } from "effect-wmi"
 *
 * const lines: Array<unknown> = []
 * const logger = Logger.replace(Logger.defaultLogger, Logger.make(({ message }) => lines.push(message)))
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
 * const stages = Layer.mergeAll(Wmi.layerMemory, PutSink.layerLog, logger)
 * await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(Disk)), stages))
 * assert.deepEqual(lines.flat(), ["ObjectPut Demo_Disk", "Completed"])
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerLog: Layer.Layer<PutSink> = /* @__PURE__ */ Layer.sync(PutSink, log)
