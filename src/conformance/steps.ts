/** The steps of one case, and what its calls and sinks came to. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as PutAsync from "../pipeline/PutAsync.ts"
import type { PutSink } from "../pipeline/PutSink.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { SinkEvent } from "../protocol/SinkEvent.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { type Call, callFields, makeCall, type CaseServices } from "./call.ts"
import type { Registry } from "../emulator/providers/InstanceProvider.ts"
import type { Setup } from "./given.ts"
import { typeIn } from "./objects.ts"
import { type ProviderCall, type ProviderBarrier, registry } from "./providers.ts"
import { CaseError, fields, integer, type Json, type JsonObject, label, object, text } from "./vocabulary.ts"
import { type Barrier, type Barriers, makeBarrier, type BarrierPoint } from "./barriers.ts"
import { recordingSink, type RecordedEvent } from "./stages.ts"

/** An event with the call it belongs to. */
export interface CallEvent {
  readonly call: string
  readonly event: SinkEvent
}

/** How an accepted call ended. */
export type Ending = Exit.Exit<PutReport, WbemError>

/** Stands in for an async context, so that the events of several calls can be told apart. */
class Tag {
  readonly label: string
  constructor(label: string) {
    this.label = label
  }
}

const places: ReadonlyArray<string> = ["beforeTransaction", "inProvider", "afterCommit"]

/** Keeps a call at one place, by the object it carries. */
type PlaceBarrier = (carried: unknown, hold: Barrier) => void

export class Steps {
  readonly setup: Setup
  readonly barriers: Barriers = { beforeTransaction: new Map(), afterCommit: new Map() }
  readonly calls: Map<string, Call> = new Map()
  readonly violations: Array<string> = []
  /** What providers were asked, in order. */
  readonly providerCalls: Array<ProviderCall> = []
  private readonly providerBarriers = new Map<unknown, ProviderBarrier>()
  readonly providers: Registry
  private readonly recorded: Array<RecordedEvent> = []
  private readonly sinks = new Map<string, PutSink>()
  /** Whether several calls are made, so that their events need tags. */
  private readonly tagged: boolean

  constructor(setup: Setup, tagged: boolean) {
    this.setup = setup
    this.tagged = tagged
    this.providers = registry(setup.providers, this.providerCalls, this.providerBarriers)
  }

  /** Where a call is held, if it is. */
  private barrierPlacement(call: JsonObject): PlaceBarrier | undefined {
    const reports = call["holdAfterProgress"]
    const after = reports === undefined ? 0 : integer(reports, "holdAfterProgress")
    const place = call["holdAt"] === undefined ? undefined : text(call["holdAt"], "holdAt")
    if (reports !== undefined && place !== "inProvider") {
      throw new CaseError("holdAfterProgress: not held in a provider")
    }
    if (place === undefined) return undefined
    if (!places.includes(place)) throw new CaseError(`holdAt: the runner does not know ${place}`)
    if (place !== "inProvider") return (carried, hold) => void this.barriers[place as BarrierPoint].set(carried, hold)
    if (this.setup.providers.length === 0) throw new CaseError("holdAt: there is no provider to hold in")
    return (carried, hold) => void this.providerBarriers.set(carried, { barrier, afterReports })
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
    let found = this.sinks.get(name)
    if (found === undefined) this.sinks.set(name, found = recordingSink(this.setup, name, this.recorded))
    return found
  }

  private call(step: JsonObject): Call {
    const named = label(step["call"], `${String(step["do"])}.call`)
    const found = this.calls.get(named)
    if (found === undefined) throw new CaseError(`${String(step["do"])}: there is no call ${named}`)
    return found
  }

  /** How many final events the sink of a call has heard of it. */
  private completions({ asyncContext }: Call): number {
    return this.recorded.filter(({ event }) => event._tag === "Completed" && event.asyncContext === asyncContext).length
  }

  private placeBarrier(keep: PlaceBarrier | undefined, carried: unknown): Effect.Effect<Barrier | undefined> {
    if (keep === undefined) return Effect.succeed(undefined)
    return Effect.map(makeBarrier, (hold) => {
      keep(carried, hold)
      return hold
    })
  }

