/**
 * Stage 3 of 4, the service only: asks and stores. Sees the request and the namespace, never a sink. What implements it stands
 * in `repository`.
 *
 * Replace it with `Repository.make({ putBatch, delete, get })`: the rest is derived.
 *
 * @since 0.1.0
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
import { CallCancelled, Failed, isWbemError, type StartError, type WbemError } from "../protocol/WbemError.ts"

/**
 * The answer to one put of a batch: the report, or why not. There is no wrapper around it, because a bulk run gets one for
 * every put; `WbemError.isWbemError` tells the two apart. `TransportFailure` says of one put alone what it says of a batch: it
 * was not sent, or its answer was lost (`sent`).
 *
 * @since 0.1.0
 * @category models
 */
export type PutResult = PutReport | WbemError

/**
 * The error of a failed stage. A defect becomes `Failed`, with the text `defect` and the cause.
 *
 * @internal
 */
export const errorOf = (cause: Cause.Cause<WbemError>, defect: string): WbemError => {
  const failure = Cause.failureOrCause(cause)
  return Either.isLeft(failure) ? failure.left : new Failed({ detail: defect, cause: Cause.squash(failure.right) })
}

/**
 * The result of a put whose stages have ended. An interruption is a cancel of this one call (PA-49).
 *
 * @internal
 */
export const resultOf = (exit: Exit.Exit<PutReport, WbemError>, defect: string): PutResult =>
  Exit.isSuccess(exit)
    ? exit.value
    : Cause.isInterruptedOnly(exit.cause)
    ? new CallCancelled({})
    : errorOf(exit.cause, defect)

/**
 * Tells of a put that takes its time.
 *
 * @since 0.1.0
 * @category models
 */
export type OnProgress = (report: ProgressReport) => Effect.Effect<void>

/**
 * What a put that takes its time has of its call.
 *
 * @since 0.1.0
 * @category models
 */
export interface CallHandle {
  readonly progress: OnProgress
  /** Waits, but no longer than until the sink cancels: then with `CallCancelled`, and what is waited for goes on unheard. */
  readonly unlessCancelled: <A, R>(wait: () => Effect.Effect<A, WbemError, R>) => Effect.Effect<A, WbemError, R>
}

/**
 * The same for several puts at once; progress names the place in the batch.
 *
 * @since 0.1.0
 * @category models
 */
export interface BatchHandle extends Pick<CallHandle, "unlessCancelled"> {
  readonly progress: (position: number, report: ProgressReport) => Effect.Effect<void>
  /** Whether the sink has cancelled the batch: what has not begun must not begin then. */
  readonly cancelled: () => boolean
}

/**
 * The service of stage 3.
 *
 * @since 0.1.0
 * @category services
 */
export interface Repository {
  /** The start phase as far as the repository knows: service there, namespace there, caller let in (`put-async` 3, rows 6 to 8). */
  readonly admit: (put: DecodedPut) => Effect.Effect<void, StartError>
  /** The same for several calls at once; `undefined` lets one in. */
  readonly admitBatch: (puts: ReadonlyArray<DecodedPut>) => Effect.Effect<ReadonlyArray<StartError | undefined>>
  /** One put, one transaction: all of it or nothing (PA-80). */
  readonly put: (put: ValidatedPut, call: CallHandle) => Effect.Effect<PutReport, WbemError>
  /**
   * Several puts, one transaction, an answer for each in order. It fails only if the storage does: then none is stored. A put
   * that providers answer ends the transaction before it, and what follows is one of its own.
   */
  readonly putBatch: (
    puts: ReadonlyArray<ValidatedPut>,
    batch: BatchHandle
  ) => Effect.Effect<ReadonlyArray<PutResult>, WbemError>
  /** The relative path of what is put, as far as one can be formed: error objects name it (`errors` 5.1). Asked for failures only. */
  readonly relPath: (put: DecodedPut) => Effect.Effect<string | undefined>
  readonly delete: (request: DeleteRequest) => Effect.Effect<ObjectPath, WbemError>
  /** A class with its own members, or an instance with every property of its class. */
  readonly get: (request: GetRequest) => Effect.Effect<WbemObject, WbemError>
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
 * A repository from the three things it cannot do without. `put` becomes a batch of one, `admit` lets everyone in.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  parts: Pick<Repository, "putBatch" | "delete" | "get"> & Partial<Repository>
): Repository => {
  // Each part is called as a method of what it came with, which may be an object of a class.
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
          cancelled: () => false // one put has nothing that could still begin
        }),
        ([answer]) =>
          answer === undefined
            ? Either.left(new Failed({ detail: "the repository gave no answer" }))
            : isWbemError(answer)
            ? Either.left(answer)
            : Either.right(answer)
      ),
    putBatch: (puts, batch) => parts.putBatch(puts, batch),
    relPath: (put) => parts.relPath?.(put) ?? Effect.succeed(undefined),
    delete: (request) => parts.delete(request),
    get: (request) => parts.get(request)
  }
}
