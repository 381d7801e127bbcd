/** Requests as JSON: encoding, decoding, and refused JSON with its position. */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as JSONSchema from "effect/JSONSchema"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import * as PutEngine from "../../src/engine/PutEngine.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as WmiSchema from "../../src/codec/WmiSchema.ts"
import * as any from "../arbitraries.ts"
import { scaled } from "../scale.ts"

const encode = Schema.encodeSync(WmiSchema.PutRequest)
const decode = Schema.decodeUnknownEither(WmiSchema.PutRequest)
const wire = (request: PutRequest.PutRequest): unknown => JSON.parse(JSON.stringify(encode(request)))

const hasBigint = (u: unknown): boolean =>
  typeof u === "bigint" || (typeof u === "object" && u !== null && Object.values(u).some(hasBigint))

describe("requests as JSON", () => {
  it("decode to equivalent requests: a put of them has the same result", () => {
    FastCheck.assert(
      FastCheck.property(any.request, (request) => {
        // A bigint is text in JSON. A put of a bigint to a property that is no 64-bit integer is refused, and its
        // decoded text may fit.
        FastCheck.pre(!hasBigint(request.object))
        const back = Either.getOrThrow(decode(wire(request)))
        assert.deepStrictEqual(wire(back), wire(request))
        const [a, b] = [request, back].map((one) =>
          any.validated([one]).map((put) =>
            Either.match(PutEngine.decide(any.world(), put), {
              onLeft: (error) => [error.status],
              onRight: ({ changes, report }) => [report, changes.length]
            })
          )
        )
        assert.deepStrictEqual(b, a)
      }),
      { numRuns: scaled(2000) }
    )
  })

  it("keep methods, contexts, namespaces and flags", () => {
    const definition = ClassDefinition.make("A", {}, {
      methods: { M: Method.make("uint32", [{ name: "p", type: "ref:B[]", direction: "inout" }]) }
    })
    const request = PutRequest.make(definition, { namespace: "root\\x", flags: 0x42, context: { Hint: 5 } })
    const back = Either.getOrThrow(decode(wire(request)))
    assert.deepStrictEqual(back, request)
  })

  it("keep a value named __proto__, in embedded objects too", () => {
    const text =
      '{"object":{"kind":"instance","class":"A","values":{"__proto__":"x","E":{"class":"B","values":{"__proto__":1}}}}}'
    const { object } = Either.getOrThrow(decode(JSON.parse(text)))
    const { values } = object as Instance.Instance
    assert.deepStrictEqual(Object.keys(values), ["__proto__", "E"])
    assert.deepStrictEqual(Object.keys((values["E"] as Instance.Instance).values), ["__proto__"])
    assert.strictEqual(JSON.stringify(wire(PutRequest.make(object))).match(/__proto__/g)?.length, 2)
  })

  it("encode 64-bit integers as decimal text", () => {
    assert.deepStrictEqual(wire(PutRequest.make(Instance.make("A", { Big: 18446744073709551615n }))), {
      object: { kind: "instance", class: "A", values: { Big: "18446744073709551615" } },
      flags: 0
    })
  })

  const bad: ReadonlyArray<readonly [string, unknown, string]> = [
    ["no object", {}, "object"],
    ["another kind", { object: { kind: "thing" } }, "object.kind"],
    ["an unknown field", { object: { kind: "class", name: "A" }, colour: 1 }, "colour"],
    ["a class without a name", { object: { kind: "class" } }, "object.name"],
    ["a value that is none", { object: { kind: "instance", class: "A", values: { x: { y: 1 } } } }, "object.values.x"]
  ]
  for (const [name, json, path] of bad) {
    it(`${name}: an issue at ${path}`, () => {
      const error = Either.getOrThrow(Either.flip(decode(json)))
      const paths = ParseResult.ArrayFormatter.formatErrorSync(error).map((issue) => issue.path.join("."))
      assert.isTrue(paths.some((one) => one.startsWith(path)), paths.join())
    })
  }
})

