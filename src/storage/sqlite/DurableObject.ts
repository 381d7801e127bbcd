/**
 * A namespace that lives in a Durable Object: a `NamespaceStore` over the SQLite of the object (`ctx.storage`), which must be of a
 * class with SQLite storage. It imports no SQL package.
 *
 * One object is one repository, and only one instance of it runs at a time, so its puts are serial. Statements that begin and end
 * transactions are not allowed there; a put runs inside `transactionSync`, which rolls back on a failure. A response does not leave the
 * object before its writes are stored (the output gate of the object).
 *
 * One object or text must stay below 2 MB, and everything below what an object may hold.
 *
 * @since 0.1.0
 * @module
 */
import type * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as EmulatedRepository from "../../emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import { type DuplicateIdentity, duplicateWarning } from "../../codec/migration/formTwoMigration.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"
import { checked } from "../../internal/checkedConfig.ts"
import * as Eager from "../../internal/eager.ts"
import type { StoreError } from "../../protocol/WbemError.ts"
import * as RowStore from "../rowStore.ts"
import { type Query, type QueryError, type SqlDriver, StatementError } from "../sql/driver.ts"
import { failureOf } from "../sql/failures.ts"
import { altering, toFormTwo } from "../sql/migration.ts"
import { concurrencyChecks } from "../optionChecks.ts"
import * as SqlDatabase from "../sql/sqlDatabase.ts"
import { creating } from "../sql/tables.ts"
import { contentsOf } from "../storedState.ts"
import { nextVersion } from "../writeSet.ts"
import { sqlite } from "./dialect.ts"
import { queryOf } from "./syncDriver.ts"

/**
 * The part of `ctx.storage` that a store uses.
 *
 * @since 0.1.0
 * @category models
 */
export interface Storage {
  /** Runs a statement of SQL with its bindings, and gives its rows. */
  readonly sql: {
    readonly exec: (
      query: string,
      ...bindings: Array<string | number | null>
    ) => { readonly toArray: () => ReadonlyArray<Readonly<Record<string, unknown>>> }
  }
  /** Runs a function as one transaction: an exception rolls its statements back. */
  readonly transactionSync: <A>(closure: () => A) => A
}

/** The form of the tables of this version. */
const version = 2

/** The runtime puts the code of SQLite at the end of its message: `string or blob too big: SQLITE_TOOBIG`. */
const coded = (error: unknown): { readonly code: string | undefined; readonly message: string } => {
  const message = error instanceof Error ? error.message : String(error)
  return { code: /SQLITE_[A-Z]+/.exec(message)?.[0], message }
}

/** Makes `transactionSync` roll back. */
class Rollback extends Error {}

/** The driver of an object. No statement of a store waits, so a transaction ends inside the closure of `transactionSync`. */
const driverOf = (storage: Storage): SqlDriver => {
  const query = queryOf((statement, parameters) => {
    try {
      // The parameters of a store are text and numbers.
      return storage.sql.exec(statement, ...parameters as ReadonlyArray<string | number | null>).toArray()
    } catch (error) {
      throw coded(error)
    }
  })
  return {
    query,
    open: () => Effect.succeed({ query, end: () => Effect.void }),
    transaction: <A, E>(work: (query: Query) => Eager.Eager<A, E>) =>
      Eager.suspend((): Eager.Eager<A, E | QueryError> => {
        let exit: Exit.Exit<A, E> | undefined
        try {
          storage.transactionSync(() => {
            exit = Eager.runNow(work(query))
            if (exit === undefined || Exit.isFailure(exit)) throw new Rollback()
          })
        } catch (error) {
          // A transaction that the runtime could not end is rolled back.
          if (!(error instanceof Rollback)) return Eager.fail(new StatementError(coded(error)))
        }
        return exit ?? Exit.die(new Error("a transaction did not complete synchronously"))
      })
  }
}

const migrations = `create table if not exists effect_wmi_migration (
  migration_id integer primary key not null, created_at datetime not null default current_timestamp, name varchar(255) not null
)`

/**
 * Makes the tables if there are none, and brings those of form 1 to form 2. Tables of a newer version are refused and stay as they
 * are. Succeeds with the twins to warn about.
 */
const tables = (
  query: Query
): Eager.Eager<ReadonlyArray<DuplicateIdentity>, QueryError | StoreError | StoreFailure> =>
  Eager.gen(function* () {
    yield* query(migrations)
    const [newest] = yield* query("select max(migration_id) as newest from effect_wmi_migration")
    const known = Number(newest?.["newest"] ?? 0)
    if (known === version) return []
    if (known > version) {
      return yield* Eager.fail(
        new StoreFailure({
          reason: "Newer",
          detail: `its tables are of version ${known}, this library knows ${version}`
        })
      )
    }
    const dialect = sqlite("Text")
    if (known === 0) { for (const statement of creating(dialect)) yield* query(statement) }
    for (const statement of altering(dialect)) yield* query(statement)
    const twins = known === 1 ? yield* toFormTwo(dialect, query) : []
    if (known === 0) {
      yield* SqlDatabase.replaceAll(dialect, query, contentsOf(Snapshot.empty(), nextVersion()))
    }
    yield* query("insert into effect_wmi_migration (migration_id, name) values (?, 'tokens')", [version])
    return twins
  })

const prepare = (driver: SqlDriver): Effect.Effect<void, StoreFailure> =>
  Effect.flatMap(
    Effect.mapError(
      driver.transaction!(tables),
      (error) =>
        error instanceof StoreFailure ? error : error.cause instanceof StoreFailure ? error.cause : failureOf(error)
    ),
    (twins) => Effect.forEach(twins, (one) => Effect.logWarning(duplicateWarning(one)), { discard: true })
  )

/**
 * A store in a Durable Object. The tables are made if they are not there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  storage: Storage,
  concurrency: RowStore.ConcurrencyOptions = {}
): Effect.Effect<NamespaceStore, StoreFailure> => {
  const driver = driverOf(storage)
  return Effect.map(
    prepare(driver),
    () => RowStore.make(SqlDatabase.make(sqlite("Text"), driver), concurrency)
  )
}

/**
 * A store in a Durable Object.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerStore = (
  storage: Storage,
  concurrency?: RowStore.ConcurrencyOptions
): Layer.Layer<NamespaceStore, StoreFailure> => Layer.effect(NamespaceStore, make(storage, concurrency))

/**
 * An emulated repository in a Durable Object: `Wmi.layer(DurableObject.layer(ctx.storage))` in place of `Wmi.layerMemory`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  storage: Storage,
  concurrency?: RowStore.ConcurrencyOptions
): Layer.Layer<EmulatedRepository.Services, StoreFailure> =>
  Layer.provide(EmulatedRepository.layer, layerStore(storage, concurrency))

/**
 * The layer of {@link layer} with options that come from `Config`. An option that makes no sense, such as a negative number of
 * attempts, is a `ConfigError` that names the option.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  storage: Storage,
  config: Config.Config.Wrap<RowStore.ConcurrencyOptions>
): Layer.Layer<EmulatedRepository.Services, StoreFailure | ConfigError> =>
  Layer.unwrapEffect(Effect.map(checked(config, concurrencyChecks), (concurrency) => layer(storage, concurrency)))
