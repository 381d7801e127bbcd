/**
 * The name that a misspelt one may stand for.
 *
 * @internal
 */
import * as CimName from "../CimName.ts"

/**
 * The edit distance of two words: the least number of letters to insert, remove or replace. Above `limit` it is some number above
 * `limit`, so that unlike words cost little.
 */
export const distance = (a: string, b: string, limit: number = Infinity): number => {
  let start = 0 // equal letters at the start do not count
  while (start < a.length && a[start] === b[start]) start++
  b = b.slice(start)
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = start; i < a.length; i++) {
    if (row.every((far) => far > limit)) return limit + 1
    const next = [i - start + 1]
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}

/** Above this number of names nothing is suggested: the error of a put must not cost more than the put. */
const most = 200
/** The longest misspelt name that is compared. */
const longest = 64

/** The name nearest to a misspelt one, without case: at most two letters away, in short names one. */
export const nearest = (names: ReadonlyArray<{ readonly name: string }>, misspelt: string): string | undefined => {
  if (names.length > most || misspelt.length > longest) return undefined
  const wanted = CimName.fold(misspelt)
  let limit = Math.min(2, Math.floor((wanted.length + 1) / 3))
  let found: string | undefined
  for (const { name } of names) {
    if (Math.abs(name.length - wanted.length) > limit) continue
    const far = distance(wanted, CimName.fold(name), limit)
    if (far > limit) continue
    found = name
    limit = far - 1
  }
  return found
}
