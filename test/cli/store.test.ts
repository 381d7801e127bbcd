/** The command with --store: repeated runs, dumps, differences, and failures of files. */
import { spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import { assert, describe, it } from "vitest"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const bin = join(root, "dist/bin/effect-wmi.js")
const folder = mkdtempSync(join(tmpdir(), "effect-wmi-store-"))
const isDeno = "Deno" in globalThis
const isNode = !isDeno && !("Bun" in globalThis)

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

const start = (command: string, args: ReadonlyArray<string>, input?: string): Ended => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [...(isDeno ? ["run", "-A"] : []), command, ...args], {
    cwd: folder,
    encoding: "utf8",
    // Node 22 prints a warning that its SQLite is experimental.
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
    ...(input === undefined ? {} : { input })
  })
  return { status, out: stdout, err: stderr }
}

const run = (args: ReadonlyArray<string>, input?: string): Ended => start(bin, args, input)

const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return name
}

const good = file(
  "good.mof",
  'class A { [key] string Id; uint8 N; };\ninstance of A { Id = "x"; };\ninstance of A { Id = "y"; N = 1; };\n'
)

describe("put --store", () => {
  it("stores the objects: a second run reports them as unchanged", () => {
    const first = run(["put", good, "--store", "twice.db"])
    assert.match(first.out, /^1 class, 2 instances: 3 created, 0 updated, 0 unchanged, 0 refused/)
    assert.deepStrictEqual([first.status, first.err], [0, ""])
    const second = run(["put", good, "--store", "twice.db"])
    assert.match(second.out, /^1 class, 2 instances: 0 created, 0 updated, 3 unchanged, 0 refused/)
    assert.deepStrictEqual([second.status, second.err], [0, ""])
  })

  it("--namespace makes missing namespaces, and a second run finds them", () => {
    const args = ["put", good, "--store", "deep.db", "--namespace", "root\\Some\\Where"]
    assert.match(run(args).out, /3 created/)
    assert.match(run(args).out, /3 unchanged/)
    const dump = run(["snapshot", "-", "--store", "deep.db"])
    assert.include(dump.out, '{"namespace":"root\\\\Some","object":{"c":"__NAMESPACE","v":{"Name":"Where"}}}')
    assert.include(dump.out, '{"namespace":"root\\\\Some\\\\Where","object":{"c":"A","v":{"Id":"x"}}}')
    const above = run(["put", good, "--store", "deep.db", "--namespace", "other\\place"])
    assert.deepStrictEqual([above.status, above.out], [2, ""])
    assert.match(above.err, /^effect-wmi: error: InvalidNamespace[^\n]*other[^\n]*\n$/)
  })

  it("--dry-run decides on the stored state, stores nothing and makes no file", () => {
    assert.match(run(["put", good, "--store", "dry.db", "--dry-run"]).out, /3 created.*nothing was kept/)
    assert.isFalse(existsSync(join(folder, "dry.db")))
    run(["put", good, "--store", "dry.db"])
    const more = file("more.mof", 'instance of A { Id = "x"; N = 2; };\ninstance of A { Id = "z"; };\n')
    for (let i = 0; i < 2; i++) {
      assert.match(run(["put", more, "--store", "dry.db", "--dry-run"]).out, /1 created, 1 updated, 0 unchanged/)
    }
    assert.match(run(["put", more, "--store", "dry.db"]).out, /1 created, 1 updated, 0 unchanged/)
  })

  it("instances take types and keys from the classes that the store has", () => {
    run(["put", file("keyed.mof", "class K { [key] uint64 Id; K ref Next; boolean On; };"), "--store", "keyed.db"])
    const text = 'instance of K as $K { Id = 5; On = "True"; };\ninstance of K { Id = 6; Next = $K; };\n'
    const added = file("added.mof", text)
    assert.match(run(["put", added, "--store", "keyed.db", "--dry-run"]).out, /2 created.* 0 refused/)
    const piped = run(["put", "-", "--store", "keyed.db"], text)
    assert.match(piped.out, /^0 classes, 2 instances: 2 created, 0 updated, 0 unchanged, 0 refused/, piped.err)
    assert.match(run(["put", added, "--store", "keyed.db"]).out, /2 unchanged/)
    const elsewhere = run(["put", added, "--store", "keyed.db", "--namespace", "root\\nowhere"])
    assert.strictEqual(elsewhere.status, 1)
    assert.include(elsewhere.out, "the class K is not known")
    assert.include(elsewhere.out, " 2 refused")
  })

  it("deletions and refusals are the same as without a store", () => {
    const text = file("delete.mof", '#pragma deleteinstance("A.Id=\\"x\\"", FAIL)\ninstance of B { Id = 1; };\n')
    run(["put", good, "--store", "delete.db"])
    const { out, status } = run(["put", text, "--store", "delete.db"])
    assert.strictEqual(status, 1)
    assert.include(out, "refused instance of B at delete.mof:2:1: InvalidClass")
    assert.include(out, "1 refused, 1 deleted")
  })
})

