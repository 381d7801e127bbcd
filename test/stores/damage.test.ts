/**
 * Damaged rows: whatever is wrong with a stored text, a call that needs the row fails with `Corrupt` and names the row. Every other row
 * can be read and written.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqlClient from "@effect/sql/SqlClient"
import { describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { join } from "node:path"
import { assert } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Rights from "../../src/model/Rights.ts"
import * as SecurityDescriptor from "../../src/model/SecurityDescriptor.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as NamespaceDump from "../../src/emulator/NamespaceDump.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as StoredObject from "../../src/codec/storedObject.ts"
import * as Wmi from "../../src/Wmi.ts"
import { database, folder } from "./stores.ts"

/** A store, the client that damages its rows, and what opens the store once more. */
interface Place {
  readonly store: NamespaceStore
  readonly sql: SqlClient.SqlClient
  readonly again: Effect.Effect<NamespaceStore, never, Scope.Scope>
}

const built = <A, I>(tag: Context.Tag<I, A>, layer: Layer.Layer<I, unknown>): Effect.Effect<A, never, Scope.Scope> =>
  Effect.map(Layer.build(Layer.fresh(Layer.orDie(layer))), (context) => Context.get(context, tag))

const places: Readonly<Record<string, Effect.Effect<Place, never, Scope.Scope>>> = {
  "SQLite": Effect.gen(function* () {
    const filename = join(yield* folder, "wmi.db")
    const again = built(NamespaceStore, Sqlite.layerStore({ filename }))
    return {
      store: yield* again,
      again,
      sql: yield* built(SqlClient.SqlClient, Sqlite.layerClient({ filename }))
    }
  }),
  "SQLite over a client": Effect.gen(function* () {
    const filename = join(yield* folder, "wmi.db")
    const client = Sqlite.layerClient({ filename })
    const again = built(NamespaceStore, Layer.provide(SqlStore.layer, client))
    return {
      store: yield* again,
      again,
      sql: yield* built(SqlClient.SqlClient, client)
    }
  }),
  "PostgreSQL": Effect.gen(function* () {
    const url = Redacted.make(yield* database)
    const again = built(NamespaceStore, Postgres.layerStore({ url, maxConnections: 2 }))
    return {
      store: yield* again,
      again,
      sql: yield* built(SqlClient.SqlClient, PgClient.layer({ url, maxConnections: 1 }))
    }
  })
}

const D = ClassDefinition.make("D", { Id: Property.key("string"), V: Property.make("string") })
const d = (Id: string, V: string) => Instance.make("D", { Id, V })
const embedded = StoredObject.write(
  Instance.make("D", { Id: "1", V: "a" }, { qualifiers: { Note: "x" } })
)

/** Texts that are no instance of class D, each wrong in its own way. */
const bodies: ReadonlyArray<string> = [
  "",
  "{",
  "null",
  "[]",
  "5",
  '"text"',
  "{}",
  '{"c":"D","v":null}',
  '{"c":"D","v":[]}',
  '{"c":5,"v":{}}',
  '{"c":"D"}',
  '{"c":"D","v":{"Id":"1"}',
  '{"c":"D","v":{"Id":"1"},"w":1}',
  '{"c":"Nope","v":{"Id":"1"}}',
  '{"c":"Other","v":{"Id":"1"}}',
  '{"c":"D","v":{"Id":{"n":"x"}}}',
  '{"c":"D","v":{"Id":{"n":""}}}',
  '{"c":"D","v":{"Id":{"n":"0x1f"}}}',
  '{"c":"D","v":{"Id":{"n":5}}}',
  '{"c":"D","v":{"Id":{"r":"one"}}}',
  '{"c":"D","v":{"Id":{"z":1}}}',
  '{"c":"D","v":{"Id":{"u":0}}}',
  '{"c":"D","v":{"Id":{}}}',
  '{"c":"D","v":{"Id":{"x":"1"}}}',
  '{"c":"D","v":{"Id":{"n":"1","z":0}}}',
  '{"c":"D","v":{"Id":[[]]}}',
  '{"c":"D","v":{"Id":[{"n":"x"}]}}',
  '{"c":"D","v":{"Id":{"o":{"_tag":"Instance"}}}}',
  '{"c":"D","v":{"Id":{"o":{"_tag":"Nothing"}}}}',
  '{"o":{"_tag":"Instance"}}',
  '{"o":null}',
  StoredObject.write(D),
  embedded.slice(0, -1),
  embedded.replace('"flavor":0', '"flavor":"x"'),
  embedded.replace('"flavor":0', '"flavor":0,"more":1'),
  embedded.replace('"type":"string"', '"type":"text"'),
  embedded.replace('"_tag":"Instance"', '"_tag":"Instant"'),
  embedded.replace('"value":"x"', '"value":null')
]

