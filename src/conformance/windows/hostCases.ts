/**
 * The public cases of a put, asked of a computer and of the emulator: the score of both, and what cannot be asked.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import { memory } from "../caseRepository.ts"
import { runCase, type Result } from "../cases.ts"
import { remoteCases } from "./remoteCases.ts"
import { isObject, type Json, parseJson } from "../vocabulary.ts"
import type { Computer } from "./computer.ts"

/** A file that holds no cases. The message names the file. */
export class CaseFileError extends Error {
  override readonly name = "CaseError"
}

/** The cases of a file. Throws a {@link CaseFileError}. */
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

/** What came of the cases. */
export interface Score {
  /** How many were asked, and how many of them were answered as they say. */
  readonly run: number
  readonly passed: number
  readonly passedByEmulator: number
  /** How many of them the library answers before a computer is asked. */
  readonly answeredLocally: number
  readonly failing: ReadonlyArray<string>
  /** Why some were not asked, and which. */
  readonly notApplicable: ReadonlyMap<string, ReadonlyArray<string>>
}

/** Paths are only text, and a number is looked up in a table: nobody's computer is needed. */
const isPutCase = (one: Json): boolean =>
  isObject(one) && !("op" in one) && !(isObject(one["when"]) && "lookup" in one["when"])

/** Far more than a case takes on a slow computer far away. */
const timeoutMillis = 120_000

const failureLine = ({ id, title }: Result, problems: ReadonlyArray<string>): string =>
  `${id}  ${title}  ${problems.join("; ")}`

/** Asks them in namespaces inside one that is there. */
export const runCases = (
  computer: Computer,
  parent: string,
  cases: ReadonlyArray<Json>,
  print: (line: string) => void
): Effect.Effect<Score> =>
  Effect.gen(function* () {
    const there = remoteCases(computer, parent, timeoutMillis)
    const notAsked = new Map<string, Array<string>>()
    const failing: Array<string> = []
    let [asked, emulated, before] = [0, 0, 0]
    const leave = (reason: string, id: string): void => {
      notAsked.set(reason, [...notAsked.get(reason) ?? [], id])
    }
    for (const one of cases) {
      if (!isPutCase(one)) {
        leave("no computer is needed for it", isObject(one) ? String(one["id"]) : "?")
        continue
      }
      const puts = there.putCount()
      const found = yield* runCase(one, there)
      if (found.notApplicable !== undefined) {
        leave(found.notApplicable, found.id)
        continue
      }
      const own = yield* runCase(one, memory)
      asked++
      if (there.putCount() === puts) before++
      if (own.problems.length === 0) emulated++
      else print(`the emulator, ${failureLine(own, own.problems)}`)
      if (found.problems.length === 0) continue
      failing.push(found.id)
      print(failureLine(found, found.problems))
    }
    return { asked, here: asked - failing.length, emulated, before, failing, notAsked }
  })

/** The score as it is printed. */
export const scoreLines = ({ run, answeredLocally, passedByEmulator, passed, notApplicable }: Score): ReadonlyArray<string> => [
  `cases: ${passed} of ${run} here, ${passedByEmulator} of ${run} by the emulator`
  + ` (${answeredLocally} of them are answered before a computer is asked)`,
  ...[...notApplicable].map(([reason, ids]) => `not asked: ${ids.length}, ${reason}: ${ids.join(" ")}`)
]
