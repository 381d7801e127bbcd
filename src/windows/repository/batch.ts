/**
 * A batch of puts through one host. The puts are packed into `putMany` messages, of which two are in flight at a time, and each
 * result is stored at the position of its put. When the host disconnects, every put is classified: it has a result, its outcome
 * is unknown, or it has not started.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as ObjectPath from "../../model/ObjectPath.ts"
import * as PutReport from "../../protocol/PutReport.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import {
  CallCancelled,
  isWbemError,
  QuotaViolation,
  TransportFailure,
  type WbemError
} from "../../protocol/WbemError.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import type { BatchHandle } from "../../pipeline/Repository.ts"
import { type Reply, type Request, requestBody, type SentRequest } from "../conversation/conversation.ts"
import { toError } from "./failures.ts"
import { json } from "../conversation/lines.ts"
import { amendedObjectError, encodeClass, flagsOf, isIdempotent } from "../encoding/objects.ts"
import { decodePutResult, type ItemResult } from "../conversation/frames.ts"
import {
  type ConnectionTarget,
  HostDisconnected,
  replyError,
  type Session,
  type SessionError
} from "../process/session.ts"
import { classNamesIn, type ClassShapes, encodeContext, encodeInstance, encodeOrError } from "../encoding/values.ts"

/** The result of one put as the host said it. The repository narrows an error to those of a put. */
export type HostResult = PutReport.PutReport | WbemError

/** The limits of one message. */
export interface BatchLimits {
  /** The largest number of items and of characters in a `putMany`. */
  readonly items: number
  readonly size: number
  /** The largest number of characters in any line. */
  readonly line: number
  /** Whether the host reads each object before it puts it. */
  readonly probe: boolean
}

/** The number of messages of a batch in flight: one that runs, and one that the host can start when the first ends. */
const maxMessagesInFlight = 2

/** The connection that a put needs. The locale matters for amended text only. */
export const targetOf = ({ call, namespace, options }: DecodedPut): ConnectionTarget => ({
  namespace,
  locale: options.amended ? call.locale.toUpperCase() : undefined
})

/** The error of a put that has no answer from Windows. */
export const transportFailure = (sent: boolean, detail: string, cause?: unknown): TransportFailure =>
  new TransportFailure({ sent, detail, ...(cause === undefined ? {} : { cause }) })

/**
 * `existed` is set when the host probed for the object. Otherwise the mode of the put decides; a `CreateOrUpdate` without a probe
 * is `Stored`.
 */
const dispositionOf = (put: DecodedPut, existed: boolean | undefined): PutReport.PutReport["disposition"] =>
  existed !== undefined
    ? existed ? "Updated" : "Created"
    : (put.flags & PutFlags.CreateOnly) !== 0
    ? "Created"
    : (put.flags & PutFlags.UpdateOnly) !== 0
    ? "Updated"
    : "Stored"

const controls = /[\u0000-\u001f]/g

/** The first code unit of 32 successive private-use characters that the text does not contain. */
const unusedBlock = (text: string): number => {
  const blocks = new Set(Array.from(text, (c) => c.charCodeAt(0) >> 5))
  let block = 0xe000 >> 5
  while (blocks.has(block)) block++
  return block << 5
}

