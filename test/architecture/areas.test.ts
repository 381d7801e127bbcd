/**
 * What a function ships is the same whether it is imported through a merged area (`effect-wmi/scripting`), through the root, or from its
 * own module. An area of one module (`effect-wmi/sqlite`) is that module. Packages stay outside of these bundles.
 *
 * Bundlers differ in one thing: Rolldown and Rollup follow a member of a module that an entry point re-exports as a namespace, esbuild
 * keeps that module whole. So a program that is bundled with esbuild imports a module by its subpath.
 */
import { build } from "esbuild"
import { rolldown } from "rolldown"
import { assert, describe, it } from "vitest"

const entry = "\0entry"

/** Bytes of a program, minified. */
type Size = (contents: string) => Promise<number>

const withRolldown: Size = async (contents) => {
  const bundle = await rolldown({
    input: entry,
    external: (id) => id !== entry && !id.startsWith(".") && !id.startsWith("/"),
    logLevel: "silent",
    plugins: [{
      name: "entry",
      resolveId: (id, importer) =>
        id === entry ? entry : importer === entry ? `${process.cwd()}/${id.slice("./".length)}` : undefined,
      load: (id) => id === entry ? contents : undefined
    }]
  })
  const { output } = await bundle.generate({ format: "esm", minify: true })
  await bundle.close()
  return output[0].code.length
}

const withEsbuild: Size = async (contents) => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    packages: "external",
    write: false,
    logLevel: "error"
  })
  return outputFiles[0]!.contents.length
}

/** An entry point, its file, the module and a function of it; the module is `undefined` where the entry point exports the function. */
type Import = readonly [entry: string, file: string, module: string | undefined, own: string, name: string]

const area = (name: string, module: string | undefined, own: string, value: string): Import => [
  `effect-wmi/${name}`,
  `src/entry/${name}.ts`,
  module,
  `src/${own}.ts`,
  value
]
const root = (module: string, own: string, value: string): Import => [
  "effect-wmi",
  "mod.ts",
  module,
  `src/${own}.ts`,
  value
]

const functions: ReadonlyArray<Import> = [
  area("scripting", undefined, "scripting/objects/SWbemDateTime", "SWbemDateTime"),
  area("scripting", undefined, "scripting/objects/WbemConstants", "wbemErr"),
  area("conformance", undefined, "conformance/windows/hostCases", "casesOf")
]

const others: ReadonlyArray<Import> = [
  area("testing", "Fault", "testing/Fault", "make"),
  ["effect-wmi/testing/contracts", "src/entry/contracts.ts", "StoreContract", "src/testing/StoreContract.ts", "cases"],
  area("engine", "ReadSet", "engine/ReadSet", "of"),
  area("engine", "PutEngine", "engine/PutEngine", "decide"),
  root("CimName", "model/CimName", "fold")
]

const added = async (size: Size, [, file, module, own, name]: Import): Promise<number> => {
  const [through, direct] = module === undefined
    ? [`export { ${name} } from "./${file}"`, `export { ${name} } from "./${own}"`]
    : [
      `import { ${module} } from "./${file}"\nexport const value = ${module}.${name}`,
      `import * as ${module} from "./${own}"\nexport const value = ${module}.${name}`
    ]
  return await size(through) - await size(direct)
}

const title = ([from, , module, , name]: Import): string =>
  `${module === undefined ? "" : `${module}.`}${name} of ${from}`

/** A bundle that orders its modules differently may have a few longer names. */
const noise = 64

// The bundlers give the same result whichever runtime starts them, so Node alone runs this.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("an entry point adds nothing to a function", () => {
  for (const one of [...functions, ...others]) {
    it(`${title(one)}, with Rolldown`, async () => assert.isAtMost(await added(withRolldown, one), noise))
  }
  for (const one of functions) {
    it(`${title(one)}, with esbuild`, async () => assert.isAtMost(await added(withEsbuild, one), noise))
  }
})
