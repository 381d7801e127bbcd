/** Telemetry over memory: the spans of each verb, their attributes, metrics and logs, and where telemetry is on. */
import { it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HashMap from "effect/HashMap"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import type { YieldWrap } from "effect/Utils"
import { readFileSync } from "node:fs"
import { assert, describe } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import { recordingFiber } from "../../src/pipeline/observation/recording.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { PutSink } from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import * as Telemetry from "../../src/pipeline/Telemetry.ts"
import type { PutOutcome } from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { AccessDenied, InvalidProperty, type PutError, TransportFailure } from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"
import { type RecordedSpan, recordedSpans, type Recording } from "../recordedSpans.ts"

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), Secret: Property.make("string") })
const disk = (id: string) => PutRequest.make(Instance.make("Demo_Disk", { Id: id, Secret: "hunter2" }))
const start = Snapshot.withObjects(Snapshot.empty(), "root\\cimv2", [Disk])

/** Runs a program over memory with a recording tracer. */
const recorded = <A, E>(
  program: Effect.Effect<A, E, Layer.Layer.Success<ReturnType<typeof Wmi.layerMemoryFrom>>>,
  more: Layer.Layer<never> = Layer.empty
): Effect.Effect<readonly [Exit.Exit<A, E>, Recording]> => {
  const recording = recordedSpans()
  return Effect.map(
    Effect.exit(Effect.provide(program, Layer.mergeAll(Wmi.layerMemoryFrom(start), recording.layer, more))),
    (exit) => [exit, recording] as const
  )
}

const named = ({ spans }: Recording, name: string): RecordedSpan => {
  const found = spans.find((span) => span.name === name)
  assert.isDefined(found, name)
  return found!
}

/** The value of a metric for labels, in all of the process. */
const counted = (name: string, labels: Readonly<Record<string, string>>): number => {
  let n = 0
  for (const { metricKey, metricState } of Metric.unsafeSnapshot()) {
    const own = Object.fromEntries(metricKey.tags.map(({ key, value }) => [key, value]))
    const isOfLabels = Object.keys(labels).length === metricKey.tags.length
      && Object.entries(labels).every(([key, value]) => own[key] === value)
    if (metricKey.name === name && isOfLabels) n += Number((metricState as unknown as { count: number }).count)
  }
  return n
}

