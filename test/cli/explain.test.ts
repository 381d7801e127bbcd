/** What `explain` finds for a word, and what it prints. */
import * as HResult from "../../src/protocol/HResult.ts"
import { flagWord } from "../../src/cli/spec/flagWord.ts"
import { lookUp, numbersOf, suggestions } from "../../src/cli/spec/lookUp.ts"
import { comErrors, statusAdvice, win32Errors } from "../../src/cli/spec/windowsErrors.ts"
import { FastCheck } from "effect"
import { assert, describe, it } from "vitest"
import { readFileSync } from "node:fs"
import { legendOf, sources, sourcesIn } from "../../src/cli/spec/legend.ts"
import { makeFolder } from "./command.ts"

/** A meaning in a few words. */
const brief = (text: string): string => {
  const meaning = lookUp(text)
  switch (meaning?._tag) {
    case "Status":
      return meaning.row.status
    case "Mof":
      return `MOF ${meaning.name}`
    case "Windows":
      return `${meaning.error.name} ${HResult.hex(meaning.hresult)}`
    case "Flags":
      return `flags ${meaning.flags}`
    case undefined:
      return "unknown"
  }
}

const rows: ReadonlyArray<readonly [text: string, meaning: string]> = [
  // as event logs, tools and scripts print a number
  ["80041026", "ClassHasInstances"],
  ["0x80041026", "ClassHasInstances"],
  ["0X80041026", "ClassHasInstances"],
  ["2147749926", "ClassHasInstances"],
  ["-2147217370", "ClassHasInstances"],
  ['"0x80041010",', "InvalidClass"],
  ["(0x80041002).", "NotFound"],
  ["80044002", "MOF SemicolonExpected"],
  // names
  ["NotFound", "NotFound"],
  ["WbemClassHasInstances", "ClassHasInstances"],
  ["WBEM_E_NOT_FOUND", "NotFound"],
  ["WBEM_E_TIMED_OUT", "Timeout"],
  ["wbem_e_access_denied", "AccessDenied"],
  ["WBEM_S_NO_ERROR", "NoError"],
  ["WBEM_S_NOT_FOUND", "unknown"],
  ["wbemErrNotFound", "NotFound"],
  ["ManagementStatus.InvalidClass", "InvalidClass"],
  ["illegalconstant", "MOF IllegalConstant"],
  // Windows
  ["0x80070005", "ERROR_ACCESS_DENIED 0x80070005"],
  ["80070005", "ERROR_ACCESS_DENIED 0x80070005"],
  ["E_ACCESSDENIED", "ERROR_ACCESS_DENIED 0x80070005"],
  ["5", "ERROR_ACCESS_DENIED 0x80070005"],
  ["1722", "RPC_S_SERVER_UNAVAILABLE 0x800706BA"],
  ["0x6BA", "RPC_S_SERVER_UNAVAILABLE 0x800706BA"],
  ["-2147023174", "RPC_S_SERVER_UNAVAILABLE 0x800706BA"],
  ["rpc_s_server_unavailable", "RPC_S_SERVER_UNAVAILABLE 0x800706BA"],
  ["0x8000FFFF", "E_UNEXPECTED 0x8000FFFF"],
  // flags as put takes them
  ["UpdateSafe,CreateOnly", "flags 34"],
  ["wbemChangeFlagUpdateOnly", "flags 1"],
  ["CreateOrUpdate", "flags 0"],
  // nothing
  ["NotFond", "unknown"],
  ["8004102", "unknown"],
  ["0x80071234", "unknown"],
  ["99999999999", "unknown"],
  ["", "unknown"]
]

describe("lookUp", () => {
  for (const [text, meaning] of rows) {
    it(`${JSON.stringify(text)}: ${meaning}`, () => assert.strictEqual(brief(text), meaning))
  }

  it("every number of the tables is found in each of its forms", () => {
    const numbers = [
      ...HResult.table.map(({ hresult }) => hresult).filter((hresult) => hresult > 0xffff),
      ...win32Errors.map(({ number }) => (0x80070000 | number) >>> 0),
      ...comErrors.map(({ number }) => number)
    ]
    for (const number of numbers) {
      const wanted = brief(HResult.hex(number))
      assert.notStrictEqual(wanted, "unknown", HResult.hex(number))
      const hex = HResult.hex(number).slice(2)
      for (const form of [hex.toLowerCase(), String(number), String(HResult.signed(number))]) {
        if (form === hex.toLowerCase() && number < 0x80000000) continue
        assert.strictEqual(brief(form), wanted, form)
      }
    }
  })

  it("no text throws, and a number that is read is a word of 32 bits", () => {
    FastCheck.assert(FastCheck.property(FastCheck.string(), (text) => {
      lookUp(text)
      suggestions(text)
      flagWord(text)
      for (const number of numbersOf(text)) assert.isTrue(Number.isInteger(number) && number >= 0 && number < 2 ** 32)
    }))
  })

  it("the tables have no number and no name twice, and advice for statuses that exist", () => {
    const all = [...win32Errors, ...comErrors]
    assert.strictEqual(new Set(all.map(({ number }) => number)).size, all.length)
    assert.strictEqual(new Set(all.map(({ name }) => name)).size, all.length)
    for (const status of Object.keys(statusAdvice)) assert.isDefined(HResult.fromName(status), status)
    assert.isAtLeast(all.length, 40)
  })
})

