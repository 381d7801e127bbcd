/** Delivery to sinks: the order of follow-ups, cycles of handlers, waits that cannot be recognised, memory use (PA-23, PA-30, PA-42). */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import type * as SinkEvent from "../../src/protocol/SinkEvent.ts"
import { disk, idOf, line, type Recorder, recorder, report, settle, status, world } from "./fixtures.ts"

type Needed = Exclude<PutAsync.Stages, PutSink.PutSink>

/** The stages. A put whose id begins with `held` waits in a check for ever. */
const { stages } = world(PutSink.silent(), {
  checks: [(put) => idOf(put).startsWith("held") ? Effect.never : Effect.void]
})

/** A recording sink whose handlers may use the stages. */
const handling = (
  handler: (event: SinkEvent.SinkEvent, sink: PutSink.PutSink) => Effect.Effect<unknown, unknown, Needed>
) =>
  Effect.map(Effect.context<Needed>(), (context): Recorder => {
    const r: Recorder = recorder((event) => Effect.ignore(Effect.provide(handler(event, r.sink), context)))
    return r
  })

const put = (id: string, sink: PutSink.PutSink) => PutAsync.withSink(sink)(PutAsync.put(disk(id, { status: false })))
const bulk = (ids: ReadonlyArray<string>, sink: PutSink.PutSink, options: BulkPut.Options = {}) =>
  Stream.fromIterable(ids.map((id) => disk(id, { status: false }))).pipe(
    BulkPut.run(options),
    Stream.runDrain,
    PutAsync.withSink(sink)
  )
const at = (id: string, tag: SinkEvent.SinkEvent["_tag"], event: SinkEvent.SinkEvent): boolean =>
  idOf(event) === id && event._tag === tag

/** The events of these calls, in this order. */
const putEvents = (...ids: ReadonlyArray<string>): ReadonlyArray<string> =>
  ids.flatMap((id) => [`${id}:ObjectPut`, `${id}:Completed 0`])

