/** Which faults of a text are reported, where the text is read on after one, and which declarations stay items. */
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

describe("names that are not known", () => {
  it("have one warning in all their spellings", () => {
    const { warnings } = Mof.parse("instance of FOO { };\ninstance of Foo { };\ninstance of foo { };\n")
    assert.deepStrictEqual(warnings.map(({ hint, line, name }) => [line, name, /\d more uses/.exec(hint ?? "")?.[0]]), [
      [1, "UnknownClass", "2 more uses"]
    ])
  })

  it("with strict: none of the declarations that use one is an item", () => {
    const text = "class A { strng b; };\nclass B { string s; };\nclass C { STRNG c; };\ninstance of B { };\n"
      + "instance of B { e = instance of Nope { }; };\nclass D : Nope { };\n"
    assert.deepStrictEqual(read(text, { strict: true }), {
      errors: ["1:11 UnknownType", "5:33 UnknownClass"],
      items: ["B", "instance of B"]
    })
    const many = Array.from({ length: 150 }, (_, i) => `class A${i} : X${i} { };`).join("\n")
    assert.deepStrictEqual(read(`class B { };\n${many}`, { strict: true }).items, ["B"])
  })
})

describe("after a #define", () => {
  it("a fault that is no macro is reported, also beside words in capitals", () => {
    const text = "#define MAX 5\nclass A_CLASS\n{\n  string NAME\n  uint32 ID = ;\n  uint32 B = MAX;\n"
      + "  uint32 C = OTHER_MACRO;\n  FIELD(D) uint32 D;\n};\n"
    assert.deepStrictEqual(read(text).errors, [
      "1:1 InvalidPragma",
      "4:14 SemicolonExpected",
      "5:15 IllegalConstant"
    ])
  })
})
