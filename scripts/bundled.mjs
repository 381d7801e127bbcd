// Bundles a TypeScript program of the project for Node and answers the file, because Node 20 does not run TypeScript.
// Packages stay outside the bundle.
import { mkdirSync, readFileSync } from "node:fs"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"

export const root = fileURLToPath(new URL("..", import.meta.url))

/** A file that looks for another one beside it finds that of the tree, not of the bundle. */
const inPlace = {
  name: "in-place",
  setup: (plugin) => {
    plugin.onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts"
    }))
  }
}

export const bundled = async (entry, name) => {
  const folder = `${root}node_modules/.cache/effect-wmi`
  mkdirSync(folder, { recursive: true })
  const outfile = `${folder}/${name}.mjs`
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    plugins: [inPlace],
    logLevel: "error"
  })
  return outfile
}
