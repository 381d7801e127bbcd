/** Errors of the command: their form as text and as JSON, errors of usage, and the help. */
import { assert, describe, it } from "vitest"
import { render } from "../../src/cli/terminal/colour.ts"
import { BadInput, type Diagnostic, fromMof, jsonOf, linesOf } from "../../src/cli/terminal/diagnostics.ts"
import { texts } from "../../src/cli/help/helpTexts.ts"
import { endOf } from "../../src/cli/terminal/streams.ts"
import { ordered, programOf } from "../../src/cli/program.ts"
import { cellsOf } from "../../src/model/text/cells.ts"
import * as Mof from "../../src/mof/Mof.ts"
import { makeFolder } from "./command.ts"
import { run as runHere } from "./inProcess.ts"

const textOf = (diagnostic: Diagnostic): ReadonlyArray<string> => linesOf(diagnostic).map((line) => render(line, false))

describe("a diagnostic as text", () => {
  const source = { file: "a.mof", line: 2, column: 5, message: "no" }
  const rows: ReadonlyArray<readonly [title: string, diagnostic: Diagnostic, lines: ReadonlyArray<string>]> = [
    ["no file", { message: "no" }, ["effect-wmi: error: no"]],
    ["a file", { file: "a.mof", message: "no" }, ["a.mof: error: no"]],
    ["a line", { file: "a.mof", line: 3, message: "no" }, ["a.mof:3: error: no"]],
    ["a warning with a hint", { severity: "warning", ...source, hint: "do" }, ["a.mof:2:5: warning: no", "hint: do"]],
    ["a note", { severity: "note", message: "yes" }, ["effect-wmi: note: yes"]],
    ["a name and a rule", { ...source, name: "NotFound", code: 0x80041002, rule: "CS-1" }, [
      "a.mof:2:5: error: no (NotFound) [CS-1]"
    ]],
    ["a name that the message has", { message: "NotFound: no", name: "NotFound", code: 0x80041002 }, [
      "effect-wmi: error: NotFound: no"
    ]],
    ["a source line", { ...source, sourceLine: "  x = 300;", endColumn: 8 }, [
      "a.mof:2:5: error: no",
      " 2 |   x = 300;",
      "   |     ^~~"
    ]],
    ["a text without lines", { message: "no", sourceLine: "A.B=c", column: 5 }, [
      "effect-wmi: error: no",
      " A.B=c",
      "     ^"
    ]],
    ["a tab and a control character before the caret", { ...source, sourceLine: "\t\u0007y z", column: 4 }, [
      "a.mof:2:4: error: no",
      " 2 |     \\u0007y z",
      "   |            ^"
    ]],
    ["wide characters", { ...source, line: 12, sourceLine: "日本 x", column: 4, endColumn: 5 }, [
      "a.mof:12:4: error: no",
      " 12 | 日本 x",
      "    |      ^"
    ]],
    ["the end of a line", { ...source, sourceLine: "abc", column: 4 }, [
      "a.mof:2:4: error: no",
      " 2 | abc",
      "   |    ^"
    ]],
    ["a message with a line break", { message: "a\nb" }, ["effect-wmi: error: a\\nb"]]
  ]
  for (const [title, diagnostic, lines] of rows) {
    it(title, () => assert.deepStrictEqual(textOf(diagnostic), lines))
  }

  it("a long line is cut around the caret", () => {
    const sourceLine = `${"a".repeat(500)}X${"b".repeat(500)}`
    const [, shown, marks] = textOf({ ...source, sourceLine, column: 501, endColumn: 502 })
    assert.isBelow(shown!.length, 90)
    assert.strictEqual(shown![marks!.indexOf("^")], "X")
    assert.isTrue(shown!.startsWith(" 2 | ...a") && shown!.endsWith("b..."))
  })
})

