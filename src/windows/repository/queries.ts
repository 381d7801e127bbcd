/**
 * What a namespace of a host's computer holds, asked in WQL. No service of the library: whoever checks a computer looks there.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { ClassDefinition, Instance, WbemObject } from "../../model/WbemObject.ts"
import { Failed, type WbemError } from "../../protocol/WbemError.ts"
import { body } from "../conversation/conversation.ts"
import { always, type Hosts, using, withSession } from "../process/pool.ts"
import { readObject } from "./reading.ts"
import type { MofOut, ObjectOut } from "../conversation/frames.ts"
import { type Gone, type Place, problem } from "../process/session.ts"

const placeIn = (namespace: string): Place => ({ namespace, locale: undefined })

/** A look may be repeated: it changes nothing. */
const rows = (
  hosts: Hosts,
  namespace: string,
  wql: string,
  form: "json" | "mof"
): Effect.Effect<ReadonlyArray<ObjectOut | MofOut>, WbemError> =>
  using(
    hosts,
    (session) =>
      Effect.flatMap(session.connect(placeIn(namespace)), (c) =>
        Effect.flatMap(
          session.ask({ op: "query", body: body({ c, wql, flags: 0, form }), rows: true }),
          (reply): Either.Either<ReadonlyArray<ObjectOut | MofOut>, WbemError | Gone> =>
            reply._tag === "Result" ? Either.right(reply.rows) : Either.left(problem(reply, { namespace }))
        )),
    always,
    false
  )

const reading = <A extends WbemObject>(
  all: ReadonlyArray<ObjectOut | MofOut>,
  wql: string,
  is: (object: WbemObject) => object is A
): Either.Either<ReadonlyArray<A>, WbemError> =>
  Either.all(all.map((one) =>
    Either.flatMap(
      readObject(one, wql),
      (object) => is(object) ? Either.right(object) : Either.left(new Failed({ detail: `${wql}: ${object._tag}` }))
    )
  ))

const isClass = (object: WbemObject): object is ClassDefinition => object._tag === "Class"
const isInstance = (object: WbemObject): object is Instance => object._tag === "Instance"

/** The text of a system class is nobody's to read: how such a class is written there is not documented. */
const isSystem = (one: ObjectOut | MofOut): boolean => "mof" in one && /(?:^|[\s\]])class\s+__/i.test(one.mof)

/** The user classes of a namespace with their own members, in no order. */
export const classesIn = (
  hosts: Hosts,
  namespace: string
): Effect.Effect<ReadonlyArray<ClassDefinition>, WbemError> => {
  const wql = "SELECT * FROM meta_class"
  return Effect.flatMap(
    rows(hosts, namespace, wql, "mof"),
    (all) => reading(all.filter((one) => !isSystem(one)), wql, isClass)
  )
}

/** The instances of a class and of the classes below it. */
export const instancesIn = (
  hosts: Hosts,
  namespace: string,
  className: string
): Effect.Effect<ReadonlyArray<Instance>, WbemError> => {
  const wql = `SELECT * FROM ${className}`
  return Effect.flatMap(rows(hosts, namespace, wql, "json"), (all) => reading(all, wql, isInstance))
}

/** Forgets the connection to a namespace where nothing is asked any more. */
export const leave = (hosts: Hosts, namespace: string): Effect.Effect<void, WbemError> =>
  withSession(hosts, (session) => session.release(placeIn(namespace)))
