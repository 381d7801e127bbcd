/**
 * A store in PostgreSQL, at one address or at several of which one is the primary.
 *
 * A store has connections of its own, over the pool of `pg`, in which a put is one step; `layerClient` makes a client of
 * `@effect/sql-pg` for whatever else is kept in the database. A store over a client that is there already (`SqlStore`) does the same
 * with more around each statement. Poolers like PgBouncer may stand between, also those that share sessions between transactions.
 *
 * With several, the store works on the one that is not in recovery. When a connection is lost, or a server turns out to be read-only
 * because it is a standby now, the next put looks again, waiting for a bounded time until some server is the primary: what was on its
 * way when the connection was lost is `Unknown` in a bulk run, and the run goes on.
 *
 * @since 0.1.0
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as EmulatedRepository from "../../emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import * as PostgresBackend from "./database.ts"
import { checkIsolation } from "./isolation.ts"
import * as PostgresPool from "./pool.ts"
import { bounded, type Session, type Sessions } from "./sessions.ts"
import * as SlicedStore from "../rowStore.ts"
import { failureOf, reasonOf } from "../sql/failures.ts"
import type * as SqlStore from "../sql/SqlStore.ts"
import { inNobodysTransaction } from "../sql/clientDriver.ts"
import { prepare } from "../sql/schema.ts"
import type { StoreFailure, StoreReason } from "../../emulator/StoreFailure.ts"

/**
 * Where the database is, and how many connections are made.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** `postgres://user:password@host:port/database`; with several the store works on the one that is the primary. */
  readonly url: Redacted.Redacted<string> | ReadonlyArray<Redacted.Redacted<string>>
  /** Most connections at a time; 10 if not given. One is enough for the puts of a process, others serve its reads. */
  readonly maxConnections?: number | undefined
  /** How long to wait for a connection; 5 seconds if not given. */
  readonly connectTimeout?: Duration.DurationInput | undefined
  /** With several addresses, how long to look for the primary after it was lost; 30 seconds if not given. */
  readonly failoverTimeout?: Duration.DurationInput | undefined
}

/** A database as a client of it and as the sessions of a store. */
interface Opened {
  readonly client: SqlClient.SqlClient
  readonly sessions: Sessions
}

/** One server, and what ends its use. */
interface Found extends Opened {
  readonly scope: Scope.CloseableScope
}

type StoreOptions = Options & PostgresBackend.Options

/** What says that a server is not the one to work on. */
const elsewhere: ReadonlySet<StoreReason> = new Set(["Unreachable", "ReadOnly", "Busy"])

const isLost = (error: SqlError): boolean => elsewhere.has(reasonOf(error))

const standby = new SqlError({
  cause: Object.assign(new Error("the server is a standby"), { code: "25006" }),
  message: "the server is a standby"
})

const over = new SqlError({ cause: new Error("the store is closed"), message: "the store is closed" })

/** One server. */
const at = (
  options: StoreOptions,
  url: Redacted.Redacted<string>
): Effect.Effect<Opened, SqlError, Scope.Scope | Reactivity.Reactivity> =>
  Effect.flatMap(
    PostgresPool.make({
      url: Redacted.value(url),
      maxConnections: options.maxConnections ?? 10,
      connectTimeout: options.connectTimeout ?? "5 seconds"
    }),
    (pool) =>
      Effect.map(PgClient.fromPool({ acquire: Effect.succeed(pool) }), (client) => ({
        client,
        sessions: PostgresPool.sessions(pool, PostgresBackend.answerTimeoutOf(options))
      }))
  )

