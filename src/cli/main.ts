#!/usr/bin/env node
/**
 * The command `effect-wmi` as a process: its streams and its exit status. `program.ts` has the commands.
 *
 * @internal
 */
import { runCommandLine, statusOfError } from "./commandLine.ts"
import { setSettings, settingsOf } from "./terminal/settings.ts"
import { dropSqliteWarning, handleClosedPipes } from "./terminal/streams.ts"

/** The commands that run to their end when the reader of their output goes away. */
const changing: ReadonlySet<string> = new Set(["put", "rm", "restore", "amend", "host-check"])

/** The name of the command that runs. */
let running = ""

const words = process.argv.slice(2)
setSettings(settingsOf(words, process.env))
dropSqliteWarning()
handleClosedPipes(() => changing.has(running))

process.on("uncaughtException", (error) => {
  process.exitCode = statusOfError(error)
})
void runCommandLine(words, (name) => {
  running = name
}).then((status) => {
  process.exitCode = status
})
