/**
 * Runs the program of a verb over a target. A refusal of WMI is an answer, which ends the command with status 1. A place that cannot be
 * used, and input that WMI cannot take, is `BadInput` and ends it with status 2.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Logger from "effect/Logger"
import type { StoreFailure } from "../../emulator/StoreFailure.ts"
import { isWbemError, type WbemError } from "../../protocol/WbemError.ts"
import { eitherInterruptible } from "../terminal/interrupt.ts"
import { BadInput, printDiagnostics } from "../terminal/output.ts"
import { diagnosticOf, storageFailure } from "./failures.ts"
import type { Target, TargetServices } from "./target.ts"
import type * as Layer from "effect/Layer"

/** The statuses of input that no namespace would take. */
const badInput: ReadonlySet<string> = new Set([
  "InvalidParameter",
  "InvalidObjectPath",
  "InvalidLocale",
  "UnsupportedLocale"
])

/** The statuses of a computer that gave no answer. */
const unreachable: ReadonlySet<string> = new Set(["TransportFailure", "ConnectionFailed", "LocalCredentials"])

/** The bad input of an error; `undefined` for a refusal of WMI. */
export const badInputOf = (error: WbemError | StoreFailure, label: string): BadInput | undefined => {
  const diagnostic = diagnosticOf(error)
  if (!isWbemError(error) || storageFailure(error) !== undefined) return new BadInput(diagnostic)
  if (unreachable.has(error.status)) {
    return new BadInput({ ...diagnostic, message: `${label} cannot be reached: ${error.message}` })
  }
  return badInput.has(error.status) ? new BadInput(diagnostic) : undefined
}

/** The warnings of a run, as one line each. Stores report rows that they cannot read this way. */
const warnings = (into: (line: string) => void) =>
  Logger.replace(
    Logger.defaultLogger,
    Logger.make(({ logLevel, message }) => {
      if (logLevel.ordinal < 30_000) return
      into((Array.isArray(message) ? message : [message]).map(String).join(": "))
    })
  )

/** What a program answered, and how many warnings it gave. */
export interface Answer<A> {
  readonly value: A
  readonly warnings: number
}

/** The services of a target, and its name for messages. */
export interface LabelledLayer<R> {
  readonly label: string
  readonly layer: Layer.Layer<R, StoreFailure | WbemError>
}

/** Runs a program over a target. Prints warnings. Throws `BadInput`; returns the refusals of WMI. */
export const answerOf = async <A, R>(
  target: LabelledLayer<R>,
  program: Effect.Effect<A, WbemError | StoreFailure, R>
): Promise<Either.Either<Answer<A>, WbemError>> => {
  let count = 0
  const logger = warnings((line) => {
    count++
    printDiagnostics([{ severity: "warning", message: line }])
  })
  const answer = await eitherInterruptible(Effect.provide(Effect.provide(program, target.layer), logger))
  if (Either.isRight(answer)) return Either.right({ value: answer.right, warnings: count })
  const bad = badInputOf(answer.left, target.label)
  if (bad !== undefined) throw bad
  return Either.left(answer.left as WbemError)
}

/** Prints a refusal on standard error and returns its exit status. */
export const refused = (error: WbemError): 1 => {
  printDiagnostics([diagnosticOf(error)])
  return 1
}

/** Runs a program over a target and hands its answer to a printer. Returns 1 for a refusal and for an answer with warnings. */
export const answered = async <A>(
  target: Target,
  program: Effect.Effect<A, WbemError | StoreFailure, TargetServices>,
  show: (value: A) => void
): Promise<number> => {
  const answer = await answerOf(target, program)
  if (Either.isLeft(answer)) return refused(answer.left)
  show(answer.right.value)
  return answer.right.warnings === 0 ? 0 : 1
}
