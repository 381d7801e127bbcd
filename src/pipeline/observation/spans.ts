/**
 * Spans, metrics and debug logs of verbs, batches, transactions and requests to hosts. One place makes them all:
 *
 *     put, get, …  ──> `verb`         span, duration, debug log; a failure gets the span and with it the place of the call
 *     batch        ──> `putBulk`      the same, and the outcomes
 *     store        ──> `transaction`  a child of the verb; links to the other puts of a group commit
 *     host         ──> `hostCall`     a child of the verb
 *
 * Nothing here runs without telemetry: callers check `isOn` or `recordingFiber` first.
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as LogLevel from "effect/LogLevel"
import * as MetricLabel from "effect/MetricLabel"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import * as ObjectPath from "../../model/ObjectPath.ts"
import { className } from "../../model/WbemObject.ts"
import type { PutOutcome } from "../../protocol/PutOutcome.ts"
import type { PutReport } from "../../protocol/PutReport.ts"
import type { PutRequest } from "../../protocol/PutRequest.ts"
import { isWbemError, type WbemError } from "../../protocol/WbemError.ts"
import * as CallContext from "../CallContext.ts"
import { batchSize, conflicts, duration, hostCalls, puts, transactions } from "./metrics.ts"
import type { AttributeName, SpanName } from "./names.ts"
import { type CallSite, isOn, takeSite } from "./recording.ts"

type AnyFiber = Fiber.RuntimeFiber<unknown, unknown>

/** Attributes of a span, which the debug log of the span has too. Those without a value are left out. */
export type Attributes = { readonly [Name in AttributeName]?: string | number | undefined }

const present = (attributes: Attributes): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
  )

/** Facts that are read from a caller's value. Such a value may be anything, and its accessors may throw. */
const readable = <A>(read: () => A): A | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

type Labels = ReadonlyArray<MetricLabel.MetricLabel>

/** The lists of labels of each list that `Effect.tagMetrics` has made. */
const knownLabels: WeakMap<Labels, Map<string, Labels>> = /* @__PURE__ */ new WeakMap()

/**
 * The labels of `Effect.tagMetrics` and the given ones. Labels have few different values. Each list is made once, because a metric finds
 * its state by the list.
 */
const labels = (fiber: AnyFiber, attributes: Attributes & { readonly unit?: string }): Labels => {
  const tags = fiber.getFiberRef(FiberRef.currentMetricLabels)
  let lists = knownLabels.get(tags)
  if (lists === undefined) knownLabels.set(tags, lists = new Map())
  const key = JSON.stringify(attributes)
  let known = lists.get(key)
  if (known === undefined) {
    const own = Object.entries(present(attributes)).map(([name, value]) => MetricLabel.make(name, String(value)))
    lists.set(key, known = [...tags, ...own])
  }
  return known
}

const hresultText = (hresult: number): string => `0x${(hresult >>> 0).toString(16).toUpperCase().padStart(8, "0")}`

const errorAttributes = (error: WbemError): Attributes => ({
  "error.type": error._tag,
  "wmi.status": error.status,
  "wmi.hresult": hresultText(error.hresult)
})

const failureAttributes = (cause: Cause.Cause<unknown>): Attributes => {
  const failure = Cause.failureOption(cause)
  if (Option.isSome(failure) && isWbemError(failure.value)) return errorAttributes(failure.value)
  const isInterrupted = Option.isNone(failure) && Cause.isInterruptedOnly(cause)
  return { "error.type": isInterrupted ? "Interrupted" : "Defect" }
}

/** The span that `Effect.fail` has added to an error. `effect` does not export its symbol. */
const spanSymbol: unique symbol = Symbol.for("effect/SpanAnnotation") as never

const isInside = (span: Tracer.AnySpan | undefined, outer: Tracer.AnySpan): boolean =>
  span === outer || (span?._tag === "Span" && isInside(Option.getOrUndefined(span.parent), outer))

/**
 * Fails with an error that has the span, or one inside it: that names the place of the call. `Exit.fail` and `Eager.fail` add none, and an
 * error of a group commit has the span of another put.
 */
