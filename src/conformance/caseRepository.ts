/** The repositories on which cases run: each begins with the state of a case and lets the runner read its state and events. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type * as Snapshot from "../engine/state/Snapshot.ts"
import { NamespaceEvents } from "../pipeline/NamespaceEvents.ts"
import * as NamespaceEventStream from "../pipeline/NamespaceEventStream.ts"
import { NamespaceState } from "../pipeline/NamespaceState.ts"
import type { Repository } from "../pipeline/Repository.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import * as EmulatedRepository from "../emulator/EmulatedRepository.ts"
import { InstanceProviders, type Registry } from "../emulator/providers/InstanceProvider.ts"
import * as MemoryStore from "../emulator/MemoryStore.ts"
import type { NamespaceStore } from "../emulator/NamespaceStore.ts"
import type { Setup } from "./given.ts"
import type { CaseError, JsonObject } from "./vocabulary.ts"

/**
 * Access of the runner to the repository of a case, besides its sinks.
 *
 * @since 0.1.0
 * @category models
 */
export interface RepositoryProbe {
  /** The current state. */
  readonly snapshot: Effect.Effect<Snapshot.Snapshot, WbemError | CaseError>
  /** Whether the objects of `given` may read differently from the form in which the case writes them. */
  readonly normalizesObjects: boolean
  /** The events that are published after the subscription. */
  readonly subscribe: Effect.Effect<Queue.Dequeue<WbemEvent>, never, Scope.Scope>
}

/**
 * The service of {@link RepositoryProbe}.
 *
 * @since 0.1.0
 * @category services
 */
export const RepositoryProbe: Context.Tag<RepositoryProbe, RepositoryProbe> = Context.GenericTag<RepositoryProbe>(
  "effect-wmi/conformance/RepositoryProbe"
)

/** The probe of a repository that provides `NamespaceState` and `NamespaceEvents`. */
export const probeLayer: Layer.Layer<RepositoryProbe, never, NamespaceState | NamespaceEvents> = Layer.effect(
  RepositoryProbe,
  Effect.zipWith(NamespaceState, NamespaceEvents, ({ snapshot }, events): RepositoryProbe => ({
    snapshot,
    normalizesObjects: false,
    subscribe: Effect.provideService(NamespaceEventStream.subscribe, NamespaceEvents, events)
  }))
)

/**
 * A repository for cases.
 *
 * @since 0.1.0
 * @category models
 */
export interface CaseRepository {
  /** The repository of one case, with the state of `given`. */
  readonly layer: (setup: Setup, providers: Registry) => Layer.Layer<Repository | RepositoryProbe>
  /** Why a case cannot be run on it; `undefined` when it can. */
  readonly skipReason: (setup: Setup, when: JsonObject, then: JsonObject) => string | undefined
  /** The time limit of a case in milliseconds, 10,000 by default. */
  readonly timeoutMillis?: number
  /** Releases the resources of the repository after the last case. */
  readonly close?: () => Promise<void>
}

/**
 * The emulator over a store that begins with the state of a case.
 *
 * @since 0.1.0
 * @category constructors
 */
export const emulated = (store: (setup: Setup) => Layer.Layer<NamespaceStore, unknown>): CaseRepository => ({
  layer: (setup, providers) =>
    Layer.provideMerge(probeLayer, EmulatedRepository.layer).pipe(
      Layer.provide(Layer.orDie(store(setup))),
      Layer.provide(Layer.succeed(InstanceProviders, providers))
    ),
  skipReason: () => undefined
})

/**
 * Runs each case over an emulated repository of its own that holds its objects in memory.
 *
 * @since 0.1.0
 * @category constructors
 */
export const memory: CaseRepository = emulated(({ snapshot }) => MemoryStore.layerFrom(snapshot))
