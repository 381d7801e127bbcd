/**
 * SQLite, durable (`synchronous=FULL`), beside raw statements on the same driver and the same kind of file: bulk against prepared
 * inserts, 1,000 a transaction; a single put against a single insert; many puts at once against one after another; a class
 * update beside many instances of others.
 *
 * The driver is that of the runtime: `libsql` on Node 20, `node:sqlite` elsewhere.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Layer from "effect/Layer"
import * as EmulatedRepository from "../src/emulator/EmulatedRepository.ts"
import * as ClassDefinition from "../src/model/ClassDefinition.ts"
import * as Property from "../src/model/Property.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import * as SqlStore from "../src/storage/sql/SqlStore.ts"
import * as Sqlite from "../src/storage/sqlite/Sqlite.ts"
import { type Case, type Declaration, type Group, millisecond, type Ready, type Runtime, scaled } from "./Bench.ts"
import { open, type Store } from "./sqlWorld.ts"
import { changes, creations, requests, things } from "./world.ts"

interface Statement {
  readonly run: (...values: ReadonlyArray<unknown>) => unknown
}
interface Database {
  readonly exec: (sql: string) => unknown
  readonly prepare: (sql: string) => Statement
  readonly close: () => void
}
type Driver = new (file: string) => Database

const builtIn = "node:sqlite"
const driver = (): Promise<Driver> =>
  import(builtIn).then(
    (module: { readonly DatabaseSync: Driver }) => module.DatabaseSync,
    async () => (await import("libsql")).default as unknown as Driver // it has types of its own
  )

/** Node has it from 22.13 on. */
const hasBuiltIn = ({ kind, version }: Runtime): boolean => {
  const [major, minor] = version.split(".").map(Number)
  return kind !== "node" || major! > 22 || (major === 22 && minor! >= 13)
}

/** A new file for each run, in a folder that is removed after the case. */
const inFolder = async (
  operations: number,
  prepare: (file: () => string) => Ready["prepare"] | Promise<Ready["prepare"]>
): Promise<Ready> => {
  const folder = mkdtempSync(join(tmpdir(), "effect-wmi-bench-"))
  let files = 0
  return {
    operations,
    prepare: await prepare(() => join(folder, `${files++}.db`)),
    close: () => rmSync(folder, { recursive: true, force: true })
  }
}

const raw = async (file: string): Promise<Database> => {
  const database = new (await driver())(file)
  database.exec("pragma journal_mode = wal")
  database.exec("pragma synchronous = full")
  database.exec(
    "create table thing (id integer primary key, short text, long text, size integer, enabled integer, changed text)"
  )
  return database
}

const rowsOf = (count: number) =>
  things(count).map(({ values }) => [
    values["Id"],
    values["Short"],
    values["Long"],
    values["Size"],
    values["Enabled"] === true ? 1 : 0,
    values["Changed"]
  ])

const insertion = "insert into thing values (?, ?, ?, ?, ?, ?)"

const rawBulk = (count: number, size: number) => () =>
  inFolder(count, (file) => {
    const rows = rowsOf(count)
    return async () => {
      const database = await raw(file())
      const insert = database.prepare(insertion)
      return () => {
        for (let from = 0; from < rows.length; from += size) {
          database.exec("begin")
          for (const row of rows.slice(from, from + size)) insert.run(...row)
          database.exec("commit")
        }
        return () => database.close()
      }
    }
  })

const rawSingle = (count: number) => () =>
  inFolder(count, (file) => {
    const rows = rowsOf(count)
    return async () => {
      const database = await raw(file())
      const insert = database.prepare(insertion)
      return () => {
        for (const row of rows) insert.run(...row)
        return () => database.close()
      }
    }
  })

type List = ReadonlyArray<PutRequest.PutRequest>
type Puts = (store: Store, list: List) => Promise<void>

/** A store with a handle of its own. */
const ownHandle = (filename: string) => Sqlite.layer({ filename })

/** A store over a client of `@effect/sql` to the same kind of file. */
const overClient = (filename: string) =>
  EmulatedRepository.layer.pipe(Layer.provide(SqlStore.layer), Layer.provide(Sqlite.layerClient({ filename })))

/** Puts into a new file; `before` are put outside the clock. */
const stored = (
  count: number,
  puts: Puts,
  list: (count: number) => List = requests,
  { before = [], layer = ownHandle }: { readonly before?: List; readonly layer?: typeof ownHandle } = {}
) =>
() =>
  inFolder(count, (file) => {
    const puttable = list(count)
    return async () => {
      const store = await open(layer(file()))
      await store.put(before, 1_000)
      return async () => {
        await puts(store, puttable)
        return () => store.close()
      }
    }
  })

