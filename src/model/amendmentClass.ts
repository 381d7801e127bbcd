/**
 * The amendment class of a definition: its localised text, in a class of the same name in the namespace of a locale (`qualifiers` 7.1).
 * The engine writes it together with a class that is put with `UseAmendedQualifiers`; the MOF compiler writes it as the localised half of
 * a file. The class without its text is `withoutAmended`.
 *
 * @internal
 */
import * as CimName from "./CimName.ts"
import { classOf } from "./effectValue.ts"
import * as Qualifier from "./Qualifier.ts"
import type { ClassDefinition, MethodDefinition, ParameterDefinition, PropertyDefinition } from "./WbemObject.ts"
import { isAmended } from "./withoutAmended.ts"

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>

/** The qualifiers `into` with those of `by` in place of the ones with the same names, and new ones at the end. */
export const replaced = (into: Qualifiers, by: Qualifiers): Qualifiers => {
  if (by.length === 0) return into
  const kept = into.filter((q) => !Qualifier.has(by, q.name))
  return Object.freeze([...kept, ...by])
}

/** The amended qualifiers of a list. */
export const texts = (qualifiers: Qualifiers): Qualifiers =>
  qualifiers.some(isAmended) ? qualifiers.filter(isAmended) : Qualifier.none

const parameterTexts = (parameter: ParameterDefinition): ParameterDefinition => {
  const { value: _, ...typed } = parameter
  return Object.freeze({ ...typed, qualifiers: texts(parameter.qualifiers) })
}

const hasText = (method: MethodDefinition): boolean =>
  method.qualifiers.some(isAmended) || method.parameters.some((parameter) => parameter.qualifiers.some(isAmended))

/** The stored members, joined with the given ones of the same names, and new ones at the end. */
const members = <A extends { readonly name: string }>(
  stored: ReadonlyArray<A>,
  given: ReadonlyArray<A>,
  join: (stored: A, given: A) => A
): ReadonlyArray<A> => {
  const kept = stored.map((member) => {
    const other = CimName.find(given, member.name)
    return other === undefined ? member : join(member, other)
  })
  return Object.freeze([...kept, ...given.filter((member) => CimName.find(stored, member.name) === undefined)])
}

const joinProperty = (stored: PropertyDefinition, given: PropertyDefinition): PropertyDefinition =>
  Object.freeze({ ...given, name: stored.name, qualifiers: replaced(stored.qualifiers, given.qualifiers) })

const joinMethod = (stored: MethodDefinition, given: MethodDefinition): MethodDefinition =>
  Object.freeze({
    ...given,
    name: stored.name,
    qualifiers: replaced(stored.qualifiers, given.qualifiers),
    parameters: Object.freeze(given.parameters.map((parameter) => {
      const storedParameter = CimName.find(stored.parameters, parameter.name)
      return storedParameter === undefined ? parameter : Object.freeze({
        ...parameter,
        qualifiers: replaced(storedParameter.qualifiers, parameter.qualifiers)
      })
    }))
  })

/** The qualifiers that mark an amendment class (`qualifiers` 7.1). */
const marks = (lcid: number): Qualifiers => [
  Qualifier.make("Amendment", true),
  Qualifier.make("Locale", lcid, { type: "sint32" })
]

/** An ancestor of an amendment class that has no text of its own: it has the two marks only (`qualifiers` 7.1). */
export const textlessAmendment = (name: string, superclass: string | undefined, lcid: number): ClassDefinition =>
  Object.freeze(classOf({
    name,
    superclass,
    qualifiers: Object.freeze(marks(lcid)),
    properties: Object.freeze([]),
    methods: Object.freeze([])
  }))

/**
 * The amendment class of a definition: its amended qualifiers, and the members that have some, merged into the stored amendment class
 * (`qualifiers` 7.3 row 1). A new amendment class has the superclass of the neutral class, and a key property keeps `key` behind its text
 * (`qualifiers` 7.1). It is `undefined` when the definition has no text.
 */
export const amendment = (
  given: ClassDefinition,
  lcid: number,
  stored: ClassDefinition | undefined
): ClassDefinition | undefined => {
  const qualifiers = texts(given.qualifiers)
  const properties = given.properties.flatMap((property): ReadonlyArray<PropertyDefinition> => {
    const own = texts(property.qualifiers)
    if (own.length === 0) return []
    const { inheritsDefault: _, value: __, ...typed } = property
    const key = Qualifier.find(property.qualifiers, "key")
    const kept = key === undefined || isAmended(key) ? own : Object.freeze([...own, key])
    return [Object.freeze({ ...typed, value: undefined, qualifiers: kept })]
  })
  const methods = given.methods.filter(hasText).map((method): MethodDefinition =>
    Object.freeze({
      ...method,
      qualifiers: texts(method.qualifiers),
      parameters: Object.freeze(method.parameters.map(parameterTexts))
    })
  )
  if (qualifiers.length === 0 && properties.length === 0 && methods.length === 0) return undefined
  const missing = marks(lcid).filter((mark) => stored === undefined || !Qualifier.has(stored.qualifiers, mark.name))
  return Object.freeze(classOf({
    name: stored?.name ?? given.name,
    superclass: stored === undefined ? given.superclass : stored.superclass,
    qualifiers: replaced(Object.freeze([...missing, ...stored?.qualifiers ?? Qualifier.none]), qualifiers),
    properties: members(stored?.properties ?? [], properties, joinProperty),
    methods: members(stored?.methods ?? [], methods, joinMethod)
  }))
}
