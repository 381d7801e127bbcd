/**
 * What a sink may rely on: a result or a report of an unknown, ended or cancelled call is dropped, whatever its origin. Here a repository
 * acts as a provider or host that misbehaves.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import type { BatchHandle, OnProgress, Repository } from "../../src/pipeline/Repository.ts"
import type * as SinkEvent from "../../src/protocol/SinkEvent.ts"
import { Failed } from "../../src/protocol/WbemError.ts"
import { disk, recorder, report, run, settle, status, world } from "./fixtures.ts"

const tick = (current: number): SinkEvent.ProgressReport => ({ upperBound: 9, current, message: "" })

const bulk = (...ids: ReadonlyArray<string>) =>
  Effect.map(
    Stream.runCollect(BulkPut.run(Stream.fromIterable(ids.map((id) => disk(id))))),
    (found) => [...found].map((one) => one._tag === "Committed" ? "ok" : one.error.status)
  )

describe("results that belong to no call", () => {
  it("unknown: progress of a put that is not in the batch", async () => {
    const r = recorder()
    const putBatch: Repository["putBatch"] = (puts, { progress }) =>
      Effect.gen(function* () {
        for (const at of [-1, puts.length, 99, 0]) yield* progress(at, tick(at))
        return puts.map(() => report)
      })
    assert.deepStrictEqual(await run(bulk("a", "b"), world(r.sink, { repository: { putBatch } })), ["ok", "ok"])
    assert.deepStrictEqual(r.log, ["a:Progress", "a:ObjectPut", "a:Completed 0", "b:ObjectPut", "b:Completed 0"])
  })

  it("unknown: more results than puts; a put without a result has failed", async () => {
    const r = recorder()
    const answer = (n: number): Repository["putBatch"] => () => Effect.succeed(Array.from({ length: n }, () => report))
    const of = (n: number) => run(bulk("a", "b"), world(r.sink, { repository: { putBatch: answer(n) } }))
    assert.deepStrictEqual(await of(5), ["ok", "ok"])
    assert.deepStrictEqual(await of(1), ["ok", "Failed"])
    assert.deepStrictEqual(r.log.filter((line) => line.includes("Completed")), [
      "a:Completed 0",
      "b:Completed 0",
      "a:Completed 0",
      "b:Completed Failed"
    ])
  })

  it("finished: progress of a put that has ended, single and in a batch", async () => {
    const r = recorder()
    const kept: Array<OnProgress> = []
    const open: Array<BatchHandle> = []
    const repository: Partial<Repository> = {
      put: (_, { progress }) => Effect.sync(() => (kept.push(progress), report)),
      putBatch: (puts, batch) => Effect.sync(() => (open.push(batch), puts.map(() => report)))
    }
    await run(
      Effect.gen(function* () {
        yield* PutAsync.put(disk("a"))
        yield* kept[0]!(tick(1))
        yield* bulk("b", "c")
        yield* open[0]!.progress(0, tick(1))
        yield* open[0]!.progress(1, tick(1))
      }),
      world(r.sink, { repository })
    )
    assert.deepStrictEqual(r.log, [
      "a:ObjectPut",
      "a:Completed 0",
      "b:ObjectPut",
      "b:Completed 0",
      "c:ObjectPut",
      "c:Completed 0"
    ])
  })

  for (const answer of ["success", "failure", "defect"] as const) {
    it(`cancelled: a late ${answer} and late progress are dropped`, async () => {
      const r = recorder()
      const started = Effect.runSync(Deferred.make<void>())
      const go = Effect.runSync(Deferred.make<void>())
      const done = Effect.runSync(Deferred.make<void>())
      const repository: Partial<Repository> = {
        put: (_, { progress }) =>
          Effect.gen(function* () {
            yield* Deferred.succeed(started, undefined)
            yield* Deferred.await(go)
            yield* progress(tick(1))
            yield* Deferred.succeed(done, undefined)
            if (answer === "defect") return yield* Effect.die("late")
            return answer === "failure" ? yield* Effect.fail(new Failed({})) : report
          })
      }
      await run(
        Effect.gen(function* () {
          const fiber = yield* Effect.fork(Effect.either(PutAsync.put(disk("a"))))
          yield* Deferred.await(started)
          yield* PutAsync.cancel(r.sink)
          assert.deepStrictEqual(r.log, ["a:Completed CallCancelled"])
          yield* Deferred.succeed(go, undefined)
          yield* Deferred.await(done)
          assert.strictEqual(status(yield* Fiber.join(fiber)), "CallCancelled")
          yield* settle
        }),
        world(r.sink, { repository })
      )
      assert.deepStrictEqual(r.log, ["a:Completed CallCancelled"])
    })
  }

  it("two results: the first one counts, the sink gets one ending", async () => {
    const r = recorder()
    const put: Repository["put"] = () =>
      Effect.async((resume) => {
        resume(Effect.succeed(report))
        resume(Effect.fail(new Failed({})))
      })
    await run(Effect.zipRight(PutAsync.put(disk("a")), settle), world(r.sink, { repository: { put } }))
    assert.deepStrictEqual(r.log, ["a:ObjectPut", "a:Completed 0"])
  })
})
