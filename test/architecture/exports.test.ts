/** The entry points of mod.ts, package.json and deno.json agree, and every public module has one. `docs/services.md` has every file of its example. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import * as library from "../../mod.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const text = (file: string): string => readFileSync(join(root, file), "utf8")
const json = (file: string): Record<string, Record<string, unknown>> => JSON.parse(text(file)) as never

const listed = [...text("mod.ts").matchAll(/^export \* as (\w+) from "\.\/(src\/[\w/]+)\.ts"$/gm)].map((
  [, name, file]
) => [name!, file!] as const)
const subpaths: {
  readonly modules: ReadonlyArray<string>
  readonly apart: Readonly<Record<string, string>>
  readonly areas: Readonly<Record<string, string>>
} = JSON.parse(text("scripts/subpaths.json"))

/** Entry point → file without its extension. */
const modules = [
  ...subpaths.modules.map((name) => [name, new Map(listed).get(name)!] as const),
  ...Object.entries(subpaths.apart).map(([name, file]) => [name, file.slice(2, -3)] as const),
  ...Object.entries(subpaths.areas).map(([name, file]) => [name, file.slice(2, -3)] as const)
].sort(([a], [b]) => a < b ? -1 : 1)

/** The files that the areas export from, without their extension. */
const mergedAreas = Object.values(subpaths.areas).filter((file) => file.startsWith("./src/entry/"))
const ofAreas = mergedAreas.flatMap((entry) =>
  [...text(entry).matchAll(/from "\.\.\/([\w/]+)\.ts"/g)].map(([, file]) => `src/${file}`)
)

const publicFiles = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? ["cli", "delivery", "rules"].includes(entry.name) ? [] : publicFiles(join(folder, entry.name))
      : /^[A-Z]\w*\.ts$/.test(entry.name)
      ? [join(folder, entry.name).slice(0, -3)]
      : []
  )

describe("exports", () => {
  it("package.json has every entry point", () => {
    const expected = Object.fromEntries([
      [".", { types: "./dist/mod.d.ts", default: "./dist/mod.js" }],
      ...modules.map(([name, file]) => [`./${name}`, { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` }]),
      ["./package.json", "./package.json"]
    ])
    assert.deepStrictEqual(json("package.json")["exports"], expected)
  })

  it("deno.json has the same", () => {
    const expected = Object.fromEntries([
      [".", "./mod.ts"],
      ...modules.map(([name, file]) => [`./${name}`, `./${file}.ts`])
    ])
    assert.deepStrictEqual(json("deno.json")["exports"], expected)
    for (const [name, file] of modules) {
      assert.strictEqual(json("deno.json")["imports"]![`effect-wmi/${name}`], `./${file}.ts`)
    }
  })

  it("every file with a capital letter is exported by mod.ts, by an entry point of its own or by an area", () => {
    const reachable = new Set([...listed.map(([, file]) => file), ...modules.map(([, file]) => file), ...ofAreas])
    assert.deepStrictEqual(publicFiles("src").filter((file) => !reachable.has(file)), [])
    for (const [name, file] of listed) assert.strictEqual(file.split("/").at(-1), name)
  })

  it("there are at most 45 entry points besides the root", () => {
    assert.isAtMost(modules.length, 45)
  })

  it("every file of src/entry is listed as an area", () => {
    assert.deepStrictEqual(
      readdirSync(join(root, "src/entry")).map((file) => file.slice(0, -3)).sort(),
      mergedAreas.map((file) => file.slice("./src/entry/".length, -3)).sort()
    )
  })

  it("the root exports every module that mod.ts lists", () => {
    for (const [name] of listed) assert.isDefined((library as Record<string, unknown>)[name], name)
  })
})

describe("docs/services.md", () => {
  const page = text("docs/services.md")
  const blocks = [...page.matchAll(/<!-- (examples\/\S+) -->\n```ts\n([\s\S]*?)```/g)]

  it("its code blocks are the files of the service, each once and unchanged", () => {
    const files = readdirSync(join(root, "examples/http-service")).map((file) => `examples/http-service/${file}`)
    assert.deepStrictEqual(blocks.map(([, file]) => file!).sort(), files.sort())
    assert.strictEqual(page.match(/```ts/g)?.length, blocks.length)
    for (const [, file, block] of blocks) assert.strictEqual(block, text(file!), file!)
  })
})
