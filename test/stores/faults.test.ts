/**
 * Faults: statement 1, 2, 3 … of a call fails, before or after the database executes it. The state is that before or that
 * after the call, the sink gets one `Completed` for each call, and every connection returns to the pool.
 */
import * as SqlClient from "@effect/sql/SqlClient"
import { describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { join } from "node:path"
import { assert } from "vitest"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as ReadSet from "../../src/engine/ReadSet.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import { databaseOf, open } from "../../src/storage/sqlite/file.ts"
import { storeOf } from "../../src/storage/sqlite/syncDriver.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import type { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { Faulty, gone, writesInstances } from "./faulty.ts"
import { database, folder } from "./stores.ts"

const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  Size: Property.make("uint64"),
  Note: Property.make("string")
})
const disk = (id: string, size: bigint): Instance.Instance => Instance.make("Demo_Disk", { Id: id, Size: size })
const Less = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), Size: Property.make("uint64") })
const Sub = ClassDefinition.make("Demo_Sub", { Size: Property.make("uint64") }, { superclass: "Demo_Disk" })
const Other = ClassDefinition.make("Demo_Disk", { Name: Property.key("string") })

const world = (): Snapshot.Snapshot =>
  Snapshot.withObjects(Snapshot.empty({ namespaces: ["root\\old"] }), "root\\cimv2", [
    Disk,
    Sub,
    disk("a", 1n),
    disk("b", 2n)
  ])

type Services = Stages | EmulatedRepository.Services
type Call = Effect.Effect<unknown, unknown, Services>

const put = (...given: Parameters<typeof PutRequest.make>): Call => PutAsync.put(PutRequest.make(...given))

/** Every kind of call. */
const calls: Readonly<Record<string, Call>> = {
  "a new instance": put(disk("c", 3n)),
  "a new instance, only to be created": put(disk("c", 3n), { mode: "CreateOnly" }),
  "another value": put(disk("a", 9n)),
  "the same again": put(disk("a", 1n)),
  "one that is refused": put(disk("c", 3n), { mode: "UpdateOnly" }),
  "a subclass takes over": put(Instance.make("Demo_Sub", { Id: "a", Size: 4n })),
  "a new class": put(ClassDefinition.make("Demo_New", { Id: Property.key("uint32") })),
  "another class": put(Less),
  "a class by force": put(Other, { update: "Force" }),
  "a new namespace": put(Instance.make("__NAMESPACE", { Name: "new" }), { namespace: "root" }),
  "an instance goes": Wmi.delete('Demo_Disk.Id="a"'),
  "a class goes": Wmi.delete("Demo_Disk"),
  "a namespace goes": Wmi.delete('__NAMESPACE.Name="old"', { namespace: "root" }),
  "a batch": Stream.runCollect(
    Stream.fromIterable([disk("a", 7n), disk("c", 1n), disk("b", 2n), disk("d", 1n)].map((one) => PutRequest.make(one)))
      .pipe(BulkPut.run())
  ),
  "a batch with a class": Stream.runCollect(
    Stream.fromIterable(
      [Less, disk("a", 7n), Instance.make("Demo_Sub", { Id: "e" })].map((one) => PutRequest.make(one))
    )
      .pipe(BulkPut.run())
  ),
  "a restore": Wmi.restore(Snapshot.of(Less, disk("z", 1n)))
}

const clients: Readonly<
  Record<string, Effect.Effect<Layer.Layer<SqlClient.SqlClient, StoreFailure>, never, Scope.Scope>>
> = {
  SQLite: Effect.succeed(Sqlite.layerClient({ filename: ":memory:" })),
  PostgreSQL: Effect.map(database, (url) => Postgres.layerClient({ url: Redacted.make(url), maxConnections: 3 }))
}

const dump = (snapshot: Snapshot.Snapshot): string =>
  JSON.stringify(
    [Snapshot.namespaces(snapshot), Snapshot.entries(snapshot)],
    (_, value: unknown) => typeof value === "bigint" ? `${value}n` : value
  )

