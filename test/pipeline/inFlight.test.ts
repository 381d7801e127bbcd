/** In-flight calls: order of events, the six ways a call can end early, cancel of a sink, handlers that misbehave (PA-20 to PA-51). */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import { assert, describe, it } from "vitest"
import * as PutRules from "../../src/engine/PutRules.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import * as PutReport from "../../src/protocol/PutReport.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import { AccessDenied, Failed } from "../../src/protocol/WbemError.ts"
import { disk, Id, idOf, line, type Parts, recorder, report, run, settle, status, world } from "./fixtures.ts"

const never: Parts = { checks: [() => Effect.never] }
const noticed = (id: string) => (put: { readonly asyncContext: object | null }) =>
  idOf(put) === id ? Effect.void : Effect.never

describe("order", () => {
  it("PA-20, PA-21: ObjectPut then Completed, only Completed after a failure", async () => {
    const r = recorder()
    await run(
      Effect.gen(function* () {
        yield* PutAsync.put(disk("a"))
        const unknown = PutRequest.make(Instance.make("Nope", { Id: "x" }), { asyncContext: new Id("x") })
        assert.strictEqual(status(yield* Effect.either(PutAsync.put(unknown))), "InvalidClass")
      }),
      world(r.sink)
    )
    assert.deepStrictEqual(r.log, ["a:ObjectPut", "a:Completed 0", "x:Completed InvalidClass"])
  })

  it("PA-22, PA-25, PA-28: progress comes first, a success code is reported, progress after the end is dropped", async () => {
    const r = recorder()
    const late: Array<Effect.Effect<void>> = []
    await run(
      PutAsync.put(disk("a")),
      world(r.sink, {
        repository: {
          put: (_, { progress }) =>
            Effect.gen(function* () {
              yield* progress({ upperBound: 2, current: 1, message: "" })
              late.push(progress({ upperBound: 2, current: 2, message: "late" }))
              return PutReport.make(report.path, report.disposition, { hresult: 0x40001 })
            })
        }
      })
    )
    await Effect.runPromise(late[0]!)
    assert.deepStrictEqual(r.log, ["a:Progress", "a:ObjectPut", "a:Completed 262145"])
  })

  it("PA-25: without SendStatus progress is dropped", async () => {
    const r = recorder()
    const repository: Parts["repository"] = {
      put: (_, { progress }) => Effect.as(progress({ upperBound: 1, current: 1, message: "" }), report)
    }
    await run(PutAsync.put(disk("a", { status: false })), world(r.sink, { repository }))
    assert.deepStrictEqual(r.log, ["a:ObjectPut", "a:Completed 0"])
  })

  it("PA-7: with flags 0 the call returns while its operation waits", async () => {
    const r = recorder()
    await run(
      Effect.gen(function* () {
        const go = yield* Deferred.make<void>()
        const stages = world(r.sink, { checks: [() => Deferred.await(go)] })
        yield* Effect.gen(function* () {
          const handle = yield* PutAsync.submit(disk("a", { flags: 0, status: false }))
          yield* settle
          assert.deepStrictEqual(r.log, [])
          yield* Deferred.succeed(go, undefined)
          yield* handle.await
        }).pipe(Effect.scoped, Effect.provide(stages.stages))
      }),
      world(r.sink)
    )
    assert.deepStrictEqual(r.log, ["a:ObjectPut", "a:Completed 0"])
  })

  it("PA-48: garbage collection of a sink does not cancel its call, which ends as usual", async () => {
    const log: Array<string> = []
    const go = Effect.runSync(Deferred.make<void>())
    const w = world(PutSink.silent(), { checks: [() => Deferred.await(go)] })
    const runtime = ManagedRuntime.make(w.stages)
    const scope = Effect.runSync(Scope.make())
    const submit = async (): Promise<void> => {
      const sink = PutSink.make((event) => Effect.sync(() => log.push(line(event))))
      await runtime.runPromise(Scope.extend(PutAsync.withSink(sink)(PutAsync.submit(disk("a"))), scope))
    }
    await submit()
    // If the collector can be called, unreferenced objects are collected here.
    const { gc } = globalThis as { readonly gc?: () => void }
    gc?.()
    await Effect.runPromise(settle)
    Effect.runSync(Deferred.succeed(go, undefined))
    await Effect.runPromise(settle)
    assert.deepStrictEqual(log, ["a:ObjectPut", "a:Completed 0"])
    assert.deepStrictEqual(w.stored(), ["a"])
    await Effect.runPromise(Scope.close(scope, Exit.void))
    await runtime.dispose()
  })

  it("PA-29: no event is delivered before submit has returned, nor before its promise has settled", async () => {
    const r = recorder()
    await run(
      Effect.gen(function* () {
        const handle = yield* PutAsync.submit(disk("a"))
        assert.deepStrictEqual(r.log, [])
        yield* handle.await
      }),
      world(r.sink)
    )
    assert.strictEqual(r.log.length, 2)
    const promised = recorder()
    const runtime = ManagedRuntime.make(world(promised.sink).stages)
    await runtime.runPromise(Effect.void)
    const scope = Effect.runSync(Scope.make())
    const nested = async () =>
      await (async () => await runtime.runPromise(Scope.extend(PutAsync.submit(disk("b")), scope)))()
    const handle = await nested()
    assert.deepStrictEqual(promised.log, [])
    await Effect.runPromise(handle.await)
    assert.deepStrictEqual(promised.log, ["b:ObjectPut", "b:Completed 0"])
    await Effect.runPromise(Scope.close(scope, Exit.void))
    await runtime.dispose()
  })

  it("PA-30: handlers of one sink never overlap, for any number of calls", async () => {
    const r = recorder(() => Effect.yieldNow())
    await run(
      Effect.gen(function* () {
        const handles = yield* Effect.forEach(["a", "b", "c", "d"], (id) => PutAsync.submit(disk(id)))
        const puts = [PutAsync.put(disk("e")), PutAsync.put(disk("f"))]
        yield* Effect.all([...handles.map((h) => h.await), ...puts], { concurrency: "unbounded" })
      }),
      world(r.sink)
    )
    assert.strictEqual(r.most(), 1)
    for (const id of "abcdef") {
      assert.deepStrictEqual(r.log.filter((entry) => entry.startsWith(id)), [`${id}:ObjectPut`, `${id}:Completed 0`])
    }
  })

  it("PA-32: puts are applied in the order in which they are submitted, from one fiber and from many", async () => {
    const order: Array<string> = []
    const repository: Parts["repository"] = {
      put: (valid) =>
        Effect.sync(() => {
          order.push(idOf(valid.put))
          return report
        })
    }
    await run(
      Effect.gen(function* () {
        yield* PutAsync.submit(disk("a"))
        yield* PutAsync.put(disk("b"))
        yield* PutAsync.submit(disk("c"))
        yield* PutAsync.submit(disk("d"))
        yield* PutAsync.put(disk("e"))
        yield* settle
      }),
      world(recorder().sink, { repository })
    )
    assert.strictEqual(order.join(""), "abcde")
    order.length = 0
    const verbs = [..."abcdefgh"].map((id, i) => i % 2 === 1 ? PutAsync.put(disk(id)) : PutAsync.submit(disk(id)))
    await run(
      Effect.zipRight(Effect.all(verbs, { concurrency: "unbounded" }), settle),
      world(recorder().sink, { repository })
    )
    assert.strictEqual(order.join(""), "abcdefgh")
  })
})

