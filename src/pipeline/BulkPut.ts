/**
 * Bulk puts: a stream of requests in, one transaction a batch, a stream of outcomes out, in order.
 *
 * What is dear (a fiber step, a transaction, the clock) is paid per batch; what is left per put is plain code. A rejected put
 * does not disturb its neighbours. Every accepted put ends with its own `Completed`; one that was refused at the start is a
 * `Rejected` outcome, and the sink hears nothing.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import { dual } from "effect/Function"
import * as Stream from "effect/Stream"
import type { ValidatedPut } from "../engine/PutRules.ts"
import type { PutOutcome } from "../protocol/PutOutcome.ts"
import type { PutReport } from "../protocol/PutReport.ts"
import type { DecodedPut, PutRequest } from "../protocol/PutRequest.ts"
import { CallCancelled, Failed, type WbemError } from "../protocol/WbemError.ts"
import * as CallContext from "./CallContext.ts"
import { BatchGate } from "./CallGate.ts"
import { FlagDecoder } from "./FlagDecoder.ts"
import { decode, type Stages } from "./PutAsync.ts"
import { PutSink } from "./PutSink.ts"
import { PutValidator } from "./PutValidator.ts"
import { type Answer, Repository } from "./Repository.ts"

/**
 * How requests are grouped.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Most puts of a transaction; 256 by default. */
  readonly batchSize?: number | undefined
  /** A batch that is not full goes after this time. Without it a batch waits until it is full or the stream ends. */
  readonly within?: Duration.DurationInput | undefined
}

interface Parts {
  readonly decoder: FlagDecoder
  readonly validator: PutValidator
  readonly repository: Repository
  readonly sink: PutSink
}

/** One accepted put on its way through a batch. */
interface Accepted {
  readonly at: number
  readonly put: DecodedPut
}

const start = (
  parts: Parts,
  requests: ReadonlyArray<PutRequest>,
  ambient: CallContext.CallContext,
  outcomes: Array<PutOutcome | undefined>
): ReadonlyArray<Accepted> => {
  const accepted: Array<Accepted> = []
  for (let at = 0; at < requests.length; at++) {
    const request = requests[at]!
    const decoded = decode(parts.decoder, parts.sink, request, ambient.namespace, ambient.call, at)
    if (Either.isLeft(decoded)) outcomes[at] = { _tag: "Rejected", request, error: decoded.left }
    else accepted.push({ at, put: decoded.right })
  }
  return accepted
}

/** Runs the checks; a validator without checks is a value for every put and takes no fiber step. */
const validateAll = (
  validator: PutValidator,
  accepted: ReadonlyArray<Accepted>
): Effect.Effect<ReadonlyArray<Either.Either<ValidatedPut, WbemError>>> => {
  const valid: Array<Either.Either<ValidatedPut, WbemError>> = []
  const from = (at: number): Effect.Effect<ReadonlyArray<Either.Either<ValidatedPut, WbemError>>> =>
    Effect.suspend(() => {
      for (let i = at; i < accepted.length; i++) {
        const one = validator.validate(accepted[i]!.put)
        if (Either.isEither(one)) valid.push(one as Either.Either<ValidatedPut, WbemError>)
        else {
          return Effect.flatMap(Effect.either(one), (answer) => {
            valid.push(answer)
            return from(i + 1)
          })
        }
      }
      return Effect.succeed(valid)
    })
  return from(0)
}

/** A failure of the storage, for every put that was sent to it: was it sent, may it have happened (`errors` 5.3). */
const lost = (request: PutRequest, error: WbemError): PutOutcome =>
  error._tag === "WbemTransportFailure"
    ? { _tag: error.sent ? "Unknown" : "NotStarted", request, error }
    : error._tag === "WbemTimeout" || error._tag === "WbemConnectionFailed"
    ? { _tag: "NotStarted", request, error }
    : { _tag: "Rejected", request, error }

const committed = (request: PutRequest, answer: Either.Either<PutReport, WbemError>): PutOutcome =>
  Either.isRight(answer)
    ? { _tag: "Committed", request, report: answer.right }
    : { _tag: "Rejected", request, error: answer.left }

const failed = (exit: Exit.Failure<unknown, WbemError>): WbemError => {
  const failure = Exit.causeOption(exit)
  const cause = failure._tag === "Some" ? failure.value : undefined
  return cause?._tag === "Fail" ? cause.error : new Failed({ detail: "the repository died", cause })
}

