/**
 * Prints generated objects with any content (`mof` 11). The text compiles to an equal object, or the printer refuses
 * with a reason. The generators go beyond sensible schemas: reserved words as names, every flavour, embedded objects in
 * arrays, values that no type holds.
 */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import { classOf as definitionOf, instanceOf as instanceFrom } from "../../src/model/effectValue.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as CimName from "../../src/model/CimName.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type {
  CimValue,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition,
  WbemObject
} from "../../src/model/WbemObject.ts"
import * as CimType from "../../src/model/CimType.ts"
import * as Mof from "../../src/mof/Mof.ts"
import { scaled } from "../scale.ts"

const { array, boolean, constantFrom, oneof, option, record, tuple } = FastCheck

// Comparison

/**
 * The content of an object without absent members. A parameter has its direction and ID as members, so their qualifiers
 * are left out.
 */
const said = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(said)
  if (typeof value !== "object" || value === null) return value
  const members = Object.entries(value).flatMap(([name, one]) => one === undefined ? [] : [[name, said(one)] as const])
  return Object.fromEntries(members)
}

const isParameterWord = ({ name }: Qualifier.Qualifier): boolean => /^(in|out|id)$/i.test(name)

const plain = (object: WbemObject): unknown =>
  object._tag === "Class"
    ? {
      ...object,
      properties: object.properties.map((one) => ({
        ...one,
        value: one.value === undefined ? undefined : plainValue(one.value)
      })),
      methods: object.methods.map((method) => ({
        ...method,
        parameters: [...method.parameters].sort((a, b) => (a.id ?? 0) - (b.id ?? 0)).map((parameter) => ({
          ...parameter,
          qualifiers: parameter.qualifiers.filter((q) => !isParameterWord(q))
        }))
      }))
    }
    : {
      ...object,
      values: Object.fromEntries(
        Object.entries(object.values).sort(([a], [b]) => CimName.compare(a, b))
          .map(([name, value]) => [name, plainValue(value)])
      ),
      propertyQualifiers: Object.entries(object.propertyQualifiers ?? {}).filter(([, list]) => list.length > 0)
        .sort(([a], [b]) => CimName.compare(a, b))
    }

const plainValue = (value: CimValue): unknown =>
  Array.isArray(value)
    ? (value as ReadonlyArray<CimValue>).map(plainValue)
    : typeof value === "object" && value !== null
    ? plain(value as WbemObject)
    : value

const same = (read: WbemObject, given: WbemObject): void =>
  assert.deepStrictEqual(said(plain(read)), said(plain(given)))

const reread = (text: string, options?: Mof.MofOptions): WbemObject => {
  const { errors, items } = Mof.parse(text, options)
  assert.deepStrictEqual(errors.map((error) => error.message), [], text)
  assert.strictEqual(items.length, 1, text)
  const [item] = items
  return item!._tag === "Class"
    ? item!.definition
    : item!._tag === "Instance"
    ? item!.instance
    : assert.fail("a deletion")
}

// Generators

const reserved =
  ("ref object instance class of as void key qualifier string boolean datetime char16 uint8 sint64 real32 true "
    + "false null in out id max pragma include scope flavor amended tosubclass reference typedef enum static any "
    + "constructor toString hasOwnProperty").split(" ")
const ident = oneof(
  constantFrom(...reserved, ...reserved.map((word) => word.toUpperCase())),
  FastCheck.stringMatching(/^[A-Za-zäß\u4e00_][A-Za-z0-9_é]{0,4}$/)
)
const text = FastCheck.string({
  maxLength: 8,
  unit: oneof(
    FastCheck.integer({ min: 1, max: 0xffff }).map((n) => String.fromCharCode(n)),
    constantFrom('"', "\\", "\n", "\r", "a", "F", "0", "x", "'", "{", "$", "\t", "\b", "\f", "\u0085", "\ufffe", "😀")
  )
})
const flavor = FastCheck.integer({ min: 0, max: 15 }).map((n) =>
  (n & 1) | (n & 2) | ((n & 4) === 0 ? 0 : 0x10) | ((n & 8) === 0 ? 0 : 0x80)
)
const qualifierValue = oneof<FastCheck.Arbitrary<Qualifier.QualifierValue>[]>(
  boolean(),
  FastCheck.integer(),
  FastCheck.double({ noNaN: true, noDefaultInfinity: true }),
  text,
  FastCheck.constant([]),
  array(boolean(), { minLength: 1, maxLength: 3 }),
  array(FastCheck.integer(), { minLength: 1, maxLength: 3 }),
  array(FastCheck.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 3 }),
  array(text, { minLength: 1, maxLength: 3 })
)
/** The type of a generated numeric qualifier: an integer beyond 32 bits is a valid value only as a real. */
const numberType = (value: Qualifier.QualifierValue): Qualifier.QualifierType | undefined =>
  [value].flat().some((n) => typeof n === "number" && (n | 0) !== n) ? "real64" : undefined
