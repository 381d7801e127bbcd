/** The package as others install it: no script runs when it is installed, and its pages link to files that are in it. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { links } from "../spec/citations.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const text = (file: string): string => readFileSync(join(root, file), "utf8")

const npm: {
  readonly files: ReadonlyArray<string>
  readonly scripts: Readonly<Record<string, string>>
  readonly repository?: { readonly url: string }
  readonly homepage?: string
  readonly bugs?: { readonly url: string }
} = JSON.parse(text("package.json"))
const jsr: { readonly include: ReadonlyArray<string>; readonly exclude: ReadonlyArray<string> } =
  JSON.parse(text("deno.json")).publish

/** Whether a file is one of the entries or lies below one. */
const isListed = (entries: ReadonlyArray<string>, file: string): boolean =>
  entries.some((entry) => file === entry || file.startsWith(`${entry}/`))

const registries: Readonly<Record<string, (file: string) => boolean>> = {
  npm: (file) =>
    isListed(npm.files.filter((entry) => !entry.startsWith("!")), file)
    && !isListed(npm.files.filter((entry) => entry.startsWith("!")).map((entry) => entry.slice(1)), file),
  JSR: (file) => isListed(jsr.include, file) && !isListed(jsr.exclude, file)
}

const pages = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name)
    if (entry.isDirectory()) return folder === "." && entry.name !== "docs" ? [] : pages(file)
    return file.endsWith(".md") ? [file] : []
  })

describe("package.json", () => {
  it("has no script that npm runs when the package is installed", () => {
    const installScripts = [
      "preinstall",
      "install",
      "postinstall",
      "prepublish",
      "preprepare",
      "prepare",
      "postprepare"
    ]
    assert.deepStrictEqual(installScripts.filter((name) => name in npm.scripts), [])
  })

  it("builds the command after an installation in a clone, and everything before the package is packed", () => {
    assert.include(npm.scripts["dependencies"], "build-bin")
    assert.strictEqual(npm.scripts["prepack"], "npm run build")
  })

  it("has repository, homepage and bugs of one address, or none of the three", () => {
    const address = npm.repository?.url.replace(/^git\+/, "").replace(/\.git$/, "")
    assert.strictEqual(npm.homepage, address === undefined ? undefined : `${address}#readme`)
    assert.strictEqual(npm.bugs?.url, address === undefined ? undefined : `${address}/issues`)
  })
})

for (const [registry, isPacked] of Object.entries(registries)) {
  it(`the pages of the package on ${registry} link to files that are in it`, () => {
    const packed = pages(".").filter(isPacked)
    assert.includeMembers([...packed], [
      "README.md",
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "docs/faithful.md",
      "docs/spec/mof.md"
    ])
    const dead = packed.flatMap((page) =>
      links(text(page)).map(([file]) => (file === "" ? page : join(page, "..", file)).replace(/\/$/, ""))
        .filter((file) => !existsSync(join(root, file)) || !isPacked(file)).map((file) => `${page} -> ${file}`)
    )
    assert.deepStrictEqual(dead, [])
  })
}

it("mod.ts and the entry of the engine say in one line what each module is", () => {
  for (const file of ["mod.ts", "src/entry/engine.ts"]) {
    const lines = text(file).split("\n")
    const modules = lines.flatMap((line, index) => line.startsWith("export * as ") ? [index] : [])
    assert.isNotEmpty(modules)
    assert.deepStrictEqual(
      modules.filter((index) => !/^\/\*\* .+\. \*\/$/.test(lines[index - 1]!)).map((index) => lines[index]),
      []
    )
  }
})
