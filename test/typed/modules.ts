/** Modules that are written into a folder, compiled by the TypeScript compiler, and run. */
import { spawnSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"

export const root = fileURLToPath(new URL("../..", import.meta.url))
const cache = join(root, "node_modules/.cache/effect-wmi/types")
const entryPoints = (JSON.parse(readFileSync(join(root, "deno.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, string>>
}).exports

/** The exports of a module. The compiler of the module checks their types. */
// deno-lint-ignore no-explicit-any
export type Module = Readonly<Record<string, any>>

/** Writes a folder with modules, whose imports of the package lead to the sources. */
export const write = (folder: string, files: Readonly<Record<string, string>>): string => {
  const at = join(cache, folder)
  rmSync(at, { recursive: true, force: true })
  mkdirSync(at, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(at, name), text)
  const paths = Object.fromEntries(
    Object.entries(entryPoints).map(([subpath, file]) => [`effect-wmi${subpath.slice(1)}`, [join(root, file)]])
  )
  writeFileSync(
    join(at, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: { paths, plugins: [] },
      include: [],
      files: Object.keys(files)
    })
  )
  return at
}

/** The lines of the compiler. */
export const compile = (at: string): string => {
  const compiler = join(root, "node_modules/typescript/bin/tsc")
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", at, "--pretty", "false"], {
    cwd: at,
    encoding: "utf8"
  })
  return stdout !== "" ? stdout : status === 0 ? "" : `it ended with status ${status}`
}

export const load = async (at: string, name: string): Promise<Module> => {
  const outfile = join(at, `${name}.mjs`)
  await build({
    absWorkingDir: at,
    entryPoints: [`${name}.mts`],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error",
    plugins: [{
      name: "sources",
      setup: (plugin) =>
        plugin.onResolve({ filter: /^effect-wmi(\/|$)/ }, ({ path }) => ({
          path: join(root, entryPoints[path.replace("effect-wmi", ".")]!)
        }))
    }]
  })
  return await import(`${pathToFileURL(outfile).href}?${Date.now()}`) as Module
}

/** Removes a folder of modules. */
export const remove = (folder: string): void => rmSync(join(cache, folder), { recursive: true, force: true })
