/**
 * One `SqlClient` over whichever synchronous SQLite the runtime has: the built-in `node:sqlite` (Node 22 and later, Deno, Bun), else
 * the package `libsql` (Node 20).
 *
 * The owner of a file is checked before anything is written to it: a file of another program, or of a newer version, is refused and
 * stays unchanged. A commit is on the disk when it succeeds (`synchronous=FULL`, write-ahead log).
 *
 * @since 0.1.0
 * @module
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Statement from "@effect/sql/Statement"
import type * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as EmulatedRepository from "../../emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import { checked, type Checks, isOneOf, isText } from "../../internal/checkedConfig.ts"
import { cannotOpen, copy, databaseOf, isOver, isThere, open } from "./file.ts"
import type * as SqlStore from "../sql/SqlStore.ts"
import { outsideTransaction } from "../sql/clientDriver.ts"
import { storeChecks } from "../optionChecks.ts"
import { prepare } from "../sql/schema.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import { storeOf, type SyncDatabase } from "./syncDriver.ts"

/**
 * The file, and how durable its commits are.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** A path; `:memory:` keeps everything in memory. A missing file is created. */
  readonly filename: string
  /**
   * `FULL`, if not given: a commit survives the loss of power. `NORMAL`: a commit survives the end of the process; the loss of power
   * may undo the last commits but damages nothing.
   */
  readonly synchronous?: "FULL" | "NORMAL" | undefined
}

/**
 * The rollback of a client's own transactions. A transaction that did not begin, because of another writer, or that SQLite itself has
 * ended, needs none: its error would be a defect that hides the cause.
 */
const rollback = "ROLLBACK"
const connectionOf = (database: SyncDatabase): Connection => {
  const run = (sql: string, parameters: ReadonlyArray<unknown>) =>
    Effect.try({
      try: () => database.run(sql, parameters),
      catch: (cause) => new SqlError({ cause, message: "SQLite refused a statement" })
    })
  const rows: Connection["execute"] = (sql, parameters, transform) =>
    transform === undefined ? run(sql, parameters) : Effect.map(run(sql, parameters), transform)
  return {
    execute: rows,
    executeUnprepared: (sql, parameters, transform) =>
      sql === rollback
        ? Effect.catchIf(rows(sql, parameters, transform), isOver, () => Effect.succeed([]))
        : rows(sql, parameters, transform),
    executeRaw: run,
    executeValues: (sql, parameters) =>
      Effect.map(run(sql, parameters), (found) => found.map((row) => Object.values(row))),
    executeStream: (sql, parameters, transform) => Stream.fromIterableEffect(rows(sql, parameters, transform))
  }
}

const clientOf = (
  database: SyncDatabase
): Effect.Effect<SqlClient.SqlClient, never, Reactivity.Reactivity> => {
  const connection = connectionOf(database)
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
    rollback: rollback,
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
  Effect.flatMap(Effect.flatMap(open(options), databaseOf), clientOf)

/**
 * A client over one file, for other tables in it.
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
    Effect.flatMap(Effect.flatMap(open(options), databaseOf), (database) =>
      Effect.as(
        // A `SqlClient` over the handle creates the tables and is then discarded. The store uses the handle directly.
        Effect.provideServiceEffect(
          outsideTransaction(prepare),
          SqlClient.SqlClient,
          Effect.provide(clientOf(database), Reactivity.layer)
        ),
        storeOf(database, options)
      ))
  )

/**
 * An emulated repository whose namespaces are kept in one file: `Wmi.layer(Sqlite.layer({ filename: "wmi.db" }))` in place of
 * `Wmi.layerMemory`. It is not part of `Wmi`, so that other programs do not bundle it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options & SqlStore.Options
): Layer.Layer<EmulatedRepository.Services, StoreFailure> =>
  Layer.provide(EmulatedRepository.layer, layerStore(options))

const checks: Checks<Options & SqlStore.Options> = {
  filename: isText,
  synchronous: isOneOf("FULL", "NORMAL"),
  ...storeChecks
}

/**
 * The layer of {@link layer} with options that come from `Config`. An option that makes no sense, such as an empty file name, is a
 * `ConfigError` that names the option, before the file is opened.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Config, ConfigProvider, Effect, Layer } from "effect"
 * import { Wmi } from "effect-wmi"
 * import * as Sqlite from "effect-wmi/sqlite"
 *
 * const repository = Sqlite.layerConfig({
 *   filename: Config.string("WMI_FILE"),
 *   synchronous: Config.literal("FULL", "NORMAL")("WMI_SYNCHRONOUS").pipe(Config.withDefault("FULL"))
 * })
 * const environment = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["WMI_FILE", ""]])))
 * const program = Effect.provide(Wmi.namespaces, Wmi.layer(repository).pipe(Layer.provide(environment)))
 * const error = await Effect.runPromise(Effect.flip(program))
 * assert.match(String(error), /WMI_FILE.*filename: "" given, expected a text that is not empty/)
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  config: Config.Config.Wrap<Options & SqlStore.Options>
): Layer.Layer<EmulatedRepository.Services, StoreFailure | ConfigError> =>
  Layer.unwrapEffect(Effect.map(checked(config, checks), layer))

/**
 * Copies a store into a new file, as of one moment, while others may write to it. The copy is a store of its own: a fork or a restore
 * point. It has no free pages. A copy that fails is removed.
 *
 * @since 0.1.0
 * @category verbs
 */
export const save = (
  { filename, to }: { readonly filename: string; readonly to: string }
): Effect.Effect<void, StoreFailure> =>
  Effect.gen(function* () {
    if (!(yield* isThere(filename))) {
      return yield* new StoreFailure({ reason: "CannotOpen", detail: `${filename}: it is not there` })
    }
    if (yield* isThere(to)) {
      return yield* new StoreFailure({ reason: "CannotOpen", detail: `${to}: it is there already` })
    }
    const handle = yield* open({ filename }, "Look")
    yield* Effect.catchAll(copy(handle, to), cannotOpen(to))
  }).pipe(Effect.scoped)
