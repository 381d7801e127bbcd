/**
 * The state of one host: its connections to namespaces, and its caches of class shapes and class definitions.
 *
 * @internal
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FiberId from "effect/FiberId"
import * as CimName from "../../model/CimName.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import { recordingFiber } from "../../pipeline/observation/recording.ts"
import { hostCall } from "../../pipeline/observation/spans.ts"
import { ConnectionFailed, Failed, InvalidClass, Timeout, type WbemError } from "../../protocol/WbemError.ts"
import { type Reply, type Request, requestBody, type SentRequest } from "../conversation/conversation.ts"
import { type CallFacts, toError } from "../repository/failures.ts"
import type { Host } from "./process.ts"
import { decodeConnectResult, decodeObjectResult, type Fields } from "../conversation/frames.ts"
import { type ClassShape, DecodingError, readShape } from "../encoding/values.ts"

/** The host disconnected before it replied. `started` says whether it had started the request. */
export class HostDisconnected extends Error {
  readonly started: boolean
  constructor(started: boolean, reason: string) {
    super(reason)
    this.started = started
  }
}

/** The errors of a request: WMI's, or the end of the host. */
export type SessionError = WbemError | HostDisconnected

/** How a session connects to a namespace. */
export interface ConnectSettings {
  /** The fields of `connect` besides namespace and locale. They hold the secret. */
  readonly fields: () => Fields
  readonly locale: string | undefined
  /** The computer that the host connects to, if the options name one. */
  readonly server: string | undefined
  /** The timeout in milliseconds. */
  readonly time: number
}

/** What a connection leads to: a namespace, in a locale if amended text is read or put. */
export interface ConnectionTarget {
  readonly namespace: string
  readonly locale: string | undefined
}

const connectionKey = ({ locale, namespace }: ConnectionTarget): string => `${CimName.fold(namespace)}\n${locale ?? ""}`

/** The error of a reply that is not a result. */
export const replyError = (
  reply: Exclude<Reply, { readonly _tag: "Result" }>,
  facts: CallFacts = {}
): SessionError =>
  reply._tag === "Lost"
    ? new HostDisconnected(reply.started, reply.reason)
    : reply.timedOut && reply.failure.code === "Cancelled"
    ? new Timeout({ detail: "the host did not end it in time" })
    : toError(reply.failure, facts)

export class Session {
  readonly host: Host
  private readonly settings: ConnectSettings
  private readonly connections = new Map<string, Deferred.Deferred<number, SessionError>>()
  private readonly shapes = new Map<number, Map<string, ClassShape>>()
  private readonly definitions = new Map<string, ClassDefinition>()

  constructor(host: Host, settings: ConnectSettings) {
    this.host = host
    this.settings = settings
  }

  get open(): boolean {
    return this.host.conversation.open
  }

  /** Sends a request without waiting for its reply. */
  send(request: Request): SentRequest {
    const fiber = recordingFiber()
    return this.host.conversation.send(
      fiber === undefined ? request : { ...request, ended: this.observed(fiber, request) }
    )
  }

  /** Begins the span of a request. */
  private observed(fiber: Parameters<typeof hostCall>[0], { items, op }: Request): Request["ended"] {
    const end = hostCall(fiber, op, items, this.settings.server)
    return (reply) => {
      if (reply._tag === "Result") end(undefined)
      else if (reply._tag === "Lost") end({ type: "Lost" })
      else end({ type: reply.failure.code ?? "Wmi", hresult: reply.failure.hresult })
    }
  }

  cancel(id: number): void {
    this.host.conversation.cancel(id)
  }

  /** Sends a request and waits for its reply. */
  request(request: Request): Effect.Effect<Reply> {
    return Effect.suspend(() => this.send(request).reply)
  }

  /** The number of the connection to a target. A failed connection is not kept: the next call tries again. */
  connect(target: ConnectionTarget): Effect.Effect<number, SessionError> {
    return Effect.suspend(() => {
      const key = connectionKey(target)
      const open = this.connections.get(key)
      if (open !== undefined) return Deferred.await(open)
      const connection = Deferred.unsafeMake<number, SessionError>(FiberId.none)
      this.connections.set(key, connection)
      const locale = target.locale ?? this.settings.locale
      const fields = { ns: target.namespace, ...(locale === undefined ? {} : { locale }), ...this.settings.fields() }
      const { reply } = this.send({ op: "connect", body: requestBody(fields), time: this.settings.time })
      // Connecting continues when the first caller is interrupted, because other callers may wait for the same connection.
      return Effect.zipRight(
        Effect.forkDaemon(Effect.interruptible(
          Effect.flatMap(reply, (ended) => {
            const answer = this.connectionNumber(ended, target)
            if (Either.isLeft(answer)) this.connections.delete(key)
            return Effect.sync(() => Deferred.unsafeDone(connection, answer))
          })
        )),
        Deferred.await(connection)
      )
    })
  }

