/**
 * Effects that are mostly done by the time they are asked for.
 *
 * A put over memory waits for nothing and nobody. As a chain of effects it would still be some thirty steps of a fiber, which cost
 * more than the put. A prompt effect is an ordinary one that whoever stands in a fiber's step already may begin by a call: what comes
 * back is its exit, or the effect that is left to do. What wraps it (a span, a time-out, a stage of somebody else's) sees an effect
 * like any other.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"

class Prompt<A, E, R> extends Effectable.Class<A, E, R> {
  readonly commit: () => Effect.Effect<A, E, R>

  constructor(commit: () => Effect.Effect<A, E, R>) {
    super()
    this.commit = commit
  }
}

/** `Effect.suspend`, of something that mostly is an exit when it has been evaluated. */
export const make = <A, E, R>(begin: () => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => new Prompt(begin)

/** Begins an effect, inside a step of the fiber that runs it: its exit if it is prompt and has ended, else what is left to do. */
export const begin = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  try {
    return effect instanceof Prompt ? begin((effect as Prompt<A, E, R>).commit()) : effect
  } catch (defect) {
    return Effect.die(defect)
  }
}

/** Whether an effect has gone well already. A failure has not ended before a fiber has taken it up: that notes where it came from. */
export const isDone = <A, E, R>(effect: Effect.Effect<A, E, R>): effect is Done<A> =>
  Exit.isExit(effect) && Exit.isSuccess(effect)

/** An `Either` as an effect that {@link isDone} when it is a `Right`. An `Either` itself is no `Exit`. */
export const fromEither = <A, E>(either: Either.Either<A, E>): Effect.Effect<A, E> =>
  Either.isRight(either) ? Effect.succeed(either.right) : either

type Done<A> = Effect.Effect<A> & Exit.Success<A, never>

/** `Effect.flatMap`, prompt as far as the effects are. */
export const flatMap = <A, E, R, B, E2, R2>(
  self: Effect.Effect<A, E, R>,
  f: (value: A) => Effect.Effect<B, E2, R2>
): Effect.Effect<B, E | E2, R | R2> =>
  make((): Effect.Effect<B, E | E2, R | R2> => {
    const begun = begin(self)
    return isDone(begun) ? begin(f(begun.value)) : Effect.flatMap(begun, f)
  })
