/** The command as a process: its output and its exit status. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { bin, type Ended, makeFolder } from "./command.ts"

const { file, path: folder, run: runWith } = makeFolder()

const run = (args: ReadonlyArray<string>, input?: string | Uint8Array): Ended =>
  runWith(args, input === undefined ? {} : { input })

const good =
  'class A { [key] string Id; uint8 N; };\ninstance of A { Id = "x"; };\ninstance of A { Id = "y"; N = 1; };\n'

describe("the command is built", () => {
  // `npm ci` builds it. After a change, run `npm run build:bin`.
  it("dist/bin/effect-wmi.js is there", () => assert.isTrue(existsSync(bin)))
})

file("good.mof", good)

describe("check", () => {
  it("reports the content of a file; errors return 2", () => {
    const ok = run(["check", "good.mof"])
    assert.deepStrictEqual([ok.status, ok.out], [
      0,
      "good.mof: 1 class (0 associations, 2 properties, 0 references, 0 methods), 2 instances, 1 qualifier, 0 errors, 0 warnings (utf-8)\n"
    ])
    const bad = run(["check", "-", "--json"], '#pragma locale("en_US")\nclass A { uint32 };')
    assert.strictEqual(bad.status, 2)
    const line = JSON.parse(bad.out) as Record<string, unknown>
    assert.deepStrictEqual(line["pragmas"], [["locale", "en_US"]])
    assert.deepStrictEqual(
      (line["errors"] as ReadonlyArray<Record<string, unknown>>).map(({ code, column, line }) => [code, line, column]),
      [["0x8004400C", 2, 18]]
    )
    assert.deepStrictEqual(Object.keys(line), [
      "file",
      "encoding",
      "classes",
      "instances",
      "associations",
      "properties",
      "references",
      "methods",
      "parameters",
      "qualifierDeclarations",
      "qualifierUses",
      "pragmas",
      "errors",
      "warnings"
    ])
  })

  it("--strict makes unknown names errors, --world knows classes, --json has every fact of a fault", () => {
    const text = "class D { [key] string Id; strng Name; };\nclass E : Win32_LogicalDisk { };\n"
    const plain = run(["check", "-"], text)
    assert.deepStrictEqual([plain.status, plain.out.includes("0 errors, 2 warnings")], [0, true], plain.out)
    assert.include(plain.out, 'hint: did you mean "string"?')
    assert.include(run(["check", "-", "--world", "windows"], text).out, "0 errors, 1 warning")
    const strict = run(["check", "-", "--strict", "--json"], text)
    assert.strictEqual(strict.status, 2)
    const { errors, warnings } = JSON.parse(strict.out) as Record<string, ReadonlyArray<Record<string, unknown>>>
    assert.deepStrictEqual(warnings, [])
    assert.deepStrictEqual(
      errors!.map(({ code, column, endColumn, hint, line, name }) => [name, code, line, column, endColumn, hint]),
      [
        ["UnknownType", "0x8004400B", 1, 28, 33, 'did you mean "string"?'],
        ["UnknownSuperclass", "0x80041002", 2, 11, 28, "declare it, or put the text into a namespace that has it"]
      ]
    )
  })

  it("knows system classes and classes of earlier files; an unknown class is a warning", () => {
    const provider = file(
      "provider.mof",
      'instance of __Win32Provider as $P { Name = "p"; };\ninstance of __InstanceProviderRegistration { Provider = $P; };\n'
    )
    const linked = file("linked.mof", 'instance of A as $A { Id = "x"; };\ninstance of B { To = $A; };\n')
    const declaring = file("declaring.mof", "class B { [key] A ref To; };\n")
    const ok = run(["check", provider, "good.mof", declaring, linked])
    assert.strictEqual(ok.status, 0, ok.out)
    assert.notInclude(ok.out, "warning:")
    const alone = run(["check", linked])
    assert.strictEqual(alone.status, 0)
    assert.include(alone.out, "linked.mof:2:22: warning: '$A', an instance of A: the class A is not known")
    assert.include(alone.out, "linked.mof:1:13: warning: A is no class of this text")
    assert.match(alone.out, / instance of A as \$A \{ Id = "x"; \};\n[ |]+\^\n/)
    assert.include(alone.out, "0 errors, 3 warnings")
    // The alias has no path: declarations that use it are refused, the rest of the file is put.
    const put = run(["put", linked])
    assert.strictEqual(put.status, 1)
    assert.include(
      put.out,
      "refused instance of B at linked.mof:2:1: InvalidClass (0x80041010): '$A', an instance of A: the class A is not known"
    )
    assert.include(put.out, "refused instance of A at linked.mof:1:1: InvalidClass")
    assert.include(put.out, " 2 refused")
  })
})

describe("amend", () => {
  const amended =
    '#pragma amendment("MS_409")\n[Description("An A") : Amended] class A { [key] string Id; };\ninstance of A { Id = "x"; };\n'

  it("splits a file into two that put accepts; put refuses the file itself", () => {
    const source = file("amended.mof", amended)
    assert.deepStrictEqual(run(["amend", source, "--mof", "half.mof", "--mfl", "half.mfl"]), {
      status: 0,
      out: "half.mof, half.mfl (ms_409)\n",
      err: ""
    })
    assert.match(run(["put", "half.mof", "half.mfl"]).out, /^2 classes, 2 instances: 4 created, .* 0 refused/)
    const { err, status } = run(["put", source])
    assert.strictEqual(status, 2)
    assert.include(err, "stores nothing")
  })

  const wrong: ReadonlyArray<readonly [name: string, args: ReadonlyArray<string>, says: string]> = [
    ["one name only", ["--mof", "one.mof"], "--mfl"],
    ["no locale", ["--mof", "one.mof", "--mfl", "one.mfl"], "no amendment"],
    ["an invalid locale", ["--mof", "one.mof", "--mfl", "one.mfl", "--amendment", "nobody"], "a locale"]
  ]
  for (const [name, args, says] of wrong) {
    it(`${name}: status 2, and nothing is written`, () => {
      const { err, status } = run(["amend", file("plain.mof", good), ...args])
      assert.strictEqual(status, 2)
      assert.include(err, says)
      assert.isFalse(existsSync(join(folder, "one.mof")))
    })
  }
})

describe("explain", () => {
  const rows: ReadonlyArray<readonly [ReadonlyArray<string>, ReadonlyArray<string>]> = [
    [["0x80041026"], ["ClassHasInstances  0x80041026  2147749926  -2147217370"]],
    [["-2147217370"], ["ClassHasInstances"]],
    [["2147749926"], ["ClassHasInstances"]],
    [["IllegalNull"], ["0x80041028", "prints 0x8004100A for it, which is a misprint"]],
    [["0x80070005"], ["ERROR_ACCESS_DENIED  0x80070005", "the Win32 error 5, not of WMI"]],
    [["0x80044002"], ["SemicolonExpected  0x80044002", "an error of MOF text: a semicolon"]],
    [["illegalConstant"], ["IllegalConstant  0x80044007", "a constant is missing"]],
    [["--flags", "0x42"], [
      "0x2 CreateOnly",
      "0x40 UpdateForce",
      "on a class: CreateOnly, Force",
      "on an instance: InvalidParameter"
    ]],
    [["cs-15"], [
      "CS-15  Putting classes, 3. Structure of the definition\n",
      "  `abstract` below a non-abstract class",
      "  error: CannotBeAbstract 0x80041065\n",
      "  mark: D(wmi-error-constants.md",
      "  docs/spec/class-update.md#cs-15\n"
    ]],
    [["PA-7", "U-0", "0x80041026"], ["PA-7  SWbem", "put-async.md#pa-7", "U-0  Putting", "ClassHasInstances"]],
    [["K-5"], ["docs/spec/put-async.md#k-5", "docs/spec/wql.md#k-5", "the library runs no queries yet"]],
    [["errors K-5"], ["IncompleteClass", "docs/spec/errors.md#k-5"]],
    [["class-update", "2.12"], ["class-update 2.12  Putting classes", "  superclass exists\n", "error: NotFound"]],
    [["put-async", "3,", "row", "8"], ["exceeds 8192 characters", "docs/spec/put-async.md#put-async-3.8"]],
    [["qualifiers", "3"], [
      "qualifiers 3  Qualifiers and localization, 3. Inheritance",
      "  1. Start with P's effective"
    ]],
    [["object-model 12"], ["  __SystemClass\n    base: -\n    class qualifiers: abstract\n"]],
    [["mof", "11"], ["    instance of Class\n    {\n", "docs/spec/mof.md#mof-11"]],
    [["delete"], ["delete  Deleting  docs/spec/delete.md", "    DL-13"]],
    [["--rules"], [
      "  class-update 3  Structure of the definition",
      "    CS-15   `abstract` below",
      "    IX-9    The start"
    ]],
    [["--path", 'A.B="c"'], ['instance  A.B="c"', "class      A", 'key        B = "c"']]
  ]
  for (const [args, says] of rows) {
    it(args.join(" "), () => {
      const { out, status } = run(["explain", ...args])
      assert.strictEqual(status, 0)
      for (const one of says) assert.include(out, one)
    })
  }
  it("a syntax error in a path is shown with its position", () => {
    const { err, status } = run(["explain", "--path", "A.B=c"])
    assert.strictEqual(status, 2)
    assert.include(err, "(InvalidObjectPath)\n A.B=c\n     ^\n")
  })
  const unknown: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
    [[["CS", 99].join("-")], "the closest are CS-"],
    [["XY-3"], "there is no rule XY-3\nhint: the closest are"],
    [["mof", "99"], "99 is not in docs/spec/mof.md: its sections are 1, 2, 3"],
    [["errors", "nothing"], "errors nothing is not in docs/spec/errors.md"],
    [["Nothing"], "Nothing is no number, no name of a status, no flag and no rule"]
  ]
  for (const [args, says] of unknown) {
    it(`${args.join(" ")} is unknown`, () => {
      const { err, status } = run(["explain", ...args])
      assert.strictEqual(status, 2)
      assert.include(err, says)
    })
  }
  it("without arguments: status 2", () => assert.strictEqual(run(["explain"]).status, 2))
})

describe("host-check", () => {
  it("files without cases: status 2, before a host is started", () => {
    for (const [name, content] of [["odd.json", "{"], ["none.json", "{}"]] as const) {
      const { err, out, status } = run(["host-check", file(name, content)])
      assert.deepStrictEqual([status, out], [2, ""])
      assert.include(err, `${name}: `)
    }
    const { err, status } = run(["host-check", "nowhere.json"])
    assert.strictEqual(status, 2)
    assert.include(err, "nowhere.json: error: cannot be read")
  })

  it("runs the public cases by default; an unreachable computer is status 2", () => {
    const { err, status } = run(["host-check", "--powershell", join(folder, "no-such-powershell")])
    assert.strictEqual(status, 2)
    assert.match(err, /^effect-wmi: .*no-such-powershell/)
  })
})
