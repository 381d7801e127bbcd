/** One case of either format, run and judged: never an exception, and never without an end. */
import * as Effect from "effect/Effect"
import * as HResult from "../protocol/HResult.ts"
import { type Setup, setup } from "./given.ts"
import { runPath } from "./paths.ts"
import { type CaseRepository, memory } from "./caseRepository.ts"
import { check, readThen } from "./then.ts"
import {
  CaseError,
  commentary,
  fields,
  isObject,
  type Json,
  type JsonObject,
  NotApplicable,
  object,
  text
} from "./vocabulary.ts"
import { run } from "./when.ts"

/** What a case came to. */
export interface Result {
  readonly id: string
  readonly title: string
  /** What was expected and what was got instead; none when it passed. */
  readonly problems: ReadonlyArray<string>
  /** Why it cannot be asked of this repository; `undefined` when it was. */
  readonly notApplicable: string | undefined
}

const runLookup = (when: JsonObject, written: Json | undefined): ReadonlyArray<string> => {
  const row = HResult.fromName(text(fields(when, "when", ["lookup"])["lookup"], "when.lookup"))
  const got: JsonObject = row === undefined
    ? { unsigned: null, hex: null, signed: null }
    : { unsigned: row.hresult, hex: HResult.hex(row.hresult), signed: HResult.signed(row.hresult) }
  const then = Object.entries(fields(written, "then", Object.keys(got)))
  if (then.length === 0) throw new CaseError("then: nothing is expected")
  return then
    .filter(([name, wanted]) => String(got[name]).toLowerCase() !== String(wanted).toLowerCase())
    .map(([name, wanted]) => `${name}: expected ${String(wanted)}, got ${String(got[name])}`)
}

/** Judges one expectation of a case that was run; what is not understood is thrown. */
export type Verify = (then: Json | undefined) => ReadonlyArray<string>

/**
 * Runs a case once, so that several expectations can be judged by what happened: that of the case and, to test the runner, wrong ones.
 * A fault of the case fails the effect or is thrown by the judge.
 */
export const observe = (given: Json, repository: CaseRepository = memory): Effect.Effect<Verify, CaseError> =>
  Effect.suspend((): Effect.Effect<Verify, CaseError> => {
    const c = object(given, "case")
    if ("op" in c) return Effect.succeed((expect) => runPath({ ...c, ...(expect === undefined ? {} : { expect }) }))
    const { given: setup, then: wanted, when } = readPutCase(c)
    if ("lookup" in when) return Effect.succeed((then) => runLookup(when, then))
    return Effect.map(
      withTimeout(run(setup, when, repository, comparesBefore(readThen(wanted))), repository.timeoutMillis ?? 10_000),
      (seen): Verify => (then) => check(readThen(then), setup, seen)
    )
  })

type Verdict = Pick<Result, "problems" | "notApplicable">

const verdict = (problems: ReadonlyArray<string>): Verdict => ({ problems, notApplicable: undefined })

/** What a put case says, read; whatever it holds that is not understood is thrown. */
interface PutCase {
  readonly given: Setup
  readonly when: JsonObject
  readonly then: Json | undefined
}

const readPutCase = (c: JsonObject): PutCase => {
  const { given, then, when } = fields(c, "case", [...commentary, "given", "when", "then"])
  return { given: setup(given), when: object(when, "when"), then }
}

const withTimeout = <A>(work: Effect.Effect<A, CaseError>, timeoutMillis: number): Effect.Effect<A, CaseError> =>
  Effect.timeoutFail(Effect.disconnect(work), {
    duration: timeoutMillis,
    onTimeout: () => new CaseError(`it did not end within ${timeoutMillis / 1000} seconds`)
  })

/** Whether a case asks for a comparison with what it began with. */
const comparesBefore = ({ repository }: JsonObject): boolean => isObject(repository) && "unchanged" in repository

const runPutCase = (c: JsonObject, repository: CaseRepository): Effect.Effect<Verdict, CaseError> =>
  Effect.suspend((): Effect.Effect<Verdict, CaseError> => {
    const { given, then: wanted, when } = readPutCase(c)
    if ("lookup" in when) return Effect.succeed(verdict(runLookup(when, wanted)))
    const then = readThen(wanted)
    const notApplicable = repository.skipReason(given, when, then)
    return notApplicable === undefined
      ? Effect.map(
        withTimeout(run(given, when, repository, comparesBefore(then)), repository.timeoutMillis ?? 10_000),
        (observed) => verdict(check(then, given, observed))
      )
      : Effect.succeed({ problems: [], notApplicable })
  })

const oneLine = (words: string): string => words.replace(/\s*[\r\n]+\s*/g, " ")

const labelText = (value: Json | undefined, absent: string): string =>
  value === undefined ? absent : oneLine(typeof value === "string" ? value : String(value))

/** One case; it fails only if it is interrupted. */
export const runCase = (given: Json, repository: CaseRepository = memory): Effect.Effect<Result> => {
  const c: JsonObject = isObject(given) ? given : {}
  const id = labelText(c["id"], "(no id)")
  const title = labelText(c["title"] ?? c["input"] ?? c["op"], "")
  return Effect.suspend((): Effect.Effect<Verdict, CaseError> => {
    if (c !== given) throw new CaseError("a case is an object")
    return "op" in c ? Effect.sync(() => verdict(runPath(c))) : runPutCase(c, repository)
  }).pipe(
    Effect.catchAllDefect((defect) => Effect.fail(defect instanceof Error ? defect : new CaseError(String(defect)))),
    Effect.match({
      onFailure: (error): Verdict =>
        error instanceof NotApplicable ? { problems: [], notApplicable: error.message } : verdict([error.message]),
      onSuccess: (found) => found
    }),
    Effect.map(({ notApplicable, problems }) => ({ id, title, problems: problems.map(oneLine), notApplicable }))
  )
}

/** The same as a promise. */
export const runCasePromise = (given: Json, repository?: CaseRepository): Promise<Result> =>
  Effect.runPromise(runCase(given, repository))
