/** The size of a bundle: a put through the whole pipeline over memory, compared with the smallest Effect program that has a layer. */
import { assert, describe, it } from "vitest"
import { putBundle, sizes } from "../../bench/bundle.ts"

// esbuild is a process of its own and gives the same result whichever runtime starts it, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("bundle", () => {
  // The limit is the size as it is. Lower it when the bundle shrinks; a new rule or a new check of arguments may raise it.
  it("of a put is at most 42 KiB (gzip) larger than the smallest Effect program", async () => {
    const { least, put } = await sizes()
    const above = (put.gzip - least.gzip) / 1024
    assert.isAtMost(above, 42, `${above.toFixed(1)} KiB`)
    assert.isAbove(above, 1)
  })

  it("of a put contains the stages, and nothing of the services `Wmi` and `EmulatedWmi`", async () => {
    const names = [...(await putBundle()).matchAll(/"effect-wmi\/(\w+)"/g)].map(([, name]) => name)
    assert.include(names, "Repository")
    for (const name of ["Wmi", "EmulatedWmi"]) assert.notInclude(names, name)
  })

  it("of a put has no byte of a world", async () => {
    const { modules } = (await sizes()).put
    assert.isTrue(modules.some((file) => file.endsWith("src/pipeline/PutAsync.ts")))
    assert.deepEqual(modules.filter((file) => file.includes("src/worlds/")), [])
  })
})
