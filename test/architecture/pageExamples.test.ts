/**
 * Every block of TypeScript of the README and of the pages of docs is a copy of a file that is tested where it stands, or a program that is
 * compiled and run. What is above a block says which: `<!-- examples/script.ts -->`, `<!-- not run: … -->`, or nothing.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { transform } from "esbuild"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Block, blocks, blocksIn, codeLines } from "./pageBlocks.ts"
import { type Program, programs, root, type Runs } from "./programs.ts"

/** Pages whose blocks are tested elsewhere: `classes.md` is one program, `worlds.md` has the examples of its module. */
const elsewhere: Readonly<Record<string, string>> = {
  "docs/classes.md": "test/typed/page.test.ts",
  "docs/worlds.md": "test/worlds/page.test.ts"
}

/** Pages for contributors, whose blocks are outlines of interfaces: the syntax is checked. */
const outlines: ReadonlyArray<string> = ["docs/architecture.md", "docs/powershell-host.md"]

const typescript = blocks.filter(({ language, page }) => language === "ts" && elsewhere[page] === undefined)
const copies = typescript.filter(({ mark }) => mark?.startsWith("examples/") === true)
const outlined = typescript.filter(({ page }) => outlines.includes(page))
const own = typescript.filter((block) => !copies.includes(block) && !outlined.includes(block))
const isRun = ({ mark }: Block): boolean => mark === undefined

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]
  )

const titleOf = ({ line, page }: Block): string => `${page}:${line}`
const programOf = (block: Block): Program => ({
  title: titleOf(block),
  name: titleOf(block).replace(/[/:]/g, "."),
  code: block.code
})

describe("the blocks of TypeScript", () => {
  it("have a mark that says what they are, or none", () => {
    assert.deepStrictEqual(
      own.filter(({ mark }) => mark !== undefined && !/^not run: .{10,}/.test(mark)).map(titleOf),
      []
    )
  })

  it("of pages that are tested elsewhere have a test there", () => {
    for (const [page, test] of Object.entries(elsewhere)) assert.include(readFileSync(join(root, test), "utf8"), page)
  })

  for (const block of copies) {
    it(`${titleOf(block)} is ${block.mark}`, () => {
      assert.isTrue(existsSync(join(root, block.mark!)), "there is no such file")
      assert.strictEqual(block.code, readFileSync(join(root, block.mark!), "utf8"), "run npm run readme")
    })
  }

  it("are read with their mark, line and code", () => {
    const text = "# A\n\n<!-- not run: why -->\n```ts\na\n```\n\n```sh\nb\nc\n```\n"
    assert.deepStrictEqual(blocksIn("a.md", text), [
      { page: "a.md", line: 5, language: "ts", code: "a\n", mark: "not run: why" },
      { page: "a.md", line: 9, language: "sh", code: "b\nc\n", mark: undefined }
    ])
    assert.strictEqual(codeLines("// a\n\nb // c\n  // d\n  e\n"), 2)
  })
})

// The compiler and esbuild give the same result whichever runtime starts them, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("the programs of the pages", () => {
  const { remove, run, typeErrors, write } = programs("pages")
  let types: ReadonlyMap<string, string>
  let runs: Runs
  afterAll(remove)
  beforeAll(async () => {
    write(own.map(programOf))
    types = typeErrors(own.map(programOf))
    runs = await run(own.filter(isRun).map(programOf).filter(({ name }) => !types.has(name)))
  }, 180_000)

  for (const block of own) {
    const { name, title } = programOf(block)
    it(`${title} ${isRun(block) ? "has no type error and runs" : "has no type error"}`, () => {
      assert.strictEqual(types.get(name) ?? "", "")
      assert.strictEqual(runs.errors[name] ?? "", "")
    })
  }

  it("the compiler reports nothing else, and the programs end by themselves", () => {
    assert.strictEqual(types.get("the compiler") ?? "", "")
    assert.isTrue(runs.ended, "something kept the process alive")
  })

  for (const block of outlined) {
    it(`${titleOf(block)} is TypeScript`, async () => {
      await transform(block.code, { loader: "ts" })
    })
  }
})

describe("the outlines of interfaces in docs/architecture.md", () => {
  const sources = filesBelow("src").map((file) => readFileSync(join(root, file), "utf8"))
  const interfaces = outlined.filter(({ page }) => page === "docs/architecture.md").flatMap(({ code }) =>
    [...code.matchAll(/^interface (\w+)[^\n]*\{(?:\n([^]*?)^\}| ([^\n]*) \})$/gm)].map(([, name, lines, line]) => ({
      name: name!,
      members: [...(lines ?? `  ${line}`).matchAll(/^ {2}readonly (\w+)/gm)].map(([, member]) => member!)
    }))
  )

  it("are found", () => assert.isAbove(interfaces.length, 5))

  for (const { members, name } of interfaces) {
    it(`${name} has these members`, () => {
      const found = sources.filter((text) => new RegExp(`interface ${name}\\b`).test(text))
      assert.isNotEmpty(found, `no source has an interface ${name}`)
      const missing = members.filter((member) => !found.some((text) => new RegExp(`\\b${member}\\b`).test(text)))
      assert.deepStrictEqual(missing, [])
    })
  }
})
