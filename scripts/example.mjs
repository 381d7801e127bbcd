// Examples of the README as JavaScript, with the package's own name leading to the sources.
import { fileURLToPath } from "node:url"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { build } from "esbuild"

export const root = fileURLToPath(new URL("..", import.meta.url))
const { exports } = JSON.parse(readFileSync(join(root, "deno.json"), "utf8"))

/** Every subpath is a file of the tree. */
const sources = {
  name: "sources",
  setup: (plugin) => {
    plugin.onResolve({ filter: /^effect-wmi(\/|$)/ }, ({ path }) => ({
      path: join(root, exports[path.replace(/^effect-wmi/, ".")])
    }))
    plugin.onResolve({ filter: /^@?effect(\/|$)/ }, ({ path }) => ({ path, external: true }))
  }
}

export const example = async (name) => {
  const outfile = join(root, `node_modules/.cache/effect-wmi/${name}.mjs`)
  await build({
    entryPoints: [join(root, `examples/${name}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    plugins: [sources],
    logLevel: "error"
  })
  return outfile
}
