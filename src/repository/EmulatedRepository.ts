/**
 * Stage 3 as an emulator: the engine over any `NamespaceStore`. Between load and commit it only decides; what happens to whom is
 * in `engine`, how it is kept in the store.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { localized, places } from "../engine/amendment.ts"
import type { Decision, DeleteDecision, ProviderCall } from "../engine/Decision.ts"
import * as DeleteEngine from "../engine/DeleteEngine.ts"
import * as Footprint from "../engine/Footprint.ts"
import { providers as providersOf } from "../engine/Lineage.ts"
import * as PutEngine from "../engine/PutEngine.ts"
import type { ValidatedPut } from "../engine/PutRules.ts"
import { denied, noNamespace, notLetIn } from "../engine/rules/access.ts"
import * as Snapshot from "../engine/Snapshot.ts"
import { securityRoot } from "../engine/tables.ts"
import { resolved } from "../engine/values.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import {
  CallCancelled,
  InvalidClass,
  isWbemError,
  NotFound,
  type StartError,
  TransportFailure,
  type WbemError
} from "../protocol/WbemError.ts"
import { makeHub, NamespaceEvents } from "../pipeline/NamespaceEvents.ts"
import { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import { Planner } from "../pipeline/Planner.ts"
import { type Answer, type GetRequest, type OpenBatch, outcomeOf, Repository } from "../pipeline/Repository.ts"
import type { ProgressReport } from "../protocol/SinkEvent.ts"
import { NamespaceStore, type Step } from "./NamespaceStore.ts"
import { InstanceProviders, type Registry } from "./providerRegistry.ts"

/**
 * What an emulated repository provides.
 *
 * @since 0.1.0
 * @category models
 */
export type Services = Repository | Planner | NamespaceReader | NamespaceEvents

type Decided<A> = Either.Either<A, WbemError>

const nothing: ReadonlyArray<Change> = /* @__PURE__ */ Object.freeze([])

const single = <A extends Decision | DeleteDecision>(decided: Decided<A>): Step<Decided<A>> => ({
  result: decided,
  changes: Either.isRight(decided) ? decided.right.changes : nothing
})

const batch = (
  snapshot: Snapshot.Snapshot,
  puts: ReadonlyArray<ValidatedPut>
): Step<ReadonlyArray<Decision | WbemError>> => {
  const { changes, decisions, snapshot: after } = PutEngine.decideAll(snapshot, puts)
  return { result: decisions, changes, after }
}

const answerOf = (decided: Decision | WbemError): Answer => isWbemError(decided) ? decided : decided.report

/** A failure that came after part of a batch was stored belongs to the puts it kept from being stored, not to the batch. */
const answers = (error: WbemError, n: number): ReadonlyArray<Answer> => Array.from({ length: n }, () => error)

/** An object, or the provider that has it. */
type Seen = WbemObject | ProviderCall

const isServed = (seen: Seen): seen is ProviderCall => !("_tag" in seen)

const look = (snapshot: Snapshot.Snapshot, { call, locales, namespace, path }: GetRequest): Decided<Seen> => {
  const refusal = notLetIn(snapshot, call, namespace)
  if (refusal !== undefined) return Either.left(refusal)
  return Either.flatMap(DeleteEngine.objectOf(path, namespace, call.server), (target): Decided<Seen> => {
    if (target.singleton || target.keys.length > 0) {
      const served = Snapshot.lineage(snapshot, namespace, target.className!)
      const secret = served?.root === securityRoot
        ? denied(snapshot, call, namespace, "ReadControl", "put-async 10")
        : undefined
      if (secret !== undefined) return Either.left(secret)
      if (served?.isDynamic === true) {
        const { className, provider } = providersOf(served).at(-1)!
        return Either.right({ className, provider: provider ?? "" })
      }
      return Either.map(
        DeleteEngine.find(snapshot, namespace, target),
        ({ instance, lineage }) => resolved(lineage, instance)
      )
    }
    const found = Snapshot.getClass(snapshot, namespace, target.className!)
    if (Option.isNone(found)) return Either.left(new NotFound({ path: target }))
    return Either.right(locales === undefined ? found.value : localized(snapshot, namespace, found.value, locales))
  })
}

/** Storage that cannot be asked refuses the call at the start; nothing was sent (`put-async` 3, row 6). */
const unreachable = (error: WbemError): TransportFailure =>
  new TransportFailure({ sent: false, rule: "put-async 3.6", detail: error.message, cause: error })

/** What a look reads: the object, and the namespaces of the locales whose text it asks for. */
const readBy = ({ locales, namespace, path }: GetRequest): Footprint.Footprint =>
  Footprint.union([Footprint.ofPath(namespace, path), Footprint.schema(...places(namespace, locales))])

