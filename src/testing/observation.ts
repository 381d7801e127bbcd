/**
 * A decorator of the services of a repository: every call is announced to an observer before it is made, and its end after it. The
 * observer decides what happens to the call. The test kit and the recorder are observers.
 *
 *     program -> observed Repository -> begin (faults, log) -> [delay] -> real Repository -> [answer lost] -> end (log) -> program
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberRef from "effect/FiberRef"
import type { ValidatedPut } from "../engine/PutRules.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import { className } from "../model/WbemObject.ts"
import { cutPosition } from "../pipeline/BulkPut.ts"
import { NamespaceReader } from "../pipeline/NamespaceReader.ts"
import { NamespaceState } from "../pipeline/NamespaceState.ts"
import { Planner } from "../pipeline/Planner.ts"
import { type BatchHandle, errorOf, type PutResult, Repository } from "../pipeline/Repository.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import * as StatusError from "../protocol/StatusError.ts"
import {
  CallCancelled,
  type DeleteError,
  Failed,
  type GetError,
  isWbemError,
  type ListError,
  type PutError,
  TransportFailure,
  type WbemError
} from "../protocol/WbemError.ts"
import type { ListRequest, Verb } from "./CallLog.ts"
import type { Fault } from "./Fault.ts"

/** A call before it is made. */
export interface Begun {
  readonly verb: Verb
  readonly time: number
  readonly namespace: string | undefined
  readonly className: string | undefined
  readonly path: string | undefined
  /** The `request` of the call in the log. */
  readonly request: unknown
  readonly bulk: boolean
  readonly batch: number | undefined
  readonly admitted: boolean
}

/** What is done to a call, and what is called with its end. */
export interface Step {
  /** Zero for a call that does not wait. */
  readonly delay: Duration.Duration
  /** In place of the call. */
  readonly instead: { readonly _tag: "Fail"; readonly error: WbemError } | {
    readonly _tag: "Die"
    readonly defect: unknown
  } | undefined
  /** The rule that drops the answer. */
  readonly losesAnswer: Fault | undefined
  /** `hidden` is the end that the call had before its answer was lost. The effect runs before the call returns. */
  readonly end: (
    exit: Exit.Exit<unknown, WbemError>,
    hidden: Exit.Exit<unknown, WbemError> | undefined
  ) => Effect.Effect<void>
}

/** What is done to a bulk transaction, and the rules that do it. */
export interface BatchStep {
  readonly step: Omit<Step, "end">
  readonly faults: ReadonlyArray<Fault>
}

/** A step that changes nothing. */
export const untouched = (end: Step["end"]): Step => ({
  delay: Duration.zero,
  instead: undefined,
  losesAnswer: undefined,
  end
})

/** What is called at the calls of a repository. */
export interface Observer {
  /** The put as the repository is given it; called once for each put. */
  readonly prepare: (put: ValidatedPut) => ValidatedPut
  /** Called before `prepare`: once for each single put, for each plan and for each bulk transaction. */
  readonly nextCall: () => void
  /** `batch` is what is done to the bulk transaction of a put. */
  readonly begin: (call: Begun, batch?: BatchStep) => Step
  /** A bulk transaction, before its puts begin. */
  readonly beginBatch: (puts: ReadonlyArray<DecodedPut>) => BatchStep
}

/** Whether calls of the fiber are observed. */
export const isObserved: FiberRef.FiberRef<boolean> = /* @__PURE__ */ FiberRef.unsafeMake(true)

/** The error of a lost answer. */
export const answerLost = (rule: Fault): TransportFailure =>
  new TransportFailure({ sent: true, detail: `fault rule: ${String(rule)}` })

type Wait<E> = (wait: () => Effect.Effect<void>) => Effect.Effect<void, E>

/** An error of a rule as an error of the verb: a status that the union of the verb does not have is a `WbemOther`. */
type Narrow<E> = (error: WbemError) => E

const putError: Narrow<PutError> = (error) => StatusError.narrow("PutError", error)
const getError: Narrow<GetError> = (error) => StatusError.narrow("GetError", error)
const deleteError: Narrow<DeleteError> = (error) => StatusError.narrow("DeleteError", error)
const listError: Narrow<ListError> = (error) => StatusError.narrow("ListError", error)
/** A list of namespaces has no union of a verb: a rule may give it a status that no store has. */
const storeError = listError as Narrow<never>

