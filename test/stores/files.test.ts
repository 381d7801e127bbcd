/** Files of other programs, of newer versions and of killed processes: a refused file stays unchanged, byte for byte. */
import { assert, describe, it } from "@effect/vitest"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync
} from "node:fs"
import { basename, dirname, join } from "node:path"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { reasonOf } from "../../src/storage/sql/failures.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import type { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { folder } from "./stores.ts"

/** SQLite as another program has it. */
interface Raw {
  readonly exec: (sql: string) => unknown
  readonly close: () => void
}

const openRaw = async (filename: string): Promise<Raw> => {
  const [builtIn, optional] = ["node:sqlite", "libsql"]
  type Driver = new (filename: string) => Raw
  const found = await import(builtIn!).then(
    (all: { readonly DatabaseSync: Driver }) => all.DatabaseSync,
    () => undefined
  )
  return new (found ?? (await import(optional!) as { readonly default: Driver }).default)(filename)
}

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

/** A file system that is mounted for a test; `undefined` where the user may not mount. */
const mounted = (how: ReadonlyArray<string>): Effect.Effect<string | undefined, never, Scope.Scope> =>
  Effect.flatMap(folder, (at) =>
    Effect.acquireRelease(
      Effect.sync(() => spawnSync("mount", [...how, at]).status === 0 ? at : undefined),
      (there) => Effect.sync(() => there === undefined ? undefined : void spawnSync("umount", ["-l", there]))
    ))

describe("a file of a newer version", () => {
  for (const mode of ["delete", "wal"]) {
    it.scoped(`in journal mode ${mode}: it stays unchanged, and no file is left beside it`, () =>
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
  it.scoped("with the log of a killed process: it is recognised by its application id, and its log stays unchanged", () =>
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

describe("a file that is closed", () => {
  const disks = Effect.gen(function* () {
    yield* PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })))
    const instances = Array.from({ length: 300 }, (_, i) => Instance.make("Demo_Disk", { Id: `${i}` }))
    yield* Effect.forEach(instances, (instance) => PutAsync.put(PutRequest.make(instance)), { discard: true })
    yield* Wmi.instancesOf("Demo_Disk")
  })
  const at = (filename: string) => Wmi.layer(Sqlite.layer({ filename }))
  const count = (filename: string) =>
    Effect.map(Effect.provide(Wmi.instancesOf("Demo_Disk"), at(filename)), ({ length }) => length)
  const logOf = (filename: string): number => existsSync(`${filename}-wal`) ? statSync(`${filename}-wal`).size : 0

  it.scoped("has everything itself: its log is empty or gone", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "wmi.db")
      yield* Effect.provide(disks, at(filename))
      assert.strictEqual(logOf(filename), 0)
      const alone = join(yield* folder, "alone.db")
      copyFileSync(filename, alone)
      assert.strictEqual(yield* count(alone), 300)
    }))

  it.scoped("by one of two programs, while the other reads: it closes, and the other reads on and writes", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "wmi.db")
      yield* madeAt(filename)
      const other = yield* theirs(filename)
      other.exec("begin")
      other.exec("select count(*) from sqlite_master")
      yield* Effect.provide(disks, at(filename))
      other.exec("commit")
      other.exec("begin immediate")
      other.exec("create table theirs (a)")
      other.exec("commit")
      assert.strictEqual(yield* count(filename), 300)
    }))

  it.scoped("by one of two programs, while the other writes: it closes, and nothing is lost", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "wmi.db")
      const other = yield* Effect.provide(
        Effect.gen(function* () {
          yield* disks
          const other = yield* theirs(filename)
          other.exec("begin immediate")
          other.exec("create table theirs (a)")
          return other
        }),
        at(filename)
      )
      other.exec("commit")
      assert.strictEqual(yield* count(filename), 300)
    }))
})

