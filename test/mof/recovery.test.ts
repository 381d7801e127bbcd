/** Where a text is read on after a fault, and what is no fault. */
import { assert, describe, it } from "vitest"
import * as Mof from "../../src/mof/Mof.ts"

/** The places of the errors, and the names of the items. */
const read = (text: string, options?: Mof.MofOptions) => {
  const { errors, items } = Mof.parse(text, options)
  return {
    errors: errors.map(({ column, line, name }) => `${line}:${column} ${name}`),
    items: items.map((item) =>
      item._tag === "Class"
        ? item.definition.name
        : item._tag === "Instance"
        ? `instance of ${item.instance.className}`
        : item._tag
    )
  }
}

describe("an instance alone at the margin of another one", () => {
  const classes = "class A { string S; };\nclass B { };\n"

  it("is a member of a body with an end, also before a declaration without one", () => {
    const text = `${classes}instance of A {\ninstance of B {};\nS = "1";\n};\nclass C { string x;\n`
    assert.deepStrictEqual(read(text), {
      errors: ["7:20 CloseBraceExpected"],
      items: ["A", "B", "instance of A"]
    })
  })

  it("is the next declaration when the body has no end", () => {
    const text = `${classes}instance of A {\nS = "1";\n\ninstance of B {\n};\ninstance of B {\ninstance of A {};\n};\n`
    assert.deepStrictEqual(read(text), {
      errors: ["4:9 CloseBraceExpected"],
      items: ["A", "B", "instance of B", "instance of B"]
    })
  })
})

describe("a property of the type", () => {
  for (const type of ["class", "instance", "qualifier"]) {
    it(`${type}, named like a word of the grammar`, () => {
      for (const name of ["as", "of", "class"]) {
        assert.deepStrictEqual(read(`class A { ${type} ${name}; };`), { errors: [], items: ["A"] }, name)
      }
    })
  }
})
