/** Delivery to sinks over memory: events told to a plain function, to an Effect, and to a handler that puts itself. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import * as PutSink from "../src/pipeline/PutSink.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import type { Case, Declaration } from "./Bench.ts"
import { runtimeOf } from "./memoryWorld.ts"
import { requests, thing } from "./world.ts"

/** A sink, and how many events it was told. */
interface Counting {
  readonly sink: PutSink.PutSink
  readonly heard: () => number
}

const silent = (): Counting => ({ sink: PutSink.silent(), heard: () => NaN })

const plain = (): Counting => {
  let n = 0
  return { sink: PutSink.callback({ onObjectPut: () => void n++, onCompleted: () => void n++ }), heard: () => n }
}

const effect = (): Counting => {
  let n = 0
  return { sink: PutSink.make(() => Effect.sync(() => void n++)), heard: () => n }
}

type Listener = () => Counting

const heardAll = (heard: number, events: number): void => {
  if (!Number.isNaN(heard) && heard !== events) throw new Error(`heard ${heard} events of ${events}`)
}

const single = (count: number, name: string, listener: Listener): Case => ({
  name,
  setup: () => {
    const list = requests(count)
    return {
      operations: count,
      prepare: () => {
        const { heard, sink } = listener()
        const runtime = runtimeOf(sink)
        runtime.runSync(Effect.void)
        return async () => {
          await runtime.runPromise(Effect.flatMap(PutAsync.make, (self) =>
            Effect.gen(function* () {
              for (const request of list) yield* self.put(request)
            })))
          heardAll(heard(), 2 * count)
        }
      }
    }
  }
})

const bulk = (count: number, name: string, listener: Listener): Case => ({
  name,
  setup: () => {
    const chunk = Chunk.unsafeFromArray(requests(count))
    return {
      operations: count,
      prepare: () => {
        const { heard, sink } = listener()
        const runtime = runtimeOf(sink)
        runtime.runSync(Effect.void)
        return async () => {
          await runtime.runPromise(Stream.runDrain(BulkPut.run(Stream.fromChunk(chunk))))
          heardAll(heard(), 2 * count)
        }
      }
    }
  }
})

/** Half of the puts are made by the handler of `Completed`, one for each put from outside. */
const followUp = (count: number): Case => ({
  name: "a handler that makes a follow-up put",
  setup: () => {
    const pairs = Array.from(
      { length: count / 2 },
      (_, i) => PutRequest.make(thing(2 * i), { asyncContext: { next: PutRequest.make(thing(2 * i + 1)) } })
    )
    return {
      operations: count,
      prepare: () => {
        let heard = 0
        let self: PutAsync.PutAsync | undefined
        const sink = PutSink.make((event) => {
          heard++
          const { asyncContext } = event
          return event._tag === "Completed" && asyncContext !== null
            ? Effect.ignore(self!.put((asyncContext as { readonly next: PutRequest.PutRequest }).next))
            : Effect.void
        })
        const runtime = runtimeOf(sink)
        runtime.runSync(Effect.void)
        return async () => {
          self = await runtime.runPromise(PutAsync.make)
          const { put } = self
          await runtime.runPromise(Effect.gen(function* () {
            for (const request of pairs) yield* put(request)
          }))
          heardAll(heard, 2 * count)
        }
      }
    }
  }
})

const declare: Declaration = ({ count: limit = 20_000 }) => {
  const count = Math.min(limit, 20_000) & ~1
  return {
    groups: [{
      title: `Delivery to a sink, ${count.toLocaleString("en")} single puts in memory`,
      clock: "cpu",
      cases: [
        single(count, "a silent sink", silent),
        single(count, "plain functions", plain),
        single(count, "an Effect", effect),
        followUp(count)
      ]
    }, {
      title: `Delivery to a sink, BulkPut of ${count.toLocaleString("en")} in memory`,
      clock: "cpu",
      cases: [
        bulk(count, "bulk, a silent sink", silent),
        bulk(count, "bulk, plain functions", plain),
        bulk(count, "bulk, an Effect", effect)
      ]
    }]
  }
}

export default declare
