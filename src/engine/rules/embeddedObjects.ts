/**
 * Embedded objects: their class, then rows 6 and 7 of `instance-put` 1 inside them (IV-10, IX-4). Applied to the values
 * of an instance and to the default of a property (CS-8).
 *
 * @internal
 */
import * as CimType from "../../model/CimType.ts"
import type { TypeRef } from "../../model/CimType.ts"
import { type CoercionError, outOfRange } from "../../model/CimValue.ts"
import { coercionErrorText } from "../../model/coercionErrorText.ts"
import { nearest } from "../../model/text/nearestName.ts"
import type { CimValue, ClassDefinition, Instance } from "../../model/WbemObject.ts"
import * as WbemError from "../../protocol/WbemError.ts"
import { findProperty, isOrDerivesFrom, type ResolvedClass } from "../classes/ResolvedClass.ts"
import { own, type Values, valuesOf } from "../values.ts"

/** The deepest nesting of embedded objects; the outermost instance is depth 0 (K-8, IX-4). */
const deepest = 64

/** Looks up the classes of embedded objects. */
export interface Classes {
  readonly resolvedClassOf: (className: string) => ResolvedClass | undefined
  readonly derivesFrom: (className: string, ancestor: string) => boolean
}

const suggestion = (properties: ResolvedClass["properties"], misspelt: string): string | undefined => {
  const near = nearest(properties, misspelt)
  return near === undefined ? undefined : `did you mean ${near}?`
}

/** Row 6 of one object. */
export const unknownProperty = (values: Values, { name, properties }: ResolvedClass): WbemError.PutError | undefined =>
  values.unknown !== undefined
    ? new WbemError.InvalidProperty({
      property: values.unknown,
      className: name,
      rule: "instance-put 1.6",
      detail: suggestion(properties, values.unknown)
    })
    : values.repeated !== undefined
    ? new WbemError.InvalidParameter({
      parameter: `property ${values.repeated}`,
      rule: "IX-1",
      detail: "stands there twice"
    })
    : undefined

/** Checks an embedded object: its class, then rows 6 and 7 inside it, down to the deepest level (IV-10, IX-4). */
export const embedded = (
  classes: Classes,
  property: TypeRef & { readonly name: string },
  value: CimValue,
  depth = 1
): WbemError.PutError | undefined => {
  if (typeof value !== "object" || value === null) return undefined
  if (Array.isArray(value)) {
    for (const element of value as ReadonlyArray<CimValue>) {
      const violation = embedded(classes, property, element, depth)
      if (violation !== undefined) return violation
    }
    return undefined
  }
  if (depth > deepest) {
    return new WbemError.QuotaViolation({ limit: "embedded nesting", maximum: deepest, rule: "instance-put K-8" })
  }
  const object = value as Instance | ClassDefinition
  const mismatch = (detail: string): WbemError.PutError =>
    new WbemError.TypeMismatch({ property: property.name, type: CimType.format(property), rule: "IV-10", detail })
  if (object._tag === "Class") {
    const fits = property.className === undefined || classes.derivesFrom(object.name, property.className)
      || (object.superclass !== undefined && classes.derivesFrom(object.superclass, property.className))
    return fits ? undefined : mismatch(`${object.name} is no ${property.className}`)
  }
  const resolvedClass = classes.resolvedClassOf(object.className)
  if (resolvedClass === undefined) return mismatch(`class ${object.className} does not exist`)
  if (property.className !== undefined && !isOrDerivesFrom(resolvedClass, property.className)) {
    return mismatch(`${object.className} is no ${property.className}`)
  }
  return inside(classes, resolvedClass, object, valuesOf(resolvedClass, object), depth)
}

/** Rows 6 and 7 of one object; the first property in the order of the object decides (IX-1). */
export const inside = (
  classes: Classes,
  resolvedClass: ResolvedClass,
  object: Instance,
  values: Values,
  depth = 0
): WbemError.PutError | undefined => {
  const unknown = depth === 0 ? undefined : unknownProperty(values, resolvedClass)
  if (unknown !== undefined) return unknown
  if (resolvedClass.embedded.length === 0) return values.coercionError && coercionErrorOf(values.coercionError)
  for (const name of Object.keys(object.values)) {
    const property = findProperty(resolvedClass, name)
    if (property === undefined) continue
    if (property === values.coercionError?.property) return coercionErrorOf(values.coercionError)
    const value = property.type === "object" ? own(values.values, property) : undefined
    const violation = value === undefined ? undefined : embedded(classes, property, value, depth + 1)
    if (violation !== undefined) return violation
  }
  return undefined
}

const coercionErrorOf = ({ given, property, why }: NonNullable<Values["coercionError"]>): WbemError.PutError => {
  const type = CimType.format(property)
  return misfit(why, {
    property: property.name,
    type,
    rule: "instance-put 1.7",
    detail: coercionErrorText(given, property)
  })
}

/** The error of a value that does not fit its type. */
export const misfit = (
  why: CoercionError,
  facts: ConstructorParameters<typeof WbemError.TypeMismatch>[0]
): WbemError.PutError => why === outOfRange ? new WbemError.ValueOutOfRange(facts) : new WbemError.TypeMismatch(facts)
