// The packed library, used as by a new user: installed in an empty folder, run by each runtime, type-checked, its command started by
// npx, and a bundle of it under workerd. Prints a line for each check and, at the end, how many passed.
import { spawn, spawnSync } from "node:child_process"
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { check, finish } from "./checks.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const bin = join(root, "node_modules/.bin")
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" }
const folder = mkdtempSync(join(tmpdir(), "effect-wmi-smoke-"))
const run = (command, args, options = {}) => {
  const { error, signal, status, stderr, stdout } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout: 180_000,
    ...options
  })
  if (error !== undefined) throw error
  if (status !== (options.expect ?? 0)) {
    throw new Error(`${command} ${args.join(" ")}: status ${String(status ?? signal)}\n${stdout}${stderr}`)
  }
  return options.expect === undefined || options.expect === 0 ? stdout : stdout + stderr
}

// Pack and install
mkdirSync(join(folder, "pack"))
run("npm", ["pack", "--silent", "--pack-destination", join(folder, "pack")], { cwd: root })
const tarball = join(folder, "pack", readdirSync(join(folder, "pack"))[0])
writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }))
writeFileSync(join(folder, "deno.json"), JSON.stringify({ nodeModulesDir: "manual", lock: false }))
run("npm", ["install", "--silent", "--no-audit", "--no-fund", "effect@3.22.4", tarball])
copyFileSync(join(root, "test/runtime/smoke.mjs"), join(folder, "smoke.mjs"))

await check("the tarball holds no data, tests or command sources", () => {
  const listed = run("tar", ["-tzf", tarball])
  const alien = listed.split("\n").filter((file) => /\/(bench|test|scripts)\/|\.gz$|src\/cli/.test(file))
  if (alien.length > 0) throw new Error(alien.join(", "))
})

await check("npm reports no script to allow when it installs the package", () => {
  const { stderr, status } = spawnSync("npm", ["install", "--no-audit", "--no-fund", tarball], {
    cwd: folder,
    env,
    encoding: "utf8"
  })
  if (status !== 0 || stderr.includes("install-scripts") || stderr.includes("effect-wmi@")) throw new Error(stderr)
})

for (
  const [name, command, args] of [
    ["node", process.execPath, ["smoke.mjs"]],
    ["bun", join(bin, "bun"), ["smoke.mjs"]],
    ["deno", join(bin, "deno"), ["run", "-A", "smoke.mjs"]]
  ]
) {
  await check(`imported by ${name}`, () => {
    if (!run(command, args).includes("smoke: ok")) throw new Error("it did not print ok")
  })
}

// Types
writeFileSync(
  join(folder, "consumer.ts"),
  `import * as Effect from "effect/Effect"
import { Instance, PutAsync, PutRequest, Wmi, type WbemError } from "effect-wmi"
import * as ObjectPath from "effect-wmi/ObjectPath"
const put = PutAsync.put(PutRequest.make(Instance.make("A", { Id: 1n })))
const handled = put.pipe(Effect.catchTag("WbemAlreadyExists", (error) => Effect.succeed(ObjectPath.format(error.path))))
export const program: Effect.Effect<unknown, Exclude<WbemError.WbemError, WbemError.AlreadyExists>> =
  Effect.provide(handled, Wmi.layerMemory)
// @ts-expect-error a program whose stages are missing does not run
export const missing: Effect.Effect<unknown, WbemError.WbemError> = put
`
)
for (const [module, moduleResolution] of [["NodeNext", "NodeNext"], ["ESNext", "Bundler"]]) {
  await check(`types, ${moduleResolution} resolution`, () => {
    const options = {
      module,
      moduleResolution,
      target: "ES2022",
      lib: ["ES2022", "DOM"],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: []
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["consumer.ts"] }))
    run(join(bin, "tsc"), ["-p", "tsconfig.json"])
  })
}
await check("the configuration of a clone, deno without permissions", () => {
  const scripts = mkdtempSync(join(tmpdir(), "effect-wmi-deno-"))
  copyFileSync(join(root, "examples/script.ts"), join(scripts, "script.ts"))
  const printed = run(join(bin, "deno"), ["run", "--no-prompt", "--config", join(root, "deno.json"), "script.ts"], {
    cwd: scripts
  })
  rmSync(scripts, { recursive: true })
  if (!printed.includes("kept Demo_Disk")) throw new Error(printed)
})
await check("types, deno check", () => run(join(bin, "deno"), ["check", "consumer.ts"]))

