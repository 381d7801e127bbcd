/** How often the model came to a rule that refuses nothing. The sequences must come to each. */
const counts = new Map<string, number>()

export const mark = (rule: string): void => {
  counts.set(rule, (counts.get(rule) ?? 0) + 1)
}

/** The value, and a mark when it is true. */
export const marked = (rule: string, value: boolean): boolean => {
  if (value) mark(rule)
  return value
}

export const tally: ReadonlyMap<string, number> = counts
