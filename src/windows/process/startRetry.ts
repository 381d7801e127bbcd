/**
 * Starting hosts again and again without harm: the waits between starts that fail, and when to stop trying. A host that broke the
 * protocol soon after its start counts as a start that failed.
 *
 * @internal
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import type { HostStart, Retry } from "./startErrors.ts"

/** The waits, in milliseconds. */
export interface Backoff {
  readonly first: number
  readonly most: number
  /** So many failures in a row within that time, and nothing is tried for `pause`. */
  readonly attempts: number
  readonly within: number
  readonly pause: number
}

/** After so many failures it is over for now. */
const limit: Readonly<Record<Retry, (backoff: Backoff) => number>> = {
  never: () => 1,
  once: (backoff) => Math.min(2, backoff.attempts),
  later: (backoff) => backoff.attempts
}

/** One attempt in a scope of its own, which a failure closes at once. */
const attempt = <A, R>(
  start: Effect.Effect<A, HostStart, R | Scope.Scope>
): Effect.Effect<Either.Either<A, HostStart>, never, R | Scope.Scope> =>
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
 * A start that waits longer after each failure, fails fast for a while after too many, and for good when no retry can help. It
 * answers the failure instead of failing: every waiter gets to know it.
 *
 * `brokenOf` says whether what was started has broken the protocol since. If it did so within `backoff.within` of its start, the
 * next start waits as after a failed one, and too many of them stop the starts for the pause.
 */
export const patient = <A, R>(
  start: Effect.Effect<A, HostStart, R | Scope.Scope>,
  backoff: Backoff,
  brokenOf: (started: A) => HostStart | undefined = () => undefined
): Effect.Effect<Either.Either<A, HostStart>, never, R | Scope.Scope> => {
  let failures: ReadonlyArray<number> = []
  let last: { readonly failure: HostStart; readonly until: number } | undefined
  /** What was started and is young. */
  let young: ReadonlyArray<{ readonly started: A; readonly at: number }> = []
  let breaks: ReadonlyArray<number> = []

  /** The wait after so many failures. */
  const wait = (count: number): Effect.Effect<void> => {
    const longest = Math.min(backoff.most, backoff.first * 2 ** (count - 1))
    return Effect.flatMap(Random.next, (chance) => Effect.sleep(Duration.millis(longest * (0.5 + chance / 2))))
  }

  /** Counts what has broken since the last start. */
  const brokenSince = (now: number): HostStart | undefined => {
    let found: HostStart | undefined
    young = young.filter(({ at, started }) => {
      if (now - at >= backoff.within) return false
      const failure = brokenOf(started)
      if (failure === undefined) return true
      found = failure
      breaks = [...breaks.filter((when) => now - when < backoff.within), now]
      return false
    })
    return found
  }

  const loop: Effect.Effect<Either.Either<A, HostStart>, never, R | Scope.Scope> = Effect.flatMap(
    attempt(start),
    (answer) =>
      Either.isRight(answer)
        ? Effect.map(Effect.clock, (clock) => {
          failures = []
          last = undefined
          young = [...young, { started: answer.right, at: clock.unsafeCurrentTimeMillis() }]
          return answer
        })
        : Effect.flatMap(Effect.clock, (clock) => {
          const now = clock.unsafeCurrentTimeMillis()
          const failure = answer.left
          failures = [...failures.filter((at) => now - at < backoff.within), now]
          if (failures.length >= limit[failure.retry](backoff)) {
            last = { failure, until: failure.retry === "never" ? Infinity : now + backoff.pause }
            failures = []
            return Effect.succeed(answer)
          }
          return Effect.zipRight(wait(failures.length), loop)
        })
  )
  return Effect.flatMap(Effect.clock, (clock) => {
    const now = clock.unsafeCurrentTimeMillis()
    if (last !== undefined && now < last.until) return Effect.succeed(Either.left(last.failure))
    const broken = brokenSince(now)
    if (broken === undefined) return loop
    if (breaks.length < backoff.attempts) return Effect.zipRight(wait(breaks.length), loop)
    last = { failure: broken, until: now + backoff.pause }
    breaks = []
    return Effect.succeed(Either.left(broken))
  })
}
