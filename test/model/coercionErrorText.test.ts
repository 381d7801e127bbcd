import { assert, describe, it } from "vitest"
import * as CimType from "../../src/model/CimType.ts"
import { coercionErrorText } from "../../src/model/coercionErrorText.ts"

describe("coercionErrorText", () => {
  const rows: ReadonlyArray<readonly [unknown, CimType.TypeText, string]> = [
    [-1, "uint8", "-1 given, takes uint8, 0 to 255"],
    [1.5, "uint64", "1.5 given, takes a bigint, safe integer or decimal text, 0 to 18446744073709551615"],
    ["a secret", "sint32", "string given, takes sint32, -2147483648 to 2147483647"],
    ["2024-01-01", "datetime", "string given, takes a Date or yyyymmddHHMMSS.mmmmmm+UUU"],
    ["a", "char16", "string given, takes the number of a UTF-16 unit, 0 to 65535"],
    ["a", "string[]", "string given, takes an array"],
    [["a"], "string", "array given, takes string"],
    [["a", null], "string[]", "null given at 1, takes string"],
    [["a", 2], "string[]", "2 given at 1, takes string"],
    [{ _tag: "Instance" }, "ref:A", "object given, takes reference; give its path"],
    [["a", { _tag: "Instance" }], "ref[]", "object given at 1, takes reference; give its path"],
    [1, "ref", "1 given, takes reference"],
    [
      10n ** 50n,
      "uint64",
      `1${"0".repeat(39)} given, takes a bigint, safe integer or decimal text, 0 to 18446744073709551615`
    ]
  ]
  for (const [value, type, says] of rows) {
    it(says, () => assert.strictEqual(coercionErrorText(value, CimType.parse(type)), says))
  }
})
