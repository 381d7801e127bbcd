/** The engine of this test run, and a host that the tests of one file share, because a start takes most of a second. */
import { afterAll, beforeAll, describe } from "vitest"
import { type Engine, findEngine } from "./engine.ts"
import { connect, type Host, start, type StartOptions } from "./hostClient.ts"

const runtime = globalThis as { readonly Deno?: unknown; readonly Bun?: unknown }

/** These tests run under Node only: the host is the same for every runtime. */
const here = runtime.Deno === undefined && runtime.Bun === undefined

/** The engine, if this run has one. */
export const engine: Engine | undefined = here ? await findEngine() : undefined

/** Tests that need the engine. */
export const withEngine: (name: string, tests: (engine: Engine) => void) => void = (name, tests) =>
  describe.skipIf(engine === undefined)(name, () => tests(engine!))

/** One host for the tests of a block, connected to the fake namespace as connection 1. */
export const sharedHost = (usedEngine: Engine, options: StartOptions = {}): () => Host => {
  let host: Host | undefined
  beforeAll(async () => {
    host = await start(usedEngine, options)
    await host.hello
    await connect(host)
  })
  afterAll(async () => {
    await host?.stop()
  })
  return () => host!
}
