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
import * as hostScript from "../src/windows/conversation/script.ts"
import * as PowerShellRepository from "../src/windows/PowerShellRepository.ts"
import * as Wmi from "../src/Wmi.ts"
import { type Engine, lookForEngine } from "../test/windows/engine.ts"
import { connect, given, type Host, type Json, minimalPrelude, start } from "../test/windows/hostClient.ts"
import type { Bench, Case, Declaration, Group, Ready } from "./Bench.ts"
import { requests } from "./world.ts"

const share: NonNullable<Bench["share"]> = async () => {
  const engine = await lookForEngine()
  return "missing" in engine
    ? { skipped: `there is no engine of PowerShell: ${engine.missing}` }
    : { env: { BENCH_ENGINE: JSON.stringify(engine) }, about: `Engine: ${engine.version}`, stop: () => {} }
}

/** The engine that `share` found, in the process of a case. */
const engine = (): Engine => JSON.parse(process.env["BENCH_ENGINE"]!)

const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)

type Runtime = ManagedRuntime.ManagedRuntime<PutAsync.Stages, unknown>

const open = (started?: () => void): Runtime =>
  ManagedRuntime.make(Wmi.layer(Layer.provide(
    PowerShellRepository.layer({
      powershell: engine().command,
      prelude: minimalPrelude,
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
const alone = async (request: PutRequest): Promise<{ readonly hello: number; readonly all: number }> => {
  const from = performance.now()
  let hello = 0
  const runtime = open(() => void (hello = performance.now() - from))
  await single(runtime, [request])
  await runtime.dispose()
  return { hello, all: performance.now() - from }
}

/** An engine that has nothing to do. */
const bare = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(engine().command, ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "exit"], {
      stdio: ["ignore", "ignore", "inherit"]
    })
    child.on("error", reject)
    child.on("exit", (code) => code === 0 ? resolve() : reject(new Error(`the engine ended with ${code}`)))
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
const host = (count: number, op: string, properties: boolean, silent: boolean) => async (): Promise<Ready> => {
  const to: Host = await start(engine(), {
    prelude: minimalPrelude,
    ...(silent ? { core: unheard(hostScript.core) } : {})
  })
  await to.hello
  const c = await connect(to)
  const list = items(properties)
  const messages = Math.max(2, Math.floor(count / 128))
  return {
    operations: messages * 128,
    prepare: () => async () => {
      const answers = await Promise.all(
        Array.from({ length: messages }, () => to.call(op, { c, flags: 0, items: list }))
      )
      if (op !== "putMany") return
      for (const answer of answers) if (given(answer)["done"] !== 128) throw new Error("not everything was put")
    },
    close: () => to.stop()
  }
}

/** Puts through one host that is there and warm. */
const through = (
  count: number,
  puts: (runtime: Runtime, list: ReadonlyArray<PutRequest>) => Promise<void>
) =>
(): Ready => {
  const runtime = open()
  const list = requests(count)
  return { operations: count, prepare: () => () => puts(runtime, list), close: () => runtime.dispose() }
}

/** A figure of a host that is started for one put. */
const started = (figure: (times: { readonly hello: number; readonly all: number }) => number) => (): Ready => {
  const [request] = requests(1)
  return { operations: 1, prepare: () => async () => figure(await alone(request!)) * 1e6 }
}

const puts = (count: number): Group => {
  const process = "a process per put"
  const request = "one request per put"
  return {
    title: `Puts through a host, ${count.toLocaleString("en")} instances of six properties, nearly free objects`,
    clock: "wall",
    cases: [
      { name: process, figure: "own time", setup: started(({ all }) => all) },
      { name: request, setup: through(Math.min(count, 512), single) },
      { name: "BulkPut", setup: through(count, bulk) }
    ],
    goals: [
      { name: "BulkPut, of one request per put", reached: ({ ratio }) => ratio(request, "BulkPut"), atLeast: 2.5 },
      { name: "BulkPut, of a process per put", reached: ({ ratio }) => ratio(process, "BulkPut"), atLeast: 500 }
    ]
  }
}

const starts = (): Group => {
  const base = "the engine starts and ends"
  const hello = "a host starts and says hello"
  return {
    title: "Start",
    clock: "wall",
    cases: [
      { name: base, foreign: true, setup: () => ({ operations: 1, prepare: () => bare }) },
      { name: hello, figure: "own time", setup: started((times) => times.hello) }
    ],
    goals: [{
      name: "start to hello, of the engine's bare start",
      reached: ({ ratio }) => ratio(hello, base),
      atMost: 2
    }]
  }
}

const hostCost = (count: number): Group => {
  const row = (name: string, op: string, properties: boolean, silent = false): Case => ({
    name,
    setup: host(count, op, properties, silent)
  })
  const [whole, quiet, empty, reading, readingEmpty] = [
    row("putMany of 128, six properties each", "putMany", true),
    row("the same, no answers to the items", "putMany", true, true),
    row("putMany of 128, no properties", "putMany", false),
    row("read and refused: JSON in, six properties", "nothing", true),
    row("read and refused: JSON in, no properties", "nothing", false)
  ] as const
  return {
    title: "The host's own cost of a put",
    clock: "wall",
    cases: [whole, quiet, empty, reading, readingEmpty],
    notes: ({ value }) => {
      const of = ({ name }: Case): number => value(name).median / 1000
      const all = of(whole)
      const out = all - of(quiet)
      const set = all - of(empty) - (of(reading) - of(readingEmpty))
      const rest = of(empty) - of(readingEmpty) - out
      const part = (name: string, microseconds: number): string =>
        `${name} ${microseconds.toFixed(0)} us (${(100 * microseconds / all).toFixed(0)} %)`
      return [
        `${all.toFixed(0)} us a put: ${part("JSON in", of(reading))}, ${part("set six properties", set)}, `
        + `${part("spawn and put", rest)}, ${part("frames out", out)}`
      ]
    }
  }
}

const declare: Declaration = ({ count: limit = 1_280 }) => {
  const count = Math.min(limit, 1_280)
  return { groups: [puts(count), starts(), hostCost(count / 2)], share }
}

export default declare
