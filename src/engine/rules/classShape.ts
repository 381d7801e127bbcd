/**
 * The structure of a class definition: CS-1 to CS-20 of `class-update` 3, one rule each. Each rule reports the first
 * member in the order of the definition (CX-9).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import { isCimType } from "../../model/CimType.ts"
import { coerce, isCoercionError } from "../../model/CimValue.ts"
import { coercionErrorText } from "../../model/coercionErrorText.ts"
import * as Property from "../../model/Property.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type {
  ClassDefinition,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition
} from "../../model/WbemObject.ts"
import * as WbemError from "../../protocol/WbemError.ts"
import {
  methodOverrideViolations,
  qualifierOverrideViolations,
  type Shape,
  typeOverrideViolations
} from "../classes/overrideViolations.ts"
import { type Classes, embedded, misfit } from "./embeddedObjects.ts"
import type { PutRule } from "./PutRule.ts"

/** Longest name of a property, method or qualifier. */
const widest = 255

interface Carrier {
  readonly on: string
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
}

/** Every carrier of qualifiers in a class: the class itself, its properties, methods and parameters (CX-1). */
const carriers = (definition: ClassDefinition): ReadonlyArray<Carrier> => [
  { on: "class", qualifiers: definition.qualifiers },
  ...definition.properties.map((p) => ({ on: p.name, qualifiers: p.qualifiers })),
  ...definition.methods.flatMap((m) => [
    { on: m.name, qualifiers: m.qualifiers },
    ...m.parameters.map((p) => ({ on: `${m.name}.${p.name}`, qualifiers: p.qualifiers }))
  ])
]

/** CS-1: legal qualifier names, none twice on one carrier (CX-7). */
export const qualifierNames: PutRule<Shape> = ({ definition }) => {
  for (const { on, qualifiers } of carriers(definition)) {
    if (qualifiers.length === 0) continue
    const isAgain = CimName.repetition()
    for (const qualifier of qualifiers) {
      const { name } = qualifier
      if (!CimName.isUserName(name)) {
        return new WbemError.InvalidParameter({
          parameter: `qualifier ${name} of ${on}`,
          rule: "CS-1",
          detail: "no legal name"
        })
      }
      if (isAgain(name)) {
        return new WbemError.InvalidParameter({
          parameter: `qualifier ${name} of ${on}`,
          rule: "CX-7",
          detail: "stands there twice"
        })
      }
      if (name.length > widest) return new WbemError.QualifierNameTooWide({ qualifier: name, on, rule: "CS-1" })
    }
  }
  return undefined
}

/** Checks a value of each type of qualifier. */
const scalars: ReadonlyMap<string, (value: unknown) => boolean> = /* @__PURE__ */ new Map([
  ["boolean", (value: unknown) => typeof value === "boolean"],
  ["sint32", (value: unknown) => typeof value === "number" && (value | 0) === value],
  ["real64", (value: unknown) => typeof value === "number"],
  ["string", (value: unknown) => typeof value === "string"]
])

/** CS-2: a qualifier's value is a boolean, a 32-bit integer, a double, a string, or an array of one of them, as its type says. */
export const qualifierTypes: PutRule<Shape> = ({ definition }) => {
  for (const { on, qualifiers } of carriers(definition)) {
    for (const { name, type, value } of qualifiers) {
      const fits = scalars.get(type)
      const elements: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
      if (fits === undefined || !elements.every(fits)) {
        return new WbemError.InvalidQualifierType({ qualifier: name, on, rule: "CS-2" })
      }
    }
  }
  return undefined
}

const notOnClass = ["key", "not_null", "indexed"]
const notOnProperty = ["singleton", "abstract", "association"]

