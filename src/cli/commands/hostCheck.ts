/**
 * `effect-wmi host-check`: checks a real computer and writes a recording of all frames between library and host.
 *
 * @internal
 */
import type { Register } from "../register.ts"
import * as NodeCommandExecutor from "@effect/platform-node-shared/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node-shared/NodeFileSystem"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as HostRecording from "../../windows/HostRecording.ts"
import { check, type CheckResult, statusOf } from "../../conformance/windows/hostCheck.ts"
import type { Json } from "../../conformance/vocabulary.ts"
import { CaseFileError, casesOf } from "../../conformance/windows/hostCases.ts"
import { filesOf, textOf } from "../input/input.ts"
import { checkPlaceOptions, type HostOptions, namespaceOf, repositoryOptions, withHost } from "../place/target.ts"
import { checkOutputs } from "../terminal/checkOutput.ts"
import { settings } from "../terminal/settings.ts"
import { runInterruptible } from "../terminal/interrupt.ts"
import { BadInput, printJson, printResult, reasonOf } from "../terminal/output.ts"
import { writeFile } from "../terminal/writeFile.ts"

/** The arguments and options of the command. */
interface CheckCommand extends HostOptions {
  readonly namespace: string
  readonly recording?: string | undefined
  /** Files of cases; the public ones by default. */
  readonly cases: ReadonlyArray<string>
}

/** The texts of the public cases, which the build inserts. */
declare const PUBLIC_CASES: ReadonlyArray<string>

const publicCases = (): ReadonlyArray<Json> => PUBLIC_CASES.flatMap((text) => casesOf(text, "the public cases"))

const read = (text: string, file: string): ReadonlyArray<Json> => {
  try {
    return casesOf(text, file)
  } catch (error) {
    throw error instanceof CaseFileError
      ? new BadInput({ file, message: error.message.replace(`${file}: `, "") })
      : error
  }
}

/** The facts of a check for `--json`. The lines of the report come before them. */
const factsOf = ({ leftovers, rows, score: { notApplicable, ...counts } }: CheckResult): object => ({
  assumptions: rows.map(({ detail, holds, id }) => ({ id, holds: holds ?? null, detail })),
  cases: { ...counts, notApplicable: Object.fromEntries(notApplicable) },
  leftovers
})

/** Returns the exit status: 0 if everything passed, 1 if something failed, 2 if the check could not run. A signal ends it with the status of that signal. */
const hostCheck = async (given: CheckCommand): Promise<number> => {
  checkPlaceOptions({ ...given, host: given.host ?? "." }) // without a computer this one is checked
  const computer = given.host === undefined || given.host === "." ? undefined : given.host
  const namespace = namespaceOf(given.namespace, { kind: "windows", computer })
  const id = crypto.randomUUID().replace(/-/g, "").slice(0, 12)
  const file = given.recording ?? `effect-wmi-host-check-${id}.jsonl`
  const inputs = given.cases.length === 0 ? [] : filesOf(given.cases, ["json"])
  checkOutputs([file], { inputs })
  const cases = given.cases.length === 0
    ? publicCases()
    : (await Promise.all(inputs.map(async (name) => read(await textOf(name), name)))).flat()
  const recording: Array<HostRecording.Entry> = []
  const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)
  const program = Effect.provide(
    check({
      host: repositoryOptions(given),
      namespace,
      id,
      cases,
      print: (line) => printResult(line, { line }),
      record: (entry) => void recording.push(entry),
      kill: (pid) => process.kill(pid, "SIGKILL")
    }),
    executor
  )
  try {
    // The first signal ends the check and cleans up.
    const exit = await runInterruptible(program, Effect.runFork)
    if (Exit.isSuccess(exit)) {
      if (settings().json) printJson(factsOf(exit.value))
      return statusOf(exit.value)
    }
    throw new BadInput(reasonOf(Cause.squash(exit.cause)))
  } finally {
    if (recording.length > 0) {
      await writeFile(file, [HostRecording.format(recording)])
      printResult(`recording: ${file}`, { recording: file })
    }
  }
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  withHost(program.command("host-check"))
    .description(
      "check the assumptions of the host script on a Windows computer and run the public cases of a put"
    )
    .argument("[cases...]", "files of cases in place of the public ones")
    .option("--namespace <path>", "where the check makes a namespace, which it deletes at its end", "root\\default")
    .option("--recording <file>", "the file of the recording; without it effect-wmi-host-check-ID.jsonl")
    .action(
      withStatus((cases: ReadonlyArray<string>, options: Omit<CheckCommand, "cases">) =>
        hostCheck({ ...options, cases })
      )
    )
}
