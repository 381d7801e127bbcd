/**
 * A `NamespaceStore` in memory. One synchronous step is one transaction, so nothing can come between and no lock is needed.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { catchUnreadable } from "../engine/state/unreadableRows.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as Eager from "../internal/eager.ts"
import { isWbemError } from "../protocol/WbemError.ts"
import { NamespaceStore } from "./NamespaceStore.ts"

/**
 * A store that starts from a snapshot.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (start: Snapshot.Snapshot): NamespaceStore => {
  let current = Snapshot.fork(start)
  // A state that was loaded from another store may lack rows that could not be read: what asks for one of them fails.
  const read: NamespaceStore["read"] = (_readSet, look) =>
    Eager.suspend(() => Eager.fromEither(catchUnreadable(() => look(current))))
  return {
    modify: (_readSet, decide, committed) =>
      Eager.suspend(() => {
        let step
        try {
          step = decide(current)
        } catch (error) {
          if (isWbemError(error)) return Effect.fail(error)
          throw error
        }
        const { after, changes, result } = step
        if (changes.length > 0) current = after ?? Snapshot.apply(current, changes)
        committed(result)
        return Effect.succeed(result)
      }),
    read,
    readCached: read,
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
