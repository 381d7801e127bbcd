/**
 * `effect-wmi host-script`: prints the script that a PowerShell host runs, whole or in parts, for review or signing.
 *
 * @internal
 */
import * as hostScript from "../windows/conversation/script.ts"
import { BadInput } from "./output.ts"

/** The part to print; by default the whole script as it is sent to the host. */
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

/** Returns the exit status. */
export const script = (options: ScriptOptions): number => {
  const selected = (Object.keys(parts) as ReadonlyArray<keyof ScriptOptions>).filter((part) => options[part] === true)
  if (selected.length > 1) throw new BadInput(`host-script: one of --${selected.join(", --")}`)
  const text = selected.length === 0 ? hostScript.script() : parts[selected[0]!]()
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`)
  return 0
}
