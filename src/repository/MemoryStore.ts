/**
 * A `NamespaceStore` in memory. One synchronous step is one transaction, so nothing can come between and no lock is needed.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Snapshot from "../engine/Snapshot.ts"
import * as Prompt from "../pipeline/prompt.ts"
import { NamespaceStore } from "./NamespaceStore.ts"

/**
 * A store that starts from a snapshot.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (start: Snapshot.Snapshot): NamespaceStore => {
  let current = Snapshot.fork(start)
  const read: NamespaceStore["read"] = (_footprint, look) => Prompt.make(() => Effect.succeed(look(current)))
  return {
    modify: (_footprint, decide, committed) =>
      Prompt.make(() => {
        const { after, changes, result } = decide(current)
        if (changes.length > 0) current = after ?? Snapshot.apply(current, changes)
        committed(result)
        return Effect.succeed(result)
      }),
    read,
    glance: read,
    namespaces: Effect.sync(() => Snapshot.namespaces(current)),
    snapshot: Effect.sync(() => current),
    restore: (snapshot) =>
      Effect.sync(() => {
        current = snapshot
      })
  }
}

/**
 * A store with nothing of a user's in it: `root`, `root\cimv2`, `root\default`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<NamespaceStore> = /* @__PURE__ */ Layer.sync(
  NamespaceStore,
  () => make(Snapshot.empty())
)

/**
 * A store that starts from a snapshot; the snapshot itself stays as it is.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFrom = (snapshot: Snapshot.Snapshot): Layer.Layer<NamespaceStore> =>
  Layer.sync(NamespaceStore, () => make(snapshot))
