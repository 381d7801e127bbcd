/** Shared by the benches over memory: bulk and single puts into a new namespace each time, with a sink that counts their events. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import * as Snapshot from "../src/engine/state/Snapshot.ts"
import * as EmulatedRepository from "../src/emulator/EmulatedRepository.ts"
import * as MemoryStore from "../src/emulator/MemoryStore.ts"
import { NamespaceStore } from "../src/emulator/NamespaceStore.ts"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import * as PutSink from "../src/pipeline/PutSink.ts"
import type { PutRequest } from "../src/protocol/PutRequest.ts"
import * as Wmi from "../src/Wmi.ts"
import { Thing } from "./world.ts"

/** A sink that counts the events of puts. */
const counting = (): { readonly sink: PutSink.PutSink; readonly counted: () => number } => {
  let n = 0
  const sink = PutSink.callback({ onObjectPut: () => void n++, onCompleted: () => void n++ })
  return { sink, counted: () => n }
}

/** Memory with the class of the benches in it, and what a bench adds. */
export const runtimeOf = (sink: PutSink.PutSink, more: Layer.Layer<never> = Layer.empty) =>
  ManagedRuntime.make(Layer.mergeAll(Wmi.layerMemoryFrom(Snapshot.of(Thing)), PutSink.layer(sink), more))

/** The same, over a store whose effects have never completed when they are returned. */
export const suspendedRuntimeOf = (sink: PutSink.PutSink): ReturnType<typeof runtimeOf> => {
  const { modify, read, readCached, ...rest } = MemoryStore.make(Snapshot.of(Thing))
  const store = Layer.succeed(NamespaceStore, {
    ...rest,
    modify: (...given) => Effect.suspend(() => modify(...given)),
    read: (...given) => Effect.suspend(() => read(...given)),
    readCached: (...given) => Effect.suspend(() => readCached(...given))
  })
  return ManagedRuntime.make(
    Layer.merge(Wmi.layer(Layer.provide(EmulatedRepository.layer, store)), PutSink.layer(sink))
  )
}

/** A put that is stored has two events, its path and its end; one that is refused has its end alone. */
export const bulk = (
  list: ReadonlyArray<PutRequest>,
  batchSize: number,
  eventsEach = 2,
  more?: Layer.Layer<never>
) =>
() => {
  const { counted, sink } = counting()
  const runtime = runtimeOf(sink, more)
  runtime.runSync(Effect.void)
  const chunk = Chunk.unsafeFromArray(list)
  return async (): Promise<void> => {
    await runtime.runPromise(Stream.runDrain(BulkPut.run(Stream.fromChunk(chunk), { batchSize })))
    if (counted() !== eventsEach * list.length) {
      throw new Error(`the sink got ${counted()} events of ${eventsEach * list.length}`)
    }
  }
}

export const single = (list: ReadonlyArray<PutRequest>, runtimeWith: typeof runtimeOf = runtimeOf) => () => {
  const { counted, sink } = counting()
  const runtime = runtimeWith(sink)
  runtime.runSync(Effect.void)
  return async (): Promise<void> => {
    await runtime.runPromise(Effect.flatMap(PutAsync.make, (self) =>
      Effect.gen(function* () {
        for (const request of list) yield* self.put(request)
      })))
    if (counted() !== 2 * list.length) throw new Error(`the sink got ${counted()} events of ${2 * list.length}`)
  }
}
