/** The pages link to files and headings that exist, and name members of modules that exist; those for contributors name files and rooms. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { links } from "../spec/citations.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const text = (file: string): string => readFileSync(join(root, file), "utf8")
const scripts = (JSON.parse(text("package.json")) as { readonly scripts: Readonly<Record<string, string>> }).scripts

/** The anchors of a page: those of its headings, and those that it sets itself. */
const anchors = (page: string): ReadonlySet<string> => {
  const prose = text(page).replace(/^```[^]*?^```/gm, "")
  const headings = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!.replace(/<[^>]*>/g, "").toLowerCase().replace(/[^\w\s-]/g, "").replaceAll(" ", "-")
  )
  return new Set([...headings, ...[...prose.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id!)])
}

for (const page of ["CONTRIBUTING.md", "docs/architecture.md"]) {
  describe(page, () => {
    it("names files that exist, from the root or from src", () => {
      const files = [...text(page).matchAll(/`([\w.-]+(?:\/[\w.*-]+)+)`/g)].map(([, file]) => file!)
        .filter((file) => /\.(ts|mjs|json|md)$/.test(file) && !file.includes("NAME"))
      assert.isNotEmpty(files)
      const missing = files.filter((file) => !existsSync(join(root, file)) && !existsSync(join(root, "src", file)))
      assert.deepStrictEqual(missing, [])
    })

    it("names commands that exist", () => {
      const commands = [...text(page).matchAll(/npm run ([\w:-]+)/g)].map(([, command]) => command!)
      assert.isNotEmpty(commands)
      const missing = commands.filter((command) => scripts[command] === undefined)
      assert.deepStrictEqual(missing, [])
    })
  })
}

const inFolder = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder)).filter((file) => file.endsWith(".md")).map((file) => `${folder}/${file}`)

const written = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...inFolder("docs"), ...inFolder("docs/spec")]
for (const page of written) {
  it(`${page} links to files and headings that exist`, () => {
    const lost = links(text(page)).filter(([file, anchor]) => {
      const target = file === "" ? page : join(page, "..", file)
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchors(target).has(anchor))
    })
    assert.deepStrictEqual(lost.map(([file, anchor]) => anchor === undefined ? file : `${file}#${anchor}`), [])
  })
}

it("docs/README.md links to every page", () => {
  const linked = links(text("docs/README.md")).map(([file]) => `docs/${file}`)
  assert.deepStrictEqual(inFolder("docs").filter((page) => page !== "docs/README.md" && !linked.includes(page)), [])
})

/** Name of a module → its file, for the modules of the root and of the subpaths. */
const modules = new Map([...text("mod.ts").matchAll(/^export \* as (\w+) from "\.\/(src\/.+)"$/gm)].map((
  [, name, file]
) => [name!, file!]))
const subpaths: Readonly<Record<"apart" | "areas", Readonly<Record<string, string>>>> = JSON.parse(
  text("scripts/subpaths.json")
)
for (const file of [...Object.values(subpaths.apart), ...Object.values(subpaths.areas)]) {
  modules.set(basename(file, ".ts"), file)
  for (const [, name, merged] of text(file).matchAll(/export \* as (\w+) from "\.\.\/(.+)"/g)) {
    modules.set(name!, `src/${merged}`)
  }
}

/** The source of a module, with that of the modules whose members it exports as its own. */
const sourceOf = (file: string): string =>
  [
    text(file),
    ...[...text(file).matchAll(/^export \* from "(.+)"$/gm)].map(([, from]) => text(join(file, "..", from!)))
  ]
    .join("\n")

for (const page of written.filter((page) => page !== "CHANGELOG.md")) {
  it(`${page} names members that its modules have`, () => {
    const unknown = [...text(page).matchAll(/(?<![\w."'/\\])([A-Z]\w+)\.(\w+)/g)].filter(([, module, member]) =>
      modules.has(module!) && member !== "ts" && !new RegExp(`\\b${member}\\b`).test(sourceOf(modules.get(module!)!))
    )
    assert.deepStrictEqual(unknown.map(([name]) => name), [])
  })
}

it("the table of floors has every room of src", () => {
  const rooms = readdirSync(join(root, "src"))
  const [, table] = /## Floors and rooms\n([^]*?)\n## /.exec(text("docs/architecture.md"))!
  const isListed = (room: string): boolean => table!.includes(`\`${room.endsWith(".ts") ? room : `${room}/`}\``)
  assert.deepStrictEqual(rooms.filter((room) => !isListed(room)), [])
})
