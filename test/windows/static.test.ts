/** T0: static checks of the host script. Each check has examples that it must refuse. */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import * as script from "../../src/windows/conversation/script.ts"
import { type Node, nodes, nodesOfType, parse } from "./powershellGrammar.ts"

/** The line number and the text of a node. */
const at = (node: Node): string => `${node.startPosition.row + 1}: ${node.text.split("\n")[0]}`

const commandNames = (root: Node): ReadonlyArray<Node> => nodesOfType(root, "command_name")

/** The functions a script declares. */
const functions = (root: Node): ReadonlyMap<string, Node> =>
  new Map(nodesOfType(root, "function_statement").map((node) => [nodesOfType(node, "function_name")[0]!.text, node]))

const errors = (text: string): ReadonlyArray<string> =>
  nodes(parse(text)).filter((node) => node.isError || node.isMissing || node.type === "pipeline_chain_tail").map(at)

/** `-and` and `-or` have the same precedence, so both in one chain need parentheses. */
const mixed = (text: string): ReadonlyArray<string> =>
  nodesOfType(parse(text), "logical_expression").filter((node) => {
    const [left, operator] = node.children
    return left?.type === "logical_expression" && operator && left.children.length === 3
      && left.children[1]!.text.toLowerCase() !== operator.text.toLowerCase()
  }).map(at)

/** Functions that return with a comma; `@( )` around a call of them makes an array of the array. */
const withComma = (text: string): ReadonlyArray<string> =>
  [...functions(parse(text))].filter(([, node]) => /\breturn , /.test(node.text)).map(([name]) => name)

const wrapped = (text: string): ReadonlyArray<string> => {
  const names = withComma(text)
  return nodesOfType(parse(text), "array_expression").filter((node) =>
    names.some((name) => node.text.startsWith(`@(${name} `))
  )
    .map(at)
}

/** Calls whose result is not used, by the name of the method. */
const loose = (text: string): ReadonlyArray<string> =>
  nodesOfType(parse(text), "pipeline").flatMap((node) => {
    if (node.parent?.type !== "statement_list") return []
    let inner: Node = node
    while (inner.childCount === 1) inner = inner.child(0)!
    if (inner.type !== "invokation_expression") return []
    return [inner.children.find((child) => child?.type === "member_name")!.text]
  })

/** Methods that return nothing, on every type that the script calls them on. */
const givesNothing = new Set([
  "Add", // of List and of the managed engine; an overload that returns something is found as a leak when it runs
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

/** Words that run data as code, hide or download code, or wait for a person. */
const forbidden =
  /Invoke-Expression|\biex\b|Add-Type|ExpandString|InvokeScript|NewScriptBlock|InvokeCommand|Import-Module|DownloadString|WebClient|FromBase64|\$input\b|Read-Host|-ExecutionPolicy|DllImport|Emit/i

const culture = (text: string): ReadonlyArray<string> =>
  text.split("\n").filter((line) => /\.(StartsWith|EndsWith|Compare|IndexOf\('[^']{2,}')\(?/.test(line))
    .filter((line) => !/\.StartsWith\(.*\[StringComparison\]::Ordinal\)/.test(line) && !line.includes("IndexOf([char]"))

/** `.Values` and `.Keys` read an entry of that name if the keys of the table are users' names. */
const entries = (text: string): ReadonlyArray<string> =>
  text.split("\n").filter((line) => /\.(Values|Keys)\b/.test(line) && !line.includes("foreach ($k in $V.Keys)"))

const texts: ReadonlyArray<readonly [string, string]> = [
  ["prelude", script.prelude],
  ["core", script.core],
  ["the script", script.script()],
  ["the file", script.file]
]

const known: ReadonlyArray<readonly [string, (text: string) => ReadonlyArray<string>, ReadonlyArray<string>]> = [
  ["parses, without syntax of PowerShell 7", errors, [
    "$a ? 1 : 2",
    "$a ?? 3",
    "Get-X && Get-Y",
    "if ($a) { 1",
    "$x = 'a",
    "f(1"
  ]],
  ["-and and -or are never mixed without parentheses", mixed, [
    "$a -and $b -or $c",
    "$a -or ($b) -and $c",
    "if ($a -OR $b -and $c) { 1 }"
  ]],
  ["no class, no enum, no label", (text) => {
    const root = parse(text)
    return [
      ...nodesOfType(root, "class_statement"),
      ...nodesOfType(root, "enum_statement"),
      ...nodesOfType(root, "label")
    ].map(at)
  }, ["class X { }", "enum X { A }"]],
  ["no array around a call that returns with a comma", wrapped, ["function G {\n  return , $x\n}\n$y = @(G 1)"]],
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
  ["no word that runs data as code", (text) => text.split("\n").filter((line) => forbidden.test(line)), [
    "Invoke-Expression $x",
    "iex 'x'",
    "$input"
  ]],
  ["text is compared ordinally", culture, [
    "$x.StartsWith('a')",
    "$x.EndsWith('a')",
    "$x.IndexOf('ab')"
  ]],
  ["no member name that can be an entry of a table with users' names", entries, [
    "$classes.Values",
    "foreach ($k in $c.Keys) {}"
  ]],
  ["a returned value is used or voided", (text) => loose(text).filter((name) => !givesNothing.has(name)), [
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
      it("the check refuses its examples", () => {
        for (const example of examples) expect(check(example), example).not.toEqual([])
      })
    })
  }

  it("calls its own functions and nothing else", () => {
    const declared = functions(parse(script.script()))
    const allowed = new Set([...declared.keys(), "Out-Null", "Set-StrictMode"])
    for (const [of, text] of texts) {
      const strange = commandNames(parse(text)).map((node) => node.text).filter((name) => !allowed.has(name))
      expect(strange, of).toEqual(of === "core" ? [] : ["New-Object"])
    }
    const operators = nodesOfType(parse(script.core), "command_invokation_operator").map((node) => node.parent!.text)
    expect(operators).toEqual(["& $script:ReadJson $Line"])
  })

  it("declares each function once, and calls each", () => {
    const names = nodesOfType(parse(script.script()), "function_name").map((node) => node.text)
    expect(new Set(names).size).toBe(names.length)
    const called = new Set(commandNames(parse(script.script())).map((node) => node.text))
    expect(names.filter((name) => !called.has(name))).toEqual([])
  })

  it("creates WMI objects in the prelude only, and no script blocks", () => {
    expect(script.core).not.toMatch(/New-Object|-ComObject|GetTypeFromProgID|\[ScriptBlock\]/i)
    expect(script.core).not.toMatch(
      /\[System\.Management\.(?!CimType|PutType|ImpersonationLevel|AuthenticationLevel)\w+\]/
    )
    expect(script.prelude).not.toMatch(/ScriptBlock/i)
  })

  it("the bootstrap: one line of at most 800 ASCII characters, no double quote, no pipeline input, one command", () => {
    const { bootstrap } = script
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
      if (name === "prelude.ps1") expect(script.prelude).toBe(text)
      else if (name === "bootstrap.ps1") expect(script.bootstrap).toContain(text.split("\n")[1])
      else expect(script.core).toContain(text)
    }
  })

  it("the constants equal the output of scripts/host-script.mjs", async () => {
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
