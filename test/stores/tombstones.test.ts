/** The rows that are kept for deleted objects do not grow with the number of deletions. */
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import type { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { database } from "./stores.ts"

type Client = Layer.Layer<SqlClient.SqlClient, StoreFailure>
const clients: Readonly<Record<string, Effect.Effect<Client, never, Scope.Scope>>> = {
  SQLite: Effect.succeed(Sqlite.layerClient({ filename: ":memory:" })),
  PostgreSQL: Effect.map(database, (url) => Postgres.layerClient({ url: Redacted.make(url), maxConnections: 1 }))
}

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
const put = (...given: Parameters<typeof PutRequest.make>) => PutAsync.put(PutRequest.make(...given))

/** A namespace with a class with an instance comes and goes. */
const round = Effect.gen(function* () {
  yield* put(Instance.make("__NAMESPACE", { Name: "Demo" }), { namespace: "root" })
  yield* put(Disk, { namespace: "root\\Demo" })
  yield* put(Instance.make("Demo_Disk", { Id: "a" }), { namespace: "root\\Demo" })
  yield* Wmi.delete("Demo_Disk", { namespace: "root\\Demo" })
  yield* put(Disk, { namespace: "root\\Demo" })
  yield* Wmi.delete('__NAMESPACE.Name="Demo"', { namespace: "root" })
})

describe("deleted rows", () => {
  for (const [kind, client] of Object.entries(clients)) {
    it.scopedLive(`${kind}: one for each name, however often it is created and deleted`, () =>
      Effect.gen(function* () {
        const context = yield* Layer.build(yield* client)
        const sql = Context.get(context, SqlClient.SqlClient)
        const store = yield* Effect.provide(SqlStore.make(), context)
        const layer = Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))
        const rows = Effect.map(
          sql<{ readonly n: number | string }>`select (select count(*) from effect_wmi_namespace)
            + (select count(*) from effect_wmi_schema) + (select count(*) from effect_wmi_instance) as n`,
          ([row]) => Number(row?.n)
        )
        const before = yield* rows
        yield* Effect.provide(round, layer)
        const once = yield* rows
        // The namespace, its entry in the one above, and the class.
        assert.strictEqual(once, before + 3)
        for (let i = 0; i < 5; i++) yield* Effect.provide(round, layer)
        assert.strictEqual(yield* rows, once)
      }))
  }
})
