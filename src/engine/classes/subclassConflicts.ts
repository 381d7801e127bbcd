/**
 * What a new definition breaks in the classes below it, and what force mode takes away to make it fit (`class-update` 6).
 *
 * The tree is walked downwards: a child is looked at below its parent as that is after its own conflicts are resolved (CX-11).
 * What was broken before the update is no conflict of it (CX-13).
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import {
  methodOverrideViolations,
  type OverrideViolation,
  qualifierOverrideViolations,
  type Shape,
  typeOverrideViolations
} from "./overrideViolations.ts"
import * as ResolvedClass from "./ResolvedClass.ts"
import * as classShape from "../rules/classShape.ts"
import type { Classes } from "../rules/embeddedObjects.ts"
import type { PutRule } from "../rules/PutRule.ts"

/** One conflict. */
export interface SubclassConflict {
  readonly error: WbemError
  /** Set when force cannot resolve it: the answer of force mode. */
  readonly unresolvable: WbemError | undefined
  /** The child as it is, and as it would be after force mode has taken away its side. */
  readonly child: ClassDefinition
  readonly resolved: ClassDefinition
}

const withoutAbstract = (definition: ClassDefinition): ClassDefinition =>
  Object.freeze({
    ...definition,
    qualifiers: Object.freeze(definition.qualifiers.filter((q) => !CimName.equals(q.name, "abstract")))
  })

const abstractOverrideViolations = (shape: Shape): ReadonlyArray<OverrideViolation> => {
  const error = classShape.abstractParent(shape)
  return error === undefined ? [] : [{ id: "abstract", error, without: withoutAbstract }]
}

/** Conflicts that force mode resolves, in the order of the table. */
const resolvable: ReadonlyArray<(shape: Shape) => ReadonlyArray<OverrideViolation>> = [
  typeOverrideViolations,
  qualifierOverrideViolations,
  methodOverrideViolations,
  abstractOverrideViolations
]

/** Conflicts that nothing resolves: the rest of the table, then the structure rules that have no row there (CX-11). */
const unresolvable: ReadonlyArray<PutRule<Shape & Classes>> = [
  classShape.singletonWithoutKeys,
  classShape.dynamicParent,
  classShape.propertyCount,
  classShape.associationOrIndication,
  classShape.defaultsFit,
  classShape.noKeyBelowKeys
]

/**
 * Every conflict of an update with the classes below, by depth, then by name.
 *
 * `below` are their resolved classes as they are, nearest first; `before` and `after` are the class itself and who derives from whom.
 */
export const subclassConflicts = (
  below: ReadonlyArray<ResolvedClass.ResolvedClass>,
  [storedClass, storedClasses]: readonly [ResolvedClass.ResolvedClass, Classes],
  [newClass, newClasses]: readonly [ResolvedClass.ResolvedClass, Classes]
): ReadonlyArray<SubclassConflict> => {
  const conflicts: Array<SubclassConflict> = []
  const updated = new Map<string, ResolvedClass.ResolvedClass>([[storedClass.folded, newClass]])
  const resolvedClassOf: Classes["resolvedClassOf"] = (className) =>
    updated.get(CimName.fold(className)) ?? newClasses.resolvedClassOf(className)
  for (const child of below) {
    const parent = updated.get(child.parent!.folded)
    const storedShape = { definition: child.definition, parent: child.parent, resolvedClass: child, ...storedClasses }
    let shape = {
      definition: child.definition,
      parent,
      resolvedClass: ResolvedClass.make(child.definition, parent),
      derivesFrom: newClasses.derivesFrom,
      resolvedClassOf
    }
    const add = (error: WbemError, resolved: ClassDefinition, unresolvable: WbemError | undefined): void => {
      conflicts.push({ error, unresolvable, child: child.definition, resolved })
    }
    for (const violationsOf of resolvable) {
      const storedIds = new Set(violationsOf(storedShape).map((violation) => violation.id))
      for (const violation of violationsOf(shape)) {
        if (storedIds.has(violation.id)) continue
        const definition = violation.without(shape.definition)
        add(violation.error, definition, violation.unresolvable)
        shape = { ...shape, definition, resolvedClass: ResolvedClass.make(definition, parent) }
      }
    }
    for (const rule of unresolvable) {
      const error = rule(shape)
      if (error !== undefined && rule(storedShape)?.status !== error.status) add(error, shape.definition, error)
    }
    updated.set(child.folded, shape.resolvedClass)
  }
  return conflicts
}
