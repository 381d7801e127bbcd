/** The contract of stores over every store, and of two over one database where there can be two. */
import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { NamespaceStore } from "../../src/repository/NamespaceStore.ts"
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
    if (pair !== undefined) {
      for (const one of StoreContract.shared) {
        it.scopedLive(`two stores: ${one.name}`, () =>
          Effect.flatMap(pair, ([here, there]) => one.program(here, there)))
      }
    }
  })
}