describe("the six early endings", () => {
  it("1. refused at the start: the sink gets no event", async () => {
    const r = recorder()
    const w = world(r.sink)
    assert.strictEqual(
      status(await run(Effect.either(PutAsync.submit(disk("a", { flags: 4 }))), w)),
      "InvalidParameter"
    )
    assert.strictEqual(status(await run(Effect.either(PutAsync.put(disk("a", { flags: 3 }))), w)), "InvalidParameter")
    await Effect.runPromise(settle)
    assert.deepStrictEqual(r.log, [])
    assert.deepStrictEqual(w.stored(), [])
  })

  it("2. cancelled at once: one ending, which agrees with the store", async () => {
    const r = recorder()
    const w = world(r.sink)
    await run(
      Effect.gen(function* () {
        const handle = yield* PutAsync.submit(disk("a"))
        yield* handle.cancel
        yield* Effect.either(handle.await)
      }),
      w
    )
    assert.strictEqual(r.log.filter((entry) => entry.includes("Completed")).length, 1)
    assert.strictEqual(w.stored().length === 1, r.log.includes("a:Completed 0"))
  })

  it("2. interrupted after any number of steps: never a write without its Completed, never two", async () => {
    let early = 0
    let whole = 0
    for (let steps = 0; steps < 16; steps++) {
      const r = recorder()
      const w = world(r.sink, {
        checks: [() => Effect.yieldNow(), () => Effect.yieldNow()],
        repository: { admit: () => Effect.yieldNow() }
      })
      await run(
        Effect.gen(function* () {
          const fiber = yield* Effect.fork(PutAsync.put(disk("a")))
          for (let i = 0; i < steps; i++) yield* Effect.yieldNow()
          yield* Fiber.interrupt(fiber)
        }),
        w
      )
      const completed = r.log.filter((entry) => entry.includes("Completed"))
      assert.isAtMost(completed.length, 1)
      if (w.stored().length > 0) {
        whole++
        assert.deepStrictEqual(completed, ["a:Completed 0"])
      } else {
        early++
        assert.isTrue(completed.length === 0 || completed[0] === "a:Completed CallCancelled")
      }
    }
    assert.isAbove(early, 0)
    assert.isAbove(whole, 0)
  })

  it("2. interrupted during the decision, in the one step of its fiber: stored, and the sink gets the ending", async () => {
    const r = recorder()
    let putting: Fiber.RuntimeFiber<unknown, unknown> | undefined
    const interrupts = (): undefined => void putting!.unsafeInterruptAsFork(putting!.id())
    const validator = PutValidator.make({
      rules: { forInstance: [...PutRules.standard.forInstance, interrupts] }
    })
    const w = world(r.sink, { validator })
    await run(
      Effect.gen(function* () {
        putting = yield* Effect.fork(PutAsync.put(disk("a")))
        assert.isTrue(Exit.isInterrupted(yield* Fiber.await(putting)))
      }),
      w
    )
    assert.deepStrictEqual(w.stored(), ["a"])
    assert.deepStrictEqual(r.log, ["a:ObjectPut", "a:Completed 0"])
  })

  for (const how of ["interrupt", "cancel"] as const) {
    for (const verb of ["put", "submit"] as const) {
      it(`3. cancelled in a check (${how}, ${verb}): CallCancelled, nothing written`, async () => {
        const r = recorder()
        let answer = ""
        const started = Effect.runSync(Deferred.make<void>())
        const w = world(r.sink, { checks: [() => Effect.zipRight(Deferred.succeed(started, undefined), Effect.never)] })
        const call = verb === "put"
          ? PutAsync.put(disk("a"))
          : Effect.flatMap(PutAsync.submit(disk("a")), (handle) => handle.await)
        await run(
          Effect.gen(function* () {
            const fiber = yield* Effect.fork(Effect.scoped(Effect.map(Effect.either(call), (either) => {
              answer = status(either)
            })))
            yield* Deferred.await(started)
            if (how === "interrupt") yield* Fiber.interrupt(fiber)
            else {
              yield* PutAsync.cancel(r.sink)
              assert.deepStrictEqual(r.log, ["a:Completed CallCancelled"])
              yield* Fiber.join(fiber)
              assert.strictEqual(answer, "CallCancelled")
            }
          }),
          w
        )
        assert.deepStrictEqual(r.log, ["a:Completed CallCancelled"])
        assert.deepStrictEqual(w.stored(), [])
      })
    }
  }

  it("4. PA-43: cancelled between the check and the transaction: not written if it was in time, else the true result", async () => {
    for (let steps = 0; steps < 10; steps++) {
      const r = recorder()
      const gate = Effect.runSync(Deferred.make<void>())
      const w = world(r.sink, { checks: [() => Deferred.await(gate)] })
      await run(
        Effect.gen(function* () {
          const fiber = yield* Effect.fork(Effect.either(PutAsync.put(disk("a"))))
          yield* settle
          yield* Deferred.succeed(gate, undefined)
          for (let i = 0; i < steps; i++) yield* Effect.yieldNow()
          yield* PutAsync.cancel(r.sink)
          yield* Fiber.join(fiber)
        }),
        w
      )
      assert.deepStrictEqual(
        r.log,
        w.stored().length > 0 ? ["a:ObjectPut", "a:Completed 0"] : ["a:Completed CallCancelled"]
      )
    }
  })

  for (const how of ["scope", "cancel", "handle"] as const) {
    it(`5. cancelled in the transaction (${how}): it commits; after a cancel of the sink the result is not delivered`, async () => {
      const r = recorder()
      let committed = false
      let answer = ""
      const started = Effect.runSync(Deferred.make<void>())
      const finish = Effect.runSync(Deferred.make<void>())
      const w = world(r.sink, {
        repository: {
          put: () =>
            Effect.gen(function* () {
              yield* Deferred.succeed(started, undefined)
              yield* Deferred.await(finish)
              committed = true
              return report
            })
        }
      })
      await run(
        Effect.gen(function* () {
          const handle = yield* PutAsync.submit(disk("a"))
          yield* Deferred.await(started)
          yield* settle
          if (how === "cancel") {
            yield* PutAsync.cancel(r.sink) // returns although the transaction hangs
            assert.deepStrictEqual(r.log, ["a:Completed CallCancelled"])
            assert.isFalse(committed)
          }
          const ending = how === "handle" ? yield* Effect.fork(handle.cancel) : undefined
          yield* settle
          yield* Deferred.succeed(finish, undefined)
          if (ending !== undefined) yield* Fiber.join(ending)
          if (how !== "scope") answer = status(yield* Effect.either(handle.await))
        }),
        w
      )
      assert.isTrue(committed)
      assert.deepStrictEqual(r.log, how === "cancel" ? ["a:Completed CallCancelled"] : ["a:ObjectPut", "a:Completed 0"])
      assert.strictEqual(answer, { scope: "", cancel: "CallCancelled", handle: "ok" }[how])
    })
  }

  const dies = (): never => {
    throw new Error("thrown")
  }
  const defects: ReadonlyArray<readonly [string, Parts]> = [
    ["repository throws", { repository: { put: dies } }],
    ["repository dies", { repository: { put: () => Effect.die("died") } }],
    ["validator throws", { validator: { validate: dies } }],
    ["a check dies", { checks: [() => Effect.die("died")] }]
  ]
  for (const [name, parts] of defects) {
    it(`6. a defect, ${name}: Failed to the sink, still a defect to the caller`, async () => {
      const r = recorder()
      const exit = await run(Effect.exit(PutAsync.put(disk("a"))), world(r.sink, parts))
      assert.deepStrictEqual(r.log, ["a:Completed Failed"])
      assert.isTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
    })
  }

  it("6. a defect before the acceptance: the sink gets no event", async () => {
    const r = recorder()
    const exit = await run(
      Effect.exit(PutAsync.put(disk("a"))),
      world(r.sink, { repository: { admit: () => Effect.die("x") } })
    )
    assert.isTrue(Exit.isFailure(exit))
    assert.deepStrictEqual(r.log, [])
  })

  it("PA-49: closing the scope ends a submitted call that has not begun", async () => {
    const r = recorder()
    await run(Effect.asVoid(PutAsync.submit(disk("a"))), world(r.sink, never))
    assert.deepStrictEqual(r.log, ["a:Completed CallCancelled"])
  })

  it("PA-49: await after cancel is a typed failure", async () => {
    const r = recorder()
    await run(
      Effect.gen(function* () {
        const handle = yield* PutAsync.submit(disk("a"))
        yield* handle.cancel
        assert.strictEqual(status(yield* Effect.either(handle.await)), "CallCancelled")
      }),
      world(r.sink, never)
    )
    assert.deepStrictEqual(r.log, ["a:Completed CallCancelled"])
  })
})

