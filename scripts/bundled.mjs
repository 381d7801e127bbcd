// Bundles a TypeScript program of the project for Node and answers the file, because Node 20 does not run TypeScript.
// Packages stay outside the bundle.
import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { join, relative, resolve } from "node:path"
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

/** Takes `src` from another checkout. A module that it does not have fails when something of it is used, and not before. */
const sourcesOf = (checkout) => ({
  name: "sources",
  setup: (plugin) => {
    const here = join(root, "src/")
    plugin.onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path)
      if (!file.startsWith(here)) return undefined
      const there = join(checkout, "src", relative(here, file))
      return existsSync(there) ? { path: there } : { path: `src/${relative(here, file)}`, namespace: "absent" }
    })
    plugin.onLoad({ filter: /./, namespace: "absent" }, ({ path }) => ({
      loader: "js",
      contents: `
        module.exports = Object.create(new Proxy({}, {
          get(_, name) {
            if (typeof name === "symbol" || name === "__esModule" || name === "then") return undefined
            throw new Error(${JSON.stringify(path)} + " does not exist there")
          }
        }))`
    }))
  }
})

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

/**
 * Bundles a text as if it were a file of the folder `beside`, with `src` of this checkout or of `sources`. Answers the file and the
 * warnings; an export that `sources` does not have is a warning where it is imported with its whole module.
 */
export const bundledText = async (contents, { beside, folder, name, sources }) => {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.mjs`)
  const { warnings } = await build({
    ...common,
    stdin: { contents, loader: "ts", resolveDir: join(root, beside), sourcefile: `${name}.ts` },
    outfile: file,
    plugins: sources === undefined ? [inPlace] : [sourcesOf(sources), inPlace],
    logLevel: "silent"
  })
  return { file, warnings: warnings.map(({ text }) => text) }
}
