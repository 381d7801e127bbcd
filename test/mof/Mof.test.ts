/** MOF: each construct of the language, every error with its position, encodings, includes, aliases, robustness. */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import type { ClassDefinition, Instance } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import { scaled } from "../scale.ts"

const read = (text: string, options?: Mof.MofOptions): Mof.MofResult => {
  const result = Mof.parse(text, { file: "t.mof", ...options })
  assert.deepStrictEqual(result.errors, [])
  return result
}
const classes = (text: string): ReadonlyArray<ClassDefinition> =>
  read(text).items.flatMap((item) => item._tag === "Class" ? [item.definition] : [])
const instances = (text: string, options?: Mof.MofOptions): ReadonlyArray<Instance> =>
  read(text, options).items.flatMap((item) => item._tag === "Instance" ? [item.instance] : [])
const first = <A>(list: ReadonlyArray<A>): A => {
  assert.isAbove(list.length, 0)
  return list[0]!
}

describe("classes", () => {
  it("properties of every type, arrays, defaults, qualifiers", () => {
    const A = first(classes(`
      // a comment /* in a comment
      [Abstract, Description("a" /* between */ "b"): Amended ToSubclass, Bits{1, 2}]
      class A : Super {
        [key] uint32 Id;
        String Name = "x";           /* types ignore case */
        uint64 Big = 0xFFFFFFFFFFFFFFFF;
        sint16 Octal = 017; sint8 Binary = 101b; sint32 Minus = -5;
        real32 R = 0.1; real64 E = 2.5e-3;
        boolean On = TRUE; char16 C = 'x'; char16 N = 65;
        datetime When = "20240229120000.000000+000";
        A ref Self; object ref Any; A Inside; object Thing;
        string List[] = {"a", "b" "c"}; uint8 Sized[4]; uint32 None[] = {};
        uint32 Rounded = 2.5; string Number = 23; boolean Text = "True"; uint32 Nothing = NULL;
        datetime datetime; string ref;
      };`))
    const of = (name: string) => A.properties.find((p) => p.name === name)!
    assert.strictEqual(A.superclass, "Super")
    assert.deepStrictEqual(A.qualifiers.map(({ flavor, name, value }) => [name, value, flavor]), [
      ["Abstract", true, 0],
      ["Description", "ab", 0x82],
      ["Bits", [1, 2], 0]
    ])
    const values = [
      "Big",
      "Octal",
      "Binary",
      "Minus",
      "R",
      "E",
      "On",
      "C",
      "N",
      "When",
      "List",
      "None",
      "Rounded",
      "Number",
      "Text",
      "Nothing",
      "Sized"
    ]
    assert.deepStrictEqual(values.map((name) => of(name).value), [
      18446744073709551615n,
      15,
      5,
      -5,
      Math.fround(0.1),
      0.0025,
      true,
      120,
      65,
      "20240229120000.000000+000",
      ["a", "bc"],
      [],
      2,
      "23",
      true,
      null,
      undefined
    ])
    assert.deepStrictEqual(["Self", "Any", "Inside", "Thing"].map((name) => [of(name).type, of(name).className]), [
      ["reference", "A"],
      ["reference", undefined],
      ["object", "A"],
      ["object", undefined]
    ])
    assert.deepStrictEqual(of("Sized").qualifiers.map((q) => [q.name, q.value]), [["Max", 4]])
    assert.strictEqual(of("datetime").type, "datetime")
    assert.strictEqual(of("ref").type, "string")
    assert.strictEqual(of("Id").qualifiers[0]!.flavor, 0x13)
  })

  it("methods: directions, IDs, the effect of a DMTF declaration of In", () => {
    const plain = first(
      classes("class A { [Static] uint32 M([in] string a, [out] A ref b, [in, out] uint8 c[]); void V(); };")
    )
    assert.deepStrictEqual(plain.methods.map((m) => [m.name, m.returns]), [["M", "uint32"], ["V", "void"]])
    assert.deepStrictEqual(
      plain.methods[0]!.parameters.map(({ direction, id, name, type }) => [name, type, direction, id]),
      [
        ["a", "string", "in", 0],
        ["b", "reference", "out", 1],
        ["c", "uint8", "inout", 2]
      ]
    )
    const numbered = first(classes("class A { void M([in, ID(1)] string a, [in, ID(0)] string b); };"))
    assert.deepStrictEqual(numbered.methods[0]!.parameters.map((p) => p.id), [1, 0])
    const dmtf = first(
      classes(
        "Qualifier In : boolean = true, Scope(parameter); class A { void M(string a, [Out] string b, [In(false), Out] string c); };"
      )
    )
    assert.deepStrictEqual(dmtf.methods[0]!.parameters.map((p) => p.direction), ["in", "inout", "out"])
    assert.deepStrictEqual(dmtf.methods[0]!.parameters.map((p) => p.qualifiers.length), [0, 1, 2])
  })

  it("flavours: none, declared in both forms, written on the use", () => {
    const text = `
      Qualifier Mine : ToInstance DisableOverride;
      Qualifier Theirs : string = null, Scope(any), Flavor(Restricted, Translatable);
      Qualifier Fixed : boolean = false, Scope(class), Flavor(DisableOverride);
      [Free, Mine, Theirs("t"), Fixed, mine2: ToSubclass, Other: Restricted] class A {};`
    assert.deepStrictEqual(first(classes(text)).qualifiers.map((q) => [q.name, q.flavor]), [
      ["Free", 0],
      ["Mine", 0x11],
      ["Theirs", 0x80],
      ["Fixed", 0x12],
      ["mine2", 0x02],
      ["Other", 0]
    ])
  })

  it("a forward declaration is no item", () => assert.strictEqual(read("class X; class X : Y {};").items.length, 1))
})