describe("calls that a handler starts", () => {
  it.effect("their events follow right after that handler, also those of nested handlers", () =>
    Effect.gen(function* () {
      const starts: Readonly<Record<string, ReadonlyArray<string>>> = { a: ["b", "c"], b: ["d"], d: ["e"] }
      const r = yield* handling((event, sink) =>
        event._tag === "ObjectPut"
          ? Effect.forEach(starts[idOf(event)] ?? [], (id) => put(id, sink), { discard: true })
          : Effect.void
      )
      yield* put("a", r.sink)
      assert.deepStrictEqual(r.log, [
        "a:ObjectPut",
        "b:ObjectPut",
        "d:ObjectPut",
        ...putEvents("e"),
        "d:Completed 0",
        "b:Completed 0",
        ...putEvents("c"),
        "a:Completed 0"
      ])
    }).pipe(Effect.provide(stages)))

  it.effect("a batch for its own sink, with and without `within`, ends and is delivered in order", () =>
    Effect.gen(function* () {
      for (const options of [{}, { batchSize: 2 }, { within: "1 hour" }] as ReadonlyArray<BulkPut.Options>) {
        for (const tag of ["ObjectPut", "Completed"] as const) {
          const r = yield* handling((event, sink) =>
            at("a", tag, event) ? bulk(["b", "c", "d"], sink, options) : Effect.void
          )
          yield* put("a", r.sink)
          const inner = putEvents("b", "c", "d")
          assert.deepStrictEqual(
            r.log,
            tag === "ObjectPut" ? ["a:ObjectPut", ...inner, "a:Completed 0"] : [...putEvents("a"), ...inner]
          )
        }
      }
    }).pipe(Effect.provide(stages)))

  it.effect("a put that is repeated by the handler of its cancellation: the cancel returns, and the sink stays free", () =>
    Effect.gen(function* () {
      const r = yield* handling((event, sink) => at("held", "Completed", event) ? put("again", sink) : Effect.void)
      const held = yield* Effect.fork(Effect.either(put("held", r.sink)))
      yield* Effect.yieldNow()
      yield* PutAsync.cancel(r.sink)
      assert.strictEqual(status(yield* Fiber.join(held)), "CallCancelled")
      yield* put("later", r.sink)
      assert.deepStrictEqual(r.log, ["held:Completed CallCancelled", ...putEvents("again", "later")])
    }).pipe(Effect.provide(stages)))

  it.effect("PA-42: a cancel in the handler of a cancelled call cancels the calls that were started since", () =>
    Effect.gen(function* () {
      const goOn = yield* Deferred.make<void>()
      const inHandler = yield* Deferred.make<void>()
      const r = yield* handling((event, sink) =>
        at("held1", "Completed", event)
          ? Effect.all([Deferred.succeed(inHandler, undefined), Deferred.await(goOn), PutAsync.cancel(sink)])
          : Effect.void
      )
      const one = yield* Effect.fork(Effect.either(put("held1", r.sink)))
      yield* Effect.yieldNow()
      const cancel = yield* Effect.fork(PutAsync.cancel(r.sink))
      yield* Deferred.await(inHandler)
      const two = yield* Effect.fork(Effect.either(put("held2", r.sink)))
      yield* Effect.yieldNow()
      yield* Deferred.succeed(goOn, undefined)
      yield* Fiber.join(cancel)
      assert.deepStrictEqual(r.log, ["held1:Completed CallCancelled", "held2:Completed CallCancelled"])
      for (const fiber of [one, two]) assert.strictEqual(status(yield* Fiber.join(fiber)), "CallCancelled")
      yield* put("later", r.sink)
    }).pipe(Effect.provide(stages)))

  it.live("a submit whose scope ends in the handler completes: awaited, cancelled or neither", () =>
    Effect.gen(function* () {
      const submitted = Effect.suspend(() => PutAsync.submit(disk("in", { status: false })))
      const uses: Readonly<Record<string, Effect.Effect<unknown, unknown, PutAsync.Stages | Scope.Scope>>> = {
        neither: submitted,
        awaited: Effect.flatMap(submitted, (handle) => handle.await),
        cancelled: Effect.flatMap(submitted, (handle) => handle.cancel)
      }
      for (const use of Object.values(uses)) {
        for (const tag of ["ObjectPut", "Completed"] as const) {
          const r = yield* handling((event, sink) =>
            at("a", tag, event) ? PutAsync.withSink(sink)(Effect.scoped(use)) : Effect.void
          )
          yield* put("a", r.sink)
          yield* put("later", r.sink)
          assert.strictEqual(r.log.filter((one) => one.startsWith("in:Completed")).length, 1)
        }
      }
    }).pipe(Effect.provide(stages)))

  it.live("a call that was submitted outside completes: awaited, cancelled or ignored in a handler of its sink", () =>
    Effect.gen(function* () {
      for (const use of ["await", "cancel", "scope"] as const) {
        for (const own of [false, true]) {
          const handles: Array<PutAsync.PutHandle> = []
          const scope = yield* Scope.make()
          const r = yield* handling((event) =>
            !at(own ? "out" : "a", "Completed", event)
              ? Effect.void
              : use === "scope"
              ? Scope.close(scope, Exit.void)
              : handles[0]![use]
          )
          const handle = yield* PutAsync.submit(disk("out", { status: false })).pipe(
            Scope.extend(scope),
            PutAsync.withSink(r.sink)
          )
          handles.push(handle)
          yield* put("a", r.sink)
          yield* Effect.either(handle.await)
          yield* settle
          yield* put("later", r.sink)
          assert.strictEqual(r.log.filter((one) => one.startsWith("out:Completed")).length, 1, `${use}, ${own}`)
          yield* Scope.close(scope, Exit.void)
        }
      }
    }).pipe(Effect.provide(stages)))

  it.effect("a race and a timeout end a put that waits in a check, as outside of handlers", () =>
    Effect.gen(function* () {
      const r = yield* handling((event, sink) =>
        at("a", "ObjectPut", event)
          ? Effect.race(put("held1", sink), Effect.yieldNow())
          : at("a", "Completed", event)
          ? Effect.timeout(put("held2", sink), "5 seconds")
          : Effect.void
      )
      const fiber = yield* Effect.fork(put("a", r.sink))
      for (let i = 0; i < 50; i++) yield* Effect.yieldNow()
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(r.log, [
        "a:ObjectPut",
        "held1:Completed CallCancelled",
        "a:Completed 0",
        "held2:Completed CallCancelled"
      ])
    }).pipe(Effect.provide(stages)))

  it.effect("a plain handler can run a put synchronously", () =>
    Effect.gen(function* () {
      const context = yield* Effect.context<Needed>()
      const log: Array<string> = []
      const sink: PutSink.PutSink = PutSink.callback({
        onObjectPut: (event) => {
          log.push(line(event))
          if (idOf(event) === "a") Effect.runSync(Effect.provide(put("b", sink), context))
          if (idOf(event) === "a") log.push("the handler returns")
        },
        onCompleted: (event) => void log.push(line(event))
      })
      yield* put("a", sink)
      assert.deepStrictEqual(log, ["a:ObjectPut", "the handler returns", ...putEvents("b"), "a:Completed 0"])
    }).pipe(Effect.provide(stages)))

  it.effect("a fiber that outlives its handler gets its result after the sink got the ending", () =>
    Effect.gen(function* () {
      const goOn = yield* Deferred.make<void>()
      const slow = yield* Deferred.make<void>()
      const answered = yield* Deferred.make<boolean>()
      const r: Recorder = yield* handling((event, sink) =>
        at("a", "Completed", event)
          ? Effect.forkDaemon(
            Deferred.await(goOn).pipe(
              Effect.zipRight(put("b", sink)),
              Effect.zipRight(Effect.suspend(() => Deferred.succeed(answered, r.log.includes("b:Completed 0"))))
            )
          )
          : at("c", "ObjectPut", event)
          ? Deferred.await(slow)
          : Effect.void
      )
      yield* put("a", r.sink)
      const c = yield* Effect.fork(put("c", r.sink))
      for (let i = 0; i < 20; i++) yield* Effect.yieldNow()
      yield* Deferred.succeed(goOn, undefined)
      for (let i = 0; i < 20; i++) yield* Effect.yieldNow()
      assert.isFalse(yield* Deferred.isDone(answered))
      yield* Deferred.succeed(slow, undefined)
      assert.isTrue(yield* Deferred.await(answered))
      yield* Fiber.join(c)
    }).pipe(Effect.provide(stages)))
})

