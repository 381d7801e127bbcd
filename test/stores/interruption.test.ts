/** A put whose fiber is interrupted while its group is written: the whole group is stored or none of it, and each call completes once. */
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import type { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Faulty, gone, writesInstances } from "./faulty.ts"
import { database } from "./stores.ts"

type Client = Layer.Layer<SqlClient.SqlClient, StoreFailure>
interface Kind {
  readonly client: Effect.Effect<Client, never, Scope.Scope>
  /** Whether it is in a transaction, which is taken back. */
  readonly takenBack: boolean
}
const kinds: Readonly<Record<string, Kind>> = {
  SQLite: {
    client: Effect.succeed(Sqlite.layerClient({ filename: ":memory:" })),
    takenBack: true
  },
  PostgreSQL: {
    client: Effect.map(database, (url) => Postgres.layerClient({ url: Redacted.make(url), maxConnections: 2 })),
    takenBack: false
  }
}

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
const disk = (id: string): Instance.Instance => Instance.make("Demo_Disk", { Id: id })

for (const [kind, { client, takenBack }] of Object.entries(kinds)) {
  describe(kind, () => {
    for (const when of ["before", "after"] as const) {
      for (const ends of ["goes through", "fails"] as const) {
        it.scopedLive(`the fiber is interrupted ${when} the database executes the write, and the write ${ends === "fails" ? "fails" : "succeeds"}`, () =>
          Effect.gen(function* () {
            const faulty = new Faulty()
            const sql = faulty.wrap(
              yield* Effect.flatMap(Layer.build(yield* client), (all) => Effect.provide(SqlClient.SqlClient, all))
            )
            const store = yield* Effect.provideService(SqlStore.make(), SqlClient.SqlClient, sql)
            const layer = Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))
            const put = (object: WbemObject) => {
              const { events, sink } = PutSink.recording()
              return [
                PutAsync.put(PutRequest.make(object)).pipe(PutAsync.withSink(sink), Effect.provide(layer)),
                () => events().filter((event) => event.startsWith("Completed"))
              ] as const
            }
            const held = Effect.map(
              Effect.provide(Wmi.instancesOf("Demo_Disk"), layer),
              (all) => all.map((one) => one.values["Id"]).sort()
            )
            yield* put(Disk)[0]
            const waiting = yield* Deferred.make<void>()
            const goOn = yield* Deferred.make<void>()
            const stop = (statement: string) =>
              !writesInstances(statement) ? Effect.void : Effect.zipRight(
                Deferred.succeed(waiting, undefined),
                Effect.zipRight(Deferred.await(goOn), ends === "fails" ? Effect.fail(gone) : Effect.void)
              )
            faulty.plan = { [when]: stop }
            const puts = ["a", "b", "c"].map((id) => put(disk(id)))
            const fibers = yield* Effect.all(puts.map(([one]) => Effect.fork(one)))
            yield* Deferred.await(waiting)
            // The one that leads, and one that is led; the third goes on.
            const interrupted = yield* Effect.fork(Fiber.interruptAll(fibers.slice(0, 2)))
            yield* Effect.yieldNow()
            assert.deepStrictEqual(puts.map(([, told]) => told().length), [0, 0, 0])
            yield* Deferred.succeed(goOn, undefined)
            yield* Fiber.join(interrupted)
            const exits = yield* Effect.all(fibers.map((fiber) => Fiber.await(fiber)))
            faulty.plan = {}
            assert.strictEqual(faulty.out, 0)
            const ending = ends === "fails" ? "Completed TransportFailure" : "Completed"
            assert.deepStrictEqual(puts.map(([, told]) => told()), [[ending], [ending], [ending]])
            assert.deepStrictEqual(exits.map(Exit.isInterrupted), [true, true, false])
            assert.strictEqual(Exit.isSuccess(exits[2]!), ends === "goes through")
            const there = ends === "fails" && (when === "before" || takenBack) ? [] : ["a", "b", "c"]
            assert.deepStrictEqual(yield* held, there)
            yield* put(disk("d"))[0]
            assert.deepStrictEqual(yield* held, [...there, "d"])
          }))
      }
    }
  })
}
