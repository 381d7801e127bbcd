/** Printing (`mof` 11): exact texts, refused objects, and the law that printed text compiles to equal objects. */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import { classWith, instanceWith } from "../../src/model/effectValue.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type { CimValue, WbemObject } from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import { scaled } from "../scale.ts"

const printed = (object: WbemObject | Iterable<WbemObject>, options?: Mof.PrintOptions): string =>
  Either.getOrThrow(Mof.print(object, options))

const { Flavor } = Qualifier
const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  Size: Property.make("uint64", { value: 5n, qualifiers: { Units: { value: "Bytes", flavor: Flavor.ToSubclass } } }),
  Ratio: Property.make("real64", { value: 2 }),
  Tags: Property.make("string[]", { value: ["a", "b"] }),
  Next: Property.make("ref:Demo_Disk"),
  Any: Property.make("object"),
  Part: Property.make("object:Demo_Part"),
  Letter: Property.make("char16", { value: 65 })
}, {
  superclass: "Demo_Thing",
  qualifiers: {
    Description: { value: 'says "hi"', flavor: Flavor.Amended | Flavor.ToInstance | Flavor.DisableOverride },
    Levels: [1, 2],
    Off: false
  },
  methods: {
    Format: Method.make("uint32", [{ name: "Quick", type: "boolean" }, {
      name: "Log",
      type: "string[]",
      direction: "out"
    }]),
    Reset: Method.make("void")
  }
})

