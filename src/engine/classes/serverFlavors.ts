/**
 * Flavours that the server adds to qualifiers of a class definition (`qualifiers` 2). A put adds them before any rule and before the
 * comparison with the stored class. Adding them twice is adding them once.
 *
 * | qualifier | carrier | flavour |
 * |---|---|---|
 * | `key` | property | ToInstance, ToSubclass, DisableOverride |
 * | `singleton`, `association` | class | ToInstance, ToSubclass, DisableOverride |
 * | `dynamic` | class | what was written, and ToInstance |
 * | `In`, `Out` | parameter | none |
 *
 * @since 0.1.0
 */
import { classWith } from "../../model/effectValue.ts"
import * as CimName from "../../model/CimName.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type {
  ClassDefinition,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition
} from "../../model/WbemObject.ts"

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>

/** The flavour of a qualifier on one kind of carrier: its folded name and its flavour as it was written. */
type Flavored = (folded: string, flavor: number) => number

const ofClass: Flavored = (folded, flavor) =>
  folded === "singleton" || folded === "association"
    ? Qualifier.keyFlavor
    : folded === "dynamic"
    ? flavor | Qualifier.Flavor.ToInstance
    : flavor

const ofProperty: Flavored = (folded, flavor) => folded === "key" ? Qualifier.keyFlavor : flavor

const ofParameter: Flavored = (folded, flavor) => folded === "in" || folded === "out" ? 0 : flavor

/** The list with every member changed; the same list when no member changes. */
export const mapped = <A>(list: ReadonlyArray<A>, change: (member: A) => A): ReadonlyArray<A> => {
  let copy: Array<A> | undefined
  for (let i = 0; i < list.length; i++) {
    const member = list[i]!
    const next = change(member)
    if (next === member) continue
    copy ??= list.slice()
    copy[i] = next
  }
  return copy === undefined ? list : Object.freeze(copy)
}

const flavored = (qualifiers: Qualifiers, of: Flavored): Qualifiers =>
  qualifiers.length === 0 ? qualifiers : mapped(qualifiers, (qualifier) => {
    const flavor = of(CimName.fold(qualifier.name), qualifier.flavor)
    return flavor === qualifier.flavor ? qualifier : Object.freeze({ ...qualifier, flavor })
  })

const withFlavors = <A extends { readonly qualifiers: Qualifiers }>(carrier: A, of: Flavored): A => {
  const qualifiers = flavored(carrier.qualifiers, of)
  return qualifiers === carrier.qualifiers ? carrier : Object.freeze({ ...carrier, qualifiers })
}

const property = (declared: PropertyDefinition): PropertyDefinition => withFlavors(declared, ofProperty)

const parameter = (declared: ParameterDefinition): ParameterDefinition => withFlavors(declared, ofParameter)

const method = (declared: MethodDefinition): MethodDefinition => {
  const parameters = mapped(declared.parameters, parameter)
  return parameters === declared.parameters ? declared : Object.freeze({ ...declared, parameters })
}

/**
 * The definition with the flavours that the server adds; the same object when there is nothing to add.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withServerFlavors = (definition: ClassDefinition): ClassDefinition => {
  const qualifiers = flavored(definition.qualifiers, ofClass)
  const properties = mapped(definition.properties, property)
  const methods = mapped(definition.methods, method)
  return qualifiers === definition.qualifiers && properties === definition.properties && methods === definition.methods
    ? definition
    : Object.freeze(classWith(definition, { qualifiers, properties, methods }))
}
