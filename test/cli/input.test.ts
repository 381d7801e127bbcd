/** The inputs of the command as a process: what the shells of Windows write, folders and globs, JSON of PowerShell. */
import { spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "vitest"
import { encoded } from "./encodings.ts"

const bin = fileURLToPath(new URL("../../dist/bin/effect-wmi.js", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "effect-wmi-input-"))
const isDeno = "Deno" in globalThis

const run = (args: ReadonlyArray<string>, input?: Uint8Array) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [...(isDeno ? ["run", "-A"] : []), bin, ...args], {
    cwd: folder,
    ...(input === undefined ? {} : { input })
  })
  return { status, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) }
}

const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return name
}

/** What Windows PowerShell 5.1 writes for `command > file`: UTF-16 with a mark and the line ends of Windows. */
const redirected = (text: string): Uint8Array<ArrayBuffer> => encoded(text.replaceAll("\n", "\r\n"), "utf-16le-bom")

const classes = file(
  "classes.mof",
  "class CIM_Disk { [key] string DeviceID; string VolumeName; };\nclass Demo_Disk : CIM_Disk { uint64 Size; datetime InstallDate; };\n"
)

describe("a dump on standard output", () => {
  it("is ASCII, so that a shell may convert it; what Windows PowerShell writes is restored", () => {
    const text =
      'instance of Demo_Disk { DeviceID = "C:"; VolumeName = "Größe 漢字 😀"; Size = 18446744073709551615; };'
    run(["put", classes, file("object.mof", encoded(text, "utf-16be")), "--store", "a.db"])
    const { out, status } = run(["snapshot", "-", "--store", "a.db"])
    assert.strictEqual(status, 0)
    assert.match(out, /^[\n -~]+$/)
    assert.include(out, "Gr\\u00f6\\u00dfe \\u6f22\\u5b57 \\ud83d\\ude00")
    const dump = file("a.dump", redirected(out))
    assert.strictEqual(run(["restore", dump, "--store", "b.db"]).status, 0)
    assert.strictEqual(run(["diff", "a.db", "b.db"]).status, 0)
    assert.strictEqual(run(["diff", "-", "b.db"], gzipSync(redirected(out))).status, 0)
    const put = run(["put", dump])
    assert.deepStrictEqual([put.status, put.out], [2, ""])
    assert.include(put.err, "a.dump:1:1: ")
    assert.include(put.err, "this is a dump of a store, and put reads requests")
  })

  it("bytes of a code page are refused with their line, and the store is left as it was", () => {
    const bytes = new Uint8Array([
      ...new TextEncoder().encode('{"effect-wmi":"dump","version":2}\n{"namespace":"'),
      0xe4
    ])
    const { err, status } = run(["restore", file("page.dump", bytes), "--store", "none.db"])
    assert.strictEqual(status, 2)
    assert.include(err, "page.dump:2: ")
    assert.include(err, "these bytes are neither UTF-8 nor UTF-16")
    assert.isFalse(existsSync(join(folder, "none.db")))
  })
})

describe("JSON of PowerShell", () => {
  const printed = [{
    DeviceID: "C:",
    Size: 5,
    InstallDate: "/Date(1700000000000)/",
    PSComputerName: null,
    CimClass: { CimSuperClassName: "CIM_Disk" },
    CimInstanceProperties: ['DeviceID = "C:"', "Size = 5", "InstallDate = 11/14/2023"],
    CimSystemProperties: { Namespace: "root/cimv2", ServerName: "WS-0417", ClassName: "Demo_Disk", Path: null }
  }]

  it("is put into a store whose classes give the types", () => {
    run(["put", classes, "--store", "types.db"])
    const { err, out } = run(["put", "-", "--store", "types.db"], redirected(JSON.stringify(printed, null, 4)))
    assert.match(out, /^0 classes, 1 instance: 1 created/, err)
    assert.include(run(["snapshot", "-", "--store", "types.db"]).out, '"InstallDate":"20231114221320.000000+000"')
  })

  it("every fault of a file is reported, and nothing is put", () => {
    const [object] = printed
    const faulty = JSON.stringify([object, { DeviceID: "D:" }, object, { ...object, Extra: 1 }], null, 2)
    const { err, status } = run(["put", classes, file("faulty.json", faulty), "--store", "faulty.db"])
    assert.strictEqual(status, 2)
    assert.include(err, "faulty.json:22:3: ")
    assert.include(err, "faulty.json:64:14: ")
    assert.include(err, "nothing was put")
    assert.isFalse(existsSync(join(folder, "faulty.db")))
  })

  it("--class is the class of objects that have none", () => {
    const selected = file("selected.json", '[{"DeviceID": "C:", "Size": 18446744073709551615}]')
    assert.match(run(["put", classes, selected, "--class", "Demo_Disk"]).out, /1 instance: 3 created/)
  })
})

describe("folders and globs", () => {
  mkdirSync(join(folder, "tree/below"), { recursive: true })
  copyFileSync(join(folder, classes), join(folder, "tree/A.MOF"))
  file("tree/below/b.mof", '#pragma include("c.inc")\n')
  file("tree/below/c.inc", 'instance of Demo_Disk { DeviceID = "1"; };\n')
  file(
    "tree/d.jsonl.gz",
    gzipSync('{"object": {"kind": "instance", "class": "Demo_Disk", "values": {"DeviceID": "2"}}}')
  )

  it("a folder has its files of MOF and JSON, in the order of their paths; includes work", () => {
    const { err, out } = run(["put", "tree"])
    assert.match(out, /^2 classes, 2 instances: 4 created/, err)
  })

  it("a glob that the shell did not expand", () => {
    assert.match(run(["put", "tree/*.MOF", "tree/**/*.mof"]).out, /^2 classes, 1 instance: 3 created/)
    const checked = run(["check", "tree"]).out
    assert.deepStrictEqual(checked.match(/^tree[^:]*/gm), ["tree/A.MOF", "tree/below/b.mof"])
    const types = run(["types", "tree/*.MOF", "--out", "types.ts"])
    assert.strictEqual(types.status, 0, types.err)
    assert.include(readFileSync(join(folder, "types.ts"), "utf8"), "Demo_Disk")
  })

  const wrong: ReadonlyArray<readonly [args: ReadonlyArray<string>, message: string]> = [
    [["put", "none/*.mof"], "none/*.mof: "],
    [["amend", "tree", "--mof", "x.mof", "--mfl", "x.mfl"], "files, and the command takes one"]
  ]
  for (const [args, message] of wrong) {
    it(`${args.join(" ")}: a sentence and status 2`, () => {
      const { err, status } = run(args)
      assert.strictEqual(status, 2)
      assert.include(err, message)
      assert.strictEqual(err.trim().split("\n").length, 1)
    })
  }
})
