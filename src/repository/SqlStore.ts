/**
 * A `NamespaceStore` in a SQL database, over `@effect/sql`: SQLite or PostgreSQL, whichever the `SqlClient` speaks. Any driver of
 * `@effect/sql` for them will do; `Sqlite` and `Postgres` have layers that know what a store needs.
 *
 * The tables are made when the layer is built. Several processes may share one database: their writes come out as if one after
 * another.
 *
 * @since 0.1.0
 */
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { NamespaceStore } from "./NamespaceStore.ts"
import * as PostgresBackend from "./postgresBackend.ts"
import * as SlicedStore from "./slicedStore.ts"
import * as SqliteBackend from "./sqliteBackend.ts"
import * as SqliteTransactions from "./sqliteTransactions.ts"
import { prepare } from "./sqlTables.ts"
import { StoreFailure } from "./StoreFailure.ts"

/**
 * How a store waits.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends SlicedStore.Patience, PostgresBackend.Options, SqliteTransactions.Options {}

/**
 * A store over a client. The tables are made, or brought up to date.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Effect.Effect<NamespaceStore, StoreFailure, SqlClient.SqlClient> =>
  Effect.flatMap(SqlClient.SqlClient, (given) => {
    const sql = given.withoutTransforms()
    const backend = sql.onDialectOrElse({
      sqlite: () => Effect.succeed(SqliteBackend.over(SqliteTransactions.inEffect(sql, options))),
      pg: () => Effect.succeed(PostgresBackend.make(sql, options)),
      orElse: () =>
        Effect.fail(
          new StoreFailure({ reason: "Other", detail: "a store speaks SQLite and PostgreSQL, and this client neither" })
        )
    })
    return Effect.zipRight(prepare, Effect.map(backend, (one) => SlicedStore.make(one, options)))
  })

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
