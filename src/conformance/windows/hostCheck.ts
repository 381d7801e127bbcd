/**
 * The check of a real computer: verifies the assumptions of the PowerShell host and runs the public put cases. It works in a namespace
 * of its own, which it deletes afterwards.
 *
 * @internal
 */
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Repository } from "../../pipeline/Repository.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import type * as HostRecording from "../../windows/HostRecording.ts"
import type * as PowerShellRepository from "../../windows/PowerShellRepository.ts"
import * as Wmi from "../../Wmi.ts"
import { assumptions, type Finding, fixtures } from "./assumptions.ts"
import type { CheckContext } from "./checkContext.ts"
import { overHosts } from "./computer.ts"
import type { Json } from "../vocabulary.ts"
import { runCases, type Score, scoreLines } from "./hostCases.ts"
import { fullName, type ScratchNamespace, withScratchNamespace } from "./scratch.ts"

/**
 * The options of a check.
 *
 * @since 0.1.0
 * @category models
 */
export interface CheckOptions {
  /** How the host is started and reached. */
  readonly host: PowerShellRepository.Options
  /** The namespace in which the namespace of the check is made. */
  readonly namespace: string
  /** The part of the name that makes it unique. */
  readonly id: string
  /** The cases to run, as `casesOf` returns them. */
  readonly cases: ReadonlyArray<Json>
  /** Receives each line of the report. */
  readonly print: (line: string) => void
  /** Receives every frame between library and host, also of a check that fails. */
  readonly record?: (entry: HostRecording.Entry) => void
  /** Kills a process. */
  readonly kill: (pid: number) => void
}

/**
 * The result of a check.
 *
 * @since 0.1.0
 * @category models
 */
export interface CheckResult {
  /** One row for each assumption. */
  readonly rows: ReadonlyArray<Finding & { readonly id: string }>
  /** How many cases ran and passed, here and over the emulator. */
  readonly score: Score
  /** What could not be deleted afterwards, with the reason. */
  readonly leftovers: ReadonlyArray<string>
}

const wordOf = (holds: Finding["holds"]): string => holds === undefined ? "not asked" : holds ? "holds" : "FAILS"

const checkAssumptions = (context: CheckContext, print: CheckOptions["print"]) =>
  Effect.zipRight(
    fixtures(context),
    Effect.forEach(assumptions, ({ id, verify, says }) =>
      Effect.map(
        Effect.match(verify(context), {
          onFailure: (error): Finding => ({ holds: false, detail: error.message }),
          onSuccess: (finding) => finding
        }),
        (finding) => {
          print(`${id.padEnd(4)} ${wordOf(finding.holds).padEnd(9)}  ${says}: ${finding.detail}`)
          return { id, ...finding }
        }
      ))
  )

/**
 * Runs a check. Fails if the namespace of the check cannot be made.
 *
 * @since 0.1.0
 * @category verbs
 */
export const check = (options: CheckOptions): Effect.Effect<CheckResult, WbemError, CommandExecutor> =>
  Effect.scoped(Effect.gen(function* () {
    const { cases, print } = options
    const recording: Array<HostRecording.Entry> = []
    let host: PowerShellRepository.Started | undefined
    let killing = false
    const computer = yield* overHosts({
      ...options.host,
      started: (started) => {
        host = started
        print(`host: ${started.edition} ${started.version}, ${started.bits} bits`)
      },
      record: (entry) => {
        recording.push(entry)
        options.record?.(entry)
        if (!killing || entry.d !== "<" || entry.f["t"] !== "start" || host === undefined) return
        killing = false
        options.kill(host.pid)
      }
    })
    const scratch: ScratchNamespace = { parent: options.namespace, name: `EWMI_${options.id}` }
    const context: CheckContext = {
      prefix: "EWMI_Check",
      namespace: fullName(scratch),
      isRemote: (options.host.prefix?.length ?? 0) > 0,
      recording: recording,
      host: () => host,
      killOnNextStart: () => {
        killing = true
      }
    }
    const leftovers: Array<string> = []
    const result = yield* withScratchNamespace(
      computer,
      scratch,
      Effect.zipWith(
        checkAssumptions(context, print),
        runCases(computer, context.namespace, cases, print),
        (rows, score) => ({ rows, score })
      ),
      (leftover) => {
        leftovers.push(leftover)
        print(`could not be taken away: ${leftover}`)
      }
    ).pipe(Effect.provide(Wmi.layer(Layer.succeed(Repository, computer.repository))))
    for (const line of scoreLines(result.score)) print(line)
    return { ...result, leftovers }
  }))

/** The exit status of a completed check: 1 if an assumption or a case failed, or if something was left behind; otherwise 0. */
export const statusOf = ({ leftovers, rows, score }: CheckResult): number =>
  rows.some(({ holds }) => holds === false) || leftovers.length > 0 || score.passed < score.run ? 1 : 0
