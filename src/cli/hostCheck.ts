/**
 * `effect-wmi host-check`: checks a real computer and writes a recording of all frames between library and host.
 *
 * @internal
 */
import { writeFileSync } from "node:fs"
import * as NodeCommandExecutor from "@effect/platform-node-shared/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node-shared/NodeFileSystem"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as HostRecording from "../windows/HostRecording.ts"
import type * as PowerShellRepository from "../windows/PowerShellRepository.ts"
import { check, statusOf } from "../conformance/windows/hostCheck.ts"
import type { Json } from "../conformance/vocabulary.ts"
import { CaseFileError, casesOf } from "../conformance/windows/hostCases.ts"
import { bytesOf } from "./input.ts"
import { BadInput, print, printErrors, reasonOf } from "./output.ts"

/** The arguments and options of the command. */
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

/** Splits a text into words as a shell does, with quotes and without expansion. */
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

/** The texts of the public cases, which the build inserts. */
declare const PUBLIC_CASES: ReadonlyArray<string>

const publicCases = (): ReadonlyArray<Json> => PUBLIC_CASES.flatMap((text) => casesOf(text, "the public cases"))

const read = (text: string, file: string): ReadonlyArray<Json> => {
  try {
    return casesOf(text, file)
  } catch (error) {
    throw error instanceof CaseFileError ? new BadInput(error.message) : error
  }
}

/** Returns the exit status: 0 if everything passed, 1 if something failed, 2 if the check could not run. */
export const hostCheck = async (given: CheckCommand): Promise<number> => {
  const id = crypto.randomUUID().replace(/-/g, "").slice(0, 12)
  const file = given.recording ?? `effect-wmi-host-check-${id}.jsonl`
  const cases = given.cases.length === 0
    ? publicCases()
    : (await Promise.all(given.cases.map(async (name) => read(new TextDecoder().decode(await bytesOf(name)), name))))
      .flat()
  const recording: Array<HostRecording.Entry> = []
  const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)
  const fiber = Effect.runFork(Effect.provide(
    check({
      // Other users could read a secret on the command line, so it comes from the environment.
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
  // The first signal ends the check and cleans up; a second one ends the process at once.
  for (const signal of signals) process.once(signal, stop)
  const exit = await Effect.runPromise(Fiber.await(fiber))
  for (const signal of signals) process.off(signal, stop)
  if (recording.length > 0) {
    writeFileSync(file, HostRecording.format(recording))
    print(`recording: ${file}`)
  }
  if (Exit.isFailure(exit)) {
    const reason = Cause.isInterruptedOnly(exit.cause) ? "interrupted" : reasonOf(Cause.squash(exit.cause))
    printErrors([`effect-wmi: ${reason}`])
    return 2
  }
  return statusOf(exit.value)
}
