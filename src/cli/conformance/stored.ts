/**
 * A class of `given` in the form in which a repository stores it. No rule of a put is checked, but what every definition that is
 * handed over means holds here too: the flavours that the server adds (`qualifiers` 2), and NULL for the default of a redeclaration
 * that writes none (CX-5).
 */
import { findProperty, type Lineage } from "../../engine/Lineage.ts"
import * as CimName from "../../model/CimName.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type { ClassDefinition, MethodDefinition, PropertyDefinition } from "../../model/WbemObject.ts"

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>

/** The flavour bits of a qualifier after the server has added its own. */
type Added = (qualifier: Qualifier.Qualifier) => number

const added = (qualifiers: Qualifiers, flavor: Added): Qualifiers =>
  qualifiers.map((one) => ({ ...one, flavor: flavor(one) }))

const ofClass: Added = ({ flavor, name }) => {
  switch (CimName.fold(name)) {
    case "singleton":
    case "association":
      return Qualifier.keyFlavor
    case "dynamic":
      return flavor | Qualifier.Flavor.ToInstance
    default:
      return flavor
  }
}

const ofProperty: Added = ({ flavor, name }) => CimName.equals(name, "key") ? Qualifier.keyFlavor : flavor

const ofParameter: Added = ({ flavor, name }) => CimName.equals(name, "in") || CimName.equals(name, "out") ? 0 : flavor

const method = (one: MethodDefinition): MethodDefinition => ({
  ...one,
  parameters: one.parameters.map((p) => ({ ...p, qualifiers: added(p.qualifiers, ofParameter) }))
})

const property = (one: PropertyDefinition, superclass: Lineage | undefined): PropertyDefinition => ({
  ...one,
  value: one.value === undefined && superclass !== undefined && findProperty(superclass, one.name) !== undefined
    ? null
    : one.value,
  qualifiers: added(one.qualifiers, ofProperty)
})

/** The stored form of a definition below `superclass`. */
export const asStored = (definition: ClassDefinition, superclass: Lineage | undefined): ClassDefinition => ({
  ...definition,
  qualifiers: added(definition.qualifiers, ofClass),
  properties: definition.properties.map((one) => property(one, superclass)),
  methods: definition.methods.map(method)
})
