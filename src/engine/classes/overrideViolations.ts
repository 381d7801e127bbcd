/**
 * Violations of what a definition inherits: property types (CS-17), qualifiers that may not be overridden (CS-18),
 * method signatures (CS-19). A put is refused with the first one. An update of a class above needs all of them, in
 * force mode to remove them.
 *
 * @internal
 */
import { classWith } from "../../model/effectValue.ts"
import * as CimName from "../../model/CimName.ts"
import * as CimType from "../../model/CimType.ts"
import type { TypeRef } from "../../model/CimType.ts"
import * as Property from "../../model/Property.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type { ClassDefinition, MethodDefinition } from "../../model/WbemObject.ts"
import {
  CannotBeKey,
  type PutError,
  UpdateOverrideNotAllowed,
  UpdatePropagatedMethod,
  UpdateTypeMismatch
} from "../../protocol/WbemError.ts"
import { inheritedQualifiers, type ResolvedClass, signature } from "./ResolvedClass.ts"

/** A definition with its parent. */
export interface Shape {
  readonly definition: ClassDefinition
  readonly parent: ResolvedClass | undefined
  readonly resolvedClass: ResolvedClass
  readonly derivesFrom: (className: string, ancestor: string) => boolean
}

/** One violation. */
export interface OverrideViolation {
  /** Identifies the violation, so that those before and after an update can be compared (CX-13). */
  readonly id: string
  readonly error: PutError
  /** The definition without the member or qualifier that violates. */
  readonly without: (definition: ClassDefinition) => ClassDefinition
  /** The error of force mode when the violation may not be removed (CX-12). */
  readonly unresolvable?: PutError
}

/**
 * A redeclaration keeps the type. An embedded object may name the inherited class or one below it, a reference any
 * class or none (CS-17).
 */
const keepsType = (own: TypeRef, above: TypeRef, derivesFrom: Shape["derivesFrom"]): boolean =>
  own.type === above.type && own.isArray === above.isArray
  && (own.type !== "object" || above.className === undefined
    || (own.className !== undefined && derivesFrom(own.className, above.className)))

const without = <A extends { readonly name: string }>(members: ReadonlyArray<A>, name: string): ReadonlyArray<A> =>
  Object.freeze(members.filter((member) => !CimName.equals(member.name, name)))

/** CS-17. */
export const typeOverrideViolations = (
  { definition, derivesFrom, parent }: Shape
): ReadonlyArray<OverrideViolation> => {
  const violations: Array<OverrideViolation> = []
  for (const own of definition.properties) {
    const above = parent?.index.get(CimName.fold(own.name))
    if (above === undefined || keepsType(own, above, derivesFrom)) continue
    const at = { className: definition.name, property: own.name }
    violations.push({
      id: `type ${CimName.fold(own.name)}`,
      error: new UpdateTypeMismatch({
        ...at,
        rule: "CS-17",
        detail: `declared as ${CimType.format(own)}, inherited as ${CimType.format(above)} from ${above.origin}`
      }),
      without: (d) => Object.freeze(classWith(d, { properties: without(d.properties, own.name) })),
      ...(Property.isKey(own) ? { unresolvable: new CannotBeKey({ ...at, rule: "CX-12" }) } : {})
    })
  }
  return violations
}

interface OverriddenQualifiers {
  readonly on: string
  readonly own: ReadonlyArray<Qualifier.Qualifier>
  readonly above: ReadonlyArray<Qualifier.Qualifier>
  readonly without: (definition: ClassDefinition, qualifier: string) => ClassDefinition
}

const replaced = <A extends { readonly name: string }>(
  members: ReadonlyArray<A>,
  name: string,
  change: (a: A) => A
): ReadonlyArray<A> =>
  Object.freeze(members.map((member) => CimName.equals(member.name, name) ? Object.freeze(change(member)) : member))

const withoutQualifier = <A extends { readonly qualifiers: ReadonlyArray<Qualifier.Qualifier> }>(
  carrier: A,
  qualifier: string
): A => ({ ...carrier, qualifiers: without(carrier.qualifiers, qualifier) })

const withMethod = (
  definition: ClassDefinition,
  name: string,
  change: (method: MethodDefinition) => MethodDefinition
): ClassDefinition => Object.freeze(classWith(definition, { methods: replaced(definition.methods, name, change) }))

const carriers = ({ definition, parent }: Shape): ReadonlyArray<OverriddenQualifiers> => {
  if (parent === undefined) return []
  const found: Array<OverriddenQualifiers> = [{
    on: "class",
    own: definition.qualifiers,
    above: parent.qualifiers,
    without: (d, q) => Object.freeze(classWith(d, { qualifiers: without(d.qualifiers, q) }))
  }]
  for (const { name, qualifiers } of definition.properties) {
    const above = parent.index.get(CimName.fold(name))
    if (above === undefined) continue
    found.push({
      on: name,
      own: qualifiers,
      above: above.qualifiers,
      without: (d, q) =>
        Object.freeze(classWith(d, { properties: replaced(d.properties, name, (p) => withoutQualifier(p, q)) }))
    })
  }
  for (const { name, parameters, qualifiers } of definition.methods) {
    const above = CimName.find(parent.methods, name)
    if (above === undefined) continue
    found.push({
      on: name,
      own: qualifiers,
      above: above.qualifiers,
      without: (d, q) => withMethod(d, name, (m) => withoutQualifier(m, q))
    })
    for (const parameter of parameters) {
      found.push({
        on: `${name}.${parameter.name}`,
        own: parameter.qualifiers,
        above: CimName.find(above.parameters, parameter.name)?.qualifiers ?? [],
        without: (d, q) =>
          withMethod(d, name, (m) => ({
            ...m,
            parameters: replaced(m.parameters, parameter.name, (p) => withoutQualifier(p, q))
          }))
      })
    }
  }
  return found
}

/** CS-18. An equal value is no override. A `key` stays a key whatever a subclass declares (CX-2, CX-3). */
export const qualifierOverrideViolations = (shape: Shape): ReadonlyArray<OverrideViolation> => {
  const violations: Array<OverrideViolation> = []
  for (const carrier of carriers(shape)) {
    if (carrier.own.length === 0) continue
    const above = inheritedQualifiers(carrier.above)
    for (const own of carrier.own) {
      const fixed = Qualifier.find(above, own.name)
      if (fixed === undefined || (fixed.flavor & Qualifier.Flavor.DisableOverride) === 0) continue
      if (CimName.equals(own.name, "key") || Qualifier.sameValue(fixed, own)) continue
      violations.push({
        id: `qualifier ${CimName.fold(carrier.on)} ${CimName.fold(own.name)}`,
        error: new UpdateOverrideNotAllowed({
          className: shape.definition.name,
          qualifier: own.name,
          on: carrier.on,
          rule: "CS-18"
        }),
        without: (d) => carrier.without(d, own.name)
      })
    }
  }
  return violations
}

/** CS-19. */
export const methodOverrideViolations = ({ definition, parent }: Shape): ReadonlyArray<OverrideViolation> => {
  const violations: Array<OverrideViolation> = []
  for (const own of definition.methods) {
    const above = parent === undefined ? undefined : CimName.find(parent.methods, own.name)
    if (above === undefined || signature(above) === signature(own)) continue
    violations.push({
      id: `method ${CimName.fold(own.name)}`,
      error: new UpdatePropagatedMethod({
        className: definition.name,
        method: own.name,
        rule: "CS-19",
        detail: `${above.origin} declares another signature`
      }),
      without: (d) => Object.freeze(classWith(d, { methods: without(d.methods, own.name) }))
    })
  }
  return violations
}
