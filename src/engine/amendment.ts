/**
 * Localised text of classes: taken off a definition that is put with `UseAmendedQualifiers`, kept in a class of the same name in
 * the namespace of a locale, merged back when a class is read with the flag (`qualifiers` 7).
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import * as Locale from "../model/Locale.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { ClassDefinition, MethodDefinition, ParameterDefinition, PropertyDefinition } from "../model/WbemObject.ts"
import * as Snapshot from "./Snapshot.ts"
import { isAmended } from "./withoutAmended.ts"

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>

const none: Qualifiers = /* @__PURE__ */ Object.freeze([])

/** Qualifiers with others of the same name replaced, new ones at the end. */
const replaced = (into: Qualifiers, by: Qualifiers): Qualifiers => {
  if (by.length === 0) return into
  const kept = into.filter((q) => !Qualifier.has(by, q.name))
  return Object.freeze([...kept, ...by])
}

const texts = (qualifiers: Qualifiers): Qualifiers => qualifiers.some(isAmended) ? qualifiers.filter(isAmended) : none

const parameterTexts = (parameter: ParameterDefinition): ParameterDefinition =>
  Object.freeze({ ...parameter, qualifiers: texts(parameter.qualifiers) })

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

/**
 * The amendment class of a definition: its amended qualifiers, and the members that have some, over what is there already
 * (`qualifiers` 7.3 row 1). It has no superclass: that of the neutral class need not have text. `undefined` when there is none.
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
    const { value: _, ...typed } = property
    return [Object.freeze({ ...typed, value: undefined, qualifiers: own })]
  })
  const methods = given.methods.filter(carries).map((method): MethodDefinition =>
    Object.freeze({
      ...method,
      qualifiers: texts(method.qualifiers),
      parameters: Object.freeze(method.parameters.map(parameterTexts))
    })
  )
  if (qualifiers.length === 0 && properties.length === 0 && methods.length === 0) return undefined
  const marks = [Qualifier.make("Amendment", true), Qualifier.make("Locale", lcid, { type: "sint32" })]
  const missing = marks.filter((mark) => there === undefined || !Qualifier.has(there.qualifiers, mark.name))
  return Object.freeze({
    _tag: "Class",
    name: there?.name ?? given.name,
    superclass: there?.superclass,
    qualifiers: replaced(Object.freeze([...missing, ...there?.qualifiers ?? none]), qualifiers),
    properties: members(there?.properties ?? [], properties, joinProperty),
    methods: members(there?.methods ?? [], methods, joinMethod)
  })
}

/** Amended text of one carrier laid over the neutral one; the same list when there is none. */
const overlaid = (neutral: Qualifiers, text: Qualifiers | undefined): Qualifiers =>
  text === undefined ? neutral : replaced(neutral, texts(text))

/** A definition with the text of its amendment class; members that it lacks are ignored. */
const withText = (neutral: ClassDefinition, text: ClassDefinition): ClassDefinition => {
  const property = (own: PropertyDefinition): PropertyDefinition => {
    const qualifiers = overlaid(own.qualifiers, CimName.find(text.properties, own.name)?.qualifiers)
    return qualifiers === own.qualifiers ? own : Object.freeze({ ...own, qualifiers })
  }
  const method = (own: MethodDefinition): MethodDefinition => {
    const other = CimName.find(text.methods, own.name)
    return other === undefined ? own : Object.freeze({
      ...own,
      qualifiers: overlaid(own.qualifiers, other.qualifiers),
      parameters: Object.freeze(own.parameters.map((parameter) =>
        Object.freeze({
          ...parameter,
          qualifiers: overlaid(parameter.qualifiers, CimName.find(other.parameters, parameter.name)?.qualifiers)
        })
      ))
    })
  }
  const merged: ClassDefinition = {
    ...neutral,
    qualifiers: overlaid(neutral.qualifiers, text.qualifiers),
    properties: Object.freeze(neutral.properties.map(property)),
    methods: Object.freeze(neutral.methods.map(method))
  }
  return Object.freeze({ ...merged, amended: true })
}

/** Where text is looked for: the locales in order, then US English (`qualifiers` 7.2). Ones that are none have no text. */
export const places = (namespace: string, locales: ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
  locales === undefined ? [] : [...locales, "ms_409"].flatMap((locale) => Locale.namespaceOf(namespace, locale) ?? [])

/** A class as it reads with the flag: with the text of the first locale that has a class of that name, else as it is stored. */
export const localized = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  neutral: ClassDefinition,
  locales: ReadonlyArray<string>
): ClassDefinition => {
  for (const place of places(namespace, locales)) {
    const text = Snapshot.lineage(snapshot, place, neutral.name)
    if (text !== undefined && !text.isSystem) return withText(neutral, text.definition)
  }
  return neutral
}
