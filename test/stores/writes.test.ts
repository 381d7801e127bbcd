/**
 * The write of a put over PostgreSQL: one row and many rows, of one class or of several. All rows are written if the versions that were
 * read are unchanged, else none is.
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqlClient from "@effect/sql/SqlClient"
import { it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { assert } from "vitest"
import { postgres } from "../../src/storage/postgres/dialect.ts"
import * as PostgresPool from "../../src/storage/postgres/poolDriver.ts"
import type { InstanceWrite, WriteSet } from "../../src/storage/rowDatabase.ts"
import { prepare } from "../../src/storage/sql/schema.ts"
import * as SqlDatabase from "../../src/storage/sql/sqlDatabase.ts"
import * as StoredObject from "../../src/codec/storedObject.ts"
import { database } from "./stores.ts"

const [namespace, root] = ["root\\cimv2", "demo_disk"]

const row = (key: string | number, text: string, more: Partial<InstanceWrite> = {}): InstanceWrite => ({
  namespace,
  root,
  key: StoredObject.writeKey(key),
  className: root,
  readVersion: undefined,
  body: JSON.stringify({ c: text }),
  ...more
})

const commit = (version: number, instances: ReadonlyArray<InstanceWrite>, more: Partial<WriteSet> = {}): WriteSet => ({
  preconditions: [["root\\cimv2", 1], ["root", 1]],
  validatedReads: [],
  instances,
  schema: [],
  namespaces: [],
  versionIncrements: [],
  version,
  ...more
})

const opened = Effect.gen(function* () {
  const pool = yield* PostgresPool.make({ url: yield* database, maxConnections: 1, connectTimeout: "20 seconds" })
  const sql = yield* Effect.provide(PgClient.fromPool({ acquire: Effect.succeed(pool) }), Reactivity.layer)
  yield* Effect.provideService(prepare, SqlClient.SqlClient, sql)
  yield* sql.unsafe("update effect_wmi_namespace set token = 1") // a new store draws them
  const { attempt } = SqlDatabase.make(postgres, PostgresPool.driver(pool, Duration.seconds(20)))
  const written = (one: WriteSet): Effect.Effect<boolean | "Conflict"> =>
    Effect.catchAll(
      attempt("optimistic", (session) => session.write(one)),
      (error) => error._tag === "Conflict" ? Effect.succeed("Conflict" as const) : Effect.die(error)
    )
  const held = Effect.map(
    Effect.promise(() => pool.query("select key, class, version, body from effect_wmi_instance order by key")),
    ({ rows }: { readonly rows: ReadonlyArray<Record<string, string>> }) =>
      rows.map((one) => [StoredObject.readKey(one["key"]!), one["class"], Number(one["version"]), one["body"]])
  )
  return { written, held, attempt, pool }
})

/** Each a way that is written in its own words: one row, many of a class, many of several. */
const ways: Readonly<Record<string, ReadonlyArray<InstanceWrite>>> = {
  "one row": [row("a", "1")],
  "rows of one class": [row("b", "1"), row("a", "1"), row(7, "1")],
  "rows of several classes": [row("a", "1"), row("b", "1", { className: "demo_sub" })]
}

