// Runs benches: `node scripts/bench.mjs [name …]` for bench/<name>.bench.ts, all of them without a name.
// The TypeScript is bundled first, because Node 20 does not run it; packages stay outside the bundle.
import { spawnSync } from "node:child_process"
import { readdirSync } from "node:fs"
import { bundled, root } from "./bundled.mjs"

const known = readdirSync(`${root}bench`).filter((file) => file.endsWith(".bench.ts")).map((file) => file.slice(0, -9))
const names = process.argv.slice(2)
const unknown = names.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(", ")}; there are ${known.join(", ")}`)
  process.exit(2)
}
for (const name of names.length > 0 ? names : known) {
  const file = await bundled(`bench/${name}.bench.ts`, `bench-${name}`)
  const { status } = spawnSync(process.execPath, ["--expose-gc", file], { cwd: root, stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}
