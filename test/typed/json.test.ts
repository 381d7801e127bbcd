/** The JSON form of typed instances: values, JSON schema, and an HTTP API over it. */
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as JSONSchema from "effect/JSONSchema"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as WmiClass from "../../src/typed/WmiClass.ts"

class Part extends WmiClass.Class<Part>()("Corp_Part", {
  Serial: WmiClass.key(WmiClass.uint64),
  Fits: WmiClass.notNull(WmiClass.boolean),
  Copies: WmiClass.withDefault(WmiClass.notNull(WmiClass.uint8), 1),
  Sizes: WmiClass.array(WmiClass.sint64),
  State: WmiClass.literals(WmiClass.sint64, 1n, -2n),
  At: WmiClass.datetime,
  Every: WmiClass.interval,
  Of: WmiClass.reference("Corp_Part"),
  Inner: WmiClass.embedded("Corp_Part", (): WmiClass.Of<Part> => Part),
  Any: WmiClass.object()
}) {}

const part = new Part({
  Serial: 18446744073709551615n,
  Fits: true,
  Sizes: [-9223372036854775808n],
  State: -2n,
  At: DateTime.unsafeMake("2024-02-29T12:00:00Z"),
  Every: Duration.seconds(1),
  Of: ObjectPath.make({ className: "Corp_Part", keys: [{ name: "Serial", value: "1" }] }),
  Inner: new Part({ Serial: 2n, Fits: false }),
  Any: Instance.make("Corp_Any", { Name: "x" })
})

const nothing = { Sizes: null, State: null, At: null, Every: null, Of: null, Inner: null, Any: null }

const json = {
  Serial: "18446744073709551615",
  Fits: true,
  Copies: 1,
  Sizes: ["-9223372036854775808"],
  State: "-2",
  At: "20240229120000.000000+000",
  Every: "00000000000001.000000:000",
  Of: 'Corp_Part.Serial="1"',
  Inner: { Serial: "2", Fits: false, Copies: 1, ...nothing },
  Any: { kind: "instance", class: "Corp_Any", values: { Name: "x" } }
}

describe("the JSON form of a typed class", () => {
  it("has 64-bit integers, datetimes and references as text, embedded instances as objects", () => {
    const encoded: unknown = JSON.parse(JSON.stringify(Schema.encodeSync(Part.json)(part)))
    assert.deepStrictEqual(encoded, json)
    assert.deepStrictEqual(Schema.decodeUnknownSync(Part.json)(encoded), part)
  })

  it("a property that may be NULL, or that has a default, can be left out", () => {
    const decoded = Schema.decodeUnknownSync(Part.json)({ Serial: "3", Fits: false })
    assert.instanceOf(decoded, Part)
    assert.deepStrictEqual({ ...decoded }, { Serial: 3n, Fits: false, Copies: 1, ...nothing } as unknown)
  })

  it("a class refers to its own JSON schema", () => {
    const schema = JSONSchema.make(Part.json)
    const { $defs } = schema
    assert.strictEqual("$ref" in schema ? schema.$ref : undefined, "#/$defs/Corp_Part")
    const { properties, required } = $defs!["Corp_Part"] as unknown as {
      readonly required: ReadonlyArray<string>
      readonly properties: Readonly<Record<string, unknown>>
    }
    assert.deepStrictEqual(required, ["Serial", "Fits"])
    assert.deepStrictEqual(properties["Serial"], {
      type: "string",
      pattern: "^-?[0-9]+$",
      description: "a 64-bit integer as decimal text"
    })
    assert.deepStrictEqual(properties["Inner"], { anyOf: [{ $ref: "#/$defs/Corp_Part" }, { type: "null" }] })
    assert.deepStrictEqual(properties["Of"], {
      anyOf: [{ type: "string", description: "a path of Corp_Part" }, { type: "null" }]
    })
  })

  it("is the payload and the answer of an HTTP endpoint, with an OpenAPI schema", () => {
    const endpoint = HttpApiEndpoint.post("put", "/parts").setPayload(Part.json).addSuccess(Part.json)
    const { components, paths } = OpenApi.fromApi(HttpApi.make("api").add(HttpApiGroup.make("parts").add(endpoint)))
    assert.property(components.schemas, "Corp_Part")
    assert.deepStrictEqual(paths["/parts"]?.post?.requestBody?.content["application/json"]?.schema as unknown, {
      $ref: "#/components/schemas/Corp_Part"
    })
  })

  const subclass = class Wheel extends Part.extend<Part>()("Corp_Wheel", { Inches: WmiClass.real32 }) {}

  it("a subclass has a JSON form of its own", () => {
    const wheel = Schema.decodeUnknownSync(subclass.json)({ Serial: "4", Fits: true, Inches: 21 })
    assert.strictEqual(Schema.encodeSync(subclass.json)(wheel)["Inches"], 21)
  })

  it("the form of the superclass has the properties of the superclass", () => {
    const wheel = Schema.decodeUnknownSync(subclass.json)({ Serial: "4", Fits: true, Inches: 21 })
    assert.notProperty(Schema.encodeSync(Part.json)(wheel as Part), "Inches")
  })

  for (
    const [title, changes, message] of [
      ["a number in place of decimal text", { Serial: 3 }, /\["Serial"\][^]*Expected string, actual 3/],
      ["text that is no number", { Serial: "0x10" }, /"0x10" is no decimal text/],
      ["a number out of range", { Serial: "18446744073709551616" }, /Expected uint64/],
      ["NULL in a not_null property", { Fits: null }, /\["Fits"\][^]*Expected boolean, actual null/],
      ["a value that is not listed", { State: "3" }, /\["State"\]/],
      ["no timestamp", { At: "noon" }, /"noon" is no timestamp/],
      ["no path", { Of: "a b" }, /"a b" is no object path/],
      ["a property that the class does not have", { Fit: true }, /\["Fit"\][^]*is unexpected/],
      ["such a property of an embedded instance", { Inner: { Serial: "1", Fits: true, Fit: 1 } }, /\["Fit"\]/],
      ["an embedded instance without its key", { Inner: {} }, /\["Inner"\][^]*\["Serial"\][^]*is missing/]
    ] as const
  ) {
    it(`${title} is refused with the name of the property`, () => {
      const decoded = Schema.decodeUnknownEither(Part.json)({ Serial: "1", Fits: true, ...changes })
      assert.isTrue(Either.isLeft(decoded))
      assert.match(Either.isLeft(decoded) ? decoded.left.message : "", message)
    })
  }
})