/** Opens stores over one database whose statements can be made to fail. */
type Opening = Effect.Effect<Effect.Effect<NamespaceStore, StoreFailure>, StoreFailure, Scope.Scope>

const concurrency = { maxAttempts: 2, busyTimeout: "50 millis" } as const

const overClient = (faulty: Faulty, client: (typeof clients)[string]): Opening =>
  Effect.map(
    Effect.flatMap(client, (layer) => Effect.map(Layer.build(layer), Context.get(SqlClient.SqlClient))),
    (sql) => Effect.provideService(SqlStore.make(concurrency), SqlClient.SqlClient, faulty.wrap(sql))
  )

/** As `Sqlite` makes it, over a handle of its own: whole transactions at once. */
const atOnce = (faulty: Faulty): Opening =>
  Effect.gen(function* () {
    const filename = join(yield* folder, "wmi.db")
    yield* Effect.scoped(Layer.build(Sqlite.layerStore({ filename }))) // makes the tables
    const handle = faulty.driver(yield* Effect.flatMap(open({ filename }), databaseOf))
    return Effect.sync(() => storeOf(handle, concurrency))
  })

const openings: Readonly<Record<string, (faulty: Faulty) => Opening>> = {
  "SQLite over a client": (faulty) => overClient(faulty, clients["SQLite"]!),
  "SQLite at once": atOnce,
  PostgreSQL: (faulty) => overClient(faulty, clients["PostgreSQL"]!)
}

for (const [kind, opening] of Object.entries(openings)) {
  describe(kind, () => {
    it.scopedLive("any statement of a call fails: the call fails, and the store works on", () =>
      Effect.gen(function* () {
        const faulty = new Faulty()
        const open = yield* opening(faulty)
        let faults = 0
        const left = new Set<string>()
        for (const [name, call] of Object.entries(calls)) {
          for (const when of ["before", "after"] as const) {
            for (let n = 1;; n++) {
              const store = yield* open
              yield* store.restore(world())
              const before = dump(yield* store.snapshot)
              let at = 0
              let struck: string | undefined
              const { events, sink } = PutSink.recording()
              const strike = (statement: string) =>
                statement === "rollback" || ++at !== n ? Effect.void : Effect.suspend(() => {
                  struck = statement
                  return Effect.fail(gone)
                })
              faulty.plan = { [when]: strike }
              const layer = Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))
              yield* Effect.exit(call.pipe(PutAsync.withSink(sink), Effect.provide(layer)))
              faulty.plan = {}
              assert.strictEqual(faulty.out, 0, `${name}, ${when} ${n}: connections are given back`)
              const told = events().filter((event) => event.startsWith("Completed")).length
              const puts = name.startsWith("a batch with")
                ? 3
                : name === "a batch"
                ? 4
                : / goes$|restore/.test(name)
                ? 0
                : 1
              // A call that is refused in the start phase, because the store fails, has no event.
              assert.isTrue(told === puts || (told === 0 && at === n), `${name}, ${when} ${n}: ${told} endings`)
              const after = dump(yield* (yield* open).snapshot)
              if (struck === undefined) {
                assert.isAbove(n, 1)
                break
              }
              faults++
              // What there is after the call as it goes through, over a store of its own.
              yield* store.restore(world())
              yield* Effect.exit(call.pipe(Effect.provide(layer)))
              const whole = dump(yield* store.snapshot)
              assert.include([before, whole], after, `${name}, ${when} ${n} (${struck}): half of it`)
              left.add(after === before ? "before" : "after")
            }
          }
        }
        assert.isAbove(faults, 60)
        assert.strictEqual(left.size, 2)
      }))
  })
}