const unique = <A extends { readonly name: string }>(list: ReadonlyArray<A>): ReadonlyArray<A> =>
  list.filter((one, i) => list.findIndex((other) => CimName.equals(other.name, one.name)) === i)
const qualifiers = array(
  tuple(ident.filter((word) => !/^(cimtype|in|out|id)$/i.test(word)), qualifierValue, flavor).map((
    [name, value, bits]
  ) =>
    Qualifier.make(name, value, { type: numberType(value), flavor: CimName.equals(name, "key") ? undefined : bits })
  ),
  { maxLength: 3 }
).map(unique)
const datetimes = constantFrom(
  "20240229120000.000000+000",
  "99991231235959.999999-999",
  "****0401******.000000+***",
  "20240229120000.00****+060",
  "00000000115900.000000+***",
  "00000001000000.000000:000",
  "********000000.000000:000"
)
const embedded: FastCheck.Arbitrary<Instance.Instance> = FastCheck.letrec<{ one: Instance.Instance }>((tie) => ({
  one: record({
    className: ident,
    values: FastCheck.dictionary(
      ident,
      oneof<FastCheck.Arbitrary<CimValue>[]>(
        { maxDepth: 3, withCrossShrink: true },
        text,
        boolean(),
        FastCheck.integer(),
        array(text, { maxLength: 2 }),
        tie("one"),
        array(tie("one"), { minLength: 1, maxLength: 2 }) as FastCheck.Arbitrary<CimValue>
      ),
      { maxKeys: 2 }
    ).map((values) =>
      Object.fromEntries(
        unique(Object.entries(values).map(([name, value]) => ({ name, value }))).map((m) => [m.name, m.value])
      )
    ),
    qualifiers
  }).map(({ className, qualifiers: own, values }) =>
    Instance.make(className, values, {
      qualifiers: own,
      propertyQualifiers: Object.fromEntries(Object.keys(values).slice(0, 1).map((name) => [name, own]))
    })
  )
})).one
const values: Readonly<Record<CimType.CimType, FastCheck.Arbitrary<CimValue>>> = {
  sint8: FastCheck.integer({ min: -128, max: 127 }),
  uint8: FastCheck.integer({ min: 0, max: 255 }),
  sint16: FastCheck.integer({ min: -32768, max: 32767 }),
  uint16: FastCheck.integer({ min: 0, max: 65535 }),
  sint32: FastCheck.integer(),
  uint32: FastCheck.integer({ min: 0, max: 4294967295 }),
  sint64: FastCheck.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uint64: FastCheck.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  real32: FastCheck.float({ noNaN: true, noDefaultInfinity: true }),
  real64: oneof(FastCheck.double({ noNaN: true, noDefaultInfinity: true }), constantFrom(-0, 5e-324, 1e21, 1e-7)),
  boolean: boolean(),
  string: text,
  datetime: datetimes,
  reference: text,
  char16: oneof(FastCheck.integer({ min: 0, max: 65535 }), constantFrom(0, 10, 34, 39, 92, 0xd800, 0xffff)),
  object: embedded
}
const typeRef: FastCheck.Arbitrary<CimType.TypeRef> = tuple(
  constantFrom(...CimType.table.map((row) => row.name)),
  boolean(),
  option(
    ident.filter((word) =>
      !/^void$/i.test(word) && (/^reference$/i.test(word) || !CimType.isCimType(word.toLowerCase()))
    )
  )
).map(([type, isArray, className]) =>
  className === null || (type !== "reference" && type !== "object") ? { type, isArray } : { type, isArray, className }
)
const property: FastCheck.Arbitrary<PropertyDefinition> = typeRef.chain((type) =>
  record({
    name: ident,
    qualifiers,
    value: option(
      option<CimValue>(
        type.isArray ? array(values[type.type], { maxLength: 3 }) as FastCheck.Arbitrary<CimValue> : values[type.type]
      )
    )
  }).map(({ name, qualifiers: own, value }) => ({
    ...type,
    name,
    qualifiers: own,
    // Without this, NULL and no default would both be generated for `null`.
    value: value === null ? undefined : value
  }))
)
const directions = ["in", "out", "inout"] as const
const method: FastCheck.Arbitrary<MethodDefinition> = record({
  name: ident,
  returns: constantFrom<CimType.CimType | "void">("void", ...CimType.table.map((row) => row.name)),
  qualifiers,
  parameters: array(
    tuple(
      ident,
      typeRef.chain((type) =>
        option(option(values[type.type]), { freq: 1 }).map((value) => ({
          ...type,
          // An embedded object is not a valid default of a parameter.
          ...(value === null || type.type === "object"
            ? {}
            : { value: type.isArray && value !== null ? [value] : value })
        } as CimType.TypeRef & { readonly value?: CimValue }))
      ),
      constantFrom(...directions),
      qualifiers
    ),
    { maxLength: 4 }
  ),
  ids: FastCheck.shuffledSubarray([0, 1, 2, 3, 7], { minLength: 4, maxLength: 4 }),
  isNumbered: boolean()
}).map(({ ids, isNumbered, parameters, ...rest }) => ({
  ...rest,
  parameters: unique(
    parameters.map(([name, type, direction, own], i): ParameterDefinition => ({
      ...type,
      name,
      direction,
      id: ids[i],
      qualifiers: own
    }))
  ).map((parameter, i) => isNumbered ? parameter : { ...parameter, id: i })
}))
const definition: FastCheck.Arbitrary<ClassDefinition.ClassDefinition> = record({
  name: ident,
  superclass: option(ident).map((name) => name ?? undefined),
  qualifiers,
  properties: array(property, { maxLength: 4 }).map(unique),
  methods: array(method, { maxLength: 3 }).map(unique)
}).map(definitionOf)

