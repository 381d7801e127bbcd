/**
 * Takes and replaces the state of every namespace. Emulated repositories provide it. It checks no rights: it is for tests and for the
 * program that owns the repository, not for the callers of that program.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Snapshot } from "../engine/state/Snapshot.ts"
import type { StoreError } from "../protocol/WbemError.ts"

/**
 * The service that takes and replaces the state of every namespace.
 *
 * @since 0.1.0
 * @category services
 */
export interface NamespaceState {
  /** The current state of every namespace. A snapshot that is kept costs memory only as the namespaces change. */
  readonly snapshot: Effect.Effect<Snapshot, StoreError>
  /** Replaces the state of every namespace by a snapshot. No event is published. */
  readonly restore: (snapshot: Snapshot) => Effect.Effect<void, StoreError>
}

/**
 * The service that takes and replaces the state of every namespace.
 *
 * @since 0.1.0
 * @category services
 */
export const NamespaceState: Context.Tag<NamespaceState, NamespaceState> = /* @__PURE__ */ Context.GenericTag<
  NamespaceState
>("effect-wmi/NamespaceState")
