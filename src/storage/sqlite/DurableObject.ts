/**
 * A namespace that lives in a Durable Object: a `NamespaceStore` over the SQLite of the object (`ctx.storage`), which has to be of a
 * class with SQLite storage. It brings no SQL package; a worker carries the store and no more.
 *
 * One object is one repository, and only one of it runs at a time, so its puts come out one after another. Statements that begin and
 * end transactions are not allowed there; a put runs inside `transactionSync`, which takes back what fails. An answer does not leave
 * the object before what it speaks of is stored (that is the object's output gate, and nothing a program could forget).
 *
 * One object or text must stay below 2 MB, and everything below what an object may hold.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import * as EmulatedRepository from "../../emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import * as SlicedStore from "../rowStore.ts"
import { atOnce, type ExecuteNow } from "../sql/sqlDatabase.ts"
import { StatementFailed, type Statements } from "../sql/statements.ts"
import { failureOf } from "../sql/failures.ts"
import * as SqliteBackend from "./statements.ts"
import { failedAtOnce } from "./transactions.ts"
import { type DuplicateIdentity, duplicateWarning } from "../../codec/migration/formTwoMigration.ts"
import { altering, toFormTwo } from "../sql/migration.ts"
import { creating, sqlite } from "../sql/tableStatements.ts"
import { Conflict } from "../rowDatabase.ts"
import { StoreFailure } from "../../emulator/StoreFailure.ts"

/**
 * The part of `ctx.storage` that a store uses.
 *
 * @since 0.1.0
 * @category models
 */
export interface Storage {
  readonly sql: {
    readonly exec: (
      query: string,
      ...bindings: Array<string | number | null>
    ) => { readonly toArray: () => ReadonlyArray<Readonly<Record<string, unknown>>> }
  }
  readonly transactionSync: <A>(closure: () => A) => A
}

/** The form of the tables that this version knows. */
const version = 2

/** What the runtime says of SQLite stands at the end of its message: `string or blob too big: SQLITE_TOOBIG`. */
const coded = (error: unknown): { readonly code: string | undefined; readonly message: string } => {
  const message = error instanceof Error ? error.message : String(error)
  return { code: /SQLITE_[A-Z]+/.exec(message)?.[0], message }
}

/** No statement of a store waits for anything, so a transaction ends where it begins, inside the closure. */
const transact = (storage: Storage): SqliteBackend.Transact => {
  const run: ExecuteNow = (statement, parameters = []) => {
    try {
      // What the store binds is text and numbers.
      return storage.sql.exec(statement, ...parameters as ReadonlyArray<string | number | null>).toArray()
    } catch (error) {
      throw coded(error)
    }
  }
  return <A>(_what: "Look" | "Write", work: () => Statements<A>): Effect.Effect<A, WbemError | Conflict> =>
    Effect.suspend(() => {
      let done = false
      try {
        // What throws inside takes the transaction back.
        return Effect.succeed(storage.transactionSync(() => {
          const value = atOnce(run, work())
          done = true
          return value
        }))
      } catch (error) {
        // A transaction that could not be ended is taken back.
        return failedAtOnce(done ? new StatementFailed(coded(error)) : error)
      }
    })
}

const migrations = `create table if not exists effect_wmi_migration (
  migration_id integer primary key not null, created_at datetime not null default current_timestamp, name varchar(255) not null
)`

/**
 * Makes the tables where there are none, and brings those of form 1 to form 2; tables of a newer version are refused and stay as they
 * are.
 */
function* tables(): Statements<StoreFailure | ReadonlyArray<DuplicateIdentity>> {
  yield [migrations]
  const [newest] = yield ["select max(migration_id) as newest from effect_wmi_migration"]
  const known = Number(newest?.["newest"] ?? 0)
  if (known === version) return []
  if (known > version) {
    return new StoreFailure({
      reason: "Newer",
      detail: `its tables are of version ${known}, this library knows ${version}`
    })
  }
  if (known === 0) { for (const statement of creating(sqlite)) yield [statement] }
  for (const statement of altering(sqlite)) yield [statement]
  let twins: ReadonlyArray<DuplicateIdentity> = []
  if (known === 1) twins = yield* toFormTwo(sqlite)
  else yield* SqliteBackend.replace(SlicedStore.contentsOf(Snapshot.empty(), SlicedStore.nextVersion()))
  yield ["insert into effect_wmi_migration (migration_id, name) values (?, 'tokens')", [version]]
  return twins
}

const prepare = (storage: Storage): Effect.Effect<void, StoreFailure> =>
  Effect.flatMap(
    Effect.mapError(
      transact(storage)("Write", tables),
      (error) => error instanceof Conflict || !(error.cause instanceof StoreFailure) ? failureOf(error) : error.cause
    ),
    (found) =>
      found instanceof StoreFailure
        ? Effect.fail(found)
        : Effect.forEach(found, (one) => Effect.logWarning(duplicateWarning(one)), { discard: true })
  )

/**
 * A store in a Durable Object. The tables are made if they are not there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  storage: Storage,
  concurrency: SlicedStore.ConcurrencyOptions = {}
): Effect.Effect<NamespaceStore, StoreFailure> =>
  Effect.map(
    prepare(storage),
    () => SlicedStore.make(SqliteBackend.over(transact(storage), undefined, "Text"), concurrency)
  )

/**
 * A store in a Durable Object.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerStore = (
  storage: Storage,
  concurrency?: SlicedStore.ConcurrencyOptions
): Layer.Layer<NamespaceStore, StoreFailure> => Layer.effect(NamespaceStore, make(storage, concurrency))

/**
 * An emulated repository in a Durable Object: `Wmi.layer(DurableObject.layer(ctx.storage))` in place of `Wmi.layerMemory`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  storage: Storage,
  concurrency?: SlicedStore.ConcurrencyOptions
): Layer.Layer<EmulatedRepository.Services, StoreFailure> =>
  Layer.provide(EmulatedRepository.layer, layerStore(storage, concurrency))
