/**
 * One `SqlClient` over whichever synchronous SQLite the runtime has: the built-in `node:sqlite` (Node 22 and later, Deno, Bun), else
 * the package `libsql` (Node 20). This is the one file below the command line that knows of runtimes.
 *
 * A file is looked at before anything is written to it: one of another program, or of a newer version, is refused and stays as it
 * was. Commits are on the disk when they are answered (`synchronous=FULL`, write-ahead log).
 *
 * @since 0.1.0
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Statement from "@effect/sql/Statement"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as EmulatedRepository from "./EmulatedRepository.ts"
import { NamespaceStore } from "./NamespaceStore.ts"
import * as SlicedStore from "./slicedStore.ts"
import { failureOf } from "./sqlFailure.ts"
import * as SqliteBackend from "./sqliteBackend.ts"
import * as SqliteTransactions from "./sqliteTransactions.ts"
import type * as SqlStore from "./SqlStore.ts"
import { prepare } from "./sqlTables.ts"
import { StoreFailure } from "./StoreFailure.ts"

/**
 * Which file, and how firmly it is kept.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** A path; `:memory:` keeps everything in memory. A file that is not there is made. */
  readonly filename: string
  /**
   * `FULL`, if not given: what was answered survives the loss of power. `NORMAL`: it survives the end of the process, and the loss
   * of power costs the last commits but damages nothing.
   */
  readonly synchronous?: "FULL" | "NORMAL" | undefined
}

/** A statement that is prepared. */
interface Prepared {
  /** Its rows, none for a statement that returns none. */
  readonly rows: (parameters: ReadonlyArray<unknown>) => ReadonlyArray<Record<string, unknown>>
  /** How many rows it changed. */
  readonly changes: (parameters: ReadonlyArray<unknown>) => number
}

/** The part of a SQLite handle that the client uses. */
interface Handle {
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => Prepared
  readonly close: () => void
}

/** What the two drivers have in common. */
interface AnyStatement {
  readonly reader?: boolean
  readonly all: (...parameters: ReadonlyArray<unknown>) => Array<Record<string, unknown>>
  readonly run: (...parameters: ReadonlyArray<unknown>) => { readonly changes: number | bigint }
}
interface AnyDatabase {
  readonly exec: (sql: string) => unknown
  readonly prepare: (sql: string) => AnyStatement
  readonly close: () => void
}
type AnyDriver = new (filename: string) => AnyDatabase

const adapt = (database: AnyDatabase): Handle => ({
  exec: (sql) => void database.exec(sql),
  close: () => database.close(),
  prepare: (sql) => {
    const statement = database.prepare(sql)
    return {
      rows: statement.reader === false
        ? (parameters) => {
          statement.run(...parameters)
          return []
        }
        : (parameters) => statement.all(...parameters),
      changes: (parameters) => Number(statement.run(...parameters).changes)
    }
  }
})

/** Found once, and only when a file is opened: a name that no bundler can follow, because most bundles need neither. */
const driver: Effect.Effect<AnyDriver, StoreFailure> = Effect.tryPromise({
  try: async () => {
    const [builtIn, optional] = ["node:sqlite", "libsql"]
    const found = await import(builtIn!).then(
      (module: { readonly DatabaseSync?: AnyDriver }) => module.DatabaseSync,
      () => undefined
    )
    return found ?? (await import(optional!) as { readonly default: AnyDriver }).default
  },
  catch: (cause) => new StoreFailure({ reason: "NoDriver", cause })
})

/** "WMI1": the mark that SQLite keeps for programs in the head of their files. */
const applicationId = 0x574d4931

/** What stands where a file should be; nothing where it cannot be looked at, which is reported as it was found. */
const standing = (filename: string): Effect.Effect<"File" | "Directory" | undefined> =>
  Effect.promise(async () => {
    const name = "node:fs/promises"
    try {
      const fs = await import(name) as {
        readonly stat: (path: string) => Promise<{ readonly isDirectory: () => boolean }>
      }
      return (await fs.stat(filename)).isDirectory() ? "Directory" : "File"
    } catch {
      return undefined
    }
  })

const cannotOpen = (filename: string) => (failure: StoreFailure): Effect.Effect<never, StoreFailure> =>
  Effect.flatMap(standing(filename), (found) =>
    new StoreFailure({
      reason: found === "Directory" ? "Directory" : failure.reason,
      detail: failure.detail === undefined ? filename : `${filename}: ${failure.detail}`,
      cause: failure.cause
    }))

/** Looks whose file it is. A new one gets our mark. */
const claim = (handle: Handle): void => {
  const [mark] = handle.prepare("pragma application_id").rows([])
  const [objects] = handle.prepare("select count(*) as n from sqlite_master").rows([])
  if (Number(mark?.["application_id"]) === applicationId) return
  // Another program marks its files too, and may have no tables yet.
  if (Number(mark?.["application_id"]) !== 0 || Number(objects?.["n"]) > 0) {
    throw new StoreFailure({ reason: "NotOurs" })
  }
  handle.exec(`pragma application_id = ${applicationId}`)
}

const pragmas = (synchronous: "FULL" | "NORMAL"): ReadonlyArray<string> => [
  "pragma journal_mode = wal",
  `pragma synchronous = ${synchronous}`,
  "pragma busy_timeout = 0" // SQLite waits by blocking the process; the store waits for it
]

/** While a file is opened somebody may be making its tables. */
const openingTimeout = "pragma busy_timeout = 5000"

