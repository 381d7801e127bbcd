/**
 * What an instance must be, whoever holds its identity: rows 1, 2, 4, 6, 7, 9, 10 and 12 of `instance-put` 1.
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import { type Misfit, outOfRange } from "../../model/CimValue.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type { CimValue, ClassDefinition, Instance } from "../../model/WbemObject.ts"
import * as WbemError from "../../protocol/WbemError.ts"
import type { InstanceFacts } from "../Facts.ts"
import { type EffectiveProperty, findProperty, isOrDerivesFrom, type Lineage } from "../Lineage.ts"
import * as Snapshot from "../Snapshot.ts"
import { namespaceRoot } from "../tables.ts"
import { effective, own, type Values, valuesOf } from "../values.ts"
import type { PutRule } from "./PutRule.ts"

type Rule = PutRule<InstanceFacts>

/** Most keys of an instance (IK-9). */
const mostKeys = 256
/** How deep embedded objects may nest; the outermost instance is depth 0 (K-8, IX-4). */
const deepest = 64

/** Row 1. */
export const namesAClass: Rule = ({ instance }) =>
  instance.className === ""
    ? new WbemError.InvalidObject({ rule: "instance-put 1.1", detail: "the object names no class" })
    : undefined

/** Row 2. */
export const classExists: Rule = ({ instance, lineage, put }) =>
  lineage === undefined
    ? new WbemError.InvalidClass({
      className: instance.className,
      rule: "instance-put 1.2",
      detail: `not in ${put.namespace}`
    })
    : undefined

/** Row 4. */
export const classIsConcrete: Rule = ({ lineage }) =>
  lineage!.isAbstract
    ? new WbemError.InvalidClass({
      className: lineage!.name,
      rule: "instance-put 1.4",
      detail: "the class is abstract"
    })
    : undefined

const unknownProperty = (values: Values, className: string): WbemError.WbemError | undefined =>
  values.unknown !== undefined
    ? new WbemError.InvalidProperty({ property: values.unknown, className, rule: "instance-put 1.6" })
    : values.twice !== undefined
    ? new WbemError.InvalidParameter({
      parameter: `property ${values.twice}`,
      rule: "IX-1",
      detail: "stands there twice"
    })
    : undefined

/** Row 6. */
export const knownProperties: Rule = (facts) => unknownProperty(facts.values, facts.lineage!.name)

const misfit = (property: string, type: string, why: Misfit, detail?: string): WbemError.WbemError =>
  why === outOfRange
    ? new WbemError.ValueOutOfRange({ property, type, rule: "instance-put 1.7", detail })
    : new WbemError.TypeMismatch({ property, type, rule: "instance-put 1.7", detail })

const typeText = (property: EffectiveProperty): string =>
  `${property.type}${property.className === undefined ? "" : `:${property.className}`}${property.isArray ? "[]" : ""}`

/** Embedded objects: their class, then rows 6 and 7 inside them, down to the deepest level (IV-10, IX-4). */
const embedded = (
  facts: InstanceFacts,
  property: EffectiveProperty,
  value: CimValue,
  depth: number
): WbemError.WbemError | undefined => {
  if (typeof value !== "object" || value === null) return undefined
  if (Array.isArray(value)) {
    for (const element of value as ReadonlyArray<CimValue>) {
      const objection = embedded(facts, property, element, depth)
      if (objection !== undefined) return objection
    }
    return undefined
  }
  if (depth > deepest) {
    return new WbemError.QuotaViolation({ limit: "embedded nesting", maximum: deepest, rule: "instance-put K-8" })
  }
  const object = value as Instance | ClassDefinition
  const mismatch = (detail: string): WbemError.WbemError =>
    new WbemError.TypeMismatch({ property: property.name, type: typeText(property), rule: "IV-10", detail })
  if (object._tag === "Class") {
    const fits = property.className === undefined
      || Snapshot.derivesFrom(facts.snapshot, facts.put.namespace, object.name, property.className)
      || (object.superclass !== undefined
        && Snapshot.derivesFrom(facts.snapshot, facts.put.namespace, object.superclass, property.className))
    return fits ? undefined : mismatch(`${object.name} is no ${property.className}`)
  }
  const lineage = Snapshot.lineage(facts.snapshot, facts.put.namespace, object.className)
  if (lineage === undefined) return mismatch(`class ${object.className} does not exist`)
  if (lineage.isAbstract) return mismatch(`class ${object.className} is abstract`)
  if (property.className !== undefined && !isOrDerivesFrom(lineage, property.className)) {
    return mismatch(`${object.className} is no ${property.className}`)
  }
  return inside(facts, lineage, object, valuesOf(lineage, object), depth)
}

