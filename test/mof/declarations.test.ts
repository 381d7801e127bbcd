/**
 * Declarations that need other parts of a text: classes anywhere in it, aliases of instances of unknown classes,
 * documents of PowerShell DSC, namespaces that are created.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"
import type { Instance } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as Wmi from "../../src/Wmi.ts"
import { isWhole, scaled } from "../scale.ts"

const instances = ({ items }: Mof.MofResult): ReadonlyArray<Instance> =>
  items.flatMap((item) => item._tag === "Instance" ? [item.instance] : [])

describe("an alias of an instance whose class is unknown", () => {
  const text = `class R { [key] uint8 k; object ref r; object ref s[]; };
instance of Nowhere as $N { k = 1; };
instance of R as $R { k = 2; r = $N; };
instance of R { k = 3; s = {$R, $N}; };
instance of R { k = 4; r = $R; };
class D { R ref d = $N; };
class E { R ref e = $R; };`

  it("only the declarations that use it are refused; its own declaration is put like any other", () => {
    const result = Mof.parse(text, { file: "t.mof" })
    assert.deepStrictEqual(result.errors, [])
    assert.deepStrictEqual(
      result.items.map((item) =>
        item._tag === "Refused"
          ? `${item.declares} ${item.position.line} ${item.error.name} ${item.error.line}:${item.error.column}`
          : item._tag
      ),
      [
        "Class",
        "Instance",
        "instance of R 3 InvalidClass 3:34",
        "instance of R 4 InvalidClass 4:33",
        // The alias of a refused instance has a path: the instance has its own key.
        "Instance",
        "class D 6 InvalidClass 6:21",
        "Class"
      ]
    )
    assert.deepStrictEqual([...Mof.operations(result)].map(({ _tag }) => _tag), [
      "Put",
      "Put",
      "Refused",
      "Refused",
      "Put",
      "Refused",
      "Put"
    ])
  })

  it("is an error of Mof.requests, which returns all requests or none", () => {
    const errors = Either.getOrThrow(Either.flip(Mof.requests(text)))
    assert.deepStrictEqual([...new Set(errors.map(({ name }) => name))], ["InvalidClass"])
    assert.isTrue(Either.isLeft(Mof.split(text, { amendment: "ms_409" })))
  })

  it("a long list of references that is not part of the key", () => {
    const text = `class R { [key] uint32 k; R ref next; };${
      Array.from({ length: 2000 }, (_, i) => `instance of R as $r${i} { k = ${i}; next = $r${i + 1}; };`).join("")
    }instance of R as $r2000 { k = 2000; };`
    const result = Mof.parse(text)
    assert.deepStrictEqual(result.errors, [])
    assert.strictEqual(instances(result)[0]!.values["next"], "\\\\.\\root\\default:R.k=1")
    const circle = Mof.parse(
      `${text.replace("k = 2000;", "k = 2000; next = $r7;")} instance of R { k = 3000; next = $r3; };`
    )
    assert.deepStrictEqual([...new Set(circle.errors.map(({ name }) => name))], ["UnexpectedAlias"])
  })

  it("an instance whose key needs such an alias has no path either", () => {
    const result = Mof.parse(`class K { [key] object ref r; }; instance of Nowhere as $N { };
instance of K as $K { r = $N; }; instance of K { r = $K; }; instance of K { r = "x"; };`)
    assert.deepStrictEqual(result.items.map(({ _tag }) => _tag), [
      "Class",
      "Instance",
      "Refused",
      "Refused",
      "Instance"
    ])
  })

  it("a class declared after it, or stored in the namespace, is known", () => {
    const below = Mof.parse(
      "instance of A as $A { k = 5; }; instance of R { r = $A; }; class A : B { }; class B { [key] string k; };"
    )
    assert.deepStrictEqual(instances(below).map(({ values }) => Object.values(values)), [["5"], [
      '\\\\.\\root\\default:A.k="5"'
    ]])
  })
})

describe("classes of a text", () => {
  it("embedded instances get the types of classes declared after them", () => {
    const [one] = instances(
      Mof.parse("instance of A { o = instance of B { s = 5; }; }; class A { object o; }; class B { string s; };")
    )
    assert.deepStrictEqual((one!.values["o"] as Instance).values, { s: "5" })
  })

  it("each position uses the declaration before it, also for superclasses", () => {
    const result = Mof.parse(`class B : A { }; class A { string p; };
instance of B { p = 1; };
class A { uint64 p; };
instance of B { p = 1; };
class B { real32 p; };
instance of B { p = 1; };`)
    assert.deepStrictEqual(instances(result).map(({ values }) => values["p"]), ["1", 1n, 1])
  })

  it("long chains of classes: types and keys of many instances", () => {
    const n = 5000
    const text = `class C0 { [key] string Id; uint64 V; };${
      Array.from({ length: n }, (_, i) => `class C${i + 1} : C${i} { };`).join("")
    }class R { [key] uint32 k; object ref r; };${
      Array.from({ length: n }, (_, i) => `instance of C${n - (i % 7)} as $a${i} { Id = ${i}; V = 1; };`).join("")
    }${Array.from({ length: n }, (_, i) => `instance of R { k = ${i}; r = $a${i}; };`).join("")}`
    const result = Mof.parse(text)
    assert.deepStrictEqual(result.errors, [])
    const found = instances(result)
    assert.deepStrictEqual({ ...found[9]!.values }, { Id: "9", V: 1n })
    assert.strictEqual(found[n + 9]!.values["r"], `\\\\.\\root\\default:C${n - 2}.Id="9"`)
  })

  it("repeated declarations below a long chain of classes: an error in bounded time", () => {
    const n = 4000
    const text = `class C0 { };${Array.from({ length: n }, (_, i) => `class C${i + 1} : C${i} { };`).join("")}${
      `class C0 { }; instance of C${n} { x = 1; };`.repeat(n)
    }`
    assert.deepStrictEqual([...new Set(Mof.parse(text).errors.map(({ name }) => name))], ["QuotaViolation"])
  })
})

describe("documents of PowerShell DSC", () => {
  const classes = `class Kv { [key] string Key; string Value; };
class Credential { string User; uint64 Id; };
class R { [key] string Id; Kv Servers[]; Credential Login; object Any; Kv ref Link; string s; };`
  const read = (text: string, options?: Mof.MofOptions): Mof.MofResult =>
    Mof.parse(`${classes}\n${text}`, { dialect: "dsc", ...options })

  it("aliases are embedded objects, also in arrays and nested; references stay paths", () => {
    const result = read(`instance of Kv as $Kv1 { Key = "k"; Value = 5; };
instance of R { Id = "a"; Servers = {$Kv1, $Kv2, instance of Kv { Key = "own"; }}; Login = $Cred; Link = $Kv1; };
instance of Kv as $Kv2 { Key = "l"; };
instance of Credential as $Cred { User = "me"; Id = "7"; };
instance of Unknown { Nested = $Outer; };
instance of Elsewhere as $Outer { Inner = $Cred; List = {$Kv1}; };`)
    assert.deepStrictEqual(result.errors, [])
    const [, r] = instances(result)
    assert.deepStrictEqual((r!.values["Servers"] as ReadonlyArray<Instance>).map(({ values }) => values["Key"]), [
      "k",
      "l",
      "own"
    ])
    assert.deepStrictEqual({ ...(r!.values["Login"] as Instance).values }, { User: "me", Id: 7n })
    assert.strictEqual(r!.values["Link"], '\\\\.\\root\\default:Kv.Key="k"')
    const outer = instances(result).find(({ className }) => className === "Unknown")!.values["Nested"] as Instance
    assert.strictEqual((outer.values["Inner"] as Instance).values["User"], "me")
  })

  it("an embedded instance without a key is only part of other objects; one with a key is put as well", () => {
    const result = read(`instance of Kv as $K { Key = "k"; };
instance of Credential as $C { User = "me"; };
instance of Credential as $Unused { User = "you"; };
instance of R { Id = "a"; Servers = {$K}; Login = $C; };`)
    assert.deepStrictEqual(instances(result).map(({ className, values }) => `${className} ${values["User"] ?? ""}`), [
      "Kv ",
      "Credential you",
      "R "
    ])
  })

  const wrong: ReadonlyArray<readonly [text: string, code: string, dialect?: "mof" | "dsc"]> = [
    ['instance of Kv as $K { Key = "k"; }; instance of R { Id = "a"; Servers = {$K}; };', "UnexpectedAlias", "mof"],
    ['instance of Kv as $K { Key = "k"; }; instance of R { Id = "a"; s = $K; };', "UnexpectedAlias"],
    ['instance of Kv as $K { Key = "k"; }; instance of R { Id = "a"; Login = {$K}; };', "UnexpectedArray"],
    ['instance of R { Id = "a"; Any = $Nowhere; };', "NotFound"],
    ['instance of R as $X { Id = "a"; Any = $Y; }; instance of R as $Y { Id = "b"; Any = $X; };', "UnexpectedAlias"],
    ['class C as $C { }; instance of R { Id = "a"; Any = $C; };', "UnexpectedAlias"],
    [
      `instance of X as $a0 { n = 1; };${
        Array.from({ length: 70 }, (_, i) => `instance of X as $a${i + 1} { p = $a${i}; };`).join("")
      }`,
      "QuotaViolation"
    ],
    [
      `instance of X as $a0 { n = 1; };${
        Array.from({ length: 60 }, (_, i) => `instance of X as $a${i + 1} { p = {$a${i}, $a${i}}; };`).join("")
      }`,
      "QuotaViolation"
    ]
  ]
  for (const [text, code, dialect] of wrong) {
    it(`${text.slice(0, 70)}: ${code}`, () => {
      const found = new Set(read(text, dialect === undefined ? {} : { dialect }).errors.map(({ name }) => name))
      assert.deepStrictEqual([...found], [code])
    })
  }
})

describe("namespaces that a text names", () => {
  const text = `#pragma namespace("\\\\\\\\.\\\\root\\\\a\\\\b")
class A { [key] string k; }; instance of A { k = "x"; };
#pragma namespace("\\\\\\\\.\\\\root\\\\A")
instance of __Namespace { Name = "made"; };
#pragma namespace("\\\\\\\\.\\\\root\\\\a\\\\MADE")
class B { };
#pragma deleteclass("B", FAIL)`

  it("are put before their first use, topmost first, each once; those that the text creates are left out", () => {
    const made = [...Mof.operations(Mof.parse(text), { createNamespaces: true })].map((one) =>
      one._tag === "Put" && one.createsNamespace === true && one.request.object._tag === "Instance"
        ? `${one.request.namespace}\\${one.request.object.values["Name"]}`
        : one._tag
    )
    assert.deepStrictEqual(made, ["root\\a", "root\\a\\b", "Put", "Put", "Put", "Put", "Delete"])
    assert.strictEqual([...Mof.operations(Mof.parse(text))].length, 5)
  })

  it("namespaces nested as deep as the longest path are created once each, in bounded time", () => {
    const text = '#pragma namespace("abcd")\n'.repeat(1600) + "class A { };\n".repeat(400)
    const puts = [...Mof.operations(Mof.parse(text), { createNamespaces: true })]
    // First `root\default`, which exists on every computer, then one for each directive.
    assert.lengthOf(puts, 1 + 1600 + 400)
    assert.strictEqual(puts.filter((one) => one._tag === "Put" && one.createsNamespace === true).length, 1601)
  })

  it("then the text can be put, also repeatedly", () => {
    const requests = Either.getOrThrow(Mof.requests(text, { createNamespaces: true }))
    const put = Stream.runCollect(BulkPut.run(Stream.fromIterable(requests)))
    const outcomes = Effect.runSync(Effect.provide(Effect.zip(put, put), Wmi.layerMemory)).flatMap((one) => [...one])
    assert.deepStrictEqual(outcomes.flatMap((one) => one._tag === "Committed" ? [] : [one.error.message]), [])
  })
})

describe("Mof.parse never throws", () => {
  it("with any bytes, includes and dialect", () => {
    const piece = FastCheck.constantFrom(
      ..."class A B { } ; : [ ] ( ) = , # pragma include \"x\" namespace instance of as $x $y 1 0x80000000 -1.5e3 'c' '\\x0' NULL key Q {} \\ \n \" \u00e9 \ud800 \ufeff Max(NULL) string uint64 ref"
        .split(" ")
    )
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(piece, { maxLength: 40 }),
        FastCheck.array(piece, { maxLength: 20 }),
        FastCheck.boolean(),
        (words, included, isDsc) => {
          const result = Mof.parse(words.join(" "), {
            dialect: isDsc ? "dsc" : "mof",
            maxIncludes: 20,
            include: () => included.join(" ")
          })
          assert.isAtMost(result.errors.length, 100)
        }
      ),
      { numRuns: scaled(3000) }
    )
  })

  // It needs 512 MB and seconds, so it runs with TEST_SCALE=1, as CI does on Node.
  it.runIf(isWhole)("bytes whose text would exceed the longest JavaScript string", () => {
    const bytes = new Uint8Array(0x1fffffe8 + 2)
    bytes.fill(97, 0, 4)
    // All other bytes are U+0000, one unit each.
    const { errors, items } = Mof.parse(bytes)
    assert.deepStrictEqual([errors.map(({ name }) => name), items], [["QuotaViolation"], []])
    assert.throws(() => Mof.decode(bytes), RangeError)
  })
})
