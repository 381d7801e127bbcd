/**
 * The update of an existing class: a list of rules for each of the modes compatible, safe and force (`class-update` 5,
 * U-0 to U-4).
 *
 * @since 0.1.0
 */
import type { UpdateMode } from "../../protocol/PutFlags.ts"
import {
  CannotChangeIndexInheritance,
  CannotChangeKeyInheritance,
  ClassHasChildren,
  ClassHasInstances
} from "../../protocol/WbemError.ts"
import { instancesOf, namespaceDenied } from "../DeleteEngine.ts"
import type { ClassFacts } from "../Facts.ts"
import type { EffectiveProperty, ResolvedClass } from "../classes/ResolvedClass.ts"
import * as Snapshot from "../state/Snapshot.ts"
import { namespaceRoot } from "../state/namespaceTables.ts"
import { firstViolation, type PutRule } from "./PutRule.ts"

type Rule = PutRule<ClassFacts>

const names = (resolvedClass: ResolvedClass, of: (property: EffectiveProperty) => boolean): string =>
  resolvedClass.properties.filter(of).map((property) => property.folded).sort().join()

const setChanged = (facts: ClassFacts, of: (property: EffectiveProperty) => boolean): boolean =>
  names(facts.storedResolvedClass!, of) !== names(facts.resolvedClass, of)

const at = (facts: ClassFacts, rule: string): { readonly className: string; readonly rule: string } => ({
  className: facts.definition.name,
  rule
})

const noChildren = (rule: string): Rule => (facts) =>
  facts.descendants.length > 0 ? new ClassHasChildren(at(facts, rule)) : undefined

const noOwnInstances = (rule: string): Rule => (facts) =>
  facts.ownInstances > 0
    ? new ClassHasInstances({ ...at(facts, rule), detail: `${facts.ownInstances} of its own` })
    : undefined

const noSubInstances = (rule: string): Rule => (facts) =>
  facts.subInstances > 0
    ? new ClassHasInstances({ ...at(facts, rule), detail: `${facts.subInstances} in classes below` })
    : undefined

const sameKeys = (rule: string): Rule => (facts) =>
  facts.descendants.length > 0 && setChanged(facts, (p) => p.isKey)
    ? new CannotChangeKeyInheritance(at(facts, rule))
    : undefined

const sameIndex = (rule: string): Rule => (facts) =>
  facts.descendants.length > 0 && setChanged(facts, (p) => p.isIndexed)
    ? new CannotChangeIndexInheritance(at(facts, rule))
    : undefined

const sameSuperclass = (rule: string): Rule => (facts) =>
  facts.descendants.length > 0 && facts.storedResolvedClass!.parent?.folded !== facts.parent?.folded
    ? new ClassHasChildren({ ...at(facts, rule), detail: "the superclass changes" })
    : undefined

/**
 * Namespaces among the own instances are deleted with the update. The caller needs the right in each of them that has a
 * descriptor (DL-7).
 */
const namespacesDeletable: Rule = ({ ownInstances, put, snapshot, storedResolvedClass }) =>
  storedResolvedClass!.root !== namespaceRoot || ownInstances === 0 ? undefined : namespaceDenied(
    snapshot,
    put,
    put.namespace,
    instancesOf(snapshot, put, Snapshot.namespaceName(snapshot, put.namespace)!, storedResolvedClass!).changes
  )

/**
 * The rules of each mode, in order.
 *
 * @since 0.1.0
 * @category rules
 */
export const modes: Readonly<Record<UpdateMode, ReadonlyArray<Rule>>> = {
  Compatible: [noChildren("U-2"), noOwnInstances("U-2")],
  Safe: [
    noOwnInstances("U-3"),
    noSubInstances("U-3"),
    sameKeys("U-3"),
    sameIndex("U-3"),
    sameSuperclass("U-3"),
    (facts) => facts.subclassConflicts[0]?.error
  ],
  Force: [
    noSubInstances("U-4"),
    sameKeys("U-4"),
    sameIndex("U-4"),
    (facts) => facts.subclassConflicts.find((conflict) => conflict.unresolvable !== undefined)?.unresolvable,
    namespacesDeletable
  ]
}

/**
 * Whether an update is allowed in every mode: nothing changes (U-0), or only unimportant qualifiers change without a
 * conflict in a class below (U-1).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isHarmless = (facts: ClassFacts): boolean =>
  facts.difference === "None" || (facts.difference === "Unimportant" && facts.subclassConflicts.length === 0)

/**
 * Row 14 of `class-update` 2.
 *
 * @since 0.1.0
 * @category rules
 */
export const updateAllowed: Rule = (facts) =>
  facts.stored === undefined || isHarmless(facts) ? undefined : firstViolation(facts, modes[facts.put.options.update])