/** Rows 6 and 7 of one object; the first property in the order of the object decides (IX-1). */
const inside = (
  facts: InstanceFacts,
  lineage: Lineage,
  object: Instance,
  values: Values,
  depth: number
): WbemError.WbemError | undefined => {
  const unknown = depth === 0 ? undefined : unknownProperty(values, lineage.name)
  if (unknown !== undefined) return unknown
  if (lineage.embedded.length === 0) return values.misfit && misfitOf(values.misfit)
  for (const name of Object.keys(object.values)) {
    const property = findProperty(lineage, name)
    if (property === undefined) continue
    if (property === values.misfit?.property) return misfitOf(values.misfit)
    const value = property.type === "object" ? own(values.values, property) : undefined
    const objection = value === undefined ? undefined : embedded(facts, property, value, depth + 1)
    if (objection !== undefined) return objection
  }
  return undefined
}

const misfitOf = ({ property, why }: NonNullable<Values["misfit"]>): WbemError.WbemError =>
  misfit(property.name, typeText(property), why)

/** Row 7: every value fits its type; an own qualifier overrides no fixed one of the class (IV-13). */
export const valuesFit: Rule = (facts) => {
  const lineage = facts.lineage!
  const values = facts.values
  const objection = inside(facts, lineage, facts.instance, values, 0)
  if (objection !== undefined) return objection
  for (const own of facts.instance.qualifiers) {
    const above = Qualifier.find(lineage.qualifiers, own.name)
    const fixed = Qualifier.Flavor.ToInstance | Qualifier.Flavor.DisableOverride
    if (above !== undefined && (above.flavor & fixed) === fixed && !Qualifier.sameValue(above, own)) {
      return new WbemError.OverrideNotAllowed({ qualifier: own.name, on: lineage.name, rule: "IV-13" })
    }
  }
  return undefined
}

/** Row 9. */
export const keyOrSingleton: Rule = ({ lineage }) =>
  lineage!.root === undefined
    ? new WbemError.NoKey({
      className: lineage!.name,
      rule: "instance-put 1.9",
      detail: "the class has neither a key nor is it a singleton"
    })
    : undefined

const control = /[\x00-\x1f]/

/** Row 10: IK-9, then IK-4, then IK-7 (IX-1). */
export const keyValues: Rule = (facts) => {
  const lineage = facts.lineage!
  if (lineage.isSingleton) return undefined
  const keys = lineage.keys
  if (keys.length > mostKeys) {
    return new WbemError.InvalidObject({ rule: "IK-9", detail: `${keys.length} keys, at most ${mostKeys}` })
  }
  const values = facts.values.values
  for (let i = 0; i < keys.length; i++) {
    const property = keys[i]!
    if ((property.type !== "string" || lineage.root === namespaceRoot) && effective(values, property) === null) {
      return new WbemError.IllegalNull({ property: property.name, because: "Key", rule: "IK-4" })
    }
  }
  for (let i = 0; i < keys.length; i++) {
    const property = keys[i]!
    const value = effective(values, property)
    if (property.type !== "string" || typeof value !== "string") continue
    if (control.test(value)) {
      return new WbemError.InvalidObject({
        property: property.name,
        rule: "IK-7",
        detail: "a key holds no character below U+0020"
      })
    }
    if (lineage.root === namespaceRoot && !CimName.isUserName(value)) {
      return new WbemError.InvalidParameter({
        parameter: `namespace name ${value.slice(0, 80)}`,
        rule: "IX-7",
        detail: "no legal name"
      })
    }
  }
  return undefined
}

/** Row 12: Not_Null and Indexed of the instance that would result. */
export const requiredValues: Rule = (facts) => {
  const required = facts.lineage!.required
  for (let i = 0; i < required.length; i++) {
    const property = required[i]!
    if (property.isKey || effective(facts.result, property) !== null) continue
    return new WbemError.IllegalNull({
      property: property.name,
      because: property.isNotNull ? "Not_Null" : "Indexed",
      rule: "instance-put 1.12"
    })
  }
  return undefined
}

/** Row 8: the rules that follow are not asked of a class that a provider serves. */
export const unlessProvided = (...rules: ReadonlyArray<Rule>): Rule => (facts) => {
  if (facts.lineage!.isDynamic) return undefined
  for (let i = 0; i < rules.length; i++) {
    const objection = rules[i]!(facts)
    if (objection !== undefined) return objection
  }
  return undefined
}

/** IR-1: of a class that a provider serves, every level names one. */
export const providersNamed: Rule = ({ lineage }) => {
  if (!lineage!.isDynamic) return undefined
  for (let at: Lineage | undefined = lineage; at !== undefined && at.isDynamic; at = at.parent) {
    const provider = Qualifier.find(at.qualifiers, "provider")?.value
    if (typeof provider !== "string" || provider === "") {
      return new WbemError.ProviderNotFound({ className: at.name, rule: "IR-1", detail: "the class names no provider" })
    }
  }
  return undefined
}
