/** Errors keep their identity: as JSON, in logs, in printed results; facts cannot replace members; errors by status and by verb. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { readFileSync } from "node:fs"
import { inspect } from "node:util"
import { assert, describe, expectTypeOf, it } from "vitest"
import * as Instance from "../../src/model/Instance.ts"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import { unions } from "../../src/protocol/errorUnions.ts"
import * as HResult from "../../src/protocol/HResult.ts"
import * as StatusError from "../../src/protocol/StatusError.ts"
import { statuses } from "../../src/protocol/statuses.ts"
import * as WbemError from "../../src/protocol/WbemError.ts"

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const notFound = (): WbemError.NotFound =>
  new WbemError.NotFound({
    path: ObjectPath.make({ className: "Demo_Disk", keys: [{ name: "Id", value: 7n }] }),
    rule: "DL-5",
    detail: "it was deleted"
  })

const asJson = {
  _tag: "WbemNotFound",
  status: "NotFound",
  hresult: 0x80041002,
  message: 'NotFound (0x80041002): path Demo_Disk.Id="7": it was deleted',
  path: 'Demo_Disk.Id="7"',
  rule: "DL-5",
  detail: "it was deleted"
}

describe("an error as JSON", () => {
  it("has its tag, status, number, message, facts, rule and detail", () => {
    assert.deepStrictEqual(json(notFound()), asJson)
  })

  it("has the same members in an Either, an Exit and a Cause", () => {
    assert.deepStrictEqual(json(Either.left(notFound())), { _id: "Either", _tag: "Left", left: asJson })
    assert.deepStrictEqual(json(Exit.fail(notFound())), {
      _id: "Exit",
      _tag: "Failure",
      cause: { _id: "Cause", _tag: "Fail", error: asJson }
    })
    assert.deepStrictEqual(json(Cause.fail(notFound())), { _id: "Cause", _tag: "Fail", error: asJson })
  })

  it("has the same members in the lines of Logger.json", () => {
    const lines: Array<unknown> = []
    const logger = Logger.map(Logger.jsonLogger, (line) => lines.push(JSON.parse(line)))
    const layer = Layer.merge(Logger.replace(Logger.defaultLogger, logger), Layer.empty)
    Effect.runSync(Effect.provide(Effect.log("failed", notFound()), layer))
    assert.deepStrictEqual((lines[0] as { message: unknown }).message, ["failed", asJson])
  })

  it("printed, alone and inside an Either, shows its tag, status and number, and its members but in Bun", () => {
    for (const text of [inspect(notFound(), { depth: 4 }), inspect(Either.left(notFound()), { depth: 4 })]) {
      assert.include(text, "WbemNotFound")
      assert.include(text, "NotFound (0x80041002)")
      // Bun prints the message of an error, and none of its members.
      if (!("Bun" in globalThis)) assert.match(text, /rule: ['"]DL-5['"]/)
    }
  })

  it("has the cause by name and message, and the error object of a provider", () => {
    const error = new WbemError.ProviderFailure({
      provider: "Demo",
      cause: Object.assign(new TypeError("broke"), { password: "secret", self: {} }),
      extended: Instance.make("Demo_Status", { Code: 7n, Inner: Instance.make("Demo_Inner", { A: [1n] }) }),
      parameterInfo: "A=1"
    })
    const { cause, extended, parameterInfo } = json(error) as Record<string, unknown>
    assert.deepStrictEqual(cause, { name: "TypeError", message: "broke" })
    assert.deepStrictEqual(extended, {
      class: "Demo_Status",
      values: { Code: "7", Inner: { class: "Demo_Inner", values: { A: ["1"] } } }
    })
    assert.strictEqual(parameterInfo, "A=1")
  })

  it("is JSON whatever the facts and the cause are", () => {
    const circular: { self?: unknown } = {}
    circular.self = circular
    const throwing = Object.defineProperty({}, "secret", {
      enumerable: true,
      get: () => {
        throw new Error("no")
      }
    })
    const hostile = [
      circular,
      throwing,
      10n ** 30n,
      Symbol("s"),
      () => 1,
      [[[[[[[[[[1]]]]]]]]]],
      new Map(),
      Object.create(null)
    ]
    for (const fact of hostile) {
      const error = new WbemError.InvalidClass({ className: fact as never, cause: fact, detail: fact as never })
      assert.strictEqual((json(error) as { status: string }).status, "InvalidClass", inspect(fact))
      assert.include(error.message, "InvalidClass (0x80041010)")
    }
  })

  it("an object that is within itself many times is JSON of a line", () => {
    const circular: Record<string, unknown> = {}
    for (let i = 0; i < 50; i++) circular[`m${i}`] = circular
    assert.isBelow(JSON.stringify(new WbemError.InvalidClass({ className: circular as never })).length, 2000)
  })

  it("has nothing that a structured clone refuses", () => {
    const error = new WbemError.InvalidClass({ className: (() => 1) as never, cause: () => 2, detail: "why" })
    assert.deepStrictEqual(structuredClone(error.toJSON()), json(error) as object)
  })

  it("the members of any fact are JSON", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.anything({ withBigInt: true, withNullPrototype: true, withMap: true }), (fact) => {
        assert.doesNotThrow(() => JSON.stringify(new WbemError.InvalidClass({ className: fact as never, cause: fact })))
      })
    )
  })
})

describe("facts", () => {
  const taken = [
    "_tag",
    "name",
    "message",
    "stack",
    "toString",
    "toJSON",
    "constructor",
    "pipe",
    "__proto__",
    "status",
    "hresult"
  ]

  it("given at run time do not replace a member of every error", () => {
    for (const name of taken) {
      const facts = Object.defineProperty({ className: "A" }, name, { value: "replaced", enumerable: true })
      const error = new WbemError.InvalidClass(facts)
      const plain = new WbemError.InvalidClass({ className: "A" })
      assert.strictEqual(error.name, "WbemInvalidClass", name)
      assert.strictEqual(error.message, plain.message, name)
      assert.strictEqual(String(error), String(plain), name)
      assert.deepStrictEqual([error._tag, error.status, error.hresult], [
        "WbemInvalidClass",
        "InvalidClass",
        0x80041010
      ], name)
      assert.deepStrictEqual(json(error), json(plain), name)
    }
  })

  it("of the table have other names, and the generator refuses such a name", async () => {
    for (const name of taken.filter((name) => name !== "__proto__")) {
      for (const { facts } of HResult.table) assert.isFalse(Object.keys(facts ?? {}).includes(name), name)
    }
    if ("Deno" in globalThis || "Bun" in globalThis) return // the generator needs esbuild, a process of its own
    const { checkFacts, checkMeanings, checkUnions } = await import(
      new URL("../../scripts/statuses.mjs", import.meta.url).href
    ) as {
      checkFacts: (rows: ReadonlyArray<object>) => void
      checkMeanings: (rows: ReadonlyArray<object>, meanings: Readonly<Record<string, string>>) => void
      checkUnions: (unions: ReadonlyArray<object>, rows: ReadonlyArray<object>) => void
    }
    assert.doesNotThrow(() => checkFacts(statuses))
    for (const name of taken.filter((name) => name !== "__proto__").concat("name?", "cause", "detail", "rule")) {
      assert.throws(
        () => checkFacts([{ status: "Demo", facts: { [name]: "string" } }]),
        `Demo: the fact ${name.replace("?", "")}`
      )
    }
    const row = { status: "Demo", facts: { size: "number" } }
    assert.doesNotThrow(() => checkMeanings([row], { "Demo.size": "The size" }))
    assert.throws(() => checkMeanings([row], {}), "Demo: the fact size has no meaning")
    assert.throws(() => checkMeanings([row], { size: "The size", count: "The number" }), "no fact has count")
    assert.throws(() => checkUnions([{ name: "AError", members: ["Nowhere"] }], statuses), "AError: Nowhere")
    assert.throws(() => checkUnions([{ name: "NotFound", members: ["Failed"] }], statuses), "used twice")
  })

  it("the offending name of a context is a fact of its own", () => {
    const error = new WbemError.InvalidContext({ contextName: "__PUT_EXTENSIONS", detail: "must be a boolean" })
    assert.strictEqual(error.name, "WbemInvalidContext")
    assert.strictEqual(
      String(error),
      "WbemInvalidContext: InvalidContext (0x80041007): contextName __PUT_EXTENSIONS: must be a boolean"
    )
  })

  it("that are long are shortened in the message, and whole in the error and its JSON", () => {
    const long = "x".repeat(5000)
    const error = new WbemError.InvalidClass({ className: long, detail: long })
    assert.isBelow(error.message.length, 2500)
    assert.include(error.message, `className ${"x".repeat(300)}... (5000 characters): x`)
    assert.deepStrictEqual((json(error) as { className: string }).className, long)
    const path = ObjectPath.make({
      className: "A",
      keys: [{ name: "Id", value: `${"y".repeat(293)}\u{1F600}${long}` }]
    })
    const { message } = new WbemError.NotFound({ path })
    assert.isBelow(message.length, 400)
    assert.isTrue(message.endsWith("y... (5302 characters)"), message)
  })

  it("errors capture no stack", () => {
    assert.notInclude(notFound().stack ?? "", "    at ")
  })
})

describe("catchStatus", () => {
  const fails = (error: WbemError.PutError): Effect.Effect<number, WbemError.PutError> => Effect.fail(error)
  const path = ObjectPath.make({ className: "A" })

  it("handles a status with the facts of its class and removes it from the errors", () => {
    const first = fails(new WbemError.NotFound({ path })).pipe(
      WbemError.catchStatus("NotFound", (error) => {
        expectTypeOf(error).toEqualTypeOf<WbemError.NotFound>()
        return Effect.succeed(error.path.className)
      })
    )
    expectTypeOf<Effect.Effect.Error<typeof first>>().toEqualTypeOf<Exclude<WbemError.PutError, WbemError.NotFound>>()
    assert.strictEqual(Effect.runSync(first), "A")
    const second = WbemError.catchStatus(
      fails(new WbemError.NotFound({ path })),
      "NotFound",
      () => Effect.succeed("gone")
    )
    expectTypeOf<Effect.Effect.Success<typeof second>>().toEqualTypeOf<number | string>()
    assert.strictEqual(Effect.runSync(second), "gone")
  })

  it("handles several statuses, also of WbemOther, and lets others pass with their cause", () => {
    const handled = (error: WbemError.PutError) =>
      fails(error).pipe(WbemError.catchStatus("AlreadyExists", "VetoPut", "Unlisted", (error) => {
        expectTypeOf(error.status).toEqualTypeOf<"AlreadyExists" | "VetoPut" | "Unlisted">()
        return Effect.succeed(error.status)
      }))
    expectTypeOf<Effect.Effect.Error<ReturnType<typeof handled>>>().toEqualTypeOf<
      Exclude<WbemError.PutError, WbemError.AlreadyExists>
    >()
    assert.strictEqual(Effect.runSync(handled(new WbemError.AlreadyExists({ path }))), "AlreadyExists")
    assert.strictEqual(Effect.runSync(handled(WbemError.of("VetoPut"))), "VetoPut")
    assert.strictEqual(Effect.runSync(handled(new WbemError.WbemOther({ status: "Unlisted", hresult: 1 }))), "Unlisted")
    const other = WbemError.of("ServerTooBusy")
    assert.deepStrictEqual(Effect.runSyncExit(handled(other)), Exit.fail(other))
  })

  it("ignores errors of other libraries and refuses a status that the errors cannot have", () => {
    const foreign = { _tag: "Http", status: "NotFound" } as const
    const program = Effect.fail<WbemError.NotFound | typeof foreign>(foreign).pipe(
      WbemError.catchStatus("NotFound", () => Effect.succeed(1))
    )
    expectTypeOf<Effect.Effect.Error<typeof program>>().toEqualTypeOf<typeof foreign>()
    assert.deepStrictEqual(Effect.runSyncExit(program), Exit.fail(foreign))
    const start: Effect.Effect<number, WbemError.StartError> = Effect.succeed(1)
    // @ts-expect-error: the start of a put does not fail with NotFound
    void WbemError.catchStatus(start, "NotFound", () => Effect.succeed(2))
    // @ts-expect-error: no status has this name
    void WbemError.catchStatus(fails(notFound()), "NotFond", () => Effect.succeed(2))
  })
})

describe("unions of verbs", () => {
  it("narrow keeps an error of the union and makes a WbemOther of any other, with status, number, facts, detail and cause", () => {
    const verbs = ["PutError", "GetError", "ListError", "DeleteError"] as const
    for (const union of verbs) {
      for (const { facts, hresult, status } of HResult.table.filter(({ status }) => status !== "NoError")) {
        const cause = new Error("below")
        const error = StatusError.fromHResult(hresult, { detail: "why", rule: "R", parameterInfo: "A=1", cause })
        if (facts?.["className"] !== undefined) Object.assign(error, { className: "A" })
        const narrowed = StatusError.narrow(union, error)
        assert.isTrue(StatusError.tagsOf(union).has(narrowed._tag), `${union} ${status}`)
        assert.deepStrictEqual([narrowed.status, narrowed.hresult], [error.status, hresult])
        assert.strictEqual(narrowed.message, error.message)
        assert.strictEqual(narrowed.cause, cause)
        assert.deepStrictEqual({ ...narrowed, _tag: "", status, hresult }, { ...error, _tag: "", status, hresult })
        if (StatusError.tagsOf(union).has(error._tag)) assert.strictEqual(narrowed, error)
        else assert.strictEqual(narrowed._tag as string, "WbemOther")
      }
    }
  })

  it("a WbemOther whose status has a class in the union of another verb becomes that class again", () => {
    const conflict = new WbemError.AlreadyExists({ path: ObjectPath.make({ className: "A" }) })
    const ofGet = StatusError.narrow("GetError", conflict)
    assert.strictEqual(ofGet._tag, "WbemOther")
    const ofPut = StatusError.narrow("PutError", ofGet)
    assert.deepStrictEqual(ofPut, conflict)
    assert.instanceOf(ofPut, WbemError.AlreadyExists)
  })

  it("a union names each error once, and every class is in the union of some verb", () => {
    const tagsIn = (name: string): ReadonlyArray<string> => {
      const row = unions.find((one) => one.name === name)
      return row === undefined ? [name] : row.members.flatMap(tagsIn)
    }
    for (const { name } of unions) assert.strictEqual(new Set(tagsIn(name)).size, tagsIn(name).length, name)
    const ofVerbs = new Set(["PutError", "GetError", "ListError", "DeleteError"].flatMap(tagsIn))
    for (const { facts, status } of HResult.table) {
      if (facts !== undefined) assert.isTrue(ofVerbs.has(status), status)
    }
  })

  it("a comparison of the status finds the class with its facts", () => {
    const describe = (error: WbemError.PutError): string =>
      error.status === "NotFound" ? ObjectPath.format(error.path) : error.status
    assert.strictEqual(describe(notFound()), 'Demo_Disk.Id="7"')
    expectTypeOf<Extract<WbemError.PutError, { status: "NotFound" }>>().toEqualTypeOf<WbemError.NotFound>()
    expectTypeOf<WbemError.GetOther["status"]>().extract<"AlreadyExists">().toEqualTypeOf<"AlreadyExists">()
    expectTypeOf<WbemError.PutOther["status"]>().extract<"AlreadyExists">().toEqualTypeOf<never>()
    expectTypeOf<WbemError.StoreError>().toExtend<WbemError.PutError>()
    expectTypeOf<WbemError.StoreError>().toExtend<WbemError.GetError>()
    expectTypeOf<WbemError.PutError | WbemError.GetError | WbemError.DeleteError | WbemError.ListError>().toExtend<
      WbemError.WbemError
    >()
  })
})

describe("HResult.toHttpStatus", () => {
  it("says of every status how an HTTP answer reports it", () => {
    const expected: Readonly<Record<string, number>> = {
      NoError: 200,
      NotFound: 404,
      InvalidNamespace: 404,
      AccessDenied: 403,
      AlreadyExists: 409,
      ClassHasInstances: 409,
      ClassHasChildren: 409,
      TransactionConflict: 409,
      InvalidParameter: 400,
      InvalidObjectPath: 400,
      TypeMismatch: 422,
      IllegalNull: 422,
      Timeout: 504,
      ProviderTimedOut: 504,
      TransportFailure: 502,
      ShuttingDown: 503,
      ServerTooBusy: 503,
      ConnectionFailed: 503,
      NotSupported: 501,
      ProviderNotCapable: 501,
      OutOfDiskSpace: 507,
      QuotaViolation: 413,
      Failed: 500
    }
    for (const [status, http] of Object.entries(expected)) {
      const { hresult } = HResult.fromName(status)!
      assert.strictEqual(HResult.toHttpStatus(hresult), http, status)
      assert.strictEqual(HResult.toHttpStatus(HResult.signed(hresult)), http, status)
    }
    assert.strictEqual(HResult.toHttpStatus(0x80070005), 500)
    assert.strictEqual(HResult.toHttpStatus(0x40001), 200)
    for (const { http, status } of HResult.table) {
      assert.isTrue(status === "NoError" ? http === 200 : http >= 400 && http <= 599, status)
    }
  })

  it("has the table of docs/spec/errors.md section 7", () => {
    const page = readFileSync(new URL("../../docs/spec/errors.md", import.meta.url), "utf8")
    const rows = [...page.slice(page.indexOf('<a id="errors-7">')).matchAll(/^\| (\d{3}) \| [^|]* \| ([^|]*) \|$/gm)]
    const documented = rows.flatMap(([, http, names]) =>
      names!.split(", ").map((name) => [name, Number(http)] as const)
    )
    const failures = HResult.table.filter(({ status }) => status !== "NoError")
    assert.deepStrictEqual(
      Object.fromEntries(documented),
      Object.fromEntries(failures.map(({ http, status }) => [status, http]))
    )
    assert.strictEqual(documented.length, failures.length)
  })
})
