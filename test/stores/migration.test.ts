/** Stores and dumps of form 1 are read without loss; versions that read form 1 only refuse a store of form 2. */
import { it } from "@effect/vitest"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { join } from "node:path"
import { assert, describe } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as DurableObject from "../../src/storage/sqlite/DurableObject.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as NamespaceDump from "../../src/emulator/NamespaceDump.ts"
import * as NamespaceStore from "../../src/emulator/NamespaceStore.ts"
import * as VersionedStore from "../../src/storage/kv/VersionedStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as CompareAndSet from "../storage/compareAndSet.ts"
import * as ObjectStorage from "../storage/objectStorage.ts"
import * as FormOne from "./formOne.ts"
import { database, folder, postgresLayer } from "./stores.ts"

type Opening = Effect.Effect<NamespaceStore.NamespaceStore, unknown, Scope.Scope>

/** A database of form 1; each time it is run it opens a store over it. */
type Kind = Effect.Effect<Opening, never, Scope.Scope>

const built = (layer: Layer.Layer<NamespaceStore.NamespaceStore, unknown>): Opening =>
  Effect.flatMap(Layer.build(Layer.fresh(layer)), (all) => Effect.provide(NamespaceStore.NamespaceStore, all))

const kinds: Readonly<Record<string, Kind>> = {
  SQLite: Effect.gen(function* () {
    const filename = join(yield* folder, "old.db")
    yield* Effect.promise(() => FormOne.inFile(filename))
    return built(Sqlite.layerStore({ filename }))
  }),
  PostgreSQL: Effect.gen(function* () {
    const url = yield* database
    yield* FormOne.inDatabase(url)
    return built(Postgres.layerStore({ url: Redacted.make(url), maxConnections: 2 }))
  }),
  "PostgreSQL over a client of @effect/sql-pg": Effect.gen(function* () {
    const url = yield* database
    yield* FormOne.inDatabase(url)
    return built(postgresLayer(url))
  }),
  "Durable Object": Effect.gen(function* () {
    const storage = yield* Effect.promise(ObjectStorage.make)
    FormOne.inObject(storage)
    return DurableObject.make(storage)
  }),
  "versioned storage": Effect.sync(() => {
    const { storage } = FormOne.versioned()
    return Effect.sync(() => VersionedStore.make(storage))
  }),
  "versioned storage with small commits": Effect.sync(() => {
    let most = 5
    const { storage } = FormOne.versioned({ most: () => most })
    return Effect.tap(
      Effect.sync(() => VersionedStore.make(storage)),
      (store) => Effect.zipRight(store.namespaces, Effect.sync(() => most = 1000))
    )
  })
}

/** Runs with a logger that keeps the warnings. */
const warned = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<readonly [A, ReadonlyArray<string>], E, R> => {
  const said: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel.label === "WARN") said.push(String(message))
  })
  return Effect.map(Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger)), (value) => [value, said])
}

const ofDump = Either.getOrThrow(NamespaceDump.parse(FormOne.dump))
const space = Snapshot.defaultNamespace

const layerOf = (store: NamespaceStore.NamespaceStore) =>
  Wmi.layer(Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore.NamespaceStore, store)))

const put = (...given: Parameters<typeof PutRequest.make>) =>
  Effect.map(PutAsync.put(PutRequest.make(...given)), ({ disposition }) => disposition)

