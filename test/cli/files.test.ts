/** The files of a command line: names, folders and globs. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir, userInfo } from "node:os"
import { join, sep } from "node:path"
import { assert, describe, it } from "vitest"
import { fileOf, filesOf, isNamedAs, mofFiles } from "../../src/cli/input/files.ts"
import { BadInput } from "../../src/cli/terminal/output.ts"

const folder = mkdtempSync(join(tmpdir(), "effect-wmi-files-")).replaceAll(sep, "/")
for (const name of ["deep", "deep/er", "empty", "brackets"]) mkdirSync(join(folder, name))
for (
  const name of [
    "b.mof",
    "a.MOF",
    "deep/c.mfl",
    "deep/d.jsonl.gz",
    "deep/er/e.json",
    "deep/er/f.txt",
    "deep/g.dump",
    ".hidden.mof",
    "brackets/x[1].mof",
    "brackets/x1.mof",
    "brackets/{y}.mof"
  ]
) writeFileSync(join(folder, name), "")

const expanded = (...names: ReadonlyArray<string>): ReadonlyArray<string> =>
  filesOf(names.map((name) => name === "-" ? name : `${folder}/${name}`))
    .map((name) => name.replaceAll(sep, "/").replace(`${folder}/`, ""))

describe("files", () => {
  const rows: ReadonlyArray<readonly [given: ReadonlyArray<string>, expected: ReadonlyArray<string>]> = [
    [["b.mof", "-", "a.MOF", "b.mof"], ["b.mof", "-", "a.MOF", "b.mof"]],
    [["absent.mof"], ["absent.mof"]],
    [["*.mof"], ["b.mof"]],
    [["**/*.{mof,mfl}"], [
      "b.mof",
      "brackets/x1.mof",
      "brackets/x[1].mof",
      "brackets/{y}.mof",
      "deep/c.mfl"
    ]],
    [["deep/*.mfl", "b.mof", "deep/er/*"], ["deep/c.mfl", "b.mof", "deep/er/e.json", "deep/er/f.txt"]],
    [["deep"], ["deep/c.mfl", "deep/d.jsonl.gz", "deep/er/e.json"]],
    [["deep/er/", "b.mof"], ["deep/er/e.json", "b.mof"]],
    // A file that exists is that file.
    [["brackets/x[1].mof"], ["brackets/x[1].mof"]],
    [["brackets/{y}.mof"], ["brackets/{y}.mof"]],
    [["brackets/x[0-9].mof"], ["brackets/x1.mof"]]
  ]
  for (const [given, expected] of rows) {
    it(given.join(" "), () => assert.deepStrictEqual(expanded(...given), expected))
  }

  it("a folder, also one of MOF alone, has the files of its kinds, without case", () => {
    assert.deepStrictEqual(filesOf([folder], mofFiles).map((name) => name.replace(`${folder}/`, "")), [
      "a.MOF",
      "b.mof",
      "brackets/x1.mof",
      "brackets/x[1].mof",
      "brackets/{y}.mof",
      "deep/c.mfl"
    ])
  })

  it("the order does not depend on the computer: code units, not a language", () => {
    const sorted = filesOf([folder], mofFiles)
    assert.deepStrictEqual(sorted, [...sorted].sort())
  })

  const wrong: ReadonlyArray<readonly [work: () => unknown, message: string]> = [
    [() => expanded("none*.mof"), "no file matches"],
    [() => expanded("brackets/x[2-9].mof"), "no file matches"],
    [
      () => expanded("empty"),
      "the folder and those below have no file of .mof, .mfl, .json, .jsonl, .ndjson or .gz of these"
    ],
    [
      () => filesOf([`${folder}/deep/er`], mofFiles),
      "the folder and those below have no file of .mof, .mfl or .gz of these"
    ],
    [() => fileOf(`${folder}/brackets`, mofFiles), "these are 3 files, and the command takes one"]
  ]
  for (const [work, message] of wrong) {
    it(`${message}: an error that names the argument`, () => {
      try {
        work()
      } catch (error) {
        assert(error instanceof BadInput)
        assert.strictEqual(error.diagnostics[0]!.message, message)
        return assert.include(error.diagnostics[0]!.file, folder)
      }
      return assert.fail("nothing was thrown")
    })
  }

  // Windows needs a right for links, and a folder has no mode there; every folder is open to root.
  it.skipIf(sep === "\\")("links are followed, and a file that they give again is read once", () => {
    mkdirSync(join(folder, "links"))
    symlinkSync(".", join(folder, "links/again"))
    symlinkSync("../deep", join(folder, "links/deep"))
    symlinkSync("../b.mof", join(folder, "links/b.mof"))
    assert.deepStrictEqual(expanded("links"), [
      "links/b.mof",
      "links/deep/c.mfl",
      "links/deep/d.jsonl.gz",
      "links/deep/er/e.json"
    ])
    assert.deepStrictEqual(expanded("links/again/*.mof"), ["links/again/b.mof"])
    rmSync(join(folder, "links"), { recursive: true })
  })

  it.skipIf(sep === "\\" || userInfo().uid === 0)("a folder that cannot be read is an error", () => {
    mkdirSync(join(folder, "closed/in"), { recursive: true })
    writeFileSync(join(folder, "closed/a.mof"), "")
    chmodSync(join(folder, "closed/in"), 0)
    for (const name of ["closed", "closed/**/*.mof"]) {
      assert.throws(() => expanded(name), /cannot be read: this user has no right to it/)
    }
    chmodSync(join(folder, "closed/in"), 0o700)
    rmSync(join(folder, "closed"), { recursive: true })
  })

  it("one file of a folder or a glob is that file", () => {
    assert.strictEqual(fileOf(`${folder}/deep`, mofFiles), `${folder}/deep/c.mfl`)
    assert.strictEqual(fileOf("-", mofFiles), "-")
  })

  const names: ReadonlyArray<readonly [name: string, isMof: boolean]> = [
    ["a.mof", true],
    ["A.MFL.gz", true],
    ["a.mof.GZ", true],
    ["a.mof.gz.gz", false],
    ["a.json", false],
    ["mof", false],
    ["a.mof.bak", false]
  ]
  for (const [name, isMof] of names) {
    it(`${name} is ${isMof ? "" : "not "}named as a file of MOF`, () =>
      assert.strictEqual(isNamedAs(name, mofFiles), isMof))
  }
})
