/** Databases that are restored from a backup while stores have them open. */
import { describe, it } from "@effect/vitest"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import * as DurableObject from "../../src/storage/sqlite/DurableObject.ts"
import * as NamespaceStore from "../../src/emulator/NamespaceStore.ts"
import * as VersionedStore from "../../src/storage/kv/VersionedStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as StoreContract from "../../src/testing/StoreContract.ts"
import * as CompareAndSet from "../storage/compareAndSet.ts"
import * as ObjectStorage from "../storage/objectStorage.ts"
import { openRaw } from "./formOne.ts"
import { reach, run, serverFolder, serverPrograms } from "./postgresServer.ts"
import { database, folder, postgresLayer } from "./stores.ts"

type Store = NamespaceStore.NamespaceStore

interface Database {
  readonly here: Store
  readonly there: Store
  /** Keeps the state of the database, for a way back to it. */
  readonly keep: Effect.Effect<Effect.Effect<void>>
}

const built = (layer: Layer.Layer<Store, unknown>): Effect.Effect<Store, never, Scope.Scope> =>
  Effect.flatMap(
    Layer.build(Layer.fresh(Layer.orDie(layer))),
    (all) => Effect.provide(NamespaceStore.NamespaceStore, all)
  )

const tables = ["effect_wmi_namespace", "effect_wmi_schema", "effect_wmi_instance"]

type Backup = (from: unknown, to: string) => Promise<unknown>

/** Writes the pages of a copy into a file that is open elsewhere: by the backup API of SQLite, through whichever program has it. */
const restoreInPlace = async (copy: string, filename: string): Promise<void> => {
  const builtIn = "node:sqlite"
  const found = await import(builtIn).then(
    (all: { readonly backup?: Backup; readonly DatabaseSync: new (name: string) => { readonly close: () => void } }) =>
      all,
    () => undefined
  )
  if (found?.backup !== undefined) {
    const from = new found.DatabaseSync(copy)
    await found.backup(from, filename)
    from.close()
    return
  }
  const script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2], timeout=20))"
  if (spawnSync("python3", ["-c", script, copy, filename]).status === 0) return
  if (spawnSync("sqlite3", [filename, `.restore ${copy}`]).status === 0) return
  // Without the backup API the rows are set back in one transaction.
  const raw = await openRaw(filename)
  raw.exec(`attach '${copy}' as kept`)
  const statements = tables.flatMap((
    table
  ) => [`delete from ${table}`, `insert into ${table} select * from kept.${table}`])
  raw.exec(`begin immediate; ${statements.join("; ")}; commit`)
  raw.close()
}

const sqlite: Effect.Effect<Database, never, Scope.Scope> = Effect.gen(function* () {
  const at = yield* folder
  const filename = join(at, "wmi.db")
  const store = built(Sqlite.layerStore({ filename }))
  let copies = 0
  return {
    here: yield* store,
    there: yield* store,
    keep: Effect.suspend(() => {
      const to = join(at, `copy-${copies++}.db`)
      return Effect.as(Effect.orDie(Sqlite.save({ filename, to })), Effect.promise(() => restoreInPlace(to, filename)))
    })
  }
})

/** By the server's own programs where they are, else by copies of the tables. */
const postgres = (layer: (url: string) => Layer.Layer<Store, unknown>): Effect.Effect<Database, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { kind } = yield* Effect.promise(reach)
    const url = yield* database
    const store = built(layer(url))
    const [here, there] = [yield* store, yield* store]
    const programs = serverPrograms()
    if (kind === "local" && programs !== undefined) {
      const at = serverFolder("effect-wmi-dump-")
      let dumps = 0
      return {
        here,
        there,
        keep: Effect.sync(() => {
          const file = join(at, `${dumps++}.dump`)
          run(programs, "pg_dump", ["-Fc", "-f", file, url])
          return Effect.sync(() => void run(programs, "pg_restore", ["--clean", "-d", url, file]))
        })
      }
    }
    const sql = yield* Effect.flatMap(
      Layer.build(Layer.orDie(Postgres.layerClient({ url: Redacted.make(url), maxConnections: 1 }))),
      (all) => Effect.provide(SqlClient.SqlClient, all)
    )
    const all = (statements: ReadonlyArray<string>): Effect.Effect<void> =>
      Effect.orDie(sql.withTransaction(Effect.forEach(statements, (one) => sql.unsafe(one), { discard: true })))
    return {
      here,
      there,
      keep: Effect.as(
        all(
          tables.flatMap((
            one
          ) => [`drop table if exists kept_${one}`, `create table kept_${one} as select * from ${one}`])
        ),
        all(tables.flatMap((one) => [`delete from ${one}`, `insert into ${one} select * from kept_${one}`]))
      )
    }
  })

const kinds: Readonly<Record<string, Effect.Effect<Database, never, Scope.Scope>>> = {
  "SQLite in a file, by its backup API": sqlite,
  "PostgreSQL, by dump and restore": postgres((url) =>
    Postgres.layerStore({ url: Redacted.make(url), maxConnections: 4 })
  ),
  "PostgreSQL over a client of @effect/sql-pg": postgres(postgresLayer),
  "a Durable Object": Effect.gen(function* () {
    const { keep, storage } = yield* Effect.promise(ObjectStorage.makeKept)
    const store = Effect.orDie(DurableObject.make(storage))
    return { here: yield* store, there: yield* store, keep: Effect.sync(() => Effect.sync(keep())) }
  }),
  "versioned storage": Effect.sync(() => {
    const cas = CompareAndSet.make()
    const store = () => VersionedStore.make(cas.storage)
    return { here: store(), there: store(), keep: Effect.sync(() => Effect.sync(cas.keep())) }
  }),
  "one document": Effect.sync(() => {
    const { document, keep } = CompareAndSet.makeKeptDocument()
    const store = () => VersionedStore.fromDocument(document)
    return { here: store(), there: store(), keep: Effect.sync(() => Effect.sync(keep())) }
  })
}

for (const [kind, open] of Object.entries(kinds)) {
  describe(`${kind}: restored from a backup while it is open`, () => {
    for (const one of StoreContract.setBack) {
      it.scopedLive(one.name, () => Effect.flatMap(open, ({ here, keep, there }) => one.program(here, there, keep)))
    }
  })
}