describe("a dump of form 1", () => {
  const property = (className: string, name: string) =>
    Option.getOrThrow(Snapshot.getClass(ofDump, space, className)).properties.find((one) => one.name === name)

  it("a redeclaration without a default inherits it, one with NULL or a value keeps that", () => {
    assert.strictEqual(property("Demo_FastDisk", "Label")?.inheritsDefault, true)
    assert.strictEqual(property("Demo_FasterDisk", "Label")?.inheritsDefault, true)
    assert.strictEqual(property("Demo_FasterDisk", "Speed")?.inheritsDefault, true)
    assert.deepStrictEqual([property("Demo_FastDisk", "Size")?.value, property("Demo_FastDisk", "Note")?.value], [
      7n,
      null
    ])
    assert.isUndefined(property("Demo_Disk", "Note")?.inheritsDefault)
    const found = Snapshot.instances(ofDump, space, "Demo_FasterDisk", { deep: true })
    assert.deepStrictEqual(found.map(({ values }) => [values["Label"], values["Size"]]), [["none", 7n]])
  })

  it("classes have the flavours that the server adds, and the spellings of the wire dictionary", () => {
    const qualifiers = (name: string) =>
      Option.getOrThrow(Snapshot.getClass(ofDump, space, name)).qualifiers.map((one) => [one.name, one.flavor])
    assert.deepStrictEqual(qualifiers("Demo_One"), [["singleton", 0x13]])
    assert.deepStrictEqual(qualifiers("Demo_Link"), [["ASSOCIATION", 0x13]])
    assert.deepStrictEqual(qualifiers("Demo_Served"), [["dynamic", 0x01], ["provider", 0]])
  })

  it("registrations of providers have the key root of their leaf class, and a user's class has the key itself (ID-3)", () => {
    const roots = Snapshot.entries(ofDump).flatMap(([, root, , object]) =>
      object._tag === "Instance" && /Registration$/.test(object.className) ? [[object.className, root]] : []
    )
    assert.deepStrictEqual(
      roots,
      [
        "__EventConsumerProviderRegistration",
        "__InstanceProviderRegistration",
        "__MethodProviderRegistration",
        "Demo_Registration"
      ].map((name) => [name, name.toLowerCase()])
    )
    assert.lengthOf(Snapshot.instances(ofDump, space, "Demo_Registration"), 1)
  })

  it("contains every object, also two that have one identity in form 2", () => {
    const lines = FormOne.dump.length - 2
    assert.lengthOf(Snapshot.entries(ofDump), lines)
    const notes = (name: string) =>
      Snapshot.stored(ofDump, space, name).map(({ instance }) => instance.values["Note"] ?? instance.values["V"]).sort()
    assert.deepStrictEqual(
      notes("Demo_FastDisk"),
      ["Angstrom", "dotless", "final sigma", "long s", "micro sign", "mu", "no change", "s", "sigma"]
    )
    assert.deepStrictEqual(notes("Demo_Pair"), ["\u00b51", "\u03bc1", "\u03bc2"])
  })

  it("written again it keeps two objects of one identity; when one is deleted the other takes the identity", () => {
    const lines = [...NamespaceDump.lines(ofDump)]
    assert.deepStrictEqual(Snapshot.entries(Either.getOrThrow(NamespaceDump.parse(lines))), Snapshot.entries(ofDump))
    const twins = lines.filter((line) => line.includes('"twin":2'))
    assert.lengthOf(twins, 5)
    const first = lines.findIndex((line) => line.includes('"Note":"mu"'))
    const without = lines.filter((_, i) => i !== first).map((line) =>
      line.replace(/"objects":\d+/, `"objects":${lines.length - 3}`)
    )
    const read = Either.getOrThrow(NamespaceDump.parse(without))
    assert.lengthOf([...NamespaceDump.lines(read)].filter((line) => line.includes('"twin":')), 4)
  })
})

for (const [kind, old] of Object.entries(kinds)) {
  describe(`form 1 in ${kind}`, () => {
    it.scopedLive("opens with all of its objects, and names those that have one identity in form 2", () =>
      Effect.gen(function* () {
        const open = yield* old
        const [store, said] = yield* warned(Effect.tap(open, (one) => one.namespaces))
        assert.deepStrictEqual(Snapshot.entries(yield* store.snapshot), Snapshot.entries(ofDump))
        assert.deepStrictEqual(Snapshot.namespaces(yield* store.snapshot), Snapshot.namespaces(ofDump))
        assert.lengthOf(said, 5)
        assert.isTrue(said.some((one) => one.includes("\\u00b5m") && one.includes("\\u03bcm")), said.join("\n"))
        // The second time there is nothing to migrate.
        const [again, silent] = yield* warned(Effect.tap(open, (one) => one.namespaces))
        assert.deepStrictEqual(silent, [])
        assert.deepStrictEqual(Snapshot.entries(yield* again.snapshot), Snapshot.entries(ofDump))
      }))

    it.scopedLive("works as a store of form 2", () =>
      Effect.gen(function* () {
        const [store] = yield* warned(yield* old)
        const [ended] = yield* warned(Effect.provide(
          Effect.gen(function* () {
            const one = yield* put(Instance.make("Demo_FastDisk", { Id: "\u00b5m", Note: "both" }))
            const disks = yield* Wmi.instancesOf("Demo_FastDisk", { deep: false })
            const New = ClassDefinition.make("Demo_New", { Id: Property.key("string") })
            return [
              one,
              disks.length,
              yield* put(New),
              yield* put(Instance.make("Demo_New", { Id: "a" })),
              yield* put(Instance.make("Demo_New", { Id: "A" })),
              yield* put(Instance.make("Demo_Disk", { Id: "k" }), { mode: "CreateOnly" }),
              (yield* Wmi.get('Demo_Disk.Id="\u212a"'))._tag,
              yield* Effect.flip(put(Instance.make("Demo_Gone", { Id: "a" }))).pipe(
                Effect.map((error) => error.status)
              ),
              yield* put(Instance.make("__NAMESPACE", { Name: "Gone" }), { namespace: "root" }),
              yield* Wmi.delete("Demo_FastDisk").pipe(Effect.as("deleted")),
              (yield* Wmi.instancesOf("Demo_Disk")).length
            ]
          }),
          layerOf(store)
        ))
        assert.deepStrictEqual(ended, [
          "Updated",
          9,
          "Created",
          "Created",
          "Updated", // another spelling of the key
          "Created",
          "Instance",
          "InvalidClass",
          "Created",
          "deleted",
          4
        ])
      }))
  })
}