  private connectionNumber(
    reply: Reply,
    { namespace }: ConnectionTarget
  ): Either.Either<number, SessionError> {
    if (reply._tag !== "Result") return Either.left(replyError(reply, { namespace }))
    const decoded = decodeConnectResult(reply.result)
    return decoded.ok
      ? Either.right(decoded.value)
      : Either.left(new ConnectionFailed({ detail: `the host's answer to connect: ${decoded.reason}` }))
  }

  /** Closes the connection to a target, here and in the host. Does nothing in a host that has disconnected. */
  release(target: ConnectionTarget): Effect.Effect<void> {
    return Effect.suspend(() => {
      const key = connectionKey(target)
      const open = this.connections.get(key)
      if (open === undefined) return Effect.void
      this.connections.delete(key)
      return Effect.matchEffect(Deferred.await(open), {
        onFailure: () => Effect.void,
        onSuccess: (c) => {
          this.shapes.delete(c)
          return Effect.asVoid(this.request({ op: "release", body: requestBody({ c }) }))
        }
      })
    })
  }

  /**
   * The shapes of some classes (folded name to name), by folded name. Shapes that are not cached are read; with `fresh` all of them
   * are. Fails with `InvalidClass` when a class does not exist.
   */
  readShapes(
    c: number,
    classes: ReadonlyMap<string, string>,
    fresh: boolean
  ): Effect.Effect<ReadonlyMap<string, ClassShape>, SessionError> {
    return Effect.suspend(() => {
      const cached = this.shapesOf(c)
      const missing = [...classes].filter(([folded]) => fresh || !cached.has(folded))
      return missing.length === 0 ? Effect.succeed(cached) : Effect.as(
        Effect.forEach(missing, ([folded, className]) =>
          Effect.map(this.fetchShape(c, className), (shape) => {
            cached.set(folded, shape)
          }), { concurrency: "unbounded", discard: true }),
        cached
      )
    })
  }

  /** Whether the shapes of all these classes are cached. */
  hasShapes(c: number, classes: ReadonlyMap<string, string>): boolean {
    const cached = this.shapesOf(c)
    return [...classes.keys()].every((folded) => cached.has(folded))
  }

  /** Clears the caches of shapes and definitions. Called after a class put, which also changes the classes below it. */
  forgetClasses(): void {
    this.shapes.clear()
    this.definitions.clear()
  }

  /** A class parsed from its MOF, which is read once; `undefined` if it cannot be read. */
  readDefinition(
    c: number,
    className: string,
    read: (mof: string) => ClassDefinition | undefined
  ): Effect.Effect<ClassDefinition | undefined, HostDisconnected> {
    return Effect.suspend(() => {
      const key = `${c} ${CimName.fold(className)}`
      if (this.definitions.has(key)) return Effect.succeed(this.definitions.get(key))
      const request: Request = { op: "get", body: requestBody({ c, path: className, flags: 0, form: "mof" }) }
      return Effect.flatMap(this.request(request), (reply) => {
        if (reply._tag === "Lost") return Either.left(new HostDisconnected(reply.started, reply.reason))
        const decoded = reply._tag === "Result" ? decodeObjectResult(reply.result) : undefined
        const definition = decoded?.ok === true && "mof" in decoded.value ? read(decoded.value.mof) : undefined
        if (definition !== undefined) this.definitions.set(key, definition)
        return Either.right(definition)
      })
    })
  }

  private shapesOf(c: number): Map<string, ClassShape> {
    let cached = this.shapes.get(c)
    if (cached === undefined) {
      cached = new Map()
      this.shapes.set(c, cached)
    }
    return cached
  }

  private fetchShape(c: number, className: string): Effect.Effect<ClassShape, SessionError> {
    return Effect.flatMap(this.request({ op: "get", body: requestBody({ c, path: className, flags: 0 }) }), (reply) => {
      if (reply._tag !== "Result") {
        const error = replyError(reply, { className })
        return Either.left(
          !(error instanceof HostDisconnected) && error.status === "NotFound"
            ? new InvalidClass({ className, detail: "there is no such class", cause: error })
            : error
        )
      }
      const decoded = decodeObjectResult(reply.result)
      if (!decoded.ok || "mof" in decoded.value) {
        return Either.left(new Failed({ detail: `the host's answer to get: ${decoded.ok ? "MOF" : decoded.reason}` }))
      }
      try {
        return Either.right(readShape(decoded.value))
      } catch (thrown) {
        if (thrown instanceof DecodingError) return Either.left(new Failed({ detail: thrown.message }))
        throw thrown
      }
    })
  }
}