/** A server, if that is the primary. */
const primaryAt = (options: StoreOptions) => (url: Redacted.Redacted<string>): Effect.Effect<Found, SqlError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Scope.make(), (scope) =>
      restore(
        at(options, url).pipe(
          Effect.tap(({ client }) =>
            Effect.flatMap(
              bounded(Duration.decode(options.connectTimeout ?? "5 seconds"), { late: PostgresPool.speechless })(
                client.unsafe<{ readonly standby: boolean }>("select pg_is_in_recovery() as standby")
              ),
              ([row]) => row?.standby === true ? Effect.fail(standby) : Effect.void
            )
          ),
          Effect.provide(Reactivity.layer),
          Scope.extend(scope)
        )
      ).pipe(
        Effect.map((opened): Found => ({ ...opened, scope })),
        Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
      ))
  )

/** The first address that answers as the primary; else what the last one said. */
const firstPrimary = (
  options: StoreOptions,
  urls: ReadonlyArray<Redacted.Redacted<string>>
): Effect.Effect<Found, SqlError> => {
  const [first, ...others] = urls.map(primaryAt(options))
  return others.reduce(
    (before, next) => Effect.catchAll(before, () => next),
    first ?? Effect.fail(new SqlError({ cause: new Error("there is no address"), message: "there is no address" }))
  )
}

