/**
 * The names of the computer that the hosts connect to, and the check of the server in a path or a namespace. A name that is not known
 * yet is compared with the name that the computer writes in its paths, which is read once, in `root` if the caller may open it.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as GetEngine from "../../engine/GetEngine.ts"
import { namespaceNotFound } from "../../engine/rules/access.ts"
import * as CimName from "../../model/CimName.ts"
import { isLocalServer } from "../../model/limits.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import { InvalidNamespace, isWbemError, type WbemError } from "../../protocol/WbemError.ts"
import { decodeObjectResult } from "../conversation/frames.ts"
import { requestBody } from "../conversation/conversation.ts"
import { always, type HostPool, withSessionRetry } from "../process/pool.ts"
import { replyError } from "../process/session.ts"
import type { HostResult } from "./batch.ts"
import type { Options } from "./options.ts"

/** The computer that the hosts connect to. */
export interface Computer {
  /** Learns the name of the computer from the path of a result. */
  readonly learn: (result: HostResult | undefined) => void
  /**
   * A namespace without the name of this computer in front. Fails with `InvalidNamespace` for another computer and for a text that is no
   * namespace, so that a connection never leads to another computer.
   */
  readonly namespace: (text: string) => Effect.Effect<string, WbemError>
  /** The same from the names that are known. `undefined` for another computer and for a text that is no namespace. */
  readonly knownNamespace: (text: string) => string | undefined
  /** A path without the name of this computer, checked against the namespace and the caller's server (DL-2). */
  readonly path: (
    path: ObjectPath.ObjectPath,
    namespace: string,
    caller: string
  ) => Effect.Effect<ObjectPath.ObjectPath, WbemError>
}

/** A namespace that every computer has. */
const root = "root"

/** Whether a namespace is not there or may not be opened by the caller. */
const isUnopened = ({ status }: WbemError): boolean => status === "InvalidNamespace" || status === "AccessDenied"

/**
 * A namespace without a server. Any other text is refused and not sent: `ConnectServer` takes the name of a computer from a text that
 * begins with backslashes.
 */
const checkedPlain = (text: string): Either.Either<string, WbemError> =>
  ObjectPath.isPlainNamespace(text) ? Either.right(text) : Either.left(namespaceNotFound(text, "object-path 1"))

const unknownName = (server: string, namespace: string): InvalidNamespace =>
  new InvalidNamespace({
    namespace: `\\\\${server}\\${namespace}`,
    rule: "object-path 1",
    detail: `this computer has no namespace ${namespace}, and the name of this computer cannot be read in ${root}: `
      + `${server} may be another computer`
  })

/** The computer of the options. */
export const computerOf = (pool: HostPool, options: Options): Computer => {
  const given = options.connect?.server
  const names = new Set(given === undefined ? [] : [CimName.fold(given)])
  let isRead = false
  const learnPath = (path: ObjectPath.ObjectPath | undefined): void => {
    if (path?.server !== undefined) names.add(CimName.fold(path.server))
  }
  const isOwn = (server: string): boolean => isLocalServer(server) || names.has(CimName.fold(server))

  /** Reads the path of a class that every namespace has. */
  const readNameIn = (namespace: string): Effect.Effect<void, WbemError> =>
    withSessionRetry(
      pool,
      (session) =>
        Effect.flatMap(session.connect({ namespace, locale: undefined }), (c) =>
          Effect.flatMap(
            session.request({ op: "get", body: requestBody({ c, path: "__NAMESPACE", flags: 0 }) }),
            (reply) => {
              if (reply._tag !== "Result") return Either.left(replyError(reply, { namespace }))
              const decoded = decodeObjectResult(reply.result)
              const text = decoded.ok && "path" in decoded.value ? decoded.value.path : ""
              learnPath(Either.getOrUndefined(ObjectPath.parse(text)))
              isRead = true
              return Either.void
            }
          )),
      always,
      false
    )

  /**
   * Reads the name in `root`, and in the namespace of the caller if `root` cannot be opened. If neither can be opened, the error is that of
   * the namespace of the caller, which is the right one if the server is this computer.
   */
  const readName = (server: string, namespace: string): Effect.Effect<void, WbemError> =>
    Effect.catchAll(readNameIn(root), (error) => {
      if (!isUnopened(error)) return Either.left(error)
      if (!ObjectPath.isPlainNamespace(namespace)) return Either.left(unknownName(server, namespace))
      return Effect.mapError(
        readNameIn(namespace),
        (second) => second.status === "InvalidNamespace" ? unknownName(server, namespace) : second
      )
    })

  /** Whether a server is this computer. Reads the name of the computer if it must. */
  const checkOwn = (server: string, namespace: string): Effect.Effect<boolean, WbemError> =>
    isOwn(server) || isRead
      ? Effect.succeed(isOwn(server))
      : Effect.map(readName(server, namespace), () => isOwn(server))

  const withoutServer = (text: string, server: string): string => text.slice(server.length + 3)
  const namespace = (text: string): Effect.Effect<string, WbemError> => {
    const plain = ObjectPath.namespaceText(text)
    const server = ObjectPath.namespaceServer(plain)
    if (server === undefined) return checkedPlain(plain)
    const own = withoutServer(plain, server)
    return Effect.flatMap(
      checkOwn(server, own),
      (isThis) => isThis ? checkedPlain(own) : Either.left(namespaceNotFound(plain, "object-path 1"))
    )
  }
  return {
    learn: (result) => {
      if (result !== undefined && !isWbemError(result)) learnPath(result.path)
    },
    namespace,
    knownNamespace: (text) => {
      const plain = ObjectPath.namespaceText(text)
      const server = ObjectPath.namespaceServer(plain)
      const own = server === undefined ? plain : isOwn(server) ? withoutServer(plain, server) : undefined
      return own !== undefined && ObjectPath.isPlainNamespace(own) ? own : undefined
    },
    path: (path, within, caller) => {
      const { server } = path
      if (server === undefined || CimName.equals(server, caller)) return GetEngine.objectPath(path, within, caller)
      return Effect.flatMap(
        checkOwn(server, path.namespace ?? within),
        (isThis) =>
          GetEngine.objectPath(isThis ? ObjectPath.make({ ...path, server: undefined }) : path, within, caller)
      )
    }
  }
}
