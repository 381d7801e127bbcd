// Bundles a TypeScript program of the project for Node and answers the file, because Node 20 does not run TypeScript.
// Packages stay outside the bundle.
import { mkdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

export const root = fileURLToPath(new URL("..", import.meta.url))

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
    logLevel: "error"
  })
  return outfile
}