/** A database of another program, open. */
const theirs = (filename: string): Effect.Effect<Raw, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.promise(() => openRaw(filename)), (raw) => Effect.sync(() => raw.close()))

describe("a file of another program", () => {
  const lefts: Readonly<Record<string, ReadonlyArray<string>>> = {
    "a log that contains all of its tables": ["pragma journal_mode = wal", "create table theirs (a)"],
    "a log that contains its application id": ["pragma journal_mode = wal", "pragma application_id = 7"],
    "a log of a file with an application id": [
      "pragma application_id = 7",
      "pragma journal_mode = wal",
      "create table theirs (a)"
    ],
    "a journal": [
      "create table theirs (a)",
      "insert into theirs values (zeroblob(100000))",
      "pragma cache_size = 1",
      "begin",
      "update theirs set a = zeroblob(200000)"
    ],
    "a journal of a file with an application id": [
      "pragma application_id = 7",
      "create table theirs (a)",
      "pragma cache_size = 1",
      "begin",
      "insert into theirs values (zeroblob(200000))"
    ]
  }
  for (const [left, statements] of Object.entries(lefts)) {
    it.scoped(`that was killed and left ${left}: every file stays unchanged`, () =>
      Effect.gen(function* () {
        const at = yield* folder
        const copy = join(at, "copy.db")
        const raw = yield* theirs(join(at, "theirs.db"))
        for (const statement of statements) raw.exec(statement)
        killed(join(at, "theirs.db"), copy)
        const before = beside(copy)
        assert.lengthOf(before, 2)
        for (const layer of [Sqlite.layerStore, Sqlite.layerClient]) {
          assert.strictEqual(yield* refusal(layer({ filename: copy })), "NotOurs")
          assert.deepStrictEqual(beside(copy), before)
        }
      }))
  }

  it.scoped("that is empty but for its application id: it is refused too", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "theirs.db")
      const raw = yield* theirs(filename)
      raw.exec("pragma user_version = 1")
      const before = beside(filename)
      assert.strictEqual(yield* refusal(Sqlite.layerStore({ filename })), "NotOurs")
      assert.deepStrictEqual(beside(filename), before)
    }))
})

