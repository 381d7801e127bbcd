/** What the benches over memory share: bulk and single puts into a new namespace each time, heard to their end by a sink. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import * as Snapshot from "../src/engine/state/Snapshot.ts"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import * as PutSink from "../src/pipeline/PutSink.ts"
import type { PutRequest } from "../src/protocol/PutRequest.ts"
import * as Wmi from "../src/Wmi.ts"
import { Thing } from "./world.ts"

/** A sink that is told of everything: it counts. */
const counting = (): { readonly sink: PutSink.PutSink; readonly heard: () => number } => {
  let n = 0
  const sink = PutSink.callback({ onObjectPut: () => void n++, onCompleted: () => void n++ })
  return { sink, heard: () => n }
}

/** Memory with the class of the benches in it. */
export const runtimeOf = (sink: PutSink.PutSink) =>
  ManagedRuntime.make(Layer.merge(Wmi.layerMemoryFrom(Snapshot.of(Thing)), PutSink.layer(sink)))

/** A put that is stored tells of its path and its end, one that is refused of its end. */
export const bulk = (list: ReadonlyArray<PutRequest>, batchSize: number, eventsEach = 2) => () => {
  const { heard, sink } = counting()
  const runtime = runtimeOf(sink)
  runtime.runSync(Effect.void)
  const chunk = Chunk.unsafeFromArray(list)
  return async (): Promise<void> => {
    await runtime.runPromise(Stream.runDrain(BulkPut.run(Stream.fromChunk(chunk), { batchSize })))
    if (heard() !== eventsEach * list.length) throw new Error(`heard ${heard()} events of ${eventsEach * list.length}`)
  }
}

export const single = (list: ReadonlyArray<PutRequest>) => () => {
  const { heard, sink } = counting()
  const runtime = runtimeOf(sink)
  runtime.runSync(Effect.void)
  return async (): Promise<void> => {
    await runtime.runPromise(Effect.flatMap(PutAsync.make, (self) =>
      Effect.gen(function* () {
        for (const request of list) yield* self.put(request)
      })))
    if (heard() !== 2 * list.length) throw new Error(`heard ${heard()} events of ${2 * list.length}`)
  }
}
