/** How a bulk run fills its batches, how far it reads ahead, and the cost of a second run over the same input. */
import { it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { assert, describe } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import type { Stages } from "../../src/pipeline/PutAsync.ts"
import * as PutOutcome from "../../src/protocol/PutOutcome.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Repository from "../../src/pipeline/Repository.ts"
import * as DurableObject from "../../src/storage/sqlite/DurableObject.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as NamespaceStore from "../../src/emulator/NamespaceStore.ts"
import * as VersionedStore from "../../src/storage/kv/VersionedStore.ts"
import * as Wmi from "../../src/Wmi.ts"
import { make as compareAndSet } from "../storage/compareAndSet.ts"
import { make as objectStorage } from "../storage/objectStorage.ts"

const Note = ClassDefinition.make("Demo_Note", { Id: Property.key("uint32"), Text: Property.make("string") })
const note = (id: number, length = 10): PutRequest.PutRequest =>
  PutRequest.make(Instance.make("Demo_Note", { Id: id, Text: "x".repeat(length) }))
const notes = (n: number, length?: number): ReadonlyArray<PutRequest.PutRequest> => [
  PutRequest.make(Note),
  ...Array.from({ length: n }, (_, i) => note(i, length))
]

/** A store in memory that records the number of puts of each transaction. */
const watched = (sizes: Array<number>) =>
  Layer.map(Wmi.layerMemory, (context) => {
    const repository = context.unsafeMap.get(Repository.Repository.key) as Repository.Repository
    context.unsafeMap.set(Repository.Repository.key, {
      ...repository,
      putBatch: (...args: Parameters<Repository.Repository["putBatch"]>) => {
        sizes.push(args[0].length)
        return repository.putBatch(...args)
      }
    })
    return context
  })

const sizes = (requests: ReadonlyArray<PutRequest.PutRequest>, options: BulkPut.Options) => {
  const seen: Array<number> = []
  return Stream.fromIterable(requests).pipe(
    BulkPut.run(options),
    Stream.runFold(PutOutcome.emptyTally, PutOutcome.tally),
    Effect.map(({ created }) => ({ created, seen })),
    Effect.provide(watched(seen))
  )
}

describe("batches", () => {
  it.effect("end by count", () =>
    Effect.map(sizes(notes(9), { batchSize: 4 }), ({ created, seen }) => {
      assert.deepStrictEqual([created, seen], [10, [4, 4, 2]])
    }))

  it.effect("end by bytes: with the object that reaches the limit", () =>
    Effect.map(sizes(notes(10, 1000), { batchBytes: 3000 }), ({ created, seen }) => {
      assert.strictEqual(created, 11)
      // The first batch holds the class and three instances; then three instances fill a batch.
      assert.deepStrictEqual(seen, [4, 3, 3, 1])
    }))

  it.effect("end by the limit that is reached first; an object larger than the limit is a batch of its own", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* sizes(notes(5, 5), { batchBytes: 1_000_000, batchSize: 2 })).seen, [2, 2, 2])
      const large = [PutRequest.make(Note), note(1, 9000), note(2, 9000), note(3), note(4)]
      assert.deepStrictEqual((yield* sizes(large, { batchBytes: 500 })).seen, [2, 1, 2])
      assert.deepStrictEqual((yield* sizes([], { batchBytes: 500 })).seen, [])
    }))

  it.effect("end by time; a full batch is stored at once", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const queue = yield* Queue.unbounded<PutRequest.PutRequest>()
      const outcomes = yield* Queue.unbounded<PutOutcome.PutOutcome>()
      const fiber = yield* Stream.fromQueue(queue).pipe(
        BulkPut.run({ batchBytes: 2500, within: "1 second" }),
        Stream.runForEach((outcome) => Queue.offer(outcomes, outcome)),
        Effect.provide(watched(seen)),
        Effect.fork
      )
      yield* Queue.offerAll(queue, notes(1, 100))
      yield* TestClock.adjust("1 second")
      yield* Queue.takeN(outcomes, 2)
      assert.deepStrictEqual(seen, [2])
      yield* Queue.offerAll(queue, [note(2, 1500), note(3, 1500)])
      yield* Queue.takeN(outcomes, 2)
      assert.deepStrictEqual(seen, [2, 2])
      yield* Fiber.interrupt(fiber)
    }))
})