describe("the order of the events of a call", () => {
  it.live("PA-28: progress that is delivered after its handler keeps its order and comes before the ending", () =>
    Effect.gen(function* () {
      const tick = (n: number) => ({ upperBound: 9, current: n, message: String(n) })
      const goOn = yield* Deferred.make<void>()
      const { stages } = world(PutSink.silent(), {
        repository: {
          put: (valid, { progress }) =>
            idOf(valid.put) !== "slow" ? Effect.succeed(report) : Effect.gen(function* () {
              yield* progress(tick(1))
              yield* Deferred.await(goOn)
              yield* progress(tick(2))
              return report
            })
        }
      })
      const log: Array<string> = []
      const handles: Array<PutAsync.PutHandle> = []
      const scope = yield* Scope.make()
      const context = yield* Effect.provide(Effect.context<Needed>(), stages)
      const sink: PutSink.PutSink = PutSink.make((event) =>
        Effect.gen(function* () {
          log.push(event._tag === "Progress" ? `${line(event)} ${event.message}` : line(event))
          if (at("out", "ObjectPut", event)) {
            yield* put("first", sink)
            const submitted = PutAsync.withSink(sink)(Scope.extend(PutAsync.submit(disk("slow")), scope))
            handles.push(yield* submitted)
            yield* settle // its first report is made and follows what `first` has to tell
          } else if (at("first", "ObjectPut", event)) {
            yield* Deferred.succeed(goOn, undefined)
            yield* handles[0]!.await
          }
        }).pipe(Effect.ignore, Effect.provide(context))
      )
      yield* Effect.provide(put("out", sink), context)
      yield* settle
      assert.deepStrictEqual(log.filter((one) => one.startsWith("slow")), [
        "slow:Progress 1",
        "slow:Progress 2",
        "slow:ObjectPut",
        "slow:Completed 0"
      ])
      yield* Scope.close(scope, Exit.void)
    }))
})

