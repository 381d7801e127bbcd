/**
 * `#pragma amendment` and MFL files (`mof` 8): a text is split into two parts, and both together store the same as the
 * amended flag.
 */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import { classWith } from "../../src/model/effectValue.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { WbemObject } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"
import { scaled } from "../scale.ts"

const source = `
#pragma namespace("\\\\\\\\.\\\\root\\\\cimv2")
#pragma amendment("MS_409")
#pragma classflags("forceupdate")
[Description("A disk") : Amended ToSubclass, Locale(0x409), Version("1")]
class Demo_Disk {
  [key, read] string Id;
  [Description("How large") : Amended ToSubclass, Units("Bytes")] uint64 Size = 5;
  [Description("Formats it") : Amended] uint32 Format([in, Description("quickly") : Amended] boolean Quick, [out] string Label);
  uint32 Check();
};
class Demo_Plain : Demo_Disk { string Note; };
#pragma instanceflags("createonly")
[Description("One") : Amended, Mine] instance of Demo_Disk { [Description("Two") : Amended] Id = "C:\\\\x"; };
#pragma deleteinstance("Demo_Disk.Id=\\"old\\"", NOFAIL)
`

const neutral = `#pragma autorecover
#pragma namespace("\\\\\\\\.\\\\root\\\\cimv2")
#pragma classflags(64)

[Locale(1033), Version("1")]
class Demo_Disk
{
	[key, read] string Id;
	[Units("Bytes")] uint64 Size = "5";
	 uint32 Format([in] boolean Quick, [out] string Label);
	 uint32 Check();
};

class Demo_Plain : Demo_Disk
{
	string Note;
};
#pragma instanceflags(2)

[Mine]
instance of Demo_Disk
{
	Id = "C:\\\\x";
};
#pragma deleteinstance("Demo_Disk.Id=\\"old\\"", NOFAIL)
`

const localized = `#pragma namespace("\\\\\\\\.\\\\root\\\\cimv2")

instance of __namespace
{
	name = "ms_409";
};
#pragma namespace("\\\\\\\\.\\\\root\\\\cimv2\\\\ms_409")

[Description("A disk"): ToSubClass Amended, AMENDMENT, LOCALE("MS_409")]
class Demo_Disk
{
	[Description("How large"): ToSubClass Amended] uint64 Size;
	[Description("Formats it"): Amended] uint32 Format([In, Description("quickly"): Amended] boolean Quick, [Out] string Label);
};
`

const messages = (input: string, options?: Mof.MofOptions): ReadonlyArray<string> =>
  Either.match(Mof.split(input, options), {
    onLeft: (errors) => errors.map(({ message }) => message),
    onRight: () => []
  })

describe("#pragma amendment", () => {
  it("makes two parts: everything without the amended text, and the amended text for the namespace of the locale", () =>
    assert.deepStrictEqual(
      Mof.split(`#pragma autorecover${source}`),
      Either.right({ neutral, localized, locale: "ms_409" })
    ))

  it("a class without text is left out of the localised part, which is empty when no class has text", () =>
    assert.deepStrictEqual(
      Mof.split("class A { };", { amendment: "ms_407", namespace: "root" }),
      Either.right({
        neutral: '#pragma namespace("\\\\\\\\.\\\\root")\n\nclass A\n{\n};\n',
        localized: "",
        locale: "ms_407"
      })
    ))

  it("a class keeps its superclass and its keys; an ancestor without text comes before it", () => {
    const { localized } = Either.getOrThrow(Mof.split(
      `class Other { }; class Top { [key] string Id; };
[Locale(1033): ToInstance] class Middle : Top { [key: ToInstance, D("id"): Amended] string Id; [D("p"): Amended] uint8 P = 5; uint8 Q; };
class Apart : Elsewhere { [D("a"): Amended] void M([in] uint8 a = 3, [D("b"): Amended, out] uint8 b); };
[D("l"): Amended ToSubclass, Q] class Leaf : middle { [read] string L[]; };`,
      { amendment: "ms_407", namespace: "root" }
    ))
    assert.strictEqual(
      localized.slice(localized.indexOf("[AMENDMENT")),
      `[AMENDMENT, LOCALE("ms_407")]
class Top
{
};

[AMENDMENT, LOCALE("ms_407"): ToInstance]
class Middle : Top
{
	[D("id"): Amended, key] string Id;
	[D("p"): Amended] uint8 P;
};

[AMENDMENT, LOCALE("ms_407")]
class Apart : Elsewhere
{
	[D("a"): Amended] void M([In] uint8 a, [Out, D("b"): Amended] uint8 b);
};

[D("l"): ToSubClass Amended, AMENDMENT, LOCALE("ms_407")]
class Leaf : middle
{
};
`
    )
  })

  it("a class of the same name in another namespace is another class", () => {
    const split = Either.getOrThrow(Mof.split(
      `#pragma amendment("MS_409")
#pragma namespace("root\\\\a")
[D("a"): Amended] class A { string P; }; instance of A { P = "x"; };
#pragma namespace("root\\\\b")
[D("b"): Amended] class A { real32 P; }; instance of A { P = 1; };`
    ))
    assert.match(split.neutral, /root\\\\a"[^]*P = "x";[^]*root\\\\b"[^]*P = 1\.0;/)
    assert.match(split.localized, /root\\\\a\\\\ms_409"[^]*D\("a"\)[^]*root\\\\b\\\\ms_409"[^]*D\("b"\)/)
  })

  it("stores nothing: no operation, no request, and a warning", () => {
    const result = Mof.parse(source)
    assert.strictEqual(result.amendment, "MS_409")
    assert.deepStrictEqual([...Mof.operations(result)], [])
    assert.deepStrictEqual(Either.map(Mof.requests(source), (requests) => [...requests]), Either.right([]))
    assert.include(result.warnings.map(({ message }) => message).join(), "stores nothing")
  })

  const wrong: ReadonlyArray<readonly [text: string, code: string, options?: Mof.MofOptions]> = [
    ["#pragma amendment()", "InvalidAmendmentSyntax"],
    ['#pragma amendment("nonsense here")', "InvalidAmendmentSyntax"],
    ['#pragma amendment("MS_FFFF")', "InvalidAmendmentSyntax"],
    ['#pragma amendment("MS_409")\n#pragma amendment("MS_407")', "InvalidDuplicateAmendment"],
    ['#pragma amendment("MS_407")', "InvalidDuplicateAmendment", { amendment: "MS_409" }],
    ["class A { };", "InvalidAmendmentSyntax"],
    ["class A { };", "InvalidAmendmentSyntax", { amendment: "nobody" }],
    ['#pragma amendment("MS_409")\nclass A {', "CloseBraceExpected"]
  ]
  for (const [text, code, options] of wrong) {
    it(`${text.replace(/\n/g, " ")}${options === undefined ? "" : ` for ${options.amendment}`}: ${code}`, () => {
      assert.match(messages(text, options)[0] ?? "nothing was wrong", new RegExp(`\\(${code}\\)$`))
    })
  }
})

