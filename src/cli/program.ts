/**
 * The program of the command: every command with its options, its help and its errors of usage. It is made without running anything, so
 * that completions and tests read it too.
 *
 * @internal
 */
import { Command } from "commander"
import packageJson from "../../package.json" with { type: "json" }
import * as amend from "./commands/amend.ts"
import * as check from "./commands/check.ts"
import * as classes from "./commands/classes.ts"
import * as completions from "./commands/completions.ts"
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
import { complete, configure } from "./help/usage.ts"

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

/** The program. `withStatus` gets the action of each command. */
export const programOf = (withStatus: WithStatus): Command => {
  const program = configure(new Command("effect-wmi"))
    .description(
      "WMI's PutAsync on the command line: put MOF and JSON into an emulated namespace or a Windows computer."
    )
    .version(packageJson.version, "-V, --version", "print the version")
  for (const { register } of commands) register(program, withStatus)
  return complete(program)
}

/**
 * The words of a command line in the order that commander needs: a negative number is an argument of `explain` and not an option, so it
 * goes behind `--`.
 */
export const ordered = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (!words.includes("explain") || words.includes("--")) return words
  const isNumber = (word: string, i: number): boolean =>
    /^-\d+$/.test(word) && !/^--(?:flags|path)$/.test(words[i - 1] ?? "")
  const numbers = words.filter(isNumber)
  return numbers.length === 0 ? words : [...words.filter((word, i) => !isNumber(word, i)), "--", ...numbers]
}
