/**
 * Sessions of a PostgreSQL store: each answer has a timeout, a session that may be inside a transaction is closed, and prepared
 * statements may be lost. Over any client, and over a pool of its own.
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqlClient from "@effect/sql/SqlClient"
import { describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type AddressInfo, connect, createServer, type Server } from "node:net"
import pg from "pg"
import { assert } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as PostgresPool from "../../src/storage/postgres/poolDriver.ts"
import { postgresDriver } from "../../src/storage/sql/clientDriver.ts"
import type { Query, SqlDriver } from "../../src/storage/sql/driver.ts"
import { reasonOf } from "../../src/storage/sql/failures.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Faulty, gone } from "./faulty.ts"
import { reach } from "./postgresServer.ts"
import { database } from "./stores.ts"

/** One connection, so that the next call gets the connection of the call before, if it is still open. */
const pool = (url: string) => PostgresPool.make({ url, maxConnections: 1, connectTimeout: "20 seconds" })

const client = (url: string): Effect.Effect<SqlClient.SqlClient, never, Scope.Scope> =>
  PgClient.make({ url: Redacted.make(url), maxConnections: 1, connectTimeout: "20 seconds" }).pipe(
    Effect.provide(Reactivity.layer),
    Effect.orDie
  )

const ways: Readonly<
  Record<string, (url: string, limit: Duration.DurationInput) => Effect.Effect<SqlDriver, never, Scope.Scope>>
> = {
  "over a client": (url, limit) => Effect.map(client(url), (sql) => postgresDriver(sql, Duration.decode(limit))),
  "over connections of our own": (url, limit) =>
    Effect.map(Effect.orDie(pool(url)), (one) => PostgresPool.driver(one, Duration.decode(limit)))
}

/** Another connection, outside the pool. */
const beside = (url: string): Effect.Effect<pg.Client, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const one = new pg.Client({ connectionString: url })
      await one.connect()
      return one
    }),
    (one) => Effect.promise(() => one.end())
  )

/** Lets everything through until the login is done, and nothing after that. */
const muteServer = (to: URL): Effect.Effect<string, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() =>
        new Promise<Server>((resolve) => {
          const server = createServer((near) => {
            const far = connect(Number(to.port), to.hostname)
            let ready = false
            far.on("data", (data: Uint8Array) => {
              if (!ready) near.write(data)
              ready ||= data.at(-6) === 90 // ReadyForQuery
            })
            near.on("data", (data) => void far.write(data))
            for (const [one, its] of [[near, far], [far, near]] as const) {
              one.on("error", () => {})
              one.on("close", () => its.destroy())
            }
          })
          server.listen(0, "127.0.0.1", () => resolve(server))
        })
      ),
      (server) => Effect.sync(() => server.close())
    ),
    (server) => {
      const at = new URL(to)
      at.hostname = "127.0.0.1"
      at.port = String((server.address() as AddressInfo).port)
      return at.href
    }
  )

const say = (one: pg.Client, sql: string) => Effect.promise(() => one.query<Record<string, unknown>>(sql))

/** The driver as the session tests use it. */
const sessionsOf = ({ open, query }: SqlDriver) => ({ query, begin: open((effect) => effect) })

const reason = (effect: Effect.Effect<unknown, unknown>): Effect.Effect<string> =>
  Effect.match(effect, { onFailure: reasonOf, onSuccess: () => "ok" })

const openTransactions = `select count(*)::int as n from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'`

/** Waits until a session waits for a lock. */
const untilBlocked = (one: pg.Client) =>
  Effect.promise(async () => {
    const waits =
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    while ((await one.query<{ readonly n: number }>(waits)).rows[0]!.n === 0);
  })

