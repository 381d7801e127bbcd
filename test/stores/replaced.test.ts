/** A SQLite file that is deleted, replaced or emptied while a store has it open: the next transaction and every later one fail. */
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { copyFileSync, existsSync, renameSync, rmSync, symlinkSync, truncateSync } from "node:fs"
import { join } from "node:path"
import { assert, describe } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { folder } from "./stores.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
const disk = (id: string) => PutRequest.make(Instance.make("Demo_Disk", { Id: id }))

const isWindows = process.platform === "win32"

const reason = <A>(effect: Effect.Effect<A, WbemError, Layer.Layer.Success<typeof Wmi.layerMemory>>) =>
  Effect.map(
    Effect.either(effect),
    (ended) =>
      Either.isRight(ended)
        ? "ok"
        : ended.left.cause instanceof StoreFailure
        ? ended.left.cause.reason
        : ended.left.status
  )

/** Removes a file and what SQLite keeps beside it. */
const remove = (filename: string): void => {
  for (const end of ["", "-wal", "-shm"]) rmSync(filename + end, { force: true })
}

const put = PutAsync.put(PutRequest.make(Disk))

const ways: Readonly<Record<string, (filename: string) => Effect.Effect<void>>> = {
  "deleted": (filename) => Effect.sync(() => rmSync(filename)),
  "deleted with its log and its index": (filename) => Effect.sync(() => remove(filename)),
  "moved away": (filename) => Effect.sync(() => renameSync(filename, `${filename}.moved`)),
  "emptied": (filename) => Effect.sync(() => truncateSync(filename, 0)),
  "replaced by a new store": (filename) =>
    Effect.sync(() => remove(filename)).pipe(
      Effect.zipRight(Effect.provide(put, Wmi.layer(Sqlite.layer({ filename })))),
      Effect.orDie
    ),
  "replaced by a copy of itself": (filename) =>
    Effect.sync(() => {
      copyFileSync(filename, `${filename}.copy`)
      renameSync(`${filename}.copy`, filename)
    })
}

describe.skipIf(isWindows)("a file that is", () => {
  for (const [how, change] of Object.entries(ways)) {
    it.scopedLive(`${how} while a store has it open`, () =>
      Effect.gen(function* () {
        const filename = join(yield* folder, "wmi.db")
        const before = yield* Effect.provide(
          Effect.gen(function* () {
            yield* PutAsync.put(PutRequest.make(Disk))
            yield* PutAsync.put(disk("a"))
            yield* change(filename)
            const single = yield* reason(PutAsync.put(disk("b")))
            const bulk = [...yield* Stream.runCollect(BulkPut.run(Stream.make(disk("c"), disk("d"))))]
            return [
              single,
              ...bulk.map((one) => one._tag),
              yield* reason(Wmi.get('Demo_Disk.Id="a"')),
              yield* reason(Wmi.delete('Demo_Disk.Id="a"')),
              yield* reason(
                PutAsync.put(PutRequest.make(ClassDefinition.make("Demo_New", { Id: Property.key("string") })))
              ),
              yield* reason(Wmi.snapshot)
            ]
          }),
          Wmi.layer(Sqlite.layer({ filename }))
        )
        const all = ["Replaced", "Rejected", "Rejected", "Replaced", "Replaced", "Replaced", "Replaced"]
        assert.deepStrictEqual(before, all)
      }))
  }

  it.scopedLive("reached over a link works until the link points to another file", () =>
    Effect.gen(function* () {
      const at = yield* folder
      const [filename, link] = [join(at, "wmi.db"), join(at, "link.db")]
      yield* Effect.provide(put, Wmi.layer(Sqlite.layer({ filename })))
      yield* Effect.provide(put, Wmi.layer(Sqlite.layer({ filename: join(at, "other.db") })))
      symlinkSync(filename, link)
      const ended = yield* Effect.provide(
        Effect.gen(function* () {
          const first = yield* reason(PutAsync.put(disk("a")))
          rmSync(link)
          symlinkSync(join(at, "other.db"), link)
          return [first, yield* reason(PutAsync.put(disk("b")))]
        }),
        Wmi.layer(Sqlite.layer({ filename: link }))
      )
      assert.deepStrictEqual(ended, ["ok", "Replaced"])
    }))

  it.scopedLive("unchanged is used, whatever the working directory is", () =>
    Effect.gen(function* () {
      const at = yield* folder
      const was = process.cwd()
      yield* Effect.addFinalizer(() => Effect.sync(() => process.chdir(was)))
      process.chdir(at)
      const ended = yield* Effect.provide(
        Effect.gen(function* () {
          yield* put
          process.chdir(was)
          return yield* reason(PutAsync.put(disk("a")))
        }),
        Wmi.layer(Sqlite.layer({ filename: "wmi.db" }))
      )
      assert.deepStrictEqual([ended, existsSync(join(at, "wmi.db"))], ["ok", true])
    }))
})
