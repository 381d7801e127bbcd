/** Eager effects: started by a call they may have completed, run by a fiber they are ordinary effects. */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Eager from "../../src/internal/eager.ts"

describe("eager effects", () => {
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
