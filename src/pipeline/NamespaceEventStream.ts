/**
 * `NamespaceEvents` as a `Stream`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import { NamespaceEvents } from "./NamespaceEvents.ts"

/**
 * What happens in the namespaces from the moment the stream is run. It never ends by itself.
 *
 * @since 0.1.0
 * @category streams
 */
export const events: Stream.Stream<WbemEvent, never, NamespaceEvents> = /* @__PURE__ */ Stream.unwrapScoped(
  /* @__PURE__ */ Effect.flatMap(
    NamespaceEvents,
    (service) => Effect.map(service.subscribe, (queue) => Stream.fromQueue(queue))
  )
)
