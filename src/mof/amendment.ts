/**
 * Splits a text for a locale (`mof` 8): a neutral part without amended qualifiers, and a localised part that puts them
 * into the namespace of the locale. Putting both parts stores the same as one put with `UseAmendedQualifiers`.
 *
 * @internal
 */
import { classOf, instanceWith } from "../model/effectValue.ts"
import { amendment, texts } from "../model/amendmentClass.ts"
import * as CimName from "../model/CimName.ts"
import * as Instance from "../model/Instance.ts"
import * as Locale from "../model/Locale.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { ClassDefinition, MethodDefinition, PropertyDefinition, WbemObject } from "../model/WbemObject.ts"
import { propertiesWithoutAmended, withoutAmended } from "../model/withoutAmended.ts"
import type { MofItem } from "./result.ts"

/** An item of a text that can be split. */
export type SplitItem = Exclude<MofItem, { readonly _tag: "Refused" }>

/** A piece of a part: a directive as text, or an object with its namespace. */
export type Piece = string | { readonly namespace: string; readonly object: WbemObject }

/** The two parts of a text. */
export interface Halves {
  readonly neutral: ReadonlyArray<Piece>
  readonly localized: ReadonlyArray<Piece>
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`

const namespaceDirective = (namespace: string): string => `#pragma namespace(${quoted(`\\\\.\\${namespace}`)})`

/** Generates the directives that must stand before an item, because its namespace or flags differ from those before. */
class Directives {
  private namespace: string | undefined
  private classFlags = 0
  private instanceFlags = 0

  before(item: SplitItem): ReadonlyArray<string> {
    const found: Array<string> = []
    if (item.namespace !== this.namespace) found.push(namespaceDirective(this.namespace = item.namespace))
    if (item._tag === "Class" && item.flags !== this.classFlags) {
      found.push(`#pragma classflags(${this.classFlags = item.flags})`)
    }
    if (item._tag === "Instance" && item.flags !== this.instanceFlags) {
      found.push(`#pragma instanceflags(${this.instanceFlags = item.flags})`)
    }
    return found
  }
}

const deletion = ({ failIfMissing, path }: Extract<MofItem, { readonly _tag: "Delete" }>): string => {
  const directive = /[.=]/.test(path) ? "deleteinstance" : "deleteclass"
  return `#pragma ${directive}(${quoted(path)}, ${failIfMissing ? "FAIL" : "NOFAIL"})`
}

/** An instance has no text in the namespace of a locale (`qualifiers` 7.3 row 2). */
const withoutText = (instance: Instance.Instance): Instance.Instance => {
  const text = texts(instance.qualifiers)
  const propertyQualifiers = propertiesWithoutAmended(instance.propertyQualifiers)
  return text.length === 0 && propertyQualifiers === instance.propertyQualifiers ? instance : instanceWith(instance, {
    qualifiers: instance.qualifiers.filter((q) => !text.includes(q)),
    propertyQualifiers
  })
}

const neutral = (items: ReadonlyArray<SplitItem>): ReadonlyArray<Piece> => {
  const directives = new Directives()
  return items.flatMap((item): ReadonlyArray<Piece> => [
    ...directives.before(item),
    item._tag === "Delete" ? deletion(item) : {
      namespace: item.namespace,
      object: item._tag === "Class" ? withoutAmended(item.definition) : withoutText(item.instance)
    }
  ])
}

type Qualifiers = ReadonlyArray<Qualifier.Qualifier>

/** The name of a locale in the text, and its LCID. */
export interface NamedLocale {
  readonly name: string
  readonly lcid: number
}

/** The qualifiers that mark an amendment class. They stand after its text (`mof` 8). */
const amendmentMarks = (locale: string, neutral: Qualifiers): Qualifiers => [
  Qualifier.make("AMENDMENT"),
  Qualifier.make("LOCALE", locale, { flavor: Qualifier.find(neutral, "locale")?.flavor ?? 0 })
]

const isMark = ({ name }: Qualifier.Qualifier): boolean =>
  CimName.equals(name, "amendment") || CimName.equals(name, "locale")

/** A signature without the defaults of its parameters. */
const withoutDefaults = (method: MethodDefinition): MethodDefinition => ({
  ...method,
  parameters: method.parameters.map(({ value: _, ...parameter }) => parameter)
})

/**
 * The localised form of a class: its text, its superclass, a key where one of its properties declares it, and the marks
 * at the end.
 */
const localizedForm = (text: ClassDefinition | undefined, of: ClassDefinition, locale: string): ClassDefinition => {
  const withKey = (property: PropertyDefinition): PropertyDefinition => {
    const key = Qualifier.find(CimName.find(of.properties, property.name)?.qualifiers ?? [], "key")
    const isThere = key === undefined || Qualifier.has(property.qualifiers, key.name)
    return isThere ? property : { ...property, qualifiers: [...property.qualifiers, key] }
  }
  return classOf({
    name: of.name,
    superclass: of.superclass,
    qualifiers: [...(text?.qualifiers ?? []).filter((q) => !isMark(q)), ...amendmentMarks(locale, of.qualifiers)],
    properties: (text?.properties ?? []).map(withKey),
    methods: (text?.methods ?? []).map(withoutDefaults)
  })
}

/** The classes of one namespace, by folded name: the last declaration of each, and its text if it has any. */
class NamespaceClasses {
  private readonly declared = new Map<string, ClassDefinition>()
  private readonly texts = new Map<string, ClassDefinition>()

