/** The options and paths that say where a command works: none is dropped, and none is taken for another place. */
import { assert, describe, it } from "vitest"
import { checkPlaceOptions, pathOf, type Target, type TargetOptions, words } from "../../src/cli/place/target.ts"
import { BadInput } from "../../src/cli/terminal/output.ts"

const errorOf = (use: () => unknown): string => {
  try {
    use()
  } catch (error) {
    if (error instanceof BadInput) return error.diagnostics.map(({ hint, message }) => `${message}; ${hint}`).join("\n")
    throw error
  }
  return "none"
}

describe("options of a place", () => {
  const rows: ReadonlyArray<readonly [options: TargetOptions, error: RegExp]> = [
    [{ host: "" }, /^--host is empty; give the name of a computer/],
    [{ host: "  " }, /^--host is empty/],
    [{ prefix: "" }, /^--prefix is empty/],
    [{ store: "" }, /^--store is empty/],
    [{ world: "" }, /^--world is empty/],
    [{ user: "joe" }, /^--user is for a Windows computer, and none is given; give --host NAME/],
    [{ store: "a.db", hostFile: "x.ps1" }, /^--host-file is for a Windows computer/],
    [{ world: "windows", powershell: "pwsh" }, /^--powershell is for a Windows computer/],
    [{ bootstrap: "plain" }, /^--bootstrap is for a Windows computer/],
    [{ host: ".", user: "joe", powershell: "pwsh", bootstrap: "plain", hostFile: "x" }, /^none$/],
    [{ prefix: "ssh win01", powershell: "pwsh" }, /^none$/],
    [{ store: "a.db" }, /^none$/],
    [{}, /^none$/]
  ]
  for (const [options, error] of rows) {
    it(`${JSON.stringify(options)}: ${error.source}`, () =>
      assert.match(errorOf(() => checkPlaceOptions(options)), error))
  }
})

describe("a path that cannot be used says what to do", () => {
  const memory = { kind: "memory", label: "memory", computer: undefined } as Target
  const rows: ReadonlyArray<readonly [path: string, error: RegExp]> = [
    ["Win32_*", /'effect-wmi classes PATTERN' lists classes$/],
    ["A.Id=A1", /text keys stand in quotation marks: A\.Id="A1"$/],
    ["A.Id=", /explain --path/],
    ["root\\corp", /the object of this namespace is root:__NAMESPACE\.Name="corp"/],
    ["root\\corp\\east", /root\\corp:__NAMESPACE\.Name="east"/],
    ["", /a path is Class/]
  ]
  for (const [path, error] of rows) {
    it(`${JSON.stringify(path)}: ${error.source}`, () =>
      assert.match(errorOf(() => pathOf(path, memory, "root\\cimv2")), error))
  }
})

describe("the words of --prefix", () => {
  const rows: ReadonlyArray<readonly [text: string, split: ReadonlyArray<string>]> = [
    ["ssh -T ops@win01", ["ssh", "-T", "ops@win01"]],
    [`ssh -o ProxyCommand="ssh -W h:22 jump" host`, ["ssh", "-o", "ProxyCommand=ssh -W h:22 jump", "host"]],
    [`'/opt/my tools/run' "a 'b'" c""d`, ["/opt/my tools/run", "a 'b'", "cd"]],
    [`x ''`, ["x", ""]],
    ["  ", []]
  ]
  for (const [text, split] of rows) it(text, () => assert.deepStrictEqual(words(text), split))

  it("a quotation mark that is not closed is an error", () => {
    for (const text of [`ssh "host`, `ssh 'a b`, `a"b`]) assert.match(errorOf(() => words(text)), /not closed/)
  })
})
