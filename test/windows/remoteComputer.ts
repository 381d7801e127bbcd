/**
 * A remote computer for the unchanged client: a prefix that starts PowerShell's engine with the loop prelude, and the emulated
 * namespace behind it. See `remotePrefix.mjs`.
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
import * as script from "../../src/windows/conversation/script.ts"
import * as Wmi from "../../src/Wmi.ts"
import type { Engine } from "./engine.ts"
import { type LoopServer, type Needs, serve } from "./loopServer.ts"

/** A remote computer. */
export interface RemoteComputer {
  /** The prefix of `powershell.exe`. */
  readonly prefix: ReadonlyArray<string>
  /** Its prelude, to start the engine without the prefix. */
  readonly prelude: string
  readonly server: LoopServer
  /** Runs programs on its namespaces. */
  readonly world: ManagedRuntime.ManagedRuntime<Needs, never>
  readonly close: () => Promise<void>
}

/** The options of a remote computer. */
export interface RemoteOptions {
  /** The server name in the paths that it reports. */
  readonly server?: string
  readonly namespaces?: ReadonlyArray<string>
  /** Changes the prelude, to make the computer differ from Windows. */
  readonly altered?: (prelude: string) => string
}

export const remoteComputer = async (engine: Engine, options: RemoteOptions = {}): Promise<RemoteComputer> => {
  const { altered = String, namespaces = ["root\\cimv2", "root\\default"], server: name = "." } = options
  const world = ManagedRuntime.make(Layer.merge(
    Wmi.layerMemoryFrom(Snapshot.empty({ namespaces })),
    Layer.succeed(CallContext.Server, name)
  ))
  const scope = Effect.runSync(Scope.make())
  const server = await Effect.runPromise(Scope.extend(serve(world), scope))
  const prelude = altered(server.prelude)
  const folder = mkdtempSync(join(tmpdir(), "ewmi-remote-"))
  const config = join(folder, "config.json")
  writeFileSync(
    config,
    JSON.stringify({ engine: engine.command, shipped: script.prelude, prelude })
  )
  return {
    prefix: [process.execPath, fileURLToPath(new URL("./remotePrefix.mjs", import.meta.url)), config],
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
