/** Where `effect-wmi put` puts, and what a dry run lists: over memory, worlds and stores. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { makeFolder } from "./command.ts"
import { type Ended, run as runInProcess } from "./inProcess.ts"

const { file, path } = makeFolder()
const at = (name: string): string => join(path, name)
const run = (...args: ReadonlyArray<string>): Promise<Ended> => runInProcess(["put", ...args])
const linesOf = ({ out }: Ended): ReadonlyArray<string> =>
  out.trimEnd().split("\n").map((line) => line.replace(/\d+\.\d\d s/, "0.00 s"))

file("disk.mof", 'instance of Win32_LogicalDisk { DeviceID = "Z:"; VolumeName = "Demo"; Size = 42; };\n')
file(
  "classes.mof",
  'class A { [key] string Id; uint8 N = 7; };\ninstance of A { Id = "x"; N = 1; };\ninstance of A { Id = "y"; };\n'
)

describe("--world", () => {
  it("a put starts from the world; values get their types from its classes", async () => {
    const ended = await run(at("disk.mof"), "--world", "windows")
    assert.deepStrictEqual(linesOf(ended), [
      "0 classes, 1 instance: 1 created, 0 updated, 0 unchanged, 0 refused, 0.00 s"
    ])
    assert.deepStrictEqual([ended.status, ended.err], [0, ""])
  })

  it("with --store a new store begins as the world; a store that exists is refused", async () => {
    const args = [at("disk.mof"), "--store", at("world.db"), "--world", "windows"]
    assert.match((await run(...args, "--dry-run")).out, /1 created.*nothing was kept/)
    assert.isFalse(existsSync(at("world.db")))
    assert.match((await run(...args)).out, /1 created/)
    const again = await run(...args)
    assert.deepStrictEqual([again.status, again.out], [2, ""])
    assert.include(again.err, "world.db: error: the store exists, so it cannot begin as the world windows")
    assert.match((await run(at("disk.mof"), "--store", at("world.db"))).out, /1 unchanged/)
  })

  it("an unknown world, and a world beside a computer: status 2", async () => {
    const unknown = await run(at("disk.mof"), "--world", "linux")
    assert.deepStrictEqual([unknown.status, unknown.out], [2, ""])
    assert.include(unknown.err, 'there is no world "linux"; the worlds are windows')
    const both = await run(at("disk.mof"), "--world", "windows", "--host", "win01")
    assert.strictEqual(both.status, 2)
    assert.include(both.err, "--world and --host name different places")
  })
})

describe("--namespace with the name of a computer", () => {
  for (const args of [[], ["--store", at("none.db")], ["--world", "windows"], ["--prefix", "false"]]) {
    it(`put ${args[0] ?? "without a target"}: status 2, and nothing is put`, async () => {
      const ended = await run(at("classes.mof"), "--namespace", "\\\\win01\\root\\corp", ...args)
      assert.deepStrictEqual([ended.status, ended.out], [2, ""])
      assert.include(ended.err, "win01")
      assert.isFalse(existsSync(at("none.db")))
    })
  }
})

describe("--dry-run", () => {
  const summary = (counts: string): string => `${counts}, 0.00 s; nothing was kept (dry run)`

  it("over an empty namespace: every object is created, and its namespace", async () => {
    assert.deepStrictEqual(linesOf(await run(at("classes.mof"), "--namespace", "root\\corp", "--dry-run")), [
      'create \\\\.\\root:__NAMESPACE.Name="corp"',
      "create \\\\.\\root\\corp:A",
      'create \\\\.\\root\\corp:A.Id="x"',
      'create \\\\.\\root\\corp:A.Id="y"',
      summary("1 class, 2 instances: 3 created, 0 updated, 0 unchanged, 0 refused")
    ])
  })

  it("over a store: updates with their values, deletions, the instances that a forced update deletes; unchanged objects are counted", async () => {
    await run(at("classes.mof"), "--store", at("dry.db"))
    file(
      "change.mof",
      'instance of A { Id = "x"; N = 2; };\ninstance of A { Id = "y"; };\ninstance of A { Id = "z"; };\n#pragma deleteinstance("A.Id=\\"y\\"", FAIL)\n'
    )
    const planned = await run(at("change.mof"), "--store", at("dry.db"), "--dry-run")
    assert.deepStrictEqual(linesOf(planned), [
      'update \\\\.\\root\\cimv2:A.Id="x"',
      "    N: 1 -> 2",
      'delete \\\\.\\root\\cimv2:A.Id="y"',
      'create \\\\.\\root\\cimv2:A.Id="z"',
      summary("0 classes, 3 instances: 1 created, 1 updated, 1 unchanged, 0 refused, 1 deleted")
    ])
    file("force.mof", "class A { [key] string Id; string N; };\n")
    const force = [at("force.mof"), "--store", at("dry.db"), "--class-flags", "UpdateForce", "--dry-run"]
    const lines = linesOf(await run(...force))
    assert.strictEqual(lines[0], "update \\\\.\\root\\cimv2:A")
    assert.includeMembers([...lines], [
      "    N type: uint8 -> string",
      'delete \\\\.\\root\\cimv2:A.Id="x"',
      'delete \\\\.\\root\\cimv2:A.Id="y"'
    ])
    const json = (await run(...force, "--json")).out.trim().split("\n").map((line) => JSON.parse(line) as unknown)
    assert.deepInclude(json, { change: "delete", path: '\\\\.\\root\\cimv2:A.Id="x"' })
    assert.deepInclude(json.at(-1), { updated: 1, removed: 2, dryRun: true })
    assert.match((await run(at("classes.mof"), "--store", at("dry.db"))).out, /3 unchanged/)
  })

  it("the exit status is that of the put: 1 for a refusal", async () => {
    file("refused.mof", "instance of B { Id = 1; };\n")
    const { out, status } = await run(at("refused.mof"), "--dry-run")
    assert.strictEqual(status, 1)
    assert.match(out, /^refused instance of B at .*refused\.mof:1:1: InvalidClass/)
  })
})
