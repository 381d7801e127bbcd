/** The conformance cases over the loop: the client, PowerShell's engine with the host script, and the emulator that decides. */
import { readFileSync } from "node:fs"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { runCasePromise } from "../../src/conformance/cases.ts"
import { powershell } from "../conformance/powershell.ts"
import type { CaseRepository } from "../../src/conformance/caseRepository.ts"
import { isObject, type JsonObject, parseJson } from "../../src/conformance/vocabulary.ts"
import { withEngine } from "./sharedHost.ts"

const cases = (file: string): ReadonlyArray<JsonObject> => {
  const content = parseJson(readFileSync(new URL(`../conformance/${file}`, import.meta.url), "utf8"))
  assert(isObject(content))
  return content["cases"] as ReadonlyArray<JsonObject>
}

const progress = "a host hears no progress of a provider"
const success = "a host hears no success code of a provider"
const wish = "a host passes no wish for progress on"
const deletions = "a host does not tell how many objects a put deleted"
const ownClass = "a host hears the values of an error object and not its class"

/** The cases that do not apply to a Windows computer, and why. No other case may be left out. */
const notAsked: Readonly<Record<string, string>> = {
  "sink-004": progress,
  "sink-006": progress,
  "sink-010": progress,
  "cancel-010": progress,
  "ru-call-08": progress,
  "ru-call-09": progress,
  "ru-call-10": progress,
  "ru-call-13": progress,
  "ru-call-18": wish,
  "ru-call-22": ownClass,
  "sink-012": success,
  "ru-call-23": success,
  "sc-017": progress,
  "sc-019": wish,
  "sc-022": ownClass,
  "sc-024": progress,
  "sc-025": progress,
  "in-072": deletions,
  "in-078": deletions,
  "in-084": deletions,
  "cu-089": deletions,
  "ru-167": deletions,
  "ru-169": deletions
}

withEngine("T4: conformance over the loop", () => {
  let repository: CaseRepository
  beforeAll(async () => {
    repository = await powershell()
  })
  afterAll(() => repository?.close?.())
  for (const file of ["put-cases.json", "rule-cases.json"]) {
    describe(file, () => {
      for (const one of cases(file)) {
        const id = String(one["id"])
        it(`${id} ${String(one["title"])}`, async () => {
          const { notApplicable, problems } = await runCasePromise(one, repository)
          assert.strictEqual(notApplicable, notAsked[id])
          assert.deepStrictEqual(problems, [])
        })
      }
    })
  }
})
