/**
 * What a script gives where text is asked for.
 *
 * @internal
 */
import { refusal } from "./refusal.ts"
import { SWbemObjectPath } from "./SWbemObjectPath.ts"

const noText = (given: unknown, source: string, name: string): Error =>
  refusal("InvalidParameter", source, `${name} is text, not ${given === null ? "null" : typeof given}`)

/** Text that must be there. */
export const required = (given: unknown, source: string, name: string): string => {
  if (typeof given !== "string") throw noText(given, source, name)
  return given
}

/** Text that may be left out; `null`, PowerShell's `$null`, leaves it out too. */
export const optional = (given: unknown, source: string, name: string): string | undefined =>
  given === null || given === undefined ? undefined : required(given, source, name)

/** The text of a path, which stands for itself or in an `SWbemObjectPath`. What has no path leads nowhere. */
export const pathOf = (given: unknown, source: string, name: string): string => {
  if (!(given instanceof SWbemObjectPath)) return required(given, source, name)
  if (given.path === "") throw refusal("InvalidObjectPath", source, `${name} is empty: the object has no path`)
  return given.path
}
