// Runs every example of the README and of docs as it stands, each under the runtimes it is for, and the commands of the blocks `console`.
import { spawn, spawnSync } from "node:child_process"
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { check, finish } from "./checks.mjs"
import { example, root } from "./example.mjs"
import { transcribe } from "./readme/transcripts.mjs"

const bin = join(root, "node_modules/.bin")
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", PORT: "0" }
const expect = (command, args, wanted) => {
  const { status, stderr, stdout } = spawnSync(command, args, { cwd: root, env, encoding: "utf8", timeout: 60_000 })
  if (status !== 0 || stdout !== wanted) throw new Error(`status ${status}\n${stdout}${stderr}`)
}

const script = 'Created \\\\.\\root\\cimv2:Demo_Disk.Id="C:"\nkept Demo_Disk.Id="C:"\n'
const bulk = "IllegalNull (0x80041028): property Port, because Not_Null\n3 created, 1 rejected, 7 events\n"
const port = 'put NewClass.Name="My Instance"\ncompleted 0 without an error\n'
for (const [name, wanted] of [["script", script], ["bulk", bulk], ["port", port]]) {
  const file = await example(name)
  await check(`${name}, node`, () => expect(process.execPath, [file], wanted))
  await check(`${name}, bun`, () => expect(join(bin, "bun"), [file], wanted))
  await check(
    `${name}, deno from source`,
    () => expect(join(bin, "deno"), ["run", "-A", `examples/${name}.ts`], wanted)
  )
}

await check("tests of the agent, deno test from source", () => {
  const { status, stderr, stdout } = spawnSync(
    join(bin, "deno"),
    ["test", "-A", "examples/testing/agent.deno.test.ts"],
    { cwd: root, env, encoding: "utf8", timeout: 180_000 }
  )
  if (status !== 0 || !stdout.includes("5 passed | 0 failed")) throw new Error(`status ${status}\n${stdout}${stderr}`)
})

/** A folder beside the clone, with a `PATH` that has Deno and nothing else. */
await check("script and test, deno without Node: by the README alone", () => {
  const beside = mkdtempSync(join(tmpdir(), "effect-wmi-deno-"))
  try {
    const [, importMap] = /```json\n([^]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))
    writeFileSync(join(beside, "deno.json"), importMap.replace("../effect-wmi/", `${pathToFileURL(root)}/`))
    copyFileSync(join(root, "examples/script.ts"), join(beside, "script.ts"))
    writeFileSync(
      join(beside, "first.test.ts"),
      `import { Effect } from "effect"
import { Wmi } from "effect-wmi"
import { WmiTest } from "effect-wmi/testing"
Deno.test("lists", () => Effect.runPromise(Effect.provide(Effect.asVoid(Wmi.namespaces), WmiTest.layer())))
`
    )
    symlinkSync(join(root, "node_modules/deno/deno"), join(beside, "deno"))
    const deno = (...args) => {
      const { status, stderr, stdout } = spawnSync(join(beside, "deno"), args, {
        cwd: beside,
        env: { ...env, PATH: beside },
        encoding: "utf8",
        timeout: 120_000
      })
      if (status !== 0) throw new Error(`status ${status}\n${stdout}${stderr}`)
      return stdout
    }
    const printed = deno("run", "--no-prompt", "script.ts")
    if (printed !== script) throw new Error(printed)
    if (!deno("test", "--no-prompt", "first.test.ts").includes("1 passed | 0 failed")) throw new Error("no test passed")
  } finally {
    rmSync(beside, { recursive: true })
  }
})

for (
  const [runtime, command, args] of [
    ["node", process.execPath, []],
    ["bun", join(bin, "bun"), []],
    ["deno", join(bin, "deno"), ["run", "-A"]]
  ]
) {
  await check(`fetch handler, ${runtime}`, async () => {
    const file = await example("handler")
    const calls = `${file.replace(/\.mjs$/, "")}.calls.mjs`
    writeFileSync(
      calls,
      `import handler from ${JSON.stringify(pathToFileURL(file).href)}
const send = async (body) => (await handler.fetch(new Request("http://a/", { method: "POST", body }))).status
const disk = JSON.stringify({ id: "C:", freeSpace: "42" })
const bodies = [disk, disk, JSON.stringify({ id: "C:", freeSpace: "many" }), "{}", "null", "[", ""]
const statuses = []
for (const body of bodies) statuses.push(await send(body))
console.log(statuses.join())
`
    )
    expect(command, [...args, calls], "201,200,422,400,400,400,400\n")
  })
}

for (
  const page of [
    "README.md",
    ...readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`)
  ]
) {
  const text = readFileSync(join(root, page), "utf8")
  if (!text.includes("```console\n")) continue
  await check(`the commands of ${page} print what it says`, () => {
    const lines = text.split("\n")
    const printed = transcribe(text).split("\n")
    const at = printed.findIndex((line, i) => line !== lines[i])
    if (at >= 0 || printed.length !== lines.length) {
      throw new Error(`line ${at + 1}: npm run readme writes what they print\n- ${lines[at]}\n+ ${printed[at]}`)
    }
  })
}

await check("service, bun", async () => {
  const server = spawn(join(bin, "bun"), [await example("service")], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"]
  })
  try {
    const url = await new Promise((resolve, reject) => {
      let said = ""
      server.stdout.on("data", (data) => {
        said += data
        const found = /listening on (\S+)/.exec(said)
        if (found) resolve(found[1])
      })
      server.on("exit", () => reject(new Error(`it ended: ${said}`)))
    })
    const send = async (body) => (await fetch(url, { method: "POST", body })).status
    const put = (body) => send(JSON.stringify(body))
    const disk = {
      object: {
        kind: "class",
        name: "Demo_Disk",
        properties: [{ name: "Id", type: "string", qualifiers: [{ name: "key" }] }]
      }
    }
    const statuses = [
      await put(disk),
      await put(disk),
      await put({ object: { kind: "instance", class: "Demo_Disk", values: { Id: "C:" } }, flags: 2 }),
      await put({ object: { kind: "instance", class: "Demo_Disk", values: { Id: "C:" } }, flags: 2 }),
      await put({ object: { kind: "instance", class: "Nobody", values: {} } }),
      await put({ object: "nonsense" }),
      await put(null),
      await send("{"),
      await send("")
    ]
    if (statuses.join() !== "201,200,201,409,404,400,400,400,400") throw new Error(statuses.join())
  } finally {
    server.kill("SIGKILL")
  }
})

// The same tests that `npm test` runs over the service on Node.
await check("HTTP service; bun, deno and workerd", () => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "core", "test/services/httpService.test.ts"],
    { cwd: root, env: { ...env, SERVICE_RUNTIMES: "bun,deno,workerd" }, encoding: "utf8", timeout: 300_000 }
  )
  if (status !== 0) throw new Error(`status ${status}\n${stdout}${stderr}`)
})

finish()
