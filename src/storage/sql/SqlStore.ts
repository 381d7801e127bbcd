/**
 * A `NamespaceStore` in a SQL database, over `@effect/sql`: SQLite or PostgreSQL, whichever the `SqlClient` speaks. Any driver of
 * `@effect/sql` for them will do; `Sqlite` and `Postgres` have layers with drivers of their own.
 *
 * The tables are made when the layer is built. Several processes may share one database: their writes come out as if one after
 * another.
 *
 * A store has transactions of its own and takes no part in those of the program: inside `sql.withTransaction` every call fails with
 * the reason `InTransaction`. A put that must be stored whatever becomes of the transaction (which then must be another client's, or
 * leave a connection free) is called without `SqlClient.TransactionConnection` in its context.
 *
 * @since 0.1.0
 * @module
 */
import * as SqlClient from "@effect/sql/SqlClient"
import type * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import { checked } from "../../internal/checkedConfig.ts"
import { checkIsolation, type IsolationOptions } from "../postgres/isolation.ts"
import type { RowDatabase } from "../rowDatabase.ts"
import * as RowStore from "../rowStore.ts"
import { postgresDriver, refusingTransactions, sqliteDriver } from "./clientDriver.ts"
import { storeChecks } from "../optionChecks.ts"
import { type BusyOptions, retryBusy } from "./retries.ts"
import { dialectOf, prepare } from "./schema.ts"
import * as SqlDatabase from "./sqlDatabase.ts"
import { type AnswerOptions, answerTimeoutOf } from "./timeouts.ts"

/**
 * How a store retries and waits.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends RowStore.ConcurrencyOptions, AnswerOptions, IsolationOptions, BusyOptions {}

/** The database of a client that has the tables. */
const databaseOf = (sql: SqlClient.SqlClient, options: Options): Effect.Effect<RowDatabase, StoreFailure> =>
  sql.onDialectOrElse({
    sqlite: () => Effect.succeed(SqlDatabase.make(dialectOf(sql), sqliteDriver(sql), retryBusy(options))),
    pg: () => {
      const driver = postgresDriver(sql, answerTimeoutOf(options))
      return Effect.as(checkIsolation(driver, options), SqlDatabase.make(dialectOf(sql), driver))
    },
    orElse: () =>
      Effect.fail(
        new StoreFailure({ reason: "Other", detail: "a store speaks SQLite and PostgreSQL, and this client neither" })
      )
  })

/**
 * A store over a client. The tables are made, or brought up to date.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Effect.Effect<NamespaceStore, StoreFailure, SqlClient.SqlClient> =>
  refusingTransactions(Effect.flatMap(SqlClient.SqlClient, (client) => {
    const sql = client.withoutTransforms()
    return Effect.zipRight(
      prepare,
      Effect.map(databaseOf(sql, options), (database) => RowStore.make(database, options))
    )
  }))

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
 * The same, with options.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerWith = (options: Options): Layer.Layer<NamespaceStore, StoreFailure, SqlClient.SqlClient> =>
  Layer.effect(NamespaceStore, make(options))

/**
 * The layer of {@link layerWith} with options that come from `Config`. An option that makes no sense, such as a negative number of
 * attempts, is a `ConfigError` that names the option.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  config: Config.Config.Wrap<Options>
): Layer.Layer<NamespaceStore, StoreFailure | ConfigError, SqlClient.SqlClient> =>
  Layer.unwrapEffect(Effect.map(checked(config, storeChecks), layerWith))
