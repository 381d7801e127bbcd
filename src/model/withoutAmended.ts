/**
 * A class without its amended qualifiers: a put with `UseAmendedQualifiers` writes this part into the neutral namespace (PA-90).
 *
 * @internal
 */
import { classWith } from "./effectValue.ts"
import * as Qualifier from "./Qualifier.ts"
import type { ClassDefinition, Instance } from "./WbemObject.ts"

type Qualified = { readonly qualifiers: ReadonlyArray<Qualifier.Qualifier> }

export const isAmended = (qualifier: Qualifier.Qualifier): boolean =>
  (qualifier.flavor & Qualifier.Flavor.Amended) !== 0

const strip = <A extends Qualified>(carrier: A): A =>
  carrier.qualifiers.some(isAmended)
    ? Object.freeze({ ...carrier, qualifiers: Object.freeze(carrier.qualifiers.filter((q) => !isAmended(q))) })
    : carrier

/** The qualifiers of an instance's properties without the amended ones; the same object when it has none. */
export const propertiesWithoutAmended = (given: Instance["propertyQualifiers"]): Instance["propertyQualifiers"] =>
  given === undefined || !Object.values(given).some((list) => list.some(isAmended))
    ? given
    : Object.freeze(Object.fromEntries(
      Object.entries(given).map(([name, list]) => [name, Object.freeze(list.filter((q) => !isAmended(q)))])
    ))

/** The class without the amended qualifiers of itself and its members, and without the mark `amended`. */
export const withoutAmended = (definition: ClassDefinition): ClassDefinition => {
  return Object.freeze(classWith(definition, {
    amended: undefined,
    qualifiers: strip(definition).qualifiers,
    properties: Object.freeze(definition.properties.map(strip)),
    methods: Object.freeze(
      definition.methods.map((method) =>
        strip(Object.freeze({ ...method, parameters: Object.freeze(method.parameters.map(strip)) }))
      )
    )
  }))
}
