/**
 * A `NamespaceStore` in a SQL database, over `@effect/sql`: SQLite or PostgreSQL, whichever the `SqlClient` speaks. Any driver of
 * `@effect/sql` for them will do; `Sqlite` and `Postgres` have layers that know what a store needs.
 *
 * The tables are made when the layer is built. Several processes may share one database: their writes come out as if one after
 * another.
 *
 * A store has transactions of its own and takes no part in those of the program: inside `sql.withTransaction` it refuses whatever
 * is asked, with the reason `InTransaction`. A put that shall stand whatever becomes of the transaction (which then must be another
 * client's, or leave a connection free) is asked without `SqlClient.TransactionConnection` in its context.
 *
 * @since 0.1.0
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import type * as PostgresBackend from "../postgres/database.ts"
import type * as SlicedStore from "../rowStore.ts"
import type * as SqliteTransactions from "../sqlite/transactions.ts"
import type { StoreFailure } from "../../emulator/StoreFailure.ts"
import * as StoreOverClient from "./clientDriver.ts"

/**
 * How a store waits.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends SlicedStore.ConcurrencyOptions, PostgresBackend.Options, SqliteTransactions.Options {}

/**
 * A store over a client. The tables are made, or brought up to date.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Effect.Effect<NamespaceStore, StoreFailure, SqlClient.SqlClient> =>
  StoreOverClient.shared(options)

/**
 * A store over the `SqlClient` that is provided.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<NamespaceStore, StoreFailure, SqlClient.SqlClient> = /* @__PURE__ */ Layer.effect(
  NamespaceStore,
  /* @__PURE__ */ make()
)

/**
 * The same, with other patience.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerWith = (options: Options): Layer.Layer<NamespaceStore, StoreFailure, SqlClient.SqlClient> =>
  Layer.effect(NamespaceStore, make(options))