describe("a diagnostic of MOF text", () => {
  const width = "w".repeat(80)
  const texts: Readonly<Record<string, string>> = {
    "an error": "class A { uint32 };",
    "a warning with a suggestion": "class A { [key] strng Id; };",
    "wide characters and a tab": '\tclass A { [key, Note("日本")] strng Id; };',
    "a long line": `class A { [key, Note("${width}")] strng Id; uint32 ${width}; };`,
    "a control character in the text": 'class A { [key] string Id = "\u0007" };'
  }
  for (const [title, text] of Object.entries(texts)) {
    for (const file of ["a.mof", "a\u001b.mof"]) {
      it(`${title} is the text of Mof.format: ${JSON.stringify(file)}`, () => {
        const { errors, warnings } = Mof.parse(text, { file })
        assert.isNotEmpty([...errors, ...warnings])
        for (const fault of [...errors, ...warnings]) {
          assert.strictEqual(textOf(fromMof(fault)).join("\n"), Mof.format(fault))
        }
      })
    }
  }

  it("fits a terminal of 80 columns with its line number", () => {
    const sourceLine = `${"a".repeat(500)}X${"日".repeat(500)}`
    const shown = textOf({ file: "a.mof", line: 999_999, column: 501, endColumn: 502, message: "no", sourceLine })
    for (const line of shown) assert.isAtMost(cellsOf(line), 80)
  })

  it("a warning has its suggestion in the hint only, an error its position before the message only", () => {
    const [warning] = Mof.parse("class A { [key] strng Id; };", { file: "a\n.mof" }).warnings
    assert.strictEqual(warning!.message, "strng is no type and no class of this text")
    assert.strictEqual(warning!.hint, 'did you mean "string"?')
    const [error] = Mof.parse("class A { uint32 };", { file: "a\n.mof" }).errors
    assert.match(fromMof(error!).message, /^found /)
  })
})

describe("a diagnostic as JSON", () => {
  it("has the facts that are known, in one order", () => {
    assert.deepStrictEqual(
      Object.entries(jsonOf({
        file: "a.mof",
        line: 1,
        column: 2,
        endColumn: 4,
        message: "no",
        name: "NotFound",
        code: 0x80041002,
        rule: "CS-1",
        hint: "do",
        sourceLine: "x"
      })),
      [
        ["error", "no"],
        ["name", "NotFound"],
        ["code", "0x80041002"],
        ["status", "NotFound"],
        ["rule", "CS-1"],
        ["file", "a.mof"],
        ["line", 1],
        ["column", 2],
        ["endColumn", 4],
        ["hint", "do"]
      ]
    )
    assert.deepStrictEqual(jsonOf({ severity: "warning", message: "no" }), { warning: "no" })
  })

  it("an error of MOF text keeps its position once", () => {
    const [error] = Mof.parse("class A { uint32 };", { file: "a.mof" }).errors
    const { code, column, file, line, message, name } = fromMof(error!)
    assert.deepStrictEqual([file, line, column, name, code], ["a.mof", 1, error!.column, error!.name, error!.code])
    assert.notInclude(message, "a.mof")
  })
})

describe("the end of a command by an error", () => {
  it("bad input and failures of the system are 2, a defect is 70 and one sentence", () => {
    assert.deepInclude(endOf(new BadInput("no")), { status: 2, diagnostics: [{ message: "no" }] })
    const system = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC", syscall: "write" })
    assert.deepInclude(endOf(system), { status: 2, diagnostics: [{ message: system.message, name: "ENOSPC" }] })
    const { diagnostics, stack, status } = endOf(new TypeError("x is undefined"))
    assert.deepStrictEqual([status, diagnostics[0]!.message, diagnostics.length], [
      70,
      "this is a bug of effect-wmi: x is undefined",
      1
    ])
    assert.include(diagnostics[0]!.hint, "--debug")
    assert.isAbove(stack!.length, 1)
  })
})

const { file, run } = makeFolder()

