/**
 * Stage 3 as an emulator: the engine over any `NamespaceStore`. The engine decides, the store keeps.
 *
 *     put ──> NamespaceStore.modify(read set, decide, committed) ──> report
 *                  │ decide: PutEngine, DeleteEngine                    │ classes of a provider
 *                  └ committed: publishes the events                    └──> Registry (InstanceProvider)
 *
 * @since 0.1.0
 * @module
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { localeNamespaces } from "../engine/classes/amendment.ts"
import type { Decision, DeleteDecision } from "../engine/Decision.ts"
import * as DeleteEngine from "../engine/DeleteEngine.ts"
import * as GetEngine from "../engine/GetEngine.ts"
import * as PutEngine from "../engine/PutEngine.ts"
import type { ValidatedPut } from "../engine/PutRules.ts"
import * as ReadSet from "../engine/ReadSet.ts"
import { namespaceNotFound } from "../engine/rules/access.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { readOr } from "../engine/state/unreadableRows.ts"
import * as Eager from "../internal/eager.ts"
import * as CimName from "../model/CimName.ts"
import { none } from "../model/immutable.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import { makeHub, NamespaceEvents } from "../pipeline/NamespaceEvents.ts"
import { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import { NamespaceState } from "../pipeline/NamespaceState.ts"
import { Planner } from "../pipeline/Planner.ts"
import { type BatchHandle, type PutResult, Repository, resultOf } from "../pipeline/Repository.ts"
import { warnUnreadable } from "../pipeline/unreadable.ts"
import type { Change } from "../protocol/Change.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { ProgressReport } from "../protocol/SinkEvent.ts"
import {
  CallCancelled,
  type GetError,
  isWbemError,
  type ListError,
  type PutError,
  type StartError,
  TransportFailure,
  type WbemError
} from "../protocol/WbemError.ts"
import type { WbemEvent } from "../protocol/WbemEvent.ts"
import { NamespaceStore, type Step } from "./NamespaceStore.ts"
import { InstanceProviders, type Registry } from "./providers/providerRegistry.ts"
import type { StoreFailure } from "./StoreFailure.ts"

/**
 * The services of an emulated repository.
 *
 * @since 0.1.0
 * @category models
 */
export type Services = Repository | Planner | NamespaceReader | NamespaceState | NamespaceEvents

type Decided<A, E extends WbemError> = Either.Either<A, E>
type Results = ReadonlyArray<PutResult>
type Publish = (events: ReadonlyArray<WbemEvent>) => void

const stepOf = <A extends Decision | DeleteDecision, E extends WbemError>(
  decided: Decided<A, E>
): Step<Decided<A, E>> => ({
  result: decided,
  changes: Either.isRight(decided) ? decided.right.changes : none
})

/** The error of a call whose admission needs a store that cannot be read: the call was not sent (`put-async` 3, row 6). */
const unreachable = (error: WbemError): TransportFailure =>
  new TransportFailure({ sent: false, rule: "put-async 3.6", detail: error.message, cause: error })

/**
 * Admits calls by the cached schema. Before a call is refused the schema is read from the store, because the cache may be out
 * of date.
 */
const admission = (store: NamespaceStore): Repository["admitBatch"] => (puts) => {
  const reads = (): ReadSet.ReadSet => ReadSet.union(puts.map((put) => ReadSet.schema(put.namespace)))
  const query = (snapshot: Snapshot.Snapshot): ReadonlyArray<StartError | undefined> =>
    puts.map((put) => readOr(() => PutEngine.admit(snapshot, put), unreachable)) // an unreadable security descriptor
  const isAdmitted = (refusals: ReadonlyArray<StartError | undefined>): boolean =>
    refusals.every((refusal) => refusal === undefined)
  return Eager.suspend(() => {
    const cached = Eager.start(store.readCached(reads, query))
    return Eager.isSuccess(cached) && isAdmitted(cached.value) ? cached : Effect.catchAll(
      Effect.flatMap(cached, (refusals) => isAdmitted(refusals) ? Effect.succeed(refusals) : store.read(reads, query)),
      (error) => Effect.succeed(puts.map(() => unreachable(error)))
    )
  })
}

/** The positions of the puts that write a row which the database refuses, where the failure names such rows. */
const refusedPuts = (decisions: ReadonlyArray<Decision | PutError>, { cause }: WbemError): ReadonlySet<number> => {
  // By tag, so that a program without a database does not ship the class.
  const failure = cause as StoreFailure | undefined
  const rows = failure?._tag === "StoreFailure" ? failure.rows ?? [] : []
  const isRefused = ({ row }: Change): boolean =>
    rows.some(({ key, namespace, root }) => row.key === key && row.root === root && row.namespace === namespace)
  const refused = new Set<number>()
  if (rows.length === 0) return refused
  decisions.forEach((decided, i) => {
    if (!isWbemError(decided) && decided.changes.some(isRefused)) refused.add(i)
  })
  return refused
}