const batch = (parts: Parts, requests: ReadonlyArray<PutRequest>): Effect.Effect<ReadonlyArray<PutOutcome>> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(CallContext.read, (ambient) => {
      const outcomes: Array<PutOutcome | undefined> = new Array(requests.length)
      const decoded = start(parts, requests, ambient, outcomes)
      return Effect.flatMap(parts.repository.admitBatch(decoded.map(({ put }) => put)), (refusals) => {
        const accepted = decoded.filter(({ at }, i) => {
          const error = refusals[i]
          if (error !== undefined) outcomes[at] = { _tag: "Rejected", request: requests[at]!, error }
          return error === undefined
        })
        return Effect.as(operate(parts, requests, accepted, outcomes, restore), outcomes as ReadonlyArray<PutOutcome>)
      })
    })
  )

const operate = (
  parts: Parts,
  requests: ReadonlyArray<PutRequest>,
  accepted: ReadonlyArray<Accepted>,
  outcomes: Array<PutOutcome | undefined>,
  restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
): Effect.Effect<void> => {
  if (accepted.length === 0) return Effect.void
  const gate = new BatchGate(parts.sink, accepted.map(({ put }) => put))
  const answers: Array<Answer> = new Array(accepted.length)
  const end = (i: number, answer: Answer, outcome: PutOutcome): void => {
    answers[i] = answer
    outcomes[accepted[i]!.at] = outcome
  }
  const request = (i: number): PutRequest => requests[accepted[i]!.at]!
  const notStarted = (error: WbemError): void =>
    accepted.forEach((_, i) => {
      if (answers[i] === undefined) end(i, Either.left(error), { _tag: "NotStarted", request: request(i), error })
    })
  return Effect.exit(restore(gate.unlessCancelled(() => validateAll(parts.validator, accepted)))).pipe(
    Effect.flatMap((validated) => {
      if (Exit.isFailure(validated) || gate.cancelled) {
        notStarted(new CallCancelled({}))
        return Effect.void
      }
      const sent: Array<number> = []
      const valid: Array<ValidatedPut> = []
      validated.value.forEach((one, i) => {
        if (Either.isLeft(one)) {
          end(i, one as Either.Left<WbemError, never>, committed(request(i), one as Either.Left<WbemError, never>))
        } else {
          sent.push(i)
          valid.push(one.right)
        }
      })
      if (valid.length === 0) return Effect.void
      return Effect.map(Effect.exit(Effect.suspend(() => parts.repository.putBatch(valid))), (exit) => {
        if (Exit.isFailure(exit)) {
          const error = failed(exit)
          for (const i of sent) end(i, Either.left(error), lost(request(i), error))
          return
        }
        for (let k = 0; k < sent.length; k++) {
          const i = sent[k]!
          const answer = exit.value[k] ?? Either.left(new Failed({ detail: "the repository gave no answer" }))
          end(i, answer, committed(request(i), answer))
        }
      })
    }),
    Effect.flatMap(() => gate.finish(answers)),
    Effect.map((told) => {
      for (let i = told; i < accepted.length; i++) {
        const { at } = accepted[i]!
        outcomes[at] = unheard(request(i), outcomes[at], new CallCancelled({}))
      }
    })
  )
}

/** The sink was told of a cancel: a put that was not sent did not happen, of another one the caller must look. */
const unheard = (request: PutRequest, outcome: PutOutcome | undefined, error: WbemError): PutOutcome =>
  outcome?._tag === "NotStarted" ? outcome : { _tag: "Unknown", request, error }

const partsOf = (context: Context.Context<Stages>): Parts => ({
  decoder: Context.get(context, FlagDecoder),
  validator: Context.get(context, PutValidator),
  repository: Context.get(context, Repository),
  sink: Context.get(context, PutSink)
})

/** The size of a batch when none is given. */
const defaultBatchSize = 256

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
  <E, R>(requests: Stream.Stream<PutRequest, E, R>, options: Options = {}): Stream.Stream<PutOutcome, E, R | Stages> =>
    Stream.unwrap(Effect.map(Effect.context<Stages>(), (context) => {
      const parts = partsOf(context)
      const size = Math.max(1, Math.floor(options.batchSize ?? defaultBatchSize))
      const put = (chunk: Chunk.Chunk<PutRequest>): Effect.Effect<Chunk.Chunk<PutOutcome>> =>
        Effect.map(batch(parts, Chunk.toReadonlyArray(chunk)), Chunk.unsafeFromArray)
      return options.within === undefined
        ? Stream.mapChunksEffect(Stream.rechunk(requests, size), put)
        : Stream.flattenChunks(Stream.mapEffect(Stream.groupedWithin(requests, size, options.within), put))
    }))
)