describe("a store file", () => {
  const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
  const put = (filename: string) =>
    PutAsync.put(PutRequest.make(Disk)).pipe(
      Effect.map((report) => report.disposition),
      Effect.provide(Wmi.layer(Sqlite.layer({ filename })))
    )

  it.scoped("with the log of a killed process: it contains every put that was answered", () =>
    Effect.gen(function* () {
      const at = yield* folder
      yield* using(join(at, "wmi.db"), (sql) =>
        Effect.gen(function* () {
          yield* sql.unsafe("select * from sqlite_master") // while somebody has it open nothing leaves the log
          assert.strictEqual(yield* put(join(at, "wmi.db")), "Created")
          killed(join(at, "wmi.db"), join(at, "copy.db"))
        }))
      assert.lengthOf(beside(join(at, "copy.db")), 2)
      assert.strictEqual(yield* put(join(at, "copy.db")), "Unchanged")
    }))

  /** A rollback journal of a file that was empty. */
  const ofNothing = (): Uint8Array => {
    const journal = new DataView(new ArrayBuffer(512))
    for (const [i, byte] of [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7].entries()) journal.setUint8(i, byte)
    journal.setUint32(20, 512)
    journal.setUint32(24, 4096)
    return new Uint8Array(journal.buffer)
  }

  const moments: Readonly<Record<string, (filename: string) => Effect.Effect<void, never, Scope.Scope>>> = {
    "before its application id was written": (filename) => Effect.sync(() => writeFileSync(filename, "")),
    "before the application id was committed": (filename) =>
      Effect.sync(() => {
        writeFileSync(filename, "")
        writeFileSync(`${filename}-journal`, ofNothing())
      }),
    "while the application id was committed": (filename) =>
      Effect.map(theirs(filename), (raw) => {
        raw.exec(`pragma application_id = ${0x574d4931}`)
        writeFileSync(`${filename}-journal`, ofNothing())
      }),
    "after the application id was committed": (filename) =>
      Effect.map(theirs(filename), (raw) => raw.exec(`pragma application_id = ${0x574d4931}`))
  }
  for (const [moment, leave] of Object.entries(moments)) {
    it.scoped(`whose creation was killed ${moment}: the next process creates it`, () =>
      Effect.gen(function* () {
        const filename = join(yield* folder, "wmi.db")
        yield* Effect.scoped(leave(filename))
        assert.strictEqual(yield* put(filename), "Created")
        assert.strictEqual(yield* put(filename), "Unchanged")
      }))
  }

  it.scoped("gets its application id before it has a log", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "wmi.db")
      yield* using(filename, () =>
        Effect.sync(() => assert.strictEqual(readFileSync(filename).readUInt32BE(68), 0x574d4931)))
    }))

  it.scoped("that another connection writes to: a transaction of the client fails as busy and is no defect", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "wmi.db")
      yield* using(filename, (sql) =>
        Effect.scoped(Effect.gen(function* () {
          const connection = yield* sql.reserve
          yield* connection.execute("begin immediate", [], undefined)
          const error = yield* Effect.flip(using(filename, (other) => other.withTransaction(Effect.void)))
          assert.strictEqual(reasonOf(error), "Busy")
          yield* connection.execute("rollback", [], undefined)
        })))
      yield* using(filename, (sql) => sql.withTransaction(sql.unsafe("create table theirs (a)")))
    }))

  it.scoped("that another connection wrote to when a put failed as busy: the next put sees its rows and succeeds", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "wmi.db")
      yield* using(filename, (sql) =>
        Effect.gen(function* () {
          yield* sql.unsafe("create table theirs (a)")
          yield* using(filename, (other) =>
            Effect.gen(function* () {
              const refused = [other`insert into theirs values (${2})`, other.withTransaction(Effect.void)]
              for (const [at, one] of refused.entries()) {
                yield* Effect.scoped(Effect.gen(function* () {
                  const connection = yield* sql.reserve
                  yield* connection.execute("begin immediate", [], undefined)
                  yield* connection.execute("insert into theirs values (1)", [], undefined)
                  assert.strictEqual(reasonOf(yield* Effect.flip(one)), "Busy")
                  assert.lengthOf(yield* other`select * from theirs`, 2 * at)
                  yield* connection.execute("commit", [], undefined)
                }))
                assert.lengthOf(yield* other`select * from theirs`, 2 * at + 1)
                yield* other`insert into theirs values (${3})`
                assert.lengthOf(yield* sql`select * from theirs`, 2 * at + 2)
              }
            }))
        }))
    }))

  // Only Linux lists the locks of files; continuous integration runs on it.
  it.skipIf(!existsSync("/proc/locks"))(
    "stays locked by the store that has it open, although it is opened and closed again",
    () =>
      Effect.runPromise(
        Effect.gen(function* () {
          const filename = join(yield* folder, "wmi.db")
          const locks = () => {
            const { ino } = statSync(filename)
            return readFileSync("/proc/locks", "utf8").split("\n").filter((line) => line.includes(`:${ino} `)).length
          }
          yield* using(filename, (sql) =>
            Effect.gen(function* () {
              yield* sql.unsafe("create table theirs (a)")
              const before = locks()
              assert.isAbove(before, 0)
              yield* using(filename, () => Effect.void)
              assert.isAtLeast(locks(), before)
              yield* Sqlite.save({ filename, to: `${filename}.copy` })
              assert.isAtLeast(locks(), before)
            }))
        }).pipe(Effect.scoped)
      )
  )
})

