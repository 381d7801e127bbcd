/**
 * Bulk puts: a stream of requests in, one transaction for each batch, a stream of outcomes out, in the order of the requests.
 *
 * The costs of a fiber step, a transaction and a read of the clock are paid once for each batch; the work for each put is plain
 * code. A rejected put does not affect the others. Every accepted put ends with its own `Completed`. A put that is refused at
 * the start has no effect on the sink: its outcome is `Rejected`, or `NotStarted` if the storage could not be reached.
 *
 * Requests are pulled: while a batch is stored, at most the next batch is read from the stream, and no request is read unless a
 * consumer waits for its outcome. A run that was interrupted is resumed by a run over the same input: an object that is stored
 * already ends as `Unchanged` and is only read, and an `Unknown` outcome gets a definite one.
 *
 * @since 0.1.0
 * @module
 */
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { dual } from "effect/Function"
import * as Schedule from "effect/Schedule"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import type { ValidatedPut } from "../engine/PutRules.ts"
import type { PutOutcome } from "../protocol/PutOutcome.ts"
import type { DecodedPut, PutRequest } from "../protocol/PutRequest.ts"
import { CallCancelled, Failed, isWbemError, type PutError, type StartError } from "../protocol/WbemError.ts"
import * as CallContext from "./CallContext.ts"
import { finishAll, InFlight } from "./delivery/InFlight.ts"
import { handlerOnStack, inHandler } from "./delivery/SinkDelivery.ts"
import { callSite } from "./observation/recording.ts"
import { putBulk } from "./observation/spans.ts"
import type { PutValidator } from "./PutValidator.ts"
import { type BatchHandle, errorOf, type PutResult } from "./Repository.ts"
import { decode, type Restore, servicesOf, type Stages, type StageServices } from "./stages.ts"
import { weight } from "./weight.ts"

/**
 * How requests are grouped into batches.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The largest number of puts in one transaction; 256 by default. */
  readonly batchSize?: number | undefined
  /**
   * A batch ends, too, when its objects reach about this many bytes: for large objects, or for storage that limits the size of a
   * transaction. Unlimited by default.
   */
  readonly batchBytes?: number | undefined
  /** A batch that is not full is stored after this time. By default it waits until it is full or the stream ends. */
  readonly within?: Duration.DurationInput | undefined
}

/** A batch between its start and its end. */
interface Batch {
  readonly requests: ReadonlyArray<PutRequest>
  /** One for each request; filled as the puts end. */
  readonly outcomes: Array<PutOutcome>
  /** The puts that were not refused. */
  readonly puts: Array<DecodedPut>
  /** For each put, the position of its request. */
  readonly positions: Array<number>
}

const decodeAll = (
  stages: StageServices,
  requests: ReadonlyArray<PutRequest>,
  { call, namespace }: CallContext.CallContext
): Batch => {
  const batch: Batch = { requests, outcomes: new Array(requests.length), puts: [], positions: [] }
  for (let i = 0; i < requests.length; i++) {
    const decoded = decode(stages.decoder, stages.sink, requests[i]!, namespace, call, i)
    if (isWbemError(decoded)) batch.outcomes[i] = { _tag: "Rejected", request: requests[i]!, error: decoded }
    else {
      batch.puts.push(decoded)
      batch.positions.push(i)
    }
  }
  return batch
}

/** The batch without the calls that the repository refuses. Without refusals it is the same object. */
const admitted = (batch: Batch, refusals: ReadonlyArray<StartError | undefined>): Batch => {
  if (refusals.every((refusal) => refusal === undefined)) return batch
  const { outcomes, positions, puts, requests } = batch
  const rest: Batch = { requests, outcomes, puts: [], positions: [] }
  refusals.forEach((error, k) => {
    const position = positions[k]!
    if (error !== undefined) outcomes[position] = failedOutcome(requests[position]!, error)
    else {
      rest.puts.push(puts[k]!)
      rest.positions.push(position)
    }
  })
  return rest
}

