/** `effect-wmi put --prefix` on PowerShell's engine prints what it prints over the emulator. */
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, it } from "vitest"
import * as Wmi from "../../src/Wmi.ts"
import { type RemoteComputer, remoteComputer } from "./remoteComputer.ts"
import { withEngine } from "./sharedHost.ts"

const bin = fileURLToPath(new URL("../../dist/bin/effect-wmi.js", import.meta.url))

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

withEngine("effect-wmi put --prefix", (engine) => {
  const folder = mkdtempSync(join(tmpdir(), "effect-wmi-put-"))
  let remote: RemoteComputer
  beforeAll(async () => {
    assert.isTrue(existsSync(bin), "run `npm run build:bin`")
    remote = await remoteComputer(engine, { server: "FAR" })
  })
  afterAll(async () => {
    await remote.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Not `spawnSync`, because the namespace of the remote computer is in this process. */
  const run = (...args: ReadonlyArray<string>): Promise<Ended> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [bin, ...args], { cwd: folder })
      let [out, err] = ["", ""]
      child.stdout.on("data", (chunk) => (out += String(chunk)))
      child.stderr.on("data", (chunk) => {
        err += String(chunk)
        if (err.endsWith("a second signal ends at once\n")) child.kill("SIGTERM")
      })
      child.on("close", (status) => resolve({ status, out, err }))
    })

  const prefix = (): ReadonlyArray<string> => ["--prefix", remote.prefix.map((word) => `"${word}"`).join(" ")]

  const far = (...args: ReadonlyArray<string>): Promise<Ended> => run("put", ...args, ...prefix())

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return name
  }

  const withoutTime = ({ out, ...rest }: Ended): Ended => ({ ...rest, out: out.replace(/\d+\.\d\d s/, "0.00 s") })

  /** The detail of a refusal is the computer's own text. */
  const refused = /^(refused .* [A-Za-z]+ \(0x[0-9A-F]{8}\)).*$/gm
  const decided = "; the rules of this program decided, not those of the computer"

  it("a put and a dry run print what they print over the emulator", async () => {
    const text = file(
      "first.mof",
      `class Far_Disk { [key] string Id; uint8 N; };
instance of Far_Disk { Id = "x"; N = 1; };
instance of Far_Disk { Id = "y"; };
instance of Nobody { Id = 1; };
`
    )
    for (const option of ["--dry-run", "--stop-on-error"]) {
      const here = withoutTime(await run("put", text, option))
      const there = withoutTime(await far(text, option))
      assert.strictEqual(there.out.replace(decided, "").replace(refused, "$1"), here.out.replace(refused, "$1"))
      assert.strictEqual(there.out.includes(decided), option === "--dry-run")
      assert.deepStrictEqual([there.status, there.err], [here.status, here.err])
    }
    const names = (await remote.world.runPromise(Wmi.instancesOf("Far_Disk"))).map(({ values }) => values["Id"])
    assert.deepStrictEqual(names, ["x", "y"])
  })

  it("a dry run over objects that exist reads them, lists the members that change and puts nothing", async () => {
    const text = file(
      "second.mof",
      `instance of Far_Disk { Id = "x"; N = 2; };
instance of Far_Disk { Id = "y"; };
instance of Far_Disk { Id = "z"; };
#pragma deleteinstance("Far_Disk.Id=\\"y\\"", FAIL)
`
    )
    const puts = (): number => remote.server.calls.filter(({ op }) => op === "put" || op === "delete").length
    const before = puts()
    const { err, out, status } = await far(text, "--dry-run")
    assert.deepStrictEqual([status, err, puts()], [0, "", before])
    assert.deepStrictEqual(out.split("\n").slice(0, -2), [
      'update \\\\.\\root\\cimv2:Far_Disk.Id="x"',
      "    N: 1 -> 2",
      'delete \\\\.\\root\\cimv2:Far_Disk.Id="y"',
      'create \\\\.\\root\\cimv2:Far_Disk.Id="z"'
    ])
    assert.match(out, /^0 classes, 3 instances: 1 created, 1 updated, 1 unchanged, 0 refused, 1 deleted, /m)
    const force = file("force.mof", "class Far_Disk { [key] string Id; string N; };\n")
    const forced = await far(force, "--class-flags", "UpdateForce", "--dry-run")
    assert.deepStrictEqual([forced.status, puts()], [0, before], forced.err)
    assert.includeMembers(forced.out.split("\n"), [
      "update \\\\.\\root\\cimv2:Far_Disk",
      "    N type: uint8 -> string",
      'delete \\\\.\\root\\cimv2:Far_Disk.Id="x"',
      'delete \\\\.\\root\\cimv2:Far_Disk.Id="y"'
    ])
    const stored = await far(text, "--json")
    assert.deepInclude(JSON.parse(stored.out), { created: 1, updated: 2, unchanged: null, deleted: 1 })
  })

  it("a namespace is made with --create-namespaces only", async () => {
    const text = file("third.mof", "class Far_Third { [key] string Id; };\n")
    const without = await far(text, "--namespace", "root\\far\\corp")
    assert.deepStrictEqual([without.status, without.out], [2, ""])
    assert.include(without.err, "the computer of --prefix has no namespace root\\far\\corp")
    const made = await far(text, "--namespace", "root\\far\\corp", "--create-namespaces")
    assert.match(made.out, /^1 class, 0 instances: 1 created/, made.err)
  })

  it("a second signal ends at once while the computer gives no answer: whether the put is stored is not known", async () => {
    const text = file("fourth.mof", "class Far_Fourth { [key] string Id; };\n")
    const isPut = (): boolean => remote.server.calls.at(-1)?.op === "put"
    const started = new Promise<void>((resolve) => {
      remote.server.use({
        runPromiseExit: (effect) => {
          if (!isPut()) return remote.world.runPromiseExit(effect)
          resolve()
          return new Promise(() => {})
        }
      })
    })
    try {
      const child = spawn(process.execPath, [bin, "put", text, ...prefix()], { cwd: folder })
      let err = ""
      child.stderr.on("data", (chunk) => {
        err += String(chunk)
        if (err.endsWith("a second signal ends at once\n")) child.kill("SIGTERM")
      })
      const ended = new Promise((resolve) => child.on("close", resolve))
      await started
      child.kill("SIGINT")
      assert.strictEqual(await ended, 143)
      assert.strictEqual(
        err,
        "ending after what is running; a second signal ends at once\neffect-wmi: interrupted: 0 of 1 put is stored on the computer of --prefix (0 created, 0 updated, 0 unchanged); whether 1 more is stored is not known, because no answer came; the same command goes on\n"
      )
    } finally {
      remote.server.use(remote.world)
    }
  })
})
