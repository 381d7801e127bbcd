/** Delivery to sinks over memory: events for a plain function, for an Effect, and for a handler that puts. */
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

/** A sink, and the number of its events. */
interface Counting {
  readonly sink: PutSink.PutSink
  readonly delivered: () => number
}

const silent = (): Counting => ({ sink: PutSink.silent(), delivered: () => NaN })

const plain = (): Counting => {
  let n = 0
  return { sink: PutSink.callback({ onObjectPut: () => void n++, onCompleted: () => void n++ }), delivered: () => n }
}

const effect = (): Counting => {
  let n = 0
  return { sink: PutSink.make(() => Effect.sync(() => void n++)), delivered: () => n }
}

type Listener = () => Counting

const checkCount = (delivered: number, events: number): void => {
  if (!Number.isNaN(delivered) && delivered !== events) throw new Error(`the sink got ${delivered} events of ${events}`)
}

const single = (count: number, name: string, listener: Listener): Case => ({
  name,
  setup: () => {
    const list = requests(count)
    return {
      operations: count,
      prepare: () => {
        const { delivered, sink } = listener()
        const runtime = runtimeOf(sink)
        runtime.runSync(Effect.void)
        return async () => {
          await runtime.runPromise(Effect.flatMap(PutAsync.make, (self) =>
            Effect.gen(function* () {
              for (const request of list) yield* self.put(request)
            })))
          checkCount(delivered(), 2 * count)
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
        const { delivered, sink } = listener()
        const runtime = runtimeOf(sink)
        runtime.runSync(Effect.void)
        return async () => {
          await runtime.runPromise(Stream.runDrain(BulkPut.run(Stream.fromChunk(chunk))))
          checkCount(delivered(), 2 * count)
        }
      }
    }
  }
})

/** The handler of `Completed` makes half of the puts, one for each put of the program. */
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
        let delivered = 0
        let self: PutAsync.PutAsync | undefined
        const sink = PutSink.make((event) => {
          delivered++
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
          checkCount(delivered, 2 * count)
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
