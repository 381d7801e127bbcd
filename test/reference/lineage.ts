/** What a class inherits, computed from the top each time (`qualifiers` 3, `object-model` 7 and 8). */
import type { CimValue, MethodDefinition, ParameterDefinition, PropertyDefinition } from "../../src/model/WbemObject.ts"
import { byName, find, same } from "./names.ts"
import { has, isTrue, overridden, passedDown, type Qualifiers } from "./qualifiers.ts"
import { classNamed, isSystem, type Space } from "./world.ts"
import type { ClassDefinition, Instance } from "./objects.ts"

export const superclassOf = (space: Space, c: ClassDefinition): ClassDefinition | undefined =>
  c.superclass === undefined ? undefined : classNamed(space, c.superclass)

/** The class itself, its parent, and so on up. */
export const chain = (space: Space, c: ClassDefinition): ReadonlyArray<ClassDefinition> => {
  const above = superclassOf(space, c)
  return above === undefined ? [c] : [c, ...chain(space, above)]
}

/** Whether the class `name` is `ancestor` or derives from it; what cannot be seen derives from nothing (section 3, end). */
export const derives = (space: Space, name: string, ancestor: string): boolean => {
  if (same(name, ancestor)) return true
  const c = classNamed(space, name)
  return c !== undefined && chain(space, c).some((up) => same(up.name, ancestor))
}

/** `class-update` 6: by depth, then by name without case. */
export const descendants = (space: Space, name: string): ReadonlyArray<ClassDefinition> =>
  space.classes
    .filter((c) => !same(c.name, name) && derives(space, c.name, name))
    .map((c) => ({ c, depth: chain(space, c).length }))
    .sort((a, b) => a.depth - b.depth || byName(a.c, b.c))
    .map(({ c }) => c)

export const children = (space: Space, name: string): ReadonlyArray<ClassDefinition> =>
  space.classes.filter((c) => c.superclass !== undefined && same(c.superclass, name))

/** The qualifiers that a class gets from above. */
export const inheritedQualifiers = (space: Space, c: ClassDefinition): Qualifiers => {
  const above = superclassOf(space, c)
  return above === undefined ? [] : passedDown(classQualifiers(space, above))
}

export const classQualifiers = (space: Space, c: ClassDefinition): Qualifiers =>
  overridden(inheritedQualifiers(space, c), c.qualifiers)

/** The properties that a class gets from above. */
export const inheritedProperties = (space: Space, c: ClassDefinition): ReadonlyArray<PropertyDefinition> => {
  const above = superclassOf(space, c)
  return above === undefined
    ? []
    : propertiesOf(space, above).map((p) => ({ ...p, qualifiers: passedDown(p.qualifiers) }))
}

/** CX-5: a redeclaration without a default sets NULL, unless only qualifiers were touched. */
const redeclaredDefault = (own: PropertyDefinition, above: PropertyDefinition): CimValue | undefined =>
  own.inheritsDefault === true ? above.value : own.value ?? null

/** Every property, inherited ones first. */
export const propertiesOf = (space: Space, c: ClassDefinition): ReadonlyArray<PropertyDefinition> => {
  const inherited = inheritedProperties(space, c)
  return [
    ...inherited.map((p) => {
      const own = find(c.properties, p.name)
      return own === undefined ? p : {
        ...own,
        name: p.name, // `object-model` 13: the spelling of the origin
        value: redeclaredDefault(own, p),
        inheritsDefault: undefined,
        qualifiers: overridden(p.qualifiers, own.qualifiers)
      }
    }),
    ...c.properties.filter((p) => find(inherited, p.name) === undefined)
  ]
}

export const inheritedMethods = (space: Space, c: ClassDefinition): ReadonlyArray<MethodDefinition> => {
  const above = superclassOf(space, c)
  return above === undefined ? [] : methodsOf(space, above).map((m) => ({
    ...m,
    qualifiers: passedDown(m.qualifiers),
    parameters: m.parameters.map((p) => ({ ...p, qualifiers: passedDown(p.qualifiers) }))
  }))
}

/** As declared, inherited ones first; a redeclared one keeps its place (`object-model` 8) and has its own defaults (CX-17). */
export const methodsOf = (space: Space, c: ClassDefinition): ReadonlyArray<MethodDefinition> => {
  const inherited = inheritedMethods(space, c)
  return [
    ...inherited.map((m) => {
      const own = find(c.methods, m.name)
      return own === undefined ? m : {
        ...own,
        name: m.name,
        qualifiers: overridden(m.qualifiers, own.qualifiers),
        parameters: own.parameters.map((p): ParameterDefinition => {
          const above = find(m.parameters, p.name)
          return { ...p, qualifiers: overridden(above?.qualifiers ?? [], p.qualifiers) }
        })
      }
    }),
    ...c.methods.filter((m) => find(inherited, m.name) === undefined)
  ]
}

/** CS-5: a property with the qualifier `key` is a key, whatever its value is. */
export const keysOf = (space: Space, c: ClassDefinition): ReadonlyArray<PropertyDefinition> =>
  propertiesOf(space, c).filter((p) => has(p.qualifiers, "key"))

/** CS-5: with FALSE it counts as absent. */
export const indexedOf = (space: Space, c: ClassDefinition): ReadonlyArray<PropertyDefinition> =>
  propertiesOf(space, c).filter((p) => isTrue(p, "indexed"))

/** CX-15, CX-3: the effective value counts. */
const effectively = (name: string) => (space: Space, c: ClassDefinition): boolean =>
  isTrue({ qualifiers: classQualifiers(space, c) }, name)

export const isAbstract = effectively("abstract")
export const isSingleton = effectively("singleton")
export const isDynamic = effectively("dynamic")

export const isBelowSystem = (space: Space, c: ClassDefinition): boolean =>
  chain(space, c).some((up) => isSystem(up.name))

export const ownInstances = (space: Space, name: string): ReadonlyArray<Instance> =>
  space.instances.filter((i) => same(i.className, name))

export const subInstances = (space: Space, name: string): ReadonlyArray<Instance> =>
  descendants(space, name).flatMap((c) => ownInstances(space, c.name))
