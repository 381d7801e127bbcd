/**
 * Stores of form 1: the rows of `test/fixtures`, which commit d4f47ac of this library wrote, in every kind of database. All hold the same
 * objects.
 */
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { readFileSync } from "node:fs"
import type { Storage } from "../../src/storage/sqlite/DurableObject.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import { postgres } from "../../src/storage/postgres/dialect.ts"
import { creating } from "../../src/storage/sql/tables.ts"
import { sqlite } from "../../src/storage/sqlite/dialect.ts"
import * as CompareAndSet from "../storage/compareAndSet.ts"

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8")

type Row = Readonly<Record<string, string | number | null>>

const tables = JSON.parse(fixture("form1-tables.json")) as Readonly<Record<string, ReadonlyArray<Row>>>

/** The lines of a dump of form 1. */
export const dump: ReadonlyArray<string> = fixture("form1-dump.jsonl").trimEnd().split("\n")

type Run = (sql: string, parameters: ReadonlyArray<string | number | null>) => void

const migrations = (integer: string, text: string): ReadonlyArray<string> => [
  `create table effect_wmi_migration (migration_id ${integer} primary key not null,
    created_at timestamp not null default current_timestamp, name ${text} not null)`,
  "insert into effect_wmi_migration (migration_id, name) values (1, 'tables')"
]

/** The statements that fill a database; `alive` is a number in SQLite and a boolean in PostgreSQL. */
const statements = (isPostgres: boolean): ReadonlyArray<Parameters<Run>> => [
  ...[...migrations("integer", "varchar(255)"), ...creating(isPostgres ? postgres : sqlite("Text"))].map((sql) =>
    [sql, []] as Parameters<Run>
  ),
  ...Object.entries(tables).flatMap(([table, rows]) =>
    rows.map((row): Parameters<Run> => {
      const columns = Object.keys(row)
      const mark = (name: string, i: number): string =>
        name === "alive" && isPostgres ? `$${i + 1}::integer::boolean` : isPostgres ? `$${i + 1}` : "?"
      return [
        `insert into ${table} (${columns.join(", ")}) values (${columns.map(mark).join(", ")})`,
        Object.values(row)
      ]
    })
  )
]

interface Raw {
  readonly exec: (sql: string) => unknown
  readonly prepare: (sql: string) => { readonly run: (...parameters: ReadonlyArray<unknown>) => unknown }
  readonly close: () => void
}

/** A file, as SQLite writes it for any program. */
export const openRaw = async (filename: string): Promise<Raw> => {
  const [builtIn, optional] = ["node:sqlite", "libsql"]
  type Driver = new (filename: string) => Raw
  const found = await import(builtIn!).then(
    (all: { readonly DatabaseSync: Driver }) => all.DatabaseSync,
    () => undefined
  )
  return new (found ?? (await import(optional!) as { readonly default: Driver }).default)(filename)
}

/** Makes a file of form 1. */
export const inFile = async (filename: string): Promise<void> => {
  const raw = await openRaw(filename)
  raw.exec(`pragma application_id = ${0x574d4931}`)
  raw.exec("pragma journal_mode = wal")
  for (const [sql, parameters] of statements(false)) raw.prepare(sql).run(...parameters)
  raw.close()
}

/** Fills an empty PostgreSQL database. */
export const inDatabase = (url: string): Effect.Effect<void> =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => Effect.forEach(statements(true), ([text, parameters]) => sql.unsafe(text, parameters), { discard: true })
  ).pipe(
    Effect.provide(Postgres.layerClient({ url: Redacted.make(url), maxConnections: 1 })),
    Effect.orDie,
    Effect.scoped
  )

/** Fills the storage of a Durable Object. */
export const inObject = (storage: Storage): void => {
  for (const [sql, parameters] of statements(false)) storage.sql.exec(sql, ...parameters)
}

/** A compare-and-set storage of form 1. */
export const versioned = (trouble?: CompareAndSet.Trouble): CompareAndSet.Cas => {
  const held = JSON.parse(fixture("form1-versioned.json")) as Readonly<Record<string, string>>
  return CompareAndSet.make(trouble, Object.entries(held))
}
