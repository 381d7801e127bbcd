/** The case files, one test for each case: the public ones, those for other rules, and those for the emulator alone. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { runCasePromise } from "../../src/conformance/cases.ts"
import { isObject, type JsonObject, parseJson } from "../../src/conformance/vocabulary.ts"

const read = (file: string): JsonObject => {
  const content = parseJson(readFileSync(new URL(file, import.meta.url), "utf8"))
  assert(isObject(content))
  return content
}

const files = ["path-cases.json", "put-cases.json", "rule-cases.json", "emulated-cases.json"].map((file) => ({
  file,
  cases: read(file)["cases"] as ReadonlyArray<JsonObject>
}))

for (const { cases, file } of files) {
  describe(file, () => {
    for (const one of cases) {
      const id = String(one["id"])
      it(`${id} ${String(one["title"] ?? one["input"] ?? one["op"])}`, async () => {
        const { notApplicable, problems } = await runCasePromise(one)
        assert.isUndefined(notApplicable)
        assert.deepStrictEqual(problems, [])
      })
    }
  })
}
