/**
 * An effect that may already have completed synchronously.
 *
 * A put over memory has nothing to wait for. As a chain of effects it would still take some thirty steps of a fiber, which cost more
 * than the put itself. An eager effect is an ordinary effect that a caller inside a running fiber may start with a function call: the
 * result is its exit when it completed at once, or the effect that is left to run. A span, a time-out or a custom stage that wraps it
 * sees an effect like any other.
 *
 * This is the one mechanism of the library for "now if the driver can, later if it must": the pipeline, the stores and the SQL
 * drivers are written with it.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"

class Suspended<A, E, R> extends Effectable.Class<A, E, R> {
  readonly commit: () => Effect.Effect<A, E, R>

  constructor(commit: () => Effect.Effect<A, E, R>) {
    super()
    this.commit = commit
  }
}

/** An effect that may already be an `Exit`. */
export type Eager<A, E = never, R = never> = Effect.Effect<A, E, R>

type Success<A> = Effect.Effect<A> & Exit.Success<A, never>

/** `Effect.suspend`, for a function whose result is usually an exit already. */
export const suspend = <A, E, R>(evaluate: () => Eager<A, E, R>): Eager<A, E, R> => new Suspended(evaluate)

/**
 * Starts an effect inside a step of the fiber that runs it. Returns its exit if it completed synchronously, otherwise the effect that
 * is left to run. A function that throws becomes a defect.
 */
export const start = <A, E, R>(effect: Eager<A, E, R>): Eager<A, E, R> => {
  try {
    let left = effect
    while (left instanceof Suspended) left = (left as Suspended<A, E, R>).commit()
    return left
  } catch (defect) {
    return Effect.die(defect)
  }
}

/**
 * Whether an effect has completed with a value. A failure does not count: a fiber has to run it first, which records where it came
 * from.
 */
export const isSuccess = <A, E, R>(effect: Eager<A, E, R>): effect is Success<A> =>
  Exit.isExit(effect) && Exit.isSuccess(effect)

/** An `Either` as an effect; a `Right` {@link isSuccess}. An `Either` itself is not an `Exit`. */
export const fromEither = <A, E>(either: Either.Either<A, E>): Eager<A, E> =>
  Either.isRight(either) ? Effect.succeed(either.right) : either

/** `Effect.flatMap` that stays synchronous as long as both effects are. */
export const flatMap = <A, E, R, B, E2, R2>(
  self: Eager<A, E, R>,
  f: (value: A) => Eager<B, E2, R2>
): Eager<B, E | E2, R | R2> =>
  suspend((): Eager<B, E | E2, R | R2> => {
    const started = start(self)
    return isSuccess(started) ? start(f(started.value)) : Effect.flatMap(started, f)
  })
