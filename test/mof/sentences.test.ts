/**
 * The statements of the language pages, one test each: the objects of a text, or its error with the position. `¶` marks
 * the position of the error and is not part of the text.
 */
import { assert, describe, it } from "vitest"
import type { CimValue, ClassDefinition, Instance } from "../../src/model/WbemObject.ts"
import type * as CimType from "../../src/model/CimType.ts"
import type * as Qualifier from "../../src/model/Qualifier.ts"
import * as Mof from "../../src/mof/Mof.ts"

// Objects on one line

const value = (one: CimValue | undefined): string =>
  one === null
    ? "NULL"
    : typeof one === "bigint"
    ? `${one}n`
    : Array.isArray(one)
    ? `{${(one as ReadonlyArray<CimValue>).map(value).join(",")}}`
    : typeof one === "object"
    ? instance(one as Instance)
    : Object.is(one, -0)
    ? "-0"
    : JSON.stringify(one)

const qualifiers = (list: ReadonlyArray<Qualifier.Qualifier>): string =>
  list.length === 0
    ? ""
    : `[${
      list.map(({ flavor, name, type, value: of }) =>
        `${name}${of === true ? "" : `=${value(of as CimValue)}`}${type === "real64" ? "r" : ""}${
          flavor === 0 ? "" : `!${flavor.toString(16)}`
        }`
      ).join(" ")
    }]`

const instance = ({ className, propertyQualifiers = {}, qualifiers: own, values }: Instance): string =>
  `${qualifiers(own)}${className}{${
    [...new Set([...Object.keys(values), ...Object.keys(propertyQualifiers)])].map((name) =>
      `${qualifiers(propertyQualifiers[name] ?? [])}${name}${name in values ? `=${value(values[name])}` : ""}`
    ).join(",")
  }}`

const typed = ({ className, isArray, type, word }: CimType.TypeRef): string =>
  `${word ?? type}${className === undefined ? "" : `:${className}`}${isArray ? "[]" : ""}`

const definition = ({ methods, name, properties, qualifiers: own, superclass }: ClassDefinition): string =>
  `class ${name}${superclass === undefined ? "" : `:${superclass}`}${qualifiers(own)}{${
    [
      ...properties.map((p) =>
        `${qualifiers(p.qualifiers)}${typed(p)} ${p.name}${p.value === undefined ? "" : `=${value(p.value)}`}`
      ),
      ...methods.map((m) =>
        `${qualifiers(m.qualifiers)}${m.returnsWord ?? m.returns} ${m.name}(${
          m.parameters.map((p) =>
            `${p.direction} ${qualifiers(p.qualifiers.filter((q) => !/^(in|out|id)$/i.test(q.name)))}${
              typed(p)
            } ${p.name}#${p.id}${p.value === undefined ? "" : `=${value(p.value)}`}`
          ).join(",")
        })`
      )
    ].join("; ")
  }}`

const item = (one: Mof.MofItem): string => {
  const where = one.namespace === "root\\default" ? "" : `${one.namespace}|`
  switch (one._tag) {
    case "Class":
      return `${where}${one.flags === 0 ? "" : `@${one.flags}|`}${definition(one.definition)}`
    case "Instance":
      return `${where}${one.flags === 0 ? "" : `@${one.flags}|`}${instance(one.instance)}`
    case "Delete":
      return `${where}delete ${one.path} ${one.failIfMissing ? "FAIL" : "NOFAIL"}`
    case "Refused":
      return `${where}refused ${one.declares} at ${one.error.line}:${one.error.column}: ${one.error.found}`
  }
}

interface Options extends Mof.MofOptions {
  /** The number of warnings, but for those of names that are not known: most rows name classes that they do not declare. */
  readonly warnings?: number
}

const countOf = (warnings: ReadonlyArray<Mof.MofWarning>): number =>
  warnings.filter(({ name }) => !/^Unknown(?:Type|Superclass|Class)$/.test(name)).length

const name = (text: string): string => text.replace(/\s+/g, " ").slice(0, 90) || "an empty text"

/** Texts without errors, each with its objects. */
const reads = (
  rows: ReadonlyArray<readonly [text: string, objects: ReadonlyArray<string> | string, Options?]>
): void => {
  for (const [text, objects, options] of rows) {
    it(name(text), () => {
      const { errors, items, warnings } = Mof.parse(text, options)
      assert.deepStrictEqual(errors.map((error) => error.message), [])
      assert.deepStrictEqual(items.map(item), typeof objects === "string" ? [objects] : objects)
      assert.strictEqual(countOf(warnings), options?.warnings ?? 0)
    })
  }
}

/** Texts with errors, each with the last two digits of its error codes. */
const refuses = (
  rows: ReadonlyArray<
    readonly [text: string, codes: ReadonlyArray<number> | number, says?: string | undefined, Options?]
  >
): void => {
  for (const [marked, codes, says, options] of rows) {
    it(name(marked), () => {
      const places: Array<string> = []
      let text = ""
      for (const piece of marked.split("¶")) {
        if (text !== "" || marked.startsWith("¶")) {
          const lines = text.split(/\r\n|\r|\n/)
          places.push(`${lines.length}:${lines.at(-1)!.length + 1}`)
        }
        text += piece
      }
      if (marked.startsWith("¶")) places.shift()
      const { errors } = Mof.parse(text, options)
      assert.deepStrictEqual(
        errors.map(({ code, column, line }) => [`0x${(code >>> 0).toString(16)}`, `${line}:${column}`]),
        [codes].flat().map((code, i) => [`0x${(code < 0x100 ? 0x80044000 + code : code).toString(16)}`, places[i]]),
        errors.map(({ message }) => message).join("\n")
      )
      if (says !== undefined) assert.include(errors[0]!.message, says)
    })
  }
}

