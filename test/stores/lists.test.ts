/** The lists of an emulated repository over every kind of store: the contract of `NamespaceReader`. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Wmi from "../../src/Wmi.ts"
import { cases, prepare } from "../pipeline/listContract.ts"
import { kinds } from "./stores.ts"

for (const { name, open } of kinds) {
  it.scopedLive(`lists of ${name}`, () =>
    Effect.gen(function* () {
      const repository = Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, yield* open))
      yield* Effect.gen(function* () {
        yield* prepare
        for (const { answer, program, title } of cases) assert.deepStrictEqual(yield* program, answer, title)
      }).pipe(Effect.provide(Wmi.layer(repository)))
    }))
}
