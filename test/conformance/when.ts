/** `when` → calls made, what they returned, what the sinks heard. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type * as Snapshot from "../../src/engine/Snapshot.ts"
import type { CimValue, WbemObject } from "../../src/model/WbemObject.ts"
import * as NamespaceEventStream from "../../src/pipeline/NamespaceEventStream.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import type { WbemEvent } from "../../src/protocol/WbemEvent.ts"
import type * as EmulatedRepository from "../../src/repository/EmulatedRepository.ts"
import * as Wmi from "../../src/Wmi.ts"
import { classObject, type Setup, value, values } from "./given.ts"
import { CaseError, fields, isObject, type Json, type JsonObject, list, text } from "./vocabulary.ts"
import { ambient, type Ear, ear, type Hold, type Holds, newHold, noHolds, stages } from "./world.ts"

const callFields = ["object", "flags", "context", "asyncContext", "sink"]

/** A call that was made. */
export interface Call {
  readonly label: string
  /** The error when the call itself failed. */
  readonly raised: WbemError | undefined
  readonly handle: PutAsync.PutHandle | undefined
  readonly asyncContext: unknown
}

export interface Observed {
  readonly calls: ReadonlyArray<Call>
  /** Everything heard, in order over all sinks, each event with the call it belongs to. */
  readonly events: ReadonlyArray<{ readonly call: string; readonly event: SinkEvent }>
  readonly published: ReadonlyArray<WbemEvent>
  readonly after: Snapshot.Snapshot
  /** Something that may not happen whatever a case says: an event before the call returned. */
  readonly violations: ReadonlyArray<string>
}

/** The caller's own object, not frozen, so that it can be changed after the call. */
const ownObject = (
  written: Json | undefined
): { readonly object: unknown; readonly change: (set: JsonObject) => void } => {
  if (!isObject(written) || (written["kind"] !== "class" && written["kind"] !== "instance")) {
    return {
      object: written,
      change: () => {
        throw new CaseError("there is no object to change")
      }
    }
  }
  if (written["kind"] === "class") {
    const object = classObject(fields(written, "object", [
      "kind",
      "name",
      "superclass",
      "qualifiers",
      "properties",
      "methods",
      "generateName",
      "generateProperties",
      "amended"
    ]))
    return { object, change: (set) => void Object.assign(object, set) }
  }
  const instance = fields(written, "object", ["kind", "class", "props", "amended", "fromNamespace"])
  const own: Record<string, CimValue> = { ...values(instance["props"]) }
  const object = {
    _tag: "Instance",
    className: instance["class"] === undefined ? "" : text(instance["class"], "object.class"),
    values: own,
    qualifiers: [],
    ...(instance["amended"] === true ? { amended: true } : {})
  }
  return { object, change: (set) => void Object.assign(own, values(set)) }
}

interface Made extends Call {
  readonly changeObject: (set: JsonObject) => void
  readonly changeContext: (set: JsonObject) => void
}

type Needs = PutAsync.Stages | EmulatedRepository.Services | Scope.Scope

const makeCall = (
  label: string,
  call: JsonObject,
  sinks: (name: string) => Ear,
  sinkName: string | null,
  hold: (object: object) => void,
  violations: Array<string>
): Effect.Effect<Made, never, Needs> =>
  Effect.suspend(() => {
    const { change, object } = ownObject(call["object"])
    const ownContext: Record<string, CimValue> | undefined = isObject(call["context"])
      ? { ...values(call["context"]) }
      : undefined
    const asyncContext = isObject(call["asyncContext"]) && !((call["asyncContext"] as unknown) instanceof Tag)
      ? { ...call["asyncContext"] }
      : call["asyncContext"] ?? null
    // What no type lets through goes in by force: a foreign object or context is what such a case is about.
    const request = PutRequest.make(object as WbemObject, {
      flags: call["flags"] as number ?? 0,
      asyncContext: asyncContext as object | null,
      ...(call["context"] === undefined ? {} : { context: ownContext ?? call["context"] as never })
    })
    const target = sinkName === null ? undefined : sinks(sinkName)
    hold(request.object)
    const before = target?.heard.length ?? 0
    return Effect.map(
      Effect.either(PutAsync.withSink(target?.sink as never)(PutAsync.submit(request))),
      (accepted): Made => {
        if (
          target !== undefined && sinkName !== null
          && target.heard.slice(before).some((event) => event.asyncContext === asyncContext && asyncContext !== null)
        ) {
          violations.push(`call ${label}: an event was delivered before the call returned (PA-29)`)
        }
        return {
          label,
          raised: Either.isLeft(accepted) ? accepted.left : undefined,
          handle: Either.isRight(accepted) ? accepted.right : undefined,
          asyncContext: asyncContext as object | null,
          changeObject: change,
          changeContext: (set) =>
            void Object.assign(ownContext ?? {}, Object.fromEntries(Object.entries(set).map(([k, v]) => [k, value(v)])))
        }
      }
    )
  })

/** A label for calls without an async context, so that their events can be told apart. */
class Tag {
  readonly label: string
  constructor(label: string) {
    this.label = label
  }
}

