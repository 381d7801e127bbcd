/**
 * A `NamespaceStore` in memory. A transaction is one synchronous step, so transactions cannot overlap and no lock is needed.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { catchUnreadable, isThrown } from "../engine/state/unreadableRows.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as Eager from "../internal/eager.ts"
import { recordingFiber } from "../pipeline/observation/recording.ts"
import { type Transaction, transaction } from "../pipeline/observation/spans.ts"
import type { StoreError } from "../protocol/WbemError.ts"
import { NamespaceStore, type Step } from "./NamespaceStore.ts"

const memory: Transaction = { system: "memory", operation: "write" }

/**
 * A store that starts from a snapshot.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { EmulatedRepository, MemoryStore, NamespaceStore, PutAsync, Snapshot, Wmi } from "effect-wmi"
 * import { ClassDefinition, Property, PutRequest } from "effect-wmi"
 *
 * const store = MemoryStore.make(Snapshot.empty())
 * const stages = Wmi.layer(
 *   Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore.NamespaceStore, store))
 * )
 * const program = PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 * await Effect.runPromise(Effect.provide(program, stages))
 * const snapshot = await Effect.runPromise(store.snapshot)
 * assert.deepEqual(Snapshot.classes(snapshot, "root\\cimv2").map(({ name }) => name), ["Demo_Disk"])
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (start: Snapshot.Snapshot): NamespaceStore => {
  let current = Snapshot.fork(start)
  // A state that was loaded from another store may contain unreadable rows. A query that needs one of them throws its error.
  const read: NamespaceStore["read"] = (_reads, query) =>
    Eager.suspend(() => Eager.fromEither(catchUnreadable(() => query(current))))
  const modifyNow = <A>(
    decide: (snapshot: Snapshot.Snapshot) => Step<A>,
    committed: (result: A) => void
  ): Eager.Eager<A, StoreError> => {
    let step
    try {
      step = decide(current)
    } catch (error) {
      if (isThrown(error)) return Effect.fail(error)
      throw error
    }
    const { after, changes, result } = step
    if (changes.length > 0) current = after ?? Snapshot.apply(current, changes)
    committed(result)
    return Effect.succeed(result)
  }
  return {
    modify: (_reads, decide, committed) =>
      Eager.suspend(() => {
        const fiber = recordingFiber()
        return fiber === undefined
          ? modifyNow(decide, committed)
          : transaction(fiber, memory, Eager.suspend(() => modifyNow(decide, committed)))
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
 * A store that starts with `root`, `root\cimv2` and `root\default`, and no user classes.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<NamespaceStore> = /* @__PURE__ */ Layer.sync(
  NamespaceStore,
  () => make(Snapshot.empty())
)

/**
 * A store that starts from a snapshot. The snapshot itself does not change.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFrom = (snapshot: Snapshot.Snapshot): Layer.Layer<NamespaceStore> =>
  Layer.sync(NamespaceStore, () => make(snapshot))
