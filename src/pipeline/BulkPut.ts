/**
 * Bulk puts: a stream of requests in, one transaction a batch, a stream of outcomes out, in order.
 *
 * What is dear (a fiber step, a transaction, the clock) is paid per batch; what is left per put is plain code. A rejected put
 * does not disturb its neighbours. Every accepted put ends with its own `Completed`; of one that was refused at the
 * start the sink hears nothing: it is a `Rejected` outcome, or a `NotStarted` one where the storage could not be asked.
 *
 * The requests are pulled: while a batch is stored no more than the next one is taken from the stream, and nothing is taken that
 * nobody waits for an outcome of. A run that was cut off is taken up by running the same input again: what is stored comes out as
 * `Unchanged` and is only read, what was `Unknown` is settled.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
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
import { CallCancelled, Failed, isWbemError, type StartError, type WbemError } from "../protocol/WbemError.ts"
import * as CallContext from "./CallContext.ts"
import { finishAll, InFlight } from "./delivery/InFlight.ts"
import { handlerOnStack, inHandler } from "./delivery/SinkDelivery.ts"
import { FlagDecoder } from "./FlagDecoder.ts"
import { decode, type Stages } from "./PutAsync.ts"
import { PutSink } from "./PutSink.ts"
import { PutValidator } from "./PutValidator.ts"
import { type BatchHandle, type PutResult, Repository } from "./Repository.ts"
import { weight } from "./weight.ts"

/**
 * How requests are grouped.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Most puts of a transaction; 256 by default. */
  readonly batchSize?: number | undefined
  /** A batch is full, too, once its objects come to about so many bytes: where they are large, or the storage limits a transaction. */
  readonly batchBytes?: number | undefined
  /** A batch that is not full goes after this time. Without it a batch waits until it is full or the stream ends. */
  readonly within?: Duration.DurationInput | undefined
}

interface Parts {
  readonly decoder: FlagDecoder
  readonly validator: PutValidator
  readonly repository: Repository
  readonly sink: PutSink
}

/** A batch on its way: accepted puts, and for each where its outcome goes. */
interface Batch {
  readonly requests: ReadonlyArray<PutRequest>
  readonly outcomes: Array<PutOutcome>
  readonly puts: Array<DecodedPut>
  readonly at: Array<number>
}

const start = (
  parts: Parts,
  requests: ReadonlyArray<PutRequest>,
  { call, namespace }: CallContext.CallContext
): Batch => {
  const batch: Batch = { requests, outcomes: new Array(requests.length), puts: [], at: [] }
  for (let i = 0; i < requests.length; i++) {
    const decoded = decode(parts.decoder, parts.sink, requests[i]!, namespace, call, i)
    if (isWbemError(decoded)) batch.outcomes[i] = { _tag: "Rejected", request: requests[i]!, error: decoded }
    else {
      batch.puts.push(decoded)
      batch.at.push(i)
    }
  }
  return batch
}

/** The batch without the calls that the repository refuses; usually it is the same one. */
const admitted = (batch: Batch, refusals: ReadonlyArray<StartError | undefined>): Batch => {
  if (refusals.every((refusal) => refusal === undefined)) return batch
  const { at, outcomes, puts, requests } = batch
  const rest: Batch = { requests, outcomes, puts: [], at: [] }
  refusals.forEach((error, k) => {
    if (error !== undefined) outcomes[at[k]!] = lost(requests[at[k]!]!, error)
    else {
      rest.puts.push(puts[k]!)
      rest.at.push(at[k]!)
    }
  })
  return rest
}

