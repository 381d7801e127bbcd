/** Effects that complete synchronously as long as every part of them does, and otherwise continue in a fiber. */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Eager from "../../src/internal/eager.ts"

const later = <A>(value: A): Effect.Effect<A> => Effect.as(Effect.yieldNow(), value)

const sum = (first: Eager.Eager<number, string>, second: Eager.Eager<number, string>): Eager.Eager<number, string> =>
  Eager.gen(function* () {
    const one = yield* first
    const two = yield* second
    return one + two
  })

describe("eager effects", () => {
  it("complete without a fiber when every part is synchronous", () => {
    assert.deepStrictEqual(Eager.runNow(sum(Exit.succeed(1), Exit.succeed(2))), Exit.succeed(3))
    assert.deepStrictEqual(Eager.runNow(Eager.flatMap(sum(Exit.succeed(1), Eager.fail("no")), later)), Exit.fail("no"))
    const caught = Eager.catchAll(Eager.fail("no"), (error) => Exit.succeed(error))
    assert.deepStrictEqual(Eager.runNow(Eager.map(caught, (error) => `${error}!`)), Exit.succeed("no!"))
    assert.deepStrictEqual(Eager.runNow(Eager.mapError(Eager.fail(1), String)), Exit.fail("1"))
    assert.deepStrictEqual(Eager.runNow(Eager.exit(Eager.fail("no"))), Exit.succeed(Exit.fail("no")))
    assert.deepStrictEqual(
      Eager.runNow(Eager.uninterruptibleMask((restore) => restore(Exit.succeed(1)))),
      Exit.succeed(1)
    )
  })

  it("are undefined without a fiber when a part is not synchronous", () => {
    assert.isUndefined(Eager.runNow(sum(Exit.succeed(1), later(2))))
  })

  it("turn a thrown error into a defect", () => {
    const error = new Error("thrown")
    const thrown = Eager.map(Exit.succeed(1), () => {
      throw error
    })
    assert.deepStrictEqual(Eager.runNow(thrown), Exit.die(error))
  })

  it.effect("continue in a fiber, and may run again", () =>
    Effect.gen(function* () {
      const effect = sum(later(1), Eager.map(later(2), (n) => n * 2))
      assert.strictEqual(yield* effect, 5)
      assert.strictEqual(yield* effect, 5)
      assert.strictEqual(yield* Effect.flip(sum(later(1), Eager.fail("no"))), "no")
    }))

  it.effect("are interrupted inside restore only", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      const masked = Eager.uninterruptibleMask((restore) =>
        Eager.flatMap(Eager.exit(restore(Effect.never)), (exit) => {
          events.push(Exit.isInterrupted(exit) ? "interrupted" : "completed")
          return Eager.map(later(undefined), () => void events.push("finished"))
        })
      )
      const fiber = yield* Effect.fork(masked)
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(events, ["interrupted", "finished"])
    }))
})

describe("an eager effect that is started", () => {
  it("are started by a call, once for each call, and not before", () => {
    let begun = 0
    const one = Eager.suspend(() => Effect.succeed(++begun))
    const two = Eager.flatMap(one, (n) => Eager.suspend(() => Effect.succeed(n * 10)))
    assert.strictEqual(begun, 0)
    assert.isTrue(Eager.isSuccess(Eager.start(two)))
    assert.deepStrictEqual([Eager.start(two), Eager.start(two)], [Exit.succeed(20), Exit.succeed(30)])
  })

  it.effect("run in a fiber with the same result", () =>
    Effect.gen(function* () {
      const chain = Eager.flatMap(Eager.suspend(() => Effect.succeed(4)), (n) => Effect.sync(() => n + 1))
      assert.strictEqual(yield* chain, 5)
      assert.strictEqual(yield* Effect.map(chain, (n) => n + 1), 6)
    }))

  it("leave to the fiber the part that does not complete synchronously", () => {
    const later = Effect.yieldNow()
    assert.strictEqual(Eager.start(Eager.suspend(() => later)), later)
    assert.isFalse(Eager.isSuccess(Eager.start(Eager.flatMap(later, () => Effect.succeed(1)))))
  })

  it("leave a failure to the fiber, which records its origin", () => {
    const failed = Eager.flatMap(Eager.suspend(() => Effect.fail("no")), () => Effect.succeed(1))
    assert.isFalse(Eager.isSuccess(Eager.start(failed)))
    assert.deepStrictEqual(Effect.runSyncExit(failed), Exit.fail("no"))
  })

  it("die of an exception, started by a call or by a fiber, in the effect or in its continuation", () => {
    const defect = new Error("broken")
    const broken = Eager.suspend((): Effect.Effect<number> => {
      throw defect
    })
    const follows = Eager.flatMap(Eager.suspend(() => Effect.succeed(1)), (): Effect.Effect<number> => {
      throw defect
    })
    for (const effect of [broken, follows]) {
      for (const exit of [Effect.runSyncExit(Eager.start(effect)), Effect.runSyncExit(effect)]) {
        assert.isTrue(Exit.isFailure(exit) && Cause.isDieType(exit.cause) && exit.cause.defect === defect)
      }
    }
  })

  it.effect("can be interrupted while they wait", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Eager.flatMap(Eager.suspend(() => Effect.interrupt), () => Effect.succeed(1)))
      assert.isTrue(Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause))
    }))
})
