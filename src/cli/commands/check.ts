/**
 * `effect-wmi check`: reads MOF files and reports their content and errors, without putting anything.
 *
 * @internal
 */
import { reading, type Register } from "../register.ts"
import * as Mof from "../../mof/Mof.ts"
import { bytesOf, filesOf, KnownClasses, mof, mofFiles, type MofReadOptions } from "../input/input.ts"
import { print, printJson } from "../terminal/output.ts"

/** The options of the command. */
export interface CheckCommandOptions extends MofReadOptions {
  readonly json?: boolean | undefined
}

/** Returns the exit status: 0 if no file has errors, otherwise 2. */
export const check = async (
  files: ReadonlyArray<string>,
  options: CheckCommandOptions
): Promise<number> => {
  let bad = 0
  const known = new KnownClasses()
  for (const file of filesOf(files, mofFiles)) {
    const result = mof(file, await bytesOf(file), options, known)
    known.add([...Mof.operations(result)])
    const { counts, encoding, errors, pragmas } = result
    // A check reads no namespace, which may have the class (`mof` 9.4). So this is a warning.
    const unknown = result.items.flatMap((item) =>
      item._tag === "Refused"
        ? [{ ...item.error, message: `${item.error.found}; a put needs a namespace that has it` }]
        : []
    )
    const warnings = [...result.warnings, ...unknown]
    if (errors.length > 0) bad++
    if (options.json === true) {
      const faults = errors.map(({ code, column, line, message }) => ({
        line,
        column,
        code: `0x${code.toString(16).toUpperCase()}`,
        message
      }))
      printJson({
        file,
        encoding,
        ...counts,
        pragmas,
        errors: faults,
        warnings: warnings.map(({ column, line, message }) => ({ line, column, message }))
      })
      continue
    }
    for (const error of errors) print(error.message)
    for (const { column, file: at, line, message } of warnings) print(`${at}:${line}:${column}: warning: ${message}`)
    print(
      `${file}: ${counts.classes} classes (${counts.associations} associations, ${counts.properties} properties, `
        + `${counts.references} references, ${counts.methods} methods), ${counts.instances} instances, `
        + `${counts.qualifierUses} qualifiers, ${errors.length} errors, ${warnings.length} warnings (${encoding})`
    )
  }
  return bad === 0 ? 0 : 2
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  reading(program.command("check"))
    .description("read MOF, say what stands in it, put nothing")
    .argument("<file...>")
    .option("--json", "one line of JSON for each file")
    .action(withStatus((files: ReadonlyArray<string>, options: CheckCommandOptions) => check(files, options)))
}
