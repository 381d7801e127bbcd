/**
 * The driver of a SQLite that answers synchronously: a transaction is one step of plain code, and no other fiber runs in between.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Eager from "../../internal/eager.ts"
import type { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import type { StoreError } from "../../protocol/WbemError.ts"
import * as RowStore from "../rowStore.ts"
import { type Query, type Row, type SqlDriver, type SqlSession, StatementError } from "../sql/driver.ts"
import { type BusyOptions, retryBusy } from "../sql/retries.ts"
import * as SqlDatabase from "../sql/sqlDatabase.ts"
import type { Reads } from "./damagedText.ts"
import { sqlite } from "./dialect.ts"

/** Runs a statement, or throws the driver's error. */
export type RunSync = (sql: string, parameters: ReadonlyArray<unknown>) => ReadonlyArray<Row>

/** A SQLite handle that only the store uses. */
export interface SyncDatabase {
  readonly run: RunSync
  /** The failure of a transaction if the open file is not the one at its path any more. A transaction begins with it. */
  readonly check: () => StoreError | undefined
  readonly reads: Reads
}

export const queryOf = (run: RunSync): Query => (sql, parameters = []) =>
  Eager.suspend(() => {
    try {
      return Exit.succeed(run(sql, parameters))
    } catch (cause) {
      return Eager.fail(new StatementError(cause))
    }
  })

export const make = ({ check, run }: SyncDatabase): SqlDriver => {
  const query = queryOf(run)
  const session: SqlSession = { query, end: () => Effect.void }
  return {
    query,
    open: () =>
      Eager.suspend(() => {
        const failure = check()
        return failure === undefined ? Exit.succeed(session) : Eager.fail(failure)
      })
  }
}

/** A store over a handle of a file that has the tables. */
export const storeOf = (
  database: SyncDatabase,
  options: RowStore.ConcurrencyOptions & BusyOptions
): NamespaceStore =>
  RowStore.make(SqlDatabase.make(sqlite(database.reads), make(database), retryBusy(options)), options)
