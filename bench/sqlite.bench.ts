/**
 * SQLite, durable (`synchronous=FULL`), beside raw statements on the same driver and the same kind of file: bulk against prepared
 * inserts, 1,000 a transaction; a single put against a single insert; many puts at once against one after another; a class
 * update beside many instances of others.
 *
 * The driver is the one the runtime has: `libsql` on Node 20, `node:sqlite` elsewhere.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as ClassDefinition from "../src/model/ClassDefinition.ts"
import * as Property from "../src/model/Property.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import * as Sqlite from "../src/repository/Sqlite.ts"
import { goal, measure, print } from "./measure.ts"
import { open } from "./sqlWorld.ts"
import { requests, things } from "./world.ts"

const count = Number(process.env["BENCH_COUNT"] ?? 100_000)
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 5)
const singles = Math.min(1_000, count)

interface Statement {
  readonly run: (...values: ReadonlyArray<unknown>) => unknown
}
interface Database {
  readonly exec: (sql: string) => unknown
  readonly prepare: (sql: string) => Statement
  readonly close: () => void
}

const builtIn = "node:sqlite"
const Driver = await import(builtIn).then(
  (module: { readonly DatabaseSync: new (file: string) => Database }) => module.DatabaseSync,
  async () => (await import("libsql")).default as unknown as new (file: string) => Database // it has types of its own
)
const isBuiltIn = Driver.name === "DatabaseSync"

const folder = mkdtempSync(join(tmpdir(), "effect-wmi-bench-"))
let files = 0
const file = (): string => join(folder, `${files++}.db`)

const raw = (): Database => {
  const database = new Driver(file())
  database.exec("pragma journal_mode = wal")
  database.exec("pragma synchronous = full")
  database.exec(
    "create table thing (id integer primary key, short text, long text, size integer, enabled integer, changed text)"
  )
  return database
}

const list = requests(count)
const rows = things(count).map(({ values }) => [
  values["Id"],
  values["Short"],
  values["Long"],
  values["Size"],
  values["Enabled"] === true ? 1 : 0,
  values["Changed"]
])

const rawBulk = (size: number) => () => {
  const database = raw()
  const insert = database.prepare("insert into thing values (?, ?, ?, ?, ?, ?)")
  return () => {
    for (let from = 0; from < rows.length; from += size) {
      database.exec("begin")
      for (const row of rows.slice(from, from + size)) insert.run(...row)
      database.exec("commit")
    }
    database.close()
  }
}

const rawSingle = () => {
  const database = raw()
  const insert = database.prepare("insert into thing values (?, ?, ?, ?, ?, ?)")
  return () => {
    for (const row of rows.slice(0, singles)) insert.run(...row)
    return () => database.close()
  }
}

const bulk = (size: number) => async () => {
  const store = await open(Sqlite.layer({ filename: file() }))
  return async () => {
    await store.put(list, size)
    await store.close()
  }
}

const first = list.slice(0, singles)
const single = async () => {
  const store = await open(Sqlite.layer({ filename: file() }))
  return async () => {
    await store.single(first)
    return () => store.close()
  }
}
const atOnce = async () => {
  const store = await open(Sqlite.layer({ filename: file() }))
  return async () => {
    await store.atOnce(first)
    return () => store.close()
  }
}

const parent = (n: number): ClassDefinition.ClassDefinition =>
  ClassDefinition.make("Demo_Parent", { Id: Property.key("string") }, { qualifiers: { Description: `version ${n}` } })
const updates = 50
const update = (instances: number) => {
  const store = open(Sqlite.layer({ filename: file(), synchronous: "NORMAL" })).then(async (made) => {
    await made.put(list.slice(0, instances), 1_000)
    await made.single([PutRequest.make(parent(0))])
    return made
  })
  let n = 0
  return () => async () => {
    for (let i = 0; i < updates; i++) await (await store).single([PutRequest.make(parent(++n), { update: "Force" })])
  }
}

const driver = isBuiltIn ? "node:sqlite" : "libsql"

try {
  const [rawThousand, wmiThousand, wmiDefault] = await measure([
    { name: "raw prepared inserts, 1,000 a transaction", operations: count, prepare: rawBulk(1_000) },
    { name: "BulkPut, 1,000 a transaction", operations: count, prepare: bulk(1_000) },
    { name: "BulkPut, 256 a transaction (the default)", operations: count, prepare: bulk(256) }
  ], rounds)
  print(`SQLite at FULL (${driver}), bulk of ${count.toLocaleString("en")}`, [rawThousand!, wmiThousand!, wmiDefault!])
  const bulkRatio = rawThousand!.median / wmiThousand!.median
  goal("bulk beside raw", bulkRatio, isBuiltIn ? ">= 0.4" : ">= 0.6", bulkRatio >= (isBuiltIn ? 0.4 : 0.6))

  const [rawOne, wmiOne, wmiAtOnce] = await measure([
    { name: "raw insert, one a transaction", operations: singles, prepare: rawSingle },
    { name: "single puts, one after another", operations: singles, prepare: single },
    { name: `${singles.toLocaleString("en")} single puts at once`, operations: singles, prepare: atOnce }
  ], rounds)
  print("SQLite at FULL, single durable puts", [rawOne!, wmiOne!, wmiAtOnce!])
  const singleRatio = rawOne!.median / wmiOne!.median
  goal("single durable put beside a single statement", singleRatio, ">= 0.7", singleRatio >= 0.7)
  const groupRatio = wmiOne!.median / wmiAtOnce!.median
  goal("puts at once beside one after another", groupRatio, ">= 20", groupRatio >= 20)

  const [alone, crowded] = await measure([
    { name: "in a namespace without instances", operations: updates, prepare: update(0) },
    { name: `beside ${count.toLocaleString("en")} unrelated instances`, operations: updates, prepare: update(count) }
  ], rounds)
  print("SQLite, class update in force mode", [alone!, crowded!])
  goal("milliseconds beside the instances", crowded!.median / 1e6, "<= 5", crowded!.median <= 5e6)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
