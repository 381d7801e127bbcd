/** The bundles of the stores for serverless functions contain nothing of the SQL packages, of the platform packages or of Schema. */
import { build } from "esbuild"
import { assert, describe, it } from "vitest"

const inputsOf = async (contents: string): Promise<ReadonlyArray<string>> => {
  const { metafile } = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "error"
  })
  const [output] = Object.values(metafile.outputs)
  return Object.entries(output!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)
}

// esbuild is a process of its own and gives the same result whichever runtime starts it, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("stores for serverless", () => {
  for (
    const [name, file] of [["make", "kv/VersionedStore"], ["fromDocument", "kv/VersionedStore"], [
      "layer",
      "sqlite/DurableObject"
    ]] as const
  ) {
    it(`${file}.${name} contains no SQL package, no platform package and no Schema`, async () => {
      const inputs = await inputsOf(`export { ${name} } from "./src/storage/${file}.ts"`)
      assert.include(inputs, "src/storage/rowStore.ts")
      assert.deepStrictEqual(
        inputs.filter((file) =>
          /@effect\/(sql|platform|experimental)|effect\/dist\/esm\/(Schema|ParseResult)/.test(file)
        ),
        []
      )
    })
  }
})
