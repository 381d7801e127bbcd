/**
 * A `StoreBackend` over PostgreSQL, at READ COMMITTED.
 *
 * A put of instances is two statements without a transaction around them: a look that brings the versions of the namespaces and
 * rows, and a write that holds only while they hold. The write takes a shared lock of its namespaces' rows, so no class changes
 * between; a transaction that changes classes, or must count instances, locks those rows for itself and waits for the others.
 *
 * The words are in `postgresLooks`, `postgresConditional` (the write that holds only while nothing has changed) and `postgresWrites`
 * (those of a transaction); here is which of them is said when, and what a transaction is.
 *
 * What is used: primary keys, `insert … on conflict`, writes in `with`, `for update` and `for share`, `json_to_recordset` and
 * `string_to_array` for lists. What was left out so that PostgreSQL-compatible databases can stand in: advisory locks, sequences,
 * triggers, `xmin`, notify. Prepared statements outlive a transaction only over connections of our own, and are not relied on there
 * (`postgresPool`).
 *
 * @internal
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { WbemError } from "../../protocol/WbemError.ts"
import { conditional } from "./conditionalWrites.ts"
import { load, lockNamespaces, type Run, schemaChangesSince } from "./queries.ts"
import * as PostgresIsolation from "./isolation.ts"
import { beginAlone, overClient, type Sessions } from "./sessions.ts"
import { replace, writeAll } from "./statements.ts"
import { isTaken, takenBack } from "../refusedRows.ts"
import { asText, dump, type Execute, inTurn, namespaceNames, toWbemError } from "../sql/sqlDatabase.ts"
import { type Ask, type Commit, type Conflict, inEffect, type StoreBackend } from "../rowDatabase.ts"
import type { StoreFailure } from "../../emulator/StoreFailure.ts"
import { sized } from "../textLimits.ts"

/**
 * How long to wait for the database.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends PostgresIsolation.Options {
  /**
   * For each answer; 60 seconds if not given. Then a put fails: with `Timeout` when nothing was sent, with `TransportFailure` and
   * `sent` when nobody knows what became of it.
   */
  readonly answerTimeout?: Duration.DurationInput | undefined
}

/** What is asked over one connection; `locking` where a transaction takes its namespaces for itself. */
const answer = (run: Run, locking: boolean) => (ask: Ask): Effect.Effect<unknown, WbemError | Conflict> => {
  const answered = (): Effect.Effect<unknown, SqlError | WbemError> => {
    switch (ask._tag) {
      case "Load":
        return locking
          ? Effect.zipRight(lockNamespaces(run, ask.wanted.namespaces), load(run)(ask.wanted))
          : load(run)(ask.wanted)
      case "SchemaChangesSince":
        return schemaChangesSince(run)(ask.namespace, ask.seen)
      case "Write":
        return Effect.as(writeAll(run)(ask.commit), true)
    }
  }
  return Effect.mapError(answered(), toWbemError(false))
}

/**
 * A transaction in a session of its own. What fails is rolled back; where that is not answered nobody else gets the session. When
 * the commit itself fails nobody knows, unless the database says that it did not happen.
 */
const transaction = (sessions: Sessions) =>
<A>(
  begin: string,
  use: (run: Execute) => Effect.Effect<A, SqlError | WbemError | Conflict>
): Effect.Effect<A, WbemError | Conflict> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.mapError(sessions.begin, toWbemError(false)), ({ end, run }) => {
      let committing = false
      const whole = Effect.flatMap(restore(Effect.zipRight(run(begin), use(run))), (value) => {
        committing = true
        return Effect.as(run("commit"), value)
      })
      return Effect.matchCauseEffect(whole, {
        onSuccess: (value) => Effect.as(end(true), value),
        onFailure: (cause) =>
          Effect.flatMap(
            Effect.match(run("rollback"), { onFailure: () => false, onSuccess: () => true }),
            (clean) => Effect.zipRight(end(clean), Effect.mapError(Effect.failCause(cause), toWbemError(committing)))
          )
      })
    })
  )

/** The backend over sessions. */
export const over = (sessions: Sessions): StoreBackend => {
  const alone = transaction(sessions)
  const look: Run = (sql, parameters = [], lasting = false) => sessions.ask({ sql, parameters, lasting })
  const looking = answer(look, false)
  const writeIfUnchanged = (commit: Commit): Effect.Effect<boolean, WbemError | Conflict> => {
    let sent = false
    const sending = (): void => {
      sent = true
    }
    return Effect.mapBoth(
      Effect.flatMap(sized(() => conditional(commit)), (statement) => sessions.ask({ ...statement, sending })),
      {
        onFailure: (error) => toWbemError(sent)(error),
        onSuccess: ([row]) => row?.["stored"] === true
      }
    )
  }
  return {
    reading: inEffect(looking),
    writing: (work) => alone(beginAlone, (run) => inEffect(answer(run, true))(work)),
    optimistic: {
      most: Number.POSITIVE_INFINITY,
      run: inEffect((ask) => ask._tag === "Write" ? writeIfUnchanged(ask.commit) : looking(ask))
    },
    wouldTake: (commit) =>
      isTaken(alone(beginAlone, (run) => Effect.zipRight(writeAll(run)(commit), Effect.fail(takenBack)))),
    dump: alone(
      "begin isolation level repeatable read read only",
      (run) => inTurn(run)(() => dump(asText, "coalesce(long, key)"))
    ),
    namespaces: Effect.mapError(inTurn(look)(() => namespaceNames(asText)), toWbemError(false)),
    replace: (contents) => alone(beginAlone, replace(contents))
  }
}

/** The backend over a client of a database that has its tables. Refuses one that does not keep READ COMMITTED. */
export const make = (sql: SqlClient.SqlClient, options: Options): Effect.Effect<StoreBackend, StoreFailure> => {
  const sessions = overClient(sql, answerTimeoutOf(options))
  return Effect.as(PostgresIsolation.checkIsolation(sessions, options), over(sessions))
}

/** How long an answer is waited for. */
export const answerTimeoutOf = ({ answerTimeout }: Options): Duration.Duration =>
  Duration.decode(answerTimeout ?? "60 seconds")
