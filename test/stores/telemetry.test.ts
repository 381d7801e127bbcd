/** The spans of transactions over SQLite and PostgreSQL: parents, attempts and conflicts, the links of a group commit, the address. */
import { it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { join } from "node:path"
import { assert, describe } from "vitest"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { Failed } from "../../src/protocol/WbemError.ts"
import { Conflict, type RowDatabase } from "../../src/storage/rowDatabase.ts"
import * as RowStore from "../../src/storage/rowStore.ts"
import * as SqlDatabase from "../../src/storage/sql/sqlDatabase.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import { sqlite } from "../../src/storage/sqlite/dialect.ts"
import { databaseOf, open } from "../../src/storage/sqlite/file.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as SyncDriver from "../../src/storage/sqlite/syncDriver.ts"
import * as Wmi from "../../src/Wmi.ts"
import { type RecordedSpan, recordedSpans, type Recording } from "../recordedSpans.ts"
import { database, folder, postgresLayer } from "./stores.ts"

const Disk = PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }))
const disk = (id: string) => PutRequest.make(Instance.make("Demo_Disk", { Id: id }))

type Services = Layer.Layer.Success<typeof Wmi.layerMemory>

const over = (store: Layer.Layer<NamespaceStore, unknown>): Layer.Layer<Services> =>
  Layer.orDie(Wmi.layer(Layer.provide(EmulatedRepository.layer, store)))

const recorded = <A, E>(
  program: Effect.Effect<A, E, Services>,
  store: Layer.Layer<NamespaceStore, unknown> = Sqlite.layerStore({ filename: ":memory:" })
): Effect.Effect<readonly [Exit.Exit<A, E>, Recording]> => {
  const recording = recordedSpans()
  return Effect.map(
    // The class is put without the tracer.
    Effect.exit(
      Effect.provide(
        Effect.zipRight(Effect.orDie(PutAsync.put(Disk)), Effect.provide(program, recording.layer)),
        over(store)
      )
    ),
    (exit) => [exit, recording] as const
  )
}

/** A store over a SQLite file whose attempts are altered. */
const altered = (alter: (database: RowDatabase) => RowDatabase): Layer.Layer<NamespaceStore, unknown> =>
  Layer.scoped(
    NamespaceStore,
    Effect.gen(function* () {
      const filename = join(yield* folder, "wmi.db")
      yield* Effect.scoped(Layer.build(Sqlite.layerStore({ filename }))) // makes the tables
      const file = yield* Effect.flatMap(open({ filename }), databaseOf)
      return RowStore.make(alter(SqlDatabase.make(sqlite(file.reads), SyncDriver.make(file))))
    })
  )

const facts = (recording: Recording, name: string) =>
  recording.spans.filter((span) => span.name === name).map(({ facts }) => facts)

const written = { "db.system.name": "sqlite", "db.operation.name": "write", "wmi.transaction.conflicts": 0 }

