/** Requests as JSON: encoding, decoding, and refused JSON with its position. */
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
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
const decode = Schema.decodeUnknownEither(WmiSchema.PutRequest, { onExcessProperty: "error" })
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