const failIn = <E>(span: Tracer.Span, error: E): Effect.Effect<never, E> =>
  Effect.fail(
    isInside((error as { readonly [spanSymbol]?: Tracer.Span } | undefined)?.[spanSymbol], span)
      ? error
      : Cause.originalError(error)
  )

const withSpanOnError = <A, E, R>(span: Tracer.Span, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.catchAllCause(
    effect,
    (cause) => cause._tag === "Fail" ? failIn(span, cause.error) : Effect.failCause(cause)
  )

interface Spanned<A> {
  readonly name: SpanName
  readonly attributes: Attributes
  readonly kind?: Tracer.SpanKind
  readonly links?: ReadonlyArray<Tracer.SpanLink>
  readonly site?: CallSite | undefined
  /** The attributes that the end adds, and its metrics. */
  readonly ended: (exit: Exit.Exit<A, unknown>, failure: Attributes, seconds: number) => Attributes
  readonly onSpan?: (span: Tracer.Span) => void
}

/** Runs an effect in a span. The debug log of its end has the attributes as annotations. */
const spanned = <A, E, R>(
  { attributes, ended, kind = "internal", links = [], name, onSpan, site }: Spanned<A>,
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const given = present(attributes)
  return Effect.useSpan(name, { attributes: given, kind, links, captureStackTrace: site ?? false }, (span) => {
    onSpan?.(span)
    return Effect.withFiberRuntime((fiber) => {
      const clock = Context.get(fiber.currentDefaultServices, Clock.Clock)
      const begin = clock.unsafeCurrentTimeNanos()
      const end = (exit: Exit.Exit<A, E>): Effect.Effect<void> => {
        const failure = Exit.isFailure(exit) ? failureAttributes(exit.cause) : {}
        const seconds = Number(clock.unsafeCurrentTimeNanos() - begin) / 1e9
        const added = present({ ...failure, ...ended(exit, failure, seconds) })
        for (const key of Object.keys(added)) span.attribute(key, added[key])
        return fiber.getFiberRef(FiberRef.currentMinimumLogLevel).ordinal > LogLevel.Debug.ordinal
          ? Effect.void
          : Effect.annotateLogs(Effect.logDebug(name), { ...given, ...added })
      }
      return Effect.withParentSpan(Effect.onExit(withSpanOnError(span, self), end), span)
    })
  })
}

const recordDuration = (fiber: AnyFiber, name: SpanName, failure: Attributes, seconds: number): void =>
  duration.unsafeUpdate(
    seconds,
    labels(fiber, { "wmi.operation": name, "error.type": failure["error.type"], unit: "s" })
  )

const verbOf = <A, E, R>(
  fiber: AnyFiber,
  name: SpanName,
  site: CallSite | undefined,
  attributes: Attributes,
  self: Effect.Effect<A, E, R>,
  ended: (exit: Exit.Exit<A, unknown>, failure: Attributes) => Attributes
): Effect.Effect<A, E, R> =>
  spanned({
    name,
    attributes,
    site,
    ended: (exit, failure, seconds) => {
      recordDuration(fiber, name, failure, seconds)
      return ended(exit, failure)
    }
  }, self)

const noAttributes = (): Attributes => ({})

/** A verb that is called at `site`, with a span if telemetry is on for the fiber that runs it. */
export const verb = <A, E, R>(
  name: SpanName,
  site: CallSite | undefined,
  self: Effect.Effect<A, E, R>,
  attributes: (namespace: string) => Attributes = noAttributes
): Effect.Effect<A, E, R> =>
  Effect.withFiberRuntime((fiber) =>
    isOn(fiber)
      ? verbOf(fiber, name, site, readable(() => attributes(namespaceOf(fiber))) ?? {}, self, noAttributes)
      : self
  )

const namespaceOf = ({ currentContext }: AnyFiber): string => Context.get(currentContext, CallContext.DefaultNamespace)

const requestAttributes = (fiber: AnyFiber, request: PutRequest): Attributes =>
  readable(() => ({
    "wmi.namespace": request.namespace ?? namespaceOf(fiber),
    "wmi.class": className(request.object),
    "wmi.flags": request.flags === 0 ? undefined : request.flags
  })) ?? {}

const success = (report: PutReport): Attributes => ({
  "wmi.disposition": report.disposition,
  "wmi.status": "NoError",
  "wmi.hresult": hresultText(report.hresult)
})

const countPuts = (fiber: AnyFiber, n: number, end: Attributes): void =>
  puts.unsafeUpdate(
    n,
    labels(fiber, { "wmi.disposition": end["wmi.disposition"], "wmi.status": end["wmi.status"] ?? end["error.type"] })
  )

const putEnded = (fiber: AnyFiber, exit: Exit.Exit<PutReport, unknown>, failure: Attributes): Attributes => {
  const end: Attributes = Exit.isSuccess(exit) ? success(exit.value) : failure
  countPuts(fiber, 1, end)
  return Exit.isSuccess(exit) ? { ...end, "wmi.path": readable(() => ObjectPath.format(exit.value.path)) } : end
}

/** A single put, or the start of a submitted one (`name`). A start that is refused counts as a put. */
export const put = <A, E, R>(
  fiber: AnyFiber,
  name: SpanName,
  request: PutRequest,
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  verbOf(fiber, name, takeSite(fiber), requestAttributes(fiber, request), self, (exit, failure) => {
    if (name === "wmi.put") return putEnded(fiber, exit as Exit.Exit<PutReport, unknown>, failure)
    if (Exit.isFailure(exit)) countPuts(fiber, 1, failure)
    return {}
  })

/** The attributes that all requests of a batch share. */
const shared = (fiber: AnyFiber, requests: ReadonlyArray<PutRequest>): Attributes => {
  const [first, ...rest] = requests.map((request) => requestAttributes(fiber, request))
  const common = (key: AttributeName) => rest.every((one) => one[key] === first?.[key]) ? first?.[key] : undefined
  return { "wmi.namespace": common("wmi.namespace"), "wmi.class": common("wmi.class") }
}

const batchOf = (n: number): number | undefined => n === 1 ? undefined : n

const countOutcomes = (fiber: AnyFiber, outcomes: ReadonlyArray<PutOutcome>): Attributes => {
  const byEnd = new Map<string, { readonly end: Attributes; n: number }>()
  const tags = { Committed: 0, Rejected: 0, NotStarted: 0, Unknown: 0 }
  for (const outcome of outcomes) {
    tags[outcome._tag]++
    const end = outcome._tag === "Committed" ? success(outcome.report) : errorAttributes(outcome.error)
    const key = `${end["wmi.disposition"]} ${end["wmi.status"]}`
    const counted = byEnd.get(key)
    if (counted === undefined) byEnd.set(key, { end, n: 1 })
    else counted.n++
  }
  for (const { end, n } of byEnd.values()) countPuts(fiber, n, end)
  return {
    "wmi.batch.committed": tags.Committed,
    "wmi.batch.rejected": tags.Rejected,
    "wmi.batch.not_started": tags.NotStarted,
    "wmi.batch.unknown": tags.Unknown
  }
}

/** An outcome whose error has the span of the batch, and with it the place of the call. */
const withSpanOnOutcome = (outcome: PutOutcome): Effect.Effect<PutOutcome> =>
  outcome._tag === "Committed" ? Effect.succeed(outcome) : Effect.withFiberRuntime(({ currentSpan }) =>
    Effect.map(
      Effect.flip(failIn(currentSpan as Tracer.Span, outcome.error)), // of `putBulk`
      (error) => ({ ...outcome, error })
    )
  )

/** A batch of a bulk put that was called at `site`, with a span if telemetry is on for the fiber that runs it. */
export const putBulk = (
  site: CallSite | undefined,
  requests: ReadonlyArray<PutRequest>,
  self: Effect.Effect<ReadonlyArray<PutOutcome>>
): Effect.Effect<ReadonlyArray<PutOutcome>> =>
  Effect.withFiberRuntime((fiber) => {
    if (!isOn(fiber)) return self
    const withPlaces = Effect.flatMap(
      self,
      (outcomes) =>
        outcomes.every(({ _tag }) => _tag === "Committed")
          ? Effect.succeed(outcomes)
          : Effect.forEach(outcomes, withSpanOnOutcome)
    )
    return spanned({
      name: "wmi.put_bulk",
      attributes: { ...shared(fiber, requests), "db.operation.batch.size": batchOf(requests.length) },
      site,
      ended: (exit, failure, seconds) => {
        recordDuration(fiber, "wmi.put_bulk", failure, seconds)
        batchSize.unsafeUpdate(requests.length, labels(fiber, {}))
        return Exit.isSuccess(exit) ? countOutcomes(fiber, exit.value) : {}
      }
    }, withPlaces)
  })

/** What a store counts during a transaction. */
export interface Tally {
  attempts: number
  conflicts: number
}

/** A transaction: which store, what it does, and the spans of the puts that it commits. */
export interface Transaction {
  readonly system: string | undefined
  /** Attributes that say where the store is. */
  readonly address?: Attributes | undefined
  readonly operation: "write" | "read" | "namespaces" | "snapshot" | "restore"
  readonly tally?: Tally
  /** The spans of the writes of a group commit. */
  readonly writes?: ReadonlyArray<Tracer.AnySpan | undefined>
}

const one: Tally = { attempts: 1, conflicts: 0 }

/**
 * A transaction of a store. It is a child of the running span. The other puts of the same commit are links, and their spans have a link to
 * the transaction.
 */
export const transaction = <A, E, R>(
  fiber: AnyFiber,
  { address, operation, system, tally = one, writes = [] }: Transaction,
  self: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const others = writes.filter((span): span is Tracer.AnySpan => span !== undefined && span !== fiber.currentSpan)
  const base = { "db.system.name": system, "db.operation.name": operation }
  return spanned({
    name: "wmi.transaction",
    attributes: { ...base, ...address, "db.operation.batch.size": writes.length > 1 ? writes.length : undefined },
    kind: system === "memory" ? "internal" : "client",
    links: others.map((span) => ({ _tag: "SpanLink", span, attributes: {} })),
    onSpan: (span) => {
      for (const other of others) {
        if (other._tag === "Span") other.addLinks([{ _tag: "SpanLink", span, attributes: {} }])
      }
    },
    ended: (_, failure) => {
      transactions.unsafeUpdate(1, labels(fiber, { ...base, "error.type": failure["error.type"] }))
      if (tally.conflicts > 0) conflicts.unsafeUpdate(tally.conflicts, labels(fiber, { "db.system.name": system }))
      return { "wmi.transaction.attempts": tally.attempts, "wmi.transaction.conflicts": tally.conflicts }
    }
  }, self)
}

/**
 * Begins the span of a request to a host. The function that is returned ends it: with the type of the error and its number if the request
 * failed. A span of its own, without an effect, because many requests are in flight and their replies are awaited later.
 */
export const hostCall = (
  fiber: AnyFiber,
  operation: string,
  items: number | undefined,
  server: string | undefined
): (failure: { readonly type: string; readonly hresult?: number | undefined } | undefined) => void => {
  const clock = Context.get(fiber.currentDefaultServices, Clock.Clock)
  const span = fiber.currentTracer.span(
    "wmi.host_call",
    Option.fromNullable(fiber.currentSpan),
    Context.empty(),
    [],
    clock.unsafeCurrentTimeNanos(),
    "client"
  )
  for (const [key, value] of fiber.getFiberRef(FiberRef.currentTracerSpanAnnotations)) span.attribute(key, value)
  const set = (attributes: Attributes): void =>
    Object.entries(present(attributes)).forEach(([key, value]) => span.attribute(key, value))
  set({
    "db.operation.name": operation,
    "db.operation.batch.size": items === undefined ? undefined : batchOf(items),
    "server.address": server
  })
  return (failure) => {
    set({
      "error.type": failure?.type,
      "wmi.hresult": failure?.hresult === undefined ? undefined : hresultText(failure.hresult)
    })
    hostCalls.unsafeUpdate(1, labels(fiber, { "db.operation.name": operation, "error.type": failure?.type }))
    span.end(clock.unsafeCurrentTimeNanos(), failure === undefined ? Exit.void : Exit.fail(failure.type))
  }
}
