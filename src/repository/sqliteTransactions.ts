/**
 * How the statements of a SQLite store become transactions: over any client, one after another in Effect; over a handle of our own,
 * all in one step of plain code, with nobody else in between. A put is mostly this, and an effect for each statement costs as
 * much as the statement.
 *
 * @internal
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { WbemError } from "../protocol/WbemError.ts"
import {
  atOnce as runAtOnce,
  connected,
  type ExecuteNow,
  inTurn,
  StatementFailed,
  type Statements,
  toWbemError,
  transaction
} from "./sqlBackend.ts"
import { StoreFailure } from "./StoreFailure.ts"
import { type Conflict, thrown } from "./storeBackend.ts"

/** Runs something in a transaction of its own: one that only looks, or one that nobody else writes beside. */
export type Transact = <A>(what: "Look" | "Write", work: () => Statements<A>) => Effect.Effect<A, WbemError | Conflict>

/**
 * How long to wait for other writers of the same file.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** 10 seconds if not given. Then a put fails with `Timeout`, and nothing was written. */
  readonly busyTimeout?: Duration.DurationInput | undefined
}

const isBusy = (error: WbemError | Conflict): boolean =>
  error._tag !== "Conflict" && error.cause instanceof StoreFailure && error.cause.reason === "Busy"

/** SQLite itself would wait by blocking the process, so the client does not let it, and the wait is here. */
const patient = (limit: Duration.DurationInput) => {
  const schedule = Schedule.exponential("1 millis", 1.5).pipe(
    Schedule.union(Schedule.spaced("25 millis")),
    Schedule.jittered,
    Schedule.upTo(limit)
  )
  return <A, E extends WbemError | Conflict>(work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    // A schedule is begun only when there is something to wait for.
    Effect.catchAll(
      work,
      (error) => isBusy(error) ? Effect.retry(work, { schedule, while: isBusy }) : Effect.fail(error)
    )
}

const begin = { Look: "begin", Write: "begin immediate" }

/** Transactions over a client. */
export const inEffect = (sql: SqlClient.SqlClient, { busyTimeout }: Options): Transact => {
  const busy = patient(busyTimeout ?? "10 seconds")
  return (what, work) =>
    busy(Effect.mapError(connected(sql, (run) => transaction(run, begin[what], inTurn(run)(work))), toWbemError(false)))
}

/** What was thrown while statements were run at once; `sent` when it was the commit. */
export const failedAtOnce = (error: unknown, sent = false): Effect.Effect<never, WbemError | Conflict> =>
  error instanceof StatementFailed ? Effect.fail(toWbemError(sent)(error)) : thrown(error)

/** Transactions over a handle that nobody else uses. */
export const atOnce = (run: ExecuteNow, { busyTimeout }: Options): Transact => {
  const busy = patient(busyTimeout ?? "10 seconds")
  const rollback = (): void => {
    try {
      run("rollback")
    } catch { // There is none: what failed has ended the transaction.
    }
  }
  return <A>(what: "Look" | "Write", work: () => Statements<A>) =>
    busy(Effect.suspend((): Effect.Effect<A, WbemError | Conflict> => {
      let committing = false
      function* whole(): Statements<A> {
        yield [begin[what]]
        const value = yield* work()
        committing = true
        yield ["commit"]
        return value
      }
      try {
        return Effect.succeed(runAtOnce(run, whole()))
      } catch (error) {
        rollback()
        return failedAtOnce(error, committing)
      }
    }))
}