const of = (type: string, constant: string): string => `class A { ${type} p = ${constant}; };`
const values = (
  rows: ReadonlyArray<readonly [type: string, constant: string, value: string]>
): void => reads(rows.map(([type, constant, one]) => [of(type, constant), `class A{${type} p=${one}}`]))
const wrong = (
  rows: ReadonlyArray<readonly [type: string, constant: string, code: number, says?: string | undefined]>
): void => refuses(rows.map(([type, constant, code, says]) => [of(type, constant), code, says]))

describe("1 files and characters", () => {
  reads([
    ["", []],
    ["class \\\nA\\\r\n : \\\rB {\\\n\\\n};\\\n", "class A:B{}"],
    ["class\ufeffA\ufeff{\ufeff}\ufeff;\ufeff", "class A{}"],
    ["class\u00a0A\u00a0{};", "class A{}"],
    ["class\fA\r:\tB\n{\r\n};", "class A:B{}"],
    ["// c\n/* a */class/**/A/* \n */{//x\r\n}/* * */;//end", "class A{}"],
    ["// ends at CR\rclass A {};", "class A{}"],
    [
      "CLASS a { [KEY] STRING s; UINT8 R = 0X1F; Boolean b = tRuE; }; INSTANCE Of a { S = nuLL; b = FALSE; };",
      ["class a{[key!13]STRING s; UINT8 R=31; Boolean b=true}", "a{S=NULL,b=false}"]
    ]
  ])
  refuses([
    ["/* /* */ ¶*/ class A {};", 0x0a],
    ["class A {};\n¶/* open", 0x0a, "a comment that never ends"],
    ["¶/*/ class A {};", 0x0a],
    ["class A ¶/ {};", 0x0a],
    ["class A¶\0 {};", 0x0a, "U+0000"],
    ["¶FOMB\u0001\0\0\0", 0x1e, "binary MOF"],
    ["class A {\r\n\tstring p¶\r\n\tuint8 q;\r\n};", 0x02, "found the end of the line"],
    ["class A {\r\tstring p¶\r\tuint8 q;\r};", 0x02],
    ['class A { string p = "😀"; uint8 q = ¶256; };', 0x1d, "found '256'"],
    ["class ¶{};\nclass A { string p = ¶; };\nclass B {};\ninstance of ¶{ };", [0x14, 0x07, 0x14]]
  ])
})

describe("2 tokens", () => {
  values([
    ["string", '"a" "b"', '"ab"'],
    ["string", '"a"/* x */"b"// y\n "c"', '"abc"'],
    ["string", '"a""b"', '"ab"'],
    ["string", '"a\r\nb"', '"a\\r\\nb"'],
    ["string", '"\\"\\\\\\b\\t\\n\\f\\r\\\'"', JSON.stringify("\"\\\b\t\n\f\r'")],
    ["string", '"\\x0041B\\x41G\\x9z"', '"ABAG\\tz"'],
    ["string", '"\\xD83D\\xDE00"', '"😀"'],
    ["string", '"\\x4" "1"', '"\\u00041"'],
    ["string", '"/* no */ // no"', '"/* no */ // no"'],
    ["char16", "'x'", "120"],
    ["char16", "'\\x41'", "65"],
    ["char16", "'\\''", "39"],
    ["char16", "'\"'", "34"],
    ["char16", "'\\xFFFF'", "65535"],
    ["char16", "'\\x0'", "0"],
    ["char16", "'\\X0000'", "0"],
    ["char16", "65", "65"],
    ["sint32", "-12310", "-12310"],
    ["sint32", "0x41", "65"],
    ["sint32", "0101", "65"],
    ["sint32", "1000001b", "65"],
    ["sint32", "0101B", "5"],
    ["sint32", "0x1b", "27"],
    ["sint32", "+5", "5"],
    ["sint32", "-0x10", "-16"],
    ["sint32", "-101b", "-5"],
    ["sint32", "-010", "-8"],
    ["sint32", "0b", "0"],
    ["sint32", "-0", "0"],
    ["real64", "3.14", "3.14"],
    ["real64", "-1.2778E+02", "-127.78"],
    ["real64", "2.3e-2", "0.023"],
    ["real32", "0.1", String(Math.fround(0.1))],
    ["real64", "-0.0", "-0"],
    ["real64", "1.0e-999", "0"]
  ])
  reads([['class A { string p = "\\q"; };', 'class A{string p="q"}', { warnings: 1 }]])
  wrong([
    ["string", '"a¶\\x0"', 0x07],
    ["string", '"a¶\\x0000"', 0x07],
    ["string", '"¶\\xg" "b"', 0x07],
    ["string", '"a" ¶"b; };', 0x07, "a string that never ends"],
    ["string", '¶"abc\\', 0x07],
    ["char16", "¶'ab'", 0x07, "found ''ab''"],
    ["char16", "¶''", 0x07, "found ''''"],
    ["char16", "¶'a", 0x07],
    ["char16", "¶'😀'", 0x07, "UTF-16 unit"],
    ["sint32", "¶08", 0x07, "the digits 0 to 7"],
    ["sint32", "¶0109", 0x07],
    ["sint32", "¶0x", 0x07],
    ["sint32", "¶0xG1", 0x07],
    ["sint32", "¶12b", 0x07],
    ["sint32", "¶12abc", 0x07],
    ["sint32", "¶-", 0x07],
    ["sint32", "¶--5", 0x07],
    ["real64", "¶1.2.3", 0x07],
    ["real64", "¶1.5e+", 0x07],
    ["real64", "¶1.0e999", 0x1d, "1.0e999"],
    ["sint32", `¶${"9".repeat(5000)}`, 0x1d],
    ["sint32", `¶0x${"F".repeat(5000)}`, 0x1d]
  ])
  refuses([
    ["instance of A { p = ¶1.0e999; };", 0x1d],
    ["[Q(¶1.0e999)] class A {};", 0x1d],
    ['#pragma namespace("\\\\.\\root¶\\x")\nclass A { string s = "b"; };', 0x07, "a backslash itself is \\\\"]
  ])
})

