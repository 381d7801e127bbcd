/** Laws of stores over generated calls: every kind of store has the same results and the same state. */
import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { assert } from "vitest"
import * as DeleteEngine from "../../src/engine/DeleteEngine.ts"
import * as ReadSet from "../../src/engine/ReadSet.ts"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import type { ValidatedPut } from "../../src/engine/PutRules.ts"
import * as PartialSnapshot from "../../src/engine/state/PartialSnapshot.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PathText from "../../src/protocol/PathText.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { isWbemError, type WbemError } from "../../src/protocol/WbemError.ts"
import type { NamespaceStore, Step } from "../../src/emulator/NamespaceStore.ts"
import * as StoredObject from "../../src/codec/storedObject.ts"
import { call } from "../../src/testing/promise.ts"
import * as any from "../arbitraries.ts"
import { kinds, memory } from "./stores.ts"

const { array, constantFrom, oneof, record } = FastCheck

/** One call to a store. */
type Act =
  | { readonly _tag: "Puts"; readonly single: boolean; readonly requests: ReadonlyArray<PutRequest.PutRequest> }
  | { readonly _tag: "Delete"; readonly namespace: string; readonly path: string }
  | { readonly _tag: "Back" }

const namespaces = ["root\\cimv2", "root\\cimv2", "root\\cimv2", "ROOT\\Demo", "root\\demo\\deep"]

const placed = (requests: ReadonlyArray<PutRequest.PutRequest>, namespace: string) =>
  requests.map((one) => PutRequest.make(one.object, { ...one, namespace }))

const puts = record({
  requests: any.requests(6),
  namespace: constantFrom(...namespaces)
}).map(({ namespace, requests }) => placed(requests, namespace))

const spaces = constantFrom<readonly [string, string]>(
  ["root", "Demo"],
  ["root", "demo"],
  ["root\\demo", "Deep"],
  ["ROOT\\DEMO", "deep"]
).map(([above, name]) => [PutRequest.make(Instance.make("__NAMESPACE", { Name: name }), { namespace: above })])

const deletions = record({
  namespace: constantFrom("root", "root", ...namespaces),
  path: constantFrom(
    "Aa",
    "Bb",
    "Cc",
    "Ee",
    "Aa.Id=1",
    "Bb.Id=2",
    "Ee.Id=3",
    'Cc.Name="a"',
    '__NAMESPACE.Name="Demo"',
    '__NAMESPACE.Name="deep"'
  )
})

const act: FastCheck.Arbitrary<Act> = oneof(
  {
    weight: 10,
    arbitrary: record({ _tag: FastCheck.constant("Puts" as const), single: FastCheck.boolean(), requests: puts })
  },
  {
    weight: 3,
    arbitrary: record({
      _tag: FastCheck.constant("Puts" as const),
      single: FastCheck.boolean(),
      requests: FastCheck.tuple(spaces, puts).map(([made, more]) => [...made, ...more])
    })
  },
  { weight: 4, arbitrary: deletions.map((one) => ({ _tag: "Delete" as const, ...one })) },
  { weight: 1, arbitrary: FastCheck.constant({ _tag: "Back" as const }) }
)

const acts = array(act, { minLength: 1, maxLength: 10 })

const readSetOf = (all: ReadonlyArray<ValidatedPut>) => () => ReadSet.union(all.map(({ put }) => ReadSet.of(put)))

const decideAll = (all: ReadonlyArray<ValidatedPut>) => (snapshot: Snapshot.Snapshot): Step<ReadonlyArray<string>> => {
  const { changes, decisions, snapshot: after } = PutEngine.decideAll(snapshot, all)
  return { result: decisions.map((one) => isWbemError(one) ? one.status : one.report.disposition), changes, after }
}

const nothing = (): void => {}

/** How the puts of a call ended, one after another or in one step. */
const ended = (store: NamespaceStore, one: Act & { readonly _tag: "Puts" }) => {
  const all = any.validated(one.requests)
  return one.single
    ? Effect.map(
      Effect.all(all.map((put) => store.modify(readSetOf([put]), decideAll([put]), nothing)), {
        concurrency: "unbounded"
      }),
      (answers) => answers.flat()
    )
    : store.modify(readSetOf(all), decideAll(all), nothing)
}