const texts: ReadonlyArray<readonly [string, WbemObject, string, Mof.PrintOptions?]> = [
  [
    "a class",
    Disk,
    `
[Description("says \\"hi\\""): DisableOverride ToInstance Amended, Levels{1, 2}, Off(FALSE)]
class Demo_Disk : Demo_Thing
{
\t[key] string Id;
\t[Units("Bytes"): ToSubClass] uint64 Size = "5";
\treal64 Ratio = 2.0;
\tstring Tags[] = {"a", "b"};
\tDemo_Disk ref Next;
\tobject Any;
\tDemo_Part Part;
\tchar16 Letter = 65;
\t uint32 Format([In] boolean Quick, [Out] string Log[]);
\t void Reset();
};
`
  ],
  ["a class of nothing", ClassDefinition.make("A"), "\nclass A\n{\n};\n"],
  [
    "no flavours",
    ClassDefinition.make("A", {}, { qualifiers: { X: { value: true, flavor: 3 } } }),
    "\n[X]\nclass A\n{\n};\n",
    { flavors: false }
  ],
  [
    "parameters in the order of their IDs, which are written only where the order does not say them",
    ClassDefinition.make("A", {}, {
      methods: {
        Go: Method.make("void", [{ name: "B", type: "uint8", id: 1 }, { name: "A", type: "uint8", id: 0 }]),
        Gap: Method.make("reference", [{ name: "C", type: "ref", id: 5 }, { name: "D", type: "ref:A", id: 2 }])
      }
    }),
    "\nclass A\n{\n\t void Go([In] uint8 A, [In] uint8 B);\n"
    + "\t object ref Gap([In, ID(2)] A ref D, [In, ID(5)] object ref C);\n};\n"
  ],
  [
    "a parameter that stands once for in and once for out is one",
    ClassDefinition.make("A", {}, {
      methods: {
        Go: Method.make("void", [
          { name: "X", type: "uint8", id: 0, qualifiers: { In: true } },
          { name: "x", type: "uint8", id: 0, direction: "out", qualifiers: { Out: true } },
          { name: "Y", type: "uint8", id: 1, direction: "out" }
        ])
      }
    }),
    "\nclass A\n{\n\t void Go([in,out] uint8 X, [Out] uint8 Y);\n};\n"
  ],
  [
    "the fewest digits that tell a real32 from its neighbours",
    ClassDefinition.make("A", {
      P: Property.make("real32", { value: Math.fround(0.1) }),
      Q: Property.make("real32[]", { value: [Math.fround(1e-45), 16777216, -0] }),
      R: Property.make("real64", { value: Math.fround(0.1) })
    }),
    "\nclass A\n{\n\treal32 P = 0.1;\n\treal32 Q[] = {1.0e-45, 16777216.0, -0.0};\n\treal64 R = 0.10000000149011612;\n};\n"
  ],
  [
    "embedded instances in an array, with qualifiers",
    Instance.make("A", {
      List: [
        Instance.make("B", { N: 1 }, { qualifiers: { Q: true }, propertyQualifiers: { n: { R: "r" } } }),
        Instance.make("B", {})
      ]
    }),
    `
instance of A
{
\tList = {
[Q]
instance of B
{
\t[R("r")] N = 1;
}, \ninstance of B
{
}};
};
`
  ],
  [
    "inherited qualifiers and those of the system are left out",
    ClassDefinition.make("A", {}, {
      qualifiers: { A: { value: true, flavor: 0x21 }, B: { value: true, flavor: 0x41 } }
    }),
    "\nclass A\n{\n};\n"
  ],
  [
    "an instance: by name, NULL where it was set, 64 bits in quotes, every escape",
    Instance.make("Demo_Disk", {
      Id: "a\\b\n\u0001\ud800",
      Any: null,
      Big: 18446744073709551615n,
      Flag: true,
      Empty: [],
      Real: 1.5,
      Small: 1e-7,
      List: [1, 2],
      Part: Instance.make("Demo_Part", { N: 1 })
    }),
    `
instance of Demo_Disk
{
\tAny = NULL;
\tBig = "18446744073709551615";
\tEmpty = {};
\tFlag = TRUE;
\tId = "a\\\\b\\n\\x0001\\xD800";
\tList = {1, 2};
\tPart = \ninstance of Demo_Part
{
\tN = 1;
};
\tReal = 1.5;
\tSmall = 1.0e-7;
};
`
  ],
  [
    "numbers as the class types them",
    Instance.make("Demo_Disk", { Id: "a", Size: 7, Ratio: 3 }),
    '\ninstance of Demo_Disk\n{\n\tId = "a";\n\tRatio = 3.0;\n\tSize = "7";\n};\n',
    { classOf: () => Disk }
  ],
  [
    "embedded objects at every depth at the margin",
    Instance.make("A", {
      O: Instance.make("B", {
        P: Instance.make("C", { Q: null, R: [Instance.make("D", {}), Instance.make("D", { N: 1 })] })
      }),
      N: [5n, -5n]
    }),
    '\ninstance of A\n{\n\tN = {"5", "-5"};\n\tO = \ninstance of B\n{\n\tP = \ninstance of C\n{\n\tQ = NULL;\n\tR = {\n'
    + "instance of D\n{\n}, \ninstance of D\n{\n\tN = 1;\n}};\n};\n};\n};\n"
  ],
  [
    "flavours in their order, key without, empty lists, words of the dictionary",
    ClassDefinition.make("A", {
      K: Property.make("uint32", {
        qualifiers: { KEY: { value: true, flavor: 0x13 }, Read: { value: true, flavor: 2 } }
      }),
      E: Property.make("string", { qualifiers: { Values: [], ValueMap: { value: [], flavor: 0x13 } } })
    }, {
      qualifiers: { Dynamic: { value: true, flavor: 1 }, singleton: { value: true, flavor: 0x13 }, Big: "4294967296" }
    }),
    '\n[dynamic: ToInstance, singleton: DisableOverride ToInstance ToSubClass, Big("4294967296")]\nclass A\n{\n'
    + "\t[key, read: ToSubClass] uint32 K;\n"
    + "\t[Values{}, ValueMap{}: DisableOverride ToInstance ToSubClass] string E;\n};\n"
  ],
  [
    "type words as written, and ref in lower case",
    ClassDefinition.make("A", {
      S: Property.make("STRING"),
      N: Property.make("Uint32[]", { value: [1] }),
      O: Property.make("Object"),
      R: Property.make("REF:B"),
      W: Property.make("Ref")
    }, { methods: { M: Method.make("UINT32", [{ name: "P", type: "Boolean" }]), V: Method.make("VOID") } }),
    "\nclass A\n{\n\tSTRING S;\n\tUint32 N[] = {1};\n\tObject O;\n\tB ref R;\n\tobject ref W;\n"
    + "\t UINT32 M([In] Boolean P);\n\t VOID V();\n};\n"
  ],
  [
    "parameters: defaults, directions as written but for both, no flavours of these",
    ClassDefinition.make("A", {}, {
      methods: {
        M: {
          ...Method.make("uint32", [
            { name: "a", type: "uint32", value: 2147483650, qualifiers: { IN: { value: true, flavor: 3 } } },
            {
              name: "b",
              type: "string[]",
              direction: "inout",
              value: ["x"],
              qualifiers: {
                Q: { value: true, flavor: 2 },
                Out: { value: true, flavor: 3 },
                R: 1,
                IN: { value: true, flavor: 1 }
              }
            },
            { name: "c", type: "sint64", direction: "out", value: null },
            { name: "d", type: "boolean", direction: "inout" }
          ], { qualifiers: { Static: true } })
        }
      }
    }),
    '\nclass A\n{\n\t[Static] uint32 M([IN] uint32 a = 2147483650, [Q: ToSubClass, in,out, R(1)] string b[] = {"x"}, '
    + "[Out] sint64 c = NULL, [in,out] boolean d);\n};\n"
  ],
  [
    "a class of parameters: IDs with their flavours",
    ClassDefinition.make("__PARAMETERS", {
      Name: Property.make("string", { value: "x", qualifiers: { IN: true, ID: { value: 0, flavor: 0x11 } } }),
      ReturnValue: Property.make("uint32", { qualifiers: { out: true } })
    }),
    '\nclass __PARAMETERS\n{\n\t[IN, ID(0): DisableOverride ToInstance] string Name = "x";\n'
    + "\t[out] uint32 ReturnValue;\n};\n"
  ],
  [
    "members that are redeclared stand where they were introduced, and say NULL",
    ClassDefinition.make("C", {
      New: Property.make("string"),
      B2: Property.make("ref:B"),
      A2: Property.make("uint32[]"),
      A3: Property.make("uint8", { inheritsDefault: true }),
      NewNull: Property.make("string", { value: null }),
      A4: Property.make("uint8", { inheritsDefault: true }),
      A1: Property.make("uint8", { value: 7 })
    }, { superclass: "B", methods: { N: Method.make("void"), mb: Method.make("void"), MA: Method.make("void") } }),
    "\nclass C : B\n{\n\tuint8 A1 = 7;\n\tuint32 A2[] = NULL;\n\tuint8 A3 = 3;\n\tuint8 A4;\n\tB ref B2 = NULL;\n"
    + "\tstring New;\n\tstring NewNull;\n\t void MA();\n\t void mb();\n\t void N();\n};\n",
    {
      classOf: (name) =>
        name === "B"
          ? ClassDefinition.make("B", {
            B2: Property.make("ref:A"),
            a4: Property.make("uint8", { inheritsDefault: true }),
            A3: Property.make("uint8", { inheritsDefault: true })
          }, { superclass: "A", methods: { MB: Method.make("void") } })
          : ClassDefinition.make("A", {
            A1: Property.make("uint8"),
            A2: Property.make("uint32[]", { value: [1] }),
            A3: Property.make("uint8", { value: 3 }),
            A4: Property.make("uint8")
          }, { methods: { MA: Method.make("void") } })
    }
  ]
]

