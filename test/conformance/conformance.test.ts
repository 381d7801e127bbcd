/** Both public files of cases, a test each. What is not built yet stands in one list and must fail until it is. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { runCase } from "./cases.ts"
import { isObject, type Json, type JsonObject, parseJson } from "./vocabulary.ts"

const read = (file: string): JsonObject => {
  const content = parseJson(readFileSync(new URL(file, import.meta.url), "utf8"))
  assert(isObject(content))
  return content
}

const expectedFailures = read("expected-failures.json")
const files = ["path-cases.json", "put-cases.json"].map((file) => ({
  file,
  cases: read(file)["cases"] as ReadonlyArray<JsonObject>
}))

for (const { cases, file } of files) {
  describe(file, () => {
    for (const one of cases) {
      const id = String(one["id"])
      it(`${id} ${String(one["title"] ?? one["input"] ?? one["op"])}`, async () => {
        const { notApplicable, problems } = await runCase(one)
        assert.isUndefined(notApplicable)
        if (expectedFailures[id] === undefined) assert.deepStrictEqual(problems, [])
        else assert.isAbove(problems.length, 0, `${id} passes now: take it off the list`)
      })
    }
  })
}

describe("the list of expected failures", () => {
  const mayFail = new Set(["call-001", "call-003", "call-004", "cancel-010", "cc-045", "cc-046"])
  for (const n of ["004", "006", "010", "012", "015"]) mayFail.add(`sink-${n}`)
  for (const n of ["061", "065", "066"]) mayFail.add(`in-${n}`)
  const areas: ReadonlyArray<Json | undefined> = ["partial", "security", "provider"]
  const byId = new Map(files.flatMap(({ cases }) => cases.map((one) => [String(one["id"]), one])))

  it("names cases that are there, and none that must pass", () => {
    const wrong = Object.keys(expectedFailures).filter((id) => {
      const one = byId.get(id)
      return one === undefined || !(mayFail.has(id) || areas.includes(one["area"]))
    })
    assert.deepStrictEqual(wrong, [])
  })
})
