/** Failures of a database: each has an error with its reason, nothing is half written, connections return to the pool, and the store works on. */
import * as SqlClient from "@effect/sql/SqlClient"
import { describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { Failed, type WbemError } from "../../src/protocol/WbemError.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Faulty, gone, writesInstances } from "./faulty.ts"
import { freePort, reach } from "./postgresServer.ts"
import { database, folder } from "./stores.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), Note: Property.make("string") })
const disk = (id: string, note = "x"): Instance.Instance => Instance.make("Demo_Disk", { Id: id, Note: note })

/** Why a store does not open. */
const refusal = (layer: Layer.Layer<NamespaceStore, StoreFailure>): Effect.Effect<string> =>
  Effect.map(Effect.flip(Effect.scoped(Layer.build(layer))), ({ reason }) => reason).pipe(
    Effect.orDieWith(() => new Error("it opened"))
  )

/** A store over a client, with a connection of its own to the same database. */
const opened = (client: Layer.Layer<SqlClient.SqlClient, StoreFailure>, options: SqlStore.Options = {}) =>
  Effect.gen(function* () {
    const faulty = new Faulty()
    const sql = yield* Effect.flatMap(Layer.build(client), (context) => Effect.provide(SqlClient.SqlClient, context))
    const store = yield* Effect.provideService(SqlStore.make(options), SqlClient.SqlClient, faulty.wrap(sql))
    const layer = Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))
    const put = (object: WbemObject): Effect.Effect<string, WbemError> =>
      PutAsync.put(PutRequest.make(object)).pipe(Effect.map((report) => report.disposition), Effect.provide(layer))
    const held = Effect.map(
      Effect.provide(Wmi.instancesOf("Demo_Disk"), layer),
      (all) => all.map((one) => [one.values["Id"], String(one.values["Note"]).length] as const)
    )
    return { sql, put, held, faulty }
  })

/** The status of a put that the database refused, with the reason behind it. */
const reasons = (put: Effect.Effect<unknown, WbemError>): Effect.Effect<ReadonlyArray<unknown>> =>
  Effect.match(put, {
    onSuccess: () => ["ok"],
    onFailure: (error) => {
      // Refused at the start it is wrapped once more.
      const cause = error.cause instanceof StoreFailure ? error.cause : (error.cause as WbemError | undefined)?.cause
      return [error.status, cause instanceof StoreFailure ? cause.reason : undefined]
    }
  })

const inFile = (at: string, name = "wmi.db") => Sqlite.layerClient({ filename: join(at, name) })

