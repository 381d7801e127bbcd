/** The text report of a run of cases. */
import type { Result } from "./cases.ts"

export interface Report {
  readonly lines: ReadonlyArray<string>
  readonly failed: number
}

/** A line for each failing case, a line for each case that was not applicable, their number, and the score. */
export const report = (results: ReadonlyArray<Result>): Report => {
  const skipped = results.filter(({ notApplicable }) => notApplicable !== undefined)
  const failures = results.filter(({ problems }) => problems.length > 0)
  return {
    failed: failures.length,
    lines: [
      ...failures.map(({ id, problems, title }) => `${id}  ${title}  ${problems.join("; ")}`),
      ...skipped.map(({ id, notApplicable, title }) => `${id}  ${title}  not applicable, ${notApplicable}`),
      ...(skipped.length === 0 ? [] : [`not applicable: ${skipped.length}`]),
      `${results.length - failures.length - skipped.length} passed, ${failures.length} failed`
    ]
  }
}
