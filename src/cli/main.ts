#!/usr/bin/env node
/**
 * The command `effect-wmi`.
 *
 * @internal
 */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander"
import packageJson from "../../package.json" with { type: "json" }
import { defaultNamespace } from "../model/limits.ts"
import { amend, type AmendOptions } from "./amend.ts"
import { check, type CheckCommandOptions } from "./check.ts"
import { diff, restore, snapshot } from "./dumps.ts"
import { explain, type ExplainOptions } from "./explain.ts"
import { type CheckCommand, hostCheck } from "./hostCheck.ts"
import { script, type ScriptOptions } from "./hostScript.ts"
import { BadInput, printErrors } from "./output.ts"
import { put, type PutCommandOptions } from "./put.ts"
import { types, type TypesOptions } from "./types.ts"

const whole = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a whole number is needed")
  return Number(text)
}

const added = (folder: string, folders: ReadonlyArray<string>): ReadonlyArray<string> => [...folders, folder]

/** Adds the options of every command that reads MOF. */
const reading = (command: Command): Command =>
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

/** A negative number, which `explain` takes as an argument and not as an option. */
const negativeNumber = /^-\d+$/

const run = async (): Promise<number> => {
  let status = 0
  const program = new Command("effect-wmi")
    .description("WMI's PutAsync on the command line: put MOF and JSON lines into an emulated namespace.")
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError()
    .configureOutput({ writeErr: (text) => printErrors(text.replace(/\n$/, "").split("\n")) })
  reading(program.command("put"))
    .description("put every object of some files; - is standard input, .gz is unpacked, JSON lines are recognised")
    .argument("<file...>")
    .option("--store <file>", "keep everything in this SQLite file; without it nothing outlives the run")
    .option("--namespace <path>", "where objects go before a #pragma namespace; made if missing", defaultNamespace)
    .option("--class-flags <names>", "flags of classes, such as UpdateSafe or CreateOnly,UpdateForce")
    .option("--instance-flags <names>", "flags of instances, such as CreateOnly")
    .option("--flags <word>", "flags of both as a number; instances get no update modes")
    .option("--create-namespaces", "make the namespaces that a file names and that are missing")
    .option("--removed", "list the objects that puts removed")
    .option("--dry-run", "decide everything and keep nothing")
    .option("--stop-on-error", "end at the first refusal, as mofcomp does")
    .option("--expect-refused <n>", "the number of refusals that is no failure", whole, 0)
    .option("--json", "one line of JSON for each refusal and one for the summary")
    .action(async (files: ReadonlyArray<string>, options: PutCommandOptions) => {
      status = await put(files, options)
    })
  program.command("snapshot")
    .description("write everything that a store holds to a dump; - is standard output, a name with .gz is packed")
    .argument("<file>")
    .requiredOption("--store <file>", "the SQLite file")
    .action(async (file: string, options: { readonly store: string }) => {
      status = await snapshot(file, options)
    })
  program.command("restore")
    .description("put everything in a store back to what a dump holds; - is standard input")
    .argument("<file>")
    .requiredOption("--store <file>", "the SQLite file; made if missing")
    .action(async (file: string, options: { readonly store: string }) => {
      status = await restore(file, options)
    })
  program.command("diff")
    .description("what was created, changed and removed between two stores or dumps; status 1 if anything was")
    .argument("<before>")
    .argument("<after>")
    .option("--json", "one line of JSON for each object and one for the summary")
    .action(async (before: string, after: string, options: { readonly json?: boolean }) => {
      status = await diff([before, after], options)
    })
  reading(program.command("check"))
    .description("read MOF, say what stands in it, put nothing")
    .argument("<file...>")
    .option("--json", "one line of JSON for each file")
    .action(async (files: ReadonlyArray<string>, options: CheckCommandOptions) => {
      status = await check(files, options)
    })
  reading(program.command("amend"))
    .description(
      "split MOF into a neutral file and one with the text of a locale, as mofcomp -AMENDMENT does; put nothing"
    )
    .argument("<file>")
    .requiredOption("--mof <file>", "where the neutral half goes")
    .requiredOption("--mfl <file>", "where the localised half goes")
    .option("--amendment <locale>", "the locale, such as MS_409, of a file that has no #pragma amendment")
    .option("--namespace <path>", "where objects go before a #pragma namespace", defaultNamespace)
    .action(async (file: string, options: AmendOptions) => {
      status = await amend(file, options)
    })
  reading(program.command("types"))
    .description("write the TypeScript module of the classes of some files, for effect-wmi/WmiClass")
    .argument("<file...>")
    .option("-o, --out <file>", "where the module goes; without it to standard output")
    .option(
      "--namespace <path>",
      "where classes are before a #pragma namespace; only its classes are written, with this namespace in them"
    )
    .addOption(
      new Option("--class <name>", "only this class and those above it; may be given again").argParser(added).default(
        [],
        "all"
      )
    )
    .option("--full", "with qualifiers and methods, so that the classes can be registered as they are in the files")
    .option("--from <module>", "the module of WmiClass", "effect-wmi/WmiClass")
    .action(async (files: ReadonlyArray<string>, options: TypesOptions) => {
      status = await types(files, options)
    })
  program.command("explain")
    .description("what a rule, a status, a flag word or a path means")
    .argument("[what...]", "CS-15, class-update 2.12 or qualifiers 3; 0x80041026, -2147217370 or ClassHasInstances")
    .option("--rules", "list the ids of all rules and the sections of their pages")
    .option("--flags <word>", "a flag word")
    .option("--path <text>", "an object path")
    .action((what: ReadonlyArray<string>, options: ExplainOptions) => {
      status = explain(what, options)
    })
  program.command("host-script")
    .description("print the script that a PowerShell host runs")
    .option("--file", "as a file to review, sign and install")
    .option("--core", "everything but the lines that touch COM")
    .option("--prelude", "the lines that touch COM")
    .option("--bootstrap", "the line that reads the script from standard input")
    .action((options: ScriptOptions) => {
      status = script(options)
    })
  program.command("host-check")
    .description(
      "look on a Windows computer whether what the host takes for granted is so, and ask it the public cases of a put; "
        + "EFFECT_WMI_PASSWORD holds a secret"
    )
    .argument("[cases...]", "files of cases in place of the public ones")
    .option(
      "--prefix <words>",
      'what carries the command to another computer, such as "ssh -T -o BatchMode=yes ops@win01"'
    )
    .option("--powershell <command>", "which PowerShell")
    .addOption(new Option("--bootstrap <form>", "how the script gets there").choices(["auto", "plain", "encoded"]))
    .option("--file <path>", "the script is there already, as this file")
    .option("--server <name>", "the computer to connect to from there")
    .option("--user <name>", "as whom")
    .option("--namespace <path>", "where the check makes a namespace of its own for a while", "root\\default")
    .option("--recording <file>", "where the recording goes")
    .action(async (cases: ReadonlyArray<string>, options: Omit<CheckCommand, "cases">) => {
      status = await hostCheck({ ...options, cases })
    })
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
  const lines = error instanceof BadInput
    ? error.lines
    : (error instanceof Error ? error.stack ?? error.message : String(error)).split("\n")
  printErrors(lines.map((line, i) => i === 0 ? `effect-wmi: ${line}` : line))
  process.exitCode = error instanceof BadInput ? 2 : 1
})
