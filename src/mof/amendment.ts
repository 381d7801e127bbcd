/**
 * Splitting a text for a locale (`mof` 8): a neutral one without amended qualifiers, and a localised one that puts them into the
 * namespace of the locale. The two store what one put with `UseAmendedQualifiers` stores.
 *
 * @internal
 */
import { amendment, texts } from "../model/amendmentClass.ts"
import * as CimName from "../model/CimName.ts"
import * as Instance from "../model/Instance.ts"
import * as Locale from "../model/Locale.ts"
import type { ClassDefinition, WbemObject } from "../model/WbemObject.ts"
import { withoutAmended } from "../model/withoutAmended.ts"
import type { MofItem } from "./items.ts"

/** What a text that can be split is made of. */
export type Declared = Exclude<MofItem, { readonly _tag: "Refused" }>

/** What a half is made of: directives as they are written, and objects with the namespace that they go to. */
export type Piece = string | { readonly namespace: string; readonly object: WbemObject }

/** The two halves of a text. */
export interface Halves {
  readonly neutral: ReadonlyArray<Piece>
  readonly localized: ReadonlyArray<Piece>
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`

const namespaceDirective = (namespace: string): string => `#pragma namespace(${quoted(`\\\\.\\${namespace}`)})`

/** The directives that hold for an item and did not before. */
class Directives {
  private namespace: string | undefined
  private classFlags = 0
  private instanceFlags = 0

  before(item: Declared): ReadonlyArray<string> {
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
  return text.length === 0
    ? instance
    : { ...instance, qualifiers: instance.qualifiers.filter((q) => !text.includes(q)) }
}

const neutral = (items: ReadonlyArray<Declared>): ReadonlyArray<Piece> => {
  const directives = new Directives()
  return items.flatMap((item): ReadonlyArray<Piece> => [
    ...directives.before(item),
    item._tag === "Delete" ? deletion(item) : {
      namespace: item.namespace,
      object: item._tag === "Class" ? withoutAmended(item.definition) : withoutText(item.instance)
    }
  ])
}

/** The text of each class by namespace and name, in the order in which they come; a class that stands there twice keeps both. */
const collected = (items: ReadonlyArray<Declared>, lcid: number): ReadonlyMap<string, Map<string, ClassDefinition>> => {
  const found = new Map<string, Map<string, ClassDefinition>>()
  for (const item of items) {
    if (item._tag !== "Class") continue
    const own = found.get(item.namespace) ?? new Map<string, ClassDefinition>()
    const folded = CimName.fold(item.definition.name)
    const text = amendment(item.definition, lcid, own.get(folded))
    if (text === undefined) continue
    own.set(folded, text)
    found.set(item.namespace, own)
  }
  return found
}

const localized = (items: ReadonlyArray<Declared>, locale: string, lcid: number): ReadonlyArray<Piece> =>
  [...collected(items, lcid)].flatMap(([namespace, classes]): ReadonlyArray<Piece> => {
    const within = `${namespace}\\${locale}`
    return [
      namespaceDirective(namespace),
      { namespace, object: Instance.make("__namespace", { name: locale }) },
      namespaceDirective(within),
      ...Array.from(classes.values(), (object) => ({ namespace: within, object }))
    ]
  })

/** The halves of what was read, for the LCID of a locale. */
export const halves = (items: ReadonlyArray<Declared>, lcid: number): Halves => ({
  neutral: neutral(items),
  localized: localized(items, Locale.namespaceName(lcid), lcid)
})