for (const [way, rows] of Object.entries(ways)) {
  it.scopedLive(`${way}: created, updated and deleted while their versions are unchanged`, () =>
    Effect.gen(function* () {
      const { held, written } = yield* opened
      assert.notStrictEqual(yield* written(commit(5, rows, { preconditions: [["root", 1], ["root\\cimv2", 2]] })), true)
      assert.notStrictEqual(yield* written(commit(5, rows, { preconditions: [["root", 0], ["root\\cimv2", 1]] })), true)
      assert.deepStrictEqual(yield* held, [], "a namespace has changed")
      assert.strictEqual(yield* written(commit(5, rows)), true)
      const first = yield* held
      assert.sameDeepMembers(
        first,
        rows.map(({ body, className, key }) => [StoredObject.readKey(key), className, 5, body!])
      )
      assert.strictEqual(yield* written(commit(6, rows)), rows.length === 1 ? false : "Conflict")
      const again = (readVersion: number, last: number): ReadonlyArray<InstanceWrite> =>
        rows.map((one, i) => ({ ...one, body: `{"c":"2"}`, readVersion: i === rows.length - 1 ? last : readVersion }))
      assert.strictEqual(yield* written(commit(6, again(5, 4))), false)
      assert.deepStrictEqual(yield* held, first, "one of them has changed")
      assert.strictEqual(
        yield* written(commit(6, again(5, 5), { preconditions: [["root", 1], ["root\\cimv2", 0]] })),
        false
      )
      assert.strictEqual(yield* written(commit(6, again(5, 5))), true)
      assert.sameDeepMembers(
        yield* held,
        rows.map(({ className, key }) => [StoredObject.readKey(key), className, 6, `{"c":"2"}`])
      )
      const going = (readVersion: number): ReadonlyArray<InstanceWrite> =>
        rows.map((one) => ({ ...one, body: undefined, readVersion }))
      assert.strictEqual(yield* written(commit(7, going(5))), false)
      assert.strictEqual(yield* written(commit(7, going(6))), true)
      assert.deepStrictEqual(yield* held, [])
    }))
}

it.scopedLive("a row that exists already keeps all rows of its batch from being created", () =>
  Effect.gen(function* () {
    const { held, written } = yield* opened
    assert.strictEqual(yield* written(commit(5, [row("b", "1")])), true)
    assert.strictEqual(yield* written(commit(6, [row("a", "2"), row("b", "2"), row("c", "2")])), "Conflict")
    assert.deepStrictEqual(yield* held, [["b", root, 5, `{"c":"1"}`]])
  }))

it.scopedLive("keys and bodies of any text are read back unchanged", () =>
  Effect.gen(function* () {
    const { attempt, held, written } = yield* opened
    const odd = [
      "\u001e",
      "a\u001eb",
      "\0",
      "\ud800",
      "'",
      '"',
      "\\",
      "$1",
      "{}",
      "null",
      "",
      " ",
      "🎈",
      "\n\r\t",
      "\u2028"
    ]
    const rows = odd.map((text) => row(text, text))
    assert.strictEqual(yield* written(commit(5, rows)), true)
    const found = yield* attempt("read", (session) =>
      session.load({
        namespaces: ["root"],
        rows: rows.map(({ key }) => ({ namespace, root, key })),
        classes: [],
        counts: []
      }))
    assert.sameDeepMembers(
      found.instances.map(({ body, key }) => [key, body]),
      rows.map(({ body, key }) => [key, body!])
    )
    assert.strictEqual(yield* written(commit(6, rows.map((one) => ({ ...one, readVersion: 5 })))), true)
    assert.strictEqual((yield* held).length, odd.length)
  }))

it.scopedLive("rows that were read and not written are validated too", () =>
  Effect.gen(function* () {
    const { held, written } = yield* opened
    yield* written(commit(5, [row("a", "1"), row("b", "1")]))
    const stays = (version: number): Partial<WriteSet> => ({
      validatedReads: [{ namespace, root, key: StoredObject.writeKey("b"), version }]
    })
    for (const rows of [[row("a", "2", { readVersion: 5 })], [row("c", "2"), row("d", "2")]]) {
      const stale: boolean | "Conflict" = yield* written(commit(6, rows, stays(4)))
      assert.isTrue(stale === false || stale === "Conflict")
      assert.strictEqual((yield* held).length, 2)
    }
    assert.strictEqual(yield* written(commit(6, [row("a", "2", { readVersion: 5 })], stays(5))), true)
    assert.deepStrictEqual((yield* held).map(([key, , version]) => [key, version]), [["a", 6], ["b", 5]])
  }))