/** Whether a value holds an instance of a class. Its values would get the types of that class and need not fit them. */
const embeds = (value: CimValue | undefined, className: string): boolean =>
  Array.isArray(value)
    ? (value as ReadonlyArray<CimValue>).some((one) => embeds(one, className))
    : typeof value === "object" && value !== null && "_tag" in value && value._tag === "Instance"
    ? CimName.equals(value.className, className) || Object.values(value.values).some((one) => embeds(one, className))
    : false
const apart = (one: ClassDefinition.ClassDefinition): boolean =>
  !one.properties.some(({ value }) => embeds(value, one.name))

/** An instance of a class with all, some or none of its properties set. */
const instanceOf = (one: ClassDefinition.ClassDefinition): FastCheck.Arbitrary<Instance.Instance> =>
  record({
    qualifiers,
    members: tuple(...one.properties.map((declared) =>
      tuple(
        option<CimValue>(
          declared.isArray
            ? array(values[declared.type], { maxLength: 3 }) as FastCheck.Arbitrary<CimValue>
            : values[declared.type]
        ),
        qualifiers
      )
    ))
  }).map(({ members, qualifiers: own }) =>
    Instance.make(
      one.name,
      Object.fromEntries(
        one.properties.flatMap(({ name }, i) => members[i]![0] === null ? [] : [[name, members[i]![0]]])
      ),
      {
        qualifiers: own,
        propertyQualifiers: Object.fromEntries(one.properties.map(({ name }, i) => [name, members[i]![1]]))
      }
    )
  )

const printed = (object: WbemObject, options?: Mof.PrintOptions): string =>
  Either.getOrThrow(Mof.print(object, options))

describe("printed text compiles to equal objects (generated)", () => {
  it("classes of every type, flavour and name", () =>
    FastCheck.assert(
      FastCheck.property(definition.filter(apart), (one) => same(reread(printed(one)), one)),
      { numRuns: scaled(2000) }
    ))

  it("their instances, with own qualifiers", () =>
    FastCheck.assert(
      FastCheck.property(
        definition.chain((one) =>
          tuple(FastCheck.constant(definitionOf({ ...one, superclass: undefined })), instanceOf(one))
        ),
        ([one, given]) => {
          const classOf = (name: string): ClassDefinition.ClassDefinition | undefined =>
            CimName.equals(name, one.name) ? one : undefined
          // An embedded object of the same class would get its types.
          FastCheck.pre(!one.properties.some(({ type }) => type === "object"))
          same(reread(printed(given, { classOf }), { classOf }), given)
        }
      ),
      { numRuns: scaled(2000) }
    ))

  it("embedded objects of unknown classes, nested and in arrays", () =>
    FastCheck.assert(FastCheck.property(embedded, (given) => same(reread(printed(given)), given)), {
      numRuns: scaled(2000)
    }))

  it("without flavours, equal except for the flavours", () => {
    const bare = (value: unknown): unknown =>
      Array.isArray(value) ? value.map(bare) : typeof value !== "object" || value === null ? value : "flavor" in value
          && "type" in value && "name" in value
        ? { ...value, flavor: CimName.equals(String(value.name), "key") ? Qualifier.keyFlavor : 0 }
        : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, bare(one)]))
    FastCheck.assert(
      FastCheck.property(definition.filter(apart), (one) => {
        const read = reread(printed(one, { flavors: false }))
        assert.deepStrictEqual(said(plain(read)), bare(said(plain(one))))
      }),
      { numRuns: scaled(500) }
    )
  })
})