for (const [way, open] of Object.entries(ways)) {
  describe(way, () => {
    it.scopedLive("an answer that does not come loses its connection and no other one", () =>
      Effect.gen(function* () {
        if ((yield* Effect.promise(reach)).kind === "pglite") return // it has one session, which would wait for itself
        const url = yield* database
        const other = yield* beside(url)
        yield* say(other, "create table held (id int primary key)")
        yield* say(other, "begin; lock table held")
        const { begin, query } = sessionsOf(yield* open(url, "500 millis"))
        let sent = 0
        const sending = (): void => void sent++
        assert.strictEqual(yield* reason(query("select * from held", [], { onSend: sending })), "Canceled")
        assert.strictEqual(sent, 1)
        yield* say(other, "commit")
        assert.deepStrictEqual(yield* Effect.eventually(query("select 1 as one")), [{ one: 1 }])
        const session = yield* Effect.eventually(begin)
        yield* session.query("begin")
        yield* say(other, "begin; lock table held")
        assert.strictEqual(yield* reason(session.query("select * from held")), "Canceled")
        assert.strictEqual(
          yield* reason(session.query("rollback")),
          "Canceled",
          "one that still waits is asked nothing"
        )
        yield* session.end(false)
        yield* say(other, "commit")
        assert.deepStrictEqual(yield* Effect.eventually(query("select 1 as one")), [{ one: 1 }])
        assert.deepStrictEqual((yield* say(other, openTransactions)).rows, [{ n: 0 }])
      }))

    it.scopedLive("an interrupted call returns at once, and its connection returns to the pool", () =>
      Effect.gen(function* () {
        if ((yield* Effect.promise(reach)).kind === "pglite") return
        const url = yield* database
        const other = yield* beside(url)
        yield* say(other, "create table held (id int primary key)")
        yield* say(other, "begin; lock table held")
        const { query } = yield* open(url, "20 seconds")
        const sent = yield* Deferred.make<void>()
        const fiber = yield* Effect.fork(
          query("select * from held", [], { onSend: () => Deferred.unsafeDone(sent, Effect.void) })
        )
        yield* Deferred.await(sent)
        yield* Fiber.interrupt(fiber)
        yield* say(other, "commit")
        assert.deepStrictEqual(yield* query("select 1 as one"), [{ one: 1 }])
      }))

    it.scopedLive("a connection whose transaction was not rolled back is not used again", () =>
      Effect.gen(function* () {
        const url = yield* database
        const { begin, query } = sessionsOf(yield* open(url, "20 seconds"))
        const session = yield* begin
        yield* session.query("begin")
        yield* session.query("create table half (id int)")
        yield* session.end(false)
        const [row] = yield* Effect.eventually(query("select to_regclass('half') is null as gone"))
        assert.deepStrictEqual(row, { gone: true })
        if ((yield* Effect.promise(reach)).kind === "pglite") return
        assert.deepStrictEqual((yield* say(yield* beside(url), openTransactions)).rows, [{ n: 0 }])
      }))

    it.scopedLive("a statement that fails keeps its connection", () =>
      Effect.gen(function* () {
        const { begin, query } = sessionsOf(yield* open(yield* database, "20 seconds"))
        const pid = "select pg_backend_pid() as pid"
        const first = yield* query(pid)
        assert.strictEqual(yield* reason(query("select 1 / 0")), "Conflict")
        assert.strictEqual(yield* reason(query("select * from nowhere")), "Other")
        const session = yield* begin
        assert.deepStrictEqual(yield* session.query("select pg_backend_pid() as pid"), first)
        yield* session.end(true)
        assert.deepStrictEqual(yield* query(pid), first)
      }))
  })
}

it.scopedLive("a failed rollback closes its session (over a client)", () =>
  Effect.gen(function* () {
    if ((yield* Effect.promise(reach)).kind === "pglite") return
    const url = yield* database
    const faulty = new Faulty()
    const sql = faulty.wrap(yield* client(url))
    const { begin } = sessionsOf(postgresDriver(sql, Duration.seconds(20)))
    const session = yield* begin
    yield* session.query("begin")
    faulty.plan = { before: (statement) => statement === "rollback" ? Effect.fail(gone) : Effect.void }
    assert.strictEqual(yield* reason(session.query("rollback")), "Unreachable")
    yield* session.end(false)
    const next = yield* Effect.eventually(begin)
    assert.deepStrictEqual((yield* say(yield* beside(url), openTransactions)).rows, [{ n: 0 }])
    yield* next.end(true)
  }))

