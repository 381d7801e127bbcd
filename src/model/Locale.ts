/**
 * Locales as WMI writes them: `ms_409`, the hexadecimal LCID, or a language tag (`qualifiers` 7.1). Localised text of a namespace
 * lives in a child namespace of that name.
 *
 * @since 0.1.0
 * @module
 */
import { dual } from "effect/Function"

/**
 * Tags in the order of their LCIDs, as Windows numbers them: a hexadecimal number is that of the tag after it, and each further tag
 * has the next one. A region that is spelled as its language is left out. The hexadecimal form of a locale is accepted for any of
 * these and for every other region of their languages; a tag only if it is in this list.
 */
const written =
  "401 ar-SA bg ca-ES zh-TW cs-CZ da-DK de el-GR en-US 40b fi fr he-IL hu is it ja-JP ko-KR nl nb-NO pl pt-BR rm-CH ro ru "
  + "hr sk sq-AL sv-SE th tr ur-PK id uk-UA be-BY sl-SI et-EE lv lt 429 fa-IR vi-VN hy-AM 42d eu-ES 42f mk 436 af-ZA ka-GE "
  + "439 hi-IN mt 43e ms-MY kk-KZ 441 sw-KE 445 bn-IN pa-IN gu-IN 449 ta-IN te-IN kn-IN ml-IN 44e mr-IN 452 cy-GB km-KH "
  + "lo-LA 456 gl-ES 45e am-ET 461 ne-NP 804 zh-CN 807 de-CH 809 en-GB es-MX 80c fr-BE 810 it-CH 813 nl-BE nn-NO 816 pt 81d "
  + "sv-FI c04 zh-HK c07 de-AT c09 en-AU es c0c fr-CA 1004 zh-SG 1009 en-CA 100c fr-CH 1409 en-NZ 1809 en-IE"

let read: ReadonlyMap<string, number> | undefined

/** Parsed at the first lookup of a locale, and not when the module is imported. */
const known = (): ReadonlyMap<string, number> => {
  if (read !== undefined) return read
  const tags = new Map<string, number>()
  let next = 0
  for (const word of written.toLowerCase().split(" ")) {
    if (/\d/.test(word)) next = parseInt(word, 16)
    else tags.set(word.includes("-") ? word : `${word}-${word}`, next++)
  }
  return read = tags
}

/** The low ten bits of an LCID are its primary language; the bits above are the region, which may be any but 0. */
const hasLanguage = (lcid: number): boolean =>
  lcid > 0x3ff && lcid <= 0xffff && Array.from(known().values()).some((one) => (one & 0x3ff) === (lcid & 0x3ff))

/**
 * Why a text is no locale: its syntax is wrong, or no language has it.
 *
 * @since 0.1.0
 * @category models
 */
export type LocaleError = "Invalid" | "Unsupported"

/**
 * The LCID of a locale, or why the text is none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const lcid = (text: string): number | LocaleError => {
  const numbered = /^ms_(?:0x)?([0-9a-f]{1,8})$/i.exec(text)
  if (numbered !== null) {
    const id = parseInt(numbered[1]!, 16)
    return hasLanguage(id) ? id : "Unsupported"
  }
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(text)) return "Invalid"
  return known().get(text.toLowerCase()) ?? "Unsupported"
}

/**
 * The name of the child namespace that holds the text of a locale.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceName = (lcid: number): string => `ms_${lcid.toString(16)}`

/**
 * The child of a namespace that holds its text in a locale; `undefined` when the text is no locale.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceOf: {
  (locale: string): (namespace: string) => string | undefined
  (namespace: string, locale: string): string | undefined
} = /* @__PURE__ */ dual(2, (namespace: string, locale: string): string | undefined => {
  const id = lcid(locale)
  return typeof id === "number" ? `${namespace}\\${namespaceName(id)}` : undefined
})

/**
 * Whether a namespace holds the text of a locale. U+017F is the same letter as `s` (`object-model` 13).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isLocaleNamespace = (namespace: string): boolean => /\\m[s\u017f]_[0-9a-f]{1,8}$/i.test(namespace)