const put = (requests: Iterable<PutRequest.PutRequest>) =>
  Effect.map(
    Stream.runCollect(BulkPut.run(Stream.fromIterable(requests))),
    (found) => [...found].flatMap((one) => one._tag === "Committed" ? [] : [one.error.message])
  )

const read = (text: string): ReadonlyArray<PutRequest.PutRequest> => [...Either.getOrThrow(Mof.requests(text))]

const stored = <E>(program: Effect.Effect<ReadonlyArray<string>, E, never>): unknown => Effect.runSync(program)

/**
 * Removes the differences that are allowed between the two ways: empty members; In and Out, which MOF must write and a
 * parameter has anyway; the marks of an amendment class, whose locale is a number or text; and NULL defaults, which a
 * text sets and no instance shows.
 */
const plain = (state: unknown): unknown =>
  JSON.parse(
    JSON.stringify(state, (key, value: unknown) =>
      typeof value === "bigint"
        ? `${value}n`
        : key === "qualifiers" && Array.isArray(value)
        ? (value as ReadonlyArray<Qualifier.Qualifier>).filter(({ name }) =>
          !/^(?:in|out|amendment|locale)$/i.test(name)
        ).sort((a, b) =>
          a.name < b.name ? -1 : 1
        )
        : value === null
        ? undefined
        : value)
  )

/** The state after putting both parts, and after one put with the flag. */
const both = (objects: ReadonlyArray<WbemObject>) => {
  const text = Either.getOrThrow(Mof.print(objects))
  const halves = Either.getOrThrow(Mof.split(text, { amendment: "MS_409", namespace: "root\\cimv2" }))
  const state = (requests: ReadonlyArray<PutRequest.PutRequest>) =>
    Effect.flatMap(put(requests), (refused) => {
      assert.deepStrictEqual(refused, [])
      return Effect.map(Wmi.snapshot, Snapshot.entries)
    }).pipe(
      Effect.provideService(CallContext.Locale, "ms_409"),
      Effect.provide(Wmi.layerMemory),
      Effect.runSync
    )
  return {
    halves: state([...read(halves.neutral), ...read(halves.localized)]),
    flag: state(objects.map((object) => PutRequest.make(object, { amended: true })))
  }
}

