/**
 * A batch of puts through one host: cut into messages, two of them on their way at a time, the answers put where they belong.
 * When the host goes away it is known of every put whether it is done, may be done, or has not begun.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { PutReport } from "../../protocol/PutReport.ts"
import type { DecodedPut } from "../../protocol/PutRequest.ts"
import {
  CallCancelled,
  isWbemError,
  QuotaViolation,
  TransportFailure,
  type WbemError
} from "../../protocol/WbemError.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import type { BatchHandle, PutResult } from "../../pipeline/Repository.ts"
import { body, type Reply, type Request, type Sent } from "../conversation/conversation.ts"
import { toError } from "./failures.ts"
import { json } from "../conversation/lines.ts"
import { amendedOnly, classSpec, flagsOf, isIdempotent } from "../encoding/objects.ts"
import { type ItemResult, putResult } from "../conversation/frames.ts"
import { Gone, type Place, problem, type Session } from "../process/session.ts"
import { classesOf, instance, named, refusing, type Shapes } from "../encoding/values.ts"

/** How messages are cut. */
export interface Cut {
  /** Most items and characters of a `putMany`. */
  readonly items: number
  readonly size: number
  /** Most characters of any line. */
  readonly line: number
  readonly probe: boolean
}

/** How many messages of a batch are on their way: one that runs, one that is there when it ends. */
const ahead = 2

/** Where a put goes. The locale matters only to amended text. */
export const placeOf = ({ call, namespace, options }: DecodedPut): Place => ({
  namespace,
  locale: options.amended ? call.locale.toUpperCase() : undefined
})

/** What a put is known of that has no answer of Windows. */
export const lost = (sent: boolean, detail: string, cause?: unknown): TransportFailure =>
  new TransportFailure({ sent, detail, ...(cause === undefined ? {} : { cause }) })

/** A host that tells answers what was there before; otherwise the mode of the put tells, or nobody does. */
const dispositionOf = (put: DecodedPut, was: boolean | undefined): PutReport["disposition"] =>
  was !== undefined
    ? was ? "Updated" : "Created"
    : (put.flags & PutFlags.CreateOnly) !== 0
    ? "Created"
    : (put.flags & PutFlags.UpdateOnly) !== 0
    ? "Updated"
    : "Stored"

const controls = /[\u0000-\u001f]/g

/** 32 characters of private use in a row that a text does not hold. */
const unused = (text: string): number => {
  const held = new Set(Array.from(text, (c) => c.charCodeAt(0) >> 5))
  let block = 0xe000 >> 5
  while (held.has(block)) block++
  return block << 5
}

