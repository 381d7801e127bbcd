/**
 * Merges localised text into a class that is read with `UseAmendedQualifiers` (`qualifiers` 7.2). `amendmentClass`
 * splits the text off and stores it.
 *
 * @internal
 */
import { replaced, texts } from "../../model/amendmentClass.ts"
import * as CimName from "../../model/CimName.ts"
import { classWith } from "../../model/effectValue.ts"
import * as Locale from "../../model/Locale.ts"
import type * as Qualifier from "../../model/Qualifier.ts"
import type { ClassDefinition, MethodDefinition, PropertyDefinition } from "../../model/WbemObject.ts"
import type { ResolvedClass } from "./ResolvedClass.ts"
import * as Snapshot from "../state/Snapshot.ts"

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>

/** The amended text of one carrier laid over its neutral qualifiers; the same list when there is no text. */
const overlaid = (neutral: Qualifiers, text: Qualifiers | undefined): Qualifiers =>
  text === undefined ? neutral : replaced(neutral, texts(text))

/** A definition with the text of its amendment class. Members that only the amendment class has are ignored. */
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
  return Object.freeze(classWith(neutral, {
    qualifiers: overlaid(neutral.qualifiers, text.qualifiers),
    properties: Object.freeze(neutral.properties.map(property)),
    methods: Object.freeze(neutral.methods.map(method)),
    amended: true
  }))
}

/**
 * The namespaces that hold localised text, in the order in which they are searched: the locales in order, then US
 * English (`qualifiers` 7.2). Invalid locales are skipped.
 */
export const localeNamespaces = (
  namespace: string,
  locales: ReadonlyArray<string> | undefined
): ReadonlyArray<string> =>
  locales === undefined ? [] : [...locales, "ms_409"].flatMap((locale) => Locale.namespaceOf(namespace, locale) ?? [])

/**
 * The class as it is read with the flag: with the text of the first locale that has a class of that name, otherwise as
 * it is stored.
 */
export const localized = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  neutral: ClassDefinition,
  locales: ReadonlyArray<string> | undefined
): ClassDefinition => {
  for (const place of localeNamespaces(namespace, locales)) {
    const text = Snapshot.resolvedClass(snapshot, place, neutral.name)
    if (text !== undefined && !text.isSystem) return withText(neutral, text.definition)
  }
  return neutral
}

/** Whether a class or one above it has localised text. If so, its instances are read with the text too. */
export const hasLocalizedText = (
  snapshot: Snapshot.Snapshot,
  namespace: string,
  resolvedClass: ResolvedClass,
  locales: ReadonlyArray<string> | undefined
): boolean =>
  localized(snapshot, namespace, resolvedClass.definition, locales) !== resolvedClass.definition
  || (resolvedClass.parent !== undefined && hasLocalizedText(snapshot, namespace, resolvedClass.parent, locales))
