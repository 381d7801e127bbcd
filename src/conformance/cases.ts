/** Runs and checks one case of either format. A run neither throws nor waits without a time limit. */
import * as Effect from "effect/Effect"
import * as HResult from "../protocol/HResult.ts"
import { type Setup, setup } from "./given.ts"
import { runPath } from "./paths.ts"
import { type CaseRepository, memory } from "./caseRepository.ts"
import { check, readThen } from "./then.ts"
import * as Json from "./vocabulary.ts"
import { run } from "./when.ts"

/**
 * The result of a case.
 *
 * @since 0.1.0
 * @category models
 */
export interface Result {
  /** The identifier of the case in its file. */
  readonly id: string
  /** What the case shows, as one line of text. */
  readonly title: string
  /** The differences between what was expected and what happened; empty when the case passed. */
  readonly problems: ReadonlyArray<string>
  /** Why the case cannot be run on this repository; `undefined` when it was run. */
  readonly notApplicable: string | undefined
}

const runLookup = (when: Json.JsonObject, written: Json.Json | undefined): ReadonlyArray<string> => {
  const row = HResult.fromName(Json.text(Json.fields(when, "when", ["lookup"])["lookup"], "when.lookup"))
  const actual: Json.JsonObject = row === undefined
    ? { unsigned: null, hex: null, signed: null }
    : { unsigned: row.hresult, hex: HResult.hex(row.hresult), signed: HResult.signed(row.hresult) }
  const then = Object.entries(Json.fields(written, "then", Object.keys(actual)))
  if (then.length === 0) throw new Json.CaseError("then: nothing is expected")
  return then.filter(([name, expected]) => String(actual[name]).toLowerCase() !== String(expected).toLowerCase())
    .map(([name, expected]) => `${name}: expected ${String(expected)}, got ${String(actual[name])}`)
}

/** Checks a `then` against a case that was run. Throws a `CaseError` for a field that the runner does not know. */
export type Verify = (then: Json.Json | undefined) => ReadonlyArray<string>

/**
 * Runs a case once and returns a check, so that several expectations can be compared with one run: that of the case and, in tests of
 * the runner, wrong ones. An invalid case fails the effect or makes the check throw.
 */
export const observe = (
  testCase: Json.Json,
  repository: CaseRepository = memory
): Effect.Effect<Verify, Json.CaseError> =>
  Effect.suspend((): Effect.Effect<Verify, Json.CaseError> => {
    const c = Json.object(testCase, "case")
    if ("op" in c) return Effect.succeed((expect) => runPath({ ...c, ...(expect === undefined ? {} : { expect }) }))
    const putCase = readPutCase(c)
    return "lookup" in putCase.when
      ? Effect.succeed((then) => runLookup(putCase.when, then))
      : observePut(putCase, repository)
  })

const observePut = (
  { given, then: expected, when }: PutCase,
  repository: CaseRepository
): Effect.Effect<Verify, Json.CaseError> =>
  Effect.map(
    withTimeout(run(given, when, repository, comparesBefore(readThen(expected))), repository.timeoutMillis ?? 10_000),
    (observation) => (then) => check(readThen(then), given, observation)
  )

type Verdict = Pick<Result, "problems" | "notApplicable">

const verdict = (problems: ReadonlyArray<string>): Verdict => ({ problems, notApplicable: undefined })

/** A put case that was read. */
interface PutCase {
  readonly given: Setup
  readonly when: Json.JsonObject
  readonly then: Json.Json | undefined
}

const readPutCase = (c: Json.JsonObject): PutCase => {
  const { given, then, when } = Json.fields(c, "case", [...Json.commentary, "given", "when", "then"])
  return { given: setup(given), when: Json.object(when, "when"), then }
}

const withTimeout = <A>(
  work: Effect.Effect<A, Json.CaseError>,
  timeoutMillis: number
): Effect.Effect<A, Json.CaseError> =>
  Effect.timeoutFail(Effect.disconnect(work), {
    duration: timeoutMillis,
    onTimeout: () => new Json.CaseError(`it did not end within ${timeoutMillis / 1000} seconds`)
  })

/** Whether a case compares the repository with its state before the first call. */
const comparesBefore = ({ repository }: Json.JsonObject): boolean =>
  Json.isObject(repository) && "unchanged" in repository

const runPutCase = (c: Json.JsonObject, repository: CaseRepository): Effect.Effect<Verdict, Json.CaseError> =>
  Effect.suspend((): Effect.Effect<Verdict, Json.CaseError> => {
    const putCase = readPutCase(c)
    const { given, then, when } = putCase
    if ("lookup" in when) return Effect.succeed(verdict(runLookup(when, then)))
    const notApplicable = repository.skipReason(given, when, readThen(then))
    return notApplicable === undefined
      ? Effect.map(observePut(putCase, repository), (verify) => verdict(verify(then)))
      : Effect.succeed({ problems: [], notApplicable })
  })

const oneLine = (words: string): string => words.replace(/\s*[\r\n]+\s*/g, " ")

const labelText = (value: Json.Json | undefined, absent: string): string =>
  value === undefined ? absent : oneLine(typeof value === "string" ? value : String(value))

/**
 * Runs one case over a repository, by default the emulator in memory. Never fails: the result lists the differences, an invalid case and
 * a defect among them. A put case has `given`, `when` and `then`, a path case has `op` and `expect`.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Effect } from "effect"
 * import { memory, runCase } from "effect-wmi/conformance"
 *
 * const { problems } = await Effect.runPromise(runCase({
 *   id: "demo",
 *   when: { object: { kind: "class", name: "Demo_Disk" } },
 *   then: { returns: "accepted", repository: { classExists: ["Demo_Disk"] } }
 * }, memory))
 * assert.deepEqual(problems, [])
 * ```
 *
 * @since 0.1.0
 * @category verbs
 */
export const runCase = (testCase: Json.Json, repository: CaseRepository = memory): Effect.Effect<Result> => {
  const c: Json.JsonObject = Json.isObject(testCase) ? testCase : {}
  const id = labelText(c["id"], "(no id)")
  const title = labelText(c["title"] ?? c["input"] ?? c["op"], "")
  return Effect.suspend((): Effect.Effect<Verdict, Json.CaseError> => {
    if (c !== testCase) throw new Json.CaseError("a case is an object")
    return "op" in c ? Effect.sync(() => verdict(runPath(c))) : runPutCase(c, repository)
  }).pipe(
    Effect.catchAllDefect((defect) =>
      Effect.fail(defect instanceof Error ? defect : new Json.CaseError(String(defect)))
    ),
    Effect.match({
      onFailure: (error): Verdict =>
        error instanceof Json.NotApplicable ? { problems: [], notApplicable: error.message } : verdict([error.message]),
      onSuccess: (result) => result
    }),
    Effect.map(({ notApplicable, problems }) => ({ id, title, problems: problems.map(oneLine), notApplicable }))
  )
}

/** {@link runCase} as a promise. */
export const runCasePromise = (testCase: Json.Json, repository?: CaseRepository): Promise<Result> =>
  Effect.runPromise(runCase(testCase, repository))
