/** Bulk puts: order, rejected puts, endings, cancel, failing storage; and single puts with a fault injected at each step. */
import { assert, describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as PutReport from "../../src/protocol/PutReport.ts"
import * as PutRules from "../../src/engine/PutRules.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import type * as Repository from "../../src/pipeline/Repository.ts"
import * as PutOutcome from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { AccessDenied, of, type PutError, TransportFailure } from "../../src/protocol/WbemError.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as any from "../arbitraries.ts"
import { Disk, disk, idOf, type Parts, recorder, run, settle, status, world } from "./fixtures.ts"
import { scaled } from "../scale.ts"

const outcome = (one: PutOutcome.PutOutcome): string =>
  `${idOf(one.request)} ${one._tag} ${one._tag === "Committed" ? one.report.disposition : one.error.status}`

const bulk = (requests: ReadonlyArray<PutRequest.PutRequest>, options?: BulkPut.Options) =>
  Effect.map(
    Stream.runCollect(BulkPut.run(Stream.fromIterable(requests), options)),
    (found) => Chunk.toReadonlyArray(found)
  )

describe("bulk", () => {
  it.effect("a namespace that a batch creates exists for the puts after it; one that no put creates does not", () =>
    Effect.gen(function* () {
      const inside = (namespace: string) => PutRequest.make(Disk, { namespace })
      const made = (name: string, namespace = "root\\cimv2") =>
        PutRequest.make(Instance.make("__NAMESPACE", { Name: name }), { namespace })
      const found = yield* bulk([
        inside("root\\cimv2\\wing"),
        made("wing"),
        inside("root\\cimv2\\wing"),
        inside("root\\nowhere"),
        made("room", "root\\cimv2\\wing"),
        inside("root\\cimv2\\wing\\room"),
        inside("root\\cimv2\\wing")
      ])
      assert.deepStrictEqual(
        found.map((one) => one._tag === "Committed" ? one.report.disposition : one.error.status),
        ["InvalidNamespace", "Created", "Created", "InvalidNamespace", "Created", "Created", "Unchanged"]
      )
    }).pipe(Effect.provide(Wmi.layerMemory)))

  for (const batchSize of [1, 2, 3, 100]) {
    it(`outcomes have the order of the requests, a rejected put does not affect others, each accepted put ends (batches of ${batchSize})`, async () => {
      const r = recorder()
      const list = [disk("a"), disk("b", { flags: 4 }), disk("a", { mode: "CreateOnly" }), disk("c"), disk("a")]
      const w = world(r.sink)
      assert.deepStrictEqual((await run(bulk(list, { batchSize }), w)).map(outcome), [
        "a Committed Created",
        "b Rejected InvalidParameter",
        "a Rejected AlreadyExists",
        "c Committed Created",
        "a Committed Unchanged"
      ])
      assert.deepStrictEqual(r.log, [
        "a:ObjectPut",
        "a:Completed 0",
        "a:Completed AlreadyExists",
        "c:ObjectPut",
        "c:Completed 0",
        "a:ObjectPut",
        "a:Completed 0"
      ])
      assert.deepStrictEqual(w.stored(), ["a", "c"])
    })
  }

  it("the same outcomes, events and state as single puts, for generated requests", async () => {
    const layer = Wmi.layerMemoryFrom(any.world())
    // Generated keys differ between two runs; everything else must not.
    const dump = (snapshot: Snapshot.Snapshot): ReadonlyArray<string> =>
      Snapshot.entries(snapshot).map((entry) =>
        JSON.stringify(entry, (_, v: unknown) => typeof v === "bigint" ? `${v}n` : v).replace(
          /\{[0-9A-F-]{36}\}/gi,
          "{GUID}"
        )
      ).sort()
    await FastCheck.assert(
      FastCheck.asyncProperty(any.requests(10), FastCheck.integer({ min: 1, max: 5 }), async (list, batchSize) => {
        const one = PutSink.recording()
        const all = PutSink.recording()
        const noKeys = (text: string): string => text.replace(/\{[0-9A-Fa-f-]{36}\}/g, "{GUID}")
        const alone = await Effect.runPromise(Effect.provide(
          Effect.gen(function* () {
            const found: Array<string> = []
            for (const request of list) {
              const either = yield* Effect.either(PutAsync.put(request).pipe(PutAsync.withSink(one.sink)))
              found.push(either._tag === "Right" ? either.right.disposition : either.left.status)
            }
            return [found, dump(yield* Wmi.snapshot)] as const
          }),
          layer
        ))
        const together = await Effect.runPromise(Effect.provide(
          Effect.gen(function* () {
            const outcomes = yield* bulk(list, { batchSize }).pipe(PutAsync.withSink(all.sink))
            const found = outcomes.map((o) => o._tag === "Committed" ? o.report.disposition : o.error.status)
            return [found, dump(yield* Wmi.snapshot)] as const
          }),
          layer
        ))
        assert.deepStrictEqual(together, alone)
        assert.deepStrictEqual(all.events().map(noKeys), one.events().map(noKeys))
      }),
      { numRuns: scaled(300) }
    )
  })

  it.effect("a batch that is not full is stored after its time", () =>
    Effect.gen(function* () {
      const input = yield* Queue.unbounded<PutRequest.PutRequest>()
      const output = yield* Queue.unbounded<string>()
      yield* Effect.fork(
        Stream.fromQueue(input).pipe(
          BulkPut.run({ batchSize: 100, within: "1 second" }),
          Stream.runForEach((one) => Queue.offer(output, outcome(one)))
        )
      )
      yield* Queue.offerAll(input, [disk("a"), disk("b")])
      yield* TestClock.adjust("500 millis")
      assert.strictEqual(yield* Queue.size(output), 0)
      yield* TestClock.adjust("600 millis")
      assert.strictEqual(yield* Queue.take(output), "a Committed Created")
      assert.strictEqual(yield* Queue.take(output), "b Committed Created")
    }).pipe(Effect.provide(Wmi.layerMemoryFrom(Snapshot.of(Disk)))))

  it("custom checks reject single puts of a batch, synchronously or later", async () => {
    const r = recorder()
    const denied = new AccessDenied({ right: "FullWrite", namespace: "root\\cimv2" })
    const checks: Parts["checks"] = [
      (put) => idOf(put) === "b" ? Effect.zipRight(Effect.yieldNow(), Effect.fail(denied)) : Effect.void
    ]
    const w = world(r.sink, { checks })
    assert.deepStrictEqual((await run(bulk([disk("a"), disk("b"), disk("c")]), w)).map(outcome), [
      "a Committed Created",
      "b Rejected AccessDenied",
      "c Committed Created"
    ])
    assert.deepStrictEqual(w.stored(), ["a", "c"])
  })

  const failures: ReadonlyArray<readonly [string, PutError, string]> = [
    ["is full", of("OutOfDiskSpace"), "Rejected OutOfDiskSpace"],
    ["cannot be reached", new TransportFailure({ sent: false }), "NotStarted TransportFailure"],
    ["lost the answer", new TransportFailure({ sent: true }), "Unknown TransportFailure"]
  ]
  for (const [name, error, wanted] of failures) {
    it(`storage that ${name}: ${wanted} for every put, and one Completed each`, async () => {
      const r = recorder()
      const w = world(r.sink, { repository: { putBatch: () => Effect.fail(error) } })
      assert.deepStrictEqual((await run(bulk([disk("a"), disk("b")]), w)).map(outcome), [`a ${wanted}`, `b ${wanted}`])
      assert.deepStrictEqual(r.log, [`a:Completed ${error.status}`, `b:Completed ${error.status}`])
    })
  }

  it("results lost for some puts only: Unknown or NotStarted for these, the others keep their results", async () => {
    const r = recorder()
    const report = PutReport.make(ObjectPath.make({ className: "Demo_Disk" }), "Stored")
    const answers: ReadonlyArray<Repository.PutResult> = [
      report,
      new TransportFailure({ sent: true }),
      of("OutOfDiskSpace"),
      new TransportFailure({ sent: false })
    ]
    const w = world(r.sink, { repository: { putBatch: () => Effect.succeed(answers) } })
    assert.deepStrictEqual((await run(bulk([disk("a"), disk("b"), disk("c"), disk("d")]), w)).map(outcome), [
      "a Committed Stored",
      "b Unknown TransportFailure",
      "c Rejected OutOfDiskSpace",
      "d NotStarted TransportFailure"
    ])
    assert.deepStrictEqual(r.log, [
      "a:ObjectPut",
      "a:Completed 0",
      "b:Completed TransportFailure",
      "c:Completed OutOfDiskSpace",
      "d:Completed TransportFailure"
    ])
  })

  it("calls whose storage is unreachable at the start are NotStarted", async () => {
    const r = recorder()
    const refused = [new TransportFailure({ sent: false }), undefined, new AccessDenied({ right: "r", namespace: "n" })]
    const w = world(r.sink, { repository: { admitBatch: () => Effect.succeed(refused) } })
    assert.deepStrictEqual((await run(bulk([disk("a"), disk("b"), disk("c")]), w)).map(outcome), [
      "a NotStarted TransportFailure",
      "b Committed Created",
      "c Rejected AccessDenied"
    ])
    assert.deepStrictEqual(r.log, ["b:ObjectPut", "b:Completed 0"])
  })

  for (const answers of [true, false]) {
    it(
      `storage that fails for a whole batch: the path that an error object names is read ${
        answers ? "for each put" : "only up to the first that the storage does not return"
      }`,
      async () => {
        const pathReads: Array<string> = []
        const named: Array<unknown> = []
        const sink = PutSink.make((event) =>
          Effect.sync(() => {
            if (event._tag === "Completed") named.push(event.errorObject?.values["ParameterInfo"])
          })
        )
        await run(
          bulk([PutRequest.make(Disk), disk("a"), disk("b"), disk("c")]),
          world(sink, {
            repository: {
              putBatch: () => Effect.fail(new TransportFailure({ sent: false })),
              relPath: (put) =>
                Effect.sync(() => {
                  pathReads.push(idOf(put))
                  return answers ? `Demo_Disk.Id="${idOf(put)}"` : undefined
                })
            }
          })
        )
        assert.deepStrictEqual(pathReads, answers ? ["a", "b", "c"] : ["a"])
        assert.deepStrictEqual(
          named,
          ["Demo_Disk", ...["a", "b", "c"].map((id) => answers ? `Demo_Disk.Id="${id}"` : "Demo_Disk")]
        )
      }
    )
  }

  it("a repository that dies ends its puts with Failed", async () => {
    const r = recorder()
    const w = world(r.sink, {
      repository: {
        putBatch: () => {
          throw new Error("broken")
        }
      }
    })
    assert.deepStrictEqual((await run(bulk([disk("a")]), w)).map(outcome), ["a Rejected Failed"])
    assert.deepStrictEqual(r.log, ["a:Completed Failed"])
  })

  it("a rule that dies in the middle of a batch changes nothing, and the next batch is stored", async () => {
    const r = recorder()
    let broken = true
    const rules: PutRules.PutRules = {
      forClass: PutRules.forClass,
      forInstance: [...PutRules.forInstance, (facts) => {
        if (broken && idOf(facts.put) === "b") throw new Error("broken")
        return undefined
      }]
    }
    const w = world(r.sink, { validator: PutValidator.make({ rules }) })
    await run(
      Effect.gen(function* () {
        const first = yield* bulk([disk("a"), disk("b"), disk("c")])
        assert.deepStrictEqual(first.map(outcome), ["a Rejected Failed", "b Rejected Failed", "c Rejected Failed"])
        assert.deepStrictEqual(w.stored(), [])
        broken = false
        assert.deepStrictEqual((yield* bulk([disk("a"), disk("b")])).map(outcome), [
          "a Committed Created",
          "b Committed Created"
        ])
      }),
      w
    )
    assert.deepStrictEqual(w.stored(), ["a", "b"])
  })

  it("PA-41, PA-43: cancel before the transaction of a batch writes nothing; after it the puts are Unknown", async () => {
    for (const when of ["before", "in"] as const) {
      const r = recorder()
      const reached = Effect.runSync(Deferred.make<void>())
      const go = Effect.runSync(Deferred.make<void>())
      const wait = Effect.zipRight(Deferred.succeed(reached, undefined), Deferred.await(go))
      const emulator = world(r.sink)
      const w = when === "before" ? world(r.sink, { checks: [() => wait] }) : world(r.sink, {
        repository: {
          putBatch: (puts) => Effect.as(wait, puts.map(() => new AccessDenied({ right: "x", namespace: "y" })))
        }
      })
      const outcomes = await run(
        Effect.gen(function* () {
          const fiber = yield* Effect.fork(bulk([disk("a"), disk("b")]))
          yield* Deferred.await(reached)
          yield* PutAsync.cancel(r.sink)
          assert.deepStrictEqual(r.log, ["a:Completed CallCancelled", "b:Completed CallCancelled"])
          yield* Deferred.succeed(go, undefined)
          return yield* Fiber.join(fiber)
        }),
        w
      )
      const tag = when === "before" ? "NotStarted" : "Unknown"
      assert.deepStrictEqual(outcomes.map(outcome), [`a ${tag} CallCancelled`, `b ${tag} CallCancelled`])
      assert.strictEqual(r.log.length, 2)
      assert.deepStrictEqual(emulator.stored(), [])
    }
  })

  it("a handler that cancels its own sink in the middle of a batch cancels the rest, but not the put that is being delivered", async () => {
    const r = recorder((event) =>
      event._tag === "ObjectPut" && idOf(event) === "b" ? PutAsync.cancel(r.sink) : Effect.void
    )
    const outcomes = await run(bulk([disk("a"), disk("b"), disk("c")]), world(r.sink))
    assert.deepStrictEqual(r.log, [
      "a:ObjectPut",
      "a:Completed 0",
      "b:ObjectPut",
      "c:Completed CallCancelled",
      "b:Completed 0"
    ])
    assert.deepStrictEqual(outcomes.map(outcome), [
      "a Committed Created",
      "b Committed Created",
      "c Unknown CallCancelled"
    ])
  })

  it("a plain handler that throws does not affect any put of the batch", async () => {
    const events: Array<string> = []
    const sink = PutSink.callback({
      onObjectPut: (event) => {
        events.push(`put ${idOf(event)}`)
        if (idOf(event) === "a") throw new Error("thrown")
      },
      onCompleted: (event) => void events.push(`end ${idOf(event)}`)
    })
    await run(bulk([disk("a"), disk("b")]), world(sink))
    assert.deepStrictEqual(events, ["put a", "end a", "put b", "end b"])
  })

  it("tally counts outcomes", () => {
    const report = (disposition: "Created" | "Stored") =>
      ({
        _tag: "Committed",
        request: disk("a"),
        report: PutReport.make(ObjectPath.make({ className: "A" }), disposition, {
          deleted: disposition === "Stored" ? undefined : 2
        })
      }) as const
    const error = of("OutOfDiskSpace")
    const all: ReadonlyArray<PutOutcome.PutOutcome> = [
      report("Created"),
      report("Stored"),
      { _tag: "Rejected", request: disk("b"), error },
      { _tag: "Unknown", request: disk("c"), error },
      { _tag: "NotStarted", request: disk("d"), error }
    ]
    assert.deepStrictEqual(all.reduce(PutOutcome.tally, PutOutcome.emptyTally), {
      total: 5,
      created: 1,
      updated: 0,
      unchanged: 0,
      stored: 1,
      rejected: 1,
      removed: 2,
      notStarted: 1,
      unknown: 1
    })
  })
})

describe("a fault at each step: exactly one Completed, the state before or the state after", () => {
  const failed = of("OutOfDiskSpace", { detail: "injected" })
  const faults: ReadonlyArray<readonly [string, (inner: Effect.Effect<never, PutError>) => Parts]> = [
    ["check fails", (fault) => ({ checks: [() => fault] })],
    ["check dies", () => ({ checks: [() => Effect.die("injected")] })],
    ["check is interrupted", () => ({ checks: [() => Effect.interrupt] })],
    ["validator throws", () => ({
      validator: {
        validate: () => {
          throw new Error("injected")
        }
      }
    })],
    ["transaction fails", (fault) => ({ repository: { put: () => fault } })],
    ["transaction dies", () => ({ repository: { put: () => Effect.die("injected") } })],
    ["transaction throws", () => ({
      repository: {
        put: () => {
          throw new Error("injected")
        }
      }
    })],
    ["transaction is interrupted", () => ({ repository: { put: () => Effect.interrupt } })]
  ]
  for (const [name, parts] of faults) {
    for (const verb of ["put", "submit"] as const) {
      it(`${name} (${verb})`, async () => {
        const r = recorder()
        const w = world(r.sink, parts(Effect.fail(failed)))
        const call = verb === "put"
          ? PutAsync.put(disk("a"))
          : Effect.flatMap(PutAsync.submit(disk("a")), (handle) => handle.await)
        const exit = await run(Effect.zipLeft(Effect.exit(call), settle), w)
        assert.isTrue(Exit.isFailure(exit))
        assert.strictEqual(r.log.length, 1)
        assert.match(r.log[0]!, /^a:Completed (OutOfDiskSpace|Failed|CallCancelled)$/)
        assert.deepStrictEqual(w.stored(), [])
      })
    }
  }
  it("a fault in admit refuses the call: the sink gets no event", async () => {
    const r = recorder()
    const w = world(r.sink, { repository: { admit: () => Effect.fail(new TransportFailure({ sent: false })) } })
    assert.strictEqual(status(await run(Effect.either(PutAsync.put(disk("a"))), w)), "TransportFailure")
    assert.deepStrictEqual(r.log, [])
  })
})
