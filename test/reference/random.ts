/** Pseudo-random numbers from a seed. */

export interface Random {
  /** 0 to n - 1. */
  readonly below: (n: number) => number
  readonly chance: (p: number) => boolean
  readonly pick: <A>(list: ReadonlyArray<A>) => A
  /** One of some choices, each as likely as its weight. */
  readonly weighted: <A>(choices: ReadonlyArray<readonly [weight: number, choice: A]>) => A
}

/** The 32-bit generator mulberry32: small, and good enough for generated sequences. */
export const make = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number): number => Math.floor(next() * n)
  return {
    below,
    chance: (p) => next() < p,
    pick: (list) => list[below(list.length)]!,
    weighted: (choices) => {
      let at = next() * choices.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, choice] of choices) {
        at -= weight
        if (at < 0) return choice
      }
      return choices.at(-1)![1]
    }
  }
}