/** Stage 2 for a batch. A validator that checks nothing is not even asked; one that answers at once takes no fiber step. */
const validateAll = (
  validator: PutValidator,
  puts: ReadonlyArray<DecodedPut>
): Effect.Effect<ReadonlyArray<ValidatedPut | WbemError>> => {
  const { always } = validator
  if (always !== undefined) return Effect.succeed(puts.map((put) => ({ put, rules: always })))
  const valid: Array<ValidatedPut | WbemError> = []
  const from = (start: number): Effect.Effect<ReadonlyArray<ValidatedPut | WbemError>> =>
    Effect.suspend(() => {
      for (let i = start; i < puts.length; i++) {
        const one = validator.validate(puts[i]!)
        if (Either.isEither(one)) valid.push(Either.merge(one as Either.Either<ValidatedPut, WbemError>))
        else {
          return Effect.flatMap(Effect.either(one), (answer) => {
            valid.push(Either.merge(answer))
            return from(i + 1)
          })
        }
      }
      return Effect.succeed(valid)
    })
  return from(0)
}

/** A failure of the storage, for every put that it kept: was it sent, may it have happened (`errors` 5.3). */
const lost = (request: PutRequest, error: WbemError): PutOutcome =>
  error._tag === "WbemTransportFailure"
    ? { _tag: error.sent ? "Unknown" : "NotStarted", request, error }
    : error._tag === "WbemTimeout" || error._tag === "WbemConnectionFailed"
    ? { _tag: "NotStarted", request, error }
    : { _tag: "Rejected", request, error }

/** The answer to one put. A transport that failed for it alone says the same as one that failed for all. */
const answered = (request: PutRequest, answer: PutResult): PutOutcome =>
  !isWbemError(answer)
    ? { _tag: "Committed", request, report: answer }
    : answer._tag === "WbemTransportFailure"
    ? lost(request, answer)
    : { _tag: "Rejected", request, error: answer }

/** The sink was told of a cancel: a put that was not sent did not happen, of another one the caller must look. */
const unheard = (request: PutRequest, outcome: PutOutcome | undefined): PutOutcome =>
  outcome?._tag === "NotStarted" ? outcome : { _tag: "Unknown", request, error: new CallCancelled({}) }

const failureOf = (cause: Cause.Cause<WbemError>): WbemError => {
  const failure = Cause.failureOrCause(cause)
  return Either.isLeft(failure)
    ? failure.left
    : new Failed({ detail: "the repository died", cause: Cause.squash(failure.right) })
}

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Operation phase of a batch: from here on every put ends with its own `Completed`. */
const operate = (parts: Parts, { at, outcomes, puts, requests }: Batch, restore: Restore): Effect.Effect<void> => {
  if (puts.length === 0) return Effect.void
  const calls = new InFlight(parts.sink, puts, parts.repository.relPath)
  const answers: Array<PutResult> = new Array(puts.length)
  const request = (k: number): PutRequest => requests[at[k]!]!
  const end = (k: number, answer: PutResult, outcome: PutOutcome): void => {
    answers[k] = answer
    outcomes[at[k]!] = outcome
  }
  const notStarted = (error: WbemError): void => {
    for (let k = 0; k < puts.length; k++) end(k, error, { _tag: "NotStarted", request: request(k), error })
  }

  const transaction = (validated: ReadonlyArray<ValidatedPut | WbemError>): Effect.Effect<void> => {
    const sent: Array<number> = []
    const valid: Array<ValidatedPut> = []
    for (let k = 0; k < validated.length; k++) {
      const one = validated[k]!
      if (isWbemError(one)) end(k, one, answered(request(k), one))
      else {
        sent.push(k)
        valid.push(one)
      }
    }
    if (valid.length === 0) return Effect.void
    const open: BatchHandle = {
      progress: (position, report) => calls.progressOf(sent[position]!, report),
      unlessCancelled: (wait) => calls.unlessCancelled(wait),
      cancelled: () => calls.cancelled
    }
    return Effect.matchCause(Effect.suspend(() => parts.repository.putBatch(valid, open)), {
      onFailure: (cause) => {
        const error = failureOf(cause)
        for (const k of sent) end(k, error, lost(request(k), error))
      },
      onSuccess: (found) => {
        for (let i = 0; i < sent.length; i++) {
          const k = sent[i]!
          const answer = found[i] ?? new Failed({ detail: "the repository gave no answer" })
          end(k, answer, answered(request(k), answer))
        }
      }
    })
  }

  return restore(calls.unlessCancelled(() => validateAll(parts.validator, puts))).pipe(
    Effect.matchCauseEffect({
      onFailure: (cause) =>
        Effect.sync(() => notStarted(Cause.isInterruptedOnly(cause) ? new CallCancelled({}) : failureOf(cause))),
      onSuccess: (validated) =>
        calls.cancelled ? Effect.sync(() => notStarted(new CallCancelled({}))) : transaction(validated)
    }),
    Effect.flatMap(() => finishAll(calls, answers)),
    Effect.map(() => {
      for (let k = calls.settled; k < puts.length; k++) outcomes[at[k]!] = unheard(request(k), outcomes[at[k]!])
    })
  )
}