/** The storage failure below an error, however often it was wrapped. */
const failureBelow = (error: unknown): StoreFailure | undefined =>
  error instanceof StoreFailure
    ? error
    : typeof error === "object" && error !== null && "cause" in error
    ? failureBelow(error.cause)
    : undefined

/** The result of a call: `ok`, or the reason and the message of the storage failure. */
const ended = <R>(call: Effect.Effect<unknown, WbemError, R>): Effect.Effect<string, never, R> =>
  Effect.match(call, {
    onSuccess: () => "ok",
    onFailure: (error) => {
      const failure = failureBelow(error)
      return failure === undefined ? error.status : `${failure.reason} ${failure.message}`
    }
  })

const put = (object: WbemObject) => PutAsync.put(PutRequest.make(object))

const bulk = (...objects: ReadonlyArray<WbemObject>) =>
  Effect.map(
    Stream.runCollect(BulkPut.run(Stream.fromIterable(objects.map((one) => PutRequest.make(one))))),
    (outcomes) => Chunk.toReadonlyArray(outcomes).map(({ _tag }) => _tag)
  )

const stagesOf = (store: NamespaceStore) =>
  Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))

const ids = Effect.map(Wmi.instancesOf("D"), (all) => all.map((one) => String(one.values["Id"])).sort())

const isCorrupt = (said: string, ...names: ReadonlyArray<string>): void => {
  assert.match(said, /^Corrupt /)
  for (const name of names) assert.include(said, name)
  assert.notMatch(said, /[\0-\x1f\x7f-\x9f]/)
}

const silent = Logger.withMinimumLogLevel(LogLevel.None)

