/** Values and names that want to be more than data, through the whole way to a host and back, by the thousand. */
import { assert, describe, it } from "vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import * as Instance from "../../src/model/Instance.ts"
import * as NamedValueSet from "../../src/model/NamedValueSet.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { isWellFormed } from "../../src/windows/conversation/lines.ts"
import * as Wmi from "../../src/Wmi.ts"
import { withFake } from "./fakeHostFixture.ts"
import { hostile, text } from "./hostileText.ts"

const sample = <A>(arbitrary: FastCheck.Arbitrary<A>, seed: number, n: number): ReadonlyArray<A> =>
  FastCheck.sample(arbitrary, { seed, numRuns: n })

const collect = (requests: ReadonlyArray<PutRequest.PutRequest>) =>
  Effect.map(Stream.runCollect(BulkPut.run(Stream.fromIterable(requests))), (found) => [...found])

const sayable = (one: string): boolean => isWellFormed(one) && !one.includes("\0")

describe("injection", () => {
  it(
    "3000 values and keys arrive as they are, or are refused before they are sent",
    { timeout: 120_000 },
    () =>
      withFake((folder) =>
        Effect.gen(function* () {
          const keys = sample(text, 7, 3000)
          const values = sample(hostile, 11, 3000)
          const instances = keys.map((key, i) =>
            Instance.make("Demo_Disk", {
              Id: `${i} ${key}`,
              N: i,
              Size: null,
              Names: [values[i]!, key],
              At: null,
              Ratio: null
            })
          )
          const outcomes = yield* collect(instances.map((one) => PutRequest.make(one)))
          let stored = 0
          for (const [i, outcome] of outcomes.entries()) {
            if (!sayable(keys[i]!) || !sayable(values[i]!)) {
              assert.strictEqual(outcome._tag, "Rejected", String(i))
              continue
            }
            assert.strictEqual(outcome._tag, "Committed", JSON.stringify(keys[i]))
            if (outcome._tag !== "Committed") continue
            stored++
            assert.deepStrictEqual(yield* Wmi.get(outcome.report.path), instances[i])
          }
          assert.isAbove(stored, 1000)
          assert.strictEqual(folder.lines("log").length >= stored, true)
          assert.strictEqual(folder.lines("pids").length, 1)
        })
      )
  )

  it(
    "1000 names of classes, properties, namespaces and contexts do the same",
    { timeout: 120_000 },
    () =>
      withFake((folder) =>
        Effect.gen(function* () {
          const names = sample(text, 13, 250).map((one) => `${one}$`)
          const outcomes = yield* collect(names.flatMap((name) => [
            PutRequest.make(Instance.make(name, { Id: "x" })),
            PutRequest.make(Instance.make("Demo_Disk", { Id: "x", [name]: name })),
            PutRequest.make(Instance.make("Demo_Disk", { Id: "x" }), { namespace: name }),
            PutRequest.make(Instance.make("Demo_Disk", { Id: "ctx" }), {
              context: NamedValueSet.make({ [name]: name })
            })
          ]))
          outcomes.forEach((outcome, i) => {
            const name = names[Math.floor(i / 4)]!
            const shown = `${JSON.stringify(name)}: ${outcome._tag === "Committed" ? "stored" : outcome.error.message}`
            // A context is the one place where any name will do.
            if (i % 4 === 3 && isWellFormed(name)) assert.strictEqual(outcome._tag, "Committed", shown)
            else assert.strictEqual(outcome._tag, "Rejected", shown)
          })
          assert.deepStrictEqual(new Set(folder.lines("log")), new Set(['Demo_Disk.Id="ctx"']))
          assert.strictEqual(folder.lines("pids").length, 1)
        })
      )
  )
})
