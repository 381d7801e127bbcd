/**
 * A class without its amended qualifiers: what is written of it under `UseAmendedQualifiers` (PA-90).
 *
 * @internal
 */
import * as Qualifier from "./Qualifier.ts"
import type { ClassDefinition } from "./WbemObject.ts"

type Qualified = { readonly qualifiers: ReadonlyArray<Qualifier.Qualifier> }

export const isAmended = (qualifier: Qualifier.Qualifier): boolean =>
  (qualifier.flavor & Qualifier.Flavor.Amended) !== 0

const strip = <A extends Qualified>(carrier: A): A =>
  carrier.qualifiers.some(isAmended)
    ? Object.freeze({ ...carrier, qualifiers: Object.freeze(carrier.qualifiers.filter((q) => !isAmended(q))) })
    : carrier

export const withoutAmended = (definition: ClassDefinition): ClassDefinition => {
  const { amended: _, ...neutral } = definition
  return Object.freeze({
    ...strip(neutral),
    properties: Object.freeze(definition.properties.map(strip)),
    methods: Object.freeze(
      definition.methods.map((method) =>
        strip(Object.freeze({ ...method, parameters: Object.freeze(method.parameters.map(strip)) }))
      )
    )
  })
}
