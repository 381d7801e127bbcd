/**
 * Text arguments of scripting calls.
 *
 * @internal
 */
import { refusal } from "./refusal.ts"
import { SWbemObjectPath } from "./SWbemObjectPath.ts"

const noText = (given: unknown, source: string, name: string): Error =>
  refusal("InvalidParameter", source, `${name} is text, not ${given === null ? "null" : typeof given}`)

/** A text argument that must be given. Throws `InvalidParameter` for anything else. */
export const requiredText = (given: unknown, source: string, name: string): string => {
  if (typeof given !== "string") throw noText(given, source, name)
  return given
}

/** A text argument that may be left out; `null`, PowerShell's `$null`, counts as left out. */
export const optionalText = (given: unknown, source: string, name: string): string | undefined =>
  given === null || given === undefined ? undefined : requiredText(given, source, name)

/** A path argument: text, or an `SWbemObjectPath`. Throws `InvalidObjectPath` for the empty path of an object without a path. */
export const pathText = (given: unknown, source: string, name: string): string => {
  if (!(given instanceof SWbemObjectPath)) return requiredText(given, source, name)
  if (given.path === "") throw refusal("InvalidObjectPath", source, `${name} is empty: the object has no path`)
  return given.path
}
