/** The verbs that read and delete, over a store, a world and an emulator in memory. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { assert, beforeAll, describe, it } from "vitest"
import { inOrder } from "../../src/cli/objects/contents.ts"
import { listedDeletion, plannedDeletions } from "../../src/cli/objects/deletion.ts"
import { storingSystemClasses, systemTops } from "../../src/cli/objects/lists.ts"
import { schemaOf } from "../../src/cli/objects/schema.ts"
import { existingTarget, namespaceOf, pathOf, type Target } from "../../src/cli/place/target.ts"
import { counted, listed } from "../../src/cli/terminal/counts.ts"
import { table } from "../../src/cli/objects/table.ts"
import { cellsOf } from "../../src/model/text/cells.ts"
import * as WmiSchema from "../../src/codec/WmiSchema.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as Worlds from "../../src/worlds/Worlds.ts"
import { type Ended, run as runOf } from "./inProcess.ts"

const folder = mkdtempSync(join(tmpdir(), "effect-wmi-verbs-"))
const store = join(folder, "corp.db")
const run = (...args: ReadonlyArray<string>): Promise<Ended> => runOf(args)
const stored = (...args: ReadonlyArray<string>): Promise<Ended> => run(...args, "--store", store)
const inCorp = (...args: ReadonlyArray<string>): Promise<Ended> => stored(...args, "--namespace", "root/corp")
const inWorld = (...args: ReadonlyArray<string>): Promise<Ended> => run(...args, "--world", "windows")
const printed = (...lines: ReadonlyArray<string>): Ended => ({
  out: lines.map((line) => `${line}\n`).join(""),
  err: "",
  status: 0
})

const corp = Snapshot.withObjects(Snapshot.empty({ namespaces: ["root\\corp", "root\\corp\\lab"] }), "root\\corp", [
  ClassDefinition.make("Corp_Asset", {
    Id: Property.key("string"),
    Price: Property.make("uint64", { value: 3n }),
    Note: Property.make("string"),
    Peer: Property.make("ref:Corp_Asset")
  }),
  ClassDefinition.make("Corp_Laptop", { Light: Property.make("boolean") }, { superclass: "Corp_Asset" }),
  ClassDefinition.make("Corp_Options", { Level: Property.make("uint8") }, {
    qualifiers: [Qualifier.make("singleton")]
  }),
  ClassDefinition.make("Corp_Port", { Number: Property.key("uint16"), Host: Property.key("string") }),
  Instance.make("Corp_Asset", { Id: "A1", Price: 12n, Note: "tab\t\u001b[31m", Peer: 'Corp_Asset.Id="A2"' }),
  Instance.make("Corp_Asset", { Id: "A2" }),
  Instance.make("Corp_Laptop", { Id: "L1", Light: true }),
  Instance.make("Corp_Options", { Level: 2 }),
  ...[10, 9].map((Number) => Instance.make("Corp_Port", { Number, Host: "h" })),
  Instance.make("__EventFilter", { Name: "F", Query: "SELECT * FROM __InstanceCreationEvent", QueryLanguage: "WQL" })
])

const reset = (filename: string): Promise<void> =>
  Effect.runPromise(Effect.provide(Wmi.restore(corp), Wmi.layer(Sqlite.layer({ filename }))))

beforeAll(() => reset(store))

describe("get", () => {
  it.each([
    [
      'root\\corp:Corp_Laptop.Id="l1"',
      'instance of Corp_Laptop\n{\n\tId = "L1";\n\tLight = TRUE;\n\tPrice = "3";\n};\n'
    ],
    [
      '\\\\.\\root\\corp:Corp_Asset="L1"',
      'instance of Corp_Laptop\n{\n\tId = "L1";\n\tLight = TRUE;\n\tPrice = "3";\n};\n'
    ],
    ["root/corp:Corp_Options=@", "instance of Corp_Options\n{\n\tLevel = 2;\n};\n"],
    ["root\\corp:corp_laptop", "class Corp_Laptop : Corp_Asset\n{\n\tboolean Light;\n};\n"]
  ])("prints %s as MOF", async (path, out) => {
    assert.deepStrictEqual(await stored("get", path), { out, err: "", status: 0 })
  })

  it("--json prints one line that is a request of a put, with every property", async () => {
    const { out } = await inCorp("get", 'Corp_Laptop="L1"', "--json")
    const request = Schema.decodeSync(Schema.parseJson(WmiSchema.PutRequest))(out)
    assert.strictEqual(request.namespace, "root\\corp")
    const values: Instance.Instance["values"] = { Id: "L1", Price: "3", Note: null, Peer: null, Light: true }
    assert.deepStrictEqual({ ...(request.object as Instance.Instance).values }, values)
    assert.match(
      (await inCorp("get", "Corp_Laptop", "--json")).out,
      /^\{"namespace":"root\\\\corp","object":\{"kind":"class"/
    )
  })

  it("--amended reads the text of US English, --locale that of another locale", async () => {
    const english = await inWorld("get", "__EventFilter", "--amended")
    assert.deepStrictEqual([english.status, english.err], [0, ""])
    const wrong = await inWorld("get", "Win32_Service", "--locale", "german")
    assert.strictEqual(wrong.status, 2)
    assert.match(wrong.err, /german/)
  })

  it.each([
    [["get", "Corp_Nope"], 1, /NotFound \(0x80041002\): path \\\\\.\\root\\corp:Corp_Nope/],
    [["get", 'Corp_Asset.Id="none"'], 1, /NotFound/],
    [["get", "Corp_Nope.Id=1"], 1, /InvalidClass/],
    [["get", "root\\nope:A"], 1, /InvalidNamespace.*root\\nope/],
    [["ls", "Corp_Nope"], 1, /InvalidClass/],
    [["get", "Corp_Asset.Wrong=1"], 2, /key Id is missing/],
    [["get", "Corp_Asset.Id="], 2, /path: .* at position/],
    [["get", "root\\corp"], 2, /names no class and no instance/],
    [["ls", 'Corp_Asset.Id="A1"'], 2, /is the path of an instance, and ls takes a class/],
    [["ls", "Corp_Asset", "--properties", "Wrong"], 2, /--properties: class Corp_Asset has no property Wrong/],
    [
      ["get", "\\\\win01\\root\\corp:A"],
      2,
      /names the computer win01\nhint: give --host win01 to work there, or leave it out/
    ]
  ])("%j ends with status %i and one sentence", async (args, status, message) => {
    const ended = await inCorp(...args)
    assert.match(ended.err, message)
    assert.match(ended.err, /^effect-wmi: error: [^\n]*\n(?:hint: [^\n]*\n)?$/)
    assert.deepStrictEqual([ended.status, ended.out], [status, ""])
  })

  it("--json prints a refusal as one line of JSON", async () => {
    const { err, out, status } = await inCorp("get", "Corp_Nope", "--json")
    const { code, name } = JSON.parse(err) as Record<string, unknown>
    assert.deepStrictEqual([code, name, out, status], ["0x80041002", "NotFound", "", 1])
  })

  it.each([
    [["get", "A"], /there is no place to work\nhint: give --store FILE, --world NAME, --host NAME or --prefix WORDS/],
    [["get", "A", "--world", "linux"], /there is no world "linux"; the worlds are windows/],
    [["get", "A", "--store", "none.db"], /^none\.db: error: there is no such store/],
    [["get", "A", "--store", store, "--world", "windows"], /--store and --world name different places/],
    [
      ["get", "A", "--prefix", "no-such-program-here"],
      /the computer of --prefix cannot be reached: .*no-such-program-here/
    ],
    [
      ["get", "A", "--world", "windows", "--namespace", "\\\\win01\\root\\corp"],
      /--namespace: .*win01\nhint: give --host win01/
    ]
  ])("%j names a place that cannot be used, with status 2", async (args, message) => {
    const { err, out, status } = await run(...args)
    assert.match(err, message)
    assert.deepStrictEqual([status, out], [2, ""])
    assert.isFalse(existsSync("none.db"))
  })
})

describe("ls", () => {
  it("lists the instances of a class and of those below it by key, numbers by value", async () => {
    assert.deepStrictEqual(
      await inCorp("ls", "Corp_Asset"),
      printed('Corp_Asset.Id="A1"', 'Corp_Asset.Id="A2"', 'Corp_Laptop.Id="L1"')
    )
    assert.deepStrictEqual(
      await inCorp("ls", "Corp_Asset", "--shallow"),
      printed('Corp_Asset.Id="A1"', 'Corp_Asset.Id="A2"')
    )
    assert.deepStrictEqual(
      await stored("ls", "root/corp:corp_port"),
      printed('Corp_Port.Host="h",Number=9', 'Corp_Port.Host="h",Number=10')
    )
    assert.deepStrictEqual(await inCorp("ls", "Corp_Options"), printed("Corp_Options=@"))
  })

  it("-l prints keys and values that exist, separated by tabs; --properties chooses them", async () => {
    assert.deepStrictEqual(
      await inCorp("ls", "Corp_Asset", "-l"),
      printed(
        "Id\tPrice\tNote\tPeer",
        'A1\t12\ttab\\t\\u001B[31m\tCorp_Asset.Id="A2"',
        "A2\t3\t\t",
        "L1\t3\t\t"
      )
    )
    assert.deepStrictEqual(
      await inCorp("ls", "Corp_Asset", "--properties", "light,ID"),
      printed("Light\tId", "\tA1", "\tA2", "TRUE\tL1")
    )
  })

  it("without a class lists the namespaces, all or those below one", async () => {
    assert.deepStrictEqual(
      await stored("ls"),
      printed("root", "root\\cimv2", "root\\corp", "root\\corp\\lab", "root\\default")
    )
    assert.deepStrictEqual(
      await stored("ls", "--namespace", "root/corp", "--json"),
      printed(
        '{"namespace":"root\\\\corp"}',
        '{"namespace":"root\\\\corp\\\\lab"}'
      )
    )
    assert.strictEqual((await stored("ls", "--namespace", "root\\nope")).status, 1)
  })

  it("--json prints a request of a put for each instance", async () => {
    const lines = (await inCorp("ls", "Corp_Port", "--json")).out.trim().split("\n")
    assert.deepStrictEqual(lines.map((line) => (JSON.parse(line) as { object: unknown }).object), [
      { kind: "instance", class: "Corp_Port", values: { Number: 9, Host: "h" } },
      { kind: "instance", class: "Corp_Port", values: { Number: 10, Host: "h" } }
    ])
  })
})

describe("a table", () => {
  it("fits a terminal: columns are cut, and those without room are named", () => {
    const long = "x".repeat(30)
    const { leftOut, lines } = table(["A", "Middle", "C"], [["1", long, long], ["22", "b", "c"]], 32)
    assert.deepStrictEqual(lines, [
      "A   Middle         C",
      `1   ${"x".repeat(12)}…  ${"x".repeat(12)}…`,
      "22  b              c"
    ])
    assert.deepStrictEqual(leftOut, [])
    assert.deepStrictEqual(table(["A", "B"], [[long, long]], 20).leftOut, ["B"])
  })

  it("has aligned columns where characters take two cells", () => {
    const { lines } = table(["A", "B"], [["日".repeat(45), "b"], ["a", "c"]], 20)
    assert.deepStrictEqual(lines, [
      "A                  B",
      `${"日".repeat(8)}…  b`,
      "a                  c"
    ])
  })

  it("is never wider than the terminal, whatever its cells", () => {
    const cell = FastCheck.array(FastCheck.constantFrom("x", "日", "e\u0301", "😀", "\t"), { maxLength: 40 })
      .map((units) => units.join(""))
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(FastCheck.tuple(cell, cell, cell), { maxLength: 4 }),
        FastCheck.integer({ min: 3, max: 100 }),
        (rows, width) => table(["One", "Two", "Three"], rows, width).lines.every((line) => cellsOf(line) <= width)
      )
    )
  })
})

describe("classes", () => {
  it("lists classes by name with their superclasses; a pattern has no case", async () => {
    assert.deepStrictEqual(
      await inCorp("classes"),
      printed("Corp_Asset", "Corp_Laptop : Corp_Asset", "Corp_Options", "Corp_Port")
    )
    assert.deepStrictEqual(await inCorp("classes", "corp_?o*"), printed("Corp_Port"))
    assert.deepStrictEqual(
      await inCorp("classes", "*top", "--json"),
      printed(
        '{"name":"Corp_Laptop","superclass":"Corp_Asset","namespace":"root\\\\corp"}'
      )
    )
    assert.deepStrictEqual(await inCorp("classes", "Corp."), printed())
    assert.include((await inCorp("classes", "--system")).out, "\n__EventFilter : __IndicationRelated\n")
  })

  it("--tree prints each class below its superclass, and the classes above those that match", async () => {
    assert.deepStrictEqual(await inCorp("classes", "*Laptop", "--tree"), printed("Corp_Asset", "  Corp_Laptop"))
  })
})

describe("rm", () => {
  const copy = async (): Promise<ReadonlyArray<string>> => {
    const filename = join(mkdtempSync(join(folder, "rm-")), "corp.db")
    await reset(filename)
    return ["--store", filename, "--namespace", "root\\corp"]
  }

  it("deletes objects, and says what went with a class or namespace", async () => {
    const place = await copy()
    assert.deepStrictEqual(
      await run("rm", 'Corp_Asset="A1"', "Corp_Asset", 'root:__NAMESPACE.Name="corp"', ...place),
      printed(
        'removed \\\\.\\root\\corp:Corp_Asset.Id="A1"',
        "removed \\\\.\\root\\corp:Corp_Asset, with 1 class and 2 instances",
        'removed \\\\.\\root:__NAMESPACE.Name="corp", with 1 namespace, 2 classes and 4 instances'
      )
    )
    assert.deepStrictEqual(await run("ls", "--store", place[1]!), printed("root", "root\\cimv2", "root\\default"))
  })

  it("--dry-run lists what would go, each path on the state that the paths before it leave", async () => {
    const place = await copy()
    const args = ["rm", 'Corp_Asset="A1"', "Corp_Asset", ...place, "--dry-run"]
    assert.deepStrictEqual(
      await run(...args),
      printed(
        'would remove \\\\.\\root\\corp:Corp_Asset.Id="A1"',
        "would remove \\\\.\\root\\corp:Corp_Asset, with 1 class and 2 instances",
        '  \\\\.\\root\\corp:Corp_Asset.Id="A2"',
        "  \\\\.\\root\\corp:Corp_Laptop",
        '  \\\\.\\root\\corp:Corp_Laptop.Id="L1"'
      )
    )
    assert.strictEqual((await run("get", 'Corp_Asset="A1"', ...place)).status, 0)
  })

  it("a refusal does not end the run; --if-exists takes a missing object for done", async () => {
    const place = await copy()
    const { err, out, status } = await run("rm", "Corp_Nope", "__EventFilter", "Corp_Port", "--json", ...place)
    assert.match(err, /NotFound.*\n.*InvalidOperation/)
    assert.strictEqual(
      out,
      '{"removed":"\\\\\\\\.\\\\root\\\\corp:Corp_Port","namespaces":0,"classes":0,"instances":2,"with":["\\\\\\\\.\\\\root\\\\corp:Corp_Port.Host=\\"h\\",Number=10","\\\\\\\\.\\\\root\\\\corp:Corp_Port.Host=\\"h\\",Number=9"]}\n'
    )
    assert.strictEqual(status, 1)
    assert.deepStrictEqual(await run("rm", "Corp_Nope", "--if-exists", ...place), printed())
  })

  it("says that a world is in memory", async () => {
    const { err, out, status } = await inWorld("rm", 'Win32_Service="BITS"')
    assert.strictEqual(out, 'removed \\\\.\\root\\cimv2:Win32_Service.Name="BITS"\n')
    assert.match(err, /note: the world windows is in memory, so nothing of this is kept/)
    assert.strictEqual(status, 0)
  })

  it("lists of a computer find the same as the plan of an emulator", async () => {
    const world = Worlds.windows()
    for (
      const text of [
        "root\\cimv2:CIM_LogicalDevice",
        'root:__NAMESPACE.Name="cimv2"',
        'root\\cimv2:Win32_Service="BITS"'
      ]
    ) {
      const { namespace, path } = pathOf(text, memory, "root\\cimv2")
      const both = Effect.all([plannedDeletions()(path, namespace), listedDeletion(path, namespace)])
      const [planned, lists] = await Effect.runPromise(Effect.provide(both, Wmi.layerMemoryFrom(world)))
      assert.deepStrictEqual(lists.taken, planned.taken)
      assert.deepStrictEqual(lists.counts, planned.counts)
    }
  })
})

describe("export", () => {
  it("selects classes by patterns, with the classes above them", async () => {
    const { out } = await inCorp("export", "*laptop")
    assert.strictEqual(
      out,
      '#pragma namespace("\\\\\\\\.\\\\root")\n\ninstance of __NAMESPACE\n{\n\tName = "corp";\n};\n\n'
        + '#pragma namespace("\\\\\\\\.\\\\root\\\\corp")\n\nclass Corp_Asset\n{\n\t[key] string Id;\n\tuint64 Price = "3";\n'
        + "\tstring Note;\n\tCorp_Asset ref Peer;\n};\n\nclass Corp_Laptop : Corp_Asset\n{\n\tboolean Light;\n};\n\n"
        + 'instance of Corp_Laptop\n{\n\tId = "L1";\n\tLight = TRUE;\n\tPrice = "3";\n};\n\n'
    )
    const none = await inCorp("export", "Corp_Port", "Nope*")
    assert.deepStrictEqual([none.status, none.out], [1, ""])
    assert.strictEqual(none.err, "effect-wmi: error: Nope*: no class of root\\corp matches\n")
  })

  it("an instance comes after those that it refers to, and --classes-only leaves instances out", async () => {
    const names = [...(await inCorp("export")).out.matchAll(/Id = "(\w+)"/g)].map(([, id]) => id)
    assert.deepStrictEqual(names, ["A2", "A1", "L1"])
    assert.notInclude((await inCorp("export", "--classes-only")).out, 'Id = "')
    assert.include((await inCorp("export")).out, 'Name = "F"')
  })

  it("the system classes whose instances are exported are below those that are listed", () => {
    for (const namespace of ["root", "root\\cimv2"]) {
      const schema = schemaOf(namespace, [])
      const isListed = (name: string): boolean =>
        systemTops.some((top) => Snapshot.derivesFrom(Snapshot.empty(), namespace, name, top))
      assert.deepStrictEqual(storingSystemClasses(schema).filter((name) => !isListed(name)), [])
      assert.include(storingSystemClasses(schema), "__EventFilter")
    }
  })

  it("references in a circle keep every instance once", () => {
    const schema = schemaOf("root\\corp", Snapshot.classes(corp, "root\\corp"))
    const circle = ["A", "B", "C"].map((Id, i, all) =>
      Instance.make("Corp_Asset", { Id, Peer: `\\\\.\\root\\corp:Corp_Asset.Id="${all[(i + 1) % 3]}"` })
    )
    assert.deepStrictEqual(inOrder(circle, schema).map(({ values }) => values["Id"]), ["C", "B", "A"])
  })

  it("-o writes the file at once, packed for a name with .gz, and leaves no other", async () => {
    const out = join(mkdtempSync(join(folder, "out-")), "corp.mof.gz")
    const { out: line, status } = await inCorp("export", "--recurse", "-o", out)
    assert.deepStrictEqual([line, status], [`${out}: 4 classes and 7 instances of 2 namespaces\n`, 0])
    assert.strictEqual(gunzipSync(readFileSync(out)).toString(), (await inCorp("export", "--recurse")).out)
    assert.deepStrictEqual(readdirSync(join(out, "..")), ["corp.mof.gz"])
    assert.match((await inCorp("export", "-o", join(folder, "no", "file"))).err, /cannot be written/)
  })

  it("names an object that MOF cannot express, and writes the others", async () => {
    const filename = join(folder, "embedded.db")
    const Box = ClassDefinition.make("Box", { Id: Property.key("string"), What: Property.make("object") })
    const state = Snapshot.of(
      Box,
      Instance.make("Box", { Id: "a", What: ClassDefinition.make("Inner", {}) }),
      Instance.make("Box", { Id: "b" })
    )
    await Effect.runPromise(Effect.provide(Wmi.restore(state), Wmi.layer(Sqlite.layer({ filename }))))
    for (const form of [[], ["--json"]]) {
      const { err, out, status } = await run("export", "--store", filename, ...form)
      assert.match(err, /left out .*Box.*Inner/)
      assert.match(out, /"?Id"? ?[=:] ?"b"/)
      assert.strictEqual(status, 1)
    }
  })

  it("says that instances of providers are not exported", async () => {
    const filename = join(folder, "dynamic.db")
    const dynamic = Snapshot.of(ClassDefinition.make("Live", { Id: Property.key("string") }, {
      qualifiers: [Qualifier.make("dynamic"), Qualifier.make("provider", "P")]
    }))
    await Effect.runPromise(Effect.provide(Wmi.restore(dynamic), Wmi.layer(Sqlite.layer({ filename }))))
    const { err, status } = await run("export", "--store", filename)
    assert.match(err, /^effect-wmi: note: the instances of 1 class come from providers and are not exported\n/)
    assert.strictEqual(status, 0)
  })
})

const memory: Target = {
  kind: "memory",
  label: "memory",
  layer: Wmi.layerMemory,
  emulated: Wmi.layerMemory,
  computer: undefined
}
const far: Target = { ...memory, kind: "windows", label: "the computer win01", emulated: undefined, computer: "win01" }
const prefixed: Target = { ...far, computer: undefined }

describe("the name of a computer in a namespace or path", () => {
  it.each(["root\\corp", "root/corp", "\\\\.\\root\\corp", "//localhost/root/corp"])(
    "%s is of every target",
    (text) => {
      for (const target of [memory, far, prefixed]) assert.strictEqual(namespaceOf(text, target), "root\\corp")
    }
  )

  it("the name of --host is that of its target", () => {
    assert.strictEqual(namespaceOf("\\\\WIN01\\root\\corp", far), "root\\corp")
    assert.strictEqual(pathOf("\\\\WIN01\\root\\corp:A", far, "root").path.server, undefined)
  })

  it.each([
    [memory, "\\\\win01\\root\\corp", /names the computer win01$/],
    [far, "\\\\win02\\root\\corp", /names the computer win02$/],
    [prefixed, "\\\\win02\\root\\corp", /names the computer win02$/],
    [memory, "root\\corp:A", /root\\corp:A is no namespace/],
    [memory, "root\\", /at position/]
  ])("%# another name is an error and never dropped", (target, text, message) => {
    assert.throws(() => namespaceOf(text, target), message)
  })

  it("a store that does not exist is not made by reading", async () => {
    const missing = join(folder, "missing.db")
    await existingTarget({ store: missing }).then(() => assert.fail("it was opened"), () => undefined)
    assert.isFalse(existsSync(missing))
  })
})

describe("counts", () => {
  it.each([
    [counted(1, "class", "classes"), "1 class"],
    [counted(2, "class", "classes"), "2 classes"],
    [counted(0, "instance"), "0 instances"],
    [listed([]), ""],
    [listed(["a"]), "a"],
    [listed(["a", "b", "c"]), "a, b and c"]
  ])("%s", (text, expected) => assert.strictEqual(text, expected))
})

describe("the built command", () => {
  it("prints an instance of the world as MOF", () => {
    const bin = join(fileURLToPath(new URL("../..", import.meta.url)), "dist/bin/effect-wmi.js")
    const args = ["get", 'Win32_ComputerSystem.Name="DESKTOP-4F7Q2KB"', "--world", "windows"]
    const { stdout } = spawnSync(process.execPath, ["Deno" in globalThis ? ["run", "-A"] : [], bin, args].flat(), {
      encoding: "utf8"
    })
    assert.match(stdout, /^instance of Win32_ComputerSystem\n\{\n/)
  })
})
