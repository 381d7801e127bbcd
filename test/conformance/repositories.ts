/** What `--repository` may name. One that cannot be asked something says so, and the case counts as not applicable. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as DurableObject from "../../src/repository/DurableObject.ts"
import * as EmulatedRepository from "../../src/repository/EmulatedRepository.ts"
import { InstanceProviders, type Registry } from "../../src/repository/InstanceProvider.ts"
import * as MemoryStore from "../../src/repository/MemoryStore.ts"
import { fromVersioned, NamespaceStore } from "../../src/repository/NamespaceStore.ts"
import * as Sqlite from "../../src/repository/Sqlite.ts"
import * as SqlStore from "../../src/repository/SqlStore.ts"
import { make as compareAndSet } from "../repository/compareAndSet.ts"
import { make as objectStorage } from "../repository/objectStorage.ts"
import type { Setup } from "./given.ts"
import type { JsonObject } from "./vocabulary.ts"

export interface CaseRepository {
  readonly layer: (setup: Setup, providers: Registry) => Layer.Layer<EmulatedRepository.Services>
  /** Why a case cannot be asked of it; `undefined` when it can. */
  readonly cannot: (setup: Setup, when: JsonObject) => string | undefined
}

const emulated = (store: (setup: Setup) => Layer.Layer<NamespaceStore, unknown>): CaseRepository => ({
  layer: (setup, providers) =>
    EmulatedRepository.layer.pipe(
      Layer.provide(Layer.orDie(store(setup))),
      Layer.provide(Layer.succeed(InstanceProviders, providers))
    ),
  cannot: () => undefined
})

/** A store that is made to hold what the case begins with. */
const restored = <E>(store: Layer.Layer<NamespaceStore, E>) => ({ snapshot }: Setup) =>
  Layer.tap(store, (context) =>
    NamespaceStore.pipe(
      Effect.flatMap((one) => one.restore(snapshot)),
      Effect.provide(context)
    ))

const postgres = (): Layer.Layer<NamespaceStore, unknown> => {
  const url = process.env["POSTGRES_URL"]
  if (url === undefined) throw new Error("POSTGRES_URL says where the database is")
  return Layer.provide(SqlStore.layer, PgClient.layer({ url: Redacted.make(url), maxConnections: 2 }))
}

export const memory: CaseRepository = emulated(({ snapshot }) => MemoryStore.layerFrom(snapshot))

export const repositories: Readonly<Record<string, CaseRepository>> = {
  memory,
  sqlite: emulated(restored(Sqlite.layerStore({ filename: ":memory:" }))),
  versioned: emulated(
    restored(Layer.sync(NamespaceStore, () => fromVersioned(compareAndSet().storage)))
  ),
  durableObject: emulated(
    restored(
      Layer.unwrapEffect(Effect.map(Effect.promise(objectStorage), (storage) => DurableObject.layerStore(storage)))
    )
  ),
  postgres: emulated((setup) => restored(postgres())(setup))
}
