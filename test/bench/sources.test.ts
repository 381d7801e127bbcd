/** Bench files over the sources of another checkout: what it does not have fails where it is used, and is named. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "vitest"

interface Bundled {
  readonly file: string
  readonly warnings: ReadonlyArray<string>
}

/** The script has no types of its own. */
const script = new URL("../../scripts/bundled.mjs", import.meta.url).href
const bundled = async (contents: string, folder: string, sources: string): Promise<Bundled> => {
  const { bundledText }: {
    readonly bundledText: (contents: string, options: Readonly<Record<string, string>>) => Promise<Bundled>
  } = await import(script)
  return bundledText(contents, { name: `bench-${names++}`, beside: "bench", folder, sources })
}
let names = 0

// esbuild starts a process of its own, which vitest under Deno and Bun does not need to try again.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("sources of another checkout", () => {
  let home: string

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "effect-wmi-bench-test-"))
    mkdirSync(join(home, "src/model"), { recursive: true })
    writeFileSync(join(home, "src/model/Instance.ts"), `export const make = () => "made there"\n`)
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))

  const run = async (
    contents: string
  ): Promise<{ readonly use: () => unknown; readonly warnings: ReadonlyArray<string> }> => {
    const { file, warnings } = await bundled(contents, home, home)
    const { use }: { readonly use: () => unknown } = await import(pathToFileURL(file).href)
    return { use, warnings }
  }

  it("are used in place of those of this one", async () => {
    const { use, warnings } = await run(
      `import * as Instance from "../src/model/Instance.ts"; export const use = () => Instance.make()`
    )
    assert.strictEqual(use(), "made there")
    assert.deepStrictEqual(warnings, [])
  })

  for (
    const [how, text] of [
      ["its whole", `import * as Wmi from "../src/Wmi.ts"; export const use = () => Wmi.snapshot`],
      ["a part", `import { snapshot } from "../src/Wmi.ts"; export const use = () => snapshot`]
    ] as const
  ) {
    it(`a module that is not there fails when something of it is used: ${how} imported`, async () => {
      const { use } = await run(text)
      assert.throws(use, "src/Wmi.ts does not exist there")
    })
  }

  it("an export that is not there is a warning where the whole module is imported", async () => {
    const { use, warnings } = await run(
      `import * as Instance from "../src/model/Instance.ts"; export const use = () => Instance.set()`
    )
    assert.lengthOf(warnings, 1)
    assert.match(warnings[0]!, /"set" will always be undefined/)
    assert.throws(use, TypeError)
  })

  it("an export that is not there is an error where it is imported by name", async () => {
    const refused = await bundled(
      `import { set } from "../src/model/Instance.ts"; export const use = () => set()`,
      home,
      home
    ).then(() => "bundled", (error: Error) => error.message)
    assert.match(refused, /No matching export in .*Instance\.ts" for import "set"/)
  })
})
