/**
 * Reads the classes and instances of a namespace on the host's computer with WQL. Not part of `Repository`: the conformance check
 * of a computer uses it.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { ClassDefinition, Instance, WbemObject } from "../../model/WbemObject.ts"
import { Failed, type WbemError } from "../../protocol/WbemError.ts"
import { requestBody } from "../conversation/conversation.ts"
import { always, type HostPool, withSession, withSessionRetry } from "../process/pool.ts"
import { readObject } from "./reading.ts"
import type { Received } from "../conversation/frames.ts"
import { type ConnectionTarget, replyError, type SessionError } from "../process/session.ts"

const targetIn = (namespace: string): ConnectionTarget => ({ namespace, locale: undefined })

/** The rows of a query. A query changes nothing, so it may be repeated. */
const queryRows = (
  pool: HostPool,
  namespace: string,
  wql: string,
  form: "json" | "mof"
): Effect.Effect<ReadonlyArray<Received>, WbemError> =>
  withSessionRetry(
    pool,
    (session) =>
      Effect.flatMap(session.connect(targetIn(namespace)), (c) =>
        Effect.flatMap(
          session.request({ op: "query", body: requestBody({ c, wql, flags: 0, form }), rows: true }),
          (reply): Either.Either<ReadonlyArray<Received>, SessionError> =>
            reply._tag === "Result" ? Either.right(reply.rows) : Either.left(replyError(reply, { namespace }))
        )),
    always,
    false
  )

const decodeRows = <A extends WbemObject>(
  objects: ReadonlyArray<Received>,
  wql: string,
  isKind: (object: WbemObject) => object is A
): Either.Either<ReadonlyArray<A>, WbemError> =>
  Either.all(objects.map((received) =>
    Either.flatMap(
      readObject(received, wql),
      (object) => isKind(object) ? Either.right(object) : Either.left(new Failed({ detail: `${wql}: ${object._tag}` }))
    )
  ))

const isClass = (object: WbemObject): object is ClassDefinition => object._tag === "Class"
const isInstance = (object: WbemObject): object is Instance => object._tag === "Instance"

/** Whether a row is a system class. The MOF of system classes is not documented, so it is not parsed. */
const isSystem = (object: Received): boolean => "mof" in object && /(?:^|[\s\]])class\s+__/i.test(object.mof)

/** The user classes of a namespace, each with its own members only, in no particular order. */
export const classesIn = (
  pool: HostPool,
  namespace: string
): Effect.Effect<ReadonlyArray<ClassDefinition>, WbemError> => {
  const wql = "SELECT * FROM meta_class"
  return Effect.flatMap(
    queryRows(pool, namespace, wql, "mof"),
    (objects) => decodeRows(objects.filter((object) => !isSystem(object)), wql, isClass)
  )
}

/** The instances of a class and of its subclasses. */
export const instancesIn = (
  pool: HostPool,
  namespace: string,
  className: string
): Effect.Effect<ReadonlyArray<Instance>, WbemError> => {
  const wql = `SELECT * FROM ${className}`
  return Effect.flatMap(queryRows(pool, namespace, wql, "json"), (objects) => decodeRows(objects, wql, isInstance))
}

/** Closes the connection to a namespace. */
export const releaseNamespace = (pool: HostPool, namespace: string): Effect.Effect<void, WbemError> =>
  withSession(pool, (session) => session.release(targetIn(namespace)))
