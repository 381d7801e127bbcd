/**
 * Who watches the namespaces: creation, modification and deletion of classes and instances, after the commit and in its order
 * (PA-81, PA-82). Events of a shared database are those of this process.
 *
 * The same as a `Stream` is `NamespaceEventStream`, a module of its own because `Stream` weighs more than all of this.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { WbemEvent } from "../protocol/WbemEvent.ts"

/**
 * The service of watchers.
 *
 * @since 0.1.0
 * @category services
 */
export interface NamespaceEvents {
  /** A queue of what happens from now on, as long as the scope is open. It is unbounded: a watcher must keep up. */
  readonly subscribe: Effect.Effect<Queue.Dequeue<WbemEvent>, never, Scope.Scope>
}

/**
 * The service of watchers.
 *
 * @since 0.1.0
 * @category services
 */
export const NamespaceEvents: Context.Tag<NamespaceEvents, NamespaceEvents> = /* @__PURE__ */ Context.GenericTag<
  NamespaceEvents
>("effect-wmi/NamespaceEvents")

/**
 * The watchers of one repository, and the way to tell them. Telling nobody costs nothing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Hub extends NamespaceEvents {
  readonly unsafePublish: (events: ReadonlyArray<WbemEvent>) => void
}

/**
 * A hub without watchers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeHub = (): Hub => {
  const queues = new Set<Queue.Queue<WbemEvent>>()
  return {
    subscribe: Effect.acquireRelease(
      Effect.tap(Queue.unbounded<WbemEvent>(), (queue) => queues.add(queue)),
      (queue) =>
        Effect.suspend(() => {
          queues.delete(queue)
          return Queue.shutdown(queue)
        })
    ),
    unsafePublish: (events) => {
      if (queues.size === 0) return
      for (const queue of queues) for (const event of events) Queue.unsafeOffer(queue, event)
    }
  }
}
