/** The steps of one case, and what its calls and sinks came to. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as PutAsync from "../pipeline/PutAsync.ts"
import type { PutSink } from "../pipeline/PutSink.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { SinkEvent } from "../protocol/SinkEvent.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { type Call, callFields, makeCall, type Needs } from "./call.ts"
import type { Registry } from "../emulator/providers/InstanceProvider.ts"
import type { Setup } from "./given.ts"
import { typeIn } from "./objects.ts"
import { type Asked, type ProviderHold, registry } from "./providers.ts"
import { CaseError, fields, integer, type Json, type JsonObject, label, object, text } from "./vocabulary.ts"
import { type Hold, type Holds, newHold, type Place } from "./holds.ts"
import { ear, type Heard } from "./stages.ts"

/** An event with the call it belongs to. */
export interface Told {
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
type Keep = (carried: unknown, hold: Hold) => void

export class Steps {
  readonly setup: Setup
  readonly holds: Holds = { beforeTransaction: new Map(), afterCommit: new Map() }
  readonly calls: Map<string, Call> = new Map()
  readonly violations: Array<string> = []
  /** What providers were asked, in order. */
  readonly asked: Array<Asked> = []
  private readonly inProvider = new Map<unknown, ProviderHold>()
  readonly providers: Registry
  private readonly heard: Array<Heard> = []
  private readonly sinks = new Map<string, PutSink>()
  /** Whether several calls are made, so that their events need tags. */
  private readonly tagged: boolean

  constructor(setup: Setup, tagged: boolean) {
    this.setup = setup
    this.tagged = tagged
    this.providers = registry(setup.providers, this.asked, this.inProvider)
  }

  /** Where a call is held, if it is. */
  private placeOf(call: JsonObject): Keep | undefined {
    const reports = call["holdAfterProgress"]
    const after = reports === undefined ? 0 : integer(reports, "holdAfterProgress")
    const place = call["holdAt"] === undefined ? undefined : text(call["holdAt"], "holdAt")
    if (reports !== undefined && place !== "inProvider") {
      throw new CaseError("holdAfterProgress: not held in a provider")
    }
    if (place === undefined) return undefined
    if (!places.includes(place)) throw new CaseError(`holdAt: the runner does not know ${place}`)
    if (place !== "inProvider") return (carried, hold) => void this.holds[place as Place].set(carried, hold)
    if (this.setup.providers.length === 0) throw new CaseError("holdAt: there is no provider to hold in")
    return (carried, hold) => void this.inProvider.set(carried, { hold, after })
  }

  run(written: Json): Effect.Effect<void, never, Needs> {
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
        const { hold, label } = this.call(fields(written, verb, ["do", "call"]))
        if (hold === undefined) throw new CaseError(`release: call ${label} is not held`)
        return this.release(hold)
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
    if (found === undefined) this.sinks.set(name, found = ear(this.setup, name, this.heard))
    return found
  }

  private call(step: JsonObject): Call {
    const named = label(step["call"], `${String(step["do"])}.call`)
    const found = this.calls.get(named)
    if (found === undefined) throw new CaseError(`${String(step["do"])}: there is no call ${named}`)
    return found
  }

  /** How many final events the sink of a call has heard of it. */
  private endings({ asyncContext }: Call): number {
    return this.heard.filter(({ event }) => event._tag === "Completed" && event.asyncContext === asyncContext).length
  }

  private held(keep: Keep | undefined, carried: unknown): Effect.Effect<Hold | undefined> {
    if (keep === undefined) return Effect.succeed(undefined)
    return Effect.map(newHold, (hold) => {
      keep(carried, hold)
      return hold
    })
  }

  private put(step: JsonObject): Effect.Effect<void, never, Needs> {
    const named = label(step["call"], "putAsync.call")
    if (this.calls.has(named)) throw new CaseError(`putAsync: call ${named} is there already`)
    const keep = this.placeOf(step)
    const sinkName = step["sink"] === undefined ? "sink1" : step["sink"] === null ? null : text(step["sink"], "sink")
    return Effect.flatMap(
      makeCall({
        label: named,
        fields: step,
        typeOf: typeIn(this.setup.snapshot),
        sink: sinkName === null ? null : { name: sinkName, value: this.sink(sinkName) },
        tag: this.tagged ? new Tag(named) : null,
        hold: (carried) => this.held(keep, carried),
        heard: this.heard,
        violated: (rule) => void this.violations.push(rule)
      }),
      (call) => {
        this.calls.set(named, call)
        const { handle, hold } = call
        if (hold === undefined) return Effect.void
        const passed = Deferred.succeed(hold.passed, undefined)
        if (handle === undefined) return passed
        // A held call is where the case wants it before the next step, unless it ended on the way.
        return Effect.zipRight(
          Effect.forkScoped(Effect.zipRight(Effect.exit(handle.await), passed)),
          Effect.raceFirst(Deferred.await(hold.reached), Effect.asVoid(Effect.exit(handle.await)))
        )
      }
    )
  }

  private cancel(name: string): Effect.Effect<void> {
    return Effect.map(PutAsync.cancel(this.sink(name)), () => {
      for (const call of this.calls.values()) {
        if (call.sink === name && call.handle !== undefined && this.endings(call) === 0) {
          this.violations.push(`PA-42: cancel returned before the sink was told of call ${call.label}`)
        }
      }
    })
  }

  private release(hold: Hold): Effect.Effect<void> {
    hold.released = true
    return Effect.asVoid(Deferred.succeed(hold.release, undefined))
  }

  /**
   * Whatever is not held ends first: its handlers may cancel what is. A cancelled call is outstanding no more, even
   * while it is held; another one that is held would never end, and keeps nobody waiting behind it now.
   */
  private drain(): Effect.Effect<void> {
    const calls = [...this.calls.values()]
    const isHeld = ({ hold }: Call): boolean => hold?.released === false
    const free = calls.filter((call) => !isHeld(call))
    const overtaken = Effect.forEach(
      calls.filter(isHeld),
      ({ hold }) => Deferred.succeed(hold!.passed, undefined),
      { discard: true }
    )
    return Effect.map(Effect.zipRight(overtaken, this.ended(free)), () => {
      const stuck = calls.find((call) => isHeld(call) && call.handle !== undefined && this.endings(call) === 0)
      if (stuck !== undefined) throw new CaseError(`drain: call ${stuck.label} is held and not released`)
    })
  }

  private ended(calls: ReadonlyArray<Call>): Effect.Effect<void> {
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
      Effect.forEach(calls, ({ hold }) => hold === undefined ? Effect.void : this.release(hold), { discard: true }),
      this.ended(calls)
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
  told(): ReadonlyArray<Told> {
    const owners = new Map([...this.calls.values()].map((call) => [call.asyncContext, call.label]))
    const told = this.heard.map(({ event }) => ({ call: owners.get(event.asyncContext) ?? "?", event }))
    if (told.some(({ call }) => call === "?")) this.violations.push("PA-6: an event has the async context of no call")
    for (const call of this.calls.values()) {
      const own = told.filter((one) => one.call === call.label)
      if (call.raised !== undefined && own.length > 0) {
        this.violations.push(`call ${call.label} was raised, and its sink heard of it`)
      }
      if (call.handle !== undefined && (this.endings(call) !== 1 || own.at(-1)?.event._tag !== "Completed")) {
        this.violations.push(`PA-28: call ${call.label} has not exactly one OnCompleted, as its last event`)
      }
    }
    return told.map(({ call, event }) => ({
      call,
      event: event.asyncContext instanceof Tag ? { ...event, asyncContext: null } : event
    }))
  }
}
