/** Effects that complete synchronously as long as every part of them does, and otherwise continue in a fiber. */
import { assert, describe, it } from "@effect/vitest"
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
