/**
 * Stage 3 as an emulator: the engine over any `NamespaceStore`. Between load and commit it only decides; what happens to whom is
 * in `engine`, how it is kept in the store.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Decision, DeleteDecision } from "../engine/Decision.ts"
import * as DeleteEngine from "../engine/DeleteEngine.ts"
import * as Footprint from "../engine/Footprint.ts"
import * as PutEngine from "../engine/PutEngine.ts"
import type { ValidatedPut } from "../engine/PutRules.ts"
import * as Snapshot from "../engine/Snapshot.ts"
import { resolved } from "../engine/values.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import {
  InvalidNamespace,
  isWbemError,
  NotFound,
  ProviderNotFound,
  type StartError,
  TransportFailure,
  type WbemError
} from "../protocol/WbemError.ts"
import { type Hub, makeHub, NamespaceEvents } from "../pipeline/NamespaceEvents.ts"
import { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import { Planner } from "../pipeline/Planner.ts"
import { type Answer, type GetRequest, make as makeRepository, Repository } from "../pipeline/Repository.ts"
import { NamespaceStore, type Step } from "./NamespaceStore.ts"

/**
 * What an emulated repository provides.
 *
 * @since 0.1.0
 * @category models
 */
export type Services = Repository | Planner | NamespaceReader | NamespaceEvents

type Decided<A> = Either.Either<A, WbemError>

const nothing: ReadonlyArray<Change> = /* @__PURE__ */ Object.freeze([])

/** A class whose instances live at a provider, and nobody has registered one (IR-1). */
const unprovided = ({ delegate }: Decision | DeleteDecision): WbemError | undefined =>
  delegate.length === 0 ? undefined : new ProviderNotFound({
    className: delegate[0]!.className,
    provider: delegate[0]!.provider,
    rule: "IR-1",
    detail: "no such provider is registered"
  })

const single = <A extends Decision | DeleteDecision>(decided: Decided<A>): Step<Decided<A>> => {
  const objection = Either.isRight(decided) ? unprovided(decided.right) : undefined
  const result = objection === undefined ? decided : Either.left(objection)
  return { result, changes: Either.isRight(result) ? result.right.changes : nothing }
}

const batch = (
  snapshot: Snapshot.Snapshot,
  puts: ReadonlyArray<ValidatedPut>
): Step<ReadonlyArray<Decision | WbemError>> => {
  const { changes, decisions, snapshot: after } = PutEngine.decideAll(snapshot, puts)
  return { result: decisions, changes, after }
}

const answerOf = (decided: Decision | WbemError): Answer =>
  isWbemError(decided) ? decided : unprovided(decided) ?? decided.report

const publish = (hub: Hub) => <A extends Decision | DeleteDecision>(decided: Decided<A>): void => {
  if (Either.isRight(decided)) hub.unsafePublish(decided.right.events)
}

const look = (snapshot: Snapshot.Snapshot, { call, namespace, path }: GetRequest): Decided<WbemObject> => {
  if (Snapshot.namespaceName(snapshot, namespace) === undefined) return Either.left(new InvalidNamespace({ namespace }))
  return Either.flatMap(DeleteEngine.objectOf(path, namespace, call.server), (target): Decided<WbemObject> => {
    if (target.singleton || target.keys.length > 0) {
      return Either.map(
        DeleteEngine.find(snapshot, namespace, target),
        ({ instance, lineage }) => resolved(lineage, instance)
      )
    }
    const found = Snapshot.getClass(snapshot, namespace, target.className!)
    return Option.isSome(found) ? Either.right(found.value) : Either.left(new NotFound({ path: target }))
  })
}

/** Storage that cannot be asked refuses the call at the start; nothing was sent (`put-async` 3, row 6). */
const unreachable = (error: WbemError): TransportFailure =>
  new TransportFailure({ sent: false, rule: "put-async 3.6", detail: error.message, cause: error })