/**
 * Stage 2 for a batch. A validator that checks nothing is not called, and one that completes synchronously takes no fiber step.
 */
const validateAll = (
  validator: PutValidator,
  puts: ReadonlyArray<DecodedPut>
): Effect.Effect<ReadonlyArray<ValidatedPut | PutError>> => {
  const { always } = validator
  if (always !== undefined) return Effect.succeed(puts.map((put) => ({ put, rules: always })))
  const results: Array<ValidatedPut | PutError> = []
  const validateFrom = (start: number): Effect.Effect<ReadonlyArray<ValidatedPut | PutError>> =>
    Effect.suspend(() => {
      for (let i = start; i < puts.length; i++) {
        const validated = validator.validate(puts[i]!)
        if (Either.isEither(validated)) results.push(Either.merge(validated as Either.Either<ValidatedPut, PutError>))
        else {
          return Effect.flatMap(Effect.either(validated), (result) => {
            results.push(Either.merge(result))
            return validateFrom(i + 1)
          })
        }
      }
      return Effect.succeed(results)
    })
  return validateFrom(0)
}

/** The outcome of a put that the storage failed: whether it was sent, and so whether it may be stored (`errors` 5.3). */
const failedOutcome = (request: PutRequest, error: PutError): PutOutcome =>
  error._tag === "WbemTransportFailure"
    ? { _tag: error.sent ? "Unknown" : "NotStarted", request, error }
    : error._tag === "WbemTimeout" || error._tag === "WbemConnectionFailed"
    ? { _tag: "NotStarted", request, error }
    : { _tag: "Rejected", request, error }

/** The outcome of a put with a result of its own. A transport failure means the same here as for a whole batch. */
const putOutcome = (request: PutRequest, result: PutResult): PutOutcome =>
  !isWbemError(result)
    ? { _tag: "Committed", request, report: result }
    : result._tag === "WbemTransportFailure"
    ? failedOutcome(request, result)
    : { _tag: "Rejected", request, error: result }

/** The outcome of a put whose sink was cancelled: a put that was not sent is not stored, any other one may be. */
const cancelledOutcome = (request: PutRequest, outcome: PutOutcome | undefined): PutOutcome =>
  outcome?._tag === "NotStarted" ? outcome : { _tag: "Unknown", request, error: new CallCancelled({}) }

/** The operation phase of a batch: every put ends with its own `Completed`. */
const operate = (
  { repository, sink, validator }: StageServices,
  { outcomes, positions, puts, requests }: Batch,
  restore: Restore
): Effect.Effect<void> => {
  if (puts.length === 0) return Effect.void
  const calls = new InFlight(sink, puts, repository.relPath)
  const results: Array<PutResult> = new Array(puts.length)
  const requestOf = (k: number): PutRequest => requests[positions[k]!]!
  const end = (k: number, result: PutResult, outcome: PutOutcome): void => {
    results[k] = result
    outcomes[positions[k]!] = outcome
  }
  const notStarted = (error: PutError): Effect.Effect<void> =>
    Effect.sync(() => puts.forEach((_, k) => end(k, error, { _tag: "NotStarted", request: requestOf(k), error })))

  const transaction = (validated: ReadonlyArray<ValidatedPut | PutError>): Effect.Effect<void> => {
    const sent: Array<number> = []
    const valid: Array<ValidatedPut> = []
    for (let k = 0; k < validated.length; k++) {
      const result = validated[k]!
      if (isWbemError(result)) end(k, result, putOutcome(requestOf(k), result))
      else {
        sent.push(k)
        valid.push(result)
      }
    }
    if (valid.length === 0) return Effect.void
    const handle: BatchHandle = {
      progress: (position, report) => calls.progressOf(sent[position]!, report),
      unlessCancelled: (wait) => calls.unlessCancelled(wait),
      cancelled: () => calls.cancelled
    }
    return Effect.matchCause(Effect.suspend(() => repository.putBatch(valid, handle)), {
      onFailure: (cause) => {
        const error = errorOf(cause, "the repository died")
        for (const k of sent) end(k, error, failedOutcome(requestOf(k), error))
      },
      onSuccess: (answers) => {
        for (let i = 0; i < sent.length; i++) {
          const k = sent[i]!
          const result = answers[i] ?? new Failed({ detail: "the repository gave no answer" })
          end(k, result, putOutcome(requestOf(k), result))
        }
      }
    })
  }

  return restore(calls.unlessCancelled(() => validateAll(validator, puts))).pipe(
    Effect.matchCauseEffect({
      onFailure: (cause) =>
        notStarted(Cause.isInterruptedOnly(cause) ? new CallCancelled({}) : errorOf(cause, "the repository died")),
      onSuccess: (validated) => calls.cancelled ? notStarted(new CallCancelled({})) : transaction(validated)
    }),
    Effect.flatMap(() => finishAll(calls, results)),
    Effect.map(() => {
      for (let k = calls.settled; k < puts.length; k++) {
        outcomes[positions[k]!] = cancelledOutcome(requestOf(k), outcomes[positions[k]!])
      }
    })
  )
}

