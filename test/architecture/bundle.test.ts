/** What a function ships: one put through the whole pipeline over memory, beside the smallest Effect program with a layer. */
import { assert, describe, it } from "vitest"
import { sizes } from "../../bench/bundle.ts"

// esbuild starts a process of its own, which vitest under Deno and Bun does not need to try again.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("bundle", () => {
  // The goal is 20 KiB. The foundation reached 25.6; localised text, which the standard rules split off, made it 28.4, the
  // corners of the rules that generated sequences found and descriptors of namespaces 29, paths that are long by names and defaults
  // of keys 29.1. This holds that until something is found to leave out.
  it("stays at what was reached: 29.1 KiB (gzip) above the smallest Effect program", async () => {
    const { least, put } = await sizes()
    const above = (put.gzip - least.gzip) / 1024
    assert.isAtMost(above, 29.1, `${above.toFixed(2)} KiB`)
    assert.isAbove(above, 1)
  })
})