describe("snapshot, restore, diff", () => {
  it("restoring a dump makes an equal store", () => {
    run(["put", good, "--store", "from.db"])
    const saved = run(["snapshot", "from.dump", "--store", "from.db"])
    assert.deepStrictEqual([saved.status, saved.err], [0, ""])
    assert.match(saved.out, /^\d+ objects of 3 namespaces written to from\.dump\n$/)
    const restored = run(["restore", "from.dump", "--store", "to.db"])
    assert.match(restored.out, /^to\.db holds \d+ objects of 3 namespaces\n$/)
    const same = run(["diff", "from.db", "to.db"])
    assert.deepStrictEqual([same.status, same.out], [0, "0 created, 0 changed, 0 removed\n"])
    assert.strictEqual(run(["diff", "from.dump", "to.db"]).status, 0)
    assert.match(run(["put", good, "--store", "to.db"]).out, /3 unchanged/)
  })

  it("dumps can be packed, written to standard output and read from standard input", () => {
    run(["put", good, "--store", "pipe.db"])
    const { out, status } = run(["snapshot", "-", "--store", "pipe.db"])
    assert.strictEqual(status, 0)
    run(["snapshot", "pipe.dump.gz", "--store", "pipe.db"])
    assert.strictEqual(gunzipSync(readFileSync(join(folder, "pipe.dump.gz"))).toString(), out)
    assert.strictEqual(run(["restore", "-", "--store", "pipe2.db"], out).status, 0)
    assert.strictEqual(run(["diff", "pipe.dump.gz", "pipe2.db"]).status, 0)
    assert.strictEqual(run(["diff", "-", "pipe2.db"], out).status, 0)
  })

  it("diff lists created, changed and removed objects by path", () => {
    run(["put", good, "--store", "before.db"])
    run(["snapshot", "before.dump", "--store", "before.db"])
    const change = file(
      "change.mof",
      '#pragma deleteinstance("A.Id=\\"x\\"", FAIL)\ninstance of A { Id = "y"; N = 2; };\nclass B { [key] uint8 K; };\n'
    )
    run(["put", change, "--store", "before.db"])
    const plain = run(["diff", "before.dump", "before.db"])
    assert.strictEqual(plain.status, 1)
    assert.deepStrictEqual(plain.out.split("\n"), [
      'removed \\\\.\\root\\cimv2:A.Id="x"',
      'changed \\\\.\\root\\cimv2:A.Id="y"',
      "    N: 1 -> 2",
      "created \\\\.\\root\\cimv2:B",
      "1 created, 1 changed, 1 removed",
      ""
    ])
    const json = run(["diff", "before.db", "before.dump", "--json"])
    assert.deepStrictEqual(
      json.out.trim().split("\n").map((line) => JSON.parse(line) as unknown).slice(-2),
      [{ change: "removed", path: "\\\\.\\root\\cimv2:B" }, { created: 1, changed: 1, removed: 1 }]
    )
    assert.strictEqual(run(["restore", "before.dump", "--store", "before.db"]).status, 0)
    assert.strictEqual(run(["diff", "before.dump", "before.db"]).status, 0)
  })

  it("a broken dump is refused with its line and changes nothing", () => {
    run(["put", good, "--store", "kept.db"])
    run(["snapshot", "kept.dump", "--store", "kept.db"])
    const half = readFileSync(join(folder, "kept.dump"), "utf8").split("\n").slice(0, 4).join("\n")
    const { err, out, status } = run(["restore", file("half.dump", half), "--store", "kept.db"])
    assert.deepStrictEqual([status, out], [2, ""])
    assert.match(err, /^half\.dump:5: error: it ends too early\n$/)
    assert.strictEqual(run(["diff", "kept.dump", "kept.db"]).status, 0)
    assert.deepStrictEqual(readdirSync(folder).filter((name) => name.endsWith(".part")), [])
  })
})

