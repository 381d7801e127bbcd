/** The example over a real Deno KV, twice: what the first run stored the second one finds. */
import { spawnSync } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))

it("a second run over Deno KV says Unchanged", () => {
  const path = join(mkdtempSync(join(tmpdir(), "effect-wmi-kv-")), "kv.db")
  const run = (): string => {
    const deno = join(root, "node_modules/.bin/deno")
    const { status, stderr, stdout } = spawnSync(deno, ["run", "-A", "--unstable-kv", "examples/deno-kv.ts"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, KV_PATH: path, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" }
    })
    assert.strictEqual(status, 0, stderr)
    return stdout
  }
  assert.strictEqual(run(), "C: Created\nD: Created\n2\n")
  assert.strictEqual(run(), "C: Unchanged\nD: Unchanged\n2\n")
})
