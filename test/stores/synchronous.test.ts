/**
 * Over a synchronous store, the start phase of a put and the put itself complete without a suspension of the fiber. A store that returns
 * an effect that still has to run makes a single put about 1.4 times as slow.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import * as Eager from "../../src/internal/eager.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import { Repository } from "../../src/pipeline/Repository.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Wmi from "../../src/Wmi.ts"
import { validated } from "../arbitraries.ts"
import { kinds } from "./stores.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })

/** A store over a foreign client first checks whether the program is inside a transaction of that client, which needs a fiber. */
const own = kinds.filter(({ name }) => name !== "PostgreSQL over a client of others")

describe("a call is admitted synchronously", () => {
  for (const { name, open } of own) {
    it.effect(`${name}, once the schema of the namespace is cached`, () =>
      Effect.scoped(Effect.gen(function* () {
        const store = yield* open
        const layer = Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))
        const context = yield* Layer.build(layer)
        yield* Effect.provide(PutAsync.put(PutRequest.make(Disk)), context)
        yield* Effect.provide(PutAsync.put(PutRequest.make(Disk)), context)
        const admitted = Context.get(context, Repository).admit(validated([PutRequest.make(Disk)])[0]!.put)
        assert.isTrue(Eager.isSuccess(Eager.start(admitted)))
      })))
  }
})
