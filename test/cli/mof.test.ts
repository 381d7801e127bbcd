/** MOF on the command line: includes, DSC documents, namespaces, removed objects, hostile text. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "vitest"

const bin = join(fileURLToPath(new URL("../..", import.meta.url)), "dist/bin/effect-wmi.js")
const folder = mkdtempSync(join(tmpdir(), "effect-wmi-mof-"))
const isDeno = "Deno" in globalThis

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

const run = (
  args: ReadonlyArray<string>,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}
): Ended => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [...(isDeno ? ["run", "-A"] : []), bin, ...args], {
    cwd: options.cwd ?? folder,
    encoding: "utf8",
    env: { ...process.env, ...options.env },
    timeout: 50_000
  })
  return { status, out: stdout, err: stderr }
}

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

describe("included files", () => {
  const main = file("tree/a.mof", '#include ("sub/b.mof")\nclass T : U { };')
  file("tree/sub/b.mof", '#include ("c.mof")\n#include "deep\\d.mof.gz"\nclass U : V { };')
  file("tree/sub/c.mof", "class V { [key] string Id; };")
  file("tree/sub/deep/d.mof.gz", gzipSync("class W { };"))

  it("are read from the folder of the including file, at every level, whatever the working directory", () => {
    for (
      const [args, cwd] of [[[main], folder], [["a.mof"], join(folder, "tree")], [["tree/a.mof"], folder]] as const
    ) {
      const { err, out } = run(["put", ...args], { cwd })
      assert.match(out, /^4 classes, 0 instances: 4 created, .* 0 refused/, err)
    }
  })

  it("are then read from the folders of -I, in order; environment variables are expanded", () => {
    file("lib1/one.mof", "class One { };")
    file("lib2/one.mof", "class Wrong { ")
    file("lib2/two.mof", '#include "one.mof"\nclass Two { };')
    const uses = file("uses.mof", '#include "two.mof"\n#pragma include("%Demo_Folder%\\one.mof")\n')
    const env = { DEMO_FOLDER: join(folder, "lib1") }
    // The folder of the including file comes first, so `lib2/two.mof` has its own `one.mof`.
    assert.include(run(["check", uses, "-I", "lib1", "-I", "lib2"], { env }).out, "lib2/one.mof:1:")
    file("lib2/one.mof", "class Other { };")
    const found = run(["put", uses, "-I", "lib1", "-I", "lib2"], { env })
    assert.match(found.out, /^3 classes.*3 created/, found.err)
    const missing = run(["put", uses], { env })
    assert.strictEqual(missing.status, 2)
    assert.include(missing.err, "uses.mof:1:10: error: found 'two.mof', which cannot be read")
  })

  it("a cycle, too many files, a too large file and an irregular file are errors that name the include", () => {
    const rows: ReadonlyArray<readonly [text: string, says: string, ...args: ReadonlyArray<string>]> = [
      ['#include "cycle.mof"', "found 'cycle.mof', which includes this file"],
      [
        '#include "empty.mof"\n#include "empty.mof"',
        "found 'empty.mof', which is one file more than 1",
        "--max-includes",
        "1"
      ],
      ['#include "tree/sub/c.mof"', "found 'tree/sub/c.mof', with which", "--max-include-bytes", "20"],
      ['#include "zeros.mof.gz"', "found 'zeros.mof.gz', with which the included files have more than 67108864 bytes"],
      ['#include "tree"', "found 'tree', which is no regular file"],
      ['#include "tree/a.mof"', "opens no files", "--no-include"],
      [
        '#include "/dev/zero"',
        process.platform === "win32" ? "cannot be read" : "found '/dev/zero', which is no regular file"
      ]
    ]
    file("empty.mof", "")
    file("zeros.mof.gz", gzipSync(new Uint8Array(70_000_000)))
    for (const [text, says, ...args] of rows) {
      const { out, status } = run(["check", file("cycle.mof", text), ...args])
      assert.strictEqual(status, 2, out)
      assert.include(out, says)
    }
  })

  it("error messages quote no files outside the named folders; --include-root does not open them", () => {
    const secret = file("private/secret.txt", "hunter2 is the word\n")
    file("public/inner/ok.mof", "class Ok { };")
    const rows = [secret, "../private/secret.txt", ...(process.platform === "win32" ? [] : ["link.mof"])]
    if (process.platform !== "win32") symlinkSync(secret, join(folder, "public/link.mof"))
    for (const name of rows) {
      const text = file("public/m.mof", `#include "${name.replaceAll("\\", "\\\\")}"\n#include "inner/ok.mof"`)
      const open = run(["check", text])
      assert.include(open.out, "found text that is not shown")
      assert.notInclude(open.out + open.err, "hunter2")
      const closed = run(["check", text, "--include-root", join(folder, "public")])
      assert.include(closed.out, "which lies outside the folder of --include-root")
      assert.include(closed.out, " 1 error,")
    }
  })
})

describe("a put", () => {
  it("counts the objects that puts removed, also in a dry run, and lists them with --removed", () => {
    const text = 'class D { [key] string Id; uint32 N; };\ninstance of D { Id="a"; };\ninstance of D { Id="b"; };\n'
      + '#pragma classflags("forceupdate")\nclass D { [key] string Id; uint32 N; uint32 M; };\n'
    const force = file("force.mof", text)
    const store = join(folder, "force.sqlite")
    assert.include(
      run(["put", force, "--dry-run", "--store", store]).out,
      "1 updated, 0 unchanged, 0 refused, 2 removed, "
    )
    const listed = run(["put", force, "--removed", "--store", store]).out
    assert.include(listed, `removed \\\\.\\root\\cimv2:D.Id="a" by class D at ${force}:5:1\n`)
    assert.include(listed, ", 2 removed, ")
    const json = run(["put", force, "--json", "--removed"]).out.trim().split("\n").map((line) =>
      JSON.parse(line) as object
    )
    assert.deepInclude(json[0], { removed: '\\\\.\\root\\cimv2:D.Id="a"', by: "class D", line: 5 })
    assert.deepInclude(json.at(-1), { deleted: 0, removed: 2 })
    assert.notInclude(run(["put", force]).out, "removed \\\\")
  })

  it("makes the namespaces that a file names with --create-namespaces", () => {
    const text = file(
      "far.mof",
      '#pragma namespace("\\\\\\\\.\\\\root\\\\far\\\\away")\nclass A { [key] string k; };\ninstance of A { k = "x"; };\n'
    )
    assert.include(run(["put", text]).out, "2 refused")
    const made = run(["put", text, "--create-namespaces"])
    assert.match(made.out, /^1 class, 1 instance: 2 created, .* 0 refused, 2 namespaces made, /)
    assert.include(run(["put", text, "--create-namespaces", "--json"]).out, '"namespaces":2')
  })

  it("refuses only the instances of a subscription that need a missing consumer class", () => {
    const text = file(
      "subscription.mof",
      `instance of __EventFilter as $F { Name = "f"; QueryLanguage = "WQL"; Query = "select * from X"; };
instance of CommandLineEventConsumer as $C { Name = "c"; };
instance of __FilterToConsumerBinding { Filter = $F; Consumer = $C; };
class After { [key] string k; };`
    )
    const { out, status } = run(["put", text])
    assert.strictEqual(status, 1)
    assert.include(out, "refused instance of CommandLineEventConsumer at ")
    assert.include(out, "refused instance of __FilterToConsumerBinding at ")
    assert.include(
      out,
      "'$C', an instance of CommandLineEventConsumer: the class CommandLineEventConsumer is not known"
    )
    assert.match(out, /1 class, 1 instance: 2 created, .* 2 refused/)
  })

  it("reads documents of PowerShell DSC", () => {
    const text = file(
      "dsc.mof",
      `class Kv { [key] string Key; string Value; };
class R { [key] string Id; Kv Servers[]; };
instance of Kv as $Kv1 { Key = "k"; Value = "v"; };
instance of R { Id = "a"; Servers = { $Kv1 }; };`
    )
    assert.match(run(["put", text, "--dialect", "dsc"]).out, /4 created, .* 0 refused/)
    const plain = run(["put", text])
    assert.deepStrictEqual([plain.status, plain.err.includes("UnexpectedAlias")], [2, true])
  })
})

describe("hostile text never reaches a terminal", () => {
  // A terminal escape sequence, its C1 form, and a mark that reverses the text direction.
  const bad = "\u001b[31m\u009b2J\u202e"
  const clean = (text: string): void => assert.notMatch(text, /[\u001b\u0080-\u009f\u202e]/)

  it("in keys, names, files, paths and statuses, as text and as JSON", () => {
    const text = file(
      "hostile.mof",
      `class A { [key] string \u009bK; };\ninstance of A { \u009bK = "\u009b2J\u202e"; };\nclass B : \u009bZ { };`
    )
    const before = join(folder, "before.sqlite")
    const after = join(folder, "after.sqlite")
    run(["put", file("nothing.mof", "class N { };"), "--store", before])
    for (
      const args of [
        ["put", text, "--store", after],
        ["put", text, "--json"],
        ["put", join(folder, `none${bad}.mof`)],
        ["check", text, "--json"],
        ["check", file("broken.mof", `class A { ${bad} };`)],
        ["diff", before, after],
        ["diff", before, after, "--json"],
        ["explain", "--path", 'A.K="\u009bx\u202e"'],
        ["explain", "--path", "A.K=\u009bx"],
        ["explain", bad],
        [bad]
      ]
    ) {
      const { err, out } = run(args)
      assert.isAbove((out + err).length, 0)
      clean(out + err)
    }
  })
})

describe("a packed file that unpacks to more than the longest text", () => {
  it("is refused without being kept in memory", () => {
    // 600 MB of one letter; gzip members may follow one another.
    const member = gzipSync(new Uint8Array(50_000_000).fill(97), { level: 9 })
    const bomb = file("bomb.mof.gz", Buffer.concat(Array.from({ length: 12 }, () => member)))
    const { err, status } = run(["check", bomb])
    assert.strictEqual(status, 2)
    assert.include(err, "it is larger than a text can be")
  })
})
