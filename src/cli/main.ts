#!/usr/bin/env node
/**
 * The command `effect-wmi` as a process: its streams and its exit status. `program.ts` has the commands.
 *
 * @internal
 */
import { ordered, programOf } from "./program.ts"
import type { WithStatus } from "./register.ts"
import { setSettings, settingsOf } from "./terminal/settings.ts"
import { exitStatus } from "./terminal/exitStatus.ts"
import { dropSqliteWarning, handleClosedPipes, reportError } from "./terminal/streams.ts"
import { isEndOfHelp } from "./help/usage.ts"

/** The commands that run to their end when the reader of their output goes away. */
const changing: ReadonlySet<string> = new Set(["put", "rm", "restore", "amend", "host-check"])

/** The name of the command that runs. */
let running = ""

const run = async (words: ReadonlyArray<string>): Promise<number> => {
  let status: number = exitStatus.done
  const withStatus: WithStatus = (action) => async (...values) => {
    status = await action(...values)
  }
  const program = programOf(withStatus).hook("preAction", (_, command) => void (running = command.name()))
  if (words.length === 0) program.outputHelp()
  else await program.parseAsync(ordered(words), { from: "user" })
  return status
}

const words = process.argv.slice(2)
setSettings(settingsOf(words, process.env))
dropSqliteWarning()
handleClosedPipes(() => changing.has(running))

const end = (error: unknown): void => {
  process.exitCode = isEndOfHelp(error) ? exitStatus.done : reportError(error)
}
process.on("uncaughtException", end)
run(words).then((status) => {
  process.exitCode = status
}, end)