describe("3 grammar: classes", () => {
  reads([
    ["class X; class Y : X {}; class X {};", ["class Y:X{}", "class X{}"]],
    [";;class A {};;", "class A{}"],
    ["class A as $X : B {};", "class A:B{}"],
    [
      "class A { sint8 a; object ref p; X q; X ref r; object o[]; object ref s[]; X ref t[3]; };",
      "class A{sint8 a; reference p; object:X q; reference:X r; object[] o; reference[] s; [Max=3]reference:X[] t}"
    ],
    [
      "class A { string class; uint8 instance; datetime datetime; boolean TRUE; X ref/**/; string as; X ref ref2; };",
      "class A{string class; uint8 instance; datetime datetime; boolean TRUE; object:X ref; string as; reference:X ref2}"
    ],
    ["class instance {}; class class {}; class of : as {};", ["class instance{}", "class class{}", "class of:as{}"]],
    [
      'class A { string p = "x"; [key] uint8 k = 3; string n = NULL; uint8 l[] = {1, 2}; uint8 e[] = {}; uint8 s[0x5]; };',
      'class A{string p="x"; [key!13]uint8 k=3; string n=NULL; uint8[] l={1,2}; uint8[] e={}; [Max=5]uint8[] s}'
    ],
    [
      "class A { void M(); uint32 N([In] string s, [Out] uint8 a[], [In, Out] X ref r); };",
      "class A{void M(); uint32 N(in string s#0,out uint8[] a#1,inout reference:X r#2)}"
    ],
    [
      "class A { void N([In, ID(1)] string s, [Out, ID(0)] string t); };",
      "class A{void N(in string s#1,out string t#0)}"
    ],
    ["class A { void N([In(false), Out] uint8 s[4]); };", "class A{void N(out [Max=4]uint8[] s#0)}"],
    [
      'class A { void N([In] uint8 s = 5, [Out] string t[] = {"a", "b"}, [In] uint32 u = NULL); };',
      'class A{void N(in uint8 s#0=5,out string[] t#1={"a","b"},in uint32 u#2=NULL)}'
    ],
    [
      "class A { STRING S; Uint32 N[]; Object o; B REF r; OBJECT Ref w; VOID M([In] Boolean b); UINT64 R(); };",
      "class A{STRING S; Uint32[] N; Object o; reference:B r; reference w; VOID M(in Boolean b#0); UINT64 R()}"
    ],
    ["class A { string s; uint8 n[] = NULL; };", "class A{string s; uint8[] n=NULL}"],
    ["class Ä\u0080\uffef { uint32 \u{1F600}n; };", "class Ä\u0080\uffef{uint32 \u{1F600}n}"],
    ["class A { uint8 m; void m(); };", "class A{uint8 m; void m()}"],
    ["class A { int p; };", "class A{object:int p}"]
  ])
  refuses([
    ["class A {}¶\nclass B {};", 0x02],
    ["class A {}¶", 0x02, "the end of the file"],
    ["class ¶{};", 0x14],
    ["class A : ¶{};", 0x14],
    ["class A ¶string p; };", 0x17, "expected ':' and a superclass, '{' or ';'"],
    ["class A : B ¶as $X {};", 0x17],
    ["class A { string p;¶", 0x04],
    ["class A { string p; uint8 ¶P; };", 0x1b],
    ["class A { void m(); uint8 ¶M(); };", 0x1b, "each method once"],
    ["class A { ¶p; };", 0x0b],
    ["class A { uint8¶[] p; };", 0x0c, "the brackets of an array stand behind it"],
    ["class A { void p¶; };", 0x09],
    ["class A { string ref ¶p; };", 0x02],
    ["class A { ¶ref B p; };", 0x0b, "the class of a reference before 'ref'"],
    ["class A { sint31 p = ¶5; };", 0x15, "an instance of the class sint31"],
    ["class A { string p = ¶abc; };", 0x07, "text stands in straight quotes"],
    ["class A { string ¶1p; };", 0x07, "a name begins with a letter"],
    ["¶typedef string X;", 0x0d],
    ["¶enum X { A };", 0x0d],
    ["class A { string p ¶uint8 q; };", 0x02, "expected ';', '=', '[' or '('"],
    ["class A { string p = ¶foo; };", 0x07],
    ["class A { string p;¶; };", 0x08],
    ["class A { [key] ¶};", 0x08, "the type of a property or method behind its qualifiers"],
    ["class A { [key]¶[read] string p; };", 0x08],
    ["class A { uint8 p[¶-1]; };", 0x1d],
    ["class A { uint8 p[¶4294967296]; };", 0x1d],
    ['class A { uint8 p[¶"5"]; };', 0x05],
    ["class A { uint8 p[]¶[]; };", 0x02],
    ["class A { uint32 Delay¶(Hour); };", 0x0c, "without '('"],
    ["class A { [read] uint32 Delay¶(Hour, Minute); };", 0x0c],
    ["class A { uint32 Delay¶(5); };", 0x0c],
    ['class A { string Delay¶("s"); };', 0x0c],
    ["class A { void Delay(¶Hour); };", 0x0b],
    ["class A { uint8 ¶N[](); };", 0x26],
    ["class A { void N([In] B b = ¶instance of B {}); };", 0x07, "a constant as the default"],
    ["class A { void N([In] B ref b = ¶$X); };", 0x07],
    ["class A { void N([In] uint8 b[] = ¶5); };", 0x15],
    ["class A¶\ud800 {};", 0x0a],
    ["class A { void N(¶string s); };", 0x27],
    ["class A { void N(¶[In(false)] string s); };", 0x27],
    ["class A { void N([In] ¶void x); };", 0x0b, "only a method returns void"],
    ["class A { void N([In] uint8 s,¶); };", 0x08],
    ["class A { void N([In] uint8 s¶; };", 0x06, "',' or ')'"],
    ["class A { void N([In] uint8 s = ¶300); };", 0x1d],
    // One error each: the closing brace of a body with an error is not a second error.
    ["class A { void N() ¶{ }; };\nclass B {};", 0x02],
    ["class A { uint8 p[] = {1 ¶2}; string q; };\nclass B {};", 0x04],
    ["class A { uint8 p[] = {1, ¶}; string q; };\nclass B {};", 0x07],
    ["class A { ¶#pragma autorecover\n };\nclass B {};", 0x08],
    ["class A { uint8 ¶= ;\nclass ¶{};", [0x0c, 0x14]]
  ])
})