describe("an MFL file", () => {
  it("with its MOF file stores the same as a put with the flag, and is merged when read", () => {
    const halves = Either.getOrThrow(Mof.split(source))
    stored(
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* put([...read(halves.neutral), ...read(halves.localized)]), [])
        const merged = yield* Wmi.get("Demo_Disk", { amended: "ms_409" })
        assert.strictEqual(Qualifier.find(merged.qualifiers, "Description")?.value, "A disk")
        assert.strictEqual(Qualifier.find((yield* Wmi.get("Demo_Disk")).qualifiers, "Description"), undefined)
        return []
      }).pipe(Effect.provide(Wmi.layerMemory))
    )
  })

  it("in the form of Windows' files, with AMENDMENT and LOCALE in capitals and its own namespace", () =>
    stored(
      Effect.gen(function* () {
        const mfl = `#pragma autorecover
#pragma namespace("\\\\\\\\.\\\\root\\\\cimv2")
instance of __namespace{ name="ms_409";};
#pragma namespace("\\\\\\\\.\\\\root\\\\cimv2\\\\ms_409")
[Description("An X") : Amended,AMENDMENT, LOCALE(0x409)]
class Demo_X { [key] string Id; [Description("How large") : Amended ToSubclass] uint32 Size; };`
        const mof = `#pragma namespace("\\\\\\\\.\\\\root\\\\cimv2")
class Demo_X { [key] string Id; uint32 Size; };`
        assert.deepStrictEqual(yield* put([...read(mof), ...read(mfl)]), [])
        const merged = yield* Wmi.get("Demo_X", { amended: true }) as Effect.Effect<
          ClassDefinition.ClassDefinition,
          never,
          never
        >
        assert.strictEqual(Qualifier.find(merged.properties[1]!.qualifiers, "Description")?.value, "How large")
        return []
      }).pipe(Effect.provide(Wmi.layerMemory))
    ))

  // A class that overrides fixed text of its superclass is refused in a text, and the flag does not split the text off.
  it("of generated classes: the two parts store the same as the flag", () => {
    const { array, constantFrom, option, record, tuple } = FastCheck
    const carried = tuple(
      option(tuple(constantFrom("a", '\u00fc"\\\n'), constantFrom(0x80, 0x82, 0x83, 0x91))),
      option(constantFrom(0, 2))
    ).map(([amended, plain]) => [
      ...(amended === null ? [] : [Qualifier.make("Description", amended[0], { flavor: amended[1] })]),
      ...(plain === null ? [] : [Qualifier.make("Units", "u", { flavor: plain })])
    ])
    const member = tuple(constantFrom("P", "Q", "R"), carried)
    const one = record({
      own: carried,
      properties: array(member, { maxLength: 3 }),
      methods: array(tuple(constantFrom("M", "N"), carried, array(member, { maxLength: 2 })), { maxLength: 2 }),
      isChild: FastCheck.boolean()
    })
    FastCheck.assert(
      FastCheck.property(array(one, { minLength: 1, maxLength: 3 }), (classes) => {
        const found = both(
          classes.map(({ isChild, methods, own, properties }, i) =>
            ClassDefinition.make(
              `C${i}`,
              Object.fromEntries(properties.map(([name, qualifiers]) => [
                name + i,
                Property.make("uint32", { value: i, qualifiers })
              ])),
              {
                superclass: isChild && i > 0 ? `C${i - 1}` : undefined,
                qualifiers: own,
                methods: Object.fromEntries(methods.map(([name, qualifiers, parameters]) => [
                  name + i,
                  Method.make(
                    "void",
                    [...new Map(parameters)].map(([parameter, carries]) => ({
                      name: parameter,
                      type: "string",
                      qualifiers: carries
                    })),
                    { qualifiers }
                  )
                ]))
              }
            )
          )
        )
        assert.deepStrictEqual(plain(found.halves), plain(found.flag))
      }),
      { numRuns: scaled(200) }
    )
  })

  it("of the DMTF schema, every Description as text: the two parts store the same as the flag", () => {
    const bytes = readFileSync(new URL("../../bench/data/cim_schema_2.49.0.mof.gz", import.meta.url))
    const schema = Mof.parse(gunzipSync(bytes), { namespace: "root\\cimv2" })
    const mark = (list: ReadonlyArray<Qualifier.Qualifier>): ReadonlyArray<Qualifier.Qualifier> =>
      list.map((q) => q.name === "Description" ? { ...q, flavor: q.flavor | Qualifier.Flavor.Amended } : q)
    const classes = schema.items.slice(0, 400).flatMap((item) => item._tag === "Class" ? [item.definition] : []).map(
      (one) =>
        classWith(one, {
          qualifiers: mark(one.qualifiers),
          properties: one.properties.map((p) => ({ ...p, qualifiers: mark(p.qualifiers) })),
          methods: one.methods.map((m) => ({
            ...m,
            qualifiers: mark(m.qualifiers),
            parameters: m.parameters.map((p) => ({ ...p, qualifiers: mark(p.qualifiers) }))
          }))
        })
    )
    // In the form of MOF: a parameter without a written direction is printed with its direction.
    const text = Either.getOrThrow(Mof.print(classes))
    const written = Mof.parse(text).items.flatMap((item) => item._tag === "Class" ? [item.definition] : [])
    const { flag, halves } = both(written)
    assert.isAbove(flag.length, 2 * classes.length)
    assert.deepStrictEqual(plain(halves), plain(flag))
  })
})
