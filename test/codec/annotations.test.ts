/** The annotations of `WmiSchema`: arbitraries, printing, JSON schemas, and OpenAPI made of them. */
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as JSONSchema from "effect/JSONSchema"
import * as Pretty from "effect/Pretty"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as WmiSchema from "../../src/codec/WmiSchema.ts"
import * as Wmi from "../../src/Wmi.ts"
import { scaled } from "../scale.ts"

const fields = Schema.Struct({
  Id: Schema.String,
  FreeSpace: Schema.NullOr(Schema.BigIntFromSelf),
  Seen: WmiSchema.DateTime,
  Sizes: Schema.optionalWith(Schema.Array(Schema.BigIntFromSelf), { exact: true })
})
const Disk = WmiSchema.Instance("Demo_Disk", fields)
const DiskJson = WmiSchema.InstanceFromJson("Demo_Disk", fields)

/** Each schema survives the way through its encoded form and through JSON text where that form is JSON. */
const roundTrips: ReadonlyArray<readonly [string, Schema.Schema<unknown, unknown>, boolean]> = [
  ["PutRequest", WmiSchema.PutRequest as Schema.Schema<unknown, unknown>, true],
  ["WbemObject", WmiSchema.WbemObject as Schema.Schema<unknown, unknown>, true],
  ["ClassDefinition", WmiSchema.ClassDefinition as Schema.Schema<unknown, unknown>, true],
  ["AnyInstance", WmiSchema.AnyInstance as Schema.Schema<unknown, unknown>, true],
  ["DateTime", WmiSchema.DateTime as Schema.Schema<unknown, unknown>, true],
  ["InstanceFromJson", DiskJson as Schema.Schema<unknown, unknown>, true],
  ["Instance", Disk as Schema.Schema<unknown, unknown>, false]
]

describe("Arbitrary.make", () => {
  for (const [name, schema, isJson] of roundTrips) {
    it(`${name}: every value encodes, and decodes to itself`, () => {
      const encode = Schema.encodeSync(schema)
      const decode = Schema.decodeUnknownSync(schema)
      FastCheck.assert(
        FastCheck.property(Arbitrary.make(schema), (value) => {
          const encoded = encode(value)
          assert.deepStrictEqual(decode(isJson ? JSON.parse(JSON.stringify(encoded)) : encoded), value)
        }),
        { numRuns: scaled(200) }
      )
    })
  }

  it("PutRequest: a put of each class is accepted by the rules", async () => {
    const requests = FastCheck.sample(
      Arbitrary.make(WmiSchema.PutRequest).filter(({ flags, object }) => object._tag === "Class" && flags === 0),
      scaled(200)
    )
    for (const request of requests) {
      const report = await Effect.runPromise(Effect.provide(PutAsync.put(request), Wmi.layerMemory))
      assert.strictEqual(report.disposition, "Created")
    }
  })

  it("the encoded side of a typed instance is an instance", () => {
    const [one] = FastCheck.sample(Arbitrary.make(Schema.encodedSchema(Disk)), 1)
    assert.strictEqual(one?._tag, "Instance")
  })
})

describe("Pretty.make", () => {
  it("prints the JSON form", () => {
    const request = PutRequest.make(Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n }), { flags: 2 })
    assert.strictEqual(
      Pretty.make(WmiSchema.PutRequest)(request),
      'PutRequest({"object":{"kind":"instance","class":"Demo_Disk","values":{"Id":"C:","FreeSpace":"42"}},"flags":2})'
    )
    const definition = ClassDefinition.make("A", { Id: Property.key("string") })
    assert.match(Pretty.make(WmiSchema.WbemObject)(definition), /^WbemObject\({"kind":"class","name":"A"/)
    assert.strictEqual(Pretty.make(WmiSchema.DateTime)(new Date(0)), 'new Date("1970-01-01T00:00:00.000Z")')
    assert.strictEqual(
      Pretty.make(Disk)({ Id: "C:", FreeSpace: null, Seen: new Date(0) }),
      '{ "Id": "C:", "FreeSpace": null, "Seen": new Date("1970-01-01T00:00:00.000Z") }'
    )
  })

  it("says what has no JSON form", () => {
    const request = PutRequest.make(Instance.make("A", { E: ClassDefinition.make("B", {}) }))
    assert.strictEqual(
      Pretty.make(WmiSchema.PutRequest)(request),
      "PutRequest(an embedded class (B) has no JSON form)"
    )
  })
})

