// Runs the hard tests (test/hard): `node scripts/hard.mjs [name …]`. They and their child processes are bundled for Node 20 first.
import { spawnSync } from "node:child_process"
import { bundled, root } from "./bundled.mjs"

const child = await bundled("test/hard/child.ts", "hard-child")
const file = await bundled("test/hard/main.ts", "hard-main")
const { status } = spawnSync(process.execPath, ["--expose-gc", file, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, HARD_CHILD: child }
})
process.exit(status ?? 1)