describe("spans", () => {
  it.effect("of a put: the transaction is its child, and the report is in its attributes", () =>
    Effect.gen(function* () {
      const [exit, recording] = yield* recorded(PutAsync.put(disk("C:")))
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(recording.tree(), ["wmi.put: ok", "wmi.put > wmi.transaction: ok"])
      assert.deepStrictEqual(named(recording, "wmi.put").facts, {
        "wmi.namespace": "root\\cimv2",
        "wmi.class": "Demo_Disk",
        "wmi.disposition": "Created",
        "wmi.status": "NoError",
        "wmi.hresult": "0x00000000",
        "wmi.path": '\\\\.\\root\\cimv2:Demo_Disk.Id="C:"'
      })
      assert.deepStrictEqual(named(recording, "wmi.transaction").facts, {
        "db.system.name": "memory",
        "db.operation.name": "write",
        "wmi.transaction.attempts": 1,
        "wmi.transaction.conflicts": 0
      })
    }))

  it.effect("of a put that is refused fail, with the type of the error", () =>
    Effect.gen(function* () {
      const [, recording] = yield* recorded(
        PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:", Size: 1 }), { namespace: "root\\cimv2" }))
      )
      const put = named(recording, "wmi.put")
      assert.strictEqual(put.ending, "failed")
      assert.deepStrictEqual(put.facts, {
        "wmi.namespace": "root\\cimv2",
        "wmi.class": "Demo_Disk",
        "error.type": "WbemInvalidProperty",
        "wmi.status": "InvalidProperty",
        "wmi.hresult": "0x80041031"
      })
    }))

  it.effect("have no value of a property that is no key", () =>
    Effect.gen(function* () {
      const [, recording] = yield* recorded(Effect.all([
        PutAsync.put(disk("C:")),
        Stream.runDrain(BulkPut.run(Stream.make(disk("D:"), disk("E:")))),
        Wmi.get('Demo_Disk.Id="C:"'),
        Wmi.instancesOf("Demo_Disk")
      ]))
      const texts = recording.spans.flatMap((span) => [...span.attributes.values()].map(String))
      assert.isAbove(texts.length, 10)
      assert.isFalse(texts.some((text) => text.includes("hunter2")))
    }))

  it.effect("of every other verb", () =>
    Effect.gen(function* () {
      const [exit, recording] = yield* recorded(Effect.gen(function* () {
        yield* PutAsync.plan(disk("C:"))
        const handle = yield* Effect.scoped(Effect.flatMap(PutAsync.submit(disk("C:")), (handle) => handle.await))
        assert.strictEqual(handle.disposition, "Created")
        yield* Wmi.get('Demo_Disk.Id="C:"')
        yield* Wmi.delete('Demo_Disk.Id="C:"')
        yield* Wmi.classes()
        yield* Wmi.instancesOf("Demo_Disk")
        yield* Wmi.namespaces
        yield* Wmi.restore(yield* Wmi.snapshot)
      }))
      assert.isTrue(Exit.isSuccess(exit), String(exit))
      assert.deepStrictEqual(recording.tree(), [
        "wmi.plan: ok",
        "wmi.submit: ok",
        "wmi.submit > wmi.put: ok",
        "wmi.submit > wmi.put > wmi.transaction: ok",
        "wmi.get: ok",
        "wmi.delete: ok",
        "wmi.delete > wmi.transaction: ok",
        "wmi.list_classes: ok",
        "wmi.list_instances: ok",
        "wmi.list_namespaces: ok",
        "wmi.snapshot: ok",
        "wmi.restore: ok"
      ])
      assert.deepStrictEqual(named(recording, "wmi.get").facts, {
        "wmi.namespace": "root\\cimv2",
        "wmi.class": "Demo_Disk",
        "wmi.path": 'Demo_Disk.Id="C:"'
      })
      assert.deepStrictEqual(named(recording, "wmi.list_instances").facts, {
        "wmi.namespace": "root\\cimv2",
        "wmi.class": "Demo_Disk"
      })
    }))

  it.effect("of a bulk put: one for each batch, with the counts of its outcomes", () =>
    Effect.gen(function* () {
      const bad = PutRequest.make(Instance.make("Demo_Disk", { Id: "X:", Size: 1 }))
      const [, recording] = yield* recorded(
        Stream.runDrain(BulkPut.run(Stream.make(disk("A:"), bad, disk("B:")), { batchSize: 2 }))
      )
      assert.deepStrictEqual(recording.tree(), [
        "wmi.put_bulk: ok",
        "wmi.put_bulk > wmi.transaction: ok",
        "wmi.put_bulk: ok",
        "wmi.put_bulk > wmi.transaction: ok"
      ])
      const counts = { "wmi.batch.not_started": 0, "wmi.batch.unknown": 0 }
      const shared = { "wmi.namespace": "root\\cimv2", "wmi.class": "Demo_Disk" }
      assert.deepStrictEqual(recording.spans[0]!.facts, {
        ...shared,
        "db.operation.batch.size": 2,
        "wmi.batch.committed": 1,
        "wmi.batch.rejected": 1,
        ...counts
      })
      assert.deepStrictEqual(recording.spans[2]!.facts, {
        ...shared,
        "wmi.batch.committed": 1,
        "wmi.batch.rejected": 0,
        ...counts
      })
    }))

  it.effect("are children of the caller's span", () =>
    Effect.gen(function* () {
      const [, recording] = yield* recorded(Effect.withSpan(PutAsync.put(disk("C:")), "agent.save"))
      assert.deepStrictEqual(recording.tree(), [
        "agent.save: ok",
        "agent.save > wmi.put: ok",
        "agent.save > wmi.put > wmi.transaction: ok"
      ])
    }))

  it.effect("of a put that is interrupted end", () =>
    Effect.gen(function* () {
      const validator = PutValidator.layerWith({ checks: [() => Effect.never] })
      const [, recording] = yield* recorded(Effect.gen(function* () {
        const fiber = yield* Effect.fork(Effect.provide(PutAsync.put(disk("C:")), validator))
        yield* Effect.yieldNow()
        yield* Fiber.interrupt(fiber)
      }))
      assert.deepStrictEqual(recording.tree(), ["wmi.put: failed"])
      assert.strictEqual(named(recording, "wmi.put").facts["wmi.status"], "CallCancelled", "as its `Completed`")
    }))

  it.effect("of a put whose program is interrupted after the write say that it is stored", () =>
    Effect.gen(function* () {
      const created = { "wmi.disposition": "Created", "wmi.status": "NoError" }
      const before = counted("wmi.puts", created)
      const interrupted = Effect.withFiberRuntime<unknown, PutError, PutAsync.Stages>((fiber) =>
        PutAsync.withSink(PutAsync.put(disk("C:")), {
          emit: () => Effect.sync(() => fiber.unsafeInterruptAsFork(fiber.id()))
        })
      )
      const [exit, recording] = yield* recorded(Effect.flatMap(Effect.fork(interrupted), Fiber.await))
      assert.isTrue(Exit.isSuccess(exit) && Exit.isInterrupted(exit.value))
      assert.strictEqual(named(recording, "wmi.put").facts["wmi.disposition"], "Created")
      assert.strictEqual(counted("wmi.puts", created), before + 1)
    }))

  it.effect("of a batch whose program is interrupted after the write have its outcomes", () =>
    Effect.gen(function* () {
      const interrupted = Effect.withFiberRuntime<unknown, unknown, PutAsync.Stages>((fiber) => {
        const sink = { emit: () => Effect.sync(() => fiber.unsafeInterruptAsFork(fiber.id())) }
        const pull = Stream.toPull(BulkPut.run(Stream.make(disk("C:"), disk("D:"))))
        return PutAsync.withSink(Effect.scoped(Effect.flatten(pull)), sink)
      })
      const [exit, recording] = yield* recorded(Effect.flatMap(Effect.fork(interrupted), Fiber.await))
      assert.isTrue(Exit.isSuccess(exit) && Exit.isInterrupted(exit.value))
      assert.strictEqual(named(recording, "wmi.put_bulk").facts["wmi.batch.committed"], 2)
    }))

  it.effect("of a put that another put makes in a handler: the second is a child of the first", () =>
    Effect.gen(function* () {
      const [, recording] = yield* recorded(Effect.gen(function* () {
        const wmi = yield* PutAsync.make
        let isFirst = true
        const sink: PutSink = {
          emit: () => {
            if (!isFirst) return Effect.void
            isFirst = false
            return Effect.asVoid(Effect.orDie(wmi.put(disk("D:"))))
          }
        }
        yield* PutAsync.withSink(PutAsync.put(disk("C:")), sink)
      }))
      assert.deepStrictEqual(recording.tree(), [
        "wmi.put: ok",
        "wmi.put > wmi.transaction: ok",
        "wmi.put > wmi.put: ok",
        "wmi.put > wmi.put > wmi.transaction: ok"
      ])
    }))

  it.effect("of a submitted put outlive those of its program", () =>
    Effect.gen(function* () {
      const validator = PutValidator.layerWith({ checks: [() => Effect.sleep("1 minute")] })
      let open: ReadonlyArray<string> = []
      const own = recordedSpans()
      const [exit] = yield* recorded(
        Effect.gen(function* () {
          const handle = yield* Effect.withSpan(PutAsync.submit(disk("C:")), "agent.save")
          open = own.tree()
          yield* TestClock.adjust("1 minute")
          yield* handle.await
        }).pipe(Effect.scoped, Effect.provide(Layer.merge(validator, own.layer)))
      )
      assert.isTrue(Exit.isSuccess(exit), String(exit))
      const path = "agent.save > wmi.submit > wmi.put"
      assert.deepStrictEqual(open, ["agent.save: ok", "agent.save > wmi.submit: ok", `${path}: open`])
      assert.includeMembers([...own.tree()], [`${path}: ok`, `${path} > wmi.transaction: ok`])
    }))

  it.effect("of a put whose check fails with no value", () =>
    Effect.gen(function* () {
      const validator = PutValidator.layerWith({ checks: [() => Effect.fail(undefined as never)] })
      const [exit, recording] = yield* recorded(Effect.provide(PutAsync.put(disk("C:")), validator))
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(recording.tree(), ["wmi.put: failed"])
      assert.strictEqual(named(recording, "wmi.put").facts["error.type"], "Defect")
    }))

  it.effect("of a request that is no object", () =>
    Effect.gen(function* () {
      const [exit, recording] = yield* recorded(PutAsync.put({ flags: 0 } as PutRequest.PutRequest))
      assert.isTrue(Exit.isFailure(exit))
      assert.strictEqual(named(recording, "wmi.put").facts["error.type"], "WbemInvalidParameter")
    }))
})