/** The server and namespace of an absolute path. The length limit is on the relative path alone (`put-async` 3.8). */
const pathPrefix = /^\\\\[^\\:="']+\\[^:="']+:/

/** Parses a path whose relative part is within the length limit, even if the whole path is longer. */
const parseWithLongPrefix = (text: string): Either.Either<ObjectPath.ObjectPath, ObjectPath.PathFault> => {
  const whole = ObjectPath.parse(text)
  const prefix = Either.isLeft(whole) ? pathPrefix.exec(text)?.[0] : undefined
  if (prefix === undefined) return whole
  const [absolute, relative] = [ObjectPath.parse(`${prefix}C`), ObjectPath.parse(text.slice(prefix.length))]
  return Either.isRight(absolute) && Either.isRight(relative) && relative.right.namespace === undefined
    ? Either.right(
      ObjectPath.make({ ...relative.right, namespace: absolute.right.namespace, server: absolute.right.server })
    )
    : whole
}

/**
 * Parses a path that Windows reported. Such a path may have control characters in a key value, which the path grammar does not
 * allow. They are replaced by private-use characters for the parse and restored in the result.
 */
export const parseReportedPath = (text: string): Either.Either<ObjectPath.ObjectPath, ObjectPath.PathFault> => {
  if (text.search(controls) < 0) return parseWithLongPrefix(text)
  const blockStart = unusedBlock(text)
  const restored = (value: string): string =>
    Array.from(value, (c) => {
      const offset = c.charCodeAt(0) - blockStart
      return offset >= 0 && offset < 32 ? String.fromCharCode(offset) : c
    }).join("")
  return Either.map(
    parseWithLongPrefix(text.replace(controls, (c) => String.fromCharCode(c.charCodeAt(0) + blockStart))),
    (path) =>
      ObjectPath.make({
        ...path,
        keys: path.keys.map((key) => typeof key.value === "string" ? { ...key, value: restored(key.value) } : key)
      })
  )
}

/** The report of a successful put. If the reported path cannot be parsed, the host is not reliable and the outcome is unknown. */
const reportOf = (put: DecodedPut, { existed, path }: ItemResult & { readonly ok: true }): HostResult => {
  const read = parseReportedPath(path)
  return Either.isLeft(read) || read.right.className === undefined
    ? transportFailure(true, `the host answered with ${JSON.stringify(path.slice(0, 80))}, which is no path`)
    : PutReport.make(read.right, dispositionOf(put, existed))
}

const factsOf = (put: DecodedPut) => ({
  className: put.object._tag === "Class" ? put.object.name : put.object.className,
  namespace: put.namespace
})

/** The result of one put from the host's item result. */
export const resultOf = (put: DecodedPut, result: ItemResult): HostResult =>
  result.ok ? reportOf(put, result) : toError(result.error, factsOf(put))

const lineTooLong = (maximum: number): QuotaViolation =>
  new QuotaViolation({
    limit: "request line",
    maximum,
    detail: "not sent: the object makes a longer line; `limits.line` may be raised to 8 MiB"
  })

/** The fields of a message that all its puts share: connection, flags, context and probe. */
const sharedFields = (put: DecodedPut, c: number, probe: boolean): string | WbemError =>
  encodeOrError(() =>
    requestBody({
      c,
      flags: flagsOf(put),
      ...(put.context === undefined || put.context.entries.length === 0 ? {} : { ctx: encodeContext(put.context) }),
      ...(probe ? { probe: true } : {})
    })
  )

/** The request that puts one object. */
export const singleRequest = (
  put: DecodedPut,
  c: number,
  shapes: ClassShapes,
  { line, probe }: BatchLimits
): Request | WbemError => {
  const head = amendedObjectError(put) ?? sharedFields(put, c, probe)
  if (typeof head !== "string") return head
  const text = encodeOrError(() =>
    put.object._tag === "Class"
      ? head + requestBody({ class: encodeClass(put.object) })
      : head + requestBody({ item: encodeInstance(put.object, shapes) })
  )
  if (typeof text !== "string") return text
  if (text.length + 64 > line) return lineTooLong(line)
  return { op: put.object._tag === "Class" ? "putClass" : "putInstance", body: text }
}

/** The codes of failures that the host finds before it calls WMI. */
const codesBeforeStart = new Set(["BadLine", "BadValue", "InvalidFlags", "UnsupportedFlags", "UnknownOp", "Cancelled"])

/** Whether an encoding error may be due to a class that has changed since its shape was read. */
const mayComeFromStaleShape = ({ status }: WbemError): boolean =>
  status === "TypeMismatch" || status === "ValueOutOfRange" || status === "InvalidProperty"

/**
 * Encodes a put with the cached shapes of its classes. If that fails with an error that a stale shape can explain, it reads the
 * shapes again and encodes once more. `reread` holds the classes that were read again: a batch reads each of them again once,
 * however many of its puts fail.
 */
export const encodeWithShapes = <A>(
  session: Session,
  c: number,
  put: DecodedPut,
  encode: (shapes: ClassShapes) => A | WbemError,
  reread: Set<string> = new Set()
): Effect.Effect<A | WbemError, SessionError> => {
  if (put.object._tag === "Class") return Effect.sync(() => encode(new Map()))
  const classes = classNamesIn(put.object)
  const cached = session.hasShapes(c, classes)
  return Effect.flatMap(session.readShapes(c, classes, false), (shapes) => {
    const first = encode(shapes)
    const key = `${c} ${[...classes.keys()].join()}`
    if (!cached || !isWbemError(first) || !mayComeFromStaleShape(first) || reread.has(key)) return Effect.succeed(first)
    reread.add(key)
    return Effect.map(session.readShapes(c, classes, true), encode)
  })
}

/** A message in flight, with the positions of its puts. */
interface SentMessage {
  readonly sent: SentRequest
  readonly positions: ReadonlyArray<number>
}

/** A message that still takes items. */
interface OpenMessage {
  readonly head: string
  readonly items: Array<string>
  readonly positions: Array<number>
  size: number
}

/** The positions of the puts that have no result after a run: those not started, and those whose outcome is unknown. */
export interface Unfinished {
  readonly notStarted: ReadonlyArray<number>
  readonly unknown: ReadonlyArray<number>
  readonly reason: string
}

/** One run of some of the puts of a batch through one host. */
export class BatchRun {
  private readonly session: Session
  private readonly puts: ReadonlyArray<DecodedPut>
  private readonly results: Array<HostResult | undefined>
  private readonly limits: BatchLimits
  private readonly handle: BatchHandle
  private readonly inFlight: Array<SentMessage> = []
  private readonly unknown: Array<number> = []
  private readonly notStarted: Array<number> = []
  private readonly reread = new Set<string>()
  private openMessage: OpenMessage | undefined
  private classInFlight = false
  private disconnected: string | undefined

  constructor(
    session: Session,
    puts: ReadonlyArray<DecodedPut>,
    results: Array<HostResult | undefined>,
    limits: BatchLimits,
    handle: BatchHandle
  ) {
    this.session = session
    this.puts = puts
    this.results = results
    this.limits = limits
    this.handle = handle
  }

  /** Puts the objects at these positions, in order. */
  run(positions: ReadonlyArray<number>): Effect.Effect<Unfinished> {
    return Effect.forEach(positions, (k) => this.putAt(k), { discard: true }).pipe(
      Effect.zipRight(Effect.suspend(() => this.flush())),
      Effect.zipRight(Effect.suspend(() => this.awaitUntil(0))),
      Effect.map(() => ({
        notStarted: this.notStarted,
        unknown: this.unknown,
        reason: this.disconnected ?? "the host went away"
      }))
    )
  }

  private putAt(k: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.disconnected !== undefined) {
        this.notStarted.push(k)
        return Effect.void
      }
      if (this.handle.cancelled()) return this.finish(k, new CallCancelled({}))
      const put = this.puts[k]!
      const refused = amendedObjectError(put)
      if (refused !== undefined) return this.finish(k, refused)
      return Effect.catchAll(
        Effect.flatMap(
          this.session.connect(targetOf(put)),
          (c) => put.object._tag === "Class" ? this.putClass(k, put, c) : this.putInstance(k, put, c)
        ),
        (error) =>
          Effect.sync(() => {
            if (error instanceof HostDisconnected) {
              // The request was for a connection or a class shape; nothing of the put itself was sent.
              this.disconnected = error.message
              this.notStarted.push(k)
            } else this.results[k] = error
          })
      )
    })
  }

  private finish(k: number, result: HostResult): Effect.Effect<void> {
    this.results[k] = result
    return Effect.void
  }

  private putClass(k: number, put: DecodedPut, c: number): Effect.Effect<void> {
    const request = singleRequest(put, c, new Map(), this.limits)
    if (isWbemError(request)) return this.finish(k, request)
    return this.flush().pipe(
      Effect.zipRight(Effect.suspend(() => this.awaitUntil(maxMessagesInFlight - 1))),
      Effect.zipRight(Effect.sync(() => {
        this.classInFlight = true
        this.sendMessage(request, [k])
      }))
    )
  }

  private putInstance(k: number, put: DecodedPut, c: number): Effect.Effect<void, SessionError> {
    // An instance is encoded by its class, so a class in flight must be stored first.
    const settled = this.classInFlight ? this.awaitUntil(0) : Effect.void
    return Effect.flatMap(settled, () => {
      if (this.disconnected !== undefined) return Effect.fail(new HostDisconnected(false, this.disconnected))
      // `putAt` calls this for instances only.
      const item = (shapes: ClassShapes): string | WbemError =>
        encodeOrError(() => json(encodeInstance(put.object as never, shapes)))
      return Effect.flatMap(encodeWithShapes(this.session, c, put, item, this.reread), (text) => {
        if (typeof text !== "string") return this.finish(k, text)
        const head = sharedFields(put, c, this.limits.probe)
        if (typeof head !== "string") return this.finish(k, head)
        if (head.length + text.length + 64 > this.limits.line) return this.finish(k, lineTooLong(this.limits.line))
        return Effect.map(this.messageFor(head, text.length), (message) => {
          message.items.push(text)
          message.positions.push(k)
          message.size += text.length + 1
        })
      })
    })
  }

  /** The open message, or a new one if an item of that size does not fit or needs other shared fields. */
  private messageFor(head: string, size: number): Effect.Effect<OpenMessage> {
    const current = this.openMessage
    const most = Math.min(this.limits.size, this.limits.line)
    if (
      current !== undefined && current.head === head && current.items.length < this.limits.items
      && current.size + size + 64 <= most
    ) return Effect.succeed(current)
    return Effect.map(this.flush(), () => {
      const message: OpenMessage = { head, items: [], positions: [], size: head.length }
      this.openMessage = message
      return message
    })
  }

  /** Sends the open message when fewer than {@link maxMessagesInFlight} messages are in flight. */
  private flush(): Effect.Effect<void> {
    const message = this.openMessage
    if (message === undefined) return Effect.void
    this.openMessage = undefined
    return Effect.map(this.awaitUntil(maxMessagesInFlight - 1), () => {
      if (this.disconnected !== undefined) this.notStarted.push(...message.positions)
      else if (this.handle.cancelled()) { for (const k of message.positions) this.results[k] = new CallCancelled({}) }
      else {
        const text = `${message.head},"items":[${message.items.join(",")}]`
        this.sendMessage({ op: "putMany", body: text, items: message.items.length }, message.positions)
      }
    })
  }

  private sendMessage(request: Request, positions: ReadonlyArray<number>): void {
    if (this.disconnected !== undefined) this.notStarted.push(...positions)
    else this.inFlight.push({ sent: this.session.send(request), positions })
  }

  /** Waits until at most `most` messages are in flight. */
  private awaitUntil(most: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.inFlight.length <= most) return Effect.void
      const { positions, sent } = this.inFlight[0]!
      return Effect.flatMap(awaitReply(this.handle, sent, () => this.cancelAll()), (reply) => {
        this.inFlight.shift()
        this.recordReply(positions, reply)
        if (this.inFlight.length === 0) this.classInFlight = false
        return this.awaitUntil(most)
      })
    })
  }

  private cancelAll(): void {
    for (const { sent } of this.inFlight) this.session.cancel(sent.id)
  }

  private recordReply(positions: ReadonlyArray<number>, reply: Reply): void {
    const first = this.puts[positions[0]!]!
    if (first.object._tag === "Class") {
      this.session.forgetClasses()
      this.reread.clear()
      this.recordSingleReply(positions[0]!, reply)
      return
    }
    reply.items.forEach((item, i) => {
      this.results[positions[i]!] = resultOf(this.puts[positions[i]!]!, item)
    })
    const rest = positions.slice(reply.items.length)
    if (rest.length === 0) return
    switch (reply._tag) {
      case "Result": {
        // The reply to a batch that was cancelled between two items has the number of items done; the others have not started.
        const done = typeof reply.result["done"] === "number" ? reply.result["done"] : positions.length
        rest.forEach((k, i) => {
          this.results[k] = transportFailure(
            reply.items.length + i < done,
            reply.items.length + i < done ? "the host gave no answer to this item" : "the batch ended before this item"
          )
        })
        return
      }
      case "Failure": {
        const error = replyError(reply, factsOf(first)) as WbemError
        const untouched = codesBeforeStart.has(reply.failure.code ?? "") && reply.items.length === 0
        for (const k of rest) {
          this.results[k] = error.status === "Timeout" || error.status === "CallCancelled"
            ? transportFailure(false, error.message, error)
            : untouched
            ? error
            : transportFailure(true, `the batch broke off: ${error.message}`, error)
        }
        return
      }
      case "Lost":
        this.disconnected ??= reply.reason
        ;(reply.started ? this.unknown : this.notStarted).push(...rest)
    }
  }

  private recordSingleReply(k: number, reply: Reply): void {
    const put = this.puts[k]!
    if (reply._tag === "Lost") {
      this.disconnected ??= reply.reason
      ;(reply.started ? this.unknown : this.notStarted).push(k)
      return
    }
    const answer = resultOfReply(put, reply)
    this.results[k] = isWbemError(answer) && answer.status === "Timeout"
      ? transportFailure(false, answer.message, answer)
      : answer
  }
}

