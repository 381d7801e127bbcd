/**
 * The worlds of the benches over memory, built twice: as the sources are, and without their look at telemetry. The second one is what a
 * put would cost if telemetry did not exist.
 */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { build, type Plugin } from "esbuild"

export type World = typeof import("./memoryWorld.ts") & Pick<typeof import("./world.ts"), "requests">

/** The answers of `observation/recording.ts` for a program without telemetry, as constants. */
const constants = `
export const Recording = undefined
export const useSwitch = () => {}
export const captureCallSites = () => {}
export const isOn = () => false
export const recordingFiber = () => undefined
export const callerOf = () => undefined
export const callSite = () => undefined
export const calledAt = (_, effect) => effect
export const takeSite = () => undefined
`

const bypass: Plugin = {
  name: "bypass",
  setup: (plugin) => {
    plugin.onLoad({ filter: /observation[\\/]recording\.ts$/ }, () => ({ contents: constants, loader: "js" }))
  }
}

/** Builds a world of the sources in the current folder, and returns its file. */
export const built = async (isBypassed: boolean): Promise<string> => {
  const folder = join(process.cwd(), "node_modules/.cache/effect-wmi")
  mkdirSync(folder, { recursive: true })
  // A name for each process: cases of one bench are built at the same time as those of another.
  const outfile = join(folder, `telemetry-${isBypassed ? "bypassed" : "absent"}-${process.pid}.mjs`)
  await build({
    stdin: {
      contents: `export * from "./bench/memoryWorld.ts"\nexport { requests } from "./bench/world.ts"`,
      resolveDir: process.cwd(),
      loader: "ts"
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    plugins: isBypassed ? [bypass] : [],
    logLevel: "error"
  })
  return outfile
}

export const world = async (isBypassed: boolean): Promise<World> =>
  await import(pathToFileURL(await built(isBypassed)).href) as World
