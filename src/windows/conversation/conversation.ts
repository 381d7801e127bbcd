/**
 * The conversation with one host, without the process.
 *
 *     send ─> waiting ─(window has room)─> pending ─(frame "res")─> Result or Failure
 *                                             └─(timeout, process end, protocol violation)─> Lost
 *
 * Requests are written in the order of `send`. Plain code without fibers or timers: its caller passes in received frames, the end
 * of the process and the time, so that tests can run it without a process.
 *
 * @internal
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import {
  decodeFrame,
  type Failure,
  type Fields,
  type Frame,
  type Hello,
  type ItemResult,
  type Received
} from "./frames.ts"
import { json } from "./lines.ts"

/** The resolved timeouts, in milliseconds. */
export interface TimeoutMillis {
  readonly start: number
  readonly connect: number
  readonly request: number
  /** The time without a frame after which the host is pinged, and the time it has to answer the ping. */
  readonly ping: number
  readonly pong: number
  /** The time that a cancelled request has to end. */
  readonly grace: number
  /** The interval of the pings to an idle host, which ends itself without them. */
  readonly lease: number
  /** The waits for an orderly exit, for the end of a killed process, and for the end of the output after the exit. */
  readonly exit: number
  readonly kill: number
  readonly close: number
}

/** The limits on sizes: `line`, `flight` and `frame` in characters, `window` in requests. See `Limits` in `repository/options.ts`. */
export interface SizeLimits {
  readonly line: number
  readonly flight: number
  readonly window: number
  readonly frame: number
}

/** How a request ended. `items` and `rows` are the partial results that arrived, in order from the first. */
export type Reply =
  & { readonly items: ReadonlyArray<ItemResult>; readonly rows: ReadonlyArray<Received> }
  & (
    | { readonly _tag: "Result"; readonly result: Fields }
    | { readonly _tag: "Failure"; readonly failure: Failure; readonly timedOut: boolean }
    | { readonly _tag: "Lost"; readonly started: boolean; readonly reason: string }
  )

/** A request that the conversation has accepted. */
export interface SentRequest {
  readonly id: number
  /** Waits for the reply. Interrupting the wait does not cancel the request. */
  readonly reply: Effect.Effect<Reply>
}

/** A request without its number. `items` is the number of results that a `putMany` has; `rows` says that `rows` frames may come. */
export interface Request {
  readonly op: string
  readonly body: string
  readonly items?: number
  readonly rows?: boolean
  /** The timeout in milliseconds; by default `TimeoutMillis.request`. */
  readonly time?: number
  /** Is called with the reply: the end of the span of the request. */
  readonly ended?: ((reply: Reply) => void) | undefined
}

/** Receives each frame that is sent (`>`) or received (`<`), for a recording. */
export type FrameObserver = (direction: ">" | "<", frame: Fields) => void

/** What a conversation needs from its process. */
export interface Transport {
  readonly write: (line: string) => void
  /** Requests the end of the process. `Conversation.processEnded` must be called when it has ended. */
  readonly kill: (reason: string) => void
  readonly now: () => number
  /** A deadline is nearer than the delay that `Conversation.tick` returned last. */
  readonly wake: () => void
  readonly observe: FrameObserver | undefined
  /** Removes secrets from the fields of a received frame. */
  readonly redact: (fields: Fields) => Fields
}

interface PendingRequest {
  readonly id: number
  readonly line: string
  readonly itemCount: number
  readonly expectsRows: boolean
  readonly time: number
  readonly reply: Deferred.Deferred<Reply>
  readonly ended: Request["ended"]
  readonly items: Array<ItemResult>
  readonly rows: Array<Received>
  started: boolean
  sentAt: number
  lastFrameAt: number
  cancelled: boolean
  /** When its timeout passed. */
  overdueSince: number | undefined
}

const notSent = -Infinity

/** `op` and `id` come first in this order: the host's reader recognises ping and cancel by the beginning of the line. */
const lineOf = (op: string, id: number, body: string): string => `{"op":"${op}","id":${id}${body}}\n`

/** The fields of a request as JSON text, in the form that follows its number. */
export const requestBody = (fields: Fields): string => {
  const text = json(fields)
  return text === "{}" ? "" : `,${text.slice(1, -1)}`
}

export class Conversation {
  readonly hello: Deferred.Deferred<Hello>
  private readonly transport: Transport
  private readonly timeouts: TimeoutMillis
  private readonly sizes: SizeLimits
  private readonly pending = new Map<number, PendingRequest>()
  private readonly waiting: Array<PendingRequest> = []
  private helloReceived = false
  private lastId = 0
  private inFlight = 0
  private inFlightCharacters = 0
  /** Why no further request is accepted. */
  private stopReason: string | undefined
  /** How the host broke the protocol. What it reported before is not reliable either. */
  private violationDetail: string | undefined
  private lastFrameAt: number
  private lastProgressAt: number
  private lastWriteAt: number
  /** When the next `tick` is due. */
  private nextTickAt = 0
  private unansweredPing: { readonly id: number; readonly at: number } | undefined

