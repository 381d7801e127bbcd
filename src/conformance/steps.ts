/** Runs the steps of one case and collects the outcomes of its calls and the events of its sinks. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as PutAsync from "../pipeline/PutAsync.ts"
import type { PutSink } from "../pipeline/PutSink.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { SinkEvent } from "../protocol/SinkEvent.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { callFields, type CaseCall, type CaseServices, makeCall } from "./call.ts"
import type { Registry } from "../emulator/providers/InstanceProvider.ts"
import type { Setup } from "./given.ts"
import { typeIn } from "./objects.ts"
import { type ObservedProviderCall, type ProviderBarrier, registry } from "./providers.ts"
import { CaseError, fields, integer, type Json, type JsonObject, label, object, text } from "./vocabulary.ts"
import { type Barrier, type BarrierPoint, type Barriers, makeBarrier } from "./barriers.ts"
import { type RecordedEvent, recordingSink } from "./stages.ts"

/** An event with the label of its call. */
export interface CallEvent {
  readonly call: string
  readonly event: SinkEvent
}

/** The outcome of an accepted call. */
export type Ending = Exit.Exit<PutReport, WbemError>

/** The async context of a call that has none in the case; it identifies the call of an event. */
class Tag {
  readonly label: string
  constructor(label: string) {
    this.label = label
  }
}

const barrierPoints: ReadonlyArray<string> = ["beforeTransaction", "inProvider", "afterCommit"]

/** Registers the barrier of the call that carries an object. */
type PlaceBarrier = (object: unknown, barrier: Barrier) => void

/** The state of a running case. */
export class Steps {
  readonly setup: Setup
  readonly barriers: Barriers = { beforeTransaction: new Map(), afterCommit: new Map() }
  readonly calls: Map<string, CaseCall> = new Map()
  readonly violations: Array<string> = []
  /** The calls of providers, in order. */
  readonly providerCalls: Array<ObservedProviderCall> = []
  private readonly providerBarriers = new Map<unknown, ProviderBarrier>()
  readonly providers: Registry
  private readonly recorded: Array<RecordedEvent> = []
  private readonly sinks = new Map<string, PutSink>()
  /** Whether the case makes several calls, whose events are identified by a `Tag`. */
  private readonly tagged: boolean

  constructor(setup: Setup, tagged: boolean) {
    this.setup = setup
    this.tagged = tagged
    this.providers = registry(setup.providers, this.providerCalls, this.providerBarriers)
  }

  /** The place of a call's barrier; `undefined` when it has none. */
  private barrierPlacement(call: JsonObject): PlaceBarrier | undefined {
    const reports = call["holdAfterProgress"]
    const afterReports = reports === undefined ? 0 : integer(reports, "holdAfterProgress")
    const place = call["holdAt"] === undefined ? undefined : text(call["holdAt"], "holdAt")
    if (reports !== undefined && place !== "inProvider") {
      throw new CaseError("holdAfterProgress: not held in a provider")
    }
    if (place === undefined) return undefined
    if (!barrierPoints.includes(place)) throw new CaseError(`holdAt: the runner does not know ${place}`)
    if (place !== "inProvider") {
      return (object, barrier) => void this.barriers[place as BarrierPoint].set(object, barrier)
    }
    if (this.setup.providers.length === 0) throw new CaseError("holdAt: there is no provider to hold in")
    return (object, barrier) => void this.providerBarriers.set(object, { barrier, afterReports })
  }

  run(written: Json): Effect.Effect<void, never, CaseServices> {
    const verb = object(written, "step")["do"]
    switch (verb) {
      case "putAsync":
        return this.put(fields(written, verb, ["do", "call", "holdAt", "holdAfterProgress", ...callFields]))
      case "cancel":
        return this.cancel(text(fields(written, verb, ["do", "sink"])["sink"], "cancel.sink"))
      case "mutateObject":
      case "mutateContext": {
        const step = fields(written, verb, ["do", "call", "set"])
        const set = object(step["set"], `${verb}.set`)
        const call = this.call(step)
        return Effect.sync(() => verb === "mutateObject" ? call.changeObject(set) : call.changeContext(set))
      }
      case "release": {
        const { barrier, label } = this.call(fields(written, verb, ["do", "call"]))
        if (barrier === undefined) throw new CaseError(`release: call ${label} is not held`)
        return this.release(barrier)
      }
      case "drain":
        fields(written, verb, ["do"])
        return this.drain()
      default:
        throw new CaseError(`the runner does not know the step ${String(verb)}`)
    }
  }

  private sink(name: string): PutSink {
    let sink = this.sinks.get(name)
    if (sink === undefined) this.sinks.set(name, sink = recordingSink(this.setup, name, this.recorded))
    return sink
  }

  private call(step: JsonObject): CaseCall {
    const callLabel = label(step["call"], `${String(step["do"])}.call`)
    const call = this.calls.get(callLabel)
    if (call === undefined) throw new CaseError(`${String(step["do"])}: there is no call ${callLabel}`)
    return call
  }

  /** The number of final events that the sink of a call has received for it. */
  private completions({ asyncContext }: CaseCall): number {
    return this.recorded.filter(({ event }) => event._tag === "Completed" && event.asyncContext === asyncContext).length
  }

  private placeBarrier(place: PlaceBarrier | undefined, object: unknown): Effect.Effect<Barrier | undefined> {
    if (place === undefined) return Effect.succeed(undefined)
    return Effect.map(makeBarrier, (barrier) => {
      place(object, barrier)
      return barrier
    })
  }