describe("objects that MOF cannot express are refused", () => {
  const anything = oneof<FastCheck.Arbitrary<unknown>[]>(
    ...Object.values(values),
    constantFrom<unknown>(
      null,
      NaN,
      Infinity,
      -Infinity,
      -0,
      2 ** 60,
      1e80,
      10n ** 90n,
      "\0",
      "a\0b",
      ClassDefinition.make("C")
    ),
    array(oneof(...Object.values(values)), { maxLength: 2 }),
    constantFrom<unknown>([], [null], [[1]], [1, null])
  ) as FastCheck.Arbitrary<CimValue> // and values that no type allows
  const wildName = oneof(
    ident,
    constantFrom("", "a b", "1a", "\ufeffa", "a\u00a0b", "a\ud800", "x-y", "a\n", "__proto__")
  )
  const wild = record({
    name: wildName,
    other: wildName,
    type: constantFrom(...CimType.table.map((row) => row.name)),
    isArray: boolean(),
    className: option(wildName),
    value: anything,
    qualifier: tuple(wildName, oneof(qualifierValue, anything as FastCheck.Arbitrary<Qualifier.QualifierValue>)),
    direction: constantFrom(...directions),
    id: option(FastCheck.integer({ min: -1, max: 3 })),
    word: constantFrom("In", "Out", "ID", "Max")
  })

  it("classes with arbitrary content in every member", () =>
    FastCheck.assert(
      FastCheck.property(wild, ({ className, direction, id, isArray, name, other, qualifier, type, value, word }) => {
        const own = [{ name: qualifier[0], value: qualifier[1], type: "sint32", flavor: 0 } as Qualifier.Qualifier]
        const ref = {
          type,
          isArray,
          className: type === "reference" || type === "object" ? className ?? undefined : undefined
        }
        const one = definitionOf({
          name: "A",
          superclass: undefined,
          qualifiers: own,
          properties: [{ ...ref, name, value, qualifiers: [] }, {
            ...ref,
            name: other,
            value: undefined,
            qualifiers: []
          }],
          methods: [{
            name,
            returns: type,
            qualifiers: [],
            parameters: [{ ...ref, name: other, direction, id: id ?? undefined, qualifiers: [Qualifier.make(word)] }]
          }]
        })
        const text = Mof.print(one)
        if (Either.isRight(text)) {
          const { errors, items } = Mof.parse(text.right)
          assert.deepStrictEqual(errors.map((error) => error.message), [], text.right)
          assert.strictEqual(
            Either.getOrThrow(Mof.print(items.map((item) => item._tag === "Class" ? item.definition : assert.fail())!)),
            text.right
          )
        } else assert.strictEqual(text.left.status, "InvalidObject")
      }),
      { numRuns: scaled(3000) }
    ))

  it("instances with arbitrary content in every member", () =>
    FastCheck.assert(
      FastCheck.property(wild, boolean(), ({ isArray, name, other, type, value }, isKnown) => {
        const given = instanceFrom(
          "A",
          Object.fromEntries([[name, value]]),
          [],
          Object.fromEntries([[other, [Qualifier.make("Q")]]])
        )
        const A = ClassDefinition.make(
          "A",
          Object.fromEntries([[name, { type, isArray, value: undefined, qualifiers: [] }]])
        )
        const classOf = isKnown ? (): ClassDefinition.ClassDefinition => A : undefined
        const text = Mof.print(given, { classOf })
        if (Either.isRight(text)) {
          const { errors, items } = Mof.parse(text.right, { classOf })
          assert.deepStrictEqual(errors.map((error) => error.message), [], text.right)
          assert.strictEqual(items.length, 1)
        } else assert.strictEqual(text.left.status, "InvalidObject")
      }),
      { numRuns: scaled(3000) }
    ))
})
