/** Names and key texts in other spellings: some that are the same by the identity fold, some that only look alike (`object-model` 13). */
import { identityFold, same } from "./names.ts"
import type { Random } from "./random.ts"

/** Letters that another letter is the same as. */
const variants: Readonly<Record<string, string>> = {
  I: "\u0131",
  S: "\u017f",
  "\u03a3": "\u03c2",
  "\u039c": "\u00b5",
  "\u0392": "\u03d0"
}

const letters = (text: string, change: (unit: string) => string): string => text.split("").map(change).join("")

/** The same name or key in another spelling. */
export const respelled = (random: Random, text: string): string =>
  random.weighted<() => string>([
    [4, () => identityFold(text)],
    [3, () => letters(text, (unit) => variants[identityFold(unit)] ?? unit)],
    [1, () => letters(text, (unit) => same(unit, unit.toLowerCase()) ? unit.toLowerCase() : unit)]
  ])()

/** In another spelling now and then. */
export const anyCase = (random: Random, text: string, often = 0.06): string =>
  random.chance(often) ? respelled(random, text) : text

/** Texts that are one letter apart from others of the list by one fold, and the same by the other. */
export const alike: ReadonlyArray<string> = [
  "s",
  "\u017f",
  "\u03c3",
  "\u03c2",
  "\u00b5",
  "\u03bc",
  "k",
  "\u212a",
  "\u00e5",
  "\u212b",
  "\u00df",
  "\u1e9e",
  "ss",
  "i",
  "\u0130",
  "\u0131",
  "\u03d0",
  "\u03b2",
  "\u2126",
  "\u03c9"
]

/** No names: a zero width no-break space, half of a surrogate pair, U+FFF0, a digit in front, an underscore at an end. */
export const badNames: ReadonlyArray<string> = [
  "_p",
  "p_",
  "1p",
  "a b",
  "a\ufeffb",
  "a\ud800b",
  "\udc00a",
  "a\ufff0",
  "p-q"
]
