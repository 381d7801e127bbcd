/** The options and paths that say where a command works: none is dropped, and none is taken for another place. */
import { assert, describe, it } from "vitest"
import { checkPlaceOptions, pathOf, type Target, type TargetOptions } from "../../src/cli/place/target.ts"
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