const open = ({ filename, synchronous = "FULL" }: Options): Effect.Effect<Handle, StoreFailure, Scope.Scope> =>
  Effect.flatMap(driver, (Driver) =>
    Effect.acquireRelease(
      Effect.try({ try: () => adapt(new Driver(filename)), catch: failureOf }),
      (handle) => Effect.sync(() => handle.close())
    )).pipe(
      Effect.tap((handle) =>
        Effect.try({
          try: () => {
            handle.exec(openingTimeout)
            claim(handle)
            for (const pragma of pragmas(synchronous)) handle.exec(pragma)
          },
          catch: (error) => error instanceof StoreFailure ? error : failureOf(error)
        })
      ),
      Effect.catchAll(cannotOpen(filename))
    )

/** Most statements that are kept prepared. */
const mostPrepared = 200

/** Runs statements of a handle, and keeps them prepared. */
const driverOf = (handle: Handle): Effect.Effect<SqliteTransactions.Driver, never, Scope.Scope> => {
  const kept = new Map<string, Prepared>()
  const prepared = (sql: string): Prepared => {
    const known = kept.get(sql)
    if (known !== undefined) return known
    const made = handle.prepare(sql)
    if (kept.size >= mostPrepared) kept.clear()
    kept.set(sql, made)
    return made
  }
  // With `libsql` a file stays open for as long as a statement of it is at hand.
  return Effect.as(Effect.addFinalizer(() => Effect.sync(() => kept.clear())), {
    rows: (sql, parameters = []) => prepared(sql).rows(parameters),
    changes: (sql, parameters) => prepared(sql).changes(parameters)
  })
}

const connectionOf = (driver: SqliteTransactions.Driver): Connection => {
  const run = (sql: string, parameters: ReadonlyArray<unknown>) =>
    Effect.try({
      try: () => driver.rows(sql, parameters),
      catch: (cause) => new SqlError({ cause, message: "SQLite refused a statement" })
    })
  const rows: Connection["execute"] = (sql, parameters, transform) =>
    transform === undefined ? run(sql, parameters) : Effect.map(run(sql, parameters), transform)
  return {
    execute: rows,
    executeUnprepared: rows,
    executeRaw: run,
    executeValues: (sql, parameters) =>
      Effect.map(run(sql, parameters), (found) => found.map((row) => Object.values(row))),
    executeStream: (sql, parameters, transform) => Stream.fromIterableEffect(rows(sql, parameters, transform))
  }
}

const clientOf = (
  driver: SqliteTransactions.Driver
): Effect.Effect<SqlClient.SqlClient, never, Reactivity.Reactivity> => {
  const connection = connectionOf(driver)
  const lock = Effect.unsafeMakeSemaphore(1)
  return SqlClient.make({
    acquirer: lock.withPermits(1)(Effect.succeed(connection)),
    transactionAcquirer: Effect.uninterruptibleMask((restore) =>
      Effect.zipRight(
        restore(lock.take(1)),
        Effect.as(Effect.flatMap(Effect.scope, (scope) => Scope.addFinalizer(scope, lock.release(1))), connection)
      )
    ),
    beginTransaction: "begin immediate",
    compiler: Statement.makeCompilerSqlite(),
    spanAttributes: [["db.system.name", "sqlite"]]
  })
}

/**
 * A client over one file.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options
): Effect.Effect<SqlClient.SqlClient, StoreFailure, Scope.Scope | Reactivity.Reactivity> =>
  Effect.flatMap(Effect.flatMap(open(options), driverOf), clientOf)

/**
 * A client over one file, for whatever else is kept in it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerClient = (options: Options): Layer.Layer<SqlClient.SqlClient, StoreFailure> =>
  Layer.provide(Layer.scoped(SqlClient.SqlClient, make(options)), Reactivity.layer)

/**
 * A store in one file.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerStore = (options: Options & SqlStore.Options): Layer.Layer<NamespaceStore, StoreFailure> =>
  Layer.scoped(
    NamespaceStore,
    Effect.flatMap(Effect.flatMap(open(options), driverOf), (driver) =>
      Effect.as(
        // The tables are made through a client; after that nobody but the store uses the handle.
        Effect.provideServiceEffect(prepare, SqlClient.SqlClient, Effect.provide(clientOf(driver), Reactivity.layer)),
        SlicedStore.make(
          SqliteBackend.over(
            SqliteTransactions.atOnce(driver, options),
            SqliteTransactions.optimistic(driver, options)
          ),
          options
        )
      ))
  )

/**
 * An emulated repository whose namespaces are kept in one file: `Wmi.layer(Sqlite.layer({ filename: "wmi.db" }))` in place of
 * `Wmi.layerMemory`. It is apart from `Wmi` so that nobody else carries it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options & SqlStore.Options
): Layer.Layer<EmulatedRepository.Services, StoreFailure> =>
  Layer.provide(EmulatedRepository.layer, layerStore(options))

/**
 * Copies a store into a new file, as it is at one moment, while others go on writing to it. The copy is a store of its own: open it
 * to have a fork, keep it to have a restore point. Its free pages are left out.
 *
 * @since 0.1.0
 * @category verbs
 */
export const save = (
  { filename, to }: { readonly filename: string; readonly to: string }
): Effect.Effect<void, StoreFailure> =>
  Effect.gen(function* () {
    if ((yield* standing(filename)) === undefined) {
      return yield* new StoreFailure({ reason: "CannotOpen", detail: `${filename}: it is not there` })
    }
    if ((yield* standing(to)) !== undefined) {
      return yield* new StoreFailure({ reason: "CannotOpen", detail: `${to}: it is there already` })
    }
    const handle = yield* open({ filename })
    yield* Effect.try({
      try: () => void handle.prepare("vacuum into ?").rows([to]),
      catch: failureOf
    }).pipe(Effect.catchAll(cannotOpen(to)))
  }).pipe(Effect.scoped)
