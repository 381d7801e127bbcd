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
import type { Ended } from "../cli/inProcess.ts"
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
    methods: { Open: Method.make("uint32", [{ name: "Angle", type: "uint8" }]) }
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
  const run = (args: ReadonlyArray<string>): Promise<Ended> =>
    new Promise((ended) => {
      const child = spawn(process.execPath, ["--no-warnings", bin, ...args], { cwd: folder })
      let [out, err] = ["", ""]
      child.stdout.on("data", (chunk) => out += String(chunk))
      child.stderr.on("data", (chunk) => err += String(chunk))
      child.on("close", (status) => ended({ status: status ?? -1, out, err }))
    })

  const both = async (...args: ReadonlyArray<string>): Promise<readonly [here: Ended, there: Ended]> => [
    await run([...args, "--store", store]),
    await run([...args, "--prefix", prefix])
  ]

  it.each([
    ["get", 'root\\corp:Corp_Asset.Id="a1"'],
    ["get", 'root\\corp:Corp_Asset="Lä"', "--json"],
    ["get", "root/corp:Corp_Options=@"],
    ["get", "\\\\.\\root\\corp:corp_laptop"],
    ["get", "root\\corp:Corp_Asset", "--json"],
    ["ls"],
    ["ls", "--namespace", corp, "--json"],
    ["ls", "root\\corp:Corp_Asset"],
    ["ls", "root\\corp:Corp_Asset", "--shallow", "-l"],
    ["ls", "root\\corp:Corp_Port", "--json"],
    ["classes", "--namespace", corp],
    ["classes", "corp_*", "--tree", "--namespace", corp],
    ["export", "--namespace", corp, "--recurse"],
    ["export", "*Laptop", "--namespace", corp, "--json"],
    ["rm", "root\\corp:Corp_Asset", "--dry-run"],
    ["rm", 'root:__NAMESPACE.Name="corp"', "--dry-run", "--json"],
    ["diff", "before.mof"],
    ["diff", "before.mof", "--all", "--json"]
  ])("%s %s %s", async (...args) => {
    const [here, there] = await both(...args.filter((arg) => arg !== undefined))
    assert.deepStrictEqual(there, here)
    assert.notStrictEqual(here.out, "")
  })

  it.each([
    [1, "get", "root\\corp:Corp_Nope"],
    [1, "get", 'root\\corp:Corp_Asset.Id="none"'],
    [1, "get", "root\\corp:Corp_Nope.Id=1"],
    [1, "ls", "root\\corp:Corp_Nope"],
    [1, "classes", "--namespace", "root\\nope"],
    [1, "export", "--namespace", "root\\nope"],
    [1, "rm", "root\\corp:Corp_Nope"],
    [2, "get", "root\\corp:Corp_Asset.Wrong=1"]
  ])("status %i: %s %s", async (status, ...args) => {
    const [here, there] = await both(...args.filter((arg) => arg !== undefined))
    const name = /^effect-wmi: (\w+ \(0x\w{8}\))/
    assert.deepStrictEqual([there.status, there.out], [status, ""])
    assert.deepStrictEqual([there.status, there.out], [here.status, here.out])
    assert.strictEqual(name.exec(there.err)?.[1], name.exec(here.err)?.[1])
    assert.match(there.err, /^effect-wmi: [^\n]+\n$/)
  })

  it("the name of another computer is an error", async () => {
    const { err, status } = await run(["get", "\\\\win01\\root\\corp:Corp_Asset", "--prefix", prefix])
    assert.match(err, /names the computer win01; leave it out/)
    assert.strictEqual(status, 2)
  })

  it("rm deletes the same objects and says what went with them", async () => {
    const [here, there] = await both("rm", 'root\\corp:Corp_Port.Host="h",Number=9', "root\\corp:Corp_Asset")
    assert.deepStrictEqual(there, here)
    assert.include(there.out, "removed \\\\.\\root\\corp:Corp_Asset, with 1 class and 4 instances")
    const [left, gone] = await both("classes", "--namespace", corp)
    assert.deepStrictEqual(gone, left)
    assert.strictEqual(gone.out, "Corp_Options\nCorp_Port\n")
  })
})
