/**
 * Every `@example` of src is a program: its types are checked by one run of the compiler, and it runs to its end without an error.
 *
 * The examples are written into `node_modules/.cache`, where the package's own name leads to the sources through the exports of
 * `deno.json`.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { afterAll, assert, beforeAll, describe, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const cache = join(root, "node_modules/.cache/effect-wmi/docExamples")
const entryPoints = (JSON.parse(readFileSync(join(root, "deno.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, string>>
}).exports

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

interface Example {
  /** `src/model/ClassDefinition.ts: make`, or the file alone where the comment is that of the file. */
  readonly title: string
  /** Of the extracted file, without its extension. */
  readonly name: string
  readonly code: string
}

interface Source {
  readonly file: string
  readonly examples: ReadonlyArray<Example>
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
  const examples: Array<Example> = []
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

/**
 * Pages whose blocks of TypeScript are examples too. A block whose first line is a comment with the path of a file is a copy of that file,
 * which is tested where it stands.
 */
const pages = ["docs/testing.md"]

const blocksOfPage = (page: string): ReadonlyArray<string> =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code!)

const copied = (code: string): string | undefined => /^\/\/ (examples\/\S+)\n/.exec(code)?.[1]

const pageExamples = pages.flatMap((page) =>
  blocksOfPage(page).filter((code) => copied(code) === undefined).map((code, i): Example => ({
    title: page,
    name: `${page.replaceAll("/", ".")}.${i + 1}`,
    code
  }))
)

const sources = filesBelow("src").map((file) => read(file, readFileSync(join(root, file), "utf8")))
const examples = [...sources.flatMap((source) => source.examples), ...pageExamples]

const write = (all: ReadonlyArray<Example>): void => {
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  for (const { code, name } of all) writeFileSync(join(cache, `${name}.mts`), code)
}

/** Name of an example → what the compiler says about it. */
const typeErrors = (all: ReadonlyArray<Example>): ReadonlyMap<string, string> => {
  const paths = Object.fromEntries(
    Object.entries(entryPoints).map(([subpath, file]) => [`effect-wmi${subpath.slice(1)}`, [join(root, file)]])
  )
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: { noUnusedLocals: false, paths },
    include: [],
    files: all.map(({ name }) => `${name}.mts`)
  }
  writeFileSync(join(cache, "tsconfig.json"), JSON.stringify(config))
  const compiler = join(root, "node_modules/typescript/bin/tsc")
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", cache, "--pretty", "false"], {
    cwd: cache,
    encoding: "utf8"
  })
  const errors = new Map<string, string>()
  let name = "the compiler"
  for (const line of stdout.split("\n").filter((text) => text !== "")) {
    // Further lines of an error are indented.
    if (/^\S/.test(line)) name = /^(?:[^(]*[\\/])?([^\\/(]+)\.mts\(/.exec(line)?.[1] ?? "the compiler"
    errors.set(name, `${errors.get(name) ?? ""}${line}\n`)
  }
  if (status !== 0 && errors.size === 0) errors.set(name, `it ended with status ${status}`)
  return errors
}

interface Runs {
  /** Name of an example → the error that it threw. */
  readonly errors: Readonly<Record<string, string>>
  /** False: something kept the process alive. */
  readonly ended: boolean
  readonly leftFiles: ReadonlyArray<string>
}

const runner = `
import { readFileSync, writeFileSync } from "node:fs"
const [folder, ...names] = process.argv.slice(2)
const errors = {}
for (const name of names) {
  try { await import(\`file://\${folder}/\${name}.mjs\`) } catch (error) { errors[name] = String(error?.stack ?? error) }
}
writeFileSync(\`\${folder}/errors.json\`, JSON.stringify(errors))
`

/** Runs the examples one after another in one process, whose working folder is an empty one. */
const run = async (all: ReadonlyArray<Example>): Promise<Runs> => {
  await build({
    absWorkingDir: cache,
    entryPoints: all.map(({ name }) => ({ in: `${name}.mts`, out: name })),
    outdir: cache,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    sourcemap: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error",
    plugins: [{
      name: "sources",
      setup: (plugin) =>
        plugin.onResolve({ filter: /^effect-wmi(\/|$)/ }, ({ path }) => {
          const file = entryPoints[path.replace("effect-wmi", ".")]
          return file === undefined ? { errors: [{ text: `${path} is no entry point` }] } : { path: join(root, file) }
        })
    }]
  })
  writeFileSync(join(cache, "runner.mjs"), runner)
  const folder = mkdtempSync(join(tmpdir(), "effect-wmi-examples-"))
  try {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--enable-source-maps", "--no-warnings", join(cache, "runner.mjs"), cache, ...all.map(({ name }) => name)],
      { cwd: folder, encoding: "utf8", timeout: 120_000 }
    )
    if (status !== 0 && status !== null) throw new Error(`the examples ended with status ${status}: ${stderr}`)
    const errors = JSON.parse(readFileSync(join(cache, "errors.json"), "utf8")) as Record<string, string>
    return { errors, ended: status === 0, leftFiles: readdirSync(folder) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

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

  for (const page of pages) {
    it(`${page} has examples, and its copies of files are equal to them`, () => {
      const blocks = blocksOfPage(page)
      assert.isAbove(blocks.length, 5)
      for (const code of blocks) {
        const file = copied(code)
        if (file !== undefined) assert.strictEqual(code.replace(/^.*\n/, ""), readFileSync(join(root, file), "utf8"))
      }
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
  const of = (code: string): Example => read("src/some/File.ts", `${text(code)}\nexport const value = 1\n`).examples[0]!

  afterAll(() => rmSync(cache, { recursive: true, force: true }))

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
