/**
 * The conversation with one host, without the process: requests go out in the order they were made, no more at a time than the
 * window allows; frames come in and end them; time and death end the rest. Plain code that is told what happens, so that a
 * player can stand in for the process.
 *
 * @internal
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import {
  type Failure,
  type Fields,
  type Frame,
  frame,
  type Hello,
  type ItemResult,
  type MofOut,
  type ObjectOut
} from "./frames.ts"
import { json } from "./lines.ts"

/** What may be waited for, in milliseconds. */
export interface Times {
  readonly start: number
  readonly connect: number
  readonly request: number
  /** Silence of a request after which the host is pinged, and the time it has to answer. */
  readonly ping: number
  readonly pong: number
  /** What a request that was cancelled has to end. */
  readonly grace: number
  /** An idle host is told that somebody is there. */
  readonly lease: number
  /** An orderly exit, then a killed one; and an output that should have ended. */
  readonly exit: number
  readonly kill: number
  readonly close: number
}

/** What may be large, in characters and requests. */
export interface Sizes {
  readonly line: number
  readonly flight: number
  readonly window: number
  readonly frame: number
}

/** How a request ended. `items` and `rows` are what came of it, in order from the first. */
export type Reply =
  & { readonly items: ReadonlyArray<ItemResult>; readonly rows: ReadonlyArray<ObjectOut | MofOut> }
  & (
    | { readonly _tag: "Result"; readonly result: Fields }
    | { readonly _tag: "Failure"; readonly failure: Failure; readonly timedOut: boolean }
    | { readonly _tag: "Lost"; readonly started: boolean; readonly reason: string }
  )

/** A request that was accepted. */
export interface Sent {
  readonly id: number
  /** The end of it; whoever stops waiting leaves the request as it is. */
  readonly reply: Effect.Effect<Reply>
}

/** What a request says besides its operation and number; `items` is how many answers a `putMany` gets. */
export interface Request {
  readonly op: string
  readonly body: string
  readonly items?: number
  readonly rows?: boolean
  /** Milliseconds; the default is that of every request. */
  readonly time?: number
}

/** What goes out and comes in, for a recorder. */
export type Watcher = (direction: ">" | "<", frame: Fields) => void

/** What a conversation needs of its process. */
export interface Wire {
  readonly write: (line: string) => void
  /** Asks for the end of the process; `ended` is told when it is reached. */
  readonly kill: (reason: string) => void
  readonly now: () => number
  /** A deadline nearer than the one that is slept for. */
  readonly wake: () => void
  readonly watch: Watcher | undefined
  /** Takes secrets out of what a host says. */
  readonly clean: (fields: Fields) => Fields
}

interface Entry {
  readonly id: number
  readonly line: string
  readonly most: number
  readonly rows: boolean
  readonly time: number
  readonly reply: Deferred.Deferred<Reply>
  readonly items: Array<ItemResult>
  readonly read: Array<ObjectOut | MofOut>
  started: boolean
  sent: number
  heard: number
  cancelled: boolean
  /** When its time was over. */
  overdue: number | undefined
}

const notSent = -Infinity

/** The keys in front are fixed: the host's reader finds ping and cancel by them. */
const lineOf = (op: string, id: number, body: string): string => `{"op":"${op}","id":${id}${body}}\n`

/** The fields of a request as they stand behind its number. */
export const body = (fields: Fields): string => {
  const text = json(fields)
  return text === "{}" ? "" : `,${text.slice(1, -1)}`
}

export class Conversation {
  readonly hello: Deferred.Deferred<Hello>
  private readonly wire: Wire
  private readonly times: Times
  private readonly sizes: Sizes
  private readonly pending = new Map<number, Entry>()
  private readonly waiting: Array<Entry> = []
  private greeted = false
  private last = 0
  private flight = 0
  private bytes = 0
  /** Why no request is taken any more. */
  private over: string | undefined
  /** How the host broke the protocol. What it said before is in doubt too. */
  private violation: string | undefined
  private heard: number
  private progress: number
  private spoke: number
  /** Until when whoever calls `tick` sleeps. */
  private sleeps = 0
  private ping: { readonly id: number; readonly at: number } | undefined

