/** The stores that the contracts and laws run over: each entry opens an empty store, or two that share a database. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as SqlClient from "@effect/sql/SqlClient"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as MemoryStore from "../../src/emulator/MemoryStore.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import { reach, type Reached } from "./postgresServer.ts"

type Opened<A> = Effect.Effect<A, never, Scope.Scope>

/** A store of a kind. */
export interface Kind {
  readonly name: string
  /** An empty store. */
  readonly open: Opened<NamespaceStore>
  /** Two stores over one empty database, as two processes have them; undefined where a store does not share its state. */
  readonly pair?: Opened<readonly [NamespaceStore, NamespaceStore]>
}

/** A folder for a while. */
export const folder: Opened<string> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-wmi-store-"))),
  (at) => Effect.sync(() => rmSync(at, { recursive: true, force: true }))
)

const built = <E>(layer: Layer.Layer<NamespaceStore, E>): Opened<NamespaceStore> =>
  Effect.flatMap(Layer.build(Layer.fresh(Layer.orDie(layer))), (context) => Effect.provide(NamespaceStore, context))

const onFile = Effect.map(folder, (at) => built(Sqlite.layerStore({ filename: join(at, "wmi.db") })))

let databases = 0

const admin = (reached: Reached, statement: string): Effect.Effect<void> =>
  Effect.scoped(
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement)).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(reached.url), maxConnections: 1 })),
      Effect.orDie,
      Effect.asVoid
    )
  )

const named = (url: string, database: string): string => {
  const at = new URL(url)
  at.pathname = `/${database}`
  return at.href
}

const tables = ["effect_wmi_migration", "effect_wmi_namespace", "effect_wmi_schema", "effect_wmi_instance"]

/** The address of an empty database; PGlite has but one, which is emptied. */
export const database: Opened<string> = Effect.flatMap(Effect.promise(reach), (reached): Opened<string> => {
  if (reached.kind === "pglite") {
    return Effect.as(admin(reached, `drop table if exists ${tables.join(", ")}`), reached.url)
  }
  const name = `effect_wmi_test_${process.pid}_${databases++}`
  return Effect.acquireRelease(
    Effect.as(admin(reached, `create database ${name}`), named(reached.url, name)),
    () => admin(reached, `drop database ${name} with (force)`)
  )
})

/** A store in a PostgreSQL database. */
export const postgresLayer = (
  url: string,
  options: SqlStore.Options = {}
): Layer.Layer<NamespaceStore, unknown> =>
  Layer.provide(SqlStore.layerWith(options), PgClient.layer({ url: Redacted.make(url), maxConnections: 4 }))

const inDatabase = Effect.map(database, (url) => built(postgresLayer(url)))

/** The same over connections of our own. */
const ownInDatabase = Effect.map(
  database,
  (url) => built(Postgres.layerStore({ url: Redacted.make(url), maxConnections: 4 }))
)

const two = (one: Opened<Opened<NamespaceStore>>): Opened<readonly [NamespaceStore, NamespaceStore]> =>
  Effect.flatMap(one, (store) => Effect.all([store, store]))

export const memory = { name: "memory", open: Effect.sync(() => MemoryStore.make(Snapshot.empty())) } satisfies Kind

export const kinds: ReadonlyArray<Kind> = [
  memory,
  { name: "SQLite in memory", open: built(Sqlite.layerStore({ filename: ":memory:" })) },
  { name: "SQLite in a file", open: Effect.flatten(onFile), pair: two(onFile) },
  { name: "PostgreSQL", open: Effect.flatten(ownInDatabase), pair: two(ownInDatabase) },
  { name: "PostgreSQL over a client of others", open: Effect.flatten(inDatabase), pair: two(inDatabase) }
]
