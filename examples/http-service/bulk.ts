// NDJSON in, NDJSON out: a request a line, an outcome a line, in the order of the lines.
import { Chunk, Effect, Either, ParseResult, Schema, Stream } from "effect"
import type { PutOutcome, PutRequest, Wmi } from "effect-wmi"
import * as WmiSchema from "effect-wmi/WmiSchema"
import { Outcome } from "./api.ts"

/** Most characters of a line. A longer line is malformed, and nothing is read after it. */
const maxLine = 1024 * 1024

interface Row {
  readonly line: number
  readonly request: Either.Either<PutRequest.PutRequest, string>
}

const parse = Schema.decodeEither(Schema.parseJson(WmiSchema.PutRequest))
const encode = Schema.encode(Schema.parseJson(Outcome))

/** The request of a line, or what is wrong with it. */
const requestOf = (text: string): Row["request"] => {
  try {
    return Either.mapLeft(
      parse(text),
      (error) =>
        ParseResult.ArrayFormatter.formatErrorSync(error).map(({ message, path }) => [...path, message].join(": "))
          .join("; ")
    )
  } catch (defect) {
    if (defect instanceof RangeError) return Either.left("the line is nested too deep")
    throw defect
  }
}

const rowOf = (text: string, line: number): Row => ({
  line,
  request: text.length > maxLine ? Either.left(`a line has at most ${maxLine} characters`) : requestOf(text)
})

/** The rows of an upload. They are read as the outcomes are, and only an unfinished line is kept in memory. */
const rows = <E, R>(upload: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Row, E, R> =>
  upload.pipe(
    Stream.decodeText(),
    Stream.mapAccum(0, (unfinished, text) => {
      const newline = text.lastIndexOf("\n")
      const length = newline < 0 ? unfinished + text.length : text.length - newline - 1
      return [length, { text, isTooLong: length > maxLine }]
    }),
    Stream.takeUntil(({ isTooLong }) => isTooLong),
    Stream.map(({ text }) => text),
    Stream.splitLines,
    Stream.zipWithIndex,
    Stream.filter(([text]) => text.trim() !== ""),
    Stream.map(([text, index]) => rowOf(text, index + 1))
  )

const outcomeOf = (line: number, outcome: PutOutcome.PutOutcome): typeof Outcome.Type =>
  outcome._tag === "Committed"
    ? { line, _tag: outcome._tag, report: outcome.report }
    : { line, _tag: outcome._tag, error: outcome.error }

/** Puts the rows of a group in one transaction. */
const putGroup = (wmi: Wmi.Wmi) => (group: Chunk.Chunk<Row>): Effect.Effect<Chunk.Chunk<typeof Outcome.Type>> =>
  Effect.map(
    Stream.runCollect(
      wmi.bulkPut(Stream.fromIterable(Chunk.filterMap(group, ({ request }) => Either.getRight(request))))
    ),
    (outcomes) => {
      const next = outcomes[Symbol.iterator]()
      return Chunk.map(
        group,
        ({ line, request }) =>
          Either.isLeft(request)
            ? { line, _tag: "Malformed" as const, message: request.left }
            : outcomeOf(line, next.next().value)
      )
    }
  )

/** A group is full with 256 rows, or when 50 milliseconds are over. */
export const bulk =
  (wmi: Wmi.Wmi) => <E, R>(upload: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Uint8Array, E, R> =>
    rows(upload).pipe(
      Stream.groupedWithin(256, "50 millis"),
      Stream.mapEffect(putGroup(wmi)),
      Stream.flattenChunks,
      Stream.mapEffect((outcome) => Effect.orDie(encode(outcome))),
      Stream.map((line) => `${line}\n`),
      Stream.encodeText
    )
