// Runs benches: `npm run bench -- [NAME...] [--against DIR] [--runtime WHICH] [--node VERSION] [--json FILE] [--chart]`; `--help` says
// what each option does. The TypeScript is bundled first, because Node 20 does not run it; packages stay outside the bundle.
import { pathToFileURL } from "node:url"
import { bundled, bundledText, root } from "./bundled.mjs"
import { chart } from "./chart.mjs"

const { main } = await import(pathToFileURL(await bundled("bench/main.ts", "bench")).href)
process.exitCode = await main(process.argv.slice(2), {
  root: root.replace(/[\\/]$/, ""),
  bundle: (name, { contents, folder }) => bundledText(contents, { name, folder }),
  chart
})
