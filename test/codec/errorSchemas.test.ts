/** Errors, reports, outcomes, events and objects as JSON: what `JSON.stringify` writes decodes back, for every status and fact. */
import { HttpApi, HttpApiEndpoint, HttpApiGroup, OpenApi } from "@effect/platform"
import { Rpc } from "@effect/rpc"
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as JSONSchema from "effect/JSONSchema"
import * as Pretty from "effect/Pretty"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import * as WmiSchema from "../../src/codec/WmiSchema.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as HResult from "../../src/protocol/HResult.ts"
import * as StatusError from "../../src/protocol/StatusError.ts"
import * as WbemError from "../../src/protocol/WbemError.ts"

type AnySchema = Schema.Schema<unknown, unknown>

const unions = {
  WbemError: WmiSchema.WbemError,
  PutError: WmiSchema.PutError,
  StartError: WmiSchema.StartError,
  GetError: WmiSchema.GetError,
  ListError: WmiSchema.ListError,
  DeleteError: WmiSchema.DeleteError,
  StoreError: WmiSchema.StoreError
}

const values = {
  ObjectPath: WmiSchema.ObjectPath,
  PutReport: WmiSchema.PutReport,
  PutOutcome: WmiSchema.PutOutcome,
  PutTally: WmiSchema.PutTally,
  SinkEvent: WmiSchema.SinkEvent,
  ClassDefinition: WmiSchema.ClassDefinition,
  AnyInstance: WmiSchema.AnyInstance,
  WbemObject: WmiSchema.WbemObject
}

const table = Object.entries({ ...WmiSchema.errors, ...unions, ...values }) as unknown as ReadonlyArray<
  readonly [name: string, schema: AnySchema]
>

/** A report without `removed: undefined`: JSON has no such member. */
const asJson = (value: unknown): unknown => {
  const report = (value as { readonly report?: object } | undefined)?.report ?? value
  if (typeof report === "object" && report !== null && "removed" in report && report.removed === undefined) {
    delete (report as { removed?: unknown }).removed
  }
  return value
}

const throughText = (schema: AnySchema, value: unknown): unknown =>
  Schema.decodeUnknownSync(schema)(JSON.parse(JSON.stringify(Schema.encodeSync(schema)(value))))

describe("every schema", () => {
  for (const [name, schema] of table) {
    const arbitrary = Arbitrary.make(schema).map(asJson)
    it(`${name}: a value that was encoded and sent as text decodes to an equal value`, () => {
      FastCheck.assert(
        FastCheck.property(arbitrary, (value) => {
          const decoded = throughText(schema, value)
          assert.deepStrictEqual(decoded, value)
          assert.isTrue(Schema.equivalence(schema)(decoded, value))
        }),
        { numRuns: 30 }
      )
    })

    it(`${name}: Pretty and JSONSchema work`, () => {
      const pretty = Pretty.make(schema)
      for (const value of FastCheck.sample(arbitrary, { numRuns: 5, seed: 1 })) {
        assert.isAbove(pretty(value).length, 0)
      }
      const document = JSON.stringify(JSONSchema.make(schema))
      assert.include(document, `"#/$defs/`)
    })
  }
})

