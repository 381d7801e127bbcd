/** T0: the host script as text. Each check has an example that it must refuse. */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import * as hostScript from "../../src/windows/conversation/script.ts"
import { all, type Node, nodes, parse } from "./grammar.ts"

/** The line of a node and what stands there. */
const at = (node: Node): string => `${node.startPosition.row + 1}: ${node.text.split("\n")[0]}`

const commandNames = (root: Node): ReadonlyArray<Node> => all(root, "command_name")

/** The functions a script declares. */
const functions = (root: Node): ReadonlyMap<string, Node> =>
  new Map(all(root, "function_statement").map((node) => [all(node, "function_name")[0]!.text, node]))

const errors = (text: string): ReadonlyArray<string> =>
  nodes(parse(text)).filter((node) => node.isError || node.isMissing || node.type === "pipeline_chain_tail").map(at)

/** `-and` and `-or` have one precedence: both in one chain need brackets. */
const mixed = (text: string): ReadonlyArray<string> =>
  all(parse(text), "logical_expression").filter((node) => {
    const [left, operator] = node.children
    return left?.type === "logical_expression" && operator && left.children.length === 3
      && left.children[1]!.text.toLowerCase() !== operator.text.toLowerCase()
  }).map(at)

/** Functions that hand out their answer behind a comma; `@( )` around them makes an array of the array. */
const withComma = (text: string): ReadonlyArray<string> =>
  [...functions(parse(text))].filter(([, node]) => /\breturn , /.test(node.text)).map(([name]) => name)

const wrapped = (text: string): ReadonlyArray<string> => {
  const names = withComma(text)
  return all(parse(text), "array_expression").filter((node) => names.some((name) => node.text.startsWith(`@(${name} `)))
    .map(at)
}

/** Calls whose answer nobody takes, by the name of the method. */
const loose = (text: string): ReadonlyArray<string> =>
  all(parse(text), "pipeline").flatMap((node) => {
    if (node.parent?.type !== "statement_list") return []
    let inner: Node = node
    while (inner.childCount === 1) inner = inner.child(0)!
    if (inner.type !== "invokation_expression") return []
    return [inner.children.find((child) => child?.type === "member_name")!.text]
  })

/** Methods that give nothing, on everything the script calls them on. */
const givesNothing = new Set([
  "Add", // of List and of what the managed engine has; one that gives something is caught as a leak when it runs
  "Clear",
  "CompleteAdding",
  "Dispose",
  "Exit",
  "Get",
  "Kill",
  "Open",
  "Push",
  "Remove",
  "SetOut",
  "SetPropertyValue",
  "SetValue",
  "Sleep",
  "WriteLine"
])

/** Words that would make code of data, hide it, or fetch it; and what waits for a person. */
const forbidden =
  /Invoke-Expression|\biex\b|Add-Type|ExpandString|InvokeScript|NewScriptBlock|InvokeCommand|Import-Module|DownloadString|WebClient|FromBase64|\$input\b|Read-Host|-ExecutionPolicy|DllImport|Emit/i