const A = "class A { [key] string k; uint8 n; string l[]; B b; object o; B bs[]; A ref r; A ref rs[]; };\n"
  + "class B { string s; uint8 n; A ref r; }; class C : B { };\n"
const inA = (rows: ReadonlyArray<readonly [text: string, objects: ReadonlyArray<string> | string, Options?]>): void => {
  for (const [text, objects, options] of rows) {
    it(name(text), () => {
      const { errors, items, warnings } = Mof.parse(A + text, options)
      assert.deepStrictEqual(errors.map((error) => error.message), [])
      assert.deepStrictEqual(items.slice(3).map(item), [objects].flat())
      assert.strictEqual(countOf(warnings), options?.warnings ?? 0)
    })
  }
}
const notInA = (
  rows: ReadonlyArray<readonly [text: string, code: number | ReadonlyArray<number>, says?: string | undefined]>
): void => refuses(rows.map(([text, code, says]) => [A + text, code, says]))

describe("3 grammar: instances", () => {
  inA([
    ['instance of A { k = "x"; n = 5; };', 'A{k="x",n=5}'],
    ['instance of A { k = "x"; [PropertyContext("c")] n; };', 'A{k="x",[PropertyContext="c"]n}'],
    ['[dynamic, provider("p")] instance of A { k = "x"; [a] n = 5; };', '[dynamic provider="p"]A{k="x",[a]n=5}'],
    ['instance of A { k = "x"; [q] instance/**/of A { }; n = 5; };', 'A{k="x",n=5}', { warnings: 1 }],
    ["instance of D { instance = 5; of = 1; class = 2; };", "D{instance=5,of=1,class=2}"],
    [
      "instance of D { a = 5; b = \"x\"; e = {1,2}; f = 'x'; g = 99999999999; h = instance of D { }; };",
      'D{a=5,b="x",e={1,2},f=120,g=99999999999,h=D{}}'
    ],
    ['instance of A { k = "x"; b = instance of B { s = "q"; n = 0x10; }; };', 'A{k="x",b=B{s="q",n=16}}'],
    ['instance of A { k = "x"; b = [q] instance of C { [w] s = "q"; }; };', 'A{k="x",b=[q]C{[w]s="q"}}'],
    [
      'instance of A { k = "x"; bs = { instance of B { s = "1"; }, instance of C { n = 2; } }; };',
      'A{k="x",bs={B{s="1"},C{n=2}}}'
    ]
  ])
  notInA([
    ['instance of A { k = "x"; }¶\ninstance of A { k = "y"; };', 0x02],
    ["instance ¶A { };", 0x18],
    ["instance of ¶{ };", 0x14],
    ["instance of A ¶k = 5; };", 0x03],
    ['instance of A { k ¶"x"; };', 0x02, "'=' and a value, or ';'"],
    ['instance of A { k = "x" ¶n = 5; };', 0x02],
    ['instance of A { k = "x"; ¶K = "y"; };', 0x1b],
    ['instance of A { k = "x"; b = instance of B { n = ¶256; }; };', 0x1d],
    ["instance of A { k = ¶instance of B { }; };", 0x15],
    ["instance of A { l = ¶[1,2]; };", 0x07, "the values of an array stand in braces"],
    ['instance of A { k = "x"; b = instance of B as ¶$Q { }; };', 0x1f]
  ])
})

