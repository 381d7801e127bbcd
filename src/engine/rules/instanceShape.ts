/**
 * The structure of an instance, independent of the stored occupant of its identity: rows 1, 2, 4, 6, 7, 9, 10 and 12 of
 * `instance-put` 1.
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import { shown } from "../../model/coercionErrorText.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import * as WbemError from "../../protocol/WbemError.ts"
import type { InstanceFacts } from "../Facts.ts"
import { findProperty, providerCalls } from "../classes/ResolvedClass.ts"
import { namespaceRoot } from "../state/namespaceTables.ts"
import { effective } from "../values.ts"
import { inside, unknownProperty } from "./embeddedObjects.ts"
import { firstViolation, type PutRule } from "./PutRule.ts"

type Rule = PutRule<InstanceFacts>

/** Most keys of an instance (IK-9). */
const mostKeys = 256

/** Row 1. */
export const namesAClass: Rule = ({ instance }) =>
  instance.className === ""
    ? new WbemError.InvalidObject({ rule: "instance-put 1.1", detail: "the object names no class" })
    : undefined

/** Row 2. */
export const classExists: Rule = ({ instance, resolvedClass, put }) =>
  resolvedClass === undefined
    ? new WbemError.InvalidClass({
      className: instance.className,
      rule: "instance-put 1.2",
      detail: `not in ${put.namespace}`
    })
    : undefined

/** Row 4. */
export const classIsConcrete: Rule = ({ resolvedClass }) =>
  resolvedClass!.isAbstract
    ? new WbemError.InvalidClass({
      className: resolvedClass!.name,
      rule: "instance-put 1.4",
      detail: "the class is abstract"
    })
    : undefined

/** Row 6. */
export const knownProperties: Rule = (facts) => unknownProperty(facts.values, facts.resolvedClass!)

/** Row 7 (`instance-put` 1.7): every value fits its type; no qualifier of the instance overrides one of its class that is fixed (IV-13). */
export const valuesFit: Rule = (facts) => {
  const resolvedClass = facts.resolvedClass!
  const values = facts.values
  const violation = inside(facts, resolvedClass, facts.instance, values)
  if (violation !== undefined) return violation
  const { propertyQualifiers, qualifiers } = facts.instance
  const override = overridden(resolvedClass.name, resolvedClass.qualifiers, qualifiers)
  if (override !== undefined || propertyQualifiers === undefined) return override
  for (const [name, own] of Object.entries(propertyQualifiers)) {
    const property = findProperty(resolvedClass, name)
    const override = property && overridden(property.name, property.qualifiers, own)
    if (override !== undefined) return override
  }
  return undefined
}

const fixed = Qualifier.Flavor.ToInstance | Qualifier.Flavor.DisableOverride

/** IV-13, for the qualifiers of the instance or of one of its properties. */
const overridden = (
  on: string,
  above: ReadonlyArray<Qualifier.Qualifier>,
  own: ReadonlyArray<Qualifier.Qualifier>
): WbemError.PutError | undefined => {
  for (const q of own) {
    const inherited = Qualifier.find(above, q.name)
    if (inherited === undefined || Qualifier.sameValue(inherited, q)) continue
    // `key` is inherited and fixed whatever its flavours (`qualifiers` 2).
    if ((inherited.flavor & fixed) === fixed || CimName.equals(q.name, "key")) {
      return new WbemError.OverrideNotAllowed({ qualifier: q.name, on, rule: "IV-13" })
    }
  }
  return undefined
}

/** Row 9. */
export const keyOrSingleton: Rule = ({ resolvedClass }) =>
  resolvedClass!.root === undefined
    ? new WbemError.NoKey({
      className: resolvedClass!.name,
      rule: "instance-put 1.9",
      detail: "the class has neither a key nor is it a singleton"
    })
    : undefined

const control = /[\x00-\x1f]/

/** Row 10: IK-9, then IK-4, then IK-7 (IX-1). */
export const keyValues: Rule = (facts) => {
  const resolvedClass = facts.resolvedClass!
  if (resolvedClass.isSingleton) return undefined
  const keys = resolvedClass.keys
  if (keys.length > mostKeys) {
    return new WbemError.InvalidObject({ rule: "IK-9", detail: `${keys.length} keys, at most ${mostKeys}` })
  }
  const values = facts.values.values
  for (let i = 0; i < keys.length; i++) {
    const property = keys[i]!
    if ((property.type !== "string" || resolvedClass.root === namespaceRoot) && effective(values, property) === null) {
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
        detail: `a key holds no character below U+0020, ${shown(value)} given`
      })
    }
    if (resolvedClass.root === namespaceRoot && !CimName.isNamespaceName(value)) {
      return new WbemError.InvalidParameter({
        parameter: `namespace name ${value.slice(0, 80)}`,
        rule: "IX-7",
        detail: "no legal name"
      })
    }
  }
  return undefined
}

/** Row 12: Not_Null and Indexed of the values after the put. */
export const requiredValues: Rule = (facts) => {
  const required = facts.resolvedClass!.required
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

/** Row 8: applies the rules to classes that no provider serves. */
export const unlessProvided = (...rules: ReadonlyArray<Rule>): Rule => (facts) =>
  facts.resolvedClass!.isDynamic ? undefined : firstViolation(facts, rules)

/** IR-1: in a class that a provider serves, every dynamic level names a provider. */
export const providersNamed: Rule = ({ resolvedClass }) => {
  if (!resolvedClass!.isDynamic) return undefined
  const nameless = providerCalls(resolvedClass!).find(({ provider }) => provider === "")
  return nameless && new WbemError.ProviderNotFound({
    className: nameless.className,
    rule: "IR-1",
    detail: "the class names no provider"
  })
}