for (const [kind, client] of Object.entries(clients)) {
  describe(kind, () => {
    it.scopedLive("a random program with failing statements has the results of the same program without them", () =>
      Effect.gen(function* () {
        const faulty = new Faulty()
        const sql = faulty.wrap(
          yield* Effect.flatMap(Layer.build(yield* client), (context) => Effect.provide(SqlClient.SqlClient, context))
        )
        const open = Effect.provideService(SqlStore.make(), SqlClient.SqlClient, sql)
        const here = yield* open
        const there = yield* open
        yield* here.restore(world())
        const seeded = <A, E>(effect: Effect.Effect<A, E>) => Effect.withRandom(effect, Random.make("a seed"))
        const more = (store: NamespaceStore) =>
          store.modify(
            () => ReadSet.schema("root\\cimv2"),
            (snapshot) => {
              const before = Snapshot.row(snapshot, "root\\cimv2", "demo_disk", "a")!
              const after = disk("a", (before.values["Size"] as bigint) + 1n)
              return {
                result: 0,
                changes: [{
                  _tag: "Write" as const,
                  path: ObjectPath.make({ namespace: "root\\cimv2", className: "Demo_Disk" }),
                  row: { namespace: "root\\cimv2", root: "demo_disk", key: "a" },
                  before,
                  after
                }]
              }
            },
            () => {}
          )
        yield* seeded(more(there))
        if (kind === "PostgreSQL") { // between the look and the write of one, the other writes
          const waiting = yield* Deferred.make<void>()
          const written = yield* Deferred.make<void>()
          let first = true
          faulty.plan = {
            before: (statement) => {
              if (!first || !writesInstances(statement)) return Effect.void
              first = false
              return Effect.zipRight(Deferred.succeed(waiting, undefined), Deferred.await(written))
            }
          }
          const fiber = yield* Effect.fork(more(here))
          yield* Deferred.await(waiting)
          yield* seeded(more(there))
          yield* Deferred.succeed(written, undefined)
          yield* Fiber.join(fiber)
        } else yield* Effect.all([seeded(more(here)), seeded(more(there))], { concurrency: "unbounded" })
        const sizes = Snapshot.stored(yield* here.snapshot, "root\\cimv2", "Demo_Disk").map((one) =>
          one.instance.values["Size"]
        )
        assert.sameMembers(sizes, [4n, 2n])
      }))
  })
}

it.scopedLive("a read during which its class changes returns one consistent state (PostgreSQL)", () =>
  Effect.gen(function* () {
    const faulty = new Faulty()
    const sql = faulty.wrap(
      yield* Effect.flatMap(
        Layer.build(yield* clients["PostgreSQL"]!),
        (context) => Effect.provide(SqlClient.SqlClient, context)
      )
    )
    const open = Effect.provideService(SqlStore.make(), SqlClient.SqlClient, sql)
    const here = yield* open
    const there = yield* open
    yield* here.restore(world())
    const see = (store: NamespaceStore) =>
      store.read(() => ReadSet.schema("root\\cimv2"), (snapshot) => [
        Snapshot.resolvedClass(snapshot, "root\\cimv2", "Demo_Disk")?.keys.map((one) => one.name),
        Snapshot.row(snapshot, "root\\cimv2", "demo_disk", "a") !== undefined
      ])
    yield* see(here)
    const found = yield* Deferred.make<void>()
    const goOn = yield* Deferred.make<void>()
    let held = false
    faulty.plan = {
      after: (statement) => {
        // The query that returns the row, once.
        if (held || !statement.includes("effect_wmi_instance")) return Effect.void
        held = true
        return Effect.zipRight(Deferred.succeed(found, undefined), Deferred.await(goOn))
      }
    }
    const fiber = yield* Effect.fork(see(here))
    yield* Deferred.await(found)
    yield* there.restore(Snapshot.of(Other))
    yield* see(here)
    yield* Deferred.succeed(goOn, undefined)
    assert.deepStrictEqual(yield* Fiber.join(fiber), [["Name"], false])
  }))