  constructor(wire: Wire, times: Times, sizes: Sizes, hello: Deferred.Deferred<Hello>) {
    this.wire = wire
    this.times = times
    this.sizes = sizes
    this.hello = hello
    const now = wire.now()
    this.heard = now
    this.progress = now
    this.spoke = now
  }

  /** Whether it takes requests. */
  get open(): boolean {
    return this.over === undefined
  }

  /** Why it does not. */
  get reason(): string | undefined {
    return this.over
  }

  /** How the host broke the protocol, if it did. */
  get broken(): string | undefined {
    return this.violation
  }

  /** Accepts a request; it goes out when the window has room. */
  send(request: Request): Sent {
    const id = ++this.last
    const entry: Entry = {
      id,
      line: lineOf(request.op, id, request.body),
      most: request.items ?? 0,
      rows: request.rows === true,
      time: request.time ?? this.times.request,
      reply: Deferred.unsafeMake<Reply>(FiberId.none),
      items: [],
      read: [],
      started: false,
      sent: notSent,
      heard: 0,
      cancelled: false,
      overdue: undefined
    }
    if (this.over === undefined) {
      this.waiting.push(entry)
      this.fill()
    } else this.lose(entry, this.over)
    return { id, reply: Deferred.await(entry.reply) }
  }

  /** Asks the host not to begin a request, or to stop between the items of one. */
  cancel(id: number): void {
    const at = this.waiting.findIndex((entry) => entry.id === id)
    if (at >= 0) {
      const [entry] = this.waiting.splice(at, 1)
      this.lose(entry!, "it was cancelled before it was sent")
      return
    }
    const entry = this.pending.get(id)
    if (entry === undefined || entry.cancelled || this.over !== undefined) return
    entry.cancelled = true
    this.write(`{"op":"cancel","target":${id}}\n`)
  }

  /** One frame, still as text. */
  take(text: string): void {
    if (this.violation !== undefined) return
    const decoded = frame(text, this.wire.clean)
    if (!decoded.ok) return this.lie(decoded.fault)
    const { fields, frame: one } = decoded.value
    this.wire.watch?.("<", fields)
    const now = this.wire.now()
    this.heard = now
    if (one.t === "hello") return this.greet(one)
    if (!this.greeted) return this.lie(`${one.t} before hello`)
    if (one.t === "pong") {
      if (this.ping?.id !== one.id) return
      this.ping = undefined
      this.woken(now + Math.min(this.times.ping, this.times.lease))
    } else if (one.t !== "bye") this.about(one, now)
  }

  /** A frame that no host sends. */
  lie(what: string): void {
    if (this.violation !== undefined) return
    this.violation = what
    this.stop(`the host broke the protocol: ${what}`)
  }

  /** No further requests; the process is asked to end. */
  stop(reason: string): void {
    if (this.over !== undefined) return
    this.over = reason
    this.wire.kill(reason)
  }

  /** The process has ended and nothing can be heard any more. */
  ended(reason: string): void {
    this.over ??= reason
    for (const entry of [...this.pending.values()]) {
      this.pending.delete(entry.id)
      this.lose(entry, this.over)
    }
    for (const entry of this.waiting.splice(0)) this.lose(entry, this.over)
  }

  /** Does what is due, and answers how long nothing will be. */
  tick(): number {
    const now = this.wire.now()
    let next = this.pinged(now)
    for (const entry of [...this.pending.values()]) next = Math.min(next, this.aged(entry, now))
    this.sleeps = now + Math.max(1, next)
    return Math.max(1, next)
  }

  private write(line: string): void {
    this.spoke = this.wire.now()
    this.wire.write(line)
    if (this.wire.watch !== undefined) this.wire.watch(">", JSON.parse(line))
  }

  /** Sends what waits, in order, as far as the window goes. One that is larger than the window goes alone. */
  private fill(): void {
    for (;;) {
      const entry = this.waiting[0]
      if (entry === undefined || this.flight >= this.sizes.window) return
      if (this.flight > 0 && this.bytes + entry.line.length > this.sizes.flight) return
      this.waiting.shift()
      this.flight++
      this.bytes += entry.line.length
      const now = this.wire.now()
      entry.sent = now
      entry.heard = now
      this.pending.set(entry.id, entry)
      this.write(entry.line)
      this.woken(now + Math.min(entry.time, this.times.ping))
    }
  }