describe("Schema.equivalence", () => {
  it("is equality of the content", () => {
    const request = (free: bigint) => PutRequest.make(Instance.make("Demo_Disk", { Id: "C:", FreeSpace: free }))
    const same = Schema.equivalence(WmiSchema.PutRequest)
    assert.isTrue(same(request(1n), request(1n)))
    assert.isFalse(same(request(1n), request(2n)))
    const sameDisk = Schema.equivalence(Disk)
    const disk = { Id: "C:", FreeSpace: 1n, Seen: new Date(0) }
    assert.isTrue(sameDisk(disk, { ...disk, Seen: new Date(0) }))
    assert.isFalse(sameDisk(disk, { ...disk, Seen: new Date(1) }))
    const sameObject = Schema.equivalence(WmiSchema.WbemObject)
    assert.isTrue(sameObject(Instance.make("A", {}), Instance.make("A", {})))
    assert.isFalse(sameObject(Instance.make("A", {}), ClassDefinition.make("A", {})))
  })
})

describe("JSONSchema.make", () => {
  it("of a typed instance names the properties, their types and those that must be there", () => {
    for (const schema of [Disk, DiskJson]) {
      const { $defs, $ref } = JSONSchema.make(schema as Schema.Schema<unknown, unknown>) as unknown as {
        readonly $ref: string
        readonly $defs: Readonly<Record<string, unknown>>
      }
      assert.deepStrictEqual([$ref, $defs["Demo_Disk"]], ["#/$defs/Demo_Disk", {
        type: "object",
        required: ["kind", "class", "values"],
        properties: {
          kind: { const: "instance" },
          class: { type: "string", description: "Demo_Disk or a subclass of it" },
          values: {
            type: "object",
            required: ["Id", "FreeSpace", "Seen"],
            properties: {
              Id: { type: "string" },
              FreeSpace: { anyOf: [{ type: "string", pattern: "^-?\\d+$" }, { type: "null" }] },
              Seen: { type: "string" },
              Sizes: { type: "array", items: { type: "string", pattern: "^-?\\d+$" } }
            }
          },
          qualifiers: { type: "array", items: { type: "object", required: ["name"] } }
        },
        additionalProperties: false
      }])
    }
  })

  it("of DateTime is a text with a pattern that its texts match", () => {
    const { pattern, type } = JSONSchema.make(WmiSchema.DateTime) as { readonly pattern: string; readonly type: string }
    assert.strictEqual(type, "string")
    for (const text of FastCheck.sample(Arbitrary.make(WmiSchema.DateTime), 20)) {
      assert.match(Schema.encodeSync(WmiSchema.DateTime)(text), new RegExp(pattern))
    }
  })

  it("of every schema is made, and so is the OpenAPI document of an API over them", () => {
    for (const [, schema] of roundTrips) assert.isObject(JSONSchema.make(schema))
    const api = HttpApi.make("demo").add(
      HttpApiGroup.make("objects")
        .add(HttpApiEndpoint.post("put", "/objects").setPayload(WmiSchema.PutRequest).addSuccess(WmiSchema.WbemObject))
        .add(HttpApiEndpoint.post("disk", "/disks").setPayload(DiskJson).addSuccess(Schema.Array(DiskJson)))
    )
    const { components, paths } = OpenApi.fromApi(api)
    assert.deepStrictEqual(Object.keys(paths), ["/objects", "/disks"])
    assert.includeMembers(Object.keys(components.schemas), ["PutRequest", "Demo_Disk", "Class", "Instance"])
  })
})

