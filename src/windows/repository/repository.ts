/**
 * The `Repository` over a pool of hosts: it sends requests as messages and converts replies to reports and errors. Windows decides
 * every put; this file has no rules.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as DeleteEngine from "../../engine/DeleteEngine.ts"
import type { ValidatedPut } from "../../engine/PutRules.ts"
import { classWith, instanceWith } from "../../model/effectValue.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import { type BatchHandle, make as makeRepository, type PutResult, type Repository } from "../../pipeline/Repository.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import * as StatusError from "../../protocol/StatusError.ts"
import {
  ConnectionFailed,
  type ErrorUnions,
  Failed,
  isWbemError,
  type StartError,
  TransportFailure,
  type VerbUnion,
  type WbemError
} from "../../protocol/WbemError.ts"
import {
  awaitReply,
  BatchRun,
  encodeWithShapes,
  type HostResult,
  repeatable,
  resultOfReply,
  singleRequest,
  targetOf,
  transportFailure,
  type Unfinished
} from "./batch.ts"
import { type Request, requestBody } from "../conversation/conversation.ts"
import { isIdempotent } from "../encoding/objects.ts"
import { batchLimitsOf, type Options } from "./options.ts"
import { type ClassReader, lacksPath, mayExceedPathLimit, pathFor, pathLimitError } from "./paths.ts"
import { always, type HostPool, withSession, withSessionRetry } from "../process/pool.ts"
import { readClass, readObject } from "./reading.ts"
import { type Computer, computerOf } from "./servers.ts"
import { decodeObjectResult } from "../conversation/frames.ts"
import {
  type ConnectionTarget,
  HostDisconnected,
  replyError,
  type Session,
  type SessionError
} from "../process/session.ts"

const startErrors: ReadonlySet<string> = new Set([
  "InvalidParameter",
  "InvalidContext",
  "ShuttingDown",
  "InvalidNamespace",
  "AccessDenied",
  "QuotaViolation",
  "ConnectionFailed"
])

/** The result of a put for its caller: Windows may answer with an error that the union of a put does not have. */
const putResult = (result: HostResult): PutResult =>
  isWbemError(result) ? StatusError.narrow("PutError", result) : result

/** The `StartError` of an error that occurred while connecting. */
const toStartError = (error: WbemError): StartError =>
  error.status === "TransportFailure"
    ? new TransportFailure({ sent: false, detail: error.message, cause: error })
    : startErrors.has(error.status)
    ? error as StartError // its status is in `startErrors`
    : new ConnectionFailed({ detail: error.message, cause: error })

const errorOf = (check: Effect.Effect<void, StartError>): Effect.Effect<StartError | undefined> =>
  Effect.match(check, { onFailure: (error) => error, onSuccess: () => undefined })