describe("4 values", () => {
  values([
    ["string", "23", '"23"'],
    ["boolean", '"True"', "true"],
    ["boolean", "1", "true"],
    ["sint32", '"42"', "42"],
    ["uint64", '"18446744073709551615"', "18446744073709551615n"],
    ["uint64", "0xFFFFFFFFFFFFFFFF", "18446744073709551615n"],
    ["sint64", "-9223372036854775808", "-9223372036854775808n"],
    ["sint32", "2.5", "2"],
    ["sint32", "3.5", "4"],
    ["sint32", "-0.4", "0"],
    ["datetime", '"20240229" "123000.000000+060"', '"20240229123000.000000+060"'],
    ["datetime", '"00000005000000.000000:000"', '"00000005000000.000000:000"'],
    ["datetime", '"****0401******.000000+***"', '"****0401******.000000+***"'],
    ["datetime", '"20240231123000.000000+060"', '"20240231123000.000000+060"'],
    ["datetime", '"00000000115900.000000+***"', '"00000000115900.000000+***"'],
    ["datetime", '"00000000000000.000000+000"', '"00000000000000.000000+000"'],
    ["datetime", '"****0000******.******+***"', '"****0000******.******+***"'],
    ["sint32", "NULL", "NULL"]
  ])
  wrong([
    ["char16", "¶65536", 0x1d],
    ["uint8", "¶-1", 0x1d],
    ["sint8", "¶-129", 0x1d],
    ["uint32", "¶4294967296", 0x1d],
    ["sint64", "¶9223372036854775808", 0x1d],
    ["sint64", "¶0xFFFFFFFFFFFFFFFF", 0x1d],
    ["real32", "¶1.0e39", 0x1d],
    ["uint8", "¶255.5", 0x1d],
    ["sint32", '¶"x"', 0x15, "found '\"x\"', expected a value of p, which is sint32"],
    ["boolean", '¶"maybe"', 0x15],
    ["datetime", '¶"20241331123000.000000+060"', 0x15],
    ["datetime", '¶"199*0416******.000000+***"', 0x15],
    ["datetime", '¶"20240229"', 0x15],
    ["datetime", '¶""', 0x15],
    ["uint8", "¶{1}", 0x0f],
    ["uint8", "¶{}", 0x0f]
  ])
  refuses([
    ["class A { uint8 p[] = {1, ¶null}; };", 0x20, "found 'null'"],
    ["class A { uint8 p[] = {¶{1}}; };", 0x0f],
    ["class A { uint8 p[] = {1,\n ¶256}; };", 0x1d],
    ["class A { uint8 p[] = ¶1; };", 0x15, "values in braces"]
  ])
  reads([
    // The class of the namespace at this position, not a class of that name in another namespace.
    [
      'class A { string p; }; instance of A { p = 1; };\n#pragma namespace("root\\\\x")\nclass A { uint64 p; }; instance of A { p = 1; };',
      ["class A{string p}", 'A{p="1"}', "root\\x|class A{uint64 p}", "root\\x|A{p=1n}"]
    ],
    [
      'class A { string p; }; instance of A { p = 1; }; #pragma deleteclass("A", FAIL)\nclass A { uint64 p; }; instance of A { p = 1; };',
      ["class A{string p}", 'A{p="1"}', "delete A FAIL", "class A{uint64 p}", "A{p=1n}"]
    ],
    [
      'instance of __EventFilter { Name = 5; CreatorSID = {1, "2"}; };',
      '__EventFilter{Name="5",CreatorSID={1,2}}'
    ]
  ])
})

