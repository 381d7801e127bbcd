/** Both public files of cases, a test each. What is not built yet stands in one list and must fail until it is. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { runCase } from "./cases.ts"
import type { JsonObject } from "./vocabulary.ts"

const json = (file: string): JsonObject =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")) as JsonObject

const expectedFailures = json("expected-failures.json")

for (const file of ["path-cases.json", "put-cases.json"]) {
  describe(file, () => {
    for (const one of json(file)["cases"] as ReadonlyArray<JsonObject>) {
      const id = String(one["id"])
      it(`${id} ${String(one["title"] ?? one["input"] ?? one["op"])}`, async () => {
        const { problems } = await runCase(one)
        if (expectedFailures[id] === undefined) assert.deepStrictEqual(problems, [])
        else assert.isAbove(problems.length, 0, `${id} passes now: take it off the list`)
      })
    }
  })
}

describe("the runner itself", () => {
  const base = json("put-cases.json")["cases"] as ReadonlyArray<JsonObject>
  const good = base.find((one) => one["id"] === "flag-012")!

  const broken: ReadonlyArray<readonly [string, JsonObject]> = [
    ["an unknown field of then", { ...good, then: { ...good["then"] as JsonObject, weather: "fine" } }],
    ["an unknown field of given", { ...good, given: { ...good["given"] as JsonObject, moon: 1 } }],
    ["an unknown field of when", { ...good, when: { ...good["when"] as JsonObject, wish: 1 } }],
    ["an unknown step", { ...good, when: { steps: [{ do: "dance" }] } }],
    ["another status", { ...good, then: { ...good["then"] as JsonObject, hresult: "0x80041002" } }],
    ["another list of events", { ...good, then: { ...good["then"] as JsonObject, events: [] } }],
    ["another repository", {
      ...good,
      then: { ...good["then"] as JsonObject, repository: { instanceCount: { Disk: 7 } } }
    }],
    ["an unknown field of an event", {
      ...good,
      then: { ...good["then"] as JsonObject, events: [{ event: "OnCompleted", colour: "red" }] }
    }]
  ]
  for (const [name, one] of broken) {
    it(`fails a case with ${name}`, async () => {
      assert.isAbove((await runCase(one)).problems.length, 0)
    })
  }
})
