/** The pages for contributors name files, commands and rooms that exist. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { links } from "../spec/citations.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const text = (file: string): string => readFileSync(join(root, file), "utf8")
const scripts = (JSON.parse(text("package.json")) as { readonly scripts: Readonly<Record<string, string>> }).scripts

/** The anchors that headings of a page have. */
const anchors = (page: string): ReadonlySet<string> =>
  new Set(
    [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!.toLowerCase().replace(/[^\w\s-]/g, "").replaceAll(" ", "-")
    )
  )

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

    it("its links lead to files and headings", () => {
      for (const [file, anchor] of links(text(page))) {
        const target = file === "" ? page : join(page, "..", file)
        assert.isTrue(existsSync(join(root, target)), file)
        if (anchor !== undefined) assert.include([...anchors(target)], anchor, `${file}#${anchor}`)
      }
    })
  })
}

it("the table of floors has every room of src", () => {
  const rooms = readdirSync(join(root, "src"))
  const [, table] = /## Floors and rooms\n([^]*?)\n## /.exec(text("docs/architecture.md"))!
  const isListed = (room: string): boolean => table!.includes(`\`${room.endsWith(".ts") ? room : `${room}/`}\``)
  assert.deepStrictEqual(rooms.filter((room) => !isListed(room)), [])
})