describe("instances", () => {
  it("values take the types of the class, inherited ones too; NULL and unset differ", () => {
    const text = `
      class A { [key] uint64 Id; string S; }; class B : A { real32 R; uint8 L[]; A Inside; };
      instance of B { id = 5; S = 7; R = 3; L = {1}; Inside = instance of A { Id = 1; }; };
      instance of B { Id = "12"; S = NULL; };`
    const [one, two] = instances(text)
    assert.deepStrictEqual({ ...one!.values, Inside: null }, { id: 5n, S: "7", R: 3, L: [1], Inside: null })
    assert.deepStrictEqual((one!.values["Inside"] as Instance).values, { Id: 1n })
    assert.deepStrictEqual({ ...two!.values }, { Id: 12n, S: null })
  })

  it("without the class values stay as written; classOf supplies one", () => {
    assert.deepStrictEqual({
      ...first(instances("instance of Z { A = 5; B = 99999999999999999999; C = 'c'; };")).values
    }, {
      A: 5,
      B: 99999999999999999999n,
      C: 99
    })
    const Z = first(classes("class Z { [key] string A; };"))
    assert.deepStrictEqual({
      ...first(instances("instance of Z { A = 5; };", { classOf: (name) => name === "Z" ? Z : undefined })).values
    }, { A: "5" })
  })

  it("aliases become paths, forward and across namespaces, of instances and classes", () => {
    const text = `
      class A { [key] string N; }; class R { [key] A ref To; [key] uint32 I; object ref C; };
      instance of R { To = $Later; I = 1; C = $Class; };
      instance of A as $Later { N = "x\\"y"; };
      #pragma namespace("root\\\\other")
      instance of R { To = $later; I = 2; };
      class D as $Class {};`
    const [one, , two] = instances(text)
    assert.strictEqual(one!.values["To"], '\\\\.\\root\\default:A.N="x\\"y"')
    assert.strictEqual(one!.values["C"], "\\\\.\\root\\other:D")
    assert.strictEqual(two!.values["To"], '\\\\.\\root\\default:A.N="x\\"y"')
  })

  it("a property with qualifiers alone keeps its default", () => {
    const one = first(instances('instance of A { [PropertyContext("c")] P; Q = 1; };'))
    assert.deepStrictEqual(Object.keys(one.values), ["Q"])
    assert.deepStrictEqual(one.propertyQualifiers!["P"]!.map((q) => q.value), ["c"])
  })
})

