/**
 * Calls the providers that a decision names, topmost class first (IR-1 to IR-8). No transaction is open meanwhile: the changes
 * of one provider stay if the next one fails (IR-9).
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import { instanceWith } from "../../model/effectValue.ts"
import { tryFreezeObject } from "../../model/immutable.ts"
import { isInstance } from "../../model/Instance.ts"
import type { ProviderCall } from "../../engine/Decision.ts"
import { format, make as makePath, type ObjectPath, relPath } from "../../model/ObjectPath.ts"
import type { Instance, PlainObject } from "../../model/WbemObject.ts"
import type { CallHandle } from "../../pipeline/Repository.ts"
import { extendedOf } from "../../protocol/ExtendedStatus.ts"
import { isFailure } from "../../protocol/HResult.ts"
import * as PathText from "../../protocol/PathText.ts"
import * as PutContext from "../../protocol/PutContext.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import { make as makeReport, type PutReport } from "../../protocol/PutReport.ts"
import * as StatusError from "../../protocol/StatusError.ts"
import type { WbemErrorOptions } from "../../protocol/wbemErrorBase.ts"
import {
  type ErrorUnions,
  isWbemError,
  type ProviderError,
  ProviderFailure,
  ProviderLoadFailure,
  ProviderNotCapable,
  type PutError,
  type VerbUnion,
  type WbemError
} from "../../protocol/WbemError.ts"
import { type InstanceProvider, notRegistered, type ProviderAnswer, type Registry } from "./providerRegistry.ts"

/** A provider, with its name and the class that it is called for. */
interface LoadedProvider extends ProviderCall {
  readonly instance: InstanceProvider
}

/** A registered provider by its name, or the Effect that loads it. */
type Find = (name: string) => InstanceProvider | Effect.Effect<InstanceProvider, unknown> | undefined

const load = (find: Find, call: ProviderCall): Effect.Effect<LoadedProvider, ProviderError> => {
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
      onSuccess: (instance) => Either.right({ ...call, instance })
    })
    : Either.right({ ...call, instance: registered })
}

/** Loads every provider before the first one is called. Each must be registered, load, and support the verb (IR-3). */
const loadAll = (
  find: Find,
  calls: ReadonlyArray<ProviderCall>,
  verb: keyof InstanceProvider
): Effect.Effect<ReadonlyArray<LoadedProvider>, ProviderError> =>
  Effect.flatMap(Effect.forEach(calls, (call) => load(find, call)), (loaded) => {
    const incapable = loaded.find(({ instance }) => instance[verb] === undefined)
    return incapable === undefined ? Either.right(loaded) : Either.left(
      new ProviderNotCapable({ provider: incapable.provider, rule: "IR-2", detail: `it does not support ${verb}` })
    )
  })

type Constructor<E> = new (facts: object) => E

/**
 * A copy of an error with more facts. The error itself is not changed, because a provider may return the same one many times.
 */
const withFacts = <E extends WbemError>(error: E, facts: WbemErrorOptions): E =>
  // The constructor of an error of the library accepts the fields of that error.
  new (error.constructor as Constructor<E>)({ ...error, ...facts })

/**
 * The `ProviderName` that WMI sets in an error object, also in that of a provider (`errors` 5.1). Other values stay (IR-8,
 * EO-2).
 */
const providerName = "WinMgmt"

const withProviderName = (error: WbemError): WbemError => {
  const given = extendedOf(error)
  return given === undefined || (given.values["ProviderName"] ?? providerName) === providerName
    ? error
    : withFacts(error, { extended: instanceWith(given, { values: { ...given.values, ProviderName: providerName } }) })
}

const errorOf = <Union extends VerbUnion>(
  union: Union,
  provider: string,
  cause: Cause.Cause<WbemError>
): ErrorUnions[Union] => {
  const failure = Cause.failureOrCause(cause)
  const error = Either.isLeft(failure) && isWbemError(failure.left) ? failure.left : new ProviderFailure({
    provider,
    rule: "IR-6",
    detail: "it threw",
    cause: Either.isLeft(failure) ? failure.left : Cause.squash(failure.right)
  })
  return StatusError.narrow(union, withProviderName(error))
}

/** Calls one provider. It takes a function, because a provider may throw before it returns an Effect. */
const attempt = <A, Union extends VerbUnion>(
  union: Union,
  provider: string,
  call: () => Effect.Effect<A, WbemError>
): Effect.Effect<A, ErrorUnions[Union]> =>
  Effect.catchAllCause(Effect.suspend(call), (cause) => Either.left(errorOf(union, provider, cause)))