describe("printed text of", () => {
  for (const [name, object, text, options] of texts) {
    it(name, () => assert.strictEqual(printed(object, options), text))
  }
})

const refused: ReadonlyArray<readonly [string, WbemObject, string]> = [
  ["a name that is none", ClassDefinition.make("A b"), "class"],
  ["a property that is none", Instance.make("A", { "x-y": 1 }), "A.x-y"],
  ["an embedded class", Instance.make("A", { P: ClassDefinition.make("B") }), "A.P"],
  ["U+0000", Instance.make("A", { P: "a\0b" }), "A.P"],
  ["an infinite number", Instance.make("A", { P: Infinity }), "A.P"],
  [
    "an integer beyond sint32 in a qualifier",
    ClassDefinition.make("A", {}, {
      qualifiers: { Q: { value: 2147483648, type: "sint32" } }
    }),
    "A, qualifier Q"
  ],
  ["a qualifier twice", ClassDefinition.make("A", {}, { qualifiers: { Q: true, q: 1 } }), "A"],
  ["a property twice", ClassDefinition.make("A", { P: Property.make("uint8"), p: Property.make("uint8") }), "A"],
  ["a value twice", Instance.make("A", { P: 1, p: 2 }), "A"],
  ["a name with a blank that no text shows", Instance.make("A", { "P\u00a0": 1 }), "A.P\u00a0"],
  ["a name with half a character", Instance.make("A", { "P\ud800": 1 }), "A.P\ud800"],
  ["a class that reads as a type", ClassDefinition.make("A", { P: Property.make("object:string") }), "A.P"],
  [
    "a value that its type does not hold",
    ClassDefinition.make("A", { P: Property.make("uint8", { value: 300 }) }),
    "A.P"
  ],
  ["a datetime that is none", ClassDefinition.make("A", { P: Property.make("datetime", { value: "today" }) }), "A.P"],
  [
    "a direction that a qualifier denies",
    ClassDefinition.make("A", {}, {
      methods: { M: Method.make("void", [{ name: "X", type: "uint8", direction: "out", qualifiers: { In: true } }]) }
    }),
    "A.M(X)"
  ],
  [
    "embedded instances deeper than a reader follows",
    Array.from({ length: 65 }).reduce<Instance.Instance>(
      (inner) => Instance.make("A", { P: inner }),
      Instance.make("A", {})
    ),
    "A.P"
  ]
]