describe("SQLite", () => {
  it.scopedLive("a directory, another file format, a missing folder: each has its error and stays unchanged", () =>
    Effect.gen(function* () {
      const at = yield* folder
      mkdirSync(join(at, "directory"))
      writeFileSync(join(at, "text"), "this is no database at all, but it is long enough to be looked at".repeat(30))
      const before = readFileSync(join(at, "text"))
      const of = (name: string) => refusal(Sqlite.layerStore({ filename: join(at, name) }))
      assert.strictEqual(yield* of("directory"), "Directory")
      assert.strictEqual(yield* of("text"), "NotADatabase")
      assert.strictEqual(yield* of("nowhere/wmi.db"), "CannotOpen")
      assert.deepStrictEqual(readFileSync(join(at, "text")), before)
    }))

  it.scopedLive("a database of another program, and one of a newer version", () =>
    Effect.gen(function* () {
      const at = yield* folder
      yield* Effect.scoped(Effect.flatMap(Layer.build(inFile(at)), (context) =>
        Effect.provide(
          Effect.flatMap(SqlClient.SqlClient, (sql) =>
            Effect.all([
              sql.unsafe("pragma journal_mode = delete"),
              sql.unsafe("pragma application_id = 7"),
              sql.unsafe("create table theirs (a)"),
              sql.unsafe("insert into theirs values (1)")
            ])),
          context
        )))
      const before = readFileSync(join(at, "wmi.db"))
      assert.strictEqual(yield* refusal(Sqlite.layerStore({ filename: join(at, "wmi.db") })), "NotOurs")
      assert.deepStrictEqual(readFileSync(join(at, "wmi.db")), before)
      const { sql } = yield* opened(inFile(at, "newer.db"))
      yield* sql.unsafe("insert into effect_wmi_migration (migration_id, name) values (999, 'of the future')")
      assert.strictEqual(yield* refusal(Sqlite.layerStore({ filename: join(at, "newer.db") })), "Newer")
    }))

  it.scopedLive("a full disk: nothing of the put is stored, and with space the put succeeds", () =>
    Effect.gen(function* () {
      const { faulty, held, put, sql } = yield* opened(inFile(yield* folder))
      yield* put(Disk)
      yield* put(disk("small"))
      const [pages] = yield* sql.unsafe<{ readonly page_count: number }>("pragma page_count")
      yield* sql.unsafe(`pragma max_page_count = ${Number(pages!.page_count) + 2}`)
      assert.deepStrictEqual(yield* reasons(put(disk("large", "x".repeat(100_000)))), ["Failed", "DiskFull"])
      assert.deepStrictEqual(yield* held, [["small", 1]])
      assert.strictEqual(faulty.out, 0)
      yield* sql.unsafe("pragma max_page_count = 100000")
      assert.strictEqual(yield* put(disk("large", "x".repeat(100_000))), "Created")
      assert.deepStrictEqual(yield* sql.unsafe("pragma integrity_check"), [{ integrity_check: "ok" }])
    }))

  it.scopedLive("a read-only database", () =>
    Effect.gen(function* () {
      const { faulty, held, put, sql } = yield* opened(inFile(yield* folder))
      yield* put(Disk)
      yield* sql.unsafe("pragma query_only = 1")
      assert.deepStrictEqual(yield* reasons(put(disk("a"))), ["Failed", "ReadOnly"])
      assert.deepStrictEqual(yield* held, [])
      assert.strictEqual(faulty.out, 0)
      yield* sql.unsafe("pragma query_only = 0")
      assert.strictEqual(yield* put(disk("a")), "Created")
    }))

  it.scopedLive("a failed rollback: the next put ends the transaction first, and nothing of it is stored", () =>
    Effect.gen(function* () {
      const { faulty, held, put } = yield* opened(inFile(yield* folder))
      yield* put(Disk)
      let undone = 0
      faulty.plan = {
        before: (sql) => sql === "rollback" && undone++ === 0 ? Effect.fail(gone) : Effect.void,
        after: (sql) => sql.startsWith("insert into effect_wmi_instance") ? Effect.fail(gone) : Effect.void
      }
      assert.deepStrictEqual(yield* reasons(put(disk("a"))), ["TransportFailure", "Unreachable"])
      assert.strictEqual(undone, 1)
      faulty.plan = {}
      assert.strictEqual(faulty.out, 0)
      assert.strictEqual(yield* put(disk("b")), "Created")
      assert.deepStrictEqual(yield* held, [["b", 1]])
    }))

  it.scopedLive("another writer holds the lock for longer than the timeout", () =>
    Effect.gen(function* () {
      const at = yield* folder
      const { faulty, held, put } = yield* opened(inFile(at), { busyTimeout: "40 millis" })
      const other = yield* Effect.flatMap(
        Layer.build(Layer.fresh(inFile(at))),
        (context) => Effect.provide(SqlClient.SqlClient, context)
      )
      yield* put(Disk)
      yield* Effect.scoped(Effect.gen(function* () {
        const connection = yield* other.reserve
        yield* connection.execute("begin immediate", [], undefined)
        assert.deepStrictEqual(yield* reasons(put(disk("a"))), ["Timeout", "Busy"])
        yield* connection.execute("rollback", [], undefined)
      }))
      assert.strictEqual(faulty.out, 0)
      assert.strictEqual(yield* put(disk("a")), "Created")
      assert.deepStrictEqual(yield* held, [["a", 1]])
    }))
})

type Client = Layer.Layer<SqlClient.SqlClient, StoreFailure>
const large: Readonly<Record<string, Effect.Effect<Client, never, Scope.Scope>>> = {
  SQLite: Effect.map(folder, (at) => inFile(at)),
  PostgreSQL: Effect.map(database, (url) => Postgres.layerClient({ url: Redacted.make(url), maxConnections: 2 }))
}

for (const [kind, client] of Object.entries(large)) {
  it.scopedLive(
    `${kind}: a value of 100 MB is stored, one beyond the longest string is refused, and the rest of its batch is stored`,
    () =>
      Effect.gen(function* () {
        const reached = yield* Effect.promise(reach)
        const { faulty, held, put } = yield* opened(yield* client)
        yield* put(Disk)
        if (kind === "SQLite" || reached.kind !== "pglite") { // PGlite has less memory than that
          assert.strictEqual(yield* put(disk("large", "x".repeat(100_000_000))), "Created")
          assert.deepStrictEqual(yield* held, [["large", 100_000_000]])
          yield* put(disk("large"))
        }
        const before = (yield* held).length
        const ended = yield* Effect.all([
          reasons(put(disk("before"))),
          reasons(put(disk("larger", "\u0001".repeat(100_000_000)))),
          reasons(put(disk("after")))
        ], { concurrency: "unbounded" })
        const [first, larger, last] = ended
        assert.deepStrictEqual([first, last], [["ok"], ["ok"]])
        // Its text is six times as long: Bun makes one, and SQLite takes it.
        const fits = larger.length === 1
        assert.deepStrictEqual(larger, fits ? ["ok"] : ["Failed", "TooBig"])
        assert.strictEqual((yield* held).length, before + (fits ? 3 : 2))
        assert.strictEqual(faulty.out, 0)
      }),
    240_000
  )
}

