/**
 * The two folds of names (`object-model` 13): identity by upper case, order by lower case.
 */
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import * as CimName from "../../src/model/CimName.ts"

const upper = (unit: string): string => unit.toUpperCase().length === 1 ? unit.toUpperCase() : unit
const lower = (unit: string): string => unit.toLowerCase().length === 1 ? unit.toLowerCase() : unit
const units = (text: string, map: (unit: string) => string): string => text.split("").map(map).join("")

const unit = FastCheck.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
const text = FastCheck.array(
  FastCheck.oneof(unit, FastCheck.constantFrom(..."iIsSkKµΜμςσΣſıİßẞKÅåΩω_aZ")),
  { maxLength: 6 }
).map((list) => list.join(""))

describe("CimName.equals and CimName.fold", () => {
  const same: ReadonlyArray<readonly [string, string]> = [
    ["\u0131", "i"],
    ["\u0131", "I"],
    ["\u017f", "s"],
    ["\u03c2", "\u03c3"],
    ["\u03c2", "\u03a3"],
    ["\u00b5", "\u03bc"],
    ["\u00b5", "\u039c"],
    ["\u03d0", "\u03b2"],
    ["\u1fbe", "\u03b9"],
    ["\u1e9b", "\u1e61"],
    ["\u00e9", "\u00c9"]
  ]
  for (const [a, b] of same) {
    it(`${a} and ${b} are equal`, () => {
      assert.isTrue(CimName.equals(a, b))
    })
  }

  const other: ReadonlyArray<readonly [string, string]> = [
    ["\u212a", "k"],
    ["\u212b", "\u00e5"],
    ["\u2126", "\u03c9"],
    ["\u1e9e", "\u00df"],
    ["\u00df", "ss"],
    ["\u0130", "i"],
    ["\u0130", "I"]
  ]
  for (const [a, b] of other) {
    it(`${a} and ${b} are not equal`, () => {
      assert.isFalse(CimName.equals(a, b))
    })
  }

  it("compare the upper case of each code unit, for every code unit", () => {
    const byFold = new Map<string, string>()
    for (let code = 0; code <= 0xffff; code++) {
      const one = String.fromCharCode(code)
      const folded = CimName.fold(one)
      assert.strictEqual(folded.length, 1)
      assert.strictEqual(CimName.fold(folded), folded)
      assert.strictEqual(byFold.get(folded) ?? upper(one), upper(one))
      byFold.set(folded, upper(one))
    }
    assert.strictEqual(new Set(byFold.values()).size, byFold.size)
  })

  it("two names are equal exactly when their upper-cased code units are equal", () => {
    FastCheck.assert(FastCheck.property(text, text, (a, b) => {
      assert.strictEqual(CimName.equals(a, b), units(a, upper) === units(b, upper))
    }))
  })

  it("ASCII text is folded to lower case", () => {
    assert.strictEqual(CimName.fold("Win32_LogicalDisk"), "win32_logicaldisk")
  })
})

describe("CimName.compare", () => {
  it("orders by lower-cased code units, then by the original code units", () => {
    FastCheck.assert(FastCheck.property(text, text, (a, b) => {
      const x = units(a, lower), y = units(b, lower)
      const expected = x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0
      assert.strictEqual(CimName.compare(a, b), expected)
    }))
  })

  it("orders an underscore before letters", () => {
    assert.deepStrictEqual(["CIMTYPE", "key", "CIM_Key"].sort(CimName.compare), ["CIM_Key", "CIMTYPE", "key"])
  })
})

describe("CimName.isUserName", () => {
  for (const name of ["\ue68d\ud79d\u1659", "\u00e9t\u00e9", "C\ud79d", "\ud83d\ude00", "A\uffef", "Disk"]) {
    it(`${JSON.stringify(name)} is a name that users may give`, () => {
      assert.isTrue(CimName.isUserName(name))
      assert.isTrue(CimName.isNamespaceName(name))
      assert.isTrue(CimName.isIdentifier(name))
    })
  }
  for (const name of ["", "1a", "a b", "a\ufeff", "a\ud83d", "\ude00a", "a\ufff0", "a\u007f", "a-b"]) {
    it(`${JSON.stringify(name)} is no name`, () => {
      assert.isFalse(CimName.isUserName(name))
      assert.isFalse(CimName.isNamespaceName(name))
      assert.isFalse(CimName.isIdentifier(name))
    })
  }
})