describe("directives of a text", () => {
  it("namespace and flags apply from their position on; deletions keep their order", () => {
    const { autorecover, items, pragmas } = read(
      `
      class A {};
      #pragma autorecover
      #pragma namespace("\\\\\\\\.\\\\root\\\\x")
      #pragma classflags("createonly", "forceupdate")
      #pragma instanceflags(1)
      class B {}; instance of B {};
      #pragma classflags(64)
      class C {};
      #pragma deleteclass("B", NOFAIL)
      #pragma deleteinstance("A.K=1", FAIL)
      #pragma locale("en_US")`,
      { namespace: "root\\cimv2", classFlags: 0x20 }
    )
    assert.deepStrictEqual(
      items.map((item) =>
        item._tag === "Delete"
          ? [item.path, item.failIfMissing, item.namespace, item.position.column]
          : item._tag === "Refused"
          ? [item.declares]
          : [item._tag, item.flags, item.namespace]
      ),
      [
        ["Class", 0x20, "root\\cimv2"],
        ["Class", 0x42, "root\\x"],
        ["Instance", 1, "root\\x"],
        ["Class", 0x40, "root\\x"],
        ["B", false, "root\\x", 7],
        ["A.K=1", true, "root\\x", 7]
      ]
    )
    assert.isTrue(autorecover)
    assert.deepStrictEqual(pragmas[0], ["autorecover"])
    assert.deepStrictEqual(pragmas[2], ["classflags", "createonly", "forceupdate"])
  })

  it("includes are loaded by the caller's function, keep the state of directives and name their own file in errors", () => {
    const files: Readonly<Record<string, string>> = {
      "a.mof": '#pragma namespace("root\\\\a")\nclass A {};',
      "bad.mof": "\nclass {};",
      "loop.mof": '#include "loop.mof"'
    }
    const include = (name: string): string | undefined => files[name]
    assert.deepStrictEqual(
      read('#include "a.mof"\n#pragma include("a.mof")\nclass B {};', { include }).items.map((item) => item.namespace),
      ["root\\a", "root\\a", "root\\a"]
    )
    const bad = Mof.parse('#include ("bad.mof")', { include }).errors[0]!
    assert.deepStrictEqual([bad.file, bad.line, bad.column, bad.name], ["bad.mof", 2, 7, "ClassNameExpected"])
    assert.deepStrictEqual(Mof.parse('#include "loop.mof"', { include }).errors.map((e) => e.name), ["IncludeMissing"])
    assert.deepStrictEqual(Mof.parse('#include "none.mof"').errors.map((e) => e.code), [0x80044030])
  })
})

