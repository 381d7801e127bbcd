#!/usr/bin/env node
/**
 * The command `effect-wmi`: its program and its exit status. Each file of `commands/` adds one command or a family of them.
 *
 * @internal
 */
import { Command } from "commander"
import packageJson from "../../package.json" with { type: "json" }
import * as amend from "./commands/amend.ts"
import * as check from "./commands/check.ts"
import * as classes from "./commands/classes.ts"
import * as diff from "./commands/diff.ts"
import * as completions from "./commands/completions.ts"
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
import { setSettings, settingsOf } from "./terminal/settings.ts"
import { dropSqliteWarning, exitStatus, handleClosedPipes, reportError } from "./terminal/streams.ts"
import { complete, configure, isEndOfHelp } from "./terminal/usage.ts"

/** The families of commands in the order of the help. */
const commands = [
  put,
  get,
  ls,
  classes,
  rm,
  exportCommand,
  dumps,
  diff,
  check,
  amend,
  types,
  hostCheck,
  hostScript,
  explain,
  completions
]

/** The commands that run to their end when the reader of their output goes away. */
const changing: ReadonlySet<string> = new Set(["put", "rm", "restore", "amend", "host-check"])

/**
 * The words of the command line in the order that commander needs: a negative number is an argument of `explain` and not an option, so
 * it goes behind `--`.
 */
const ordered = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (!words.includes("explain") || words.includes("--")) return words
  const isNumber = (word: string, i: number): boolean =>
    /^-\d+$/.test(word) && !/^--(?:flags|path)$/.test(words[i - 1] ?? "")
  const numbers = words.filter(isNumber)
  return numbers.length === 0 ? words : [...words.filter((word, i) => !isNumber(word, i)), "--", ...numbers]
}

/** The name of the command that runs. */
let running = ""

const run = async (given: ReadonlyArray<string>): Promise<number> => {
  let status: number = exitStatus.done
  const withStatus: WithStatus = (action) => async (...values) => {
    status = await action(...values)
  }
  const program = configure(new Command("effect-wmi"))
    .description(
      "WMI's PutAsync on the command line: put MOF and JSON into an emulated namespace or a Windows computer."
    )
    .version(packageJson.version, "-V, --version", "print the version")
  for (const { register } of commands) register(program, withStatus)
  complete(program).hook("preAction", (_, command) => void (running = command.name()))
  if (given.length === 0) {
    program.outputHelp()
    return exitStatus.done
  }
  await program.parseAsync(ordered(given), { from: "user" })
  return status
}

const given = process.argv.slice(2)
setSettings(settingsOf(given, process.env))
dropSqliteWarning()
handleClosedPipes(() => changing.has(running))

const end = (error: unknown): void => {
  process.exitCode = isEndOfHelp(error) ? exitStatus.done : reportError(error)
}
process.on("uncaughtException", end)
run(given).then((status) => {
  process.exitCode = status
}, end)
