/**
 * PostgreSQL beside statements written by hand against the same server: bulk against one JSON parameter a batch, a single put
 * against begin, select, upsert, commit in four trips.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { rmSync } from "node:fs"
import pg from "pg"
import * as EmulatedRepository from "../src/emulator/EmulatedRepository.ts"
import type * as PutRequest from "../src/protocol/PutRequest.ts"
import * as Postgres from "../src/storage/postgres/Postgres.ts"
import * as SqlStore from "../src/storage/sql/SqlStore.ts"
import { serverFolder, serverPrograms, startLocal } from "../test/stores/postgresServer.ts"
import type { Bench, Body, Case, Declaration, Group, Ready } from "./Bench.ts"
import { open, type Store } from "./sqlWorld.ts"
import { changes, creations, mixed, requests, things } from "./world.ts"

/** The server that is given, else one from the machine's own packages with its usual settings: commits are on the disk. */
const share: NonNullable<Bench["share"]> = async () => {
  if (process.env["POSTGRES_URL"] !== undefined) return { env: {}, stop: () => {} }
  const programs = serverPrograms()
  if (programs === undefined) {
    return { skipped: "there is no PostgreSQL server: set POSTGRES_URL, or install the package postgresql" }
  }
  const home = serverFolder("effect-wmi-bench-")
  const local = await startLocal(programs, home, "")
  return {
    env: { POSTGRES_URL: local.url },
    stop: () => {
      local.stop("fast")
      rmSync(home, { recursive: true, force: true })
    }
  }
}

/** A new database for each run, so that no run finds the rows of another one; the databases are dropped after the case. */
const inDatabases = async (
  operations: number,
  prepare: (database: () => Promise<string>) => () => Promise<Body>
): Promise<Ready> => {
  const url = process.env["POSTGRES_URL"]!
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  const made: Array<string> = []
  return {
    operations,
    prepare: prepare(async () => {
      const name = `effect_wmi_bench_${process.pid}_${made.length}`
      await admin.query(`create database ${name}`)
      made.push(name)
      const at = new URL(url)
      at.pathname = `/${name}`
      return at.href
    }),
    close: async () => {
      for (const name of made) await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    }
  }
}

const rowsOf = (count: number) => things(count).map(({ values }) => ({ ...values, Size: String(values["Size"]) }))
type Row = ReturnType<typeof rowsOf>[number]

const columns = `x("Id" bigint, "Short" text, "Long" text, "Size" numeric, "Enabled" boolean, "Changed" text)`

/** Statements written by hand, over a table of six columns. */
const raw = (count: number, puts: (client: pg.Client, rows: ReadonlyArray<Row>) => Promise<void>) => () =>
  inDatabases(count, (database) => {
    const rows = rowsOf(count)
    return async () => {
      const client = new pg.Client({ connectionString: await database() })
      await client.connect()
      await client.query(
        `create table thing (id bigint primary key, short text, long text, size numeric, enabled boolean, changed text)`
      )
      return async () => {
        await puts(client, rows)
        return () => client.end()
      }
    }
  })

const rawBulk = (size: number) => async (client: pg.Client, rows: ReadonlyArray<Row>): Promise<void> => {
  for (let from = 0; from < rows.length; from += size) {
    await client.query(`insert into thing select * from json_to_recordset($1::json) as ${columns}`, [
      JSON.stringify(rows.slice(from, from + size))
    ])
  }
}

const parameters = (row: Row): Array<unknown> => Object.values(row)
const upsert = `insert into thing values ($1, $2, $3, $4, $5, $6) on conflict (id) do update set short = excluded.short,
  long = excluded.long, size = excluded.size, enabled = excluded.enabled, changed = excluded.changed`

const rawSingle = async (client: pg.Client, rows: ReadonlyArray<Row>): Promise<void> => {
  for (const row of rows) await client.query(upsert, parameters(row))
}

const naive = async (client: pg.Client, rows: ReadonlyArray<Row>): Promise<void> => {
  for (const row of rows) {
    await client.query("begin")
    await client.query("select * from thing where id = $1 for update", [(row as { readonly Id?: unknown }).Id])
    await client.query(upsert, parameters(row))
    await client.query("commit")
  }
}

