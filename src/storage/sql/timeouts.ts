/**
 * How long a store waits for an answer of PostgreSQL.
 *
 * @internal
 */
import { SqlError } from "@effect/sql/SqlError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/**
 * How long to wait for the database.
 *
 * @since 0.1.0
 * @category models
 */
export interface AnswerOptions {
  /**
   * For each answer; 60 seconds if not given. Then a put fails: with `Timeout` when nothing was sent, with `TransportFailure` and
   * `sent` when the outcome is unknown.
   */
  readonly answerTimeout?: Duration.DurationInput | undefined
}

export const answerTimeoutOf = ({ answerTimeout }: AnswerOptions): Duration.Duration =>
  Duration.decode(answerTimeout ?? "60 seconds")

/** The error of a missing answer: `failures.ts` recognizes it by the code of a statement that took too long. */
export const unanswered = (message: string): SqlError =>
  new SqlError({ cause: Object.assign(new Error(message), { code: "57014" }), message })

/** The error of an answer that did not come in time. */
export const answerTimeoutError = (limit: Duration.Duration): SqlError =>
  unanswered(`the database did not answer within ${Duration.format(limit)}`)

/** The longest delay of a timer; a longer one means no bound. */
export const maxTimerMillis: number = 2 ** 31 - 1

/**
 * Runs the work in a fiber of its own, until the time is over or the caller is interrupted. Then that fiber is interrupted in the
 * background. It does what `Effect.timeout` and `Effect.disconnect` do together, for a fifth of their cost.
 */
export const bounded = (
  limit: Duration.Duration,
  { begun = () => {}, late = answerTimeoutError }: {
    readonly begun?: (fiber: Fiber.Fiber<unknown, unknown>) => void
    readonly late?: (limit: Duration.Duration) => SqlError
  } = {}
) =>
<A, E>(work: Effect.Effect<A, E>): Effect.Effect<A, E | SqlError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDaemon(Effect.interruptible(work)), (fiber) => {
      begun(fiber)
      return restore(Effect.async<A, E | SqlError>((resume) => {
        const millis = Duration.toMillis(limit)
        const timer = millis > maxTimerMillis ? undefined : setTimeout(() => {
          resume(Effect.zipRight(Fiber.interruptFork(fiber), Effect.fail(late(limit))))
        }, millis)
        fiber.addObserver((exit) => {
          clearTimeout(timer)
          resume(exit)
        })
        return Effect.suspend(() => {
          clearTimeout(timer)
          return Fiber.interruptFork(fiber)
        })
      }))
    })
  )
