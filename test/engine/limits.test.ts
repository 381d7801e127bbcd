/** Limits of instances, and the status number for caller and sink. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"

const names = Array.from({ length: 257 }, (_, i) => `K${i}`)
const keyed = (n: number): ClassDefinition.ClassDefinition =>
  ClassDefinition.make("Demo_Keys", Object.fromEntries(names.slice(0, n).map((name) => [name, Property.key("uint8")])))
const full = (n: number): PutRequest.PutRequest =>
  PutRequest.make(Instance.make("Demo_Keys", Object.fromEntries(names.slice(0, n).map((name) => [name, 1]))))

const Top = ClassDefinition.make("Demo_Top", { Id: Property.key("string") }, { qualifiers: { abstract: true } })
const long = "x".repeat(9000)

const status = (request: PutRequest.PutRequest, ...stored: ReadonlyArray<ClassDefinition.ClassDefinition>) =>
  PutAsync.put(request).pipe(
    Effect.match({ onFailure: (error) => error.status, onSuccess: ({ disposition }) => disposition }),
    Effect.provide(Wmi.layerMemoryFrom(Snapshot.of(...stored)))
  )

describe("limits", () => {
  it("the namespaces above a name of many parts are listed without recursion", () => {
    const deep = Array.from({ length: 20_000 }, () => "a").join("\\")
    const found = Snapshot.namespaceAncestors(deep)
    assert.strictEqual(found.length, 20_000)
    assert.strictEqual(found.at(-1), "a")
    for (const name of ["", "\\", "\\a", "a", "a\\", "a\\b", "a\\b\\c", "a\\b\\c\\d", "a\\\\b"]) {
      const parts = name.split("\\")
      assert.deepStrictEqual(
        Snapshot.namespaceAncestors(name),
        parts.map((_, i) => parts.slice(0, parts.length - i).join("\\")).filter((one, i) => i === 0 || one !== "")
      )
    }
  })

  it.effect("IK-9: 256 keys are allowed, 257 are not", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* status(full(256), keyed(256)), "Created")
      assert.strictEqual(yield* status(full(257), keyed(257)), "InvalidObject")
    }))

  it.effect("IX-9: a path that is too long is refused before the class is checked to be concrete, unless a key does not fit", () =>
    Effect.gen(function* () {
      const put = (id: string | boolean) =>
        PutRequest.make(Instance.make("Demo_Top", { Id: id, ...(id === true ? { X: long } : {}) }))
      assert.strictEqual(yield* status(put(long), Top), "QuotaViolation")
      assert.strictEqual(yield* status(put(true), Top), "InvalidClass")
    }))

  describe("put-async 3.8: a path can be long without the text of the object", () => {
    const wordy = Array.from({ length: 33 }, (_, i) => `K${i}`.padEnd(250, "n"))
    const of = (n: number, property: Property.PropertySpec): ClassDefinition.ClassDefinition =>
      ClassDefinition.make("Demo_Wordy", Object.fromEntries(wordy.slice(0, n).map((name) => [name, property])))
    const ones = (n: number): PutRequest.PutRequest =>
      PutRequest.make(Instance.make("Demo_Wordy", Object.fromEntries(wordy.slice(0, n).map((name) => [name, 1]))))
    const unset = PutRequest.make(Instance.make("Demo_Wordy", {}))
    const Long = ClassDefinition.make("Demo_Long", { Id: Property.key("string", { value: long }) })
    const below = ClassDefinition.make("Demo_Below", {}, { superclass: "Demo_Long" })

    it.effect("by the names of the keys", () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* status(ones(33), of(33, Property.key("uint8"))), "QuotaViolation")
        assert.strictEqual(yield* status(ones(32), of(32, Property.key("uint8"))), "Created")
        assert.strictEqual(yield* status(unset, of(33, Property.key("uint8", { value: 1 }))), "QuotaViolation")
      }))

    it.effect("by the default of an unset key, own or inherited", () =>
      Effect.gen(function* () {
        const put = (className: string, values: Readonly<Record<string, string | number | null>>) =>
          status(PutRequest.make(Instance.make(className, values)), Long, below)
        assert.strictEqual(yield* put("Demo_Long", {}), "QuotaViolation")
        assert.strictEqual(yield* put("Demo_Below", {}), "QuotaViolation")
        assert.strictEqual(yield* put("demo_below", { ID: "short" }), "Created")
        assert.strictEqual(yield* put("Demo_Long", { Id: null }), "Created") // the key is generated
        assert.strictEqual(yield* put("Demo_Long", { id: 5 }), "TypeMismatch") // IX-9: no default replaces it
      }))
  })
})

describe("one status number", () => {
  for (const [name, mode] of [["a success", "CreateOrUpdate"], ["a refusal", "UpdateOnly"]] as const) {
    it.effect(`PA-23: the sink and the caller get the same number for ${name}`, () =>
      Effect.gen(function* () {
        const numbers: Array<number> = []
        const sink = PutSink.callback({ onCompleted: ({ hresult }) => numbers.push(hresult) })
        const answer = yield* Effect.either(
          PutAsync.withSink(sink)(PutAsync.put(PutRequest.make(keyed(1), { mode })))
        )
        assert.deepStrictEqual(numbers, [Either.merge(answer).hresult])
      }).pipe(Effect.provide(Wmi.layerMemory)))
  }
})
