/**
 * A SQL driver: how a store reaches its database. A driver knows nothing of a store's tables or statements.
 *
 * There are four: a SQLite file (`sqlite/file.ts`), a Durable Object (`sqlite/DurableObject.ts`), a pool of `pg`
 * (`postgres/poolDriver.ts`) and any `SqlClient` of `@effect/sql` (`sql/clientDriver.ts`). `postgres/failover.ts` decorates a driver.
 *
 * @internal
 */
import type { SqlError } from "@effect/sql/SqlError"
import type * as Effect from "effect/Effect"
import type { Eager } from "../../internal/eager.ts"
import type { StoreError } from "../../protocol/WbemError.ts"

/** A row as the driver returns it. */
export type Row = Readonly<Record<string, unknown>>

/** A statement that a driver without `SqlError` refused. */
export class StatementError {
  readonly _tag = "StatementError"
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}

export type QueryError = SqlError | StatementError

export interface QueryOptions {
  /** The text is one of a few, and its plan does not depend on the parameters: the statement may stay prepared. */
  readonly isPrepared?: boolean
  /** Called when the statement is sent: from then on, until the answer, the outcome is unknown. */
  readonly onSend?: (() => void) | undefined
}

/** Runs one statement. */
export type Query = (
  sql: string,
  parameters?: ReadonlyArray<unknown>,
  options?: QueryOptions
) => Eager<ReadonlyArray<Row>, QueryError>

/** A connection that no other caller uses until it is ended. */
export interface SqlSession {
  readonly query: Query
  /** Gives the connection back. One that is not clean may be inside a transaction, so no other caller gets it. */
  readonly end: (isClean: boolean) => Effect.Effect<void>
}

/** Makes a region interruptible again if its caller was. */
export type Restore = <A, E, R>(effect: Eager<A, E, R>) => Eager<A, E, R>

/**
 * The connections of one database. A driver completes either every effect synchronously or none: a transaction that has begun
 * synchronously could otherwise be interrupted before it is ended (`Eager.uninterruptibleMask`).
 */
export interface SqlDriver {
  /** Runs a statement outside any transaction, on any free connection. */
  readonly query: Query
  /** Opens a session. The caller must not be interrupted before it ends the session, except inside `restore`. */
  readonly open: (restore: Restore) => Eager<SqlSession, QueryError | StoreError>
  /** For a database that does not allow statements that begin and end transactions: runs the work in a transaction. */
  readonly transaction?: <A, E>(work: (query: Query) => Eager<A, E>) => Eager<A, E | QueryError>
}