// The test kit, in a project of its own: the tests of the agent under three runners
for (const file of readdirSync(join(root, "examples/testing"))) {
  copyFileSync(join(root, "examples/testing", file), join(folder, file))
}
await check("the agent's tests, vitest", () => {
  const versions = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies
  // Deno needs the types of Node for the root module of effect, in a folder whose packages are npm's.
  const packages = ["vitest", "@types/node"].map((name) => `${name}@${versions[name]}`)
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", ...packages])
  const said = run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "agent.vitest.test.ts"])
  if (!/Tests {2}5 passed/.test(said)) throw new Error(said)
})
await check("the agent's tests, deno test", () => {
  const said = run(join(bin, "deno"), ["test", "-A", "agent.deno.test.ts"])
  if (!said.includes("5 passed | 0 failed")) throw new Error(said)
})
await check("the agent's tests, bun test", () => {
  const { status, stderr, stdout } = spawnSync(join(bin, "bun"), ["test", "./agent.bun.test.ts"], {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout: 60_000
  })
  if (status !== 0 || !/ 5 pass\n 0 fail\n/.test(stdout + stderr)) {
    throw new Error(`status ${status}: ${stdout}${stderr}`)
  }
})
await check("vitest prints the difference of a call log", () => {
  writeFileSync(
    join(folder, "difference.test.ts"),
    `import { it } from "vitest"
import { Effect } from "effect"
import { Wmi } from "effect-wmi"
import { WmiTest } from "effect-wmi/testing"
it("reads", () => Effect.runPromise(Effect.provide(
  Effect.zipRight(Wmi.namespaces, WmiTest.assertCalls([{ verb: "put" }])),
  WmiTest.layer()
)))
`
  )
  const said = run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "difference.test.ts"], { expect: 1 })
  for (const line of ["1 expected call was not made", "- put", "+ list namespaces -> ok"]) {
    if (!said.includes(line)) throw new Error(said)
  }
})

// The command, in a folder of its own with nothing in it
await check("npx of the tarball in an empty folder", () => {
  const empty = join(folder, "empty")
  mkdirSync(empty)
  const npx = (...args) => run("npx", ["--yes", "--package", tarball, "effect-wmi", ...args], { cwd: empty })
  if (!npx("explain", "0x80041026").startsWith("ClassHasInstances")) throw new Error("explain does not explain")
  if (!npx("explain", "CS-15").includes("  docs/spec/class-update.md#cs-15\n")) throw new Error("no rule CS-15")
  writeFileSync(join(empty, "a.mof"), 'class A { [key] string Id; };\ninstance of A { Id = "x"; };\n')
  if (!npx("put", "a.mof").includes("1 class, 1 instance: 2 created")) throw new Error("put does not put")
})

// The command with a store: Node 20 has no SQLite of its own, so the command names the package to install; with libsql it works.
const installed = join(folder, "node_modules/effect-wmi/dist/bin/effect-wmi.js")
const withNode = Number(process.versions.node.split(".")[0]) < 22
  ? [["node without libsql", process.execPath, [], 2], ["node with libsql", process.execPath, [], 0]]
  : [["node", process.execPath, [], 0]]
