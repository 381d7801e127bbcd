/**
 * Starting hosts again and again without harm: the waits between starts that fail, and when to stop trying.
 *
 * @internal
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import type { HostStart, Retry } from "./hostStart.ts"

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
 */
export const patient = <A, R>(
  start: Effect.Effect<A, HostStart, R | Scope.Scope>,
  backoff: Backoff
): Effect.Effect<Either.Either<A, HostStart>, never, R | Scope.Scope> => {
  let failures: ReadonlyArray<number> = []
  let last: { readonly failure: HostStart; readonly until: number } | undefined
  const loop: Effect.Effect<Either.Either<A, HostStart>, never, R | Scope.Scope> = Effect.flatMap(
    attempt(start),
    (answer) =>
      Either.isRight(answer)
        ? Effect.sync(() => {
          failures = []
          last = undefined
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
          const wait = Math.min(backoff.most, backoff.first * 2 ** (failures.length - 1))
          return Effect.flatMap(Random.next, (chance) =>
            Effect.zipRight(Effect.sleep(Duration.millis(wait * (0.5 + chance / 2))), loop))
        })
  )
  return Effect.flatMap(
    Effect.clock,
    (clock) =>
      last !== undefined && clock.unsafeCurrentTimeMillis() < last.until
        ? Effect.succeed(Either.left(last.failure))
        : loop
  )
}