describe("a typed instance as JSON", () => {
  it("has 64-bit integers as decimal text, in arrays too", () => {
    const disk = { Id: "42", FreeSpace: 18446744073709551615n, Seen: new Date(0), Sizes: [1n, 2n] }
    const json = Schema.encodeSync(DiskJson)(disk)
    assert.deepStrictEqual(json.values, {
      Id: "42",
      FreeSpace: "18446744073709551615",
      Seen: "19700101000000.000000+000",
      Sizes: ["1", "2"]
    })
    assert.deepStrictEqual(Schema.decodeSync(DiskJson)(json), disk)
  })

  it("a value of another type is an issue at its field", () => {
    const json = { kind: "instance", class: "Demo_Disk", values: { Id: "C:", FreeSpace: "much", Seen: "" } } as const
    const error = Either.getOrThrow(Either.flip(Schema.decodeEither(DiskJson)(json)))
    assert.include(error.message, '["FreeSpace"]')
  })
})

describe("a typed instance that makes no sense is refused when it is built", () => {
  const one = Schema.Struct({ Id: Schema.String })
  const wrong: ReadonlyArray<readonly [string, () => unknown, string]> = [
    ["a class without a name", () => WmiSchema.Instance("", one), 'WmiSchema.Instance: "" is no name of a class'],
    ["a class with a space", () => WmiSchema.InstanceFromJson("Demo Disk", one), '"Demo Disk" is no name of a class'],
    [
      "fields that are no struct",
      () => WmiSchema.Instance("A", Schema.Array(Schema.String) as never),
      "WmiSchema.Instance(A): the fields must be a struct"
    ],
    [
      "a field that is no property",
      () => WmiSchema.Instance("A", Schema.Struct({ "Free Space": Schema.String })),
      "WmiSchema.Instance(A): Free Space is no name of a property"
    ],
    [
      "two fields of one property",
      () => WmiSchema.Instance("A", Schema.Struct({ Id: Schema.String, ID: Schema.String })),
      "WmiSchema.Instance(A): Id and ID are one property"
    ],
    [
      "an arbitrary",
      () => WmiSchema.Instance("A", one, { arbitrary: 5 as never }),
      "the annotation arbitrary must be a function"
    ],
    [
      "a pretty",
      () => WmiSchema.Instance("A", one, { pretty: "x" as never }),
      "the annotation pretty must be a function"
    ],
    [
      "an equivalence",
      () => WmiSchema.Instance("A", one, { equivalence: true as never }),
      "the annotation equivalence must"
    ],
    [
      "a jsonSchema",
      () => WmiSchema.Instance("A", one, { jsonSchema: [] as never }),
      "the annotation jsonSchema must be an object"
    ],
    ["a title", () => WmiSchema.Instance("A", one, { title: "" }), "the annotation title must be a text"],
    [
      "an example of another type",
      () => WmiSchema.Instance("A", one, { examples: [{ Id: "a" }, { Id: 1 } as never] }),
      "the annotation examples must be values of the fields; the one at position 1 is none"
    ],
    [
      "a default",
      () => WmiSchema.Instance("A", one, { default: {} as never }),
      "the annotation default must be a value"
    ]
  ]
  for (const [name, build, says] of wrong) {
    it(name, () => {
      let message = "it was built"
      try {
        build()
      } catch (error) {
        message = (error as Error).message
      }
      assert.include(message, says)
    })
  }

  it("annotations that make sense are those of the schema", () => {
    const schema = WmiSchema.Instance("A", one, {
      title: "A row",
      examples: [{ Id: "a" }],
      pretty: () => ({ Id }) => Id
    })
    assert.strictEqual(Pretty.make(schema)({ Id: "a" }), "a")
  })
})
