/**
 * The amendment class of a definition: its localised text, in a class of the same name for the namespace of a locale (`qualifiers`
 * 7.1). The engine writes it beside a class that is put with `UseAmendedQualifiers`, the MOF compiler as the localised half of a
 * file. What is left of the class without its text is `withoutAmended`.
 *
 * @internal
 */
import * as CimName from "./CimName.ts"
import * as Qualifier from "./Qualifier.ts"
import type { ClassDefinition, MethodDefinition, ParameterDefinition, PropertyDefinition } from "./WbemObject.ts"
import { isAmended } from "./withoutAmended.ts"

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>

const none: Qualifiers = /* @__PURE__ */ Object.freeze([])

/** Qualifiers with others of the same name replaced, new ones at the end. */
export const replaced = (into: Qualifiers, by: Qualifiers): Qualifiers => {
  if (by.length === 0) return into
  const kept = into.filter((q) => !Qualifier.has(by, q.name))
  return Object.freeze([...kept, ...by])
}

export const texts = (qualifiers: Qualifiers): Qualifiers =>
  qualifiers.some(isAmended) ? qualifiers.filter(isAmended) : none

const parameterTexts = (parameter: ParameterDefinition): ParameterDefinition => {
  const { value: _, ...typed } = parameter
  return Object.freeze({ ...typed, qualifiers: texts(parameter.qualifiers) })
}

const carries = (method: MethodDefinition): boolean =>
  method.qualifiers.some(isAmended) || method.parameters.some((parameter) => parameter.qualifiers.some(isAmended))

/** Members of the class that is there, with those of the same name replaced, new ones at the end. */
const members = <A extends { readonly name: string }>(
  there: ReadonlyArray<A>,
  given: ReadonlyArray<A>,
  join: (there: A, given: A) => A
): ReadonlyArray<A> => {
  const kept = there.map((member) => {
    const other = CimName.find(given, member.name)
    return other === undefined ? member : join(member, other)
  })
  return Object.freeze([...kept, ...given.filter((member) => CimName.find(there, member.name) === undefined)])
}

const joinProperty = (there: PropertyDefinition, given: PropertyDefinition): PropertyDefinition =>
  Object.freeze({ ...given, name: there.name, qualifiers: replaced(there.qualifiers, given.qualifiers) })

const joinMethod = (there: MethodDefinition, given: MethodDefinition): MethodDefinition =>
  Object.freeze({
    ...given,
    name: there.name,
    qualifiers: replaced(there.qualifiers, given.qualifiers),
    parameters: Object.freeze(given.parameters.map((parameter) => {
      const was = CimName.find(there.parameters, parameter.name)
      return was === undefined ? parameter : Object.freeze({
        ...parameter,
        qualifiers: replaced(was.qualifiers, parameter.qualifiers)
      })
    }))
  })

/** What marks an amendment class (`qualifiers` 7.1). */
const marks = (lcid: number): Qualifiers => [
  Qualifier.make("Amendment", true),
  Qualifier.make("Locale", lcid, { type: "sint32" })
]

/** An ancestor of an amendment class that has no text of its own: the two marks and nothing else (`qualifiers` 7.1). */
export const textlessAmendment = (name: string, superclass: string | undefined, lcid: number): ClassDefinition =>
  Object.freeze({
    _tag: "Class",
    name,
    superclass,
    qualifiers: Object.freeze(marks(lcid)),
    properties: Object.freeze([]),
    methods: Object.freeze([])
  })

/**
 * The amendment class of a definition: its amended qualifiers, and the members that have some, over what is there already
 * (`qualifiers` 7.3 row 1). A new one has the superclass of the neutral class, and a property that declares a key keeps `key` behind
 * its text (`qualifiers` 7.1). `undefined` when there is no text.
 */
export const amendment = (
  given: ClassDefinition,
  lcid: number,
  there: ClassDefinition | undefined
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
  const methods = given.methods.filter(carries).map((method): MethodDefinition =>
    Object.freeze({
      ...method,
      qualifiers: texts(method.qualifiers),
      parameters: Object.freeze(method.parameters.map(parameterTexts))
    })
  )
  if (qualifiers.length === 0 && properties.length === 0 && methods.length === 0) return undefined
  const missing = marks(lcid).filter((mark) => there === undefined || !Qualifier.has(there.qualifiers, mark.name))
  return Object.freeze({
    _tag: "Class",
    name: there?.name ?? given.name,
    superclass: there === undefined ? given.superclass : there.superclass,
    qualifiers: replaced(Object.freeze([...missing, ...there?.qualifiers ?? none]), qualifiers),
    properties: members(there?.properties ?? [], properties, joinProperty),
    methods: members(there?.methods ?? [], methods, joinMethod)
  })
}
