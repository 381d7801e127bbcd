/**
 * What is known about one host while it lives: its connections, and the shapes of the classes that were put through it.
 *
 * @internal
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FiberId from "effect/FiberId"
import * as CimName from "../../model/CimName.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import { ConnectionFailed, Failed, InvalidClass, Timeout, type WbemError } from "../../protocol/WbemError.ts"
import { body, type Reply, type Request, type Sent } from "../conversation/conversation.ts"
import { type Facts, toError } from "../repository/failures.ts"
import type { Host } from "./process.ts"
import { connectResult, type Fields, objectResult } from "../conversation/frames.ts"
import { readShape, type Shape, Unreadable } from "../encoding/values.ts"

/** The host went away; whether it had begun with what it was asked. */
export class Gone extends Error {
  readonly started: boolean
  constructor(started: boolean, reason: string) {
    super(reason)
    this.started = started
  }
}

/** How connections are made. */
export interface Connecting {
  /** The fields of `connect` besides namespace and locale; the secret is among them. */
  readonly fields: () => Fields
  readonly locale: string | undefined
  readonly time: number
}

/** Where a request goes: a namespace, in a locale if its text matters. */
export interface Place {
  readonly namespace: string
  readonly locale: string | undefined
}

const keyOf = ({ locale, namespace }: Place): string => `${CimName.fold(namespace)}\n${locale ?? ""}`

/** What a reply says that is no result. */
export const problem = (reply: Exclude<Reply, { readonly _tag: "Result" }>, facts: Facts = {}): WbemError | Gone =>
  reply._tag === "Lost"
    ? new Gone(reply.started, reply.reason)
    : reply.timedOut && reply.failure.code === "Cancelled"
    ? new Timeout({ detail: "the host did not begin with it in time" })
    : toError(reply.failure, facts)

export class Session {
  readonly host: Host
  private readonly connecting: Connecting
  private readonly connections = new Map<string, Deferred.Deferred<number, WbemError | Gone>>()
  private readonly shapes = new Map<number, Map<string, Shape>>()
  private readonly classes = new Map<string, ClassDefinition>()

  constructor(host: Host, connecting: Connecting) {
    this.host = host
    this.connecting = connecting
  }

  get open(): boolean {
    return this.host.conversation.open
  }

  /** Sends without waiting for the answer. */
  send(request: Request): Sent {
    return this.host.conversation.send(request)
  }

  cancel(id: number): void {
    this.host.conversation.cancel(id)
  }

  /** Asks and waits. */
  ask(request: Request): Effect.Effect<Reply> {
    return Effect.suspend(() => this.send(request).reply)
  }

  /** The number of the connection to a place. One that fails is tried again by the next who asks. */
  connect(place: Place): Effect.Effect<number, WbemError | Gone> {
    return Effect.suspend(() => {
      const key = keyOf(place)
      const known = this.connections.get(key)
      if (known !== undefined) return Deferred.await(known)
      const made = Deferred.unsafeMake<number, WbemError | Gone>(FiberId.none)
      this.connections.set(key, made)
      const locale = place.locale ?? this.connecting.locale
      const fields = {
        ns: place.namespace,
        ...(locale === undefined ? {} : { locale }),
        ...this.connecting.fields()
      }
      const { reply } = this.send({ op: "connect", body: body(fields), time: this.connecting.time })
      // It goes on if whoever asked first stops waiting: others may wait for it too.
      return Effect.zipRight(
        Effect.forkDaemon(Effect.interruptible(
          Effect.flatMap(reply, (ended) => {
            const answer = this.connected(ended, place)
            if (Either.isLeft(answer)) this.connections.delete(key)
            return Effect.sync(() => Deferred.unsafeDone(made, answer))
          })
        )),
        Deferred.await(made)
      )
    })
  }

  private connected(reply: Reply, { namespace }: Place): Either.Either<number, WbemError | Gone> {
    if (reply._tag !== "Result") return Either.left(problem(reply, { namespace }))
    const decoded = connectResult(reply.result)
    return decoded.ok
      ? Either.right(decoded.value)
      : Either.left(new ConnectionFailed({ detail: `the host's answer to connect: ${decoded.fault}` }))
  }

