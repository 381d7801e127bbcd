/** Sinks as values: queues and their behaviour when full, hubs, both, filter, log, the text of an event. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as Instance from "../../src/model/Instance.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import type * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as SinkEvent from "../../src/protocol/SinkEvent.ts"
import { AccessDenied, WbemOther } from "../../src/protocol/WbemError.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as PutReport from "../../src/protocol/PutReport.ts"
import { Disk, disk, idOf, line, report } from "./fixtures.ts"

const world = Effect.provide(Wmi.layerMemoryFrom(Snapshot.of(Disk)))
const to = (sink: PutSink.PutSink, id: string, options?: PutRequest.Options) =>
  PutAsync.put(disk(id, options)).pipe(PutAsync.withSink(sink))

describe("queues", () => {
  it.effect("a full queue makes the put wait until there is room", () =>
    world(Effect.gen(function* () {
      const queue = yield* Queue.bounded<SinkEvent.SinkEvent>(1)
      const fiber = yield* Effect.fork(to(PutSink.toQueue(queue), "a"))
      assert.strictEqual(line(yield* Queue.take(queue)), "a:ObjectPut")
      assert.strictEqual(line(yield* Queue.take(queue)), "a:Completed 0")
      assert.strictEqual((yield* Fiber.join(fiber)).disposition, "Created")
    })))

  const full: ReadonlyArray<readonly ["dropNewest" | "dropOldest", ReadonlyArray<string>]> = [
    ["dropNewest", ["a:ObjectPut", "a:Completed 0"]],
    ["dropOldest", ["b:ObjectPut", "b:Completed 0"]]
  ]
  for (const [policy, wanted] of full) {
    it.effect(`${policy}: the put does not wait`, () =>
      world(Effect.gen(function* () {
        const queue = yield* Queue.bounded<SinkEvent.SinkEvent>(2)
        const sink = PutSink.toQueue(queue, { full: policy })
        yield* to(sink, "a")
        yield* to(sink, "b")
        assert.deepStrictEqual([...yield* Queue.takeAll(queue)].map(line), wanted)
      })))
  }
})

describe("error objects", () => {
  it.live("EO-7: of a cancelled put, single and in bulk, name its operation and path", () =>
    world(
      Effect.scoped(Effect.gen(function* () {
        const recorded = PutSink.recording()
        const never = PutValidator.layerWith({ checks: [() => Effect.never] })
        yield* Effect.gen(function* () {
          yield* PutAsync.submit(disk("a"))
          const bulk = yield* Effect.fork(Stream.runDrain(BulkPut.run(Stream.make(disk("b"), disk("c")))))
          yield* Effect.yieldNow()
          yield* Effect.yieldNow()
          yield* PutAsync.cancel(recorded.sink)
          yield* Fiber.join(bulk)
        }).pipe(PutAsync.withSink(recorded.sink), Effect.provide(never))
        const objects = recorded.all().map((event) => event._tag === "Completed" ? event.errorObject : null)
        assert.deepStrictEqual(
          objects.map((one) => [one?.values["Operation"], one?.values["ParameterInfo"], one?.values["StatusCode"]]),
          ["a", "b", "c"].map((id) => ["PutInstance", `Demo_Disk.Id="${id}"`, 0x80041032])
        )
      }))
    ))
})

describe("error objects of puts that a check refuses (`errors` 5.1)", () => {
  const refusals: Readonly<Record<string, PutValidator.Check>> = {
    refuses: (put) =>
      idOf(put) === "b" ? Effect.void : Effect.fail(new AccessDenied({ right: "FullWrite", namespace: "root" })),
    dies: () => Effect.die("broken")
  }
  for (const [what, check] of Object.entries(refusals)) {
    it.effect(`a check that ${what}: the error object names the path, single and in bulk`, () =>
      world(Effect.gen(function* () {
        const recorded = PutSink.recording()
        yield* Effect.gen(function* () {
          yield* Effect.exit(PutAsync.put(disk("a")))
          yield* Stream.runDrain(BulkPut.run(Stream.make(disk("a"), disk("b"))))
        }).pipe(PutAsync.withSink(recorded.sink), Effect.provide(PutValidator.layerWith({ checks: [check] })))
        const named = recorded.all().flatMap((event) =>
          event._tag === "Completed" && event.error !== null
            ? [`${idOf(event)}: ${String(event.errorObject?.values["ParameterInfo"])}`]
            : []
        )
        const all = ["a", "a", ...what === "dies" ? ["b"] : []]
        assert.deepStrictEqual(named, all.map((id) => `${id}: Demo_Disk.Id="${id}"`))
      })))
  }
})

describe("combinators", () => {
  it.effect("subscribers of a hub get the same events; both emits to two sinks; filter passes some events", () =>
    world(Effect.scoped(Effect.gen(function* () {
      const hub = yield* PubSub.unbounded<SinkEvent.SinkEvent>()
      const ears = [yield* PubSub.subscribe(hub), yield* PubSub.subscribe(hub)]
      const all = PutSink.recording()
      const ends = PutSink.recording()
      const onlyEnds = PutSink.filter(ends.sink, (event) => event._tag === "Completed")
      yield* to(PutSink.both(PutSink.toPubSub(hub), PutSink.both(all.sink, onlyEnds)), "a")
      for (const ear of ears) {
        assert.deepStrictEqual([...yield* Queue.takeAll(ear)].map(line), ["a:ObjectPut", "a:Completed 0"])
      }
      assert.deepStrictEqual(all.events(), ['ObjectPut Demo_Disk.Id="a"', "Completed"])
      assert.deepStrictEqual(ends.events(), ["Completed"])
    }))))

  it.effect("a put that waits for a full hub can be interrupted", () =>
    world(Effect.scoped(Effect.gen(function* () {
      const hub = yield* PubSub.bounded<SinkEvent.SinkEvent>(1)
      const ear = yield* PubSub.subscribe(hub)
      const put = yield* Effect.fork(to(PutSink.toPubSub(hub), "a"))
      while (!(yield* PubSub.isFull(hub))) yield* Effect.yieldNow()
      yield* Fiber.interrupt(put)
      assert.deepStrictEqual([...yield* Queue.takeAll(ear)].map(line), ["a:ObjectPut"])
    }))))

  it.effect("both: a sink that dies does not keep the other from its events", () =>
    world(Effect.gen(function* () {
      const throws = (): never => {
        throw new Error("broken")
      }
      for (
        const broken of [
          PutSink.make(() => Effect.die("broken")),
          PutSink.callback({ onObjectPut: throws, onCompleted: throws })
        ]
      ) {
        const second = PutSink.recording()
        yield* to(PutSink.both(broken, second.sink), "a")
        yield* to(PutSink.both(second.sink, broken), "a")
        assert.strictEqual(second.events().length, 4)
      }
    })))

  it.effect("log writes one line for each event", () => {
    const lines: Array<unknown> = []
    const logger = Logger.make(({ message }) => void lines.push(message))
    return world(to(PutSink.log(), "a")).pipe(
      Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
      Effect.map(() => assert.deepStrictEqual(lines.flat(), ['ObjectPut Demo_Disk.Id="a"', "Completed"]))
    )
  })
})

describe("events", () => {
  it("PA-26: the numbers of progress are 16-bit words", () => {
    const event = SinkEvent.progress(disk("a"), { upperBound: 0x1ffff, current: -1, message: "m" })
    assert.deepStrictEqual([event.upperBound, event.current], [0xffff, 0xffff])
    assert.strictEqual(PutSink.describe(event), "Progress 65535/65535 m")
  })

  it("an error object names the operation, the object and the provider (errors 5.1)", () => {
    const given = Instance.make("My_Status", { Description: "disk full", ProviderName: "P" })
    const { errorObject } = SinkEvent.completed(
      disk("a"),
      new WbemOther({ status: "Unlisted", hresult: 0x80070005, extended: given })
    )
    assert.strictEqual(errorObject?.className, "My_Status")
    assert.deepStrictEqual({ ...errorObject?.values }, {
      StatusCode: 0x80070005,
      Description: "disk full",
      Operation: "PutInstance",
      ParameterInfo: "Demo_Disk",
      ProviderName: "P"
    })
    assert.strictEqual(
      PutSink.describe(SinkEvent.completed(disk("a"), new WbemOther({ status: "Unlisted", hresult: 0x80070005 }))),
      "Completed 0x80070005"
    )
    assert.strictEqual(
      PutSink.describe(
        SinkEvent.completed(disk("a"), PutReport.make(report.path, report.disposition, { hresult: 0x40001 }))
      ),
      "Completed 0x00040001"
    )
  })
})
