/**
 * SQLite files with random damage: whatever a page contains, the process survives and every call returns a result or a typed failure.
 * `TEST_DAMAGED_FILES` sets the number of files; 300 take some minutes.
 */
import { build } from "esbuild"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { root } from "./postgresServer.ts"

const files = process.env["TEST_DAMAGED_FILES"] ?? "40"
const runtimes = { node: [process.execPath], deno: [join(root, "node_modules/.bin/deno"), "run", "-A"] }

// The child process is a bundle made by esbuild; under Deno and Bun the test would prove nothing more.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("files with random damage", () => {
  for (const [runtime, [program, ...first]] of Object.entries(runtimes)) {
    it(runtime, async () => {
      const beside = join(root, "node_modules/.cache/effect-wmi-tests")
      mkdirSync(beside, { recursive: true })
      const script = join(beside, `damagedFiles-${process.pid}-${runtime}.mjs`)
      const folder = mkdtempSync(join(tmpdir(), "effect-wmi-damaged-"))
      try {
        await build({
          entryPoints: [join(root, "test/stores/damagedFiles.ts")],
          bundle: true,
          format: "esm",
          platform: "node",
          packages: "external",
          outfile: script,
          logLevel: "error"
        })
        const done = spawnSync(program!, [...first, script, folder, files], { encoding: "utf8", cwd: root })
        assert.strictEqual(done.signal, null, done.stderr.slice(-2000))
        assert.strictEqual(done.status, 0, done.stderr.slice(-2000))
        const { came, defects } = JSON.parse(done.stdout.trim().split("\n").at(-1)!) as {
          readonly came: Readonly<Record<string, number>>
          readonly defects: ReadonlyArray<string>
        }
        assert.deepStrictEqual(defects, [])
        assert.isAbove(came["open ok"] ?? 0, 0)
      } finally {
        rmSync(folder, { recursive: true, force: true })
        rmSync(script, { force: true })
      }
    }, 600_000)
  }
})