/**
 * Runs the calls of providers in a fiber of their own. A cancel or an interruption ends the wait for them, not the calls; their
 * result is discarded then (PA-44).
 */
const detached = <A>(work: Effect.Effect<A, PutError>, call: CallHandle): Effect.Effect<A, PutError> =>
  Effect.flatMap(
    Effect.forkDaemon(work),
    (fiber) => Effect.interruptible(call.unlessCancelled(() => Effect.flatten(Fiber.await(fiber))))
  )

const report = (
  decided: PutReport,
  provider: string,
  answer: ProviderAnswer | void
): Either.Either<PutReport, PutError> => {
  if (typeof answer !== "object" || answer === null) return Either.right(decided)
  const hresult = (answer.hresult ?? 0) >>> 0
  if (isFailure(hresult)) return Either.left(StatusError.narrow("PutError", StatusError.fromHResult(hresult)))
  if (answer.path === undefined || answer.path === "") {
    return Either.right(makeReport(decided.path, decided.disposition, { ...decided, hresult }))
  }
  const path = typeof answer.path === "string" ? PathText.parse(answer.path) : Either.right(answer.path)
  if (Either.isRight(path) && path.right.className !== undefined) {
    const providedPath = makePath({ ...decided.path, ...providerPath(path.right) })
    return Either.right(makeReport(providedPath, decided.disposition, { ...decided, hresult }))
  }
  const text = typeof answer.path === "string" ? answer.path : format(answer.path)
  const detail = `it answered a path that names no object: ${text}`
  const cause = Either.isLeft(path) ? path.left : undefined
  return Either.left(new ProviderFailure({ provider, rule: "IR-7", detail, cause }))
}

/** The parts of a path that a provider sets. WMI sets server and namespace (PA-70). */
const providerPath = ({ className, keys, singleton }: ObjectPath): Partial<ObjectPath> => ({
  className,
  keys,
  singleton
})

/** Calls every provider of a put. The last path and the last success code that a provider returns count. */
const put = (find: Find): Registry["put"] => (decision, { put: decoded }, call) => {
  const stored = Effect.flatMap(loadAll(find, decision.delegate, "put"), (loaded) => {
    const { object } = decoded
    if (object._tag === "Class") return Effect.succeed(decision.report)
    const request = {
      instance: object,
      namespace: decision.report.path.namespace ?? decoded.namespace,
      flags: PutFlags.forProvider(decoded.flags),
      context: PutContext.forProvider(decoded.context),
      call: decoded.call
    }
    return detached(
      Effect.reduce(loaded, decision.report, (current, { className, instance, provider }) =>
        Effect.flatMap(
          attempt("PutError", provider, () => instance.put!({ ...request, className }, call.progress)),
          (answer) => report(current, provider, answer)
        )),
      call
    )
  })
  // The path in the spelling of the class; the class alone if a key is NULL (`errors` 5.1).
  return Effect.mapError(stored, (error) => withFacts(error, { parameterInfo: relPath(decision.report.path) }))
}

/** Calls every provider of a delete (DL-8). */
const remove = (find: Find): Registry["delete"] => ({ delegate, path }, { call, namespace }) =>
  Effect.flatMap(loadAll(find, delegate, "delete"), (loaded) =>
    Effect.as(
      Effect.forEach(
        loaded,
        ({ className, instance, provider }) =>
          attempt("DeleteError", provider, () => instance.delete!({ className, path, namespace, call })),
        { discard: true }
      ),
      path
    ))

/** Reads one instance from the provider of the class itself. */
const get = (find: Find): Registry["get"] => (provided, { call, namespace, path }) =>
  Effect.flatMap(
    loadAll(find, [provided], "get"),
    ([loaded]) =>
      Effect.flatMap(
        attempt(
          "GetError",
          loaded!.provider,
          () => loaded!.instance.get!({ className: loaded!.className, path, namespace, call })
        ),
        (answer) => instanceOf(answer, loaded!.provider)
      )
  )

/** The instance that a provider returned. A provider in JavaScript may return a plain object, or a value that is no instance. */
const instanceOf = (answer: PlainObject, provider: string): Either.Either<Instance, ProviderFailure> => {
  const instance = tryFreezeObject(answer)
  return isInstance(instance)
    ? Either.right(instance)
    : Either.left(new ProviderFailure({ provider, rule: "IR-6", detail: "its answer to get is no instance" }))
}

/** The registry of the providers that `find` returns. */
export const providerCalls = (find: Find): Registry => ({ put: put(find), delete: remove(find), get: get(find) })