export const repository = (
  pool: HostPool,
  options: Options,
  computer: Computer = computerOf(pool, options)
): Repository => {
  const limits = batchLimitsOf(options)
  const retryUnknown = options.retryUnknown === "idempotent"

  const checkConnection = (target: ConnectionTarget): Effect.Effect<void, StartError> =>
    Effect.mapError(
      Effect.asVoid(withSessionRetry(pool, (session) => session.connect(target), always, false)),
      toStartError
    )

  const reader = (session: Session, c: number): ClassReader<HostDisconnected> => (className) =>
    session.readDefinition(c, className, readClass)

  /** Adds the path to an `AlreadyExists` or `NotFound` result, because Windows reports the HRESULT alone. */
  const withPath = (put: DecodedPut, result: HostResult): Effect.Effect<HostResult> => {
    if (!lacksPath(result)) return Effect.succeed(result)
    return withSessionRetry(
      pool,
      (session) => Effect.flatMap(session.connect(targetOf(put)), (c) => pathFor(put, reader(session, c))),
      always,
      false
    ).pipe(
      // If the classes cannot be read, the error keeps its status and gets the path of the class.
      Effect.catchAll(() => pathFor(put, () => Effect.succeed(undefined))),
      Effect.map((path) => Object.assign(result, { path }))
    )
  }

  /** Connects, and checks the path length of an instance with much text. */
  const admit = (put: DecodedPut): Effect.Effect<void, StartError> =>
    mayExceedPathLimit(put.object)
      ? Effect.mapError(
        withSessionRetry(
          pool,
          (session) =>
            Effect.flatMap(session.connect(targetOf(put)), (c) =>
              Effect.flatMap(
                pathLimitError(put, reader(session, c)),
                (error): Either.Either<void, WbemError> => error === undefined ? Either.void : Either.left(error)
              )),
          always,
          false
        ),
        toStartError
      )
      : checkConnection(targetOf(put))

  const requestResult = <A, Union extends VerbUnion>(
    union: Union,
    target: ConnectionTarget,
    request: (c: number) => Request,
    read: (result: Record<string, unknown>) => Either.Either<A, WbemError>,
    facts: { readonly namespace: string; readonly path: ObjectPath.ObjectPath },
    repeat: boolean
  ): Effect.Effect<A, ErrorUnions[Union]> =>
    Effect.mapError(
      withSessionRetry(
        pool,
        (session) =>
          Effect.flatMap(session.connect(target), (c) =>
            Effect.flatMap(session.request(request(c)), (reply): Either.Either<A, SessionError> =>
              reply._tag === "Result"
                ? read(reply.result)
                : Either.left(replyError(reply, { className: facts.path.className, ...facts })))),
        (disconnected) =>
          repeat || !disconnected.started,
        !repeat
      ),
      (error) =>
        StatusError.narrow(union, error)
    )

  /** The namespace and the path of a read or a delete, both without the name of this computer. */
  const located = <Union extends VerbUnion>(
    path: ObjectPath.ObjectPath,
    given: string,
    caller: string,
    union: Union
  ): Effect.Effect<{ readonly namespace: string; readonly target: ObjectPath.ObjectPath }, ErrorUnions[Union]> =>
    Effect.mapError(
      Effect.flatMap(
        computer.namespace(given),
        (namespace) => Effect.map(computer.path(path, namespace, caller), (target) => ({ namespace, target }))
      ),
      (error) => StatusError.narrow(union, error)
    )

  const putOne = (
    put: DecodedPut,
    handle: Pick<BatchHandle, "unlessCancelled">
  ): Effect.Effect<HostResult, WbemError> =>
    withSessionRetry(
      pool,
      (session) =>
        Effect.flatMap(connectForPut(session, put), (c) =>
          Effect.flatMap(
            markNotStarted(encodeWithShapes(session, c, put, (shapes) => singleRequest(put, c, shapes, limits))),
            (request) => {
              if (isWbemError(request)) return Either.left(request)
              const sent = session.send(request)
              return Effect.flatMap(
                awaitReply(handle, sent, () => session.cancel(sent.id)),
                (reply): Either.Either<HostResult, SessionError> => {
                  if (put.object._tag === "Class") session.forgetClasses()
                  return reply._tag === "Lost"
                    ? Either.left(new HostDisconnected(reply.started, reply.reason))
                    : Either.right(resultOfReply(put, reply))
                }
              )
            }
          )),
      (disconnected) => !disconnected.started || (retryUnknown && isIdempotent(put)),
      true
    )

  const putBatch: Repository["putBatch"] = (valid, handle) =>
    Effect.suspend(() => {
      const puts = valid.map(({ put }) => put)
      const results: Array<HostResult | undefined> = new Array(puts.length)
      const runBatch = (positions: ReadonlyArray<number>): Effect.Effect<Unfinished, ConnectionFailed> =>
        withSession(pool, (session) => new BatchRun(session, puts, results, limits, handle).run(positions))
      const failPositions = (
        positions: ReadonlyArray<number>,
        sent: boolean,
        reason: string,
        cause?: unknown
      ): void => {
        for (const k of positions) results[k] ??= transportFailure(sent, reason, cause)
      }
      return Effect.flatMap(runBatch(puts.map((_, k) => k)), (first) => {
        const repeated = repeatable(puts, first, retryUnknown)
        const unknownInFirst = new Set(first.unknown)
        failPositions(first.unknown.filter((k) => !repeated.includes(k)), true, first.reason)
        const second: Effect.Effect<void> = repeated.length === 0 ? Effect.void : Effect.match(runBatch(repeated), {
          onFailure: (error) => {
            for (const k of repeated) failPositions([k], unknownInFirst.has(k), error.message, error)
          },
          onSuccess: ({ notStarted, reason, unknown }) => {
            failPositions(unknown, true, reason)
            for (const k of notStarted) failPositions([k], unknownInFirst.has(k), reason)
          }
        })
        return Effect.flatMap(second, () => {
          results.forEach(computer.learn)
          const complete = results.map((result) => result ?? new Failed({ detail: "the host gave no answer" }))
          // Most batches have no error that lacks a path.
          return complete.some(lacksPath)
            ? Effect.forEach(complete, (result, k) => Effect.map(withPath(puts[k]!, result), putResult))
            : Effect.succeed(complete.map(putResult))
        })
      })
    })

  /** A put without the name of this computer in front of its namespace. The call was admitted, so the name is known. */
  const atHome = (put: DecodedPut): DecodedPut => {
    const namespace = computer.knownNamespace(put.namespace) ?? put.namespace
    return namespace === put.namespace ? put : { ...put, namespace }
  }
  const validAtHome = (valid: ValidatedPut): ValidatedPut => {
    const put = atHome(valid.put)
    return put === valid.put ? valid : { ...valid, put }
  }
  const admitAtHome = (put: DecodedPut): Effect.Effect<void, StartError> =>
    Effect.flatMap(
      Effect.mapError(computer.namespace(put.namespace), toStartError),
      (namespace) => admit(namespace === put.namespace ? put : { ...put, namespace })
    )

  return makeRepository({
    admit: admitAtHome,
    admitBatch: (given) => {
      if (given.some(({ namespace }) => computer.knownNamespace(namespace) !== namespace)) {
        return Effect.forEach(given, (put) => errorOf(admitAtHome(put)))
      }
      const puts = given
      const key = (target: ConnectionTarget): string => `${target.namespace}\n${target.locale ?? ""}`
      const targets = new Map(puts.map((put) => [key(targetOf(put)), targetOf(put)]))
      return Effect.flatMap(
        Effect.forEach(
          targets,
          ([name, target]) => Effect.map(errorOf(checkConnection(target)), (error) => [name, error] as const)
        ),
        (connections) => {
          const errors = new Map(connections)
          return Effect.forEach(puts, (put) => {
            const error = errors.get(key(targetOf(put)))
            return error !== undefined || !mayExceedPathLimit(put.object) ? Effect.succeed(error) : errorOf(admit(put))
          })
        }
      )
    },
    put: (valid, call) => {
      const put = atHome(valid.put)
      return Effect.flatMap(
        Effect.flatMap(putOne(put, call), (result) => withPath(put, result)),
        (result) => {
          computer.learn(result)
          const narrowed = putResult(result)
          return isWbemError(narrowed) ? Either.left(narrowed) : Either.right(narrowed)
        }
      ).pipe(Effect.mapError((error) => StatusError.narrow("PutError", error)))
    },
    putBatch: (valid, handle) => putBatch(valid.map(validAtHome), handle),
    relPath: ({ object }) => Effect.succeed(object._tag === "Class" ? object.name : object.className),
    delete: ({ call, flags, namespace: given, path }) =>
      Effect.flatMap(
        DeleteEngine.illegalFlags(flags) ?? located(path, given, call.server, "DeleteError"),
        ({ namespace, target }) =>
          requestResult(
            "DeleteError",
            { namespace, locale: undefined },
            (c) => ({ op: "delete", body: requestBody({ c, path: ObjectPath.relPath(target), flags: 0 }) }),
            () => Either.right(ObjectPath.make({ ...target, namespace })),
            { namespace, path: target },
            false
          )
      ),
    get: ({ call, locales, namespace: given, path }) =>
      Effect.flatMap(located(path, given, call.server, "GetError"), ({ namespace, target }) => {
        const relPath = ObjectPath.relPath(target)
        const isClass = target.keys.length === 0 && !target.singleton
        const amended = locales !== undefined && locales.length > 0
        return requestResult(
          "GetError",
          { namespace, locale: amended ? locales[0]!.toUpperCase() : undefined },
          (c) => ({
            op: "get",
            body: requestBody({ c, path: relPath, flags: amended ? 0x20000 : 0, ...(isClass ? { form: "mof" } : {}) })
          }),
          (result) => {
            const decoded = decodeObjectResult(result)
            if (!decoded.ok) return Either.left(new Failed({ detail: `the host's answer to get: ${decoded.reason}` }))
            return Either.map(readObject(decoded.value, relPath), (object) => amended ? asAmended(object) : object)
          },
          { namespace, path: target },
          true
        )
      })
  })
}

/** An object that was read with localised text (PA-91). */
const asAmended = (object: WbemObject): WbemObject =>
  object._tag === "Class" ? classWith(object, { amended: true }) : instanceWith(object, { amended: true })

/** Marks the put as not started when the host disconnects during a request that precedes the put. */
const markNotStarted = <A>(
  effect: Effect.Effect<A, SessionError>
): Effect.Effect<A, SessionError> =>
  Effect.mapError(
    effect,
    (error) => error instanceof HostDisconnected ? new HostDisconnected(false, error.message) : error
  )

const connectForPut = (session: Session, put: DecodedPut): Effect.Effect<number, SessionError> =>
  markNotStarted(session.connect(targetOf(put)))
