/** The repositories that `--repository` accepts. A case that one cannot run counts as not applicable. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type CaseRepository, emulated, memory } from "../../src/conformance/caseRepository.ts"
import * as DurableObject from "../../src/storage/sqlite/DurableObject.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as VersionedStore from "../../src/storage/kv/VersionedStore.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import { make as compareAndSet } from "../storage/compareAndSet.ts"
import { make as objectStorage } from "../storage/objectStorage.ts"
import { reach } from "../stores/postgresServer.ts"
import { postgresLayer } from "../stores/stores.ts"
import type { Setup } from "../../src/conformance/given.ts"
import { powershell } from "./powershell.ts"

/** A store with the initial state of the case. */
const restored = <E>(store: Layer.Layer<NamespaceStore, E>) => ({ snapshot }: Setup) =>
  Layer.tap(store, (context) =>
    NamespaceStore.pipe(
      Effect.flatMap((one) => one.restore(snapshot)),
      Effect.provide(context)
    ))

/** The server of `POSTGRES_URL`, or one that is started for the run. Each case replaces the state of the last one. */
const postgres: Layer.Layer<NamespaceStore, unknown> = Layer.unwrapEffect(
  Effect.map(Effect.promise(reach), ({ url }) => postgresLayer(url))
)

export const repositories: Readonly<Record<string, () => Promise<CaseRepository>>> = {
  memory: () => Promise.resolve(memory),
  sqlite: () => Promise.resolve(emulated(restored(Sqlite.layerStore({ filename: ":memory:" })))),
  versioned: () =>
    Promise.resolve(emulated(restored(Layer.sync(NamespaceStore, () => VersionedStore.make(compareAndSet().storage))))),
  durableObject: () =>
    Promise.resolve(emulated(restored(
      Layer.unwrapEffect(Effect.map(Effect.promise(objectStorage), (storage) => DurableObject.layerStore(storage)))
    ))),
  postgres: () => Promise.resolve(emulated(restored(postgres))),
  powershell
}
