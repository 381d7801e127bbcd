/**
 * `effect-wmi host-script`: prints the script that a PowerShell host runs, whole or in parts, for review or signing.
 *
 * @internal
 */
import type { Register } from "../register.ts"
import * as hostScript from "../../windows/conversation/script.ts"
import { BadInput } from "../terminal/output.ts"

/** The part to print; by default the whole script as it is sent to the host. */
interface ScriptOptions {
  readonly file?: boolean | undefined
  readonly core?: boolean | undefined
  readonly prelude?: boolean | undefined
  readonly bootstrap?: boolean | undefined
}

const parts: Readonly<Record<keyof ScriptOptions, () => string>> = {
  file: () => hostScript.file,
  core: () => hostScript.core,
  prelude: () => hostScript.prelude,
  bootstrap: () => hostScript.bootstrap
}

/** Returns the exit status. */
export const script = (options: ScriptOptions): number => {
  const selected = (Object.keys(parts) as ReadonlyArray<keyof ScriptOptions>).filter((part) => options[part] === true)
  if (selected.length > 1) {
    throw new BadInput({
      name: "UsageError",
      message: `--${selected.join(" and --")} name different parts`,
      hint: "give one of them"
    })
  }
  const text = selected.length === 0 ? hostScript.script() : parts[selected[0]!]()
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`)
  return 0
}

/** Adds the command to the program. */
export const register: Register = (program, withStatus) => {
  program.command("host-script")
    .description("print the script that a PowerShell host runs")
    .option("--file", "as a file to review, sign and install")
    .option("--core", "everything but the lines that touch COM")
    .option("--prelude", "the lines that touch COM")
    .option("--bootstrap", "the line that reads the script from standard input")
    .action(withStatus((options: ScriptOptions) => script(options)))
}
