/** The command on a terminal, in a pipe and with colour. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { paint, render } from "../../src/cli/terminal/colour.ts"
import { settingsOf, usesColor } from "../../src/cli/terminal/settings.ts"
import { bin, makeFolder, started } from "./command.ts"
import { noTerminal, onTerminal, shellOnTerminal, showsCursor, withoutSequences } from "./pty.ts"

const { file, head, path: cwd, run } = makeFolder()
const good = file("good.mof", 'class A { [key] string Id; };\ninstance of A { Id = "x"; };\n')
const bad = file("bad.mof", "class A { [key] string Id; };\ninstance of A { Id = 5 };\n")
const many = Array.from({ length: 1000 }, (_, i) => `instance of B { Id = ${i}; Text = "${"x".repeat(400)}"; };`)
const refused = file("refused.mof", `${many.join("\n")}\ninstance of A { Id = "last"; };\n`)

describe("colour", () => {
  const terminal = { isTTY: true }
  const pipe = { isTTY: undefined }
  const rows: ReadonlyArray<
    readonly [choice: "auto" | "always" | "never", stream: { isTTY: boolean | undefined }, env: object, uses: boolean]
  > = [
    ["auto", terminal, {}, true],
    ["auto", pipe, {}, false],
    ["auto", terminal, { NO_COLOR: "1" }, false],
    ["auto", terminal, { NO_COLOR: "" }, true],
    ["auto", terminal, { TERM: "dumb" }, false],
    ["auto", terminal, { TERM: "xterm" }, true],
    ["auto", pipe, { FORCE_COLOR: "1" }, true],
    ["auto", pipe, { FORCE_COLOR: "" }, true],
    ["auto", terminal, { FORCE_COLOR: "0" }, false],
    ["auto", pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
    ["always", pipe, { NO_COLOR: "1", TERM: "dumb" }, true],
    ["never", terminal, { FORCE_COLOR: "1" }, false]
  ]
  for (const [choice, stream, env, uses] of rows) {
    it(`--color ${choice}, ${stream === terminal ? "terminal" : "pipe"}, ${JSON.stringify(env)}: ${uses}`, () =>
      assert.strictEqual(usesColor(choice, stream, { ...env }), uses))
  }

  it("escapes foreign text inside and outside a colour", () => {
    const line = ["a\u001b[2Jb ", paint("error", "c\u001b[31m\n")]
    assert.strictEqual(render(line, false), "a\\u001B[2Jb c\\u001B[31m\\n")
    const colored = render(line, true)
    assert.match(colored, /^a\\u001B\[2Jb \u001b/)
    assert.strictEqual(withoutSequences(colored), render(line, false))
  })

  it("the settings are known before the command line is parsed, and end at --", () => {
    assert.deepStrictEqual(settingsOf(["put", "--json", "--color=never", "--debug"], {}), {
      json: true,
      debug: true,
      color: "never"
    })
    assert.deepStrictEqual(settingsOf(["explain", "--color", "always", "--", "--json"], { EFFECT_WMI_DEBUG: "1" }), {
      json: false,
      debug: true,
      color: "always"
    })
    assert.strictEqual(settingsOf(["--color", "sometimes"], {}).color, "auto")
  })

  it("--color always colours text in a pipe, and never JSON", () => {
    const explained = run(["explain", "NotFound", "--color", "always"])
    assert.include(explained.out, "\u001b[")
    for (const args of [["explain", "NotFound"], ["put", bad]]) {
      const { err, out } = run([...args, "--json", "--color", "always"])
      assert.notInclude(out + err, "\u001b")
    }
    assert.include(run(["put", bad], { env: { FORCE_COLOR: "1" } }).err, "\u001b[")
    assert.notInclude(run(["put", bad]).err, "\u001b")
  })
})

describe("a closed pipe", () => {
  run([
    "put",
    file(
      "more.mof",
      many.join("\n").replaceAll("of B", "of C").replace(/^/, "class C { [key] uint32 Id; string Text; };\n")
    ),
    "--store",
    "large.db"
  ])
  const rows: ReadonlyArray<readonly [args: ReadonlyArray<string>, status: number, starts: string]> = [
    [["snapshot", "-", "--store", "large.db"], 141, '{"effect-wmi":"dump"'],
    [["explain", "--rules"], 141, "put-async  "],
    [["put", good, refused, "--json", "--store", "closed.db", "--expect-refused", "1000"], 0, '{"refused":']
  ]
  for (const [args, status, starts] of rows) {
    it(`${args[0]} ends with ${status} and says nothing`, async () => {
      const ended = await head(args)
      assert.deepStrictEqual([ended.status, ended.err], [status, ""])
      assert.isTrue(ended.out.startsWith(starts), ended.out.slice(0, 100))
    })
  }

  it("the put ran to its end", () => {
    assert.include(run(["put", good, refused, "--store", "closed.db", "--expect-refused", "1000"]).out, "3 unchanged")
  })
})

describe("warnings of the runtime", () => {
  it("a store is opened without one", () => {
    assert.strictEqual(run(["put", good, "--store", "quiet.db"]).err, "")
  })

  it("the filter is set before the module of SQLite is loaded", () => {
    const text = readFileSync(bin, "utf8")
    assert.include(text, "SQLite is an experimental feature")
  })
})

describe.skipIf(noTerminal !== undefined)("on a terminal of 80 columns", () => {
  it("errors are coloured, with the line and a caret; the cursor stays", async () => {
    const { output, status } = await onTerminal(["types", bad], { cwd })
    assert.strictEqual(status, 2)
    assert.include(output, "\u001b[")
    const [first] = withoutSequences(output).split("\r\n")
    assert.match(first!, /^bad\.mof:2:\d+: error: /)
    assert.isTrue(showsCursor(output))
  })

  // deno-lint-ignore no-control-regex
  const colour = /\u001b\[[\d;]*m/

  it("NO_COLOR and TERM=dumb: no colour", async () => {
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
      const { output } = await onTerminal(["explain", "NotFond"], { cwd, env })
      assert.notMatch(output, colour) // Deno itself clears the line of the terminal
      assert.include(output, "did you mean NotFound?")
    }
  })

  it("| head -n 1: one line of each command and no message", async () => {
    const command = started.join(" ")
    const lines = ["explain --rules", "export --world windows", "put good.mof refused.mof --json"]
    const { output, status } = await shellOnTerminal(
      lines.map((line) => `${command} ${line} | head -n 1`).join("; "),
      { cwd }
    )
    const printed = withoutSequences(output).trimEnd().split("\r\n")
    assert.deepStrictEqual([status, printed.map((line) => line.slice(0, 11))], [0, [
      "put-async  ",
      "#pragma nam",
      '{"refused":'
    ]])
  })

  it("a dump that Windows PowerShell wrote is restored, and a glob that no shell expanded names its files", async () => {
    assert.strictEqual(run(["put", good, "--store", "dumped.db"]).status, 0)
    const dump = run(["snapshot", "-", "--store", "dumped.db"]).out.replaceAll("\n", "\r\n")
    file("windows.dump", Buffer.from(`\ufeff${dump}`, "utf16le"))
    file("glob-1.mof", "class G { [key] string Id; };\n")
    file("glob-2.mof", 'instance of G { Id = "g"; };\n')
    const command = started.join(" ")
    const { output, status } = await shellOnTerminal(
      ["restore windows.dump --store restored.db", "put 'glob-*.mof' --store restored.db"]
        .map((line) => `${command} ${line}`).join(" && "),
      { cwd }
    )
    const printed = withoutSequences(output)
    assert.strictEqual(status, 0)
    assert.match(printed, /^restored\.db holds \d+ objects of \d+ namespaces\r\n/)
    assert.match(printed, /1 class, 1 instance: 2 created, 0 updated, 0 unchanged, 0 refused, [\d.]+ s\r\n$/)
    assert.strictEqual(run(["get", 'A.Id="x"', "--store", "restored.db"]).status, 0)
    assert.isTrue(showsCursor(output))
  })

  it("no line of a help is wider than the terminal", async () => {
    const { output } = await onTerminal(["put", "--help"], { cwd })
    for (const line of withoutSequences(output).split("\r\n")) assert.isAtMost(line.length, 80, line)
  })
})