describe("back-pressure", () => {
  for (
    const [what, options, ahead] of [
      ["by count", { batchSize: 10 }, 20],
      ["by bytes", { batchBytes: 100, batchSize: 10 }, 20],
      ["by time", { batchSize: 10, within: "1 hour" }, 30]
    ] as ReadonlyArray<readonly [string, BulkPut.Options, number]>
  ) {
    it.effect(`${what}: a consumer that stops reading outcomes stops the source`, () =>
      Effect.gen(function* () {
        let taken = 0
        const source = Stream.rechunk(
          Stream.tap(Stream.fromIterable(notes(1000)), () => Effect.sync(() => taken++)),
          1
        )
        const arrived = yield* Deferred.make<void>()
        const fiber = yield* source.pipe(
          BulkPut.run(options),
          Stream.runForEach(() => Effect.zipRight(Deferred.succeed(arrived, undefined), Effect.never)),
          Effect.provide(Wmi.layerMemory),
          Effect.fork
        )
        yield* Deferred.await(arrived)
        for (let i = 0; i < 100; i++) yield* Effect.yieldNow()
        assert.isAtMost(taken, ahead)
        assert.isAbove(taken, 0)
        yield* Fiber.interrupt(fiber)
      }))
  }
})

const dispositions = (requests: ReadonlyArray<PutRequest.PutRequest>) =>
  Effect.map(
    Stream.runCollect(BulkPut.run(Stream.fromIterable(requests), { batchSize: 50 })),
    (all) => Chunk.toReadonlyArray(all).map((one) => one._tag === "Committed" ? one.report.disposition : one._tag)
  )

describe("a second run over the same input", () => {
  const input = notes(400)
  const unchanged = input.map(() => "Unchanged")

  it("over SQL: Unchanged, and no statement writes", async () => {
    const storage = await objectStorage()
    const verbs = new Map<string, number>()
    const counting: DurableObject.Storage = {
      ...storage,
      sql: {
        exec: (query, ...bindings) => {
          const verb = /\w+/.exec(query)![0].toLowerCase()
          verbs.set(verb, (verbs.get(verb) ?? 0) + 1)
          return storage.sql.exec(query, ...bindings)
        }
      }
    }
    /** A new process each time: its state comes from the storage alone. */
    const run = () => Effect.runPromise(Effect.provide(dispositions(input), Wmi.layer(DurableObject.layer(counting))))
    assert.deepStrictEqual(await run(), input.map(() => "Created"))
    assert.isAbove(verbs.get("insert") ?? 0, 8)
    verbs.clear()
    assert.deepStrictEqual(await run(), unchanged)
    // The migrator creates its table if it does not exist.
    assert.deepStrictEqual([verbs.get("create"), verbs.size], [1, 2])
    assert.isAtMost(verbs.get("select")!, 9 * 4 + 8)
  })

  it("over compare-and-set, after a lost answer in the middle: the Unknown puts get an outcome, the rest is stored", async () => {
    let commits = 0
    const cas = compareAndSet({ lose: () => ++commits === 5 ? "After" : undefined })
    const over = <A, E>(program: Effect.Effect<A, E, Stages>) =>
      Effect.provide(
        program,
        Wmi.layer(
          Layer.provide(
            EmulatedRepository.layer,
            Layer.sync(NamespaceStore.NamespaceStore, () => VersionedStore.make(cas.storage))
          )
        )
      )
    await Effect.runPromise(
      Effect.gen(function* () {
        const cut = Stream.takeUntil<PutOutcome.PutOutcome>((one) => one._tag === "Unknown")
        const first = yield* over(
          Stream.runCollect(cut(BulkPut.run(Stream.fromIterable(input), { batchSize: 50 })))
        )
        const stored = Chunk.toReadonlyArray(first).filter(({ _tag }) => _tag === "Committed").length
        assert.strictEqual(stored, 150) // the first commit makes the store, the fifth lost its answer
        const second = yield* over(dispositions(input))
        assert.deepStrictEqual(
          second,
          input.map((_, i) => i < stored + 50 ? "Unchanged" : "Created")
        )
        const before = cas.calls.commit
        assert.deepStrictEqual(yield* over(dispositions(input)), unchanged)
        assert.strictEqual(cas.calls.commit, before)
      })
    )
  })
})
