/** Hosts that break, hang, break the protocol or disconnect: every put has a true outcome, and no process is left. */
import { assert, describe, it } from "vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Instance from "../../src/model/Instance.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { PutOutcome } from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import { type Fake, type Folder, withFake } from "./fakeHostFixture.ts"

const disk = (Id: string, options?: PutRequest.Options) =>
  PutRequest.make(Instance.make("Demo_Disk", { Id, N: 1 }), options)

const bulk = (requests: ReadonlyArray<PutRequest.PutRequest>, options?: BulkPut.Options) =>
  Effect.map(
    Stream.runCollect(BulkPut.run(Stream.fromIterable(requests), options)),
    (result): ReadonlyArray<PutOutcome> => Chunk.toReadonlyArray(result)
  )

/** Short timeouts, for hosts that hang. Other tests have long ones, so that a busy computer does not fail them. */
const short: PowerShellRepository.Timeouts = { request: 1000, ping: 700, pong: 700, grace: 150, exit: 200 }

/** One put, in a bulk run and single: the outcome of the first, the status of the second. */
const onePut = (fake: Fake | ((folder: Folder) => Fake), more: PowerShellRepository.Options = {}) =>
  Effect.runPromise(Effect.all({
    outcome: Effect.promise(() =>
      withFake(
        () =>
          Effect.map(bulk([disk("a")]), ([result]) =>
            result!._tag + (result!._tag === "Committed" ? "" : ` ${result!.error.status}`)),
        fake,
        more
      )
    ),
    alone: Effect.promise(() =>
      withFake(
        () =>
          Effect.match(PutAsync.put(disk("a")), {
            onFailure: (error) => error.status === "TransportFailure" ? `${error.status} ${error.sent}` : error.status,
            onSuccess: () => "stored"
          }),
        fake,
        more
      )
    )
  }))

describe("a host that misbehaves in the middle of a put", () => {
  const rows: ReadonlyArray<readonly [mode: string, outcome: string, alone: string]> = [
    ["noise", "Committed", "stored"],
    ["slow", "Committed", "stored"],
    ["stderrFlood", "Committed", "stored"],
    ["hugeNoise", "Committed", "stored"],
    ["answerThenExit", "Committed", "stored"],
    ["hangBeforeStart", "NotStarted TransportFailure", "TransportFailure false"],
    ["hangAfterStart", "Unknown TransportFailure", "TransportFailure true"],
    ["crashBeforeStart", "NotStarted TransportFailure", "TransportFailure false"],
    ["crashAfterStart", "Unknown TransportFailure", "TransportFailure true"],
    ["halfLine", "Unknown TransportFailure", "TransportFailure true"],
    ["hugeLine", "Unknown TransportFailure", "TransportFailure true"],
    ["lyingId", "Unknown TransportFailure", "TransportFailure true"],
    ["noStart", "Unknown TransportFailure", "TransportFailure true"],
    ["oversized", "Unknown TransportFailure", "TransportFailure true"],
    ["notJson", "Unknown TransportFailure", "TransportFailure true"],
    ["badPath", "Unknown TransportFailure", "TransportFailure true"],
    ["keepsOutput", "Unknown TransportFailure", "TransportFailure true"],
    ["script", "Unknown TransportFailure", "Failed"],
    ["ignoresEverything", "Committed", "stored"]
  ]
  for (const [mode, outcome, alone] of rows) {
    it(`${mode}: ${outcome}`, async () => {
      const result = await onePut({ mode }, {
        limits: { frame: 1_000_000 },
        ...(mode.startsWith("hang") ? { timeouts: short } : {})
      })
      assert.deepStrictEqual(result, { outcome, alone })
    })
  }
  for (const mode of ["deaf", "neverReads"]) {
    it(`${mode}: the connection is not made, nothing was sent`, async () => {
      const result = await onePut({ mode }, { timeouts: short })
      assert.deepStrictEqual(result, { outcome: "NotStarted TransportFailure", alone: "TransportFailure false" })
    })
  }
})

describe("the next host", () => {
  it("gets the puts that the first did not start, once", async () => {
    for (const mode of ["crashBeforeStart", "hangBeforeStart"]) {
      const result = await onePut((folder) => ({ mode, once: folder.file("once") }), { timeouts: short })
      assert.deepStrictEqual(result, { outcome: "Committed", alone: "stored" }, mode)
    }
  })

  it("gets puts with an unknown outcome only with retryUnknown, and never a create-only put or a class", async () => {
    const fake = (folder: Folder): Fake => ({ mode: "crashAfterStart", once: folder.file("once") })
    assert.deepStrictEqual(await onePut(fake), { outcome: "Unknown TransportFailure", alone: "TransportFailure true" })
    const again = await onePut(fake, { retryUnknown: "idempotent" })
    assert.deepStrictEqual(again, { outcome: "Committed", alone: "stored" })
    const createOnly = await withFake(
      () => Effect.map(bulk([disk("a", { mode: "CreateOnly" })]), ([result]) => result!._tag),
      fake,
      { retryUnknown: "idempotent" }
    )
    assert.strictEqual(createOnly, "Unknown")
  })

  it("a batch keeps its known results and continues after the put with an unknown outcome", () =>
    withFake(
      (folder) =>
        Effect.map(bulk(Array.from({ length: 40 }, (_, i) => disk(String(i))), { batchSize: 40 }), (outcomes) => {
          const tags = outcomes.map((result) => result._tag)
          const known = tags.indexOf("Unknown")
          // The first message of ten breaks after its sixth store, when four of its results were sent.
          assert.strictEqual(known, 4)
          assert.deepStrictEqual(tags.slice(4, 10), new Array(6).fill("Unknown"))
          assert.deepStrictEqual(tags.slice(10), new Array(30).fill("Committed"))
          assert.strictEqual(folder.lines("pids").length, 2)
        }),
      (folder) => ({ chunk: 4, fault: { kind: "crash", at: 19 }, once: folder.file("once") }),
      { limits: { batchItems: 10 } }
    ))
})

