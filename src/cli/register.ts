/**
 * What a file of `commands/` needs to add its command to the program.
 *
 * @internal
 */
import { type Command, InvalidArgumentError, Option } from "commander"

/** Wraps the action of a command, so that the number it returns becomes the exit status of the process. */
export type WithStatus = <Arguments extends ReadonlyArray<unknown>>(
  action: (...given: Arguments) => number | Promise<number>
) => (...given: Arguments) => Promise<void>

/** Adds a command to the program. */
export type Register = (program: Command, withStatus: WithStatus) => void

/** Reads a whole number. */
export const whole = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a whole number is needed")
  return Number(text)
}

/** Collects the values of an option that may be given again. */
export const added = (value: string, values: ReadonlyArray<string>): ReadonlyArray<string> => [...values, value]

/** Adds the options of every command that reads MOF. */
export const reading = (command: Command): Command =>
  command
    .addOption(
      new Option("-I, --include-path <folder>", "look for included files here too, after the including file's folder")
        .argParser(added).default([], "none")
    )
    .option("--no-include", "open no included file: for MOF of others")
    .option("--include-root <folder>", "open included files only below this folder or one of -I: for MOF of others")
    .option("--max-includes <n>", "most files that a file may include, 1000 by default", whole)
    .option("--max-include-bytes <n>", "most bytes that these may have together, 67108864 by default", whole)
    .addOption(
      new Option("--dialect <name>", "mof, or dsc for documents of PowerShell DSC").choices(["mof", "dsc"]).default(
        "mof"
      )
    )