export const run = (setup: Setup, when: JsonObject): Promise<Observed> => {
  const holds: Holds = noHolds()
  const releases = new Map<string, Hold>()
  const ears = new Map<string, Ear>()
  const sinks = (name: string): Ear => {
    let found = ears.get(name)
    if (found === undefined) ears.set(name, found = ear(setup))
    return found
  }
  const made = new Map<string, Made>()
  const owners = new Map<unknown, string>()
  const violations: Array<string> = []

  const put = (label: string, call: JsonObject, sinkName: string | null): Effect.Effect<void, never, Needs> => {
    const steps = call["holdAt"] === undefined ? undefined : text(call["holdAt"], "holdAt")
    if (steps === "inProvider" || call["holdAfterProgress"] !== undefined) {
      throw new CaseError("there is no provider to hold a call in")
    }
    const hold = (object: object): void => {
      if (steps === undefined) return
      if (steps !== "beforeTransaction" && steps !== "afterCommit") {
        throw new CaseError(`holdAt: unknown place ${steps}`)
      }
      const at = newHold()
      holds[steps].set(object, at)
      releases.set(label, at)
    }
    // Without an async context of its own a call is recognised by one that the comparison takes for none.
    const tagged = call["asyncContext"] === undefined ? { ...call, asyncContext: new Tag(label) as never } : call
    return Effect.flatMap(makeCall(label, tagged, sinks, sinkName, hold, violations), (one) => {
      made.set(label, one)
      owners.set(one.asyncContext, label)
      const at = releases.get(label)
      // A held call is where the case wants it before the next step, unless it ended on the way.
      return at === undefined || one.handle === undefined
        ? Effect.void
        : Effect.raceFirst(Deferred.await(at.reached), Effect.asVoid(Effect.exit(one.handle.await)))
    })
  }

  const drain: Effect.Effect<void> = Effect.suspend(() =>
    Effect.forEach(
      [...made.values()],
      (one) => one.handle === undefined ? Effect.void : Effect.exit(one.handle.await),
      { discard: true }
    )
  )

  const step = (written: Json): Effect.Effect<void, never, Needs> => {
    const { do: verb } = written as JsonObject
    const label = String((written as JsonObject)["call"])
    const callOf = (): Made => {
      const found = made.get(label)
      if (found === undefined) throw new CaseError(`step ${String(verb)}: there is no call ${label}`)
      return found
    }
    switch (verb) {
      case "putAsync": {
        const call = fields(written, "putAsync", ["do", "call", "holdAt", "holdAfterProgress", ...callFields])
        return put(
          label,
          call,
          call["sink"] === undefined ? "sink1" : call["sink"] === null ? null : text(call["sink"], "sink")
        )
      }
      case "cancel":
        return PutAsync.cancel(sinks(text(fields(written, "cancel", ["do", "sink"])["sink"], "cancel")).sink)
      case "mutateObject": {
        const { set } = fields(written, "mutateObject", ["do", "call", "set"])
        return Effect.sync(() => callOf().changeObject(set as JsonObject))
      }
      case "mutateContext": {
        const { set } = fields(written, "mutateContext", ["do", "call", "set"])
        return Effect.sync(() => callOf().changeContext(set as JsonObject))
      }
      case "release": {
        fields(written, "release", ["do", "call"])
        const release = releases.get(label)
        if (release === undefined) throw new CaseError(`release: call ${label} is not held`)
        return Effect.asVoid(Deferred.succeed(release.release, undefined))
      }
      case "drain":
        fields(written, "drain", ["do"])
        return drain
      default:
        throw new CaseError(`unknown step ${String(verb)}`)
    }
  }

  const program = Effect.gen(function* () {
    const queue = yield* NamespaceEventStream.subscribe
    if (when["steps"] === undefined) {
      const call = fields(when, "when", callFields)
      yield* put(
        "1",
        call,
        call["sink"] === undefined ? "sink1" : call["sink"] === null ? null : text(call["sink"], "sink")
      )
    } else {
      for (const one of list(fields(when, "when", ["steps"])["steps"], "steps")) yield* step(one)
      for (const release of releases.values()) yield* Deferred.succeed(release.release, undefined)
    }
    yield* drain
    return { published: [...yield* Queue.takeAll(queue)], after: yield* Wmi.snapshot }
  })

  const layer = stages(setup, holds, sinks("sink1").sink)
  return Effect.runPromiseExit(ambient(setup)(Effect.provide(Effect.scoped(program), layer))).then((exit) => {
    if (Exit.isFailure(exit)) {
      const cause = exit.cause
      throw cause._tag === "Die" && cause.defect instanceof CaseError ? cause.defect : new CaseError(String(cause))
    }
    const events = [...ears.values()].flatMap(({ heard }) => heard)
      .map((event) => ({ call: owners.get(event.asyncContext) ?? "?", event: withoutTag(event) }))
    return { calls: [...made.values()], events, violations, ...exit.value }
  })
}

const withoutTag = (event: SinkEvent): SinkEvent =>
  event.asyncContext instanceof Tag ? { ...event, asyncContext: null } : event
