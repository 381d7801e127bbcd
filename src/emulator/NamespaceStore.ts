/**
 * The storage interface of an emulated repository: one method with the shape of `Ref.modify`. A store does not depend on flags
 * or rules.
 *
 * A store promises:
 * 1. `decide` gets a consistent state that covers the read set.
 * 2. The changes are stored all together or not at all. When the effect succeeds they are as durable as the store can make them.
 * 3. Two `modify`s have the same result as one after the other, within one process in the order in which they were begun.
 * 4. `committed` is called once for each success, after the commit and in commit order, and never for a failure.
 *
 * `decide` is synchronous and pure, so a store may call it again: after a conflict, or with more rows if the first state did
 * not suffice.
 *
 * `MemoryStore`, `SqlStore` and `VersionedStore` implement it. `StoreContract` tests these promises of any store.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { ReadSet } from "../engine/ReadSet.ts"
import type { Snapshot } from "../engine/state/Snapshot.ts"
import type { Change } from "../protocol/Change.ts"
import type { StoreError } from "../protocol/WbemError.ts"

/**
 * The result of a decision.
 *
 * @since 0.1.0
 * @category models
 */
export interface Step<A> {
  /** The result of `modify`. */
  readonly result: A
  /** The changes to store, in order. */
  readonly changes: ReadonlyArray<Change>
  /** The state after the changes, if the decision has computed it. */
  readonly after?: Snapshot | undefined
}

/**
 * The storage service.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { EmulatedRepository, MemoryStore, NamespaceStore, PutAsync, Snapshot, Wmi } from "effect-wmi"
 * import { ClassDefinition, Property, PutRequest } from "effect-wmi"
 *
 * // A store over another one, which counts the transactions.
 * let transactions = 0
 * const memory = MemoryStore.make(Snapshot.empty())
 * const counting: NamespaceStore.NamespaceStore = {
 *   ...memory,
 *   modify: (reads, decide, committed) => Effect.tap(memory.modify(reads, decide, committed), () => transactions++)
 * }
 * const stages = Wmi.layer(
 *   Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore.NamespaceStore, counting))
 * )
 * const program = PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
 * await Effect.runPromise(Effect.provide(program, stages))
 * assert.equal(transactions, 1)
 * ```
 *
 * @since 0.1.0
 * @category services
 */
export interface NamespaceStore {
  /**
   * Runs `decide` over a consistent state, then stores the changes. The read set is a function, because a store that holds the
   * whole state does not need it.
   */
  readonly modify: <A>(
    reads: () => ReadSet,
    decide: (snapshot: Snapshot) => Step<A>,
    committed: (result: A) => void
  ) => Effect.Effect<A, StoreError>
  /** Runs `query` over a consistent state that covers the read set. */
  readonly read: <A>(reads: () => ReadSet, query: (snapshot: Snapshot) => A) => Effect.Effect<A, StoreError>
  /**
   * Runs `query` over the cached schema, without access to the database if the schema is cached. Recent changes of other
   * processes may be missing, so a caller repeats a query whose result matters with `read`.
   */
  readonly readCached: <A>(reads: () => ReadSet, query: (snapshot: Snapshot) => A) => Effect.Effect<A, StoreError>
  /** The names of all namespaces, parents before children. */
  readonly namespaces: Effect.Effect<ReadonlyArray<string>, StoreError>
  /** The whole current state. */
  readonly snapshot: Effect.Effect<Snapshot, StoreError>
  /** Replaces the whole state by a snapshot. */
  readonly restore: (snapshot: Snapshot) => Effect.Effect<void, StoreError>
}

/**
 * The storage service.
 *
 * @since 0.1.0
 * @category services
 */
export const NamespaceStore: Context.Tag<NamespaceStore, NamespaceStore> = /* @__PURE__ */ Context.GenericTag<
  NamespaceStore
>("effect-wmi/NamespaceStore")
