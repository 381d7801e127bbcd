/** `then` against what was observed. Every field is understood or the case fails. */
import * as Exit from "effect/Exit"
import * as HResult from "../protocol/HResult.ts"
import { Problems, matches } from "./compare.ts"
import { checkEvents, checkHResult, finalHResult } from "./events.ts"
import type { Setup } from "./given.ts"
import { checkPublished } from "./published.ts"
import { checkRepository } from "./repository.ts"
import type { ProviderCall } from "./providers.ts"
import {
  CaseError,
  fields,
  integer,
  isObject,
  type Json,
  type JsonObject,
  list,
  object,
  text,
  words
} from "./vocabulary.ts"
import type { Observation } from "./when.ts"

/** Whether a cancelled call was applied is not known from its ending. */
const callCancelled = 0x80041032

interface CheckInput {
  readonly problems: Problems
  readonly observed: Observation
  readonly setup: Setup
  readonly then: JsonObject
}

type Check = (judging: CheckInput, wanted: Json) => void

/** Of the last call that was made: the only one, unless there are steps. */
const lastHResult = ({ observed }: CheckInput): number | undefined =>
  finalHResult(observed, observed.calls.at(-1)?.label ?? "")

/** What the report of the last call says; a call that was refused has deleted nothing. */
const lastDeleted = ({ observed }: CheckInput): number | undefined => {
  const last = observed.calls.at(-1)
  if (last?.raised !== undefined) return 0
  const ending = last === undefined ? undefined : observed.endings.get(last.label)
  if (ending === undefined) return undefined
  if (Exit.isSuccess(ending)) return ending.value.deleted
  return Exit.isInterrupted(ending) || finalHResult(observed, last!.label) === callCancelled ? undefined : 0
}

/** What is written per call, of calls that were made. */
const perCall = ({ observed }: CheckInput, what: string, wanted: Json): ReadonlyArray<readonly [string, Json]> =>
  Object.entries(object(wanted, what)).map((entry) => {
    if (observed.calls.some(({ label }) => label === entry[0])) return entry
    throw new CaseError(`${what}: there is no call ${entry[0]}`)
  })

const published = (what: "published" | "publishedUnordered"): Check => ({ observed, problems, setup }, wanted) =>
  checkPublished(problems, what, wanted, observed.published, { before: setup.snapshot, after: observed.after })

/** What each provider saw, the whole context of it (none has no values); the flags where they are written. */
const checkProviderCalls = (problems: Problems, wanted: Json, asked: ReadonlyArray<ProviderCall>): void => {
  const expected = list(wanted, "providerSaw")
  problems.equal("providerSaw: calls", expected.length, asked.length)
  expected.forEach((one, i) => {
    const what = `providerSaw[${i}]`
    const saw = fields(one, what, ["provider", "context", "flags"])
    const got = asked[i]
    problems.equal(`${what}.provider`, text(saw["provider"], what), got?.provider ?? null)
    if (saw["flags"] !== undefined) problems.equal(`${what}.flags`, saw["flags"], got?.flags ?? null)
    const context = saw["context"]
    if (context === undefined) return
    const names = (of: Json): number => isObject(of) ? Object.keys(of).length : 0
    // No context at all may be written as `null` or as one without values.
    const there = got?.context ?? {}
    const wanted = context ?? {}
    problems.expect(`${what}.context`, context, there, matches(wanted, there) && names(wanted) === names(there))
  })
}

const checks: Readonly<Record<string, Check>> = {
  returns: ({ observed, problems, then }, wanted) => {
    words([wanted], "returns", ["raised", "accepted"])
    if (observed.calls.length === 0) throw new CaseError("returns: no call was made")
    // Where a call has a number of its own, that number says whether it may have been raised.
    const apart = then["hresultByCall"] === undefined ? {} : object(then["hresultByCall"], "hresultByCall")
    const endings = observed.calls.map(({ label, raised }) => [label, raised === undefined ? "accepted" : "raised"])
    for (const [label, ending] of endings) {
      if (!Object.hasOwn(apart, label!)) problems.equal(`call ${label} returns`, wanted, ending!)
    }
    if (endings.every(([, ending]) => ending !== wanted)) problems.add(`returns: no call was ${String(wanted)}`)
  },
  events: ({ observed, problems }, wanted) => checkEvents(problems, "events", wanted, observed.events),
  eventsByCall: (judging, wanted) => {
    for (const [call, events] of perCall(judging, "eventsByCall", wanted)) {
      const own = judging.observed.events.filter((one) => one.call === call)
      checkEvents(judging.problems, `events of call ${call}`, events, own)
    }
  },
  hresultByCall: (judging, wanted) => {
    for (const [call, number] of perCall(judging, "hresultByCall", wanted)) {
      checkHResult(judging.problems, `hresult of call ${call}`, number, finalHResult(judging.observed, call))
    }
  },
  hresult: (judging, wanted) => checkHResult(judging.problems, "hresult", wanted, lastHResult(judging)),
  errorName: (judging, wanted) => {
    const row = HResult.fromName(text(wanted, "errorName"))
    if (row === undefined) throw new CaseError(`errorName: no table has ${String(wanted)}`)
    const got = lastHResult(judging)
    const name = got === undefined ? null : HResult.fromNumber(got)?.com ?? HResult.hex(got)
    judging.problems.expect("errorName", wanted, name, row.hresult === got)
  },
  // `PutAsync.cancel` has no error to raise: its type says so, and one that dies ends the case.
  cancelRaises: ({ problems }, wanted) => problems.expect("cancelRaises", wanted, null, wanted === null),
  crossCallOrder: (_, wanted) => void words([wanted], "crossCallOrder", ["unspecified"]),
  deleted: (judging, wanted) => {
    judging.problems.expect(
      "deleted",
      wanted,
      lastDeleted(judging),
      integer(wanted, "deleted") === lastDeleted(judging)
    )
  },
  published: published("published"),
  publishedUnordered: published("publishedUnordered"),
  providerCallOrder: ({ observed, problems }, wanted) =>
    problems.equal("providerCallOrder", wanted, observed.providerCalls.map(({ provider }) => provider)),
  providerSaw: ({ observed, problems }, wanted) => checkProviderCalls(problems, wanted, observed.providerCalls),
  providerCompleted: ({ observed, problems }, wanted) => {
    const ran = observed.providerCalls.length > 0 && observed.providerCalls.every(({ completed }) => completed)
    problems.equal("providerCompleted", wanted, ran)
  },
  repository: ({ observed, problems }, wanted) =>
    checkRepository(problems, wanted, observed.after, observed.before, observed.providerCalls)
}

/** The fields themselves, before anything is run. */
export const readThen = (written: Json | undefined): JsonObject => {
  const then = fields(written, "then", Object.keys(checks))
  if (Object.keys(then).length === 0) throw new CaseError("then: nothing is expected")
  return then
}

export const check = (then: JsonObject, setup: Setup, observed: Observation): ReadonlyArray<string> => {
  const problems = new Problems()
  observed.violations.forEach((violation) => problems.add(violation))
  for (const [name, wanted] of Object.entries(then)) checks[name]!({ problems, observed, setup, then }, wanted)
  return problems.messages
}
