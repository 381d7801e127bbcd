/** What a function ships. */
import { sizes } from "./bundle.ts"
import { goal } from "./measure.ts"

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`

const { least, put } = await sizes()
console.log("\nBundle, minified (gzip)")
console.log(`  smallest Effect program with a layer   ${kib(least.minified)} (${kib(least.gzip)})`)
console.log(`  one put through the pipeline, memory   ${kib(put.minified)} (${kib(put.gzip)})`)
const above = (put.gzip - least.gzip) / 1024
goal("KiB of gzip above the smallest", above, "<= 20", above <= 20)