describe("a member that the form does not have", () => {
  const instance = { kind: "instance", class: "A", values: {} }
  const definition = { kind: "class", name: "A" }
  const property = { name: "Id", type: "string" }
  const Typed = WmiSchema.InstanceFromJson("A", Schema.Struct({ Id: Schema.String }))
  const rows: ReadonlyArray<readonly [string, Schema.Schema.AnyNoContext, unknown]> = [
    ["Mode", WmiSchema.PutRequest, { object: instance, Mode: "CreateOnly" }],
    ["object.flags", WmiSchema.PutRequest, { object: { ...instance, flags: 2 } }],
    ["object.values.E.extra", WmiSchema.PutRequest, {
      object: { ...instance, values: { E: { class: "B", values: {}, extra: 1 } } }
    }],
    ["object.properties.0.key", WmiSchema.PutRequest, {
      object: { ...definition, properties: [{ ...property, key: true }] }
    }],
    ["properties.0.qualifiers.0.flavour", WmiSchema.ClassDefinition, {
      ...definition,
      properties: [{ ...property, qualifiers: [{ name: "key", flavour: 1 }] }]
    }],
    ["methods.0.parameters.0.in", WmiSchema.ClassDefinition, {
      ...definition,
      methods: [{ name: "M", returns: "uint32", parameters: [{ name: "P", type: "string", in: true }] }]
    }],
    ["methods.0.static", WmiSchema.ClassDefinition, {
      ...definition,
      methods: [{ name: "M", returns: "uint32", static: true }]
    }],
    ["abstract", WmiSchema.WbemObject, { ...definition, abstract: true }],
    ["path", WmiSchema.WbemObject, { ...instance, path: "A" }],
    ["path", WmiSchema.AnyInstance, { ...instance, path: "A" }],
    ["path", Typed, { kind: "instance", class: "A", values: { Id: "1" }, path: "A" }]
  ]
  for (const [path, schema, json] of rows) {
    for (const options of [undefined, { onExcessProperty: "ignore" }, { onExcessProperty: "preserve" }] as const) {
      it(`${path} of ${String(schema)} is the only issue, with onExcessProperty ${options?.onExcessProperty}`, () => {
        const decoded = Schema.decodeUnknownEither(schema)(json, options)
        const error = Either.getOrThrow(Either.flip(decoded))
        const issues = ParseResult.ArrayFormatter.formatErrorSync(error)
        assert.deepStrictEqual(issues.map((issue) => issue.path.join(".")), [path])
        assert.match(issues[0]!.message, /^is unexpected/)
      })
    }
  }

  it("the values of a subclass are read", () => {
    const json = { kind: "instance", class: "B", values: { Id: "1", More: 2 } }
    assert.deepStrictEqual(Schema.decodeUnknownSync(Typed)(json), { Id: "1" })
  })

  it("is no member of the JSON schemas", () => {
    for (const schema of [WmiSchema.PutRequest, WmiSchema.ClassDefinition, WmiSchema.AnyInstance, Typed]) {
      const { $defs, ...top } = JSONSchema.make(schema as Schema.Schema.AnyNoContext)
      const objects = [top, ...Object.values($defs ?? {})].filter((one) => "properties" in one)
      assert.isNotEmpty(objects)
      for (const one of objects) assert.propertyVal(one, "additionalProperties", false)
    }
  })
})

describe("mode and update of a request", () => {
  const object = { kind: "instance", class: "A", values: {} }
  const flagsOf = (members: object) => Either.map(decode({ object, ...members }), ({ flags }) => flags)

  for (
    const [members, flags] of [
      [{ mode: "CreateOnly" }, 2],
      [{ mode: "UpdateOnly", update: "Force" }, 0x41],
      [{ update: "Safe" }, 0x20],
      [{ mode: "CreateOnly", flags: 2 }, 2],
      [{ mode: "CreateOnly", flags: 0x80 }, 0x82],
      [{ mode: "CreateOrUpdate", update: "Compatible", flags: 0 }, 0]
    ] as const
  ) {
    it(`${JSON.stringify(members)} is the flag word ${flags}, as of PutRequest.make`, () => {
      assert.deepStrictEqual(flagsOf(members), Either.right(flags))
      assert.strictEqual(PutRequest.make(Instance.make("A", {}), members).flags, flags)
    })
  }

  for (
    const [members, path, message] of [
      [{ mode: "CreateOnly", flags: 1 }, "mode", "mode CreateOnly and flags 1 (UpdateOnly) contradict each other"],
      [
        { mode: "CreateOrUpdate", flags: 2 },
        "mode",
        "mode CreateOrUpdate and flags 2 (CreateOnly) contradict each other"
      ],
      [{ update: "Safe", flags: 0x42 }, "update", "update Safe and flags 66 (UpdateForce) contradict each other"],
      [{ mode: "createonly" }, "mode", 'Expected "CreateOnly", actual "createonly"']
    ] as const
  ) {
    it(`${JSON.stringify(members)} is refused at ${path}`, () => {
      const error = Either.getOrThrow(Either.flip(flagsOf(members)))
      const issues = ParseResult.ArrayFormatter.formatErrorSync(error)
      assert.isTrue(issues.every((issue) => issue.path.join(".") === path))
      assert.include(issues.map((issue) => issue.message), message)
    })
  }
})