describe("errors of a text", () => {
  const rows: ReadonlyArray<readonly [text: string, code: number, line: number, column: number]> = [
    ["[1] class A {};", 0x80044001, 1, 2],
    ["class A {\n uint32 B\n};", 0x80044002, 2, 10],
    ["instance of A x", 0x80044003, 1, 15],
    ["class A {", 0x80044004, 1, 10],
    ["instance of A { B = {1 2}; };", 0x80044004, 1, 24],
    ["[A B] class C {};", 0x80044005, 1, 4],
    ["[A(1] class C {};", 0x80044006, 1, 5],
    ["instance of A { B = ; };", 0x80044007, 1, 21],
    ["class A { uint32 B = 089; };", 0x80044007, 1, 22],
    ['class A { string S = "x; };', 0x80044007, 1, 22],
    ['class A { string S = "\\x0"; };', 0x80044007, 1, 23],
    ["class A { char16 C = 'ab'; };", 0x80044007, 1, 22],
    ["class A { = 1; };", 0x80044008, 1, 11],
    ["class A { uint32 M [in] x); };", 0x80044005, 1, 21],
    ["hello;", 0x8004400a, 1, 1],
    ["class A { uint32 B; \u0001 };", 0x8004400a, 1, 21],
    ["/* never", 0x8004400a, 1, 1],
    ["class A { Foo; };", 0x8004400b, 1, 11],
    ["class A { uint32; };", 0x8004400c, 1, 17],
    ["instance of A { 5; };", 0x8004400c, 1, 17],
    ["typedef A B;", 0x8004400d, 1, 1],
    ['class A { [key] string N; }; instance of A as $X { N = "a"; }; instance of A { N = $X; };', 0x8004400e, 1, 84],
    ["class A { uint32 B = {1}; };", 0x8004400f, 1, 22],
    ["instance of A { B = {{1}}; };", 0x8004400f, 1, 22],
    ['#pragma wibble("x")', 0x80044012, 1, 9],
    ["#define X", 0x80044012, 1, 1],
    ['#pragma namespace("a b")', 0x80044013, 1, 19],
    ["class {};", 0x80044014, 1, 7],
    ['class A { uint32 B = "x"; };', 0x80044015, 1, 22],
    ['class A { datetime B = "yesterday"; };', 0x80044015, 1, 24],
    ["class A as $ {};", 0x80044016, 1, 12],
    ["class A = B;", 0x80044017, 1, 9],
    ["instance A {};", 0x80044018, 1, 10],
    ["class A as X {};", 0x80044019, 1, 12],
    ['[CIMTYPE("x")] class A {};', 0x8004401a, 1, 2],
    ["class A { uint32 B; uint8 b; };", 0x8004401b, 1, 27],
    ["instance of A { B = 1; b = 2; };", 0x8004401b, 1, 24],
    ['#pragma namespace("\\\\\\\\elsewhere\\\\root")', 0x8004401c, 1, 19],
    ["class A { uint8 B = 256; };", 0x8004401d, 1, 21],
    ["instance of A { B = instance of C { D = $E; }; };", 0x8004401f, 1, 41],
    ["instance of A { B = {1, NULL}; };", 0x80044020, 1, 25],
    ["[A, a] class B {};", 0x80044021, 1, 5],
    ["[A: Sideways] class B {};", 0x80044022, 1, 5],
    ["[A: EnableOverride DisableOverride] class B {};", 0x80044023, 1, 20],
    ["class A as $X {}; class B as $x {};", 0x80044024, 1, 30],
    ["[A: Restricted ToSubclass] class B {};", 0x80044025, 1, 16],
    ["class A { uint32 M[](); };", 0x80044026, 1, 18],
    ["class A { void M(string s); };", 0x80044027, 1, 18],
    ['#pragma classflags("gently")', 0x80044028, 1, 20],
    ['#pragma classflags("createonly", "updateonly")', 0x80044028, 1, 20],
    ['#pragma instanceflags("forceupdate")', 0x80044028, 1, 23],
    ["class A { { } };", 0x80044029, 1, 11],
    ['#pragma deleteinstance("A.K=1", MAYBE)', 0x8004402c, 1, 33],
    ["Qualifier X ToSubclass;", 0x8004402d, 1, 13],
    ["#pragma deleteclass()", 0x80044031, 1, 9],
    ["class R { object ref A; }; instance of R { A = $Nowhere; };", 0x80041002, 1, 48]
  ]
  for (const [text, code, line, column] of rows) {
    it(`${text.replace(/\n/g, " ").slice(0, 70)} is 0x${code.toString(16)} at ${line}:${column}`, () => {
      const { errors } = Mof.parse(text, { file: "t.mof" })
      const error = first(errors)
      assert.deepStrictEqual([`0x${error.code.toString(16)}`, error.line, error.column], [
        `0x${code.toString(16)}`,
        line,
        column
      ], error.message)
      assert.include(error.message, "expected")
      assert.strictEqual(Mof.codes[error.name as Mof.CodeName], code)
    })
  }

  it("several errors are reported, each at its position, and valid declarations are read", () => {
    const { errors, items } = Mof.parse(
      "class A { uint32 ; };\nclass B { string S; };\nclass {};\ninstance of B { S = }; \nclass C {};",
      { file: "t.mof" }
    )
    assert.deepStrictEqual(errors.map(({ column, line }) => [line, column]), [[1, 18], [3, 7], [4, 21]])
    assert.deepStrictEqual(items.map((item) => item._tag === "Class" ? item.definition.name : item._tag), ["B", "C"])
  })

  it("errors are in the order of the text, also those of values and of included files", () => {
    const text = `class A { [key] uint8 N; };
instance of A { N = 300; };
#include "b.mof"
class {};
instance of A { N = "x"; };`
    const { errors } = Mof.parse(text, { file: "a.mof", include: () => "instance of A { N = 400; };\nclass {};" })
    assert.deepStrictEqual(errors.map(({ column, file, line }) => `${file}:${line}:${column}`), [
      "a.mof:2:21",
      "b.mof:1:21",
      "b.mof:2:7",
      "a.mof:4:7",
      "a.mof:5:21"
    ])
  })

  it("requests returns all requests or the errors", () => {
    assert.strictEqual([...Either.getOrThrow(Mof.requests("class A {}; class B {};"))].length, 2)
    assert.strictEqual(Either.getOrThrow(Either.flip(Mof.requests("class A {}; class {};"))).length, 1)
  })

  it("classes that name each other as superclass are read; the namespace refuses them", () => {
    const { errors, items } = Mof.parse(
      "class A : B {}; class B : A {}; instance of A as $A { X = 1; }; instance of B { Y = $A; };"
    )
    assert.deepStrictEqual([errors.length, items.length], [1, 3])
  })

  it("cyclic aliases are refused", () => {
    const text = "class A { [key] A ref To; }; instance of A as $X { To = $Y; }; instance of A as $Y { To = $X; };"
    assert.isAbove(Mof.parse(text).errors.length, 0)
  })
})

