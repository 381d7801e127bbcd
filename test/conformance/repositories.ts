/** What `--repository` may name. One that cannot be asked something says so, and the case counts as not applicable. */
import * as Layer from "effect/Layer"
import * as EmulatedRepository from "../../src/repository/EmulatedRepository.ts"
import { InstanceProviders, type Registry } from "../../src/repository/InstanceProvider.ts"
import * as MemoryStore from "../../src/repository/MemoryStore.ts"
import type { Setup } from "./given.ts"
import type { JsonObject } from "./vocabulary.ts"

export interface CaseRepository {
  readonly layer: (setup: Setup, providers: Registry) => Layer.Layer<EmulatedRepository.Services>
  /** Why a case cannot be asked of it; `undefined` when it can. */
  readonly cannot: (setup: Setup, when: JsonObject) => string | undefined
}

export const memory: CaseRepository = {
  layer: ({ snapshot }, providers) =>
    EmulatedRepository.layer.pipe(
      Layer.provide(MemoryStore.layerFrom(snapshot)),
      Layer.provide(Layer.succeed(InstanceProviders, providers))
    ),
  cannot: () => undefined
}

export const repositories: Readonly<Record<string, CaseRepository>> = { memory }
