/** Runs `when` and returns the observation: calls, sink events, published events, and the namespace afterwards. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Snapshot from "../engine/state/Snapshot.ts"
import { isWbemError } from "../protocol/WbemError.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import { callFields, type CaseCall } from "./call.ts"
import { type CaseRepository, RepositoryProbe } from "./caseRepository.ts"
import { copyOfEntries, type Entries, type Setup } from "./given.ts"
import type { ObservedProviderCall } from "./providers.ts"
import { type CallEvent, type Ending, Steps } from "./steps.ts"
import { CaseError, fields, type Json, type JsonObject, list, object } from "./vocabulary.ts"
import { stages, withCallContext } from "./stages.ts"

/** What happened in a case. */
export interface Observation {
  readonly calls: ReadonlyArray<CaseCall>
  /** The outcomes of the accepted calls by label. */
  readonly endings: ReadonlyMap<string, Ending>
  readonly events: ReadonlyArray<CallEvent>
  readonly published: ReadonlyArray<WbemEvent>
  /** The entries of the namespace before the first call. */
  readonly before: Entries
  readonly after: Snapshot.Snapshot
  /** The calls of providers, in order. */
  readonly providerCalls: ReadonlyArray<ObservedProviderCall>
  /** The violations of rules that hold for every case. */
  readonly violations: ReadonlyArray<string>
}

/** The steps of `when`. A single call is one step; only `steps` may name a sink. */
const stepsOf = (when: JsonObject): ReadonlyArray<Json> => {
  if (when["steps"] !== undefined) return list(fields(when, "when", ["steps"])["steps"], "steps")
  const call = fields(when, "when", callFields)
  if (call["sink"] !== undefined && call["sink"] !== null) throw new CaseError("when.sink: only null may stand here")
  return [{ do: "putAsync", call: 1, ...call }]
}

/** Runs a case. `comparesBefore` says whether the state before the first call is needed. */
export const run = (
  setup: Setup,
  when: JsonObject,
  repository: CaseRepository,
  comparesBefore: boolean
): Effect.Effect<Observation, CaseError> =>
  Effect.suspend(() => {
    const stepList = stepsOf(when)
    const steps = new Steps(setup, stepList.filter((step) => object(step, "step")["do"] === "putAsync").length > 1)
    const program = Effect.gen(function* () {
      const outside = yield* RepositoryProbe
      const before = comparesBefore && outside.normalizesObjects ? copyOfEntries(yield* outside.snapshot) : setup.before
      const queue = yield* outside.subscribe
      for (const step of stepList) yield* steps.run(step)
      yield* steps.end
      return {
        endings: yield* steps.outcomes,
        before,
        published: [...yield* Queue.takeAll(queue)],
        after: yield* outside.snapshot
      }
    })
    const hasBarrierBefore = stepList.some((step) => object(step, "step")["holdAt"] === "beforeTransaction")
    const layer = stages(setup, repository, steps.providers, steps.barriers, hasBarrierBefore)
    return Effect.map(
      withCallContext(setup)(Effect.provide(Effect.scoped(program), layer)),
      (results): Observation => {
        const events = steps.callEvents()
        return {
          calls: [...steps.calls.values()],
          events,
          violations: steps.violations,
          providerCalls: steps.providerCalls,
          ...results
        }
      }
    )
  }).pipe(
    Effect.catchAllCause((cause) => {
      const error = Cause.squash(cause)
      return Effect.fail(
        error instanceof CaseError ? error : new CaseError(isWbemError(error) ? error.message : Cause.pretty(cause))
      )
    })
  )
