/** What the verbs print with `--json`, how they read `--namespace`, and the error of a store that fails during a put. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, describe, it } from "vitest"
import { Run } from "../../src/cli/put/run.ts"
import { sessionOf } from "../../src/cli/put/session.ts"
import { diagnosticOf } from "../../src/cli/place/failures.ts"
import { BadInput } from "../../src/cli/terminal/diagnostics.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as Repository from "../../src/pipeline/Repository.ts"
import { TransportFailure } from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"
import { makeFolder } from "./command.ts"
import { run } from "./inProcess.ts"

const { file, path } = makeFolder()
const at = (name: string): string => join(path, name)
const source = file("a.mof", 'class A { [key] string Id; };\ninstance of A { Id = "x"; };\n')
const amended = file(
  "b.mof",
  '#pragma amendment("MS_409")\n[Description("An A") : Amended] class A { [key] string Id; };\n'
)

describe("the result of a verb that writes a file", () => {
  const store = ["--store", at("a.db")]
  const rows: ReadonlyArray<readonly [args: ReadonlyArray<string>, text: string, facts: object]> = [
    [
      ["snapshot", at("a.dump"), ...store],
      `4 objects of 3 namespaces written to ${at("a.dump")}`,
      { file: at("a.dump"), objects: 4, namespaces: 3, unreadable: 0 }
    ],
    [["restore", at("a.dump"), ...store], `${at("a.db")} holds 4 objects of 3 namespaces`, {
      store: at("a.db"),
      objects: 4,
      namespaces: 3
    }],
    [["export", "-o", at("out.mof"), ...store], `${at("out.mof")}: 1 class and 1 instance of 1 namespace`, {
      file: at("out.mof"),
      classes: 1,
      instances: 1,
      namespaces: 1
    }],
    [["amend", at(amended), "--mof", at("n.mof"), "--mfl", at("n.mfl")], `${at("n.mof")}, ${at("n.mfl")} (ms_409)`, {
      mof: at("n.mof"),
      mfl: at("n.mfl"),
      locale: "ms_409"
    }],
    [["types", at(source), "-o", at("a.ts")], `${at("a.ts")}: 1 type`, { file: at("a.ts"), types: 1 }]
  ]
  for (const [args, text, facts] of rows) {
    it(`${args[0]}: one line of text, with --json one line of JSON`, async () => {
      await run(["put", at(source), ...store])
      assert.deepStrictEqual(await run(args), { status: 0, out: `${text}\n`, err: "" })
      const { err, out, status } = await run([...args, "--json"])
      assert.deepStrictEqual([status, err, JSON.parse(out)], [0, "", facts])
    })
  }

  for (const args of [["host-script"], ["completions", "bash"]]) {
    it(`${args[0]} prints a script and has no --json`, async () => {
      const { err, out, status } = await run([...args, "--json"])
      assert.deepStrictEqual([status, out], [2, ""])
      assert.include(err, "unknown option '--json'")
    })
  }
})

describe("--namespace of the verbs that work on files", () => {
  const verbs: ReadonlyArray<ReadonlyArray<string>> = [
    ["check", at(source)],
    ["types", at(source)],
    ["amend", at(amended), "--mof", at("x.mof"), "--mfl", at("x.mfl")],
    ["put", at(source)],
    ["host-check", "--prefix", "no-such-program-here", at(source)]
  ]
  for (const args of verbs) {
    it(`${args[0]} refuses what is no namespace, and another computer`, async () => {
      const wrong = await run([...args, "--namespace", "["])
      assert.strictEqual(wrong.status, 2)
      assert.match(wrong.err, /^effect-wmi: error: --namespace: /)
      assert.strictEqual(wrong.err.match(/error:/g)!.length, 1)
      const remote = await run([...args, "--namespace", "\\\\win01\\root\\x"])
      assert.strictEqual(remote.status, 2)
      assert.include(remote.err, "names the computer win01")
    })
  }

  it("types writes the namespace of any spelling in one form", async () => {
    for (const text of ["root/corp", "\\\\.\\root\\corp", "ROOT\\corp"]) {
      const name = at("spelled.ts")
      assert.strictEqual((await run(["types", at(source), "--namespace", text, "-o", name])).status, 0)
      assert.match(readFileSync(name, "utf8"), /namespace: "root\\\\corp"/i)
    }
  })
})

describe("a store that fails during a put", () => {
  it("ends the run with the name of the failure and what to do", async () => {
    const cause = new StoreFailure({ reason: "Busy" })
    const failure = new TransportFailure({ sent: false, detail: cause.message, cause })
    const repository = Repository.make({
      putBatch: (puts) => Effect.succeed(puts.map(() => failure)),
      delete: () => Effect.fail(failure),
      get: () => Effect.fail(failure)
    })
    const bar = { update: () => {}, clear: () => {}, stop: () => {} }
    const one = new Run({ isWindows: false }, bar)
    const session = sessionOf(Wmi.layer(Layer.succeed(Repository.Repository, repository)))
    await session.run(one.runAll([...Mof.operations(Mof.parse("class A { [key] string Id; };"))]))
    await session.close()
    const [diagnostic] = new BadInput(diagnosticOf(one.failure!)).diagnostics
    assert.deepStrictEqual([one.counts.refused, diagnostic], [0, {
      message: cause.message,
      name: "Busy",
      hint: "run it again when the other program has ended"
    }])
  })
})

describe("flags of put", () => {
  const rows: ReadonlyArray<readonly [text: string, refusal: string | undefined]> = [
    ["UpdateSafe,CreateOnly", undefined],
    ["UpdateSafe|CreateOnly", undefined],
    ["0x20 + CreateOnly", undefined],
    ["wbemChangeFlagCreateOnly", undefined],
    ["0x1ffffffff", "0x1ffffffff is no flag and no number of 32 bits"],
    ["4294967296", "4294967296 is no flag and no number of 32 bits"],
    ["UpdateSave", "UpdateSave is no flag and no number of 32 bits"],
    ["unassigned", "unassigned is no flag and no number of 32 bits"]
  ]
  for (const [text, refusal] of rows) {
    it(`--flags '${text}' is ${refusal === undefined ? "read" : "refused"} as explain does`, async () => {
      const put = await run(["put", at(source), "--flags", text])
      const explain = await run(["explain", "--flags", text])
      if (refusal === undefined) return assert.deepStrictEqual([put.status, explain.status, put.err], [0, 0, ""])
      assert.deepStrictEqual([put.status, explain.status], [2, 2])
      assert.include(put.err, `--flags: ${refusal}\nhint: `)
      assert.strictEqual(put.err, explain.err)
    })
  }
})