  private put(step: JsonObject): Effect.Effect<void, never, CaseServices> {
    const named = label(step["call"], "putAsync.call")
    if (this.calls.has(named)) throw new CaseError(`putAsync: call ${named} is there already`)
    const keep = this.barrierPlacement(step)
    const sinkName = step["sink"] === undefined ? "sink1" : step["sink"] === null ? null : text(step["sink"], "sink")
    return Effect.flatMap(
      makeCall({
        label: named,
        fields: step,
        typeOf: typeIn(this.setup.snapshot),
        sink: sinkName === null ? null : { name: sinkName, value: this.sink(sinkName) },
        tag: this.tagged ? new Tag(named) : null,
        barrier: (carried) => this.placeBarrier(keep, carried),
        recorded: this.recorded,
        reportViolation: (rule) => void this.violations.push(rule)
      }),
      (call) => {
        this.calls.set(named, call)
        const { handle, barrier } = call
        if (barrier === undefined) return Effect.void
        const passed = Deferred.succeed(barrier.cleared, undefined)
        if (handle === undefined) return passed
        // A held call is where the case wants it before the next step, unless it ended on the way.
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

  private release(hold: Barrier): Effect.Effect<void> {
    hold.released = true
    return Effect.asVoid(Deferred.succeed(hold.release, undefined))
  }

  /**
   * Whatever is not held ends first: its handlers may cancel what is. A cancelled call is outstanding no more, even
   * while it is held; another one that is held would never end, and keeps nobody waiting behind it now.
   */
  private drain(): Effect.Effect<void> {
    const calls = [...this.calls.values()]
    const isHeld = ({ barrier }: Call): boolean => barrier?.released === false
    const free = calls.filter((call) => !isHeld(call))
    const overtaken = Effect.forEach(
      calls.filter(isHeld),
      ({ barrier }) => Deferred.succeed(barrier!.cleared, undefined),
      { discard: true }
    )
    return Effect.map(Effect.zipRight(overtaken, this.awaitCalls(free)), () => {
      const stuck = calls.find((call) => isHeld(call) && call.handle !== undefined && this.completions(call) === 0)
      if (stuck !== undefined) throw new CaseError(`drain: call ${stuck.label} is held and not released`)
    })
  }

  private awaitCalls(calls: ReadonlyArray<Call>): Effect.Effect<void> {
    return Effect.forEach(
      calls,
      ({ handle }) => handle === undefined ? Effect.void : Effect.exit(handle.await),
      { discard: true }
    )
  }

  /** Lets every call end, whatever the case left held. */
  readonly end: Effect.Effect<void> = Effect.suspend(() => {
    const calls = [...this.calls.values()]
    return Effect.zipRight(
      Effect.forEach(calls, ({ barrier }) => barrier === undefined ? Effect.void : this.release(barrier), { discard: true }),
      this.awaitCalls(calls)
    )
  })

  /** How the accepted calls ended. */
  readonly outcomes: Effect.Effect<ReadonlyMap<string, Ending>> = Effect.suspend(() =>
    Effect.map(
      Effect.forEach(this.calls.values(), ({ handle, label }) =>
        handle === undefined
          ? Effect.succeed([])
          : Effect.map(Effect.exit(handle.await), (ending) => [[label, ending] as const])),
      (found) =>
        new Map(found.flat())
    )
  )

  /** Everything heard, in order over all sinks. What holds for every call is looked at here (PA-6, PA-28). */
  callEvents(): ReadonlyArray<CallEvent> {
    const owners = new Map([...this.calls.values()].map((call) => [call.asyncContext, call.label]))
    const told = this.recorded.map(({ event }) => ({ call: owners.get(event.asyncContext) ?? "?", event }))
    if (told.some(({ call }) => call === "?")) this.violations.push("PA-6: an event has the async context of no call")
    for (const call of this.calls.values()) {
      const own = told.filter((one) => one.call === call.label)
      if (call.raised !== undefined && own.length > 0) {
        this.violations.push(`call ${call.label} was raised, and its sink heard of it`)
      }
      if (call.handle !== undefined && (this.completions(call) !== 1 || own.at(-1)?.event._tag !== "Completed")) {
        this.violations.push(`PA-28: call ${call.label} has not exactly one OnCompleted, as its last event`)
      }
    }
    return told.map(({ call, event }) => ({
      call,
      event: event.asyncContext instanceof Tag ? { ...event, asyncContext: null } : event
    }))
  }
}