/** CS-3: no qualifier of the other kind of carrier. Its presence is a violation, whatever its value (CX-1). */
export const qualifierCarriers: PutRule<Shape> = ({ definition }) => {
  for (const { name } of definition.qualifiers) {
    if (notOnClass.includes(CimName.fold(name))) {
      return new WbemError.InvalidQualifier({ qualifier: name, on: "class", rule: "CS-3" })
    }
  }
  for (const property of definition.properties) {
    for (const { name } of property.qualifiers) {
      if (notOnProperty.includes(CimName.fold(name))) {
        return new WbemError.InvalidQualifier({ qualifier: name, on: property.name, rule: "CS-3" })
      }
    }
  }
  return undefined
}

/** CS-4: no association that is an indication, inherited ones counted (CX-1). */
export const associationOrIndication: PutRule<Shape> = ({ resolvedClass }) =>
  Qualifier.isTrue(resolvedClass, "association") && Qualifier.isTrue(resolvedClass, "indication")
    ? new WbemError.InvalidQualifier({
      qualifier: "indication",
      on: "class",
      rule: "CS-4",
      detail: "the class is an association"
    })
    : undefined

/**
 * A parameter that is declared twice in one direction (CX-7). One that is declared once in and once out is one
 * parameter; CS-20 compares its halves.
 */
const parameterTwice = ({ parameters }: MethodDefinition): string | undefined => {
  const isAgain = { in: CimName.repetition(), out: CimName.repetition() }
  return parameters.find(({ direction, name }) => {
    const isIn = direction !== "out" && isAgain.in(name)
    const isOut = direction !== "in" && isAgain.out(name)
    return isIn || isOut
  })?.name
}

const illegalName = (parameter: string): WbemError.PutError =>
  new WbemError.InvalidParameter({ parameter: parameter.slice(0, 120), rule: "CS-6", detail: "no legal name" })

/** The violation of the name of a member. Properties and methods differ only in the error for a long name. */
const memberName = (
  kind: "property" | "method",
  name: string,
  isAgain: boolean,
  tooWide: () => WbemError.PutError
): WbemError.PutError | undefined => {
  const parameter = `${kind} ${name}`
  if (!CimName.isUserName(name)) return illegalName(parameter)
  if (isAgain) return new WbemError.InvalidParameter({ parameter, rule: "CX-7", detail: "declared twice" })
  return name.length > widest ? tooWide() : undefined
}

/** CS-6: legal names of properties, methods and parameters, none twice (CX-7). */
export const memberNames: PutRule<Shape> = ({ definition }) => {
  const isAgain = { property: CimName.repetition(), method: CimName.repetition() }
  const rule = "CS-6"
  for (const property of definition.properties) {
    const { name } = property
    const violation = memberName(
      "property",
      name,
      isAgain.property(name),
      () => new WbemError.PropertyNameTooWide({ property: name, rule })
    )
    if (violation !== undefined) return violation
  }
  for (const method of definition.methods) {
    const { name } = method
    const violation = memberName(
      "method",
      name,
      isAgain.method(name),
      () => new WbemError.MethodNameTooWide({ method: name, rule })
    )
    if (violation !== undefined) return violation
    const illegal = method.parameters.find((parameter) => !CimName.isUserName(parameter.name))
    if (illegal !== undefined) return illegalName(`parameter ${name}.${illegal.name}`)
    const parameter = parameterTwice(method)
    if (parameter !== undefined) {
      return new WbemError.InvalidParameter({
        parameter: `${name}.${parameter}`,
        rule: "CX-7",
        detail: "declared twice"
      })
    }
  }
  return undefined
}

/** CS-7: known types. */
export const knownTypes: PutRule<Shape> = ({ definition }) => {
  for (const { name, type } of definition.properties) {
    if (!isCimType(type)) return new WbemError.InvalidCimType({ property: name, type, rule: "CS-7" })
  }
  return undefined
}

const defaultViolation = (
  classes: Classes,
  declared: PropertyDefinition | ParameterDefinition,
  name: string
): WbemError.PutError | undefined => {
  if (declared.value === undefined || !isCimType(declared.type)) return undefined
  const coerced = coerce(declared.value, declared)
  if (!isCoercionError(coerced)) return declared.type === "object" ? embedded(classes, declared, coerced) : undefined
  const detail = `the default does not fit: ${coercionErrorText(declared.value, declared)}`
  return misfit(coerced, { property: name, type: declared.type, rule: "CS-8", detail })
}