describe("a migration that is interrupted", () => {
  it.scopedLive("versioned storage: after any commit, the next process completes it, and so do two at once", () =>
    Effect.gen(function* () {
      for (let last = 1; last < 12; last++) {
        let commits = 0
        let most = 9
        const cas = FormOne.versioned({ most: () => most, lose: () => ++commits === last ? "After" : undefined })
        const first = yield* Effect.exit(VersionedStore.make(cas.storage).namespaces)
        assert.strictEqual(first._tag, "Failure", `commit ${last}`)
        const stores = [VersionedStore.make(cas.storage), VersionedStore.make(cas.storage)]
        yield* Effect.all(stores.map((store) => store.namespaces), { concurrency: "unbounded" })
        for (const store of stores) {
          assert.deepStrictEqual(Snapshot.entries(yield* store.snapshot), Snapshot.entries(ofDump), `commit ${last}`)
        }
        most = 1000
        const count = yield* Effect.provide(
          Effect.zipRight(Wmi.delete("Demo_FastDisk"), Wmi.instancesOf("Demo_Disk")),
          layerOf(stores[0]!)
        )
        assert.lengthOf(count, 3)
      }
    }).pipe(Effect.provide(Logger.remove(Logger.defaultLogger))))
})

describe("a version that reads form 1 only", () => {
  it.scopedLive("SQLite, PostgreSQL: an open store reads a column that no longer exists, before it writes", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "wmi.db")
      const url = yield* database
      for (
        const [layer, client] of [
          [Sqlite.layerStore({ filename }), Sqlite.layerClient({ filename })],
          [Postgres.layerStore({ url: Redacted.make(url) }), Postgres.layerClient({ url: Redacted.make(url) })]
        ] as const
      ) {
        yield* built(layer)
        const sql = yield* Effect.flatMap(Layer.build(client), (all) => Effect.provide(SqlClient.SqlClient, all))
        const error = yield* Effect.flip(sql.unsafe("select version from effect_wmi_namespace where folded = 'root'"))
        assert.match(String(error.cause), /version/)
        const [form] = yield* sql.unsafe("select max(migration_id) as form from effect_wmi_migration")
        assert.deepStrictEqual(form, { form: 2 })
      }
    }))

  it.effect("versioned storage: it cannot read the namespace root, and the error says what to do", () =>
    Effect.gen(function* () {
      for (const cas of [FormOne.versioned(), CompareAndSet.make()]) {
        yield* VersionedStore.make(cas.storage).namespaces
        const root = cas.held.get("space/root")!.value
        assert.throws(() => JSON.parse(root))
        assert.include(root, "update effect-wmi")
      }
    }).pipe(Effect.provide(Logger.remove(Logger.defaultLogger))))

  it.effect("versioned storage: a newer form is refused and stays unchanged", () =>
    Effect.gen(function* () {
      const cas = FormOne.versioned()
      yield* VersionedStore.make(cas.storage).namespaces
      const { version } = cas.held.get("form")!
      yield* cas.storage.commit([["form", version]], [["form", JSON.stringify({ form: 3 })]])
      const before = JSON.stringify([...cas.held])
      const error = yield* Effect.flip(VersionedStore.make(cas.storage).namespaces)
      assert.match(error.message, /newer version.*update effect-wmi/)
      assert.strictEqual(JSON.stringify([...cas.held]), before)
    }).pipe(Effect.provide(Logger.remove(Logger.defaultLogger))))
})
