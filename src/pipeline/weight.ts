/**
 * About how many bytes an object takes, told without writing it: the lengths of its texts and names, and eight for anything else.
 *
 * @internal
 */
import type { WbemObject } from "../model/WbemObject.ts"

const other = 8

const ofValue = (value: unknown): number => {
  if (typeof value === "string") return value.length
  if (typeof value !== "object" || value === null) return other
  let sum = 0
  if (Array.isArray(value)) {
    for (const one of value as ReadonlyArray<unknown>) sum += ofValue(one)
    return sum
  }
  for (const name in value) sum += name.length + ofValue((value as Readonly<Record<string, unknown>>)[name])
  return sum
}

/** About how many bytes an object takes. */
export const weight = (object: WbemObject): number => ofValue(object)
