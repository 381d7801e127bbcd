/** What vitest prints for a verb that fails: the caller's file and line with its code, if telemetry is on. */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, beforeAll, describe, it } from "vitest"
import { callerOf } from "../../src/pipeline/observation/recording.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const folder = "test/fixtures/callSite"

/** The output of a child vitest over the fixtures. */
const printed = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["node_modules/vitest/vitest.mjs", "run", "--config", `${folder}/vitest.config.ts`],
      { cwd: root, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", VITEST_JSON: undefined } }
    )
    let text = ""
    child.stdout.on("data", (chunk) => text += String(chunk))
    child.stderr.on("data", (chunk) => text += String(chunk))
    child.on("error", reject)
    child.on("close", () => resolve(text))
  })

/** `FILE:LINE` of the line that a comment of the fixture names. */
const lineOf = (file: string, verb: string): string => {
  const lines = readFileSync(`${root}/${folder}/${file}`, "utf8").split("\n")
  const at = lines.findIndex((line) => line.endsWith(`// the line of ${verb}`))
  assert.isAtLeast(at, 0, verb)
  return `${folder}/${file}:${at + 1}`
}

// A child process of vitest is the same whichever runtime starts it, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("a failing test shows the caller's line", () => {
  let output = ""
  beforeAll(async () => {
    output = await printed()
  }, 120_000)

  for (const verb of ["put", "get", "delete", "list", "bulk", "made", "early"]) {
    it(`of ${verb}, with its code`, () => {
      const place = lineOf("layer.fixture.ts", verb)
      assert.include(output, place, output)
      assert.match(output, new RegExp(`^ +${place.split(":")[1]}\\| .+\\n +\\| +\\^$`, "m"))
    })
  }

  it("in a fiber with a tracer, for the first call of the process", () => {
    assert.include(output, lineOf("tracer.fixture.ts", "tracer"), output)
  })

  it("not without telemetry, where the error alone is printed", () => {
    assert.match(output, /FAIL .*silent\.fixture\.ts > silent\nWbem/)
    assert.notMatch(output, /silent\.fixture\.ts:\d+/)
  })
})

describe("the caller's frame", () => {
  const frames = (...lines: ReadonlyArray<string>): string =>
    ["Error", ...lines.map((line) => `    at ${line}`)].join("\n")

  it.each<readonly [string, string, string]>([
    [
      "of the sources",
      frames(
        "callSite (/app/src/pipeline/observation/recording.ts:90:17)",
        "Module.put (/app/src/pipeline/PutAsync.ts:200:5)",
        "/app/test/agent.test.ts:7:20"
      ),
      "/app/test/agent.test.ts:7:20"
    ],
    [
      "of the package, through `pipe` and `dual` of effect",
      frames(
        "callSite (file:///app/node_modules/effect-wmi/dist/src/pipeline/observation/recording.js:52:19)",
        "body (file:///app/node_modules/effect-wmi/dist/src/pipeline/BulkPut.js:240:18)",
        "file:///app/node_modules/effect/dist/esm/Function.js:90:24",
        "pipeArguments (file:///app/node_modules/effect/dist/esm/Pipeable.js:12:14)",
        "run (file:///app/agent.mjs:3:9)"
      ),
      "file:///app/agent.mjs:3:9"
    ],
    [
      "of an asynchronous function",
      frames(
        "callSite (file:///app/node_modules/effect-wmi/dist/src/pipeline/observation/recording.js:52:19)",
        "Module.get (file:///app/node_modules/effect-wmi/dist/src/Wmi.js:90:7)",
        "async file:///app/agent.mjs:3:9"
      ),
      "file:///app/agent.mjs:3:9"
    ],
    [
      "of Windows",
      frames(
        "callSite (file:///C:/app/node_modules/effect-wmi/dist/src/pipeline/observation/recording.js:52:19)",
        "put (file:///C:/app/node_modules/effect-wmi/dist/src/pipeline/PutAsync.js:90:7)",
        "main (C:\\app\\agent.ts:3:9)"
      ),
      "C:\\app\\agent.ts:3:9"
    ],
    [
      "of Deno with packages of npm",
      frames(
        "callSite (file:///home/me/.cache/deno/npm/registry.example/effect-wmi/0.1.0/dist/src/pipeline/observation/recording.js:52:19)",
        "run (file:///home/me/.cache/deno/npm/registry.example/effect-wmi/0.1.0/dist/src/pipeline/BulkPut.js:90:7)",
        "pipe (file:///home/me/.cache/deno/npm/registry.example/effect/3.22.4/dist/esm/Function.js:90:7)",
        "file:///home/me/agent.ts:3:9"
      ),
      "file:///home/me/agent.ts:3:9"
    ],
    [
      "of a bundle",
      frames(
        "callSite (/app/out.js:1:100)",
        "put (/app/out.js:1:200)",
        "main (/app/out.js:1:300)"
      ),
      "/app/out.js:1:300"
    ]
  ])("%s", (_, stack, place) => {
    assert.strictEqual(callerOf(stack), place)
  })

  it("of a stack without frames is absent", () => {
    assert.isUndefined(callerOf("Error"))
  })
})