describe("refuses to print, naming the member", () => {
  for (const [name, object, where] of refused) {
    it(name, () => {
      const error = Either.getOrThrow(Either.flip(Mof.print(object)))
      assert.strictEqual(error.status, "InvalidObject")
      assert.strictEqual(error.property, where)
    })
  }
})

/** A parameter has its direction and ID as members, so qualifiers that repeat them are ignored. */
const normal = (object: WbemObject): WbemObject =>
  object._tag === "Instance"
    ? instanceWith(object, {
      values: Object.fromEntries(
        Object.entries(object.values).sort(([a], [b]) => a < b ? -1 : 1)
          .map(([name, value]) => [name, normalValue(value)])
      )
    })
    : classWith(object, {
      methods: object.methods.map((method) => ({
        ...method,
        parameters: [...method.parameters].sort((a, b) => a.id! - b.id!).map((parameter) => ({
          ...parameter,
          qualifiers: parameter.qualifiers.filter(({ name }) => !/^(in|out|id)$/i.test(name))
        }))
      }))
    })

const normalValue = (value: CimValue): CimValue =>
  typeof value === "object" && value !== null && "_tag" in value ? normal(value as WbemObject) : value

/** Without members whose value is `undefined`, which count as absent. */
const said = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(said) : typeof value === "object" && value !== null
    ? Object.fromEntries(
      Object.entries(value).flatMap(([name, one]) => one === undefined ? [] : [[name, said(one)]])
    )
    : value

const reread = (text: string, options?: Mof.MofOptions): ReadonlyArray<WbemObject> => {
  const { errors, items } = Mof.parse(text, options)
  assert.deepStrictEqual(errors, [], text)
  return items.flatMap((item): ReadonlyArray<WbemObject> =>
    item._tag === "Class" ? [item.definition] : item._tag === "Instance" ? [item.instance] : []
  )
}

const { array, boolean, constantFrom, option, record, tuple } = FastCheck
const runs = scaled(3000)
const ident = FastCheck.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,5}[A-Za-z0-9]$/).filter((name) =>
  !/^(true|false|null|ref|object|instance|class|of|as|void|key|cimtype|in|out|id|max|qualifier|string|boolean|datetime|char16|[su]int\d*|real\d*)$/i
    .test(name)
)
const anyText = FastCheck.string({
  unit: FastCheck.oneof(
    FastCheck.integer({ min: 1, max: 0xffff }).map((n) => String.fromCharCode(n)),
    constantFrom('"', "\\", "\n", "a", "F", "'", "{", "%", "\t")
  )
})
const values: Readonly<Record<string, FastCheck.Arbitrary<CimValue>>> = {
  uint8: FastCheck.integer({ min: 0, max: 255 }),
  sint32: FastCheck.integer(),
  uint64: FastCheck.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  sint64: FastCheck.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  real64: FastCheck.double({ noNaN: true, noDefaultInfinity: true }),
  real32: FastCheck.float({ noNaN: true, noDefaultInfinity: true }),
  boolean: boolean(),
  char16: FastCheck.integer({ min: 0, max: 65535 }),
  string: anyText,
  datetime: constantFrom("20240229120000.000000+000", "00000001000000.000000:000")
}
/** The type of a generated numeric qualifier: an integer beyond 32 bits is a valid value only as a real. */
const numberType = (value: Qualifier.QualifierValue): Qualifier.QualifierType | undefined =>
  [value].flat().some((n) => typeof n === "number" && (n | 0) !== n) ? "real64" : undefined
