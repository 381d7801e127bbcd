/** What the SQL benches share: programs that put, over any layer, and that check that everything was put. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import type * as EmulatedRepository from "../src/emulator/EmulatedRepository.ts"
import * as Wmi from "../src/Wmi.ts"
import { Thing, Twin } from "./world.ts"

export interface Store {
  readonly put: (requests: ReadonlyArray<PutRequest.PutRequest>, batchSize: number) => Promise<void>
  readonly single: (requests: ReadonlyArray<PutRequest.PutRequest>) => Promise<void>
  /** Every put at once, each in a fiber of its own, as the handlers of a service would. */
  readonly atOnce: (requests: ReadonlyArray<PutRequest.PutRequest>) => Promise<void>
  readonly close: () => Promise<void>
}

const refused = (what: string) => new Error(`not everything was put: ${what}`)

/** A store with the classes of the benches in it. */
export const open = async <E>(repository: Layer.Layer<EmulatedRepository.Services, E>): Promise<Store> => {
  const runtime = ManagedRuntime.make(Wmi.layer(repository))
  await runtime.runPromise(PutAsync.put(PutRequest.make(Thing)))
  await runtime.runPromise(PutAsync.put(PutRequest.make(Twin)))
  return {
    put: (requests, batchSize) =>
      runtime.runPromise(
        Stream.runForEachChunk(
          BulkPut.run(Stream.fromChunk(Chunk.unsafeFromArray(requests)), { batchSize }),
          (outcomes) =>
            Effect.sync(() => {
              for (const outcome of outcomes) if (outcome._tag !== "Committed") throw refused(outcome.error.message)
            })
        )
      ),
    single: (requests) =>
      runtime.runPromise(Effect.flatMap(PutAsync.make, (self) =>
        Effect.gen(function* () {
          for (const request of requests) yield* self.put(request)
        }))),
    atOnce: async (requests) => {
      const self = await runtime.runPromise(PutAsync.make)
      await Promise.all(requests.map((request) => runtime.runPromise(self.put(request))))
    },
    close: () => runtime.dispose()
  }
}