/** The result of a message that held one put. */
export const resultOfReply = (put: DecodedPut, reply: Exclude<Reply, { readonly _tag: "Lost" }>): HostResult => {
  if (reply._tag === "Failure") return replyError(reply, factsOf(put)) as WbemError
  const decoded = decodePutResult(reply.result)
  return decoded.ok
    ? resultOf(put, decoded.value)
    : transportFailure(true, `the host's answer to the put: ${decoded.reason}`)
}

/**
 * Waits for the reply to a message. When the call is cancelled or its fiber is interrupted, it runs `cancel` and still waits for
 * the reply, because a put that has started has an outcome.
 */
export const awaitReply = (
  handle: Pick<BatchHandle, "unlessCancelled">,
  sent: SentRequest,
  cancel: () => void
): Effect.Effect<Reply> =>
  Effect.flatMap(
    Effect.exit(Effect.interruptible(handle.unlessCancelled(() => sent.reply))),
    (exit) => Exit.isSuccess(exit) ? Effect.succeed(exit.value) : Effect.zipRight(Effect.sync(cancel), sent.reply)
  )

/** The positions of the puts that may be sent once more to another host, in order. */
export const repeatable = (
  puts: ReadonlyArray<DecodedPut>,
  unfinished: Unfinished,
  retryUnknown: boolean
): ReadonlyArray<number> =>
  [...unfinished.notStarted, ...(retryUnknown ? unfinished.unknown.filter((k) => isIdempotent(puts[k]!)) : [])].sort((
    a,
    b
  ) => a - b)
