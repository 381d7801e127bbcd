/**
 * Opens SQLite files with random damage and uses them, in a process of its own: `damagedFiles.mjs FOLDER COUNT SEED`. Prints the
 * results of the calls as JSON. A driver that crashes ends this process and not that of the test.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import type { Services } from "../../src/emulator/EmulatedRepository.ts"
import * as NamespaceDump from "../../src/emulator/NamespaceDump.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as Wmi from "../../src/Wmi.ts"

const [folder = ".", count = "40", firstSeed = "5"] = process.argv.slice(2)

let seed = Number(firstSeed)
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}
const below = (n: number): number => Math.floor(random() * n)

const put = (object: WbemObject) => PutAsync.put(PutRequest.make(object))
const d = (i: number) => Instance.make("D", { Id: `id${i}`, V: "v".repeat(i % 60), N: BigInt(i) })
const bulk = (objects: ReadonlyArray<WbemObject>) =>
  Stream.runDrain(BulkPut.run(Stream.fromIterable(objects.map((one) => PutRequest.make(one)))))
const over = (filename: string) => Wmi.layer(Sqlite.layer({ filename, busyTimeout: "1 second" }))

const base = join(folder, "base.db")
const saved = join(folder, "saved.db")
const file = join(folder, "damaged.db")

const fill = Effect.gen(function* () {
  const properties = { Id: Property.key("string"), V: Property.make("string"), N: Property.make("uint64") }
  yield* put(ClassDefinition.make("D", properties, { qualifiers: { Description: "x" } }))
  yield* put(ClassDefinition.make("E", {}, { superclass: "D" }))
  yield* put(Instance.make("__NAMESPACE", { Name: "N" }))
  yield* bulk(Array.from({ length: 60 }, (_, i) => d(i)))
})

/** A file with some bytes or bits changed, in the whole of it, in its first pages or in its head, and sometimes cut. */
const damaged = (bytes: Uint8Array): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  const where = [copy.length, 4096 * 2, 100][below(3)]!
  for (let n = 1 + below(6); n > 0; n--) {
    const at = below(Math.min(where, copy.length))
    copy[at] = below(2) === 0 ? below(256) : copy[at]! ^ (1 << below(8))
  }
  return below(12) === 0 ? copy.subarray(0, below(copy.length)) : copy
}

const came = new Map<string, number>()
const defects: Array<string> = []
const note = (step: string, exit: Exit.Exit<unknown, unknown>): void => {
  const failure = Exit.isFailure(exit) ? Cause.failureOption(exit.cause) : Option.none()
  const what = Exit.isSuccess(exit) ? "ok" : Option.isSome(failure) ? "failed" : "defect"
  if (what === "defect" && Exit.isFailure(exit)) defects.push(`${step}: ${Cause.pretty(exit.cause)}`)
  came.set(`${step} ${what}`, (came.get(`${step} ${what}`) ?? 0) + 1)
}

const use = (i: number) =>
  Effect.gen(function* () {
    const steps: Readonly<Record<string, Effect.Effect<unknown, WbemError, Stages | Services>>> = {
      snapshot: Effect.map(Wmi.snapshot, (state) => [...NamespaceDump.lines(state), Snapshot.unreadable(state)].length),
      get: Wmi.get(`D.Id="id${below(60)}"`),
      instancesOf: Wmi.instancesOf("D"),
      classes: Wmi.classes(),
      namespaces: Wmi.namespaces,
      put: put(d(below(60))),
      putNew: put(d(100 + i)),
      putClass: put(ClassDefinition.make("F", {}, { superclass: "D" })),
      bulk: bulk([d(3), d(4)]),
      delete: Wmi.delete('D.Id="id5"')
    }
    for (const [step, call] of Object.entries(steps)) note(step, yield* Effect.exit(call))
  })

await Effect.runPromise(Effect.provide(fill, over(base)))
await Effect.runPromise(Sqlite.save({ filename: base, to: saved }))
const bytes = readFileSync(saved)
for (let i = 0; i < Number(count); i++) {
  for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(file + end, { force: true })
  writeFileSync(file, damaged(bytes))
  const opened = Effect.scoped(Effect.flatMap(Layer.build(over(file)), (context) => Effect.provide(use(i), context)))
  note("open", await Effect.runPromiseExit(Logger.withMinimumLogLevel(opened, LogLevel.None)))
}
console.log(JSON.stringify({ came: Object.fromEntries([...came].sort()), defects }))
process.exit(0)
