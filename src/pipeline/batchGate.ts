/**
 * The gate of the accepted calls of one batch: what `callGate` is for one.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import * as SinkEvent from "../protocol/SinkEvent.ts"
import { isWbemError, type WbemError } from "../protocol/WbemError.ts"
import type { PutSink } from "./PutSink.ts"
import type { Answer } from "./Repository.ts"
import {
  afterwards,
  emitPlainly,
  endingOf,
  infoFor,
  type Line,
  lineOf,
  nothing,
  Outstanding,
  release,
  type RelPath,
  telling,
  turn
} from "./sinkLine.ts"

/**
 * The accepted calls of one batch: outstanding together, told one after another, each with its own ending.
 *
 * @since 0.1.0
 * @category models
 */
export class BatchGate extends Outstanding {
  private readonly line: Line
  private readonly puts: ReadonlyArray<DecodedPut>
  /** The put whose ending is told next. */
  private next = 0

  constructor(sink: PutSink, puts: ReadonlyArray<DecodedPut>, relPath: RelPath) {
    super(relPath)
    this.line = lineOf(sink)
    this.puts = puts
    this.line.calls.add(this)
  }

  override cancel(): ReadonlyArray<DecodedPut> {
    this.halt()
    const from = this.next
    this.next = this.puts.length
    return this.puts.slice(from)
  }

  /** Tells the sink of progress of one of the puts, if it is one, asked for it and has not ended (PA-25, PA-28). */
  readonly progress = (at: number, report: SinkEvent.ProgressReport): Effect.Effect<void> =>
    at < this.next || this.puts[at]?.options.status !== true ? Effect.void : Effect.uninterruptible(
      turn(this.line, () => at < this.next ? nothing : [SinkEvent.progress(this.puts[at]!, report)])
    )

  /**
   * Tells every ending in order. Answers how many it told: a cancel in between ends the others with `CallCancelled`.
   *
   * What the error object of an instance names is asked of the repository where the error does not say it; where one error is that of
   * many puts, because nobody could be asked, it is asked no further than the first that is not answered.
   */
  finish(answers: ReadonlyArray<Answer>): Effect.Effect<number> {
    const unnamed: Array<number> = []
    for (let at = 0; at < answers.length; at++) {
      const answer = answers[at]!
      if (isWbemError(answer) && answer.parameterInfo === undefined && this.puts[at]!.object._tag === "Instance") {
        unnamed.push(at)
      }
    }
    if (unnamed.length === 0) return this.tellAll(answers, undefined)
    const infos: Array<string | undefined> = new Array(answers.length)
    const unanswered = new Set<Answer>()
    const ask = (at: number): Effect.Effect<void> => {
      const error = answers[at] as WbemError
      return unanswered.has(error) ? Effect.void : Effect.map(infoFor(error, this.puts[at]!, this.relPath), (info) => {
        infos[at] = info
        if (info === undefined) unanswered.add(error)
      })
    }
    return Effect.flatMap(Effect.forEach(unnamed, ask, { discard: true }), () => this.tellAll(answers, infos))
  }

  private tellAll(
    answers: ReadonlyArray<Answer>,
    infos: ReadonlyArray<string | undefined> | undefined
  ): Effect.Effect<number> {
    let told = 0
    const one = (): ReadonlyArray<SinkEvent.SinkEvent> => {
      const at = this.next++
      told = this.next
      return endingOf(this.puts[at]!, answers[at]!, infos?.[at])
    }
    const loop: Effect.Effect<number> = Effect.suspend(() => {
      const line = this.line
      if (this.next >= this.puts.length) {
        line.calls.delete(this)
        return Effect.succeed(told)
      }
      if (line.busy || line.sink.unsafeEmit === undefined) {
        return afterwards(turn(line, () => this.next < this.puts.length ? one() : nothing), loop)
      }
      // While nobody else is at the sink and its handler is a plain function, the batch is told in one go.
      line.busy = true
      while (this.next < this.puts.length) {
        const rest = emitPlainly(line, one())
        if (rest !== undefined) return afterwards(telling(line, rest), loop)
      }
      return afterwards(release(line), loop)
    })
    return loop
  }
}
