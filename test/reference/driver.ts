/** The same step through the four stages, and what the repository holds as a world of the model. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import type { ClassDefinition, Instance } from "../../src/model/WbemObject.ts"
import type { Qualifier } from "../../src/model/Qualifier.ts"
import * as Rights from "../../src/model/Rights.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { PutReport } from "../../src/protocol/PutReport.ts"
import { of, type WbemError } from "../../src/protocol/WbemError.ts"
import type { EmulatedRepository, Repository } from "../../mod.ts"
import * as InstanceProvider from "../../src/emulator/providers/InstanceProvider.ts"
import * as Wmi from "../../src/Wmi.ts"
import type { Effective } from "./dump.ts"
import { byName } from "./names.ts"
import type { Outcome, Step } from "./outcome.ts"
import type { Space, World } from "./world.ts"

export type Services = PutAsync.Stages | EmulatedRepository.Services

/** An emulator whose classes can name three providers. */
export const emulator: Layer.Layer<Services> = Wmi.layerMemory.pipe(Layer.provide(InstanceProvider.layer({
  Good: { put: () => Effect.void },
  Mute: {},
  Angry: {
    put: () => Effect.fail(of("VetoPut", { detail: "no" }))
  }
})))

/** The member that an error names, if it names one. */
const subjectOf = (error: WbemError): string | undefined => {
  const facts = error as { property?: string; qualifier?: string; method?: string }
  return facts.property ?? facts.qualifier ?? facts.method
}

const refused = (error: WbemError, _tag: "Raised" | "Delivered"): Outcome => ({
  _tag,
  status: error.status,
  rule: error.rule ?? "",
  subject: subjectOf(error)
})

/** With its own caller and locale where they are not those that every call has. */
const called = <A, E, R>({ who }: Step, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  const heard = who.locale === "ms_409" ? effect : Effect.provideService(effect, CallContext.Locale, who.locale)
  return who.rights === Rights.all && !who.remote
    ? heard
    : Effect.provideService(heard, CallContext.Caller, { name: "a caller", remote: who.remote, rights: who.rights })
}

/** PA-83; the paths of what was deleted are as many. */
const told = ({ deleted, removed = [] }: PutReport): number | undefined =>
  deleted === undefined || deleted === removed.length ? deleted : NaN

/** How a call was answered: an outcome, and the report of a put that went well. */
export interface Answer {
  readonly outcome: Outcome
  readonly report: PutReport | undefined
  /** What the sink heard. */
  readonly events: ReadonlyArray<string>
}

export const answer = (step: Step): Effect.Effect<Answer, never, PutAsync.Stages | Repository.Repository> => {
  if (step._tag === "Delete") {
    return Effect.map(
      Effect.either(called(step, Wmi.delete(step.path, { namespace: step.namespace, flags: step.flags }))),
      (done) => ({
        outcome: Either.isLeft(done)
          ? refused(done.left, "Delivered")
          : { _tag: "Deleted", path: ObjectPath.format(done.right) },
        report: undefined,
        events: []
      })
    )
  }
  const { all, sink } = PutSink.recording()
  const request = PutRequest.make(step.object, {
    namespace: step.namespace,
    flags: step.flags,
    context: step.context
  })
  return Effect.map(
    Effect.either(called(step, PutAsync.put(request).pipe(PutAsync.withSink(sink)))),
    (done) => {
      const events = all().map((event) => event._tag)
      return Either.isLeft(done)
        ? { outcome: refused(done.left, events.length === 0 ? "Raised" : "Delivered"), report: undefined, events }
        : {
          outcome: {
            _tag: "Stored",
            disposition: done.right.disposition,
            path: ObjectPath.format(done.right.path),
            deleted: told(done.right)
          },
          report: done.right,
          events
        }
    }
  )
}

/** Where a snapshot counts other than what it holds. */
export const miscounted = (snapshot: Snapshot.Snapshot): ReadonlyArray<string> =>
  Snapshot.namespaces(snapshot).flatMap((name) =>
    Snapshot.classes(snapshot, name)
      .filter((c) => Snapshot.count(snapshot, name, c.name) !== Snapshot.instances(snapshot, name, c.name).length)
      .map((c) => `  ${name} counts ${Snapshot.count(snapshot, name, c.name)} of ${c.name}`)
  )

const listed = <A extends { readonly name: string }>(list: ReadonlyArray<A>): ReadonlyArray<A> => [...list].sort(byName)

const withListed = <A extends { readonly qualifiers: ReadonlyArray<Qualifier> }>(one: A): A => ({
  ...one,
  qualifiers: listed(one.qualifiers)
})

/** The user classes of a namespace as the repository reads them, with what they inherit. */
export const readingOf = (snapshot: Snapshot.Snapshot) => (space: Space): ReadonlyArray<Effective> =>
  space.classes.map(({ name }) => {
    const resolvedClass = Snapshot.resolvedClass(snapshot, space.name, name)!
    const derivation: Array<string> = []
    for (let at: typeof resolvedClass | undefined = resolvedClass; at !== undefined; at = at.parent) {
      derivation.push(at.name)
    }
    return {
      name: resolvedClass.name,
      derivation,
      qualifiers: listed(resolvedClass.qualifiers),
      properties: listed(resolvedClass.properties).map(withListed),
      methods: resolvedClass.methods.map(withListed),
      keys: resolvedClass.keys.map((key) => key.name),
      isAbstract: resolvedClass.isAbstract,
      isDynamic: resolvedClass.isDynamic,
      isSingleton: resolvedClass.isSingleton
    }
  })

/** What a repository holds: classes as they are stored, instances as they are read. */
export const worldOf = (snapshot: Snapshot.Snapshot): World => {
  const entries = Snapshot.entries(snapshot)
  return Snapshot.namespaces(snapshot).map((name): Space => {
    const folded = Snapshot.getNamespace(snapshot, name)!.folded
    const objects = entries.filter(([namespace]) => namespace === folded).map(([, , , object]) => object)
    const stored = objects.filter((object): object is Instance => object._tag === "Instance")
    const read = [...new Set(stored.map(({ className }) => className))].flatMap((className) =>
      Snapshot.instances(snapshot, name, className)
    )
    return {
      name,
      classes: objects.filter((object): object is ClassDefinition => object._tag === "Class"),
      instances: read.length === stored.length ? read : stored
    }
  })
}
