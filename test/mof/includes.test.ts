/** Included files: their paths, cycles, and the limits on their number and size (`mof` 7). */
import { assert, describe, it } from "vitest"
import * as Mof from "../../src/mof/Mof.ts"

/** Files by path. */
const over = (files: Readonly<Record<string, string | Uint8Array>>) => {
  const requested: Array<readonly [name: string, from: string]> = []
  const include = (name: string, from: string): Mof.Included | undefined => {
    requested.push([name, from])
    const folder = from.slice(0, from.lastIndexOf("/") + 1)
    const file = name.startsWith("/") ? name : folder + name.replaceAll("\\", "/")
    return files[file] === undefined ? undefined : { text: files[file], file }
  }
  return { requested, include }
}

const names = ({ items }: Mof.MofResult): ReadonlyArray<string> =>
  items.map((item) => item._tag === "Class" ? item.definition.name : item._tag)

const messages = ({ errors }: Mof.MofResult): ReadonlyArray<string> => errors.map(({ message }) => message)

describe("the path of an included file", () => {
  it("the function gets the including file at every level", () => {
    const { requested, include } = over({
      "/m/sub/b.mof": '#include ("c.mof")\nclass U : V { };',
      "/m/sub/c.mof": '#pragma include("deep/d.mof")\nclass V { };',
      "/m/sub/deep/d.mof": "class W { };"
    })
    const result = Mof.parse('#include ("sub/b.mof")\nclass T : U { };', { file: "/m/a.mof", include })
    assert.deepStrictEqual(messages(result), [])
    assert.deepStrictEqual(names(result), ["W", "V", "U", "T"])
    assert.deepStrictEqual(requested, [
      ["sub/b.mof", "/m/a.mof"],
      ["c.mof", "/m/sub/b.mof"],
      ["deep/d.mof", "/m/sub/c.mof"]
    ])
  })

  it("a function that returns only text gets the same arguments, and errors have a position", () => {
    const files: Readonly<Record<string, string>> = {
      "m/sub/b.mof": '#include "../c.mof"',
      "m/c.mof": '#include "sub\\\\d.mof"',
      "m/sub/d.mof": "class { };"
    }
    const result = Mof.parse('#include "sub/b.mof"', {
      file: "m/a.mof",
      include: (name, from) => files[new URL(name.replaceAll("\\", "/"), `file:///${from}`).pathname.slice(1)]
    })
    assert.deepStrictEqual(result.errors.map(({ column, file, line }) => [file, line, column]), [["m/sub/d.mof", 1, 7]])
  })

  it('only \\\\ and \\" are escapes in the name, any other backslash is a separator; variables are left to the caller', () => {
    const seen: Array<string> = []
    Mof.parse(
      '#include "%SYSTEMROOT%\\system32\\x.mof"\n#pragma include("a\\\\b\\tc.mof")\n#include ("\\"q\\"" ".mof")\nclass A { string s = "\\x41"; };',
      { include: (name) => (seen.push(name), "") }
    )
    assert.deepStrictEqual(seen, ["%SYSTEMROOT%\\system32\\x.mof", "a\\b\\tc.mof", '"q".mof'])
  })

  it("bytes are decoded in their encoding", () => {
    const bytes = Uint8Array.from(
      [0xff, 0xfe, ..."class Ä { };"].flatMap((c) => typeof c === "number" ? [c] : [c.charCodeAt(0), 0])
    )
    assert.deepStrictEqual(names(Mof.parse('#include "x"', { include: () => bytes })), ["Ä"])
  })
})

