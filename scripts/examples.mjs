// Runs every example of the README as it stands, each under the runtimes it is for.
import { spawn, spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { check, finish } from "./checks.mjs"
import { example, root } from "./example.mjs"

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
    { cwd: root, env, encoding: "utf8", timeout: 60_000 }
  )
  if (status !== 0 || !stdout.includes("5 passed | 0 failed")) throw new Error(`status ${status}\n${stdout}${stderr}`)
})

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
