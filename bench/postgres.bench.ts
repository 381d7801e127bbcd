/**
 * PostgreSQL beside what people write by hand against the same server: bulk against one JSON parameter a batch, a single put
 * against begin, select, upsert, commit in four trips.
 */
import * as Redacted from "effect/Redacted"
import { rmSync } from "node:fs"
import pg from "pg"
import * as Postgres from "../src/repository/Postgres.ts"
import { goal, measure, print } from "./measure.ts"
import { serverFolder, serverPrograms, startLocal } from "../test/stores/postgresServer.ts"
import { open } from "./sqlWorld.ts"
import { requests, things } from "./world.ts"

/** The server that is given, else one from the machine's own packages with its usual settings: commits are on the disk. */
const server = async (): Promise<{ readonly url: string; readonly stop: () => void } | undefined> => {
  const given = process.env["POSTGRES_URL"]
  if (given !== undefined) return { url: given, stop: () => {} }
  const programs = serverPrograms()
  if (programs === undefined) return undefined
  const home = serverFolder("effect-wmi-bench-")
  const local = await startLocal(programs, home, "")
  return {
    url: local.url,
    stop: () => {
      local.stop("fast")
      rmSync(home, { recursive: true, force: true })
    }
  }
}

const found = await server()
if (found === undefined) {
  console.log("\nPostgreSQL: skipped, because there is no server: set POSTGRES_URL, or install the package postgresql")
  process.exit(0)
}
const { stop, url } = found

const count = Number(process.env["BENCH_COUNT"] ?? 100_000)
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 5)
const singles = Math.min(500, count)
const list = requests(count)
const rows = things(count).map(({ values }) => ({ ...values, Size: String(values["Size"]) }))

const admin = new pg.Client({ connectionString: url })
await admin.connect()
const made: Array<string> = []
/** A database of its own for each run, so that no run finds what another has written. */
const database = async (): Promise<string> => {
  const name = `effect_wmi_bench_${process.pid}_${made.length}`
  await admin.query(`create database ${name}`)
  made.push(name)
  const at = new URL(url)
  at.pathname = `/${name}`
  return at.href
}

const raw = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: await database() })
  await client.connect()
  await client.query(
    `create table thing (id bigint primary key, short text, long text, size numeric, enabled boolean, changed text)`
  )
  return client
}

const columns = `x("Id" bigint, "Short" text, "Long" text, "Size" numeric, "Enabled" boolean, "Changed" text)`

const rawBulk = (size: number) => async () => {
  const client = await raw()
  return async () => {
    for (let from = 0; from < rows.length; from += size) {
      await client.query(`insert into thing select * from json_to_recordset($1::json) as ${columns}`, [
        JSON.stringify(rows.slice(from, from + size))
      ])
    }
    return () => client.end()
  }
}

const parameters = (row: (typeof rows)[number]): Array<unknown> => Object.values(row)
const upsert = `insert into thing values ($1, $2, $3, $4, $5, $6) on conflict (id) do update set short = excluded.short,
  long = excluded.long, size = excluded.size, enabled = excluded.enabled, changed = excluded.changed`

const rawSingle = async () => {
  const client = await raw()
  return async () => {
    for (const row of rows.slice(0, singles)) await client.query(upsert, parameters(row))
    return () => client.end()
  }
}

const naive = async () => {
  const client = await raw()
  return async () => {
    for (const row of rows.slice(0, singles)) {
      await client.query("begin")
      await client.query("select * from thing where id = $1 for update", [(row as { readonly Id?: unknown }).Id])
      await client.query(upsert, parameters(row))
      await client.query("commit")
    }
    return () => client.end()
  }
}

const store = async () => open(Postgres.layer({ url: Redacted.make(await database()), maxConnections: 4 }))

const bulk = (size: number) => async () => {
  const opened = await store()
  return async () => {
    await opened.put(list, size)
    return () => opened.close()
  }
}
const first = list.slice(0, singles)
const single = async () => {
  const opened = await store()
  return async () => {
    await opened.single(first)
    return () => opened.close()
  }
}
const atOnce = async () => {
  const opened = await store()
  return async () => {
    await opened.atOnce(first)
    return () => opened.close()
  }
}

try {
  const [rawThousand, wmiThousand, wmiDefault] = await measure([
    { name: "raw JSON parameter, 1,000 a statement", operations: count, prepare: rawBulk(1_000) },
    { name: "BulkPut, 1,000 a batch", operations: count, prepare: bulk(1_000) },
    { name: "BulkPut, 256 a batch (the default)", operations: count, prepare: bulk(256) }
  ], rounds)
  print(`PostgreSQL, bulk of ${count.toLocaleString("en")}`, [rawThousand!, wmiThousand!, wmiDefault!])
  const bulkRatio = rawThousand!.median / wmiThousand!.median
  goal("bulk beside raw", bulkRatio, ">= 0.7", bulkRatio >= 0.7)

  const [four, one, wmiOne, wmiAtOnce] = await measure([
    { name: "naive: begin, select, upsert, commit", operations: singles, prepare: naive },
    { name: "raw upsert", operations: singles, prepare: rawSingle },
    { name: "single puts, one after another", operations: singles, prepare: single },
    { name: `${singles} single puts at once`, operations: singles, prepare: atOnce }
  ], rounds)
  print("PostgreSQL, single puts", [four!, one!, wmiOne!, wmiAtOnce!])
  const singleRatio = four!.median / wmiOne!.median
  goal("single put beside the naive one", singleRatio, ">= 1.4", singleRatio >= 1.4)
} finally {
  for (const name of made) await admin.query(`drop database if exists ${name} with (force)`)
  await admin.end()
  stop()
}
