/** A store over compare-and-set: the same outcomes and the same state as memory, alone and with others, whatever the storage does. */
import { readFileSync } from "node:fs"
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { assert, describe } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as NamespaceStore from "../../src/emulator/NamespaceStore.ts"
import * as VersionedStore from "../../src/storage/kv/VersionedStore.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as any from "../arbitraries.ts"
import { runCasePromise } from "../../src/conformance/cases.ts"
import { repositories } from "../conformance/repositories.ts"
import type { JsonObject } from "../../src/conformance/vocabulary.ts"
import { type Cas, chance, make, makeDocument, type Trouble, wait } from "./compareAndSet.ts"
import { scaled } from "../scale.ts"

const over = ({ storage }: Cas, concurrency?: VersionedStore.ConcurrencyOptions) =>
  Wmi.layer(
    Layer.provide(
      EmulatedRepository.layer,
      Layer.sync(NamespaceStore.NamespaceStore, () => VersionedStore.make(storage, concurrency))
    )
  )

const entries = Effect.map(Wmi.snapshot, Snapshot.entries)
const restored = Effect.suspend(() => Wmi.restore(any.world()))

/** What became of one put, without what chance has a part in. */
const outcome = (request: PutRequest.PutRequest) =>
  Effect.map(
    Effect.either(PutAsync.put(request)),
    (answer) => Either.isRight(answer) ? answer.right.disposition : answer.left.status
  )

/** The instances of a class and of those below it, in an order of ours: a store promises none. */
const listed = Wmi.instancesOf("Aa").pipe(
  Effect.map((found) => found.map((one) => JSON.stringify(one, replacer)).sort()),
  Effect.either
)

/** One after another, then everything. */
const story = (list: ReadonlyArray<PutRequest.PutRequest>) =>
  Effect.all([restored, Effect.forEach(list, outcome), entries, listed])

const inMemory = <A, E>(program: Effect.Effect<A, E, Layer.Layer.Success<typeof Wmi.layerMemory>>) =>
  Effect.runPromise(Effect.provide(program, Wmi.layerMemory))

/** Keys that a put makes up are chance, and no two runs have the same; such sequences are left out. */
const made = /\{[0-9a-f]{8}-[0-9a-f-]{27}\}/i

const decided = async <A>(
  program: Effect.Effect<A, unknown, Layer.Layer.Success<typeof Wmi.layerMemory>>
): Promise<A> => {
  const [answer, there] = await inMemory(Effect.zip(program, entries))
  FastCheck.pre(!made.test(JSON.stringify(there, replacer)))
  return answer
}

/** Calls take their time, and now and then a commit is refused for nothing. */
const trouble = (seed: number): Trouble => {
  const next = chance(seed)
  return { turns: () => Math.floor(next() * 3), refuse: () => next() < 0.2 }
}