describe("PostgreSQL", () => {
  const at = (url: string) => Postgres.layerClient({ url: Redacted.make(url), maxConnections: 2 })
  const from = (url: string, change: (at: URL) => void): string => {
    const to = new URL(url)
    change(to)
    return to.href
  }

  it.scopedLive("no server, no such database", () =>
    Effect.gen(function* () {
      const port = yield* Effect.promise(freePort)
      const nobody = `postgres://wmi@127.0.0.1:${port}/postgres`
      assert.strictEqual(yield* refusal(Postgres.layerStore({ url: Redacted.make(nobody) })), "Unreachable")
      const { kind, url } = yield* Effect.promise(reach)
      if (kind === "pglite") return // it has but one, under any name
      const nowhere = from(url, (to) => void (to.pathname = "/effect_wmi_nowhere"))
      assert.strictEqual(yield* refusal(Postgres.layerStore({ url: Redacted.make(nowhere) })), "NoDatabase")
    }))

  it.scopedLive("tables of a newer version, tables and a schema of another program", () =>
    Effect.gen(function* () {
      const { kind } = yield* Effect.promise(reach)
      const url = yield* database
      const role = `effect_wmi_guest_${process.pid}`
      const asGuest = from(url, (to) => {
        to.username = role
        to.password = "guest"
      })
      if (kind !== "pglite") { // whose sessions are all of one user
        const sql = yield* Effect.flatMap(Layer.build(at(url)), (all) => Effect.provide(SqlClient.SqlClient, all))
        yield* Effect.acquireRelease(
          sql.unsafe(`create role ${role} login password 'guest'`),
          () => Effect.orDie(sql.unsafe(`drop role ${role}`))
        )
        yield* sql.unsafe("revoke create on schema public from public")
        assert.strictEqual(yield* refusal(Postgres.layerStore({ url: Redacted.make(asGuest) })), "Denied")
      }
      const { sql } = yield* opened(at(url))
      if (kind !== "pglite") {
        assert.strictEqual(yield* refusal(Postgres.layerStore({ url: Redacted.make(asGuest) })), "Denied")
      }
      yield* sql.unsafe("insert into effect_wmi_migration (migration_id, name) values (999, 'of the future')")
      assert.strictEqual(yield* refusal(Postgres.layerStore({ url: Redacted.make(url) })), "Newer")
    }))

  it.scopedLive("a read-only database, and one that takes too long", () =>
    Effect.gen(function* () {
      const { faulty, held, put, sql } = yield* opened(
        Postgres.layerClient({ url: Redacted.make(yield* database), maxConnections: 1 })
      )
      yield* put(Disk)
      yield* sql.unsafe("set default_transaction_read_only = on")
      assert.deepStrictEqual(yield* reasons(put(disk("a"))), ["Failed", "ReadOnly"])
      yield* sql.unsafe("set default_transaction_read_only = off")
      assert.deepStrictEqual(yield* held, [])
      assert.strictEqual(yield* put(disk("a")), "Created")
      assert.strictEqual(faulty.out, 0)
    }))

  it.scopedLive("each kind of call waits for a missing answer with a timeout", () =>
    Effect.gen(function* () {
      const { faulty, put } = yield* opened(at(yield* database), { answerTimeout: "1 second" })
      yield* put(Disk)
      for (
        const [held, object, sent] of [
          [/^commit$/, ClassDefinition.make("Demo_New", { Id: Property.key("string") }), true],
          [/insert into effect_wmi_instance/, disk("a"), true],
          [/select 0/, disk("b"), false]
        ] as const
      ) {
        const goOn = yield* Deferred.make<void>()
        faulty.plan = {
          before: (sql) => held.test(sql) ? Effect.uninterruptible(Deferred.await(goOn)) : Effect.void
        }
        const ended = yield* Effect.flip(put(object)).pipe(
          Effect.timeoutFail({
            duration: "20 seconds",
            onTimeout: () => new Failed({ detail: `${held} is waited for without end` })
          })
        )
        assert.isTrue(ended._tag === (sent ? "WbemTransportFailure" : ended._tag), `${held}: ${ended._tag}`)
        faulty.plan = {}
        yield* Deferred.succeed(goOn, undefined)
      }
      assert.strictEqual(yield* put(disk("c")), "Created")
    }))

  it.scopedLive("sessions that the server ends: calls that were not sent are reported so, and the store works on", () =>
    Effect.gen(function* () {
      const { kind } = yield* Effect.promise(reach)
      if (kind === "pglite") return // it has one session
      const url = yield* database
      const { faulty, held, put } = yield* opened(at(url))
      const other = yield* Effect.flatMap(
        Layer.build(Layer.fresh(at(url))),
        (context) => Effect.provide(SqlClient.SqlClient, context)
      )
      const end = Effect.orDie(other.unsafe(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
      ))
      yield* put(Disk)
      faulty.plan = { before: (sql) => writesInstances(sql) ? Effect.asVoid(end) : Effect.void }
      const [status, reason] = yield* reasons(put(disk("a")))
      faulty.plan = {}
      assert.strictEqual(status, "TransportFailure")
      assert.strictEqual(reason, "Unreachable")
      assert.strictEqual(faulty.out, 0)
      // Every session of the pool was ended. A put may meet each of them before the pool has noticed; nothing is sent then.
      const isNotSent = (error: WbemError) => error._tag === "WbemTransportFailure" && !error.sent
      yield* Effect.retry(put(disk("b")), { times: 10, while: isNotSent })
      assert.include((yield* held).map(([id]) => id), "b")
    }))
})
