/** One case of either format, run and judged: never an exception, and never without an end. */
import * as HResult from "../../src/protocol/HResult.ts"
import { setup } from "./given.ts"
import { runPath } from "./paths.ts"
import { type CaseRepository, memory } from "./repositories.ts"
import { check, readThen } from "./then.ts"
import { CaseError, commentary, fields, isObject, type Json, type JsonObject, object, text } from "./vocabulary.ts"
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

/** Milliseconds, far more than any case takes: what waits for ever ends here. */
const patience = 10_000

const inTime = <A>(work: Promise<A>): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CaseError(`it did not end within ${patience / 1000} seconds`)), patience)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
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

type Judged = Pick<Result, "problems" | "notApplicable">

const judged = (problems: ReadonlyArray<string>): Judged => ({ problems, notApplicable: undefined })

const runPut = async (written: JsonObject, repository: CaseRepository): Promise<Judged> => {
  const c = fields(written, "case", [...commentary, "given", "when", "then"])
  const when = object(c["when"], "when")
  const given = setup(c["given"])
  if ("lookup" in when) return judged(lookup(when, c["then"]))
  const then = readThen(c["then"])
  const notApplicable = repository.cannot(given, when)
  if (notApplicable !== undefined) return { problems: [], notApplicable }
  return judged(check(then, given, await inTime(run(given, when, repository))))
}

const oneLine = (words: string): string => words.replace(/\s*[\r\n]+\s*/g, " ")

const name = (value: Json | undefined, absent: string): string =>
  value === undefined ? absent : oneLine(typeof value === "string" ? value : String(value))

export const runCase = async (written: Json, repository: CaseRepository = memory): Promise<Result> => {
  const c: JsonObject = isObject(written) ? written : {}
  const id = name(c["id"], "(no id)")
  const title = name(c["title"] ?? c["input"] ?? c["op"], "")
  try {
    if (c !== written) throw new CaseError("a case is an object")
    const { notApplicable, problems } = "op" in c ? judged(runPath(c)) : await runPut(c, repository)
    return { id, title, problems: problems.map(oneLine), notApplicable }
  } catch (error) {
    return {
      id,
      title,
      problems: [oneLine(error instanceof Error ? error.message : String(error))],
      notApplicable: undefined
    }
  }
}
