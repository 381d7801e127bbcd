/**
 * The words that a shell can complete, from the objects of commander: commands, options, choices, and where a file belongs.
 *
 * @internal
 */
import type { Argument, Command, Option } from "commander"

/** What completes a value: files, folders, fixed words, or nothing. */
export type Value =
  | { readonly _tag: "Files" | "Folders" | "None" }
  | { readonly _tag: "Words"; readonly words: ReadonlyArray<string> }

/** An option. */
export interface OptionWords {
  /** `-o` and `--out`. */
  readonly names: ReadonlyArray<string>
  readonly description: string
  /** Absent for an option without a value. */
  readonly value?: Value
  /** Whether it may be given again. */
  readonly isRepeated: boolean
}

/** A command. */
export interface CommandWords {
  readonly name: string
  readonly description: string
  readonly options: ReadonlyArray<OptionWords>
  /** What completes its arguments. */
  readonly argument: Value
}

/** The program. */
export interface ProgramWords {
  readonly name: string
  readonly options: ReadonlyArray<OptionWords>
  readonly commands: ReadonlyArray<CommandWords>
}

/** The names of values that are files. */
const fileNames: ReadonlySet<string> = new Set(["file", "cases", "before", "after"])

const valueOf = (name: string, choices: ReadonlyArray<string> | undefined): Value => {
  if (choices !== undefined) return { _tag: "Words", words: choices }
  if (name === "folder") return { _tag: "Folders" }
  return { _tag: fileNames.has(name) ? "Files" : "None" }
}

const optionWords = (
  { argChoices, defaultValue, description, flags, long, optional, required, short }: Option
): OptionWords => ({
  names: [short, long].filter((name) => name !== undefined),
  description,
  isRepeated: Array.isArray(defaultValue),
  ...(required || optional ? { value: valueOf(/[<[]([^\]>.]+)/.exec(flags)?.[1] ?? "", argChoices) } : {})
})

const argumentWords = ([first]: ReadonlyArray<Argument>): Value =>
  first === undefined ? { _tag: "None" } : valueOf(first.name(), first.argChoices)

/** The words of a program. */
export const wordsOf = (program: Command): ProgramWords => {
  const help = program.createHelp()
  const commands = help.visibleCommands(program)
  const names = commands.map((command) => command.name())
  return {
    name: program.name(),
    options: help.visibleOptions(program).map(optionWords),
    commands: commands.map((command) => ({
      name: command.name(),
      description: help.subcommandDescription(command),
      options: command.name() === "help" ? [] : help.visibleOptions(command).map(optionWords),
      argument: command.name() === "help" ? { _tag: "Words", words: names } : argumentWords(command.registeredArguments)
    }))
  }
}
