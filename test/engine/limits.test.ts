/** Limits of instances, and one number for caller and sink. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Snapshot from "../../src/engine/Snapshot.ts"
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
  it.effect("IK-9: 256 keys and not one more", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* status(full(256), keyed(256)), "Created")
      assert.strictEqual(yield* status(full(257), keyed(257)), "InvalidObject")
    }))

  it.effect("IX-9: a path that is too long is refused before an abstract class is looked at, unless a key does not fit", () =>
    Effect.gen(function* () {
      const put = (id: string | boolean) =>
        PutRequest.make(Instance.make("Demo_Top", { Id: id, ...(id === true ? { X: long } : {}) }))
      assert.strictEqual(yield* status(put(long), Top), "QuotaViolation")
      assert.strictEqual(yield* status(put(true), Top), "InvalidClass")
    }))

  it.effect("put-async 3.8: the names of keys count, and the default of one that is unset (IK-2)", () =>
    Effect.gen(function* () {
      const wide = (length: number): Readonly<Record<string, number>> =>
        Object.fromEntries(Array.from({ length }, (_, i) => [String.fromCharCode(97 + i).repeat(250), 1]))
      const Wide = (length: number) =>
        ClassDefinition.make(
          "Demo_Wide",
          Object.fromEntries(Object.keys(wide(length)).map((n) => [n, Property.key("uint8")]))
        )
      const put = (values: Readonly<Record<string, number>>) => PutRequest.make(Instance.make("Demo_Wide", values))
      assert.strictEqual(yield* status(put(wide(32)), Wide(32)), "Created")
      assert.strictEqual(yield* status(put(wide(33)), Wide(33)), "QuotaViolation")
      const Preset = (length: number) =>
        ClassDefinition.make("Demo_Preset", {
          K: Property.make("string", { value: "x".repeat(length), qualifiers: { key: true } })
        })
      const unset = PutRequest.make(Instance.make("Demo_Preset", {}))
      const fits = 8192 - 'Demo_Preset.K=""'.length
      assert.strictEqual(yield* status(unset, Preset(fits)), "Created")
      assert.strictEqual(yield* status(unset, Preset(fits + 1)), "QuotaViolation")
      const given = PutRequest.make(Instance.make("Demo_Preset", { K: 5 }))
      assert.strictEqual(
        yield* status(given, Preset(fits + 1)),
        "TypeMismatch",
        "IX-9: the key does not fit, default or not"
      )
    }))
})

describe("one number", () => {
  for (const [name, mode] of [["a success", "CreateOrUpdate"], ["a refusal", "UpdateOnly"]] as const) {
    it.effect(`PA-23: ${name} is told to the sink with the number the caller gets`, () =>
      Effect.gen(function* () {
        const told: Array<number> = []
        const sink = PutSink.callback({ onCompleted: ({ hresult }) => told.push(hresult) })
        const answer = yield* Effect.either(
          PutAsync.withSink(sink)(PutAsync.put(PutRequest.make(keyed(1), { mode })))
        )
        assert.deepStrictEqual(told, [Either.merge(answer).hresult])
      }).pipe(Effect.provide(Wmi.layerMemory)))
  }
})