describe("encodings", () => {
  const text = 'class Ä { string S = "€"; };'
  const utf16 = (little: boolean): Uint8Array => {
    const bytes = new Uint8Array(2 + text.length * 2)
    const view = new DataView(bytes.buffer)
    view.setUint16(0, 0xfeff, little)
    for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i), little)
    return bytes
  }
  const rows: ReadonlyArray<readonly [Mof.Encoding, Uint8Array, string]> = [
    ["utf-8", new TextEncoder().encode(text), "without a mark"],
    ["utf-8-bom", new TextEncoder().encode(`\ufeff${text}`), "with its mark"],
    ["utf-16le", utf16(true), "with its mark"],
    ["utf-16be", utf16(false), "with its mark"],
    ["utf-16le", utf16(true).subarray(2), "without a mark"],
    ["utf-16be", utf16(false).subarray(2), "without a mark"],
    ["windows-1252", Uint8Array.from([...text].map((c) => c === "€" ? 0x80 : c.charCodeAt(0))), "as the last choice"]
  ]
  for (const [encoding, bytes, mark] of rows) {
    it(`${encoding} ${mark}`, () => {
      const result = Mof.parse(bytes)
      assert.strictEqual(result.encoding, encoding)
      assert.deepStrictEqual(result.errors, [])
      const item = first(result.items)
      assert.strictEqual(item._tag === "Class" ? item.definition.properties[0]!.value : undefined, "€")
    })
  }
  it("a file with only a byte order mark is empty", () =>
    assert.deepStrictEqual(Mof.parse(Uint8Array.of(0xff, 0xfe)).errors, []))
})

