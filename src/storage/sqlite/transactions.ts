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
import type { WbemError } from "../../protocol/WbemError.ts"
import {
  answered,
  atOnce as runAtOnce,
  connected,
  type ExecuteNow,
  inTurn,
  toWbemError,
  transaction
} from "../sql/sqlDatabase.ts"
import { StatementFailed, type Statements } from "../sql/statements.ts"
import { answer, isOneStatement, type Transact, writeOne } from "./statements.ts"
import type { Reads } from "./queries.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import { type Ask, type Conflict, type Procedure, type StoreBackend, thrown } from "../rowDatabase.ts"

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

/** What was thrown while statements were run at once; `sent` when it was the write of a transaction's end. */
export const failedAtOnce = (error: unknown, sent = false): Effect.Effect<never, WbemError | Conflict> =>
  error instanceof StatementFailed ? Effect.fail(toWbemError(sent)(error)) : thrown(error)

/** A driver that answers at once. */
export interface Driver {
  readonly rows: ExecuteNow
  /** Runs a statement that writes, and says how many rows it changed. */
  readonly changes: (sql: string, parameters: ReadonlyArray<unknown>) => number
  /** Throws a status if the file is not the one any more that was opened. A transaction begins with it. */
  readonly check: () => void
  /** How its text is to be read; as bytes if not given. */
  readonly reads?: Reads | undefined
}

/** What runs at once, tried again while others write. */
const trying = (busyTimeout: Options["busyTimeout"]) => {
  const busy = patient(busyTimeout ?? "10 seconds")
  return <A>(
    attempt: () => A,
    failed: (error: unknown) => Effect.Effect<never, WbemError | Conflict>
  ): Effect.Effect<A, WbemError | Conflict> =>
    busy(Effect.suspend(() => {
      try {
        return Effect.succeed(attempt())
      } catch (error) {
        return failed(error)
      }
    }))
}

/** Ends a transaction in which nothing is to be kept; says whether there was one. What failed may have ended it. */
const rollBack = (run: ExecuteNow): boolean => {
  try {
    run("rollback")
    return true
  } catch {
    return false
  }
}

/** Begins a transaction. One that could not be ended may be in the way: it ends here. */
const beginNow = (run: ExecuteNow, how: string): void =>
  answered(() => {
    try {
      run(how)
    } catch (refusal) {
      if (!rollBack(run)) throw refusal
      run(how)
    }
  })

/** Several looks, and nothing that others write in between. */
const atOneMoment = <A>(run: ExecuteNow, look: () => A): A => {
  try {
    beginNow(run, begin.Look)
    return look()
  } finally {
    rollBack(run)
  }
}

/** Transactions over a driver that nobody else uses. */
export const atOnce = ({ check, rows }: Driver, { busyTimeout }: Options): Transact => {
  const tried = trying(busyTimeout)
  return <A>(what: "Look" | "Write", work: () => Statements<A>) => {
    let committing = false
    return tried(() => {
      committing = false
      check()
      beginNow(rows, begin[what])
      const value = runAtOnce(rows, work())
      committing = true
      answered(() => rows("commit"))
      return value
    }, (error) => {
      rollBack(rows)
      return failedAtOnce(error, committing)
    })
  }
}

/**
 * Puts of one instance without a transaction around them: one statement looks, one writes if nothing has changed since. Over a
 * handle of our own only another process can have been there between the two.
 */
export const optimistic = (driver: Driver, options: Options): NonNullable<StoreBackend["optimistic"]> => {
  const tried = trying(options.busyTimeout)
  const reads = driver.reads ?? "Bytes"
  return {
    most: 1,
    run: <A>(work: () => Procedure<A>) => {
      let writing = false
      const toAsk = (ask: Ask): unknown => {
        if (ask._tag === "Write") {
          writing = true
          const [sql, parameters] = writeOne(ask.commit)
          return answered(() => driver.changes(sql, parameters)) === 1
        }
        // The statements that ask for changes of a schema are each of one moment.
        return ask._tag === "SchemaChangesSince" || isOneStatement(ask.wanted)
          ? runAtOnce(driver.rows, answer(ask, reads))
          : atOneMoment(driver.rows, () => runAtOnce(driver.rows, answer(ask, reads)))
      }
      return tried(() => {
        writing = false
        driver.check()
        const procedure = work()
        let step = procedure.next()
        while (step.done !== true) step = procedure.next(toAsk(step.value))
        return step.value
      }, (error) => failedAtOnce(error, writing))
    }
  }
}
