/**
 * A far computer for a client that is used as it is: a prefix that leads to PowerShell's engine with the loop prelude, and the
 * emulated namespace that answers there. See `far.mjs`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as hostScript from "../../src/windows/conversation/script.ts"
import * as Wmi from "../../src/Wmi.ts"
import type { Engine } from "./engine.ts"
import { type LoopServer, type Needs, serve } from "./loopServer.ts"

/** What stands on the far side. */
export interface FarComputer {
  /** The command in front of `powershell.exe`. */
  readonly prefix: ReadonlyArray<string>
  /** The prelude over there: with it the engine is a computer without a prefix. */
  readonly prelude: string
  readonly server: LoopServer
  /** The namespaces over there. */
  readonly world: ManagedRuntime.ManagedRuntime<Needs, never>
  readonly close: () => Promise<void>
}

/** How it may be. */
export interface FarOptions {
  /** By what name it goes in the paths that it answers with. */
  readonly server?: string
  readonly namespaces?: ReadonlyArray<string>
  /** Changes the prelude: what is not as on Windows there. */
  readonly altered?: (prelude: string) => string
}

export const farComputer = async (engine: Engine, options: FarOptions = {}): Promise<FarComputer> => {
  const { altered = String, namespaces = ["root\\cimv2", "root\\default"], server: name = "." } = options
  const world = ManagedRuntime.make(Layer.merge(
    Wmi.layerMemoryFrom(Snapshot.empty({ namespaces })),
    Layer.succeed(CallContext.Server, name)
  ))
  const scope = Effect.runSync(Scope.make())
  const server = await Effect.runPromise(Scope.extend(serve(world), scope))
  const prelude = altered(server.prelude)
  const folder = mkdtempSync(join(tmpdir(), "ewmi-far-"))
  const config = join(folder, "config.json")
  writeFileSync(
    config,
    JSON.stringify({ engine: engine.command, shipped: hostScript.prelude, prelude })
  )
  return {
    prefix: [process.execPath, fileURLToPath(new URL("./far.mjs", import.meta.url)), config],
    prelude,
    server,
    world,
    close: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await world.dispose()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
