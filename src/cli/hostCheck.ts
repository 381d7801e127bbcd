/**
 * `effect-wmi host-check`: looks on a real computer whether what the PowerShell host takes for granted is so, and asks it the
 * public cases of a put. Everything happens in a namespace of its own, which is taken away again; a recording is kept.
 *
 * @internal
 */
import { writeFileSync } from "node:fs"
import * as NodeCommandExecutor from "@effect/platform-node-shared/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node-shared/NodeFileSystem"
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Repository } from "../pipeline/Repository.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import * as HostRecording from "../repository/HostRecording.ts"
import type * as PowerShellRepository from "../repository/PowerShellRepository.ts"
import * as Wmi from "../Wmi.ts"
import { assumptions, foundation, type Seen } from "./assumptions.ts"
import type { Ground } from "./checkGround.ts"
import { overHosts } from "./computer.ts"
import type { Json } from "./conformance/vocabulary.ts"
import { askCases, casesOf, type Score, scoreLines } from "./hostCases.ts"
import { bytesOf } from "./input.ts"
import { complain, print } from "./output.ts"
import { fullName, type Scratch, within } from "./scratch.ts"

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
  readonly rows: ReadonlyArray<Seen & { readonly id: string }>
  readonly score: Score
  /** What could not be taken away, and why. */
  readonly left: ReadonlyArray<string>
}

const wordOf = (holds: Seen["holds"]): string => holds === undefined ? "not asked" : holds ? "holds" : "FAILS"

const looked = (ground: Ground, print: CheckOptions["print"]) =>
  Effect.zipRight(
    foundation(ground),
    Effect.forEach(assumptions, ({ id, look, says }) =>
      Effect.map(
        Effect.match(look(ground), {
          onFailure: (error): Seen => ({ holds: false, detail: error.message }),
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
    const scratch: Scratch = { parent: options.namespace, name: `EWMI_${options.id}` }
    const ground: Ground = {
      prefix: "EWMI_Check",
      namespace: fullName(scratch),
      far: (options.host.prefix?.length ?? 0) > 0,
      entries: recording,
      host: () => host,
      killAtStart: () => {
        killing = true
      }
    }
    const left: Array<string> = []
    const found = yield* within(
      computer,
      scratch,
      Effect.zipWith(
        looked(ground, print),
        askCases(computer, ground.namespace, cases, print),
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

/** The command line of a check. */
export interface CheckCommand {
  readonly prefix?: string | undefined
  readonly powershell?: string | undefined
  readonly bootstrap?: "auto" | "plain" | "encoded" | undefined
  readonly file?: string | undefined
  readonly server?: string | undefined
  readonly user?: string | undefined
  readonly namespace: string
  readonly recording?: string | undefined
  /** Files of cases; the public ones by default. */
  readonly cases: ReadonlyArray<string>
}

/** Words as a shell would cut them, quotes respected; nothing is expanded. */
export const words = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare!)

const hostOptions = (given: CheckCommand, password: string | undefined): PowerShellRepository.Options => ({
  ...(given.prefix === undefined ? {} : { prefix: words(given.prefix) }),
  ...(given.powershell === undefined ? {} : { powershell: given.powershell }),
  bootstrap: given.file === undefined ? given.bootstrap ?? "auto" : { file: given.file },
  connect: {
    ...(given.server === undefined ? {} : { server: given.server }),
    ...(given.user === undefined ? {} : { user: given.user }),
    ...(password === undefined ? {} : { password: Redacted.make(password) })
  }
})

/** The public cases, as the command carries them. */
declare const PUBLIC_CASES: ReadonlyArray<string>

const publicCases = (): ReadonlyArray<Json> => PUBLIC_CASES.flatMap((text) => casesOf(text, "the public cases"))

/** The exit status of a check that was run: 1 if anything is not as it should be. */
export const statusOf = ({ left, rows, score }: CheckResult): number =>
  rows.some(({ holds }) => holds === false) || left.length > 0 || score.here < score.asked ? 1 : 0

/** Answers the exit status: 0 if everything is as it should be, 1 if something is not, 2 if nothing could be looked at. */
export const hostCheck = async (given: CheckCommand): Promise<number> => {
  const id = crypto.randomUUID().replace(/-/g, "").slice(0, 12)
  const file = given.recording ?? `effect-wmi-host-check-${id}.jsonl`
  const cases = given.cases.length === 0
    ? publicCases()
    : (await Promise.all(given.cases.map(async (name) => casesOf(new TextDecoder().decode(await bytesOf(name)), name))))
      .flat()
  const recording: Array<HostRecording.Entry> = []
  const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)
  const fiber = Effect.runFork(Effect.provide(
    check({
      // A secret on a command line could be read by anybody, so it comes through the environment.
      host: hostOptions(given, process.env["EFFECT_WMI_PASSWORD"]),
      namespace: given.namespace,
      id,
      cases,
      print,
      record: (entry) => void recording.push(entry),
      kill: (pid) => process.kill(pid, "SIGKILL")
    }),
    executor
  ))
  const stop = (): void => fiber.unsafeInterruptAsFork(fiber.id())
  const signals = ["SIGINT", "SIGTERM"] as const
  // The first one ends the check in order; a second ends the process at once.
  for (const signal of signals) process.once(signal, stop)
  const exit = await Effect.runPromise(Fiber.await(fiber))
  for (const signal of signals) process.off(signal, stop)
  if (recording.length > 0) {
    writeFileSync(file, HostRecording.format(recording))
    print(`recording: ${file}`)
  }
  if (Exit.isFailure(exit)) {
    const cause = Cause.squash(exit.cause)
    const why = Cause.isInterruptedOnly(exit.cause)
      ? "interrupted"
      : cause instanceof Error
      ? cause.message
      : String(cause)
    complain([`effect-wmi: ${why}`])
    return 2
  }
  return statusOf(exit.value)
}
