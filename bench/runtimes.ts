/** The runtimes that run the cases: the runtime of this command, others of the machine, and versions of Node from npm. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Runtime } from "./Bench.ts"

/** A program that runs JavaScript. */
export interface Program extends Runtime {
  readonly command: string
  /** Arguments before the file; the collector can be called by a case. */
  readonly args: ReadonlyArray<string>
}

const kindOf = (said: string): Runtime | undefined => {
  const [, node] = /^v(\d+\.\d+\.\d+\S*)\s*$/.exec(said) ?? []
  if (node !== undefined) return { kind: "node", version: node }
  const [, deno] = /^deno (\d+\.\d+\.\d+\S*)/.exec(said) ?? []
  if (deno !== undefined) return { kind: "deno", version: deno }
  const [, bun] = /^(\d+\.\d+\.\d+\S*)\s*$/.exec(said) ?? []
  return bun === undefined ? undefined : { kind: "bun", version: bun }
}

const args = {
  node: ["--expose-gc"],
  deno: ["run", "-A", "--v8-flags=--expose-gc"],
  bun: ["--expose-gc"]
} as const

/** Recognises a runtime by the output of `--version`. */
export const program = (command: string): Program => {
  const { error, stdout } = spawnSync(command, ["--version"], { encoding: "utf8", timeout: 30_000 })
  if (error !== undefined) throw new Error(`${command} cannot be run: ${error.message}`)
  const found = kindOf(stdout)
  if (found === undefined) {
    throw new Error(`${command} is neither Node nor Deno nor Bun: --version prints ${stdout.trim()}`)
  }
  return { ...found, command, args: args[found.kind] }
}

/** A version of Node from npm: installed once into a folder of the cache, and no dependency of the project. */
export const nodeFromNpm = (version: string, cache: string): string => {
  const system = process.platform === "win32" ? "win" : process.platform
  const name = `node-${system}-${process.arch}`
  const folder = join(cache, `node-${version}`)
  const command = join(folder, "node_modules", name, "bin", system === "win" ? "node.exe" : "node")
  if (existsSync(command)) return command
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }))
  const install = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-package-lock", `${name}@${version}`]
  const { error, status, stderr } = spawnSync("npm", install, {
    cwd: folder,
    encoding: "utf8",
    shell: system === "win"
  })
  if (error !== undefined || status !== 0 || !existsSync(command)) {
    throw new Error(`npm cannot install ${name}@${version}: ${error?.message ?? stderr.trim()}`)
  }
  return command
}

/** Node 20 comes last, because its V8 keeps literals in old space once most of them survived; others stay in order. */
export const inOrder = <A extends Runtime>(programs: ReadonlyArray<A>): ReadonlyArray<A> => {
  const isLast = ({ kind, version }: Runtime): boolean => kind === "node" && version.startsWith("20.")
  return [...programs.filter((one) => !isLast(one)), ...programs.filter(isLast)]
}
