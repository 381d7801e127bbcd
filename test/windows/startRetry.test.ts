/** Retries of host starts: the waits after failed starts, and when the starts stop. */
import { assert, describe, it } from "@effect/vitest"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { HostStartError, type Reason } from "../../src/windows/process/startErrors.ts"
import { type Backoff, withStartRetry } from "../../src/windows/process/startRetry.ts"

const backoff: Backoff = { first: 200, most: 30_000, attempts: 5, within: 120_000, pause: 60_000 }

/** A start that fails that many times for that reason and then succeeds. */
const failing = (reason: Reason, times: number) => {
  const log = { starts: 0, closed: 0 }
  const start = Effect.suspend(() =>
    Effect.zipRight(
      Effect.addFinalizer(() => Effect.sync(() => log.closed++)),
      ++log.starts > times
        ? Effect.succeed("host")
        : Effect.fail(new HostStartError({ reason, command: "x", detail: "no" }))
    )
  )
  return { log, acquire: withStartRetry(start, backoff) }
}

const soon = <A, R>(acquire: Effect.Effect<A, never, R>, wait: Duration.DurationInput) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(acquire)
    yield* TestClock.adjust(wait)
    return yield* Fiber.join(fiber)
  })

/** A start that always succeeds; `breaks` says whether the started host broke the protocol afterwards. */
const breaking = (breaks: (start: number) => boolean) => {
  const log = { starts: 0 }
  const acquire = withStartRetry(
    Effect.sync(() => ++log.starts),
    backoff,
    (start) =>
      breaks(start) ? new HostStartError({ reason: "Broken", command: "x", detail: "a second hello" }) : undefined
  )
  return { log, acquire }
}

describe("starts after which the host breaks the protocol", () => {
  it.scoped("wait as after failed starts, and stop for the pause after five of them", () =>
    Effect.gen(function* () {
      const { acquire, log } = breaking((start) => start <= 5)
      assert.deepStrictEqual(yield* acquire, Either.right(1))
      const second = yield* Effect.fork(acquire)
      yield* TestClock.adjust("99 millis")
      assert.strictEqual(log.starts, 1)
      yield* TestClock.adjust("101 millis")
      assert.deepStrictEqual(yield* Fiber.join(second), Either.right(2))
      for (const start of [3, 4, 5]) {
        assert.deepStrictEqual(yield* soon(acquire, "2 seconds"), Either.right(start))
      }
      for (let call = 0; call < 10; call++) assert.isTrue(Either.isLeft(yield* acquire))
      assert.strictEqual(log.starts, 5)
      yield* TestClock.adjust("61 seconds")
      assert.deepStrictEqual(yield* acquire, Either.right(6))
    }))

  it.scoped("do not wait when the break was long after the start, or long ago", () =>
    Effect.gen(function* () {
      const late = breaking(() => true)
      yield* late.acquire
      yield* TestClock.adjust("121 seconds")
      assert.deepStrictEqual(yield* late.acquire, Either.right(2))
      const sound = breaking((start) => start === 1)
      yield* sound.acquire
      assert.deepStrictEqual(yield* soon(sound.acquire, "1 second"), Either.right(2))
      assert.deepStrictEqual(yield* sound.acquire, Either.right(3))
    }))

  it.scoped("four of them in two minutes do not stop the starts", () =>
    Effect.gen(function* () {
      const { acquire, log } = breaking(() => true)
      for (let call = 0; call < 20; call++) {
        yield* TestClock.adjust("29 seconds")
        assert.isTrue(Either.isRight(yield* soon(acquire, "5 seconds")))
      }
      assert.strictEqual(log.starts, 20)
    }))
})

describe("starts", () => {
  it.scoped("wait longer after each failure and then succeed; each failure has closed its scope", () =>
    Effect.gen(function* () {
      const { acquire, log } = failing("Transport", 3)
      const answer = yield* soon(acquire, "2 seconds")
      assert.deepStrictEqual(answer, Either.right("host"))
      assert.deepStrictEqual(log, { starts: 4, closed: 3 })
    }))

  it.scoped("fail fast for a minute after five failures in a row, and then try again", () =>
    Effect.gen(function* () {
      const { acquire, log } = failing("Timeout", 5)
      assert.isTrue(Either.isLeft(yield* soon(acquire, "10 seconds")))
      assert.strictEqual(log.starts, 5)
      assert.isTrue(Either.isLeft(yield* acquire))
      assert.strictEqual(log.starts, 5)
      yield* TestClock.adjust("61 seconds")
      assert.deepStrictEqual(yield* acquire, Either.right("host"))
      assert.strictEqual(log.starts, 6)
    }))

  it.scoped("stop for ever when no retry can help, and after one retry when one may help", () =>
    Effect.gen(function* () {
      const never = failing("LanguageMode", 1)
      assert.isTrue(Either.isLeft(yield* never.acquire))
      yield* TestClock.adjust("1 day")
      assert.isTrue(Either.isLeft(yield* never.acquire))
      assert.strictEqual(never.log.starts, 1)
      const once = failing("Bootstrap", 2)
      yield* soon(once.acquire, "1 second")
      assert.strictEqual(once.log.starts, 2)
    }))
})