const culture = (text: string): ReadonlyArray<string> =>
  text.split("\n").filter((line) => /\.(StartsWith|EndsWith|Compare|IndexOf\('[^']{2,}')\(?/.test(line))
    .filter((line) => !/\.StartsWith\(.*\[StringComparison\]::Ordinal\)/.test(line) && !line.includes("IndexOf([char]"))

/** `.Values` and `.Keys` are entries of a table whose keys are user's names. */
const entries = (text: string): ReadonlyArray<string> =>
  text.split("\n").filter((line) => /\.(Values|Keys)\b/.test(line) && !line.includes("foreach ($k in $V.Keys)"))

const texts: ReadonlyArray<readonly [string, string]> = [
  ["prelude", hostScript.prelude],
  ["core", hostScript.core],
  ["the script", hostScript.script()],
  ["the file", hostScript.file]
]

const known: ReadonlyArray<readonly [string, (text: string) => ReadonlyArray<string>, ReadonlyArray<string>]> = [
  ["parses, without what only PowerShell 7 knows", errors, [
    "$a ? 1 : 2",
    "$a ?? 3",
    "Get-X && Get-Y",
    "if ($a) { 1",
    "$x = 'a",
    "f(1"
  ]],
  ["-and and -or never without brackets", mixed, [
    "$a -and $b -or $c",
    "$a -or ($b) -and $c",
    "if ($a -OR $b -and $c) { 1 }"
  ]],
  ["no class, no enum, no label", (text) => {
    const root = parse(text)
    return [...all(root, "class_statement"), ...all(root, "enum_statement"), ...all(root, "label")].map(at)
  }, ["class X { }", "enum X { A }"]],
  ["nothing wraps an answer behind a comma in an array", wrapped, ["function G {\n  return , $x\n}\n$y = @(G 1)"]],
  [
    "ASCII, lines under 180, no tabs, no spaces at the end",
    (text) => text.split("\n").filter((line) => !/^[\x20-\x7e]*$/.test(line) || line.length >= 180 || /\s$/.test(line)),
    [
      "\u2018",
      "x".repeat(180),
      "\tx",
      "x "
    ]
  ],
  ["no word that makes code of data", (text) => text.split("\n").filter((line) => forbidden.test(line)), [
    "Invoke-Expression $x",
    "iex 'x'",
    "$input"
  ]],
  ["text that decides is compared by its characters", culture, [
    "$x.StartsWith('a')",
    "$x.EndsWith('a')",
    "$x.IndexOf('ab')"
  ]],
  ["no entry of a table with the users' names is taken for a member", entries, [
    "$classes.Values",
    "foreach ($k in $c.Keys) {}"
  ]],
  ["what gives something is taken or voided", (text) => loose(text).filter((name) => !givesNothing.has(name)), [
    "$set.AddAsString('x')",
    "$sb.Append('x')"
  ]],
  [
    "a line break after every param block",
    (text) => text.split("\n").filter((line) => /\bparam\(.*\)\s*\S/.test(line)),
    [
      "function F { param($x) $x }"
    ]
  ]
]

describe("T0: static checks of the host script", () => {
  for (const [name, check, examples] of known) {
    describe(name, () => {
      for (const [of, text] of texts) it(of, () => expect(check(text)).toEqual([]))
      it("and the check refuses what it must", () => {
        for (const example of examples) expect(check(example), example).not.toEqual([])
      })
    })
  }

  it("calls its own functions and nothing else", () => {
    const declared = functions(parse(hostScript.script()))
    const allowed = new Set([...declared.keys(), "Out-Null", "Set-StrictMode"])
    for (const [of, text] of texts) {
      const strange = commandNames(parse(text)).map((node) => node.text).filter((name) => !allowed.has(name))
      expect(strange, of).toEqual(of === "core" ? [] : ["New-Object"])
    }
    const operators = all(parse(hostScript.core), "command_invokation_operator").map((node) => node.parent!.text)
    expect(operators).toEqual(["& $script:ReadJson $Line"])
  })

  it("declares each function once, and calls each", () => {
    const names = all(parse(hostScript.script()), "function_name").map((node) => node.text)
    expect(new Set(names).size).toBe(names.length)
    const called = new Set(commandNames(parse(hostScript.script())).map((node) => node.text))
    expect(names.filter((name) => !called.has(name))).toEqual([])
  })

  it("makes objects of WMI in the prelude only, and script blocks in none", () => {
    expect(hostScript.core).not.toMatch(/New-Object|-ComObject|GetTypeFromProgID|\[ScriptBlock\]/i)
    expect(hostScript.core).not.toMatch(
      /\[System\.Management\.(?!CimType|PutType|ImpersonationLevel|AuthenticationLevel)\w+\]/
    )
    expect(hostScript.prelude).not.toMatch(/ScriptBlock/i)
  })

  it("the bootstrap: one line of at most 800 ASCII characters, no double quote, no pipeline input, one command", () => {
    const { bootstrap } = hostScript
    expect(bootstrap).toMatch(/^[\x20-\x7e]+$/)
    expect(bootstrap.length).toBeLessThanOrEqual(800)
    expect(bootstrap).not.toContain('"')
    expect(bootstrap).not.toMatch(/\$input/i)
    expect(errors(bootstrap)).toEqual([])
    expect(commandNames(parse(bootstrap)).map((node) => node.text)).toEqual(["Out-Null"])
    expect(mixed(bootstrap)).toEqual([])
  })

  it("every file of the sources is in the constants", () => {
    const folder = fileURLToPath(new URL("../../src/windows/script/", import.meta.url))
    for (const name of readdirSync(folder)) {
      const text = readFileSync(folder + name, "utf8")
      if (name === "prelude.ps1") expect(hostScript.prelude).toBe(text)
      else if (name === "bootstrap.ps1") expect(hostScript.bootstrap).toContain(text.split("\n")[1])
      else expect(hostScript.core).toContain(text)
    }
  })

  it("the constants are what scripts/host-script.mjs makes of the sources", async () => {
    const made = await import(new URL("../../scripts/host-script.mjs", import.meta.url).href) as {
      generated: () => string
    }
    const text = readFileSync(
      fileURLToPath(new URL("../../src/windows/conversation/scriptText.ts", import.meta.url)),
      "utf8"
    )
    expect(made.generated()).toBe(text)
  })
})
