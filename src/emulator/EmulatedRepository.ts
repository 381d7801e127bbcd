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
import { hasLocalizedText, localeNamespaces, localized } from "../engine/classes/amendment.ts"
import type { Decision, DeleteDecision, ProviderCall } from "../engine/Decision.ts"
import * as DeleteEngine from "../engine/DeleteEngine.ts"
import * as ReadSet from "../engine/ReadSet.ts"
import type { ResolvedClass } from "../engine/classes/ResolvedClass.ts"
import * as PutEngine from "../engine/PutEngine.ts"
import type { ValidatedPut } from "../engine/PutRules.ts"
import { accessError, admissionError, namespaceNotFound } from "../engine/rules/access.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { securityRoot } from "../engine/state/namespaceTables.ts"
import { resolved } from "../engine/values.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { Instance, WbemObject } from "../model/WbemObject.ts"
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
import * as Eager from "../internal/eager.ts"
import { tellUnreadable } from "../pipeline/unreadable.ts"
import { type BatchHandle, type GetRequest, outcomeOf, type PutResult, Repository } from "../pipeline/Repository.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { ProgressReport } from "../protocol/SinkEvent.ts"
import { NamespaceStore, type Step } from "./NamespaceStore.ts"
import type { StoreFailure } from "./StoreFailure.ts"
import { InstanceProviders, type Registry } from "./providers/providerRegistry.ts"

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

/** The puts of a batch that write a row which the database does not take, as far as the failure says so. */
const refusedPuts = (tried: ReadonlyArray<Decision | WbemError>, { cause }: WbemError): ReadonlySet<number> => {
  // By tag, so that a program without a database does not ship the class.
  const failure = cause as StoreFailure | undefined
  const rows = failure?._tag === "StoreFailure" ? failure.rows ?? [] : []
  const isRefused = ({ row }: Change): boolean =>
    rows.some(({ key, namespace, root }) => row.key === key && row.root === root && row.namespace === namespace)
  const found = new Set<number>()
  if (rows.length === 0) return found
  tried.forEach((decided, i) => {
    if (!isWbemError(decided) && decided.changes.some(isRefused)) found.add(i)
  })
  return found
}

const answerOf = (decided: Decision | WbemError): PutResult => isWbemError(decided) ? decided : decided.report

/** An instance that a provider has, the path to ask it for, and whether its class reads with text. */
type Served = ProviderCall & { readonly path: ObjectPath; readonly isAmended: boolean }

/** An object, or who has it. */
type Seen = WbemObject | Served

/** An instance has no text of its own, but what was merged into its class is said of it (PA-91). */
const marked = (instance: Instance, isAmended: boolean): Instance =>
  isAmended ? Object.freeze({ ...instance, amended: true }) : instance

const isServed = (seen: Seen): seen is Served => !("_tag" in seen)

const look = (snapshot: Snapshot.Snapshot, { call, locales, namespace, path }: GetRequest): Decided<Seen> => {
  const refusal = admissionError(snapshot, call, namespace)
  if (refusal !== undefined) return Either.left(refusal)
  return Either.flatMap(DeleteEngine.objectOf(path, namespace, call.server), (target): Decided<Seen> => {
    const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, target.className!)
    if (target.singleton || target.keys.length > 0) {
      const secret = resolvedClass?.root === securityRoot
        ? accessError(snapshot, call, namespace, "ReadControl", "put-async 10")
        : undefined
      if (secret !== undefined) return Either.left(secret)
      const withText = (resolvedClass: ResolvedClass): boolean =>
        locales !== undefined && hasLocalizedText(snapshot, namespace, resolvedClass, locales)
      if (resolvedClass?.isDynamic === true) {
        return Either.map(
          DeleteEngine.served(snapshot, namespace, target, call.server),
          (provider) => ({ ...provider, isAmended: withText(resolvedClass) })
        )
      }
      return Either.map(
        DeleteEngine.find(snapshot, namespace, target),
        (found) => marked(resolved(found.resolvedClass, found.instance), withText(found.resolvedClass))
      )
    }
    if (resolvedClass === undefined) return Either.left(new NotFound({ path: target }))
    const { definition } = resolvedClass
    return Either.right(locales === undefined ? definition : localized(snapshot, namespace, definition, locales))
  })
}

