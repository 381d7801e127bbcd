/** An object that a database cannot store fails alone: the rest of its batch is stored in one transaction. */
import { it } from "@effect/vitest"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { assert, describe } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as DurableObject from "../../src/storage/sqlite/DurableObject.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../src/emulator/NamespaceStore.ts"
import * as VersionedStore from "../../src/storage/kv/VersionedStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as CompareAndSet from "../storage/compareAndSet.ts"
import * as ObjectStorage from "../storage/objectStorage.ts"
import { reach } from "./postgresServer.ts"
import { postgresLayer } from "./stores.ts"

interface Kind {
  readonly layer: Layer.Layer<NamespaceStore, unknown>
  /** A text that the database does not take, and why. */
  readonly text: string
  readonly reason: string
}

/** A database whose encoding lacks characters; undefined where the tests have no server of their own. */
const latin: Effect.Effect<string | undefined, never, Scope.Scope> = Effect.flatMap(
  Effect.promise(reach),
  ({ kind, url }) => {
    if (kind === "pglite") return Effect.succeed(undefined)
    const name = `effect_wmi_latin_${process.pid}_${Math.random().toString(36).slice(2)}`
    const admin = (statement: string) =>
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement)).pipe(
        Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
        Effect.scoped,
        Effect.orDie
      )
    return Effect.acquireRelease(
      Effect.as(
        admin(`create database ${name} encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`),
        name
      ),
      () => admin(`drop database ${name} with (force)`)
    ).pipe(Effect.map((database) => {
      const at = new URL(url)
      at.pathname = `/${database}`
      return at.href
    }))
  }
)

const inLatin = (
  layer: (url: string) => Layer.Layer<NamespaceStore, unknown>
): Effect.Effect<Kind | undefined, never, Scope.Scope> =>
  Effect.map(latin, (url) => url === undefined ? undefined : { layer: layer(url), text: "\u4e2d", reason: "Input" })

const kinds: Readonly<Record<string, Effect.Effect<Kind | undefined, never, Scope.Scope>>> = {
  "a Durable Object": Effect.map(Effect.promise(ObjectStorage.make), (storage) => ({
    layer: DurableObject.layerStore(storage),
    text: "x".repeat(3_000_000),
    reason: "TooBig"
  })),
  "versioned storage": Effect.sync(() => ({
    layer: Layer.sync(NamespaceStore, () => VersionedStore.make(CompareAndSet.make({ longest: 5_000 }).storage)),
    text: "x".repeat(6_000),
    reason: "TooBig"
  })),
  "PostgreSQL of another encoding": inLatin((url) =>
    Postgres.layerStore({ url: Redacted.make(url), maxConnections: 2 })
  ),
  "PostgreSQL of another encoding, over a client of @effect/sql-pg": inLatin(postgresLayer)
}

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), Note: Property.make("string") })
const disk = (Id: string, Note: string) => PutRequest.make(Instance.make("Demo_Disk", { Id, Note }))
const note = (text: string) =>
  ClassDefinition.make("Demo_Noted", { Id: Property.key("string") }, { qualifiers: { Description: text } })

describe("a batch with objects that the database refuses", () => {
  for (const [name, kind] of Object.entries(kinds)) {
    it.scopedLive(`${name}: each of them fails with its reason, and the others are stored`, () =>
      Effect.gen(function* () {
        const found = yield* kind
        if (found === undefined) return
        const { layer, reason, text } = found
        const all = [
          PutRequest.make(Disk),
          ...Array.from({ length: 40 }, (_, i) => disk(`d${i}`, i === 7 || i === 8 || i === 39 ? text : "short")),
          PutRequest.make(note(text)),
          PutRequest.make(Instance.make("Demo_Noted", { Id: "a" })),
          disk("last", "short")
        ]
        const ended = yield* Effect.gen(function* () {
          const outcomes = [...yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(all)))]
          const again = [...yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(all)))]
          return { outcomes, again, there: (yield* Wmi.instancesOf("Demo_Disk")).length }
        }).pipe(
          Effect.provide(Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.orDie(layer))))
        )
        const refused = [8, 9, 40, 41, 42]
        const expected = all.map((_, i) => refused.includes(i) ? "Rejected" : "Committed")
        assert.deepStrictEqual(ended.outcomes.map((one) => one._tag), expected)
        assert.deepStrictEqual(ended.again.map((one) => one._tag), expected)
        const why = ended.outcomes.map((one): string | undefined =>
          one._tag !== "Rejected"
            ? undefined
            : one.error.cause instanceof StoreFailure
            ? one.error.cause.reason
            : one.error.status
        )
        assert.deepStrictEqual(refused.map((i) => why[i]), [reason, reason, reason, reason, "InvalidClass"])
        assert.strictEqual(ended.there, 38)
      }))
  }

  for (const [name, kind] of Object.entries(kinds)) {
    it.scopedLive(`${name}: a namespace that is refused does not refuse the instances of its batch`, () =>
      Effect.gen(function* () {
        const found = yield* kind
        if (found === undefined) return
        const { layer, text } = found
        const all = [
          PutRequest.make(Instance.make("__NAMESPACE", { Name: text })),
          ...Array.from({ length: 6 }, (_, i) => disk(`d${i}`, "short"))
        ]
        const outcomes = yield* Effect.gen(function* () {
          yield* Stream.runDrain(BulkPut.run(Stream.make(PutRequest.make(Disk))))
          return [...yield* Stream.runCollect(BulkPut.run(Stream.fromIterable(all)))]
        }).pipe(
          Effect.provide(Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.orDie(layer))))
        )
        assert.deepStrictEqual(
          outcomes.map((one) => one._tag),
          ["Rejected", ...Array.from({ length: 6 }, () => "Committed")]
        )
      }))
  }

  it.scopedLive("versioned storage: a batch of more keys than a commit takes is refused as a whole", () =>
    Effect.gen(function* () {
      let most = 1000
      const store = VersionedStore.make(CompareAndSet.make({ most: () => most }).storage)
      const ended = yield* Effect.gen(function* () {
        yield* Stream.runDrain(BulkPut.run(Stream.make(PutRequest.make(Disk))))
        most = 10
        return [...yield* Stream.runCollect(BulkPut.run(Stream.range(1, 20).pipe(Stream.map((i) => disk(`${i}`, "")))))]
      }).pipe(Effect.provide(Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore, store)))))
      assert.deepStrictEqual([...new Set(ended.map((one) => one._tag))], ["Rejected"])
    }))
})