/** The wait may be interrupted even where the call may not: the call has not begun. */
const slept = <E>(delay: Duration.Duration, wait: Wait<E>): Effect.Effect<void, E> =>
  Duration.equals(delay, Duration.zero) ? Effect.void : wait(() => Effect.interruptible(Effect.sleep(delay)))

const plainly: Wait<never> = (wait) => wait()

const requestOf = ({ asyncContext, context, flags, namespace, object }: DecodedPut): PutRequest.PutRequest =>
  PutRequest.make(object, { namespace, flags, context, asyncContext })

/** What comes in place of a call; `undefined` if the call is made. */
const insteadOf = <E>({ instead }: Pick<Step, "instead">, narrow: Narrow<E>): Effect.Effect<never, E> | undefined =>
  instead === undefined
    ? undefined
    : instead._tag === "Fail"
    ? Effect.fail(narrow(instead.error))
    : Effect.die(instead.defect)

/** A call with one step: the wait, the call or what comes in its place, the end. */
const stepped = <A, E extends WbemError>(
  step: Step,
  narrow: Narrow<E>,
  wait: Wait<E>,
  call: Effect.Effect<A, E>
): Effect.Effect<A, E> => {
  const { delay, end, instead, losesAnswer } = step
  const made = insteadOf(step, narrow) ?? call
  return Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.exit(restore(Effect.zipRight(slept(delay, wait), made))), (exit) => {
      // A call that was interrupted while it waited was not made, so it has no answer to lose.
      const wasMade = instead === undefined && !(Exit.isFailure(exit) && Cause.isInterrupted(exit.cause))
      const lost = wasMade ? losesAnswer : undefined
      const ended: Exit.Exit<A, E> = lost === undefined ? exit : Exit.fail(narrow(answerLost(lost)))
      return Effect.zipRight(end(ended, lost === undefined ? undefined : exit), ended)
    })
  )
}

