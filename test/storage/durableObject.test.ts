/**
 * A namespace in a Durable Object: under the real `workerd`, killed and started again; and every public case of a put over an object
 * whose storage refuses what the real one refuses.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { build } from "esbuild"
import { afterAll, assert, describe, it } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutOutcome from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as DurableObject from "../../src/storage/sqlite/DurableObject.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Wmi from "../../src/Wmi.ts"
import { runCasePromise } from "../../src/conformance/cases.ts"
import { repositories } from "../conformance/repositories.ts"
import type { JsonObject } from "../../src/conformance/vocabulary.ts"
import { make } from "./objectStorage.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const isNode = !("Deno" in globalThis) && !("Bun" in globalThis)
const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  FreeSpace: Property.make("uint64"),
  Note: Property.make("string")
})
const disk = (id: string, free = 1n) => PutRequest.make(Instance.make("Demo_Disk", { Id: id, FreeSpace: free }))

describe("over the storage of an object", () => {
  it("every public case of a put passes", async () => {
    const file = new URL("../conformance/put-cases.json", import.meta.url)
    const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: ReadonlyArray<JsonObject> }
    const repository = await repositories["durableObject"]!()
    for (const one of cases) {
      const { id, notApplicable, problems } = await runCasePromise(one, repository)
      assert.deepStrictEqual([id, notApplicable, problems], [id, undefined, []])
    }
    assert.isAbove(cases.length, 200)
  })

  it("a class with more instances than one text can name is deleted with them", async () => {
    const storage = await make()
    const requests = [
      PutRequest.make(ClassDefinition.make("Named", { Id: Property.key("string") })),
      ...Array.from(
        { length: 1500 },
        (_, i) => PutRequest.make(Instance.make("Named", { Id: `${i}`.padStart(2000, "n") }))
      )
    ]
    const left = await Effect.gen(function* () {
      yield* Stream.runDrain(BulkPut.run(Stream.fromIterable(requests)))
      const before = yield* Wmi.instancesOf("Named")
      yield* Wmi.delete("Named")
      yield* PutAsync.put(requests[0]!) // a class that is not there has no list; made again it has none of its old instances
      return [before.length, (yield* Wmi.instancesOf("Named")).length]
    }).pipe(Effect.provide(Wmi.layer(DurableObject.layer(storage))), Effect.runPromise)
    assert.deepStrictEqual(left, [1500, 0])
  })

  it("a large run fits its statements, and the object that is made again has it", async () => {
    const storage = await make()
    const wide = 'ü\u0001"'.repeat(2000)
    const requests = [
      PutRequest.make(ClassDefinition.make("Wide", { Id: Property.key("uint32"), Text: Property.make("string") })),
      ...Array.from({ length: 400 }, (_, i) => PutRequest.make(Instance.make("Wide", { Id: i, Text: wide })))
    ]
    const run = BulkPut.run(Stream.fromIterable(requests), { batchSize: 1000 }).pipe(
      Stream.runFold(PutOutcome.emptyTally, PutOutcome.tally)
    )
    const over = () => Wmi.layer(DurableObject.layer(storage))
    const first = await Effect.runPromise(Effect.provide(run, over()))
    const second = await Effect.runPromise(Effect.provide(run, over()))
    assert.deepStrictEqual([first.created, second.unchanged, second.total], [401, 401, 401])
  })

  it("an object that is too large is refused with why, and its batch is stored without it", async () => {
    const storage = await make()
    const huge = PutRequest.make(Instance.make("Demo_Disk", { Id: "b", Note: "x".repeat(3_000_000) }))
    const [error, tags, there] = await Effect.runPromise(
      Effect.gen(function* () {
        yield* PutAsync.put(PutRequest.make(Disk))
        const error = yield* Effect.flip(PutAsync.put(huge))
        const outcomes = yield* Stream.runCollect(BulkPut.run(Stream.make(disk("a"), huge)))
        const there = yield* Wmi.instancesOf("Demo_Disk")
        return [error, [...outcomes].map(({ _tag }) => _tag), there.map(({ values }) => values["Id"])] as const
      }).pipe(Effect.provide(Wmi.layer(DurableObject.layer(storage))))
    )
    assert(error.cause instanceof StoreFailure)
    assert.deepStrictEqual([error.status, error.cause.reason, tags, there], [
      "Failed",
      "TooBig",
      ["Committed", "Rejected"],
      ["a"]
    ])
  })

  it("tables of a newer version are refused", async () => {
    const storage = await make()
    await Effect.runPromise(DurableObject.make(storage))
    storage.sql.exec("insert into effect_wmi_migration (migration_id, name) values (99, 'later')")
    const opened = await Effect.runPromise(Effect.either(DurableObject.make(storage)))
    assert(Either.isLeft(opened))
    assert.strictEqual(opened.left.reason, "Newer")
  })
})

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

const running: Array<ChildProcess> = []
afterAll(() => running.forEach((one) => one.kill("SIGKILL")))

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once("exit", () => resolve())
  })

// A workerd is a process of its own, which vitest under Deno and Bun does not need to try again.
describe.runIf(isNode)("under workerd", () => {
  const folder = mkdtempSync(join(tmpdir(), "effect-wmi-object-"))
  mkdirSync(join(folder, "objects"))

  const { imports } = JSON.parse(readFileSync(join(root, "deno.json"), "utf8")) as {
    readonly imports: Readonly<Record<string, string>>
  }
  const alias = Object.fromEntries(
    Object.entries(imports).filter(([name]) => name.startsWith("effect-wmi/")).map(([name, path]) => [
      name,
      join(root, path)
    ])
  )

  const start = async (): Promise<{ readonly at: string; readonly kill: () => Promise<void> }> => {
    const port = await freePort()
    writeFileSync(
      join(folder, "config.capnp"),
      `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2025-01-01",
      durableObjectNamespaces = [(className = "Repository", uniqueKey = "effect-wmi", enableSql = true)],
      durableObjectStorage = (localDisk = "objects"),
      bindings = [(name = "REPOSITORY", durableObjectNamespace = "Repository")]
    )),
    (name = "objects", disk = (path = "${folder}/objects", writable = true))
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
`
    )
    const child = spawn(join(root, "node_modules/.bin/workerd"), ["serve", "config.capnp"], { cwd: folder })
    running.push(child)
    let said = ""
    child.stderr.on("data", (data: Uint8Array) => said += String(data))
    const at = `http://127.0.0.1:${port}/`
    for (let attempt = 0; attempt < 200; attempt++) {
      const answer = await fetch(at).catch(() => undefined)
      if (answer !== undefined) {
        await answer.text()
        return {
          at,
          kill: async () => {
            child.kill("SIGKILL")
            await ended(child)
          }
        }
      }
      if (child.exitCode !== null) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`workerd does not answer: ${said}`)
  }

  const put = async (at: string, id: string, freeSpace = "42"): Promise<readonly [number, string]> => {
    const answer = await fetch(at, { method: "POST", body: JSON.stringify({ id, freeSpace }) })
    return [answer.status, await answer.text()]
  }

  it("what was put is there after the process was killed; the worker is below 113 KiB compressed", async () => {
    const outfile = join(folder, "worker.js")
    await build({
      absWorkingDir: root,
      entryPoints: ["examples/durable-object.ts"],
      outfile,
      alias,
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      conditions: ["workerd"],
      logLevel: "error"
    })
    const code = readFileSync(outfile)
    const packed = gzipSync(code, { level: 9 }).length / 1024
    console.log(`worker: ${(code.length / 1024).toFixed(1)} KiB, ${packed.toFixed(1)} KiB compressed`)
    const first = await start()
    const [status, text] = await put(first.at, "C:")
    assert.deepStrictEqual([status, text], [201, JSON.stringify({ path: '\\\\.\\root\\cimv2:Demo_Disk.Id="C:"' })])
    const statuses = async (): Promise<ReadonlyArray<number>> =>
      (await Promise.all(Array.from({ length: 100 }, (_, i) => put(first.at, `${i}`)))).map(([one]) => one)
    assert.deepStrictEqual(await statuses(), Array.from({ length: 100 }, () => 201))
    assert.deepStrictEqual(await statuses(), Array.from({ length: 100 }, () => 200))
    assert.strictEqual((await put(first.at, "c:", "43"))[0], 200)
    assert.strictEqual((await put(first.at, "D:", "more than fits"))[0], 422)
    for (const body of ["{", "", "null", "[]", '"C:"', '{"id":1,"freeSpace":"42"}', '{"id":"C:"}']) {
      assert.strictEqual((await fetch(first.at, { method: "POST", body })).status, 400, body)
    }
    await first.kill()

    const second = await start()
    const listed = await (await fetch(second.at)).json() as ReadonlyArray<string>
    assert.deepStrictEqual([...listed].sort(), ["c:", ...Array.from({ length: 100 }, (_, i) => `${i}`)].sort())
    assert.strictEqual((await put(second.at, "C:", "43"))[0], 200)
    await second.kill()
    assert.isBelow(packed, 113)
  })
})
