/** A fixture of the host tests: the layer over a fake host, what the host has stored, and its processes. */
import * as NodeCommandExecutor from "@effect/platform-node-shared/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node-shared/NodeFileSystem"
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import type { NamespaceReader } from "../../src/pipeline/NamespaceReader.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import { isRunning } from "./processes.ts"
import * as Wmi from "../../src/Wmi.ts"

export const executor: Layer.Layer<CommandExecutor> = NodeCommandExecutor.layer.pipe(
  Layer.provide(NodeFileSystem.layer)
)

const script = fileURLToPath(new URL("./fakeHost.mjs", import.meta.url))

/** The options of a fake host; see `fakeHost.mjs`. */
export interface Fake {
  readonly mode?: string
  readonly delay?: number
  readonly chunk?: number
  readonly fault?: { readonly kind: string; readonly at: number }
  readonly deny?: boolean
  /** Namespaces that the caller may not open, in lower case. */
  readonly shut?: ReadonlyArray<string>
  readonly connects?: string
  /** An assumption about the host that this fake does not fulfil. */
  readonly wrong?: string
  readonly methods?: boolean
  readonly edition?: string
  readonly once?: string
  readonly state?: string
  readonly classes?: ReadonlyArray<object>
  /** A class that changes after the first put. */
  readonly later?: object
  readonly log?: string
  readonly pids?: string
  readonly lines?: string
  readonly steps?: string
}

/** The disk class as a host stores it. */
export const diskSpec = {
  name: "Demo_Disk",
  quals: [],
  props: [
    { n: "Id", t: 8, quals: [{ n: "key", k: "b", v: true, f: 19 }] },
    { n: "N", t: 19, quals: [] },
    { n: "Size", t: 21, quals: [] },
    { n: "Names", t: 8, a: true, quals: [] },
    { n: "At", t: 101, quals: [] },
    { n: "Ratio", t: 5, quals: [] }
  ]
}

export const Disk: ClassDefinition.ClassDefinition = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  N: Property.make("uint32"),
  Size: Property.make("uint64"),
  Names: Property.make("string[]"),
  At: Property.make("datetime"),
  Ratio: Property.make("real64")
})

/** The folder of one test, with the files that the fake host writes. */
export class Folder {
  readonly path: string = mkdtempSync(join(tmpdir(), "effect-wmi-"))

  file(name: string): string {
    return join(this.path, name)
  }

  lines(name: string): ReadonlyArray<string> {
    const file = this.file(name)
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((line) => line !== "") : []
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** The options that start the fake host, with short waits. */
export const options = (
  folder: Folder,
  fake: Fake = {},
  more: PowerShellRepository.Options = {}
): PowerShellRepository.Options => {
  const files = {
    log: folder.file("log"),
    pids: folder.file("pids"),
    lines: folder.file("lines"),
    seen: folder.file("seen")
  }
  return {
    prefix: ["node", script, JSON.stringify({ classes: [diskSpec], ...files, ...fake })],
    ...more,
    startRetry: { first: 10, most: 20, attempts: 2, ...more.startRetry },
    timeouts: { exit: 500, kill: 2000, close: 300, grace: 200, ...more.timeouts }
  }
}

/** The host processes of a test that still run. */
export const survivors = (folder: Folder): ReadonlyArray<number> => folder.lines("pids").map(Number).filter(isRunning)

class Survivors extends Error {
  readonly pids: ReadonlyArray<number>
  constructor(pids: ReadonlyArray<number>) {
    super(`left behind: ${pids.join(", ")}`)
    this.pids = pids
  }
}

/** Waits until the killed processes have ended, for as long as the contract allows. */
export const allGone = (folder: Folder): Effect.Effect<void, Survivors> =>
  Effect.suspend(() => {
    const remaining = survivors(folder)
    return remaining.length === 0 ? Effect.void : Effect.fail(new Survivors(remaining))
  }).pipe(Effect.retry({ schedule: Schedule.spaced("20 millis"), times: 100 }))

/** Runs a program over a layer that the test made; its processes must have ended afterwards. */
export const running = <A, E>(
  program: Effect.Effect<A, E, Stages | NamespaceReader>,
  given: PowerShellRepository.Options
): Promise<A> =>
  Effect.runPromise(
    Effect.provide(program, Wmi.layer(PowerShellRepository.layer(given)).pipe(Layer.provide(executor)))
  )

/** Runs a program over a fake host; its processes must have ended afterwards. */
export const withFake = async <A, E>(
  program: (folder: Folder) => Effect.Effect<A, E, Stages | NamespaceReader>,
  fake: Fake | ((folder: Folder) => Fake) = {},
  more: PowerShellRepository.Options = {}
): Promise<A> => {
  const folder = new Folder()
  try {
    const fakeOptions = typeof fake === "function" ? fake(folder) : fake
    const answer = await running(program(folder), options(folder, fakeOptions, more))
    await Effect.runPromise(allGone(folder))
    return answer
  } finally {
    for (const pid of survivors(folder)) process.kill(pid, "SIGKILL")
    folder.remove()
  }
}
