/** The command as a process, for the tests of this folder. It is started by the runtime that runs the tests. */
import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The built command. `npm ci` builds it; after a change, run `npm run build:bin`. */
export const bin = fileURLToPath(new URL("../../dist/bin/effect-wmi.js", import.meta.url))

/** The words that start the command. */
export const started: readonly [string, ...Array<string>] = [
  process.execPath,
  ...("Deno" in globalThis ? ["run", "-A"] : []),
  bin
]

/** How a process ended. */
export interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** The environment of a process: without the variables about colour and the width, which a CI sets. */
export const environment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const all = { ...process.env, ...more }
  for (const name of ["NO_COLOR", "FORCE_COLOR", "COLUMNS", "EFFECT_WMI_DEBUG", "NODE_OPTIONS"]) {
    if (more[name] === undefined) delete all[name]
  }
  return all as Record<string, string>
}

/** A folder for the files of one test file. */
export interface Folder {
  readonly path: string
  /** Writes a file and returns its name. */
  readonly file: (name: string, content: string | Uint8Array) => string
  /** Runs the command to its end in the folder. */
  readonly run: (
    args: ReadonlyArray<string>,
    more?: { readonly input?: string | Uint8Array; readonly env?: Readonly<Record<string, string>> }
  ) => Ended
  /** Runs the command and closes its standard output after the first bytes, as `head -1` does. */
  readonly head: (args: ReadonlyArray<string>) => Promise<Ended>
}

/** Makes a folder in the temporary folder of the system. */
export const makeFolder = (): Folder => {
  const path = mkdtempSync(join(tmpdir(), "effect-wmi-cli-"))
  const [command, ...first] = started
  return {
    path,
    file: (name, content) => {
      writeFileSync(join(path, name), content)
      return name
    },
    run: (args, { env, input } = {}) => {
      const { status, stderr, stdout } = spawnSync(command, [...first, ...args], {
        cwd: path,
        encoding: "utf8",
        env: environment(env),
        ...(input === undefined ? {} : { input })
      })
      return { status, out: stdout, err: stderr }
    },
    head: (args) => {
      const child = spawn(command, [...first, ...args], {
        cwd: path,
        env: environment(),
        stdio: ["ignore", "pipe", "pipe"]
      })
      let [out, err] = ["", ""]
      child.stdout.once("data", (data) => {
        out = String(data)
        child.stdout.destroy()
      })
      child.stderr.on("data", (data) => err += String(data))
      return new Promise((ended) => child.on("close", (status) => ended({ status, out, err })))
    }
  }
}
