/**
 * `effect-wmi host-script`: prints the script that a PowerShell host runs, whole or in its parts, for whoever reviews it, signs
 * it, or wants to know.
 *
 * @internal
 */
import * as hostScript from "../windows/conversation/script.ts"
import { BadInput } from "./output.ts"

/** Which part; without one the script as it travels. */
export interface ScriptOptions {
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

/** Answers the exit status. */
export const script = (options: ScriptOptions): number => {
  const asked = (Object.keys(parts) as ReadonlyArray<keyof ScriptOptions>).filter((part) => options[part] === true)
  if (asked.length > 1) throw new BadInput(`host-script: one of --${asked.join(", --")}`)
  const text = asked.length === 0 ? hostScript.script() : parts[asked[0]!]()
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`)
  return 0
}
