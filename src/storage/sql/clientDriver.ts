/**
 * The drivers of a `SqlClient`, and how a store relates to the transactions of the program.
 *
 * A store has transactions of its own, because a group of puts shares one. A put in the middle of a transaction of the same client
 * could not take part in it, and over SQLite, or over the last connection of a pool, it would wait for its own caller. So a store over
 * a client that the program uses too refuses calls there. `@effect/sql` tells that a transaction is open, not which client's it is.
 *
 * @internal
 */
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import type { Query, SqlDriver, SqlSession } from "./driver.ts"
import { wbemError } from "./failures.ts"
import { answerTimeoutError, bounded } from "./timeouts.ts"

const noParameters: ReadonlyArray<unknown> = []

const queryOf = (connection: Connection): Query => (sql, parameters = noParameters) =>
  connection.execute(sql, parameters, undefined)

/** The driver of a SQLite client. Its answers are not bounded: a statement ends by itself. */
export const sqliteDriver = (sql: SqlClient.SqlClient): SqlDriver => ({
  query: (text, parameters) =>
    Effect.scoped(Effect.flatMap(sql.reserve, (connection) => queryOf(connection)(text, parameters))),
  open: (restore) =>
    Effect.flatMap(
      Scope.make(),
      (scope) =>
        Effect.flatMap(Effect.exit(restore(Scope.extend(sql.reserve, scope))), (exit) =>
          Exit.isSuccess(exit)
            ? Effect.succeed<SqlSession>({
              query: queryOf(exit.value),
              end: () =>
                Scope.close(scope, Exit.void)
            })
            : Effect.zipRight(Scope.close(scope, exit), Effect.failCause(exit.cause)))
    )
})

/** Ends a session whose rollback failed: the pool of the client discards a connection whose session is over. */
const endSession = "rollback; select pg_terminate_backend(pg_backend_pid())"

/** The driver of a PostgreSQL client. Each answer is waited for with a bound. */
export const postgresDriver = (sql: SqlClient.SqlClient, limit: Duration.Duration): SqlDriver => {
  const inTime = bounded(limit)
  // A fiber that is interrupted while it waits for a connection would never give that connection back.
  const reserve = Effect.uninterruptible(sql.reserve)
  return {
    query: (text, parameters, options) =>
      inTime(Effect.scoped(Effect.flatMap(reserve, (connection) => {
        options?.onSend?.()
        return queryOf(connection)(text, parameters)
      }))),
    open: () =>
      Effect.flatMap(Scope.make(), (scope) =>
        Effect.map(
          Effect.onError(inTime(Scope.extend(reserve, scope)), (cause) => Scope.close(scope, Exit.failCause(cause))),
          (connection): SqlSession => {
            const run = queryOf(connection)
            let last: Fiber.Fiber<unknown, unknown> | undefined
            let pending = 0
            const inTimeHere = bounded(limit, {
              begun: (fiber) => {
                last = fiber
              }
            })
            const giveBack = Scope.close(scope, Exit.void)
            // The last statement may still be running, so this takes as long as it takes, in the background.
            const settle = Effect.suspend(() => last === undefined ? Effect.void : Effect.asVoid(Fiber.await(last)))
              .pipe(
                Effect.zipRight(Effect.catchAll(run("rollback"), () => Effect.ignore(run(endSession)))),
                Effect.zipRight(giveBack)
              )
            return {
              query: (text, parameters) =>
                pending > 0 ? Effect.fail(answerTimeoutError(limit)) : inTimeHere(Effect.suspend(() => {
                  pending++
                  return Effect.ensuring(run(text, parameters), Effect.sync(() => pending--))
                })),
              end: (isClean) => isClean && pending === 0 ? giveBack : Effect.asVoid(Effect.forkDaemon(settle))
            }
          }
        ))
  }
}

/** For a client that only the store uses: the tables would otherwise be made on the connection of the program's open transaction. */
export const outsideTransaction = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.mapInputContext(
    effect,
    // The context holds the services of the program, whether its type says so or not.
    (context: Context.Context<R>) =>
      Context.omit(SqlClient.TransactionConnection)(
        context as Context.Context<R | SqlClient.TransactionConnection>
      ) as Context.Context<R>
  )

/** Fails inside a transaction of the program. */
const refusing = <A, E, R, E2>(effect: Effect.Effect<A, E, R>, refusal: () => E2): Effect.Effect<A, E | E2, R> =>
  Effect.withFiberRuntime((fiber) =>
    fiber.currentContext.unsafeMap.has(SqlClient.TransactionConnection.key) ? Effect.fail(refusal()) : effect
  )

const refusal = (): StoreFailure => new StoreFailure({ reason: "InTransaction" })
const status = () => wbemError(refusal(), false)

/** A store over a client that the program uses too: opening it, and each call, fails inside a transaction of the program. */
export const refusingTransactions = <E, R>(
  opening: Effect.Effect<NamespaceStore, E, R>
): Effect.Effect<NamespaceStore, E | StoreFailure, R> =>
  refusing(
    Effect.map(opening, (store): NamespaceStore => ({
      modify: (...given) => refusing(store.modify(...given), status),
      read: (...given) => refusing(store.read(...given), status),
      readCached: (...given) => refusing(store.readCached(...given), status),
      namespaces: refusing(store.namespaces, status),
      snapshot: refusing(store.snapshot, status),
      restore: (snapshot) => refusing(store.restore(snapshot), status)
    })),
    refusal
  )
