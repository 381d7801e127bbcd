// Any runtime: reads MOF, puts it in batches, and sends every event to a queue
import { Effect, Either, Queue, Stream } from "effect"
import { BulkPut, Mof, PutAsync, PutOutcome, PutSink, type SinkEvent, Wmi } from "effect-wmi"

const mof = `
  class Demo_Service { [key] string Name; [not_null] uint16 Port = 80; };
  instance of Demo_Service { Name = "web"; };
  instance of Demo_Service { Name = "dns"; Port = 53; };
  instance of Demo_Service { Name = "none"; Port = NULL; };
`
const requests = Either.getOrThrow(Mof.requests(mof, { file: "demo.mof", namespace: "root\\cimv2" }))

const load = Effect.gen(function* () {
  const events = yield* Queue.unbounded<SinkEvent.SinkEvent>()
  const tally = yield* Stream.fromIterable(requests).pipe(
    BulkPut.run({ batchSize: 256, within: "50 millis" }),
    Stream.tap((outcome) =>
      outcome._tag === "Rejected" ? Effect.sync(() => console.log(outcome.error.message)) : Effect.void
    ),
    Stream.runFold(PutOutcome.emptyTally, PutOutcome.tally),
    PutAsync.withSink(PutSink.toQueue(events))
  )
  console.log(`${tally.created} created, ${tally.rejected} rejected, ${yield* Queue.size(events)} events`)
})

await Effect.runPromise(Effect.provide(load, Wmi.layerMemory))
