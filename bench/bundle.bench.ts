/** What a function ships: one put through the whole pipeline over memory, beside the smallest Effect program with a layer. */
import { sizes } from "./bundle.ts"
import type { Declaration } from "./Bench.ts"

const least = "smallest Effect program with a layer"
const put = "one put through the pipeline, memory"

/** The checkout whose sources are bundled. */
const sources = process.env["BENCH_SOURCES"] ?? process.cwd()

const declare: Declaration = () => ({
  groups: [{
    title: "Bundle, minified and compressed by gzip",
    clock: "wall",
    runs: "one",
    apart: true,
    cases: [
      {
        name: least,
        figure: "bytes",
        foreign: true,
        setup: () => ({ operations: 1, prepare: () => async () => (await sizes(sources)).least.gzip })
      },
      {
        name: put,
        figure: "bytes",
        setup: () => ({ operations: 1, prepare: () => async () => (await sizes(sources)).put.gzip })
      }
    ],
    goals: [{
      name: "KiB of gzip above the smallest",
      reached: ({ value }) => {
        const above = (value(put).median - value(least).median) / 1024
        return { median: above, lower: above, upper: above }
      },
      atMost: 20
    }]
  }]
})

export default declare
