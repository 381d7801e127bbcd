/** Rare cases of the stores, each found by reading the code. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { openSync, readFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import * as Option from "effect/Option"
import * as ReadSet from "../../src/engine/ReadSet.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import { SchemaCache } from "../../src/storage/schemaCache.ts"
import type { SchemaChanges, SchemaRow } from "../../src/storage/rowDatabase.ts"
import * as StoredObject from "../../src/codec/storedObject.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import { databaseOf, open } from "../../src/storage/sqlite/file.ts"
import { folder } from "./stores.ts"

/** Where SQLite keeps the mark of the program that a file belongs to. */
const markAt = 68

describe("SQLite", () => {
  it.scoped("a file with the application id of another program and no tables is refused and stays unchanged", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "theirs.db")
      yield* Effect.scoped(Layer.build(Sqlite.layerClient({ filename })))
      writeSync(openSync(filename, "r+"), new Uint8Array([1, 2, 3, 4]), 0, 4, markAt)
      const before = readFileSync(filename)
      const failure = yield* Effect.flip(Effect.scoped(Layer.build(Sqlite.layerStore({ filename }))))
      assert.strictEqual(failure.reason, "NotOurs")
      assert.deepStrictEqual(readFileSync(filename), before)
    }))

  it.effect("a group size below one is a group of one: the queue goes on", () =>
    Effect.gen(function* () {
      const store = yield* NamespaceStore
      const put = store.modify(() => ReadSet.none, () => ({ result: 1, changes: [] }), () => {})
      assert.deepStrictEqual(yield* Effect.all([put, put]), [1, 1])
    }).pipe(Effect.provide(Sqlite.layerStore({ filename: ":memory:", maxGroupCommit: 0 }))))
})

it.scoped("a write that finds the file locked by another writer does not hinder the next write", () =>
  Effect.gen(function* () {
    const filename = join(yield* folder, "wmi.db")
    yield* Effect.scoped(Layer.build(Sqlite.layerStore({ filename }))) // makes the tables
    const [here, there] = yield* Effect.all([
      Effect.flatMap(open({ filename }), databaseOf),
      Effect.flatMap(open({ filename }), databaseOf)
    ])
    const insert = "insert into effect_wmi_namespace values (?, ?, 1, true, 1, ',1,')"
    const update = "update effect_wmi_namespace set name = ? where folded = ?"
    there.run("begin immediate", [])
    for (let i = 0; i < 2; i++) assert.throws(() => here.run(update, ["ROOT", "root"]), /locked/)
    there.run("commit", [])
    assert.deepStrictEqual(here.run(insert, ["one", "one"]), [])
    assert.deepStrictEqual(here.run(insert, ["two", "two"]), [])
    const [{ n }] = there.run("select count(*) as n from effect_wmi_namespace where name in ('one', 'two')", []) as [
      { readonly n: number }
    ]
    assert.strictEqual(n, 2)
  }))

const space = "root\\cimv2"

const classRow = (name: string, text: string): SchemaRow => ({
  root: "",
  key: StoredObject.writeKey(name.toLowerCase()),
  body: StoredObject.write(
    ClassDefinition.make(name, { Id: Property.key("string") }, { qualifiers: { Description: text } })
  )
})

/** Changes after a version, or all rows. */
const changes = (
  counter: number,
  token: number,
  rows: ReadonlyArray<SchemaRow>,
  isComplete = false
): SchemaChanges => ({
  name: space,
  version: { counter, token },
  isComplete,
  rows
})

const description = (cache: SchemaCache, name: string) =>
  Option.map(
    Snapshot.getClass(cache.snapshot, space, name),
    ({ qualifiers }) => qualifiers.find((one) => one.name === "Description")?.value
  )

it("a schema that was read before a newer one was cached does not replace it", () => {
  const cache = new SchemaCache()
  cache.update([{ namespace: space, readVersion: undefined, changes: changes(1, 11, [classRow("P", "one")], true) }])
  const readVersion = { counter: 1, token: 11 }
  // Two looks ask for what is newer than 1; the answer of the first is slow.
  const slow = { namespace: space, readVersion, changes: changes(2, 12, [classRow("P", "two")]) }
  cache.update([{
    namespace: space,
    readVersion,
    changes: changes(4, 14, [classRow("P", "three"), classRow("Q", "two")])
  }])
  cache.update([slow])
  assert.deepStrictEqual(
    [description(cache, "P"), description(cache, "Q"), cache.token(space)],
    [Option.some("three"), Option.some("two"), 14]
  )
})

it("a schema with another token is stale, also where its counter is equal", () => {
  const cache = new SchemaCache()
  cache.update([{
    namespace: space,
    readVersion: undefined,
    changes: changes(5, 11, [classRow("P", "one"), classRow("Q", "one")], true)
  }])
  const found = (token: number) => new Map([[space, { name: space, token }]])
  assert.deepStrictEqual(cache.stale([space], found(11)), [])
  const readVersion = { counter: 5, token: 11 }
  assert.deepStrictEqual(cache.stale([space], found(12)), [{ namespace: space, readVersion }])
  // Another history: what it does not have is gone.
  cache.update([{ namespace: space, readVersion, changes: changes(5, 12, [classRow("P", "other")], true) }])
  assert.deepStrictEqual(
    [description(cache, "P"), description(cache, "Q")],
    [Option.some("other"), Option.none()]
  )
})
