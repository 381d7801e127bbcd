/**
 * `NamespaceEvents` as a queue and as a `Stream`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import { NamespaceEvents } from "./NamespaceEvents.ts"

/**
 * A queue of what happens from now on, as long as the scope is open. It is unbounded: a watcher must keep up.
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
 * What happens in the namespaces from the moment the stream is run. It never ends by itself.
 *
 * @since 0.1.0
 * @category streams
 */
export const events: Stream.Stream<WbemEvent, never, NamespaceEvents> = /* @__PURE__ */ Stream.unwrapScoped(
  /* @__PURE__ */ Effect.map(subscribe, (queue) => Stream.fromQueue(queue))
)
