/** The error of a property that the class does not have names the property that may be meant. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import { distance, nearest } from "../../src/model/text/nearestName.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"

const names = ["Id", "FreeSpace", "FreeSpaces", "Owner", "Name"].map((name) => ({ name }))

describe("the edit distance", () => {
  for (
    const [a, b, far] of [
      ["", "", 0],
      ["", "abc", 3],
      ["abc", "", 3],
      ["abc", "abc", 0],
      ["abc", "abcd", 1],
      ["abcd", "abc", 1],
      ["abxd", "abcd", 1],
      ["abdc", "abcd", 2],
      ["kitten", "sitting", 3],
      ["aab", "ab", 1],
      ["ab", "aab", 1]
    ] as const
  ) {
    it(`of "${a}" and "${b}" is ${far}`, () => {
      assert.strictEqual(distance(a, b), far)
      assert.strictEqual(distance(a, b, far), far)
      if (far > 0) assert.isAbove(distance(a, b, far - 1), far - 1)
    })
  }
})

describe("the nearest name", () => {
  for (
    const [misspelt, name] of [
      ["FreeSpcae", "FreeSpace"],
      ["freespac", "FreeSpace"],
      ["Ownre", "Owner"],
      ["Ix", "Id"],
      ["Nope", undefined],
      ["Price", undefined],
      ["X", undefined],
      ["", undefined],
      ["FreeSpace".repeat(9), undefined]
    ] as const
  ) {
    it(`of ${misspelt.slice(0, 12)} is ${name}`, () => assert.strictEqual(nearest(names, misspelt), name))
  }

  it("is not looked for among more than 200 names", () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => ({ name: i === 0 ? "FreeSpace" : `P${i}` }))
    assert.strictEqual(nearest(many(200), "FreeSpcae"), "FreeSpace")
    assert.isUndefined(nearest(many(201), "FreeSpcae"))
  })
})

it.effect("a put with a misspelt property", () =>
  Effect.gen(function* () {
    const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("string"), FreeSpace: Property.make("uint64") })
    yield* PutAsync.put(PutRequest.make(Disk))
    const put = (values: Parameters<typeof Instance.make>[1]) =>
      Effect.flip(PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", values))))
    const error = yield* put({ Id: "C:", FreeSpcae: 1n })
    assert.strictEqual(error._tag, "WbemInvalidProperty")
    assert.strictEqual(error.detail, "did you mean FreeSpace?")
    assert.include(error.message, "did you mean FreeSpace?")
    assert.isUndefined((yield* put({ Id: "C:", Colour: "red" })).detail)
  }).pipe(Effect.provide(Wmi.layerMemory)))
