/** `when` → calls made, what they returned, what the sinks heard, what was published, the namespace after it. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Snapshot from "../engine/state/Snapshot.ts"
import { isWbemError } from "../protocol/WbemError.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import { type Call, callFields } from "./call.ts"
import { type CaseRepository, RepositoryProbe } from "./caseRepository.ts"
import { copyOfEntries, type Entries, type Setup } from "./given.ts"
import type { ProviderCall } from "./providers.ts"
import { type Ending, Steps, type CallEvent } from "./steps.ts"
import { CaseError, fields, type Json, type JsonObject, list, object } from "./vocabulary.ts"
import { withCallContext, stages } from "./stages.ts"

export interface Observation {
  readonly calls: ReadonlyArray<Call>
  /** How each accepted call ended, by its label. */
  readonly endings: ReadonlyMap<string, Ending>
  readonly events: ReadonlyArray<CallEvent>
  readonly published: ReadonlyArray<WbemEvent>
  /** Everything that was there before the first call. */
  readonly before: Entries
  readonly after: Snapshot.Snapshot
  /** What providers were asked, in order. */
  readonly providerCalls: ReadonlyArray<ProviderCall>
  /** What may not happen whatever a case says. */
  readonly violations: ReadonlyArray<string>
}

/** A single call is one step; only steps may name a sink. */
const stepsOf = (when: JsonObject): ReadonlyArray<Json> => {
  if (when["steps"] !== undefined) return list(fields(when, "when", ["steps"])["steps"], "steps")
  const call = fields(when, "when", callFields)
  if (call["sink"] !== undefined && call["sink"] !== null) throw new CaseError("when.sink: only null may stand here")
  return [{ do: "putAsync", call: 1, ...call }]
}

/** `compares` says whether what was there before is looked at. */
export const run = (
  setup: Setup,
  when: JsonObject,
  repository: CaseRepository,
  compares: boolean
): Effect.Effect<Observation, CaseError> =>
  Effect.suspend(() => {
    const written = stepsOf(when)
    const steps = new Steps(setup, written.filter((step) => object(step, "step")["do"] === "putAsync").length > 1)
    const program = Effect.gen(function* () {
      const outside = yield* RepositoryProbe
      const before = compares && outside.normalizesObjects ? copyOfEntries(yield* outside.snapshot) : setup.before
      const queue = yield* outside.subscribe
      for (const step of written) yield* steps.run(step)
      yield* steps.end
      return {
        endings: yield* steps.outcomes,
        before,
        published: [...yield* Queue.takeAll(queue)],
        after: yield* outside.snapshot
      }
    })
    const holdsBefore = written.some((step) => object(step, "step")["holdAt"] === "beforeTransaction")
    const layer = stages(setup, repository, steps.providers, steps.barriers, holdsBefore)
    return Effect.map(
      withCallContext(setup)(Effect.provide(Effect.scoped(program), layer)),
      (found): Observation => {
        const events = steps.callEvents()
        return { calls: [...steps.calls.values()], events, violations: steps.violations, providerCalls: steps.providerCalls, ...found }
      }
    )
  }).pipe(
    Effect.catchAllCause((cause) => {
      const why = Cause.squash(cause)
      return Effect.fail(
        why instanceof CaseError ? why : new CaseError(isWbemError(why) ? why.message : Cause.pretty(cause))
      )
    })
  )
