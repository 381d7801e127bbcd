import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import * as CimType from "../../src/model/CimType.ts"
import { coercionErrorText, shown } from "../../src/model/coercionErrorText.ts"

describe("coercionErrorText", () => {
  const rows: ReadonlyArray<readonly [unknown, CimType.TypeText, string]> = [
    [-1, "uint8", "-1 given, takes uint8, 0 to 255"],
    [1.5, "uint64", "1.5 given, takes a bigint, safe integer or decimal text, 0 to 18446744073709551615"],
    ["-5", "uint64", '"-5" given, takes a bigint, safe integer or decimal text, 0 to 18446744073709551615'],
    ["0x5", "uint64", '"0x5" given, takes a bigint, safe integer or decimal text, 0 to 18446744073709551615'],
    ["five", "sint32", '"five" given, takes sint32, -2147483648 to 2147483647'],
    ["2024-01-01", "datetime", '"2024-01-01" given, takes a Date or yyyymmddHHMMSS.mmmmmm+UUU'],
    ["a", "char16", '"a" given, takes the number of a UTF-16 unit, 0 to 65535'],
    ["a", "string[]", '"a" given, takes an array'],
    [["a"], "string", '["a"] given, takes string'],
    [true, "uint8", "true given, takes uint8, 0 to 255"],
    [["a", "b", "c", "d"], "string", '["a", "b", "c", ...] (4 elements) given, takes string'],
    ["x".repeat(1000), "uint8", `"${"x".repeat(40)}..." (1000 characters) given, takes uint8, 0 to 255`],
    [{ _tag: "Instance", className: "Demo_Disk" }, "string", "instance of Demo_Disk given, takes string"],
    [{ _tag: "Class", name: "Demo_Disk" }, "string", "class Demo_Disk given, takes string"],
    [new Date(0), "string", "Date given, takes string"],
    [["a", null], "string[]", "null given at 1, takes string"],
    [["a", 2], "string[]", "2 given at 1, takes string"],
    [{ _tag: "Instance" }, "ref:A", "object given, takes reference; give its path"],
    [["a", { _tag: "Instance" }], "ref[]", "object given at 1, takes reference; give its path"],
    [1, "ref", "1 given, takes reference"],
    [
      10n ** 50n,
      "uint64",
      `1${
        "0".repeat(39)
      }... (51 characters) given, takes a bigint, safe integer or decimal text, 0 to 18446744073709551615`
    ]
  ]
  for (const [value, type, says] of rows) {
    it(says, () => assert.strictEqual(coercionErrorText(value, CimType.parse(type)), says))
  }
})

describe("shown", () => {
  it("an object whose accessors throw is shown by its type", () => {
    const hostile = {
      get _tag(): string {
        throw new Error("no")
      }
    }
    const revoked = Proxy.revocable([], {})
    revoked.revoke()
    assert.strictEqual(shown(hostile), "object")
    assert.strictEqual(shown([hostile]), "[object]")
    assert.strictEqual(shown(revoked.proxy), "object")
  })

  it("a text is not cut between the halves of a surrogate pair", () => {
    const text = shown("x".repeat(39) + "\u{1F600}".repeat(9))
    assert.strictEqual(text, `"${"x".repeat(39)}..." (57 characters)`)
  })

  it("of any value is short", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.anything({ withBigInt: true, withDate: true, withSet: true }), (value) => {
        assert.isAtMost(shown(value).length, 250)
      })
    )
  })
})