it.scopedLive("a failed restore that cannot be rolled back leaves nothing behind (over a client)", () =>
  Effect.gen(function* () {
    const faulty = new Faulty()
    const sql = yield* client(yield* database)
    const store = yield* Effect.provideService(SqlStore.make({ maxAttempts: 1 }), SqlClient.SqlClient, faulty.wrap(sql))
    const fails = (statement: string): boolean => statement === "rollback" || statement.includes("effect_wmi_schema")
    faulty.plan = { before: (statement) => fails(statement) ? Effect.fail(gone) : Effect.void }
    yield* Effect.flip(store.restore(Snapshot.empty({ namespaces: ["root\\new"] })))
    // The one connection of the client: a new session, which reads committed rows.
    const left = yield* Effect.eventually(
      sql.unsafe<{ readonly gone: number }>("select count(*)::int as gone from effect_wmi_namespace where not alive")
    )
    assert.deepStrictEqual(left, [{ gone: 0 }])
    const inside = "select now() <> statement_timestamp() as inside" // in a transaction time stands still
    assert.deepStrictEqual(yield* sql.unsafe<{ readonly inside: boolean }>(inside), [{ inside: false }])
  }))

describe("statements that stay prepared", () => {
  const prepared: Parameters<Query> = ["select $1::int + 1 as next", [1], { isPrepared: true }]

  it.scopedLive("are prepared, and prepared again after many uses", () =>
    Effect.gen(function* () {
      const one = yield* pool(yield* database)
      const { query } = PostgresPool.driver(one, Duration.seconds(20))
      for (let i = 0; i < 600; i++) assert.deepStrictEqual(yield* query(...prepared), [{ next: 2 }])
      const names = yield* Effect.promise(() => one.query("select name from pg_prepared_statements"))
      assert.strictEqual(names.rows.length, 4) // 128, 256 and 512
    }))

  it.scopedLive("that the session has lost are run unprepared", () =>
    Effect.gen(function* () {
      const one = yield* pool(yield* database)
      const { query } = PostgresPool.driver(one, Duration.seconds(20))
      assert.deepStrictEqual(yield* query(...prepared), [{ next: 2 }])
      yield* Effect.promise(() => one.query("deallocate all"))
      for (let i = 0; i < 3; i++) assert.deepStrictEqual(yield* query(...prepared), [{ next: 2 }])
      const names = yield* Effect.promise(() => one.query("select name from pg_prepared_statements"))
      assert.deepStrictEqual(names.rows, [])
    }))

  it.scopedLive("whose name the session has for another text are run unprepared", () =>
    Effect.gen(function* () {
      const url = yield* database
      const one = yield* pool(url)
      yield* PostgresPool.driver(one, Duration.seconds(20)).query(...prepared)
      const there = yield* Effect.promise(() => one.query("select name from pg_prepared_statements"))
      // A server connection that a pooler shares with another process: its prepared statements are not those of this client.
      const other = yield* pool(url)
      if ((yield* Effect.promise(reach)).kind !== "pglite") { // there it is the same session, and has it
        yield* Effect.promise(() => other.query(`prepare ${there.rows[0].name} as select 9 as next`))
      }
      const { query } = PostgresPool.driver(other, Duration.seconds(20))
      for (let i = 0; i < 3; i++) assert.deepStrictEqual(yield* query(...prepared), [{ next: 2 }])
    }))
})

it.scopedLive("a dump and a restore may take longer than the timeout of one answer", () =>
  Effect.gen(function* () {
    const faulty = new Faulty()
    const sql = faulty.wrap(yield* client(yield* database))
    const store = yield* Effect.provideService(
      SqlStore.make({ answerTimeout: "1 second" }),
      SqlClient.SqlClient,
      sql
    )
    const world = Snapshot.withObjects(Snapshot.empty(), "root\\cimv2", [
      ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }),
      Instance.make("Demo_Disk", { Id: "a" })
    ])
    faulty.plan = { after: () => Effect.sleep("250 millis") } // a database that is slow, and answers
    yield* store.restore(world)
    const snapshot = yield* store.snapshot
    assert.isDefined(Snapshot.row(snapshot, "root\\cimv2", "demo_disk", "a"))
  }))

