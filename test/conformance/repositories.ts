/** What `--repository` may name. One that cannot be asked something says so, and the case counts as not applicable. */
import * as Layer from "effect/Layer"
import * as EmulatedRepository from "../../src/repository/EmulatedRepository.ts"
import * as MemoryStore from "../../src/repository/MemoryStore.ts"
import type { Setup } from "./given.ts"
import type { JsonObject } from "./vocabulary.ts"

export interface CaseRepository {
  readonly layer: (setup: Setup) => Layer.Layer<EmulatedRepository.Services>
  /** Why a case cannot be asked of it; `undefined` when it can. */
  readonly cannot: (setup: Setup, when: JsonObject) => string | undefined
}

export const memory: CaseRepository = {
  layer: ({ snapshot }) => Layer.provide(EmulatedRepository.layer, MemoryStore.layerFrom(snapshot)),
  cannot: () => undefined
}

export const repositories: Readonly<Record<string, CaseRepository>> = { memory }
