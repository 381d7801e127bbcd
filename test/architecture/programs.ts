/**
 * Programs of the documentation: they are written into a folder of `node_modules/.cache`, compiled by one run of the compiler and run one
 * after another. The package's own name leads to the sources through the exports of `deno.json`.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

export const root = fileURLToPath(new URL("../..", import.meta.url))
const entryPoints = (JSON.parse(readFileSync(join(root, "deno.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, string>>
}).exports

export interface Program {
  /** `src/model/ClassDefinition.ts: make`, or a page with a line. */
  readonly title: string
  /** Of the written file, without its extension. */
  readonly name: string
  readonly code: string
}

export interface Runs {
  /** Name of an example → the error that it threw. */
  readonly errors: Readonly<Record<string, string>>
  /** False: something kept the process alive. */
  readonly ended: boolean
  readonly leftFiles: ReadonlyArray<string>
}

const runner = `
import { readFileSync, writeFileSync } from "node:fs"
const [folder, ...names] = process.argv.slice(2)
const errors = {}
for (const name of names) {
  try { await import(\`file://\${folder}/\${name}.mjs\`) } catch (error) { errors[name] = String(error?.stack ?? error) }
}
writeFileSync(\`\${folder}/errors.json\`, JSON.stringify(errors))
`

export interface Folder {
  readonly write: (all: ReadonlyArray<Program>) => void
  /** Name of a program → what the compiler says about it. */
  readonly typeErrors: (all: ReadonlyArray<Program>) => ReadonlyMap<string, string>
  /** Runs the programs one after another in one process, whose working folder is an empty one. */
  readonly run: (all: ReadonlyArray<Program>) => Promise<Runs>
  readonly remove: () => void
}

/** The folder of the cache with this name. */
export const programs = (folder: string): Folder => {
  const cache = join(root, "node_modules/.cache/effect-wmi", folder)

  const write = (all: ReadonlyArray<Program>): void => {
    rmSync(cache, { recursive: true, force: true })
    mkdirSync(cache, { recursive: true })
    for (const { code, name } of all) writeFileSync(join(cache, `${name}.mts`), code)
  }

  const typeErrors = (all: ReadonlyArray<Program>): ReadonlyMap<string, string> => {
    const paths = Object.fromEntries(
      Object.entries(entryPoints).map(([subpath, file]) => [`effect-wmi${subpath.slice(1)}`, [join(root, file)]])
    )
    const config = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: { noUnusedLocals: false, paths },
      include: [],
      files: all.map(({ name }) => `${name}.mts`)
    }
    writeFileSync(join(cache, "tsconfig.json"), JSON.stringify(config))
    const compiler = join(root, "node_modules/typescript/bin/tsc")
    const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", cache, "--pretty", "false"], {
      cwd: cache,
      encoding: "utf8"
    })
    const errors = new Map<string, string>()
    let name = "the compiler"
    for (const line of stdout.split("\n").filter((text) => text !== "")) {
      // Further lines of an error are indented.
      if (/^\S/.test(line)) name = /^(?:[^(]*[\\/])?([^\\/(]+)\.mts\(/.exec(line)?.[1] ?? "the compiler"
      errors.set(name, `${errors.get(name) ?? ""}${line}\n`)
    }
    if (status !== 0 && errors.size === 0) errors.set(name, `it ended with status ${status}`)
    return errors
  }

  const run = async (all: ReadonlyArray<Program>): Promise<Runs> => {
    await build({
      absWorkingDir: cache,
      entryPoints: all.map(({ name }) => ({ in: `${name}.mts`, out: name })),
      outdir: cache,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      sourcemap: true,
      platform: "node",
      format: "esm",
      target: "node20",
      packages: "external",
      logLevel: "error",
      plugins: [{
        name: "sources",
        setup: (plugin) =>
          plugin.onResolve({ filter: /^effect-wmi(\/|$)/ }, ({ path }) => {
            const file = entryPoints[path.replace("effect-wmi", ".")]
            return file === undefined ? { errors: [{ text: `${path} is no entry point` }] } : { path: join(root, file) }
          })
      }]
    })
    writeFileSync(join(cache, "runner.mjs"), runner)
    const empty = mkdtempSync(join(tmpdir(), "effect-wmi-examples-"))
    try {
      const { status, stderr } = spawnSync(
        process.execPath,
        ["--enable-source-maps", "--no-warnings", join(cache, "runner.mjs"), cache, ...all.map(({ name }) => name)],
        { cwd: empty, encoding: "utf8", timeout: 120_000 }
      )
      if (status !== 0 && status !== null) throw new Error(`the programs ended with status ${status}: ${stderr}`)
      const errors = JSON.parse(readFileSync(join(cache, "errors.json"), "utf8")) as Record<string, string>
      return { errors, ended: status === 0, leftFiles: readdirSync(empty) }
    } finally {
      rmSync(empty, { recursive: true, force: true })
    }
  }

  return { write, typeErrors, run, remove: () => rmSync(cache, { recursive: true, force: true }) }
}
