/**
 * The PowerShell host, under PowerShell's own engine, with objects of WMI that cost next to nothing: many puts through one host
 * beside one request per put and beside a process per put; its start beside the engine's own; and what a put costs the host itself.
 */
import { spawn } from "node:child_process"
import * as NodeCommandExecutor from "@effect/platform-node-shared/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node-shared/NodeFileSystem"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import * as BulkPut from "../src/pipeline/BulkPut.ts"
import * as PutAsync from "../src/pipeline/PutAsync.ts"
import type { PutRequest } from "../src/protocol/PutRequest.ts"
import * as hostScript from "../src/repository/hostScript.ts"
import * as PowerShellRepository from "../src/repository/PowerShellRepository.ts"
import * as Wmi from "../src/Wmi.ts"
import { type Engine, lookForEngine } from "../test/powershell/engine.ts"
import { connect, freePrelude, given, type Host, type Json, start } from "../test/powershell/hostClient.ts"
import { goal, measure, type Measured, print } from "./measure.ts"
import { requests } from "./world.ts"

const count = Math.min(Number(process.env["BENCH_COUNT"] ?? 2560), 2560)
const rounds = Math.min(Number(process.env["BENCH_ROUNDS"] ?? 5), 5)
const processes = 20

const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)

type Runtime = ManagedRuntime.ManagedRuntime<PutAsync.Stages, unknown>

const open = (engine: Engine, started?: () => void): Runtime =>
  ManagedRuntime.make(Wmi.layer(Layer.provide(
    PowerShellRepository.layer({
      powershell: engine.command,
      prelude: freePrelude,
      ...(started === undefined ? {} : { started })
    }),
    executor
  )))

const bulk = (runtime: Runtime, list: ReadonlyArray<PutRequest>): Promise<void> =>
  runtime.runPromise(Stream.runForEachChunk(
    BulkPut.run(Stream.fromChunk(Chunk.unsafeFromArray(list)), { batchSize: 1024 }),
    (outcomes) =>
      Effect.sync(() => {
        for (const one of outcomes) if (one._tag !== "Committed") throw one.error
      })
  ))

const single = (runtime: Runtime, list: ReadonlyArray<PutRequest>): Promise<void> =>
  runtime.runPromise(Effect.flatMap(PutAsync.make, (self) =>
    Effect.gen(function* () {
      for (const request of list) yield* self.put(request)
    })))

/** Milliseconds until a host has said hello, and until its one put is done and it is gone. */
const alone = async (
  engine: Engine,
  request: PutRequest
): Promise<{ readonly hello: number; readonly all: number }> => {
  const from = performance.now()
  let hello = 0
  const runtime = open(engine, () => void (hello = performance.now() - from))
  await single(runtime, [request])
  await runtime.dispose()
  return { hello, all: performance.now() - from }
}

/** Milliseconds of an engine that has nothing to do. */
const bare = (engine: Engine): Promise<number> =>
  new Promise((resolve, reject) => {
    const from = performance.now()
    const child = spawn(engine.command, ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "exit"], {
      stdio: ["ignore", "ignore", "inherit"]
    })
    child.on("error", reject)
    child.on("exit", (code) =>
      code === 0 ? resolve(performance.now() - from) : reject(new Error(`the engine ended with ${code}`)))
  })

const median = (list: ReadonlyArray<number>): number => [...list].sort((a, b) => a - b)[list.length >> 1]!

const measuredOf = (name: string, milliseconds: ReadonlyArray<number>): Measured => ({
  name,
  operations: 1,
  median: median(milliseconds) * 1e6,
  min: Math.min(...milliseconds) * 1e6,
  max: Math.max(...milliseconds) * 1e6
})

/** Items as the client writes them. */
const items = (properties: boolean): ReadonlyArray<Json> =>
  Array.from({ length: 128 }, (_, i) => ({
    class: "Demo_Thing",
    props: properties
      ? [
        { n: "Id", t: 19, a: false, v: String(i) },
        { n: "Short", t: 8, a: false, v: "s".padEnd(16, "0") },
        { n: "Long", t: 8, a: false, v: "l".padEnd(32, "0") },
        { n: "Size", t: 21, a: false, v: "1000003" },
        { n: "Enabled", t: 11, a: false, v: true },
        { n: "Changed", t: 101, a: false, v: "20240229000000.000000+000" }
      ]
      : []
  }))

