/**
 * The repository over hosts: requests become messages, answers become reports and errors. Windows decides; there are no rules here.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as DeleteEngine from "../../engine/DeleteEngine.ts"
import * as GetEngine from "../../engine/GetEngine.ts"
import * as CimName from "../../model/CimName.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import { type BatchHandle, make as makeRepository, type PutResult, type Repository } from "../../pipeline/Repository.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import {
  ConnectionFailed,
  Failed,
  isWbemError,
  type StartError,
  TransportFailure,
  type WbemError
} from "../../protocol/WbemError.ts"
import { again, BatchRun, encoded, heard, type Left, lost, placeOf, settled, single } from "./batch.ts"
import { body, type Request } from "../conversation/conversation.ts"
import { isIdempotent } from "../encoding/objects.ts"
import { cutOf, type Options } from "./options.ts"
import { admitted, lacksPath, mayBeLong, pathFor, type Reader } from "./paths.ts"
import { always, type Hosts, using, withSession } from "../process/pool.ts"
import { readClass, readObject } from "./reading.ts"
import { objectResult } from "../conversation/frames.ts"
import { Gone, type Place, problem, type Session } from "../process/session.ts"

const startErrors: ReadonlySet<string> = new Set([
  "InvalidParameter",
  "InvalidContext",
  "ShuttingDown",
  "InvalidNamespace",
  "AccessDenied",
  "QuotaViolation",
  "ConnectionFailed"
])

/** What refuses a connection, as what may refuse a call. */
const refusal = (error: WbemError): StartError =>
  error.status === "TransportFailure"
    ? new TransportFailure({ sent: false, detail: error.message, cause: error })
    : startErrors.has(error.status)
    ? error as StartError // by the row above
    : new ConnectionFailed({ detail: error.message, cause: error })

