/**
 * Asking the providers that a decision names, topmost class first (IR-1 to IR-8). No transaction is open meanwhile: what one
 * provider did stays when the next one refuses (IR-9).
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import type { ProviderCall } from "../../engine/Decision.ts"
import { format, type ObjectPath, relPath } from "../../model/ObjectPath.ts"
import type { CallHandle } from "../../pipeline/Repository.ts"
import { extendedOf } from "../../protocol/ExtendedStatus.ts"
import { isFailure } from "../../protocol/HResult.ts"
import * as PathText from "../../protocol/PathText.ts"
import * as PutContext from "../../protocol/PutContext.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import type { PutReport } from "../../protocol/PutReport.ts"
import * as StatusError from "../../protocol/StatusError.ts"
import type { WbemErrorOptions } from "../../protocol/wbemErrorBase.ts"
import {
  isWbemError,
  ProviderFailure,
  ProviderLoadFailure,
  ProviderNotCapable,
  type WbemError
} from "../../protocol/WbemError.ts"
import { type InstanceProvider, notRegistered, type ProviderAnswer, type Registry } from "./providerRegistry.ts"

/** A provider with the call that is meant for it. */
interface Found extends ProviderCall {
  readonly served: InstanceProvider
}

/** Looks a provider up by its name. */
type Find = (name: string) => InstanceProvider | Effect.Effect<InstanceProvider, unknown> | undefined

const load = (find: Find, call: ProviderCall): Effect.Effect<Found, WbemError> => {
  const registered = find(call.provider)
  if (registered === undefined) return Either.left(notRegistered(call))
  return Effect.isEffect(registered)
    ? Effect.matchCauseEffect(registered, {
      onFailure: (cause) =>
        Either.left(
          new ProviderLoadFailure({
            provider: call.provider,
            rule: "IR-1",
            detail: "it could not be loaded",
            cause: Cause.squash(cause)
          })
        ),
      onSuccess: (served) => Either.right({ ...call, served })
    })
    : Either.right({ ...call, served: registered })
}

/** All of them, before the first is asked: each is registered, can be loaded, and supports the verb (IR-3). */
const ready = (
  find: Find,
  calls: ReadonlyArray<ProviderCall>,
  verb: keyof InstanceProvider
): Effect.Effect<ReadonlyArray<Found>, WbemError> =>
  Effect.flatMap(Effect.forEach(calls, (call) => load(find, call)), (found) => {
    const incapable = found.find(({ served }) => served[verb] === undefined)
    return incapable === undefined ? Either.right(found) : Either.left(
      new ProviderNotCapable({ provider: incapable.provider, rule: "IR-2", detail: `it does not support ${verb}` })
    )
  })

type Constructor = new (facts: object) => WbemError

/** The same error with more said about it. A provider may hand out one error many times, so it is not altered. */
const withFacts = (error: WbemError, facts: WbemErrorOptions): WbemError =>
  // A class of the library takes its own facts again.
  new (error.constructor as Constructor)({ ...error, cause: error.cause, ...facts })

/** WMI sets `ProviderName`, and to its own name also for the error of a provider (`errors` 5.1); the rest stays (IR-8, EO-2). */
const providerName = "WinMgmt"

const named = (error: WbemError): WbemError => {
  const given = extendedOf(error)
  return given === undefined || (given.values["ProviderName"] ?? providerName) === providerName
    ? error
    : withFacts(error, { extended: { ...given, values: { ...given.values, ProviderName: providerName } } })
}

const failed = (provider: string, cause: Cause.Cause<WbemError>): WbemError => {
  const failure = Cause.failureOrCause(cause)
  const error = Either.isLeft(failure) && isWbemError(failure.left) ? failure.left : new ProviderFailure({
    provider,
    rule: "IR-6",
    detail: "it threw",
    cause: Either.isLeft(failure) ? failure.left : Cause.squash(failure.right)
  })
  return named(error)
}

