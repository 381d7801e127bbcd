/**
 * The approximate size of an object in bytes, without serializing it: the lengths of its texts and names, and eight bytes for
 * any other value.
 *
 * @internal
 */
import type { WbemObject } from "../model/WbemObject.ts"

const scalarBytes = 8

const weightOf = (value: unknown): number => {
  if (typeof value === "string") return value.length
  if (typeof value !== "object" || value === null) return scalarBytes
  let sum = 0
  if (Array.isArray(value)) {
    for (const element of value as ReadonlyArray<unknown>) sum += weightOf(element)
    return sum
  }
  for (const name in value) sum += name.length + weightOf((value as Readonly<Record<string, unknown>>)[name])
  return sum
}

/** The approximate size of an object in bytes. */
export const weight = (object: WbemObject): number => weightOf(object)
