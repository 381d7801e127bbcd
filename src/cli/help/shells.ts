/**
 * The completions as scripts of four shells. A script holds all words, so that a TAB starts no process of the command.
 *
 * @internal
 */
import type { CommandWords, OptionWords, ProgramWords, Value } from "./completionWords.ts"

/** The shells. */
export type Shell = "bash" | "zsh" | "fish" | "powershell"

/** A name that every shell takes as the name of a function. */
const functionOf = ({ name }: ProgramWords): string => `_${name.replaceAll("-", "_")}`

const namesOf = (options: ReadonlyArray<OptionWords>): ReadonlyArray<string> => options.flatMap(({ names }) => names)

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The statement of bash that completes a value. */
const bashValue = (value: Value): string => {
  switch (value._tag) {
    case "Files":
      return "_files=f"
    case "Folders":
      return "_files=d"
    case "None":
      return "return"
    case "Words":
      return `words=${quoted(value.words.join(" "))}`
  }
}

const bashCommand = ({ argument, name, options }: CommandWords): string => {
  const rows = options.flatMap(({ names, value }) =>
    value === undefined ? [] : [`        ${names.join("|")}) ${bashValue(value)} ;;`]
  )
  const words = namesOf(options).join(" ")
  return `    ${name})
      case "$prev" in
${rows.map((row) => `${row}\n`).join("")}        *) if [[ $cur == -* ]]; then words=${quoted(words)}; else ${
    bashValue(argument)
  }; fi ;;
      esac ;;`
}

const bash = (program: ProgramWords): string => {
  const { commands, name, options } = program
  const names = commands.map((command) => command.name)
  const top: CommandWords = {
    name: '""',
    description: "",
    options,
    argument: { _tag: "Words", words: names }
  }
  return `# Completions of ${name} for bash. Written by '${name} completions bash'.
${functionOf(program)}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command="" words="" _files="" i
  if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${names.join("|")}) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case "$command" in
${[top, ...commands].map(bashCommand).join("\n")}
  esac
  local IFS=$'\\n'
  if [[ -n $_files ]]; then
    compopt -o filenames 2> /dev/null
    COMPREPLY=($(compgen -"$_files" -- "$cur"))
  else
    IFS=$' \\t\\n' COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -F ${functionOf(program)} ${name}
`
}

/** Text inside single quotes of \`_arguments\`: brackets and colons are escaped. */
const zshText = (text: string): string => text.replace(/[\\[\]:]/g, "\\$&").replaceAll("'", `'\\''`)

const zshAction = (value: Value): string => {
  switch (value._tag) {
    case "Files":
      return "_files"
    case "Folders":
      return "_files -/"
    case "None":
      return " "
    case "Words":
      return `(${value.words.join(" ")})`
  }
}

const zshOption = ({ description, isRepeated, names, value }: OptionWords): string => {
  const suffix = `[${zshText(description)}]${value === undefined ? "" : `:value:${zshAction(value)}`}`
  const [only] = names
  if (names.length === 1) return `'${isRepeated ? "*" : ""}${only}${suffix}'`
  return isRepeated
    ? names.map((name) => `'*${name}${suffix}'`).join(" ")
    : `'(${names.join(" ")})'{${names.join(",")}}'${suffix}'`
}

const zshArguments = (options: ReadonlyArray<OptionWords>, rest: ReadonlyArray<string>, indent: string): string =>
  [...options.map(zshOption), ...rest].map((row) => ` \\\n${indent}${row}`).join("")

const zsh = (program: ProgramWords): string => {
  const { commands, name, options } = program
  const rows = commands.map(({ argument, name, options }) =>
    `        ${name}) _arguments${
      zshArguments(options, argument._tag === "None" ? [] : [`'*:argument:${zshAction(argument)}'`], "          ")
    } ;;`
  )
  const described = commands.map(({ description, name }) => `        '${name}:${zshText(description)}'`)
  return `#compdef ${name}
# Completions of ${name} for zsh. Written by '${name} completions zsh'.
${functionOf(program)}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C${zshArguments(options, ["'1: :->command'", "'*:: :->words'"], "    ")}
  case $state in
    command)
      local -a commands=(
${described.join("\n")}
      )
      _describe -t commands command commands ;;
    words)
      case $line[1] in
${rows.join("\n")}
      esac ;;
  esac
}
if [ "$funcstack[1]" = "${functionOf(program)}" ]; then ${functionOf(program)} "$@"; else compdef ${
    functionOf(program)
  } ${name}; fi
`
}

