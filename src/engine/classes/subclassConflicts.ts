/**
 * The conflicts of a new definition with the classes below it, and what force mode removes from them
 * (`class-update` 6).
 *
 * The class tree is walked downwards. Each child is checked below its parent as the parent is after its own conflicts
 * were resolved (CX-11). A violation that existed before the update is no conflict of the update (CX-13).
 *
 * @internal
 */
import { classWith } from "../../model/effectValue.ts"
import * as CimName from "../../model/CimName.ts"
import type { ClassDefinition } from "../../model/WbemObject.ts"
import type { PutError } from "../../protocol/WbemError.ts"
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

/** One conflict of an update with a class below. */
export interface SubclassConflict {
  readonly error: PutError
  /** The error of force mode when it cannot resolve the conflict. */
  readonly unresolvable: PutError | undefined
  /** The child as stored, and after force mode has removed its side of the conflict. */
  readonly child: ClassDefinition
  readonly resolved: ClassDefinition
}

const withoutAbstract = (definition: ClassDefinition): ClassDefinition =>
  Object.freeze(classWith(definition, {
    qualifiers: Object.freeze(definition.qualifiers.filter((q) => !CimName.equals(q.name, "abstract")))
  }))

const abstractOverrideViolations = (shape: Shape): ReadonlyArray<OverrideViolation> => {
  const error = classShape.abstractParent(shape)
  return error === undefined ? [] : [{ id: "abstract", error, without: withoutAbstract }]
}

/** Violations that force mode resolves, in the order of the table. */
const resolvable: ReadonlyArray<(shape: Shape) => ReadonlyArray<OverrideViolation>> = [
  typeOverrideViolations,
  qualifierOverrideViolations,
  methodOverrideViolations,
  abstractOverrideViolations
]

/** Violations that no mode resolves: the rest of the table, then the structure rules that have no row there (CX-11). */
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
 * `below` holds their resolved classes before the update, nearest first. The two pairs are the updated class and the
 * class tree, before and after the update.
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
    const add = (error: PutError, resolved: ClassDefinition, unresolvable: PutError | undefined): void => {
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