describe("over compare-and-set", () => {
  it("the same outcomes and the same state as memory, with delays and refused commits", async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(any.requests(8), FastCheck.integer(), async (list, seed) => {
        const expected = await decided(story(list))
        const got = await Effect.runPromise(Effect.provide(story(list), over(make(trouble(seed)))))
        assert.deepStrictEqual(got, expected)
      }),
      { numRuns: scaled(60) }
    )
  })

  it("a bulk run, and another process that reads it from the storage alone", async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(any.requests(12), FastCheck.integer(), async (list, seed) => {
        const cas = make(trouble(seed))
        const run = Effect.zipRight(
          restored,
          Effect.map(
            Stream.runCollect(BulkPut.run(Stream.fromIterable(list), { batchSize: 5 })),
            (all) => [...all].map((one) => one._tag)
          )
        )
        const expected = await decided(run)
        assert.deepStrictEqual(await Effect.runPromise(Effect.provide(run, over(cas))), expected)
        assert.deepStrictEqual(
          await Effect.runPromise(Effect.provide(entries, over(cas))),
          await inMemory(Effect.zipRight(run, entries))
        )
      }),
      { numRuns: scaled(60) }
    )
  })

  it("every public case of a put passes", async () => {
    const file = new URL("../conformance/put-cases.json", import.meta.url)
    const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: ReadonlyArray<JsonObject> }
    const repository = await repositories["versioned"]!()
    for (const one of cases) {
      const { id, notApplicable, problems } = await runCasePromise(one, repository)
      assert.deepStrictEqual([id, notApplicable, problems], [id, undefined, []])
    }
    assert.isAbove(cases.length, 200)
  })

  it("namespaces come and go, and come again", async () => {
    const spaces = Effect.gen(function* () {
      const put = (name: string, namespace: string) =>
        PutAsync.put(PutRequest.make(Instance.make("__NAMESPACE", { Name: name }), { namespace }))
      yield* put("Mine", "root")
      yield* PutAsync.put(PutRequest.make(Disk, { namespace: "root\\mine" }))
      yield* PutAsync.put(PutRequest.make(disk("C:"), { namespace: "root\\mine" }))
      yield* put("Deeper", "root\\mine")
      yield* Wmi.delete('__NAMESPACE.Name="MINE"', { namespace: "root" })
      const gone = yield* Effect.flip(Wmi.get("Demo_Disk", { namespace: "root\\mine" }))
      yield* put("mine", "root")
      const classes = yield* Wmi.classes({ namespace: "root\\mine" })
      return [gone.status, classes, yield* Effect.map(Wmi.snapshot, Snapshot.namespaces), yield* entries] as const
    })
    const expected = await inMemory(spaces)
    assert.deepStrictEqual(await Effect.runPromise(Effect.provide(spaces, over(make()))), expected)
    const sqlite = Wmi.layer(Sqlite.layer({ filename: ":memory:" }))
    assert.deepStrictEqual(await Effect.runPromise(Effect.provide(spaces, sqlite)), expected)
  })
})

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
const disk = (id: string, free = 1n): Instance.Instance => Instance.make("Demo_Disk", { Id: id, FreeSpace: free })