  private put(step: JsonObject): Effect.Effect<void, never, CaseServices> {
    const callLabel = label(step["call"], "putAsync.call")
    if (this.calls.has(callLabel)) throw new CaseError(`putAsync: call ${callLabel} is there already`)
    const place = this.barrierPlacement(step)
    const sinkName = step["sink"] === undefined ? "sink1" : step["sink"] === null ? null : text(step["sink"], "sink")
    return Effect.flatMap(
      makeCall({
        label: callLabel,
        fields: step,
        typeOf: typeIn(this.setup.snapshot),
        sink: sinkName === null ? null : { name: sinkName, value: this.sink(sinkName) },
        tag: this.tagged ? new Tag(callLabel) : null,
        barrier: (object) => this.placeBarrier(place, object),
        recorded: this.recorded,
        reportViolation: (rule) => void this.violations.push(rule)
      }),
      (call) => {
        this.calls.set(callLabel, call)
        const { handle, barrier } = call
        if (barrier === undefined) return Effect.void
        const passed = Deferred.succeed(barrier.cleared, undefined)
        if (handle === undefined) return passed
        // The next step runs when the call waits at its barrier, or has ended before it.
        return Effect.zipRight(
          Effect.forkScoped(Effect.zipRight(Effect.exit(handle.await), passed)),
          Effect.raceFirst(Deferred.await(barrier.reached), Effect.asVoid(Effect.exit(handle.await)))
        )
      }
    )
  }

  private cancel(name: string): Effect.Effect<void> {
    return Effect.map(PutAsync.cancel(this.sink(name)), () => {
      for (const call of this.calls.values()) {
        if (call.sink === name && call.handle !== undefined && this.completions(call) === 0) {
          this.violations.push(`PA-42: cancel returned before the sink was told of call ${call.label}`)
        }
      }
    })
  }

  private release(barrier: Barrier): Effect.Effect<void> {
    barrier.released = true
    return Effect.asVoid(Deferred.succeed(barrier.release, undefined))
  }

  /**
   * Waits for the calls without a barrier, whose handlers may cancel calls that wait at one. A cancelled call counts as ended, even at
   * its barrier. Any other call at a barrier would never end, so later calls no longer wait behind it.
   */
  private drain(): Effect.Effect<void> {
    const calls = [...this.calls.values()]
    const isHeld = ({ barrier }: CaseCall): boolean => barrier?.released === false
    const withoutBarrier = calls.filter((call) => !isHeld(call))
    const clearBarriers = Effect.forEach(
      calls.filter(isHeld),
      ({ barrier }) => Deferred.succeed(barrier!.cleared, undefined),
      { discard: true }
    )
    return Effect.map(Effect.zipRight(clearBarriers, this.awaitCalls(withoutBarrier)), () => {
      const stuck = calls.find((call) => isHeld(call) && call.handle !== undefined && this.completions(call) === 0)
      if (stuck !== undefined) throw new CaseError(`drain: call ${stuck.label} is held and not released`)
    })
  }

  private awaitCalls(calls: ReadonlyArray<CaseCall>): Effect.Effect<void> {
    return Effect.forEach(
      calls,
      ({ handle }) => handle === undefined ? Effect.void : Effect.exit(handle.await),
      { discard: true }
    )
  }

  /** Releases every barrier and waits for all calls. */
  readonly end: Effect.Effect<void> = Effect.suspend(() => {
    const calls = [...this.calls.values()]
    return Effect.zipRight(
      Effect.forEach(calls, ({ barrier }) => barrier === undefined ? Effect.void : this.release(barrier), {
        discard: true
      }),
      this.awaitCalls(calls)
    )
  })

  /** The outcomes of the accepted calls. */
  readonly outcomes: Effect.Effect<ReadonlyMap<string, Ending>> = Effect.suspend(() =>
    Effect.map(
      Effect.forEach(this.calls.values(), ({ handle, label }) =>
        handle === undefined
          ? Effect.succeed([])
          : Effect.map(Effect.exit(handle.await), (ending) => [[label, ending] as const])),
      (call) =>
        new Map(call.flat())
    )
  )

  /** All events in the order of delivery over all sinks. Also checks the rules for every call (PA-6, PA-28). */
  callEvents(): ReadonlyArray<CallEvent> {
    const labels = new Map([...this.calls.values()].map((call) => [call.asyncContext, call.label]))
    const events = this.recorded.map(({ event }) => ({ call: labels.get(event.asyncContext) ?? "?", event }))
    if (events.some(({ call }) => call === "?")) this.violations.push("PA-6: an event has the async context of no call")
    for (const call of this.calls.values()) {
      const ownEvents = events.filter((one) => one.call === call.label)
      if (call.raised !== undefined && ownEvents.length > 0) {
        this.violations.push(`call ${call.label} was raised, and its sink heard of it`)
      }
      if (call.handle !== undefined && (this.completions(call) !== 1 || ownEvents.at(-1)?.event._tag !== "Completed")) {
        this.violations.push(`PA-28: call ${call.label} has not exactly one OnCompleted, as its last event`)
      }
    }
    return events.map(({ call, event }) => ({
      call,
      event: event.asyncContext instanceof Tag ? { ...event, asyncContext: null } : event
    }))
  }
}