/** Runs the observed form of a call, or the real one where the fiber is not observed. */
const where = <A, E>(
  real: () => Effect.Effect<A, E>,
  observed: (time: number) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.flatMap(
    FiberRef.get(isObserved),
    (on) =>
      on
        ? Effect.clockWith((clock) => Effect.suspend(() => observed(clock.unsafeCurrentTimeMillis())))
        : Effect.suspend(real)
  )

export const relPathOf = (path: ObjectPath.ObjectPath): string => ObjectPath.relPath(ObjectPath.sorted(path))

const exitOf = (result: PutResult): Exit.Exit<unknown, WbemError> =>
  isWbemError(result) ? Exit.fail(result) : Exit.succeed(result)

/** The result of a put that a repository gave no result for, as in a bulk run. */
const unanswered = (): Failed => new Failed({ detail: "the repository gave no answer" })

/** The observed repository. */
const repositoryOf = (real: Repository, observer: Observer): Repository => {
  let batches = 0
  /** Completes when the paths of all earlier puts are read. */
  let earlierPaths: Effect.Effect<void> = Effect.void
  /** Puts are made in the order of their calls (PA-32), although the path of one may take a read of the store. */
  const inOrder = <A>(paths: Effect.Effect<A>): Effect.Effect<A> =>
    Effect.suspend(() => {
      const before = earlierPaths
      const read = Effect.unsafeMakeLatch()
      earlierPaths = read.await
      return Effect.ensuring(Effect.zipRight(before, paths), read.open)
    })
  /** A repository that fails or dies while it forms a path has none. */
  const pathOf = (put: DecodedPut): Effect.Effect<string | undefined> =>
    put.object._tag === "Class"
      ? Effect.succeed(put.object.name)
      : Effect.catchAllCause(Effect.suspend(() => real.relPath(put)), () => Effect.succeed(undefined))
  const begun = (
    put: DecodedPut,
    path: string | undefined,
    time: number,
    more: Pick<Begun, "bulk" | "batch" | "admitted">
  ): Begun => ({
    verb: "put",
    time,
    namespace: put.namespace,
    className: className(put.object),
    path,
    request: requestOf(put),
    ...more
  })
  const refused = (put: DecodedPut, time: number, bulk: boolean, error: WbemError): Effect.Effect<void> =>
    Effect.flatMap(pathOf(put), (path) => {
      observer.nextCall()
      return observer.begin(begun(put, path, time, { bulk, batch: undefined, admitted: false })).end(
        Exit.fail(error),
        undefined
      )
    })

  const putBatch = (
    given: ReadonlyArray<ValidatedPut>,
    handle: BatchHandle,
    paths: ReadonlyArray<string | undefined>,
    time: number
  ): Effect.Effect<ReadonlyArray<PutResult>, PutError> => {
    observer.nextCall()
    const batch = ++batches
    const puts = given.map((put) => observer.prepare(put))
    const begunBatch = observer.beginBatch(puts.map(({ put }) => put))
    const whole = begunBatch.step
    const steps = puts.map(({ put }, i) =>
      observer.begin(begun(put, paths[i], time, { bulk: true, batch, admitted: true }), begunBatch)
    )
    const made = steps.flatMap(({ instead }, i) => instead === undefined ? [i] : [])
    // A connection makes its calls one after another, so their delays add up, as those of single puts do.
    const delay = steps.reduce((sum, step) => Duration.sum(sum, step.delay), whole.delay)
    const transaction = insteadOf(whole, putError)
      ?? (made.length === 0 ? Effect.succeed([]) : Effect.suspend(() =>
        real.putBatch(made.map((i) => puts[i]!), {
          progress: (at, report) => handle.progress(made[at]!, report),
          unlessCancelled: (wait) => handle.unlessCancelled(wait),
          cancelled: () => handle.cancelled()
        })
      ))
    const run = Effect.exit(Effect.zipRight(slept(delay, (wait) => handle.unlessCancelled(wait)), transaction))
    const resultOf = (i: number, stored: PutResult): PutResult => {
      const { instead, losesAnswer } = steps[i]!
      if (instead !== undefined) {
        return instead._tag === "Fail"
          ? putError(instead.error)
          : errorOf(Cause.die(instead.defect), "the repository died")
      }
      return losesAnswer === undefined ? stored : answerLost(losesAnswer)
    }
    return Effect.flatMap(run, (exit) => {
      const lost = whole.instead === undefined && Exit.isSuccess(exit) ? whole.losesAnswer : undefined
      if (Exit.isFailure(exit) || lost !== undefined) {
        const interrupted = Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause)
        const failed: Exit.Exit<never, PutError> = lost !== undefined
          ? Exit.fail(answerLost(lost))
          : interrupted
          ? Exit.fail(new CallCancelled({}))
          : exit as Exit.Exit<never, PutError>
        const hidden = (i: number): Exit.Exit<unknown, WbemError> | undefined => {
          const at = made.indexOf(i)
          return Exit.isSuccess(exit) && at >= 0 ? exitOf(exit.value[at] ?? unanswered()) : undefined
        }
        return Effect.zipRight(
          Effect.forEach(steps, (step, i) => step.end(failed, hidden(i)), { discard: true }),
          failed
        )
      }
      const results: Array<PutResult> = []
      let at = 0
      const ends = steps.map((step, i) => {
        const stored = step.instead === undefined ? exit.value[at++] ?? unanswered() : undefined
        const result = resultOf(i, stored!)
        results.push(result)
        return step.end(
          exitOf(result),
          step.losesAnswer !== undefined && stored !== undefined ? exitOf(stored) : undefined
        )
      })
      return Effect.as(Effect.forEach(ends, (end) => end, { discard: true }), results)
    })
  }

  return {
    admit: (put) =>
      where(
        () => real.admit(put),
        (time) => Effect.tapError(real.admit(put), (error) => refused(put, time, false, error))
      ),
    admitBatch: (puts) =>
      where(
        () => real.admitBatch(puts),
        (time) =>
          Effect.tap(real.admitBatch(puts), (refusals) =>
            // A batch that is cut is admitted again in two parts, so its refusals are not final.
            cutPosition(puts, refusals) >= 0 ? Effect.void : Effect.forEach(
              refusals,
              (error, i) => error === undefined ? Effect.void : refused(puts[i]!, time, true, error),
              { discard: true }
            ))
      ),
    put: (given, call) =>
      where(
        () => real.put(given, call),
        (time) =>
          Effect.flatMap(inOrder(pathOf(given.put)), (path) => {
            observer.nextCall()
            const valid = observer.prepare(given)
            const step = observer.begin(
              begun(valid.put, path, time, { bulk: false, batch: undefined, admitted: true })
            )
            return stepped(
              step,
              putError,
              (wait) => call.unlessCancelled(wait),
              Effect.suspend(() => real.put(valid, call))
            )
          })
      ),
    putBatch: (puts, batch) =>
      where(
        () => real.putBatch(puts, batch),
        (time) =>
          Effect.flatMap(
            inOrder(Effect.forEach(puts, ({ put }) => pathOf(put))),
            (paths) => putBatch(puts, batch, paths, time)
          )
      ),
    relPath: (put) => real.relPath(put),
    delete: (request) =>
      where(() => real.delete(request), (time) => {
        const { flags, namespace, path } = request
        const step = observer.begin(objectCall("delete", namespace, path, { path, flags }, time))
        return stepped(step, deleteError, plainly, Effect.suspend(() => real.delete(request)))
      }),
    get: (request) =>
      where(() => real.get(request), (time) => {
        const { locales, namespace, path } = request
        const step = observer.begin(objectCall("get", namespace, path, { path, locales }, time))
        return stepped(step, getError, plainly, Effect.suspend(() => real.get(request)))
      })
  }
}