describe("metrics", () => {
  it.effect("count puts by disposition and status, the size of batches and the transactions", () =>
    Effect.gen(function* () {
      const created = { "wmi.disposition": "Created", "wmi.status": "NoError" }
      const refused = { "wmi.status": "InvalidProperty" }
      const transactions = { "db.system.name": "memory", "db.operation.name": "write" }
      const values = () => [
        counted("wmi.puts", created),
        counted("wmi.puts", refused),
        counted("wmi.put.batch.size", {}),
        counted("wmi.transactions", transactions),
        counted("wmi.operation.duration", { "wmi.operation": "wmi.put", unit: "s" }),
        counted("wmi.operation.duration", {
          "wmi.operation": "wmi.put",
          "error.type": "WbemInvalidProperty",
          unit: "s"
        })
      ]
      const before = values()
      const bad = PutRequest.make(Instance.make("Demo_Disk", { Id: "X:", Size: 1 }))
      yield* recorded(Effect.gen(function* () {
        yield* PutAsync.put(disk("A:"))
        yield* Effect.flip(PutAsync.put(bad))
        yield* Stream.runDrain(BulkPut.run(Stream.make(disk("B:"), disk("C:"), bad)))
      }))
      assert.deepStrictEqual(values().map((n, i) => n - before[i]!), [3, 2, 1, 3, 1, 1])
    }))

  it.effect("have the tags of the program", () =>
    Effect.gen(function* () {
      yield* recorded(Effect.tagMetrics(PutAsync.put(disk("A:")), "agent", "inventory"))
      const labels = { agent: "inventory", "wmi.disposition": "Created", "wmi.status": "NoError" }
      assert.strictEqual(counted("wmi.puts", labels), 1)
    }))

  it.effect("count an outcome that is unknown, and a start that is refused", () =>
    Effect.gen(function* () {
      const values = () => [
        counted("wmi.puts", { "wmi.status": "TransportFailure" }),
        counted("wmi.puts", { "wmi.status": "InvalidNamespace" })
      ]
      const before = values()
      const lost = PutRequest.make(Disk, { namespace: "root\\nope" })
      const validator = PutValidator.layerWith({
        checks: [() => Effect.fail(new TransportFailure({ sent: true, detail: "lost" }))]
      })
      const [, recording] = yield* recorded(Effect.provide(
        Effect.gen(function* () {
          yield* Effect.scoped(Effect.flip(PutAsync.submit(lost)))
          yield* Effect.flip(PutAsync.put(lost))
          yield* Stream.runDrain(BulkPut.run(Stream.make(disk("A:"), lost)))
        }),
        validator
      ))
      assert.deepStrictEqual(values().map((n, i) => n - before[i]!), [1, 3])
      const batch = named(recording, "wmi.put_bulk").facts
      assert.deepStrictEqual([batch["wmi.batch.unknown"], batch["wmi.batch.rejected"]], [1, 1])
    }))
})

