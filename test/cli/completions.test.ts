/** The completions of four shells. The scripts of bash are run; those of zsh and fish are checked where the shell is installed. */
import { spawnSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { programOf } from "../../src/cli/program.ts"
import { wordsOf } from "../../src/cli/help/completionWords.ts"
import { scripts, type Shell } from "../../src/cli/help/shells.ts"
import { makeFolder } from "./command.ts"

const { file, path: cwd, run } = makeFolder()
file("good one.mof", "")
file("wmi.db", "")
mkdirSync(join(cwd, "folder"))

const program = programOf(() => async () => {})
const words = wordsOf(program)
const shells = Object.keys(scripts) as ReadonlyArray<Shell>
const isInstalled = (shell: string): boolean => spawnSync(shell, ["--version"]).error === undefined

describe("the words", () => {
  it("have every option of the program and the kind of its value", () => {
    for (const command of program.commands) {
      const { options } = words.commands.find(({ name }) => name === command.name())!
      const long = options.flatMap(({ names }) => names)
      for (const option of command.options) assert.include(long, option.long)
    }
    const put = words.commands.find(({ name }) => name === "put")!
    assert.deepStrictEqual(put.argument, { _tag: "Files" })
    const valueOf = (name: string) => put.options.find(({ names }) => names.includes(name))?.value
    assert.deepStrictEqual(valueOf("--dialect"), { _tag: "Words", words: ["mof", "dsc"] })
    assert.deepStrictEqual(valueOf("--store"), { _tag: "Files" })
    assert.deepStrictEqual(valueOf("-I"), { _tag: "Folders" })
    assert.isUndefined(valueOf("--dry-run"))
  })

  for (const shell of shells) {
    it(`${shell}: the script has every command and option, and the command prints it`, () => {
      const script = scripts[shell](words)
      for (const { name, options } of words.commands) {
        assert.include(script, name)
        for (const { names } of options) {
          for (const one of names) {
            assert.include(
              script,
              shell === "fish" ? ` ${one.startsWith("--") ? "-l" : "-s"} ${one.replace(/^-+/, "")}` : one
            )
          }
        }
      }
      if (shell === "bash") assert.deepStrictEqual(run(["completions", shell]), { status: 0, out: script, err: "" })
    })
  }

  it("an unknown shell is an error with the four names", () => {
    const { err, status } = run(["completions", "nu"])
    assert.strictEqual(status, 2)
    assert.include(err, "bash, zsh, fish, powershell")
  })
})

describe.skipIf(!isInstalled("bash"))("bash", () => {
  const rows: ReadonlyArray<readonly [words: ReadonlyArray<string>, replies: ReadonlyArray<string>]> = [
    [["pu"], ["put"]],
    [["--c"], ["--color"]],
    [["--color", ""], ["auto", "always", "never"]],
    [["--color", "=", "al"], ["always"]],
    [["put", "--st"], ["--stop-on-error", "--store"]],
    [["put", "--dialect", "=", ""], ["mof", "dsc"]],
    [["put", "--dialect", "="], ["mof", "dsc"]],
    [["put", "goo"], ["good one.mof"]],
    [["put", "good one.mof", "--store", "w"], ["wmi.db"]],
    [["put", "-I", ""], ["folder"]],
    [["put", "--namespace", ""], []],
    [["help", "sna"], ["snapshot"]],
    [["completions", "p"], ["powershell"]],
    [["--color", "never", "snap"], ["snapshot"]]
  ]
  // One process completes all rows.
  const calls = rows.map(([words]) =>
    `COMP_WORDS=(effect-wmi ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _effect_wmi; `
    + `printf '%s|' "\${COMPREPLY[@]}"; echo`
  )
  const { stderr, stdout } = spawnSync("bash", ["--norc", "-c", `${scripts.bash(words)}\n${calls.join("\n")}`], {
    cwd,
    encoding: "utf8"
  })
  const replies = stdout.split("\n").map((line) => line.split("|").filter((word) => word !== ""))
  for (const [i, [given, wanted]] of rows.entries()) {
    it(`effect-wmi ${given.join(" ")}`, () => assert.sameMembers([...replies[i]!], [...wanted], stderr))
  }
})

for (const shell of ["zsh", "fish"] as const) {
  describe.skipIf(!isInstalled(shell))(shell, () => {
    it("the script has no error of syntax", () => {
      const { status, stderr } = spawnSync(shell, ["-n"], { input: scripts[shell](words), encoding: "utf8" })
      assert.deepStrictEqual([status, stderr], [0, ""])
    })
  })
}