const bulk = (size: number): Puts => (store, list) => store.put(list, size)
const single: Puts = (store, list) => store.single(list)
const atOnce: Puts = (store, list) => store.atOnce(list)

const parent = (n: number): ClassDefinition.ClassDefinition =>
  ClassDefinition.make("Demo_Parent", { Id: Property.key("string") }, { qualifiers: { Description: `version ${n}` } })
const updates = 50
const update = (instances: number) => async (): Promise<Ready> => {
  let store: Store | undefined
  const ready = await inFolder(updates, async (file) => {
    const made = await open(Sqlite.layer({ filename: file(), synchronous: "NORMAL" }))
    store = made
    await made.put(requests(instances), 1_000)
    await made.single([PutRequest.make(parent(0))])
    let n = 0
    return () => async () => {
      for (let i = 0; i < updates; i++) await made.single([PutRequest.make(parent(++n), { update: "Force" })])
    }
  })
  return {
    ...ready,
    close: async () => {
      await store?.close()
      await ready.close?.()
    }
  }
}

const bulks = (count: number, isBuiltIn: boolean): Group => {
  const base = "raw prepared inserts, 1,000 a transaction"
  const thousand = "BulkPut, 1,000 a transaction"
  const usual = "BulkPut, 256 a transaction (the default)"
  return {
    title: `SQLite at FULL (${isBuiltIn ? builtIn : "libsql"}), bulk of ${count.toLocaleString("en")}`,
    clock: "wall",
    cases: [
      { name: base, foreign: true, setup: rawBulk(count, 1_000) },
      { name: thousand, setup: stored(count, bulk(1_000)) },
      { name: usual, setup: stored(count, bulk(256)) },
      {
        name: "BulkPut of new rows (CreateOnly), 1,000 a transaction",
        comparedWith: thousand,
        setup: stored(count, bulk(1_000), creations)
      },
      {
        name: "BulkPut of updates, 1,000 a transaction",
        setup: stored(count, bulk(1_000), changes, { before: requests(count) })
      }
    ],
    charted: [thousand, usual],
    goals: [{
      name: "bulk beside raw",
      reached: ({ ratio }) => ratio(base, thousand),
      atLeast: isBuiltIn ? 0.4 : 0.6
    }]
  }
}

const singles = (count: number): Group => {
  const base = "raw insert, one a transaction"
  const one = "single puts, one after another"
  const created = "single puts of new rows (CreateOnly), one after another"
  const many: Case = { name: `${count.toLocaleString("en")} single puts at once`, setup: stored(count, atOnce) }
  return {
    title: "SQLite at FULL, single durable puts",
    clock: "wall",
    cases: [
      { name: base, foreign: true, setup: rawSingle(count) },
      { name: one, setup: stored(count, single) },
      { name: created, comparedWith: one, setup: stored(count, single, creations) },
      many
    ],
    charted: [one, created],
    goals: [
      { name: "single durable put beside a single statement", reached: ({ ratio }) => ratio(base, one), atLeast: 0.7 },
      { name: "puts at once beside one after another", reached: ({ ratio }) => ratio(one, many.name), atLeast: 20 }
    ]
  }
}

const classUpdates = (count: number): Group => {
  const beside = `beside ${count.toLocaleString("en")} unrelated instances`
  return {
    title: "SQLite, class update in force mode",
    clock: "wall",
    cases: [
      { name: "in a namespace without instances", setup: update(0) },
      { name: beside, setup: update(count) }
    ],
    goals: [{
      name: "milliseconds beside the instances",
      reached: ({ value }) => scaled(value(beside), 1 / millisecond),
      atMost: 5
    }]
  }
}

/** What each technique saves: the same puts with it and without it. */
const ablations = (count: number): Group => ({
  title: "SQLite at FULL, single puts of new rows with and without each technique",
  clock: "wall",
  cases: [
    { name: "own handle, rows assumed absent (CreateOnly)", setup: stored(count, single, creations) },
    { name: "own handle, rows read first (CreateOrUpdate)", setup: stored(count, single) },
    {
      name: "over a client of @effect/sql, rows assumed absent",
      setup: stored(count, single, creations, { layer: overClient })
    }
  ]
})

const declare: Declaration = ({ count, runtime }) => ({
  groups: [
    bulks(count ?? 50_000, hasBuiltIn(runtime)),
    singles(Math.min(1_000, count ?? 1_000)),
    ablations(Math.min(500, count ?? 500)),
    classUpdates(count ?? 100_000)
  ]
})

export default declare