describe("cancel of a sink", () => {
  it("PA-40, 41, 42, 45, 47: every call of this sink and no other; events are delivered on return; the sink is usable again", async () => {
    const r = recorder()
    const other = recorder()
    const cancelled = ["a:Completed CallCancelled", "b:Completed CallCancelled", "c:Completed CallCancelled"]
    await run(
      Effect.gen(function* () {
        yield* PutAsync.cancel(r.sink) // PA-45: nothing outstanding
        const handles = yield* Effect.forEach(["a", "b", "c"], (id) => PutAsync.submit(disk(id)))
        const elsewhere = yield* PutAsync.withSink(other.sink)(PutAsync.submit(disk("o")))
        yield* PutAsync.cancel(r.sink)
        assert.deepStrictEqual(r.log, cancelled)
        yield* PutAsync.cancel(r.sink)
        for (const handle of handles) assert.strictEqual(status(yield* Effect.either(handle.await)), "CallCancelled")
        assert.deepStrictEqual(other.log, [])
        yield* elsewhere.cancel
      }),
      world(r.sink, never)
    )
    assert.deepStrictEqual(other.log, ["o:Completed CallCancelled"])
    await run(PutAsync.put(disk("again")), world(r.sink))
    assert.deepStrictEqual(r.log, [...cancelled, "again:ObjectPut", "again:Completed 0"])
  })

  for (const when of ["ObjectPut", "Completed", "Progress"] as const) {
    it(`PA-42, PA-46: cancel from inside the handler of ${when}`, async () => {
      const marks: Array<string> = []
      const r = recorder((event) =>
        event._tag !== when || idOf(event) !== "a" ? Effect.void : Effect.sync(() => {
          marks.push("asked")
        }).pipe(
          Effect.zipRight(PutAsync.cancel(r.sink)),
          Effect.map(() => {
            marks.push("returned", r.log.at(-1)!)
          })
        )
      )
      const answers: Array<string> = []
      const w = world(r.sink, {
        checks: [noticed("a")],
        repository: {
          put: (_, { progress }) => Effect.as(progress({ upperBound: 1, current: 1, message: "" }), report)
        }
      })
      await run(
        Effect.gen(function* () {
          const waiting = yield* Effect.forEach(["b", "c"], (id) => PutAsync.submit(disk(id)))
          yield* settle
          answers.push(status(yield* Effect.either(PutAsync.put(disk("a")))))
          for (const handle of waiting) answers.push(status(yield* Effect.either(handle.await)))
        }),
        w
      )
      const others = ["b:Completed CallCancelled", "c:Completed CallCancelled"]
      assert.deepStrictEqual(
        r.log,
        {
          ObjectPut: ["a:Progress", "a:ObjectPut", ...others, "a:Completed 0"],
          Completed: ["a:Progress", "a:ObjectPut", "a:Completed 0", ...others],
          Progress: ["a:Progress", ...others, "a:Completed CallCancelled"]
        }[when]
      )
      assert.deepStrictEqual(marks, ["asked", "returned", when === "Completed" ? "a:Completed 0" : `a:${when}`])
      assert.deepStrictEqual(answers, [when === "Progress" ? "CallCancelled" : "ok", "CallCancelled", "CallCancelled"])
      assert.strictEqual(r.most(), 1)
    })
  }

  it("PA-42: cancel from a plain callback that runs a fiber of its own", async () => {
    const log: Array<string> = []
    const done: Array<string> = []
    const sink: PutSink.PutSink = PutSink.callback({
      onObjectPut: (event) => {
        log.push(line(event))
        void Effect.runPromise(PutAsync.cancel(sink)).then(() => done.push(log.join()))
        log.push("handler end")
      },
      onCompleted: (event) => {
        log.push(line(event))
      }
    })
    await run(
      Effect.gen(function* () {
        yield* PutAsync.submit(disk("b"))
        yield* settle
        yield* PutAsync.put(disk("a"))
        yield* settle
      }),
      world(sink, { checks: [noticed("a")] })
    )
    assert.deepStrictEqual(log, ["a:ObjectPut", "handler end", "b:Completed CallCancelled", "a:Completed 0"])
    assert.include(done[0]!, "b:Completed CallCancelled")
  })

  it("PA-41, PA-43: committed but not yet delivered, because another handler is slow: cancelled, and still stored", async () => {
    const open = Effect.runSync(Deferred.make<void>())
    const r = recorder((event) => line(event) === "a:ObjectPut" ? Deferred.await(open) : Effect.void)
    const w = world(r.sink)
    await run(
      Effect.gen(function* () {
        const a = yield* Effect.fork(PutAsync.put(disk("a")))
        yield* settle
        const b = yield* Effect.fork(Effect.either(PutAsync.put(disk("b"))))
        yield* settle
        const cancel = yield* Effect.fork(PutAsync.cancel(r.sink))
        yield* settle
        assert.deepStrictEqual(r.log, ["a:ObjectPut"])
        yield* Deferred.succeed(open, undefined)
        yield* Fiber.join(cancel)
        assert.deepStrictEqual(r.log.slice(0, 2), ["a:ObjectPut", "b:Completed CallCancelled"])
        assert.strictEqual(status(yield* Fiber.join(b)), "CallCancelled")
        yield* Fiber.join(a)
      }),
      w
    )
    assert.deepStrictEqual(r.log, ["a:ObjectPut", "b:Completed CallCancelled", "a:Completed 0"])
    assert.deepStrictEqual(w.stored(), ["a", "b"])
  })

  it("the fiber of a cancelled put continues", async () => {
    const r = recorder()
    let went = false
    await run(
      Effect.gen(function* () {
        const fiber = yield* Effect.fork(Effect.gen(function* () {
          yield* Effect.either(PutAsync.put(disk("a")))
          yield* settle
          went = true
        }))
        yield* settle
        yield* PutAsync.cancel(r.sink)
        yield* Fiber.join(fiber)
      }),
      world(r.sink, never)
    )
    assert.isTrue(went)
  })

  it("cancel of PutAsync.make is that of its sink; the silent sinks of two programs are separate", async () => {
    const program = () => ManagedRuntime.make(Layer.merge(world(recorder().sink, never).stages, PutSink.layerSilent))
    const first = program()
    const second = program()
    const scope = Effect.runSync(Scope.make())
    const a = await first.runPromise(Scope.extend(PutAsync.submit(disk("a")), scope))
    const b = await second.runPromise(Scope.extend(PutAsync.submit(disk("b")), scope))
    await first.runPromise(Effect.flatMap(PutAsync.make, (self) => self.cancel))
    assert.strictEqual(status(await Effect.runPromise(Effect.either(a.await))), "CallCancelled")
    const waiting = Effect.runFork(Effect.either(b.await))
    await Effect.runPromise(settle)
    assert.strictEqual((await Effect.runPromise(Fiber.poll(waiting)))._tag, "None")
    await Effect.runPromise(Scope.close(scope, Exit.void))
    assert.strictEqual(status(await Effect.runPromise(Fiber.join(waiting))), "CallCancelled")
  })

  it("PA-29: the events of a cancel before the acceptance has settled come after it", async () => {
    const r = recorder()
    const runtime = ManagedRuntime.make(world(r.sink, never).stages)
    await runtime.runPromise(Effect.void)
    const scope = Effect.runSync(Scope.make())
    const accepted = runtime.runPromise(Scope.extend(PutAsync.submit(disk("c")), scope))
    const cancelled = runtime.runPromise(PutAsync.cancel(r.sink))
    await accepted
    assert.deepStrictEqual(r.log, [])
    await cancelled
    assert.deepStrictEqual(r.log, ["c:Completed CallCancelled"])
    await Effect.runPromise(Scope.close(scope, Exit.void))
  })
})

