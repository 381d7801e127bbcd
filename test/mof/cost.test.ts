/**
 * The cost of diagnostics: it grows with the length of the text. Each text is so large that quadratic work takes minutes.
 */
import { assert, describe, it } from "vitest"
import * as Mof from "../../src/mof/Mof.ts"

const repeat = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("")

describe("a large text is read in linear time:", () => {
  it("instances that stand alone in the body of another one", () => {
    const { errors, items, warnings } = Mof.parse(
      `class A { string S; };\nclass B { };\ninstance of A {\n${repeat(30_000, () => "instance of B { };")}S = "x";\n};\n`
    )
    assert.deepStrictEqual(errors, [])
    assert.strictEqual(items.length, 3)
    assert.strictEqual(warnings.at(-1)?.name, "TooManyWarnings")
  })

  it("instances without their end, whose errors are counted as those of a macro", () => {
    const { errors } = Mof.parse(`#define X\n${repeat(5000, () => "instance of A {\n P = X;")}`)
    assert.strictEqual(errors[0]?.name, "InvalidPragma")
  })
})
