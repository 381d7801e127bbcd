/** `effect-wmi diff`, and the law of `export`: a put of the text makes the same state. */
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import { assert, describe, it } from "vitest"
import { putState } from "../../src/cli/compare/operand.ts"
import { stateChanges } from "../../src/cli/compare/stateChanges.ts"
import { targetState } from "../../src/cli/compare/targetState.ts"
import { exported } from "../../src/cli/objects/contents.ts"
import { jsonText, mofText } from "../../src/cli/objects/exportText.ts"
import * as NamespaceDump from "../../src/emulator/NamespaceDump.ts"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as Worlds from "../../src/worlds/Worlds.ts"
import * as arbitraries from "../arbitraries.ts"
import { type Ended, run as runOf } from "./inProcess.ts"

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text)

const folder = mkdtempSync(join(tmpdir(), "effect-wmi-diff-"))
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const run = (...args: ReadonlyArray<string>): Promise<Ended> => runOf(["diff", ...args])

const head = '#pragma namespace("\\\\\\\\.\\\\root\\\\corp")\n'
const before = file(
  "before.mof",
  `${head}[Description("An asset"): ToSubclass]
class Corp_Asset { [key] string Id; uint32 Price = 3; string Owner; string Note; uint64 Big; uint32 M([in] string a); };
class Corp_Laptop : Corp_Asset { boolean Light; };
instance of Corp_Asset { Id = "A1"; Price = 3; Note = "y"; };
instance of Corp_Asset { Id = "A2"; };
instance of Corp_Laptop { Id = "L1"; Light = TRUE; };
`
)
const after = file(
  "after.mof",
  `${head}[Description("A thing"): ToSubclass]
class Corp_Asset { [key] string Id; uint32 Price = 4; [read] string Owner; sint64 Big; string Tag; uint32 M([in] string a, [out] uint32 b); void N(); };
class Corp_Desk { [key] uint8 N; };
instance of Corp_Asset { Id = "A1"; Price = 5; Owner = "x"; };
instance of Corp_Asset { Id = "A2"; };
instance of Corp_Asset { Id = "L1"; };
`
)

