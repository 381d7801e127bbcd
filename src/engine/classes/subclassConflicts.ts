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
import { type Breach, methodBreaches, qualifierBreaches, type Shape, typeBreaches } from "./overrideViolations.ts"
import * as ResolvedClass from "./ResolvedClass.ts"
import * as classShape from "../rules/classShape.ts"
import type { Classes } from "../rules/embeddedObjects.ts"
import type { PutRule } from "../rules/PutRule.ts"

/** One conflict. */
export interface Conflict {
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

const abstractBreaches = (shape: Shape): ReadonlyArray<Breach> => {
  const error = classShape.abstractParent(shape)
  return error === undefined ? [] : [{ id: "abstract", error, without: withoutAbstract }]
}

/** Conflicts that force mode resolves, in the order of the table. */
const resolvable: ReadonlyArray<(shape: Shape) => ReadonlyArray<Breach>> = [
  typeBreaches,
  qualifierBreaches,
  methodBreaches,
  abstractBreaches
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
export const conflictsBelow = (
  below: ReadonlyArray<ResolvedClass.ResolvedClass>,
  [before, old]: readonly [ResolvedClass.ResolvedClass, Classes],
  [after, classes]: readonly [ResolvedClass.ResolvedClass, Classes]
): ReadonlyArray<Conflict> => {
  const found: Array<Conflict> = []
  const now = new Map<string, ResolvedClass.ResolvedClass>([[before.folded, after]])
  const resolvedClassOf: Classes["resolvedClassOf"] = (className) =>
    now.get(CimName.fold(className)) ?? classes.resolvedClassOf(className)
  for (const child of below) {
    const parent = now.get(child.parent!.folded)
    const was = { definition: child.definition, parent: child.parent, resolvedClass: child, ...old }
    let shape = {
      definition: child.definition,
      parent,
      resolvedClass: ResolvedClass.make(child.definition, parent),
      derivesFrom: classes.derivesFrom,
      resolvedClassOf
    }
    const add = (error: WbemError, resolved: ClassDefinition, unresolvable: WbemError | undefined): void => {
      found.push({ error, unresolvable, child: child.definition, resolved })
    }
    for (const breaches of resolvable) {
      const known = new Set(breaches(was).map((breach) => breach.id))
      for (const breach of breaches(shape)) {
        if (known.has(breach.id)) continue
        const definition = breach.without(shape.definition)
        add(breach.error, definition, breach.unresolvable)
        shape = { ...shape, definition, resolvedClass: ResolvedClass.make(definition, parent) }
      }
    }
    for (const rule of unresolvable) {
      const error = rule(shape)
      if (error !== undefined && rule(was)?.status !== error.status) add(error, shape.definition, error)
    }
    now.set(child.folded, shape.resolvedClass)
  }
  return found
}