describe("plain sinks", () => {
  it.effect("get each report of progress once, single and in a batch", () =>
    Effect.gen(function* () {
      const twice = (progress: (report: SinkEvent.ProgressReport) => Effect.Effect<void>) =>
        Effect.forEach([1, 2], (current) => progress({ upperBound: 2, current, message: "" }), { discard: true })
      const log: Array<string> = []
      const record = (event: SinkEvent.SinkEvent): void =>
        void log.push(event._tag === "Progress" ? `${line(event)} ${event.current}` : line(event))
      const sink = PutSink.callback({ onObjectPut: record, onProgress: record, onCompleted: record })
      const { stages } = world(sink, {
        repository: {
          put: (_, { progress }) => Effect.as(twice(progress), report),
          putBatch: (puts, { progress }) => Effect.as(twice((one) => progress(0, one)), puts.map(() => report))
        }
      })
      yield* Effect.provide(PutAsync.put(disk("a")), stages)
      yield* Effect.provide(Stream.runDrain(BulkPut.run(Stream.make(disk("b"), disk("c")))), stages)
      const reported = (id: string) => [`${id}:Progress 1`, `${id}:Progress 2`, ...putEvents(id)]
      assert.deepStrictEqual(log, [...reported("a"), ...reported("b"), ...putEvents("c")])
    }))
})

describe("several sinks", () => {
  for (const n of [2, 3, 5]) {
    it.effect(`${n} handlers at a time, each putting to the sink of the next: no deadlock`, () =>
      Effect.gen(function* () {
        let inside = 0
        const all = yield* Deferred.make<void>()
        const log: Array<string> = []
        const sinks: Array<PutSink.PutSink> = []
        const context = yield* Effect.context<Needed>()
        for (let i = 0; i < n; i++) {
          sinks.push(PutSink.make((event) =>
            Effect.suspend(() => {
              log.push(line(event))
              if (!at(`out${i}`, "ObjectPut", event)) return Effect.void
              if (++inside === n) Deferred.unsafeDone(all, Exit.void)
              return Deferred.await(all).pipe(
                Effect.zipRight(Effect.ignore(put(`in${i}`, sinks[(i + 1) % n]!))),
                Effect.provide(context)
              )
            })
          ))
        }
        yield* Effect.all(sinks.map((sink, i) => put(`out${i}`, sink)), { concurrency: "unbounded" })
        assert.strictEqual(log.length, 4 * n)
        for (const sink of sinks) yield* put("later", sink)
        assert.strictEqual(new Set(log).size, 4 * n + 2)
      }).pipe(Effect.provide(stages)))
  }

  it.effect("a put for another sink that is busy waits for it, and returns after that sink got the events", () =>
    Effect.gen(function* () {
      const goOn = yield* Deferred.make<void>()
      const b = yield* handling((event) => at("x", "ObjectPut", event) ? Deferred.await(goOn) : Effect.void)
      let answered: ReadonlyArray<string> = []
      const a = yield* handling((event) =>
        at("a", "ObjectPut", event)
          ? Effect.map(put("b", b.sink), () => {
            answered = b.log.slice()
          })
          : Effect.void
      )
      const x = yield* Effect.fork(put("x", b.sink))
      for (let i = 0; i < 20; i++) yield* Effect.yieldNow()
      const outer = yield* Effect.fork(put("a", a.sink))
      for (let i = 0; i < 20; i++) yield* Effect.yieldNow()
      assert.deepStrictEqual(a.log, ["a:ObjectPut"])
      yield* Deferred.succeed(goOn, undefined)
      yield* Fiber.join(outer)
      yield* Fiber.join(x)
      assert.deepStrictEqual(answered, putEvents("x", "b"))
      assert.deepStrictEqual(a.log, putEvents("a"))
    }).pipe(Effect.provide(stages)))
})