/** The computer goes by the names that its own answers give it. */
export const repository = (hosts: Hosts, options: Options): Repository => {
  const cut = cutOf(options)
  const retryUnknown = options.retryUnknown === "idempotent"
  const server = options.connect?.server
  const servers = new Set(server === undefined ? [] : [CimName.fold(server)])
  const met = (answer: PutResult | undefined): void => {
    if (answer !== undefined && !isWbemError(answer) && answer.path.server !== undefined) {
      servers.add(CimName.fold(answer.path.server))
    }
  }
  /** A path of an object of that namespace, without the server. */
  const located = (
    path: ObjectPath.ObjectPath,
    namespace: string,
    caller: string
  ): Either.Either<ObjectPath.ObjectPath, WbemError> => {
    const known = path.server !== undefined && servers.has(CimName.fold(path.server))
    return GetEngine.objectPath(known ? { ...path, server: undefined } : path, namespace, caller)
  }

  const admitTo = (place: Place): Effect.Effect<void, StartError> =>
    Effect.mapError(
      Effect.asVoid(using(hosts, (session) => session.connect(place), always, false)),
      refusal
    )

  const reader = (session: Session, c: number): Reader<Gone> => (className) =>
    session.definition(c, className, readClass)

  /** An error that says what is there already, or is not, names it: Windows tells the number alone. */
  const told = (put: DecodedPut, answer: PutResult): Effect.Effect<PutResult> => {
    if (!lacksPath(answer)) return Effect.succeed(answer)
    return using(
      hosts,
      (session) => Effect.flatMap(session.connect(placeOf(put)), (c) => pathFor(put, reader(session, c))),
      always,
      false
    ).pipe(
      // The host is gone meanwhile: the error is the answer, with the path of the class.
      Effect.catchAll(() => pathFor(put, () => Effect.succeed(undefined))),
      Effect.map((path) => Object.assign(answer, { path }))
    )
  }

  /** A connection, and for an instance with much text a look whether its path is too long. */
  const admit = (put: DecodedPut): Effect.Effect<void, StartError> =>
    mayBeLong(put.object)
      ? Effect.mapError(
        using(
          hosts,
          (session) =>
            Effect.flatMap(session.connect(placeOf(put)), (c) =>
              Effect.flatMap(
                admitted(put, reader(session, c)),
                (refused): Either.Either<void, WbemError> => refused === undefined ? Either.void : Either.left(refused)
              )),
          always,
          false
        ),
        refusal
      )
      : admitTo(placeOf(put))

  const ask = <A>(
    place: Place,
    request: (c: number) => Request,
    read: (result: Record<string, unknown>) => Either.Either<A, WbemError>,
    facts: { readonly namespace: string; readonly path: ObjectPath.ObjectPath },
    repeat: boolean
  ): Effect.Effect<A, WbemError> =>
    using(
      hosts,
      (session) =>
        Effect.flatMap(session.connect(place), (c) =>
          Effect.flatMap(session.ask(request(c)), (reply): Either.Either<A, WbemError | Gone> =>
            reply._tag === "Result"
              ? read(reply.result)
              : Either.left(problem(reply, { className: facts.path.className, ...facts })))),
      (gone) =>
        repeat || !gone.started,
      !repeat
    )

  const putOne = (
    put: DecodedPut,
    open: Pick<BatchHandle, "unlessCancelled">
  ): Effect.Effect<PutResult, WbemError> =>
    using(
      hosts,
      (session) =>
        Effect.flatMap(connected(session, put), (c) =>
          Effect.flatMap(
            unsent(encoded(session, c, put, (shapes) => single(put, c, shapes, cut))),
            (request) => {
              if (isWbemError(request)) return Either.left(request)
              const sent = session.send(request)
              return Effect.flatMap(
                heard(open, sent, () => session.cancel(sent.id)),
                (reply): Either.Either<PutResult, WbemError | Gone> => {
                  if (put.object._tag === "Class") session.forget()
                  return reply._tag === "Lost"
                    ? Either.left(new Gone(reply.started, reply.reason))
                    : Either.right(settled(put, reply))
                }
              )
            }
          )),
      (gone) => !gone.started || (retryUnknown && isIdempotent(put)),
      true
    )

  const putBatch: Repository["putBatch"] = (valid, open) =>
    Effect.suspend(() => {
      const puts = valid.map(({ put }) => put)
      const answers: Array<PutResult | undefined> = new Array(puts.length)
      const run = (at: ReadonlyArray<number>): Effect.Effect<Left, ConnectionFailed> =>
        withSession(hosts, (session) => new BatchRun(session, puts, answers, cut, open).run(at))
      const close = (at: ReadonlyArray<number>, sent: boolean, reason: string, cause?: unknown): void => {
        for (const k of at) answers[k] ??= lost(sent, reason, cause)
      }
      return Effect.flatMap(run(puts.map((_, k) => k)), (first) => {
        const repeated = again(puts, first, retryUnknown)
        const doubtful = new Set(first.unknown)
        close(first.unknown.filter((k) => !repeated.includes(k)), true, first.reason)
        const second: Effect.Effect<void> = repeated.length === 0 ? Effect.void : Effect.match(run(repeated), {
          onFailure: (error) => {
            for (const k of repeated) close([k], doubtful.has(k), error.message, error)
          },
          onSuccess: ({ notStarted, reason, unknown }) => {
            close(unknown, true, reason)
            for (const k of notStarted) close([k], doubtful.has(k), reason)
          }
        })
        return Effect.flatMap(second, () => {
          answers.forEach(met)
          const known: ReadonlyArray<PutResult | undefined> = answers
          const all = known.map((answer) => answer ?? new Failed({ detail: "the host gave no answer" }))
          // Most batches have nothing to name.
          return all.some(lacksPath) ? Effect.forEach(all, (answer, k) => told(puts[k]!, answer)) : Effect.succeed(all)
        })
      })
    })

  return makeRepository({
    admit,
    admitBatch: (puts) => {
      const asked = new Map<string, StartError | undefined>()
      const key = (place: Place): string => `${place.namespace}\n${place.locale ?? ""}`
      const places = new Map(puts.map((put) => [key(placeOf(put)), placeOf(put)]))
      return Effect.as(
        Effect.forEach(places, ([name, place]) =>
          Effect.match(admitTo(place), {
            onFailure: (error) => asked.set(name, error),
            onSuccess: () => asked.set(name, undefined)
          }), { discard: true }),
        puts
      ).pipe(Effect.flatMap((all) =>
        Effect.forEach(all, (put) => {
          const refused = asked.get(key(placeOf(put)))
          return refused !== undefined || !mayBeLong(put.object) ? Effect.succeed(refused) : Effect.match(admit(put), {
            onFailure: (error): StartError | undefined => error,
            onSuccess: () => undefined
          })
        })
      ))
    },
    put: (valid, call) =>
      Effect.flatMap(
        Effect.flatMap(putOne(valid.put, call), (answer) => told(valid.put, answer)),
        (answer) => {
          met(answer)
          return isWbemError(answer) ? Either.left(answer) : Either.right(answer)
        }
      ),
    putBatch,
    relPath: ({ object }) => Effect.succeed(object._tag === "Class" ? object.name : object.className),
    delete: ({ call, flags, namespace, path }) =>
      Effect.flatMap(DeleteEngine.illegalFlags(flags) ?? located(path, namespace, call.server), (target) =>
        ask(
          { namespace, locale: undefined },
          (c) => ({ op: "delete", body: body({ c, path: ObjectPath.relPath(target), flags: 0 }) }),
          () => Either.right(ObjectPath.make({ ...target, namespace })),
          { namespace, path: target },
          false
        )),
    get: ({ call, locales, namespace, path }) =>
      Effect.flatMap(located(path, namespace, call.server), (target) => {
        const relPath = ObjectPath.relPath(target)
        const isClass = target.keys.length === 0 && !target.singleton
        const amended = locales !== undefined && locales.length > 0
        return ask(
          { namespace, locale: amended ? locales[0]!.toUpperCase() : undefined },
          (c) => ({
            op: "get",
            body: body({ c, path: relPath, flags: amended ? 0x20000 : 0, ...(isClass ? { form: "mof" } : {}) })
          }),
          (result) => {
            const decoded = objectResult(result)
            if (!decoded.ok) return Either.left(new Failed({ detail: `the host's answer to get: ${decoded.fault}` }))
            return Either.map(readObject(decoded.value, relPath), (object) => amended ? { ...object, amended } : object)
          },
          { namespace, path: target },
          true
        )
      })
  })
}

/** Of what goes before a put, nothing is the put: a host that goes away then has not begun with it. */
const unsent = <A>(effect: Effect.Effect<A, WbemError | Gone>): Effect.Effect<A, WbemError | Gone> =>
  Effect.mapError(effect, (error) => error instanceof Gone ? new Gone(false, error.message) : error)

const connected = (session: Session, put: DecodedPut): Effect.Effect<number, WbemError | Gone> =>
  unsent(session.connect(placeOf(put)))
