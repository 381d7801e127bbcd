/** The outputs of commands: none of them overwrites what the command reads, a store, a device or a pipe. */
import { spawn, spawnSync } from "node:child_process"
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join, sep } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Ended, run as runWords } from "./inProcess.ts"

const folder = mkdtempSync(join(tmpdir(), "effect-wmi-outputs-"))
const isPosix = sep === "/"

const run = (...args: ReadonlyArray<string>): Promise<Ended> => runWords(args)

const at = (name: string): string => join(folder, name)

const file = (name: string, content: string): string => {
  writeFileSync(at(name), content)
  return at(name)
}

const plain = file("plain.mof", 'class A { [key] string Id; };\ninstance of A { Id = "x"; };\n')
const included = file("included.mof", "class B { [key] string Id; };\n")
const including = file("including.mof", '#pragma include("included.mof")\nclass C { [key] string Id; };\n')
const localized = file(
  "localized.mof",
  '#pragma amendment("MS_409")\n[Description("text") : amended] class D { [key] string Id; };\n'
)
const cases = file("cases.json", "[]\n")
const [store, other] = [at("a.db"), at("b.db")]

beforeAll(async () => {
  for (const db of [store, other]) await run("put", plain, "--store", db, "--no-progress")
  linkSync(store, at("hard.db"))
  linkSync(plain, at("hard.mof"))
  if (!isPosix) return
  symlinkSync(store, at("link.db"))
  symlinkSync("a.db", at("relative.db"))
  symlinkSync(folder, at("folder"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The content of every file, without the logs of SQLite. */
const contents = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder).filter((name) => lstatSync(at(name)).isFile() && !/-(?:wal|shm)$/.test(name)).map((
      name
    ) => [name, readFileSync(at(name), "base64")])
  )

const isStore = "the output would overwrite the store that the command reads"
const isInput = "the output would overwrite a file that the command reads"
const isSqlite = "the output would overwrite a SQLite file"

describe("an output that is refused", () => {
  const rows: ReadonlyArray<readonly [title: string, args: ReadonlyArray<string>, output: string, message: string]> = [
    ["the store of a snapshot", ["snapshot", store, "--store", store], store, isStore],
    ["its store by another path", ["snapshot", `${folder}/./a.db`, "--store", store], `${folder}/./a.db`, isStore],
    ["its store by a hard link", ["snapshot", at("hard.db"), "--store", store], at("hard.db"), isStore],
    ["the log of its store", ["snapshot", `${store}-wal`, "--store", store], `${store}-wal`, isStore],
    ["the store of an export", ["export", "-o", store, "--store", store], store, isStore],
    ["another store by a snapshot", ["snapshot", other, "--store", store], other, isSqlite],
    ["another store by an export", ["export", "-o", other, "--store", store], other, isSqlite],
    ["a store by types", ["types", plain, "-o", other], other, isSqlite],
    ["a store by amend", ["amend", localized, "--mof", other, "--mfl", at("new.mfl")], other, isSqlite],
    ["a store by host-check", ["host-check", "--recording", other], other, isSqlite],
    ["the input of types", ["types", plain, "-o", plain], plain, isInput],
    ["its input by a hard link", ["types", plain, "-o", at("hard.mof")], at("hard.mof"), isInput],
    ["an included file", ["types", including, "-o", included], included, isInput],
    ["the input of amend", ["amend", localized, "--mof", localized, "--mfl", at("new.mfl")], localized, isInput],
    [
      "its input by the second half",
      ["amend", localized, "--mof", at("new.mof"), "--mfl", localized],
      localized,
      isInput
    ],
    [
      "both halves in one file",
      ["amend", localized, "--mof", at("new.mof"), "--mfl", `${folder}/./new.mof`],
      `${folder}/./new.mof`,
      "two outputs of the command are this file"
    ],
    ["the cases of host-check", ["host-check", cases, "--recording", cases], cases, isInput]
  ]
  const linked: typeof rows = [
    ["its store by a link", ["snapshot", at("link.db"), "--store", store], at("link.db"), isStore],
    ["its store by a relative link", ["snapshot", at("relative.db"), "--store", store], at("relative.db"), isStore],
    ["its store behind a linked folder", ["snapshot", at("folder/a.db"), "--store", store], at("folder/a.db"), isStore],
    ["a store that is a link", ["snapshot", store, "--store", at("link.db")], store, isStore]
  ]
  for (const [title, args, output, message] of [...rows, ...(isPosix ? linked : [])]) {
    it(`${title}: status 2, and no file changes`, async () => {
      const before = contents()
      const { err, out, status } = await run(...args)
      assert.deepStrictEqual(
        [status, out, err],
        [2, "", `${output}: error: ${message}\nhint: name another file for the output\n`]
      )
      assert.deepStrictEqual(contents(), before)
    })
  }

  it("a folder: status 2 before the store is read", async () => {
    const { err, status } = await run("snapshot", folder, "--store", store)
    assert.strictEqual(status, 2)
    assert.include(err, "cannot be written: it is a folder")
  })
})

describe("an output that exists", () => {
  it("a regular file that is no input is replaced, and no temporary file stays", async () => {
    const { err, status } = await run("types", plain, "-o", file("old.ts", "old"))
    assert.deepStrictEqual([status, err], [0, ""])
    assert.include(readFileSync(at("old.ts"), "utf8"), "class A")
    assert.deepStrictEqual(readdirSync(folder).filter((name) => name.endsWith(".part")), [])
  })

  it.skipIf(!isPosix)("keeps its mode", async () => {
    for (const mode of [0o600, 0o640, 0o755]) {
      chmodSync(file("mode.mof", "old"), mode)
      assert.strictEqual((await run("export", "-o", at("mode.mof"), "--store", store)).status, 0)
      assert.strictEqual(statSync(at("mode.mof")).mode & 0o777, mode)
      assert.include(readFileSync(at("mode.mof"), "utf8"), "class A")
    }
  })

  it.skipIf(!isPosix)("a link stays, and its file is replaced", async () => {
    symlinkSync("real.mof", at("link.mof"))
    for (const before of [undefined, "old"]) {
      if (before !== undefined) file("real.mof", before)
      assert.strictEqual((await run("export", "-o", at("link.mof"), "--store", store)).status, 0)
      assert.isTrue(lstatSync(at("link.mof")).isSymbolicLink())
      assert.include(readFileSync(at("real.mof"), "utf8"), "class A")
    }
  })

  it.skipIf(!isPosix)("a pipe is written and stays, also behind a link", async () => {
    const pipe = at("pipe")
    assert.strictEqual(spawnSync("mkfifo", [pipe]).status, 0)
    symlinkSync("pipe", at("pipe.link"))
    for (const name of [pipe, at("pipe.link")]) {
      const reader = spawn("cat", [pipe])
      let text = ""
      reader.stdout.on("data", (part) => text += String(part))
      const closed = new Promise((resolve) => reader.on("close", resolve))
      const { err, status } = await run("export", "-o", name, "--store", store)
      if (!lstatSync(pipe).isFIFO()) reader.kill() // it would wait for a writer
      await closed
      assert.deepStrictEqual([status, err], [0, ""])
      assert.include(text, "class A")
      assert.isTrue(lstatSync(pipe).isFIFO())
    }
    assert.isTrue(lstatSync(at("pipe.link")).isSymbolicLink())
  })
})

describe("-o -", () => {
  it("is standard output of export and types, without a summary", async () => {
    const commands = [["export", "--store", store], ["export", "--store", store, "--json"], ["types", plain]]
    for (const args of commands) {
      const without = await run(...args)
      assert.deepStrictEqual(await run(...args, "-o", "-"), without)
      assert.strictEqual(without.status, 0)
    }
    assert.isFalse(existsSync("-"))
  })
})

describe("export with a pattern that no class matches", () => {
  for (const patterns of [["Nope"], ["A", "Nope"]]) {
    it(`${patterns.join(" ")}: writes nothing and keeps the file`, async () => {
      const good = file("good.mof", "old")
      const message = "effect-wmi: error: Nope: no class of root\\cimv2 matches\n"
      const expected = { status: 1, out: "", err: message }
      assert.deepStrictEqual(await run("export", ...patterns, "--store", store, "-o", good), expected)
      assert.strictEqual(readFileSync(good, "utf8"), "old")
      assert.deepStrictEqual(await run("export", ...patterns, "--store", store), expected)
    })
  }
})

describe("a store that is not there", () => {
  it("an empty file is no store for a command that reads, and stays empty", async () => {
    const empty = file("empty.db", "")
    for (const args of [["ls", "A"], ["export"], ["snapshot", at("never.dump")]]) {
      const { err, status } = await run(...args, "--store", empty)
      assert.strictEqual(status, 2)
      assert.match(err, /empty\.db: error: there is no such store\n/)
    }
    await run("put", plain, "--store", empty, "--dry-run", "--no-progress")
    assert.strictEqual(statSync(empty).size, 0)
    assert.isFalse(existsSync(at("never.dump")))
    assert.strictEqual((await run("put", plain, "--store", empty, "--no-progress")).status, 0)
  })

  it("bad input of a put makes no store", async () => {
    const { status } = await run("put", file("bad.mof", "class {"), "--store", at("bad.db"), "--no-progress")
    assert.strictEqual(status, 2)
    assert.isFalse(existsSync(at("bad.db")))
  })
})