describe("errors as JSON", () => {
  for (const { hresult, status } of HResult.table.filter(({ status }) => status !== "NoError")) {
    it(`${status}: JSON.stringify decodes back by the schema of all errors, without facts`, () => {
      const error = StatusError.fromHResult(hresult, { detail: "why", rule: "ER-4" })
      const decoded = Schema.decodeUnknownSync(WmiSchema.WbemError)(JSON.parse(JSON.stringify(error)))
      assert.strictEqual(decoded.constructor, error.constructor)
      assert.deepStrictEqual(decoded, error)
      assert.strictEqual(decoded.message, error.message)
    })
  }

  it("with facts: the class, the facts in their order, the message and the cause are those of the original", () => {
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(WmiSchema.WbemError), (error) => {
        const decoded = Schema.decodeUnknownSync(WmiSchema.WbemError)(JSON.parse(JSON.stringify(error)))
        assert.strictEqual(decoded.constructor, error.constructor)
        assert.deepStrictEqual(decoded, error)
        assert.strictEqual(decoded.message, error.message)
      }),
      { numRuns: 500 }
    )
  })

  it("a number outside the table keeps its number", () => {
    const error = StatusError.fromHResult(0x80070005, { detail: "from Windows" })
    const decoded = Schema.decodeUnknownSync(WmiSchema.PutError)(JSON.parse(JSON.stringify(error)))
    assert.deepStrictEqual([decoded._tag, decoded.status, decoded.hresult], ["WbemOther", "Unlisted", 0x80070005])
  })

  it("an error that a verb does not have keeps its facts as a WbemOther", () => {
    const path = ObjectPath.make({ className: "Demo_Disk" })
    const error = StatusError.narrow("GetError", new WbemError.AlreadyExists({ path }))
    const decoded = Schema.decodeUnknownSync(WmiSchema.GetError)(JSON.parse(JSON.stringify(error)))
    assert.deepStrictEqual(decoded, error)
    assert.strictEqual(decoded.message, "AlreadyExists (0x80041019): path Demo_Disk")
  })

  it("the path of an error need not be legal: an object without a legal path fails too", () => {
    const error = new WbemError.NotFound({ path: ObjectPath.make({ className: "no name" }) })
    const decoded = Schema.decodeUnknownSync(WmiSchema.errors.NotFound)(JSON.parse(JSON.stringify(error)))
    assert.deepStrictEqual(decoded, error)
  })

  it("a 64-bit key decodes as its text, which names the same object", () => {
    const path = ObjectPath.make({ className: "Demo_Disk", keys: [{ name: "Id", value: 7n }] })
    const decoded = throughText(WmiSchema.ObjectPath as never, path) as ObjectPath.ObjectPath
    assert.deepStrictEqual(decoded.keys, [{ name: "Id", value: "7" }])
    assert.isTrue(Schema.equivalence(WmiSchema.ObjectPath)(decoded, path))
  })

  const refused: ReadonlyArray<readonly [name: string, schema: AnySchema, json: unknown, says: string]> = [
    ["an error of another class", WmiSchema.errors.NotFound as never, new WbemError.Failed({}), "WbemNotFound"],
    [
      "an error that the verb does not have",
      WmiSchema.GetError as never,
      new WbemError.InvalidContext({ contextName: "A" }),
      "_tag"
    ],
    ["a number that is not that of the status", WmiSchema.errors.Failed as never, {
      _tag: "WbemFailed",
      status: "Failed",
      hresult: 1,
      message: ""
    }, "hresult"],
    ["text that is no path", WmiSchema.ObjectPath as never, "A.B=", "at 4"],
    ["an error object with a value that has no class", WmiSchema.errors.Failed as never, {
      ...new WbemError.Failed({}),
      status: "Failed",
      hresult: 0x80041001,
      message: "",
      extended: { class: "__ExtendedStatus", values: { Inner: { a: 1 } } }
    }, '["Inner"]'],
    ["a disposition that does not exist", WmiSchema.PutReport as never, {
      path: "A",
      disposition: "Erased",
      hresult: 0
    }, "disposition"]
  ]
  for (const [name, schema, json, says] of refused) {
    it(`${name} is refused`, () => {
      assert.throws(() => Schema.decodeUnknownSync(schema)(JSON.parse(JSON.stringify(json))), says)
    })
  }

  it("the error object of a provider survives", () => {
    const extended = Instance.make("Demo_Status", { StatusCode: 7, Reasons: ["a", "b"] })
    const error = WbemError.of("VetoPut", { extended, parameterInfo: "A=1" })
    const decoded = Schema.decodeUnknownSync(WmiSchema.PutError)(JSON.parse(JSON.stringify(error)))
    assert.deepStrictEqual(decoded, error)
  })
})

