/** Sizes of bundles: minified by esbuild, then gzip. */
import { gzipSync } from "node:zlib"
import { build } from "esbuild"

export interface Size {
  readonly minified: number
  readonly gzip: number
  /** The modules that have bytes in the bundle. */
  readonly modules: ReadonlyArray<string>
}

const least = `
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
const Name = Context.GenericTag<string>("Name")
const program = Effect.gen(function*() {
  const name = yield* Name
  return "hello " + name
})
export default () => Effect.runPromise(Effect.provide(program, Layer.succeed(Name, "world")))
`

const put = `
import * as Effect from "effect/Effect"
import * as ClassDefinition from "./src/model/ClassDefinition.ts"
import * as Instance from "./src/model/Instance.ts"
import * as Property from "./src/model/Property.ts"
import * as PutRequest from "./src/protocol/PutRequest.ts"
import * as PutAsync from "./src/pipeline/PutAsync.ts"
import * as Wmi from "./src/Wmi.ts"
const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const program = Effect.gen(function*() {
  yield* PutAsync.put(PutRequest.make(Disk))
  return yield* PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n })))
})
export default () => Effect.runPromise(Effect.provide(program, Wmi.layerMemory))
`

interface Bundle {
  readonly code: Uint8Array
  /** The modules that have bytes in it. */
  readonly modules: ReadonlyArray<string>
}

const bundle = async (contents: string, root: string): Promise<Bundle> => {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    nodePaths: [`${process.cwd()}/node_modules`], // for a checkout without packages of its own
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "error"
  })
  const modules = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)
  )
  return { code: outputFiles[0]!.contents, modules }
}

const size = async (contents: string, root: string): Promise<Size> => {
  const { code, modules } = await bundle(contents, root)
  return { minified: code.length, gzip: gzipSync(code, { level: 9 }).length, modules }
}

/** The bundle of a put as text, with the sources of this checkout. */
export const putBundle = async (): Promise<string> => new TextDecoder().decode((await bundle(put, process.cwd())).code)

/** With the sources of the checkout `root`. */
export const sizes = async (
  root: string = process.cwd()
): Promise<{ readonly least: Size; readonly put: Size }> => ({
  least: await size(least, root),
  put: await size(put, root)
})
