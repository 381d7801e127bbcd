// Writes the subpaths of package.json and deno.json from the modules that mod.ts lists. A test keeps the three equal.
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const listed = [
  ...readFileSync(`${root}mod.ts`, "utf8").matchAll(/^export \* as (\w+) from "(\.\/src\/[\w/]+\.ts)"$/gm)
]
  .map(([, name, file]) => [name, file])
// Modules of a subpath alone: they bring a weight that the root index does not carry.
const apart = [
  ["HostRecording", "./src/repository/HostRecording.ts"],
  ["PowerShellRepository", "./src/repository/PowerShellRepository.ts"],
  ["WmiSchema", "./src/schema/WmiSchema.ts"],
  ["SWbemServicesEx", "./src/compat/SWbemServicesEx.ts"],
  ["SWbemSink", "./src/compat/SWbemSink.ts"]
]
const modules = [...listed, ...apart].sort(([a], [b]) => a < b ? -1 : 1)

const peers = JSON.parse(readFileSync(`${root}package.json`, "utf8")).peerDependencies

const edit = (file, change) => {
  const json = JSON.parse(readFileSync(root + file, "utf8"))
  change(json)
  writeFileSync(root + file, JSON.stringify(json, null, 2) + "\n")
}
edit("package.json", (json) => {
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
    ...Object.entries(peers).map(([name, range]) => [name, `npm:${name}@${range}`]),
    ["effect-wmi", "./mod.ts"],
    ...modules.map(([name, file]) => [`effect-wmi/${name}`, file])
  ])
})
