/**
 * The form in which a put stores a class definition: names in the stored spelling, flavours that the server adds,
 * defaults in the form of their types.
 *
 * @internal
 */
import { classWith } from "../../model/effectValue.ts"
import * as CimName from "../../model/CimName.ts"
import type {
  ClassDefinition,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition
} from "../../model/WbemObject.ts"
import * as ResolvedClass from "./ResolvedClass.ts"
import { mapped, withServerFlavors } from "./serverFlavors.ts"

/**
 * The default as it is stored (CX-5). A redeclaration without a default sets NULL, unless it states that it inherits
 * the default. On a property that the class introduces, no default and NULL are the same.
 */
const withDefault = (property: PropertyDefinition, isInherited: boolean): PropertyDefinition => {
  const inherits = isInherited && property.inheritsDefault === true && property.value === undefined
  const value = isInherited
    ? inherits ? undefined : ResolvedClass.normalizedDefault(property) ?? null
    : ResolvedClass.normalizedDefault(property) ?? undefined
  if (value === property.value && inherits === (property.inheritsDefault === true)) return property
  const { inheritsDefault: _, ...rest } = property
  return Object.freeze({ ...rest, value, ...(inherits ? { inheritsDefault: true as const } : {}) })
}

const withParameterDefault = (parameter: ParameterDefinition): ParameterDefinition => {
  const value = ResolvedClass.normalizedDefault(parameter)
  return value === parameter.value ? parameter : Object.freeze({ ...parameter, value })
}

const withStoredName = <A extends { readonly name: string }>(member: A, stored: ReadonlyArray<A>): A => {
  const name = stored.length === 0 ? member.name : CimName.find(stored, member.name)?.name ?? member.name
  return name === member.name ? member : Object.freeze({ ...member, name })
}

/** The definition in its stored form, given the stored class (CX-6) and the superclass. */
export const normalized = (
  given: ClassDefinition,
  stored: ClassDefinition | undefined,
  parent: ResolvedClass.ResolvedClass | undefined
): ClassDefinition => {
  const definition = withServerFlavors(given)
  const name = stored?.name ?? given.name
  const superclass = given.superclass === "" ? undefined : parent?.name ?? given.superclass
  const properties = mapped(
    definition.properties,
    (one) =>
      withDefault(withStoredName(one, stored?.properties ?? []), parent?.index.has(CimName.fold(one.name)) === true)
  )
  const methods = mapped(definition.methods, (one): MethodDefinition => {
    const method = withStoredName(one, stored?.methods ?? [])
    const parameters = mapped(method.parameters, withParameterDefault)
    return parameters === method.parameters ? method : Object.freeze({ ...method, parameters })
  })
  return name === given.name && superclass === given.superclass && properties === definition.properties
      && methods === definition.methods
    ? definition
    : Object.freeze(classWith(definition, { name, superclass, properties, methods }))
}
