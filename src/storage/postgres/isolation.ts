/**
 * Checks by an experiment, when a store is opened, whether a database keeps READ COMMITTED.
 *
 * A transaction that locks its namespaces waits for writers, and then must see what they committed. A database that runs READ COMMITTED
 * as snapshot isolation (some that speak PostgreSQL's protocol do, depending on their configuration) shows it the state at its begin:
 * then a class can lose a property that a new instance has. In the experiment one session begins a transaction and reads, another one
 * commits a row, and the first must see the row when it reads again. The row is in the table of migrations, with a number that no
 * migration has, and is deleted at once.
 *
 * @internal
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { QueryError, SqlDriver, SqlSession } from "../sql/driver.ts"
import { failureOf } from "../sql/failures.ts"
import type { StoreError } from "../../protocol/WbemError.ts"
import { migrations } from "../sql/schema.ts"
import { answerTimeoutError, bounded, unanswered } from "../sql/timeouts.ts"
import { beginReadCommitted } from "./dialect.ts"
import { StoreFailure, type StoreReason } from "../../emulator/StoreFailure.ts"

/**
 * The check of the isolation when a store is opened.
 *
 * @since 0.1.0
 * @category models
 */
export interface IsolationOptions {
  /**
   * Refuses a database for which the check of READ COMMITTED could not be made: one with a single session (PGlite, a pool of one
   * connection), a read-only one, one that does not answer in time. If not given such a store opens, and a warning is logged.
   * A database that fails the check is refused in any case.
   */
  readonly requireIsolationCheck?: boolean | undefined
  /** How long the check may take; 2 seconds if not given. */
  readonly isolationTimeout?: Duration.DurationInput | undefined
}

type Refusal = QueryError | StoreError

const open = (driver: SqlDriver): Effect.Effect<SqlSession, Refusal> => driver.open((effect) => effect)

/** `Right`: whether the database keeps READ COMMITTED. `Left`: why that could not be checked. */
type Answer = Either.Either<boolean, string>

const insert = `insert into ${migrations} (migration_id, name) values ($1, 'isolation check')`
const find = `select pg_backend_pid() as pid, count(*)::int as n from ${migrations} where migration_id = $1`
/** Also deletes the rows of processes that ended during a check. */
const remove = `delete from ${migrations}
  where migration_id = $1 or (migration_id < 0 and created_at < current_timestamp - interval '1 hour')`

/** Migrations count from 1. */
const newNumber = (): number => -1 - Math.floor(Math.random() * 2_000_000_000)

/** Reasons for which the check cannot be made, and which say nothing about the isolation. */
const uncheckable: ReadonlySet<StoreReason> = new Set(["ReadOnly", "Denied", "Canceled", "Busy", "Conflict"])

const uncheckedBy = (error: Refusal): Effect.Effect<Answer, Refusal> => {
  const { message, reason } = failureOf(error)
  return uncheckable.has(reason) ? Effect.succeed(Either.left(message)) : Effect.fail(error)
}

/** The timeout where two connections may share a session: behind a pooler, which may give the second one another session later. */
const sharedSessionTimeout = Duration.millis(250)

const experiment = (
  reader: SqlSession,
  writer: SqlSession,
  number: number,
  limit: Duration.Duration
): Effect.Effect<Answer, Refusal> =>
  Effect.gen(function* () {
    const [before] = yield* writer.query(find, [number])
    yield* reader.query(beginReadCommitted)
    const [first] = yield* reader.query(find, [number])
    // Where connections share a session the second one is answered after the first transaction. Nothing must be written until then.
    const concurrency = before?.["pid"] === first?.["pid"] ? Duration.min(sharedSessionTimeout, limit) : limit
    yield* bounded(concurrency, { late: lateSecond })(writer.query("select 1 as one"))
    yield* writer.query(insert, [number])
    const [again] = yield* reader.query(find, [number])
    return Either.right(again?.["n"] === 1)
  })

const lateSecond = () => unanswered("a second session was not answered while the first one was in a transaction")

/** A second session; one that is opened too late is given back. */
const secondOf = (driver: SqlDriver, limit: Duration.Duration): Effect.Effect<SqlSession, Refusal> => {
  let isOver = false
  const late = (waited: Duration.Duration) => {
    isOver = true
    return answerTimeoutError(waited)
  }
  return bounded(limit, { late })(
    Effect.uninterruptible(Effect.tap(open(driver), (session) => isOver ? session.end(true) : Effect.void))
  )
}

const check = (driver: SqlDriver, limit: Duration.Duration): Effect.Effect<Answer, Refusal> =>
  Effect.acquireUseRelease(
    open(driver),
    (reader) =>
      Effect.matchEffect(secondOf(driver, limit), {
        onFailure: uncheckedBy,
        onSuccess: (writer) => {
          const number = newNumber()
          const answer = Effect.catchAll(bounded(limit)(experiment(reader, writer, number, limit)), uncheckedBy)
          // The first transaction has to end before the next statement of the second session, which may wait for it.
          return Effect.flatMap(Effect.exit(answer), (exit) =>
            Effect.match(reader.query("rollback"), {
              onFailure: () => false,
              onSuccess: () => true
            }).pipe(
              Effect.zipRight(
                Effect.match(writer.query(remove, [number]), { onFailure: () => false, onSuccess: () => true })
              ),
              Effect.flatMap(writer.end),
              Effect.zipRight(exit)
            ))
        }
      }),
    (reader) => reader.end(true)
  )

/** The failure of a database with snapshot isolation. */
const refused = new StoreFailure({
  reason: "Isolation",
  detail:
    "a transaction at READ COMMITTED did not see what another session committed after it began; this is snapshot isolation"
})

/** Fails unless the database may be used. */
export const checkIsolation = (
  driver: SqlDriver,
  { isolationTimeout, requireIsolationCheck }: IsolationOptions,
  connections?: number
): Effect.Effect<void, StoreFailure> => {
  const limit = Duration.decode(isolationTimeout ?? "2 seconds")
  const asked = connections !== undefined && connections < 2
    ? Effect.succeed<Answer>(Either.left("the store has one connection"))
    : check(driver, limit)
  // The check is bounded, and a session whose opening is interrupted would never be given back.
  return Effect.flatMap(Effect.mapError(Effect.uninterruptible(asked), failureOf), (answer) => {
    if (Either.isRight(answer)) return answer.right ? Effect.void : Effect.fail(refused)
    return requireIsolationCheck === true
      ? Effect.fail(new StoreFailure({ reason: "Isolation", detail: `it was not checked: ${answer.left}` }))
      : Effect.logWarning(`READ COMMITTED was not checked: ${answer.left}`)
  })
}
