/** The HTTP service of the examples as a process: under Node, Bun, Deno or workerd. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL("../..", import.meta.url))
const bin = join(root, "node_modules/.bin")
const cache = join(root, "node_modules/.cache/effect-wmi/services")

export type Runtime = "node" | "bun" | "deno" | "workerd"

const { exports } = JSON.parse(readFileSync(join(root, "deno.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, string>>
}

/** A file of the example as one module, whose `effect-wmi` is the sources. Packages stay outside, except for a worker. */
export const bundle = async (entry: string): Promise<string> => {
  const outfile = join(cache, `${entry}.mjs`)
  const isWorker = entry === "worker"
  await build({
    entryPoints: [join(root, `examples/http-service/${entry}.ts`)],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: isWorker,
    platform: isWorker ? "browser" : "node",
    conditions: isWorker ? ["workerd"] : [],
    external: isWorker ? ["node:*"] : [],
    packages: isWorker ? "bundle" : "external",
    logLevel: "error",
    plugins: [{
      name: "sources",
      setup: (plugin) =>
        plugin.onResolve({ filter: /^effect-wmi(\/|$)/ }, ({ path }) => ({
          path: join(root, exports[path.replace(/^effect-wmi/, ".")]!)
        }))
    }]
  })
  return outfile
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { readonly port: number }
      server.close(() => resolve(port))
    })
  })

const workerdConfig = (file: string, folder: string, port: number): string =>
  `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.mjs", esModule = embed "${file}")],
      compatibilityDate = "2025-01-01",
      durableObjectNamespaces = [(className = "Repository", uniqueKey = "effect-wmi", enableSql = true)],
      durableObjectStorage = (localDisk = "objects"),
      bindings = [(name = "REPOSITORY", durableObjectNamespace = "Repository")]
    )),
    (name = "objects", disk = (path = "${folder}/objects", writable = true))
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
`

const commandOf = (runtime: Runtime, file: string, folder: string, port: number): readonly [string, Array<string>] => {
  switch (runtime) {
    case "node":
      return [process.execPath, [file]]
    case "bun":
      return [join(bin, "bun"), [file]]
    case "deno":
      return [join(bin, "deno"), ["run", "-A", file]]
    case "workerd": {
      mkdirSync(join(folder, "objects"))
      writeFileSync(join(folder, "worker.mjs"), readFileSync(file))
      writeFileSync(join(folder, "config.capnp"), workerdConfig("worker.mjs", folder, port))
      return [join(bin, "workerd"), ["serve", join(folder, "config.capnp")]]
    }
  }
}

export interface Service {
  readonly url: string
  /** The database. */
  readonly file: string
  readonly output: () => string
  readonly signal: (name: NodeJS.Signals) => void
  /** The status with which the process ends. */
  readonly ended: Promise<number | null>
}

const running = new Set<ChildProcess>()

/** Ends what a test has left. */
export const killAll = (): void => running.forEach((child) => void child.kill("SIGKILL"))

/** Starts the service, without waiting for it. */
export const spawnService = async (
  runtime: Runtime,
  environment: Readonly<Record<string, string>> = {}
): Promise<Service> => {
  const folder = mkdtempSync(join(tmpdir(), "effect-wmi-service-"))
  const [file, port] = [await bundle(runtime === "workerd" ? "worker" : runtime), await freePort()]
  const [command, args] = commandOf(runtime, file, folder, port)
  const database = join(folder, "wmi.db")
  const child = spawn(command, args, {
    cwd: folder,
    env: {
      ...process.env,
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      WMI_FILE: database,
      PORT: String(port),
      ...environment
    },
    stdio: ["ignore", "pipe", "pipe"]
  })
  running.add(child)
  let output = ""
  child.stdout.on("data", (data: Uint8Array) => output += String(data))
  child.stderr.on("data", (data: Uint8Array) => output += String(data))
  const ended = new Promise<number | null>((resolve) =>
    child.once("close", (status) => {
      running.delete(child)
      resolve(status)
    })
  )
  return {
    url: `http://127.0.0.1:${port}`,
    file: environment["WMI_FILE"] ?? database,
    output: () => output,
    signal: (name) => void child.kill(name),
    ended
  }
}

/** Starts the service, and waits until it answers. */
export const startService = async (
  runtime: Runtime,
  environment: Readonly<Record<string, string>> = {}
): Promise<Service> => {
  const service = await spawnService(runtime, environment)
  let status: number | null | undefined
  void service.ended.then((code) => status = code)
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(`${service.url}/openapi.json`).catch(() => undefined)
    if (answer !== undefined) {
      await answer.text()
      return service
    }
    if (status !== undefined) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the service does not answer (status ${status}): ${service.output()}`)
}