/** CS-8: defaults fit their type, of properties first, then of parameters. An unknown type of a parameter is refused by CS-20. */
export const defaultsFit: PutRule<Shape & Classes> = (shape) => {
  for (const property of shape.definition.properties) {
    const violation = defaultViolation(shape, property, property.name)
    if (violation !== undefined) return violation
  }
  for (const method of shape.definition.methods) {
    for (const parameter of method.parameters) {
      const violation = defaultViolation(shape, parameter, `${method.name}.${parameter.name}`)
      if (violation !== undefined) return violation
    }
  }
  return undefined
}

/** CS-9: at most 1024 properties, inherited ones included. */
export const propertyCount: PutRule<Shape> = ({ resolvedClass }) =>
  resolvedClass.properties.length > 1024
    ? new WbemError.TooManyProperties({
      className: resolvedClass.name,
      count: resolvedClass.properties.length,
      rule: "CS-9"
    })
    : undefined

/** CS-10: types that cannot be a key. A redeclared key is a key with or without the qualifier (CX-3). */
export const keyTypes: PutRule<Shape> = ({ definition, parent }) => {
  for (const property of definition.properties) {
    const { isArray, type } = property
    const isKey = Property.isKey(property) || parent?.index.get(CimName.fold(property.name))?.isKey === true
    if (isKey && (isArray || type === "real32" || type === "real64" || type === "object")) {
      return new WbemError.CannotBeKey({
        className: definition.name,
        property: property.name,
        rule: "CS-10",
        detail: `${type}${isArray ? "[]" : ""} cannot be a key`
      })
    }
  }
  return undefined
}

const introducesKey = ({ definition, parent }: Shape): string | undefined =>
  definition.properties.find((p) => Property.isKey(p) && parent?.index.get(CimName.fold(p.name))?.isKey !== true)?.name

/** CS-11: no key is added below keys. */
export const noKeyBelowKeys: PutRule<Shape> = (shape) => {
  if (shape.parent === undefined || shape.parent.keys.length === 0) return undefined
  const property = introducesKey(shape)
  return property === undefined ? undefined : new WbemError.CannotBeKey({
    className: shape.definition.name,
    property,
    rule: "CS-11",
    detail: `${shape.parent.name} has keys already`
  })
}

/** CS-13: a singleton, own or inherited (CX-3), has no keys, own or inherited. */
export const singletonWithoutKeys: PutRule<Shape> = ({ resolvedClass }) =>
  resolvedClass.isSingleton && resolvedClass.keys.length > 0
    ? new WbemError.CannotBeSingleton({
      className: resolvedClass.name,
      rule: "CS-13",
      detail: `${resolvedClass.keys[0]!.name} is a key`
    })
    : undefined

/** CS-15: no abstract class below one that is not, by the qualifiers in force (CX-15). */
export const abstractParent: PutRule<Shape> = ({ resolvedClass, parent }) =>
  resolvedClass.isAbstract && parent !== undefined && !parent.isAbstract
    ? new WbemError.CannotBeAbstract({
      className: resolvedClass.name,
      rule: "CS-15",
      detail: `${parent.name} is not abstract`
    })
    : undefined

/** CS-16: below a dynamic class every class is dynamic, by the qualifiers in force (CX-15). */
export const dynamicParent: PutRule<Shape> = ({ resolvedClass, parent }) =>
  parent?.isDynamic === true && !resolvedClass.isDynamic
    ? new WbemError.InvalidSuperclass({
      className: resolvedClass.name,
      superclass: parent.name,
      rule: "CS-16",
      detail: "the superclass is dynamic"
    })
    : undefined

/** CS-17: redeclared properties keep their type. */
export const inheritedTypes: PutRule<Shape> = (shape) => typeOverrideViolations(shape)[0]?.error

