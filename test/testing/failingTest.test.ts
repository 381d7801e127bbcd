/** What vitest, Deno and Bun print for an assertion of the kit that does not hold: the line of the test, and the difference once. */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, beforeAll, describe, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const folder = "test/fixtures/testing"

/** The output of a child process. */
const printed = (command: string, args: ReadonlyArray<string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, VITEST_JSON: undefined }
    const child = spawn(command, args, { cwd: root, env })
    let text = ""
    child.stdout.on("data", (chunk) => text += String(chunk))
    child.stderr.on("data", (chunk) => text += String(chunk))
    child.on("error", reject)
    child.on("close", () => resolve(text))
  })

const lines = readFileSync(`${root}/${folder}/failing.ts`, "utf8").split("\n")

/** The number of the line that a comment of the fixture names. */
const lineOf = (title: string): number => {
  const at = lines.findIndex((line) => line.endsWith(`// the line of ${title}`))
  assert.isAtLeast(at, 0, title)
  return at + 1
}

const inEffects = ["calls", "pattern", "rules", "recording", "kit"]
const thrown = ["log", "rule", "action"]

/** The first frame of a part of the output. */
const firstFrame = (text: string): string | undefined => /^ +(?:❯|at) (.*)$/m.exec(text)?.[1]

// The child processes are the same whichever runtime starts them, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("a failing test shows the line of the test", () => {
  describe("vitest", () => {
    let output = ""
    beforeAll(async () => {
      const config = `${folder}/vitest.config.ts`
      output = await printed(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--config", config])
    }, 120_000)
    const partOf = (title: string): string => {
      const [, part] = output.split(`vitest.fixture.ts > ${title}\n`)
      assert.isDefined(part, output)
      return part!.split("⎯⎯⎯⎯")[0]!
    }

    for (const title of [...inEffects, ...thrown]) {
      it(title, () => {
        const part = partOf(title)
        const line = lineOf(title)
        assert.isTrue(firstFrame(part)?.includes(`${folder}/failing.ts:${line}:`), part)
        assert.match(part, new RegExp(`^ +${line}\\| .+\\n +\\| +\\^$`, "m"))
        assert.notInclude(part, "src/testing/")
      })
    }

    it("the difference once", () => {
      for (const title of ["calls", "log"]) assert.strictEqual(partOf(title).split("- put\n").length, 2, title)
    })
  })

  for (
    const [runner, args, titles] of [
      ["deno", ["test", "-A", "--no-check", `${folder}/deno.fixture.ts`], [...inEffects, ...thrown]],
      // Bun prints the frames of the `throw` itself for an error that is thrown outside of a promise.
      ["bun", ["test", `./${folder}/bun.fixture.ts`], inEffects]
    ] as const
  ) {
    describe(runner, () => {
      let output = ""
      beforeAll(async () => {
        output = await printed(`node_modules/.bin/${runner}`, args)
      }, 120_000)

      for (const title of titles) {
        it(title, () => {
          const part = runner === "deno"
            ? output.split(`\n${title} => `)[1]
            : output.split(/^\(fail\) .*\n/m)[[...inEffects.slice(0, 2), "log", ...inEffects.slice(2)].indexOf(title)]
          assert.isDefined(part, output)
          assert.isTrue(firstFrame(part!)?.includes(`${folder}/failing.ts:${lineOf(title)}:`), part)
        })
      }
    })
  }
})