/**
 * Puts of a batch: one transaction for all of them, except that
 * - a put of a dynamic class ends the transaction before it, and the puts after it get a transaction of their own;
 * - puts whose rows the database refuses fail alone, and the others are tried again without them.
 *
 * `from` is the position of the first put in the whole batch.
 */
const batchPuts = (store: NamespaceStore, providers: Registry, publish: Publish) => {
  const putBatch = (
    puts: ReadonlyArray<ValidatedPut>,
    handle: BatchHandle,
    from = 0
  ): Effect.Effect<Results, PutError> =>
    Effect.suspend(() => {
      let attempted: ReadonlyArray<Decision | PutError> = []
      const transaction = store.modify(
        () => ReadSet.union(puts.map(({ put }) => ReadSet.of(put))),
        (snapshot) => {
          const { changes, decisions, snapshot: after } = PutEngine.decideAll(snapshot, puts)
          attempted = decisions
          return { result: decisions, changes, after }
        },
        (decisions) => {
          for (const decided of decisions) if (!isWbemError(decided)) publish(decided.events)
        }
      )
      return Effect.catchAll(
        Effect.flatMap(transaction, (decisions) => {
          const last = decisions[decisions.length - 1]
          const results = decisions.map((decided): PutResult => isWbemError(decided) ? decided : decided.report)
          return last === undefined || isWbemError(last) || last.delegate.length === 0
            ? Effect.succeed(results)
            : provided(puts, handle, from, last, results)
        }),
        (error) => {
          const refused = refusedPuts(attempted, error)
          return refused.size === 0 ? Effect.fail(error) : withoutRefused(puts, handle, from, refused, error)
        }
      )
    })
  const withoutRefused = (
    puts: ReadonlyArray<ValidatedPut>,
    handle: BatchHandle,
    from: number,
    refused: ReadonlySet<number>,
    error: PutError
  ): Effect.Effect<Results, PutError> => {
    const remaining = puts.flatMap((_, i) => refused.has(i) ? [] : [i])
    const progress: BatchHandle["progress"] = (at, report) => handle.progress(from + remaining[at]!, report)
    const others = remaining.length === 0
      ? Effect.succeed([])
      : putBatch(remaining.map((i) => puts[i]!), { ...handle, progress })
    return Effect.map(others, (otherResults) => {
      const results: Array<PutResult> = puts.map(() => error)
      remaining.forEach((i, k) => {
        results[i] = otherResults[k]!
      })
      return results
    })
  }
  /** The put of a dynamic class, then the puts after it. `results` are those of the transaction, which ends with this put. */
  const provided = (
    puts: ReadonlyArray<ValidatedPut>,
    handle: BatchHandle,
    from: number,
    decision: Decision,
    results: Array<PutResult>
  ): Effect.Effect<Results> => {
    const at = results.length - 1
    const rest = puts.slice(results.length)
    const call = { ...handle, progress: (report: ProgressReport) => handle.progress(from + at, report) }
    // The puts before it are stored and keep their results, however the call of the providers ends.
    return Effect.flatMap(Effect.exit(providers.put(decision, puts[at]!, call)), (exit) => {
      results[at] = resultOf(exit, "asking the providers died")
      if (rest.length === 0) return Effect.succeed(results)
      const isStopped = handle.cancelled() || (Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause))
      // A failure after part of a batch was stored is the result of the puts that it prevents, not of the batch.
      const allFail = (error: PutError): Effect.Effect<Results> => Effect.succeed(rest.map(() => error))
      const after = isStopped
        ? allFail(new CallCancelled({}))
        : Effect.catchAll(putBatch(rest, handle, from + results.length), allFail)
      return Effect.map(after, (restResults) => [...results, ...restResults])
    })
  }
  return putBatch
}

