/**
 * One fault, one error: a valid text in which one token is removed, doubled or replaced has one diagnostic, in a few cases
 * two, and never more. A text without one line has the diagnostics of a table.
 */
import { assert, describe, it } from "vitest"
import * as Mof from "../../src/mof/Mof.ts"

const text = String.raw`// a sample
#pragma namespace("root\\x")
Qualifier Mine : string, Scope(class, property), Flavor(ToSubclass);
[Description("a class" " in two parts") : Amended ToSubclass, Values{"a", "b"}]
class Demo_Base
{
  [key, read] string Id;
  uint32 Size = 5;
  string Names[] = {"a", "b"};
  [read] datetime When;
  uint32 Start([in] string Name, [out] uint32 Code);
};
class Demo_Asset : Demo_Base
{
  Demo_Base ref Other;
  Demo_Part Part;
  boolean Active = TRUE;
};
class Demo_Part {
  string Text;
};
#pragma deleteclass("Demo_Old", NOFAIL)
instance of Demo_Asset as $One
{
  Id = "1";
  Size = 7;
  Part = instance of Demo_Part { Text = "x"; };
};
[dynamic] instance of Demo_Asset
{
  Id = "2";
  Other = $One;
};
`

interface Token {
  readonly written: string
  readonly at: number
}

const tokens: ReadonlyArray<Token> = [...text.matchAll(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|[A-Za-z_$]\w*|\d+|\s+|./g)]
  .map((match) => ({ written: match[0], at: match.index }))
  .filter(({ written }) => written.trim() !== "" && !written.startsWith("//"))

const edits: Readonly<Record<string, (token: Token) => string>> = {
  removed: ({ at, written }) => text.slice(0, at) + text.slice(at + written.length),
  doubled: ({ at, written }) => `${text.slice(0, at)}${written} ${text.slice(at)}`,
  "replaced by an unreadable character": ({ at, written }) => `${text.slice(0, at)}@${text.slice(at + written.length)}`,
  "without its closing quote": ({ at, written }) =>
    written.startsWith('"') ? text.slice(0, at + written.length - 1) + text.slice(at + written.length) : text
}

const said = (changed: string): ReadonlyArray<string> => {
  const { errors, warnings } = Mof.parse(changed, { file: "f" })
  return [...errors, ...warnings].map((one) => Mof.format(one))
}

describe("a valid text with one token", () => {
  it("has no diagnostics as it is", () => assert.deepStrictEqual(said(text), []))

  for (const [name, edit] of Object.entries(edits)) {
    it(`${name}: one diagnostic, twice in a hundred cases two, never three`, () => {
      const counts = tokens.map((token) => ({ token, list: said(edit(token)) }))
      for (const { list, token } of counts) {
        assert.isAtMost(list.length, 2, `${token.written} at ${token.at}\n${list.join("\n")}`)
      }
      assert.isAtMost(counts.filter(({ list }) => list.length > 1).length, tokens.length / 50)
      assert.isAtLeast(counts.filter(({ list }) => list.length > 0).length, name.startsWith("without") ? 5 : 100)
    })
  }
})

/**
 * The diagnostics of the text without one line, by the number of the line. Without the first line of a declaration its
 * members have no head, and the uses of its name are faults too. Without any other line the text is valid.
 */
const withoutLine: Readonly<Record<number, ReadonlyArray<string>>> = {
  5: ["UnrecognizedToken", "UnknownSuperclass"],
  6: ["InvalidClassDeclaration"],
  7: ["TypeMismatch"],
  12: ["CloseBraceExpected"],
  13: ["UnrecognizedToken", "UnknownClass"],
  14: ["InvalidClassDeclaration"],
  18: ["CloseBraceExpected"],
  19: ["UnrecognizedToken", "UnknownType"],
  21: ["TypeExpected"],
  23: ["UnrecognizedToken", "NotFound"],
  24: ["OpenBraceExpected"],
  25: ["TypeMismatch"],
  28: ["CloseBraceExpected"],
  29: ["UnrecognizedToken"],
  30: ["OpenBraceExpected"],
  33: ["CloseBraceExpected"]
}

describe("a valid text without one line", () => {
  const lines = text.split("\n")
  for (const [i, line] of lines.entries()) {
    const expected = withoutLine[i + 1] ?? []
    it(`without line ${i + 1}, '${line.trim()}', has ${expected.join(" and ") || "no diagnostics"}`, () => {
      const { errors, warnings } = Mof.parse(lines.filter((_, at) => at !== i).join("\n"), { file: "f" })
      assert.deepStrictEqual([...errors, ...warnings].map(({ name }) => name), expected)
    })
  }
})
