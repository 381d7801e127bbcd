/**
 * The check of a real computer: whether what the PowerShell host takes for granted is so, and the public cases of a put. Everything
 * happens in a namespace of its own, which is removed again.
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
import { assumptions, fixtures, type Finding } from "./assumptions.ts"
import type { CheckContext } from "./checkContext.ts"
import { overHosts } from "./computer.ts"
import type { Json } from "../vocabulary.ts"
import { runCases, type Score, scoreLines } from "./hostCases.ts"
import { fullName, type ScratchNamespace, withScratchNamespace } from "./scratch.ts"

/** How a check is run. */
export interface CheckOptions {
  readonly host: PowerShellRepository.Options
  /** Where the namespace of the check is made. */
  readonly namespace: string
  /** What makes its name its own. */
  readonly id: string
  readonly cases: ReadonlyArray<Json>
  readonly print: (line: string) => void
  /** Is told what is said, also by a check that does not end well. */
  readonly record?: (entry: HostRecording.Entry) => void
  /** Ends a process, as far as this runtime can. */
  readonly kill: (pid: number) => void
}

/** What came of it. */
export interface CheckResult {
  readonly rows: ReadonlyArray<Finding & { readonly id: string }>
  readonly score: Score
  /** What could not be taken away, and why. */
  readonly leftovers: ReadonlyArray<string>
}

const wordOf = (holds: Finding["holds"]): string => holds === undefined ? "not asked" : holds ? "holds" : "FAILS"

const checkAssumptions = (ground: CheckContext, print: CheckOptions["print"]) =>
  Effect.zipRight(
    fixtures(ground),
    Effect.forEach(assumptions, ({ id, verify, says }) =>
      Effect.map(
        Effect.match(verify(ground), {
          onFailure: (error): Finding => ({ holds: false, detail: error.message }),
          onSuccess: (seen) => seen
        }),
        (seen) => {
          print(`${id.padEnd(4)} ${wordOf(seen.holds).padEnd(9)}  ${says}: ${seen.detail}`)
          return { id, ...seen }
        }
      ))
  )

/** Runs a check. It fails if nothing can be put there at all. */
export const check = (options: CheckOptions): Effect.Effect<CheckResult, WbemError, CommandExecutor> =>
  Effect.scoped(Effect.gen(function* () {
    const { cases, print } = options
    const recording: Array<HostRecording.Entry> = []
    let host: PowerShellRepository.Started | undefined
    let killing = false
    const computer = yield* overHosts({
      ...options.host,
      started: (one) => {
        host = one
        print(`host: ${one.edition} ${one.version}, ${one.bits} bits`)
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
    const ground: CheckContext = {
      prefix: "EWMI_Check",
      namespace: fullName(scratch),
      isRemote: (options.host.prefix?.length ?? 0) > 0,
      recording: recording,
      host: () => host,
      killOnNextStart: () => {
        killing = true
      }
    }
    const left: Array<string> = []
    const found = yield* withScratchNamespace(
      computer,
      scratch,
      Effect.zipWith(
        checkAssumptions(ground, print),
        runCases(computer, ground.namespace, cases, print),
        (rows, score) => ({ rows, score })
      ),
      (stays) => {
        left.push(stays)
        print(`could not be taken away: ${stays}`)
      }
    ).pipe(Effect.provide(Wmi.layer(Layer.succeed(Repository, computer.repository))))
    for (const line of scoreLines(found.score)) print(line)
    return { ...found, left }
  }))

/** The exit status of a check that was run: 1 if anything is not as it should be. */
export const statusOf = ({ leftovers, rows, score }: CheckResult): number =>
  rows.some(({ holds }) => holds === false) || leftovers.length > 0 || score.passed < score.run ? 1 : 0
