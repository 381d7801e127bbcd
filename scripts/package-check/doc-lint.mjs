// `deno doc --lint` over every entry point and every module that an entry point exports as a namespace: `npm run doc-lint`.
//
// Two kinds of its findings are no faults and are left out; every other finding fails.
// - A type of another package, such as `Effect.Effect`: the lint knows the exports of this package alone and calls the type private.
// - The constants of `computed`: a type or a base class is computed from each, and no reader needs its name.
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { filesBelow } from "../comments.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Constants that are private on purpose: the file → the name. */
const computed = {
  "src/protocol/statuses.ts": "statuses",
  "src/emulator/NamespaceDump.ts": "Base",
  "src/emulator/StoreFailure.ts": "Base",
  "src/scripting/connection/SWbemServicesEx.ts": "Base",
  "src/scripting/objects/SWbemDateTime.ts": "Base",
  "src/scripting/objects/SWbemObject.ts": "Base",
  "src/testing/CallLog.ts": "InvalidPatternBase",
  "src/testing/CallRecording.ts": "InvalidRecordingBase",
  "src/testing/Fault.ts": "InvalidFaultBase"
}

/** The files of the entry points, with the modules that they export as namespaces. */
export const documentedFiles = () => {
  const entries = Object.values(JSON.parse(readFileSync(join(root, "deno.json"), "utf8")).exports)
  const merged = entries.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/^export \* as \w+ from "(.+)"$/gm)].map(([, from]) =>
      `./${join(dirname(file), from).replaceAll("\\", "/")}`
    )
  )
  return [...new Set([...entries, ...merged])]
}

/** Runs deno on files of the repository; gives its standard output and error. */
export const deno = (...args) => {
  const { error, signal, status, stderr, stdout } = spawnSync(join(root, "node_modules/.bin/deno"), args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    maxBuffer: 1 << 28,
    shell: process.platform === "win32"
  })
  if (error !== undefined) throw error
  if (signal !== null) throw new Error(`deno ${args[0]} ended with ${signal}`)
  return { status, stderr, stdout }
}

/** The findings that are faults: a text for each. Throws if the lint itself did not run. */
export const docLint = () => {
  const { status, stderr } = deno("doc", "--lint", ...documentedFiles())
  const findings = stderr.split(/^(?=error)/m).filter((text) => text.startsWith("error["))
  if (status !== 0 && findings.length === 0) throw new Error(`deno doc --lint: ${stderr}`)
  const sources = new Map(
    filesBelow(join(root, "src")).filter((file) => file.endsWith(".ts")).map((
      file
    ) => [file.slice(root.length).replaceAll("\\", "/"), readFileSync(file, "utf8").split("\n")])
  )
  return findings.filter((text) => {
    if (!text.startsWith("error[private-type-ref]")) return true
    // The finding shows the line of the declaration without its file.
    const [, name] = /private type '(.+)'/.exec(text) ?? []
    const [, number, line] = /= hint: .*\n\s*\|\s*\n\s*(\d+) \| (.*)\n/.exec(text) ?? []
    if (number === undefined) return true
    const declaredIn = [...sources].flatMap(([file, lines]) => lines[Number(number) - 1] === line ? [file] : [])
    return declaredIn.length > 0 && !declaredIn.some((file) => computed[file] === name)
  }).map((text) => text.trim().split("\n").slice(0, 2).map((line) => line.trim()).join(" "))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = docLint()
  for (const fault of faults) console.log(fault)
  console.log(`${documentedFiles().length} files, ${faults.length} findings`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