describe("nesting", () => {
  /** An instance in an instance, `levels` times. */
  const nested = (levels: number): unknown =>
    JSON.parse(
      '{"class":"A","values":{"Next":'.repeat(levels) + "null" + "}}".repeat(levels)
    )
  const issues = (value: unknown): string | undefined => {
    const decoded = Schema.decodeUnknownEither(WmiSchema.PutRequest)({
      object: { kind: "instance", class: "A", values: { Next: value } }
    })
    return Either.isLeft(decoded) ? decoded.left.message : undefined
  }

  it("of 128 embedded objects is read; one that would exhaust the stack is one short issue", () => {
    assert.isUndefined(issues(nested(128)))
    for (const levels of [129, 2000, 20000]) {
      const message = issues(nested(levels)) ?? ""
      assert.include(message, "a value is nested more than 128 deep")
      assert.isBelow(message.length, 20_000)
    }
  })

  it("a wrong value in deep nesting is one issue with its path", () => {
    const text = JSON.stringify(nested(60)).replace("null", "{}")
    const message = issues(JSON.parse(text)) ?? ""
    assert.include(message, 'an embedded object has the members "class", a string, and "values"')
    assert.strictEqual(message.split("Next").length - 1, 61)
  })

  it("a class with a default that is nested deeper is an issue", () => {
    const decoded = Schema.decodeUnknownEither(WmiSchema.PutRequest)({
      object: { kind: "class", name: "A", properties: [{ name: "Next", type: "object", value: nested(20000) }] }
    })
    assert.isTrue(Either.isLeft(decoded))
  })

  it("arrays in arrays are an issue", () => {
    assert.include(issues(JSON.parse("[".repeat(20000) + "]".repeat(20000))) ?? "", "nested more than 128 deep")
  })
})

describe("instances as values of an application type", () => {
  const Disk = WmiSchema.Instance(
    "Demo_Disk",
    Schema.Struct({
      Id: Schema.String,
      FreeSpace: Schema.NullOr(Schema.BigIntFromSelf),
      Seen: WmiSchema.DateTime,
      Label: Schema.optional(Schema.String)
    })
  )
  const disk = { Id: "C:", FreeSpace: 42n, Seen: new Date(86_400_000) }
  const kept = Instance.make("Demo_Disk", { Id: "C:", FreeSpace: 42n, Seen: "19700102000000.000000+000" })

  it("encode and decode", () => {
    assert.deepStrictEqual(Schema.encodeSync(Disk)(disk), kept)
    assert.deepStrictEqual(Schema.decodeSync(Disk)(kept), disk)
    assert.deepStrictEqual(Schema.decodeSync(Disk)(Instance.set(kept, { FreeSpace: null, More: 1 })).FreeSpace, null)
  })

  const refused: ReadonlyArray<readonly [string, unknown, string]> = [
    ["no instance", { Id: "C:" }, "Expected Demo_Disk"],
    ["a value of another type", Instance.set(kept, { FreeSpace: "42" }), '["FreeSpace"]'],
    ["an interval", Instance.set(kept, { Seen: "00000001000000.000000:000" }), "no timestamp"]
  ]
  for (const [name, input, says] of refused) {
    it(`${name} is refused`, () => {
      const answer = Schema.decodeUnknownEither(Disk)(input)
      assert.include(Either.getOrThrow(Either.flip(answer)).message, says)
    })
  }

  it("a Date outside the range of timestamps is refused", () => {
    const answer = Schema.encodeEither(Disk)({ ...disk, Seen: new Date(8e15) })
    assert.include(Either.getOrThrow(Either.flip(answer)).message, "only the years 0 to 9999")
  })
})