describe("5 aliases", () => {
  it("the namespace of the caller is printed with single backslashes", () => {
    const text =
      'class A { [key] string k; A ref r; }; instance of A as $x { k = "y"; }; instance of A { k = "x"; r = $x; };'
    const { items } = Mof.parse(text, { namespace: "root/CIMV2" })
    assert.strictEqual(item(items.at(-1)!), 'root\\CIMV2|A{k="x",r="\\\\\\\\.\\\\root\\\\CIMV2:A.k=\\"y\\""}')
  })
  inA([
    ['instance of A { k = "x"; r = $X; }; instance of A as $x { k = "y"; };', [
      'A{k="x",r="\\\\\\\\.\\\\root\\\\default:A.k=\\"y\\""}',
      'A{k="y"}'
    ]],
    ['instance of A as $X { k = "y"; }; instance of A { k = "x"; rs = {$X, "q"}; };', [
      'A{k="y"}',
      'A{k="x",rs={"\\\\\\\\.\\\\root\\\\default:A.k=\\"y\\"","q"}}'
    ]],
    ['class D as $D { A ref r = $X; }; instance of A as $X { k = "x"; r = $D; };', [
      'class D{reference:A r="\\\\\\\\.\\\\root\\\\default:A.k=\\"x\\""}',
      'A{k="x",r="\\\\\\\\.\\\\root\\\\default:D"}'
    ]],
    [
      '#pragma namespace("root\\\\b")\ninstance of A as $X { k = "y"; };\n#pragma namespace("root\\\\c")\ninstance of A { k = "x"; r = $X; };',
      ['root\\b|A{k="y"}', 'root\\c|A{k="x",r="\\\\\\\\.\\\\root\\\\b:A.k=\\"y\\""}']
    ],
    [
      'class D { [key] string k = "def"; D ref r; }; class E : D { string K = "own"; }; instance of E as $X { }; instance of D { k = "x"; r = $X; };',
      [
        'class D{[key!13]string k="def"; reference:D r}',
        'class E:D{string K="own"}',
        "E{}",
        'D{k="x",r="\\\\\\\\.\\\\root\\\\default:E.k=\\"own\\""}'
      ]
    ],
    [
      'class D { [key] string k = "def"; D ref r; }; instance of D as $X { }; instance of D { k = "x"; r = $X; };',
      [
        'class D{[key!13]string k="def"; reference:D r}',
        "D{}",
        'D{k="x",r="\\\\\\\\.\\\\root\\\\default:D.k=\\"def\\""}'
      ]
    ],
    [
      'instance of __Win32Provider as $P { Name = "p"; }; instance of __InstanceProviderRegistration { Provider = $P; };',
      [
        '__Win32Provider{Name="p"}',
        '__InstanceProviderRegistration{Provider="\\\\\\\\.\\\\root\\\\default:__Win32Provider.Name=\\"p\\""}'
      ]
    ]
  ])
  notInA([
    ['instance of A as $X { k = "y"; }; instance of A as ¶$x { k = "z"; };', 0x24],
    ['instance of A as $X { k = "y"; }; instance of A { k = ¶$X; };', 0x0e],
    ['instance of A as ¶$ X { k = "y"; };', 0x16],
    ['instance of A as ¶X { k = "y"; };', 0x19],
    ['instance of A { k = "x"; r = ¶$Nope; };', 0x80041002],
    ['instance of A as $X { n = 5; }; instance of A { k = "x"; r = ¶$X; };', 0x15, "an instance without its keys"],
    [
      'instance of A as $X { k = "y"; }; instance of A { k = "x"; b = instance of B { r = ¶$X; }; n = 1; };\nclass Z {};',
      0x1f
    ],
    [
      'class D { [key] string k = "d"; }; class E : D { string k; }; instance of E as $X { }; instance of A { k = "x"; r = ¶$X; };',
      0x15,
      "an instance without its keys"
    ],
    ["instance of A { k = ¶$X; };\ninstance of A as $X { k = ¶$X; };", [0x0e, 0x0e]]
  ])
  it("a chain of aliases may reach the longest path, and a longer chain is refused in bounded time", () => {
    const chain = (length: number): string =>
      `class K { [key] K ref r; }; instance of K as $a0 { r = "x"; };${
        Array.from({ length }, (_, i) => `instance of K as $a${i + 1} { r = $a${i}; };`).join("")
      }`
    assert.deepStrictEqual(Mof.parse(chain(8)).errors, [])
    for (const length of [40, 20_000]) {
      const { errors } = Mof.parse(chain(length))
      assert.deepStrictEqual([...new Set(errors.map((error) => error.name))], ["QuotaViolation"])
    }
    const down = `class K { [key] K ref r; };${
      Array.from({ length: 20_000 }, (_, i) => `instance of K as $a${i} { r = $a${i + 1}; };`).join("")
    }`
    assert.strictEqual(Mof.parse(down).errors[0]!.name, "QuotaViolation")
  })
})