describe("a pool", () => {
  it.scopedLive("an answer after its caller was interrupted breaks nothing, and an error in time is no lost server", () =>
    Effect.gen(function* () {
      const url = yield* database
      const one = yield* PostgresPool.make({ url, maxConnections: 1, connectTimeout: "1 second" })
      const hasty = sessionsOf(PostgresPool.driver(one, Duration.millis(200)))
      const patient = sessionsOf(PostgresPool.driver(one, Duration.seconds(20)))
      const held = yield* hasty.begin
      const asked = yield* Effect.all(
        [hasty.query("select 1"), hasty.begin, patient.query("select 1"), patient.begin].map(reason),
        { concurrency: "unbounded" }
      )
      // The first two heard the end of their own time, and the pool's after that; the others heard the pool's.
      assert.deepStrictEqual(asked, ["Canceled", "Canceled", "Canceled", "Canceled"])
      yield* held.end(true)
      assert.strictEqual(yield* reason(patient.query("select 1")), "ok")
    }))

  it.scopedLive("without a free connection it does not report a lost server", () =>
    Effect.gen(function* () {
      if ((yield* Effect.promise(reach)).kind === "pglite") return
      const url = yield* database
      const other = yield* beside(url)
      const options = { url: [Redacted.make(url)], maxConnections: 1, connectTimeout: "1 second" } as const
      const store = Context.get(yield* Layer.build(Postgres.layerStore(options)), NamespaceStore)
      yield* say(other, "begin; lock table effect_wmi_instance")
      const first = yield* Effect.fork(store.snapshot)
      yield* untilBlocked(other) // it has the connection
      assert.strictEqual((yield* Effect.flip(store.snapshot)).status, "Timeout")
      assert.strictEqual((yield* Effect.flip(store.namespaces)).status, "Timeout")
      yield* say(other, "commit")
      assert.include(Snapshot.namespaces(yield* Fiber.join(first)), "root")
      assert.include(yield* store.namespaces, "root")
    }))

  it.scopedLive("a prepared statement survives a change of its table", () =>
    Effect.gen(function* () {
      const url = yield* database
      const other = yield* beside(url)
      yield* say(other, "create table formed (v int); insert into formed values (1)")
      const { query } = PostgresPool.driver(yield* pool(url), Duration.seconds(20))
      const prepared: Parameters<Query> = ["select v from formed", [], { isPrepared: true }]
      assert.strictEqual((yield* query(...prepared)).length, 1)
      yield* say(other, "alter table formed alter v type bigint")
      assert.strictEqual((yield* query(...prepared)).length, 1)
    }))

  it.scopedLive("a server that accepts connections and does not answer is given up after the timeout", () =>
    Effect.gen(function* () {
      const url = new URL(yield* database)
      const mute = yield* muteServer(url)
      const opening = PostgresPool.make({ url: mute, maxConnections: 1, connectTimeout: "500 millis" })
      assert.strictEqual(yield* reason(Effect.scoped(opening)), "Unreachable")
    }))
})

it.scopedLive("a class update waits for a concurrent put of an instance, whatever the default isolation of the server is", () =>
  Effect.gen(function* () {
    if ((yield* Effect.promise(reach)).kind === "pglite") return // it has one session, which would wait for itself
    const url = yield* database
    const other = yield* beside(url)
    yield* say(
      other,
      `alter database "${new URL(url).pathname.slice(1)}" set default_transaction_isolation = 'repeatable read'`
    )
    const key = Property.key("string")
    const form = (size: "uint32" | "string") =>
      ClassDefinition.make("Demo_Disk", { Id: key, Size: Property.make(size) })
    const layer = Wmi.layer(Postgres.layer({ url: Redacted.make(url) }))
    yield* Effect.gen(function* () {
      yield* PutAsync.put(PutRequest.make(form("uint32")))
      // What a store writes for an instance, held before its commit.
      yield* say(other, "begin isolation level read committed")
      yield* say(other, "select 1 from effect_wmi_namespace where alive order by folded for share")
      yield* say(
        other,
        `insert into effect_wmi_instance (namespace, root, key, class, version, body)
          values ('root\\cimv2', 'demo_disk', '"c"', 'demo_disk', 5, '{"c":"Demo_Disk","v":{"Id":"c","Size":1}}')`
      )
      const changing = yield* Effect.fork(Effect.flip(PutAsync.put(PutRequest.make(form("string")))))
      yield* untilBlocked(other)
      yield* say(other, "commit")
      assert.strictEqual((yield* Fiber.join(changing)).status, "ClassHasInstances")
    }).pipe(Effect.provide(layer))
  }))
