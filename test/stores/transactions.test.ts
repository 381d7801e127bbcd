/** Transactions of the program around a store over its client: the store takes no part in them, and its calls inside them fail at once. */
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { join } from "node:path"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { database, folder } from "./stores.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
const disk = (id: string): Instance.Instance => Instance.make("Demo_Disk", { Id: id })

type Services = Stages | EmulatedRepository.Services

const put = (object: WbemObject) => Effect.map(PutAsync.put(PutRequest.make(object)), ({ disposition }) => disposition)

/** Why something was refused; it may be wrapped once more. */
const reason = (error: unknown): string | undefined =>
  error instanceof StoreFailure
    ? error.reason
    : typeof error === "object" && error !== null
    ? reason((error as { readonly cause?: unknown }).cause)
    : undefined

const why = <A, R>(effect: Effect.Effect<A, unknown, R>): Effect.Effect<string | undefined, never, R> =>
  Effect.match(effect, { onFailure: reason, onSuccess: () => "ok" })

type Client = Layer.Layer<SqlClient.SqlClient, StoreFailure>
const clients: Readonly<Record<string, Effect.Effect<Client, never, Scope.Scope>>> = {
  SQLite: Effect.map(folder, (at) => Sqlite.layerClient({ filename: join(at, "wmi.db") })),
  PostgreSQL: Effect.map(database, (url) => Postgres.layerClient({ url: Redacted.make(url), maxConnections: 1 }))
}

for (const [kind, client] of Object.entries(clients)) {
  describe(kind, () => {
    it.scopedLive("calls of a store inside a transaction of its client fail, and succeed after it", () =>
      Effect.gen(function* () {
        const context = yield* Layer.build(yield* client)
        const sql = Context.get(context, SqlClient.SqlClient)
        const made = Effect.provide(SqlStore.make(), context)
        assert.strictEqual(yield* why(sql.withTransaction(made)), "InTransaction")
        const store = yield* made
        const layer = Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))
        yield* Effect.gen(function* () {
          assert.strictEqual(yield* put(Disk), "Created")
          const inside: Readonly<Record<string, Effect.Effect<unknown, WbemError, Services>>> = {
            "a put": put(disk("a")),
            "a class": put(ClassDefinition.make("Demo_New", { Id: Property.key("string") })),
            "a read": Wmi.instancesOf("Demo_Disk"),
            "a deletion": Wmi.delete("Demo_Disk"),
            "the names": store.namespaces,
            "a snapshot": store.snapshot,
            "a restore": store.restore(Snapshot.empty())
          }
          for (const [what, one] of Object.entries(inside)) {
            assert.strictEqual(yield* why(sql.withTransaction(one)), "InTransaction", what)
          }
          assert.lengthOf(yield* Wmi.instancesOf("Demo_Disk"), 0)
          assert.strictEqual(yield* put(disk("a")), "Created")
          // A put that must survive a rollback runs without the transaction in its context and needs a connection of its own.
          if (kind === "PostgreSQL") return
          const apart = Effect.mapInputContext(
            put(disk("b")),
            (all: Context.Context<Stages>) => Context.omit(SqlClient.TransactionConnection)(all)
          )
          const other = Context.get(
            yield* Layer.build(Sqlite.layerClient({ filename: ":memory:" })),
            SqlClient.SqlClient
          )
          assert.strictEqual(yield* other.withTransaction(apart), "Created")
        }).pipe(Effect.provide(layer))
      }))
  })
}

it.scoped("a store with a client of its own takes no part in transactions of the program", () =>
  Effect.gen(function* () {
    const at = yield* folder
    const context = yield* Layer.build(Sqlite.layerClient({ filename: join(at, "theirs.db") }))
    const sql = Context.get(context, SqlClient.SqlClient)
    const own = Wmi.layer(Sqlite.layer({ filename: join(at, "wmi.db") }))
    const exit = yield* Effect.exit(
      sql.withTransaction(Effect.zipRight(Effect.provide(put(Disk), own), Effect.fail("it is taken back")))
    )
    assert.strictEqual(exit._tag, "Failure")
    assert.lengthOf(yield* sql`select * from sqlite_master`, 0)
    assert.strictEqual(yield* Effect.provide(put(Disk), own), "Unchanged")
  }))
