// The example that needs a Windows computer, as it stands, under each runtime, against PowerShell's own engine: a prefix leads to
// it, and what it does is told by the project's emulator. The outcomes must be those of the same example in memory.
import { spawn } from "node:child_process"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { bundled } from "./bundled.mjs"
import { check, finish } from "./checks.mjs"
import { example, root } from "./example.mjs"

const bin = join(root, "node_modules/.bin")
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" }

const { farComputer, lookForEngine } = await import(
  pathToFileURL(await bundled("test/powershell/examples.ts", "powershell-examples")).href
)
const engine = await lookForEngine()
if (engine.missing !== undefined) {
  console.log(`SKIPPED: examples on PowerShell's own engine: ${engine.missing}`)
  process.exit(0)
}

/** Not `spawnSync`: the namespace of the far computer is in this process. */
const run = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, timeout: 60_000, killSignal: "SIGKILL" })
    let out = ""
    let err = ""
    child.stdout.on("data", (chunk) => (out += chunk))
    child.stderr.on("data", (chunk) => (err += chunk))
    child.on("error", (error) => (err += error.message))
    child.on("close", (status) => resolve({ status, out, err }))
  })

const runtimes = [
  ["node", process.execPath, async (name) => [await example(name)]],
  ["bun", join(bin, "bun"), async (name) => [await example(name)]],
  ["deno from source", join(bin, "deno"), async (name) => ["run", "-A", `examples/${name}.ts`]]
]

for (const [runtime, command, args] of runtimes) {
  await check(`windows, ${runtime}`, async () => {
    const far = await farComputer(engine)
    try {
      const memory = await run(command, await args("script"))
      const { err, out, status } = await run(command, [...await args("windows"), ...far.prefix])
      const lines = memory.out.split("\n").length
      if (memory.status !== 0 || lines < 3) {
        throw new Error(`in memory: status ${memory.status}\n${memory.out}${memory.err}`)
      }
      if (status !== 0 || out !== memory.out) throw new Error(`status ${status}\n${out}${err}in memory:\n${memory.out}`)
      if (!far.server.calls.some(({ op }) => op === "put")) throw new Error("the far computer was not asked")
    } finally {
      await far.close()
    }
  })
}

finish()