describe("diff", () => {
  it("prints what changed in each object, with the values", async () => {
    const { err, out, status } = await run(before, after)
    assert.strictEqual(
      out,
      `changed \\\\.\\root\\corp:Corp_Asset
    [Description]: "An asset" -> "A thing"
    Price default: 3 -> 4
  + Owner [read]: TRUE
    Big type: uint64 -> sint64
  + Tag: string
  - Note: string
    method M: uint32 ([in, ID(0)] string a) -> uint32 ([in, ID(0)] string a, [out, ID(1)] uint32 b)
  + method N: void ()
changed \\\\.\\root\\corp:Corp_Asset.Id="A1"
  - Note: "y"
  + Owner: "x"
    Price: 3 -> 5
changed \\\\.\\root\\corp:Corp_Asset.Id="L1"
    class: Corp_Laptop -> Corp_Asset
  - Light: TRUE
created \\\\.\\root\\corp:Corp_Desk
removed \\\\.\\root\\corp:Corp_Laptop
1 created, 3 changed, 1 removed
`
    )
    assert.deepStrictEqual([status, err], [1, ""])
  })

  it("--json has the changes of each object as data", async () => {
    const { out } = await run(before, after, "--json")
    const lines = out.trim().split("\n").map((line) => JSON.parse(line) as unknown)
    assert.deepInclude(lines, {
      change: "changed",
      path: '\\\\.\\root\\corp:Corp_Asset.Id="A1"',
      changes: [
        { what: "value", name: "Note", before: '"y"', after: null },
        { what: "value", name: "Owner", before: null, after: '"x"' },
        { what: "value", name: "Price", before: "3", after: "5" }
      ]
    })
    assert.deepInclude(lines, { change: "created", path: "\\\\.\\root\\corp:Corp_Desk" })
    assert.deepStrictEqual(lines.at(-1), { created: 1, changed: 3, removed: 1 })
  })

  it("--summary prints the counts alone, and status 0 is no difference", async () => {
    assert.deepStrictEqual(await run(before, after, "--summary"), {
      out: "1 created, 3 changed, 1 removed\n",
      err: "",
      status: 1
    })
    assert.deepStrictEqual(await run(before, before), { out: "0 created, 0 changed, 0 removed\n", err: "", status: 0 })
  })

  it("a value that both instances have from the defaults of their classes is a difference of the classes alone", async () => {
    const { out } = await run(before, after)
    assert.notInclude(out, 'Id="A2"')
  })

  it("a property that was set to NULL reads as one that was never set", async () => {
    const declared = "class A { [key] string Id; uint8 N; };\n"
    const [unset, set] = [
      file("unset.mof", `${declared}instance of A { Id = "x"; };`),
      file("null.mof", `${declared}instance of A { Id = "x"; N = NULL; };`)
    ]
    assert.strictEqual((await run(unset, set)).status, 0)
  })

  it("compares MOF, JSON lines, dumps and packed dumps with each other, whatever the name of a dump", async () => {
    const state = await putState(before, encoded(head + "class B { [key] string Id; };"))
    const dump = [...NamespaceDump.lines(state), ""].join("\n")
    const line = { namespace: "root", object: { kind: "instance", class: "__NAMESPACE", values: { Name: "corp" } } }
    const properties = [{ name: "Id", type: "string", qualifiers: [{ name: "key" }] }]
    const other = { namespace: "root\\corp", object: { kind: "class", name: "B", properties } }
    const json = file("b.json", `${JSON.stringify(line)}\n${JSON.stringify(other)}\n`)
    for (const same of [file("d.dump", dump), file("d.json", dump), file("d.gz", gzipSync(dump))]) {
      assert.deepStrictEqual(await run(json, same), { out: "0 created, 0 changed, 0 removed\n", err: "", status: 0 })
    }
  })

  it("compares with the place of an option in the classes of the first state alone", async () => {
    const some = file(
      "some.mof",
      'class Win32_Service { [key] string Name; };\ninstance of Win32_Service { Name = "BITS"; };'
    )
    const { out, status } = await run(some, "--world", "windows")
    assert.match(out, /^changed \\\\\.\\root\\cimv2:Win32_Service$/m)
    assert.match(out, /^created \\\\\.\\root\\cimv2:Win32_Service\.Name="CryptSvc"$/m)
    assert.notMatch(out, /Win32_Process/)
    assert.match((await run(some, "--world", "windows", "--all")).out, /^created \\\\\.\\root\\cimv2:Win32_Process$/m)
    assert.strictEqual(status, 1)
    assert.strictEqual((await run("world:windows", "--world", "windows")).status, 0)
  })

  it("compares instances that a provider of the place serves", async () => {
    const declared = { Id: Property.key("string"), Size: Property.make("uint8") }
    const qualifiers = [Qualifier.make("dynamic"), Qualifier.make("provider", "P")]
    const served = Snapshot.of(ClassDefinition.make("Live", declared, { qualifiers }))
    const reader: NamespaceReader = {
      namespaces: () => Effect.succeed(["root", "root\\cimv2"]),
      classes: (namespace) => Effect.succeed(Snapshot.classes(served, namespace)),
      instancesOf: () =>
        Effect.succeed([Instance.make("Live", { Id: "a", Size: 2 }), Instance.make("Live", { Id: null, Size: 3 })])
    }
    const expected = Snapshot.of(ClassDefinition.make("Live", declared), Instance.make("Live", { Id: "a", Size: 1 }))
    const program = Effect.provideService(targetState(expected), NamespaceReader, reader)
    const quiet = Logger.withMinimumLogLevel(program, LogLevel.None)
    const instances = stateChanges(expected, await Effect.runPromise(quiet)).filter(({ path }) => path.includes("="))
    assert.deepStrictEqual(instances, [{
      change: "changed",
      path: '\\\\.\\root\\cimv2:Live.Id="a"',
      changes: [{ what: "value", name: "Size", before: "1", after: "2" }]
    }])
  })

  it("a refusal of a file has its position, and with --json its number", async () => {
    const refused = file("number.mof", "class A { [key] string Id; };\ninstance of Nothing { Id = 1; };")
    const { err, status } = await run(before, refused, "--json")
    const { code, column, line, name } = JSON.parse(err) as Record<string, unknown>
    assert.deepStrictEqual([status, name, code, line, column], [2, "InvalidClass", "0x80041010", 2, 1])
  })

  it.each([
    [[before], /diff needs a second state to compare .*before\.mof with\nhint: give a file, or --store FILE/],
    [[before, after, "--world", "windows"], /diff compares .*before\.mof with one other state/],
    [[before, "world:linux"], /there is no world "linux"; the worlds are windows/],
    [[before, "--store", "missing.db"], /^missing\.db: error: there is no such store/],
    [[before, join(folder, "missing.mof")], /missing\.mof: .*cannot be read/],
    [[before, file("refused.mof", "instance of Nothing { Id = 1; };")], /InvalidClass/]
  ])("%# refuses operands that are none with status 2", async (args, message) => {
    const { err, out, status } = await run(...args)
    assert.match(err, message)
    assert.deepStrictEqual([status, out], [2, ""])
  })
})

/** The state that puts leave, those that the rules refuse left out. */
const stateAfter = (requests: ReadonlyArray<Parameters<typeof arbitraries.validated>[0][number]>): Snapshot.Snapshot =>
  PutEngine.decideAll(arbitraries.world(), arbitraries.validated(requests)).snapshot

const all = { namespace: "root", recurse: true, classesOnly: false, isSelected: undefined }

const contentsOf = (state: Snapshot.Snapshot) =>
  Effect.runPromise(Effect.provide(exported(all), Wmi.layerMemoryFrom(state)))

const forms = [["MOF", mofText], ["JSON", jsonText]] as const

describe("export", () => {
  it("the text of a world, put into an empty emulator, makes the same state", async () => {
    const world = Worlds.windows()
    const contents = await contentsOf(world)
    for (const [, write] of forms) {
      const { chunks, faults } = write(contents)
      assert.deepStrictEqual(faults, [])
      assert.deepStrictEqual(stateChanges(world, await putState("text", encoded(chunks.join("")))), [])
    }
  })

  it("the text of any state, put into an empty emulator, makes the same state; objects without a form are named", async () => {
    let whole = 0
    const runs = 25
    const property = FastCheck.asyncProperty(arbitraries.requests(25), async (requests) => {
      const before = stateAfter(requests)
      const contents = await contentsOf(before)
      for (const [form, write] of forms) {
        const { chunks, faults } = write(contents)
        if (faults.length > 0) continue
        whole++
        const changes = stateChanges(before, await putState("text", encoded(chunks.join(""))))
        if (changes.length > 0) throw new Error(`${form}: ${JSON.stringify(changes)}`)
      }
    })
    await FastCheck.assert(property, { numRuns: runs })
    assert.isAbove(whole, runs)
  })
})