/**
 * The position among the puts at which a batch is cut in two, -1 if it is one. A call that is refused because its namespace does not
 * exist begins a batch of its own if an instance put before it may create that namespace, because a namespace exists for the calls
 * after the put of it. Both parts are admitted again.
 *
 * @internal
 */
export const cutPosition = (
  puts: ReadonlyArray<DecodedPut>,
  refusals: ReadonlyArray<StartError | undefined>
): number => {
  const created = puts.findIndex(({ object }, k) => object._tag === "Instance" && refusals[k] === undefined)
  return created < 0 ? -1 : refusals.findIndex((error, k) => k > created && error?._tag === "WbemInvalidNamespace")
}

/** How many requests make one batch. */
const batchLength = ({ positions, puts, requests }: Batch, refusals: ReadonlyArray<StartError | undefined>): number => {
  const cut = cutPosition(puts, refusals)
  return cut < 0 ? requests.length : positions[cut]!
}

/** Uninterruptible but for the parts that `restore` marks. */
const putBatch = (
  stages: StageServices,
  requests: ReadonlyArray<PutRequest>,
  restore: Restore
): Effect.Effect<ReadonlyArray<PutOutcome>> =>
  Effect.flatMap(CallContext.read, (ambient) => {
    const batch = decodeAll(stages, requests, ambient)
    return Effect.flatMap(stages.repository.admitBatch(batch.puts), (refusals) => {
      const n = batchLength(batch, refusals)
      if (n === requests.length) return Effect.as(operate(stages, admitted(batch, refusals), restore), batch.outcomes)
      const part = (some: ReadonlyArray<PutRequest>) => Effect.uninterruptible(putBatch(stages, some, restore))
      return restore(Effect.zipWith(part(requests.slice(0, n)), part(requests.slice(n)), (a, b) => [...a, ...b]))
    })
  })

const batchOver = (
  stages: StageServices,
  requests: ReadonlyArray<PutRequest>,
  site: ReturnType<typeof callSite>
): Effect.Effect<ReadonlyArray<PutOutcome>> =>
  Effect.uninterruptibleMask((restore) => putBulk(site, requests, putBatch(stages, requests, restore)))

/**
 * One batch as an effect, in one transaction. In an uninterruptible region the effect ends with its outcomes also when its fiber is
 * interrupted: a Windows computer is told to cancel the puts that it has not begun. A stream would lose the outcomes.
 *
 * @internal
 */
export const batch = (
  requests: ReadonlyArray<PutRequest>
): Effect.Effect<ReadonlyArray<PutOutcome>, never, Stages> => {
  const site = callSite()
  return Effect.flatMap(Effect.context<Stages>(), (context) => batchOver(servicesOf(context), requests, site))
}

/** The default of `batchSize`. */
const defaultBatchSize = 256

interface OpenBatch {
  readonly requests: Array<PutRequest>
  bytes: number
}

