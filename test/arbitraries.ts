/** Generators of a small state: few names, so that puts concern the same objects, and sometimes every kind of fault. */
import * as FastCheck from "effect/FastCheck"
import * as ClassDefinition from "../src/model/ClassDefinition.ts"
import * as Instance from "../src/model/Instance.ts"
import * as Method from "../src/model/Method.ts"
import * as Property from "../src/model/Property.ts"
import * as Qualifier from "../src/model/Qualifier.ts"
import type { CimValue, WbemObject } from "../src/model/WbemObject.ts"
import * as PutRules from "../src/engine/PutRules.ts"
import * as Snapshot from "../src/engine/state/Snapshot.ts"
import { decode } from "../src/pipeline/stages.ts"
import * as PutFlags from "../src/protocol/PutFlags.ts"
import * as PutRequest from "../src/protocol/PutRequest.ts"
import { isWbemError } from "../src/protocol/WbemError.ts"

const { array, boolean, constantFrom, option, record, tuple } = FastCheck

const anyCase = (name: string): FastCheck.Arbitrary<string> =>
  constantFrom(name, name, name, name.toUpperCase(), name.toLowerCase())

export const className: FastCheck.Arbitrary<string> = constantFrom("Aa", "Bb", "Cc", "Dd", "Ee").chain(anyCase)
const propertyName = constantFrom("Id", "Name", "Size", "Note").chain(anyCase)

const scalarType = constantFrom(
  "uint32",
  "string",
  "uint64",
  "boolean",
  "datetime",
  "ref:Aa",
  "ref:Bb",
  "string[]",
  "object:Aa"
)

const flavor = constantFrom(0, 0x02, 0x03, 0x12, 0x13, 0x80)

const qualifierOf = (names: ReadonlyArray<string>): FastCheck.Arbitrary<Qualifier.Qualifier> =>
  tuple(constantFrom(...names), constantFrom<Qualifier.QualifierValue>(true, true, false, "text", 7), flavor)
    .map(([name, value, bits]) =>
      name === "key" ? Qualifier.make("key") : Qualifier.make(name, value, { flavor: bits })
    )

const unique = <A extends { readonly name: string }>(list: ReadonlyArray<A>): ReadonlyArray<A> =>
  list.filter((one, i) => list.findIndex((other) => other.name.toLowerCase() === one.name.toLowerCase()) === i)

const property = tuple(
  propertyName,
  scalarType,
  array(qualifierOf(["key", "key", "indexed", "not_null", "Description", "Units"]), { maxLength: 2 }),
  option(constantFrom<CimValue>("text", 5, null, true), { freq: 5 })
).map(([name, type, qualifiers, value]) =>
  Property.named(name, Property.make(type, { qualifiers: unique(qualifiers), ...(value === null ? {} : { value }) }))
)

const keyed = tuple(propertyName, constantFrom("uint32", "string", "uint64")).map(([name, type]) =>
  Property.named(name, Property.key(type))
)

const method = tuple(constantFrom("Go", "Stop"), constantFrom("uint32", "string")).map(([name, type]) =>
  Method.named(name, Method.make("uint32", [{ name: "How", type }]))
)

export const classDefinition: FastCheck.Arbitrary<ClassDefinition.ClassDefinition> = record({
  name: className,
  superclass: option(className, { freq: 3 }),
  key: option(keyed, { freq: 3 }),
  properties: array(property, { maxLength: 3 }),
  methods: array(method, { maxLength: 1 }),
  qualifiers: array(qualifierOf(["Description", "abstract", "singleton", "association", "UUID"]), { maxLength: 2 })
}).map(({ key, methods, name, properties, qualifiers, superclass }) =>
  ClassDefinition.make(name, unique(key === null ? properties : [key, ...properties]), {
    superclass: superclass ?? undefined,
    qualifiers: unique(qualifiers),
    methods
  })
)

const scalarValue: FastCheck.Arbitrary<CimValue> = constantFrom<CimValue>(
  0,
  1,
  2,
  2,
  3,
  -1,
  4294967296,
  1n,
  "1",
  "a",
  "A",
  "b",
  "",
  "x\u0001",
  null,
  true,
  false,
  "20240101000000.000000+000",
  "Aa.Id=1",
  Object.freeze(["a", "b"])
)