  /** Forgets the connection to a place, here and in the host. A host that went away has forgotten it already. */
  release(place: Place): Effect.Effect<void> {
    return Effect.suspend(() => {
      const key = keyOf(place)
      const known = this.connections.get(key)
      if (known === undefined) return Effect.void
      this.connections.delete(key)
      return Effect.matchEffect(Deferred.await(known), {
        onFailure: () => Effect.void,
        onSuccess: (c) => {
          this.shapes.delete(c)
          return Effect.asVoid(this.ask({ op: "release", body: body({ c }) }))
        }
      })
    })
  }

  /** The shapes that are known of some classes, by folded name; the others are read first. `fresh` reads all of them again. */
  shapesOf(
    c: number,
    classes: ReadonlyMap<string, string>,
    fresh: boolean
  ): Effect.Effect<ReadonlyMap<string, Shape>, WbemError | Gone> {
    return Effect.suspend(() => {
      const known = this.known(c)
      const missing = [...classes].filter(([folded]) => fresh || !known.has(folded))
      return missing.length === 0 ? Effect.succeed(known) : Effect.as(
        Effect.forEach(missing, ([folded, className]) =>
          Effect.map(this.shape(c, className), (shape) => {
            known.set(folded, shape)
          }), { concurrency: "unbounded", discard: true }),
        known
      )
    })
  }

  /** Whether every one of these classes has been read. */
  knows(c: number, classes: ReadonlyMap<string, string>): boolean {
    const known = this.known(c)
    return [...classes.keys()].every((folded) => known.has(folded))
  }

  /** A class was put: what was known of it, and of those below it, is of no use any more. */
  forget(): void {
    this.shapes.clear()
    this.classes.clear()
  }

  /** A class by its MOF, read once; `undefined` if it is not to be had. */
  definition(
    c: number,
    className: string,
    read: (mof: string) => ClassDefinition | undefined
  ): Effect.Effect<ClassDefinition | undefined, Gone> {
    return Effect.suspend(() => {
      const key = `${c} ${CimName.fold(className)}`
      if (this.classes.has(key)) return Effect.succeed(this.classes.get(key))
      const request: Request = { op: "get", body: body({ c, path: className, flags: 0, form: "mof" }) }
      return Effect.flatMap(this.ask(request), (reply) => {
        if (reply._tag === "Lost") return Either.left(new Gone(reply.started, reply.reason))
        const decoded = reply._tag === "Result" ? objectResult(reply.result) : undefined
        const found = decoded?.ok === true && "mof" in decoded.value ? read(decoded.value.mof) : undefined
        if (found !== undefined) this.classes.set(key, found)
        return Either.right(found)
      })
    })
  }

  private known(c: number): Map<string, Shape> {
    let known = this.shapes.get(c)
    if (known === undefined) {
      known = new Map()
      this.shapes.set(c, known)
    }
    return known
  }

  private shape(c: number, className: string): Effect.Effect<Shape, WbemError | Gone> {
    return Effect.flatMap(this.ask({ op: "get", body: body({ c, path: className, flags: 0 }) }), (reply) => {
      if (reply._tag !== "Result") {
        const found = problem(reply, { className })
        return Either.left(
          !(found instanceof Gone) && found.status === "NotFound"
            ? new InvalidClass({ className, detail: "there is no such class", cause: found })
            : found
        )
      }
      const decoded = objectResult(reply.result)
      if (!decoded.ok || "mof" in decoded.value) {
        return Either.left(new Failed({ detail: `the host's answer to get: ${decoded.ok ? "MOF" : decoded.fault}` }))
      }
      try {
        return Either.right(readShape(decoded.value))
      } catch (thrown) {
        if (thrown instanceof Unreadable) return Either.left(new Failed({ detail: thrown.message }))
        throw thrown
      }
    })
  }
}
