// The blocks `console` of a page: lines that begin with `$ ` are run by a shell, in the order of the page and in one empty folder, and
// what follows is the output. A block below `<!-- file: NAME -->` is written into the folder as that file.
import { spawnSync } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))
const block = /(<!-- file: (\S+) -->\n)?```(\w*)\n([^]*?)^```$/gm

/** Times differ from run to run. */
const withoutTimes = (text) =>
  text.replace(/\b\d+(\.\d+)? (ms|s)\b/g, "0.1 s").replace(/"seconds":\d+(\.\d+)?/g, '"seconds":0.1')

/** The page with the output of its commands. */
export const transcribe = (text) => {
  if (!text.includes("```console\n")) return text
  const folder = mkdtempSync(join(tmpdir(), "effect-wmi-page-"))
  const bin = join(folder, ".bin")
  mkdirSync(bin)
  const command = join(root, "dist/bin/effect-wmi.js")
  writeFileSync(join(bin, "effect-wmi"), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`)
  chmodSync(join(bin, "effect-wmi"), 0o755)
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1", COLUMNS: "100" }
  const run = (line) => {
    const { status, stderr, stdout } = spawnSync("sh", ["-c", `{ ${line}\n} 2>&1`], {
      cwd: folder,
      env,
      encoding: "utf8"
    })
    if (status === null || status > 2) throw new Error(`${line}: status ${status}: ${stdout}${stderr}`)
    return withoutTimes(stdout)
  }
  try {
    return text.replace(block, (whole, mark, file, language, code) => {
      if (file !== undefined) {
        mkdirSync(dirname(join(folder, file)), { recursive: true })
        writeFileSync(join(folder, file), code)
      }
      if (language !== "console") return whole
      const commands = code.split("\n").filter((line) => line.startsWith("$ "))
      const printed = commands.map((line) => `${line}\n${run(line.slice(2)).trimEnd()}`.trimEnd()).join("\n")
      return `${mark ?? ""}\`\`\`console\n${printed}\n\`\`\``
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