describe("6 qualifiers", () => {
  reads([
    [
      'class A { [a, b(TRUE), c(false), d(5), e(-1), f(2.5), g("s"), h{"x","y"}, j{1.5,2}, l("a" "b"), m(0x10)] string p; };',
      'class A{[a b c=false d=5 e=-1 f=2.5r g="s" h={"x","y"} j={1.5,2}r l="ab" m=16]string p}'
    ],
    ["class A { [a{}, b({})] string p; };", "class A{[a={} b={}]string p}"],
    [
      "class A { [a(0xC0001B60), b(2147483647), c(-2147483648), d(2147483648), e(-2147483649), f(0x80000000)] string p; };",
      'class A{[a="3221232480" b=2147483647 c=-2147483648 d="2147483648" e="-2147483649" f="2147483648"]string p}'
    ],
    [
      "class A { [a{1,0xFFFFFFFFFFFFFFFF,-1}, b{1,-9223372036854775808}] string p; };",
      'class A{[a={"1","18446744073709551615","-1"} b={"1","-9223372036854775808"}]string p}'
    ],
    ['class A { [a{5000000000,"x"}] string p; };', 'class A{[a={"5000000000","x"}]string p}'],
    [
      "Qualifier MaxValue : sint64; Qualifier U : uint32; Qualifier L : uint64[]; class A { [MaxValue(4294967295), U(4294967295), L{7, 4294967295}] uint32 p; [MaxValue(7)] uint32 q; };",
      'class A{[MaxValue="4294967295"!2 U="4294967295"!2 L={"7","4294967295"}!2]uint32 p; [MaxValue=7!2]uint32 q}'
    ],
    [
      "[a(NULL)] class A { [Max(NULL), key] string p; void M([In, b(null)] uint8 x); };",
      "class A{[key!13]string p; void M(in uint8 x#0)}",
      { warnings: 3 }
    ],
    [
      "class A { [a : ToInstance ToSubclass DisableOverride Amended, c:EnableOverride, d:Restricted, e:NotToInstance, f:tosubclass toINSTANCE] string p; };",
      "class A{[a!93 c d e f!3]string p}"
    ],
    ["class A { [a : ToInstance, ToSubclass] string p; };", "class A{[a!1 ToSubclass]string p}"],
    [
      "class B { [X] string p; }; Qualifier X : ToInstance; class A { [x] string p; [X : ToSubclass] string q; };",
      ["class B{[X]string p}", "class A{[x!1]string p; [X!2]string q}"]
    ],
    [
      'Qualifier Desc : string = null, Scope(any), Flavor(Translatable); Qualifier Ver : string = "1", Scope(class, association, indication), Flavor(Restricted); Qualifier W : boolean = false, Flavor(DisableOverride), Scope(property); Qualifier V : string[] = "a", Scope(property); [Ver("2"), Desc("d")] class A { [W, V{"a"}] string p; };',
      'class A[Ver="2" Desc="d"!82]{[W!12 V={"a"}!2]string p}'
    ],
    [
      'Qualifier V : string[3], Scope(property); Qualifier S : string; Qualifier B : boolean; Qualifier R : real64; Qualifier U : uint32; class A { [V("x"), S(5), B("true"), R(5), U("7")] string p; };',
      'class A{[V={"x"}!2 S="5"!2 B!2 R=5r!2 U=7!2]string p}'
    ],
    [
      "Qualifier In : boolean = true, Scope(parameter); class A { uint32 N(string s, [Out] string t, [In(false), Out] string u); };",
      "class A{uint32 N(in string s#0,inout string t#1,out string u#2)}"
    ]
  ])
  refuses([
    ["class A { [a(¶)] string p; };", 0x07],
    ["class A { [a(¶18446744073709551616)] string p; };", 0x07, "at most 64 bits"],
    ["class A { [a(¶-9223372036854775809)] string p; };", 0x07],
    ["class A { [a{1,¶0x10000000000000000}] string p; };", 0x07],
    ["Qualifier a : uint64; class A { [a(¶18446744073709551616)] string p; };", 0x07],
    ["Qualifier a : sint32; class A { [a(¶2147483648)] string p; };", 0x1d],
    ["class A { [a{5000000000,¶1.5}] string p; };", 0x07],
    ["Qualifier a : uint32; class A { [a¶{}] string p; };", 0x0f],
    ['class A { [a{1,¶"x"}] string p; };', 0x07],
    ['class A { [a{"x",¶NULL}] string p; };', 0x20],
    ["class A { [a, ¶A(5)] string p; };", 0x21],
    ['class A { [¶CIMTYPE("string")] string p; };', 0x1a],
    ["class A { [¶] string p; };", 0x01],
    ["class A { [a,¶] string p; };", 0x01],
    ["class A { [a ¶string p; };", 0x05, "',' or ']'"],
    ["class A { [a(5¶] string p; };", 0x06],
    ["class A { [a{5¶] string p; };", 0x04, "',' or '}'"],
    ['class A { [a¶="x"] string p; };', 0x05],
    ["class A { [a : ToSubclass ¶Foo] string p; };", 0x22, "ToInstance, ToSubclass"],
    ["class A { [a : ¶constructor] string p; };", 0x22],
    ["class A { [a : ¶] string p; };", 0x22],
    ["class A { [a : EnableOverride ¶DisableOverride] string p; };", 0x23],
    ["class A { [a : ToInstance ¶Restricted] string p; };", 0x25],
    ["Qualifier V : ¶foo;", 0x22],
    ["Qualifier V : ¶reference;", 0x0b],
    ["Qualifier V ¶string;", 0x2d],
    ["Qualifier V : string, ¶Range(1);", 0x2d],
    ["Qualifier V : string¶\nclass A {};", 0x02],
    ["Qualifier V : string, Scope(class, ¶foo);", 0x2e],
    ["Qualifier V : string, Flavor(ToSubclass, ¶foo);", 0x22],
    ['Qualifier V : boolean = ¶"x", Scope(any);', 0x15],
    ['Qualifier V : string; class A { [V¶{"x"}] string p; };', 0x0f],
    ['Qualifier V : sint32; class A { [V(¶"x")] string p; };', 0x15]
  ])
})

