/** Checks `then` against an observation. A field that the runner does not know fails the case. */
import * as Exit from "effect/Exit"
import * as HResult from "../protocol/HResult.ts"
import { matches, Problems } from "./compare.ts"
import { checkEvents, checkHResult, finalHResult } from "./events.ts"
import type { Setup } from "./given.ts"
import { checkPublished } from "./published.ts"
import { checkRepository } from "./repository.ts"
import type { ObservedProviderCall } from "./providers.ts"
import * as Json from "./vocabulary.ts"
import type { Observation } from "./when.ts"

/** The status of a cancelled call, from which it is not known whether the put was applied. */
const callCancelled = 0x80041032

/** The input of every check. */
interface CheckInput {
  readonly problems: Problems
  readonly observed: Observation
  readonly setup: Setup
  readonly then: Json.JsonObject
}

type ThenCheck = (input: CheckInput, expected: Json.Json) => void

/** The HRESULT of the last call, which is the only one unless there are steps. */
const lastHResult = ({ observed }: CheckInput): number | undefined =>
  finalHResult(observed, observed.calls.at(-1)?.label ?? "")

/** The number of deleted objects in the report of the last call; 0 for a call that failed, `undefined` when it is not known. */
const lastDeleted = ({ observed }: CheckInput): number | undefined => {
  const last = observed.calls.at(-1)
  if (last?.raised !== undefined) return 0
  const ending = last === undefined ? undefined : observed.endings.get(last.label)
  if (ending === undefined) return undefined
  if (Exit.isSuccess(ending)) return ending.value.deleted
  return Exit.isInterrupted(ending) || finalHResult(observed, last!.label) === callCancelled ? undefined : 0
}

/** The expectations per call. Throws when a call was not made. */
const perCall = (
  { observed }: CheckInput,
  what: string,
  expected: Json.Json
): ReadonlyArray<readonly [string, Json.Json]> =>
  Object.entries(Json.object(expected, what)).map((entry) => {
    if (observed.calls.some(({ label }) => label === entry[0])) return entry
    throw new Json.CaseError(`${what}: there is no call ${entry[0]}`)
  })

const published = (what: "published" | "publishedUnordered"): ThenCheck => ({ observed, problems, setup }, expected) =>
  checkPublished(problems, what, expected, observed.published, { before: setup.snapshot, after: observed.after })

/** Checks the calls of providers: the complete context, and the flags where the case writes them. */
const checkProviderCalls = (
  problems: Problems,
  expected: Json.Json,
  providerCalls: ReadonlyArray<ObservedProviderCall>
): void => {
  const expectedCalls = Json.list(expected, "providerSaw")
  problems.equal("providerSaw: calls", expectedCalls.length, providerCalls.length)
  expectedCalls.forEach((item, i) => {
    const what = `providerSaw[${i}]`
    const expectedCall = Json.fields(item, what, ["provider", "context", "flags"])
    const actual = providerCalls[i]
    problems.equal(`${what}.provider`, Json.text(expectedCall["provider"], what), actual?.provider ?? null)
    if (expectedCall["flags"] !== undefined) {
      problems.equal(`${what}.flags`, expectedCall["flags"], actual?.flags ?? null)
    }
    const context = expectedCall["context"]
    if (context === undefined) return
    const names = (of: Json.Json): number => Json.isObject(of) ? Object.keys(of).length : 0
    // A case may write a missing context as `null` or as one without values.
    const actualContext = actual?.context ?? {}
    const expectedContext = context ?? {}
    problems.expect(
      `${what}.context`,
      context,
      actualContext,
      matches(expectedContext, actualContext) && names(expectedContext) === names(actualContext)
    )
  })
}

const checks: Readonly<Record<string, ThenCheck>> = {
  returns: ({ observed, problems, then }, expected) => {
    Json.words([expected], "returns", ["raised", "accepted"])
    if (observed.calls.length === 0) throw new Json.CaseError("returns: no call was made")
    // `hresultByCall` checks the calls that it names.
    const ownHResults = then["hresultByCall"] === undefined ? {} : Json.object(then["hresultByCall"], "hresultByCall")
    const endings = observed.calls.map(({ label, raised }) => [label, raised === undefined ? "accepted" : "raised"])
    for (const [label, ending] of endings) {
      if (!Object.hasOwn(ownHResults, label!)) problems.equal(`call ${label} returns`, expected, ending!)
    }
    if (endings.every(([, ending]) => ending !== expected)) problems.add(`returns: no call was ${String(expected)}`)
  },
  events: ({ observed, problems }, expected) => checkEvents(problems, "events", expected, observed.events),
  eventsByCall: (input, expected) => {
    for (const [call, events] of perCall(input, "eventsByCall", expected)) {
      const own = input.observed.events.filter((item) => item.call === call)
      checkEvents(input.problems, `events of call ${call}`, events, own)
    }
  },
  hresultByCall: (input, expected) => {
    for (const [call, number] of perCall(input, "hresultByCall", expected)) {
      checkHResult(input.problems, `hresult of call ${call}`, number, finalHResult(input.observed, call))
    }
  },
  hresult: (input, expected) => checkHResult(input.problems, "hresult", expected, lastHResult(input)),
  errorName: (input, expected) => {
    const row = HResult.fromName(Json.text(expected, "errorName"))
    if (row === undefined) throw new Json.CaseError(`errorName: no table has ${String(expected)}`)
    const actual = lastHResult(input)
    const name = actual === undefined ? null : HResult.fromNumber(actual)?.com ?? HResult.hex(actual)
    input.problems.expect("errorName", expected, name, row.hresult === actual)
  },
  // `PutAsync.cancel` cannot fail; a defect ends the case.
  cancelRaises: ({ problems }, expected) => problems.expect("cancelRaises", expected, null, expected === null),
  crossCallOrder: (_, expected) => void Json.words([expected], "crossCallOrder", ["unspecified"]),
  deleted: (input, expected) => {
    input.problems.expect(
      "deleted",
      expected,
      lastDeleted(input),
      Json.integer(expected, "deleted") === lastDeleted(input)
    )
  },
  published: published("published"),
  publishedUnordered: published("publishedUnordered"),
  providerCallOrder: ({ observed, problems }, expected) =>
    problems.equal("providerCallOrder", expected, observed.providerCalls.map(({ provider }) => provider)),
  providerSaw: ({ observed, problems }, expected) => checkProviderCalls(problems, expected, observed.providerCalls),
  providerCompleted: ({ observed, problems }, expected) => {
    const ran = observed.providerCalls.length > 0 && observed.providerCalls.every(({ completed }) => completed)
    problems.equal("providerCompleted", expected, ran)
  },
  repository: ({ observed, problems }, expected) =>
    checkRepository(problems, expected, observed.after, observed.before, observed.providerCalls)
}

/** Checks the field names of `then`, before the case runs. */
export const readThen = (written: Json.Json | undefined): Json.JsonObject => {
  const then = Json.fields(written, "then", Object.keys(checks))
  if (Object.keys(then).length === 0) throw new Json.CaseError("then: nothing is expected")
  return then
}

/** Checks all fields and returns the differences. */
export const check = (then: Json.JsonObject, setup: Setup, observed: Observation): ReadonlyArray<string> => {
  const problems = new Problems()
  observed.violations.forEach((violation) => problems.add(violation))
  for (const [name, expected] of Object.entries(then)) checks[name]!({ problems, observed, setup, then }, expected)
  return problems.messages
}