describe("logs", () => {
  it.effect("of debug level have the attributes as annotations", () =>
    Effect.gen(function* () {
      const lines: Array<readonly [string, unknown]> = []
      const logger = Logger.make<unknown, void>(({ annotations, logLevel, message }) => {
        lines.push([
          `${logLevel.label} ${String(message)}`,
          Object.fromEntries(HashMap.toEntries(annotations))
        ])
      })
      yield* recorded(
        Effect.flip(PutAsync.put(PutRequest.make(Disk, { namespace: "root\\nope", flags: 2 }))),
        Layer.merge(Logger.replace(Logger.defaultLogger, logger), Logger.minimumLogLevel(LogLevel.Debug))
      )
      assert.deepStrictEqual(lines, [["DEBUG wmi.put", {
        "wmi.namespace": "root\\nope",
        "wmi.class": "Demo_Disk",
        "wmi.flags": 2,
        "error.type": "WbemInvalidNamespace",
        "wmi.status": "InvalidNamespace",
        "wmi.hresult": "0x8004100E"
      }]])
    }).pipe(Effect.provide(Logger.add(Logger.none))))
})

describe("telemetry is", () => {
  const puts = () => counted("wmi.puts", { "wmi.disposition": "Created", "wmi.status": "NoError" })
  const isOn = Effect.sync(() => recordingFiber() !== undefined)
  const program = Effect.zipRight(PutAsync.put(disk("C:")), isOn)

  it.effect("off without a tracer", () =>
    Effect.gen(function* () {
      const before = puts()
      assert.isFalse(yield* Effect.provide(program, Wmi.layerMemoryFrom(start)))
      assert.strictEqual(puts(), before)
    }))

  it.effect("on with the layer, whatever the tracer is", () =>
    Effect.gen(function* () {
      const before = puts()
      assert.isTrue(yield* Effect.provide(program, Layer.merge(Wmi.layerMemoryFrom(start), Telemetry.layer)))
      assert.strictEqual(puts(), before + 1)
    }))

  it.effect("off with `layerOff`, although there is a tracer", () =>
    Effect.gen(function* () {
      const [exit, recording] = yield* recorded(Effect.provide(program, Telemetry.layerOff))
      assert.deepStrictEqual(exit, Exit.succeed(false))
      assert.deepStrictEqual(recording.tree(), [])
    }))

  it.effect("off where the tracer is disabled", () =>
    Effect.gen(function* () {
      const before = puts()
      const [exit, recording] = yield* recorded(Effect.withTracerEnabled(program, false))
      assert.deepStrictEqual(exit, Exit.succeed(false))
      assert.deepStrictEqual(recording.tree(), [])
      assert.strictEqual(puts(), before)
    }))

  it.effect("decided by the fiber that Effect calls the current one", () =>
    Effect.gen(function* () {
      const [exit] = yield* recorded(Effect.sync(() => [recordingFiber(), Fiber.getCurrentFiber()] as const))
      assert.isTrue(Exit.isSuccess(exit))
      const [ours, effects] = (exit as Exit.Success<readonly [unknown, { readonly value?: unknown }], never>).value
      assert.isDefined(ours)
      assert.strictEqual(ours, effects.value)
    }))
})

