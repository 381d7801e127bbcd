/** Files of others, of newer versions and of processes that were killed: what is refused stays as it was, byte for byte. */
import { assert, describe, it } from "@effect/vitest"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { createHash } from "node:crypto"
import { closeSync, copyFileSync, existsSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import * as Sqlite from "../../src/repository/Sqlite.ts"
import type { StoreFailure } from "../../src/repository/StoreFailure.ts"
import { folder } from "./stores.ts"

const refusal = (layer: Layer.Layer<never, StoreFailure>): Effect.Effect<string> =>
  Effect.map(Effect.flip(Effect.scoped(Layer.build(layer))), ({ reason }) => reason).pipe(
    Effect.orDieWith(() => new Error("it opened"))
  )

/** A file and whatever SQLite keeps beside it, each with a digest of its bytes. */
const beside = (filename: string): ReadonlyArray<readonly [name: string, digest: string]> =>
  readdirSync(dirname(filename)).filter((name) => name.startsWith(basename(filename))).sort().map((name) => [
    name,
    createHash("sha256").update(readFileSync(join(dirname(filename), name))).digest("hex")
  ])

/** What a killed process leaves: the files as they are while it has them open, under another name. */
const killed = (from: string, to: string): void => {
  for (const end of ["", "-wal", "-journal"]) if (existsSync(from + end)) copyFileSync(from + end, to + end)
}

const ofTheFuture = "insert into effect_wmi_migration (migration_id, name) values (999, 'of the future')"

/** Uses a store's client for a while. */
const using = <A, E>(filename: string, use: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>) =>
  Effect.scoped(Effect.flatMap(Layer.build(Sqlite.layerClient({ filename })), (context) =>
    Effect.flatMap(
      Effect.provide(SqlClient.SqlClient, context),
      use
    )))

/** Bytes 18 and 19 of the header say whether a file has a write-ahead log: 2 with, 1 without. */
const inRollbackMode = (filename: string): void => {
  const file = openSync(filename, "r+")
  writeSync(file, new Uint8Array([1, 1]), 0, 2, 18)
  closeSync(file)
}

const madeAt = (filename: string) => Effect.scoped(Layer.build(Sqlite.layerStore({ filename })))

describe("a file of a newer version", () => {
  for (const mode of ["delete", "wal"]) {
    it.scoped(`in journal mode ${mode}: it stays as it was, and nothing stays beside it`, () =>
      Effect.gen(function* () {
        const filename = join(yield* folder, "newer.db")
        yield* madeAt(filename)
        yield* using(
          filename,
          (sql) => Effect.zip(sql.unsafe(ofTheFuture), sql.unsafe("pragma wal_checkpoint(truncate)"))
        )
        // Copied, because `libsql` lets go of a file when it pleases.
        const copy = join(yield* folder, "copy.db")
        copyFileSync(filename, copy)
        if (mode === "delete") inRollbackMode(copy)
        const before = beside(copy)
        assert.lengthOf(before, 1)
        for (const layer of [Sqlite.layerStore, Sqlite.layerClient]) {
          assert.strictEqual(yield* refusal(layer({ filename: copy })), "Newer")
          assert.deepStrictEqual(beside(copy), before)
        }
      }))
  }
  it.scoped("that a process left in the middle of writing: it is told by its mark, and its log is left alone", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "newer.db")
      const copy = join(yield* folder, "copy.db")
      yield* using(filename, (sql) =>
        Effect.gen(function* () {
          yield* sql.unsafe(`pragma application_id = ${0x574d4932}`)
          yield* sql.unsafe("pragma wal_checkpoint(truncate)")
          yield* sql.unsafe("create table theirs (a)")
          killed(filename, copy)
        }))
      const before = beside(copy)
      assert.lengthOf(before, 2)
      assert.strictEqual(yield* refusal(Sqlite.layerStore({ filename: copy })), "Newer")
      assert.deepStrictEqual(beside(copy), before)
    }))
})
