/**
 * `effect-wmi host-check`: looks on a real computer whether what the PowerShell host takes for granted is so, and whether puts
 * are answered as documented. It makes classes of its own under one name, takes them away again, and keeps a recording.
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
import type * as PutAsync from "../pipeline/PutAsync.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import * as HostRecording from "../repository/HostRecording.ts"
import * as PowerShellRepository from "../repository/PowerShellRepository.ts"
import * as Snapshot from "../engine/Snapshot.ts"
import * as Wmi from "../Wmi.ts"
import { assumptions, cleared, foundation, type Seen } from "./assumptions.ts"
import { cases, type Outcome, outcomes, score } from "./checkCases.ts"
import type { Ground } from "./checkGround.ts"

/** How a check is run. */
export interface CheckOptions {
  readonly host: PowerShellRepository.Options
  /** Where the classes go. */
  readonly namespace: string
  /** What makes the names of this check its own. */
  readonly id: string
  readonly print: (line: string) => void
  /** Ends a process, as far as this runtime can. */
  readonly kill: (pid: number) => void
}

/** What came of it. */
export interface CheckResult {
  readonly rows: ReadonlyArray<Seen & { readonly id: string }>
  readonly score: number
  readonly emulated: number
  readonly left: ReadonlyArray<string>
  readonly recording: HostRecording.Recording
}

const wordOf = (holds: Seen["holds"]): string => holds === undefined ? "not asked" : holds ? "holds" : "FAILS"

/** The emulator's answers to the same cases. */
const emulated = (ground: Ground): Effect.Effect<ReadonlyArray<Outcome>, WbemError> =>
  Effect.provide(
    outcomes(ground),
    Wmi.layerMemoryFrom(Snapshot.empty({ namespaces: [ground.namespace] }))
  )

/** Runs a check. It fails if nothing can be put there at all. */
export const check = (options: CheckOptions): Effect.Effect<CheckResult, WbemError, CommandExecutor> => {
  const { print } = options
  const recording: Array<HostRecording.Entry> = []
  let host: PowerShellRepository.Started | undefined
  let killing = false
  const ground: Ground = {
    prefix: `EWMI_Check_${options.id}`,
    namespace: options.namespace,
    far: (options.host.prefix?.length ?? 0) > 0,
    entries: recording,
    host: () => host,
    killAtStart: () => {
      killing = true
    }
  }
  const layer = PowerShellRepository.layer({
    ...options.host,
    started: (one) => {
      host = one
      print(`host: ${one.edition} ${one.version}, ${one.bits} bits`)
    },
    record: (entry) => {
      recording.push(entry)
      if (!killing || entry.d !== "<" || entry.f["t"] !== "start" || host === undefined) return
      killing = false
      options.kill(host.pid)
    }
  })
  const rows = Effect.forEach(assumptions, ({ id, look, says }) =>
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
  const there: Effect.Effect<Omit<CheckResult, "recording">, WbemError, PutAsync.Stages> = Effect.gen(
    function* () {
      yield* foundation(ground)
      const seen = yield* rows
      const answers = yield* outcomes(ground)
      const own = yield* emulated(ground)
      answers.forEach(({ found, one }, i) => {
        const other = own[i]!.found
        if (found === one.expected && other === one.expected) return
        print(`${one.rule}: ${one.says}: ${found}, documented is ${one.expected}, the emulator says ${other}`)
      })
      return { rows: seen, score: score(answers), emulated: score(own), left: yield* cleared(ground) }
    }
  ).pipe(
    // Whatever happened, nothing of it stays.
    Effect.onExit((exit) => Exit.isSuccess(exit) ? Effect.void : Effect.asVoid(Effect.either(cleared(ground))))
  )
  return Effect.gen(function* () {
    const seen = yield* Effect.provide(there, Wmi.layer(layer))
    print(
      `documented answers: ${seen.score} of ${cases.length} here, ${seen.emulated} of ${cases.length} by the emulator`
    )
    for (const one of seen.left) print(`could not be taken away: ${one}`)
    return { ...seen, recording: recording.slice() }
  })
}

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

/** Answers the exit status: 0 if everything holds, 1 if something does not, 2 if nothing could be looked at. */
export const hostCheck = async (given: CheckCommand): Promise<number> => {
  const id = crypto.randomUUID().replace(/-/g, "").slice(0, 12)
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  const file = given.recording ?? `effect-wmi-host-check-${id}.jsonl`
  const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)
  const fiber = Effect.runFork(Effect.provide(
    check({
      // A secret on a command line could be read by anybody, so it comes through the environment.
      host: hostOptions(given, process.env["EFFECT_WMI_PASSWORD"]),
      namespace: given.namespace,
      id,
      print,
      kill: (pid) => process.kill(pid, "SIGKILL")
    }),
    executor
  ))
  const stop = (): void => fiber.unsafeInterruptAsFork(fiber.id())
  process.once("SIGINT", stop)
  const exit = await Effect.runPromise(Fiber.await(fiber))
  process.off("SIGINT", stop)
  if (Exit.isFailure(exit)) {
    const cause = Cause.squash(exit.cause)
    process.stderr.write(`effect-wmi: ${cause instanceof Error ? cause.message : String(cause)}\n`)
    return 2
  }
  const { emulated: _, left, recording, rows, score: answered } = exit.value
  writeFileSync(file, HostRecording.format(recording))
  print(`recording: ${file}`)
  return rows.some(({ holds }) => holds === false) || left.length > 0 || answered < cases.length ? 1 : 0
}
