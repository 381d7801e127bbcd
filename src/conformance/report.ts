/** What a run of cases prints. */
import type { Result } from "./cases.ts"

export interface Report {
  readonly lines: ReadonlyArray<string>
  readonly failed: number
}

/** A line for each failing case, the cases that could not be asked and their number, and the score. */
export const report = (results: ReadonlyArray<Result>): Report => {
  const unasked = results.filter(({ notApplicable }) => notApplicable !== undefined)
  const failures = results.filter(({ problems }) => problems.length > 0)
  return {
    failed: failures.length,
    lines: [
      ...failures.map(({ id, problems, title }) => `${id}  ${title}  ${problems.join("; ")}`),
      ...unasked.map(({ id, notApplicable, title }) => `${id}  ${title}  not applicable, ${notApplicable}`),
      ...(unasked.length === 0 ? [] : [`not applicable: ${unasked.length}`]),
      `${results.length - failures.length - unasked.length} passed, ${failures.length} failed`
    ]
  }
}