for (
  const [name, command, args, expect] of [
    ...withNode,
    ["bun", join(bin, "bun"), [], 0],
    ["deno", join(bin, "deno"), ["run", "-A"], 0]
  ]
) {
  await check(`put --store twice, snapshot, restore and diff under ${name}`, () => {
    if (name === "node with libsql") run("npm", ["install", "--silent", "--no-audit", "--no-fund", "libsql@0.5.29"])
    const space = mkdtempSync(join(folder, "store-"))
    writeFileSync(join(space, "a.mof"), 'class A { [key] string Id; };\ninstance of A { Id = "x"; };\n')
    const wmi = (...rest) =>
      run(command, [...args, installed, ...rest], {
        cwd: space,
        expect
      })
    const first = wmi("put", "a.mof", "--store", "wmi.db")
    if (expect !== 0) {
      if (!first.includes("on Node 20 install the package libsql")) throw new Error(first)
      return
    }
    if (!first.includes("2 created")) throw new Error(first)
    if (!wmi("put", "a.mof", "--store", "wmi.db").includes("2 unchanged")) {
      throw new Error("the second run is not unchanged")
    }
    wmi("snapshot", "wmi.dump.gz", "--store", "wmi.db")
    wmi("restore", "wmi.dump.gz", "--store", "other.db")
    if (!wmi("diff", "wmi.db", "other.db").startsWith("0 created")) throw new Error("the restored store differs")
  })
}
for (const [name, command, args] of [["bun", join(bin, "bun"), []], ["deno", join(bin, "deno"), ["run", "-A"]]]) {
  await check(`the command under ${name}`, () => {
    const file = join(folder, "node_modules/effect-wmi/dist/bin/effect-wmi.js")
    if (!run(command, [...args, file, "explain", "--flags", "0x42"]).includes("UpdateForce")) {
      throw new Error("it does not explain")
    }
    if (!run(command, [...args, file, "explain", "mof", "5"]).includes("docs/spec/mof.md#mof-5")) {
      throw new Error("it does not find the rules")
    }
  })
}

// workerd
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

await check("a bundle answers under workerd", async () => {
  const worker = join(folder, "worker")
  mkdirSync(worker)
  cpSync(join(root, "examples/worker.ts"), join(folder, "worker.ts"))
  await build({
    absWorkingDir: folder,
    entryPoints: ["worker.ts"],
    outfile: join(worker, "worker.js"),
    bundle: true,
    minify: true,
    format: "esm",
    conditions: ["workerd"],
    logLevel: "error"
  })
  const port = await freePort()
  writeFileSync(
    join(worker, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [(name = "worker.js", esModule = embed "worker.js")],
    compatibilityDate = "2025-01-01"
  ))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
`
  )
  const server = spawn(join(bin, "workerd"), ["serve", "config.capnp"], {
    cwd: worker,
    env,
    stdio: ["ignore", "ignore", "pipe"]
  })
  let said = ""
  server.stderr.on("data", (data) => said += data)
  try {
    const put = async (id) =>
      fetch(`http://127.0.0.1:${port}/`, {
        method: "POST",
        body: JSON.stringify({ id, freeSpace: "42" }),
        signal: AbortSignal.timeout(5000)
      })
    let first
    for (let attempt = 0; first === undefined && attempt < 100; attempt++) {
      first = await put("C:").catch(() => new Promise((resolve) => setTimeout(resolve, 100)))
    }
    if (first?.status !== 201) throw new Error(`the first put: ${first?.status ?? "no answer"} ${said}`)
    const { path } = await first.json()
    if (path !== '\\\\.\\root\\cimv2:Demo_Disk.Id="C:"') throw new Error(`the path: ${path}`)
    if ((await put("c:")).status !== 200) throw new Error("the second put of the same disk is no update")
    for (const body of ["{", "", "null", "[]", '{"id":null,"freeSpace":"42"}', '{"id":"C:"}']) {
      const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body })
      if (status !== 400) throw new Error(`${status} for the body ${body}`)
    }
  } finally {
    server.kill("SIGKILL")
  }
})

rmSync(folder, { recursive: true, force: true })
finish()
