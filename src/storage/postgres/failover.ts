/**
 * Fail-over: a driver (and a client) over several servers, which works on the one that is the primary.
 *
 * When a connection is lost, or a server turns out to be read-only because it is a standby now, the next call looks for the primary
 * again, for a bounded time. A write that was sent is not sent again: its outcome is unknown, and the caller has to be told.
 *
 * @internal
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { StoreReason } from "../../emulator/StoreFailure.ts"
import type { SqlDriver, SqlSession } from "../sql/driver.ts"
import { reasonOf } from "../sql/failures.ts"
import { failoverSchedule, retry } from "../sql/retries.ts"
import { bounded } from "../sql/timeouts.ts"
import { connectTimeoutError } from "./poolDriver.ts"

/** A database as a client of the program and as the driver of a store. */
export interface Reach {
  readonly client: SqlClient.SqlClient
  readonly driver: SqlDriver
}

/** Opens the connections to one server. */
export type Server = Effect.Effect<Reach, SqlError, Scope.Scope | Reactivity.Reactivity>

/** The server that is used, and the scope of its connections. */
interface Primary extends Reach {
  readonly scope: Scope.CloseableScope
}

/** The reasons of an error that mean that a server is not the primary. */
const lostReasons: ReadonlySet<StoreReason> = new Set(["Unreachable", "ReadOnly", "Busy"])

const isLost = (error: unknown): boolean => lostReasons.has(reasonOf(error))

const standby = new SqlError({
  cause: Object.assign(new Error("the server is a standby"), { code: "25006" }),
  message: "the server is a standby"
})

const closedError = new SqlError({ cause: new Error("the store is closed"), message: "the store is closed" })

/** Opens a server. Fails unless it is the primary. */
const openPrimary = (limit: Duration.Duration) => (server: Server): Effect.Effect<Primary, SqlError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Scope.make(), (scope) =>
      restore(
        server.pipe(
          Effect.tap(({ client }) =>
            Effect.flatMap(
              bounded(limit, { late: connectTimeoutError })(
                client.unsafe<{ readonly standby: boolean }>("select pg_is_in_recovery() as standby")
              ),
              ([row]) => row?.standby === true ? Effect.fail(standby) : Effect.void
            )
          ),
          Effect.provide(Reactivity.layer),
          Scope.extend(scope)
        )
      ).pipe(
        Effect.map((reach): Primary => ({ ...reach, scope })),
        Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
      ))
  )

/** Opens the first server that is the primary. Fails with the error of the last one. */
const openFirst = (limit: Duration.Duration, servers: ReadonlyArray<Server>): Effect.Effect<Primary, SqlError> => {
  const [first, ...others] = servers.map(openPrimary(limit))
  return others.reduce(
    (before, next) => Effect.catchAll(before, () => next),
    first ?? Effect.fail(new SqlError({ cause: new Error("there is no address"), message: "there is no address" }))
  )
}

/** A connection whose statements are run by `run` over another one. */
const connectionOf = (
  run: <A>(statement: (connection: Connection) => Effect.Effect<A, SqlError>) => Effect.Effect<A, SqlError>,
  executeStream: Connection["executeStream"]
): Connection => ({
  execute: (...statement) => run((connection) => connection.execute(...statement)),
  executeRaw: (...statement) => run((connection) => connection.executeRaw(...statement)),
  executeValues: (...statement) => run((connection) => connection.executeValues(...statement)),
  executeUnprepared: (...statement) => run((connection) => connection.executeUnprepared(...statement)),
  executeStream
})

/** A connection that calls `report` with its errors. */
const watched = (connection: Connection, report: (error: SqlError) => Effect.Effect<void>): Connection =>
  connectionOf(
    (run) => Effect.tapError(run(connection), report),
    (...statement) => Stream.tapError(connection.executeStream(...statement), report)
  )

/** Whichever server is the primary. */
export const following = (
  servers: ReadonlyArray<Server>,
  options: { readonly connectTimeout: Duration.DurationInput; readonly failoverTimeout: Duration.DurationInput }
): Effect.Effect<Reach, SqlError, Scope.Scope | Reactivity.Reactivity> =>
  Effect.gen(function* () {
    const schedule = failoverSchedule(options.failoverTimeout)
    const open = openFirst(Duration.decode(options.connectTimeout), servers)
    const opening = Effect.unsafeMakeSemaphore(1)
    let current: Primary | undefined = yield* open
    const scope = yield* Effect.scope
    let isClosed = false
    yield* Scope.addFinalizerExit(scope, (exit) =>
      Effect.suspend(() => {
        isClosed = true
        return current === undefined ? Effect.void : Scope.close(current.scope, exit)
      }))
    /** Forgets a primary after an error that means that it is none. A server whose connections are all in use is not lost. */
    const loseOn = (lost: Primary) => (error: unknown): Effect.Effect<void> =>
      Effect.suspend(() => {
        if (!isLost(error) || current !== lost) return Effect.void
        current = undefined
        // Its connections are given back by their users; that is not waited for.
        return Effect.asVoid(Effect.forkIn(Effect.interruptible(Scope.close(lost.scope, Exit.void)), scope))
      })
    const reopen: Effect.Effect<Primary, SqlError> = Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(restore(Effect.retry(open, { schedule, while: isLost })), (found) => {
        if (isClosed) return Effect.zipRight(Scope.close(found.scope, Exit.void), Effect.fail(closedError))
        current = found
        return Effect.succeed(found)
      })
    )
    const primary: Effect.Effect<Primary, SqlError> = Effect.suspend(() =>
      current !== undefined
        ? Effect.succeed(current)
        : opening.withPermits(1)(Effect.suspend(() => current !== undefined ? Effect.succeed(current) : reopen))
    )
    const driver: SqlDriver = {
      query: (sql, parameters, { isPrepared = false, onSend } = {}) => {
        let isSent = false
        const sending = onSend && (() => {
          isSent = true
          onSend()
        })
        const once = Effect.flatMap(primary, (found) =>
          Effect.tapError(found.driver.query(sql, parameters, { isPrepared, onSend: sending }), loseOn(found)))
        return retry(once, () =>
          schedule, (error) => !isSent && isLost(error))
      },
      open: (restore) =>
        Effect.retry(
          Effect.flatMap(primary, (found) =>
            Effect.map(
              Effect.tapError(found.driver.open(restore), loseOn(found)),
              ({ end, query }): SqlSession => ({
                query: (...statement) => Effect.tapError(query(...statement), loseOn(found)),
                end
              })
            )),
          { schedule, while: isLost }
        )
    }
    // The pool of a lost server fails once more before the loss is known; the next pool is a new one.
    const acquire = Effect.retry(
      Effect.flatMap(primary, (found) =>
        Effect.map(
          Effect.tapError(found.client.reserve, loseOn(found)),
          (connection) => watched(connection, loseOn(found))
        )),
      { schedule, while: isLost }
    )
    const client = yield* SqlClient.make({
      acquirer: Effect.succeed(connectionOf(
        (run) => Effect.scoped(Effect.flatMap(acquire, run)),
        (...statement) =>
          Stream.unwrapScoped(Effect.map(acquire, (connection) => connection.executeStream(...statement)))
      )),
      transactionAcquirer: acquire,
      compiler: PgClient.makeCompiler(),
      spanAttributes: [["db.system.name", "postgresql"]]
    })
    return { client, driver }
  })
