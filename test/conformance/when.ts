/** `when` → calls made, what they returned, what the sinks heard, what was published, the namespace after it. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import type * as Snapshot from "../../src/engine/Snapshot.ts"
import * as NamespaceEventStream from "../../src/pipeline/NamespaceEventStream.ts"
import type { WbemEvent } from "../../src/protocol/WbemEvent.ts"
import * as Wmi from "../../src/Wmi.ts"
import { type Call, callFields } from "./call.ts"
import type { Setup } from "./given.ts"
import type { CaseRepository } from "./repositories.ts"
import type { Asked } from "./providers.ts"
import { Steps, type Told } from "./steps.ts"
import { CaseError, fields, type Json, type JsonObject, list, object } from "./vocabulary.ts"
import { ambient, stages } from "./world.ts"

export interface Observed {
  readonly calls: ReadonlyArray<Call>
  readonly events: ReadonlyArray<Told>
  readonly published: ReadonlyArray<WbemEvent>
  readonly after: Snapshot.Snapshot
  /** What providers were asked, in order. */
  readonly asked: ReadonlyArray<Asked>
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

export const run = async (setup: Setup, when: JsonObject, repository: CaseRepository): Promise<Observed> => {
  const written = stepsOf(when)
  const steps = new Steps(setup, written.filter((step) => object(step, "step")["do"] === "putAsync").length > 1)
  const program = Effect.gen(function* () {
    const queue = yield* NamespaceEventStream.subscribe
    for (const step of written) yield* steps.run(step)
    yield* steps.end
    return { published: [...yield* Queue.takeAll(queue)], after: yield* Wmi.snapshot }
  })
  const holdsBefore = written.some((step) => object(step, "step")["holdAt"] === "beforeTransaction")
  const layer = stages(setup, repository, steps.providers, steps.holds, holdsBefore)
  const exit = await Effect.runPromiseExit(ambient(setup)(Effect.provide(Effect.scoped(program), layer)))
  if (Exit.isFailure(exit)) {
    const cause = exit.cause
    throw cause._tag === "Die" && cause.defect instanceof CaseError ? cause.defect : new CaseError(String(cause))
  }
  const events = steps.told()
  return { calls: [...steps.calls.values()], events, violations: steps.violations, asked: steps.asked, ...exit.value }
}
