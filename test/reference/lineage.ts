/** What a class inherits, computed from the top each time (`qualifiers` 3, `object-model` 7 and 8). */
import * as CimName from "../../src/model/CimName.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type {
  ClassDefinition,
  Instance,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition
} from "../../src/model/WbemObject.ts"
import { classNamed, isSystem, same, type Space } from "./world.ts"

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>

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
    .sort((a, b) => a.depth - b.depth || CimName.compare(a.c.name, b.c.name))
    .map(({ c }) => c)

export const children = (space: Space, name: string): ReadonlyArray<ClassDefinition> =>
  space.classes.filter((c) => c.superclass !== undefined && same(c.superclass, name))

/** `qualifiers` 3 step 1: what carries ToSubclass, and Key. */
const passedDown = (qualifiers: Qualifiers): Qualifiers =>
  qualifiers.filter((q) => (q.flavor & Qualifier.Flavor.ToSubclass) !== 0 || same(q.name, "key"))

/** Key cannot be altered by a subclass (`qualifiers` 2); others when they say DisableOverride. */
export const isFixed = (q: Qualifier.Qualifier): boolean =>
  (q.flavor & Qualifier.Flavor.DisableOverride) !== 0 || same(q.name, "key")

/** `qualifiers` 3 step 2; CX-2: a fixed one stays in force. */
const overridden = (above: Qualifiers, own: Qualifiers): Qualifiers => [
  ...above.filter((a) => isFixed(a) || !Qualifier.has(own, a.name)),
  ...own.filter((o) => !above.some((a) => same(a.name, o.name) && isFixed(a)))
]

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

/** Every property, inherited ones first. CX-5: a redeclaration without a default keeps the inherited one. */
export const propertiesOf = (space: Space, c: ClassDefinition): ReadonlyArray<PropertyDefinition> => {
  const inherited = inheritedProperties(space, c)
  return [
    ...inherited.map((p) => {
      const own = CimName.find(c.properties, p.name)
      return own === undefined ? p : {
        ...own,
        name: p.name, // `object-model` 13: the spelling of the origin
        value: own.value === undefined ? p.value : own.value,
        qualifiers: overridden(p.qualifiers, own.qualifiers)
      }
    }),
    ...c.properties.filter((p) => CimName.find(inherited, p.name) === undefined)
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

export const methodsOf = (space: Space, c: ClassDefinition): ReadonlyArray<MethodDefinition> => {
  const inherited = inheritedMethods(space, c)
  return [
    ...inherited.map((m) => {
      const own = CimName.find(c.methods, m.name)
      return own === undefined ? m : {
        ...own,
        name: m.name,
        qualifiers: overridden(m.qualifiers, own.qualifiers),
        parameters: own.parameters.map((p): ParameterDefinition => {
          const above = CimName.find(m.parameters, p.name)
          return { ...p, qualifiers: overridden(above?.qualifiers ?? [], p.qualifiers) }
        })
      }
    }),
    ...c.methods.filter((m) => CimName.find(inherited, m.name) === undefined)
  ]
}

/** CS-5: `key` is a key when it is there at all. */
export const keysOf = (space: Space, c: ClassDefinition): ReadonlyArray<PropertyDefinition> =>
  propertiesOf(space, c).filter((p) => Qualifier.has(p.qualifiers, "key"))

/** CS-5: with FALSE it counts as absent. */
export const indexedOf = (space: Space, c: ClassDefinition): ReadonlyArray<PropertyDefinition> =>
  propertiesOf(space, c).filter((p) => Qualifier.isTrue(p, "indexed"))

/** `qualifiers` 4: not propagated. */
export const isAbstract = (c: ClassDefinition): boolean => Qualifier.isTrue(c, "abstract")

/** CX-3: a class below a singleton is a singleton. */
export const isSingleton = (space: Space, c: ClassDefinition): boolean =>
  chain(space, c).some((up) => Qualifier.isTrue(up, "singleton"))

export const isDynamic = (space: Space, c: ClassDefinition): boolean =>
  Qualifier.isTrue({ qualifiers: classQualifiers(space, c) }, "dynamic")

export const isBelowSystem = (space: Space, c: ClassDefinition): boolean =>
  chain(space, c).some((up) => isSystem(up.name))

export const ownInstances = (space: Space, name: string): ReadonlyArray<Instance> =>
  space.instances.filter((i) => same(i.className, name))

export const subInstances = (space: Space, name: string): ReadonlyArray<Instance> =>
  descendants(space, name).flatMap((c) => ownInstances(space, c.name))