const qualifier = tuple(
  ident,
  FastCheck.oneof<FastCheck.Arbitrary<Qualifier.QualifierValue>[]>(
    boolean(),
    FastCheck.integer(),
    anyText,
    array(anyText, { maxLength: 3 }),
    FastCheck.double({ noNaN: true, noDefaultInfinity: true })
  ),
  constantFrom(0, 1, 2, 3, 0x10, 0x13, 0x80, 0x93)
).map(([name, value, flavor]) => Qualifier.make(name, value, { flavor, type: numberType(value) }))
const unique = <A extends { readonly name: string }>(list: ReadonlyArray<A>): ReadonlyArray<A> =>
  list.filter((one, i) => list.findIndex((other) => other.name.toLowerCase() === one.name.toLowerCase()) === i)
const qualifiers = array(qualifier, { maxLength: 2 }).map(unique)
/** A type word in another spelling, which the printer keeps. */
const respelled = (word: string, n: number): string =>
  n === 0 ? word.toUpperCase() : n === 1 ? word.charAt(0).toUpperCase() + word.slice(1) : word
const typed = constantFrom(...Object.keys(values)).chain((type) =>
  boolean().chain((isArray) =>
    tuple(
      ident,
      qualifiers,
      option<CimValue>(
        isArray ? array(values[type]!, { maxLength: 3 }) as FastCheck.Arbitrary<CimValue> : values[type]!
      ),
      FastCheck.integer({ min: 0, max: 5 })
    )
      .map(([name, own, value, n]) => ({ type: respelled(type, n) + (isArray ? "[]" : ""), name, own, value }))
  )
)
const definition = record({
  name: ident,
  superclass: option(ident),
  own: qualifiers,
  properties: array(typed, { maxLength: 4 }),
  methods: array(
    tuple(ident, array(tuple(typed, constantFrom("in" as const, "out" as const, "inout" as const)), { maxLength: 3 })),
    {
      maxLength: 2
    }
  )
}).map(({ methods, name, own, properties, superclass }) =>
  ClassDefinition.make(
    name,
    unique(properties).map(({ name, own, type, value }) =>
      Property.named(
        name,
        Property.make(type as "string", { qualifiers: own, ...(value === null ? {} : { value: value as CimValue }) })
      )
    ),
    {
      superclass: superclass === name ? undefined : superclass ?? undefined,
      qualifiers: own,
      methods: unique(methods.map(([method, parameters]) =>
        Method.named(
          method,
          Method.make(
            "uint32",
            unique(parameters.map(([parameter, direction]) => ({ ...parameter, direction }))).map((
              { direction, name, own, type, value }
            ) => ({ name, type, direction, qualifiers: own, ...(value === null ? {} : { value }) }))
          )
        )
      )).filter((method) => properties.every((p) => p.name.toLowerCase() !== method.name.toLowerCase()))
    }
  )
)

describe("printed text compiles to equal objects", () => {
  it("generated classes and their instances", () => {
    FastCheck.assert(
      FastCheck.property(definition, (one) => {
        const [read] = reread(printed(one))
        assert.deepStrictEqual(said(normal(read!)), said(normal(one)))
        const given = Instance.make(
          one.name,
          Object.fromEntries(one.properties.flatMap(({ name, value }) => value === undefined ? [] : [[name, value]]))
        )
        const classOf = (): ClassDefinition.ClassDefinition => classWith(one, { superclass: undefined })
        const [instance] = reread(printed(given, { classOf }), { classOf })
        assert.deepStrictEqual(said(normal(instance!)), said(normal(given)))
      }),
      { numRuns: runs }
    )
  })

  it("the DMTF CIM schema 2.49.0", () => {
    const file = readFileSync(new URL("../../bench/data/cim_schema_2.49.0.mof.gz", import.meta.url))
    const before = reread(new TextDecoder().decode(gunzipSync(file)), { file: "cim.mof" })
    const after = reread(printed(before))
    assert.strictEqual(after.length, 1631)
    assert.deepStrictEqual(after.map(normal), before.map(normal))
  })
})
