/** The code blocks of docs/classes.md are one program: it compiles, and it runs. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "vitest"
import { compile, load, remove, root, write } from "./modules.ts"

const page = readFileSync(join(root, "docs/classes.md"), "utf8")
const blocks = [...page.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code!)

// The compiler and esbuild give the same result whichever runtime starts them, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("the program of docs/classes.md", () => {
  afterAll(() => remove("page"))
  const at = write("page", { "page.mts": blocks.join("\n") })

  it("has no type error", () => {
    assert.isAtLeast(blocks.length, 9)
    assert.strictEqual(compile(at), "")
  }, 60_000)

  it("runs", async () => {
    await load(at, "page")
  })
})

describe("docs/classes.md", () => {
  it("has a heading for each link, and a file", () => {
    const headings = new Set(
      [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) =>
        heading!.toLowerCase().replace(/[^\w\s-]/g, "").replaceAll(" ", "-")
      )
    )
    const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor!)
    assert.isNotEmpty(links)
    assert.deepStrictEqual(links.filter((anchor) => !headings.has(anchor)), [])
  })
})
