// Writes the subpaths of package.json and deno.json from scripts/subpaths.json: modules of mod.ts, modules that mod.ts does not carry
// because of their weight, and areas: one module, or several merged in src/entry. A test keeps the files equal. It also writes the
// fields of package.json that name the repository.
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** The address of the repository, such as `https://host/owner/effect-wmi`. The project has none yet; this is the one place for it. */
const address = undefined

const root = fileURLToPath(new URL("..", import.meta.url))
const listed = new Map(
  [...readFileSync(`${root}mod.ts`, "utf8").matchAll(/^export \* as (\w+) from "(\.\/src\/[\w/]+\.ts)"$/gm)]
    .map(([, name, file]) => [name, file])
)
const { apart, areas, modules: own } = JSON.parse(readFileSync(`${root}scripts/subpaths.json`, "utf8"))
const modules = [
  ...own.map((name) => [name, listed.get(name)]),
  ...Object.entries(apart),
  ...Object.entries(areas)
].sort(([a], [b]) => a < b ? -1 : 1)

const { devDependencies, peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"))

/** What the imports of deno.json map: the peers, and what `effect-wmi/windows` needs on every runtime. */
const packages = {
  ...peerDependencies,
  "@effect/platform-node-shared": `^${devDependencies["@effect/platform-node-shared"]}`
}

const edit = (file, change) => {
  const json = JSON.parse(readFileSync(root + file, "utf8"))
  change(json)
  writeFileSync(root + file, JSON.stringify(json, null, 2) + "\n")
}
edit("package.json", (json) => {
  if (address !== undefined) {
    json.repository = { type: "git", url: `git+${address}.git` }
    json.homepage = `${address}#readme`
    json.bugs = { url: `${address}/issues` }
  }
  const built = (file) => `./dist/${file.slice(2).replace(/\.ts$/, "")}`
  json.exports = Object.fromEntries([
    [".", { types: "./dist/mod.d.ts", default: "./dist/mod.js" }],
    ...modules.map(([name, file]) => [`./${name}`, { types: `${built(file)}.d.ts`, default: `${built(file)}.js` }]),
    ["./package.json", "./package.json"]
  ])
})
edit("deno.json", (json) => {
  json.exports = Object.fromEntries([[".", "./mod.ts"], ...modules.map(([name, file]) => [`./${name}`, file])])
  json.imports = Object.fromEntries([
    // The second entry makes deno.json an import map of a project besides, where the first does not lead to the modules of a package.
    ...Object.entries(packages).flatMap(([name, range]) => [
      [name, `npm:${name}@${range}`],
      [`${name}/`, `npm:/${name}@${range}/`]
    ]),
    ["effect-wmi", "./mod.ts"],
    ...modules.map(([name, file]) => [`effect-wmi/${name}`, file])
  ])
})
