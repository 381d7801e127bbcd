/** The test files of `examples/testing` run: those for vitest in this process, through the names that a program imports. */
import { readdirSync, readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"

const folder = new URL("../../examples/testing/", import.meta.url)

// The names of the package have types only after a build, so the compiler is not given these files here.
const own = (file: string): Promise<Readonly<Record<string, unknown>>> => import(new URL(file, folder).href)

describe("examples/testing", async () => {
  const { tests } = await own("agentTests.ts") as { readonly tests: (test: typeof it) => void }
  tests(it)
  await own("first.vitest.test.ts")

  it("the test of the agent has at most 60 lines", () => {
    const lines = readFileSync(new URL("agentTests.ts", folder), "utf8").trimEnd().split("\n")
    assert.isAtMost(lines.length, 60)
  })

  it("the documentation installs versions of vitest and @effect/vitest that go together", () => {
    const page = readFileSync(new URL("../../docs/testing.md", import.meta.url), "utf8")
    const line = /npm install -D vitest@(\d+) @effect\/vitest@(\d+\.\d+)`/.exec(page)
    const manifest = JSON.parse(
      readFileSync(new URL("../../node_modules/@effect/vitest/package.json", import.meta.url), "utf8")
    ) as { readonly version: string; readonly peerDependencies: Readonly<Record<string, string>> }
    assert.isTrue(manifest.version.startsWith(`${line?.[2]}.`), manifest.version)
    assert.match(manifest.peerDependencies["vitest"]!, new RegExp(`^\\^${line?.[1]}\\.`))
  })

  it("each runner has a file", () => {
    const files = readdirSync(folder)
    for (const runner of ["vitest", "deno", "bun"]) assert.include(files, `agent.${runner}.test.ts`)
  })
})
