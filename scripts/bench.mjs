// Runs benches: `npm run bench -- [name …] [--json FILE] [--chart]` for bench/<name>.bench.ts, all of them without a name.
// The TypeScript is bundled first, because Node 20 does not run it; packages stay outside the bundle. What was measured is kept as
// JSON; `--chart` draws its ratios into bench/chart.svg.
import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { bundled, root } from "./bundled.mjs"
import { chart } from "./chart.mjs"

const known = readdirSync(`${root}bench`).filter((file) => file.endsWith(".bench.ts")).map((file) => file.slice(0, -9))
const { positionals: names, values: options } = parseArgs({
  allowPositionals: true,
  options: { chart: { type: "boolean", default: false }, json: { type: "string" } }
})
const unknown = names.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(", ")}; there are ${known.join(", ")}`)
  process.exit(2)
}
const results = []
for (const name of names.length > 0 ? names : known) {
  const file = await bundled(`bench/${name}.bench.ts`, `bench-${name}`)
  const out = file.replace(/mjs$/, "json")
  writeFileSync(out, JSON.stringify({ reports: [], goals: [] }))
  const env = { ...process.env, BENCH_JSON: out }
  const { status } = spawnSync(process.execPath, ["--expose-gc", file], { cwd: root, stdio: "inherit", env })
  if (status !== 0) process.exit(status ?? 1)
  results.push({ bench: name, ...JSON.parse(readFileSync(out, "utf8")) })
}
const json = options.json ?? "node_modules/.cache/effect-wmi/bench.json"
writeFileSync(resolve(root, json), JSON.stringify({ node: process.version, results }, null, 2))
console.log(`\nwritten as JSON: ${json}`)
if (options.chart) {
  writeFileSync(`${root}bench/chart.svg`, chart(results))
  console.log("drawn: bench/chart.svg")
}