const repositoryOf = (store: NamespaceStore, providers: Registry, publish: Publish): Repository => {
  const admitBatch = admission(store)
  const committed = <A extends Decision | DeleteDecision, E extends WbemError>(decided: Decided<A, E>): void => {
    if (Either.isRight(decided)) publish(decided.right.events)
  }
  return {
    admit: (put) =>
      Eager.flatMap(
        admitBatch([put]),
        ([refusal]): Effect.Effect<void, StartError> => refusal === undefined ? Effect.void : Either.left(refusal)
      ),
    admitBatch,
    put: (valid, call) =>
      Eager.flatMap(
        store.modify(() => ReadSet.of(valid.put), (snapshot) => stepOf(PutEngine.decide(snapshot, valid)), committed),
        (decided): Effect.Effect<PutReport, PutError> =>
          Either.isLeft(decided)
            ? Either.left(decided.left)
            : decided.right.delegate.length === 0
            ? Effect.succeed(decided.right.report)
            : providers.put(decided.right, valid, call)
      ),
    putBatch: batchPuts(store, providers, publish),
    relPath: (put) =>
      Effect.catchAll(
        store.readCached(() => ReadSet.schema(put.namespace), (snapshot) => PutEngine.relPath(snapshot, put)),
        () => Effect.succeed(undefined)
      ),
    delete: (request) =>
      Effect.flatMap(
        store.modify(
          () => ReadSet.ofPath(request.namespace, request.path),
          (snapshot) => stepOf(DeleteEngine.decide(snapshot, request)),
          committed
        ),
        (decided) =>
          Either.isRight(decided) && decided.right.delegate.length > 0
            ? providers.delete(decided.right, request)
            : Either.map(decided, ({ path }) => path)
      ),
    get: (request) =>
      Effect.flatMap(
        Effect.flatten(store.read(
          () => {
            const { locales, namespace, path } = request
            return ReadSet.union([
              ReadSet.ofPath(namespace, path),
              ReadSet.schema(...localeNamespaces(namespace, locales))
            ])
          },
          (snapshot) => GetEngine.decide(snapshot, request)
        )),
        (decision): Effect.Effect<WbemObject, GetError> =>
          GetEngine.isProvided(decision)
            ? Effect.map(
              providers.get(decision, { ...request, path: decision.path }),
              (instance) => GetEngine.withAmended(instance, decision.isAmended)
            )
            : Effect.succeed(decision)
      )
  }
}

const namespacesOf = (
  store: NamespaceStore,
  within: string | undefined
): Effect.Effect<ReadonlyArray<string>, ListError> =>
  within === undefined
    ? store.namespaces
    : Effect.flatMap(store.namespaces, (names): Either.Either<ReadonlyArray<string>, ListError> => {
      const below = names.filter((name) => CimName.fold(`${name}\\`).startsWith(CimName.fold(`${within}\\`)))
      return below.length === 0 ? Either.left(namespaceNotFound(within)) : Either.right(below)
    })

const readerOf = (store: NamespaceStore): NamespaceReader => {
  /** Lists the content of a namespace. Unreadable rows are left out, with a warning. */
  const list = <A>(
    namespace: string,
    locales: ReadonlyArray<string> | undefined,
    query: (snapshot: Snapshot.Snapshot) => Decided<A, ListError>
  ): Effect.Effect<A, ListError> =>
    Effect.flatMap(
      store.read(
        () => ({ namespaces: [namespace, ...localeNamespaces(namespace, locales)], targets: [] }),
        (snapshot) => [query(snapshot), Snapshot.unreadable(snapshot, namespace)] as const
      ),
      ([listed, unreadable]) =>
        unreadable.length === 0 ? listed : Effect.flatMap(warnUnreadable(unreadable), () => listed)
    )
  return {
    namespaces: (within) => namespacesOf(store, within),
    classes: (namespace, options) =>
      list(namespace, options?.locales, (snapshot) => GetEngine.classes(snapshot, namespace, options)),
    instancesOf: (namespace, className, options) =>
      list(namespace, options?.locales, (snapshot) => GetEngine.instancesOf(snapshot, namespace, className, options))
  }
}

/**
 * The services of an emulated repository over a store.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (store: NamespaceStore, providers: Registry): Context.Context<Services> => {
  const hub = makeHub()
  return Context.empty().pipe(
    Context.add(Repository, repositoryOf(store, providers, hub.unsafePublish)),
    Context.add(Planner, {
      plan: (valid) =>
        Effect.flatten(store.read(() => ReadSet.of(valid.put), (snapshot) => PutEngine.decide(snapshot, valid)))
    }),
    Context.add(NamespaceReader, readerOf(store)),
    Context.add(NamespaceState, store),
    Context.add(NamespaceEvents, hub)
  )
}

/**
 * The emulator over the store that is provided, with the providers of `InstanceProviders`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Services, never, NamespaceStore> = /* @__PURE__ */ Layer.effectContext(
  /* @__PURE__ */ Effect.flatMap(
    NamespaceStore,
    (store) => Effect.map(InstanceProviders, (providers) => make(store, providers))
  )
)