describe("a copy", () => {
  const saved = (filename: string, to: string): Effect.Effect<string> =>
    Effect.match(Sqlite.save({ filename, to }), { onFailure: ({ reason }) => reason, onSuccess: () => "saved" })

  const empty: Readonly<Record<string, (filename: string) => Effect.Effect<void>>> = {
    "nothing at all": (filename) => Effect.sync(() => writeFileSync(filename, "")),
    "no tables": (filename) => Effect.scoped(Effect.map(theirs(filename), (raw) => raw.exec("pragma user_version = 1")))
  }
  for (const [what, make] of Object.entries(empty)) {
    it.scoped(`of a file of another program that contains ${what}: the file stays unchanged, and no copy is made`, () =>
      Effect.gen(function* () {
        const at = yield* folder
        yield* make(join(at, "theirs.db"))
        const before = beside(join(at, "theirs.db"))
        assert.include(["NotOurs", "NotADatabase"], yield* saved(join(at, "theirs.db"), join(at, "copy.db")))
        assert.deepStrictEqual(beside(join(at, "theirs.db")), before)
        assert.deepStrictEqual(readdirSync(at), ["theirs.db"])
      }))
  }

  it.scoped("of a file of a newer version: no copy is made", () =>
    Effect.gen(function* () {
      const at = yield* folder
      yield* madeAt(join(at, "newer.db"))
      yield* using(join(at, "newer.db"), (sql) => sql.unsafe(ofTheFuture))
      assert.strictEqual(yield* saved(join(at, "newer.db"), join(at, "copy.db")), "Newer")
      assert.isFalse(existsSync(join(at, "copy.db")))
    }))

  it.scoped("of a copy: the first copy stays unchanged", () =>
    Effect.gen(function* () {
      const at = yield* folder
      yield* madeAt(join(at, "wmi.db"))
      assert.strictEqual(yield* saved(join(at, "wmi.db"), join(at, "first.db")), "saved")
      const before = beside(join(at, "first.db"))
      assert.strictEqual(yield* saved(join(at, "first.db"), join(at, "second.db")), "saved")
      assert.deepStrictEqual(beside(join(at, "first.db")), before)
      yield* madeAt(join(at, "second.db"))
    }))

  it.scoped("that fails in the middle: its parts are removed, files that existed before stay", () =>
    Effect.gen(function* () {
      const at = yield* folder
      const [whole, damaged] = [join(at, "wmi.db"), join(at, "damaged.db")]
      yield* using(whole, (sql) =>
        Effect.gen(function* () {
          yield* sql.unsafe("create table theirs (a)")
          yield* sql.unsafe(`with recursive n(i) as (select 1 union all select i + 1 from n where i < 50)
            insert into theirs select zeroblob(3000) from n`)
        }))
      assert.strictEqual(yield* saved(whole, damaged), "saved")
      const file = openSync(damaged, "r+")
      writeSync(file, new Uint8Array(4096).fill(0xff), 0, 4096, 20 * 4096)
      closeSync(file)
      assert.strictEqual(yield* saved(damaged, join(at, "copy.db")), "Corrupt")
      assert.isFalse(existsSync(join(at, "copy.db")))
      writeFileSync(join(at, "mine.db"), "")
      assert.strictEqual(yield* saved(damaged, join(at, "mine.db")), "CannotOpen")
      assert.isTrue(existsSync(join(at, "mine.db")))
    }))

  it.scoped("without space, folder or right: it fails with the reason, and no copy is made", () =>
    Effect.gen(function* () {
      const at = yield* folder
      yield* madeAt(join(at, "wmi.db"))
      assert.strictEqual(yield* saved(join(at, "wmi.db"), join(at, "nowhere/copy.db")), "CannotOpen")
      const small = yield* mounted(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
      if (small === undefined) return // nobody may mount here
      assert.strictEqual(yield* saved(join(at, "wmi.db"), join(small, "copy.db")), "saved")
      yield* using(join(at, "wmi.db"), (sql) => sql.unsafe("create table theirs as select zeroblob(200000) as a"))
      assert.strictEqual(yield* saved(join(at, "wmi.db"), join(small, "other.db")), "DiskFull")
      assert.deepStrictEqual(readdirSync(small), ["copy.db"])
      spawnSync("mount", ["-o", "remount,ro", small])
      assert.strictEqual(yield* saved(join(at, "wmi.db"), join(small, "other.db")), "ReadOnly")
    }))
})

describe("a file that may only be read", () => {
  const onReadOnly = (make: (at: string) => Effect.Effect<unknown, StoreFailure, Scope.Scope>) =>
    Effect.gen(function* () {
      const at = yield* mounted(["-t", "tmpfs", "tmpfs"])
      if (at === undefined) return undefined
      yield* Effect.scoped(make(at))
      assert.strictEqual(spawnSync("mount", ["-o", "remount,ro", at]).status, 0)
      return join(at, "wmi.db")
    })

  const cases: Readonly<Record<string, (at: string) => Effect.Effect<unknown, StoreFailure, Scope.Scope>>> = {
    "there is none": () => Effect.void,
    "there is a copy": (at) =>
      Effect.gen(function* () {
        const elsewhere = join(yield* folder, "wmi.db")
        yield* madeAt(elsewhere)
        yield* Sqlite.save({ filename: elsewhere, to: join(at, "wmi.db") })
      }),
    "there is a store": (at) =>
      Effect.gen(function* () {
        const elsewhere = join(yield* folder, "wmi.db")
        yield* using(elsewhere, () => Effect.sync(() => copyFileSync(elsewhere, join(at, "wmi.db"))))
      })
  }
  for (const [what, make] of Object.entries(cases)) {
    it.scoped(`on a read-only disk, where ${what}: the error says so`, ({ skip }) =>
      Effect.gen(function* () {
        const filename = yield* onReadOnly(make)
        if (filename === undefined) return skip("nobody may mount here")
        for (const layer of [Sqlite.layerStore, Sqlite.layerClient]) {
          assert.strictEqual(yield* refusal(layer({ filename })), "ReadOnly")
        }
      }))
  }

  // Root may do everything, whatever the rights say, and Windows has other rights.
  const isRoot = process.getuid?.() === 0
  it.skipIf(isRoot || process.platform === "win32")(
    "because of its rights, or in a folder of another user: the error says so",
    () =>
      Effect.runPromise(
        Effect.gen(function* () {
          const at = yield* folder
          yield* madeAt(join(at, "made.db"))
          for (const name of ["wmi.db", "secret.db"]) {
            yield* Sqlite.save({ filename: join(at, "made.db"), to: join(at, name) })
          }
          chmodSync(join(at, "wmi.db"), 0o444)
          chmodSync(join(at, "secret.db"), 0o000)
          chmodSync(at, 0o555)
          const of = (name: string) => refusal(Sqlite.layerStore({ filename: join(at, name) }))
          assert.strictEqual(yield* of("wmi.db"), "ReadOnly")
          assert.strictEqual(yield* of("secret.db"), "Denied")
          assert.strictEqual(yield* of("new.db"), "Denied")
          chmodSync(at, 0o755)
        }).pipe(Effect.scoped)
      )
  )

  it("every driver has its own error for it", () => {
    const said = "attempt to write a readonly database"
    assert.strictEqual(reasonOf(Object.assign(new Error(said), { code: "SQLITE_READONLY", rawCode: 8 })), "ReadOnly")
    assert.strictEqual(reasonOf(Object.assign(new Error(said), { code: "ERR_SQLITE_ERROR", errcode: 8 })), "ReadOnly")
    assert.strictEqual(reasonOf(Object.assign(new Error(said), { code: "ERR_SQLITE_ERROR" })), "ReadOnly")
    assert.strictEqual(reasonOf(Object.assign(new Error("database is locked"), { code: "ERR_SQLITE_ERROR" })), "Busy")
  })
})
