/** What the cases are run over: a repository that holds what a case begins with, and what is seen of it from outside. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type * as Snapshot from "../engine/state/Snapshot.ts"
import { NamespaceEvents } from "../pipeline/NamespaceEvents.ts"
import * as NamespaceEventStream from "../pipeline/NamespaceEventStream.ts"
import { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import type { Repository } from "../pipeline/Repository.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import * as EmulatedRepository from "../emulator/EmulatedRepository.ts"
import { InstanceProviders, type Registry } from "../emulator/providers/InstanceProvider.ts"
import * as MemoryStore from "../emulator/MemoryStore.ts"
import type { NamespaceStore } from "../emulator/NamespaceStore.ts"
import type { Setup } from "./given.ts"
import type { CaseError, JsonObject } from "./vocabulary.ts"

/** What is seen of the namespaces of a case beside what its sinks hear. */
export interface RepositoryProbe {
  readonly snapshot: Effect.Effect<Snapshot.Snapshot, WbemError | CaseError>
  /** Whether what a case begins with reads otherwise there than the case writes it. */
  readonly normalizesObjects: boolean
  /** What is published from now on. */
  readonly subscribe: Effect.Effect<Queue.Dequeue<WbemEvent>, never, Scope.Scope>
}

export const RepositoryProbe: Context.Tag<RepositoryProbe, RepositoryProbe> = Context.GenericTag<RepositoryProbe>("effect-wmi/conformance/Outside")

/** The outside of a repository that holds its namespaces itself. */
export const probeLayer: Layer.Layer<RepositoryProbe, never, NamespaceReader | NamespaceEvents> = Layer.effect(
  RepositoryProbe,
  Effect.zipWith(NamespaceReader, NamespaceEvents, ({ snapshot }, events): RepositoryProbe => ({
    snapshot,
    normalizesObjects: false,
    subscribe: Effect.provideService(NamespaceEventStream.subscribe, NamespaceEvents, events)
  }))
)

export interface CaseRepository {
  readonly layer: (setup: Setup, providers: Registry) => Layer.Layer<Repository | RepositoryProbe>
  /** Why a case cannot be asked of it; `undefined` when it can. */
  readonly skipReason: (setup: Setup, when: JsonObject, then: JsonObject) => string | undefined
  /** Milliseconds, far more than any case takes: what waits for ever ends here. 10,000 by default. */
  readonly timeoutMillis?: number
  /** Ends what it started, after the last case. */
  readonly close?: () => Promise<void>
}

/** The emulator over a store that holds what a case begins with. */
export const emulated = (store: (setup: Setup) => Layer.Layer<NamespaceStore, unknown>): CaseRepository => ({
  layer: (setup, providers) =>
    Layer.provideMerge(probeLayer, EmulatedRepository.layer).pipe(
      Layer.provide(Layer.orDie(store(setup))),
      Layer.provide(Layer.succeed(InstanceProviders, providers))
    ),
  skipReason: () => undefined
})

export const memory: CaseRepository = emulated(({ snapshot }) => MemoryStore.layerFrom(snapshot))
