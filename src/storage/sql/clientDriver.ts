/**
 * A store over a client, and what it has to do with transactions of the program: nothing. It has its own, because a group of puts
 * shares one. A put in the middle of a transaction of the same client could not take part, and over SQLite, or over the last
 * connection of a pool, it would wait for its own caller. So a store over a client that others have too refuses to be asked there.
 *
 * `@effect/sql` says that a transaction is open and not which client's it is.
 *
 * @internal
 */
import * as SqlClient from "@effect/sql/SqlClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as PostgresBackend from "../postgres/database.ts"
import * as SlicedStore from "../rowStore.ts"
import { wbemError } from "./failures.ts"
import * as SqliteBackend from "../sqlite/statements.ts"
import * as SqliteTransactions from "../sqlite/transactions.ts"
import { prepare } from "./schema.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import type { NamespaceStore } from "../../emulator/NamespaceStore.ts"

type Options = SlicedStore.ConcurrencyOptions & PostgresBackend.Options & SqliteTransactions.Options

const store = (options: Options): Effect.Effect<NamespaceStore, StoreFailure, SqlClient.SqlClient> =>
  Effect.flatMap(SqlClient.SqlClient, (given) => {
    const sql = given.withoutTransforms()
    const backend = sql.onDialectOrElse({
      sqlite: () => Effect.succeed(SqliteBackend.over(SqliteTransactions.inEffect(sql, options))),
      pg: () => PostgresBackend.make(sql, options),
      orElse: () =>
        Effect.fail(
          new StoreFailure({ reason: "Other", detail: "a store speaks SQLite and PostgreSQL, and this client neither" })
        )
    })
    return Effect.zipRight(prepare, Effect.map(backend, (one) => SlicedStore.make(one, options)))
  })

/** For a client that nobody else has. What makes the tables would otherwise run on the connection of whoever's transaction it is. */
export const inNobodysTransaction = <A, E, R>(asked: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.mapInputContext(
    asked,
    // A context holds what is around it, whether its type says so or not.
    (all: Context.Context<R>) =>
      Context.omit(SqlClient.TransactionConnection)(
        all as Context.Context<R | SqlClient.TransactionConnection>
      ) as Context.Context<R>
  )

/** Refuses what is asked in a transaction. */
const outside = <A, E, R, E2>(asked: Effect.Effect<A, E, R>, refusal: () => E2): Effect.Effect<A, E | E2, R> =>
  Effect.withFiberRuntime((fiber) =>
    fiber.currentContext.unsafeMap.has(SqlClient.TransactionConnection.key) ? Effect.fail(refusal()) : asked
  )

const refusal = (): StoreFailure => new StoreFailure({ reason: "InTransaction" })
const status = () => wbemError(refusal(), false)

/** Over a client that others have too. */
export const shared = (options: Options): Effect.Effect<NamespaceStore, StoreFailure, SqlClient.SqlClient> =>
  outside(
    Effect.map(store(options), (one): NamespaceStore => ({
      modify: (...given) => outside(one.modify(...given), status),
      read: (...given) => outside(one.read(...given), status),
      readCached: (...given) => outside(one.readCached(...given), status),
      namespaces: outside(one.namespaces, status),
      snapshot: outside(one.snapshot, status),
      restore: (snapshot) => outside(one.restore(snapshot), status)
    })),
    refusal
  )
