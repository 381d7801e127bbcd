/** `npm run conformance -- FILE… [--area NAME] [--repository memory]`. */
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { setup } from "../stores/postgresServer.ts"
import { type Result, runCasePromise } from "../../src/conformance/cases.ts"
import { report } from "../../src/conformance/report.ts"
import type { CaseRepository } from "../../src/conformance/caseRepository.ts"
import { repositories } from "./repositories.ts"
import { casesOf } from "../../src/conformance/windows/hostCases.ts"
import { isObject, type Json } from "../../src/conformance/vocabulary.ts"

/** An error in the command line. */
class UsageError extends Error {}

/** Runs a function and turns its exception into a `UsageError`. */
const usable = <A>(what: string, ask: () => A): A => {
  try {
    return ask()
  } catch (error) {
    throw new UsageError(what + (error instanceof Error ? error.message : String(error)))
  }
}

const casesIn = (file: string): ReadonlyArray<Json> => usable("", () => casesOf(readFileSync(file, "utf8"), file))

interface Options {
  readonly files: ReadonlyArray<string>
  readonly area: string | undefined
  readonly open: () => Promise<CaseRepository>
}

const optionsOf = (): Options => {
  const { positionals, values } = usable("", () =>
    parseArgs({
      allowPositionals: true,
      options: { area: { type: "string" }, repository: { type: "string", default: "memory" } }
    }))
  if (!Object.hasOwn(repositories, values.repository)) {
    throw new UsageError(
      `there is no repository ${values.repository}; there is ${Object.keys(repositories).join(", ")}`
    )
  }
  if (positionals.length === 0) throw new UsageError("no file of cases was given")
  return { files: positionals, area: values.area, open: repositories[values.repository]! }
}

const main = async (): Promise<number> => {
  const { area, files, open } = optionsOf()
  const cases = files.flatMap(casesIn)
    .filter((one) => area === undefined || (isObject(one) && one["area"] === area))
  if (cases.length === 0) throw new UsageError(area === undefined ? "there is no case" : `no case has the area ${area}`)
  const repository = await open()
  const results: Array<Result> = []
  try {
    for (const one of cases) results.push(await runCasePromise(one, repository))
  } finally {
    await repository.close?.()
  }
  const { failed, lines } = report(results)
  for (const line of lines) console.log(line)
  return failed === 0 ? 0 : 1
}

const stopServers = setup()
try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\nusage: npm run conformance -- FILE… [--area NAME] [--repository memory]`)
  process.exitCode = 2
} finally {
  stopServers()
}