/** What one provider came to. A function, because a provider may throw before it has made an Effect. */
const asked = <A>(provider: string, ask: () => Effect.Effect<A, WbemError>): Effect.Effect<A, WbemError> =>
  Effect.catchAllCause(Effect.suspend(ask), (cause) => Either.left(failed(provider, cause)))

/**
 * Waits for providers in a fiber of their own: a cancel or an interruption ends the waiting and not the work, whose result is
 * discarded then (PA-44).
 */
const apart = <A>(work: Effect.Effect<A, WbemError>, call: CallHandle): Effect.Effect<A, WbemError> =>
  Effect.flatMap(
    Effect.forkDaemon(work),
    (fiber) => Effect.interruptible(call.unlessCancelled(() => Effect.flatten(Fiber.await(fiber))))
  )

const report = (
  decided: PutReport,
  provider: string,
  answer: ProviderAnswer | void
): Either.Either<PutReport, WbemError> => {
  if (answer === undefined) return Either.right(decided)
  const hresult = (answer.hresult ?? 0) >>> 0
  if (isFailure(hresult)) return Either.left(StatusError.fromHResult(hresult))
  if (answer.path === undefined || answer.path === "") return Either.right({ ...decided, hresult })
  const path = typeof answer.path === "string" ? PathText.parse(answer.path) : Either.right(answer.path)
  if (Either.isRight(path) && path.right.className !== undefined) {
    return Either.right({ ...decided, hresult, path: { ...decided.path, ...located(path.right) } })
  }
  const said = typeof answer.path === "string" ? answer.path : format(answer.path)
  const detail = `it answered a path that names no object: ${said}`
  const cause = Either.isLeft(path) ? path.left : undefined
  return Either.left(new ProviderFailure({ provider, rule: "IR-7", detail, cause }))
}

/** What a provider says of a path; server and namespace are WMI's to complete (PA-70). */
const located = ({ className, keys, singleton }: ObjectPath): Partial<ObjectPath> => ({ className, keys, singleton })

/** Asks every provider of a put; the last one that says a path or a success code is believed. */
const put = (find: Find): Registry["put"] => (decision, { put: given }, call) => {
  const answer = Effect.flatMap(ready(find, decision.delegate, "put"), (found) => {
    const { object } = given
    if (object._tag === "Class") return Effect.succeed(decision.report)
    const request = {
      instance: object,
      namespace: decision.report.path.namespace ?? given.namespace,
      flags: PutFlags.forProvider(given.flags),
      context: PutContext.forProvider(given.context),
      call: given.call
    }
    return apart(
      Effect.reduce(found, decision.report, (sofar, { className, provider, served }) =>
        Effect.flatMap(
          asked(provider, () => served.put!({ ...request, className }, call.progress)),
          (answer) => report(sofar, provider, answer)
        )),
      call
    )
  })
  // What was put, in the spelling of its class; the class alone while a key is NULL (`errors` 5.1).
  return Effect.mapError(answer, (error) => withFacts(error, { parameterInfo: relPath(decision.report.path) }))
}

/** Asks every provider of a delete (DL-8). */
const remove = (find: Find): Registry["delete"] => ({ delegate, path }, { call, namespace }) =>
  Effect.flatMap(ready(find, delegate, "delete"), (found) =>
    Effect.as(
      Effect.forEach(
        found,
        ({ className, provider, served }) =>
          asked(provider, () => served.delete!({ className, path, namespace, call })),
        { discard: true }
      ),
      path
    ))

/** Asks the provider of the class itself for one instance. */
const get = (find: Find): Registry["get"] => (served, { call, namespace, path }) =>
  Effect.flatMap(
    ready(find, [served], "get"),
    ([found]) =>
      asked(found!.provider, () => found!.served.get!({ className: found!.className, path, namespace, call }))
  )

export const providerCalls = (find: Find): Registry => ({ put: put(find), delete: remove(find), get: get(find) })
