#!/usr/bin/env node
/**
 * The command `effect-wmi`: its program, its exit status and its errors. Each file of `commands/` adds one command or a family of them.
 *
 * @internal
 */
import { Command, CommanderError } from "commander"
import packageJson from "../../package.json" with { type: "json" }
import * as amend from "./commands/amend.ts"
import * as check from "./commands/check.ts"
import * as classes from "./commands/classes.ts"
import * as diff from "./commands/diff.ts"
import * as dumps from "./commands/dumps.ts"
import * as explain from "./commands/explain.ts"
import * as exportCommand from "./commands/export.ts"
import * as get from "./commands/get.ts"
import * as hostCheck from "./commands/hostCheck.ts"
import * as hostScript from "./commands/hostScript.ts"
import * as ls from "./commands/ls.ts"
import * as put from "./commands/put.ts"
import * as rm from "./commands/rm.ts"
import * as types from "./commands/types.ts"
import type { WithStatus } from "./register.ts"
import { BadInput, printDiagnostics, printErrors } from "./terminal/output.ts"

/** The families of commands in the order of the help. */
const commands = [
  put,
  get,
  ls,
  classes,
  rm,
  exportCommand,
  diff,
  dumps,
  check,
  amend,
  types,
  explain,
  hostScript,
  hostCheck
]

/** A negative number, which `explain` takes as an argument and not as an option. */
const negativeNumber = /^-\d+$/

const run = async (): Promise<number> => {
  let status = 0
  const withStatus: WithStatus = (action) => async (...given) => {
    status = await action(...given)
  }
  const program = new Command("effect-wmi")
    .description("WMI's PutAsync on the command line: put MOF and JSON lines into an emulated namespace.")
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError()
    .configureOutput({ writeErr: (text) => printErrors(text.replace(/\n$/, "").split("\n")) })
  for (const { register } of commands) register(program, withStatus)
  const given = process.argv.slice(2)
  const isNumber = given[0] === "explain" && given[1] !== undefined && negativeNumber.test(given[1])
  await program.parseAsync(isNumber ? [given[0]!, "--", ...given.slice(1)] : given, { from: "user" })
  return status
}

// If the reader of a pipe closes it, as `head` does, the remaining lines are dropped and the command runs to its end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error
  })
}

run().then((status) => {
  process.exitCode = status
}, (error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2
    return
  }
  if (error instanceof BadInput) {
    printDiagnostics(error.diagnostics)
    process.exitCode = 2
    return
  }
  const lines = (error instanceof Error ? error.stack ?? error.message : String(error)).split("\n")
  printErrors(lines.map((line, i) => i === 0 ? `effect-wmi: ${line}` : line))
  process.exitCode = 1
})