/** Storage that cannot be asked refuses the call at the start; nothing was sent (`put-async` 3, row 6). */
const unreachable = (error: WbemError): TransportFailure =>
  new TransportFailure({ sent: false, rule: "put-async 3.6", detail: error.message, cause: error })

/** What a look reads: the object, and the namespaces of the locales whose text it asks for. */
const readBy = ({ locales, namespace, path }: GetRequest): ReadSet.ReadSet =>
  ReadSet.union([ReadSet.ofPath(namespace, path), ReadSet.schema(...localeNamespaces(namespace, locales))])

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
    const readSet = (): ReadSet.ReadSet => ReadSet.union(puts.map((put) => ReadSet.schema(put.namespace)))
    const look = (snapshot: Snapshot.Snapshot): ReadonlyArray<StartError | undefined> =>
      puts.map((put) => {
        try {
          return PutEngine.admit(snapshot, put)
        } catch (error) {
          if (isWbemError(error)) return unreachable(error) // what says who may do what cannot be read
          throw error
        }
      })
    const isAdmitted = (refusals: ReadonlyArray<StartError | undefined>): boolean =>
      refusals.every((refusal) => refusal === undefined)
    return Eager.suspend(() => {
      const known = Eager.start(store.readCached(readSet, look))
      return Eager.isSuccess(known) && isAdmitted(known.value) ? known : Effect.catchAll(
        Effect.flatMap(
          known,
          (refusals) => isAdmitted(refusals) ? Effect.succeed(refusals) : store.read(readSet, look)
        ),
        (error) => Effect.succeed(puts.map(() => unreachable(error)))
      )
    })
  }
  const putBatch = (
    puts: ReadonlyArray<ValidatedPut>,
    open: BatchHandle,
    from = 0
  ): Effect.Effect<ReadonlyArray<PutResult>, WbemError> =>
    Effect.suspend(() => {
      let tried: ReadonlyArray<Decision | WbemError> = []
      const decide = (snapshot: Snapshot.Snapshot) => {
        const step = batch(snapshot, puts)
        tried = step.result
        return step
      }
      return Effect.catchAll(stored(puts, decide, open, from), (error) => {
        const refused = refusedPuts(tried, error)
        return refused.size === 0 ? Effect.fail(error) : withoutRefused(puts, open, from, refused, error)
      })
    })
  /** The puts of a batch without those whose rows the database does not take; these are refused alone. */
  const withoutRefused = (
    puts: ReadonlyArray<ValidatedPut>,
    open: BatchHandle,
    from: number,
    refused: ReadonlySet<number>,
    error: WbemError
  ): Effect.Effect<ReadonlyArray<PutResult>, WbemError> => {
    const kept = puts.flatMap((_, i) => refused.has(i) ? [] : [i])
    const call: BatchHandle = { ...open, progress: (at, report) => open.progress(from + kept[at]!, report) }
    const others = kept.length === 0 ? Effect.succeed([]) : putBatch(kept.map((i) => puts[i]!), call)
    return Effect.map(others, (answers) => {
      const found: Array<PutResult> = puts.map(() => error)
      kept.forEach((i, k) => {
        found[i] = answers[k]!
      })
      return found
    })
  }
  const stored = (
    puts: ReadonlyArray<ValidatedPut>,
    decide: (snapshot: Snapshot.Snapshot) => Step<ReadonlyArray<Decision | WbemError>>,
    open: BatchHandle,
    from: number
  ): Effect.Effect<ReadonlyArray<PutResult>, WbemError> =>
    Effect.flatMap(
      store.modify(
        () => ReadSet.union(puts.map(({ put }) => ReadSet.of(put))),
        decide,
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
    open: BatchHandle,
    from: number,
    decision: Decision,
    found: Array<PutResult>
  ): Effect.Effect<ReadonlyArray<PutResult>> => {
    const at = found.length - 1
    const rest = puts.slice(found.length)
    const call = { ...open, progress: (report: ProgressReport) => open.progress(from + at, report) }
    // What stands before is stored already and keeps its answer, however the wait for the providers ends.
    return Effect.flatMap(Effect.exit(providers.put(decision, puts[at]!, call)), (exit) => {
      found[at] = outcomeOf(exit, "asking the providers died")
      if (rest.length === 0) return Effect.succeed(found)
      const stopped = open.cancelled() || (Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause))
      // A failure that comes after part of a batch was stored belongs to the puts it keeps from being stored, not to the batch.
      const kept = (error: WbemError): Effect.Effect<ReadonlyArray<PutResult>> => Effect.succeed(rest.map(() => error))
      const after = stopped
        ? kept(new CallCancelled({}))
        : Effect.catchAll(putBatch(rest, open, from + found.length), kept)
      return Effect.map(after, (more) => [...found, ...more])
    })
  }
  const repository: Repository = {
    admit: (put) =>
      Eager.flatMap(
        admitBatch([put]),
        ([refusal]): Effect.Effect<void, StartError> => refusal === undefined ? Effect.void : Either.left(refusal)
      ),
    admitBatch,
    put: (valid, call) =>
      Eager.flatMap(
        store.modify(() => ReadSet.of(valid.put), (snapshot) => single(PutEngine.decide(snapshot, valid)), tell),
        (decided): Effect.Effect<PutReport, WbemError> =>
          Either.isLeft(decided)
            ? Either.left(decided.left)
            : decided.right.delegate.length === 0
            ? Effect.succeed(decided.right.report)
            : providers.put(decided.right, valid, call)
      ),
    putBatch,
    relPath: (put) =>
      Effect.catchAll(
        store.readCached(() => ReadSet.schema(put.namespace), (snapshot) => PutEngine.relPath(snapshot, put)),
        () => Effect.succeed(undefined)
      ),
    delete: (request) =>
      Effect.flatMap(
        store.modify(
          () => ReadSet.ofPath(request.namespace, request.path),
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
        (seen): Effect.Effect<WbemObject, WbemError> => {
          if (Either.isLeft(seen)) return Either.left(seen.left)
          const found = seen.right
          if (!isServed(found)) return Either.right(found)
          const asked = providers.get(found, { ...request, path: found.path })
          return Effect.map(asked, (instance) => marked(instance, found.isAmended))
        }
      )
  }
  /** A list of what is in a namespace. What cannot be read is left out, with a warning. */
  const within = <A>(
    namespace: string,
    others: ReadonlyArray<string>,
    see: (snapshot: Snapshot.Snapshot) => Decided<A>
  ): Effect.Effect<A, WbemError> =>
    Effect.flatMap(
      store.read(
        () => ({ namespaces: [namespace, ...others], targets: [] }),
        (snapshot) => ({
          listed: Snapshot.namespaceName(snapshot, namespace) === undefined
            ? Either.left(namespaceNotFound(namespace))
            : see(snapshot),
          unreadable: Snapshot.unreadable(snapshot, namespace)
        })
      ),
      ({ listed, unreadable }) => unreadable.length === 0 ? listed : Effect.zipRight(tellUnreadable(unreadable), listed)
    )
  return Context.empty().pipe(
    Context.add(Repository, repository),
    Context.add(Planner, {
      plan: (valid) =>
        Effect.flatten(store.read(() => ReadSet.of(valid.put), (snapshot) => PutEngine.decide(snapshot, valid)))
    }),
    Context.add(NamespaceReader, {
      namespaces: store.namespaces,
      classes: (namespace, options) =>
        within(namespace, localeNamespaces(namespace, options?.locales), (snapshot) => {
          const found = Snapshot.classes(snapshot, namespace, options)
          const locales = options?.locales
          return Either.right(
            locales === undefined ? found : found.map((one) => localized(snapshot, namespace, one, locales))
          )
        }),
      instancesOf: (namespace, className, options) =>
        within(
          namespace,
          localeNamespaces(namespace, options?.locales),
          (snapshot) => {
            if (Snapshot.resolvedClass(snapshot, namespace, className) === undefined) {
              return Either.left(new InvalidClass({ className, detail: `not in ${namespace}` }))
            }
            const found = Snapshot.instances(snapshot, namespace, className, { deep: options?.deep ?? true })
            const locales = options?.locales
            return Either.right(
              locales === undefined ? found : found.map((one) => {
                const resolvedClass = Snapshot.resolvedClass(snapshot, namespace, one.className)!
                return marked(one, hasLocalizedText(snapshot, namespace, resolvedClass, locales))
              })
            )
          }
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
  /* @__PURE__ */ Effect.flatMap(
    NamespaceStore,
    (store) => Effect.map(InstanceProviders, (providers) => make(store, providers))
  )
)
