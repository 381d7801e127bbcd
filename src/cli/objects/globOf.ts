/**
 * Names of classes by a pattern.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"

/** A test of names by a pattern with `*` and `?`, without case. */
export const globOf = (pattern: string): (name: string) => boolean => {
  const source = CimName.fold(pattern).replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")
  const expression = new RegExp(`^${source}$`, "s")
  return (name) => expression.test(CimName.fold(name))
}