describe("HttpApi", () => {
  const statusesOf = (schema: Schema.Schema.Any): ReadonlyArray<string> => {
    const api = HttpApi.make("demo").add(
      HttpApiGroup.make("objects").add(
        HttpApiEndpoint.put("put", "/objects").addSuccess(WmiSchema.PutReport).addError(schema as never)
      )
    )
    const document = OpenApi.fromApi(api)
    return Object.keys(document.paths["/objects"]!.put!.responses)
  }

  it("addError answers each error with the status of HResult.toHttpStatus", () => {
    const ofTable = (union: keyof WbemError.ErrorUnions): ReadonlyArray<string> => {
      const hasOther = StatusError.tagsOf(union).has("WbemOther")
      const rows = HResult.table.filter(({ status }) =>
        status !== "NoError" && (hasOther || StatusError.tagsOf(union).has(`Wbem${status}`))
      )
      return [...new Set(rows.map(({ http }) => String(http)))]
    }
    for (const union of ["PutError", "GetError", "DeleteError", "ListError", "StartError"] as const) {
      const statuses = statusesOf(WmiSchema[union])
      assert.sameMembers([...statuses], [...new Set(["200", "400", ...ofTable(union)])], union)
      if (union === "PutError") assert.includeMembers([...statuses], ["403", "404", "409", "422", "501", "503", "504"])
    }
    assert.sameMembers([...statusesOf(WmiSchema.errors.AlreadyExists)], ["200", "400", "409"])
  })
})

describe("Rpc", () => {
  it("an exit of a call goes through JSON and back, with the error of its class", () => {
    const put = Rpc.make("put", {
      payload: WmiSchema.PutRequest,
      success: WmiSchema.PutReport,
      error: WmiSchema.PutError
    })
    const schema = Rpc.exitSchema(put)
    const exit = Exit.fail(new WbemError.NotFound({ path: ObjectPath.make({ className: "Demo_Disk" }), rule: "DL-5" }))
    const text = JSON.stringify(Schema.encodeSync(schema)(exit))
    const decoded = Schema.decodeUnknownSync(schema)(JSON.parse(text))
    assert.deepStrictEqual(decoded, exit)
    assert.instanceOf(Exit.isFailure(decoded) && Cause.squash(decoded.cause), WbemError.NotFound)
  })
})

describe("an error that is none of a union: a short message that names it", () => {
  const notFound = { _tag: "WbemNotFound", status: "NotFound", hresult: 0x80041002, message: "" }
  const rows: ReadonlyArray<readonly [Schema.Schema<never, never>, unknown, string]> = [
    [WmiSchema.WbemError as never, { _tag: "WbemNope" }, "_tag WbemNope is no error of this library"],
    [WmiSchema.GetError as never, { ...notFound, _tag: "WbemNope" }, "_tag WbemNope is no error of this library"],
    [WmiSchema.GetError as never, { ...notFound, _tag: "WbemAlreadyExists" }, "_tag WbemAlreadyExists is no GetError"],
    [WmiSchema.WbemError as never, { ...notFound, _tag: 7 }, "_tag 7 is no error of this library"],
    [WmiSchema.PutError as never, {}, "an error has the member _tag"],
    [WmiSchema.PutError as never, null, "Expected PutError, actual null"],
    [
      WmiSchema.GetError as never,
      { ...notFound, _tag: "WbemOther" },
      "status NotFound is no status of a WbemOther of GetError"
    ],
    [WmiSchema.WbemError as never, { _tag: "WbemOther" }, "status undefined is no status of a WbemOther of WbemError"]
  ]
  for (const [schema, json, message] of rows) {
    it(message, () => {
      const decoded = Schema.decodeUnknownEither(schema)(json)
      assert.strictEqual(Either.isLeft(decoded) ? decoded.left.message : "decoded", message)
    })
  }

  it("a fault in a member keeps its path", () => {
    const decoded = Schema.decodeUnknownEither(WmiSchema.WbemError)({ ...notFound, hresult: 3 })
    assert.match(Either.isLeft(decoded) ? decoded.left.message : "", /\["hresult"\][^]*Expected 2147749890, actual 3/)
  })
})