describe("a failure shows the line of the caller", () => {
  const here = /telemetry\.test\.ts:\d+:\d+\)/
  const stackOf = (exit: Exit.Exit<unknown, unknown>): string =>
    Exit.isFailure(exit) ? Cause.pretty(exit.cause) : assert.fail("it succeeded")
  type Body = () => Generator<
    YieldWrap<Effect.Effect<unknown, unknown, Layer.Layer.Success<typeof Wmi.layerMemory>>>,
    unknown,
    never
  >
  const lost = PutRequest.make(Disk, { namespace: "root\\nope" })
  const firstError = (outcomes: Chunk.Chunk<PutOutcome>): Effect.Effect<void, unknown> => {
    const outcome = Chunk.unsafeHead(outcomes)
    return outcome._tag === "Rejected" ? Effect.fail(outcome.error) : Effect.void
  }
  // Each call is inside a generator, because a call at the end of a function has no frame of its own in Bun.
  const verbs: ReadonlyArray<readonly [string, Body]> = [
    ["wmi.put", function* () {
      return yield* PutAsync.put(lost)
    }],
    ["wmi.put", function* () {
      const wmi = yield* PutAsync.make
      return yield* wmi.put(lost)
    }],
    ["wmi.submit", function* () {
      return yield* Effect.scoped(PutAsync.submit(lost))
    }],
    ["wmi.plan", function* () {
      return yield* PutAsync.plan(lost)
    }],
    ["wmi.get", function* () {
      return yield* Wmi.get('Demo_Disk.Id="Z:"')
    }],
    ["wmi.delete", function* () {
      return yield* Wmi.delete('Demo_Disk.Id="Z:"')
    }],
    ["wmi.list_classes", function* () {
      return yield* Wmi.classes({ namespace: "root\\nope" })
    }],
    ["wmi.list_instances", function* () {
      return yield* Wmi.instancesOf("Demo_None")
    }],
    ["wmi.restore", function* () {
      return yield* Wmi.restore({} as Snapshot.Snapshot)
    }],
    ["wmi.put_bulk", function* () {
      const outcomes = yield* Stream.runCollect(BulkPut.run(Stream.make(lost)))
      return yield* firstError(outcomes)
    }],
    ["wmi.put_bulk", function* () {
      const outcomes = yield* Stream.runCollect(Stream.make(lost).pipe(BulkPut.run()))
      return yield* firstError(outcomes)
    }]
  ]
  for (const [i, [name, verb]] of verbs.entries()) {
    it.effect(`of ${name} (${i})`, () =>
      Effect.gen(function* () {
        const layer = Layer.merge(Wmi.layerMemoryFrom(start), Telemetry.layer)
        const stack = stackOf(yield* Effect.exit(Effect.provide(Effect.gen(verb), layer)))
        const line = stack.split("\n").find((line) => line.includes(`at ${name} (`))
        assert.match(line ?? stack, here, stack)
      }))
  }

  it.effect("inside a fiber with a tracer, also where no layer was built", () =>
    Effect.gen(function* () {
      const [exit] = yield* recorded(Effect.gen(function* () {
        return yield* Wmi.get('Demo_Disk.Id="Z:"')
      }))
      assert.match(stackOf(exit), here)
    }))

  it.effect("and not that of an earlier call which had no services", () =>
    Effect.gen(function* () {
      const withoutServices = Effect.gen(function* () {
        yield* Effect.exit(PutAsync.put(lost) as Effect.Effect<unknown>)
        return yield* Effect.exit(Wmi.snapshot as Effect.Effect<unknown>)
      })
      const stack = stackOf(yield* Effect.provide(withoutServices, Telemetry.layer))
      assert.notMatch(stack, /at wmi\.snapshot \(/)
    }))

  it.effect("of each of two puts, not that of the other", () =>
    Effect.gen(function* () {
      const nope = PutRequest.make(Disk, { namespace: "root\\nope" })
      const layer = Layer.merge(Wmi.layerMemoryFrom(start), Telemetry.layer)
      const [one, two] = yield* Effect.provide(
        Effect.suspend(() =>
          Effect.all([
            Effect.exit(PutAsync.put(nope)),
            Effect.exit(PutAsync.put(nope))
          ])
        ),
        layer
      )
      const lineOf = (exit: Exit.Exit<unknown, unknown>): number => Number(/test\.ts:(\d+):/.exec(stackOf(exit))?.[1])
      assert.strictEqual(lineOf(two) - lineOf(one), 1)
    }))
})