export const value: FastCheck.Arbitrary<CimValue> = FastCheck.oneof(
  { weight: 9, arbitrary: scalarValue },
  {
    weight: 1,
    arbitrary: tuple(className, propertyName, scalarValue).map(([name, p, v]) => Instance.make(name, { [p]: v }))
  }
)

/** Mostly what the classes of the start take for a property of that name, now and then anything. */
const suited: Readonly<Record<string, FastCheck.Arbitrary<CimValue>>> = {
  id: constantFrom<CimValue>(1, 2, 3),
  name: constantFrom<CimValue>("a", "A", "b", null),
  size: constantFrom<CimValue>(1, "2", 3n, null),
  note: constantFrom<CimValue>("x", "y", null)
}

const assignment = propertyName.chain((name) =>
  FastCheck.oneof(
    { weight: 12, arbitrary: suited[name.toLowerCase()]! },
    { weight: 1, arbitrary: value }
  ).map((written) => [name, written] as const)
)

export const instance: FastCheck.Arbitrary<Instance.Instance> = tuple(
  className,
  option(suited["id"]!, { freq: 9 }),
  array(assignment, { maxLength: 3 })
).map(([name, id, values]) =>
  Instance.make(name, Object.fromEntries([...id === null ? [] : [["Id", id] as const], ...values]))
)

const start = [
  ClassDefinition.make("Aa", {
    Id: Property.key("uint32"),
    Name: Property.make("string"),
    Size: Property.make("uint64")
  }),
  ClassDefinition.make("Bb", { Note: Property.make("string", { qualifiers: { not_null: true }, value: "n" }) }, {
    superclass: "Aa"
  }),
  ClassDefinition.make("Cc", { Name: Property.key("string"), Id: Property.make("uint32") }),
  ClassDefinition.make("Ee", {}, {
    superclass: "Bb",
    methods: { Go: Method.make("uint32", [{ name: "How", type: "string" }]) }
  })
]

/** The world that every sequence starts from, and classes that a sequence puts with small differences. */
export const world = (): Snapshot.Snapshot => Snapshot.of(...start)

const variant: FastCheck.Arbitrary<ClassDefinition.ClassDefinition> = tuple(
  constantFrom(...start),
  array(property, { maxLength: 1 }),
  array(qualifierOf(["Description", "Description", "UUID", "abstract"]), { maxLength: 1 })
).map(([one, more, qualifiers]) =>
  ClassDefinition.make(one.name, unique([...one.properties, ...more]), {
    superclass: one.superclass,
    qualifiers,
    methods: one.methods
  })
)

export const flags: FastCheck.Arbitrary<number> = constantFrom(
  0,
  0,
  0,
  1,
  2,
  0x20,
  0x40,
  0x41,
  0x22,
  0x10,
  0x80,
  0x20000,
  4,
  3
)

export const request: FastCheck.Arbitrary<PutRequest.PutRequest> = tuple(
  FastCheck.oneof<Array<FastCheck.Arbitrary<WbemObject>>>(classDefinition, variant, instance, instance, instance),
  flags,
  boolean()
).map(([object, bits]) => PutRequest.make(object, { flags: bits }))

/** Some requests; now and then an earlier one again. */
export const requests = (maxLength: number): FastCheck.Arbitrary<ReadonlyArray<PutRequest.PutRequest>> =>
  array(tuple(request, option(FastCheck.nat(), { freq: 1, nil: undefined })), { minLength: 1, maxLength }).map((list) =>
    list.map(([one, again], i) => again === undefined || i === 0 || again % 4 > 0 ? one : list[again % i]![0])
  )

const call: PutRequest.Call = {
  caller: { name: "a test", remote: false, rights: 0x3d },
  locale: "ms_409",
  server: ".",
  time: 1_700_000_000_000,
  seed: 42
}

/** Requests that are not refused at the start, as the engine gets them. */
export const validated = (list: ReadonlyArray<PutRequest.PutRequest>): ReadonlyArray<PutRules.ValidatedPut> =>
  list.flatMap((one, position) => {
    const put = decode(
      { decode: PutFlags.decode },
      {
        emit: () => {
          throw new Error("unused")
        }
      },
      one,
      "root\\cimv2",
      call,
      position
    )
    return isWbemError(put) ? [] : [{ put, rules: PutRules.standard }]
  })