const deleted = (store: NamespaceStore, one: Act & { readonly _tag: "Delete" }) => {
  const request = {
    path: Either.getOrThrow(PathText.parse(one.path)),
    namespace: one.namespace,
    flags: 0,
    call
  }
  return store.modify(
    () => ReadSet.ofPath(one.namespace, request.path),
    (snapshot): Step<ReadonlyArray<string>> => {
      const decided = DeleteEngine.decide(snapshot, request)
      return Either.isLeft(decided)
        ? { result: [decided.left.status], changes: [] }
        : { result: ["Deleted"], changes: decided.right.changes }
    },
    nothing
  )
}

/** Everything that stores are compared by. */
const course = (stores: ReadonlyArray<NamespaceStore>, all: ReadonlyArray<Act>): Effect.Effect<unknown, WbemError> =>
  Effect.gen(function* () {
    yield* stores[0]!.restore(any.world())
    const answers: Array<unknown> = []
    let moment = any.world()
    let i = 0
    for (const one of all) {
      const store = stores[i++ % stores.length]!
      if (one._tag === "Puts") answers.push(yield* ended(store, one))
      else if (one._tag === "Delete") answers.push(yield* deleted(store, one))
      else {
        const now = yield* store.snapshot
        yield* store.restore(moment)
        moment = now
      }
    }
    const states = yield* Effect.forEach(stores, (store) => store.snapshot)
    return [
      answers,
      states.map((state) =>
        Snapshot.entries(state).map(([n, r, k, object]) => [n, r, k, StoredObject.write(object)])
      )[0],
      states.map((state) => Snapshot.namespaces(state))[0],
      new Set(states.map((state) => JSON.stringify(Snapshot.entries(state).map((one) => StoredObject.write(one[3])))))
        .size
    ]
  })

describe("any two stores have the same results and the same state for the same calls", () => {
  for (const { name, open, pair } of kinds.slice(1)) {
    const runs = name.startsWith("PostgreSQL") ? 120 : 300
    it.scopedLive(name, () =>
      Effect.gen(function* () {
        const store = yield* open
        yield* Effect.promise(() =>
          FastCheck.assert(
            FastCheck.asyncProperty(acts, async (all) => {
              const expected = await Effect.runPromise(Effect.flatMap(memory.open, (one) => course([one], all)))
              assert.strictEqual(
                JSON.stringify(await Effect.runPromise(course([store], all)), null, 1),
                JSON.stringify(expected, null, 1)
              )
            }),
            { numRuns: runs }
          )
        )
      }))
    if (pair !== undefined) {
      it.scopedLive(`${name}, two in turn`, () =>
        Effect.gen(function* () {
          const stores = yield* pair
          yield* Effect.promise(() =>
            FastCheck.assert(
              FastCheck.asyncProperty(acts, async (all) => {
                const expected = await Effect.runPromise(Effect.flatMap(memory.open, (one) => course([one], all)))
                assert.strictEqual(
                  JSON.stringify(await Effect.runPromise(course(stores, all)), null, 1),
                  JSON.stringify(expected, null, 1)
                )
              }),
              { numRuns: runs }
            )
          )
        }))
    }
  }
})

