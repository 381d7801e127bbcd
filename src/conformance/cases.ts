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
  NotAsked,
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

const lookup = (when: JsonObject, written: Json | undefined): ReadonlyArray<string> => {
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
export type Judge = (then: Json | undefined) => ReadonlyArray<string>

/**
 * Runs a case once, so that several expectations can be judged by what happened: that of the case and, to test the runner, wrong ones.
 * A fault of the case fails the effect or is thrown by the judge.
 */
export const observed = (given: Json, repository: CaseRepository = memory): Effect.Effect<Judge, CaseError> =>
  Effect.suspend((): Effect.Effect<Judge, CaseError> => {
    const c = object(given, "case")
    if ("op" in c) return Effect.succeed((expect) => runPath({ ...c, ...(expect === undefined ? {} : { expect }) }))
    const { given: setup, then: wanted, when } = written(c)
    if ("lookup" in when) return Effect.succeed((then) => lookup(when, then))
    return Effect.map(
      inTime(run(setup, when, repository, compares(readThen(wanted))), repository.timeoutMillis ?? 10_000),
      (seen): Judge => (then) => check(readThen(then), setup, seen)
    )
  })

type Judged = Pick<Result, "problems" | "notApplicable">

const judged = (problems: ReadonlyArray<string>): Judged => ({ problems, notApplicable: undefined })

/** What a put case says, read; whatever it holds that is not understood is thrown. */
interface Written {
  readonly given: Setup
  readonly when: JsonObject
  readonly then: Json | undefined
}

const written = (c: JsonObject): Written => {
  const { given, then, when } = fields(c, "case", [...commentary, "given", "when", "then"])
  return { given: setup(given), when: object(when, "when"), then }
}

const inTime = <A>(work: Effect.Effect<A, CaseError>, timeoutMillis: number): Effect.Effect<A, CaseError> =>
  Effect.timeoutFail(Effect.disconnect(work), {
    duration: timeoutMillis,
    onTimeout: () => new CaseError(`it did not end within ${timeoutMillis / 1000} seconds`)
  })

/** Whether a case asks for a comparison with what it began with. */
const compares = ({ repository }: JsonObject): boolean => isObject(repository) && "unchanged" in repository

const judgedPut = (c: JsonObject, repository: CaseRepository): Effect.Effect<Judged, CaseError> =>
  Effect.suspend((): Effect.Effect<Judged, CaseError> => {
    const { given, then: wanted, when } = written(c)
    if ("lookup" in when) return Effect.succeed(judged(lookup(when, wanted)))
    const then = readThen(wanted)
    const notApplicable = repository.cannot(given, when, then)
    return notApplicable === undefined
      ? Effect.map(
        inTime(run(given, when, repository, compares(then)), repository.timeoutMillis ?? 10_000),
        (observed) => judged(check(then, given, observed))
      )
      : Effect.succeed({ problems: [], notApplicable })
  })

const oneLine = (words: string): string => words.replace(/\s*[\r\n]+\s*/g, " ")

const name = (value: Json | undefined, absent: string): string =>
  value === undefined ? absent : oneLine(typeof value === "string" ? value : String(value))

/** One case; it fails only if it is interrupted. */
export const judge = (given: Json, repository: CaseRepository = memory): Effect.Effect<Result> => {
  const c: JsonObject = isObject(given) ? given : {}
  const id = name(c["id"], "(no id)")
  const title = name(c["title"] ?? c["input"] ?? c["op"], "")
  return Effect.suspend((): Effect.Effect<Judged, CaseError> => {
    if (c !== given) throw new CaseError("a case is an object")
    return "op" in c ? Effect.sync(() => judged(runPath(c))) : judgedPut(c, repository)
  }).pipe(
    Effect.catchAllDefect((defect) => Effect.fail(defect instanceof Error ? defect : new CaseError(String(defect)))),
    Effect.match({
      onFailure: (error): Judged =>
        error instanceof NotAsked ? { problems: [], notApplicable: error.message } : judged([error.message]),
      onSuccess: (found) => found
    }),
    Effect.map(({ notApplicable, problems }) => ({ id, title, problems: problems.map(oneLine), notApplicable }))
  )
}

/** The same as a promise. */
export const runCase = (given: Json, repository?: CaseRepository): Promise<Result> =>
  Effect.runPromise(judge(given, repository))