/** An error without a stack: one line, and at most one with what to do. */
const oneError = /^[^\n]+: error: [^\n]+\n(?:hint: [^\n]+\n)?$/

describe("a failure of a file is one error and status 2", () => {
  mkdirSync(join(folder, "directory"))
  file("foreign.db", "this is no database, and long enough to be looked at by anybody who would open it")
  const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, words: RegExp]> = [
    [["put", good, "--store", "directory"], /directory stands where the file should be/],
    [["put", good, "--store", "foreign.db"], /not a SQLite database and was left as it was/],
    [["put", good, "--store", "nowhere/a.db"], /cannot be opened/],
    [["snapshot", "x.dump", "--store", "absent.db"], /absent\.db: error: there is no such store/],
    [["snapshot", "nowhere/x.dump", "--store", "good.db"], /nowhere\/x\.dump: error: cannot be written/],
    [["restore", "absent.dump", "--store", "good.db"], /absent\.dump: error: cannot be read/],
    [["restore", good, "--store", "good.db"], /good\.mof:1: error: this is no dump/],
    [["diff", "absent.db", "good.db"], /absent\.db: error: cannot be read/],
    [["diff", "foreign.db", "good.db"], /foreign\.db:1: error: this is no dump/]
  ]
  run(["put", good, "--store", "good.db"])
  for (const [args, words] of cases) {
    it(args.join(" "), () => {
      const { err, out, status } = run(args)
      assert.deepStrictEqual([status, out], [2, ""])
      assert.match(err, oneError)
      assert.match(err, words)
    })
  }

  it("a missing --store", () => {
    const { err, status } = run(["snapshot", "x.dump"])
    assert.strictEqual(status, 2)
    assert.include(err, "required option '--store <file>' not specified")
  })

  // Node 20 has no SQLite module, and a command outside a package has no other driver.
  const noSqlite = isNode && Number(process.versions.node.split(".")[0]) < 22
  it.runIf(noSqlite)("a runtime without SQLite gets an error that names a driver", () => {
    copyFileSync(bin, join(folder, "alone.mjs"))
    const { err, out, status } = start(join(folder, "alone.mjs"), ["put", good, "--store", "alone.db"])
    assert.deepStrictEqual([status, out], [2, ""])
    assert.match(err, oneError)
    assert.include(err, "hint: use Node 22 or later, or on Node 20 'npm install libsql@0.5' beside this package")
    assert.isFalse(existsSync(join(folder, "alone.db")))
  })
})

describe("Sqlite.save", () => {
  const save = (from: string, to: string): Promise<string> =>
    Effect.runPromise(
      Sqlite.save({ filename: join(folder, from), to: join(folder, to) }).pipe(
        Effect.match({ onFailure: (failure) => failure.reason, onSuccess: () => "saved" })
      )
    )

  it("copies a store into a new file, which is an independent store", async () => {
    run(["put", good, "--store", "origin.db"])
    assert.strictEqual(await save("origin.db", "copy.db"), "saved")
    assert.strictEqual(run(["diff", "origin.db", "copy.db"]).status, 0)
    run(["put", file("q.mof", 'instance of A { Id = "q"; };'), "--store", "copy.db"])
    assert.match(run(["diff", "origin.db", "copy.db"]).out, /^created [^\n]*"q"\n1 created/)
  })

  it("an existing target is not changed, and a missing store cannot be copied", async () => {
    run(["put", good, "--store", "origin.db"])
    file("taken.db", "mine")
    assert.strictEqual(await save("origin.db", "taken.db"), "CannotOpen")
    assert.strictEqual(readFileSync(join(folder, "taken.db"), "utf8"), "mine")
    assert.strictEqual(await save("absent2.db", "copy2.db"), "CannotOpen")
    assert.isFalse(existsSync(join(folder, "absent2.db")))
    assert.strictEqual(await save("taken.db", "copy3.db"), "NotADatabase")
  })
})
