/**
 * The alignment of two lists, and its text: lines of both with two spaces, of the expected list alone with `-`, of the actual list alone
 * with `+`.
 *
 * @internal
 */

/** A step of an alignment. */
export type Step<E, A> =
  | { readonly _tag: "Both"; readonly expected: E; readonly actual: A }
  | { readonly _tag: "Expected"; readonly expected: E }
  | { readonly _tag: "Actual"; readonly actual: A }

/**
 * An alignment with the most pairs, in the order of both lists. Equal beginnings and ends are paired first, so lists that differ in few
 * places take linear time.
 */
export const alignment = <E, A>(
  expected: ReadonlyArray<E>,
  actual: ReadonlyArray<A>,
  matches: (expected: E, actual: A) => boolean
): ReadonlyArray<Step<E, A>> => {
  const pair = (e: number, a: number): Step<E, A> => ({ _tag: "Both", expected: expected[e]!, actual: actual[a]! })
  let start = 0
  const shorter = Math.min(expected.length, actual.length)
  while (start < shorter && matches(expected[start]!, actual[start]!)) start++
  let tail = 0
  while (
    tail < shorter - start && matches(expected[expected.length - 1 - tail]!, actual[actual.length - 1 - tail]!)
  ) tail++
  const n = expected.length - start - tail
  const m = actual.length - start - tail
  // lengths[i][j]: the most pairs of the last n - i expected and the last m - j actual ones.
  const lengths = Array.from({ length: n + 1 }, () => new Uint32Array(m + 1))
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      lengths[i]![j] = matches(expected[start + i]!, actual[start + j]!)
        ? lengths[i + 1]![j + 1]! + 1
        : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const steps: Array<Step<E, A>> = []
  for (let k = 0; k < start; k++) steps.push(pair(k, k))
  let i = 0, j = 0
  while (i < n || j < m) {
    const isPair = i < n && j < m && matches(expected[start + i]!, actual[start + j]!)
      && lengths[i]![j] === lengths[i + 1]![j + 1]! + 1
    if (isPair) steps.push(pair(start + i++, start + j++))
    else if (j >= m || (i < n && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      steps.push({ _tag: "Expected", expected: expected[start + i++]! })
    } else steps.push({ _tag: "Actual", actual: actual[start + j++]! })
  }
  for (let k = tail; k > 0; k--) steps.push(pair(expected.length - k, actual.length - k))
  return steps
}

/** A line of a difference. */
export interface Line {
  readonly _tag: Step<never, never>["_tag"]
  readonly text: string
}

const marks = { Both: "  ", Expected: "- ", Actual: "+ " } as const

/** Equal lines that are shown beside a difference. */
const around = 3

/** The lines, with long runs of equal ones shortened to their number. */
export const diffText = (lines: ReadonlyArray<Line>): string => {
  const near = new Set<number>()
  lines.forEach(({ _tag }, i) => {
    if (_tag === "Both") return
    for (let k = i - around; k <= i + around; k++) near.add(k)
  })
  const text: Array<string> = []
  let skipped = 0
  const skip = (): void => {
    if (skipped > 0) text.push(`  ... ${skipped} equal ${skipped === 1 ? "call" : "calls"}`)
    skipped = 0
  }
  lines.forEach((line, i) => {
    if (!near.has(i)) {
      skipped++
      return
    }
    skip()
    text.push(`${marks[line._tag]}${line.text}`)
  })
  skip()
  return text.join("\n")
}