describe("errors of usage", () => {
  const rows: ReadonlyArray<readonly [args: ReadonlyArray<string>, lines: ReadonlyArray<string>]> = [
    [["putt", "a.mof"], [
      "effect-wmi: error: unknown command 'putt'",
      "hint: did you mean put? 'effect-wmi --help' lists the commands"
    ]],
    [["help", "exprot"], [
      "effect-wmi: error: unknown command 'exprot'",
      "hint: did you mean export? 'effect-wmi --help' lists the commands"
    ]],
    [["put"], ["effect-wmi: error: missing required argument 'file'", "hint: see 'effect-wmi put --help'"]],
    [["put", "a.mof", "--stor", "x"], [
      "effect-wmi: error: unknown option '--stor'",
      "hint: did you mean --store? see 'effect-wmi put --help'"
    ]],
    [["snapshot", "a.dump"], [
      "effect-wmi: error: required option '--store <file>' not specified",
      "hint: see 'effect-wmi snapshot --help'"
    ]]
  ]
  for (const [args, lines] of rows) {
    it(args.join(" "), async () => {
      assert.deepStrictEqual(await runHere(args), { status: 2, out: "", err: `${lines.join("\n")}\n` })
      const { err, out, status } = await runHere([...args, "--json"])
      const [error, ...more] = err.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>)
      assert.deepStrictEqual([status, out, more], [2, "", []])
      assert.deepStrictEqual([error!["name"], `hint: ${error!["hint"]}`], ["UsageError", lines[1]])
    })
  }

  it("a wrong flag gets a suggestion", () => {
    const { err, status } = run(["put", file("a.mof", "class A { [key] string Id; };"), "--class-flags", "UpdateSave"])
    assert.strictEqual(status, 2)
    assert.match(
      err,
      /^effect-wmi: error: --class-flags: UpdateSave is no flag and no number of 32 bits\nhint: did you mean UpdateSafe\? /
    )
  })

  it("every error of a run has the same form, and is printed once", () => {
    const files = ["one.mof", "two.mof"].map((name) => file(name, "class A { uint32 };\n"))
    const lines = run(["amend", files[0]!, "--mof", "x.mof", "--mfl", "x.mfl"]).err.trimEnd().split("\n")
    assert.match(lines[0]!, /^one\.mof:1:18: error: /)
    assert.strictEqual(lines.filter((line) => line.includes("error:")).length, 1)
  })
})

describe("help", () => {
  for (const words of [["--json"], ["--color", "never"], ["--debug"], ["help"]]) {
    it(`${words.join(" ")} without a command prints the help on standard output, status 0`, async () => {
      assert.deepStrictEqual(await runHere(words), await runHere(["--help"]))
    })
  }

  it("host-script: --bootstrap is a part of the script and no place", async () => {
    const { out } = await runHere(["host-script", "--help"])
    assert.notInclude(out, "Where:")
    assert.include((await runHere(["get", "--help"])).out.split("Where:")[1], "--bootstrap <form>")
  })

  it("ls: without --namespace every namespace is listed", async () => {
    const all = await runHere(["ls", "--world", "windows"])
    assert.isAbove(all.out.trimEnd().split("\n").length, 3)
    const { out } = await runHere(["ls", "--help"])
    assert.match(out.replace(/\s+/g, " "), /without a class the namespaces below it, by default all/)
    assert.notInclude(out, "where to look")
  })

  it("without words it is a short overview and status 0", () => {
    const { err, out, status } = run([])
    assert.deepStrictEqual([status, err], [0, ""])
    assert.isAtMost(out.split("\n").length, 60)
    for (const words of ["Usage: effect-wmi", "put [options]", "Output:", "--color <when>"]) assert.include(out, words)
    assert.strictEqual(run(["--help"]).out, out)
  })

  const program = programOf(() => async () => {})
  for (const command of program.commands) {
    it(`${command.name()}: fits 80 columns, shows namespaces without JSON, has a summary and examples`, () => {
      const help = command.helpInformation()
      for (const line of help.split("\n")) assert.isAtMost(line.length, 80, line)
      assert.notInclude(help, "\\\\cimv2")
      const { examples = [], summary } = texts[command.name()] ?? {}
      assert.isAtMost(summary?.length ?? 99, 52)
      assert.isNotEmpty(examples)
      for (const line of examples) assert.isAtMost(line.length, 78)
    })
  }

  const words = (line: string): ReadonlyArray<string> =>
    [...line.replace(/ >>? \S+$/, "").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!)
  for (const { examples = [] } of Object.values(texts)) {
    for (const example of examples) {
      it(`the example is a command line: ${example}`, async () => {
        const [name, ...given] = words(example)
        assert.strictEqual(name, "effect-wmi")
        await programOf(() => async () => {}).parseAsync(ordered(given), { from: "user" })
      })
    }
  }
})
