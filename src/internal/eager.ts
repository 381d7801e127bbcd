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
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import { type YieldWrap, yieldWrapGet } from "effect/Utils"

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

// `Exit.isExit` narrows to exits of unknown type; an effect that is an exit is one of its own types.
const hasExited: <A, E, R>(effect: Eager<A, E, R>) => effect is Exit.Exit<A, E> = Exit.isExit as never

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
    return Exit.die(defect)
  }
}

/**
 * Runs an effect outside a fiber, where nothing can be awaited: inside a synchronous transaction. `undefined` when the effect does
 * not complete synchronously.
 */
export const runNow = <A, E>(effect: Eager<A, E>): Exit.Exit<A, E> | undefined => {
  const started = start(effect)
  return hasExited(started) ? started : undefined
}

/**
 * Whether an effect has completed with a value. A failure does not count: a fiber has to run it first, which records where it came
 * from.
 */
export const isSuccess = <A, E, R>(effect: Eager<A, E, R>): effect is Success<A> =>
  hasExited(effect) && Exit.isSuccess(effect)

/** An effect that has failed already. `Effect.fail` is run by a fiber, which adds the span that the error came from. */
export const fail: <E>(error: E) => Eager<never, E> = Exit.fail

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
    if (!hasExited(started)) return Effect.flatMap(started, f)
    return Exit.isSuccess(started) ? f(started.value) : started as Exit.Exit<never, E>
  })

/** `Effect.map` that stays synchronous as long as the effect is. */
export const map = <A, E, R, B>(self: Eager<A, E, R>, f: (value: A) => B): Eager<B, E, R> =>
  flatMap(self, (value) => Exit.succeed(f(value)))

/** `Effect.catchAll` that stays synchronous as long as both effects are. */
export const catchAll = <A, E, R, B, E2, R2>(
  self: Eager<A, E, R>,
  f: (error: E) => Eager<B, E2, R2>
): Eager<A | B, E2, R | R2> =>
  suspend((): Eager<A | B, E2, R | R2> => {
    const started = start(self)
    if (!hasExited(started)) return Effect.catchAll(started, f)
    if (Exit.isSuccess(started)) return started as Exit.Success<A, never>
    const failure = Cause.failureOrCause(started.cause)
    return Either.isLeft(failure) ? f(failure.left) : Exit.failCause(failure.right)
  })

/** `Effect.mapError` that stays synchronous as long as the effect is. */
export const mapError = <A, E, R, E2>(self: Eager<A, E, R>, f: (error: E) => E2): Eager<A, E2, R> =>
  catchAll(self, (error) => fail(f(error)))

/** `Effect.exit` that stays synchronous as long as the effect is. */
export const exit = <A, E, R>(self: Eager<A, E, R>): Eager<Exit.Exit<A, E>, never, R> =>
  suspend((): Eager<Exit.Exit<A, E>, never, R> => {
    const started = start(self)
    return hasExited(started) ? Exit.succeed(started) : Effect.exit(started)
  })

type ErrorOf<Y> = Y extends YieldWrap<Eager<infer _A, infer E, infer _R>> ? E : never
type ContextOf<Y> = Y extends YieldWrap<Eager<infer _A, infer _E, infer R>> ? R : never

/** `Effect.gen` that stays synchronous as long as each effect is that the body yields. */
export const gen = <Y extends YieldWrap<Eager<unknown, unknown, unknown>>, A>(
  body: () => Generator<Y, A, never>
): Eager<A, ErrorOf<Y>, ContextOf<Y>> =>
  suspend(() => {
    const steps = body()
    const next = (given: unknown): Eager<A, ErrorOf<Y>, ContextOf<Y>> => {
      let value = given
      for (;;) {
        const step = steps.next(value as never) // the value of the effect that the body yielded last
        if (step.done === true) return Exit.succeed(step.value)
        const started = start(yieldWrapGet(step.value)) as Eager<unknown, ErrorOf<Y>, ContextOf<Y>>
        if (!hasExited(started)) return Effect.flatMap(started, next)
        if (Exit.isFailure(started)) return Exit.failCause(started.cause)
        value = started.value
      }
    }
    return next(undefined)
  })

/**
 * `Effect.uninterruptibleMask` that stays synchronous as long as the body is. What completes synchronously cannot be interrupted, so
 * the mask is set only when something is left to run.
 */
export const uninterruptibleMask = <A, E, R>(
  body: (restore: <B, E2, R2>(self: Eager<B, E2, R2>) => Eager<B, E2, R2>) => Eager<A, E, R>
): Eager<A, E, R> =>
  suspend((): Eager<A, E, R> => {
    let unmask = <B, E2, R2>(self: Effect.Effect<B, E2, R2>): Effect.Effect<B, E2, R2> => self
    const started = start(body((self) =>
      suspend(() => {
        const begun = start(self)
        return hasExited(begun) ? begun : Effect.suspend(() => unmask(begun))
      })
    ))
    return hasExited(started) ? started : Effect.uninterruptibleMask((restore) => {
      unmask = restore
      return started
    })
  })
