/**
 * How the PostgreSQL backend reaches its database: a statement by itself, on whichever connection is free, or a session of one's own
 * for a transaction. Every answer is waited for with a bound. Here over any `SqlClient`; `postgresPool` does the same over connections
 * of our own, in plain code.
 *
 * @internal
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { type Execute, execute } from "../sql/sqlDatabase.ts"
import type { Row } from "../sql/statements.ts"

/** A statement by itself. */
export interface Single {
  readonly sql: string
  readonly parameters: ReadonlyArray<unknown>
  /** Its text is one of a few, and its plan does not depend on what is asked: it may stay prepared. */
  readonly lasting: boolean
  /** Told when it goes out: from then on nobody knows what became of it until it is answered. */
  readonly sending?: (() => void) | undefined
}

/** A connection of one's own, until it is ended. */
export interface Session {
  readonly run: Execute
  /** Gives it back; one that is not `clean` may be inside a transaction, so nobody else gets it. */
  readonly end: (clean: boolean) => Effect.Effect<void>
}

/** A database. */
export interface Sessions {
  readonly ask: (single: Single) => Effect.Effect<ReadonlyArray<Row>, SqlError>
  /** Not to be interrupted before it is ended. */
  readonly begin: Effect.Effect<Session, SqlError>
}

/** Whatever the server does by itself: a look after a lock has to see what was committed while it waited. */
export const beginAlone = "begin isolation level read committed"

/** What an answer that did not come is called; `sqlFailure` knows it by its code, the one of a statement that took too long. */
export const unanswered = (message: string): SqlError =>
  new SqlError({ cause: Object.assign(new Error(message), { code: "57014" }), message })

/** An answer that did not come in time. */
export const silent = (limit: Duration.Duration): SqlError =>
  unanswered(`the database did not answer within ${Duration.format(limit)}`)

/** The longest time that a timer takes; what is longer has no bound. */
export const longest: number = 2 ** 31 - 1

/**
 * The work, in a fiber of its own, until the time is over or the caller is interrupted; then it is interrupted too, and nobody waits
 * for the end of that. It is what `Effect.timeout` and `Effect.disconnect` do together, for a fifth of their price.
 */
export const bounded = (
  limit: Duration.Duration,
  { begun = () => {}, late = silent }: {
    readonly begun?: (fiber: Fiber.Fiber<unknown, unknown>) => void
    readonly late?: (limit: Duration.Duration) => SqlError
  } = {}
) =>
<A>(work: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDaemon(Effect.interruptible(work)), (fiber) => {
      begun(fiber)
      return restore(Effect.async<A, SqlError>((resume) => {
        const millis = Duration.toMillis(limit)
        const timer = millis > longest ? undefined : setTimeout(() => {
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

/** What ends a session that a rollback did not reach: the pool throws a connection away whose session is over. */
const endSession = "rollback; select pg_terminate_backend(pg_backend_pid())"

/** The sessions of a client. */
export const overClient = (sql: SqlClient.SqlClient, limit: Duration.Duration): Sessions => {
  const inTime = bounded(limit)
  // Who is interrupted while it waits for a connection would never give that back.
  const reserve = Effect.uninterruptible(sql.reserve)
  return {
    ask: ({ parameters, sending, sql: text }) =>
      inTime(Effect.scoped(Effect.flatMap(reserve, (connection) => {
        sending?.()
        return execute(connection)(text, parameters)
      }))),
    begin: Effect.flatMap(Scope.make(), (scope) =>
      Effect.map(
        Effect.onError(inTime(Scope.extend(reserve, scope)), (cause) => Scope.close(scope, Exit.failCause(cause))),
        (connection): Session => {
          const run = execute(connection)
          let last: Fiber.Fiber<unknown, unknown> | undefined
          let waiting = 0
          const inTimeHere = bounded(limit, {
            begun: (fiber) => {
              last = fiber
            }
          })
          const giveBack = Scope.close(scope, Exit.void)
          // What was asked last may still be on its way, so this takes as long as it takes, and nobody waits for it.
          const settle = Effect.suspend(() => last === undefined ? Effect.void : Effect.asVoid(Fiber.await(last))).pipe(
            Effect.zipRight(Effect.catchAll(run("rollback"), () => Effect.ignore(run(endSession)))),
            Effect.zipRight(giveBack)
          )
          return {
            run: (text, parameters) =>
              waiting > 0 ? Effect.fail(silent(limit)) : inTimeHere(Effect.suspend(() => {
                waiting++
                return Effect.ensuring(run(text, parameters), Effect.sync(() => waiting--))
              })),
            end: (clean) => clean && waiting === 0 ? giveBack : Effect.asVoid(Effect.forkDaemon(settle))
          }
        }
      ))
  }
}