describe("robustness against bad text", () => {
  const deep = 10_000
  const hostile: ReadonlyArray<readonly [string, string]> = [
    ["nested braces", `instance of A { B = ${"{".repeat(deep)}`],
    ["nested instances", `instance of A { B = ${"instance of A { B = ".repeat(deep)}`],
    ["instances without a property name", `instance of A {${" instance of A {".repeat(deep)}`],
    ["nested qualifiers", `${"[A(".repeat(deep)}`],
    ["open comments", "/*".repeat(deep)],
    ["open parentheses", `#pragma x${"(".repeat(deep)}`],
    ["quotes", '"'.repeat(deep + 1)],
    ["a very long number", `class A { uint64 B = ${"9".repeat(1_000_000)}; };`],
    ["a very long name", `class ${"a".repeat(1_000_000)} {} `]
  ]
  for (const [name, text] of hostile) {
    it(`${name}: an error with a position`, () => {
      const error = first(Mof.parse(text).errors)
      assert.isAtLeast(error.line, 1)
      assert.isAtLeast(error.column, 1)
    })
  }

  // Each of these texts takes minutes when the compiler compares every piece of it with every other one.
  const large: ReadonlyArray<readonly [string, string]> = [
    ["half a million escapes in one string", `class A { string S = "${"\\n".repeat(500_000)}"; };`],
    ["200,000 strings without an escape", `class A { string S[] = {${'"abcdefgh",'.repeat(200_000)}"i"}; };`],
    ["20,000 properties", `class A {${Array.from({ length: 20_000 }, (_, i) => `uint8 P${i};`).join("")} };`],
    ["20,000 values", `instance of A {${Array.from({ length: 20_000 }, (_, i) => `P${i} = ${i};`).join("")} };`],
    [
      "a chain of 20,000 superclasses",
      `${Array.from({ length: 20_000 }, (_, i) => `class A${i + 1} : A${i} { };`).join("")}${
        "instance of A20000 { P = 1; };".repeat(100)
      }`
    ]
  ]
  for (const [name, text] of large) it(`${name}: read`, () => assert.deepStrictEqual(Mof.parse(text).errors, []))

  it("50 MB of invalid text: a bounded number of errors", () => {
    const bytes = new Uint8Array(50_000_000)
    let state = 1
    for (let i = 0; i < bytes.length; i++) {
      state = Math.imul(state, 1103515245) + 12345 | 0
      bytes[i] = 32 + ((state >>> 16) % 95)
    }
    const { errors } = Mof.parse(bytes)
    assert.isAbove(errors.length, 0)
    assert.isAtMost(errors.length, 100)
  })

  it("never throws, whatever the text or the bytes, and every position is inside the text", () => {
    const word = FastCheck.constantFrom(
      "class",
      "instance",
      "of",
      "A",
      "B",
      "{",
      "}",
      "[",
      "]",
      "(",
      ")",
      ";",
      ":",
      ",",
      "=",
      "$x",
      "as",
      '"s"',
      "1",
      "uint32",
      "ref",
      "#",
      "pragma",
      "namespace",
      "Qualifier",
      "ToSubclass",
      "NULL",
      "'c'",
      "-1.5e3",
      "//",
      "/*",
      "*/",
      "\n",
      "\u0000",
      "\\"
    )
    FastCheck.assert(
      FastCheck.property(FastCheck.array(word, { maxLength: 40 }), (words) => {
        const text = words.join(" ")
        const lines = text.split("\n").length
        for (const error of Mof.parse(text).errors) assert.isTrue(error.line >= 1 && error.line <= lines, error.message)
      }),
      { numRuns: scaled(5000) }
    )
    FastCheck.assert(FastCheck.property(FastCheck.uint8Array({ maxLength: 200 }), (bytes) => void Mof.parse(bytes)), {
      numRuns: scaled(3000)
    })
  })
})
