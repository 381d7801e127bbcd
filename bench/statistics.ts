/**
 * Medians, quartiles and ratios of rounds, and the verdict over two builds. Own code, because it is a few lines: the packages for
 * benches run one case to its end before the next one, so that a drift of the machine becomes a difference of the cases.
 */

/** Median and quartiles. */
export interface Spread {
  readonly median: number
  readonly lower: number
  readonly upper: number
}

/** A quantile with linear interpolation between neighbours; `values` is sorted and not empty. */
const quantile = (values: ReadonlyArray<number>, q: number): number => {
  const at = (values.length - 1) * q
  const below = values[Math.floor(at)]!
  return below + (values[Math.ceil(at)]! - below) * (at - Math.floor(at))
}

/** Median and quartiles of at least one number. */
export const spread = (values: ReadonlyArray<number>): Spread => {
  if (values.length === 0) throw new RangeError("a spread of no values")
  const sorted = [...values].sort((a, b) => a - b)
  return { median: quantile(sorted, 0.5), lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75) }
}

/** Ratios of the values of the same round. */
export const ratios = (values: ReadonlyArray<number>, of: ReadonlyArray<number>): ReadonlyArray<number> => {
  if (values.length !== of.length) throw new RangeError(`${values.length} rounds beside ${of.length}`)
  return values.map((value, i) => value / of[i]!)
}

/** How the cost of one build compares with that of another one. */
export type Verdict = "worse" | "better" | "same" | "unclear"

/** More than this part is a difference. */
export const tolerance = 0.05

/**
 * The verdict over ratios of this build's cost to the other's. `worse` and `better`: the median differs from 1 by more than 5 %
 * and the whole spread lies on the same side of 1. `unclear`: the median differs by more than 5 %, but the spread contains 1.
 */
export const verdict = ({ lower, median, upper }: Spread): Verdict =>
  median > 1 + tolerance
    ? lower > 1 ? "worse" : "unclear"
    : median < 1 / (1 + tolerance)
    ? upper < 1 ? "better" : "unclear"
    : "same"

/** The verdict after a second measurement of a case that came out worse: it is worse only if it was worse both times. */
export const confirmed = (first: Verdict, second: Verdict, both: Spread): Verdict => {
  if (first === "worse" && second === "worse") return "worse"
  const together = verdict(both)
  return together === "worse" ? "unclear" : together
}