describe("handlers", () => {
  const bad: ReadonlyArray<readonly [string, () => Effect.Effect<void>]> = [
    ["throws before its Effect", () => {
      throw new Error("sync")
    }],
    ["dies", () => Effect.die("x")],
    ["throws inside its Effect", () =>
      Effect.sync(() => {
        throw new Error("in")
      })],
    ["interrupts itself", () => Effect.interrupt]
  ]
  for (const [name, handler] of bad) {
    it(`PA-50: a handler that ${name} changes nothing`, async () => {
      const log: Array<string> = []
      const w = world(PutSink.make((event) => {
        log.push(line(event))
        return handler()
      }))
      assert.strictEqual((await run(PutAsync.put(disk("a")), w)).disposition, "Created")
      assert.deepStrictEqual(log, ["a:ObjectPut", "a:Completed 0"])
      assert.deepStrictEqual(w.stored(), ["a"])
    })
  }

  it("PA-50: a plain callback that throws changes nothing", async () => {
    const log: Array<string> = []
    const sink = PutSink.callback({
      onObjectPut: (event) => {
        log.push(line(event))
        throw new Error("plain")
      },
      onCompleted: (event) => {
        log.push(line(event))
      }
    })
    await run(PutAsync.put(disk("a")), world(sink))
    assert.deepStrictEqual(log, ["a:ObjectPut", "a:Completed 0"])
  })

  for (const verb of ["submit", "put", "put in a timeout"] as const) {
    it(`a handler that makes a ${verb} on its own sink does not wait for itself`, async () => {
      const parts: { self?: PutAsync.PutAsync; scope?: Scope.Scope } = {}
      const again: Effect.Effect<void> = Effect.suspend(() => {
        const { scope, self } = parts
        if (verb === "submit") return Effect.asVoid(Effect.orDie(Scope.extend(self!.submit(disk("b")), scope!)))
        const put = Effect.orDie(self!.put(disk("b")))
        return Effect.asVoid(verb === "put" ? put : Effect.orDie(Effect.timeout(put, "1 minute")))
      })
      const r = recorder((event) => event._tag === "ObjectPut" && idOf(event) === "a" ? again : Effect.void)
      const w = world(r.sink)
      await run(
        Effect.gen(function* () {
          parts.self = yield* PutAsync.make
          parts.scope = yield* Effect.scope
          yield* PutAsync.put(disk("a"))
          yield* settle
        }),
        w
      )
      assert.strictEqual(r.log.length, 4)
      assert.strictEqual(r.most(), 1)
      assert.deepStrictEqual(w.stored(), ["a", "b"])
    })
  }

  it("a chain of 300 calls, each submitted in the Completed handler of the previous one", async () => {
    let n = 0
    const parts: { self?: PutAsync.PutAsync; scope?: Scope.Scope } = {}
    const end = Effect.runSync(Deferred.make<void>())
    const r = recorder((event) => {
      if (event._tag !== "Completed") return Effect.void
      if (++n >= 300) return Effect.asVoid(Deferred.succeed(end, undefined))
      return Effect.asVoid(Effect.orDie(Scope.extend(parts.self!.submit(disk(`x${n}`)), parts.scope!)))
    })
    await run(
      Effect.gen(function* () {
        parts.self = yield* PutAsync.make
        parts.scope = yield* Effect.scope
        yield* PutAsync.put(disk("x"))
        yield* Deferred.await(end)
      }),
      world(r.sink)
    )
    assert.strictEqual(n, 300)
  })

  it("a repository that fails during a slow Progress handler leaves the sink free", async () => {
    const open = Effect.runSync(Deferred.make<void>())
    const r = recorder((event) => event._tag === "Progress" ? Deferred.await(open) : Effect.void)
    const w = world(r.sink, {
      repository: {
        put: (_, { progress }) =>
          Effect.raceFirst(
            Effect.interruptible(Effect.zipRight(progress({ upperBound: 1, current: 1, message: "" }), Effect.never)),
            Effect.zipRight(
              settle,
              Effect.zipRight(Deferred.succeed(open, undefined), Effect.fail(new Failed({ detail: "gave up" })))
            )
          )
      }
    })
    await run(
      Effect.gen(function* () {
        assert.strictEqual(status(yield* Effect.either(PutAsync.put(disk("a")))), "Failed")
        assert.strictEqual(status(yield* Effect.either(PutAsync.put(disk("b")))), "Failed")
      }),
      w
    )
    assert.strictEqual(r.most(), 1)
    assert.deepStrictEqual(r.log.filter((entry) => entry.includes("Completed")), [
      "a:Completed Failed",
      "b:Completed Failed"
    ])
  })

  it("a check that fails after a wait ends the call for sink and caller", async () => {
    const r = recorder()
    const denied = new AccessDenied({ right: "FullWrite", namespace: "root\\cimv2", detail: "closed" })
    const w = world(r.sink, { checks: [() => Effect.zipRight(Effect.yieldNow(), Effect.fail(denied))] })
    assert.strictEqual(status(await run(Effect.either(PutAsync.put(disk("a"))), w)), "AccessDenied")
    assert.deepStrictEqual(r.log, ["a:Completed AccessDenied"])
  })

  it("an error whose event cannot be made ends its call as Failed, and the next call is delivered", async () => {
    for (const plain of [true, false]) {
      const log: Array<string> = []
      const tell = (event: SinkEvent): void => void log.push(line(event))
      const sink = plain
        ? PutSink.callback({ onObjectPut: tell, onCompleted: tell })
        : PutSink.make((event) => Effect.sync(() => tell(event)))
      const broken = Object.defineProperty(new AccessDenied({ right: "", namespace: "" }), "message", {
        get: () => {
          throw new Error("no text")
        }
      })
      await run(
        Effect.gen(function* () {
          assert.strictEqual(status(yield* Effect.either(PutAsync.put(disk("a")))), "AccessDenied")
          yield* PutAsync.put(disk("b"))
        }),
        world(sink, { checks: [(put) => idOf(put) === "a" ? Effect.fail(broken) : Effect.void] })
      )
      assert.deepStrictEqual(log, ["a:Completed Failed", "b:ObjectPut", "b:Completed 0"])
    }
  })
})
