/** The figures of the benches: spreads, ratios of rounds, verdicts over two builds. */
import * as fc from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import { confirmed, ratios, spread, tolerance, verdict } from "../../bench/statistics.ts"

const figure = fc.double({ min: 1e-3, max: 1e9, noNaN: true })
const figures = fc.array(figure, { minLength: 1, maxLength: 30 })

describe("spread", () => {
  it("is the median and the quartiles, interpolated between neighbours", () => {
    assert.deepStrictEqual(spread([3, 1, 2]), { median: 2, lower: 1.5, upper: 2.5 })
    assert.deepStrictEqual(spread([4, 1, 3, 2]), { median: 2.5, lower: 1.75, upper: 3.25 })
    assert.deepStrictEqual(spread([7]), { median: 7, lower: 7, upper: 7 })
  })

  it("refuses an empty list", () => {
    assert.throws(() => spread([]), RangeError, "no values")
  })

  it("law: it is ordered, lies within the values and does not depend on their order", () => {
    fc.assert(fc.property(figures, (values) => {
      const { lower, median, upper } = spread(values)
      assert.isTrue(Math.min(...values) <= lower && lower <= median && median <= upper && upper <= Math.max(...values))
      assert.deepStrictEqual(spread([...values].reverse()), { median, lower, upper })
    }))
  })

  it("does not change its argument", () => {
    const values = [3, 1, 2]
    spread(values)
    assert.deepStrictEqual(values, [3, 1, 2])
  })
})

describe("ratios", () => {
  it("divide the values of the same round", () => {
    assert.deepStrictEqual(ratios([2, 9], [4, 3]), [0.5, 3])
  })

  it("refuse lists of unequal length", () => {
    assert.throws(() => ratios([1], [1, 2]), RangeError, "1 rounds beside 2")
  })

  it("law: a drift that hits both sides of a round alike does not change them", () => {
    fc.assert(fc.property(fc.array(fc.tuple(figure, figure, figure), { minLength: 1 }), (rounds) => {
      const plain = ratios(rounds.map(([a]) => a), rounds.map(([, b]) => b))
      const drifted = ratios(rounds.map(([a, , d]) => a * d), rounds.map(([, b, d]) => b * d))
      for (const [i, ratio] of plain.entries()) assert.closeTo(drifted[i]! / ratio, 1, 1e-9)
    }))
  })
})

describe("verdict", () => {
  it.each(
    [
      [{ lower: 1.02, median: 1.06, upper: 1.1 }, "worse"],
      [{ lower: 0.99, median: 1.06, upper: 1.2 }, "unclear"],
      [{ lower: 1.02, median: 1.04, upper: 1.05 }, "same"],
      [{ lower: 1, median: 1, upper: 1 }, "same"],
      [{ lower: 0.9, median: 0.97, upper: 1.3 }, "same"],
      [{ lower: 0.8, median: 0.9, upper: 0.99 }, "better"],
      [{ lower: 0.8, median: 0.9, upper: 1.01 }, "unclear"],
      [{ lower: 2, median: 2, upper: 2 }, "worse"]
    ] as const
  )("of %j is %s", (of, expected) => {
    assert.strictEqual(verdict(of), expected)
  })

  it("law: exchanging the builds exchanges worse and better", () => {
    const opposite = { worse: "better", better: "worse", same: "same", unclear: "unclear" } as const
    const ordered = fc.tuple(
      ...([1, 2, 3].map(() => fc.double({ min: 0.2, max: 5, noNaN: true })) as [
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>
      ])
    ).map((three) => three.sort((a, b) => a - b))
    fc.assert(fc.property(ordered, ([lower, median, upper]) => {
      const edge = [1 + tolerance, 1 / (1 + tolerance)].some((at) => Math.abs(median! - at) < 1e-9)
      fc.pre(!edge)
      const turned = verdict({ lower: 1 / upper!, median: 1 / median!, upper: 1 / lower! })
      assert.strictEqual(turned, opposite[verdict({ lower: lower!, median: median!, upper: upper! })])
    }))
  })

  it("worse needs two measurements that say so", () => {
    const above = { lower: 1.02, median: 1.06, upper: 1.1 }
    const near = { lower: 0.99, median: 1.04, upper: 1.1 }
    assert.strictEqual(confirmed("worse", "worse", above), "worse")
    assert.strictEqual(confirmed("worse", "same", above), "unclear")
    assert.strictEqual(confirmed("worse", "same", near), "same")
  })
})
