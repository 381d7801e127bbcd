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
      `class A { string S; };\nclass B { };\ninstance of A {\n${
        repeat(30_000, () => "instance of B { };")
      }S = "x";\n};\n`
    )
    assert.deepStrictEqual(errors, [])
    assert.strictEqual(items.length, 3)
    assert.strictEqual(warnings.at(-1)?.name, "TooManyWarnings")
  })

  it("instances without their end, whose errors are counted as those of a macro", () => {
    const { errors } = Mof.parse(`#define X\n${repeat(5000, () => "instance of A {\n P = X;")}`)
    assert.strictEqual(errors[0]?.name, "InvalidPragma")
  })

  it("misspelt superclasses among many classes", () => {
    const { warnings } = Mof.parse(
      repeat(19_000, (i) => `class Some_Vendor_Class${i} { };`)
        + repeat(300, (i) => `class B${i} : Some_Vendor_Klass${i}x${i} { };`)
    )
    assert.strictEqual(warnings.at(-1)?.name, "TooManyWarnings")
  })

  it("misspelt aliases among many, in errors that are not listed", () => {
    const alias = "instance of R as $AliasName"
    const text = (count: number): string =>
      `#define X\nclass R { [key] string K; R ref r; };\n${repeat(count, (i) => `${alias}${i} { K = "${i}"; };`)}`
      + repeat(count, (i) => `instance of R { K = X; r = $AliesNane${i}q; };`)
      + repeat(count, (i) => `instance of R X as $B${i};`)
    assert.strictEqual(Mof.parse(text(20_000)).errors.length, 1)
  })
})

describe("suggestions", () => {
  it("are limited: the first names of a large text have one", () => {
    const { errors } = Mof.parse(
      `class R { [key] uint32 K; R ref r; };\n${repeat(4000, (i) => `instance of R as $Alias${i}Name { K = ${i}; };`)}`
        + repeat(99, (i) => `instance of R { K = ${i}; r = $Alais${i}Name; };`),
      { strict: true }
    )
    const near = errors.map(({ hint }) => hint?.startsWith("did you mean ") === true)
    assert.strictEqual(near.length, 99)
    assert.strictEqual(near[0], true)
    assert.strictEqual(near.at(-1), false)
  })
})

describe("the line of a diagnostic", () => {
  const line = (length: number): string => `class A { uint32 P = foo;${" ".repeat(length - 25)}`

  it("has at most 10,000 units, else it is absent", () => {
    const lengthOf = (length: number): ReadonlyArray<number | undefined> =>
      Mof.parse(`${line(length)}\n};`).errors.map(({ sourceLine }) => sourceLine?.length)
    assert.deepStrictEqual(lengthOf(10_000), [10_000])
    assert.deepStrictEqual(lengthOf(10_001), [undefined])
  })

  it("is not repeated for each fault of a text in one line", () => {
    const { errors } = Mof.parse(
      `class A { ${Array.from({ length: 100_000 }, (_, i) => `uint32 p = foo${i};`).join(" ")} };`
    )
    assert.strictEqual(errors.length, 100)
    assert.isBelow(JSON.stringify(errors).length, 100_000)
    assert.match(Mof.format(errors[0]!), /^\(text\):1:22: error: found 'foo0'/)
  })
})
