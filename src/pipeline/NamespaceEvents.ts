/**
 * Who watches the namespaces: creation, modification and deletion of classes and instances, after the commit and in its order
 * (PA-81, PA-82). Events of a shared database are those of this process.
 *
 * A queue and a `Stream` of them are in `NamespaceEventStream`, a module of its own: those two weigh more than all of this.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { WbemEvent } from "../protocol/WbemEvent.ts"

/**
 * The service of watchers.
 *
 * @since 0.1.0
 * @category services
 */
export interface NamespaceEvents {
  /** Calls a function for each event from now on, as long as the scope is open. It must return at once and not throw. */
  readonly listen: (listener: (event: WbemEvent) => void) => Effect.Effect<void, never, Scope.Scope>
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
  const listeners = new Set<(event: WbemEvent) => void>()
  return {
    listen: (listener) => {
      // One entry for each call, also of the same function.
      const entry = (event: WbemEvent): void => listener(event)
      return Effect.flatMap(Effect.scope, (scope) =>
        Effect.map(
          Scope.addFinalizer(scope, Effect.sync(() => void listeners.delete(entry))),
          () => void listeners.add(entry)
        ))
    },
    unsafePublish: (events) => {
      if (listeners.size === 0) return
      for (const event of events) for (const listener of listeners) listener(event)
    }
  }
}