/** Every order in which the steps of two writers can stand, each writer's own order kept. */
const interleavings = <A>(one: ReadonlyArray<A>, two: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> => {
  const [a, ...restA] = one
  const [b, ...restB] = two
  if (a === undefined) return [two]
  if (b === undefined) return [one]
  return [
    ...interleavings(restA, two).map((rest) => [a, ...rest]),
    ...interleavings(one, restB).map((rest) => [b, ...rest])
  ]
}

describe("several writers", () => {
  it("come out as if one after the other: some order of their puts explains every outcome and the state", async () => {
    let met = 0
    await FastCheck.assert(
      FastCheck.asyncProperty(any.requests(3), any.requests(3), FastCheck.integer(), async (some, others, seed) => {
        // Both begin with the same identity, so that they meet.
        const one = [PutRequest.make(Instance.make("Aa", { Id: 1, Name: "a" })), ...some]
        const two = [PutRequest.make(Instance.make("Aa", { Id: 1, Name: "b" })), ...others]
        const next = chance(seed)
        const cas = make({ turns: () => Math.floor(next() * 4) })
        await Effect.runPromise(Effect.provide(restored, over(cas)))
        const before = cas.calls.beaten
        const writer = (list: ReadonlyArray<PutRequest.PutRequest>) =>
          Effect.provide(Effect.forEach(list, outcome), over(cas))
        const [first, second] = await Effect.runPromise(
          Effect.all([writer(one), writer(two)], { concurrency: "unbounded" })
        )
        if (cas.calls.beaten > before) met++
        const state = await Effect.runPromise(Effect.provide(entries, over(cas)))
        FastCheck.pre(!made.test(JSON.stringify(state, replacer)))
        const steps = (list: ReadonlyArray<PutRequest.PutRequest>, got: ReadonlyArray<string>) =>
          list.map((request, i) => ({ request, got: got[i]! }))
        let explained = false
        for (const order of interleavings(steps(one, first), steps(two, second))) {
          const [, outcomes, there] = await inMemory(story(order.map(({ request }) => request)))
          explained ||= order.every(({ got }, i) => got === outcomes[i])
            && JSON.stringify(there, replacer) === JSON.stringify(state, replacer)
          if (explained) break
        }
        assert.isTrue(explained, JSON.stringify([first, second], replacer))
      }),
      { numRuns: 60 }
    )
    assert.isAbove(met, 10, "too few runs had a conflict")
  })

  it("eight, on one counter of creations: each identity is created once", async () => {
    const next = chance(8)
    const cas = make({ turns: () => Math.floor(next() * 3) })
    await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(Disk)), over(cas)))
    const writer = Effect.forEach(
      Array.from({ length: 20 }, (_, i) => PutRequest.make(disk(`${i}`), { mode: "CreateOnly" })),
      outcome
    )
    const all = await Effect.runPromise(
      Effect.all(Array.from({ length: 8 }, () => Effect.provide(writer, over(cas))), { concurrency: "unbounded" })
    )
    const counts = new Map<string, number>()
    for (const one of all.flat()) counts.set(one, (counts.get(one) ?? 0) + 1)
    assert.deepStrictEqual([...counts].sort(), [["AlreadyExists", 140], ["Created", 20]])
    const found = await Effect.runPromise(Effect.provide(Wmi.instancesOf("Demo_Disk"), over(cas)))
    assert.strictEqual(found.length, 20)
  })

  it("a class put that must find no instances, against creations of them: one of the two sees the other", async () => {
    const Smaller = ClassDefinition.make("Demo_Disk", { Id: Property.key("string") })
    let refused = 0
    for (let seed = 1; seed <= 40; seed++) {
      const next = chance(seed)
      const cas = make({ turns: () => Math.floor(next() * 4) })
      await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(Disk)), over(cas)))
      const [shrunk, created] = await Effect.runPromise(
        Effect.all([
          Effect.provide(outcome(PutRequest.make(Smaller)), over(cas)),
          Effect.provide(Effect.zipRight(wait(seed * 2), outcome(PutRequest.make(disk("C:")))), over(cas))
        ], { concurrency: "unbounded" })
      )
      // With the property gone the instance cannot have a value for it; with the instance there the property cannot go.
      assert.notDeepEqual([shrunk, created], ["Updated", "Created"], `seed ${seed}`)
      if (created === "Created") refused++
    }
    assert.isAbove(refused, 0)
    assert.isBelow(refused, 40)
  })
})

describe("in one document", () => {
  const over = (document: VersionedStore.VersionedDocument) =>
    Wmi.layer(
      Layer.provide(
        EmulatedRepository.layer,
        Layer.sync(NamespaceStore.NamespaceStore, () => VersionedStore.fromDocument(document))
      )
    )

  it("the same outcomes and the same state as memory", async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(any.requests(8), async (list) => {
        const expected = await decided(story(list))
        assert.deepStrictEqual(await Effect.runPromise(Effect.provide(story(list), over(makeDocument()))), expected)
      }),
      { numRuns: scaled(40) }
    )
  })

  it("eight writers: nobody's put is lost", async () => {
    const next = chance(3)
    const document = makeDocument(() => Math.floor(next() * 3))
    await Effect.runPromise(Effect.provide(PutAsync.put(PutRequest.make(Disk)), over(document)))
    const writer = (who: number) =>
      Effect.provide(
        Effect.forEach(Array.from({ length: 5 }, (_, i) => PutRequest.make(disk(`${who} ${i}`))), outcome),
        over(document)
      )
    const all = await Effect.runPromise(
      Effect.all(Array.from({ length: 8 }, (_, i) => writer(i)), { concurrency: "unbounded" })
    )
    assert.deepStrictEqual(all.flat(), Array.from({ length: 40 }, () => "Created"))
    const found = await Effect.runPromise(Effect.provide(Wmi.instancesOf("Demo_Disk"), over(document)))
    assert.strictEqual(found.length, 40)
  })

  it("a document that is not ours is refused, and left as it was", async () => {
    let written = 0
    const foreign: VersionedStore.VersionedDocument = {
      read: Effect.succeed({ value: "<html>", version: "1" }),
      write: () => Effect.sync(() => ++written > 0)
    }
    const error = await Effect.runPromise(
      Effect.provide(Effect.flip(PutAsync.put(PutRequest.make(Disk))), over(foreign))
    )
    assert.match(error.message, /document is not one of a store/)
    assert.strictEqual(written, 0)
  })
})

