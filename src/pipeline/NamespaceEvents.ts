/**
 * The events of the namespaces: creation, modification and deletion of classes and instances, published after the commit and in
 * the order of the commits (PA-81, PA-82). Over a shared database they are the events of this process alone.
 *
 * `NamespaceEventStream` has a queue and a `Stream` of them. It is a module of its own because `Queue` and `Stream` are larger
 * than this whole module.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { WbemEvent } from "../protocol/WbemEvent.ts"

/**
 * The service of namespace events.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { ClassDefinition, NamespaceEvents, Property, PutAsync, PutRequest, Wmi } from "effect-wmi"
 *
 * const seen: Array<string> = []
 * const program = Effect.gen(function*() {
 *   const events = yield* NamespaceEvents.NamespaceEvents
 *   yield* events.listen((event) => seen.push(event._tag))
 *   yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 * })
 * await Effect.runPromise(Effect.provide(Effect.scoped(program), Wmi.layerMemory))
 * assert.deepEqual(seen, ["ClassCreation"])
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export interface NamespaceEvents {
  /**
   * Calls a function for each event that is published while the scope is open. The function runs inside the commit: it must
   * return at once, and it must not throw.
   */
  readonly listen: (listener: (event: WbemEvent) => void) => Effect.Effect<void, never, Scope.Scope>
}

/**
 * The service of namespace events.
 *
 * @since 0.1.0
 * @category services
 */
export const NamespaceEvents: Context.Tag<NamespaceEvents, NamespaceEvents> = /* @__PURE__ */ Context.GenericTag<
  NamespaceEvents
>("effect-wmi/NamespaceEvents")

/**
 * The listeners of one repository, and the function that publishes to them. Without listeners publishing costs nothing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Hub extends NamespaceEvents {
  /** Calls each listener with each event, in the order of the events. */
  readonly unsafePublish: (events: ReadonlyArray<WbemEvent>) => void
}

/**
 * A hub without listeners.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeHub = (): Hub => {
  const listeners = new Set<(event: WbemEvent) => void>()
  return {
    listen: (listener) => {
      // A function that is registered twice is called twice.
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
