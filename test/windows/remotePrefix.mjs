// A prefix command that stands for a remote computer: `node remotePrefix.mjs CONFIG powershell.exe …` runs the engine of the tests with
// the same switches, and replaces the prelude in the script that it receives. The client and the core of the script are unchanged.
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"

const [config, , ...switches] = process.argv.slice(2)
const { engine, prelude, shipped } = JSON.parse(readFileSync(config, "utf8"))

const host = spawn(engine, switches, { stdio: ["pipe", "inherit", "inherit"] })
host.on("error", (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(127)
})
host.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 255)))
host.stdin.on("error", () => {
  // the process has ended; its exit code reports how
})

let held = ""
const through = (chunk) => void host.stdin.write(chunk)

/** Replaces the prelude in the script; the header has the number of its lines. */
const opening = (chunk) => {
  held += chunk
  const lines = held.split("\n")
  const [mark, nonce, count] = lines[0].split(" ")
  const n = Number(count)
  if (lines.length < n + 2) return
  const script = lines.slice(1, n + 1).join("\n")
  if (!script.includes(shipped)) throw new Error("the script that came in does not hold the shipped prelude")
  const other = script.replace(shipped, () => prelude)
  through(`${mark} ${nonce} ${other.split("\n").length}\n${other}\n${lines.slice(n + 1).join("\n")}`)
  process.stdin.off("data", opening)
  process.stdin.on("data", through)
}

process.stdin.setEncoding("utf8")
process.stdin.on("data", opening)
process.stdin.on("end", () => host.stdin.end())
