/**
 * The rows of WQL queries on the host's computer, as classes and instances. `lists.ts` makes the lists of a repository of them; the
 * conformance check of a computer uses them too.
 *
 * No text of a caller is part of a query: a class name is checked to be an identifier, which needs no quotes.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as CimName from "../../model/CimName.ts"
import type { ClassDefinition, Instance, WbemObject } from "../../model/WbemObject.ts"
import { Failed, InvalidClass, type WbemError } from "../../protocol/WbemError.ts"
import { requestBody } from "../conversation/conversation.ts"
import type { Received } from "../conversation/frames.ts"
import { always, type HostPool, withSession, withSessionRetry } from "../process/pool.ts"
import { type ConnectionTarget, replyError, type SessionError } from "../process/session.ts"
import type { CallFacts } from "./failures.ts"
import { readObject } from "./reading.ts"

/** The flag of a read with localised text. */
const useAmendedQualifiers = 0x20000

/** A query and how its rows are read. */
interface Query {
  readonly target: ConnectionTarget
  readonly wql: string
  /** A class is read from its MOF, an instance from its values. */
  readonly form: "json" | "mof"
  readonly facts: CallFacts
}

/** A namespace and, for text in a language, the locale of the connection. */
const targetIn = (namespace: string, locale?: string): ConnectionTarget => ({ namespace, locale })

/**
 * The rows of a query. A query changes nothing, so it runs once more if its host disconnects. The rows come in parts, and memory holds one
 * list of them. If the program is interrupted, the host stops after the row that it reads.
 */
const queryRows = (
  pool: HostPool,
  { facts, form, target, wql }: Query
): Effect.Effect<ReadonlyArray<Received>, WbemError> =>
  withSessionRetry(
    pool,
    (session) =>
      Effect.flatMap(session.connect(target), (c) =>
        Effect.suspend(() => {
          const flags = target.locale === undefined ? 0 : useAmendedQualifiers
          const sent = session.send({ op: "query", body: requestBody({ c, wql, flags, form }), rows: true })
          return Effect.flatMap(
            Effect.onInterrupt(sent.reply, () => Effect.sync(() => session.cancel(sent.id))),
            (reply): Either.Either<ReadonlyArray<Received>, SessionError> => {
              if (reply._tag !== "Result") return Either.left(replyError(reply, facts))
              const { rows } = reply.result
              return rows === undefined || rows === reply.rows.length
                ? Either.right(reply.rows)
                : Either.left(new Failed({ detail: `${wql}: ${reply.rows.length} of ${String(rows)} rows arrived` }))
            }
          )
        })),
    always,
    false
  )

const decodeRows = <A extends WbemObject>(
  objects: ReadonlyArray<Received>,
  wql: string,
  isKind: (object: WbemObject) => object is A
): Either.Either<ReadonlyArray<A>, WbemError> =>
  Either.all(objects.map((received) =>
    // The values of a class are its defaults, so they would make an instance that does not exist.
    "genus" in received && received.genus === 1
      ? Either.left(new Failed({ detail: `${wql}: a row is the class ${received.className}, not an instance` }))
      : Either.flatMap(
        readObject(received, wql),
        (object) =>
          isKind(object) ? Either.right(object) : Either.left(new Failed({ detail: `${wql}: ${object._tag}` }))
      )
  ))

const isClass = (object: WbemObject): object is ClassDefinition => object._tag === "Class"
const isInstance = (object: WbemObject): object is Instance => object._tag === "Instance"

const textLiteral = /"(?:[^"\\]|\\[^])*"/g
const classWord = /(?:^|[\s\]])class\s+([^\s:{;]+)/i

/** The name of the class that a MOF text declares. The texts of qualifiers may have the word too. */
const declaredName = (mof: string): string => classWord.exec(mof.replace(textLiteral, '""'))?.[1] ?? ""

/** Whether a row is a system class. The MOF of system classes is not documented, so it is not parsed. */
const isSystem = (object: Received): boolean => "mof" in object && CimName.isSystemName(declaredName(object.mof))

/** The class of all classes in WQL. A namespace has no class of this name, and its rows are classes. */
const metaClass = "meta_class"

/** The user classes of a namespace, each with its own members only, in no particular order. With a locale they have its text. */
export const classesIn = (
  pool: HostPool,
  namespace: string,
  locale?: string
): Effect.Effect<ReadonlyArray<ClassDefinition>, WbemError> => {
  const wql = `SELECT * FROM ${metaClass}`
  return Effect.flatMap(
    queryRows(pool, { target: targetIn(namespace, locale), wql, form: "mof", facts: { namespace } }),
    (objects) => decodeRows(objects.filter((object) => !isSystem(object)), wql, isClass)
  )
}

/** White space and control characters beyond ASCII, which a WQL parser may take for the end of a name. */
// deno-lint-ignore no-control-regex
const blank = /[\s\u0080-\u009f]/

/**
 * The instances of a class and, unless `deep` is false, of its subclasses, with every property of their class, in no particular order.
 * `meta_class` and a name that is no identifier fail with `InvalidClass` and are not sent.
 */
export const instancesIn = (
  pool: HostPool,
  namespace: string,
  className: string,
  options: { readonly deep?: boolean | undefined; readonly locale?: string | undefined } = {}
): Effect.Effect<ReadonlyArray<Instance>, WbemError> => {
  if (!CimName.isIdentifier(className) || blank.test(className)) {
    return Either.left(new InvalidClass({ className, detail: `not in ${namespace}: it is no name of a class` }))
  }
  if (CimName.equals(className, metaClass)) {
    return Either.left(new InvalidClass({ className, detail: `not in ${namespace}` }))
  }
  const wql = `SELECT * FROM ${className}${options.deep === false ? ` WHERE __CLASS = "${className}"` : ""}`
  return Effect.flatMap(
    queryRows(pool, {
      target: targetIn(namespace, options.locale),
      wql,
      form: "json",
      facts: { namespace, className }
    }),
    (objects) => decodeRows(objects, wql, isInstance)
  )
}

/** Whether a namespace can be opened: connects to it. */
export const openNamespace = (pool: HostPool, namespace: string): Effect.Effect<void, WbemError> =>
  Effect.asVoid(withSessionRetry(pool, (session) => session.connect(targetIn(namespace)), always, false))

/** Closes the connection to a namespace. */
export const releaseNamespace = (pool: HostPool, namespace: string): Effect.Effect<void, WbemError> =>
  withSession(pool, (session) => session.release(targetIn(namespace)))
