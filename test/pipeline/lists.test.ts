/** The lists of an emulated repository in memory: the contract of `NamespaceReader`. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Wmi from "../../src/Wmi.ts"
import { cases, prepare } from "./listContract.ts"

describe("lists in memory", () => {
  const repository = Layer.unwrapEffect(
    Effect.provide(Effect.zipRight(prepare, Wmi.fork), Wmi.layerMemory)
  )
  it.layer(repository)((it) => {
    for (const { answer, program, title } of cases) {
      it.effect(title, () => Effect.map(program, (given) => assert.deepStrictEqual(given, answer)))
    }
  })
})