describe("the error of a failed call", () => {
  it.effect("is of its class, prints and encodes as without telemetry, and `Cause.originalError` can be cloned", () =>
    Effect.gen(function* () {
      const bad = Effect.flip(PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "C:", Size: 1 }))))
      const [exit] = yield* recorded(bad)
      const plain = yield* Effect.provide(bad, Wmi.layerMemoryFrom(start))
      assert.isTrue(Exit.isSuccess(exit))
      const { value } = exit as Exit.Success<PutError, never>
      assert.instanceOf(value, InvalidProperty)
      assert.strictEqual(JSON.stringify(value), JSON.stringify(plain))
      assert.strictEqual(String(value), String(plain))
      assert.isTrue(Equal.equals(value, value))
      assert.throws(() => structuredClone(value))
      assert.doesNotThrow(() => structuredClone(Cause.originalError(value)))
    }))

  it.effect("that two puts share has the line of each", () =>
    Effect.gen(function* () {
      const denied = new AccessDenied({ right: "PartialWrite", namespace: "root\\cimv2" })
      const validator = PutValidator.layerWith({ checks: [() => Effect.fail(denied)] })
      const [exit] = yield* recorded(Effect.provide(
        Effect.gen(function* () {
          return [
            yield* Effect.exit(PutAsync.put(disk("C:"))),
            yield* Effect.exit(PutAsync.put(disk("D:")))
          ] as const
        }),
        validator
      ))
      assert.isTrue(Exit.isSuccess(exit))
      const causes = (exit as Exit.Success<ReadonlyArray<Exit.Exit<unknown, unknown>>, never>).value.map((one) =>
        (one as Exit.Failure<never, unknown>).cause
      )
      assert.deepStrictEqual(causes.map(({ _tag }) => _tag), ["Fail", "Fail"])
      const [first, second] = causes.map((cause) => Number(/telemetry\.test\.ts:(\d+):/.exec(Cause.pretty(cause))?.[1]))
      assert.strictEqual(second! - first!, 1)
    }))
})

describe("docs/telemetry.md", () => {
  const page = readFileSync(new URL("../../docs/telemetry.md", import.meta.url), "utf8")

  it("has every span, attribute and metric in its tables", () => {
    const source = readFileSync(new URL("../../src/pipeline/observation/metrics.ts", import.meta.url), "utf8")
    const metrics = [...source.matchAll(/"(wmi\.[\w.]+)"/g)].map(([, name]) => name!)
    assert.lengthOf(metrics, 6)
    const names = [...Object.values(Telemetry.spans), ...Object.values(Telemetry.attributes), ...metrics]
    assert.deepStrictEqual(names.filter((name) => !new RegExp(`^\\|.*\`${name}\``, "m").test(page)), [])
  })
})
