/**
 * Whether a stored class fits the definition of a typed class: whether each instance of the stored class can be read as the typed
 * class, and each value of the typed class can be put.
 *
 * @internal
 */
import type { ResolvedClass } from "../engine/classes/ResolvedClass.ts"
import * as CimName from "../model/CimName.ts"
import * as CimType from "../model/CimType.ts"
import type { Difference } from "./errors.ts"
import type { Spec } from "./fields.ts"

/** The parts of a typed class that the stored class has to have. */
export interface Expected {
  readonly superclass: string | undefined
  readonly properties: ReadonlyArray<readonly [name: string, spec: Spec]>
  readonly isAbstract: boolean
  readonly isSingleton: boolean
}

const names = (of: ResolvedClass | undefined): ReadonlyArray<string> =>
  of === undefined ? [] : [of.name, ...names(of.parent)]

/** `object:Demo_Disk[]`, with the type in lower case. */
export const typeText = ({ className, isArray, type }: CimType.TypeRef): string =>
  CimType.format({ className, isArray, type })

/** Every difference, in the order of the definition; then those of properties that only the stored class has. */
export const differences = (expected: Expected, stored: ResolvedClass): ReadonlyArray<Difference> => {
  const found: Array<Difference> = []
  const { superclass } = expected
  const above = names(stored.parent)
  if (superclass !== undefined && !above.some((name) => CimName.equals(name, superclass))) {
    found.push({ _tag: "Superclass", expected: superclass, stored: above })
  }
  for (const qualifier of ["abstract", "singleton"] as const) {
    const here = qualifier === "abstract" ? expected.isAbstract : expected.isSingleton
    const there = qualifier === "abstract" ? stored.isAbstract : stored.isSingleton
    if (here !== there) found.push({ _tag: "ClassQualifier", qualifier, expected: here, stored: there })
  }
  for (const [property, spec] of expected.properties) {
    const there = CimName.find(stored.properties, property)
    const text = typeText(spec)
    if (there === undefined) {
      found.push({ _tag: "MissingProperty", property, expected: text })
      continue
    }
    const storedText = typeText(there)
    if (!CimName.equals(text, storedText)) {
      found.push({ _tag: "PropertyType", property, expected: text, stored: storedText })
    }
    const isKey = spec.role === "Key"
    if (isKey !== there.isKey) found.push({ _tag: "KeyProperty", property, expected: isKey, stored: there.isKey })
    const isNotNull = spec.role === "NotNull"
    if (!isKey && !there.isKey && isNotNull !== there.isNotNull) {
      found.push({ _tag: "NullProperty", property, expected: isNotNull, stored: there.isNotNull })
    }
  }
  for (const there of stored.properties) {
    if (expected.properties.some(([name]) => CimName.equals(name, there.name))) continue
    if (there.isKey) {
      found.push({ _tag: "KeyProperty", property: there.name, expected: false, stored: true })
    } else if (there.isNotNull && (there.value === undefined || there.value === null)) {
      found.push({ _tag: "NullProperty", property: there.name, expected: false, stored: true })
    }
  }
  return found
}