/** A footprint that names the schema of one namespace. */
const schemaOf = (namespace: string): Footprint.Footprint => ({ namespaces: [namespace], roots: [] })

/**
 * Everything an emulated repository can do, over a store.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (store: NamespaceStore): Context.Context<Services> => {
  const hub = makeHub()
  const tell = publish(hub)
  const admitBatch: Repository["admitBatch"] = (puts) =>
    Effect.catchAll(
      store.read(
        () => Footprint.union(puts.map((put) => schemaOf(put.namespace))),
        (snapshot): ReadonlyArray<StartError | undefined> => puts.map((put) => PutEngine.admit(snapshot, put))
      ),
      (error) => Effect.succeed(puts.map(() => unreachable(error)))
    )
  const repository = makeRepository({
    admit: (put) =>
      Effect.matchEffect(store.read(() => schemaOf(put.namespace), (snapshot) => PutEngine.admit(snapshot, put)), {
        onFailure: (error) => Either.left(unreachable(error)),
        onSuccess: (refusal) => refusal === undefined ? Effect.void : Either.left(refusal)
      }),
    admitBatch,
    put: (valid) =>
      Effect.flatMap(
        store.modify(() => Footprint.of(valid.put), (snapshot) => single(PutEngine.decide(snapshot, valid)), tell),
        (decided) => Either.isRight(decided) ? Either.right(decided.right.report) : Either.left(decided.left)
      ),
    putBatch: (puts) =>
      Effect.map(
        store.modify(
          () => Footprint.union(puts.map(({ put }) => Footprint.of(put))),
          (snapshot) => batch(snapshot, puts),
          (decisions) => {
            for (const decided of decisions) if (!isWbemError(decided)) hub.unsafePublish(decided.events)
          }
        ),
        (decisions) => decisions.map(answerOf)
      ),
    relPath: (put) =>
      Effect.catchAll(
        store.read(() => schemaOf(put.namespace), (snapshot) => PutEngine.relPath(snapshot, put)),
        () => Effect.succeed(undefined)
      ),
    delete: (request) =>
      Effect.flatMap(
        store.modify(() => schemaOf(request.namespace), (snapshot) =>
          single(DeleteEngine.decide(snapshot, request)), tell),
        Either.map((decision) =>
          decision.path
        )
      ),
    get: (request) =>
      Effect.flatten(store.read(() => schemaOf(request.namespace), (snapshot) => look(snapshot, request)))
  })
  const whole = <A>(see: (snapshot: Snapshot.Snapshot) => A): Effect.Effect<A, WbemError> =>
    Effect.map(store.snapshot, see)
  const within = <A>(namespace: string, see: (snapshot: Snapshot.Snapshot) => A): Effect.Effect<A, WbemError> =>
    Effect.flatMap(
      store.snapshot,
      (snapshot) =>
        Snapshot.namespaceName(snapshot, namespace) === undefined
          ? Either.left(new InvalidNamespace({ namespace }))
          : Either.right(see(snapshot))
    )
  return Context.empty().pipe(
    Context.add(Repository, repository),
    Context.add(Planner, {
      plan: (valid) =>
        Effect.flatten(store.read(() => Footprint.of(valid.put), (snapshot) => PutEngine.decide(snapshot, valid)))
    }),
    Context.add(NamespaceReader, {
      namespaces: whole(Snapshot.namespaces),
      classes: (namespace, options) => within(namespace, (snapshot) => Snapshot.classes(snapshot, namespace, options)),
      instancesOf: (namespace, className, options) =>
        within(
          namespace,
          (snapshot) => Snapshot.instances(snapshot, namespace, className, { deep: options?.deep ?? true })
        ),
      snapshot: store.snapshot,
      restore: store.restore
    }),
    Context.add(NamespaceEvents, hub)
  )
}

/**
 * The emulator over whichever store is provided.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Services, never, NamespaceStore> = /* @__PURE__ */ Layer.effectContext(
  /* @__PURE__ */ Effect.map(NamespaceStore, make)
)
