/**
 * What differs between two forms of an object: values, properties, qualifiers, methods. It compares what a reader sees: a property
 * without a value has the default of its class.
 *
 * @internal
 */
import type { ResolvedClass } from "../../engine/classes/ResolvedClass.ts"
import { effective } from "../../engine/values.ts"
import * as CimName from "../../model/CimName.ts"
import * as CimType from "../../model/CimType.ts"
import { equals } from "../../model/CimValue.ts"
import type * as Qualifier from "../../model/Qualifier.ts"
import type {
  CimValue,
  ClassDefinition,
  Instance,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition
} from "../../model/WbemObject.ts"
import { valueText } from "../objects/objectText.ts"

/** What a change concerns. */
export type ChangedPart =
  | "class"
  | "superclass"
  | "value"
  | "property"
  | "type"
  | "default"
  | "qualifier"
  | "flavor"
  | "method"
  | "signature"
  | "order"

/** One difference. The texts are in the form of MOF; `undefined` is absence. */
export interface MemberChange {
  readonly what: ChangedPart
  /** The property, qualifier or method; `Price [Description]` is a qualifier of a property. Empty for the object itself. */
  readonly name: string
  readonly before: string | undefined
  readonly after: string | undefined
}

type Named = { readonly name: string }

/** The members of two lists with the same name, in the order of the second list, then those of the first list alone. */
const paired = <A extends Named>(
  before: ReadonlyArray<A>,
  after: ReadonlyArray<A>
): ReadonlyArray<readonly [before: A | undefined, after: A | undefined]> => [
  ...after.map((one) => [CimName.find(before, one.name), one] as const),
  ...before.filter(({ name }) => CimName.find(after, name) === undefined).map((one) => [one, undefined] as const)
]

const changed = (
  what: ChangedPart,
  name: string,
  before: string | undefined,
  after: string | undefined
): Array<MemberChange> => before === after ? [] : [{ what, name, before, after }]

const flavorText = (flavor: number): string => `0x${flavor.toString(16).padStart(2, "0")}`

const within = (owner: string, name: string): string => owner === "" ? `[${name}]` : `${owner} [${name}]`

const qualifierChanges = (
  owner: string,
  before: ReadonlyArray<Qualifier.Qualifier>,
  after: ReadonlyArray<Qualifier.Qualifier>
): ReadonlyArray<MemberChange> =>
  paired(before, after).flatMap(([a, b]) => {
    const name = within(owner, (b ?? a)!.name)
    const values = changed("qualifier", name, a && valueText(a.value as CimValue), b && valueText(b.value as CimValue))
    if (values.length > 0 || a === undefined || b === undefined) return values
    return [
      ...changed("type", name, a.type, b.type),
      ...changed("flavor", name, flavorText(a.flavor), flavorText(b.flavor))
    ]
  })

const defaultText = ({ inheritsDefault, value }: PropertyDefinition): string | undefined =>
  inheritsDefault === true
    ? "that of the superclass"
    : value === undefined || value === null
    ? undefined
    : valueText(value)

const propertyText = (property: PropertyDefinition): string => {
  const value = defaultText(property)
  return `${CimType.format(property)}${value === undefined ? "" : ` = ${value}`}`
}

const propertyChanges = (
  before: PropertyDefinition | undefined,
  after: PropertyDefinition | undefined
): ReadonlyArray<MemberChange> => {
  const { name } = (after ?? before)!
  if (before === undefined || after === undefined) {
    return changed("property", name, before && propertyText(before), after && propertyText(after))
  }
  return [
    ...changed("property", name, before.name, after.name), // its spelling
    ...changed("type", name, CimType.format(before), CimType.format(after)),
    ...changed("default", name, defaultText(before), defaultText(after)),
    ...qualifierChanges(name, before.qualifiers, after.qualifiers)
  ]
}

const parameterText = (parameter: ParameterDefinition): string => {
  const value = parameter.value === undefined ? "" : ` = ${valueText(parameter.value)}`
  const id = parameter.id === undefined ? "" : `, ID(${parameter.id})`
  return `[${parameter.direction}${id}] ${CimType.format(parameter)} ${parameter.name}${value}`
}

const signatureText = ({ parameters, returns }: MethodDefinition): string =>
  `${returns} (${parameters.map(parameterText).join(", ")})`

/** The qualifiers of a parameter without those that repeat its signature: a MOF file writes them, a definition of a program may not. */
const besideSignature = ({ qualifiers }: ParameterDefinition): ReadonlyArray<Qualifier.Qualifier> =>
  qualifiers.filter(({ name }) => !["in", "out", "id"].some((word) => CimName.equals(word, name)))