describe("trouble", () => {
  const stored = Effect.map(
    Effect.either(Wmi.get('Demo_Disk.Id="C:"')),
    Either.match({ onLeft: (error) => error.status, onRight: () => "there" })
  )
  const told = (how: "Before" | "After") => {
    let armed = false
    const cas = make({ lose: () => armed ? how : undefined })
    return Effect.runPromise(
      Effect.gen(function* () {
        yield* PutAsync.put(PutRequest.make(Disk))
        armed = true
        const single = yield* Effect.flip(PutAsync.put(PutRequest.make(disk("C:"))))
        const [bulk] = [
          ...yield* Stream.runCollect(BulkPut.run(Stream.make(PutRequest.make(disk("C:", 2n)))))
        ]
        armed = false
        return [single.status, bulk!._tag, yield* stored] as const
      }).pipe(Effect.provide(over(cas)))
    )
  }

  it("a lost answer is Unknown, whether it happened or not", async () => {
    assert.deepStrictEqual(await told("Before"), ["TransportFailure", "Unknown", "NotFound"])
    assert.deepStrictEqual(await told("After"), ["TransportFailure", "Unknown", "there"])
  })

  it("who is always refused gives up after as many tries as were allowed, and wrote nothing", async () => {
    let refusing = false
    const cas = make({ refuse: () => refusing })
    const [error, tries, there] = await Effect.runPromise(
      Effect.gen(function* () {
        yield* PutAsync.put(PutRequest.make(Disk))
        refusing = true
        const before = cas.calls.commit
        const error = yield* Effect.flip(PutAsync.put(PutRequest.make(disk("C:"))))
        return [error, cas.calls.commit - before, yield* stored] as const
      }).pipe(Effect.provide(over(cas, { maxAttempts: 5 })))
    )
    assert.deepStrictEqual([error.status, tries, there], ["Timeout", 5, "NotFound"])
  })
})

describe("calls", () => {
  it("a put of an instance is a look and a commit; one that changes nothing is two looks", async () => {
    const cas = make()
    const calls = await Effect.runPromise(
      Effect.gen(function* () {
        yield* PutAsync.put(PutRequest.make(Disk))
        yield* PutAsync.put(PutRequest.make(disk("C:")))
        const seen: Array<readonly [number, number, number]> = []
        for (const one of [disk("D:"), disk("D:", 2n), disk("D:", 2n)]) {
          const before = { ...cas.calls }
          yield* PutAsync.put(PutRequest.make(one))
          const { commit, range, rows } = cas.calls
          seen.push([rows - before.rows, range - before.range, commit - before.commit])
        }
        return seen
      }).pipe(Effect.provide(over(cas)))
    )
    assert.deepStrictEqual(calls, [[1, 0, 1], [1, 0, 1], [2, 0, 0]])
  })

  it("an update and a creation do not meet, though they share a tally", async () => {
    const cas = make({ turns: () => 2 })
    await Effect.runPromise(
      Effect.gen(function* () {
        yield* PutAsync.put(PutRequest.make(Disk))
        for (let i = 0; i < 20; i++) yield* PutAsync.put(PutRequest.make(disk(`${i}`)))
        const before = cas.calls.commit
        const puts = (list: ReadonlyArray<Instance.Instance>) =>
          Effect.provide(
            Effect.forEach(list, (one) => PutAsync.put(PutRequest.make(one)), { discard: true }),
            over(cas)
          )
        yield* Effect.all([
          puts(Array.from({ length: 20 }, (_, i) => disk(`${i}`, 2n))),
          puts(Array.from({ length: 20 }, (_, i) => disk(`new ${i}`)))
        ], { concurrency: "unbounded" })
        assert.strictEqual(cas.calls.commit - before, 40)
      }).pipe(Effect.provide(over(cas)))
    )
  })
})

const replacer = (_: string, value: unknown): unknown => typeof value === "bigint" ? `${value}n` : value
