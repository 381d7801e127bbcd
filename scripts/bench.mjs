// Runs benches: `node scripts/bench.mjs [name …]` for bench/<name>.bench.ts, all of them without a name.
// The TypeScript is bundled first, because Node 20 does not run it; packages stay outside the bundle.
import { spawnSync } from "node:child_process"
import { mkdirSync, readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL("..", import.meta.url))
const known = readdirSync(`${root}/bench`).filter((file) => file.endsWith(".bench.ts")).map((file) => file.slice(0, -9))
const names = process.argv.slice(2)
const unknown = names.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(", ")}; there are ${known.join(", ")}`)
  process.exit(2)
}
const out = `${root}/node_modules/.cache/effect-wmi/bench`
mkdirSync(out, { recursive: true })
for (const name of names.length > 0 ? names : known) {
  await build({
    entryPoints: [`${root}/bench/${name}.bench.ts`],
    outfile: `${out}/${name}.mjs`,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error"
  })
  const { status } = spawnSync(process.execPath, ["--expose-gc", `${out}/${name}.mjs`], { cwd: root, stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}