describe("refused includes", () => {
  const chain = (n: number): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Array.from({ length: n }, (_, i) => [`f${i}`, i + 1 < n ? `#include "f${i + 1}"` : "class A { };"])
    )

  it("a cycle is refused, also through other spellings; two branches may include one file", () => {
    const { include } = over({ "a/x": '#include "../b/y"', "b/y": '#include "../a/../a/x"', "z": "class Z { };" })
    const byName = (name: string, from: string): string | undefined =>
      ({ "../b/y": '#include "../a/../a/x"', "a/x": '#include "../b/y"', "../a/../a/x": '#include "../b/y"' })[name]
        ?? include(name, from)?.text as string | undefined
    const [error] = Mof.parse('#include "a/x"', { include: byName }).errors
    assert.strictEqual(error?.name, "IncludeMissing")
    assert.include(error?.message, "includes this file")
    assert.include(
      messages(Mof.parse('#include "t.mof"', { file: "t.mof", include: () => "" })).join(),
      "includes this file"
    )
    assert.deepStrictEqual(names(Mof.parse('#include "z"\n#include "z"', { include })), ["Z", "Z"])
  })

  it("more files than the limit, in any order: the error names the include", () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`d${i}`, `#include "d${i + 1}"\n#include "d${i + 1}"`])
    )
    const leaf = Array.from({ length: 1001 }, () => '#include "leaf"').join("\n")
    const rows: ReadonlyArray<readonly [string, Readonly<Record<string, string>>, number, number?]> = [
      ['#include "f0"', chain(1000), 0],
      ['#include "f0"', chain(1001), 1],
      [leaf, { leaf: ";" }, 1],
      ['#include "d0"', { ...doubling, d40: "" }, 1],
      ['#include "f0"', chain(3), 1, 2],
      ['#include "f0"', chain(1500), 0, 1500]
    ]
    for (const [text, files, errors, maxIncludes] of rows) {
      const result = Mof.parse(text, { include: over(files).include, maxIncludes })
      const first = messages(result)[0] ?? ""
      assert.strictEqual(Math.min(result.errors.length, 1), errors, first)
      if (errors > 0) assert.match(first, /found '\w+', which is one file more than \d+/)
    }
  })

  it("more bytes than the limit, also a smaller limit by option; the function gets the bytes left", () => {
    const rooms: Array<number> = []
    const text = `class A { string s = "${"ä".repeat(500)}"; };`
    const result = Mof.parse('#include "a"\n#include "b"\n#include "c"', {
      maxIncludeBytes: 2200,
      include: (_, __, room) => (rooms.push(room), text)
    })
    assert.deepStrictEqual(rooms, [2200, 2200 - 1027, 2200 - 2 * 1027])
    assert.include(messages(result).join(), "found 'c', with which the included files have more than 2200 bytes")
    const large = Mof.parse('#include "a"', { include: () => new Uint8Array(64 * 1024 * 1024 + 1) })
    assert.include(messages(large).join(), "found 'a', with which the included files have more than 67108864 bytes")
  })

  it("a function that throws, or that refuses with a reason", () => {
    const thrown = Mof.parse('#include "a"\nclass A { };', {
      include: () => {
        throw new Error("ENOENT")
      }
    })
    assert.include(messages(thrown).join(), "found 'a', which cannot be read")
    assert.deepStrictEqual(names(thrown), ["A"])
    const refused = Mof.parse('#include "a"', { include: () => ({ refused: "is no regular file" }) })
    assert.include(messages(refused).join(), "found 'a', which is no regular file")
  })

  it("messages quote nothing of a file that must not be quoted, nor of its includes", () => {
    const secret = "root:x:0:0:/root"
    for (
      const text of [
        secret,
        `class A { uint8 ${"hunter2"} = "hunter2"; };`,
        '#include "inner"',
        `[Q("hunter2\\q")] class A { hunter2 hunter2(hunter2); };`,
        "class hunter2 { }; class B { hunter2 p = 5; };"
      ]
    ) {
      const result = Mof.parse('#include "/etc/passwd"', {
        include: (name) => name === "inner" ? secret : { text, quotable: false }
      })
      const said = JSON.stringify([result.errors, result.warnings])
      assert.isAbove(result.errors.length, 0)
      assert.notMatch(said, /root|hunter2/)
      assert.include(result.errors[0]!.message, "text that is not shown")
    }
  })

  it("messages about the text name nothing of a file that must not be quoted", () => {
    const rows: ReadonlyArray<readonly [text: string, hidden: string, message: RegExp]> = [
      ["instance of B { r = $Hiden; };", "instance of B as $Hidden { };", /'\$Hiden', which is never defined/],
      [
        "instance of B { r = $One; };",
        "instance of Hidden as $One { };",
        /'\$One', an instance of a class that is not known/
      ],
      [
        "class C { [key] string K; }; instance of C { K = $One; };",
        "class B : Hidden { }; instance of B as $One { };",
        /found '\$One', expected a value of K/
      ],
      [
        "instance of B as $Two { }; instance of B { r = $Two; };",
        "class B : Hidden { };",
        /'\$Two', an instance of B: a class above it/
      ],
      ["instance of B { p = 5; };", "class B { Hidden p; };", /found '5', expected a value of p, which is object/],
      [
        "instance of B { p = {5}; };",
        "class B { Hidden p[]; };",
        /found '5', expected a value of p, which is object\[\]/
      ],
      ["instance of B as $One { };", "\n\ninstance of B as $One { }; // Hidden", /found '\$One' again/]
    ]
    for (const [text, hidden, message] of rows) {
      const result = Mof.parse(`class Other { };\n#include "f"\n${text}`, {
        include: () => ({ text: hidden, file: "inner.mof", quotable: false })
      })
      const refused = result.items.flatMap((item) => item._tag === "Refused" ? [item.error] : [])
      const said = JSON.stringify([result.errors, refused, result.warnings])
      assert.match([...result.errors, ...refused].map((error) => error.message).join("\n"), message)
      assert.notMatch(said, /hidden|inner\.mof:3/i, text)
    }
  })

  it("the hint of a second alias has the file and the line of the first one", () => {
    const hintsOf = (text: string): ReadonlyArray<string | undefined> =>
      Mof.parse(text, {
        file: "main.mof",
        include: () => ({ text: "class A { };\ninstance of A as $One { };", file: "inner.mof" })
      }).errors.map(({ hint }) => hint)
    assert.deepStrictEqual(hintsOf('#include "f"\ninstance of A as $One { };'), [
      "the first one is in inner.mof:2; rename one of the two"
    ])
    assert.deepStrictEqual(hintsOf('#include "f"\ninstance of A as $Two { };\ninstance of A as $Two { };'), [
      "the first one is in line 2; rename one of the two"
    ])
  })
})
