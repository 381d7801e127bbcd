/** The exported contracts over every kind of store: one store, two stores over one database, a repository over a store. */
import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as RepositoryContract from "../../src/testing/RepositoryContract.ts"
import * as StoreContract from "../../src/testing/StoreContract.ts"
import { kinds } from "./stores.ts"

for (const { name, open, pair } of kinds) {
  describe(name, () => {
    for (const one of StoreContract.cases) {
      it.scopedLive(
        one.name,
        () => Effect.flatMap(open, (store) => Effect.provideService(one.program, NamespaceStore, store))
      )
    }
    for (const one of RepositoryContract.cases) {
      it.scopedLive(`repository: ${one.name}`, () =>
        Effect.flatMap(
          open,
          (store) =>
            Effect.provide(one.program, Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))
        ))
    }
    if (pair !== undefined) {
      for (const one of StoreContract.shared) {
        it.scopedLive(`two stores: ${one.name}`, () =>
          Effect.flatMap(pair, ([here, there]) => one.program(here, there)))
      }
    }
  })
}