/** Collects requests until a batch is full. */
const batchOf = (size: number, bytes: number): Sink.Sink<Chunk.Chunk<PutRequest>, PutRequest, PutRequest> =>
  Sink.map(
    Sink.suspend(() => {
      const start: OpenBatch = { requests: [], bytes: 0 }
      return Sink.fold(
        start,
        (batch) => batch.requests.length < size && batch.bytes < bytes,
        (batch, request: PutRequest) => {
          batch.requests.push(request)
          batch.bytes += weight(request.object)
          return batch
        }
      )
    }),
    ({ requests }) => Chunk.unsafeFromArray(requests)
  )

const sizeOf = ({ batchSize }: Options): number => Math.max(1, Math.floor(batchSize ?? defaultBatchSize))

/** The requests in batches that end by time, by bytes, or by both. */
const grouped = <E, R>(
  requests: Stream.Stream<PutRequest, E, R>,
  options: Options
): Stream.Stream<Chunk.Chunk<PutRequest>, E, R> => {
  const { batchBytes, within } = options
  if (batchBytes === undefined) return Stream.groupedWithin(requests, sizeOf(options), within!)
  const full = batchOf(sizeOf(options), Math.max(1, batchBytes))
  const batches = within === undefined
    ? Stream.transduce(requests, full)
    : Stream.aggregateWithin(requests, full, Schedule.spaced(within))
  return Stream.filter(batches, Chunk.isNonEmpty)
}

/**
 * Puts every request of a stream, in batches. The outcomes have the order of the requests, and the stream fails only if the
 * stream of requests does. `Stream.scan(PutOutcome.emptyTally, PutOutcome.tally)` counts the outcomes.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Chunk, Effect, Stream } from "effect"
 * import { BulkPut, ClassDefinition, Instance, Property, PutRequest, Wmi } from "effect-wmi"
 *
 * const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("uint32") })
 * const objects = Stream.concat(
 *   Stream.make(Disk),
 *   Stream.map(Stream.range(1, 1000), (id) => Instance.make("Demo_Disk", { Id: id }))
 * )
 * const outcomes = objects.pipe(
 *   Stream.map((object) => PutRequest.make(object)),
 *   BulkPut.run({ batchSize: 500 }),
 *   Stream.provideLayer(Wmi.layerMemory)
 * )
 * const committed = await Effect.runPromise(Stream.runCollect(outcomes))
 * assert.equal(Chunk.size(committed), 1001)
 * assert.ok(Chunk.every(committed, (outcome) => outcome._tag === "Committed"))
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const run: {
  (options?: Options): <E, R>(requests: Stream.Stream<PutRequest, E, R>) => Stream.Stream<PutOutcome, E, R | Stages>
  <E, R>(requests: Stream.Stream<PutRequest, E, R>, options?: Options): Stream.Stream<PutOutcome, E, R | Stages>
} = /* @__PURE__ */ dual(
  (args) => Stream.StreamTypeId in (args[0] ?? {}),
  <E, R>(
    requests: Stream.Stream<PutRequest, E, R>,
    options: Options = {}
  ): Stream.Stream<PutOutcome, E, R | Stages> => {
    const handler = handlerOnStack() // the stream runs in a fiber that starts later
    const site = callSite()
    const context = Effect.withFiberRuntime<Context.Context<Stages>, never, Stages>((fiber) =>
      inHandler(fiber, () => Effect.context<Stages>(), handler)
    )
    return Stream.unwrap(Effect.map(context, (context) => {
      const stages = servicesOf(context)
      const put = (chunk: Chunk.Chunk<PutRequest>): Effect.Effect<Chunk.Chunk<PutOutcome>> =>
        Effect.map(batchOver(stages, Chunk.toReadonlyArray(chunk), site), Chunk.unsafeFromArray)
      return options.within === undefined && options.batchBytes === undefined
        ? Stream.mapChunksEffect(Stream.rechunk(requests, sizeOf(options)), put)
        : Stream.flattenChunks(Stream.mapEffect(grouped(requests, options), put))
    }))
  }
)
