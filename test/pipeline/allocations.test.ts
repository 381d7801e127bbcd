/** Without a tracer a put allocates what it would without telemetry: no span, closure or array is made for it. */
import { execFile } from "node:child_process"
import { rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { built } from "../../bench/bypassed.ts"

const program = fileURLToPath(new URL("../fixtures/allocation.mjs", import.meta.url))

const flags = [
  "--expose-gc",
  "--no-opt",
  "--no-sparkplug",
  "--no-lazy-feedback-allocation",
  "--min-semi-space-size=256",
  "--max-semi-space-size=256"
]

const bytesOfPut = async (file: string, kind: "single" | "bulk"): Promise<number> => {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, file, kind])
  return Number(stdout)
}

/** A number on the heap has so many bytes; an object, a closure and an array have more. */
const smallestObject = 16

// The flags are those of V8 in Node.
describe.runIf(!("Deno" in globalThis) && !("Bun" in globalThis))("bytes that a put allocates without a tracer", () => {
  let files: { readonly absent: string; readonly bypassed: string } | undefined
  beforeAll(async () => {
    files = { absent: await built(false), bypassed: await built(true) }
  })
  afterAll(() => {
    for (const file of Object.values(files ?? {})) rmSync(file)
  })

  for (const kind of ["single", "bulk"] as const) {
    it(`are those of a ${kind} put of the same sources without telemetry`, async () => {
      const absent = await bytesOfPut(files!.absent, kind)
      const bypassed = await bytesOfPut(files!.bypassed, kind)
      assert.isAbove(bypassed, 500, "the measurement sees the allocations of a put")
      assert.isBelow(Math.abs(absent - bypassed), smallestObject, `${absent} and ${bypassed} bytes`)
    })
  }
})
