// Runs what needs a Windows computer on PowerShell's own engine instead: a prefix starts the engine, and the project's emulator decides
// the puts. Runs the example of the README under each runtime, which must print the same as in memory, and `host-check`.
import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { bundled } from "./bundled.mjs"
import { check, finish } from "./checks.mjs"
import { example, root } from "./example.mjs"

const bin = join(root, "node_modules/.bin")
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" }

const { remoteComputer, lookForEngine } = await import(
  pathToFileURL(await bundled("test/windows/program.ts", "powershell")).href
)
const engine = await lookForEngine()
if (engine.missing !== undefined) {
  console.log(`SKIPPED: examples on PowerShell's own engine: ${engine.missing}`)
  process.exit(0)
}

const built = spawnSync(process.execPath, [join(root, "scripts/build-bin.mjs")], { stdio: "inherit" })
if (built.status !== 0) throw new Error("the command was not built")

/** Not `spawnSync`, because the namespace of the remote computer is in this process. */
const run = (command, args, heard = () => {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, timeout: 180_000, killSignal: "SIGKILL" })
    let out = ""
    let err = ""
    child.stdout.on("data", (chunk) => {
      out += chunk
      heard(out, child)
    })
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
    const remote = await remoteComputer(engine)
    try {
      const memory = await run(command, await args("script"))
      const { err, out, status } = await run(command, [...await args("windows"), ...remote.prefix])
      const lines = memory.out.split("\n").length
      if (memory.status !== 0 || lines < 3) {
        throw new Error(`in memory: status ${memory.status}\n${memory.out}${memory.err}`)
      }
      if (status !== 0 || out !== memory.out) throw new Error(`status ${status}\n${out}${err}in memory:\n${memory.out}`)
      if (!remote.server.calls.some(({ op }) => op === "put")) throw new Error("the remote computer was not called")
    } finally {
      await remote.close()
    }
  })
}

/** Runs the built `host-check` on a computer that may be altered. Returns its output, its status and its recording. */
const hostCheck = async ({ heard, ...options }, ...args) => {
  const remote = await remoteComputer(engine, { server: "FAR", ...options })
  const folder = mkdtempSync(join(tmpdir(), "effect-wmi-check-"))
  const recording = join(folder, "recording.jsonl")
  try {
    const prefix = remote.prefix.map((word) => `"${word}"`).join(" ")
    const command = [join(root, "dist/bin/effect-wmi.js"), "host-check", ...args]
    const ended = await run(process.execPath, [...command, "--prefix", prefix, "--recording", recording], heard)
    process.stdout.write(ended.out.replace(/^/gm, "        ").trimEnd() + "\n")
    return { ...ended, calls: remote.server.calls, recording: readFileSync(recording, "utf8").trim().split("\n") }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await remote.close()
  }
}

await check("effect-wmi host-check, the command as it is built", async () => {
  const { err, out, recording, status } = await hostCheck({})
  if (status !== 0) throw new Error(`status ${status}: ${err}`)
  const [, here, asked, emulated] = /^cases: (\d+) of (\d+) here, (\d+) of \2 by the emulator/m.exec(out) ?? []
  if (!(asked > 200) || here !== asked || emulated !== asked) throw new Error("not every case was answered as it says")
  if (recording.length < 2000 || !recording.every((line) => /^\{"d":"[<>]"/.test(line))) throw new Error("no recording")
})

await check("effect-wmi host-check, ended by Ctrl-C: what it made is taken away", async () => {
  let told = false
  const heard = (out, child) => {
    if (told || !/^V2 /m.test(out)) return
    told = true
    child.kill("SIGINT")
  }
  const { calls, err, out, recording, status } = await hostCheck({ heard })
  if (status !== 130 || !err.includes("interrupted")) throw new Error(`status ${status}: ${err}`)
  if (/^cases:/m.test(out) || recording.length < 10) throw new Error("it went on, or kept no recording")
  const made = calls.find(({ object, op }) => op === "put" && object.class.toLowerCase() === "__namespace")
  const name = made.object.props[0].v[1]
  const { op, path } = calls.at(-1)
  if (op !== "delete" || path !== `__NAMESPACE.Name="${name}"`) throw new Error(`its last call was ${op} ${path}`)
})

await check("effect-wmi host-check, cases of a file, a computer that stores what create-only must not", async () => {
  const altered = (prelude) =>
    prelude.replace("flags = [int]$Arguments[$Flags];", "flags = [int]$Arguments[$Flags] -band (-bnot 2);")
  const { out, status } = await hostCheck({ altered }, join(root, "test/conformance/rule-cases.json"))
  if (status !== 1) throw new Error(`status ${status}`)
  if (!/^V7 +FAILS/m.test(out) || !/^ru-016 .*expected/m.test(out)) throw new Error("the fault was not detected")
  const [, here, asked, emulated] = /^cases: (\d+) of (\d+) here, (\d+) of \2 by the emulator/m.exec(out) ?? []
  if (!(Number(here) < Number(asked)) || emulated !== asked) throw new Error("the score does not say so")
})

finish()
