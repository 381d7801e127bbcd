/** `effect-wmi put` as a process: its output and its exit status. */
import { spawn } from "node:child_process"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "vitest"
import { bin, type Ended, makeFolder } from "./command.ts"

const { file, path: folder, run: runWith } = makeFolder()

const run = (args: ReadonlyArray<string>, input?: string | Uint8Array): Ended =>
  runWith(args, input === undefined ? {} : { input })

const good =
  'class A { [key] string Id; uint8 N; };\ninstance of A { Id = "x"; };\ninstance of A { Id = "y"; N = 1; };\n'

describe("put", () => {
  it("MOF: prints a summary and returns 0", () => {
    const { err, out, status } = run(["put", file("good.mof", good)])
    assert.match(out, /^1 class, 2 instances: 3 created, 0 updated, 0 unchanged, 0 refused, \d+\.\d\d s\n$/)
    assert.deepStrictEqual([status, err], [0, ""])
  })

  it("closing the pipe drops the remaining lines and does not stop the put", async () => {
    const refused = "instance of B { Id = 1; };\n".repeat(5000)
    const many = file("many.mof", `${good}${refused}instance of A { Id = "last"; };\n`)
    const args = ["put", many, "--store", "many.db", "--expect-refused", "5000"]
    const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] })
    child.stdout.destroy()
    let err = ""
    child.stderr.on("data", (data) => err += String(data))
    const status = await new Promise((ended) => child.on("close", ended))
    assert.notInclude(err, "EPIPE")
    assert.strictEqual(status, 0)
    assert.include(run(args).out, "0 created, 0 updated, 4 unchanged, 5000 refused")
  })

  it("gzip, standard input, several files in order", () => {
    const more = file("more.mof", 'instance of A { Id = "x"; };\ninstance of A { Id = 5; };\n')
    const { out, status } = run(
      ["put", file("good.mof.gz", gzipSync(good)), "-", more],
      'instance of A { Id = "z"; N = 2; };'
    )
    assert.match(out, /^1 class, 5 instances: 5 created, 0 updated, 1 unchanged, 0 refused/)
    assert.strictEqual(status, 0)
  })

  it("a refusal: prints position, object and reason, continues, and returns 1, or 0 if it was expected", () => {
    const bad = file(
      "bad.mof",
      `${good}\ninstance of B { Id = 1; };\n  instance of A { N = 300; };\ninstance of A { Id = "last"; };\n`
    )
    const syntax = run(["put", bad])
    assert.strictEqual(syntax.status, 2)
    assert.strictEqual(
      syntax.err,
      "bad.mof:6:23: error: found '300', expected a value of N, which is uint8 (OutOfRange)\n"
        + " 6 |   instance of A { N = 300; };\n   |                       ^~~\neffect-wmi: note: nothing was put\n"
    )
    const refused = file("refused.mof", `${good}\ninstance of B { Id = 1; };\ninstance of A { Id = "last"; };\n`)
    const once = run(["put", refused])
    assert.strictEqual(once.status, 1)
    assert.include(
      once.out,
      "refused instance of B at refused.mof:5:1: InvalidClass (0x80041010): className B: not in root\\cimv2 [instance-put 1.2]"
    )
    assert.include(once.out, "1 class, 3 instances: 4 created, 0 updated, 0 unchanged, 1 refused")
    assert.strictEqual(run(["put", refused, "--expect-refused", "1"]).status, 0)
    assert.strictEqual(run(["put", refused, "--expect-refused", "2"]).status, 1)
  })

  it("--stop-on-error ends at the first refusal", () => {
    const { out, status } = run([
      "put",
      file("stop.mof", `${good}instance of B { Id = 1; };\ninstance of A { Id = "last"; };\n`),
      "--stop-on-error"
    ])
    assert.strictEqual(status, 1)
    assert.include(out, "1 class, 2 instances: 3 created, 0 updated, 0 unchanged, 1 refused")
  })

  it("flags: pragmas override options, and the update modes of --flags apply to classes only", () => {
    const twice = file(
      "twice.mof",
      `${good}instance of A { Id = "x"; };\n#pragma instanceflags("updateonly")\ninstance of A { Id = "new"; };\n#pragma instanceflags(0)\ninstance of A { Id = "newer"; };\n`
    )
    const { out, status } = run(["put", twice, "--flags", "0x22", "--expect-refused", "2"])
    assert.strictEqual(status, 0)
    assert.include(out, 'AlreadyExists (0x80041019): path \\\\.\\root\\cimv2:A.Id="x"')
    assert.include(out, 'NotFound (0x80041002): path \\\\.\\root\\cimv2:A.Id="new"')
    assert.strictEqual(
      run(["put", "good.mof", "--class-flags", "UpdateSafe,CreateOnly", "--instance-flags", "CreateOnly"]).status,
      0
    )
  })

  it("--namespace, deletions, --dry-run", () => {
    const text = `${good}#pragma deleteinstance("A.Id=\\"x\\"", FAIL)\n#pragma deleteclass("Nobody", NOFAIL)\n`
    const { out, status } = run(["put", file("delete.mof", text), "--namespace", "root\\somewhere\\else", "--dry-run"])
    assert.match(
      out,
      /^1 class, 2 instances: 3 created, 0 updated, 0 unchanged, 0 refused, 1 deleted, \d+\.\d\d s; nothing was kept \(dry run\)$/m
    )
    assert.strictEqual(status, 0)
    const failing = run(["put", file("fail.mof", `#pragma deleteclass("Nobody", FAIL)\n${good}`)])
    assert.strictEqual(failing.status, 1)
    assert.include(failing.out, "refused deletion of Nobody at fail.mof:1:1: NotFound")
    assert.include(failing.out, "0 classes")
  })

  it("JSON lines: one request each; --json prints a line for each refusal and for the summary", () => {
    const lines = [
      {
        object: {
          kind: "class",
          name: "J",
          properties: [{ name: "Id", type: "uint64", qualifiers: [{ name: "key" }] }, { name: "O", type: "object:J" }]
        }
      },
      {
        object: {
          kind: "instance",
          class: "J",
          values: { Id: "18446744073709551615", O: { class: "J", values: { Id: 1 } } }
        }
      },
      { object: { kind: "instance", class: "J", values: { Id: -1 } }, flags: 2 },
      { object: { kind: "instance", class: "J", values: { Id: 7 } }, namespace: "root\\nowhere" }
    ].map((line) => JSON.stringify(line)).join("\n")
    const { out, status } = run(["put", "-", "--json"], lines)
    const [first, second, summary] = out.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.strictEqual(status, 1)
    assert.deepStrictEqual([first!["status"], first!["hresult"], first!["line"]], ["ValueOutOfRange", "0x8004102B", 3])
    assert.deepStrictEqual([second!["status"], second!["line"]], ["InvalidNamespace", 4])
    assert.deepStrictEqual({ ...summary, seconds: 0 }, {
      classes: 1,
      instances: 1,
      created: 2,
      updated: 0,
      unchanged: 0,
      refused: 2,
      deleted: 0,
      removed: 0,
      seconds: 0
    })
  })

  it("JSON lines take mode and update, which come before the defaults of the command line", () => {
    const Id = { name: "Id", type: "string", qualifiers: [{ name: "key" }] }
    const definition = (properties: ReadonlyArray<object>) => ({
      kind: "class",
      name: "L",
      properties: [Id, ...properties]
    })
    const object = { kind: "instance", class: "L", values: { Id: "1" } }
    const lines = [
      { object: definition([]) },
      { object, mode: "CreateOnly" },
      { object, mode: "CreateOnly" },
      { object: { ...object, values: { Id: "none" } } },
      { object: definition([{ name: "P", type: "string" }]), mode: "CreateOrUpdate" }
    ].map((line) => JSON.stringify(line)).join("\n")
    const args = ["put", "-", "--json", "--instance-flags", "UpdateOnly", "--class-flags", "UpdateForce"]
    const answers = run(args, lines).out.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.deepStrictEqual(answers.slice(0, -1).map(({ line, status }) => [line, status]), [
      [3, "AlreadyExists"],
      [4, "NotFound"]
    ])
    assert.deepInclude(answers.at(-1), { created: 2, updated: 1, removed: 1 })
  })

  it("JSON with an unknown member of a class: its position and its path", () => {
    const property = { name: "Id", type: "string", key: true }
    const { err, status } = run(
      ["put", "-"],
      JSON.stringify({ object: { kind: "class", name: "A", properties: [property] } })
    )
    assert.strictEqual(status, 2)
    const [error, ...more] = err.trim().split("\n")
    assert.strictEqual(
      error,
      '(standard input):1:87: error: object.properties.0.key: is unexpected, expected: "name" | "type" | "value" | "inheritsDefault" | "qualifiers"'
    )
    assert.match(more[1]!, /^ {3}\| +\^$/)
    assert.deepStrictEqual(more.slice(2), ["effect-wmi: note: nothing was put"])
  })

  const unusable: ReadonlyArray<readonly [string, ReadonlyArray<string>, string, string | Uint8Array | undefined]> = [
    ["no file", ["put"], "missing required argument", undefined],
    ["a missing file", ["put", "none.mof"], "none.mof: error: cannot be read", undefined],
    ["broken gzip", ["put", "-"], "cannot be unpacked", Uint8Array.of(0x1f, 0x8b, 1, 2, 3)],
    [
      "broken JSON",
      ["put", "-"],
      "(standard input):2:12: error: found }, expected a value",
      '{"object": {"kind": "class", "name": "A"}}\n{"object": }'
    ],
    ["JSON of another shape", ["put", "-"], "(standard input):1:21: error: object", '{"object": {"kind": "thing"}}'],
    [
      "JSON with an unknown field",
      ["put", "-"],
      "colour",
      '{"object": {"kind": "class", "name": "A"}, "colour": 1}'
    ],
    [
      "JSON with a mode that contradicts its flags",
      ["put", "-"],
      "(standard input):1:52: error: mode: mode CreateOnly and flags 1 (UpdateOnly) contradict each other",
      '{"object": {"kind": "class", "name": "A"}, "mode": "CreateOnly", "flags": 1}'
    ],
    ["an unknown flag", ["put", "good.mof", "--class-flags", "Gently"], "--class-flags: Gently is no flag", undefined],
    ["flags that exclude each other", ["put", "good.mof", "--flags", "3"], "exclude each other", undefined],
    ["update modes on instances", ["put", "good.mof", "--instance-flags", "UpdateForce"], "UpdateForce", undefined],
    ["an invalid namespace", ["put", "good.mof", "--namespace", "a b"], "--namespace", undefined],
    ["an unknown option", ["put", "good.mof", "--fast"], "unknown option", undefined],
    ["an invalid count", ["put", "good.mof", "--expect-refused", "some"], "whole number", undefined],
    ["an unknown command", ["throw"], "unknown command", undefined]
  ]
  for (const [name, args, says, input] of unusable) {
    it(`${name}: status 2 and a message`, () => {
      const { err, status } = run(args, input)
      assert.strictEqual(status, 2, err)
      assert.include(err, says)
      assert.notInclude(err, "    at ")
    })
  }
})
