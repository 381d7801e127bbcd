/**
 * How much of the long tests runs. `npm test` does a fifth of the runs of each property, so that it stays short; with `TEST_SCALE=1`,
 * as in continuous integration, everything runs.
 */
const scale = Number(process.env["TEST_SCALE"] || "0.2")

/** The number of runs of a property. */
export const scaled = (runs: number): number => Math.max(1, Math.round(runs * scale))

/** Whether tests run that take seconds each. */
export const isWhole: boolean = scale >= 1
