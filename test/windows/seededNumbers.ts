/** A sequence of numbers that is the same in every run. The returned function gives the next one, from 0 to `below` - 1. */
export const seededNumbers = (seed: number) => (below: number): number => {
  seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0
  return ((seed ^ (seed >>> 13)) >>> 0) % below
}
