/**
 * A SQL dialect: the statements of a store, and the decoding of their rows, for one kind of database. A dialect knows nothing of
 * connections or transactions.
 *
 * Statements are data. Reads take the `query` of a driver, because SQLite has to read damaged text a second time in another form.
 *
 * @internal
 */
import type { Eager } from "../../internal/eager.ts"
import type { StoreError } from "../../protocol/WbemError.ts"
import type { Loaded, ReadPlan, SchemaVersion, WriteSet } from "../rowDatabase.ts"
import type { Query, QueryError, Row } from "./driver.ts"

export type Statement = readonly [sql: string, parameters?: ReadonlyArray<unknown>]

/** A statement that reads these columns. */
export interface Select {
  readonly columns: ReadonlyArray<string>
  readonly text: string
}

/** How a dialect spells the tables. */
export interface TableDialect {
  /** The type of 64-bit integers. */
  readonly integer: string
  /** The end of `create table`. */
  readonly tableSuffix: string
  /** The index columns of texts that are too long for an index; undefined where an index takes any text (`postgres/keys.ts`). */
  readonly index?: {
    readonly namespace: (folded: string) => string
    readonly key: (key: string) => string
    /** The text of the column for long keys. */
    readonly long: (key: string) => string | undefined
  }
}

export interface SqlDialect extends TableDialect {
  /** The name of the database in spans (`db.system.name` of OpenTelemetry). */
  readonly system: string
  /** The statements that begin transactions. Without `read` a read runs outside a transaction: each load is one statement. */
  readonly begin: { readonly read?: string; readonly serializable: string; readonly dump: string }
  /** The expression for the text of a key. */
  readonly keyText: string
  readonly read: (
    query: Query,
    select: Select,
    parameters?: ReadonlyArray<unknown>
  ) => Eager<ReadonlyArray<Row>, QueryError>
  readonly load: (query: Query, plan: ReadPlan) => Eager<Loaded, QueryError | StoreError>
  /** Locks namespaces for a serializable transaction; undefined where `begin` locks out other writers. */
  readonly lock?: (namespaces: ReadonlyArray<string>) => Statement
  /** Locks all namespaces. */
  readonly lockAll?: string
  /** The text and parameters of the read of schema rows: those that changed after a version, or all. Columns as in `schemaColumns`. */
  readonly schemaChanges: (namespace: string, readVersion: SchemaVersion | undefined) => Statement
  /** Writes in a serializable transaction: versions are not compared. Making the text may throw a `RangeError`. */
  readonly write: (set: WriteSet) => Iterable<Statement>
  /** One statement that writes only if nothing that the set relies on has changed, and returns that as `stored`. */
  readonly writeIfUnchanged?: (set: WriteSet) => ConditionalWrite
}

export interface ConditionalWrite {
  readonly sql: string
  readonly parameters: ReadonlyArray<unknown>
  readonly isPrepared: boolean
}
