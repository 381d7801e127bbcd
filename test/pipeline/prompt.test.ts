/** Prompt effects: begun by a call they are done, run by a fiber they are ordinary effects. */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Prompt from "../../src/pipeline/prompt.ts"

describe("prompt effects", () => {
  it("are begun by a call, once for each call, and not before", () => {
    let begun = 0
    const one = Prompt.make(() => Effect.succeed(++begun))
    const two = Prompt.flatMap(one, (n) => Prompt.make(() => Effect.succeed(n * 10)))
    assert.strictEqual(begun, 0)
    assert.isTrue(Prompt.isDone(Prompt.begin(two)))
    assert.deepStrictEqual([Prompt.begin(two), Prompt.begin(two)], [Exit.succeed(20), Exit.succeed(30)])
  })

  it.effect("run in a fiber with the same result", () =>
    Effect.gen(function* () {
      const chain = Prompt.flatMap(Prompt.make(() => Effect.succeed(4)), (n) => Effect.sync(() => n + 1))
      assert.strictEqual(yield* chain, 5)
      assert.strictEqual(yield* Effect.map(chain, (n) => n + 1), 6)
    }))

  it("leave to the fiber what is not done at once", () => {
    const later = Effect.yieldNow()
    assert.strictEqual(Prompt.begin(Prompt.make(() => later)), later)
    assert.isFalse(Prompt.isDone(Prompt.begin(Prompt.flatMap(later, () => Effect.succeed(1)))))
  })

  it("keep a failure for the fiber, which knows where it came from", () => {
    const failed = Prompt.flatMap(Prompt.make(() => Effect.fail("no")), () => Effect.succeed(1))
    assert.isFalse(Prompt.isDone(Prompt.begin(failed)))
    assert.deepStrictEqual(Effect.runSyncExit(failed), Exit.fail("no"))
  })

  it("die of what they throw, begun by a call or by a fiber, in themselves or in what follows", () => {
    const defect = new Error("broken")
    const broken = Prompt.make((): Effect.Effect<number> => {
      throw defect
    })
    const follows = Prompt.flatMap(Prompt.make(() => Effect.succeed(1)), (): Effect.Effect<number> => {
      throw defect
    })
    for (const effect of [broken, follows]) {
      for (const exit of [Effect.runSyncExit(Prompt.begin(effect)), Effect.runSyncExit(effect)]) {
        assert.isTrue(Exit.isFailure(exit) && Cause.isDieType(exit.cause) && exit.cause.defect === defect)
      }
    }
  })

  it.effect("are interrupted as any effect that waits", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Prompt.flatMap(Prompt.make(() => Effect.interrupt), () => Effect.succeed(1)))
      assert.isTrue(Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause))
    }))
})
