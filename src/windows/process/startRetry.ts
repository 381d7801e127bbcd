/**
 * Retries of host starts: the waits after failed starts, and when to stop. A host that broke the protocol soon after its start
 * counts as a failed start.
 *
 *     start ─fails─> wait (doubles, jittered) ─> start …   until `attempts` failures in a row within `within`
 *                                                          then every call fails at once for `pause`
 *
 * The wait depends on the failures within a time, over all calls. A `Schedule` counts the retries of one call, so it cannot hold
 * this state.
 *
 * @internal
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import type { HostStartError, RetryPolicy } from "./startErrors.ts"

/** The retry policy. Durations are in milliseconds. */
export interface Backoff {
  /** The first wait; each further one is twice as long, up to `most`. */
  readonly first: number
  readonly most: number
  /** After this number of failures in a row within `within`, calls fail at once for `pause`. */
  readonly attempts: number
  readonly within: number
  readonly pause: number
}

/** The number of failures after which the starts stop, by whether a retry can help. */
const maxFailures: Readonly<Record<RetryPolicy, (backoff: Backoff) => number>> = {
  never: () => 1,
  once: (backoff) => Math.min(2, backoff.attempts),
  later: (backoff) => backoff.attempts
}

/** One start in its own scope, which is closed at once if the start fails. */
const attempt = <A, R>(
  start: Effect.Effect<A, HostStartError, R | Scope.Scope>
): Effect.Effect<Either.Either<A, HostStartError>, never, R | Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const exit = yield* Effect.exit(restore(Effect.either(Scope.extend(start, scope))))
      if (Exit.isFailure(exit) || Either.isLeft(exit.value)) yield* Scope.close(scope, exit)
      else yield* Effect.addFinalizer((ended) => Scope.close(scope, ended))
      return yield* exit
    })
  )

/**
 * A start with retries. It waits longer after each failure. After too many failures it fails at once for `backoff.pause`, and for
 * ever when no retry can help. The failure is a `Left` and not an error, because it is an item of the pool that every waiter gets.
 *
 * `brokenOf` returns the error of a started host that has broken the protocol since. If it did so within `backoff.within` of its
 * start, the next start waits as after a failed one, and too many of them stop the starts for `backoff.pause`.
 */
export const withStartRetry = <A, R>(
  start: Effect.Effect<A, HostStartError, R | Scope.Scope>,
  backoff: Backoff,
  brokenOf: (started: A) => HostStartError | undefined = () => undefined
): Effect.Effect<Either.Either<A, HostStartError>, never, R | Scope.Scope> => {
  let failures: ReadonlyArray<number> = []
  let stopped: { readonly failure: HostStartError; readonly until: number } | undefined
  /** The hosts that were started within `backoff.within`. */
  let recent: ReadonlyArray<{ readonly started: A; readonly at: number }> = []
  let protocolBreaks: ReadonlyArray<number> = []

  /** The wait after that number of failures, with a jitter of up to a half. */
  const wait = (count: number): Effect.Effect<void> => {
    const longest = Math.min(backoff.most, backoff.first * 2 ** (count - 1))
    return Effect.flatMap(Random.next, (chance) => Effect.sleep(Duration.millis(longest * (0.5 + chance / 2))))
  }

  /** Counts the hosts that have broken the protocol since the last start, and returns the error of the last one. */
  const brokenSince = (now: number): HostStartError | undefined => {
    let latest: HostStartError | undefined
    recent = recent.filter(({ at, started }) => {
      if (now - at >= backoff.within) return false
      const failure = brokenOf(started)
      if (failure === undefined) return true
      latest = failure
      protocolBreaks = [...protocolBreaks.filter((when) => now - when < backoff.within), now]
      return false
    })
    return latest
  }

  const loop: Effect.Effect<Either.Either<A, HostStartError>, never, R | Scope.Scope> = Effect.flatMap(
    attempt(start),
    (result) =>
      Either.isRight(result)
        ? Effect.map(Effect.clock, (clock) => {
          failures = []
          stopped = undefined
          recent = [...recent, { started: result.right, at: clock.unsafeCurrentTimeMillis() }]
          return result
        })
        : Effect.flatMap(Effect.clock, (clock) => {
          const now = clock.unsafeCurrentTimeMillis()
          const failure = result.left
          failures = [...failures.filter((at) => now - at < backoff.within), now]
          if (failures.length >= maxFailures[failure.retry](backoff)) {
            stopped = { failure, until: failure.retry === "never" ? Infinity : now + backoff.pause }
            failures = []
            return Effect.succeed(result)
          }
          return Effect.zipRight(wait(failures.length), loop)
        })
  )
  return Effect.flatMap(Effect.clock, (clock) => {
    const now = clock.unsafeCurrentTimeMillis()
    if (stopped !== undefined && now < stopped.until) return Effect.succeed(Either.left(stopped.failure))
    const latestBreak = brokenSince(now)
    if (latestBreak === undefined) return loop
    if (protocolBreaks.length < backoff.attempts) return Effect.zipRight(wait(protocolBreaks.length), loop)
    stopped = { failure: latestBreak, until: now + backoff.pause }
    protocolBreaks = []
    return Effect.succeed(Either.left(latestBreak))
  })
}