describe("a handler that awaits a promise of a call for its own sink", () => {
  const endings = ["its put is interrupted", "the call is cancelled", "its own time is over"] as const
  for (const how of endings) {
    it.effect(`is named in the log after 10 seconds, and continues when ${how}`, () => {
      const logged: Array<string> = []
      const logger = Logger.make(({ message }) => void logged.push(String(message)))
      return Effect.gen(function* () {
        const runtime = yield* Effect.runtime<Needed>()
        const r: Recorder = yield* handling((event, sink) => {
          if (!at("a", "ObjectPut", event)) return Effect.void
          const promised = Effect.promise(async () => {
            await Promise.resolve() // what runs after it cannot be recognised as a part of the handler
            return Runtime.runPromise(runtime)(Effect.either(put("in\u009b", sink)))
          })
          return how === "its own time is over" ? Effect.timeout(promised, "20 seconds") : promised
        })
        const outer = yield* Effect.fork(put("a", r.sink))
        yield* settle
        yield* TestClock.adjust("9 seconds")
        yield* settle
        assert.deepStrictEqual(logged, [])
        yield* TestClock.adjust("1 seconds")
        yield* settle
        assert.strictEqual(logged.length, 1)
        assert.include(logged[0]!, `The put of Demo_Disk.Id="in\\u009B" has waited 10 seconds`)
        assert.deepStrictEqual(r.log, ["a:ObjectPut"])
        if (how === "its put is interrupted") yield* Fiber.interrupt(outer)
        else if (how === "the call is cancelled") yield* PutAsync.cancel(r.sink)
        else yield* TestClock.adjust("10 seconds")
        yield* Fiber.await(outer)
        yield* put("later", r.sink)
        const inner = how === "the call is cancelled" ? ["in\u009b:Completed CallCancelled"] : putEvents("in\u009b")
        assert.sameMembers(r.log, [...putEvents("a", "later"), ...inner])
        assert.strictEqual(logged.length, 1)
      }).pipe(Effect.provide(Layer.merge(stages, Logger.replace(Logger.defaultLogger, logger))))
    })
  }
})

describe("a promise that a handler makes and awaits", () => {
  const calls: Readonly<Record<string, (sink: PutSink.PutSink) => Effect.Effect<unknown, unknown, Needed>>> = {
    "a put": (sink) => put("in", sink),
    "a put after another put": (sink) => Effect.zipRight(put("in-1", sink), put("in-2", sink)),
    "a put with a time limit": (sink) => Effect.timeout(put("in", sink), "1 minute"),
    "puts and a cancel at the same time": (sink) =>
      Effect.all([put("in-1", sink), put("in-2", sink), PutAsync.cancel(sink)], { concurrency: "unbounded" }),
    "a submit that is awaited": (sink) =>
      Effect.scoped(
        Effect.flatMap(PutAsync.withSink(sink)(PutAsync.submit(disk("in"))), (handle) => handle.await)
      ),
    "a batch": (sink) => bulk(["in-1", "in-2"], sink),
    "a batch with `within`": (sink) => bulk(["in-1", "in-2"], sink, { within: "1 millis" }),
    "a cancel": (sink) => PutAsync.cancel(sink)
  }
  const handlers: Readonly<Record<string, (start: () => Promise<unknown>) => Effect.Effect<unknown>>> = {
    "in its first step": (start) => Effect.promise(start),
    "after a pause": (start) => Effect.zipRight(Effect.promise(() => Promise.resolve()), Effect.promise(start)),
    "in a fiber of its own": (start) => Effect.flatMap(Effect.fork(Effect.promise(start)), Fiber.join),
    "before it returns its effect": (start) => {
      const started = start()
      return Effect.promise(() => started)
    }
  }
  /** Each put takes some time, as over a database. */
  const slow = world(PutSink.silent(), {
    checks: [(put) => idOf(put) === "held" ? Effect.never : Effect.promise(() => Promise.resolve())]
  }).stages
  for (const [speed, over] of [["at once", stages], ["later", slow]] as const) {
    for (const [moment, run] of Object.entries(handlers)) {
      for (const [what, call] of Object.entries(calls)) {
        it.live(
          `ends: ${what}, started ${moment}, over a store that completes ${speed}`,
          () =>
            Effect.gen(function* () {
              const runtime = yield* Effect.runtime<Needed>()
              let once = true
              const log: Array<string> = []
              const sink = PutSink.make((event) => {
                log.push(line(event))
                if (!once || !at("a", "Completed", event)) return Effect.void
                once = false
                return Effect.asVoid(run(() => Runtime.runPromise(runtime)(Effect.either(call(sink)))))
              })
              const held = yield* Effect.fork(Effect.either(put("held", sink)))
              yield* settle
              yield* put("a", sink)
              yield* put("later", sink)
              yield* PutAsync.cancel(sink)
              yield* Fiber.join(held)
              const endings = log.filter((one) => one.includes("Completed")).map((one) =>
                one.slice(0, one.indexOf(":"))
              )
              const started = what === "a cancel"
                ? []
                : log.some((one) => one.startsWith("in-"))
                ? ["in-1", "in-2"]
                : ["in"]
              assert.sameMembers(endings, ["a", "held", "later", ...started])
            }).pipe(Effect.timeout("5 seconds"), Effect.provide(over)),
          2000
        )
      }
    }
  }
})

