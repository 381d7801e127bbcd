/** The public cases on a computer in memory: the cases that run, those that do not, and the effect of a wrong answer. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { isObject, type Json } from "../../src/conformance/vocabulary.ts"
import { casesOf, runCases, scoreLines } from "../../src/conformance/windows/hostCases.ts"
import { fullName, type ScratchNamespace, withScratchNamespace } from "../../src/conformance/windows/scratch.ts"
import type { Repository } from "../../src/pipeline/Repository.ts"
import { AccessDenied } from "../../src/protocol/WbemError.ts"
import { memoryComputer, parent } from "./memoryComputer.ts"

const cases: ReadonlyArray<Json> = ["put-cases.json", "rule-cases.json"].flatMap((file) =>
  casesOf(readFileSync(new URL(`../conformance/${file}`, import.meta.url), "utf8"), file)
)

const scratch: ScratchNamespace = { parent, name: "EWMI_cases" }

const runOnMemory = (altered?: (repository: Repository) => Repository, list: ReadonlyArray<Json> = cases) =>
  Effect.gen(function* () {
    const { computer, entries, stages } = yield* memoryComputer(altered)
    const before = yield* entries
    const lines: Array<string> = []
    const score = yield* Effect.provide(
      withScratchNamespace(
        computer,
        scratch,
        runCases(computer, fullName(scratch), list, (line) => lines.push(line)),
        (left) => lines.push(`left: ${left}`)
      ),
      stages
    )
    assert.deepStrictEqual(yield* entries, before, "nothing stays")
    return { score, lines }
  })

/** The ids of cases about rights, servers and providers. */
const own = (...numbers: ReadonlyArray<number>): ReadonlyArray<string> =>
  numbers.map((n) => `sc-${String(n).padStart(3, "0")}`)

/** No other case may be skipped. */
const skipped: Readonly<Record<string, ReadonlyArray<string>>> = {
  "a host does not tell how many objects a put deleted": ["in-072", "in-078", "cu-089", "in-084", "ru-167", "ru-169"],
  "nobody can be made to have other rights": [
    "call-013",
    "se-002",
    "se-003",
    "se-006",
    "se-007",
    "se-011",
    "se-012",
    "se-013",
    "in-102",
    "ru-call-04",
    "ru-call-07",
    ...own(2, 3, 4, 6)
  ],
  "it cannot be made to shut down or to break": ["call-014", "call-016", "ru-call-03", "ru-call-24", ...own(5)],
  "providers are registered there and not as data": [
    "sink-004",
    "sink-006",
    "sink-010",
    "sink-012",
    "sink-015",
    "cancel-010",
    "cu-072",
    "cu-073",
    "se-008",
    "se-009",
    "pr-001",
    "pr-003",
    "pr-004",
    "pr-006",
    "pr-007",
    "pr-008",
    "pr-011",
    "pr-013",
    "pr-014",
    "ru-call-08",
    "ru-call-09",
    "ru-call-10",
    "ru-call-13",
    "ru-call-17",
    "ru-call-18",
    "ru-call-19",
    "ru-call-22",
    "ru-call-23",
    "ru-call-25",
    ...own(7, 8, 9, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27)
  ],
  "a host hears nothing of what is published": ["pb-001", "pb-002", "pb-004", "ru-call-12"],
  "no computer is needed for it": [
    "ct-IncompleteClass",
    "ct-ProviderNotCapable",
    "ct-ClassHasChildren",
    "ct-ClassHasInstances",
    "ct-CallCancelled"
  ]
}

/** A computer that ignores create-only. */
const careless = (repository: Repository): Repository => ({
  ...repository,
  put: (valid, call) => {
    const { options } = valid.put
    return repository.put({ ...valid, put: { ...valid.put, options: { ...options, mode: "CreateOrUpdate" } } }, call)
  }
})

const byId = (...ids: ReadonlyArray<string>): ReadonlyArray<Json> =>
  cases.filter((one) => isObject(one) && ids.includes(String(one["id"])))

describe("the public cases", () => {
  it.effect("pass, and the skipped cases are listed with the reason", () =>
    Effect.map(runOnMemory(), ({ lines, score }) => {
      assert.deepStrictEqual(lines, [])
      assert.deepStrictEqual(Object.fromEntries(score.notApplicable), skipped)
      const left = Object.values(skipped).flat().length
      assert.strictEqual(score.run, cases.length - left)
      assert.deepStrictEqual([score.passed, score.passedByEmulator, score.failing], [score.run, score.run, []])
      assert.isBelow(score.answeredLocally, score.run / 4)
      const [first, ...rest] = scoreLines(score)
      assert.match(first!, /^cases: (\d+) of \1 here, \1 of \1 by the emulator \(\d+ of them/)
      assert.strictEqual(rest.length, Object.keys(skipped).length)
    }))

  it.effect("on a computer that ignores create-only the cases about it fail", () =>
    Effect.map(runOnMemory(careless, byId("ru-016", "flag-004", "in-065")), ({ lines, score }) => {
      assert.deepStrictEqual(score.failing, ["in-065", "ru-016"])
      assert.deepStrictEqual([score.passed, score.run, score.passedByEmulator], [1, 3, 3])
      assert.match(lines.join("\n"), /^in-065 .*expected "0x80041019"[^]*^ru-016 .*expected "0x80041019"/m)
    }))

  it.effect("a put of given that fails: the case fails with the reason, and the next case runs", () => {
    let puts = 0
    const altered = (repository: Repository): Repository => ({
      ...repository,
      // The first puts are the namespace of the check, that of the case, and the class of the case.
      put: (valid, call) =>
        ++puts === 3
          ? Effect.fail(new AccessDenied({ right: "FullWrite", namespace: parent }))
          : repository.put(valid, call)
    })
    return Effect.map(runOnMemory(altered, byId("flag-004", "flag-007")), ({ lines, score }) => {
      assert.deepStrictEqual(score.failing, ["flag-004"])
      assert.match(lines[0]!, /^flag-004 .*what it begins with: AccessDenied/)
      assert.strictEqual(score.passed, 1)
    })
  })

  it.effect("a case whose initial state no put can produce is skipped", () => {
    const odd: Json = {
      id: "odd",
      given: { classes: [{ name: "A", properties: [{ name: "N", type: "uint8", default: 256 }] }] },
      when: { object: { kind: "class", name: "B" } },
      then: { hresult: "0x00000000" }
    }
    return Effect.map(runOnMemory(undefined, [odd]), ({ score }) => {
      assert.strictEqual(score.run, 0)
      assert.match([...score.notApplicable.keys()].join(), /^no put leads to what it begins with \(/)
    })
  })
})

describe("files of cases", () => {
  it("a file without cases is refused with its name", () => {
    assert.throws(() => casesOf("{", "a.json"), /a\.json/)
    assert.throws(() => casesOf('{"cases": 1}', "b.json"), /b\.json: it holds no list of cases/)
    assert.deepStrictEqual(casesOf('[{"id": "x"}]', "c.json"), [{ id: "x" }])
  })
})
