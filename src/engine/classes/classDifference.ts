/**
 * The difference of a class update: none, only unimportant qualifiers, or an important one (`class-update` 4).
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import { equals as sameValue } from "../../model/CimValue.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type {
  ClassDefinition,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition
} from "../../model/WbemObject.ts"
import * as ResolvedClass from "./ResolvedClass.ts"

export type Difference = "None" | "Unimportant" | "Important"

/** Every other qualifier is unimportant (`class-update` 4, `qualifiers` 6). */
const important: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ ("key indexed not_null singleton abstract dynamic provider association indication cimtype id "
    + "in out dynprops classcontext propertycontext instancecontext hasclassrefs classref").split(" ")
)

const greater = (a: Difference, b: Difference): Difference => a === "Important" || b === "None" ? a : b

const ofQualifier = (name: string): Difference => important.has(CimName.fold(name)) ? "Important" : "Unimportant"

/** The difference between the qualifiers of one carrier: presence, value and flavour count, the order does not. */
export const ofQualifiers = (
  before: ReadonlyArray<Qualifier.Qualifier>,
  after: ReadonlyArray<Qualifier.Qualifier>
): Difference => {
  let found: Difference = "None"
  for (const q of after) {
    const previous = Qualifier.find(before, q.name)
    if (previous === undefined || !Qualifier.equals(previous, q)) found = greater(found, ofQualifier(q.name))
  }
  for (const q of before) if (!Qualifier.has(after, q.name)) found = greater(found, ofQualifier(q.name))
  return found
}

const sameName = (a: string | undefined, b: string | undefined): boolean => CimName.equals(a ?? "", b ?? "")

/** A property either inherits its default or sets one. No default and a default of NULL are the same (CX-5). */
const sameDefault = (
  before: PropertyDefinition,
  after: PropertyDefinition,
  parent: ResolvedClass.ResolvedClass | undefined
): boolean =>
  inheritsDefault(before) === inheritsDefault(after) || parent?.index.has(CimName.fold(after.name)) !== true
    ? sameValue(ResolvedClass.normalizedDefault(before) ?? null, ResolvedClass.normalizedDefault(after) ?? null)
    : false

const inheritsDefault = ({ inheritsDefault, value }: PropertyDefinition): boolean =>
  inheritsDefault === true && value === undefined

const ofProperty =
  (parent: ResolvedClass.ResolvedClass | undefined) =>
  (before: PropertyDefinition, after: PropertyDefinition): Difference =>
    before.type !== after.type || before.isArray !== after.isArray || !sameName(before.className, after.className)
      || !sameDefault(before, after, parent)
      ? "Important"
      : ofQualifiers(before.qualifiers, after.qualifiers)

const ofMethod = (before: MethodDefinition, after: MethodDefinition): Difference => {
  if (ResolvedClass.signature(before) !== ResolvedClass.signature(after)) return "Important"
  let found = ofQualifiers(before.qualifiers, after.qualifiers)
  after.parameters.forEach((parameter: ParameterDefinition, i) => {
    const previous = before.parameters[i]!
    const same = previous.id === parameter.id
      && sameValue(
        ResolvedClass.normalizedDefault(previous) ?? null,
        ResolvedClass.normalizedDefault(parameter) ?? null
      )
    found = greater(found, same ? ofQualifiers(previous.qualifiers, parameter.qualifiers) : "Important")
  })
  return found
}

const ofMembers = <A extends { readonly name: string }>(
  before: ReadonlyArray<A>,
  after: ReadonlyArray<A>,
  compare: (before: A, after: A) => Difference
): Difference => {
  if (before.length !== after.length) return "Important"
  let found: Difference = "None"
  for (const member of after) {
    const previous = CimName.find(before, member.name)
    found = greater(found, previous === undefined ? "Important" : compare(previous, member))
  }
  return found
}

/**
 * The difference between two definitions. Spelling alone, also of type words, and the order of members and qualifiers
 * are no difference (CX-6). `parent` is the superclass.
 */
export const difference = (
  before: ClassDefinition,
  after: ClassDefinition,
  parent?: ResolvedClass.ResolvedClass | undefined
): Difference => {
  if (before === after) return "None"
  if (!sameName(before.superclass, after.superclass)) return "Important"
  return greater(
    ofQualifiers(before.qualifiers, after.qualifiers),
    greater(
      ofMembers(before.properties, after.properties, ofProperty(parent)),
      ofMembers(before.methods, after.methods, ofMethod)
    )
  )
}
