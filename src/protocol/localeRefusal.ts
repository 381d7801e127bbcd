/**
 * The error for a text that is no locale (`qualifiers` 7.1).
 *
 * @internal
 */
import * as Locale from "../model/Locale.ts"
import { InvalidLocale, UnsupportedLocale } from "./WbemError.ts"

/** `InvalidLocale` for wrong syntax, `UnsupportedLocale` for an unknown locale, `undefined` for a locale. */
export const localeRefusal = (locale: string): InvalidLocale | UnsupportedLocale | undefined => {
  const id = Locale.lcid(locale)
  if (typeof id === "number") return undefined
  const Refusal = id === "Invalid" ? InvalidLocale : UnsupportedLocale
  return new Refusal({ rule: "qualifiers 7.1", detail: `locale ${locale.slice(0, 80)}` })
}