/** Server and namespace in front of a relative path, which alone has a limit (`put-async` 3.8). */
const place = /^\\\\[^\\:="']+\\[^:="']+:/

/** A path whose relative part is legal, however long its server and namespace make it. */
const parsed = (text: string): Either.Either<ObjectPath.ObjectPath, ObjectPath.PathFault> => {
  const whole = ObjectPath.parse(text)
  const before = Either.isLeft(whole) ? place.exec(text)?.[0] : undefined
  if (before === undefined) return whole
  const [at, relative] = [ObjectPath.parse(`${before}C`), ObjectPath.parse(text.slice(before.length))]
  return Either.isRight(at) && Either.isRight(relative) && relative.right.namespace === undefined
    ? Either.right({ ...relative.right, namespace: at.right.namespace, server: at.right.server })
    : whole
}

/** Windows may answer with a key that holds control characters, which no written path can: read with others in their place. */
export const pathOf = (text: string): Either.Either<ObjectPath.ObjectPath, ObjectPath.PathFault> => {
  if (text.search(controls) < 0) return parsed(text)
  const base = unused(text)
  const back = (held: string): string =>
    Array.from(held, (c) => {
      const at = c.charCodeAt(0) - base
      return at >= 0 && at < 32 ? String.fromCharCode(at) : c
    }).join("")
  return Either.map(
    parsed(text.replace(controls, (c) => String.fromCharCode(c.charCodeAt(0) + base))),
    (path) => ({
      ...path,
      keys: path.keys.map((key) => typeof key.value === "string" ? { ...key, value: back(key.value) } : key)
    })
  )
}

/** The report of a put that went well. A path that is none tells that the host cannot be believed: then nobody knows. */
const reportOf = (put: DecodedPut, { path, was }: ItemResult & { readonly ok: true }): PutResult => {
  const read = pathOf(path)
  return Either.isLeft(read) || read.right.className === undefined
    ? lost(true, `the host answered with ${JSON.stringify(path.slice(0, 80))}, which is no path`)
    : { path: read.right, disposition: dispositionOf(put, was), hresult: 0, deleted: undefined }
}

const factsOf = (put: DecodedPut) => ({
  className: put.object._tag === "Class" ? put.object.name : put.object.className,
  namespace: put.namespace
})

/** The answer to one put. */
export const answerOf = (put: DecodedPut, result: ItemResult): PutResult =>
  result.ok ? reportOf(put, result) : toError(result.error, factsOf(put))

const tooLarge = (maximum: number): QuotaViolation =>
  new QuotaViolation({
    limit: "request line",
    maximum,
    detail: "not sent: the object makes a longer line; `limits.line` may be raised to 8 MiB"
  })

/** The end of a message's body: what all its puts share. */
const shared = (put: DecodedPut, c: number, probe: boolean): string | WbemError =>
  refusing(() =>
    body({
      c,
      flags: flagsOf(put),
      ...(put.context === undefined || put.context.entries.length === 0 ? {} : { ctx: named(put.context) }),
      ...(probe ? { probe: true } : {})
    })
  )

/** A message with one object in it. */
export const single = (
  put: DecodedPut,
  c: number,
  shapes: Shapes,
  { line, probe }: Cut
): Request | WbemError => {
  const head = amendedOnly(put) ?? shared(put, c, probe)
  if (typeof head !== "string") return head
  const text = refusing(() =>
    put.object._tag === "Class"
      ? head + body({ class: classSpec(put.object) })
      : head + body({ item: instance(put.object, shapes) })
  )
  if (typeof text !== "string") return text
  if (text.length + 64 > line) return tooLarge(line)
  return { op: put.object._tag === "Class" ? "putClass" : "putInstance", body: text }
}

/** Failures that a host finds before it does anything. */
const before = new Set(["BadLine", "BadValue", "InvalidFlags", "UnsupportedFlags", "UnknownOp", "Cancelled"])

/** Whether a refusal may come of a class that has changed since it was read. */
const mayBeStale = ({ status }: WbemError): boolean =>
  status === "TypeMismatch" || status === "ValueOutOfRange" || status === "InvalidProperty"

/**
 * Encodes with what is known of the class; if that refuses, with what the class says now. A batch looks again once for each
 * class, however many of its puts are refused.
 */
export const encoded = <A>(
  session: Session,
  c: number,
  put: DecodedPut,
  encode: (shapes: Shapes) => A | WbemError,
  lookedAgain: Set<string> = new Set()
): Effect.Effect<A | WbemError, WbemError | Gone> => {
  if (put.object._tag === "Class") return Effect.sync(() => encode(new Map()))
  const classes = classesOf(put.object)
  const cached = session.knows(c, classes)
  return Effect.flatMap(session.shapesOf(c, classes, false), (shapes) => {
    const first = encode(shapes)
    const key = `${c} ${[...classes.keys()].join()}`
    if (!cached || !isWbemError(first) || !mayBeStale(first) || lookedAgain.has(key)) return Effect.succeed(first)
    lookedAgain.add(key)
    return Effect.map(session.shapesOf(c, classes, true), encode)
  })
}

/** A message that is on its way, and the puts in it. */
interface Message {
  readonly sent: Sent
  readonly at: ReadonlyArray<number>
}

/** A message that is being filled. */
interface Filling {
  readonly head: string
  readonly items: Array<string>
  readonly at: Array<number>
  size: number
}

/** What a run through one host leaves: by position, what has not begun and what may have happened. */
export interface Left {
  readonly notStarted: ReadonlyArray<number>
  readonly unknown: ReadonlyArray<number>
  readonly reason: string
}

/** One run of some puts of a batch through one host. */
export class BatchRun {
  private readonly session: Session
  private readonly puts: ReadonlyArray<DecodedPut>
  private readonly answers: Array<PutResult | undefined>
  private readonly cut: Cut
  private readonly open: BatchHandle
  private readonly flight: Array<Message> = []
  private readonly unknown: Array<number> = []
  private readonly notStarted: Array<number> = []
  private readonly lookedAgain = new Set<string>()
  private filling: Filling | undefined
  private classInFlight = false
  private gone: string | undefined

  constructor(
    session: Session,
    puts: ReadonlyArray<DecodedPut>,
    answers: Array<PutResult | undefined>,
    cut: Cut,
    open: BatchHandle
  ) {
    this.session = session
    this.puts = puts
    this.answers = answers
    this.cut = cut
    this.open = open
  }

  /** Puts what stands at these positions, in order. */
  run(at: ReadonlyArray<number>): Effect.Effect<Left> {
    return Effect.forEach(at, (k) => this.one(k), { discard: true }).pipe(
      Effect.zipRight(Effect.suspend(() => this.flush())),
      Effect.zipRight(Effect.suspend(() => this.drain(0))),
      Effect.map(() => ({
        notStarted: this.notStarted,
        unknown: this.unknown,
        reason: this.gone ?? "the host went away"
      }))
    )
  }

  private one(k: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.gone !== undefined) {
        this.notStarted.push(k)
        return Effect.void
      }
      if (this.open.cancelled()) {
        this.answers[k] = new CallCancelled({})
        return Effect.void
      }
      const put = this.puts[k]!
      const refused = amendedOnly(put)
      if (refused !== undefined) {
        this.answers[k] = refused
        return Effect.void
      }
      return Effect.catchAll(
        Effect.flatMap(
          this.session.connect(placeOf(put)),
          (c) => put.object._tag === "Class" ? this.putClass(k, put, c) : this.putInstance(k, put, c)
        ),
        (error) =>
          Effect.sync(() => {
            if (error instanceof Gone) {
              // What was asked was a connection or a class; of the put itself nothing was sent.
              this.gone = error.message
              this.notStarted.push(k)
            } else this.answers[k] = error
          })
      )
    })
  }

  private putClass(k: number, put: DecodedPut, c: number): Effect.Effect<void> {
    const request = single(put, c, new Map(), this.cut)
    if (isWbemError(request)) {
      this.answers[k] = request
      return Effect.void
    }
    return this.flush().pipe(
      Effect.zipRight(Effect.suspend(() => this.drain(ahead - 1))),
      Effect.zipRight(Effect.sync(() => {
        this.classInFlight = true
        this.go(request, [k])
      }))
    )
  }

  private putInstance(k: number, put: DecodedPut, c: number): Effect.Effect<void, WbemError | Gone> {
    // An instance is encoded by its class, so a class on its way has to arrive first.
    const settled = this.classInFlight ? this.drain(0) : Effect.void
    return Effect.flatMap(settled, () => {
      if (this.gone !== undefined) return Effect.fail(new Gone(false, this.gone))
      // Only puts of instances come here.
      const item = (shapes: Shapes): string | WbemError => refusing(() => json(instance(put.object as never, shapes)))
      return Effect.flatMap(encoded(this.session, c, put, item, this.lookedAgain), (text) => {
        if (typeof text !== "string") {
          this.answers[k] = text
          return Effect.void
        }
        const head = shared(put, c, this.cut.probe)
        if (typeof head !== "string") {
          this.answers[k] = head
          return Effect.void
        }
        if (head.length + text.length + 64 > this.cut.line) {
          this.answers[k] = tooLarge(this.cut.line)
          return Effect.void
        }
        return Effect.map(this.room(head, text.length), (filling) => {
          filling.items.push(text)
          filling.at.push(k)
          filling.size += text.length + 1
        })
      })
    })
  }

  /** The message that an item of that size goes into. */
  private room(head: string, size: number): Effect.Effect<Filling> {
    const current = this.filling
    const most = Math.min(this.cut.size, this.cut.line)
    if (
      current !== undefined && current.head === head && current.items.length < this.cut.items
      && current.size + size + 64 <= most
    ) return Effect.succeed(current)
    return Effect.map(this.flush(), () => {
      const filling: Filling = { head, items: [], at: [], size: head.length }
      this.filling = filling
      return filling
    })
  }

  /** Sends the message that is being filled, as soon as there is room for it on the way. */
  private flush(): Effect.Effect<void> {
    const filling = this.filling
    if (filling === undefined) return Effect.void
    this.filling = undefined
    return Effect.map(this.drain(ahead - 1), () => {
      if (this.gone !== undefined) this.notStarted.push(...filling.at)
      else if (this.open.cancelled()) { for (const k of filling.at) this.answers[k] = new CallCancelled({}) }
      else {
        const text = `${filling.head},"items":[${filling.items.join(",")}]`
        this.go({ op: "putMany", body: text, items: filling.items.length }, filling.at)
      }
    })
  }

  private go(request: Request, at: ReadonlyArray<number>): void {
    if (this.gone !== undefined) this.notStarted.push(...at)
    else this.flight.push({ sent: this.session.send(request), at })
  }

  /** Waits until no more than so many messages are on their way. */
  private drain(most: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.flight.length <= most) return Effect.void
      const { at, sent } = this.flight[0]!
      return Effect.flatMap(heard(this.open, sent, () => this.cancelAll()), (reply) => {
        this.flight.shift()
        this.settle(at, reply)
        if (this.flight.length === 0) this.classInFlight = false
        return this.drain(most)
      })
    })
  }

  private cancelAll(): void {
    for (const { sent } of this.flight) this.session.cancel(sent.id)
  }

  private settle(at: ReadonlyArray<number>, reply: Reply): void {
    const first = this.puts[at[0]!]!
    if (first.object._tag === "Class") {
      this.session.forget()
      this.lookedAgain.clear()
      this.settleOne(at[0]!, reply)
      return
    }
    reply.items.forEach((item, i) => {
      this.answers[at[i]!] = answerOf(this.puts[at[i]!]!, item)
    })
    const rest = at.slice(reply.items.length)
    if (rest.length === 0) return
    switch (reply._tag) {
      case "Result": {
        // A batch that was cancelled between two items says how many it did; the others have not begun.
        const done = typeof reply.result["done"] === "number" ? reply.result["done"] : at.length
        rest.forEach((k, i) => {
          this.answers[k] = lost(
            reply.items.length + i < done,
            reply.items.length + i < done ? "the host gave no answer to this item" : "the batch ended before this item"
          )
        })
        return
      }
      case "Failure": {
        const error = problem(reply, factsOf(first)) as WbemError
        const untouched = before.has(reply.failure.code ?? "") && reply.items.length === 0
        for (const k of rest) {
          this.answers[k] = error.status === "Timeout" || error.status === "CallCancelled"
            ? lost(false, error.message, error)
            : untouched
            ? error
            : lost(true, `the batch broke off: ${error.message}`, error)
        }
        return
      }
      case "Lost":
        this.gone ??= reply.reason
        ;(reply.started ? this.unknown : this.notStarted).push(...rest)
    }
  }

  private settleOne(k: number, reply: Reply): void {
    const put = this.puts[k]!
    if (reply._tag === "Lost") {
      this.gone ??= reply.reason
      ;(reply.started ? this.unknown : this.notStarted).push(k)
      return
    }
    const answer = settled(put, reply)
    this.answers[k] = isWbemError(answer) && answer.status === "Timeout" ? lost(false, answer.message, answer) : answer
  }
}