const fishText = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`

const fishValue = (value: Value): string => {
  switch (value._tag) {
    case "Files":
      return " -r -F"
    case "Folders":
      return " -x -a '(__fish_complete_directories)'"
    case "None":
      return " -x"
    case "Words":
      return ` -x -a ${fishText(value.words.join(" "))}`
  }
}

const fishOption = ({ description, names, value }: OptionWords): string =>
  `${names.map((name) => name.startsWith("--") ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`).join("")}${
    value === undefined ? "" : fishValue(value)
  } -d ${fishText(description)}`

const fish = ({ commands, name, options }: ProgramWords): string => {
  const start = `complete -c ${name}`
  const lines = [
    `# Completions of ${name} for fish. Written by '${name} completions fish'.`,
    `${start} -f`,
    ...options.map((option) => `${start} -n __fish_use_subcommand${fishOption(option)}`),
    ...commands.flatMap((command) => {
      const seen = `${start} -n '__fish_seen_subcommand_from ${command.name}'`
      const { argument } = command
      return [
        `${start} -n __fish_use_subcommand -a ${command.name} -d ${fishText(command.description)}`,
        ...command.options.map((option) => `${seen}${fishOption(option)}`),
        ...(argument._tag === "Files"
          ? [`${seen} -F`]
          : argument._tag === "Words"
          ? [`${seen} -a ${fishText(argument.words.join(" "))}`]
          : [])
      ]
    })
  ]
  return `${lines.join("\n")}\n`
}

const powershellText = (text: string): string => `'${text.replaceAll("'", "''")}'`

const powershellOption = ({ description, names, value }: OptionWords): ReadonlyArray<string> =>
  names.map((name) => {
    const words = value?._tag === "Words" ? value.words.map(powershellText).join(", ") : ""
    return `    @{ Name = ${powershellText(name)}; Text = ${powershellText(description)}; Value = $${
      value !== undefined
    }; Words = @(${words}) }`
  })

const powershellCommand = ({ argument, description, name, options }: CommandWords): string => {
  const words = argument._tag === "Words" ? argument.words.map(powershellText).join(", ") : ""
  return `  @{ Name = ${powershellText(name)}; Text = ${powershellText(description)}; Words = @(${words}); Options = @(
${options.flatMap(powershellOption).join("\n")}
  ) }`
}

const powershell = (program: ProgramWords): string => {
  const { commands, name, options } = program
  const top: CommandWords = { name: "", description: "", options, argument: { _tag: "None" } }
  return `# Completions of ${name} for PowerShell. Written by '${name} completions powershell'.
Register-ArgumentCompleter -Native -CommandName ${powershellText(name)} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @(
${[top, ...commands].map(powershellCommand).join("\n")}
  )
  # The words before the one that is completed. None of them completes files: PowerShell does that where nothing is returned.
  $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
  $command = $commands[0]
  for ($i = 1; $i -lt $before.Count; $i++) {
    $found = $commands | Where-Object { $_.Name -ne '' -and $_.Name -eq $before[$i] }
    if ($found) { $command = $found; break }
  }
  $previous = $command.Options | Where-Object { $_.Name -ceq $before[-1] -and $_.Value }
  $results = if ($previous) { $previous.Words | ForEach-Object { @{ Name = $_; Text = $_ } } }
    elseif ($wordToComplete -like '-*') { $command.Options }
    elseif ($command.Name -eq '') { $commands | Where-Object { $_.Name -ne '' } }
    else { $command.Words | ForEach-Object { @{ Name = $_; Text = $_ } } }
  $results | Where-Object { $_.Name -clike "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_.Name, $_.Name, 'ParameterValue', $_.Text)
  }
}
`
}

/** The script of each shell. */
export const scripts: Readonly<Record<Shell, (program: ProgramWords) => string>> = { bash, zsh, fish, powershell }
