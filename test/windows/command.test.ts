/**
 * The reading verbs of the built command over a remote computer print what they print over a store with the same objects. The namespaces
 * of the computer are those of the tests' emulator, behind PowerShell's engine.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { afterAll, assert, beforeAll, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as Wmi from "../../src/Wmi.ts"
import { type Ended, run } from "../cli/inProcess.ts"
import { type RemoteComputer, remoteComputer } from "./remoteComputer.ts"
import { withEngine } from "./sharedHost.ts"

const corp = "root\\corp"
const text = { flavor: Qualifier.Flavor.ToSubclass }

const start = Snapshot.withObjects(Snapshot.empty({ namespaces: [corp, "root\\corp\\lab"] }), corp, [
  ClassDefinition.make("Corp_Asset", {
    Id: Property.key("string"),
    Price: Property.make("uint64", { value: 3n, qualifiers: [Qualifier.make("Units", "euro", text)] }),
    Tags: Property.make("string[]"),
    When: Property.make("datetime"),
    Peer: Property.make("ref:Corp_Asset")
  }, { qualifiers: [Qualifier.make("Description", "An asset", text)] }),
  ClassDefinition.make("Corp_Laptop", { Light: Property.make("boolean"), Load: Property.make("real64") }, {
    superclass: "Corp_Asset",
    methods: {
      Open: Method.make("uint32", [{
        name: "Angle",
        type: "uint8",
        qualifiers: [Qualifier.make("In", true, { flavor: 0 })]
      }])
    }
  }),
  ClassDefinition.make("Corp_Port", { Number: Property.key("uint16"), Host: Property.key("string") }),
  ClassDefinition.make("Corp_Options", { Level: Property.make("uint8") }, {
    qualifiers: [Qualifier.make("singleton")]
  }),
  Instance.make("Corp_Asset", { Id: "A1", Tags: ["x", 'y"\\'], Peer: 'Corp_Asset.Id="A2"' }),
  Instance.make("Corp_Asset", { Id: "A2", Price: 2n ** 63n, When: "20240102030405.000000+060" }),
  Instance.make("Corp_Asset", { Id: "A3", Price: null }),
  Instance.make("Corp_Laptop", { Id: "Lä", Light: true, Load: 0.25 }),
  Instance.make("Corp_Options", { Level: 2 }),
  ...[10, 9].map((Number) => Instance.make("Corp_Port", { Number, Host: "h" })),
  Instance.make("__EventFilter", { Name: "F", Query: "SELECT * FROM __InstanceCreationEvent", QueryLanguage: "WQL" })
])

/** Other objects, for `diff`. */
const before = `#pragma namespace("\\\\\\\\.\\\\root\\\\corp")
class Corp_Asset { [key] string Id; uint64 Price = 4; string Tags[]; string Note; };
class Corp_Desk { [key] string Id; };
instance of Corp_Asset { Id = "A1"; Tags = {"x"}; };
instance of Corp_Asset { Id = "A9"; };
`

const bin = join(fileURLToPath(new URL("../..", import.meta.url)), "dist/bin/effect-wmi.js")

withEngine("the command over a remote computer", (engine) => {
  let remote: RemoteComputer
  let folder: string
  let prefix: string
  let store: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "ewmi-command-"))
    store = join(folder, "corp.db")
    writeFileSync(join(folder, "before.mof"), before)
    remote = await remoteComputer(engine, { server: "FAR" })
    prefix = remote.prefix.map((word) => `"${word}"`).join(" ")
    await remote.world.runPromise(Wmi.restore(start))
    await Effect.runPromise(Effect.provide(Wmi.restore(start), Wmi.layer(Sqlite.layer({ filename: store }))))
  })
  afterAll(async () => {
    await remote.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Not `spawnSync`, because the namespaces of the remote computer are in this process. */
  const there = (...args: ReadonlyArray<string>): Promise<Ended> =>
    new Promise((ended) => {
      const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined }
      const child = spawn(process.execPath, [bin, ...args, "--prefix", prefix], { cwd: folder, env })
      let [out, err] = ["", ""]
      child.stdout.on("data", (chunk) => out += String(chunk))
      child.stderr.on("data", (chunk) => err += String(chunk))
      child.on("close", (status) => ended({ status: status ?? -1, out, err }))
    })

  /** The same over the store, in this process. */
  const here = (...args: ReadonlyArray<string>): Promise<Ended> => run([...args, "--store", store])

  const lines: ReadonlyArray<ReadonlyArray<string>> = [
    ["get", 'root\\corp:Corp_Asset.Id="a1"'],
    ["get", "root/corp:corp_laptop", "--json"],
    ["ls", "--namespace", corp],
    ["ls", "root\\corp:Corp_Asset", "-l"],
    ["classes", "corp_*", "--tree", "--namespace", corp],
    ["export", "--namespace", corp, "--recurse"],
    ["export", "--namespace", corp, "--json"],
    ["rm", "root\\corp:Corp_Asset", 'root:__NAMESPACE.Name="corp"', "--dry-run"],
    ["diff", "before.mof"],
    ["diff", "before.mof", "--all", "--json"]
  ]
  for (const args of lines) {
    it(args.join(" "), async () => {
      const printed = await there(...args)
      assert.deepStrictEqual(printed, await here(...args.map((arg) => arg === "before.mof" ? join(folder, arg) : arg)))
      assert.notStrictEqual(printed.out, "")
    })
  }

  const refusals: ReadonlyArray<readonly [status: number, ...args: ReadonlyArray<string>]> = [
    [1, "get", 'root\\corp:Corp_Asset.Id="none"'],
    [1, "ls", "root\\corp:Corp_Nope"],
    [1, "export", "--namespace", "root\\nope"],
    [1, "rm", "root\\corp:Corp_Nope"],
    [2, "get", "root\\corp:Corp_Asset.Wrong=1"]
  ]
  for (const [status, ...args] of refusals) {
    it(`status ${status}: ${args.join(" ")}`, async () => {
      const [printed, expected] = [await there(...args), await here(...args)]
      const name = /^effect-wmi: error: (\w+ \(0x\w{8}\))/
      assert.deepStrictEqual([printed.status, printed.out], [status, ""])
      assert.deepStrictEqual([expected.status, expected.out], [status, ""])
      assert.strictEqual(name.exec(printed.err)?.[1], name.exec(expected.err)?.[1])
      assert.match(printed.err, /^effect-wmi: error: [^\n]+\n$/)
    })
  }

  it("the name of another computer is an error", async () => {
    const { err, status } = await there("get", "\\\\win01\\root\\corp:Corp_Asset")
    assert.match(err, /names the computer win01\nhint: leave it out/)
    assert.strictEqual(status, 2)
  })

  it("rm deletes the same objects and says what went with them", async () => {
    const args = ["rm", 'root\\corp:Corp_Port.Host="h",Number=9', "root\\corp:Corp_Asset"]
    const printed = await there(...args)
    assert.deepStrictEqual(printed, await here(...args))
    assert.include(printed.out, "removed \\\\.\\root\\corp:Corp_Asset, with 1 class and 4 instances")
    const left = await remote.world.runPromise(Wmi.classes({ namespace: corp }))
    assert.deepStrictEqual(left.map(({ name }) => name), ["Corp_Options", "Corp_Port"])
  })
})