/** The answer of a message with one put in it. */
export const settled = (put: DecodedPut, reply: Exclude<Reply, { readonly _tag: "Lost" }>): PutResult => {
  if (reply._tag === "Failure") return problem(reply, factsOf(put)) as WbemError
  const decoded = putResult(reply.result)
  return decoded.ok ? answerOf(put, decoded.value) : lost(true, `the host's answer to the put: ${decoded.fault}`)
}

/**
 * Waits for the end of a message. When the sink cancels, or the caller is interrupted, the host is asked to stop, and what it
 * says to that is waited for: a put that has begun has an outcome.
 */
export const heard = (
  open: Pick<BatchHandle, "unlessCancelled">,
  sent: Sent,
  cancel: () => void
): Effect.Effect<Reply> =>
  Effect.flatMap(
    Effect.exit(Effect.interruptible(open.unlessCancelled(() => sent.reply))),
    (exit) => Exit.isSuccess(exit) ? Effect.succeed(exit.value) : Effect.zipRight(Effect.sync(cancel), sent.reply)
  )

/** What may be sent once more to another host, in order. */
export const again = (puts: ReadonlyArray<DecodedPut>, left: Left, retryUnknown: boolean): ReadonlyArray<number> =>
  [...left.notStarted, ...(retryUnknown ? left.unknown.filter((k) => isIdempotent(puts[k]!)) : [])].sort((a, b) =>
    a - b
  )