  add(definition: ClassDefinition, lcid: number): void {
    const folded = CimName.fold(definition.name)
    // A class that is declared twice keeps the text of both declarations.
    const text = amendment(definition, lcid, this.texts.get(folded))
    if (text !== undefined) this.texts.set(folded, text)
    this.declared.set(folded, definition)
  }

  /**
   * The classes with text, each after its ancestors. Ancestors without text are included without text, so that the part
   * compiles.
   */
  localized(locale: string): ReadonlyArray<ClassDefinition> {
    const found = new Map<string, ClassDefinition>()
    for (const folded of this.texts.keys()) {
      const chain: Array<readonly [folded: string, of: ClassDefinition]> = []
      const seen = new Set<string>()
      for (let at: string | undefined = folded; at !== undefined && !found.has(at) && !seen.has(at);) {
        seen.add(at)
        const of = this.declared.get(at)
        if (of === undefined) break
        chain.push([at, of])
        at = of.superclass === undefined ? undefined : CimName.fold(of.superclass)
      }
      for (const [name, of] of chain.reverse()) found.set(name, localizedForm(this.texts.get(name), of, locale))
    }
    return [...found.values()]
  }
}

const localized = (items: ReadonlyArray<SplitItem>, { lcid, name }: NamedLocale): ReadonlyArray<Piece> => {
  const namespaces = new Map<string, NamespaceClasses>()
  for (const item of items) {
    if (item._tag !== "Class") continue
    const classes = namespaces.get(item.namespace) ?? new NamespaceClasses()
    classes.add(item.definition, lcid)
    namespaces.set(item.namespace, classes)
  }
  const child = Locale.namespaceName(lcid)
  return [...namespaces].flatMap(([namespace, classes]): ReadonlyArray<Piece> => {
    const objects = classes.localized(name)
    if (objects.length === 0) return []
    const within = `${namespace}\\${child}`
    return [
      namespaceDirective(namespace),
      { namespace, object: Instance.make("__namespace", { name: child }) },
      namespaceDirective(within),
      ...objects.map((object) => ({ namespace: within, object }))
    ]
  })
}

/** Splits items for a locale. */
export const halves = (items: ReadonlyArray<SplitItem>, locale: NamedLocale): Halves => ({
  neutral: neutral(items),
  localized: localized(items, locale)
})
