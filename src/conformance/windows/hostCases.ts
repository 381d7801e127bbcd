/**
 * Runs the public put cases on a computer and on the emulator: the scores of both, and the cases that are not applicable.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import { memory } from "../caseRepository.ts"
import { type Result, runCase } from "../cases.ts"
import { remoteCases } from "./remoteCases.ts"
import { isObject, type Json, parseJson } from "../vocabulary.ts"
import type { Computer } from "./computer.ts"

/**
 * A file without readable cases. The message names the file.
 *
 * @since 0.1.0
 * @category errors
 */
export class CaseFileError extends Error {
  /** The name of the error class. */
  override readonly name = "CaseFileError"
}

/**
 * Reads the cases of a file: a JSON array, or an object with `cases`. Throws a {@link CaseFileError}.
 *
 * @since 0.1.0
 * @category constructors
 */
export const casesOf = (text: string, file: string): ReadonlyArray<Json> => {
  const content = ((): Json => {
    try {
      return parseJson(text)
    } catch (error) {
      throw new CaseFileError(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    }
  })()
  const cases = isObject(content) ? content["cases"] : content
  if (!Array.isArray(cases)) throw new CaseFileError(`${file}: it holds no list of cases`)
  return cases
}

/** The score of a run. */
export interface Score {
  /** The number of cases that were run, and of those that the computer and the emulator passed. */
  readonly run: number
  readonly passed: number
  readonly passedByEmulator: number
  /** The number of cases that the library answered without a put on the computer. */
  readonly answeredLocally: number
  /** The ids of the cases that the computer failed. */
  readonly failing: ReadonlyArray<string>
  /** The ids of the cases that were not run, by reason. */
  readonly notApplicable: ReadonlyMap<string, ReadonlyArray<string>>
}

/** Whether a case needs a computer: path cases and look-ups of statuses do not. */
const isPutCase = (testCase: Json): boolean =>
  isObject(testCase) && !("op" in testCase) && !(isObject(testCase["when"]) && "lookup" in testCase["when"])

/** The time limit of a case, ample for a slow remote computer. */
const timeoutMillis = 120_000

const failureLine = ({ id, title }: Result, problems: ReadonlyArray<string>): string =>
  `${id}  ${title}  ${problems.join("; ")}`

/** Runs cases in namespaces that it makes inside an existing one. */
export const runCases = (
  computer: Computer,
  parent: string,
  cases: ReadonlyArray<Json>,
  print: (line: string) => void
): Effect.Effect<Score> =>
  Effect.gen(function* () {
    const repository = remoteCases(computer, parent, timeoutMillis)
    const notApplicable = new Map<string, Array<string>>()
    const failing: Array<string> = []
    let [run, passedByEmulator, answeredLocally] = [0, 0, 0]
    const skip = (reason: string, id: string): void => {
      notApplicable.set(reason, [...notApplicable.get(reason) ?? [], id])
    }
    for (const testCase of cases) {
      if (!isPutCase(testCase)) {
        skip("no computer is needed for it", isObject(testCase) ? String(testCase["id"]) : "?")
        continue
      }
      const puts = repository.putCount()
      const result = yield* runCase(testCase, repository)
      if (result.notApplicable !== undefined) {
        skip(result.notApplicable, result.id)
        continue
      }
      const emulatorResult = yield* runCase(testCase, memory)
      run++
      if (repository.putCount() === puts) answeredLocally++
      if (emulatorResult.problems.length === 0) passedByEmulator++
      else print(`the emulator, ${failureLine(emulatorResult, emulatorResult.problems)}`)
      if (result.problems.length === 0) continue
      failing.push(result.id)
      print(failureLine(result, result.problems))
    }
    return { run, passed: run - failing.length, passedByEmulator, answeredLocally, failing, notApplicable }
  })

/** The lines of the score. */
export const scoreLines = (
  { run, answeredLocally, passedByEmulator, passed, notApplicable }: Score
): ReadonlyArray<string> => [
  `cases: ${passed} of ${run} here, ${passedByEmulator} of ${run} by the emulator`
  + ` (${answeredLocally} of them are answered before a computer is asked)`,
  ...[...notApplicable].map(([reason, ids]) => `not asked: ${ids.length}, ${reason}: ${ids.join(" ")}`)
]