const objectCall = (
  verb: "get" | "delete",
  namespace: string,
  path: ObjectPath.ObjectPath,
  request: unknown,
  time: number
): Begun => ({ ...noObject(verb, request, time), namespace, className: path.className, path: relPathOf(path) })

const noObject = (verb: Verb, request: unknown, time: number): Begun => ({
  verb,
  time,
  namespace: undefined,
  className: undefined,
  path: undefined,
  request,
  bulk: false,
  batch: undefined,
  admitted: true
})

const readerOf = (real: NamespaceReader, observer: Observer): NamespaceReader => {
  const listed = <A>(
    request: ListRequest,
    namespace: string | undefined,
    name: string | undefined,
    call: Effect.Effect<A, ListError>
  ): Effect.Effect<A, ListError> =>
    where(() => call, (time) => {
      const step = observer.begin({ ...noObject("list", request, time), namespace, className: name })
      return stepped(step, listError, plainly, call)
    })
  return {
    namespaces: (within) =>
      listed({ of: "namespaces" }, within, undefined, Effect.suspend(() => real.namespaces(within))),
    classes: (namespace, options) =>
      listed(
        { of: "classes", ...options },
        namespace,
        undefined,
        Effect.suspend(() => real.classes(namespace, options))
      ),
    instancesOf: (namespace, name, options) =>
      listed(
        { of: "instances", ...options },
        namespace,
        name,
        Effect.suspend(() => real.instancesOf(namespace, name, options))
      )
  }
}

/** No rule hits the calls of the state. */
const stateOf = (real: NamespaceState, observer: Observer): NamespaceState => {
  const observed = <A, E extends WbemError>(
    verb: "snapshot" | "restore",
    call: Effect.Effect<A, E>
  ): Effect.Effect<A, E> =>
    where(() => call, (time) => stepped(observer.begin(noObject(verb, {}, time)), storeError, plainly, call))
  return {
    snapshot: observed("snapshot", real.snapshot),
    restore: (snapshot) => observed("restore", Effect.suspend(() => real.restore(snapshot)))
  }
}

const plannerOf = (real: Planner, repository: Repository, observer: Observer): Planner => ({
  plan: (given) =>
    where(
      () => real.plan(given),
      (time) =>
        Effect.flatMap(Effect.catchAllCause(repository.relPath(given.put), () => Effect.succeed(undefined)), (path) => {
          observer.nextCall()
          const valid = observer.prepare(given)
          const { put } = valid
          const step = observer.begin({
            ...noObject("plan", requestOf(put), time),
            namespace: put.namespace,
            className: className(put.object),
            path
          })
          return stepped(step, putError, plainly, Effect.suspend(() => real.plan(valid)))
        })
    )
})

/** The services with `Repository`, and those of `NamespaceReader`, `NamespaceState` and `Planner` that are there, replaced by observed ones. */
export const observe = <R>(
  services: Context.Context<R | Repository>,
  observer: Observer
): Context.Context<R | Repository> => {
  const real = Context.get(services as Context.Context<Repository>, Repository)
  let observed = Context.add(services, Repository, repositoryOf(real, observer)) as Context.Context<R | Repository>
  const reader = Context.getOption(services, NamespaceReader)
  if (reader._tag === "Some") {
    observed = Context.add(observed, NamespaceReader, readerOf(reader.value, observer)) as typeof observed
  }
  const state = Context.getOption(services, NamespaceState)
  if (state._tag === "Some") {
    observed = Context.add(observed, NamespaceState, stateOf(state.value, observer)) as typeof observed
  }
  const planner = Context.getOption(services, Planner)
  if (planner._tag === "Some") {
    observed = Context.add(observed, Planner, plannerOf(planner.value, real, observer)) as typeof observed
  }
  return observed
}
