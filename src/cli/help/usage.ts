/**
 * The help of the command and its errors of usage, over the objects of commander.
 *
 * @internal
 */
import { type Command, CommanderError, Option } from "commander"
import { nearest } from "../../model/text/nearestName.ts"
import { hasColor, paint, render } from "../terminal/colour.ts"
import { BadInput } from "../terminal/diagnostics.ts"
import { exitStatus } from "../terminal/exitStatus.ts"
import { texts } from "./helpTexts.ts"
import { colorChoices } from "../terminal/settings.ts"

/** The groups of commands in the help, in order. */
const commandGroups: ReadonlyArray<readonly [heading: string, names: ReadonlyArray<string>]> = [
  ["Read and write a namespace:", ["put", "get", "ls", "classes", "rm", "export"]],
  ["Stores:", ["snapshot", "restore", "diff"]],
  ["MOF:", ["check", "amend", "types"]],
  ["Windows:", ["host-check", "host-script"]],
  ["About WMI and the command:", ["explain", "completions", "help"]]
]

/** The groups of options in the help of a command, by the name of an option or its name and value. The other options come first. */
const optionGroups: ReadonlyArray<readonly [heading: string, flags: ReadonlyArray<string>]> = [
  ["Where:", [
    "--store",
    "--world",
    "--host",
    "--prefix",
    "--powershell",
    "--bootstrap <form>",
    "--host-file",
    "--user"
  ]],
  ["Reading MOF:", [
    "--include-path",
    "--no-include",
    "--include-root",
    "--max-includes",
    "--max-include-bytes",
    "--dialect",
    "--strict"
  ]],
  ["Output:", ["--json", "--no-progress", "--color", "--debug", "--help"]]
]

/** The options of every command. A command may describe its own `--json`. */
const outputOptions = (): ReadonlyArray<Option> => [
  new Option("--json", "results and errors as lines of JSON"),
  new Option("--color <when>", "colour of the output").choices([...colorChoices]).default("auto"),
  new Option("--debug", "print the stack of a bug; EFFECT_WMI_DEBUG does the same")
]

/** The commands that print a script and have no form in JSON. */
const scriptPrinters: ReadonlySet<string> = new Set(["host-script", "completions"])

const descriptionOf = (
  { argChoices, defaultValue, defaultValueDescription, description, mandatory }: Option
): string => {
  const facts = [
    ...(argChoices === undefined ? [] : [argChoices.join(", ")]),
    ...(typeof defaultValue === "string" || typeof defaultValue === "number" || defaultValueDescription !== undefined
      ? [`default: ${defaultValueDescription ?? String(defaultValue)}`]
      : []),
    ...(mandatory ? ["required"] : [])
  ]
  return facts.length === 0 ? description : `${description} (${facts.join("; ")})`
}

/** The whole name of a command, such as `effect-wmi put`. */
const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`

const suggestion = /\n?\(Did you mean (.+?)\?\)/

/** The diagnostic of an error of usage. */
const usageError = (error: CommanderError, command: Command): BadInput => {
  const [, meant] = suggestion.exec(error.message) ?? []
  const message = error.message.replace(suggestion, "").replace(/^error: /, "").trim()
  const help = command.parent === null
    ? `'${nameOf(command)} --help' lists the commands`
    : `see '${nameOf(command)} --help'`
  return new BadInput({
    name: "UsageError",
    message,
    hint: meant === undefined ? help : `did you mean ${meant}? ${help}`
  })
}

/**
 * The end of a command line without the name of a command, such as `effect-wmi --json`: the help on standard output. `help NAME` with an
 * unknown name is an error of usage.
 */
const withoutCommand = (program: Command): CommanderError | BadInput => {
  const unknown = program.args.find((word) => word !== "help")
  if (unknown === undefined) {
    program.outputHelp()
    return new CommanderError(exitStatus.done, "commander.helpDisplayed", "(outputHelp)")
  }
  const meant = nearest(program.commands.map((command) => ({ name: command.name() })), unknown)
  const suggested = meant === undefined ? "" : `\n(Did you mean ${meant}?)`
  return usageError(
    new CommanderError(1, "commander.unknownCommand", `unknown command '${unknown}'${suggested}`),
    program
  )
}

/** The exit statuses, for the end of the help. */
const statuses = `Exit status:
  ${exitStatus.done} done; ${exitStatus.refused} refused, different or failed; ${exitStatus.badInput} usage or input that is not valid,
  or a store or computer that fails, in which an earlier part of a put may be stored;
  ${exitStatus.defect} a bug; 130 interrupted; ${exitStatus.closedPipe} standard output was closed before the end
`

/** Sets what every command inherits when it is made. Call it before the commands are added. */
export const configure = (program: Command): Command =>
  program
    .enablePositionalOptions()
    .configureHelp({
      showGlobalOptions: false,
      optionDescription: descriptionOf,
      styleTitle: (text) => render([paint("heading", text)], hasColor("stdout"))
    })
    .configureOutput({ outputError: () => {}, writeErr: () => {}, getOutHasColors: () => hasColor("stdout") })

/** Puts the options of a command in the order of the groups. */
const groupOptions = (command: Command): void => {
  const groupOf = ({ flags: withValue, long }: Option): number =>
    optionGroups.findIndex(([, flags]) => flags.includes(long ?? "") || flags.includes(withValue))
  for (const option of command.options) {
    const heading = optionGroups[groupOf(option)]?.[0]
    if (heading !== undefined) option.helpGroup(heading)
  }
  const options = command.options as Array<Option>
  options.sort((a, b) => groupOf(a) - groupOf(b))
}

/** Adds the options of every command, the groups of the help, the examples and the errors of usage. Call it after the commands are added. */
export const complete = (program: Command): Command => {
  for (const command of [program, ...program.commands]) {
    for (const option of outputOptions()) {
      if (option.long === "--json" && scriptPrinters.has(command.name())) continue
      if (!command.options.some(({ long }) => long === option.long)) command.addOption(option)
    }
    groupOptions(command)
    command.addHelpOption(new Option("-h, --help", "show this help").helpGroup("Output:"))
    command.exitOverride((error) => {
      if (error.exitCode === 0) throw error
      throw error.code === "commander.help" ? withoutCommand(command) : usageError(error, command)
    })
  }
  for (const command of program.commands) {
    const heading = commandGroups.find(([, names]) => names.includes(command.name()))?.[0]
    if (heading !== undefined) command.helpGroup(heading)
    const { examples = [], summary } = texts[command.name()] ?? {}
    if (summary !== undefined) command.summary(summary)
    if (examples.length > 0) {
      command.addHelpText(
        "after",
        `\nExamples:\n${examples.map((line) => `  ${line}\n`).join("")}`
      )
    }
  }
  program.addHelpText("after", `\n${statuses}`)
  program.commandsGroup("About WMI and the command:").helpCommand("help [command]", "the help of a command")
  // The options before the name of a command hold for it too.
  program.hook("preAction", (_, command) => {
    for (const name of ["json", "color", "debug"]) {
      if (program.getOptionValueSource(name) === "cli" && command.getOptionValueSource(name) !== "cli") {
        command.setOptionValue(name, program.getOptionValue(name))
      }
    }
  })
  return program
}

/** Whether an error of commander is the end of `--help` or `--version`. */
export const isEndOfHelp = (error: unknown): boolean => error instanceof CommanderError && error.exitCode === 0
