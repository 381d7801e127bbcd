/**
 * `effect-wmi amend`: splits MOF into a neutral and a localised file, as mofcomp does under `-AMENDMENT` (`mof` 8).
 *
 * @internal
 */
import { reading, type Register } from "../register.ts"
import { defaultNamespace } from "../../model/limits.ts"
import * as Either from "effect/Either"
import * as Mof from "../../mof/Mof.ts"
import { bytesOf, fileOf, mofFiles, type MofReadOptions, reader } from "../input/input.ts"
import { filesOnly, namespaceOf } from "../place/target.ts"
import { checkOutputs } from "../terminal/checkOutput.ts"
import { fromMof } from "../terminal/diagnostics.ts"
import { BadInput, printResult } from "../terminal/output.ts"
import { isStandardOutput, writeFile } from "../terminal/writeFile.ts"

/** The options of the command. */
interface AmendOptions extends MofReadOptions {
  readonly mof: string
  readonly mfl: string
  readonly amendment?: string | undefined
  readonly namespace: string
}

/** Returns the exit status. Writes nothing if the file has errors. */
const amend = async (argument: string, options: AmendOptions): Promise<number> => {
  const file = fileOf(argument, mofFiles)
  const { amendment } = options
  const namespace = namespaceOf(options.namespace, filesOnly)
  const inputs = new Set([file])
  const mofReader = reader(file, { ...options, included: (name) => inputs.add(name) })
  const halves = Mof.split(await bytesOf(file), { ...mofReader, namespace, amendment })
  if (Either.isLeft(halves)) {
    throw new BadInput(
      halves.left.map((fault) => "found" in fault ? fromMof(fault) : { file, message: fault.message, name: fault._tag })
    )
  }
  checkOutputs([options.mof, options.mfl], { inputs })
  await writeFile(options.mof, [halves.right.neutral])
  await writeFile(options.mfl, [halves.right.localized])
  if ([options.mof, options.mfl].some(isStandardOutput)) return 0
  const { locale } = halves.right
  printResult(`${options.mof}, ${options.mfl} (${locale})`, { mof: options.mof, mfl: options.mfl, locale })
  return 0
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  reading(program.command("amend"))
    .description(
      "split MOF into a neutral file and one with the text of a locale, as mofcomp -AMENDMENT does; put nothing"
    )
    .argument("<file>")
    .requiredOption("--mof <file>", "the file for the neutral half")
    .requiredOption("--mfl <file>", "the file for the localised half")
    .option("--amendment <locale>", "the locale, such as MS_409, of a file that has no #pragma amendment")
    .option("--namespace <path>", "where objects go before a #pragma namespace", defaultNamespace)
    .action(withStatus((file: string, options: AmendOptions) => amend(file, options)))
}
