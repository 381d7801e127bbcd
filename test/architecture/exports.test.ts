/** The entry points of mod.ts, package.json and deno.json agree, and every public module has one. The README's code, links and versions are right. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
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

describe("README", () => {
  const readme = text("README.md")
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block!)

  it("its code blocks are files of examples, unchanged", () => {
    const examples = readdirSync(join(root, "examples")).filter((file) => file.endsWith(".ts"))
      .map((file) => text(`examples/${file}`))
    assert.isAbove(blocks.length, 2)
    for (const block of blocks) assert.include(examples, block)
  })

  it("the packages that it installs have the versions that package.json requires", () => {
    const { devDependencies, peerDependencies } = json("package.json")
    const required: Record<string, unknown> = { ...devDependencies, ...peerDependencies }
    const installed = [...readme.matchAll(/npm install (.*)$/gm)].flatMap(([, line]) => [
      ...line!.matchAll(/(?<= |^)(@?[\w/-]+)@(\d[\d.]*)/g)
    ])
    assert.includeMembers(installed.map(([, name]) => name!), ["effect", ...Object.keys(peerDependencies!)])
    for (const [, name, version] of installed) {
      assert.match(String(required[name!]), new RegExp(`^\\^?${version!.replace(".", "\\.")}\\.`), name)
    }
  })

  it("its links lead to files", () => {
    for (const [, link] of readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)) {
      assert.isTrue(existsSync(join(root, link!)), link)
    }
  })

  it("CI runs its first command", () => {
    const [, command] = /```sh\n(npm ci && [^\n]+)\n/.exec(readme) ?? []
    assert.isDefined(command)
    assert.include(text(".ci/run"), command!.replace("npm ci && ", ""))
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

  it("its links lead to files and headings", () => {
    for (const [, link] of page.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [file, anchor] = link!.split("#")
      if (file !== "") assert.isTrue(existsSync(join(root, "docs", file!)), link)
      else {
        const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
          heading!.toLowerCase().replaceAll(" ", "-")
        )
        assert.include(anchors, anchor)
      }
    }
  })
})