describe("7 directives", () => {
  it("relative namespaces are joined up to the longest path, and no further", () => {
    const { errors, items } = Mof.parse('#pragma namespace("abcd")\nclass A {};\n'.repeat(1700))
    const longest = Math.max(...items.map(({ namespace }) => namespace.length))
    assert.isAtMost(longest, 8192)
    assert.isAbove(longest, 8000)
    assert.deepStrictEqual([...new Set(errors.map(({ code }) => code >>> 0))], [0x80044013])
  })
  const files: Readonly<Record<string, string>> = { "x.mof": "class X{};", "y.mof": '\n#include "x.mof"' }
  const include = (file: string): string | undefined => files[file]
  reads([
    ['#pragma namespace("//./root/x")\nclass A{};', "root\\x|class A{}"],
    ['#pragma namespace("ms_409")\nclass A{};', "root\\default\\ms_409|class A{}"],
    [
      '#pragma namespace("ROOT\\\\x")\n#pragma namespace("a/b")\nclass A{};\n#pragma namespace("/root/c")\nclass B{};',
      ["ROOT\\x\\a\\b|class A{}", "root\\c|class B{}"]
    ],
    ['#pragma namespace("rooted")\nclass A{};', "root\\y\\rooted|class A{}", { namespace: "root\\y" }],
    ['#pragma namespace("\\\\top")\nclass A{};', "top|class A{}"],
    ['#pragma namespace("\\\\\\\\box\\\\root\\\\x")\nclass A{};', "root\\x|class A{}", { server: "BOX" }],
    ['#pragma namespace("root\\\\x")\nclass A{};', "root\\x|class A{}", { namespace: "root\\y" }],
    ['#pragma classflags("updateonly","safeupdate")\nclass A{}; instance of A{};', ["@33|class A{}", "A{}"]],
    ['#pragma classflags("updateonly forceupdate")\nclass A{};', "@65|class A{}"],
    ["#pragma classflags(64)\nclass A{};\n#pragma classflags(0)\nclass B{};", ["@64|class A{}", "class B{}"]],
    ['#pragma classflags("createonly")\n#pragma classflags("safeupdate")\nclass A{};', "@32|class A{}"],
    ['#pragma instanceflags("createonly")\nclass A{}; instance of A{};', ["class A{}", "@2|A{}"]],
    [
      '#pragma deleteclass("A", NOFAIL)\n#pragma deleteclass("C")\n#pragma deleteclass("D","nofail")\n#pragma deleteinstance("S=@", FAIL)',
      ["delete A NOFAIL", "delete C FAIL", "delete D NOFAIL", "delete S=@ FAIL"]
    ],
    ['#pragma locale("en_US")\n#pragma instancelocale(en_US)\n#pragma source("x")\n# pragma sourcetype("x")', []],
    ['#include "y.mof"\n#pragma include ("x.mof")\n#include("x.mof")', ["class X{}", "class X{}", "class X{}"], {
      include
    }]
  ])
  refuses([
    ['#pragma namespace(¶"\\\\\\\\box\\\\root\\\\x")', 0x1c],
    ['#pragma namespace(¶"")', 0x13],
    ['#pragma namespace(¶"\\\\.\\root")', 0x13, "\\.\\root', expected"],
    ['#pragma namespace(¶"root\\\\x\\\\")', 0x13],
    ["#pragma namespace(¶root)", 0x13, "in quotes"],
    ['#pragma ¶namespace "root"', [0x13]],
    ['#pragma namespace("root"¶\nclass A{};', 0x06],
    ["#pragma ¶classflags()", 0x28],
    ["#pragma classflags(¶updateonly)", 0x28, "without quotes"],
    ['#pragma classflags(¶"constructor")', 0x28],
    ["#pragma classflags(¶4294967297)", 0x28],
    ["#pragma classflags(¶3)", 0x28],
    ["#pragma instanceflags(¶64)", 0x28],
    ['#pragma deleteclass("A", ¶MAYBE)', 0x31],
    ["#pragma deleteclass(¶A, FAIL)", 0x31],
    ['#pragma deleteclass(¶"A.k=1", FAIL)', 0x31],
    ['#pragma deleteinstance(¶"A", NOFAIL)', 0x2c],
    ['#pragma deleteinstance(¶"A.k=", NOFAIL)', 0x2c],
    ["#pragma deleteinstance(¶5)", 0x2c],
    ['#pragma ¶foo("x")\nclass A{};', 0x12],
    ["¶#define X 5\nclass A{};", 0x12],
    ["¶#ifdef X\nclass A{};\n#endif", 0x12, "there is no preprocessor"],
    ["class A ¶\\ \n{};", 0x0a],
    ["class A {};¶\\", 0x0a],
    ['#pragma amendment(¶"foo")', 0x10],
    ["#pragma ¶amendment()", 0x10],
    ['#pragma amendment("MS_409")\n#pragma amendment(¶"MS_407")', 0x11],
    ['#include ¶"z.mof"', 0x30, "cannot be read", { include }],
    ['#include ¶"z.mof"', 0x30, "opens no files"],
    ["#include ¶x.mof", 0x30, "in quotes", { include }],
    ["#include ¶<x.mof>", 0x0a, undefined, { include }]
  ])
})