describe("memory use", () => {
  it.effect("a chain of puts, each started in the Completed handler of the previous one, does not nest", () =>
    Effect.gen(function* () {
      const n = 3000
      let count = 0
      const r: { readonly sink: PutSink.PutSink } = { sink: PutSink.make((event) => handler(event)) }
      const context = yield* Effect.context<Needed>()
      const handler = (event: SinkEvent.SinkEvent): Effect.Effect<void> =>
        event._tag === "Completed" && ++count < n
          ? Effect.provide(Effect.ignore(put("a", r.sink)), context)
          : Effect.void
      yield* put("a", r.sink)
      assert.strictEqual(count, n)
    }).pipe(Effect.provide(stages)))

  it.effect("a chain of daemons, each started in the Completed handler of the previous one, keeps no history of fiber refs", () =>
    Effect.gen(function* () {
      const context = yield* Effect.context<Needed>()
      const done = yield* Deferred.make<number>()
      let count = 0
      const r: { readonly sink: PutSink.PutSink } = {
        sink: PutSink.make((event) =>
          Effect.suspend(() => {
            if (event._tag !== "Completed") return Effect.void
            if (++count < 200) return Effect.asVoid(Effect.forkDaemon(Effect.provide(put("next", r.sink), context)))
            return Effect.flatMap(Effect.getFiberRefs, ({ locals }) =>
              Effect.asVoid(
                Deferred.succeed(done, Math.max(...Array.from(locals.values(), (history) => history.length)))
              ))
          })
        )
      }
      yield* put("first", r.sink)
      assert.isBelow(yield* Deferred.await(done), 10)
    }).pipe(Effect.provide(stages)))

  it.effect("two sinks whose handlers put to each other do not nest", () =>
    Effect.gen(function* () {
      const n = 2000
      let count = 0
      const context = yield* Effect.context<Needed>()
      const sinks: ReadonlyArray<PutSink.PutSink> = [0, 1].map((i) =>
        PutSink.make((event) =>
          event._tag === "Completed" && ++count < n
            ? Effect.provide(Effect.ignore(put("a", sinks[1 - i]!)), context)
            : Effect.void
        )
      )
      yield* put("a", sinks[0]!)
      assert.strictEqual(count, n)
    }).pipe(Effect.provide(stages)))

  it.effect("a batch of 5,000 puts inside a handler of its sink", () =>
    Effect.gen(function* () {
      let events = 0
      const context = yield* Effect.context<Needed>()
      const sink: PutSink.PutSink = PutSink.make((event) => {
        events++
        return at("a", "Completed", event)
          ? Effect.provide(bulk(Array.from({ length: 5000 }, (_, i) => `b${i}`), sink), context)
          : Effect.void
      })
      yield* put("a", sink)
      assert.strictEqual(events, 2 + 2 * 5000)
    }).pipe(Effect.provide(stages)))
})
