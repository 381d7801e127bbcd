/** A PostgreSQL store checks READ COMMITTED when it is opened: it compares what two sessions read. */
import * as PgClient from "@effect/sql-pg/PgClient"
import { SqlError } from "@effect/sql/SqlError"
import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type AddressInfo, connect, createServer, type Server } from "node:net"
import pg from "pg"
import { assert } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import { reasonOf } from "../../src/storage/sql/failures.ts"
import type { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as StoreContract from "../../src/testing/StoreContract.ts"
import { hasPgBouncer, pgBouncer } from "./pgbouncer.ts"
import { reach, startPGlite } from "./postgresServer.ts"
import { database } from "./stores.ts"

/** Of equal length, so that the length field of a message stays correct. */
const [asked, given] = ["read committed", "serializable  "]

/** A proxy that turns READ COMMITTED into snapshot isolation, as databases do that have nothing else. */
const snapshots = (to: string): Effect.Effect<string, never, Scope.Scope> => {
  const far = new URL(to)
  return Effect.map(
    Effect.acquireRelease(
      Effect.promise(() =>
        new Promise<Server>((resolve) => {
          const server = createServer((near) => {
            const socket = connect(Number(far.port), far.hostname)
            near.on("data", (data) => {
              socket.write(Buffer.from(data.toString("latin1").replaceAll(asked, given), "latin1"))
            })
            socket.on("data", (data) => void near.write(data))
            for (const [one, its] of [[near, socket], [socket, near]] as const) {
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
}

/** The ways to open a store, each with the number of connections that it may have. */
const ways: Readonly<
  Record<string, (url: string, connections: number, options: SqlStore.Options) => Layer.Layer<NamespaceStore, unknown>>
> = {
  "over connections of its own": (url, maxConnections, options) =>
    Postgres.layerStore({ url: Redacted.make(url), maxConnections, ...options }),
  "over a client": (url, maxConnections, options) =>
    Layer.provide(SqlStore.layerWith(options), PgClient.layer({ url: Redacted.make(url), maxConnections }))
}

/** Opens a store: why it was refused, or `opened`, and what was logged. */
const opening = (layer: Layer.Layer<NamespaceStore, unknown>) =>
  Effect.gen(function* () {
    const logged: Array<string> = []
    const listener = Logger.make(({ message }) => void logged.push(String(message)))
    const said = yield* Effect.scoped(Layer.build(Layer.fresh(layer))).pipe(
      Effect.match({
        onFailure: (error) => {
          const { message, reason } = error as StoreFailure
          return `${reason}: ${message}`
        },
        onSuccess: () => "opened"
      }),
      Effect.provide(Logger.replace(Logger.defaultLogger, listener))
    )
    return { said, logged }
  })

/** Rows that an opening left behind. */
const leftBehind = (url: string) =>
  Effect.promise(async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query<{ readonly n: number }>(
      "select count(*)::int as n from effect_wmi_migration where migration_id < 0"
    )
    await client.end()
    return rows[0]!.n
  })

/** Longer than any check takes on a busy machine. */
const patient = { isolationTimeout: "30 seconds" } as const

const isPGlite = Effect.map(Effect.promise(reach), ({ kind }) => kind === "pglite")

for (const [way, store] of Object.entries(ways)) {
  describe(way, () => {
    it.scopedLive("a database with READ COMMITTED opens, for several stores at once too, and the check leaves nothing behind", () =>
      Effect.gen(function* () {
        if (yield* isPGlite) return
        const url = yield* database
        const all = yield* Effect.all(
          Array.from({ length: 6 }, () => opening(store(url, 2, { ...patient, requireIsolationCheck: true }))),
          { concurrency: "unbounded" }
        )
        assert.deepStrictEqual(all, Array(6).fill({ said: "opened", logged: [] }))
        assert.strictEqual(yield* leftBehind(url), 0)
      }))

    it.scopedLive("a database whose READ COMMITTED is snapshot isolation is refused with the reason, and the check leaves nothing behind", () =>
      Effect.gen(function* () {
        if (yield* isPGlite) return
        const url = yield* database
        const { logged, said } = yield* opening(store(yield* snapshots(url), 2, patient))
        assert.match(said, /^Isolation: .*READ COMMITTED.*snapshot isolation/)
        assert.deepStrictEqual(logged, [])
        assert.strictEqual(yield* leftBehind(url), 0)
      }))

    it.scopedLive("with one connection there is no check: the store opens with a warning, or is refused where the check is required", () =>
      Effect.gen(function* () {
        const url = yield* database
        const { logged, said } = yield* opening(store(url, 1, { isolationTimeout: "200 millis" }))
        assert.strictEqual(said, "opened")
        assert.lengthOf(logged, 1)
        assert.match(logged[0]!, /READ COMMITTED was not checked/)
        const required = yield* opening(store(url, 1, { isolationTimeout: "200 millis", requireIsolationCheck: true }))
        assert.match(required.said, /^Isolation: .*not checked/)
        assert.strictEqual(yield* leftBehind(url), 0)
      }))

    it.scopedLive("a read-only database opens with a warning", () =>
      Effect.gen(function* () {
        if (yield* isPGlite) return
        const url = yield* database
        assert.strictEqual((yield* opening(store(url, 2, patient))).said, "opened")
        const readOnly = new URL(url)
        readOnly.searchParams.set("options", "-c default_transaction_read_only=on")
        const { logged, said } = yield* opening(store(readOnly.href, 2, patient))
        assert.strictEqual(said, "opened")
        assert.match(logged[0]!, /not checked: the database is read-only/)
      }))
  })
}

it.scopedLive(
  "PGlite runs its sessions in turn: the store opens with a warning and works",
  () =>
    Effect.gen(function* () {
      const { url } = yield* Effect.acquireRelease(
        Effect.promise(startPGlite),
        ({ pid }) => Effect.sync(() => void process.kill(pid))
      )
      const layer = Postgres.layerStore({ url: Redacted.make(url), maxConnections: 3 })
      const { logged, said } = yield* opening(layer)
      assert.deepStrictEqual([said, logged.length], ["opened", 1])
      assert.strictEqual(yield* leftBehind(url), 0)
      const required = yield* opening(
        Postgres.layerStore({ url: Redacted.make(url), maxConnections: 3, requireIsolationCheck: true })
      )
      assert.match(required.said, /^Isolation: .*not checked/)
      const state = yield* Effect.provide(Effect.flatMap(NamespaceStore, (one) => one.snapshot), layer)
      assert.include(Snapshot.namespaces(state), "root\\cimv2")
    }),
  120_000
)

// Its tests say nothing new under other runtimes.
describe.runIf(hasPgBouncer && !("Deno" in globalThis) && !("Bun" in globalThis))(
  "PgBouncer in transaction mode",
  () => {
    const open = (url: string) =>
      Effect.map(
        Layer.build(Layer.fresh(Layer.orDie(
          Postgres.layerStore({ url: Redacted.make(url), maxConnections: 4, ...patient, requireIsolationCheck: true })
        ))),
        (context) => Effect.provide(NamespaceStore, context)
      ).pipe(Effect.flatten)

    it.scopedLive(
      "the check passes, and so does the contract of two stores",
      () =>
        Effect.gen(function* () {
          if (yield* isPGlite) {
            return
          }
          for (const one of StoreContract.shared) {
            yield* Effect.scoped(Effect.gen(function* () {
              const url = yield* pgBouncer(yield* database, 3)
              const [here, there] = yield* Effect.all([open(url), open(url)])
              yield* one.program(here, there)
            }))
          }
        }),
      240_000
    )
  }
)

it("a table that another session creates at the same time is a conflict, which is retried: PostgreSQL has three codes for it", () => {
  for (const code of ["23505", "42P07", "42710"]) {
    const said = Object.assign(new Error("already exists"), { code })
    assert.strictEqual(reasonOf(new SqlError({ cause: said })), "Conflict")
  }
})
