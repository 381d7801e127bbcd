/** The size of the worker that docs/serverless.md states: the example of a Durable Object, bundled. */
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { gzipSync } from "node:zlib"
import { build, type Plugin } from "esbuild"
import { assert, describe, it } from "vitest"

/** Entry points of the library by their names, as in `deno.json`. */
const entryPoints: Plugin = {
  name: "entry-points",
  setup: ({ onResolve }) => {
    const { imports }: { readonly imports: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync("deno.json", "utf8")
    )
    onResolve({ filter: /^effect-wmi(\/|$)/ }, ({ path }) => ({ path: resolve(imports[path] ?? path) }))
  }
}

// esbuild is a process of its own and gives the same result whichever runtime starts it, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("docs/serverless.md", () => {
  it("states the size of the worker within 5 %", async () => {
    const [, minified, gzip] = /about (\d+) KiB, (\d+) KiB compressed/.exec(readFileSync("docs/serverless.md", "utf8"))
      ?? []
    const { outputFiles } = await build({
      entryPoints: ["examples/durable-object.ts"],
      external: ["cloudflare:*"],
      plugins: [entryPoints],
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      write: false,
      logLevel: "error"
    })
    const code = outputFiles[0]!.contents
    assert.approximately(code.length / 1024, Number(minified), Number(minified) / 20)
    assert.approximately(gzipSync(code, { level: 9 }).length / 1024, Number(gzip), Number(gzip) / 20)
  })
})
