/**
 * Stage 3 of 4: applies the rules and stores. It is given the request and the call, never the sink. This file is the service
 * alone; `EmulatedRepository` and `PowerShellRepository` implement it.
 *
 * To replace it use `Repository.make({ putBatch, delete, get })`, which derives the other members.
 *
 * @since 0.1.0
 * @module
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type { ValidatedPut } from "../engine/PutRules.ts"
import type { ObjectPath } from "../model/ObjectPath.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { DeleteRequest } from "../protocol/DeleteRequest.ts"
import type { GetRequest } from "../protocol/GetRequest.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import type { ProgressReport } from "../protocol/SinkEvent.ts"
import {
  CallCancelled,
  type DeleteError,
  Failed,
  type GetError,
  isWbemError,
  type PutError,
  type StartError
} from "../protocol/WbemError.ts"

/**
 * The result of one put of a batch: its report or its error. There is no wrapper around it, because a bulk run gets one for
 * every put; `WbemError.isWbemError` distinguishes them. A `TransportFailure` of one put means the same as one of a whole
 * batch: the put was not sent, or its answer was lost (`sent`).
 *
 * @since 0.1.0
 * @category models
 */
export type PutResult = PutReport | PutError

/**
 * The error of a failed stage. A defect becomes `Failed`, with the text `defect` and the cause.
 *
 * @internal
 */
export const errorOf = (cause: Cause.Cause<PutError>, defect: string): PutError => {
  const failure = Cause.failureOrCause(cause)
  return Either.isLeft(failure) ? failure.left : new Failed({ detail: defect, cause: Cause.squash(failure.right) })
}

/**
 * The result of a put whose stages have ended. An interruption is a cancel of this one call (PA-49).
 *
 * @internal
 */
export const resultOf = (exit: Exit.Exit<PutReport, PutError>, defect: string): PutResult =>
  Exit.isSuccess(exit)
    ? exit.value
    : Cause.isInterruptedOnly(exit.cause)
    ? new CallCancelled({})
    : errorOf(exit.cause, defect)

/**
 * Reports the progress of a put.
 *
 * @since 0.1.0
 * @category models
 */
export type OnProgress = (report: ProgressReport) => Effect.Effect<void>

/**
 * The handle of an in-flight put: reports progress and observes cancellation.
 *
 * @since 0.1.0
 * @category models
 */
export interface CallHandle {
  /** Reports the progress of the put to the sink. */
  readonly progress: OnProgress
  /**
   * Waits, until the sink cancels the call at the latest: then it fails with `CallCancelled`, and what it waited for continues
   * without a consumer.
   */
  readonly unlessCancelled: <A, R>(wait: () => Effect.Effect<A, PutError, R>) => Effect.Effect<A, PutError, R>
}

/**
 * The handle of an in-flight batch. `progress` takes the position of the put in the batch, from 0.
 *
 * @since 0.1.0
 * @category models
 */
export interface BatchHandle extends Pick<CallHandle, "unlessCancelled"> {
  /** Reports the progress of one put of the batch to the sink. */
  readonly progress: (position: number, report: ProgressReport) => Effect.Effect<void>
  /** Whether the sink has cancelled the batch. A part of the batch that has not begun must not begin then. */
  readonly cancelled: () => boolean
}

/**
 * The service of stage 3.
 *
 * @since 0.1.0
 * @category services
 */
export interface Repository {
  /**
   * The part of the start phase that needs the repository: the service is reachable, the namespace exists, the caller is admitted
   * (`put-async` 3, rows 6 to 8).
   */
  readonly admit: (put: DecodedPut) => Effect.Effect<void, StartError>
  /** Admits several calls at once: for each the error, or `undefined` if it is admitted. */
  readonly admitBatch: (puts: ReadonlyArray<DecodedPut>) => Effect.Effect<ReadonlyArray<StartError | undefined>>
  /** Puts one object in one transaction, whole or not at all (PA-80). */
  readonly put: (put: ValidatedPut, call: CallHandle) => Effect.Effect<PutReport, PutError>
  /**
   * Puts several objects in one transaction. The results have the order of the puts. It fails only if the storage fails, and
   * then none is stored. A put that providers handle ends the transaction before it, and the puts after it have a transaction
   * of their own.
   */
  readonly putBatch: (
    puts: ReadonlyArray<ValidatedPut>,
    batch: BatchHandle
  ) => Effect.Effect<ReadonlyArray<PutResult>, PutError>
  /**
   * The relative path of an object to put, `undefined` if none can be formed. Error objects name it (`errors` 5.1), so it is
   * called only for puts that fail.
   */
  readonly relPath: (put: DecodedPut) => Effect.Effect<string | undefined>
  /** Deletes an object and returns its path. */
  readonly delete: (request: DeleteRequest) => Effect.Effect<ObjectPath, DeleteError>
  /** A class with its own members, or an instance with every property of its class. */
  readonly get: (request: GetRequest) => Effect.Effect<WbemObject, GetError>
}

/**
 * The service of stage 3.
 *
 * @since 0.1.0
 * @category services
 */
export const Repository: Context.Tag<Repository, Repository> = /* @__PURE__ */ Context.GenericTag<Repository>(
  "effect-wmi/Repository"
)

/**
 * A repository from the three members that cannot be derived. By default `put` is a batch of one, `admit` admits every call,
 * and `relPath` is `undefined`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect, Layer } from "effect"
 * import { Instance, PutAsync, PutRequest, Repository, WbemError, Wmi } from "effect-wmi"
 *
 * const readOnly = new WbemError.Failed({ detail: "this repository is read-only" })
 * const repository = Repository.make({
 *   putBatch: (puts) => Effect.succeed(puts.map(() => readOnly)),
 *   delete: () => Effect.fail(readOnly),
 *   get: () => Effect.succeed(Instance.make("Demo_Disk", { Id: "C:" }))
 * })
 * const program = Effect.flip(PutAsync.put(PutRequest.make(Instance.make("Demo_Disk", { Id: "D:" }))))
 * const stages = Wmi.layer(Layer.succeed(Repository.Repository, repository))
 * const error = await Effect.runPromise(Effect.provide(program, stages))
 * assert.equal(error.status, "Failed")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  parts: Pick<Repository, "putBatch" | "delete" | "get"> & Partial<Repository>
): Repository => {
  // Each member is called as a method of `parts`, which may be an object of a class.
  const admit: Repository["admit"] = (put) => parts.admit?.(put) ?? Effect.void
  return {
    admit,
    admitBatch: (puts) =>
      parts.admitBatch?.(puts) ?? Effect.forEach(
        puts,
        (put) =>
          Effect.match(admit(put), { onFailure: (error): StartError | undefined => error, onSuccess: () => undefined })
      ),
    put: (put, call) =>
      parts.put?.(put, call) ?? Effect.flatMap(
        parts.putBatch([put], {
          progress: (_, report) => call.progress(report),
          unlessCancelled: (wait) => call.unlessCancelled(wait),
          cancelled: () => false // no part of one put can begin later
        }),
        ([result]) =>
          result === undefined
            ? Either.left(new Failed({ detail: "the repository gave no answer" }))
            : isWbemError(result)
            ? Either.left(result)
            : Either.right(result)
      ),
    putBatch: (puts, batch) => parts.putBatch(puts, batch),
    relPath: (put) => parts.relPath?.(put) ?? Effect.succeed(undefined),
    delete: (request) => parts.delete(request),
    get: (request) => parts.get(request)
  }
}