for (const [name, open] of Object.entries(places)) {
  describe(name, () => {
    it.scopedLive(
      "text that is no instance: the error names its row, and every other row is readable",
      () =>
        Effect.gen(function* () {
          const { sql, store } = yield* open
          yield* Effect.gen(function* () {
            yield* put(ClassDefinition.make("Other", { Id: Property.key("string") }))
            yield* put(D)
            yield* bulk(d("1", "a"), d("2", "a"))
            const good = StoredObject.write(d("1", "a"))
            const damage = (body: string) =>
              Effect.orDie(sql`update effect_wmi_instance set body = ${body} where root = 'd' and key = '"1"'`)
            for (const [i, body] of bodies.entries()) {
              yield* damage(body)
              const names = ["root\\cimv2", "d", '"1"'] as const
              isCorrupt(yield* ended(Wmi.get('D.Id="1"')), ...names)
              isCorrupt(yield* ended(put(d("1", `b${i}`))), ...names)
              isCorrupt(yield* ended(Wmi.delete('D.Id="1"')), ...names)
              const together = yield* Effect.all(
                [ended(put(d("1", `c${i}`))), ended(put(d("2", `c${i}`))), ended(put(d(`new${i}`, "x")))],
                { concurrency: "unbounded" }
              )
              isCorrupt(together[0]!, ...names)
              assert.deepStrictEqual(together.slice(1), ["ok", "ok"], body)
              assert.deepStrictEqual(yield* bulk(d("1", "z"), d("2", `z${i}`)), ["Rejected", "Committed"], body)
              yield* Wmi.delete(`D.Id="new${i}"`)
              assert.deepStrictEqual(yield* ids, ["2"], body)
              const state = yield* Wmi.snapshot
              const left = Snapshot.unreadable(state)
              assert.deepStrictEqual(left.map((one) => [one.namespace, one.root, one.key, one.text]), [
                ["root\\cimv2", "d", '"1"', body]
              ])
              const dump = [...NamespaceDump.lines(state)]
              assert.include(JSON.parse(dump.at(-1)!).unreadable[0], { key: '"1"', problem: left[0]!.problem })
              const back = Either.getOrThrow(NamespaceDump.parse(dump))
              assert.deepStrictEqual(
                Snapshot.instances(back, "root\\cimv2", "D").map((one) => one.values["Id"]),
                ["2"]
              )
            }
            yield* damage(good)
            assert.strictEqual(yield* ended(Wmi.get('D.Id="1"')), "ok")
            assert.deepStrictEqual(yield* ids, ["1", "2"])
          }).pipe(Effect.provide(stagesOf(store)), silent)
        }),
      120_000
    )

    it.scopedLive(
      "a damaged class: calls that need it fail and name it, the rest of the namespace works",
      () =>
        Effect.gen(function* () {
          const { again, sql, store } = yield* open
          const prepared = Effect.gen(function* () {
            yield* put(D)
            yield* put(ClassDefinition.make("Sub", {}, { superclass: "D" }))
            yield* put(ClassDefinition.make("Alone", { Id: Property.key("string") }))
            yield* bulk(d("1", "a"), Instance.make("Sub", { Id: "s" }), Instance.make("Alone", { Id: "1" }))
          })
          yield* Effect.provide(prepared, stagesOf(store))
          for (const body of ["{", StoredObject.write(d("1", "a")), StoredObject.write(ClassDefinition.make("E"))]) {
            yield* Effect.orDie(
              sql`update effect_wmi_schema set body = ${body} where namespace = ${"root\\cimv2"} and root = '' and key = '"d"'`
            )
            // Another process, which has not read the class yet.
            const fresh = yield* again
            yield* Effect.gen(function* () {
              const names = ["root\\cimv2", "d"] as const
              isCorrupt(yield* ended(Wmi.get("D")), ...names)
              isCorrupt(yield* ended(Wmi.get('Sub.Id="s"')), ...names)
              isCorrupt(yield* ended(put(d("3", "x"))), ...names)
              isCorrupt(yield* ended(put(Instance.make("Sub", { Id: "t" }))), ...names)
              isCorrupt(yield* ended(Wmi.instancesOf("D")), ...names)
              isCorrupt(yield* ended(put(ClassDefinition.make("Below", {}, { superclass: "D" }))), ...names)
              assert.strictEqual(yield* ended(put(Instance.make("Alone", { Id: "2" }))), "ok")
              assert.strictEqual(yield* ended(put(ClassDefinition.make("New", { Id: Property.key("string") }))), "ok")
              assert.deepStrictEqual(
                yield* bulk(d("4", "x"), Instance.make("Alone", { Id: "3" }), Instance.make("New", { Id: "1" })),
                ["Rejected", "Committed", "Committed"]
              )
              assert.lengthOf(yield* Wmi.instancesOf("Alone"), 3)
              assert.deepStrictEqual((yield* Wmi.classes()).map((one) => one.name), ["Alone", "New"])
              // The damaged class may stand below any class that is there.
              isCorrupt(yield* ended(Wmi.delete("Alone")), ...names)
              const state = yield* Wmi.snapshot
              assert.deepStrictEqual(
                Snapshot.unreadable(state).map(({ key, root }) => `${root}:${key}`).sort(),
                [':"d"', ':"sub"', 'd:"1"', 'd:"s"']
              )
              const back = Either.getOrThrow(NamespaceDump.parse(NamespaceDump.lines(state)))
              assert.deepStrictEqual(Snapshot.classes(back, "root\\cimv2").map((one) => one.name), ["Alone", "New"])
              yield* Wmi.delete("New").pipe(Effect.ignore)
            }).pipe(Effect.provide(stagesOf(fresh)), silent)
            yield* Effect.orDie(
              sql`update effect_wmi_schema set body = ${StoredObject.write(D)} where root = '' and key = '"d"'`
            )
            const mended = yield* again
            yield* Effect.provide(Effect.zipRight(Wmi.delete("New"), Wmi.delete('Alone.Id="3"')), stagesOf(mended))
            yield* Effect.provide(Wmi.delete('Alone.Id="2"'), stagesOf(mended))
          }
        }),
      60_000
    )

    it.scopedLive("a damaged security descriptor denies access to its namespace, and to no other one", () =>
      Effect.gen(function* () {
        const { again, sql, store } = yield* open
        const there = { namespace: "root\\locked" }
        yield* Effect.provide(
          Effect.gen(function* () {
            yield* PutAsync.put(
              PutRequest.make(Instance.make("__NAMESPACE", { Name: "locked" }), { namespace: "root" })
            )
            yield* PutAsync.put(PutRequest.make(D, there))
            const descriptor = SecurityDescriptor.toInstance(SecurityDescriptor.make([
              SecurityDescriptor.allow("Everyone", Rights.all)
            ]))
            yield* PutAsync.put(PutRequest.make(descriptor, there))
            yield* put(D)
          }),
          stagesOf(store)
        )
        yield* Effect.orDie(sql`update effect_wmi_schema set body = '{' where root = '__thisnamespace'`)
        const fresh = yield* again
        yield* Effect.gen(function* () {
          isCorrupt(yield* ended(PutAsync.put(PutRequest.make(d("1", "a"), there))), "root\\locked")
          isCorrupt(yield* ended(Wmi.get("D", there)), "root\\locked")
          assert.strictEqual(yield* ended(put(d("1", "a"))), "ok")
          const world = yield* Wmi.fork
          isCorrupt(
            yield* Effect.provide(ended(PutAsync.put(PutRequest.make(d("1", "a"), there))), world),
            "root\\locked"
          )
        }).pipe(Effect.provide(stagesOf(fresh)), silent)
      }))

    it.scopedLive("a damaged namespace row, and rows of a namespace that does not exist", () =>
      Effect.gen(function* () {
        const { again, sql, store } = yield* open
        const there = { namespace: "root\\lost" }
        yield* Effect.provide(
          Effect.gen(function* () {
            yield* PutAsync.put(PutRequest.make(Instance.make("__NAMESPACE", { Name: "lost" }), { namespace: "root" }))
            yield* PutAsync.put(PutRequest.make(D, there))
            yield* PutAsync.put(PutRequest.make(d("1", "a"), there))
            yield* put(D)
          }),
          stagesOf(store)
        )
        yield* Effect.orDie(sql`update effect_wmi_namespace set alive = false where folded = ${there.namespace}`)
        const fresh = yield* again
        const left = yield* Effect.map(Effect.provide(Wmi.snapshot, stagesOf(fresh)), Snapshot.unreadable).pipe(silent)
        assert.deepStrictEqual(left.map(({ key, root }) => `${root}:${key}`).sort(), [':"d"', 'd:"1"'])
        assert.isTrue(left.every(({ namespace, text }) => namespace === there.namespace && text !== undefined))
        assert.strictEqual(yield* Effect.provide(ended(put(d("1", "a"))), stagesOf(fresh)), "ok")
      }))

    it.scopedLive.runIf(name.startsWith("SQLite"))(
      "invalid UTF-8 and values of another type, in every column",
      () =>
        Effect.gen(function* () {
          const { again, sql, store } = yield* open
          const make = Effect.gen(function* () {
            yield* Wmi.reset
            yield* PutAsync.put(PutRequest.make(Instance.make("__NAMESPACE", { Name: "other" }), { namespace: "root" }))
            yield* PutAsync.put(PutRequest.make(D, { namespace: "root\\other" }))
            yield* put(D)
            yield* bulk(d("1", "a\ufffd"), d("2", "a\ufffd"))
          })
          // Text that is not UTF-8, a blob, numbers, and one that is larger than JavaScript's.
          const values = ["cast(x'7b80' as text)", "cast(x'fe' as text)", "x'00ff'", "7", "9223372036854775807", "1.5"]
          const columns = [
            ["effect_wmi_instance", "body", `key = '"1"'`],
            ["effect_wmi_instance", "key", `key = '"1"'`],
            ["effect_wmi_instance", "version", `key = '"1"'`],
            ["effect_wmi_schema", "body", `namespace = 'root\\other' and key = '"d"'`],
            ["effect_wmi_schema", "key", `namespace = 'root\\other' and key = '"d"'`],
            ["effect_wmi_schema", "version", `namespace = 'root\\other' and key = '"d"'`],
            ["effect_wmi_namespace", "name", "folded = 'root\\other'"],
            ["effect_wmi_namespace", "token", "folded = 'root\\other'"],
            ["effect_wmi_namespace", "counter", "folded = 'root\\other'"],
            ["effect_wmi_namespace", "history", "folded = 'root\\other'"]
          ] as const
          for (const [table, column, where] of columns) {
            for (const value of values) {
              // A version like any other, a key of a real number: both may be right.
              if (value === "7" && (column === "version" || column === "token")) continue
              if (column === "key" && value === "1.5") continue
              // What only orders changes is not needed to read them.
              const isNeeded = !["counter", "history"].includes(column)
                && `${table}.${column}` !== "effect_wmi_schema.version"

              yield* Effect.provide(make, stagesOf(store))
              yield* Effect.orDie(sql.unsafe(`update ${table} set ${column} = ${value} where ${where}`))
              const fresh = yield* again
              yield* Effect.gen(function* () {
                const about = `${table}.${column} = ${value}`
                assert.strictEqual(yield* ended(put(d("2", "b"))), "ok", about)
                assert.deepInclude(yield* bulk(d("3", "x"), d("2", "c\ufffd")), "Committed", about)
                assert.include(yield* ids, "2", about)
                const state = yield* Wmi.snapshot
                if (isNeeded) assert.isAbove(Snapshot.unreadable(state).length, 0, about)
                assert.include(
                  Snapshot.instances(state, "root\\cimv2", "D").map((one) => `${one.values["Id"]} ${one.values["V"]}`),
                  "2 c\ufffd",
                  about
                )
                if (table === "effect_wmi_instance" && column !== "key") {
                  isCorrupt(yield* ended(Wmi.get('D.Id="1"')), '"1"')
                }
                if (column === "body" && table === "effect_wmi_schema") {
                  isCorrupt(yield* ended(Wmi.get("D", { namespace: "root\\other" })), "root\\other")
                }
                if (table === "effect_wmi_namespace" && isNeeded) {
                  isCorrupt(yield* ended(Wmi.get("D", { namespace: "root\\other" })), "root\\other")
                }
              }).pipe(Effect.provide(stagesOf(fresh)), silent)
            }
          }
        }),
      120_000
    )

    it.scopedLive("a snapshot of a damaged store restores everything but the damaged row", () =>
      Effect.gen(function* () {
        const { sql, store } = yield* open
        yield* Effect.gen(function* () {
          yield* put(D)
          yield* bulk(d("1", "a"), d("2", "a"))
          yield* Effect.orDie(sql`update effect_wmi_instance set body = '{' where root = 'd' and key = '"1"'`)
          yield* Wmi.restore(yield* Wmi.snapshot)
          assert.strictEqual(yield* ended(put(d("1", "b"))), "ok")
          assert.deepStrictEqual(yield* ids, ["1", "2"])
          assert.deepStrictEqual(Snapshot.unreadable(yield* Wmi.snapshot), [])
        }).pipe(Effect.provide(stagesOf(store)), silent)
      }))
  })
}
