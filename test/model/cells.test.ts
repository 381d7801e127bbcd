/** The cells of a text on a terminal, and a text cut to a number of cells. */
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import { cellsOf, cutEnd, cutStart } from "../../src/model/text/cells.ts"

const rows: ReadonlyArray<readonly [title: string, text: string, cells: number]> = [
  ["a letter", "a", 1],
  ["a letter with a combining mark", "e\u0301", 1],
  ["a letter with an enclosing mark", "a\u20dd", 1],
  ["a consonant with a spacing vowel sign", "\u0915\u093e", 2],
  ["a kanji", "日", 2],
  ["a full-width letter", "Ａ", 2],
  ["a syllable of Hangul", "한", 2],
  ["an ideograph outside of the basic plane", "\u{20000}", 2],
  ["an emoji", "😀", 2],
  ["an emoji with a skin tone", "👍🏽", 2],
  ["a letter outside of the basic plane", "𝒜", 1]
]

describe("the cells of a text", () => {
  it("no character has none", () => assert.strictEqual(cellsOf(""), 0))
  for (const [title, text, cells] of rows) {
    it(`${title}: ${cells}`, () => assert.strictEqual(cellsOf(text), cells))
  }
})

describe("a cut text", () => {
  const cases: ReadonlyArray<readonly [text: string, cells: number, end: string, start: string]> = [
    ["abcdef", 6, "abcdef", "abcdef"],
    ["abcdef", 5, "ab...", "...ef"],
    ["abcdef", 3, "...", "..."],
    ["abcdef", 2, "ab", "ef"],
    ["abcdef", 0, "", ""],
    ["日本語日本", 8, "日本...", "...日本"],
    ["日本語日本", 9, "日本語...", "...語日本"],
    ["e\u0301e\u0301e\u0301e\u0301e\u0301", 4, "e\u0301...", "...e\u0301"],
    ["😀😀😀", 5, "😀...", "...😀"]
  ]
  for (const [text, cells, end, start] of cases) {
    it(`has ${cells} cells at most: ${text}`, () => {
      assert.strictEqual(cutEnd(text, cells, "..."), end)
      assert.strictEqual(cutStart(text, cells, "..."), start)
    })
  }

  const clusters = new Map(rows.map(([, text, cells]) => [text, cells]))
  const arguments_ = [
    FastCheck.array(FastCheck.constantFrom(...clusters.keys()), { maxLength: 30 }),
    FastCheck.integer({ min: 0, max: 40 }),
    FastCheck.constantFrom("...", "…", "")
  ] as const
  const total = (list: ReadonlyArray<string>): number => list.reduce((sum, one) => sum + clusters.get(one)!, 0)

  it("keeps whole characters, as many as fit, and never exceeds its cells", () => {
    FastCheck.assert(FastCheck.property(...arguments_, (list, cells, ellipsis) => {
      const text = list.join("")
      if (total(list) <= cells) {
        assert.deepStrictEqual([cutEnd(text, cells, ellipsis), cutStart(text, cells, ellipsis)], [text, text])
        return
      }
      const mark = cells >= ellipsis.length ? ellipsis : ""
      const room = cells - mark.length
      let kept = 0
      while (total(list.slice(0, kept + 1)) <= room) kept++
      assert.strictEqual(cutEnd(text, cells, ellipsis), list.slice(0, kept).join("") + mark)
      let from = list.length
      while (total(list.slice(from - 1)) <= room) from--
      assert.strictEqual(cutStart(text, cells, ellipsis), mark + list.slice(from).join(""))
    }))
  })

  it("never splits a surrogate pair, or a combining mark from its letter, whatever the order", () => {
    const character = FastCheck.constantFrom(
      "a",
      " ",
      "日",
      "😀",
      "\u{20000}",
      "\u0301",
      "\u20dd",
      "\u093e",
      "\u{1e8d0}",
      "🏽"
    )
    const text = FastCheck.array(character, { maxLength: 20 }).map((list) => list.join(""))
    FastCheck.assert(FastCheck.property(text, FastCheck.integer({ min: 0, max: 20 }), (whole, cells) => {
      const end = cutEnd(whole, cells, "")
      const start = cutStart(whole, cells, "")
      assert.isTrue(whole.startsWith(end) && whole.endsWith(start))
      assert.isAtMost(Math.max(cellsOf(end), cellsOf(start)), cells)
      const continues = /^[\p{M}\udc00-\udfff]/u
      assert.notMatch(end === "" ? "" : whole.slice(end.length), continues)
      assert.notMatch(start === whole ? "" : start, continues)
    }))
  })
})