describe("waits and timeouts", () => {
  it("an interrupted put is cancelled in the host if it has not started", () =>
    withFake(
      (folder) =>
        Effect.gen(function* () {
          // The first put keeps the worker busy; the second is queued behind it and cancelled.
          const first = yield* Effect.fork(PutAsync.put(disk("a")))
          const second = yield* Effect.fork(Effect.delay(PutAsync.put(disk("b")), "100 millis"))
          yield* Effect.repeat(Effect.yieldNow(), {
            until: () => folder.lines("lines").some((line) => line.includes('"v":"b"'))
          }).pipe(Effect.timeout("20 seconds"))
          yield* Fiber.interrupt(second)
          yield* Fiber.join(first)
          assert.deepStrictEqual(folder.lines("log"), ['Demo_Disk.Id="a"'])
          assert.isTrue(folder.lines("lines").some((line) => line.includes('"op":"cancel"')))
        }),
      { delay: 500 }
    ))

  it("a request queued behind others in a busy host is not overdue while these are answered", () =>
    withFake(
      () =>
        Effect.map(
          bulk(Array.from({ length: 4 }, (_, i) => disk(String(i))), { batchSize: 4 }),
          (outcomes) => assert.deepStrictEqual(new Set(outcomes.map((result) => result._tag)), new Set(["Committed"]))
        ),
      { delay: 600 },
      { limits: { batchItems: 2 }, timeouts: { request: 1000, grace: 100 } }
    ))

  it("four concurrent puts share one host, and more of them wait", () =>
    withFake(
      (folder) =>
        Effect.gen(function* () {
          yield* Effect.forEach(Array.from({ length: 40 }, (_, i) => i), (i) => PutAsync.put(disk(String(i))), {
            concurrency: "unbounded"
          })
          assert.strictEqual(folder.lines("log").length, 40)
          assert.strictEqual(folder.lines("pids").length, 1)
        }),
      {},
      { window: 4 }
    ))

  it("hosts.max allows more hosts", () =>
    withFake(
      (folder) =>
        Effect.gen(function* () {
          yield* Effect.forEach(Array.from({ length: 12 }, (_, i) => i), (i) => PutAsync.put(disk(String(i))), {
            concurrency: "unbounded"
          })
          assert.strictEqual(folder.lines("log").length, 12)
          assert.isAtLeast(folder.lines("pids").length, 2)
          assert.isAtMost(folder.lines("pids").length, 3)
        }),
      { delay: 30 },
      { window: 1, hosts: { max: 3 } }
    ))

  it("all callers that wait for a host get the error of its start", () =>
    withFake(
      () =>
        Effect.map(
          Effect.forEach(
            Array.from({ length: 12 }, (_, i) => i),
            (i) => Effect.either(PutAsync.put(disk(String(i)))),
            { concurrency: "unbounded" }
          ),
          (answers) =>
            assert.isTrue(answers.every((result) => Either.isLeft(result) && result.left.status === "ConnectionFailed"))
        ),
      { mode: "constrained" }
    ))

  it("an idle host exits in order, and the next put starts another one", () =>
    withFake(
      (folder) =>
        Effect.gen(function* () {
          yield* PutAsync.put(disk("a"))
          yield* Effect.repeat(Effect.yieldNow(), {
            until: () => folder.lines("lines").some((line) => line === '{"op":"exit"}')
          }).pipe(Effect.timeout("20 seconds"))
          yield* PutAsync.put(disk("b"))
          assert.strictEqual(folder.lines("pids").length, 2)
        }),
      {},
      { hosts: { idle: "200 millis" } }
    ))

  it("an idle host is pinged", () =>
    withFake(
      (folder) =>
        Effect.gen(function* () {
          yield* PutAsync.put(disk("a"))
          yield* Effect.repeat(Effect.yieldNow(), {
            until: () => folder.lines("lines").filter((line) => line.startsWith('{"op":"ping"')).length >= 2
          }).pipe(Effect.timeout("20 seconds"))
        }),
      {},
      { timeouts: { lease: 50, ping: 50 } }
    ))
})

describe("secrets", () => {
  it("are in no error and no recording, on no command line and in no environment", async () => {
    const secret = 'hunter2-\u00e9"quoted'
    const recorded: Array<string> = []
    const connect = { server: "far", user: "ops", password: Redacted.make(secret) }
    const error = await withFake(
      (folder) =>
        Effect.gen(function* () {
          const failed = yield* Effect.flip(PutAsync.put(disk("a")))
          assert.include(folder.lines("lines")[0], "hunter2")
          assert.strictEqual(folder.lines("seen").length, 1)
          assert.notInclude(folder.lines("seen")[0], "hunter2")
          return failed
        }),
      { mode: "leakySecret" },
      { connect, record: (entry) => recorded.push(JSON.stringify(entry)) }
    )
    assert.strictEqual(error.status, "AccessDenied")
    const shown = [error.message, JSON.stringify(error), String(error.cause), ...recorded].join("\n")
    assert.include(shown, "<secret>")
    assert.notInclude(shown, "hunter2")
  })

  it("credentials for the host's own computer are refused before anything starts", () =>
    withFake((folder) => Effect.sync(() => assert.deepStrictEqual(folder.lines("pids"), [])), {}, {
      connect: { user: "ops", password: Redacted.make("hunter2") }
    }).then(
      () => assert.fail("it was accepted"),
      (error) => assert.match(String(error), /LocalCredentials/)
    ))
})
