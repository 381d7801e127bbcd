/**
 * The storage seam below an emulated repository: one method with the shape of `Ref.modify`. A store knows nothing of flags or
 * rules.
 *
 * What a store promises:
 * 1. `decide` sees a consistent state that covers the read set.
 * 2. The changes are stored all together or not at all; when the effect succeeds they are stored as firmly as the store can.
 * 3. Two `modify`s come out as if one after the other, in the order in which they were begun within one process.
 * 4. `committed` is called once, after the commit and in commit order; never for a failure.
 *
 * `decide` is synchronous and pure, so a store may call it again: after a conflict, or over more when it had seen too little.
 *
 * `MemoryStore`, `SqlStore` and `VersionedStore` make stores. `StoreContract` runs these promises against another one.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { ReadSet } from "../engine/ReadSet.ts"
import type { Snapshot } from "../engine/state/Snapshot.ts"
import type { Change } from "../protocol/Change.ts"
import type { WbemError } from "../protocol/WbemError.ts"

/**
 * What a decision hands to the store.
 *
 * @since 0.1.0
 * @category models
 */
export interface Step<A> {
  readonly result: A
  readonly changes: ReadonlyArray<Change>
  /** The state after the changes, where the decision has it at hand already. */
  readonly after?: Snapshot | undefined
}

/**
 * The storage seam.
 *
 * @since 0.1.0
 * @category services
 */
export interface NamespaceStore {
  /** Runs `decide` over a consistent state, then stores the changes. The read set is a function: not every store asks. */
  readonly modify: <A>(
    readSet: () => ReadSet,
    decide: (snapshot: Snapshot) => Step<A>,
    committed: (result: A) => void
  ) => Effect.Effect<A, WbemError>
  /** A look at a consistent state that covers whatever `look` asks for. */
  readonly read: <A>(readSet: () => ReadSet, look: (snapshot: Snapshot) => A) => Effect.Effect<A, WbemError>
  /**
   * A look at the schema as this store knows it, without asking anybody where it knows one. What others changed a moment ago may be
   * missing, so an answer that matters is asked for again with `read`.
   */
  readonly readCached: <A>(readSet: () => ReadSet, look: (snapshot: Snapshot) => A) => Effect.Effect<A, WbemError>
  /** The names of all namespaces, parents before children. */
  readonly namespaces: Effect.Effect<ReadonlyArray<string>, WbemError>
  /** The whole state, now. */
  readonly snapshot: Effect.Effect<Snapshot, WbemError>
  /** Puts the whole state back to a moment. */
  readonly restore: (snapshot: Snapshot) => Effect.Effect<void, WbemError>
}

/**
 * The storage seam.
 *
 * @since 0.1.0
 * @category services
 */
export const NamespaceStore: Context.Tag<NamespaceStore, NamespaceStore> = /* @__PURE__ */ Context.GenericTag<
  NamespaceStore
>("effect-wmi/NamespaceStore")