describe("suggestions", () => {
  const near: ReadonlyArray<readonly [text: string, meant: string]> = [
    ["NotFond", "NotFound"],
    ["WBEM_E_NOT_FOND", "NotFound"],
    ["wbemErrClasHasInstances", "ClassHasInstances"],
    ["Updatesaf", "UpdateSafe"],
    ["ERROR_ACESS_DENIED", "ERROR_ACCESS_DENIED"],
    ["8004102", "0x80041002"],
    ["0x800410026", "0x80041026"],
    ["0x8007006BA", "0x800706BA"]
  ]
  for (const [text, meant] of near) it(`${text}: ${meant}`, () => assert.include(suggestions(text), meant))
  it("unlike words get none", () => assert.deepStrictEqual(suggestions("Somewhere"), []))
})

const { run } = makeFolder()

describe("the legend of a rule", () => {
  const texts: ReadonlyArray<readonly [title: string, text: string, names: ReadonlyArray<string>]> = [
    ["a mark with two sources has both, in the order of the table", "error; E(SHIP and DUMP: none)", ["DUMP", "SHIP"]],
    ["a mark may hold brackets", "E(instance-put (IV-5), OUT)", ["OUT"]],
    ["a mark in square brackets has its sources", "it is so [E PAIR, E1]", ["PAIR", "E1"]],
    ["a document that a mark names is a source", "D(MS-WMI 3.1.4)", ["MS-WMI"]],
    ["a word outside marks is no source", "the OUT qualifier is fair; D(page.md)", []]
  ]
  for (const [title, text, names] of texts) {
    it(title, () => assert.deepStrictEqual(sourcesIn(text).map((source) => source.replace(/:.*/, "")), [...names]))
  }

  it("has every source of docs/spec/README.md", () => {
    const [, table] = /^\| source \| what it is \|\n(?:\|[-|]+\n)((?:\|.*\n)+)/m.exec(
      readFileSync(new URL("../../docs/spec/README.md", import.meta.url), "utf8")
    )!
    const named = [...table!.matchAll(/^\| ([\w-]+) \|/gm)].map(([, name]) => name)
    assert.deepStrictEqual(sources.map(([name]) => name).filter((name) => name !== "fair"), named)
  })

  it("is printed below the rule", () => {
    const { out } = run(["explain", "CS-15"])
    const marks = `  marks: ${legendOf("class-update")} (docs/spec/README.md)\n`
    assert.include(out.replace(/\n {4}/g, " "), `${marks}  sources: ${sourcesIn("E(DUMP, SHIP, MS-WMI)").join("; ")}\n`)
  })
})

describe("explain", () => {
  it("--json prints a line for each explanation", () => {
    const { err, out, status } = run([
      "explain",
      "80041026",
      "1722",
      "80044002",
      "cs-15",
      "UpdateSafe,CreateOnly",
      "--path",
      "root\\a:B.C=5",
      "--json",
      "-2147217406"
    ])
    assert.deepStrictEqual([status, err], [0, ""])
    const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.deepStrictEqual(
      lines.map(({ flags, mof, path, rule, status, windows }) => status ?? windows ?? mof ?? rule ?? flags ?? path),
      [
        "ClassHasInstances",
        "RPC_S_SERVER_UNAVAILABLE",
        "SemicolonExpected",
        "CS-15",
        "0x22",
        "NotFound",
        "\\\\.\\root\\a:B.C=5"
      ]
    )
    assert.deepInclude(lines[0], { hresult: "0x80041026", unsigned: 2147749926, signed: -2147217370 })
    assert.deepInclude(lines[1], { win32: 1722, hresult: "0x800706BA" })
    assert.deepInclude(lines[4], { names: ["CreateOnly", "UpdateSafe"] })
    assert.deepInclude(lines[6], { kind: "instance", namespace: "root\\a", keys: [{ name: "C", value: 5 }] })
  })

  const unknown: ReadonlyArray<readonly [args: ReadonlyArray<string>, err: RegExp]> = [
    [["NotFond"], /^effect-wmi: error: NotFond is no number, .*\nhint: did you mean NotFound\?\n$/],
    [["0x80071234"], /it is the Win32 error 4660\nhint: on Windows, 'net helpmsg 4660'/],
    [["0x800A03EC"], /it is a failure of facility 10 with the code 1004\n/],
    [
      ["--flags", "UpdateSave"],
      /--flags: UpdateSave is no flag and no number of 32 bits\nhint: did you mean UpdateSafe\?/
    ],
    [["--path", "A.B=c"], /--path: bad key value 'c' \(InvalidObjectPath\)\n A\.B=c\n {5}\^\nhint: /]
  ]
  for (const [args, err] of unknown) {
    it(`${args.join(" ")}: a sentence and status 2`, () => {
      const ended = run(["explain", ...args])
      assert.deepStrictEqual([ended.status, ended.out], [2, ""])
      assert.match(ended.err, err)
    })
  }
})