/**
 * How many requests make one batch: all, unless a call is refused because its namespace is not there and an instance put before it
 * may be that namespace. What follows such a one begins a batch of its own, because a namespace is there for the calls that come
 * after the put of it.
 */
const together = ({ at, puts, requests }: Batch, refusals: ReadonlyArray<StartError | undefined>): number => {
  const made = puts.findIndex(({ object }, k) => object._tag === "Instance" && refusals[k] === undefined)
  const late = made < 0 ? -1 : refusals.findIndex((error, k) => k > made && error?._tag === "WbemInvalidNamespace")
  return late < 0 ? requests.length : at[late]!
}

const batch = (parts: Parts, requests: ReadonlyArray<PutRequest>): Effect.Effect<ReadonlyArray<PutOutcome>> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(CallContext.read, (ambient) => {
      const started = start(parts, requests, ambient)
      return Effect.flatMap(parts.repository.admitBatch(started.puts), (refusals) => {
        const n = together(started, refusals)
        return n === requests.length
          ? Effect.as(operate(parts, admitted(started, refusals), restore), started.outcomes)
          : restore(
            Effect.zipWith(batch(parts, requests.slice(0, n)), batch(parts, requests.slice(n)), (a, b) => [...a, ...b])
          )
      })
    })
  )

const partsOf = (context: Context.Context<Stages>): Parts => ({
  decoder: Context.get(context, FlagDecoder),
  validator: Context.get(context, PutValidator),
  repository: Context.get(context, Repository),
  sink: Context.get(context, PutSink)
})

/** The size of a batch when none is given. */
const defaultBatchSize = 256

interface Growing {
  readonly requests: Array<PutRequest>
  bytes: number
}

/** Takes requests until a batch is full. */
const batchOf = (size: number, bytes: number): Sink.Sink<Chunk.Chunk<PutRequest>, PutRequest, PutRequest> =>
  Sink.map(
    Sink.suspend(() => {
      const start: Growing = { requests: [], bytes: 0 }
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

/** The requests in batches by time, by bytes, or both. */
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
 * Puts everything that a stream brings. `Stream.scan(PutOutcome.emptyTally, PutOutcome.tally)` counts what comes out.
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
    const handler = handlerOnStack() // a stream runs in a fiber of its own, which starts later
    const context = Effect.withFiberRuntime<Context.Context<Stages>, never, Stages>((fiber) =>
      inHandler(fiber, () => Effect.context<Stages>(), handler)
    )
    return Stream.unwrap(Effect.map(context, (context) => {
      const parts = partsOf(context)
      const put = (chunk: Chunk.Chunk<PutRequest>): Effect.Effect<Chunk.Chunk<PutOutcome>> =>
        Effect.map(batch(parts, Chunk.toReadonlyArray(chunk)), Chunk.unsafeFromArray)
      return options.within === undefined && options.batchBytes === undefined
        ? Stream.mapChunksEffect(Stream.rechunk(requests, sizeOf(options)), put)
        : Stream.flattenChunks(Stream.mapEffect(grouped(requests, options), put))
    }))
  }
)
