/**
 * Every `@example` of src is a program: its types are checked by one run of the compiler, and it runs to its end without an error.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Program, programs, root, type Runs } from "./programs.ts"

/**
 * How many exported values must have an example, by module: at least a number, or all of them.
 *
 * An exported value is a `const`, a `function` or a `class` that is not marked `@internal`.
 */
const required: Readonly<Record<string, number | "all">> = {
  "src/Wmi.ts": "all",
  "src/pipeline/PutAsync.ts": "all",
  "src/typed/WmiClass.ts": "all",
  "src/typed/fields.ts": 10,
  "src/pipeline/BulkPut.ts": "all",
  "src/pipeline/PutSink.ts": "all",
  "src/pipeline/PutValidator.ts": "all",
  "src/pipeline/Telemetry.ts": 2,
  "src/mof/Mof.ts": "all",
  "src/engine/state/Snapshot.ts": 11,
  "src/emulator/NamespaceStore.ts": "all",
  "src/emulator/providers/InstanceProvider.ts": "all",
  "src/windows/PowerShellRepository.ts": "all",
  "src/model/ClassDefinition.ts": "all",
  "src/model/Instance.ts": "all",
  "src/model/Property.ts": "all",
  "src/model/Qualifier.ts": 6,
  "src/model/Method.ts": "all",
  "src/model/ObjectPath.ts": 7,
  "src/model/NamedValueSet.ts": 5,
  "src/protocol/PutRequest.ts": "all",
  "src/testing/Fault.ts": 3,
  "src/testing/WmiTest.ts": 8,
  "src/testing/CallLog.ts": 1,
  "src/testing/CallRecording.ts": 2,
  "src/worlds/Worlds.ts": "all"
}

interface Source {
  readonly file: string
  readonly examples: ReadonlyArray<Program>
  /** The exported values without an example. */
  readonly without: ReadonlyArray<string>
}

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(file) : file.endsWith(".ts") ? [file] : []
  })

const docComment =
  /^([ ]*)\/\*\*((?:(?!\*\/)[^])*)\*\/\n[ ]*(?:export (?:declare )?(const|function\*?|class|\w+) (\w+))?/gm

const blocksOf = (comment: string): ReadonlyArray<string> => {
  const lines = comment.split("\n").map((line) => line.replace(/^ *\* ?/, "")).join("\n")
  return [...lines.matchAll(/^@example\n+```ts\n([^]*?)^```/gm)].map(([, code]) => code!)
}

/** The examples of a file, and the exported values that lack one. An example is made of a comment and the export that follows it. */
const read = (file: string, text: string): Source => {
  const examples: Array<Program> = []
  const withExample = new Set<string>()
  const internal = new Set<string>()
  for (const [, , comment = "", , symbol] of text.matchAll(docComment)) {
    if (symbol !== undefined && comment.includes("@internal")) internal.add(symbol)
    for (const code of blocksOf(comment)) {
      if (symbol !== undefined) withExample.add(symbol)
      examples.push({
        title: symbol === undefined ? file : `${file}: ${symbol}`,
        name: `${file.slice("src/".length, -".ts".length).replaceAll("/", ".")}.${examples.length + 1}`,
        code
      })
    }
  }
  const values = [...text.matchAll(/^export (?:const|function\*?|class) (\w+)/gm)].map(([, symbol]) => symbol!)
  return {
    file,
    examples,
    without: [...new Set(values)].filter((symbol) => !withExample.has(symbol) && !internal.has(symbol))
  }
}

const sources = filesBelow("src").map((file) => read(file, readFileSync(join(root, file), "utf8")))
const examples = sources.flatMap((source) => source.examples)
const { remove, run, typeErrors, write } = programs("docExamples")

// The compiler and esbuild give the same result whichever runtime starts them, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("the examples of the documentation comments", () => {
  let types: ReadonlyMap<string, string>
  let runs: Runs
  beforeAll(async () => {
    write(examples)
    types = typeErrors(examples)
    runs = await run(examples.filter(({ name }) => !types.has(name)))
  }, 180_000)

  for (const { name, title } of examples) {
    it(`${title} (${name.split(".").at(-1)}) has no type error and runs`, () => {
      assert.strictEqual(types.get(name) ?? "", "")
      assert.strictEqual(runs.errors[name] ?? "", "")
    })
  }

  it("the compiler reports nothing else", () => assert.strictEqual(types.get("the compiler") ?? "", ""))
  it("they end by themselves and leave no files", () => {
    assert.isTrue(runs.ended, "something kept the process alive")
    assert.deepStrictEqual(runs.leftFiles, [])
  })

  for (const [file, count] of Object.entries(required)) {
    it(`${file} has ${count === "all" ? "an example for each exported value" : `at least ${count} examples`}`, () => {
      const source = sources.find((one) => one.file === file)
      assert.isDefined(source)
      if (count === "all") assert.deepStrictEqual(source!.without, [])
      else assert.isAtLeast(source!.examples.length, count, `without an example: ${source!.without.join(", ")}`)
    })
  }
})

// These run the compiler and esbuild too, so Node alone runs them.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("the reader of examples", () => {
  const text = (code: string): string =>
    [
      "/**",
      " * A value.",
      " *",
      " * @example",
      " * ```ts",
      ...code.split("\n").map((line) => ` * ${line}`),
      " * ```",
      " */"
    ]
      .join("\n")
  const of = (code: string): Program => read("src/some/File.ts", `${text(code)}\nexport const value = 1\n`).examples[0]!

  afterAll(remove)

  it("finds the code, the export that follows, and the exports without an example", () => {
    const { examples: found, without } = read(
      "src/some/File.ts",
      `${
        text("const a = 1\n\nconst b = a")
      }\nexport const value = 1\n\n/** @internal */\nexport const other = 2\n\nexport const third = 3\n`
    )
    assert.deepStrictEqual(found, [{
      title: "src/some/File.ts: value",
      name: "some.File.1",
      code: "const a = 1\n\nconst b = a\n"
    }])
    assert.deepStrictEqual(without, ["third"])
  })

  it("an example with a type error, one with a name that no module exports, and one that throws fail", async () => {
    const wrong = [
      { ...of("const a: string = 1"), name: "type" },
      { ...of('import { Nothing } from "effect-wmi"\nconsole.log(Nothing)'), name: "name" },
      { ...of('throw new Error("thrown")'), name: "throws" },
      {
        ...of(
          'import { Wmi } from "effect-wmi"\nimport * as assert from "node:assert/strict"\nassert.ok(Wmi.layerMemory)'
        ),
        name: "right"
      }
    ]
    write(wrong)
    const types = typeErrors(wrong)
    assert.deepStrictEqual([...types.keys()].sort(), ["name", "type"])
    const { ended, errors, leftFiles } = await run(wrong.filter(({ name }) => name !== "name"))
    assert.deepStrictEqual(Object.keys(errors), ["throws"])
    assert.match(errors["throws"]!, /thrown[^]*throws\.mts/)
    assert.isTrue(ended)
    assert.deepStrictEqual(leftFiles, [])
  })
})
