/**
 * How many runs a property gets. `npm test` does a fifth of them, so that it stays short; `TEST_SCALE=1` does all, as continuous
 * integration does once.
 */
export const scaled = (runs: number): number =>
  Math.max(1, Math.round(runs * Number(process.env["TEST_SCALE"] || "0.2")))
