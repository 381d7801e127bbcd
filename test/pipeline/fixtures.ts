/**
 * Fixtures of the pipeline tests: one class, puts with their id in `asyncContext`, recording sinks, and stages with single parts
 * replaced.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as FlagDecoder from "../../src/pipeline/FlagDecoder.ts"
import type * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import * as Repository from "../../src/pipeline/Repository.ts"
import { make as makeReport, type PutReport } from "../../src/protocol/PutReport.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import type { SinkEvent } from "../../src/protocol/SinkEvent.ts"
import type { WbemError } from "../../src/protocol/WbemError.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as MemoryStore from "../../src/emulator/MemoryStore.ts"
import * as NamespaceStore from "../../src/emulator/NamespaceStore.ts"

export const Disk: ClassDefinition.ClassDefinition = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  N: Property.make("uint32")
})

/** A put of the disk `id`. Its events carry the id, and it requests progress. */
export const disk = (id: string, options?: PutRequest.Options): PutRequest.PutRequest =>
  PutRequest.make(Instance.make("Demo_Disk", { Id: id, N: 1 }), { asyncContext: new Id(id), status: true, ...options })

/** The async context of these tests: an object whose text is the id. */
export class Id {
  readonly id: string
  constructor(id: string) {
    this.id = id
  }
  toString(): string {
    return this.id
  }
}

/** The id of a put or an event. */
export const idOf = (one: { readonly asyncContext: object | null }): string => String(one.asyncContext)

/** `a:ObjectPut`, `b:Completed CallCancelled`. */
export const line = (event: SinkEvent): string =>
  `${idOf(event)}:${
    event._tag === "Completed" ? `Completed ${event.error === null ? event.hresult : event.error.status}` : event._tag
  }`

export interface Recorder {
  readonly log: Array<string>
  readonly sink: PutSink.PutSink
  /** The largest number of handlers that ran at one time. */
  readonly most: () => number
}

/** A sink whose handler is an Effect: it records the event and then runs `also`. */
export const recorder = (also: (event: SinkEvent) => Effect.Effect<void> = () => Effect.void): Recorder => {
  const log: Array<string> = []
  let running = 0
  let most = 0
  const sink = PutSink.make((event) =>
    Effect.suspend(() => {
      running++
      most = Math.max(most, running)
      log.push(line(event))
      return Effect.ensuring(
        also(event),
        Effect.sync(() => {
          running--
        })
      )
    })
  )
  return { log, sink, most: () => most }
}

export interface Parts {
  readonly snapshot?: Snapshot.Snapshot
  readonly checks?: ReadonlyArray<PutValidator.Check>
  readonly repository?: Partial<Repository.Repository>
  readonly validator?: PutValidator.PutValidator
}

/** The store of a run, so that a test can read its state. */
export interface World {
  readonly stages: Layer.Layer<PutAsync.Stages | EmulatedRepository.Services>
  /** The ids that are stored. */
  readonly stored: () => ReadonlyArray<string>
}

export const world = (sink: PutSink.PutSink, parts: Parts = {}): World => {
  const store = MemoryStore.make(parts.snapshot ?? Snapshot.of(Disk))
  const emulated = Layer.provide(EmulatedRepository.layer, Layer.succeed(NamespaceStore.NamespaceStore, store))
  const repository = parts.repository === undefined ? emulated : Layer.merge(
    emulated,
    Layer.provide(
      Layer.effect(
        Repository.Repository,
        Effect.map(Repository.Repository, (inner) => ({ ...inner, ...parts.repository }))
      ),
      emulated
    )
  )
  const validator = parts.validator !== undefined
    ? Layer.succeed(PutValidator.PutValidator, parts.validator)
    : PutValidator.layerWith({ checks: parts.checks })
  return {
    stages: Layer.mergeAll(FlagDecoder.layer, validator, PutSink.layer(sink), repository),
    stored: () =>
      Snapshot.instances(Effect.runSync(store.snapshot as Effect.Effect<Snapshot.Snapshot>), "root\\cimv2", "Demo_Disk")
        .map((instance) => String(instance.values["Id"])).sort()
  }
}

export const run = <A, E>(program: Effect.Effect<A, E, PutAsync.Stages | Scope.Scope>, { stages }: World): Promise<A> =>
  Effect.runPromise(Effect.provide(Effect.scoped(program), stages))

/** Runs everything that is ready, timers of 0 ms included, without a delay that a test would depend on. */
export const settle: Effect.Effect<void> = Effect.promise(async () => {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setTimeout(resolve, 0))
})

export const status = <A>(either: Either.Either<A, WbemError>): string =>
  Either.isLeft(either) ? either.left.status : "ok"

export const report: PutReport = makeReport(
  ObjectPath.make({
    server: ".",
    namespace: "root\\cimv2",
    className: "Demo_Disk",
    keys: [{ name: "Id", value: "x" }]
  }),
  "Stored"
)