type List = ReadonlyArray<PutRequest.PutRequest>
type Puts = (store: Store, list: List) => Promise<void>

/** A store with connections and prepared statements of its own. */
const ownPool = (url: string) => Postgres.layer({ url: Redacted.make(url), maxConnections: 4 })

/** A store over a client of `@effect/sql-pg`, which prepares no statement. */
const overClient = (url: string) =>
  EmulatedRepository.layer.pipe(
    Layer.provide(SqlStore.layer),
    Layer.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 4 }))
  )

/** Puts into a new database; `before` are put outside the clock. */
const stored = (
  count: number,
  puts: Puts,
  list: (count: number) => List = requests,
  { before = [], layer = ownPool }: {
    readonly before?: List
    readonly layer?: (url: string) => Layer.Layer<EmulatedRepository.Services, unknown>
  } = {}
) =>
() =>
  inDatabases(count, (database) => {
    const puttable = list(count)
    return async () => {
      const store = await open(layer(await database()))
      await store.put(before, 1_000)
      return async () => {
        await puts(store, puttable)
        return () => store.close()
      }
    }
  })

const bulk = (size: number): Puts => (store, list) => store.put(list, size)
const single: Puts = (store, list) => store.single(list)

const bulks = (count: number): Group => {
  const base = "raw JSON parameter, 1,000 a statement"
  const thousand = "BulkPut, 1,000 a batch"
  const usual = "BulkPut, 256 a batch (the default)"
  return {
    title: `PostgreSQL, bulk of ${count.toLocaleString("en")}`,
    clock: "wall",
    cases: [
      { name: base, foreign: true, setup: raw(count, rawBulk(1_000)) },
      { name: thousand, setup: stored(count, bulk(1_000)) },
      { name: usual, setup: stored(count, bulk(256)) },
      {
        name: "BulkPut of new rows (CreateOnly), 1,000 a batch",
        comparedWith: thousand,
        setup: stored(count, bulk(1_000), creations)
      },
      {
        name: "BulkPut of new rows of two classes in turn, 1,000 a batch",
        setup: stored(count, bulk(1_000), mixed)
      },
      {
        name: "BulkPut of updates, 1,000 a batch",
        setup: stored(count, bulk(1_000), changes, { before: requests(count) })
      }
    ],
    charted: [thousand, usual],
    goals: [{ name: "bulk beside raw", reached: ({ ratio }) => ratio(base, thousand), atLeast: 0.7 }]
  }
}

const singles = (count: number): Group => {
  const base = "naive: begin, select, upsert, commit"
  const one = "single puts, one after another"
  const created = "single puts of new rows (CreateOnly), one after another"
  const many: Case = { name: `${count} single puts at once`, setup: stored(count, (store, list) => store.atOnce(list)) }
  return {
    title: "PostgreSQL, single puts",
    clock: "wall",
    cases: [
      { name: base, foreign: true, setup: raw(count, naive) },
      { name: "raw upsert", foreign: true, setup: raw(count, rawSingle) },
      { name: one, setup: stored(count, single) },
      {
        name: created,
        comparedWith: one,
        setup: stored(count, single, creations)
      },
      many
    ],
    charted: [one, created],
    goals: [{ name: "single put beside the naive one", reached: ({ ratio }) => ratio(base, one), atLeast: 1.4 }]
  }
}

/**
 * What each technique saves: the same puts with it and without it. Rows of one class are written by a shorter statement than rows of
 * several classes; the table of the bulk loads has both.
 */
const ablations = (count: number): Group => ({
  title: "PostgreSQL, single puts of new rows with and without each technique",
  clock: "wall",
  cases: [
    {
      name: "own pool with prepared statements, rows assumed absent (CreateOnly)",
      setup: stored(count, single, creations)
    },
    { name: "own pool, rows read first (CreateOrUpdate)", setup: stored(count, single) },
    {
      name: "over a client of @effect/sql-pg, nothing prepared, rows assumed absent",
      setup: stored(count, single, creations, { layer: overClient })
    }
  ]
})

const declare: Declaration = ({ count = 50_000 }) => ({
  groups: [bulks(count), singles(Math.min(500, count)), ablations(Math.min(500, count))],
  share
})

export default declare
