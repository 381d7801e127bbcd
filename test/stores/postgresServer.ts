/**
 * A PostgreSQL for the tests: the server at `POSTGRES_URL`, else a server started from the packages of the machine, else PGlite behind
 * its wire server. The first test that needs it starts it; it is stopped after the run.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"

export const root: string = fileURLToPath(new URL("../..", import.meta.url))

/** A free port. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })

/** The folder of the newest server programs; `undefined` when the machine has none. */
export const serverPrograms = (): string | undefined => {
  const packaged = "/usr/lib/postgresql"
  const folders = [
    ...(existsSync(packaged)
      ? readdirSync(packaged).sort((a, b) => Number(b) - Number(a)).map((version) => join(packaged, version, "bin"))
      : []),
    ...(process.env["PATH"] ?? "").split(":")
  ]
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "pg_ctl")))
}

const isRoot = process.getuid?.() === 0

/** Servers refuse to run as root, so there they run as the user of their package. */
export const run = (programs: string, name: string, args: ReadonlyArray<string>): string => {
  const quoted = [join(programs, name), ...args].map((one) => `'${one.replaceAll("'", `'\\''`)}'`).join(" ")
  const done = isRoot
    ? spawnSync("su", ["postgres", "-s", "/bin/sh", "-c", quoted], { cwd: "/", encoding: "utf8" })
    : spawnSync("/bin/sh", ["-c", quoted], { encoding: "utf8" })
  if (done.status !== 0) throw new Error(`${name}: ${done.error?.message ?? ""}${done.stdout}${done.stderr}`)
  return done.stdout
}

/** A folder that belongs to whom servers run as. */
export const serverFolder = (prefix: string): string => {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  if (isRoot) spawnSync("chown", ["postgres", folder])
  return folder
}

/** A running server from the machine's packages. */
export interface LocalServer {
  readonly url: string
  readonly port: number
  readonly data: string
  readonly start: () => void
  readonly stop: (mode: "fast" | "immediate") => void
  /** Of the first process, whose end is the end of all of them. */
  readonly pid: () => number
}

/** A server over a folder that holds its data already. */
export const overFolder = (programs: string, data: string, port: number, settings: string): LocalServer => ({
  url: `postgres://wmi@127.0.0.1:${port}/postgres`,
  port,
  data,
  start: () =>
    void run(programs, "pg_ctl", [
      "start",
      "-w",
      "-D",
      data,
      "-l",
      join(data, "server.log"),
      "-o",
      `-p ${port} -h 127.0.0.1 -k ${data} ${settings}`
    ]),
  stop: (mode) => void run(programs, "pg_ctl", ["stop", "-w", "-D", data, "-m", mode]),
  pid: () => Number(run(programs, "pg_ctl", ["status", "-D", data]).match(/PID: (\d+)/)?.[1])
})

/** A new server on a port of its own; its folder is a new one below `folder`. */
export const startLocal = async (programs: string, folder: string, settings: string): Promise<LocalServer> => {
  const data = join(folder, "data")
  run(programs, "initdb", ["-D", data, "-U", "wmi", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"])
  const server = overFolder(programs, data, await freePort(), settings)
  server.start()
  return server
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const listening = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ""
    child.stdout?.on("data", (data: Buffer) => {
      said += data.toString()
      if (/listening/i.test(said)) resolve()
    })
    child.stderr?.on("data", (data: Buffer) => void (said += data.toString()))
    child.on("exit", (code) => reject(new Error(`the wire server ended with ${code}: ${said}`)))
  })

/** PGlite in a process of its own: one database, whose sessions take turns. */
export const startPGlite = async (): Promise<{ readonly url: string; readonly pid: number }> => {
  const script = join(
    dirname(createRequire(join(root, "package.json")).resolve("@electric-sql/pglite-socket")),
    "scripts/server.js"
  )
  const port = await freePort()
  const child = spawn("node", [script, "--port", String(port), "--max-connections", "20"], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true
  })
  await listening(child)
  child.unref()
  for (const stream of [child.stdout, child.stderr]) {
    stream.removeAllListeners("data")
    stream.resume()
    ;(stream as unknown as { unref?: () => void }).unref?.() // a pipe of a child is a socket, and the types do not say so
  }
  child.removeAllListeners("exit")
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, pid: child.pid! }
}

/** What the workers of a run know of each other: a folder. */
const shared = "EFFECT_WMI_TEST_POSTGRES"

/** How a test reaches PostgreSQL. */
export interface Reached {
  readonly url: string
  readonly kind: "given" | "local" | "pglite"
}

const start = async (folder: string): Promise<Reached> => {
  const given = process.env["POSTGRES_URL"]
  if (given !== undefined && given !== "") return { url: given, kind: "given" }
  const programs = process.env["EFFECT_WMI_TEST_PGLITE"] === undefined ? serverPrograms() : undefined
  if (programs === undefined) {
    const { pid, url } = await startPGlite()
    writeFileSync(join(folder, "pid"), String(pid))
    return { url, kind: "pglite" }
  }
  const home = serverFolder("effect-wmi-postgres-")
  writeFileSync(join(folder, "home"), home)
  const { url } = await startLocal(programs, home, "-c fsync=off -c max_connections=200")
  return { url, kind: "local" }
}

/** The PostgreSQL of this run; the first call starts it. */
export const reach = async (): Promise<Reached> => {
  const folder = process.env[shared]
  if (folder === undefined) throw new Error("the set-up of the run makes the folder")
  const answer = join(folder, "reached.json")
  try {
    mkdirSync(join(folder, "lock"))
  } catch {
    for (let i = 0; i < 1200; i++) { // somebody else is starting it
      if (existsSync(answer)) return JSON.parse(readFileSync(answer, "utf8")) as Reached
      if (existsSync(join(folder, "failed"))) throw new Error(readFileSync(join(folder, "failed"), "utf8"))
      await pause(50)
    }
    throw new Error("PostgreSQL did not start within a minute")
  }
  try {
    const reached = await start(folder)
    writeFileSync(`${answer}.new`, JSON.stringify(reached))
    renameSync(`${answer}.new`, answer)
    return reached
  } catch (error) {
    writeFileSync(join(folder, "failed"), String(error))
    throw error
  }
}

/** Before a run: makes a folder for its workers. The returned function stops the servers that they started. */
export const setup = (): () => void => {
  const folder = mkdtempSync(join(tmpdir(), "effect-wmi-run-"))
  process.env[shared] = folder
  return () => {
    const home = join(folder, "home")
    if (existsSync(home)) {
      const at = readFileSync(home, "utf8")
      const programs = serverPrograms()!
      if (existsSync(join(at, "data/postmaster.pid"))) {
        run(programs, "pg_ctl", ["stop", "-D", join(at, "data"), "-m", "immediate"])
      }
      rmSync(at, { recursive: true, force: true })
    }
    const pid = join(folder, "pid")
    if (existsSync(pid) && isAlive(Number(readFileSync(pid, "utf8")))) process.kill(Number(readFileSync(pid, "utf8")))
    rmSync(folder, { recursive: true, force: true })
  }
}

export default setup
