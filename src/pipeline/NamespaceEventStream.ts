/**
 * `NamespaceEvents` as a queue and as a `Stream`.
 *
 * {@link subscribe} and {@link subscribeStream} listen when they return, so no later event is missed. {@link events} listens when the
 * stream begins to run. In a fiber that was forked this is later than the fork, and events before that moment are missed.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import { NamespaceEvents } from "./NamespaceEvents.ts"

/**
 * A queue of the events that are published while the scope is open. It is unbounded: a consumer that is too slow lets it grow.
 *
 * @since 0.1.0
 * @category queues
 */
export const subscribe: Effect.Effect<Queue.Dequeue<WbemEvent>, never, NamespaceEvents | Scope.Scope> =
  /* @__PURE__ */ Effect.flatMap(NamespaceEvents, (service) =>
    Effect.tap(
      Effect.acquireRelease(Queue.unbounded<WbemEvent>(), Queue.shutdown),
      (queue) => service.listen((event) => void Queue.unsafeOffer(queue, event))
    ))

/**
 * A stream of the events that are published while the scope is open, from the moment on at which this effect returns. It is the form for a
 * stream that runs in a fiber of its own.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Fiber, Stream } from "effect"
 * import { ClassDefinition, NamespaceEventStream, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const program = Effect.gen(function*() {
 *   const events = yield* NamespaceEventStream.subscribeStream
 *   const first = yield* Effect.fork(Stream.runHead(events))
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 *   return yield* Effect.flatten(Fiber.join(first))
 * })
 * const event = await Effect.runPromise(Effect.provide(Effect.scoped(program), Wmi.layerMemory))
 * assert.equal(event._tag, "ClassCreation")
 * ```
 *
 * @since 0.1.0
 * @category streams
 */
export const subscribeStream: Effect.Effect<Stream.Stream<WbemEvent>, never, NamespaceEvents | Scope.Scope> =
  /* @__PURE__ */ Effect.map(subscribe, (queue) => Stream.fromQueue(queue))

/**
 * The events that are published from the start of the stream on. The stream never ends by itself.
 *
 * The stream starts when it runs. A program that forks it and puts at once may put before the stream listens, and then waits for an event
 * that never comes; such a program uses {@link subscribeStream}.
 *
 * @since 0.1.0
 * @category streams
 */
export const events: Stream.Stream<WbemEvent, never, NamespaceEvents> = /* @__PURE__ */ Stream.unwrapScoped(
  subscribeStream
)
