/**
 * PowerShell's own engine for tests: `pwsh` where it is on `PATH`, else the launcher in `test/pwsh-launcher`, which the .NET SDK
 * builds once per machine, outside the tree. All tests and benchmarks that start the host script on a real engine find it here.
 *
 * With `REQUIRE_POWERSHELL=1` it is an error if there is no engine.
 */
import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { homedir, tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"

/** A PowerShell to start. */
export interface Engine {
  /** The executable, by its absolute path: `commandLine({ powershell: engine.command })`. */
  readonly command: string
  readonly kind: "pwsh" | "launcher"
  /** The output of its `--version`. */
  readonly version: string
  /** The folder of its files, which has the assemblies of the launcher. */
  readonly folder: string
  /** Whether .NET has culture data; without it only the invariant culture can be tested. */
  readonly cultures: boolean
}

/** Why there is no engine, in one line. */
export interface NoEngine {
  readonly missing: string
}

const sources = fileURLToPath(new URL("../pwsh-launcher/", import.meta.url))
const files = ["Program.cs", "Members.cs", "pwsh-launcher.csproj"] as const
const windows = process.platform === "win32"
const executable = windows ? "pwsh.exe" : "pwsh"

/** The environment variable with the engine that the first process of a test run found, for the other processes. */
const known = "EWMI_TEST_ENGINE"

const onPath = (name: string): string | undefined =>
  (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "")
    .map((folder) => join(folder, name)).find((path) => existsSync(path))

/** Without culture data .NET starts only with this variable. It is set for this process and its children. */
const invariant = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"

/** Runs a .NET program to its end. Returns its output, or the reason of its failure. */
const run = async (command: string, args: ReadonlyArray<string>, seconds: number): Promise<string | NoEngine> => {
  const first = await runOnce(command, args, seconds)
  if (typeof first === "string" || process.env[invariant] !== undefined || !/\bICU\b|libicu/i.test(first.missing)) {
    return first
  }
  process.env[invariant] = "1"
  return runOnce(command, args, seconds)
}

const runOnce = (command: string, args: ReadonlyArray<string>, seconds: number): Promise<string | NoEngine> =>
  new Promise((resolve) => {
    const env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: "1", DOTNET_NOLOGO: "1", NO_COLOR: "1" }
    execFile(command, [...args], { env, timeout: seconds * 1000, killSignal: "SIGKILL" }, (error, out, err) => {
      if (error === null) return resolve(out.trim())
      const said = `${out}\n${err}`.split("\n").find((line) => /: error |^error|not found|\bICU\b/i.test(line))
      resolve({ missing: `${command}: ${(said ?? error.message.split("\n")[0]!).trim()}` })
    })
  })

const asked = async (command: string, kind: Engine["kind"], folder: string): Promise<Engine | NoEngine> => {
  const version = await run(command, ["--version"], 60)
  const cultures = process.env[invariant] !== "1" && process.env[invariant] !== "true"
  return typeof version === "string" ? { command, kind, version, folder, cultures } : version
}

const cache = (): string => {
  const home = process.env["XDG_CACHE_HOME"] ?? (homedir() === "" ? "" : join(homedir(), ".cache"))
  return join(home === "" ? tmpdir() : home, "effect-wmi")
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** The lock is a file with the number of the building process. It is void if that process has ended, or if it is old. */
const holds = async (lock: string): Promise<boolean> => {
  try {
    const file = await open(lock, "wx")
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  } catch {
    try {
      const { mtimeMs } = await stat(lock)
      const pid = Number(await readFile(lock, "utf8"))
      const void_ = Date.now() - mtimeMs > 300_000 || (pid > 0 && !isRunning(pid))
      if (void_) await rm(lock, { force: true })
    } catch {
      // removed meanwhile: the next turn takes the lock
    }
    return false
  }
}

const build = async (dotnet: string, target: string): Promise<NoEngine | undefined> => {
  const made = `${target}.${process.pid}`
  const project = join(made, "source")
  await mkdir(project, { recursive: true })
  // Built from a copy, so that no intermediate files are written to the tree.
  for (const file of files) await writeFile(join(project, file), await readFile(join(sources, file)))
  const out = await run(dotnet, [
    "build",
    join(project, "pwsh-launcher.csproj"),
    "--configuration",
    "Release",
    "--output",
    join(made, "out"),
    "--nologo",
    "--verbosity",
    "quiet"
  ], 240)
  try {
    if (typeof out !== "string") return out
    await rename(join(made, "out"), target)
    return undefined
  } catch (error) {
    if (existsSync(join(target, executable))) return undefined // another process has built it meanwhile
    return { missing: `the launcher cannot be kept in ${target}: ${String(error)}` }
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

/** The launcher, built if necessary, for tests that need it even if there is a `pwsh`. */
export const findLauncher = async (): Promise<Engine | NoEngine> => {
  const dotnet = onPath(windows ? "dotnet.exe" : "dotnet")
  if (dotnet === undefined) return { missing: "neither pwsh nor dotnet is on PATH" }
  const hash = createHash("sha256")
  for (const file of files) hash.update(await readFile(join(sources, file)))
  const target = join(cache(), `pwsh-launcher-${hash.digest("hex").slice(0, 16)}`)
  const command = join(target, executable)
  await mkdir(cache(), { recursive: true })
  while (!existsSync(command)) {
    const lock = `${target}.lock`
    if (!await holds(lock)) {
      await pause(200)
      continue
    }
    try {
      const failed = existsSync(command) ? undefined : await build(dotnet, target)
      if (failed !== undefined) return failed
    } finally {
      await rm(lock, { force: true })
    }
  }
  return asked(command, "launcher", target)
}

const look = async (): Promise<Engine | NoEngine> => {
  const inherited = process.env[known]
  if (inherited !== undefined) return JSON.parse(inherited) as Engine | NoEngine
  const pwsh = onPath(executable)
  const result = pwsh === undefined ? await findLauncher() : await asked(pwsh, "pwsh", "")
  process.env[known] = JSON.stringify(result)
  return result
}

let answer: Promise<Engine | NoEngine> | undefined

/** The engine, or the reason why there is none. */
export const lookForEngine = (): Promise<Engine | NoEngine> =>
  (answer ??= look()).then((result) => {
    if ("missing" in result && process.env["REQUIRE_POWERSHELL"] === "1") {
      throw new Error(`REQUIRE_POWERSHELL=1, but there is no PowerShell engine: ${result.missing}`)
    }
    return result
  })

/** The engine; `undefined` if there is none. */
export const findEngine = (): Promise<Engine | undefined> =>
  lookForEngine().then((result) => "missing" in result ? undefined : result)