describe("partial snapshots", () => {
  it("a decision over the rows that it needs equals the decision over the whole snapshot", () => {
    let more = 0
    FastCheck.assert(
      FastCheck.property(any.requests(10), any.requests(8), FastCheck.boolean(), (first, second, blind) => {
        const whole = PutEngine.decideAll(any.world(), any.validated(first)).snapshot
        const puts = any.validated(second)
        const expected = decideAll(puts)(Snapshot.fork(whole))
        const schema = PartialSnapshot.schemaOf(whole)
        const before = Snapshot.entries(schema).length
        const found = blind ? ReadSet.none : readSetOf(puts)()
        const foreseen = ReadSet.keys(schema, found)
        const [rows, classes, counts] = [[...foreseen.rows], [...foreseen.classes], [...foreseen.counts]]
        const spaces = new Set(found.namespaces.map((one) => one.toLowerCase()))
        for (let looks = 0;; looks++) {
          assert.isBelow(looks, 64)
          const slice = PartialSnapshot.make(schema, spaces, {
            rows: [
              ...rows.map((one) => ({ ...one, instance: Snapshot.row(whole, one.namespace, one.root, one.key) })),
              ...classes.flatMap(({ className, namespace }) =>
                Snapshot.stored(whole, namespace, className).map((one) => ({ namespace, ...one }))
              )
            ],
            classes,
            counts: counts.map((one) => ({ ...one, n: Snapshot.count(whole, one.namespace, one.className) }))
          })
          const { changes, result } = decideAll(puts)(slice.snapshot)
          assert.strictEqual(Snapshot.entries(schema).length, before, "the schema stays as it was")
          if (!slice.missing.any) {
            assert.deepStrictEqual(result, expected.result)
            assert.deepStrictEqual(changes, expected.changes)
            break
          }
          more++
          for (const one of slice.missing.namespaces) spaces.add(one)
          rows.push(...slice.missing.rows)
          classes.push(...slice.missing.classes)
          counts.push(...slice.missing.counts)
        }
      }),
      { numRuns: 1500 }
    )
    assert.isAbove(more, 100)
  })

  it("a forced update reports the deleted objects in one order, however they were loaded", () => {
    const inserted = (...ids: ReadonlyArray<number>): Snapshot.Snapshot =>
      Snapshot.withObjects(Snapshot.empty(), "root\\cimv2", [
        ClassDefinition.make("Demo_Disk", { Id: Property.key("uint32") }),
        ...ids.map((Id) => Instance.make("Demo_Disk", { Id }))
      ])
    const wider = PutRequest.make(
      ClassDefinition.make("Demo_Disk", { Id: Property.key("uint32"), More: Property.make("string") }),
      { update: "Force" }
    )
    const changes = (from: Snapshot.Snapshot) => decideAll(any.validated([wider]))(from).changes
    assert.deepStrictEqual(changes(inserted(10, 9, 1)), changes(inserted(1, 9, 10)))
    assert.lengthOf(changes(inserted(10, 9, 1)), 4)
  })
})

describe("the stored form", () => {
  it("is read back as it was written", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.oneof(any.classDefinition, any.instance), (object) => {
        assert.deepStrictEqual(StoredObject.read(StoredObject.write(object)), object)
      }),
      { numRuns: 2000 }
    )
  })

  it("keeps any text, number and nesting, and is text that a database accepts", () => {
    const name = FastCheck.oneof(
      FastCheck.string(),
      constantFrom("__proto__", "o", "n", "z", "r", "u", "c", "v", "constructor")
    )
    const scalar = oneof(
      FastCheck.string({ unit: "binary" }),
      FastCheck.double(),
      FastCheck.bigInt(),
      FastCheck.boolean(),
      FastCheck.constant(null),
      constantFrom(-0, "\ud800", "\u0000")
    )
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(FastCheck.tuple(name, oneof(scalar, array(scalar)))),
        (values) => {
          const object = Instance.make("Aa", Object.fromEntries(values) as never) // any value at all, to see what becomes of it
          const text = StoredObject.write(object)
          assert.notMatch(text, /[\0-\x1f\ud800-\udfff]/u)
          assert.deepStrictEqual(StoredObject.read(text), object)
        }
      ),
      { numRuns: 2000 }
    )
  })

  it("different keys have different texts, which are parsed to the same keys", () => {
    const key = oneof(FastCheck.string({ unit: "binary" }), FastCheck.integer(), FastCheck.double({ noNaN: true }))
    FastCheck.assert(
      FastCheck.property(key, key, (a, b) => {
        assert.strictEqual(StoredObject.readKey(StoredObject.writeKey(a)), Object.is(a, -0) ? 0 : a)
        if (a !== b) assert.notStrictEqual(StoredObject.writeKey(a), StoredObject.writeKey(b))
      }),
      { numRuns: 2000 }
    )
  })
})