  private woken(due: number): void {
    if (due < this.sleeps) this.wire.wake()
  }

  private end(entry: Entry, reply: Reply): void {
    this.pending.delete(entry.id)
    this.flight--
    this.bytes -= entry.line.length
    Deferred.unsafeDone(entry.reply, Effect.succeed(reply))
    if (this.over === undefined) this.fill()
  }

  /** Whether it has gone out; what still waits has not. */
  private dispatched(entry: Entry): boolean {
    return entry.sent !== notSent
  }

  private lose(entry: Entry, reason: string): void {
    const started = entry.started || (this.violation !== undefined && this.dispatched(entry))
    const reply: Reply = { _tag: "Lost", started, reason, items: entry.items, rows: entry.read }
    Deferred.unsafeDone(entry.reply, Effect.succeed(reply))
  }

  private greet(hello: Hello): void {
    if (this.greeted) return this.lie("a second hello")
    this.greeted = true
    Deferred.unsafeDone(this.hello, Effect.succeed(hello))
  }

  private about(one: Exclude<Frame, { readonly t: "hello" | "pong" | "bye" }>, now: number): void {
    const entry = this.pending.get(one.id)
    if (entry === undefined) return this.lie(`${one.t} for ${one.id}, which nobody asked`)
    entry.heard = now
    this.progress = now
    switch (one.t) {
      case "start":
        if (entry.started) return this.lie(`${one.id} started twice`)
        entry.started = true
        return
      case "items":
        if (!entry.started || one.from !== entry.items.length || one.from + one.r.length > entry.most) {
          return this.lie(`items ${one.from} of ${one.id} are out of place`)
        }
        entry.items.push(...one.r)
        return
      case "rows":
        if (!entry.started || !entry.rows || one.from !== entry.read.length) {
          return this.lie(`rows ${one.from} of ${one.id} are out of place`)
        }
        entry.read.push(...one.r)
        return
      case "res": {
        if (one.ok && !entry.started) return this.lie(`${one.id} ended before it started`)
        const came = { items: entry.items, rows: entry.read }
        return this.end(
          entry,
          one.ok
            ? { _tag: "Result", result: one.result, ...came }
            : { _tag: "Failure", failure: one.error, timedOut: entry.overdue !== undefined, ...came }
        )
      }
    }
  }

  /** Is anybody there? Asked when requests are silent, and now and then for the host's sake when there are none. */
  private pinged(now: number): number {
    if (this.over !== undefined || !this.greeted) return this.times.ping
    if (this.ping !== undefined) {
      const left = this.ping.at + this.times.pong - now
      if (left > 0) return left
      this.stop(`it did not answer a ping in ${this.times.pong} ms`)
      return this.times.ping
    }
    const oldest: Entry | undefined = this.pending.values().next().value
    const left = oldest === undefined
      ? this.spoke + this.times.lease - now
      : Math.max(this.heard, oldest.sent) + this.times.ping - now
    if (left > 0) return left
    const id = ++this.last
    this.ping = { id, at: now }
    this.write(lineOf("ping", id, ""))
    return this.times.pong
  }

  /** A request whose time is over is cancelled, and if that does not end it, so is the host. */
  private aged(entry: Entry, now: number): number {
    if (this.over !== undefined) return this.times.ping
    // A request that waits behind others in the host is not silent while they are answered.
    const queued = entry.started ? 0 : this.progress
    if (entry.overdue === undefined) {
      const streams = entry.most > 0 || entry.rows
      const left = (streams ? Math.max(entry.heard, queued) : entry.sent) + entry.time - now
      if (left > 0) return left
      entry.overdue = now
      this.cancel(entry.id)
      return this.times.grace
    }
    const left = Math.max(entry.overdue, queued) + this.times.grace - now
    if (left > 0) return left
    this.stop(`request ${entry.id} did not end in ${entry.time} ms`)
    return this.times.ping
  }
}