  constructor(transport: Transport, timeouts: TimeoutMillis, sizes: SizeLimits, hello: Deferred.Deferred<Hello>) {
    this.transport = transport
    this.timeouts = timeouts
    this.sizes = sizes
    this.hello = hello
    const now = transport.now()
    this.lastFrameAt = now
    this.lastProgressAt = now
    this.lastWriteAt = now
  }

  /** Whether the conversation accepts requests. */
  get open(): boolean {
    return this.stopReason === undefined
  }

  /** Why it accepts no requests. */
  get reason(): string | undefined {
    return this.stopReason
  }

  /** How the host broke the protocol, if it did. */
  get broken(): string | undefined {
    return this.violationDetail
  }

  /** Accepts a request. It is written when the window has room. */
  send(request: Request): SentRequest {
    const id = ++this.lastId
    const entry: PendingRequest = {
      id,
      line: lineOf(request.op, id, request.body),
      itemCount: request.items ?? 0,
      expectsRows: request.rows === true,
      time: request.time ?? this.timeouts.request,
      reply: Deferred.unsafeMake<Reply>(FiberId.none),
      ended: request.ended,
      items: [],
      rows: [],
      started: false,
      sentAt: notSent,
      lastFrameAt: 0,
      cancelled: false,
      overdueSince: undefined
    }
    if (this.stopReason === undefined) {
      this.waiting.push(entry)
      this.sendWaiting()
    } else this.completeLost(entry, this.stopReason)
    return { id, reply: Deferred.await(entry.reply) }
  }

  /** Asks the host not to start a request, or to stop between two items of it. */
  cancel(id: number): void {
    const index = this.waiting.findIndex((entry) => entry.id === id)
    if (index >= 0) {
      const [entry] = this.waiting.splice(index, 1)
      this.completeLost(entry!, "it was cancelled before it was sent")
      return
    }
    const entry = this.pending.get(id)
    if (entry === undefined || entry.cancelled || this.stopReason !== undefined) return
    entry.cancelled = true
    this.write(`{"op":"cancel","target":${id}}\n`)
  }

  /** Handles a frame, given as its JSON. */
  receive(text: string): void {
    if (this.violationDetail !== undefined) return
    const decoded = decodeFrame(text, this.transport.redact)
    if (!decoded.ok) return this.protocolViolation(decoded.reason)
    const { fields, frame: received } = decoded.value
    this.transport.observe?.("<", fields)
    const now = this.transport.now()
    this.lastFrameAt = now
    if (received.t === "hello") return this.receiveHello(received)
    if (!this.helloReceived) return this.protocolViolation(`${received.t} before hello`)
    if (received.t === "pong") {
      if (this.unansweredPing?.id !== received.id) return
      this.unansweredPing = undefined
      this.wakeBefore(now + Math.min(this.timeouts.ping, this.timeouts.lease))
    } else if (received.t !== "bye") this.receiveForRequest(received, now)
  }

  /** Ends the conversation because the host broke the protocol. Requests that were sent count as started. */
  protocolViolation(detail: string): void {
    if (this.violationDetail !== undefined) return
    this.violationDetail = detail
    this.stop(`the host broke the protocol: ${detail}`)
  }

  /** Accepts no further requests and requests the end of the process. */
  stop(reason: string): void {
    if (this.stopReason !== undefined) return
    this.stopReason = reason
    this.transport.kill(reason)
  }

  /** The process has ended and its output was read: completes every open request as `Lost`. */
  processEnded(reason: string): void {
    this.stopReason ??= reason
    for (const entry of [...this.pending.values()]) {
      this.pending.delete(entry.id)
      this.completeLost(entry, this.stopReason)
    }
    for (const entry of this.waiting.splice(0)) this.completeLost(entry, this.stopReason)
  }

  /** Sends due pings and cancels overdue requests. Returns the milliseconds until the next call is due. */
  tick(): number {
    const now = this.transport.now()
    let next = this.checkPing(now)
    for (const entry of [...this.pending.values()]) next = Math.min(next, this.checkTimeout(entry, now))
    this.nextTickAt = now + Math.max(1, next)
    return Math.max(1, next)
  }

  private write(line: string): void {
    this.lastWriteAt = this.transport.now()
    this.transport.write(line)
    if (this.transport.observe !== undefined) this.transport.observe(">", JSON.parse(line))
  }

  /** Sends waiting requests in order while the window has room. A request larger than `flight` is sent alone. */
  private sendWaiting(): void {
    for (;;) {
      const entry = this.waiting[0]
      if (entry === undefined || this.inFlight >= this.sizes.window) return
      if (this.inFlight > 0 && this.inFlightCharacters + entry.line.length > this.sizes.flight) return
      this.waiting.shift()
      this.inFlight++
      this.inFlightCharacters += entry.line.length
      const now = this.transport.now()
      entry.sentAt = now
      entry.lastFrameAt = now
      this.pending.set(entry.id, entry)
      this.write(entry.line)
      this.wakeBefore(now + Math.min(entry.time, this.timeouts.ping))
    }
  }

