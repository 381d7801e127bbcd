/** Untrusted text in a line that a person reads: no character on which a terminal acts is left. */
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import { escapeControl, escapeControlJson } from "../../src/model/escapeControl.ts"

/** The characters on which a terminal acts, or that change what a reader sees. */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

const odd = FastCheck.string({
  unit: FastCheck.oneof(
    FastCheck.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n)),
    FastCheck.constantFrom("\u001b", "\u009b", "\u202e", "\u2066", "\n", "\r", "a", "\u200d", "\\", '"')
  )
})

describe("escapeControl", () => {
  const rows: ReadonlyArray<readonly [text: string, shown: string]> = [
    ["plain ä 😀 漢", "plain ä 😀 漢"],
    ["\u001b[31mred", "\\u001B[31mred"],
    ["\u009b2J", "\\u009B2J"],
    ["a\r\nb\tc\0", "a\\r\\nb\\tc\\u0000"],
    ["user\u202egpj.exe", "user\\u202Egpj.exe"],
    ["half \ud800 a pair", "half \\uD800 a pair"]
  ]
  for (const [text, shown] of rows) {
    it(JSON.stringify(text), () => assert.strictEqual(escapeControl(text), shown))
  }

  it("escapes every such character and keeps all others", () => {
    FastCheck.assert(
      FastCheck.property(odd, (text) => {
        assert.notMatch(escapeControl(text), unsafe)
        assert.strictEqual(escapeControl(escapeControl(text)), escapeControl(text))
      }),
      { numRuns: 2000 }
    )
  })

  it("escapeControlJson keeps the content of the JSON text", () => {
    FastCheck.assert(
      FastCheck.property(odd, (text) => {
        const json = escapeControlJson(JSON.stringify({ text }))
        assert.notMatch(json, unsafe)
        assert.deepStrictEqual(JSON.parse(json), { text })
      }),
      { numRuns: 2000 }
    )
  })
})
