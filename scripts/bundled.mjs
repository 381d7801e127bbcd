// Bundles a TypeScript program of the project for Node, because Node 20 does not run TypeScript, and returns the path of the
// bundle. Packages stay outside the bundle.
import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"

export const root = fileURLToPath(new URL("..", import.meta.url))

/** Modules of `test` keep their own `import.meta.url`, so that they find the files beside them in the source tree. */
const inPlace = {
  name: "in-place",
  setup: (plugin) => {
    plugin.onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts"
    }))
  }
}

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external"
}

export const bundled = async (entry, name) => {
  const folder = `${root}node_modules/.cache/effect-wmi`
  mkdirSync(folder, { recursive: true })
  const outfile = `${folder}/${name}.mjs`
  await build({ ...common, entryPoints: [entry], outfile, plugins: [inPlace], logLevel: "error" })
  return outfile
}

/** Bundles the text of a program that imports its modules by absolute paths, and returns the file. */
export const bundledText = async (contents, { folder, name }) => {
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, `${name}.mjs`)
  await build({
    ...common,
    stdin: { contents, loader: "ts", resolveDir: root, sourcefile: `${name}.ts` },
    outfile,
    plugins: [inPlace],
    logLevel: "silent"
  })
  return outfile
}