/** Connections that tell when they are lost. */
const watched = (connection: Connection, lost: Effect.Effect<void>): Connection => {
  const watch = <A>(effect: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> =>
    Effect.tapError(effect, (error) => isLost(error) ? lost : Effect.void)
  return {
    execute: (...statement) => watch(connection.execute(...statement)),
    executeRaw: (...statement) => watch(connection.executeRaw(...statement)),
    executeValues: (...statement) => watch(connection.executeValues(...statement)),
    executeUnprepared: (...statement) => watch(connection.executeUnprepared(...statement)),
    executeStream: (...statement) =>
      Stream.tapError(connection.executeStream(...statement), (error) => isLost(error) ? lost : Effect.void)
  }
}

/**
 * Whichever server is the primary.
 */
const following = (
  options: StoreOptions,
  urls: ReadonlyArray<Redacted.Redacted<string>>
): Effect.Effect<Opened, SqlError, Scope.Scope | Reactivity.Reactivity> =>
  Effect.gen(function* () {
    const limit = options.failoverTimeout ?? "30 seconds"
    const again = Schedule.exponential("20 millis", 1.5).pipe(
      Schedule.union(Schedule.spaced("500 millis")),
      Schedule.jittered,
      Schedule.upTo(limit)
    )
    const open = firstPrimary(options, urls)
    const looking = Effect.unsafeMakeSemaphore(1)
    let current: Found | undefined = yield* open
    const scope = yield* Effect.scope
    let closed = false
    yield* Scope.addFinalizerExit(scope, (exit) =>
      Effect.suspend(() => {
        closed = true
        return current === undefined ? Effect.void : Scope.close(current.scope, exit)
      }))
    const lose = (which: Found): Effect.Effect<void> =>
      Effect.suspend(() => {
        if (current !== which) {
          return Effect.void
        }
        current = undefined
        // Its connections are given back by whoever holds them; nobody waits for that.
        return Effect.asVoid(Effect.forkIn(Effect.interruptible(Scope.close(which.scope, Exit.void)), scope))
      })
    const primary: Effect.Effect<Found, SqlError> = Effect.suspend(() =>
      current !== undefined ? Effect.succeed(current) : looking.withPermits(1)(
        Effect.suspend(() =>
          current !== undefined
            ? Effect.succeed(current)
            : Effect.uninterruptibleMask((restore) =>
              Effect.flatMap(restore(Effect.retry(open, { schedule: again, while: isLost })), (found) => {
                if (closed) return Effect.zipRight(Scope.close(found.scope, Exit.void), Effect.fail(over))
                current = found
                return Effect.succeed(found)
              })
            )
        )
      )
    )
    // A server whose connections are all taken is not lost, and so it is with whatever it refuses.
    const told = (found: Found) => (error: SqlError): Effect.Effect<void> => isLost(error) ? lose(found) : Effect.void
    const reserved = Effect.flatMap(primary, (found) =>
      Effect.map(
        Effect.tapError(found.client.reserve, told(found)),
        (connection) => watched(connection, lose(found))
      ))
    // A pool whose server went fails once more before it is known; the next one is a new one.
    const acquire = Effect.retry(reserved, { schedule: again, while: isLost })
    const one = <A>(use: (connection: Connection) => Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> =>
      Effect.scoped(Effect.flatMap(acquire, use))
    const sessions: Sessions = {
      ask: (single) => {
        let sent = false
        const sending = single.sending && (() => {
          sent = true
          single.sending?.()
        })
        const once = Effect.flatMap(primary, (found) =>
          Effect.tapError(found.sessions.ask({ ...single, sending }), told(found)))
        // A write that was sent is not sent again: whoever asked has to know.
        const isUnsent = (error: SqlError): boolean =>
          !sent && isLost(error)
        return Effect.catchIf(once, isUnsent, () => Effect.retry(once, { schedule: again, while: isUnsent }))
      },
      begin: Effect.retry(
        Effect.flatMap(primary, (found) =>
          Effect.map(
            Effect.tapError(found.sessions.begin, told(found)),
            ({ end, run }): Session => ({
              run: (...statement) => Effect.tapError(run(...statement), told(found)),
              end
            })
          )),
        { schedule: again, while: isLost }
      )
    }
    const client = yield* SqlClient.make({
      acquirer: Effect.succeed<Connection>({
        execute: (...statement) => one((connection) => connection.execute(...statement)),
        executeRaw: (...statement) => one((connection) => connection.executeRaw(...statement)),
        executeValues: (...statement) => one((connection) => connection.executeValues(...statement)),
        executeUnprepared: (...statement) => one((connection) => connection.executeUnprepared(...statement)),
        executeStream: (...statement) =>
          Stream.unwrapScoped(Effect.map(acquire, (connection) => connection.executeStream(...statement)))
      }),
      transactionAcquirer: acquire,
      compiler: PgClient.makeCompiler(),
      spanAttributes: [["db.system.name", "postgresql"]]
    })
    return { client, sessions }
  })

const isOne = (url: Options["url"]): url is Redacted.Redacted<string> => !Array.isArray(url)

const open = (
  options: StoreOptions
): Effect.Effect<Opened, StoreFailure, Scope.Scope | Reactivity.Reactivity> => {
  const { url } = options
  return Effect.mapError(isOne(url) ? at(options, url) : following(options, url), failureOf)
}

/**
 * A client of the database.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options
): Effect.Effect<SqlClient.SqlClient, StoreFailure, Scope.Scope | Reactivity.Reactivity> =>
  Effect.map(open(options), ({ client }) => client)

/**
 * A client of the database, for whatever else is kept in it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerClient = (options: Options): Layer.Layer<SqlClient.SqlClient, StoreFailure> =>
  Layer.provide(Layer.scoped(SqlClient.SqlClient, make(options)), Reactivity.layer)

/**
 * A store in the database. Its tables are made there, in the schema that comes first in the user's search path.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerStore = (options: Options & SqlStore.Options): Layer.Layer<NamespaceStore, StoreFailure> =>
  Layer.provide(
    Layer.scoped(
      NamespaceStore,
      Effect.flatMap(open(options), ({ client, sessions }) =>
        Effect.as(
          Effect.zipRight(
            // The tables are made through a client; after that nobody but the store uses the connections.
            Effect.provideService(inNobodysTransaction(prepare), SqlClient.SqlClient, client),
            checkIsolation(sessions, options, options.maxConnections)
          ),
          SlicedStore.make(PostgresBackend.over(sessions), options)
        ))
    ),
    Reactivity.layer
  )

/**
 * An emulated repository whose namespaces are kept in the database: `Wmi.layer(Postgres.layer({ url }))` in place of
 * `Wmi.layerMemory`. It is apart from `Wmi` so that nobody else carries it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options & SqlStore.Options
): Layer.Layer<EmulatedRepository.Services, StoreFailure> =>
  Layer.provide(EmulatedRepository.layer, layerStore(options))