/** CS-18: qualifiers that may not be overridden keep their value. */
export const fixedQualifiers: PutRule<Shape> = (shape) => qualifierOverrideViolations(shape)[0]?.error

/** CS-19: redeclared methods keep their signature. */
export const inheritedMethods: PutRule<Shape> = (shape) => methodOverrideViolations(shape)[0]?.error

/** The in half and the out half of one parameter have the same type, position and qualifiers (`object-model` 8). */
const areAlike = (a: ParameterDefinition, b: ParameterDefinition): boolean =>
  a.id === b.id && a.type === b.type && a.isArray === b.isArray && CimName.equals(a.className ?? "", b.className ?? "")
  && a.qualifiers.length === b.qualifiers.length
  && a.qualifiers.every((q) => b.qualifiers.some((other) => Qualifier.equals(q, other)))

/** An out parameter of this name is the return value, which has no ID (`object-model` 8). */
const isReturnValue = ({ direction, id, name }: ParameterDefinition): boolean =>
  direction !== "in" && id !== undefined && CimName.equals(name, "ReturnValue")

const parametersOf = (method: MethodDefinition): WbemError.PutError | undefined => {
  const rule = "CS-20"
  const distinct: Array<ParameterDefinition> = []
  const ids = new Set<number>()
  for (const parameter of method.parameters) {
    const { name, type } = parameter
    if (!isCimType(type)) return new WbemError.InvalidCimType({ property: `${method.name}.${name}`, type, rule })
    const other = CimName.find(distinct, name)
    if (other === undefined) distinct.push(parameter)
    else if (!areAlike(other, parameter)) {
      return new WbemError.InvalidDuplicateParameter({ method: method.name, parameter: name, rule })
    }
  }
  if (method.returns !== "void" && !isCimType(method.returns)) {
    return new WbemError.InvalidCimType({ property: method.name, type: method.returns, rule })
  }
  if (Qualifier.has(method.qualifiers, "id") || method.parameters.some(isReturnValue)) {
    return new WbemError.ParameterIdOnRetval({ method: method.name, rule })
  }
  for (const { id, name, qualifiers } of method.parameters) {
    const written = Qualifier.find(qualifiers, "id")
    if (written !== undefined && typeof written.value !== "number") {
      return new WbemError.InvalidParameterId({ method: method.name, parameter: name, rule })
    }
    if (id === undefined) return new WbemError.MissingParameter({ method: method.name, parameter: name, rule })
    if (!Number.isInteger(id) || id < 0) {
      return new WbemError.InvalidParameterId({ method: method.name, parameter: name, rule })
    }
    ids.add(id)
  }
  for (let id = 0; id < distinct.length; id++) {
    if (!ids.has(id)) return new WbemError.NonConsecutiveParameterIds({ method: method.name, rule })
  }
  return undefined
}

/** CS-20: parameters, with the codes of `object-model` 8. */
export const parameters: PutRule<Shape> = ({ definition }) => {
  for (const method of definition.methods) {
    const violation = parametersOf(method)
    if (violation !== undefined) return violation
  }
  return undefined
}

/**
 * The rows of `class-update` 3, in their order. CS-5 refuses nothing: it defines how the values of key, not_null and
 * indexed are read, which `ResolvedClass.make` does.
 *
 * @since 0.1.0
 * @category rules
 */
export const structure: ReadonlyArray<PutRule<Shape & Classes>> = [
  qualifierNames, // CS-1
  qualifierTypes, // CS-2
  qualifierCarriers, // CS-3
  associationOrIndication, // CS-4
  memberNames, // CS-6
  knownTypes, // CS-7
  defaultsFit, // CS-8
  propertyCount, // CS-9
  keyTypes, // CS-10
  noKeyBelowKeys, // CS-11
  singletonWithoutKeys, // CS-13
  abstractParent, // CS-15
  dynamicParent, // CS-16
  inheritedTypes, // CS-17
  fixedQualifiers, // CS-18
  inheritedMethods, // CS-19
  parameters // CS-20
]
