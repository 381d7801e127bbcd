/**
 * The flag word of a text, for the options of `put` and for `explain`. Pure. The flags of a `#pragma` have other names (`mof` 7), and
 * `src/mof` reads them.
 *
 * @internal
 */
import { nearest } from "../../model/text/nearestName.ts"
import * as PutFlags from "../../protocol/PutFlags.ts"
import type { Diagnostic } from "../terminal/diagnostics.ts"

const number = /^(?:-?\d{1,10}|0x[0-9a-f]{1,8})$/i

/** The update modes without a bit, by the names of other libraries. */
const emptyModes = /^(?:CreateOrUpdate|UpdateCompatible)$/i

/** The flags that have a name. */
const named = PutFlags.table.filter(({ name }) => !number.test(name))

const bitsOf = (name: string): number | undefined => {
  if (number.test(name)) return Number(name)
  if (emptyModes.test(name)) return 0
  return named.find((row) => [row.name, row.com].some((one) => one.toLowerCase() === name.toLowerCase()))?.bits
}

/** The flag word of names and numbers with commas, `|` or `+` between them, or the first part that is no flag of 32 bits. */
export const flagWord = (text: string): { readonly flags: number } | { readonly unknown: string } => {
  let flags = 0
  for (const part of text.split(/[,|+]/).map((one) => one.trim()).filter((one) => one !== "")) {
    const bits = bitsOf(part)
    if (bits === undefined || !PutFlags.isWord(bits)) return { unknown: part }
    flags = (flags | bits) >>> 0
  }
  return { flags }
}

/** The error of a part that is no flag. */
export const unknownFlag = (option: string, part: string): Diagnostic => {
  const allowed = named.filter(({ group }) => group !== "rejected")
  const names = allowed.filter(({ group }) => group !== "ignored")
  const meant = nearest(allowed, part)
  return {
    name: "UsageError",
    message: `${option}: ${part} is no flag and no number of 32 bits`,
    hint: `${meant === undefined ? "" : `did you mean ${meant}? `}flags are ${names.map(({ name }) => name).join(", ")}`
  }
}