describe("the span of a transaction over SQLite", () => {
  it.live("is a child of the verb", () =>
    Effect.gen(function* () {
      const [exit, recording] = yield* recorded(Effect.gen(function* () {
        yield* PutAsync.put(disk("C:"))
        yield* Wmi.get('Demo_Disk.Id="C:"')
        yield* Stream.runDrain(BulkPut.run(Stream.make(disk("D:"), disk("E:"))))
        yield* Wmi.restore(yield* Wmi.snapshot)
        yield* Wmi.namespaces
      }))
      assert.isTrue(Exit.isSuccess(exit), String(exit))
      assert.deepStrictEqual(recording.tree(), [
        "wmi.put: ok",
        "wmi.put > wmi.transaction: ok",
        "wmi.get: ok",
        "wmi.get > wmi.transaction: ok",
        "wmi.put_bulk: ok",
        "wmi.put_bulk > wmi.transaction: ok",
        "wmi.snapshot: ok",
        "wmi.snapshot > wmi.transaction: ok",
        "wmi.restore: ok",
        "wmi.restore > wmi.transaction: ok",
        "wmi.list_namespaces: ok",
        "wmi.list_namespaces > wmi.transaction: ok"
      ])
      assert.deepStrictEqual(facts(recording, "wmi.transaction")[0], { ...written, "wmi.transaction.attempts": 1 })
      assert.deepStrictEqual(facts(recording, "wmi.transaction").map((one) => one["db.operation.name"]), [
        "write",
        "read",
        "write",
        "snapshot",
        "restore",
        "namespaces"
      ])
      assert.isTrue(
        recording.spans.every(({ kind, name }) => kind === (name === "wmi.transaction" ? "client" : "internal"))
      )
    }))

  it.live("of a group commit has links to the other puts, and their spans have links to it", () =>
    Effect.gen(function* () {
      const [, recording] = yield* recorded(
        Effect.all([PutAsync.put(disk("A:")), PutAsync.put(disk("B:")), PutAsync.put(disk("C:"))], {
          concurrency: "unbounded"
        })
      )
      assert.deepStrictEqual(recording.tree(), [
        "wmi.put: ok",
        "wmi.put: ok",
        "wmi.put: ok",
        "wmi.put > wmi.transaction: ok"
      ])
      const [first, second, third, transaction] = recording.spans as [
        RecordedSpan,
        RecordedSpan,
        RecordedSpan,
        RecordedSpan
      ]
      assert.deepStrictEqual(transaction.facts, {
        ...written,
        "db.operation.batch.size": 3,
        "wmi.transaction.attempts": 1
      })
      assert.deepStrictEqual(transaction.links.map(({ span }) => span), [second, third])
      assert.deepStrictEqual([first, second, third].map((span) => span.links.map(({ span }) => span)), [
        [],
        [transaction],
        [transaction]
      ])
    }))

  it.live("counts attempts and conflicts", () =>
    Effect.gen(function* () {
      let conflicts = 0
      const [exit, recording] = yield* recorded(
        Effect.zipRight(Effect.sync(() => conflicts = 2), PutAsync.put(disk("C:"))),
        altered((database) => ({
          ...database,
          attempt: (mode, work) =>
            mode !== "read" && conflicts > 0
              ? Effect.suspend(() => {
                conflicts--
                return Effect.fail(new Conflict())
              })
              : database.attempt(mode, work)
        }))
      )
      assert.isTrue(Exit.isSuccess(exit), String(exit))
      assert.deepStrictEqual(facts(recording, "wmi.transaction"), [
        { ...written, "wmi.transaction.attempts": 3, "wmi.transaction.conflicts": 2 }
      ])
    }))

  it.live("fails with the error, and each put of the group shows its own span", () =>
    Effect.gen(function* () {
      let isBroken = false
      const save = (id: string) =>
        Effect.exit(Effect.withSpan(PutAsync.put(disk(id)), `agent.${id}`, { captureStackTrace: false }))
      const [exit, recording] = yield* recorded(
        Effect.zipRight(
          Effect.sync(() => isBroken = true),
          Effect.all([save("A"), save("B")], { concurrency: "unbounded" })
        ),
        altered((database) => ({
          ...database,
          attempt: (mode, work) =>
            isBroken ? Effect.fail(new Failed({ detail: "the disk is gone" })) : database.attempt(mode, work)
        }))
      )
      assert.isTrue(Exit.isSuccess(exit), String(exit))
      const stacks = (exit as Exit.Success<ReadonlyArray<Exit.Exit<unknown, unknown>>, never>).value.map((one) =>
        Exit.isFailure(one) ? Cause.pretty(one.cause) : assert.fail("it succeeded")
      )
      assert.match(stacks[0]!, /the disk is gone[^]*at wmi\.put[^]*at agent\.A/)
      assert.match(stacks[1]!, /the disk is gone[^]*at wmi\.put[^]*at agent\.B/)
      assert.notMatch(stacks[1]!, /agent\.A/)
      assert.deepStrictEqual(recording.tree(), [
        "agent.A: failed",
        "agent.A > wmi.put: failed",
        "agent.B: failed",
        "agent.B > wmi.put: failed",
        "agent.A > wmi.put > wmi.transaction: failed"
      ])
      assert.strictEqual(facts(recording, "wmi.transaction")[0]!["error.type"], "WbemFailed")
    }))
})

describe("the span of a transaction over PostgreSQL", () => {
  const program = Effect.gen(function* () {
    yield* Effect.all([PutAsync.put(disk("A:")), PutAsync.put(disk("B:"))], { concurrency: "unbounded" })
    yield* Wmi.get('Demo_Disk.Id="A:"')
    yield* Effect.flip(PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:", Size: 1 }))))
  })
  const tree = [
    "wmi.put: ok",
    "wmi.put: ok",
    "wmi.put > wmi.transaction: ok",
    "wmi.get: ok",
    "wmi.get > wmi.transaction: ok",
    "wmi.put: failed",
    "wmi.put > wmi.transaction: ok"
  ]

  it.scopedLive("has the server and the database of the address, and nothing else of it", () =>
    Effect.gen(function* () {
      const url = new URL(yield* database)
      const [exit, recording] = yield* recorded(program, Postgres.layerStore({ url: url.href, maxConnections: 2 }))
      assert.isTrue(Exit.isSuccess(exit), String(exit))
      assert.deepStrictEqual(recording.tree(), tree)
      assert.deepStrictEqual(facts(recording, "wmi.transaction")[0], {
        "db.system.name": "postgresql",
        "db.namespace": url.pathname.slice(1),
        "server.address": url.hostname,
        ...(url.port === "" || url.port === "5432" ? {} : { "server.port": Number(url.port) }),
        "db.operation.name": "write",
        "db.operation.batch.size": 2,
        "wmi.transaction.attempts": 1,
        "wmi.transaction.conflicts": 0
      })
    }))

  it.scopedLive("over a client of others has no address", () =>
    Effect.gen(function* () {
      const [exit, recording] = yield* recorded(program, postgresLayer(yield* database))
      assert.isTrue(Exit.isSuccess(exit), String(exit))
      const names = new Set(facts(recording, "wmi.transaction").flatMap((one) => Object.keys(one)))
      assert.isTrue(names.has("db.system.name"))
      assert.deepStrictEqual([...names].filter((name) => /server|namespace/.test(name)), [])
    }))
})