  private wakeBefore(due: number): void {
    if (due < this.nextTickAt) this.transport.wake()
  }

  private complete(entry: PendingRequest, reply: Reply): void {
    this.pending.delete(entry.id)
    this.inFlight--
    this.inFlightCharacters -= entry.line.length
    this.reply(entry, reply)
    if (this.stopReason === undefined) this.sendWaiting()
  }

  /** Whether the request was written, as opposed to waiting. */
  private isDispatched(entry: PendingRequest): boolean {
    return entry.sentAt !== notSent
  }

  private completeLost(entry: PendingRequest, reason: string): void {
    const started = entry.started || (this.violationDetail !== undefined && this.isDispatched(entry))
    const reply: Reply = { _tag: "Lost", started, reason, items: entry.items, rows: entry.rows }
    this.reply(entry, reply)
  }

  private reply(entry: PendingRequest, reply: Reply): void {
    entry.ended?.(reply)
    Deferred.unsafeDone(entry.reply, Effect.succeed(reply))
  }

  private receiveHello(hello: Hello): void {
    if (this.helloReceived) return this.protocolViolation("a second hello")
    this.helloReceived = true
    Deferred.unsafeDone(this.hello, Effect.succeed(hello))
  }

  private receiveForRequest(received: Exclude<Frame, { readonly t: "hello" | "pong" | "bye" }>, now: number): void {
    const entry = this.pending.get(received.id)
    if (entry === undefined) {
      return this.protocolViolation(`${received.t} for ${received.id}, which is not an open request`)
    }
    entry.lastFrameAt = now
    this.lastProgressAt = now
    switch (received.t) {
      case "start":
        if (entry.started) return this.protocolViolation(`${received.id} started twice`)
        entry.started = true
        return
      case "items":
        if (
          !entry.started || received.from !== entry.items.length || received.from + received.r.length > entry.itemCount
        ) {
          return this.protocolViolation(`items ${received.from} of ${received.id} are out of place`)
        }
        entry.items.push(...received.r)
        return
      case "rows":
        if (!entry.started || !entry.expectsRows || received.from !== entry.rows.length) {
          return this.protocolViolation(`rows ${received.from} of ${received.id} are out of place`)
        }
        entry.rows.push(...received.r)
        return
      case "res": {
        if (received.ok && !entry.started) return this.protocolViolation(`${received.id} ended before it started`)
        const partial = { items: entry.items, rows: entry.rows }
        return this.complete(
          entry,
          received.ok
            ? { _tag: "Result", result: received.result, ...partial }
            : { _tag: "Failure", failure: received.error, timedOut: entry.overdueSince !== undefined, ...partial }
        )
      }
    }
  }

  /**
   * Pings the host when no frame has come for open requests, or when the host is idle and its lease is due. Stops the conversation
   * when a ping has no answer. Returns the milliseconds until the next check.
   */
  private checkPing(now: number): number {
    if (this.stopReason !== undefined || !this.helloReceived) return this.timeouts.ping
    if (this.unansweredPing !== undefined) {
      const remaining = this.unansweredPing.at + this.timeouts.pong - now
      if (remaining > 0) return remaining
      this.stop(`it did not answer a ping in ${this.timeouts.pong} ms`)
      return this.timeouts.ping
    }
    const oldest: PendingRequest | undefined = this.pending.values().next().value
    const remaining = oldest === undefined
      ? this.lastWriteAt + this.timeouts.lease - now
      : Math.max(this.lastFrameAt, oldest.sentAt) + this.timeouts.ping - now
    if (remaining > 0) return remaining
    const id = ++this.lastId
    this.unansweredPing = { id, at: now }
    this.write(lineOf("ping", id, ""))
    return this.timeouts.pong
  }

  /**
   * Cancels a request whose timeout has passed, and stops the host if the request does not end then. Returns the milliseconds
   * until the next check.
   */
  private checkTimeout(entry: PendingRequest, now: number): number {
    if (this.stopReason !== undefined) return this.timeouts.ping
    // While the host answers earlier requests, a request queued behind them is not overdue.
    const queued = entry.started ? 0 : this.lastProgressAt
    if (entry.overdueSince === undefined) {
      const streams = entry.itemCount > 0 || entry.expectsRows
      const remaining = (streams ? Math.max(entry.lastFrameAt, queued) : entry.sentAt) + entry.time - now
      if (remaining > 0) return remaining
      entry.overdueSince = now
      this.cancel(entry.id)
      return this.timeouts.grace
    }
    const remaining = Math.max(entry.overdueSince, queued) + this.timeouts.grace - now
    if (remaining > 0) return remaining
    this.stop(`request ${entry.id} did not end in ${entry.time} ms`)
    return this.timeouts.ping
  }
}