/** The script, but the answers to the items of a batch are not written: what they cost is what it saves. */
const unheard = (script: string): string => {
  const without = script.replace(
    /(function Add-PathPart \{\n {2}param\(\$Parts, \[string\] \$Path, \$Was\)\n)/,
    (head) => `${head}  return\n`
  )
  if (without === script) throw new Error("the script writes its answers otherwise")
  return without
}

/** What the host does with messages of 128 items, asked without the library's client. */
const hostCost = async (engine: Engine): Promise<void> => {
  const host: Host = await start(engine, { prelude: freePrelude })
  const silent: Host = await start(engine, { prelude: freePrelude, core: unheard(hostScript.core) })
  const messages = Math.max(2, Math.floor(count / 128))
  const asked = async (to: Host, op: string, list: ReadonlyArray<Json>) => {
    await to.hello
    const c = await connect(to)
    return () => async (): Promise<void> => {
      const answers = await Promise.all(
        Array.from({ length: messages }, () => to.call(op, { c, flags: 0, items: list }))
      )
      if (op !== "putMany") return
      for (const answer of answers) if (given(answer)["done"] !== 128) throw new Error("not everything was put")
    }
  }
  const operations = messages * 128
  const measured = await measure([
    {
      name: "putMany of 128, six properties each",
      operations,
      prepare: await asked(host, "putMany", items(true))
    },
    { name: "the same, no answers to the items", operations, prepare: await asked(silent, "putMany", items(true)) },
    { name: "putMany of 128, no properties", operations, prepare: await asked(host, "putMany", items(false)) },
    {
      name: "read and refused: JSON in, six properties",
      operations,
      prepare: await asked(host, "nothing", items(true))
    },
    {
      name: "read and refused: JSON in, no properties",
      operations,
      prepare: await asked(host, "nothing", items(false))
    }
  ], rounds)
  await host.stop()
  await silent.stop()
  print("The host's own cost of a put", measured)
  const [whole, quiet, empty, reading, readingEmpty] = measured.map((one) => one.median / 1000)
  const out = whole! - quiet!
  const set = whole! - empty! - (reading! - readingEmpty!)
  const rest = empty! - readingEmpty! - out
  const part = (name: string, microseconds: number): string =>
    `${name} ${microseconds.toFixed(0)} us (${(100 * microseconds / whole!).toFixed(0)} %)`
  console.log(
    `  ${whole!.toFixed(0)} us a put: ${part("JSON in", reading!)}, ${part("set six properties", set)}, `
      + `${part("spawn and put", rest)}, ${part("frames out", out)}`
  )
}

const engine = await lookForEngine()
if ("missing" in engine) {
  console.log(`\nSKIPPED: the PowerShell host, because there is no engine: ${engine.missing}`)
} else {
  console.log(`\nEngine: ${engine.version}`)
  const list = requests(count)
  const runtime = open(engine)
  await bulk(runtime, list) // the host is there and warm
  await single(runtime, list.slice(0, 256))
  const [one, many] = await measure([
    { name: "one request per put", operations: count, prepare: () => () => single(runtime, list) },
    { name: "BulkPut", operations: count, prepare: () => () => bulk(runtime, list) }
  ], rounds)
  await runtime.dispose()

  const starts: Array<number> = []
  const hellos: Array<number> = []
  const wholes: Array<number> = []
  await bare(engine) // files are in the cache of the machine
  for (let i = 0; i < processes; i++) {
    starts.push(await bare(engine))
    const { all, hello } = await alone(engine, list[i]!)
    hellos.push(hello)
    wholes.push(all)
  }
  const each = measuredOf("a process per put", wholes)
  print(`Puts through a host, ${count.toLocaleString("en")} instances of six properties, nearly free objects`, [
    each,
    one!,
    many!
  ])
  const overOne = one!.median / many!.median
  const overProcess = each.median / many!.median
  goal("BulkPut, of one request per put", overOne, ">= 2.5", overOne >= 2.5)
  goal("BulkPut, of a process per put", overProcess, ">= 500", overProcess >= 500)

  const bareStart = measuredOf("the engine starts and ends", starts)
  const hello = measuredOf("a host starts and says hello", hellos)
  print(`Start, ${processes} of each`, [bareStart, hello])
  const overBare = hello.median / bareStart.median
  goal("start to hello, of the engine's bare start", overBare, "<= 2", overBare <= 2)

  await hostCost(engine)
}