const methodChanges = (
  before: MethodDefinition | undefined,
  after: MethodDefinition | undefined
): ReadonlyArray<MemberChange> => {
  const { name } = (after ?? before)!
  if (before === undefined || after === undefined) {
    return changed("method", name, before && signatureText(before), after && signatureText(after))
  }
  const parameters = paired(before.parameters, after.parameters).flatMap(([a, b]) =>
    a === undefined || b === undefined
      ? []
      : qualifierChanges(`${name}(${b.name})`, besideSignature(a), besideSignature(b))
  )
  return [
    ...changed("method", name, before.name, after.name),
    ...changed("signature", name, signatureText(before), signatureText(after)),
    ...qualifierChanges(name, before.qualifiers, after.qualifiers),
    ...parameters
  ]
}

/** The own members of a class in the order of a reader: those of the classes above first. */
const inReadOrder = (own: ReadonlyArray<Named>, all: ReadonlyArray<Named> | undefined): ReadonlyArray<Named> =>
  all?.filter(({ name }) => CimName.find(own, name) !== undefined) ?? own

/** Members in both lists that stand in another order. */
const orderChange = (
  what: string,
  before: ReadonlyArray<Named>,
  after: ReadonlyArray<Named>
): ReadonlyArray<MemberChange> => {
  const common = (list: ReadonlyArray<Named>, other: ReadonlyArray<Named>): string =>
    list.map(({ name }) => name).filter((name) => CimName.find(other, name) !== undefined).join(", ")
  const [a, b] = [common(before, after), common(after, before)]
  return CimName.equals(a, b) ? [] : changed("order", what, a, b)
}

/** The differences of two definitions of a class, each with what it inherits. */
export const classChanges = (
  before: ClassDefinition,
  after: ClassDefinition,
  resolvedBefore: ResolvedClass | undefined,
  resolvedAfter: ResolvedClass | undefined
): ReadonlyArray<MemberChange> => [
  ...changed("class", "", before.name, after.name), // its spelling
  ...changed("superclass", "", before.superclass, after.superclass),
  ...qualifierChanges("", before.qualifiers, after.qualifiers),
  ...paired(before.properties, after.properties).flatMap(([a, b]) => propertyChanges(a, b)),
  ...orderChange(
    "properties",
    inReadOrder(before.properties, resolvedBefore?.properties),
    inReadOrder(after.properties, resolvedAfter?.properties)
  ),
  ...paired(before.methods, after.methods).flatMap(([a, b]) => methodChanges(a, b)),
  ...orderChange(
    "methods",
    inReadOrder(before.methods, resolvedBefore?.methods),
    inReadOrder(after.methods, resolvedAfter?.methods)
  )
]

/** A value of a property as a reader sees it; whether it is other than the default of the class. */
const seen = (
  { values }: Instance,
  resolved: ResolvedClass | undefined,
  name: string
): { readonly value: CimValue; readonly isOwn: boolean } => {
  const property = resolved && CimName.find(resolved.properties, name)
  if (property === undefined) return { value: values[name] ?? null, isOwn: (values[name] ?? null) !== null }
  const value = effective(values, property)
  return { value, isOwn: !equals(value, property.value ?? null) }
}

const qualifiersOf = ({ propertyQualifiers = {} }: Instance, name: string): ReadonlyArray<Qualifier.Qualifier> =>
  Object.entries(propertyQualifiers).flatMap(([of, list]) => CimName.equals(of, name) ? list : [])

const valueChanges = (
  name: string,
  a: ReturnType<typeof seen>,
  b: ReturnType<typeof seen>
): ReadonlyArray<MemberChange> =>
  (!a.isOwn && !b.isOwn) || equals(a.value, b.value) ? [] : changed(
    "value",
    name,
    a.value === null ? undefined : valueText(a.value),
    b.value === null ? undefined : valueText(b.value)
  )

/**
 * The differences of two instances, each with its class. A value that both have from the defaults of their classes is a difference of the
 * classes alone.
 */
export const instanceChanges = (
  before: Instance,
  after: Instance,
  classBefore: ResolvedClass | undefined,
  classAfter: ResolvedClass | undefined
): ReadonlyArray<MemberChange> => {
  const all = [...classAfter?.properties ?? [], ...classBefore?.properties ?? []].map(({ name }) => ({ name }))
  const unresolved = [...Object.keys(after.values), ...Object.keys(before.values)].map((name) => ({ name }))
  const names = [...new Map([...unresolved, ...all].map((one) => [CimName.fold(one.name), one.name])).values()]
  return [
    ...CimName.equals(before.className, after.className) ? [] : changed("class", "", before.className, after.className),
    ...qualifierChanges("", before.qualifiers, after.qualifiers),
    ...names.sort(CimName.compare).flatMap((name) => [
      ...valueChanges(name, seen(before, classBefore, name), seen(after, classAfter, name)),
      ...qualifierChanges(name, qualifiersOf(before, name), qualifiersOf(after, name))
    ])
  ]
}
