/** `instance-put` 6: the instance that a partial update leaves (IP-10, IP-11, IX-5, IX-8). */
import type { CimValue, PropertyDefinition } from "../../src/model/WbemObject.ts"
import { find } from "./names.ts"
import { has } from "./qualifiers.ts"
import type { Partial } from "./start.ts"
import type { Instance } from "./objects.ts"

/** The value that is set on an instance, else the default, else NULL (IV-1, IV-2). */
export const valueIn = (values: Readonly<Record<string, CimValue>>, p: PropertyDefinition): CimValue =>
  Object.hasOwn(values, p.name) ? values[p.name]! : p.value === undefined ? null : p.value

export const partialResult = (
  partial: Partial,
  properties: ReadonlyArray<PropertyDefinition>,
  given: Readonly<Record<string, CimValue>>,
  stored: Instance
): Readonly<Record<string, CimValue>> => {
  const values: Record<string, CimValue> = { ...stored.values }
  for (const listed of partial.properties!) {
    const p = find(properties, listed)!
    if (has(p.qualifiers, "key")) continue // IX-5: the key text stays
    const value = valueIn(given, p)
    if (value === null && !partial.strictNulls) continue // IP-11
    if (!Object.hasOwn(given, p.name)) delete values[p.name] // IP-10: it returns to the default
    else values[p.name] = value
  }
  return values
}
