/**
 * Locales as WMI writes them: `ms_409`, the hexadecimal LCID, or a language tag (`qualifiers` 7.1). Localised text of a namespace
 * lives in a child namespace of that name.
 *
 * @since 0.1.0
 */

/**
 * Tags with their LCID in hexadecimal, as Windows numbers them. The hexadecimal form is accepted for any of them and for every
 * other region of their languages; a tag only if it stands here.
 */
const written =
  "ar-SA 401,bg-BG 402,ca-ES 403,zh-TW 404,cs-CZ 405,da-DK 406,de-DE 407,el-GR 408,en-US 409,fi-FI 40b,fr-FR 40c,he-IL 40d,"
  + "hu-HU 40e,is-IS 40f,it-IT 410,ja-JP 411,ko-KR 412,nl-NL 413,nb-NO 414,pl-PL 415,rm-CH 417,pt-BR 416,ro-RO 418,ru-RU 419,"
  + "hr-HR 41a,sk-SK 41b,sq-AL 41c,sv-SE 41d,th-TH 41e,tr-TR 41f,ur-PK 420,id-ID 421,uk-UA 422,be-BY 423,sl-SI 424,et-EE 425,"
  + "lv-LV 426,lt-LT 427,fa-IR 429,vi-VN 42a,hy-AM 42b,eu-ES 42d,mk-MK 42f,af-ZA 436,ka-GE 437,hi-IN 439,mt-MT 43a,ms-MY 43e,"
  + "kk-KZ 43f,sw-KE 441,bn-IN 445,pa-IN 446,gu-IN 447,ta-IN 449,te-IN 44a,kn-IN 44b,ml-IN 44c,mr-IN 44e,cy-GB 452,km-KH 453,"
  + "lo-LA 454,gl-ES 456,am-ET 45e,ne-NP 461,zh-CN 804,de-CH 807,en-GB 809,es-MX 80a,fr-BE 80c,it-CH 810,nl-BE 813,nn-NO 814,"
  + "pt-PT 816,sv-FI 81d,zh-HK c04,de-AT c07,en-AU c09,es-ES c0a,fr-CA c0c,zh-SG 1004,en-CA 1009,fr-CH 100c,en-NZ 1409,en-IE 1809"

interface Known {
  readonly tags: ReadonlyMap<string, number>
  /** The primary language of an LCID is its low ten bits. */
  readonly languages: ReadonlySet<number>
}

let read: Known | undefined

/** Read when a locale is first asked for, and not when the module is imported. */
const known = (): Known => {
  if (read !== undefined) return read
  const tags = new Map(
    written.split(",").map((row): [string, number] => {
      const [tag, lcid] = row.split(" ")
      return [tag!.toLowerCase(), parseInt(lcid!, 16)]
    })
  )
  return read = { tags, languages: new Set(Array.from(tags.values(), (lcid) => lcid & 0x3ff)) }
}

/** Why a text is no locale: it is not written as one, or nobody speaks it. */
export type Misfit = "Invalid" | "Unsupported"

/**
 * The LCID of a locale.
 *
 * @since 0.1.0
 * @category constructors
 */
export const lcid = (text: string): number | Misfit => {
  const numbered = /^ms_(?:0x)?([0-9a-f]{1,8})$/i.exec(text)
  if (numbered !== null) {
    const found = parseInt(numbered[1]!, 16)
    return found <= 0xffff && found >>> 10 > 0 && known().languages.has(found & 0x3ff) ? found : "Unsupported"
  }
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(text)) return "Invalid"
  return known().tags.get(text.toLowerCase()) ?? "Unsupported"
}

/**
 * The name of the child namespace that holds the text of a locale.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceName = (lcid: number): string => `ms_${lcid.toString(16)}`

/**
 * The namespace that holds the text of a locale for another one; `undefined` when the locale is none.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceOf = (namespace: string, locale: string): string | undefined => {
  const found = lcid(locale)
  return typeof found === "number" ? `${namespace}\\${namespaceName(found)}` : undefined
}

/**
 * Whether a namespace is one that holds the text of a locale.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isLocaleNamespace = (namespace: string): boolean => /\\ms_[0-9a-f]{1,8}$/i.test(namespace)