/**
 * Everything an emulated repository can do, over a store.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (store: NamespaceStore, providers: Registry): Context.Context<Services> => {
  const hub = makeHub()
  const tell = <A extends Decision | DeleteDecision>(decided: Decided<A>): void => {
    if (Either.isRight(decided)) hub.unsafePublish(decided.right.events)
  }
  /** Lets in whom the store knows to be let in; before somebody is refused it is asked whether that still holds. */
  const admitBatch: Repository["admitBatch"] = (puts) => {
    const footprint = (): Footprint.Footprint => Footprint.union(puts.map((put) => Footprint.schema(put.namespace)))
    const look = (snapshot: Snapshot.Snapshot): ReadonlyArray<StartError | undefined> =>
      puts.map((put) => PutEngine.admit(snapshot, put))
    return Effect.catchAll(
      Effect.flatMap(
        store.glance(footprint, look),
        (known) => known.some((refusal) => refusal !== undefined) ? store.read(footprint, look) : Effect.succeed(known)
      ),
      (error) => Effect.succeed(puts.map(() => unreachable(error)))
    )
  }
  const putBatch = (
    puts: ReadonlyArray<ValidatedPut>,
    open: OpenBatch,
    from = 0
  ): Effect.Effect<ReadonlyArray<Answer>, WbemError> =>
    Effect.flatMap(
      store.modify(
        () => Footprint.union(puts.map(({ put }) => Footprint.of(put))),
        (snapshot) => batch(snapshot, puts),
        (decisions) => {
          for (const decided of decisions) if (!isWbemError(decided)) hub.unsafePublish(decided.events)
        }
      ),
      (decisions) => {
        const last = decisions[decisions.length - 1]
        const found = decisions.map(answerOf)
        return last === undefined || isWbemError(last) || last.delegate.length === 0
          ? Effect.succeed(found)
          : provided(puts, open, from, last, found)
      }
    )
  /** The put of a batch that providers answer, then what follows it. */
  const provided = (
    puts: ReadonlyArray<ValidatedPut>,
    open: OpenBatch,
    from: number,
    decision: Decision,
    found: Array<Answer>
  ): Effect.Effect<ReadonlyArray<Answer>> => {
    const at = found.length - 1
    const rest = puts.slice(found.length)
    const call = {
      progress: (report: ProgressReport) => open.progress(from + at, report),
      unlessCancelled: open.unlessCancelled
    }
    // What stands before is stored already and keeps its answer, however the wait for the providers ends.
    return Effect.flatMap(Effect.exit(providers.put(decision, puts[at]!, call)), (exit) => {
      found[at] = outcomeOf(exit, "asking the providers died")
      if (rest.length === 0) return Effect.succeed(found)
      const stopped = open.cancelled() || (Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause))
      const after = stopped ? Effect.succeed(answers(new CallCancelled({}), rest.length)) : Effect.catchAll(
        putBatch(rest, open, from + found.length),
        (error) => Effect.succeed(answers(error, rest.length))
      )
      return Effect.map(after, (more) => [...found, ...more])
    })
  }
  const repository: Repository = {
    admit: (put) =>
      Effect.flatMap(admitBatch([put]), ([refusal]) => refusal === undefined ? Effect.void : Either.left(refusal)),
    admitBatch,
    put: (valid, call) =>
      Effect.flatMap(
        store.modify(() => Footprint.of(valid.put), (snapshot) => single(PutEngine.decide(snapshot, valid)), tell),
        (decided) =>
          Either.isLeft(decided)
            ? Either.left(decided.left)
            : decided.right.delegate.length === 0
            ? Either.right(decided.right.report)
            : providers.put(decided.right, valid, call)
      ),
    putBatch,
    relPath: (put) =>
      Effect.catchAll(
        store.glance(() => Footprint.schema(put.namespace), (snapshot) => PutEngine.relPath(snapshot, put)),
        () => Effect.succeed(undefined)
      ),
    delete: (request) =>
      Effect.flatMap(
        store.modify(
          () => Footprint.ofPath(request.namespace, request.path),
          (snapshot) => single(DeleteEngine.decide(snapshot, request)),
          tell
        ),
        (decided) =>
          Either.isRight(decided) && decided.right.delegate.length > 0
            ? providers.delete(decided.right, request)
            : Either.map(decided, (decision) => decision.path)
      ),
    get: (request) =>
      Effect.flatMap(
        store.read(() => readBy(request), (snapshot) => look(snapshot, request)),
        (seen): Effect.Effect<WbemObject, WbemError> =>
          Either.isLeft(seen)
            ? Either.left(seen.left)
            : isServed(seen.right)
            ? providers.get(seen.right, request)
            : Either.right(seen.right)
      )
  }
  const within = <A>(
    namespace: string,
    others: ReadonlyArray<string>,
    see: (snapshot: Snapshot.Snapshot) => Decided<A>
  ): Effect.Effect<A, WbemError> =>
    Effect.flatten(store.read(
      () => ({ namespaces: [namespace, ...others], roots: [] }),
      (snapshot): Decided<A> =>
        Snapshot.namespaceName(snapshot, namespace) === undefined ? Either.left(noNamespace(namespace)) : see(snapshot)
    ))
  return Context.empty().pipe(
    Context.add(Repository, repository),
    Context.add(Planner, {
      plan: (valid) =>
        Effect.flatten(store.read(() => Footprint.of(valid.put), (snapshot) => PutEngine.decide(snapshot, valid)))
    }),
    Context.add(NamespaceReader, {
      namespaces: store.namespaces,
      classes: (namespace, options) =>
        within(namespace, places(namespace, options?.locales), (snapshot) => {
          const found = Snapshot.classes(snapshot, namespace, options)
          const locales = options?.locales
          return Either.right(
            locales === undefined ? found : found.map((one) => localized(snapshot, namespace, one, locales))
          )
        }),
      instancesOf: (namespace, className, options) =>
        within(
          namespace,
          [],
          (snapshot) =>
            Snapshot.lineage(snapshot, namespace, className) === undefined
              ? Either.left(new InvalidClass({ className, detail: `not in ${namespace}` }))
              : Either.right(Snapshot.instances(snapshot, namespace, className, { deep: options?.deep ?? true }))
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
  /* @__PURE__ */ Effect.zipWith(NamespaceStore, InstanceProviders, make)
)
